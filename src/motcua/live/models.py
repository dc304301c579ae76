"""Tables of the live index. All of them follow from the event log and may be deleted and folded again."""

import uuid

from django.contrib.postgres.fields import DateRangeField
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import F, Func, Q


class Lower(Func):
    """The first day of a range."""

    function = "lower"
    output_field = models.DateField()


class Progress(models.Model):
    """How far the projector has come: one row, changed in the same transaction as the figures."""

    number = models.SmallIntegerField(primary_key=True, default=1)
    transaction = models.BigIntegerField(default=0)
    position = models.BigIntegerField(default=0)
    events = models.BigIntegerField(default=0)
    """Events taken in since the fold began at zero."""
    catalogue_position = models.BigIntegerField(default=0)
    """The last event about a unit or a procedure: while it stays, what was read of them still holds."""
    last_event_at = models.DateTimeField(null=True)
    """The latest moment at which something taken in happened."""
    projected_at = models.DateTimeField(null=True)
    reading = models.TextField(blank=True)
    """How the rule set reads the facts; another reading counts everything anew."""
    fold = models.UUIDField(default=uuid.uuid4)
    """Names this fold: what was kept in memory of an earlier one no longer holds."""
    batch = models.BigIntegerField(default=0)
    """How many transactions have changed the figures since the fold began."""


class LiveDossier(models.Model):
    """One dossier as a row of the columnar format (docs/dev/seams.md, section 2), and what it is counted by."""

    code = models.TextField(primary_key=True)
    row = models.JSONField()
    unit_code = models.TextField(blank=True)
    procedure_code = models.TextField(blank=True)
    days = DateRangeField(null=True)
    """From the day of receipt to the day of the end, both included; open at the end while it is not ended."""
    flags = models.IntegerField(default=0)
    """The bits of ``facts.dossiers.FLAGS``."""
    open_due_at = models.DateTimeField(null=True)
    """When it becomes late if it is still open then; null where no moment makes a difference any more."""
    officer_code = models.TextField(blank=True, db_default="")
    reasons = models.IntegerField(default=0, db_default=0)
    """The bits of ``live.losing_marks.BITS``: why it loses, at whichever indicator."""
    source = models.TextField(blank=True, db_default="")
    """Who tells of it: empty for the desk, else the code of the import (``ImportedSource``)."""
    beside = models.TextField(blank=True, db_default="")
    """The import that fills what no event of the desk tells of a dossier of the desk; empty where none does."""

    class Meta:
        indexes = [
            GistIndex(fields=["days"], name="live_dossier_days"),
            models.Index(
                fields=["open_due_at"],
                include=["days", "unit_code", "flags"],
                condition=Q(open_due_at__isnull=False),
                name="live_dossier_open_due",
            ),
            models.Index(F("unit_code"), Lower("days"), name="live_dossier_unit_day"),
            # The ledger goes from one set of reasons to the next, then by day of receipt: of a province, of a unit.
            models.Index(F("reasons"), Lower("days"), F("code"), name="live_dossier_losing"),
            models.Index(F("unit_code"), F("reasons"), Lower("days"), F("code"), name="live_dossier_unit_losing"),
            models.Index(fields=["officer_code"], condition=~Q(officer_code=""), name="live_dossier_officer"),
            models.Index(fields=["procedure_code"], name="live_dossier_procedure"),
        ]


class Counters(models.Model):
    """Bộ đếm: how many dossiers, and how many of them have each counted fact (``facts.columns.COUNTED``)."""

    dossiers = models.IntegerField(default=0)
    is_online = models.IntegerField(default=0)
    is_postal = models.IntegerField(default=0)
    is_online_counted = models.IntegerField(default=0)
    is_synced = models.IntegerField(default=0)
    is_result_required = models.IntegerField(default=0)
    has_electronic_result = models.IntegerField(default=0)
    is_digitised = models.IntegerField(default=0)
    is_reused = models.IntegerField(default=0)
    is_shared = models.IntegerField(default=0)
    has_population_data = models.IntegerField(default=0)
    is_fee_due = models.IntegerField(default=0)
    is_paid_online = models.IntegerField(default=0)
    is_due_unknown = models.IntegerField(default=0)
    is_late = models.IntegerField(default=0)
    is_online_late = models.IntegerField(default=0)
    is_unsatisfied = models.IntegerField(default=0)

    class Meta:
        abstract = True


class LiveDay(Counters):
    """What a unit received on a day."""

    pk = models.CompositePrimaryKey("day", "unit_code")
    day = models.DateField()
    unit_code = models.TextField()


class LiveMonth(Counters):
    """What a unit received in a month: the sum of its days, so that years cost no more than their months."""

    pk = models.CompositePrimaryKey("month", "unit_code")
    month = models.DateField()
    """Its first day."""
    unit_code = models.TextField()
    shown_in = models.BigIntegerField(default=0)
    """The batch in which ``LiveShown`` of the month and unit last changed: what was read of it since still holds."""


