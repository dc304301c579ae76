"""What a dossier's events show about lost time and about what should be looked at."""

from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.bottlenecks import fold, hours, watch
from motcua.bottlenecks.types import Cause, Digitising, Ending, Outcome, Passage, Return, Sign, Wait
from motcua.eventlog.log import Cursor, Event
from motcua.kernel.time import VIETNAM

HOUR = 3600
DAY = 8 * HOUR
LEVELS = watch.on(date(2026, 3, 2))
DUE = "2026-03-09 17:00"  # five working days after Monday 2 March 2026


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=VIETNAM)


class Way:
    """One dossier on its way; ``does`` tells the fold of an act and keeps what comes of it."""

    def __init__(self) -> None:
        self.told: dict[str, Any] = {}
        self.found: list[Outcome] = []
        self.due = DUE

    def does(self, kind: str, when: str, state: str | None, *, by: str = "cb-a", **content: Any) -> "Way":
        clock = {"due_at": moment(content.pop("due", self.due)).isoformat(), "step": content.pop("step", 0)}
        step_due = content.pop("step_due", None)
        clock["step_due_at"] = moment(step_due).isoformat() if step_due else None
        said = {**content, "clock": clock, **({"local_state": state} if state else {})}
        event = Event(Cursor(1, 1), "dossier", "H99.101-1", 1, kind, moment(when), by, said)
        self.found += fold.apply(self.told, event, hours=hours.national(), watch=LEVELS)
        return self

    def received(self, when: str = "2026-03-02 09:00", **content: Any) -> "Way":
        given = {
            "procedure": "1.001193", "unit": "H99.101", "desk": "H99.101", "requires_result": True,
            "due_at": moment(self.due).isoformat(), **content,
        }  # fmt: skip
        return self.does("DossierReceived", when, "received", **given)

    def forwarded(self, when: str = "2026-03-02 10:00") -> "Way":
        return self.does("DossierForwarded", when, "forwarded", unit="H99.101")

    def taken(self, when: str = "2026-03-02 10:00") -> "Way":
        return self.forwarded(when).does("DossierTaken", when, "in_progress", assignee="cb-b")

    def signed(self, when: str) -> "Way":
        return self.does("SignatureRequested", when, "awaiting_signature").does("ResultApproved", when, "approved")

    def resolved(self, when: str, **content: Any) -> "Way":
        return self.does("DossierResolved", when, "resolved", **content)

    def of(self, kind: type[Outcome]) -> list[Any]:
        return [one for one in self.found if isinstance(one, kind)]

    def stay(self, place: str) -> Passage:
        (found,) = [one for one in self.of(Passage) if one.place == place]
        return found  # type: ignore[no-any-return]

    def signs(self) -> list[str]:
        return [one.monitor for one in self.of(Sign)]


def test_a_stay_lasts_as_long_as_offices_were_open() -> None:
    way = Way().received().taken().signed("2026-03-04 10:00")

    assert way.stay("in_progress").worked == 2 * DAY
    assert way.stay("in_progress").officer == "cb-b"
    assert way.stay("in_progress").lost == 0


def test_the_weekend_and_the_night_are_no_working_time() -> None:
    way = Way().received("2026-03-06 09:00").taken("2026-03-06 10:00").signed("2026-03-09 10:00")

    assert way.stay("in_progress").worked == DAY


def test_a_pause_is_not_counted_and_the_stay_goes_on_after_it() -> None:
    way = Way().received().taken()
    way.does("DossierPaused", "2026-03-02 11:00", "paused", ground="field_survey")
    way.does("DossierResumed", "2026-03-04 11:00", "in_progress", due="2026-03-11 17:00")
    way.signed("2026-03-04 14:00")

    assert way.stay("in_progress").worked == HOUR + way_hours("2026-03-04 11:00", "2026-03-04 14:00")
    (wait,) = way.of(Wait)
    assert (wait.ground, wait.worked) == ("field_survey", 2 * DAY)


def way_hours(begin: str, end: str) -> int:
    return hours.national().between(datetime.fromisoformat(begin), datetime.fromisoformat(end))


def test_what_lies_after_the_steps_own_due_moment_is_lost() -> None:
    way = Way().received()
    way.does("DossierForwarded", "2026-03-02 10:00", "forwarded", step=2, step_due="2026-03-03 10:00", unit="H99.101")
    way.does("DossierTaken", "2026-03-04 10:00", "in_progress", step=2, step_due="2026-03-03 10:00", assignee="cb-b")

    late = way.stay("forwarded")
    assert (late.worked, late.lost, late.step) == (2 * DAY, DAY, 2)


