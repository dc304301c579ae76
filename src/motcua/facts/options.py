"""How a rule set reads dossiers, decisions and petitions: the switches and limits of its ``[facts]`` table."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any

from motcua.kernel.errors import UserError


class UnknownDue(StrEnum):
    """What a dossier without a due moment and without a limit counts as."""

    ON_TIME = "on_time"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class FactOptions:
    """Cách tính: what the rule set in force says about the facts themselves.

    A rule that the set does not name is not applied; a limit it does not give makes the measures that need it unknown.
    """

    late_if_repeated_supplement: bool = False
    """A second request for supplement makes the dossier late."""
    late_if_officer_unnamed: bool = False
    """A dossier whose officer's name or title is not public is late."""
    unknown_due: UnknownDue = UnknownDue.ON_TIME
    promulgate_lead_province: int | None = None
    """Working days that a province must sign its decision before it takes effect."""
    promulgate_lead_ministry: int | None = None
    publish_within_province: int | None = None
    """Working days from signing a decision to publishing the procedure."""
    publish_within_ministry: int | None = None
    petition_refuse_within: int | None = None
    """Working days from receipt, or from the last forward, to refusing or returning a petition."""
    petition_supplement_within: int | None = None
    petition_resolve_within: int | None = None
    petition_publish_within: int | None = None
    """Working days from the answer to its publication."""

    @classmethod
    def read(cls, table: Mapping[str, Any], *, where: str = "[facts]") -> "FactOptions":
        """Return the options a rule set's ``[facts]`` table gives; each entry is ``{ value = …, citation = … }``.

        Raises:
            UserError: the table names an option that does not exist, or gives it a value of the wrong kind.
        """
        known = {field.name for field in fields(cls)}
        values: dict[str, Any] = {}
        for name, entry in table.items():
            if name == "citation":
                continue
            value = entry.get("value") if isinstance(entry, Mapping) else entry
            if name not in known:
                raise UserError(
                    f"Không có cách tính «{name}».",
                    remedy="Các tên dùng được: " + ", ".join(sorted(known)) + ".",
                    where=where,
                )
            values[name] = _checked(name, value, where=where)
        return cls(**values)


def _checked(name: str, value: object, *, where: str) -> object:
    if name == "unknown_due" and value in {"on_time", "late"}:
        return UnknownDue(str(value))
    if name.startswith("late_if_") and isinstance(value, bool):
        return value
    is_count = isinstance(value, int) and not isinstance(value, bool) and value >= 0
    if is_count and ("_lead_" in name or "_within" in name):
        return value
    raise UserError(
        f"Giá trị {value!r} không dùng được cho «{name}».",
        remedy="late_if_… nhận true/false; unknown_due nhận on_time/late; các thời hạn nhận số ngày làm việc.",
        where=where,
    )
