"""Tables of units, their history, staff, roles and delegations."""

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q

from motcua.organisations.types import Role, UnitKind


class Unit(models.Model):
    """Đơn vị: an authority or a part of one, from the day it was set up to the day it was dissolved."""

    code = models.TextField(primary_key=True)
    """Mã định danh điện tử (QĐ 20/2020/QĐ-TTg): ``H05.12``."""
    old_code = models.TextField(blank=True)
    """The form before 2020: ``000.00.12.H05``."""
    name = models.TextField()
    kind = models.TextField(choices=[(kind, kind.name) for kind in UnitKind])
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    """First day on which it no longer existed."""
    address = models.TextField(blank=True)
    phone = models.TextField(blank=True)
    is_difficult_area = models.BooleanField(default=False)
    """Miền núi, hải đảo, biên giới: some procedures have a longer limit there."""
    office_hours = models.TextField(blank=True)
    """Name of the office-hours scope in ``law/calendar``; empty = the national hours."""

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")), name="unit_days"
            ),
        ]
        indexes = [models.Index(fields=["parent"], name="unit_parent")]

    def __str__(self) -> str:
        return self.name


class UnitSuccession(models.Model):
    """Sắp xếp, sáp nhập: which unit took over from which, and when. Nothing is deleted by a merger."""

    old = models.ForeignKey(Unit, models.PROTECT, related_name="successions")
    new = models.ForeignKey(Unit, models.PROTECT, related_name="predecessions")
    on = models.DateField()
    is_whole = models.BooleanField(default=True)
    """Toàn bộ; false where the old unit was split among several."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["old", "new", "on"], name="succession_once")]


class Staff(models.Model):
    """Cán bộ, công chức, viên chức, nhân viên bưu chính. Name and title are mandatory: every act shows them."""

    code = models.TextField(primary_key=True)
    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.PROTECT, related_name="staff")
    name = models.TextField()
    job_title = models.TextField()
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="staff")
    email = models.EmailField(blank=True)
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(name="") & ~Q(job_title=""), name="staff_has_name_and_title"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.job_title})"


class RoleGrant(models.Model):
    """Phân quyền: a role in a unit for a span of days."""

    staff = models.ForeignKey(Staff, models.CASCADE, related_name="role_grants")
    role = models.TextField(choices=[(role, role.name) for role in Role])
    unit = models.ForeignKey(Unit, models.PROTECT)
    days = DateRangeField()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="role_granted_once_a_day",
                expressions=[
                    ("staff", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    ("unit", RangeOperators.EQUAL),
                    ("days", RangeOperators.OVERLAPS),
                ],
            )
        ]


class Delegation(models.Model):
    """Ủy quyền khi vắng mặt: a colleague holds all roles of an absent staff member for some days."""

    absent = models.ForeignKey(Staff, models.CASCADE, related_name="delegations")
    deputy = models.ForeignKey(Staff, models.CASCADE, related_name="deputations")
    days = DateRangeField()
    reason = models.TextField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(absent=F("deputy")), name="delegation_to_another"),
            ExclusionConstraint(
                name="one_deputy_a_day",
                expressions=[("absent", RangeOperators.EQUAL), ("days", RangeOperators.OVERLAPS)],
            ),
        ]


class Outline(models.Model):
    """Ranh giới trên bản đồ: the simplified outline of a unit, or of a province on the map of the country."""

    pk = models.CompositePrimaryKey("sheet", "code")
    sheet = models.TextField()
    """``outlines.OF_UNITS`` (``code`` is that of a unit) or ``outlines.OF_THE_COUNTRY`` (as the file has it)."""
    code = models.TextField()
    name = models.TextField()
    shape = models.JSONField()
    """Polygons, each its rings, each its corners in degrees of longitude and latitude (WGS 84)."""
    source = models.TextField()
    """The file it came from, by name."""
    at = models.DateTimeField()
