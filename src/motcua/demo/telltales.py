"""A few dossiers of the demo at which something should be looked at, so that every monitor that can speak does.

All through the same acts as the others. A result without a signature is not among them: the desk's rules forbid it, so
that monitor speaks of data from elsewhere only.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from motcua.dossiers import models
from motcua.dossiers.types import Given, Paper
from motcua.kernel.time import VIETNAM, local

DRAFT, RESULT = Given(draft="Dự thảo số 02"), Given(result="Số 02/KQ")
LACKING = Given(
    missing_papers=("Giấy tờ chứng minh kèm theo",), reason="Bản chụp mờ", legal_basis="118/2025/NĐ-CP",
)  # fmt: skip
BROUGHT = Given(papers=(Paper(component_name="Giấy tờ chứng minh kèm theo"),))

CLERK, HEAD, OFFICER = "cb-mot-cua-xa", "cb-phong-xa", "cb-thu-ly-xa"
LEADER, RECORDS = "cb-chu-tich-xa", "cb-van-thu-xa"
TOGETHER = 6
"""How many end together just before they are due."""

_MINUTE, _HOUR, _DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Telltales:
    """Tells the stories in the commune, with the demo's own way of receiving and acting."""

    now: datetime
    unit: str
    receive: Callable[[datetime, str], str]
    """Takes a dossier in at a moment for the owner with this telephone, and returns its code."""
    do: Callable[[str, str, str, Given, datetime], None]
    """Carries out an act on a dossier as a person, with what is given, at a moment."""

    def tell(self) -> None:
        """Tell every story that has happened by now."""
        self._sudden(self._morning(9))
        self._asked_twice(self._morning(16))
        self._stopped_and_back(self._morning(12))
        self._sent_back(self._morning(14))
        day = self._morning(24)
        self._paused_late(day)
        self._extended_late(day + 10 * _MINUTE)
        self._together(day + 20 * _MINUTE)

    def _morning(self, days: int) -> datetime:
        """Return nine o'clock of the last working day at least so many days ago."""
        day = local(self.now).replace(hour=9, minute=0, second=0, microsecond=0) - days * _DAY
        while day.weekday() > 4:
            day -= _DAY
        return day.replace(tzinfo=VIETNAM)

    def _act(self, act: str, code: str, person: str, given: Given, at: datetime) -> bool:
        """Carry out an act unless it lies ahead; a story that has come to now stops there."""
        if at >= self.now:
            return False
        self.do(act, code, person, given, at)
        return True

    def _taken(self, at: datetime, *, phone: str = "0900000100") -> str:
        code = self.receive(at, phone)
        self.do("forward", code, CLERK, Given(unit=self.unit), at + _MINUTE)
        self.do("assign", code, HEAD, Given(assignee=OFFICER), at + 2 * _MINUTE)
        return code

    def _finished(self, code: str, at: datetime) -> None:
        self._act("submit_for_signature", code, OFFICER, DRAFT, at)
        self._act("approve", code, LEADER, DRAFT, at + _MINUTE)
        self._act("resolve", code, RECORDS, RESULT, at + 2 * _MINUTE)

    def _sudden(self, at: datetime) -> None:
        self._finished(self._taken(at), at + 4 * _MINUTE)

    def _asked_twice(self, at: datetime) -> None:
        code = self._taken(at)
        for days in (1, 2):
            self._act("request_supplement", code, OFFICER, LACKING, at + days * _DAY)
            self._act("receive_supplement", code, OFFICER, BROUGHT, at + days * _DAY + 5 * _HOUR)

    def _stopped_and_back(self, at: datetime) -> None:
        code = self._taken(at, phone="0900000101")
        reason = Given(reason="Người nộp không bổ sung", legal_basis="118/2025/NĐ-CP")
        if self._act("stop", code, LEADER, reason, at + _HOUR):
            self.receive(at + 2 * _DAY, "0900000101")

    def _sent_back(self, at: datetime) -> None:
        code = self._taken(at)
        for hours in (1, 2):
            self._act("submit_for_signature", code, OFFICER, DRAFT, at + hours * _HOUR)
            self._act("send_back", code, LEADER, Given(reason="Sai thể thức"), at + hours * _HOUR + 30 * _MINUTE)

    def _due(self, code: str) -> datetime:
        due = models.Dossier.objects.values_list("due_at", flat=True).get(code=code)
        assert due is not None  # noqa: S101 - a dossier that was received has its promise
        return due

    def _paused_late(self, at: datetime) -> None:
        code = self._taken(at)
        ground = Given(pause_ground="field_survey", legal_basis="Quy trình nội bộ", evidence="Giấy mời")
        self._act("pause", code, OFFICER, ground, self._due(code) - _HOUR)

    def _extended_late(self, at: datetime) -> None:
        code = self._taken(at)
        due = self._due(code)
        again = Given(
            new_due_at=due + 14 * _DAY,
            reason="Chờ xác minh",
            apology="Xin lỗi vì chậm trễ",
            legal_basis="118/2025/NĐ-CP",
        )
        self._act("extend", code, LEADER, again, due + _HOUR)

    def _together(self, at: datetime) -> None:
        for number in range(TOGETHER):
            code = self._taken(at + number * _MINUTE)
            self._finished(code, self._due(code) - 40 * _MINUTE + number * _MINUTE)
