"""Forms as PDF, typeset by typst in one font that has every Vietnamese letter."""

import json
from dataclasses import asdict
from datetime import UTC, datetime, time
from functools import cache
from pathlib import Path
from threading import Lock

import typst

from motcua.forms import codes
from motcua.forms.layout import Page
from motcua.kernel.errors import UserError

_TEMPLATE = Path(__file__).parent / "page.typ"
_ROOT = Path(__file__).parents[3]
FONT = "Tinos"


def font_folder() -> Path:
    """Return the folder that ``./run`` puts the font into (from the package ``@expo-google-fonts/tinos``)."""
    return _ROOT / "build" / "fonts" / "tinos"


class Typesetter:
    """Typesets pages one after the other with fonts and template kept in memory. Safe to share between threads."""

    def __init__(self, fonts: Path) -> None:
        """Load the fonts found under the folder, and none of the machine's.

        Raises:
            UserError: the font is not there; without it letters could fall back to another face, or to nothing.
        """
        found = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[fonts])
        if FONT not in found.families():
            raise UserError(
                f"Không tìm thấy phông chữ {FONT} để in biểu mẫu.",
                remedy="Hãy chạy ./run setup để cài đặt phông chữ.",
                where=str(fonts),
            )
        self._compiler = typst.Compiler(input=_TEMPLATE, root=_TEMPLATE.parent, font_paths=found)
        self._lock = Lock()

    def pdf(self, page: Page) -> bytes:
        """Return the page as PDF/A-2a with tagged text; the same page gives the same bytes."""
        with self._lock:
            made = self._compiler.compile(
                format="pdf",
                sys_inputs={"page": _json(page)},
                pdf_standards="a-2a",
                timestamp=datetime.combine(page.issued_on, time(), UTC),
            )
        assert isinstance(made, bytes)  # noqa: S101 - a list only for pictures; for the type checker
        return made


@cache
def typesetter(fonts: Path) -> Typesetter:
    """Return the one typesetter of this process for these fonts."""
    return Typesetter(fonts)


def _json(page: Page) -> str:
    data = asdict(page)
    del data["issued_on"]
    data["blocks"] = [{"kind": type(block).__name__.lower(), **asdict(block)} for block in page.blocks]
    data["barcode"] = codes.code128_svg(page.dossier_code) if page.dossier_code else ""
    data["qr"] = codes.qr_svg(page.verify_url) if page.verify_url else ""
    return json.dumps(data, ensure_ascii=False)
