"""Tables of procedures, their versions, and which unit handles them."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from motcua.catalogue.types import Channel, OnlineLevel, VersionState
from motcua.deadlines.types import LimitUnit


class Procedure(models.Model):
    """Thủ tục hành chính: one procedure under its code, whatever its versions."""

    code = models.TextField(primary_key=True)
    """Mã TTHC: national (``1.001193``) or the province's own."""
    is_national = models.BooleanField(default=True)
    is_internal = models.BooleanField(default=False)
    """TTHC nội bộ (QĐ 1085/QĐ-TTg): between or inside state agencies, never offered to citizens."""
    name = models.TextField()
    """Name of the version in force, kept for lists."""
    sector = models.TextField(blank=True)
    search_key = models.TextField()
    """Code, name and sector, folded (``kernel.text.fold``).

    No index: over 2,642 real procedures a plain LIKE took 1.9 to 2.6 ms (median), through a trigram index 2.4 to 11.9.
    """

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class LocalCode(models.Model):
    """Mã địa phương: a code the province used, and the national one it stands for. One may turn out to be many."""

    code = models.TextField()
    procedure = models.ForeignKey(Procedure, models.PROTECT, related_name="local_codes")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code", "procedure"], name="local_code_once")]


class ProcedureVersion(models.Model):
    """Phiên bản TTHC: what one promulgation decision made of it, with the three dates and the seven parts."""

    procedure = models.ForeignKey(Procedure, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    state = models.TextField(choices=[(state, state.name) for state in VersionState], default=VersionState.DRAFT)
    name = models.TextField()
    sector = models.TextField(blank=True)
    levels = ArrayField(models.TextField(), default=list)
    decision_number = models.TextField(blank=True)
    signed_on = models.DateField(null=True, blank=True)
    received_on = models.DateField(null=True, blank=True)
    """Ngày nhận / đăng tải: ministries publish late, so the day of signing alone proves nothing about a province."""
    effective_on = models.DateField(null=True, blank=True)
    effective_to = models.DateField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    sequence = models.TextField(blank=True)
    agency = models.TextField(blank=True)
    applicant_kinds = ArrayField(models.TextField(), default=list)
    results = ArrayField(models.TextField(), default=list)
    requirements = models.TextField(blank=True)
    legal_bases = ArrayField(models.TextField(), default=list)
    online_level = models.TextField(choices=[(level, level.name) for level in OnlineLevel], default=OnlineLevel.NONE)
    accepts_postal = models.BooleanField(default=False)
    is_boundary_free = models.BooleanField(default=False)
    is_one_stop = models.BooleanField(default=True)
    """False: handled outside the one-stop desk (khoản 5 Điều 14 NĐ 61/2018/NĐ-CP), still recorded here."""
    requires_result = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["procedure", "number"], name="version_number_once"),
            models.UniqueConstraint(
                fields=["procedure"], condition=Q(state=VersionState.PUBLISHED), name="one_published_version"
            ),
            models.CheckConstraint(
                condition=~Q(state=VersionState.PUBLISHED) | Q(effective_on__isnull=False), name="published_has_a_day"
            ),
            models.CheckConstraint(
                condition=Q(effective_to__isnull=True) | Q(effective_to__gte=F("effective_on")), name="version_days"
            ),
        ]


class ProcedureCase(models.Model):
    """Trường hợp: components, limits and steps may differ by case."""

    version = models.ForeignKey(ProcedureVersion, models.CASCADE, related_name="cases")
    code = models.TextField()
    name = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "code"], name="case_once")]


class ChannelTerm(models.Model):
    """Cách thức thực hiện: limit and fee by channel and case, beside the national limit they must not exceed."""

    version = models.ForeignKey(ProcedureVersion, models.CASCADE, related_name="terms")
    case_code = models.TextField(blank=True)
    channel = models.PositiveSmallIntegerField(choices=[(channel.value, channel.name) for channel in Channel])
    limit_amount = models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True)
    limit_unit = models.TextField(choices=[(unit, unit.name) for unit in LimitUnit], blank=True)
    limit_in_difficult_area = models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True)
    national_limit_amount = models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True)
    national_limit_unit = models.TextField(choices=[(unit, unit.name) for unit in LimitUnit], blank=True)
    fee_dong = models.PositiveBigIntegerField(null=True, blank=True)
    fee_note = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "case_code", "channel"], name="term_once"),
            models.CheckConstraint(
                condition=Q(limit_amount__isnull=True) | (Q(limit_amount__gt=0) & ~Q(limit_unit="")),
                name="limit_has_a_unit",
            ),
        ]


