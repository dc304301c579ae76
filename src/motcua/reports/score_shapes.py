"""The JSON shape of ``motcua score``: the points with everything needed to compute them again."""

from collections.abc import Sequence
from typing import Any

from motcua.indicators.evaluate import Evaluation
from motcua.reports import shapes

SCHEMA = "motcua.score/1"
SERIES_SCHEMA = "motcua.score-series/1"

Shape = dict[str, Any]


def score(evaluation: Evaluation, *, unit: str | None = None) -> Shape:
    """Return one period's points, of all units or of one."""
    return {"schema": SCHEMA, **head(evaluation), **_period(evaluation, unit)}


def series(evaluations: Sequence[Evaluation], *, unit: str | None = None) -> Shape:
    """Return several periods' points under one rule set; there is at least one."""
    return {
        "schema": SERIES_SCHEMA,
        **head(evaluations[0]),
        "periods": [_period(evaluation, unit) for evaluation in evaluations],
    }


def provenance(evaluation: Evaluation) -> Shape:
    """Return where the figures come from: sources, how far the log had come, when the newest source was so."""
    data = evaluation.data
    return {
        "sources": list(data.sources),
        "event_position": data.position,
        "event_chain": data.chain,
        "observed_at": None if data.observed_at is None else data.observed_at.isoformat(),
    }


def head(evaluation: Evaluation) -> Shape:
    """Return under which rules, with what known and from which data the figures were computed."""
    return {
        "rules": shapes.rules(evaluation.rules),
        "on": evaluation.on.isoformat(timespec="seconds"),
        "data": provenance(evaluation),
    }


def _period(evaluation: Evaluation, unit: str | None) -> Shape:
    notes = evaluation.measures.notes
    return {
        "period": str(evaluation.period),
        "units": [
            shapes.unit(scored, rules=evaluation.rules)
            | {"parent": scored.unit.parent, "notes": list(notes.get(scored.unit.code, ()))}
            for scored in evaluation.scorecard.units
            if unit is None or scored.unit.code == unit
        ],
    }
