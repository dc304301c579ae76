"""Tables of the bottlenecks. All but ``ReviewNote`` follow from the event log and may be folded again from it."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q


class Progress(models.Model):
    """How far the fold has come: one row, changed in the same transaction as the figures."""

    number = models.SmallIntegerField(primary_key=True, default=1)
    transaction = models.BigIntegerField(default=0)
    position = models.BigIntegerField(default=0)
    events = models.BigIntegerField(default=0)
    last_event_at = models.DateTimeField(null=True)


class Standing(models.Model):
    """One dossier: what the fold remembers of it, and where it stands now."""

    code = models.TextField(primary_key=True)
    told = models.JSONField()
    unit_code = models.TextField(blank=True)
    """The unit that must act, or acted last."""
    procedure_code = models.TextField(blank=True)
    place = models.TextField(blank=True)
    limit_at = models.DateTimeField(null=True)
    """Until when the present stay may last; null while the clock stands or nothing limits it."""
    waiting_place = models.TextField(blank=True)
    waiting_ground = models.TextField(blank=True)
    waiting_since = models.DateTimeField(null=True)
    owner_key = models.TextField(blank=True)
    ended_at = models.DateTimeField(null=True)
    ended_how = models.TextField(blank=True)
    competent_unit = models.TextField(blank=True)
    near_day = models.DateField(null=True)
    """The day on which it ended in time with hardly any time left."""
    returns = models.SmallIntegerField(default=0)
    """How many times a step was sent back."""

    class Meta:
        indexes = [
            models.Index(fields=["limit_at"], name="bottleneck_open", condition=Q(limit_at__isnull=False)),
            models.Index(fields=["waiting_since"], name="bottleneck_waiting", condition=Q(waiting_since__isnull=False)),
            models.Index(fields=["owner_key", "procedure_code"], name="bottleneck_owner", condition=~Q(owner_key="")),
            models.Index(fields=["competent_unit", "near_day"], name="bottleneck_near", condition=~Q(near_day=None)),
            models.Index(fields=["unit_code"], name="bottleneck_ping_pong", condition=Q(returns__gt=1)),
        ]


class Unit(models.Model):
    """A unit as its events tell it: under which other it stands."""

    code = models.TextField(primary_key=True)
    parent_code = models.TextField(blank=True)


class Cell(models.Model):
    """Bộ đếm: what was counted of one kind and key in a month, for a unit and everything that stood below it then."""

    pk = models.CompositePrimaryKey("scope", "month", "kind", "key")
    scope = models.TextField()
    month = models.DateField()
    """First day of the month in which the thing ended."""
    kind = models.TextField()
    key = models.TextField()
    number = models.IntegerField(default=0)
    limited = models.IntegerField(default=0)
    """How many of them had a limit."""
    over = models.IntegerField(default=0)
    """How many went over it."""
    worked = models.BigIntegerField(default=0)
    """Working seconds."""
    lost = models.BigIntegerField(default=0)
    """Working seconds after the limit."""
    histogram = models.BinaryField(default=b"")

    class Meta:
        indexes = [models.Index(fields=["scope", "kind", "month"], name="bottleneck_cell")]


class LostPassage(models.Model):
    """A stay that went over its limit, to be listed behind a figure."""

    dossier_code = models.TextField()
    unit_code = models.TextField()
    procedure_code = models.TextField()
    place = models.TextField()
    step = models.IntegerField(null=True)
    officer_code = models.TextField()
    slot = models.SmallIntegerField()
    entered_at = models.DateTimeField()
    left_at = models.DateTimeField()
    worked = models.BigIntegerField()
    lost = models.BigIntegerField()

    class Meta:
        indexes = [
            models.Index(fields=["-lost", "id"], name="bottleneck_lost"),
            models.Index(fields=["unit_code", "left_at"], name="bottleneck_lost_unit"),
            models.Index(fields=["place", "-lost"], name="bottleneck_lost_place"),
            models.Index(fields=["procedure_code", "-lost"], name="bottleneck_lost_procedure"),
        ]


class Told(models.Model):
    """Nguyên nhân: an applicant was asked for papers or told no, why, and in which dossier."""

    dossier_code = models.TextField()
    kind = models.TextField()
    unit_code = models.TextField()
    procedure_code = models.TextField()
    at = models.DateTimeField()
    components = ArrayField(models.TextField())
    others = models.SmallIntegerField()
    basis = ArrayField(models.TextField())
    officer_code = models.TextField()

    class Meta:
        indexes = [
            models.Index(fields=["at"], include=["unit_code", "kind", "procedure_code"], name="bottleneck_told"),
            models.Index(fields=["unit_code", "at"], name="bottleneck_told_unit"),
        ]


class Usual(models.Model):
    """Thường lệ: how long dossiers of a procedure took from receipt to result, the whole province and all years."""

    procedure_code = models.TextField(primary_key=True)
    number = models.IntegerField()
    histogram = models.BinaryField()


class Sign(models.Model):
    """Dấu hiệu cần xem: what a monitor saw at a dossier; the last time where it saw it more than once."""

    dossier_code = models.TextField()
    monitor = models.TextField()
    unit_code = models.TextField()
    procedure_code = models.TextField()
    officer_code = models.TextField()
    at = models.DateTimeField()
    seen = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["dossier_code", "monitor"], name="sign_once")]
        indexes = [
            models.Index(fields=["monitor", "-at", "dossier_code"], name="bottleneck_sign"),
            models.Index(fields=["unit_code", "at"], name="bottleneck_sign_unit"),
        ]


class Review(models.Model):
    """Đã xem: the last time somebody looked at a sign, as the events tell it."""

    pk = models.CompositePrimaryKey("dossier_code", "monitor")
    dossier_code = models.TextField()
    monitor = models.TextField()
    at = models.DateTimeField()
    by = models.TextField()
    event = models.BigIntegerField()


class ReviewNote(models.Model):
    """What somebody wrote after looking at a sign; kept beside its event, which carries no free text."""

    event = models.BigIntegerField(primary_key=True)
    text = models.TextField()
