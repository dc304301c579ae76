"""What ``law/publication/monthly`` says: when a month is published, what is hidden, under which licence."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from motcua.kernel import lawfiles
from motcua.kernel.citation import Citation
from motcua.kernel.errors import UserError

CODE = "monthly"


@dataclass(frozen=True, slots=True)
class MonthLaw:
    """Quy định công bố hằng tháng in force on a day.

    ``below``: a ratio whose denominator counts fewer (but at least one) is hidden; ``tables`` names what is counted
    where that is so, because a dossier or a petition is a person, and a procedure is not.
    """

    path: Path
    rules: str
    day_citation: Citation
    monday_citation: Citation
    below: int
    tables: tuple[str, ...]
    suppression_citation: Citation
    licence: Mapping[str, str]


def in_force(root: Path, *, on: date) -> MonthLaw:
    """Return the rule in force on the day in a law folder.

    Raises:
        UserError: there is none, or it says something the program does not know.
    """
    return read(lawfiles.version_on(root / "publication" / CODE, on))


def read(path: Path) -> MonthLaw:
    """Read one version.

    Raises:
        UserError: it says something the program does not know.
    """
    content: dict[str, Any] = lawfiles.read(path)
    day, suppression, licence = content["day"], content["suppression"], content["licence"]
    _known(path, "day.of_month", day["of_month"], "last")
    _known(path, "day.if_day_off", day["if_day_off"], "monday_of_next_week")
    _known(path, "day.if_monday_off.take", day["if_monday_off"]["take"], "next_working_day")
    return MonthLaw(
        path=path,
        rules=content["rules"],
        day_citation=lawfiles.citation(day["citation"]),
        monday_citation=lawfiles.citation(day["if_monday_off"]["citation"]),
        below=int(suppression["below"]),
        tables=tuple(suppression["tables"]),
        suppression_citation=lawfiles.citation(suppression["citation"]),
        licence={name: str(licence[name]) for name in ("name_vi", "code", "url")},
    )


def _known(path: Path, name: str, value: str, known: str) -> None:
    if value != known:
        raise UserError(
            f"{name} là «{value}», chương trình chưa biết cách đó.", remedy=f"Hãy ghi «{known}».", where=str(path)
        )
