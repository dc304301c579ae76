"""The demo's desk: everything waiting that a desk has, through real acts, and a day that goes on."""

import random
from collections import Counter

import pytest

from motcua.demo import living, province
from motcua.dossiers import apologies, models, queries
from motcua.dossiers.queries import View
from motcua.kernel.time import local_day
from motcua.organisations import access
from motcua.organisations.models import Staff
from motcua.organisations.types import StaffRef
from world import at

pytestmark = pytest.mark.django_db
NOW = at("2026-11-21 10:00")  # a Saturday


def person(code: str) -> StaffRef:
    found = access.staff_of(Staff.objects.get(code=code).user_id, on=local_day(NOW))
    assert found is not None
    return found


def test_every_list_has_work_and_the_day_goes_on_by_all_channels() -> None:
    province.build(now=NOW, dossiers=80, progress=lambda *_: None)
    clerk = person("cb-mot-cua-xa")

    counts = queries.counts([View.REGISTERED, View.TO_HAND_OVER], staff=clerk, now=NOW)
    assert counts[View.REGISTERED] >= 1
    waiting = queries.work_list(View.REGISTERED, staff=clerk, now=NOW, filters=queries.Filters())
    assert {row.channel for row in waiting.rows} == {2}
    late = [one for one in models.Dossier.objects.filter(ended_at=None) if apologies.is_late(one, now=NOW)]
    assert late
    letters = models.ApologyLetter.objects.filter(signed_at=None)
    assert {one.code for one in late} <= set(letters.values_list("dossier", flat=True))

    chance, handled = random.Random(7), province.handled_now()
    done = Counter(living.happen(at=NOW, chance=chance, handled=handled) for _ in range(120))

    assert {"arrive", "receive", "forward", "assign", "submit_for_signature", "approve"} <= set(done)
    new = models.Dossier.objects.filter(submitted_at=NOW)
    assert set(new.values_list("channel", flat=True)) >= {1, 2}
