"""The page of all commands and options (``docs/vi/lenh.md``), made from the commands themselves: ``./run docs``."""

from collections.abc import Iterator
from enum import Enum
from typing import Any

from typer.main import get_command

from motcua.cli import main

HEAD = """# Tra cứu lệnh

Trang này do `./run docs` viết ra từ chính các lệnh; không sửa tay. Mọi lệnh gọi bằng `./run <lệnh>`, hoặc
`motcua <lệnh>` sau khi cài. Mã thoát: 0 xong; 1 chương trình lỗi; 2 dữ liệu hoặc lệnh sai, kèm lời chỉ cách sửa;
130 dừng theo yêu cầu.
"""


def page() -> str:
    """Return the page in Markdown."""
    root = get_command(main.application([]))
    return "\n".join([HEAD, *_commands(root, "motcua")])


def _commands(group: Any, prefix: str) -> Iterator[str]:
    for name, command in sorted(group.commands.items()):
        called = f"{prefix} {name}"
        if hasattr(command, "commands"):
            yield from _commands(command, called)
            continue
        arguments = [one for one in command.params if not one.opts[0].startswith("-")]
        options = [one for one in command.params if one.opts[0].startswith("-") and one.name != "help"]
        shown = "".join(f" {_placeholder(one)}" for one in arguments)
        yield f"## `{called}{shown}`\n"
        yield " ".join((command.help or "").split()) + "\n"
        if arguments or options:
            yield "| | nghĩa | mặc định |\n|---|---|---|"
            yield from (f"| `{_placeholder(one)}` | {_meaning(one)} | |" for one in arguments)
            for one in options:
                names = " ".join(f"`{written}`" for written in (*one.opts, *one.secondary_opts))
                yield f"| {names} | {_meaning(one)} | {_default(one.default)} |"
            yield ""


def _placeholder(parameter: Any) -> str:
    name = (parameter.metavar or parameter.name).upper().strip("[].")
    name += "…" if parameter.nargs == -1 or parameter.multiple else ""
    return name if parameter.required else f"[{name}]"


def _meaning(parameter: Any) -> str:
    text = " ".join((parameter.help or "").split()).replace("|", "\\|")
    if isinstance(parameter.default, Enum):
        text += " Chọn: " + ", ".join(f"`{one.value}`" for one in type(parameter.default)) + "."
    return text


def _default(value: Any) -> str:
    if value is None or value is False or value in ((), "") or callable(value):
        return ""
    return f"`{value.value if isinstance(value, Enum) else value}`"


if __name__ == "__main__":
    print(page(), end="")  # noqa: T201 - the page is this module's output
