"""Gia hạn: more time, once, within a limit, with a written apology."""

from decimal import Decimal

from motcua.deadlines.errors import HappeningsError
from motcua.deadlines.rules import DeadlineRule
from motcua.deadlines.terms import millionths
from motcua.deadlines.types import Happenings, Limit


def granted(*, rule: DeadlineRule, happenings: Happenings) -> int:
    """Return how much the extensions add, in millionths of the limit's unit.

    Raises:
        HappeningsError: more extensions than the rule allows, a longer one, or one without an apology letter.
    """
    allowed = rule.extension
    basis = f" ({allowed.citation})" if allowed.citation else ""
    if len(happenings.extensions) > allowed.times:
        what = f"quy tắc chỉ cho gia hạn {allowed.times} lần" if allowed.times else "quy tắc này không cho gia hạn"
        raise HappeningsError(
            f"Hồ sơ có {len(happenings.extensions)} lần gia hạn, nhưng {what}{basis}.",
            remedy="Hãy bỏ lần gia hạn thừa; phần quá hạn phải được báo cáo là quá hạn.",
            column="extensions",
        )
    total = 0
    most = happenings.limit.amount * allowed.at_most_share
    for extension in happenings.extensions:
        if not extension.apology.strip():
            raise HappeningsError(
                "Lần gia hạn không có văn bản xin lỗi.",
                remedy=f"Hãy ghi số văn bản xin lỗi và lý do{basis}.",
                column="extensions",
            )
        if extension.amount > most:
            raise HappeningsError(
                f"Gia hạn {_plain(extension.amount)} dài hơn mức cho phép {_plain(most)} "
                f"{happenings.limit.unit.name_vi}{basis}.",
                remedy="Hãy rút ngắn lần gia hạn trong mức cho phép.",
                column="extensions",
            )
        total += millionths(Limit(extension.amount, happenings.limit.unit))
    return total


def _plain(amount: Decimal) -> str:
    return f"{amount.normalize():f}".replace(".", ",")
