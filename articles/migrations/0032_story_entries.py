"""The newsroom's search: an entry for each working copy, which the worker reads after the upgrade.

Until it has, the release before serves as ever: it knows nothing of these tables, and what it saves meanwhile is read
again within the hour.
"""

import django.db.models.deletion
from django.db import migrations, models

POSTGRESQL = [
    "ALTER TABLE articles_storyentry ADD COLUMN vector tsvector NOT NULL DEFAULT ''",
    "CREATE INDEX story_entry_vector ON articles_storyentry USING gin (vector)",
]
NOT_POSTGRESQL = ["ALTER TABLE articles_storyentry DROP COLUMN IF EXISTS vector"]
# The trigger stands on a table of search alone, which nothing but search ever alters.
SQLITE = [
    """CREATE VIRTUAL TABLE articles_storywords USING fts5(
        headline, names, standfirst, body, tokenize = 'porter unicode61 remove_diacritics 2', prefix = '2 3')""",
    """CREATE TRIGGER story_entry_gone AFTER DELETE ON articles_storyentry BEGIN
        DELETE FROM articles_storywords WHERE rowid = old.key; END""",
]
NOT_SQLITE = ["DROP TRIGGER IF EXISTS story_entry_gone", "DROP TABLE IF EXISTS articles_storywords"]
WAITING = """INSERT INTO articles_storyentry (article_id)
    SELECT id FROM articles_article WHERE discarded_at IS NULL ORDER BY saved_at, id"""


def run(postgresql, sqlite):
    def execute(apps, schema_editor):
        for statement in postgresql if schema_editor.connection.vendor == "postgresql" else sqlite:
            schema_editor.execute(statement, params=None)

    return execute


class Migration(migrations.Migration):
    dependencies = [("articles", "0031_preview_frames")]
    operations = [
        migrations.CreateModel(
            name="StoryEntry",
            fields=[
                ("key", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "revision",
                    models.PositiveIntegerField(
                        help_text="The revision of the working copy that was read. Null: it has to be read again.",
                        null=True,
                    ),
                ),
                (
                    "article",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="entry", to="articles.article"
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "story entries",
                "indexes": [
                    models.Index(
                        condition=models.Q(("revision__isnull", True)), fields=["key"], name="story_entry_unread"
                    )
                ],
            },
        ),
        migrations.RunPython(run(POSTGRESQL, SQLITE), run(NOT_POSTGRESQL, NOT_SQLITE)),
        migrations.RunSQL(WAITING, migrations.RunSQL.noop),
    ]