class Component(models.Model):
    """Thành phần hồ sơ."""

    version = models.ForeignKey(ProcedureVersion, models.CASCADE, related_name="components")
    case_code = models.TextField(blank=True)
    order = models.PositiveIntegerField()
    code = models.TextField(blank=True)
    name = models.TextField()
    form_name = models.TextField(blank=True)
    originals = models.PositiveSmallIntegerField(default=1)
    copies = models.PositiveSmallIntegerField(default=0)
    is_required = models.BooleanField(default=True)

    class Meta:
        ordering = ["version", "order"]
        constraints = [models.UniqueConstraint(fields=["version", "order"], name="component_order_once")]


class Link(models.Model):
    """TTHC liên thông: a procedure that is done together with, or needs the result of, another."""

    procedure = models.ForeignKey(Procedure, models.CASCADE, related_name="links")
    other = models.ForeignKey(Procedure, models.CASCADE, related_name="linked_from")
    kind = models.TextField(choices=[("together", "Thực hiện liên thông"), ("needs_result", "Cần kết quả của")])

    class Meta:
        constraints = [models.UniqueConstraint(fields=["procedure", "other", "kind"], name="link_once")]


class Assignment(models.Model):
    """Thẩm quyền: a unit handles a procedure from a day on, by a workflow."""

    procedure = models.ForeignKey(Procedure, models.PROTECT, related_name="assignments")
    unit = models.ForeignKey("organisations.Unit", models.PROTECT, related_name="+")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["procedure", "unit", "valid_from"], name="assignment_once")]
        indexes = [models.Index(fields=["unit"], name="assignment_unit")]


class Workflow(models.Model):
    """Quy trình nội bộ / điện tử: the steps of a procedure (or one case of it), versioned; old dossiers keep theirs."""

    procedure = models.ForeignKey(Procedure, models.PROTECT, related_name="workflows")
    case_code = models.TextField(blank=True)
    variant = models.TextField(
        choices=[("ordinary", "Địa bàn thường"), ("difficult", "Địa bàn khó khăn")], default="ordinary"
    )
    """Kind of area: mountain, island and border communes may have longer steps."""
    number = models.PositiveIntegerField()
    valid_from = models.DateField()
    definition = models.JSONField()
    """``workflow.definition`` as data: stages, steps, units by role, durations, pauses between stages."""
    is_published = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["procedure", "case_code", "variant", "number"], name="workflow_number_once")
        ]


class CatalogueImport(models.Model):
    """Đợt đối chiếu danh mục: a file of the national catalogue laid beside ours."""

    source = models.TextField()
    sha256 = models.TextField(unique=True)
    at = models.DateTimeField()
    by = models.TextField()
    read_count = models.PositiveIntegerField()


class CatalogueDifference(models.Model):
    """Chênh lệch: one field of one procedure in which the national catalogue and ours differ, and what was decided."""

    catalogue_import = models.ForeignKey(CatalogueImport, models.CASCADE, related_name="differences")
    procedure_code = models.TextField()
    kind = models.TextField(choices=[("new", "Mới"), ("changed", "Thay đổi"), ("missing", "Không còn")])
    fields = models.JSONField()
    """``{"field": [ours, theirs]}``; for a new procedure the whole record as ``{"record": …}``."""
    state = models.TextField(
        choices=[("pending", "Chờ duyệt"), ("approved", "Đã duyệt"), ("refused", "Không duyệt")], default="pending"
    )
    fault = models.TextField(blank=True)
    """Why it could not be taken over, or not be made public yet; empty where all went well."""
    decided_by = models.TextField(blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["catalogue_import", "procedure_code"], name="difference_once")]
        indexes = [models.Index(fields=["state"], name="difference_state")]


class WorkflowImport(models.Model):
    """Đợt nhập quy trình nội bộ: a table or file of workflows, each waiting to be put to a procedure."""

    source = models.TextField()
    sha256 = models.TextField(unique=True)
    decision = models.TextField(blank=True)
    valid_from = models.DateField()
    at = models.DateTimeField()
    by = models.TextField()
    problems = models.JSONField(default=list)
    """What could not be read, as sentences."""


class WorkflowProposal(models.Model):
    """Quy trình chờ gắn: one workflow of an import, the procedure its title means, and what was decided."""

    workflow_import = models.ForeignKey(WorkflowImport, models.CASCADE, related_name="proposals")
    code = models.TextField()
    """Code in the import: level, number, kind of area."""
    title = models.TextField()
    """Title of the procedure in the decision; a case's own title is in the definition."""
    definition = models.JSONField()
    procedure = models.ForeignKey(Procedure, models.PROTECT, null=True, blank=True, related_name="+")
    """The procedure it is for; None while nobody knows."""
    case_code = models.TextField(blank=True)
    candidates = models.JSONField(default=list)
    """``[[code, name, likeness], …]``: the nearest procedures, best first."""
    state = models.TextField(
        choices=[("pending", "Chờ duyệt"), ("approved", "Đã ban hành"), ("refused", "Không dùng")], default="pending"
    )
    decided_by = models.TextField(blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workflow_import", "code"], name="proposal_once")]
        indexes = [models.Index(fields=["state"], name="proposal_state")]
