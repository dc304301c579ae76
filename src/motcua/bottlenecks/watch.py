"""The thresholds of bottlenecks and monitors, as ``law/monitors`` has them on a day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from motcua import lawbook
from motcua.kernel import lawfiles
from motcua.kernel.citation import Citation
from motcua.kernel.errors import UserError

MONITORS = (
    "CLOSED_FAST", "DUE_MOVED", "PAUSED_LATE", "REFILED", "FEE_UNBACKED", "ASKED_AGAIN", "HANDED_UNSIGNED", "CLUSTERED",
)  # fmt: skip
"""Every monitor that the program knows how to look for, in the order of the page."""


@dataclass(frozen=True, slots=True)
class Monitor:
    """Dấu hiệu cần xem: what it sees, what looks like it and is not, and the levels it is measured by."""

    code: str
    name_vi: str
    sees_vi: str
    not_this_vi: str
    levels: Mapping[str, int]
    citation: Citation


@dataclass(frozen=True, slots=True)
class Watch:
    """Mức theo dõi in force on a day."""

    same_day_until_hour: int
    """A dossier received before this hour is to be forwarded on the same day."""
    next_day_minutes: int
    """Received later: within so many working minutes of the next working day."""
    pause_age_days: tuple[int, ...]
    ping_pong_returns: int
    monitors: Mapping[str, Monitor]
    citation: Citation

    def level(self, monitor: str, name: str) -> int:
        """Return a level of a monitor."""
        return self.monitors[monitor].levels[name]


@lru_cache(maxsize=64)
def on(day: date) -> Watch:
    """Return what is watched on the day.

    Raises:
        UserError: the law folder has no such file for the day, or it is not complete.
    """
    return read(lawfiles.version_on(lawbook.load().root / "monitors" / "one_stop", day))


def read(path: Path) -> Watch:
    """Read one version of the file.

    Raises:
        UserError: something is missing, or a monitor is not one the program knows.
    """
    raw = lawfiles.read(path)
    try:
        monitors = {one["code"]: _monitor(one) for one in raw["monitor"]}
        found = Watch(
            same_day_until_hour=raw["forwarding"]["same_day_until_hour"],
            next_day_minutes=raw["forwarding"]["next_day_minutes"],
            pause_age_days=tuple(raw["pauses"]["age_days"]),
            ping_pong_returns=raw["ping_pong"]["returns"],
            monitors=monitors,
            citation=lawfiles.citation(raw["citation"]),
        )
    except KeyError as missing:
        raise UserError(
            f"Tệp mức theo dõi thiếu {missing}.", remedy="Hãy ghi như bản trước của tệp.", where=str(path)
        ) from missing
    if set(monitors) != set(MONITORS):
        raise UserError(
            f"Tệp mức theo dõi phải có đúng các dấu hiệu: {', '.join(MONITORS)}.",
            remedy="Hãy thêm hoặc bỏ cho đủ.",
            where=str(path),
        )
    return found


def _monitor(raw: Mapping[str, Any]) -> Monitor:
    texts = {"code", "name_vi", "sees_vi", "not_this_vi", "citation"}
    return Monitor(
        raw["code"],
        raw["name_vi"],
        raw["sees_vi"],
        raw["not_this_vi"],
        {name: int(value) for name, value in raw.items() if name not in texts},
        lawfiles.citation(raw["citation"]),
    )
