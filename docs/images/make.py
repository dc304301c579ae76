"""Makes the pictures of the READMEs from a real run of the demo: `./run docs`.

``score.svg`` is the terminal as it is; the pictures of pages need Chromium and stay as they were where there is none.
"""

import io
import os
import pty
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from playwright.sync_api import sync_playwright
from rich.console import Console
from rich.text import Text

from motcua.demo.accounts import PASSWORD

HERE = Path(__file__).resolve().parent
COLUMNS, LINES = 100, 46
PICTURES = (
    ("leadership", "lanh-dao-tinh", "/lanh-dao/"),
    ("map", "lanh-dao-tinh", "/lanh-dao/don-vi/H99/ban-do/"),
    ("desk", "thu-ly-xa", "/can-bo/"),
)
"""Picture, whose eyes, which page."""
FONTS = re.compile(r"@font-face \{.*?\}", re.DOTALL)


def main() -> None:
    """Run the demo in a scratch folder and draw what it showed."""
    with tempfile.TemporaryDirectory() as scratch:
        demo = [sys.executable, "-m", "motcua", "demo", "--into", f"{scratch}/demo-data"]
        shown = in_a_terminal([*demo, "--score-only"])
        console = Console(record=True, width=COLUMNS, file=io.StringIO())
        console.print(Text.from_ansi("\n".join(shown.splitlines()[:LINES])))
        drawn = console.export_svg(title="./run demo")
        # Fonts from elsewhere would be fetched by whoever looks; the reader's own will do.
        (HERE / "score.svg").write_text(FONTS.sub("", drawn) + "\n", encoding="utf-8")
        browser = shutil.which("chromium") or shutil.which("chromium-browser")
        if browser:
            page = Path(scratch) / "demo-data" / "ket-qua" / "bang-diem.html"
            subprocess.run(  # noqa: S603 - our own page
                [browser, "--headless", "--no-sandbox", "--hide-scrollbars", "--window-size=1100,900",
                 f"--screenshot={HERE / 'page.png'}", page.as_uri()],
                check=True, capture_output=True, timeout=120,
            )  # fmt: skip
            pages_of(demo, browser=browser)


def pages_of(demo: list[str], *, browser: str) -> None:
    """Open the demo and take a picture of what a leader and an officer see first."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen([*demo, "--port", str(port)], stdout=subprocess.DEVNULL)  # noqa: S603 - our own program
    try:
        base, deadline = f"http://127.0.0.1:{port}", time.monotonic() + 600
        while not is_up(base):
            if server.poll() is not None or time.monotonic() > deadline:
                raise SystemExit("the demo did not open")
            time.sleep(1)
        with sync_playwright() as playwright:
            chromium = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox", "--disable-gpu"])
            for name, account, path in PICTURES:
                page = chromium.new_context(viewport={"width": 1280, "height": 860}, locale="vi-VN").new_page()
                page.goto(f"{base}/can-bo/")
                page.fill("input[name=login]", account)
                page.fill("input[name=password]", PASSWORD)
                page.keyboard.press("Enter")
                page.wait_for_url(lambda url: "login" not in url)
                page.goto(f"{base}{path}")
                page.wait_for_timeout(5_000)  # parts that follow by themselves
                page.screenshot(path=HERE / f"{name}.png")
            chromium.close()
    finally:
        server.terminate()
        server.wait()


def is_up(base: str) -> bool:
    """Tell whether the demo answers."""
    try:
        with urllib.request.urlopen(base, timeout=5) as answer:  # noqa: S310 - our own address
            return bool(answer.status == 200)
    except OSError:
        return False


def in_a_terminal(command: list[str]) -> str:
    """Run the command as if a person were looking, and return what it writes to standard output."""
    leader, follower = pty.openpty()
    environment = {**os.environ, "COLUMNS": str(COLUMNS), "TERM": "xterm-256color"}
    with subprocess.Popen(command, stdout=follower, stderr=subprocess.DEVNULL, env=environment) as process:  # noqa: S603
        os.close(follower)
        pieces = []
        try:
            while piece := os.read(leader, 65536):
                pieces.append(piece)
        except OSError:  # Linux says so when the other end is closed
            pass
    if process.returncode:
        raise SystemExit(f"{command}: {process.returncode}")
    return b"".join(pieces).decode("utf-8").replace("\r\n", "\n")


if __name__ == "__main__":
    main()
