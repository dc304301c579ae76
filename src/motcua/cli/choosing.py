"""Options that several commands share: which rule set, on which day, from which law folder, which period and unit."""

from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from motcua import lawbook
from motcua.kernel.errors import UserError
from motcua.kernel.time import VIETNAM
from motcua.lawbook.indicator_sets import IndicatorSet

DEFAULT_RULES = "qd766/portal"

Rules = Annotated[str, typer.Option("--rules", help="Bộ chỉ số, ví dụ qd766/portal.", metavar="BỘ/BIẾN-THỂ")]
On = Annotated[
    str | None, typer.Option("--on", help="Tính theo luật và dữ liệu đến hết ngày này.", metavar="YYYY-MM-DD")
]
Law = Annotated[Path | None, typer.Option("--law", help="Thư mục luật khác.", envvar="MOTCUA_LAW", show_envvar=True)]


def day(written: str | None) -> date | None:
    """Return the day written as 2026-10-10.

    Raises:
        UserError: it is no such day.
    """
    if written is None:
        return None
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise UserError(
            f"Không hiểu ngày «{written}».", remedy="Hãy ghi năm-tháng-ngày, ví dụ 2026-10-10.", where="--on"
        ) from None


def today() -> date:
    """Return the day it is in Vietnam."""
    return datetime.now(VIETNAM).date()


def indicator_set(*, rules: str, on: date, law: Path | None) -> IndicatorSet:
    """Return the version of the rule set in force on the day.

    Raises:
        UserError: there is none, or its file is not sound.
    """
    return lawbook.load(law).indicator_set(rules, on=on)
