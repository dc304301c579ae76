"""The program may add to the log and read it, and nothing else; the chain is kept by the log's owner."""

from django.db import migrations

# The chain's function runs with its owner's rights, so the program needs none on the heads of the chains. Its search
# path is fixed, so that nobody can slip a table of theirs in front of ours.
RIGHTS = """
ALTER FUNCTION eventlog_chain() SECURITY DEFINER;
ALTER FUNCTION eventlog_chain() SET search_path FROM CURRENT;

CREATE FUNCTION eventlog_grant(program name) RETURNS void LANGUAGE plpgsql AS $$
DECLARE home text := (SELECT relnamespace::regnamespace::text FROM pg_class WHERE oid = 'eventlog_loggedevent'::regclass);
BEGIN
    EXECUTE format('GRANT USAGE ON SCHEMA %s TO %I', home, program);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA %s TO %I', home, program);
    EXECUTE format('GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA %s TO %I', home, program);
    EXECUTE format('REVOKE ALL ON eventlog_loggedevent, eventlog_head, eventlog_seal, django_migrations FROM %I', program);
    EXECUTE format('GRANT SELECT, INSERT ON eventlog_loggedevent, eventlog_seal TO %I', program);
    EXECUTE format('GRANT SELECT ON eventlog_head, django_migrations TO %I', program);
END $$;
REVOKE ALL ON FUNCTION eventlog_grant(name) FROM PUBLIC;
"""
BACK = """
DROP FUNCTION eventlog_grant(name);
ALTER FUNCTION eventlog_chain() SECURITY INVOKER;
ALTER FUNCTION eventlog_chain() RESET search_path;
"""


class Migration(migrations.Migration):
    """Adds the rights."""

    dependencies = [("eventlog", "0002_chain")]
    operations = [migrations.RunSQL(RIGHTS, BACK)]
