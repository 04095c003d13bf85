"""PostgreSQL keeps the windows of an address apart by itself; on SQLite, where writers are alone, the verb does."""

from django.db import migrations

ADD = """
CREATE EXTENSION IF NOT EXISTS btree_gist;
ALTER TABLE articles_livedocument ADD CONSTRAINT live_windows_never_overlap
    EXCLUDE USING gist (slug WITH =, tstzrange(live_from, live_until) WITH &&) DEFERRABLE INITIALLY DEFERRED;
"""
DROP = "ALTER TABLE articles_livedocument DROP CONSTRAINT IF EXISTS live_windows_never_overlap;"


def on_postgresql(sql):
    def run(apps, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(sql, params=None)

    return run


class Migration(migrations.Migration):
    dependencies = [("articles", "0002_insert_only")]
    operations = [migrations.RunPython(on_postgresql(ADD), on_postgresql(DROP))]
