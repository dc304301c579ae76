"""What the columns of a dossier mean, once: a table expression that runs unchanged on Polars, DuckDB and Spark.

``facts/fold.py`` says the same in plain Python for one dossier; ``tests/twins`` holds the two equal. Every fact column
is explained in docs/dev/facts.md. Moments are Vietnamese wall-clock time without zone.
"""

from datetime import datetime, timedelta

import ibis  # type: ignore[import-untyped]  # ibis ships no types
import ibis.expr.datatypes as dt  # type: ignore[import-untyped]
import ibis.expr.types as ir  # type: ignore[import-untyped]

from motcua.facts import fold
from motcua.facts.columns import FLAGS
from motcua.facts.options import FactOptions, UnknownDue


def facts(dossiers: ir.Table, *, on: datetime, options: FactOptions) -> ir.Table:
    """Return one row of facts for each dossier received by ``on``.

    Args:
        dossiers: a table with the ``columns.COLUMNS``.
        on: the moment up to which things are known; what lies later is ignored.
        options: the switches of the rule set.
    """
    table = _judged(dossiers.filter(dossiers.received_at <= _moment(on)), on=on, options=options)
    is_late = table.is_always_late | _yes(table.closed_at > table.due_at)
    table = table.mutate(is_late=is_late)
    return table.select(
        "dossier_code",
        "unit_code",
        "procedure_code",
        "officer_code",
        "received_at",
        "ended_at",
        "closed_at",
        "due_at",
        "is_always_late",
        "is_late",
        is_online_late=table.is_online & table.is_late,
        is_unsatisfied=table.is_late | table.is_complained,
        is_due_unknown=table.due_at.isnull(),
        is_complained=table.is_complained,
        is_online=table.is_online,
        is_postal=_yes(table.channel == fold.POSTAL),
        is_online_counted=table.is_online & table.has_result_where_due,
        is_synced=ibis.coalesce(table.is_synced, True),
        is_result_required=table.must_return,
        has_electronic_result=table.must_return & _yes(table.has_result_file),
        is_digitised=_yes(table.has_component_file) & table.has_result_where_due,
        is_reused=_yes(table.has_reused_component),
        is_shared=_yes(table.from_personal_store) | _yes(table.result_in_catalogue),
        has_population_data=_yes(table.from_personal_store) | _yes(table.uses_population_data),
        is_fee_due=table.is_fee_due,
        is_paid_online=table.is_fee_due & table.has_online_payment,
        has_fee_amount=_yes(table.has_fee_data) & ~_yes(table.fees_all_zero),
        has_online_payment=table.has_online_payment,
        is_supplement_repeated=_yes(table.supplement_requests > 1),
        is_officer_unnamed=_yes(~table.officer_named),
        is_fee_unpaid=~_yes(table.payment_place.isin(fold.PAID)),
        is_disliked=_yes(table.is_disliked),
        has_petition=_yes(table.has_petition),
        has_component_file=_yes(table.has_component_file),
        has_result_file=_yes(table.has_result_file),
    )


def _judged(dossiers: ir.Table, *, on: datetime, options: FactOptions) -> ir.Table:
    """Return the dossiers with the moments and answers that several facts share.

    Each layer uses the one before by name: an engine computes a column once, while an expression written out in
    several places is computed in each of them.
    """

    def known(name: str) -> ir.Value:
        moment = dossiers[name]
        return ibis.ifelse(moment <= _moment(on), moment, ibis.null(dt.Timestamp()))

    table = dossiers.mutate(
        ended_at=ibis.coalesce(
            known("resolved_at"),
            known("returned_at"),
            # LEAST of engines differs where one side is null; the two coalesce branches do not.
            ibis.ifelse(
                _yes(known("refused_at") < known("stopped_at")),
                known("refused_at"),
                ibis.coalesce(known("stopped_at"), known("refused_at")),
            ),
            known("withdrawn_at"),
        ),
        waiting_since=known("supplement_waiting_since"),
        due_at=ibis.coalesce(dossiers.due_at, dossiers.limit_due_at),
        must_return=ibis.coalesce(dossiers.result_required, True),
        is_online=_yes(dossiers.channel == fold.ONLINE),
        is_fee_due=_yes(dossiers.fee_bearing) & ~_yes(dossiers.fees_all_zero),
        has_online_payment=_yes(dossiers.payment_place.isin(fold.PAID_ONLINE)),
        is_complained=_yes(dossiers.is_disliked) | _yes(dossiers.has_petition),
    )
    is_a_whole_day = _yes(table.due_at == table.due_at.truncate("D"))
    last_second = ibis.ifelse(is_a_whole_day, table.due_at + ibis.interval(fold.REST_OF_A_DAY), table.due_at)
    table = table.mutate(
        closed_at=ibis.coalesce(table.ended_at, table.waiting_since),
        due_at=last_second + table.supplement_seconds.fill_null(0).as_interval("s"),
        has_result_where_due=_yes(table.has_result_file) | ~table.must_return,
    )
    return table.mutate(is_always_late=_is_always_late(table, options))


def _moment(on: datetime) -> ir.Value:
    return ibis.literal(on, type=dt.Timestamp())


def packed(table: ir.Table, *, on: datetime) -> ir.Table:
    """Return the facts with days for moments and every flag a bit of ``flags``: what the profile counts.

    ``late_from`` is the first day at whose end the dossier is late if it is still open then; null where no day makes a
    difference (closed in time, late for another reason, no due moment). An open dossier has it, but not ``is_late``.
    """
    flags = sum(
        (ibis.ifelse(table[name], 1 << bit, 0) for bit, name in enumerate(FLAGS)), start=ibis.literal(0, type=dt.int32)
    )
    # Due at 17:00 is late at the end of that very day; due at the last second of it only at the end of the next.
    late_from = (table.due_at + ibis.interval(seconds=1)).date()
    if on < fold.last_second(on.date()):
        # The day is not over: what falls due later today is not late yet.
        is_later_today = _yes((late_from == ibis.literal(on.date())) & (table.due_at >= ibis.literal(on)))
        late_from = ibis.ifelse(is_later_today, ibis.literal(on.date() + timedelta(days=1)), late_from)
    is_settled = table.is_always_late | (table.closed_at.notnull() & ~table.is_late)
    return table.select(
        "unit_code",
        "procedure_code",
        received_on=table.received_at.date(),
        ended_on=table.ended_at.date(),
        closed_on=table.closed_at.date(),
        late_from=ibis.ifelse(is_settled, ibis.null(dt.date), late_from),
        flags=flags,
    )


def _is_always_late(dossiers: ir.Table, options: FactOptions) -> ir.Value:
    rules = [ibis.literal(value=False)]
    if options.late_if_repeated_supplement:
        rules.append(_yes(dossiers.supplement_requests > 1))
    if options.late_if_officer_unnamed:
        rules.append(_yes(~dossiers.officer_named))
    if options.unknown_due is UnknownDue.LATE:
        rules.append(dossiers.due_at.isnull())
    return ibis.or_(*rules)


def _yes(condition: ir.Value) -> ir.Value:
    """Return the condition with unknown read as no: what nobody recorded cannot be counted."""
    return condition.fill_null(ibis.literal(value=False))