class LiveEnded(Counters):
    """What a unit ended on a day, by the month of receipt."""

    pk = models.CompositePrimaryKey("day", "received_month", "unit_code")
    day = models.DateField()
    received_month = models.DateField()
    unit_code = models.TextField()


class LiveCarried(Counters):
    """What is carried into a month, by the month of receipt: received before it and not ended before it.

    A dossier stands in every month that begins between its receipt and its end. One that has not ended would stand in
    every month to come; it stands in the month ``rollups.NOT_ENDED`` alone.
    """

    pk = models.CompositePrimaryKey("month", "received_month", "unit_code")
    month = models.DateField()
    received_month = models.DateField()
    unit_code = models.TextField()


class LiveShown(models.Model):
    """What the dossiers of a unit, a procedure and a month show about the procedure: on which days, of each kind.

    Bit 0 is the first day of the month. One dossier is enough to show something, so days are kept and not numbers.
    """

    pk = models.CompositePrimaryKey("month", "unit_code", "procedure_code")
    month = models.DateField()
    unit_code = models.TextField()
    procedure_code = models.TextField()
    online = models.IntegerField(default=0)
    fee = models.IntegerField(default=0)
    paid = models.IntegerField(default=0)
    population = models.IntegerField(default=0)


class LiveImported(models.Model):
    """How many of the dossiers that a unit received on a day an import tells of, alone or beside the desk."""

    pk = models.CompositePrimaryKey("day", "unit_code", "source", "beside")
    day = models.DateField()
    unit_code = models.TextField()
    source = models.TextField(blank=True)
    beside = models.TextField(blank=True)
    dossiers = models.IntegerField(default=0)


class ImportedPart(models.Model):
    """Một phần của bản nhập: rows of one table as an import brought them, named by their hash and never changed.

    The event of an import in the log names its parts by their hashes, so that the log covers them too. They are kept
    with it: the figures are folded again from both.
    """

    digest = models.TextField(primary_key=True)
    table = models.TextField()
    rows = models.IntegerField()
    content = models.BinaryField()
    """Parquet."""


class ImportedSource(models.Model):
    """Nguồn nhập: what its last import says, as the event of the log tells it."""

    code = models.TextField(primary_key=True)
    name = models.TextField()
    position = models.BigIntegerField()
    """The event of its last import."""
    first_position = models.BigIntegerField()
    observed_at = models.DateTimeField()
    """When the source was so."""
    taken_at = models.DateTimeField()
    dossiers = models.IntegerField()
    told = models.JSONField()
    """The event's content: parts, columns told."""


class LiveContest(models.Model):
    """Kiến nghị về điểm bị trừ, as its events tell it: the last one about a dossier's mark at an indicator."""

    code = models.TextField(primary_key=True)
    dossier_code = models.TextField()
    indicator = models.TextField()
    state = models.TextField()
    """``filed``, ``approved``, ``refused`` or ``withdrawn``."""
    at = models.DateTimeField()
    """When it came into this state."""

    class Meta:
        indexes = [
            models.Index(fields=["dossier_code", "indicator"], name="live_contest_mark"),
            models.Index(fields=["state"], name="live_contest_state"),
        ]


class LiveSubject(models.Model):
    """A unit or a procedure as its events tell it."""

    pk = models.CompositePrimaryKey("stream", "code")
    stream = models.TextField()
    code = models.TextField()
    told = models.JSONField()


class Incident(models.Model):
    """Sai lệch: a proof found the live figures and the recomputed ones different."""

    number = models.BigAutoField(primary_key=True)
    found_at = models.DateTimeField()
    position = models.BigIntegerField()
    period = models.TextField()
    differences = models.JSONField()
    handled_at = models.DateTimeField(null=True)
    """When somebody said that it was dealt with; until then it stands on the screen."""
    handled_by = models.TextField(blank=True, db_default="")
    """Code of the staff member."""
    note = models.TextField(blank=True, db_default="")
    """What it was, and what was done."""


class ProofRun(models.Model):
    """Lần chứng minh: what one proof compared, and whether all of it was equal."""

    number = models.BigAutoField(primary_key=True)
    proved_at = models.DateTimeField()
    period = models.TextField()
    is_nightly = models.BooleanField()
    position = models.BigIntegerField()
    events = models.BigIntegerField()
    units = models.IntegerField()
    dossiers = models.IntegerField()
    differences = models.IntegerField()
    incident = models.BigIntegerField(null=True)
    """Number of the incident, where something differed."""


class Forecast(models.Model):
    """Dự báo cuối tháng of a unit, as foreseen from what was known at the end of a day."""

    pk = models.CompositePrimaryKey("day", "unit_code")
    day = models.DateField()
    unit_code = models.TextField()
    month = models.TextField()
    computed_at = models.DateTimeField()
    content = models.JSONField()
