"""The photos held to be compared, by index. Built beside what is served."""

from django.db import migrations, models

INDEX = models.Index(fields=["looks_like"], name="photo_held", condition=models.Q(looks_like__isnull=False))


def add(apps, schema_editor):
    options = {"concurrently": True} if schema_editor.connection.vendor == "postgresql" else {}
    schema_editor.add_index(apps.get_model("media", "photo"), INDEX, **options)


def remove(apps, schema_editor):
    options = {"concurrently": True} if schema_editor.connection.vendor == "postgresql" else {}
    schema_editor.remove_index(apps.get_model("media", "photo"), INDEX, **options)


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("media", "0023_look_alikes")]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(add, remove)],
            state_operations=[migrations.AddIndex("photo", INDEX)],
        ),
    ]
