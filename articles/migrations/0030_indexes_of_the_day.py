"""What ends and what is due, by index, for the day view. Built beside what is served."""

from django.db import migrations, models
from django.db.models import Q

INDEXES = [
    ("task", models.Index(fields=["due_at"], name="task_due", condition=Q(done_at__isnull=True, due_at__isnull=False))),
    ("edition", models.Index(fields=["ends"], name="edition_ends")),
    (
        "article",
        models.Index(fields=["embargo_until"], name="article_embargo", condition=Q(embargo_until__isnull=False)),
    ),
]


def add(apps, schema_editor):
    options = {"concurrently": True} if schema_editor.connection.vendor == "postgresql" else {}
    for model, index in INDEXES:
        schema_editor.add_index(apps.get_model("articles", model), index, **options)


def remove(apps, schema_editor):
    options = {"concurrently": True} if schema_editor.connection.vendor == "postgresql" else {}
    for model, index in reversed(INDEXES):
        schema_editor.remove_index(apps.get_model("articles", model), index, **options)


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("articles", "0029_task_due")]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(add, remove)],
            state_operations=[migrations.AddIndex(model, index) for model, index in INDEXES],
        ),
    ]