def test_a_place_without_a_limit_of_its_own_loses_after_the_dossiers_due_moment_only() -> None:
    way = Way().received().taken().signed("2026-03-11 09:00")

    assert way.stay("in_progress").lost == way_hours(DUE, "2026-03-11 09:00") > DAY
    assert way.stay("awaiting_signature").worked == 0


def test_two_steps_of_one_place_are_two_stays() -> None:
    way = Way().received().taken()
    way.does("StepCompleted", "2026-03-03 10:00", "in_progress", step=1).signed("2026-03-04 10:00")

    assert [one.worked for one in way.of(Passage) if one.place == "in_progress"] == [DAY, DAY]


@pytest.mark.law("61/2018/NĐ-CP", "Điều 18")
@pytest.mark.parametrize(
    ("received", "forwarded", "lost"),
    [
        ("2026-03-02 09:00", "2026-03-02 16:30", False),
        ("2026-03-02 09:00", "2026-03-03 09:00", True),
        ("2026-03-02 15:30", "2026-03-03 08:00", False),
        ("2026-03-02 15:30", "2026-03-03 10:30", True),
        ("2026-03-06 16:00", "2026-03-09 08:00", False),
        ("2026-03-07 09:00", "2026-03-09 08:00", False),
    ],
)
def test_a_dossier_is_forwarded_on_its_day_or_early_on_the_next_when_it_came_late(
    received: str, forwarded: str, *, lost: bool
) -> None:
    way = Way().received(received).forwarded(forwarded)

    assert (way.stay("received").lost > 0) is lost


def test_a_whole_dossier_counts_its_own_working_time_and_what_lies_after_the_promise() -> None:
    way = Way().received().taken().signed("2026-03-10 09:00").resolved("2026-03-10 10:00")

    (ending,) = way.of(Ending)
    assert ending.worked == way_hours("2026-03-02 09:00", "2026-03-10 10:00")
    assert ending.lost == way_hours(DUE, "2026-03-10 10:00")


def test_waiting_for_the_applicant_to_fetch_the_result_is_nobodys_loss() -> None:
    way = Way().received().taken().signed("2026-03-03 09:00").resolved("2026-03-03 09:00")
    way.does("ResultHandedOver", "2026-04-03 09:00", "handed_over")

    assert way.stay("resolved").lost == 0
    assert way.stay("resolved").limit_at is None


def test_causes_are_told_in_words_of_the_catalogue() -> None:
    way = Way().received().taken()
    way.does(
        "SupplementRequested", "2026-03-02 11:00", "supplement_requested", components=["Tờ khai"], others=1,
        basis=["118/2025/NĐ-CP"],
    )  # fmt: skip

    (cause,) = way.of(Cause)
    assert (cause.kind, cause.components, cause.others) == ("supplement", ("Tờ khai",), 1)
    assert cause.basis == ("118/2025/NĐ-CP",)


def test_digitising_is_told_of_the_papers_at_receipt_and_of_the_result_when_it_is_issued() -> None:
    way = Way().received(has_component_file=True).taken().signed("2026-03-03 09:00")
    way.resolved("2026-03-03 09:00", has_file=False)

    assert [(one.what, one.is_done) for one in way.of(Digitising)] == [("component", True), ("result", False)]


def test_steps_sent_back_are_numbered() -> None:
    way = Way().received().taken()
    for when in ("2026-03-03 09:00", "2026-03-03 10:00"):
        way.does("SignatureRequested", when, "awaiting_signature").does("DossierSentBack", when, "in_progress")

    assert [one.number for one in way.of(Return)] == [1, 2]


def test_a_leg_of_a_linked_dossier_is_not_a_dossier() -> None:
    way = Way().does("LegOpened", "2026-03-02 09:00", "forwarded", parent="H99.101-0")
    way.does("DossierTaken", "2026-03-09 09:00", "in_progress", assignee="cb-b")

    assert way.found == []


# Dấu hiệu: each monitor once where it must speak and once where it must not.


def test_nothing_is_seen_at_a_dossier_that_went_the_ordinary_way() -> None:
    way = Way().received().taken().signed("2026-03-04 09:00").resolved("2026-03-04 10:00")
    way.does("FeeRecorded", "2026-03-04 11:00", "resolved", amount=50_000, place="portal", record="transaction")
    way.does("ResultHandedOver", "2026-03-05 09:00", "handed_over")

    assert way.signs() == []


