"""Reminders: the right people hear once a day of what is about to be late, late, or late for long."""

import pytest
from django.core import mail

import world as the_world
from motcua.dossiers import reminders
from motcua.organisations.models import Staff
from world import World, at

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    built = the_world.build()
    for row in Staff.objects.all():
        row.email = f"{row.code}@example.org"
        row.save()
    return built


def told(when: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for one in reminders.due(now=at(when)):
        found.setdefault(one.kind.value, set()).add(one.recipient)
    return found


def test_the_officer_hears_before_the_due_moment_and_nobody_else(world: World) -> None:
    world.taken("2026-03-02 09:00")

    assert told("2026-03-06 09:00") == {}
    assert told("2026-03-08 09:00") == {"approaching": {"cb-officer"}}


def test_the_head_hears_of_what_is_late_and_the_leader_of_what_is_late_for_long(world: World) -> None:
    world.taken("2026-03-02 09:00")

    assert told("2026-03-10 09:00") == {"late": {"cb-officer", "cb-head"}}
    assert told("2026-03-13 09:00") == {"late": {"cb-officer", "cb-head"}, "escalated": {"cb-leader"}}


def test_a_paused_dossier_reminds_nobody(world: World) -> None:
    code = world.taken("2026-03-02 09:00")
    world.do("pause", code, by="officer", when="2026-03-04 08:00", pause_ground="field_survey", legal_basis="x")

    assert told("2026-03-20 09:00") == {}


def test_a_letter_goes_out_once_a_day_and_names_no_applicant(world: World) -> None:
    world.taken("2026-03-02 09:00")

    first, again = reminders.send(now=at("2026-03-10 07:00")), reminders.send(now=at("2026-03-10 09:00"))
    next_day = reminders.send(now=at("2026-03-11 07:00"))

    assert (first, again, next_day) == (2, 0, 2)
    assert {letter.to[0] for letter in mail.outbox[:2]} == {"cb-officer@example.org", "cb-head@example.org"}
    assert not any("Nguyễn Văn Thử" in letter.body for letter in mail.outbox)
    assert "H99.101-260302-0001" in mail.outbox[0].body
