"""Hồ sơ nộp trực tuyến: sent by the portal, waiting at the desk, answered within the law's working hours."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from motcua.catalogue import queries as catalogue
from motcua.deadlines import clock as deadlines
from motcua.deadlines import rulebook as deadline_rulebook
from motcua.deadlines.types import Happenings
from motcua.dossiers import access, actions, clock, codes, effects, law, models, steps, telling
from motcua.dossiers.types import Intake, Outcome, Paper
from motcua.kernel.errors import UserError
from motcua.kernel.time import VIETNAM, local, local_day
from motcua.organisations.types import StaffRef
from motcua.workflow import rules
from motcua.workflow.demands import ActFacts
from motcua.workflow.rulebook import Rulebook

ANSWER_RULE = "online-intake"


@dataclass(frozen=True, slots=True)
class AnswerClock:
    """Hạn trả lời: until when the desk must receive, refuse or ask for a supplement, and why then."""

    due_at: datetime
    lines: tuple[str, ...]


@transaction.atomic
def submit(intake: Intake, *, by: str, role: str, at: datetime, rulebook: Rulebook) -> Outcome:
    """Take note of a dossier sent in from outside (nộp trực tuyến); its clock starts when the desk receives it.

    ``by`` is the code of who sends it (a system or a person), ``role`` what they are in ``law/workflow``. Nothing is
    checked for completeness: that is what the desk has its hours for.

    Raises:
        UserError: the procedure is not in force, the unit does not handle it, or the role may not submit.
    """
    detail = actions.procedure_in_force(intake, on=at)
    allowed = rules.decide(
        "submit", rulebook=rulebook, local_state=None, roles=frozenset({role}), facts=ActFacts(at=local(at))
    ).or_raise()
    owner = actions.applicant(intake.owner)
    dossier = models.Dossier(
        code=intake.external_code or codes.allot(unit_code=intake.competent_unit, on=local_day(at)),
        procedure_id=detail.code,
        version_id=detail.version_id,
        case_code=intake.case_code,
        channel=intake.channel.value,
        receiving_unit_id=intake.competent_unit,
        competent_unit_id=intake.competent_unit,
        support_unit_id=intake.support_unit,
        current_unit_id=intake.competent_unit,
        owner=owner,
        submitter=actions.applicant(intake.submitter) if intake.submitter else None,
        subject=intake.subject or detail.name,
        state=allowed.state.value,
        local_state=allowed.local_state,
        submitted_at=intake.submitted_at or at,
        return_form=intake.return_form,
        tracking_secret=secrets.token_urlsafe(12),
        was_submitted_on_behalf=intake.was_submitted_on_behalf,
        search_key="",
    )
    dossier.search_key = actions.search_key(dossier, procedure_name=detail.name)
    dossier.save(force_insert=True)
    effects.take_part(dossier, intake.competent_unit)
    if intake.support_unit:
        effects.take_part(dossier, intake.support_unit)
    effects.add_papers(dossier, intake.papers, staff_code=None, at=at)
    actions.store_fees(dossier, detail)
    content = {
        "procedure": detail.code,
        "unit": intake.competent_unit,
        "channel": intake.channel.value,
        "owner_key": telling.owner_key(owner),
        "papers": len(intake.papers),
    }
    actions.record(dossier, "submit", by=by, at=at, content=content)
    return actions.outcome(dossier, form=None, marks=())


@transaction.atomic
def receive(
    *, code: str, staff: StaffRef, at: datetime, version_number: int, rulebook: Rulebook, supervisor: str = ""
) -> Outcome:
    """Receive a dossier that waits at the desk: check what came with it, promise its due moment.

    Raises:
        NotVisibleError: it does not exist or is another's.
        StaleError: somebody else has acted since.
        UserError: a component is missing, it does not wait for receipt, or the person may not receive it.
    """
    day = local_day(at)
    dossier = access.locked(code=code, staff=staff, on=day, version_number=version_number)
    detail = catalogue.version(dossier.version_id)
    assert detail is not None  # noqa: S101 - the foreign key is protected
    documents = list(dossier.documents.filter(is_result=False))
    missing = actions.missing_among(
        detail, case_code=dossier.case_code, names=[one.component_name for one in documents]
    )
    promise = clock.promise(
        detail,
        case_code=dossier.case_code,
        channel=clock.channel_of(dossier),
        unit_code=dossier.competent_unit_id,
        received_at=at,
    )
    facts = ActFacts(
        at=local(at),
        actor_name=staff.name,
        actor_title=staff.job_title,
        supervisor_name=supervisor,
        is_complete=not missing,
        due_at=local(promise.due_at),
    )
    decision = rules.decide(
        "receive",
        rulebook=rulebook,
        local_state=dossier.local_state,
        roles=access.roles_on(dossier, staff),
        facts=facts,
    )
    if missing and isinstance(decision, rules.Refused) and waits_at_desk(dossier):
        raise UserError(
            f"Hồ sơ còn thiếu: {'; '.join(missing)}.",
            remedy="Hãy yêu cầu bổ sung một lần, đầy đủ, hoặc từ chối tiếp nhận có nêu căn cứ.",
        )
    allowed = decision.or_raise()
    dossier.local_state, dossier.state = allowed.local_state, allowed.state.value
    dossier.workflow = catalogue.workflow_for(
        dossier.procedure_id,
        case_code=dossier.case_code,
        on=day,
        variant=law.workflow_variant(dossier.competent_unit_id),
    )
    dossier.received_at = at
    dossier.due_at, dossier.portal_due_at = promise.due_at, promise.portal_due_at
    dossier.deadline_rule, dossier.calendar_version = promise.rule, promise.calendar
    dossier.paused_since = None
    dossier.assignee_id = staff.code
    dossier.version_number += 1
    dossier.save()
    steps.begin(dossier, at=at)
    papers = [
        Paper(component_name=one.component_name, sha256=one.sha256, reused_from=one.reused_from_id) for one in documents
    ]
    content = actions.received_content(dossier, detail, papers=papers)
    actions.record(dossier, "receive", by=staff.code, at=at, content=content)
    return actions.outcome(dossier, form=allowed.act.form, marks=())


def waits_at_desk(dossier: models.Dossier) -> bool:
    """Tell whether the dossier came from outside and nobody has received or refused it yet."""
    return dossier.received_at is None and dossier.ended_at is None


def answer_clock(*, submitted_at: datetime, supplemented_at: datetime | None = None, now: datetime) -> AnswerClock:
    """Return until when the desk must answer: the law's working hours from the sending, or from the supplement."""
    begins = max(submitted_at, supplemented_at) if supplemented_at else submitted_at
    versions = law.deadline_rules(ANSWER_RULE)
    rule = deadline_rulebook.in_force(versions, received_on=local_day(begins), on=local_day(now))
    (choice,) = rule.limits
    happenings = Happenings(local(begins), choice.limit, counting=rule.counting)
    due = deadlines.compute(rule=rule, calendar=law.calendar(), happenings=happenings, now=local(now))
    return AnswerClock(due.due_at.replace(tzinfo=VIETNAM), tuple(due.lines))
