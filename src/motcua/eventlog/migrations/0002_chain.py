"""The database chains the events and refuses to change or remove them."""

from django.db import migrations

# What is hashed is written out here and in eventlog.verify; the two must stay the same, so neither may change: a
# new rule would be a new function with a version mark in the text it hashes.
CHAIN = """
CREATE FUNCTION eventlog_chain() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER eventlog_chain BEFORE INSERT ON eventlog_loggedevent
    FOR EACH ROW EXECUTE FUNCTION eventlog_chain();

CREATE FUNCTION eventlog_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Nhật ký sự kiện chỉ được ghi thêm, không được sửa hoặc xóa.' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER eventlog_append_only BEFORE UPDATE OR DELETE ON eventlog_loggedevent
    FOR EACH ROW EXECUTE FUNCTION eventlog_refuse();
CREATE TRIGGER eventlog_no_truncate BEFORE TRUNCATE ON eventlog_loggedevent
    FOR EACH STATEMENT EXECUTE FUNCTION eventlog_refuse();
CREATE TRIGGER eventlog_seal_append_only BEFORE UPDATE OR DELETE ON eventlog_seal
    FOR EACH ROW EXECUTE FUNCTION eventlog_refuse();
"""
UNCHAIN = """
DROP TRIGGER eventlog_chain ON eventlog_loggedevent;
DROP TRIGGER eventlog_append_only ON eventlog_loggedevent;
DROP TRIGGER eventlog_no_truncate ON eventlog_loggedevent;
DROP TRIGGER eventlog_seal_append_only ON eventlog_seal;
DROP FUNCTION eventlog_chain();
DROP FUNCTION eventlog_refuse();
"""


class Migration(migrations.Migration):
    """Adds the triggers."""

    dependencies = [("eventlog", "0001_initial")]
    operations = [migrations.RunSQL(CHAIN, UNCHAIN)]