@pytest.mark.parametrize(("when", "seen"), [("2026-03-09 14:00", ["PAUSED_LATE"]), ("2026-03-06 14:00", [])])
def test_a_pause_just_before_the_due_moment_is_seen_and_one_in_time_is_not(when: str, seen: list[str]) -> None:
    way = Way().received().taken().does("DossierPaused", when, "paused", ground="field_survey")

    assert way.signs() == seen


@pytest.mark.law("61/2018/NĐ-CP", "Điều 19")
@pytest.mark.parametrize(
    ("when", "seen"),
    [("2026-03-10 09:00", ["DUE_MOVED"]), ("2026-03-09 15:00", ["DUE_MOVED"]), ("2026-03-05 09:00", [])],
)
def test_an_extension_close_to_or_after_the_due_moment_is_seen_and_an_early_one_is_not(
    when: str, seen: list[str]
) -> None:
    later = moment("2026-03-16 17:00").isoformat()
    way = Way().received().taken()
    way.does(
        "DossierExtended", when, "in_progress", due="2026-03-16 17:00", due_before=moment(DUE).isoformat(),
        due_after=later,
    )  # fmt: skip

    assert way.signs() == seen


def test_a_due_moment_that_moves_without_an_act_that_may_move_it_is_seen() -> None:
    way = Way().received().taken()
    way.does("StepCompleted", "2026-03-03 09:00", "in_progress", step=1, due="2026-03-20 17:00")

    assert way.signs() == ["DUE_MOVED"]
    assert way.of(Sign)[0].seen["how"] == "unexplained"


def test_a_due_moment_moved_by_a_supplement_is_the_clocks_own_doing() -> None:
    way = Way().received().taken()
    way.does("SupplementRequested", "2026-03-03 09:00", "supplement_requested")
    way.does("SupplementReceived", "2026-03-04 09:00", "in_progress", due="2026-03-10 17:00")

    assert way.signs() == []


def test_a_second_request_for_papers_is_seen_and_one_before_the_receipt_is_not_counted() -> None:
    way = Way().does("DossierSubmitted", "2026-03-01 09:00", "registered", procedure="1.001193", unit="H99.101")
    way.does("SupplementRequested", "2026-03-01 10:00", "intake_supplement")
    way.does("SupplementReceived", "2026-03-01 11:00", "intake_supplemented").received().taken()
    way.does("SupplementRequested", "2026-03-03 09:00", "supplement_requested")
    assert way.signs() == []
    way.does("SupplementReceived", "2026-03-04 09:00", "in_progress")
    way.does("SupplementRequested", "2026-03-05 09:00", "supplement_requested")

    assert way.signs() == ["ASKED_AGAIN"]


@pytest.mark.parametrize(("record", "seen"), [("none", ["FEE_UNBACKED"]), ("transaction", []), ("receipt", [])])
def test_an_online_fee_without_a_transaction_is_seen(record: str, seen: list[str]) -> None:
    way = (
        Way()
        .received()
        .does("FeeRecorded", "2026-03-02 09:30", "received", amount=50_000, place="portal", record=record)
    )

    assert way.signs() == seen


def test_a_result_issued_without_a_signature_is_seen_once() -> None:
    way = Way().received().taken().resolved("2026-03-03 09:00")
    way.does("ResultHandedOver", "2026-03-03 10:00", "handed_over")

    assert way.signs() == ["HANDED_UNSIGNED"]


def test_a_signature_that_was_sent_back_does_not_count_as_one() -> None:
    way = Way().received().taken().signed("2026-03-03 09:00")
    way.does("DossierSentBack", "2026-03-03 09:30", "in_progress").resolved("2026-03-03 10:00")

    assert way.signs() == ["HANDED_UNSIGNED"]


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["in_progress", "paused", "awaiting_signature", "supplement_requested", "forwarded"]),
            st.integers(0, 200),
        ),
        max_size=12,
    )
)
def test_stays_and_waits_together_fill_the_time_from_receipt_to_result(moves: list[tuple[str, int]]) -> None:
    way, at = Way().received(), datetime(2026, 3, 2, 9)  # noqa: DTZ001 - wall-clock time
    for state, passed in moves:
        at = datetime.fromordinal(at.toordinal() + passed // 24).replace(hour=at.hour)
        way.does("Moved", at.isoformat(" ", "minutes"), state)
    end = datetime.fromordinal(at.toordinal() + 1).replace(hour=15)
    way.does("DossierResolved", end.isoformat(" ", "minutes"), "resolved")

    whole = sum(one.worked for one in way.of(Passage)) + sum(one.worked for one in way.of(Wait))
    assert whole == way_hours("2026-03-02 09:00", end.isoformat(" ", "minutes"))
    assert all(0 <= one.lost <= one.worked for one in way.of(Passage))
