"""What a target or an owner must be; pure."""

from datetime import date
from decimal import Decimal

from motcua.kernel.errors import UserError
from motcua.lawbook.targets import Metric

_FIRST_YEAR, _YEARS_AHEAD = 2022, 5


def check_target(*, metric: Metric, value: Decimal | None, maximum: Decimal, year: int, today: date) -> None:
    """Refuse a target that cannot be meant.

    Args:
        metric: what the value is a number of.
        value: a share in (0, 1] for a ratio; None withdraws the target.
        maximum: the most points of the subject.
        year: for which the target holds.
        today: the day on which it is set.

    Raises:
        UserError: the value is out of range, or the year is before the index or too far away.
    """
    if not _FIRST_YEAR <= year <= today.year + _YEARS_AHEAD:
        raise UserError(
            f"Năm {year} ngoài khoảng đặt mục tiêu.",
            remedy=f"Hãy chọn năm từ {_FIRST_YEAR} đến {today.year + _YEARS_AHEAD}.",
        )
    if value is None:
        return
    if value <= 0:
        raise UserError("Mục tiêu phải lớn hơn 0.", remedy="Hãy ghi số dương; muốn bỏ mục tiêu, bấm «Bỏ mục tiêu».")
    if metric is Metric.RATIO and value > 1:
        raise UserError("Tỷ lệ không quá 100%.", remedy="Hãy ghi từ 0,01 đến 100, ví dụ 99 hoặc 97,5.")
    if metric is Metric.POINTS and value > maximum:
        raise UserError(
            f"Điểm mục tiêu vượt điểm tối đa của nội dung này ({maximum.normalize():f}).",
            remedy="Hãy ghi số điểm không quá điểm tối đa.",
        )
    if metric is Metric.COUNT and value != value.to_integral_value():
        raise UserError("Số lượng phải là số nguyên.", remedy="Hãy ghi số nguyên, ví dụ 120.")


def check_owner_since(*, since: date, latest: date | None) -> None:
    """Refuse a day before the owner that is already named begins.

    Raises:
        UserError: it is earlier.
    """
    if latest is not None and since < latest:
        raise UserError(
            f"Đơn vị chịu trách nhiệm hiện nay được giao từ {latest:%d/%m/%Y}.",
            remedy=f"Hãy chọn ngày từ {latest:%d/%m/%Y} trở đi.",
        )
