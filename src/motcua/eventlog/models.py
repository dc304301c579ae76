"""Tables of the event log. The database itself numbers, chains and protects the rows: see migration 0002."""

from django.contrib.postgres.indexes import BrinIndex
from django.db import models


class LoggedEvent(models.Model):
    """Sự kiện đã ghi: one thing that happened to one subject. Rows are inserted, never changed or removed."""

    position = models.BigAutoField(primary_key=True)
    transaction = models.BigIntegerField(editable=False)
    """Number of the transaction that wrote it, or of the younger one that wrote the subject's event before it.

    Readers follow (transaction, position): nothing can appear before what they have seen, and a subject's events come
    in the order of their versions.
    """
    stream = models.TextField()
    """Kind of subject: ``dossier``, ``unit``, ``procedure``…"""
    subject = models.TextField()
    """Code of the subject."""
    version = models.IntegerField(editable=False)
    """1 for the subject's first event, then without gaps."""
    kind = models.TextField()
    """Class of the event in ``motcua.events``."""
    at = models.DateTimeField()
    """When it happened, by the clock of whoever did it."""
    recorded_at = models.DateTimeField(editable=False)
    by = models.TextField(blank=True)
    """Code of the staff member or system that did it; never a name."""
    content = models.JSONField()
    """The event's fields: codes and moments only, no personal data."""
    previous = models.BinaryField(editable=False)
    hash = models.BinaryField(editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["stream", "subject", "version"], name="event_version_once"),
        ]
        indexes = [
            models.Index(fields=["transaction", "position"], name="event_commit_order"),
            # Events are written about when they happen: blocks of the table are spans of time.
            BrinIndex(fields=["at"], name="event_moments", pages_per_range=32),
        ]


class Head(models.Model):
    """Đầu chuỗi: the last version and hash of each subject, so that a removed last event is noticed too."""

    pk = models.CompositePrimaryKey("stream", "subject")
    stream = models.TextField()
    subject = models.TextField()
    version = models.IntegerField()
    hash = models.BinaryField()


class Seal(models.Model):
    """Niêm phong: one digest over everything recorded up to a moment, chained to the seal before."""

    number = models.BigAutoField(primary_key=True)
    last_transaction = models.BigIntegerField()
    last_position = models.BigIntegerField()
    count = models.BigIntegerField()
    digest = models.BinaryField()
    sealed_at = models.DateTimeField()
