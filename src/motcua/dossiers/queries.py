"""Reads of the dossiers: work lists, search, one dossier, tracking. All but tracking go through ``access``."""

import base64
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from motcua.catalogue import models as catalogue
from motcua.dossiers import access, models
from motcua.dossiers.types import Happened, Page, Row
from motcua.eventlog.models import LoggedEvent
from motcua.kernel.errors import UserError
from motcua.kernel.text import fold
from motcua.kernel.time import VIETNAM, local_day
from motcua.organisations.models import Staff
from motcua.organisations.types import StaffRef

PAGE_ROWS = 50
SHORTEST_PHONE = 9
"""Digits without which a telephone number is none, and would be guessed at once."""


class View(StrEnum):
    """Danh sách việc: the lists that people live in."""

    REGISTERED = "registered"
    MINE = "mine"
    APPROACHING = "approaching"
    OVERDUE = "overdue"
    PAUSED = "paused"
    WAITING = "waiting"
    UNASSIGNED = "unassigned"
    OPINIONS = "opinions"
    SENT_BACK = "sent_back"
    TO_HAND_OVER = "to_hand_over"
    OPEN = "open"
    ALL = "all"


VIEW_NAMES: Mapping[View, str] = {
    View.REGISTERED: "Chờ tiếp nhận",
    View.MINE: "Việc của tôi",
    View.APPROACHING: "Sắp đến hạn",
    View.OVERDUE: "Quá hạn",
    View.PAUSED: "Tạm dừng",
    View.WAITING: "Chờ người dân",
    View.UNASSIGNED: "Chưa phân công",
    View.OPINIONS: "Chờ ý kiến của đơn vị",
    View.SENT_BACK: "Bị trả lại",
    View.TO_HAND_OVER: "Chờ trả kết quả",
    View.OPEN: "Đang giải quyết",
    View.ALL: "Tất cả hồ sơ",
}


_BY_DUE = "due_at"
_ORDERS: Mapping[View, str] = {View.ALL: "-submitted_at", View.REGISTERED: "submitted_at"}
"""What a list is ordered by where that is not the due moment; the code decides between equals."""
_SHOWN = ("owner", "assignee", "procedure", "current_unit")


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What a work list is narrowed to; empty = not narrowed."""

    text: str = ""
    unit_code: str = ""
    procedure_code: str = ""
    channel: int = 0


def work_list(
    view: View, *, staff: StaffRef | None, now: datetime, filters: Filters, after: str = "", size: int = PAGE_ROWS
) -> Page:
    """Return one page of a work list, by due moment, and the cursor of the next page.

    Cost does not grow with history: lists of open work read indexes that hold open dossiers only, and paging goes on
    from the last row instead of counting over the rows before.
    """
    rows = _narrowed(_of_view(view, access.visible(staff, on=local_day(now)), staff=staff, now=now), filters)
    order = _ORDERS.get(view, _BY_DUE)
    rows = _from_cursor(rows, after, order=order).order_by(order, "code")
    found = list(rows.select_related(*_SHOWN)[: size + 1])
    last = found[size - 1] if len(found) > size else None
    key = getattr(last, order.removeprefix("-")) if last else None
    return Page(tuple(_row(one) for one in found[:size]), _cursor(key, last.code) if last and key else None)


def count(view: View, *, staff: StaffRef | None, now: datetime) -> int:
    """Return how many dossiers the list has, within the person's scope."""
    return _of_view(view, access.visible(staff, on=local_day(now)), staff=staff, now=now).count()


def counts(views: Sequence[View], *, staff: StaffRef | None, now: datetime) -> dict[View, int]:
    """Return how many dossiers each list has, in one read of what is open and one of what waits to be handed over.

    Raises:
        ValueError: a list whose size grows with history; counting it would cost more the longer the desk is used.
    """
    if {View.ALL, View.SENT_BACK}.intersection(views):
        raise ValueError(views)
    open_ones = access.visible(staff, on=local_day(now)).filter(ended_at=None)
    wanted = [view for view in views if view is not View.TO_HAND_OVER]
    found = open_ones.aggregate(
        **{view.value: Count("pk", filter=_condition(view, staff=staff, now=now)) for view in wanted}
    )
    numbers: dict[View, int] = {view: int(found[view.value]) for view in wanted}
    if View.TO_HAND_OVER in views:
        numbers[View.TO_HAND_OVER] = count(View.TO_HAND_OVER, staff=staff, now=now)
    return numbers


