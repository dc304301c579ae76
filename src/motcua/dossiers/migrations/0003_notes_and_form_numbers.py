"""A form of a dossier has each number once."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("dossiers", "0002_reminders_and_notes"),
        ("organisations", "0002_alter_rolegrant_role"),
    ]

    operations = [
        migrations.AddConstraint(
            model_name="formissue",
            constraint=models.UniqueConstraint(fields=("dossier", "form", "number"), name="form_number_once"),
        ),
    ]
