"""Until when a live document is good moves to rows of its own, narrow enough to mark tens of thousands at once."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import OuterRef, Subquery

import articles.history.timeline

EDGE = "The first instant at which anything in the document changes."
COUNT = "Counts how often its facts changed; a rendering of older facts is thrown away."


def move_out(apps, schema_editor):
    schema_editor.execute(
        "INSERT INTO articles_bestbefore (document_id, refresh_at, facts) "
        "SELECT id, refresh_at, facts FROM articles_livedocument WHERE status = 200"
    )


def move_back(apps, schema_editor):
    rows = apps.get_model("articles", "BestBefore").objects.filter(document=OuterRef("pk"))
    apps.get_model("articles", "LiveDocument").objects.filter(status=200).update(
        refresh_at=Subquery(rows.values("refresh_at")), facts=Subquery(rows.values("facts"))
    )


class Migration(migrations.Migration):
    dependencies = [("articles", "0010_browsing")]
    operations = [
        migrations.CreateModel(
            name="BestBefore",
            fields=[
                (
                    "document",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name="best_before",
                        serialize=False, to="articles.livedocument",
                    ),
                ),
                ("refresh_at", models.DateTimeField(default=articles.history.timeline.FOREVER, help_text=EDGE)),
                ("facts", models.PositiveIntegerField(default=0, help_text=COUNT)),
            ],
            options={
                "indexes": [
                    models.Index(
                        models.F("refresh_at"), name="best_before_due",
                        condition=models.Q(("refresh_at__lt", articles.history.timeline.FOREVER)),
                    )
                ]
            },
        ),
        migrations.RunPython(move_out, move_back),
        migrations.RemoveIndex("livedocument", "live_refresh"),
        migrations.RemoveField("livedocument", "refresh_at"),
        migrations.RemoveField("livedocument", "facts"),
    ]