def everything(view: View, *, staff: StaffRef | None, now: datetime, filters: Filters, limit: int) -> list[Row]:
    """Return the rows of a list for export: exactly what the pages would show, up to ``limit``."""
    rows = _narrowed(_of_view(view, access.visible(staff, on=local_day(now)), staff=staff, now=now), filters)
    return [_row(one) for one in rows.order_by(_ORDERS.get(view, _BY_DUE), "code").select_related(*_SHOWN)[:limit]]


def history(dossier: models.Dossier) -> list[Happened]:
    """Return what happened to a dossier the caller may read, oldest first, with the actors' names and titles."""
    events = list(LoggedEvent.objects.filter(stream="dossier", subject=dossier.code).order_by("version"))
    people = {row.code: row for row in Staff.objects.filter(code__in={event.by for event in events})}
    notes = dict(dossier.notes.values_list("event", "content"))
    return [
        Happened(
            event.at,
            event.kind,
            people[event.by].name if event.by in people else event.by,
            people[event.by].job_title if event.by in people else "",
            event.content,
            notes.get(event.position, {}),
        )
        for event in events
    ]


def tracked_by_receipt(*, code: str, secret: str) -> models.Dossier | None:
    """Return the dossier for whoever holds its receipt: the code and the secret of the QR.

    The public page shows states and days only; the name is shown shortened.
    """
    row = _trackable(code)
    is_holder = (
        row is not None and secret != "" and secrets.compare_digest(secret.encode(), row.tracking_secret.encode())
    )
    return row if is_holder else None


def tracked_by_phone(*, code: str, phone: str) -> models.Dossier | None:
    """Return the dossier for whoever knows its code and the owner's telephone number, however it is written."""
    row, digits = _trackable(code), _digits(phone)
    if row is None or len(digits) < SHORTEST_PHONE:
        return None
    return row if secrets.compare_digest(digits.encode(), _digits(row.owner.phone).encode()) else None


def _trackable(code: str) -> models.Dossier | None:
    return models.Dossier.objects.filter(code=code.strip().upper()).select_related("owner", "procedure").first()


def usual_days(procedure_code: str, *, now: datetime) -> tuple[float, float, int] | None:
    """Return the median and the 90th percentile of days it really took in the last 90 days, and from how many.

    None where fewer than ten dossiers ended: such a figure would mislead.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM resolved_at - received_at) / 86400),"
            " percentile_cont(0.9) WITHIN GROUP (ORDER BY extract(epoch FROM resolved_at - received_at) / 86400),"
            " count(*) FROM dossiers_dossier WHERE procedure_id = %s AND resolved_at >= %s",
            [procedure_code, now - timedelta(days=90)],
        )
        median, ninetieth, number = cursor.fetchone()
    return (median, ninetieth, number) if number >= 10 else None


def earlier_papers(*, identity_number: str, staff: StaffRef | None, now: datetime) -> QuerySet[models.Document]:
    """Return files that the same owner already gave within the person's scope: they must not be asked for again."""
    if not identity_number:
        return models.Document.objects.none()
    mine = access.visible(staff, on=local_day(now)).filter(owner__identity_number=identity_number)
    return models.Document.objects.filter(dossier__in=mine, reused_from=None).exclude(sha256="").order_by("-at")


def procedures_used(*, staff: StaffRef | None, now: datetime) -> list[tuple[str, str]]:
    """Return (code, name) of procedures with open dossiers in scope, for the list's filter."""
    codes = access.visible(staff, on=local_day(now)).filter(ended_at=None).values("procedure_id")
    return list(catalogue.Procedure.objects.filter(code__in=codes).order_by("name").values_list("code", "name"))


def _of_view(
    view: View, rows: QuerySet[models.Dossier], *, staff: StaffRef | None, now: datetime
) -> QuerySet[models.Dossier]:
    return rows.filter(_condition(view, staff=staff, now=now))


def _condition(view: View, *, staff: StaffRef | None, now: datetime) -> Q:
    is_open = Q(ended_at=None)
    # What was sent in and not yet received has no clock: it stands in a list of its own.
    is_received = is_open & Q(received_at__isnull=False)
    is_running = is_received & Q(paused_since=None)
    conditions: Mapping[View, Q] = {
        View.REGISTERED: is_open & Q(received_at=None),
        View.MINE: is_received & (Q(assignee_id__in=_working_for(staff)) | Q(Exists(_beside(staff)))),
        View.APPROACHING: is_running & Q(due_at__gt=now, due_at__lte=now + timedelta(days=2)),
        View.OVERDUE: is_running & Q(due_at__lt=now),
        View.PAUSED: is_received & Q(paused_since__isnull=False),
        View.WAITING: is_received & Q(state__in=[5, 6]),
        View.UNASSIGNED: is_received & Q(assignee=None),
        View.OPINIONS: is_received & Q(Exists(_asked(staff))),
        View.SENT_BACK: is_received & Q(steps__left_at=None, steps__name="Trả lại"),
        View.TO_HAND_OVER: Q(resolved_at__isnull=False, returned_at=None, parent=None),
        View.OPEN: is_received,
        View.ALL: Q(),
    }
    return conditions[view]


