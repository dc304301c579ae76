"""Which version is in force: dated versions follow one another without gap or overlap."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Protocol, TypeVar

_DAY = timedelta(days=1)


class Dated(Protocol):
    """What has a first day in force and, where a later text ends it, a last one (included)."""

    @property
    def effective_from(self) -> date:
        """The first day in force."""

    @property
    def effective_to(self) -> date | None:
        """The last day in force; None while nothing but the next version ends it."""


_Version = TypeVar("_Version", bound=Dated)


def as_of(versions: Iterable[_Version], day: date) -> _Version | None:
    """Return the version in force on the day: the latest begun; None before the first and after an end."""
    begun = [version for version in versions if version.effective_from <= day]
    if not begun:
        return None
    latest = max(begun, key=lambda version: version.effective_from)
    return latest if latest.effective_to is None or day <= latest.effective_to else None


def faults(versions: Sequence[Dated]) -> tuple[tuple[int, str], ...]:
    """Return what is wrong with the dates of versions in order: (position of the version at fault, the fault).

    A version without an end lasts until the next begins. One that ends must end the day before the next begins.
    """
    found: list[tuple[int, str]] = []
    for position, version in enumerate(versions):
        ends = version.effective_to
        if ends is not None and ends < version.effective_from:
            found.append((position, f"hết hiệu lực ({ends:%d/%m/%Y}) trước khi có hiệu lực."))
            continue
        if position + 1 == len(versions) or ends is None:
            continue
        begins = versions[position + 1].effective_from
        if ends >= begins:
            found.append((position, f"chồng lên bản có hiệu lực từ {begins:%d/%m/%Y} (đến {ends:%d/%m/%Y})."))
        elif ends + _DAY < begins:
            found.append((position, f"để trống từ {ends + _DAY:%d/%m/%Y} đến {begins - _DAY:%d/%m/%Y}."))
    return tuple(found)
