"""The table of guesses at codes and telephone numbers: a cache cannot count what comes at the same moment."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("web", "0001_shared_cache")]
    operations = [
        migrations.RunSQL(
            "CREATE UNLOGGED TABLE web_guesses (what text PRIMARY KEY, number integer NOT NULL,"
            " until timestamptz NOT NULL); CREATE INDEX web_guesses_until ON web_guesses (until);",
            "DROP TABLE web_guesses",
        )
    ]