def _beside(staff: StaffRef | None) -> QuerySet[models.StepRun]:
    """Return steps beside the leading one that wait for the person."""
    return models.StepRun.objects.filter(
        dossier=OuterRef("pk"), left_at=None, opinion__isnull=False, staff__in=_working_for(staff)
    )


def _asked(staff: StaffRef | None) -> QuerySet[models.Opinion]:
    """Return questions that wait for an answer of one of the person's units."""
    units = {grant.unit_code for grant in staff.grants} if staff is not None else set()
    return models.Opinion.objects.filter(dossier=OuterRef("pk"), answered_at=None, withdrawn_at=None, unit__in=units)


def _working_for(staff: StaffRef | None) -> set[str]:
    """Return whose work the person does today: their own and that of colleagues they stand in for."""
    if staff is None:
        return set()
    return {staff.code} | {grant.for_staff for grant in staff.grants if grant.for_staff is not None}


def _narrowed(rows: QuerySet[models.Dossier], filters: Filters) -> QuerySet[models.Dossier]:
    for word in fold(filters.text).split():
        rows = rows.filter(search_key__contains=word)
    if filters.unit_code:
        rows = rows.filter(current_unit_id=filters.unit_code)
    if filters.procedure_code:
        rows = rows.filter(procedure_id=filters.procedure_code)
    if filters.channel:
        rows = rows.filter(channel=filters.channel)
    return rows


def _cursor(key: datetime, code: str) -> str:
    return base64.urlsafe_b64encode(json.dumps([key.isoformat(), code]).encode()).decode().rstrip("=")


def _from_cursor(rows: QuerySet[models.Dossier], cursor: str, *, order: str) -> QuerySet[models.Dossier]:
    if not cursor:
        return rows
    try:
        moment, code = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        key = datetime.fromisoformat(moment)
        if key.tzinfo is None or "\x00" in str(code):
            raise ValueError(moment)
    except (ValueError, TypeError) as error:
        raise UserError("Liên kết trang không đúng.", remedy="Hãy mở lại danh sách từ đầu.") from error
    name, further = order.removeprefix("-"), "lt" if order.startswith("-") else "gt"
    return rows.filter(Q(**{f"{name}__{further}": key}) | Q(**{name: key}, code__gt=str(code)))


def _row(one: models.Dossier) -> Row:
    return Row(
        one.code,
        one.procedure.name,
        one.owner.name,
        one.local_state,
        one.current_unit_id,
        one.assignee.name if one.assignee else "",
        one.assignee.job_title if one.assignee else "",
        one.received_at,
        one.due_at,
        one.paused_since is not None,
        one.supplement_count,
        one.channel,
        one.current_unit.name,
        one.submitted_at,
        one.paused_since,
        one.ended_at,
        one.returned_at,
    )


def _digits(text: str) -> str:
    return "".join(letter for letter in text if letter.isdigit())


@dataclass(frozen=True, slots=True)
class BoardLine:
    """Tiến độ công khai của một đơn vị: open and late now, resolved this month and of those on time."""

    unit_code: str
    open: int
    late: int
    resolved: int
    on_time: int


def board(*, now: datetime) -> list[BoardLine]:
    """Return the public board by competent unit: counts only, so anybody may see it."""
    first = local_day(now).replace(day=1)
    month = datetime(first.year, first.month, 1, tzinfo=VIETNAM)
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH now_open AS (SELECT competent_unit_id AS unit, count(*) AS n,"
            " count(*) FILTER (WHERE due_at < %s AND paused_since IS NULL) AS late"
            " FROM dossiers_dossier WHERE ended_at IS NULL GROUP BY 1),"
            " done AS (SELECT competent_unit_id AS unit, count(*) AS n,"
            " count(*) FILTER (WHERE resolved_at <= due_at) AS good"
            " FROM dossiers_dossier WHERE resolved_at >= %s GROUP BY 1)"
            " SELECT coalesce(o.unit, d.unit), coalesce(o.n, 0), coalesce(o.late, 0), coalesce(d.n, 0),"
            " coalesce(d.good, 0)"
            " FROM now_open o FULL JOIN done d ON o.unit = d.unit ORDER BY 3 DESC, 1",
            [now, month],
        )
        return [BoardLine(*row) for row in cursor.fetchall()]
