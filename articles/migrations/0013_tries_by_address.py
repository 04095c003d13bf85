"""Tries are also counted by address alone. On PostgreSQL the index is built while logins go on."""

from django.db import migrations, models

INDEX = models.Index(fields=["address", "at"], name="login_failure_address")


def add(apps, schema_editor):
    options = {"concurrently": True} if schema_editor.connection.vendor == "postgresql" else {}
    schema_editor.add_index(apps.get_model("articles", "LoginFailure"), INDEX, **options)


def remove(apps, schema_editor):
    options = {"concurrently": True} if schema_editor.connection.vendor == "postgresql" else {}
    schema_editor.remove_index(apps.get_model("articles", "LoginFailure"), INDEX, **options)


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("articles", "0012_tries_and_known_addresses")]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(add, remove)],
            state_operations=[migrations.AddIndex("loginfailure", INDEX)],
        )
    ]
