"""Official codes, kept verbatim, and parsed only where their parts are needed."""

import re

# QĐ 20/2020/QĐ-TTg: Hxx a province, Gxx a ministry, deeper levels appended; the form before 2020 reads right to left.
_UNIT_NEW = re.compile(r"([GH]\d{2})((?:\.[0-9A-Z]+)*)")
_UNIT_OLD = re.compile(r"000((?:\.\d{2,3}){2})\.([GH]\d{2})")
_PROCEDURE = re.compile(r"(\d+\.\d{4,})(\..+)?")
DOSSIER_CODE = re.compile(r"(?:[GH]\d{2}(?:\.\d+)*|000(?:\.\d{2,3}){2}\.[GH]\d{2})-(?:\d{6}-\d{4,7}|\d{8}-\d{7})")


def unit_code(text: str) -> str | None:
    """Return the unit's identifier in today's form (``H05.12``), also from ``000.00.12.H05``; None if it is neither."""
    text = text.strip().upper()
    if _UNIT_NEW.fullmatch(text):
        return text
    if found := _UNIT_OLD.fullmatch(text):
        # Read right to left: 000.<sub-unit>.<unit>.<root>; 00 marks an empty level.
        sub_unit, unit = found[1].strip(".").split(".")
        return found[2] + "".join(f".{part}" for part in (unit, sub_unit) if part.strip("0"))
    return None


def unit_root(code: str) -> str:
    """Return the province or ministry part of a unit code (``H05`` of ``H05.12``)."""
    return code.split(".", 1)[0]


def procedure_code(text: str) -> str | None:
    """Return the national code (``1.001193``) from a code with or without its local suffix; None if it has none."""
    found = _PROCEDURE.fullmatch(text.strip())
    return found[1] if found else None


def is_dossier_code(text: str) -> bool:
    """Tell whether the text has one of the dossier-code forms in use (TT 01/2018/TT-VPCP Điều 19 and the 2026 form)."""
    return DOSSIER_CODE.fullmatch(text.strip()) is not None
