"""Values as official documents write them in Vietnamese."""

from datetime import date, datetime


def moment(at: datetime) -> str:
    """Return «14 giờ 05 phút, ngày 07 tháng 11 năm 2024»."""
    return f"{at:%H} giờ {at:%M} phút, {day(at)}"


def day(on: date) -> str:
    """Return «ngày 07 tháng 11 năm 2024»: NĐ 30/2020 puts a zero before days under 10 and months 1 and 2."""
    month = f"{on.month:02}" if on.month <= 2 else str(on.month)
    return f"ngày {on.day:02} tháng {month} năm {on.year}"


def short(at: datetime) -> str:
    """Return «14:05 07/11/2024», for narrow cells."""
    return f"{at:%H:%M %d/%m/%Y}"


def plain(value: object) -> str:
    """Return any value as text; None and empty give the empty text."""
    match value:
        case None:
            return ""
        case datetime():
            return moment(value)
        case date():
            return f"{value:%d/%m/%Y}"
        case _:
            return str(value)


def serial(number: int | None) -> str:
    """Return the number of a document: two figures at least; a dotted gap where it is written by hand."""
    return "........" if number is None else f"{number:02}"
