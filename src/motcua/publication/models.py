"""Tables of the monthly publication: projections of the events of the stream ``publication``."""

from django.db import models
from django.db.models import F, Q

from motcua.publication.types import OPEN, STATE_NAMES


class Issue(models.Model):
    """Một bản của một tháng. What it says is in the frozen file that ``sha256`` names; nothing of it is changed."""

    month = models.TextField()
    draft = models.PositiveIntegerField()
    edition = models.PositiveIntegerField()
    state = models.TextField(choices=[(state.value, name) for state, name in STATE_NAMES.items()])
    sha256 = models.TextField()
    rules = models.TextField()
    law_hash = models.TextField()
    cursor_transaction = models.BigIntegerField()
    cursor_position = models.BigIntegerField()
    due_on = models.DateField()
    frozen_at = models.DateTimeField()
    days_late = models.PositiveIntegerField()
    reason = models.TextField(blank=True)
    """Why it corrects the edition before; empty for the first edition."""
    frozen_by = models.TextField()
    reviewed_by = models.TextField(blank=True)
    reviewed_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.TextField(blank=True)
    approved_at = models.DateTimeField(null=True, blank=True)
    returned_reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["month", "draft"], name="publication_draft_once"),
            models.UniqueConstraint(
                fields=["month"], condition=Q(state__in=[one.value for one in OPEN]), name="publication_one_open_draft"
            ),
            models.UniqueConstraint(
                fields=["month", "edition"], condition=Q(state="published"), name="publication_edition_once"
            ),
            # Two persons: whoever reviewed it does not approve it.
            models.CheckConstraint(
                condition=Q(approved_by="") | ~Q(approved_by=F("reviewed_by")), name="publication_two_persons"
            ),
            models.CheckConstraint(
                condition=~Q(state="published")
                | (Q(approved_at__isnull=False, reviewed_at__isnull=False) & ~Q(approved_by="") & ~Q(reviewed_by="")),
                name="publication_reviewed_and_approved",
            ),
            models.CheckConstraint(condition=Q(edition=1) | ~Q(reason=""), name="publication_correction_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.month}/{self.draft}"


class Artifact(models.Model):
    """Tệp công bố of a published issue, kept in the store under its sha256."""

    issue = models.ForeignKey(Issue, models.PROTECT, related_name="artifacts")
    name = models.TextField()
    media_type = models.TextField()
    size = models.PositiveBigIntegerField()
    sha256 = models.TextField()
    signature = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["issue", "name"], name="publication_artifact_once")]
