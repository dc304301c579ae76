"""Tables of dossiers: what is so now. What happened is in the event log."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

_LEADING, _BESIDE = Q(left_at__isnull=True, opinion__isnull=True), Q(left_at__isnull=True, opinion__isnull=False)
_ASKED = Q(answered_at__isnull=True, withdrawn_at__isnull=True)


class Applicant(models.Model):
    """Người nộp / chủ hồ sơ. Personal data lives in this table (and in files) only; events carry none of it."""

    kind = models.TextField(
        choices=[("person", "Cá nhân"), ("business", "Doanh nghiệp"), ("agency", "Cơ quan"), ("other", "Tổ chức khác")]
    )
    name = models.TextField()
    identity_number = models.TextField(blank=True)
    phone = models.TextField(blank=True)
    email = models.EmailField(blank=True)
    address = models.TextField(blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["identity_number"], name="applicant_identity", condition=~Q(identity_number="")),
        ]

    def __str__(self) -> str:
        return self.name


class CodeSequence(models.Model):
    """Số thứ tự trong ngày: the last number allotted by a unit on a day. Its row lock makes numbers gapless."""

    pk = models.CompositePrimaryKey("unit_code", "day", "pattern")
    unit_code = models.TextField()
    day = models.DateField()
    pattern = models.TextField()
    last = models.PositiveIntegerField()


class Dossier(models.Model):
    """Hồ sơ: one applicant's request under one procedure, from receipt to result."""

    code = models.TextField(primary_key=True)
    procedure = models.ForeignKey("catalogue.Procedure", models.PROTECT, related_name="+")
    version = models.ForeignKey("catalogue.ProcedureVersion", models.PROTECT, related_name="+")
    workflow = models.ForeignKey("catalogue.Workflow", models.PROTECT, related_name="+", null=True, blank=True)
    case_code = models.TextField(blank=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="legs")
    """Hồ sơ cha của một nhánh liên thông; each leg has its own clock."""
    channel = models.PositiveSmallIntegerField()
    receiving_unit = models.ForeignKey("organisations.Unit", models.PROTECT, related_name="+")
    """Nơi tiếp nhận."""
    competent_unit = models.ForeignKey("organisations.Unit", models.PROTECT, related_name="+")
    """Cơ quan có thẩm quyền giải quyết."""
    support_unit = models.ForeignKey("organisations.Unit", models.PROTECT, null=True, blank=True, related_name="+")
    """Nơi hỗ trợ nộp (phi địa giới, bưu cục)."""
    current_unit = models.ForeignKey("organisations.Unit", models.PROTECT, related_name="+")
    """Unit that must act now."""
    assignee = models.ForeignKey("organisations.Staff", models.PROTECT, null=True, blank=True, related_name="+")
    owner = models.ForeignKey(Applicant, models.PROTECT, related_name="dossiers")
    submitter = models.ForeignKey(Applicant, models.PROTECT, null=True, blank=True, related_name="+")
    """Người nộp thay, where another hands it in."""
    subject = models.TextField(blank=True)
    copies = models.PositiveSmallIntegerField(default=1)

    state = models.PositiveSmallIntegerField()
    """One of the ten portal states."""
    local_state = models.TextField()
    """Finer state of ``law/workflow``, mapped to ``state`` there."""
    step_order = models.PositiveIntegerField(default=0)
    version_number = models.PositiveIntegerField(default=1)
    """Counts the changes: a page that shows an older number may not write."""

    submitted_at = models.DateTimeField(null=True, blank=True)
    received_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    """Statutory due moment as of the last change; while paused, the moment as if resumed at the last change."""
    portal_due_at = models.DateTimeField(null=True, blank=True)
    """Due moment by the 766 clock."""
    deadline_rule = models.TextField(blank=True)
    """Rule version the clock runs under: that of the day of receipt."""
    calendar_version = models.TextField(blank=True)
    paused_since = models.DateTimeField(null=True, blank=True)
    supplement_count = models.PositiveSmallIntegerField(default=0)
    extension_count = models.PositiveSmallIntegerField(default=0)
    resolved_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    """Resolved, refused, stopped or withdrawn: the clock has ended."""
    returned_at = models.DateTimeField(null=True, blank=True)
    return_form = models.TextField(
        choices=[("counter", "Tại Bộ phận Một cửa"), ("postal", "Bưu chính công ích"), ("online", "Trực tuyến")],
        default="counter",
    )
    tracking_secret = models.TextField()
    """Random part of the tracking QR: whoever holds the receipt may see the progress without login."""
    was_submitted_on_behalf = models.BooleanField(default=False)
    was_paper_copy_demanded = models.BooleanField(default=False)
    search_key = models.TextField()
    """Code, owner, procedure and phone, folded."""

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__gte=1) & Q(state__lte=10), name="state_is_one_of_ten"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(received_at__isnull=True) | Q(ended_at__gte=F("received_at")),
                name="ends_after_receipt",
            ),
        ]
        # Work lists ask for open dossiers only, so their indexes hold open dossiers only: their cost does not grow
        # with history.
        indexes = [
            models.Index(
                fields=["current_unit", "due_at", "code"], name="open_by_unit", condition=Q(ended_at__isnull=True)
            ),
            models.Index(
                fields=["assignee", "due_at", "code"], name="open_by_assignee", condition=Q(ended_at__isnull=True)
            ),
            models.Index(fields=["due_at", "code"], name="open_by_due", condition=Q(ended_at__isnull=True)),
            models.Index(fields=["-submitted_at", "code"], name="all_by_submission"),
            models.Index(fields=["competent_unit", "received_at", "code"], name="by_unit_and_day"),
            models.Index(fields=["receiving_unit", "received_at", "code"], name="by_desk_and_day"),
            models.Index(
                fields=["resolved_at"],
                name="to_hand_over",
                condition=Q(resolved_at__isnull=False, returned_at__isnull=True),
            ),
            GinIndex(fields=["search_key"], opclasses=["gin_trgm_ops"], name="dossier_search"),
        ]

    def __str__(self) -> str:
        return self.code


