"""Makes the pictures of the READMEs from a real run of the demo: `./run docs`.

``score.svg`` is the terminal as it is; ``page.png`` needs Chromium and is left as it was where there is none.
"""

import io
import os
import pty
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.text import Text

HERE = Path(__file__).resolve().parent
COLUMNS, LINES = 100, 46
FONTS = re.compile(r"@font-face \{.*?\}", re.DOTALL)


def main() -> None:
    """Run the demo in a scratch folder and draw what it showed."""
    with tempfile.TemporaryDirectory() as scratch:
        shown = in_a_terminal([sys.executable, "-m", "motcua", "demo", "--into", f"{scratch}/demo-data"])
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
