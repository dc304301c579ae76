"""Which units are comparable, and where each stands among them: what the overview and the ranking share."""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from motcua import lawbook
from motcua.indicators import ranking, spread
from motcua.indicators.ranking import Placed
from motcua.indicators.score import UnitScore
from motcua.indicators.spread import Subject
from motcua.lawbook import targets
from motcua.lawbook.targets import RankingRule
from motcua.live.scoring import LiveScore


@lru_cache(maxsize=4)
def rule(on: date) -> RankingRule:
    """Return how units are ranked on the day."""
    return targets.ranking(lawbook.load().root, on=on)


def subject(key: str, *, live: LiveScore) -> Subject:
    """Return what is compared: all points unless the address names a group or an indicator that exists."""
    rules = live.evaluation.rules
    return spread.subject(rules, key) or spread.subjects(rules)[0]


def placed(units: Iterable[UnitScore], key: str, *, live: LiveScore, rule: RankingRule) -> tuple[Placed, ...]:
    """Return the units from the best to the worst at what the key names."""
    wanted, rules = subject(key, live=live), live.evaluation.rules
    candidates = [ranking.candidate(one, wanted, rules=rules, z=rule.z) for one in units]
    return ranking.rank(candidates, minimum=rule.minimum)