class Participation(models.Model):
    """Đơn vị tham gia: a unit that received, handles, was asked or hands over this dossier, and so may see it."""

    dossier = models.ForeignKey(Dossier, models.CASCADE, related_name="participations")
    unit = models.ForeignKey("organisations.Unit", models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["dossier", "unit"], name="participation_once")]
        indexes = [models.Index(fields=["unit", "dossier"], name="participation_unit")]


class StepRun(models.Model):
    """Bước xử lý: one passage of a dossier through one step, with its own due moment."""

    dossier = models.ForeignKey(Dossier, models.CASCADE, related_name="steps")
    order = models.PositiveIntegerField()
    name = models.TextField()
    unit = models.ForeignKey("organisations.Unit", models.PROTECT, related_name="+")
    staff = models.ForeignKey("organisations.Staff", models.PROTECT, null=True, blank=True, related_name="+")
    entered_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, blank=True)
    left_at = models.DateTimeField(null=True, blank=True)
    outcome = models.TextField(blank=True)
    opinion = models.OneToOneField("Opinion", models.CASCADE, null=True, blank=True, related_name="run")
    """The question this run asks where it runs beside the leading step; None for the leading step itself."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dossier"], condition=_LEADING, name="one_leading_step_at_a_time"),
        ]
        indexes = [
            models.Index(fields=["dossier", "entered_at"], name="steps_of_dossier"),
            models.Index(fields=["staff"], name="open_steps_beside", condition=_BESIDE),
        ]


class Supplement(models.Model):
    """Yêu cầu bổ sung: asked once and fully; a further one is possible and marked."""

    dossier = models.ForeignKey(Dossier, models.CASCADE, related_name="supplements")
    number = models.PositiveSmallIntegerField()
    requested_at = models.DateTimeField()
    requested_by = models.ForeignKey("organisations.Staff", models.PROTECT, related_name="+")
    items = models.JSONField()
    """``[{"paper": …, "reason": …}]``: every missing paper by name."""
    legal_basis = models.TextField()
    reply_by = models.DateField(null=True, blank=True)
    completed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dossier", "number"], name="supplement_number_once"),
            models.UniqueConstraint(
                fields=["dossier"], condition=Q(completed_at__isnull=True), name="one_open_supplement"
            ),
        ]


class Pause(models.Model):
    """Tạm dừng: a span in which the clock stands, with ground, legal basis and evidence."""

    dossier = models.ForeignKey(Dossier, models.CASCADE, related_name="pauses")
    ground = models.TextField()
    legal_basis = models.TextField()
    evidence = models.TextField(blank=True)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    by = models.ForeignKey("organisations.Staff", models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dossier"], condition=Q(ended_at__isnull=True), name="one_open_pause"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("began_at")), name="pause_order"
            ),
        ]
        indexes = [models.Index(fields=["began_at"], name="open_pauses", condition=Q(ended_at__isnull=True))]


class Extension(models.Model):
    """Gia hạn, kèm văn bản xin lỗi: at most once."""

    dossier = models.ForeignKey(Dossier, models.CASCADE, related_name="extensions")
    due_before = models.DateTimeField()
    due_after = models.DateTimeField()
    reason = models.TextField()
    at = models.DateTimeField()
    by = models.ForeignKey("organisations.Staff", models.PROTECT, related_name="+")


class Opinion(models.Model):
    """Lấy ý kiến: a question to another unit, with its own due moment."""

    dossier = models.ForeignKey(Dossier, models.CASCADE, related_name="opinions")
    unit = models.ForeignKey("organisations.Unit", models.PROTECT, related_name="+")
    question = models.TextField()
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey("organisations.Staff", models.PROTECT, related_name="+")
    due_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey("organisations.Staff", models.PROTECT, null=True, blank=True, related_name="+")
    answer = models.TextField(blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    """No longer waited for: another opinion was enough, or the dossier has left the step."""

    class Meta:
        indexes = [models.Index(fields=["unit", "due_at"], name="opinions_waited_for", condition=_ASKED)]


class Charge(models.Model):
    """Phí, lệ phí của hồ sơ."""

    dossier = models.ForeignKey(Dossier, models.CASCADE, related_name="charges")
    name = models.TextField()
    kind = models.TextField(choices=[("fee", "Phí"), ("charge", "Lệ phí")])
    amount_dong = models.PositiveBigIntegerField()
    paid_at = models.DateTimeField(null=True, blank=True)
    place = models.TextField(
        choices=[
            ("counter", "Tại quầy"),
            ("portal", "Cổng DVCQG"),
            ("gateway", "Cổng thanh toán của tỉnh"),
            ("transfer", "Chuyển khoản"),
        ],
        blank=True,
    )
    receipt_number = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(paid_at__isnull=True) | ~Q(place=""), name="paid_somewhere"),
        ]


class Document(models.Model):
    """Giấy tờ điện tử: a component handed in, or a result."""

    dossier = models.ForeignKey(Dossier, models.CASCADE, related_name="documents")
    component_name = models.TextField()
    is_result = models.BooleanField(default=False)
    name = models.TextField()
    media_type = models.TextField(blank=True)
    size = models.PositiveBigIntegerField(default=0)
    sha256 = models.TextField(blank=True)
    """Name of the file in the upload folder; empty where only paper was handed in."""
    copy_kind = models.TextField(
        choices=[("original", "Bản chính"), ("copy", "Bản sao"), ("electronic", "Bản điện tử")], default="copy"
    )
    reused_from = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField()
    by = models.ForeignKey("organisations.Staff", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["dossier"], name="documents_of_dossier")]


class Correction(models.Model):
    """Đính chính: a wrong entry set right with a reason and another's approval; never a silent edit."""

    dossier = models.ForeignKey(Dossier, models.CASCADE, related_name="corrections")
    field = models.TextField()
    before = models.TextField(blank=True)
    after = models.TextField(blank=True)
    reason = models.TextField()
    requested_by = models.ForeignKey("organisations.Staff", models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    decided_by = models.ForeignKey("organisations.Staff", models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    is_approved = models.BooleanField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(requested_by=F("decided_by")), name="approved_by_another"),
        ]


