"""Tables of contests: what is so now. What happened is in the event log."""

from django.db import models
from django.db.models import F, Q

from motcua.contests.types import STANDING, STATE_NAMES


class Contest(models.Model):
    """Kiến nghị về điểm bị trừ of one dossier at one indicator. Texts stay here; events carry their digests only."""

    code = models.TextField(primary_key=True)
    dossier_code = models.TextField()
    unit = models.ForeignKey("organisations.Unit", models.PROTECT, related_name="+")
    """The unit whose figures count the dossier."""
    indicator = models.TextField()
    rules = models.TextField()
    lost_for = models.JSONField()
    """Codes of the reasons for which the mark was lost when the contest was filed."""
    reason = models.TextField()
    filed_by = models.ForeignKey("organisations.Staff", models.PROTECT, related_name="+")
    filed_at = models.DateTimeField()
    state = models.TextField(choices=[(state.value, name) for state, name in STATE_NAMES.items()])
    decided_by = models.ForeignKey("organisations.Staff", models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    decision = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(filed_by=F("decided_by")), name="contest_decided_by_another"),
            models.CheckConstraint(
                condition=Q(state__in=["filed", "withdrawn"], decided_by__isnull=True)
                | Q(state__in=["approved", "refused"], decided_by__isnull=False, decided_at__isnull=False),
                name="contest_decided_by_somebody",
            ),
            models.UniqueConstraint(
                fields=["dossier_code", "indicator"],
                condition=Q(state__in=[state.value for state in STANDING]),
                name="contest_stands_once",
            ),
        ]
        indexes = [
            models.Index(fields=["filed_by", "-filed_at"], name="contests_of_person"),
            models.Index(fields=["state", "filed_at", "code"], name="contests_by_state"),
            models.Index(fields=["dossier_code"], name="contests_of_dossier"),
        ]

    def __str__(self) -> str:
        return self.code


class Evidence(models.Model):
    """Tệp chứng cứ of a contest; never removed."""

    contest = models.ForeignKey(Contest, models.PROTECT, related_name="evidence")
    name = models.TextField()
    media_type = models.TextField()
    size = models.PositiveBigIntegerField()
    sha256 = models.TextField()
    """Name of the file in the upload folder."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["contest", "sha256"], name="evidence_once")]
