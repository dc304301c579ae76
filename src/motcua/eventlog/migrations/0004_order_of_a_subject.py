"""A subject's events stand in the log in the order of their versions; moments of the past are found without a scan."""

from django.contrib.postgres.indexes import BrinIndex
from django.db import migrations

# A transaction that began early may write to a subject late, after a younger one has written to it and committed.
# Readers follow (transaction, position) and would see the later version first. So an event never carries a smaller
# number than the one before it in its chain. A larger number than the writer's own hides nothing: while the writer
# runs, no reader goes beyond the writer's own number. The hash is as in 0002; the transaction was never part of it.
CHAIN = """
CREATE OR REPLACE FUNCTION eventlog_chain() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
    INSERT INTO eventlog_head AS h (stream, subject, version, hash) VALUES (NEW.stream, NEW.subject, 1, ''::bytea)
        ON CONFLICT (stream, subject) DO UPDATE SET version = h.version + 1
        RETURNING h.version, h.hash INTO NEW.version, NEW.previous;
    NEW.transaction := pg_current_xact_id()::text::bigint;
    IF NEW.version > 1 THEN
        SELECT greatest(NEW.transaction, e.transaction) INTO NEW.transaction FROM eventlog_loggedevent e
            WHERE e.stream = NEW.stream AND e.subject = NEW.subject AND e.version = NEW.version - 1;
    END IF;
    NEW.recorded_at := clock_timestamp();
    NEW.hash := sha256(NEW.previous || convert_to(
        concat_ws(chr(31), NEW.stream, NEW.subject, NEW.version, NEW.kind,
                  (extract(epoch FROM NEW.at) * 1000000)::bigint, NEW."by", NEW.content::text), 'UTF8'));
    UPDATE eventlog_head SET hash = NEW.hash WHERE stream = NEW.stream AND subject = NEW.subject;
    RETURN NEW;
END $$;
ALTER FUNCTION eventlog_chain() SET search_path FROM CURRENT;
"""
BACK = """
CREATE OR REPLACE FUNCTION eventlog_chain() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
    INSERT INTO eventlog_head AS h (stream, subject, version, hash) VALUES (NEW.stream, NEW.subject, 1, ''::bytea)
        ON CONFLICT (stream, subject) DO UPDATE SET version = h.version + 1
        RETURNING h.version, h.hash INTO NEW.version, NEW.previous;
    NEW.transaction := pg_current_xact_id()::text::bigint;
    NEW.recorded_at := clock_timestamp();
    NEW.hash := sha256(NEW.previous || convert_to(
        concat_ws(chr(31), NEW.stream, NEW.subject, NEW.version, NEW.kind,
                  (extract(epoch FROM NEW.at) * 1000000)::bigint, NEW."by", NEW.content::text), 'UTF8'));
    UPDATE eventlog_head SET hash = NEW.hash WHERE stream = NEW.stream AND subject = NEW.subject;
    RETURN NEW;
END $$;
ALTER FUNCTION eventlog_chain() SET search_path FROM CURRENT;
"""


class Migration(migrations.Migration):
    """Changes the trigger's function and adds the index over moments."""

    dependencies = [("eventlog", "0003_rights")]
    operations = [
        migrations.RunSQL(CHAIN, BACK),
        migrations.AddIndex(
            model_name="loggedevent", index=BrinIndex(fields=["at"], name="event_moments", pages_per_range=32)
        ),
    ]
