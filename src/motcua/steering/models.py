"""Tables of steering: who answers for what, and every target ever set. What happened is in the event log."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import Q

from motcua.lawbook.targets import Metric
from motcua.steering.types import METRIC_NAMES


class Owner(models.Model):
    """Đơn vị chịu trách nhiệm chính of one group of a unit's indicators, for some days; never two on one day."""

    unit = models.ForeignKey("organisations.Unit", models.PROTECT, related_name="+")
    """Whose points they are."""
    group = models.TextField()
    owner = models.ForeignKey("organisations.Unit", models.PROTECT, related_name="+")
    days = DateRangeField()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="group_has_one_owner_a_day",
                expressions=[
                    ("unit", RangeOperators.EQUAL),
                    ("group", RangeOperators.EQUAL),
                    ("days", RangeOperators.OVERLAPS),
                ],
            )
        ]


class Target(models.Model):
    """Một lần đặt mục tiêu. A row is never changed: the highest version holds; a version without a value withdraws."""

    unit = models.ForeignKey("organisations.Unit", models.PROTECT, related_name="+")
    level = models.TextField(blank=True)
    """Empty: for the unit itself; else for every unit of that level below it."""
    year = models.SmallIntegerField()
    subject = models.TextField()
    metric = models.TextField(choices=[(metric.value, name) for metric, name in METRIC_NAMES.items()])
    value = models.DecimalField(max_digits=14, decimal_places=4, null=True, blank=True)
    version = models.PositiveIntegerField()
    set_by = models.ForeignKey("organisations.Staff", models.PROTECT, related_name="+")
    set_at = models.DateTimeField()
    note = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "level", "year", "subject", "version"], name="target_version_once"),
            models.CheckConstraint(condition=Q(version__gte=1), name="target_versions_begin_at_one"),
            models.CheckConstraint(
                condition=Q(value__isnull=True) | Q(value__gt=0, value__lte=1) | ~Q(metric=Metric.RATIO.value),
                name="target_ratio_is_a_share",
            ),
            models.CheckConstraint(condition=Q(value__isnull=True) | Q(value__gt=0), name="target_is_positive"),
        ]
