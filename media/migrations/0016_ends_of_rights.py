"""When rights end and begin, by index, for the day view. Built beside what is served."""

from django.db import migrations, models
from django.db.models import Q

INDEXES = [
    ("right", models.Index(fields=["until"], name="right_ends", condition=Q(until__isnull=False))),
    ("right", models.Index(fields=["starts"], name="right_starts", condition=Q(starts__isnull=False))),
]


def add(apps, schema_editor):
    options = {"concurrently": True} if schema_editor.connection.vendor == "postgresql" else {}
    for model, index in INDEXES:
        schema_editor.add_index(apps.get_model("media", model), index, **options)


def remove(apps, schema_editor):
    options = {"concurrently": True} if schema_editor.connection.vendor == "postgresql" else {}
    for model, index in reversed(INDEXES):
        schema_editor.remove_index(apps.get_model("media", model), index, **options)


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("media", "0015_media_base")]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(add, remove)],
            state_operations=[migrations.AddIndex(model, index) for model, index in INDEXES],
        ),
    ]
