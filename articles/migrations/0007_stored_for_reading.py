"""How PostgreSQL keeps the bytes of live documents: cards in the row itself, everything else beside it, all as LZ4.

A list reads twenty cards. Kept inline and decompressed by LZ4 they cost the database a third less than as PostgreSQL
keeps long texts by itself. Only what is written from now on is kept so; `rebuild_live --all` rewrites the rest.
"""

from django.db import migrations

TABLE = "articles_livedocumentbody"
LONG = ("card", "document_json", "bare_card", "drops", "shown")


def store_for_reading(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    schema_editor.execute(f"ALTER TABLE {TABLE} ALTER COLUMN card SET STORAGE MAIN")
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT 'lz4' = ANY(enumvals) FROM pg_settings WHERE name = 'default_toast_compression'")
        has_lz4 = bool((cursor.fetchone() or [False])[0])
    for column in LONG if has_lz4 else ():
        schema_editor.execute(f"ALTER TABLE {TABLE} ALTER COLUMN {column} SET COMPRESSION lz4")


def store_as_usual(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    schema_editor.execute(f"ALTER TABLE {TABLE} ALTER COLUMN card SET STORAGE EXTENDED")
    for column in LONG:
        schema_editor.execute(f"ALTER TABLE {TABLE} ALTER COLUMN {column} SET COMPRESSION default")


class Migration(migrations.Migration):
    dependencies = [("articles", "0006_mergers")]
    operations = [migrations.RunPython(store_for_reading, store_as_usual)]
