"""An index for each order of a list, built beside what is served, and the sort keys of the people and works there are."""

from django.db import migrations, models
from django.db.models import F, Q
from django.db.models.functions import Coalesce, Lower

from articles.directory.sort_key import sort_key

LIVE = Q(status=200)
INDEXES = [
    ("person", models.Index(fields=["sort_key", "slug"], name="person_sorted")),
    ("work", models.Index(fields=["sort_key", "slug"], name="work_sorted")),
    ("work", models.Index(fields=["release_date", "slug"], name="work_released")),
    (
        "livedocument",
        models.Index("locale", F("published_at").desc(), F("article_id").desc(), name="live_locale", condition=LIVE),
    ),
    (
        "livedocument",
        models.Index(
            Coalesce("updated_at", "published_at").desc(), F("article_id").desc(), name="live_last_change", condition=LIVE
        ),
    ),
    ("livedocument", models.Index(Lower("headline"), F("article_id"), name="live_title", condition=LIVE)),
]


def add(apps, schema_editor):
    options = {"concurrently": True} if schema_editor.connection.vendor == "postgresql" else {}
    for model, index in INDEXES:
        schema_editor.add_index(apps.get_model("articles", model), index, **options)


def remove(apps, schema_editor):
    options = {"concurrently": True} if schema_editor.connection.vendor == "postgresql" else {}
    for model, index in reversed(INDEXES):
        schema_editor.remove_index(apps.get_model("articles", model), index, **options)


def fill(apps, schema_editor):
    for name in ("person", "work"):
        model = apps.get_model("articles", name)
        while rows := list(model.objects.filter(sort_key=None)[:1000]):
            for row in rows:
                row.sort_key = sort_key(row.title if name == "work" else row.sort_name or row.name)
            model.objects.bulk_update(rows, ["sort_key"], batch_size=100)


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("articles", "0022_orders")]
    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(add, remove)],
            state_operations=[migrations.AddIndex(model, index) for model, index in INDEXES],
        ),
    ]
