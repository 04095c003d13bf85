"""Photos as heads of lists, updates by their instant, and what PostgreSQL is told of the rows under one facet."""

import django.db.models.deletion
from django.db import migrations, models

TABLE = "articles_facet"


def expect_many_rows_under_a_key(apps, schema_editor):
    """Plans serve all values alike, and those of the greatest facets matter: they are read in order, never sorted."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"ALTER TABLE {TABLE} ALTER COLUMN key SET (n_distinct = 20)")


def expect_as_counted(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"ALTER TABLE {TABLE} ALTER COLUMN key RESET (n_distinct)")


class Migration(migrations.Migration):
    dependencies = [("articles", "0009_writing_at_scale"), ("media", "0006_packet_at")]
    operations = [
        migrations.AddIndex(
            "documentphoto",
            models.Index(
                models.F("photo"), models.OrderBy(models.F("published_at"), descending=True), models.F("document"),
                name="document_photo_head",
            ),
        ),
        migrations.AlterField(
            "documentphoto", "photo",
            models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="shown_in", to="media.photo"
            ),
        ),
        migrations.AddIndex(
            "livedocument",
            models.Index(
                condition=models.Q(("status", 200), ("updated_at__isnull", False)), fields=["updated_at"],
                name="live_updated",
            ),
        ),
        migrations.RunPython(expect_many_rows_under_a_key, expect_as_counted),
    ]
