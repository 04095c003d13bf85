"""The photo desk's search: a text for each photo in the database's own index, and keywords.

Every photo is noted to be read, by the worker, after the upgrade. The release before serves meanwhile: it knows nothing
of these tables, and what it adds is noted within the hour. A photo that has no keywords yet (null) gets those that its
file gave when it is read.
"""

import django.db.models.deletion
from django.db import migrations, models

import media.photos.keywords

# Of the same words as the stories' configuration, which comes with the tables of stories.
POSTGRESQL = [
    "CREATE TEXT SEARCH DICTIONARY marquee_photos_stem (TEMPLATE = snowball, LANGUAGE = english)",
    "CREATE TEXT SEARCH CONFIGURATION marquee_photos (COPY = simple)",
    "ALTER TEXT SEARCH CONFIGURATION marquee_photos ALTER MAPPING FOR asciiword, word, numword WITH marquee_photos_stem",
    "CREATE TABLE media_photowords (key bigint PRIMARY KEY, photo_id uuid NOT NULL, vector tsvector NOT NULL)",
    "CREATE INDEX photo_words_vector ON media_photowords USING gin (vector)",
    # A scan of the table seems cheap to the planner, since it takes no account of vectors stored apart.
    """CREATE FUNCTION media_photos_found(words text, most integer) RETURNS TABLE (photo_id uuid)
    LANGUAGE sql STABLE SET enable_seqscan = off AS $$
        SELECT found.photo_id FROM media_photowords found
        WHERE found.vector @@ to_tsquery('marquee_photos', words) ORDER BY found.key + 0 DESC LIMIT most
    $$""",
    """CREATE FUNCTION media_photo_entry_gone() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        DELETE FROM media_photowords WHERE key = old.key; RETURN NULL; END $$""",
    """CREATE TRIGGER photo_entry_gone AFTER DELETE ON media_photoentry
        FOR EACH ROW EXECUTE FUNCTION media_photo_entry_gone()""",
]
NOT_POSTGRESQL = [
    "DROP TRIGGER IF EXISTS photo_entry_gone ON media_photoentry",
    "DROP FUNCTION IF EXISTS media_photo_entry_gone()",
    "DROP FUNCTION IF EXISTS media_photos_found(text, integer)",
    "DROP TABLE IF EXISTS media_photowords",
    "DROP TEXT SEARCH CONFIGURATION IF EXISTS marquee_photos",
    "DROP TEXT SEARCH DICTIONARY IF EXISTS marquee_photos_stem",
]
# The trigger stands on a table of search alone, which nothing but search ever alters.
SQLITE = [
    """CREATE VIRTUAL TABLE media_photowords USING fts5(
        words, tokenize = 'porter unicode61 remove_diacritics 2', prefix = '2 3')""",
    """CREATE TRIGGER photo_entry_gone AFTER DELETE ON media_photoentry BEGIN
        DELETE FROM media_photowords WHERE rowid = old.key; END""",
]
NOT_SQLITE = ["DROP TRIGGER IF EXISTS photo_entry_gone", "DROP TABLE IF EXISTS media_photowords"]
WAITING = [
    "INSERT INTO media_photoentry (photo_id) SELECT id FROM media_photo ORDER BY created_at, id",
    "INSERT INTO media_phototoread (photo_id) SELECT id FROM media_photo ORDER BY created_at, id",
]


def run(postgresql, sqlite):
    def execute(apps, schema_editor):
        for statement in postgresql if schema_editor.connection.vendor == "postgresql" else sqlite:
            schema_editor.execute(statement, params=None)

    return execute


class Migration(migrations.Migration):
    dependencies = [("media", "0024_held_photos")]
    operations = [
        migrations.AddField(
            "photo",
            "keywords",
            models.JSONField(
                blank=True,
                default=list,
                help_text="What it can be found by besides its caption, people and event. Readers never see them.",
                null=True,
                validators=[media.photos.keywords.validate_keywords],
            ),
        ),
        migrations.CreateModel(
            name="PhotoEntry",
            fields=[
                ("key", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "photo",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="entry", to="media.photo"
                    ),
                ),
            ],
            options={"verbose_name_plural": "photo entries"},
        ),
        migrations.CreateModel(
            name="PhotoToRead",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "photo",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="media.photo"
                    ),
                ),
            ],
            options={"verbose_name_plural": "photos to read"},
        ),
        migrations.CreateModel(
            name="PhotoWord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("word", models.CharField(max_length=40)),
            ],
            options={"constraints": [models.UniqueConstraint(fields=("word",), name="photo_word_once")]},
        ),
        migrations.CreateModel(
            name="PhotoVariant",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("variant", models.CharField(max_length=7)),
                ("word", models.CharField(max_length=40)),
            ],
            options={"constraints": [models.UniqueConstraint(fields=("variant", "word"), name="photo_variant_once")]},
        ),
        migrations.RunPython(run(POSTGRESQL, SQLITE), run(NOT_POSTGRESQL, NOT_SQLITE)),
        migrations.RunPython(run(WAITING, WAITING), migrations.RunPython.noop),
    ]
