"""PostgreSQL finds words in stories by their index alone.

The vectors lie beside their table, so that a scan of the table seems cheap to the planner, and reads every one of them.
"""

from django.db import migrations

POSTGRESQL = """
CREATE FUNCTION articles_stories_found(words text, most integer) RETURNS TABLE (key bigint, article_id uuid)
LANGUAGE sql STABLE SET enable_seqscan = off AS $$
    SELECT entry.key, entry.article_id FROM articles_storyentry entry
    WHERE entry.vector @@ to_tsquery('marquee', words) ORDER BY entry.key + 0 DESC LIMIT most
$$
"""
NOT_POSTGRESQL = "DROP FUNCTION IF EXISTS articles_stories_found(text, integer)"


def run(statement):
    def execute(apps, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(statement, params=None)

    return execute


class Migration(migrations.Migration):
    dependencies = [("articles", "0036_plainer_words")]
    operations = [migrations.RunPython(run(POSTGRESQL), run(NOT_POSTGRESQL))]
