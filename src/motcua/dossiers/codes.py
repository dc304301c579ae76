"""Mã hồ sơ: numbers allotted per unit and day, without gaps or doubles however many clerks ask at once."""

from dataclasses import dataclass
from datetime import date

from django.db import connection


@dataclass(frozen=True, slots=True)
class CodePattern:
    """How a code is written: the day's form, the digits of the running number (TT 01/2018/TT-VPCP Điều 19)."""

    name: str
    day_format: str
    digits: int


# Điều 19 TT 01/2018/TT-VPCP: <unit>-YYMMDD-XXXX.
DAILY = CodePattern("daily", "%y%m%d", 4)
# The form of the centralised portal seen in 2026: <unit>-YYYYMMDD-NNNNNNN.
CENTRAL = CodePattern("central", "%Y%m%d", 7)


def allot(*, unit_code: str, on: date, pattern: CodePattern = DAILY) -> str:
    """Return the next dossier code of the unit for the day, inside the caller's transaction.

    The row of the sequence stays locked until the caller commits: a number is used or, on failure, given again, so
    the register has no gap. Clerks of other units and days do not wait.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO dossiers_codesequence AS s (unit_code, day, pattern, last) VALUES (%s, %s, %s, 1)"
            " ON CONFLICT (unit_code, day, pattern) DO UPDATE SET last = s.last + 1 RETURNING last",
            [unit_code, on, pattern.name],
        )
        (number,) = cursor.fetchone()
    return f"{unit_code}-{on.strftime(pattern.day_format)}-{number:0{pattern.digits}}"
