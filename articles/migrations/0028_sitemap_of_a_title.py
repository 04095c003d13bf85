"""An index for the sitemap of one title among several, built beside what is served."""

from django.db import migrations, models


def add(apps, schema_editor):
    options = {"concurrently": True} if schema_editor.connection.vendor == "postgresql" else {}
    schema_editor.add_index(apps.get_model("articles", "livedocument"), INDEX, **options)


def remove(apps, schema_editor):
    options = {"concurrently": True} if schema_editor.connection.vendor == "postgresql" else {}
    schema_editor.remove_index(apps.get_model("articles", "livedocument"), INDEX, **options)


INDEX = models.Index(fields=["site", "published_at", "article"], name="live_of_title", condition=models.Q(status=200))


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("articles", "0027_sent_forms")]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(add, remove)],
            state_operations=[migrations.AddIndex("livedocument", INDEX)],
        ),
    ]