class FormIssue(models.Model):
    """Phiếu đã lập: which official form was issued for the dossier, under which number."""

    dossier = models.ForeignKey(Dossier, models.CASCADE, related_name="forms")
    form = models.TextField()
    number = models.PositiveIntegerField()
    at = models.DateTimeField()
    by = models.ForeignKey("organisations.Staff", models.PROTECT, related_name="+")
    content = models.JSONField()
    """What stood on it, so that a reprint is the same."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["dossier", "form", "number"], name="form_number_once")]


class ApologyLetter(models.Model):
    """Thư xin lỗi: one for each due moment missed, drafted by itself, signed by a head, sent to the applicant."""

    dossier = models.ForeignKey(Dossier, models.CASCADE, related_name="apologies")
    late_since = models.DateTimeField()
    """The due moment that was missed."""
    drafted_at = models.DateTimeField()
    reason = models.TextField()
    new_due_at = models.DateTimeField()
    """Ngày hẹn lại: proposed until signed."""
    signed_at = models.DateTimeField(null=True, blank=True)
    signed_by = models.ForeignKey("organisations.Staff", models.PROTECT, null=True, blank=True, related_name="+")
    form = models.ForeignKey(FormIssue, models.PROTECT, null=True, blank=True, related_name="+")
    sent_at = models.DateTimeField(null=True, blank=True)
    sent_by = models.TextField(choices=[("email", "Thư điện tử"), ("paper", "Bản giấy")], blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["dossier", "late_since"], name="one_apology_a_due_moment")]
        indexes = [models.Index(fields=["late_since"], name="apologies_to_send", condition=Q(sent_at__isnull=True))]


class ActNote(models.Model):
    """Nội dung kèm việc: what a person wrote with an act (reason, legal basis, numbers). The event has codes only."""

    dossier = models.ForeignKey(Dossier, models.CASCADE, related_name="notes")
    event = models.BigIntegerField()
    """Position of the act's event in the log."""
    act = models.TextField()
    content = models.JSONField()

    class Meta:
        indexes = [models.Index(fields=["dossier"], name="notes_of_dossier")]


class Draft(models.Model):
    """Bản nháp: what was typed at intake and not yet received; survives a closed browser."""

    staff = models.ForeignKey("organisations.Staff", models.CASCADE, related_name="+")
    procedure = models.ForeignKey("catalogue.Procedure", models.CASCADE, related_name="+")
    content = models.JSONField()
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["staff", "procedure"], name="draft_once")]


class ReminderSent(models.Model):
    """Đã nhắc: a person was told of a dossier on a day; never twice for the same thing on one day."""

    recipient = models.ForeignKey("organisations.Staff", models.CASCADE, related_name="+")
    dossier = models.ForeignKey(Dossier, models.CASCADE, related_name="+")
    kind = models.TextField()
    day = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["recipient", "dossier", "kind", "day"], name="reminded_once_a_day")
        ]
        indexes = [models.Index(fields=["day"], name="reminders_of_day")]


class SavedView(models.Model):
    """Bộ lọc đã lưu: a work list's filters under a name."""

    staff = models.ForeignKey("organisations.Staff", models.CASCADE, related_name="+")
    name = models.TextField()
    query = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["staff", "name"], name="saved_view_once")]
