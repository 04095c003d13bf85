"""The text indexes of each database: a tsvector column and trigrams on PostgreSQL, two FTS5 tables on SQLite.

English is stemmed without stop words, so that “The Who” and “It” can be found; accents are folded before text gets
here (articles.text.search_terms), which makes both databases agree on them.
"""

from django.db import migrations

# Where the server has no pg_trgm, or the role may not create it, all but misspelled whole names is found all the same.
POSTGRESQL = """
DO $$ BEGIN
    CREATE EXTENSION IF NOT EXISTS pg_trgm;
EXCEPTION WHEN insufficient_privilege OR undefined_file OR feature_not_supported THEN
    RAISE NOTICE 'pg_trgm is not there';
END $$;
CREATE TEXT SEARCH DICTIONARY marquee_stem (TEMPLATE = snowball, LANGUAGE = english);
CREATE TEXT SEARCH CONFIGURATION marquee (COPY = simple);
ALTER TEXT SEARCH CONFIGURATION marquee ALTER MAPPING FOR asciiword, word, numword WITH marquee_stem;
ALTER TABLE articles_searchentry ADD COLUMN vector tsvector NOT NULL;
CREATE INDEX search_entry_vector ON articles_searchentry USING gin (vector);
DO $$ BEGIN
    IF EXISTS (SELECT 1 FROM pg_extension WHERE extname = 'pg_trgm') THEN
        CREATE INDEX search_name_trigrams ON articles_searchname USING gin (folded gin_trgm_ops);
    END IF;
END $$;
"""
NOT_POSTGRESQL = """
DROP INDEX IF EXISTS search_name_trigrams;
ALTER TABLE articles_searchentry DROP COLUMN IF EXISTS vector;
DROP TEXT SEARCH CONFIGURATION IF EXISTS marquee;
DROP TEXT SEARCH DICTIONARY IF EXISTS marquee_stem;
"""
# The triggers stand on tables of search alone, which nothing but search ever alters.
SQLITE = [
    """CREATE VIRTUAL TABLE articles_search USING fts5(
        headline, names, standfirst, body, tokenize = 'porter unicode61 remove_diacritics 2', prefix = '2 3')""",
    """CREATE TRIGGER search_entry_gone AFTER DELETE ON articles_searchentry BEGIN
        DELETE FROM articles_search WHERE rowid = old.key; END""",
    """CREATE VIRTUAL TABLE articles_searchname_trigrams USING fts5(
        folded, content = 'articles_searchname', content_rowid = 'id', tokenize = 'trigram')""",
    """CREATE TRIGGER search_name_added AFTER INSERT ON articles_searchname BEGIN
        INSERT INTO articles_searchname_trigrams (rowid, folded) VALUES (new.id, new.folded); END""",
    """CREATE TRIGGER search_name_gone AFTER DELETE ON articles_searchname BEGIN
        INSERT INTO articles_searchname_trigrams (articles_searchname_trigrams, rowid, folded)
        VALUES ('delete', old.id, old.folded); END""",
]
NOT_SQLITE = [
    "DROP TRIGGER IF EXISTS search_name_added",
    "DROP TRIGGER IF EXISTS search_name_gone",
    "DROP TRIGGER IF EXISTS search_entry_gone",
    "DROP TABLE IF EXISTS articles_searchname_trigrams",
    "DROP TABLE IF EXISTS articles_search",
]


def run(postgresql, sqlite):
    def execute(apps, schema_editor):
        statements = [postgresql] if schema_editor.connection.vendor == "postgresql" else sqlite
        for statement in statements:
            schema_editor.execute(statement, params=None)

    return execute


class Migration(migrations.Migration):
    dependencies = [("articles", "0004_roles")]
    operations = [migrations.RunPython(run(POSTGRESQL, SQLITE), run(NOT_POSTGRESQL, NOT_SQLITE))]
