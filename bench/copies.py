"""A large data set from a small one, on PostgreSQL: every story again and again with its own id, address and date.

Ten thousand stories are made and rendered by the product's own code; the rest are those stories' rows with four words
replaced, written by the database. A copy is what rendering it gives, but for the ETag and the version's digest, which
the database writes another way. Each round is a transaction: a second run goes on.
"""

import time
from concurrent.futures import ThreadPoolExecutor

from django.db import connection, transaction

from . import dataset
from .dataset import REPEAT

# What differs, by table. {k} is the round; b.a is the article, n its number, b.at its instant; p the number of the copy.
ARTICLE = "('01900000-0000-7000-8000-01' || lpad(to_hex(p), 10, '0'))::uuid"
LATER = f"make_interval(secs => {{k}} * {REPEAT} * 300)"
DOCUMENT = "t.document_id + {document}"
SHIFTED = {"version": "articles_version", "edition": "articles_edition", "document": "articles_livedocument"}


def tables() -> dict[str, dict[str, str]]:
    """Return by table the columns of a copy that differ from the original's, as SQL."""
    text = {name: _text(name) for name in ("card", "document_json", "bare_card")}
    later = {
        name: f"t.{name} + {LATER}" for name in ("at", "live_from", "published_at", "since", "saved_at", "created_at")
    }
    return {
        "articles_article": {"id": ARTICLE, "slug": "'story-' || p", "headline": _headline(), **_pick(later, "saved_at", "created_at")},
        "articles_version": {
            "id": "t.id + {version}", "article_id": ARTICLE, **_pick(later, "at"),
            "content": "jsonb_set(t.content, '{{headline}}', to_jsonb(replace(t.content->>'headline', 'story N' || n, 'story N' || p)))",
            "content_hash": "md5(t.content_hash || p) || md5(p::text)",
        },
        "articles_edition": {
            "id": "t.id + {edition}", "article_id": ARTICLE, "version_id": "t.version_id + {version}", **_pick(later, "at", "live_from"),
        },
        "articles_address": {"id": None, "slug": "'story-' || p", "target": f"({ARTICLE})::text", **_pick(later, "since")},
        "articles_articleauthor": {"id": None, "article_id": ARTICLE},
        "articles_articleperson": {"id": None, "article_id": ARTICLE},
        "articles_articlework": {"id": None, "article_id": ARTICLE},
        "articles_article_tags": {"id": None, "article_id": ARTICLE},
        "articles_photouse": {"id": None, "article_id": ARTICLE, "edition_id": "t.edition_id + {edition}"},
        "articles_auditentry": {"id": None, "article": ARTICLE, "subject": _headline("subject")},
        "articles_livedocument": {
            "id": "t.id + {document}", "article_id": ARTICLE, "edition_id": "t.edition_id + {edition}", "slug": "'story-' || p",
            "path": "replace(t.path, 'story-' || n || '/', 'story-' || p || '/')", "headline": _headline(),
            "etag": "left(md5(t.etag || p), 24)", **_pick(later, "live_from", "published_at"),
        },
        "articles_livedocumentbody": {"document_id": DOCUMENT, **text},
        "articles_bestbefore": {"document_id": DOCUMENT},
        "articles_facet": {"id": None, "article": ARTICLE, "document_id": DOCUMENT, **_pick(later, "published_at")},
        "articles_documentphoto": {"id": None, "document_id": DOCUMENT, **_pick(later, "published_at")},
        "articles_searchentry": {
            "key": f"(extract(epoch from b.at + {LATER})::bigint << 28) | (t.document_id + {{document}})",
            "document_id": DOCUMENT, "vector": "replace(t.vector::text, '''n' || n || ''':', '''n' || p || ''':')::tsvector",
        },
        "media_usage": {
            "id": None, "article": ARTICLE, "headline": _headline(), "url": "replace(t.url, 'story-' || n || '/', 'story-' || p || '/')",
            **_pick(later, "live_from"),
        },
    }  # fmt: skip


def _pick(columns: dict[str, str], *names: str) -> dict[str, str]:
    return {name: columns[name] for name in names}


def _headline(column: str = "headline") -> str:
    return f"replace(t.{column}, 'story N' || n, 'story N' || p)"


def _text(column: str) -> str:
    """Return a document's text with the four words replaced; a story's own are the only ones of their kind in it."""
    replaced = f"t.{column}"
    for old, new in (
        ("b.a::text", f"({ARTICLE})::text"), ("'story-' || n || '\"'", "'story-' || p || '\"'"), ("'story-' || n || '/'", "'story-' || p || '/'"),
        ("'story N' || n", "'story N' || p"), ("bench_said(b.at)", f"bench_said(b.at + {LATER})"),
    ):  # fmt: skip
        replaced = f"replace({replaced}, {old}, {new})"
    return replaced


def grow(count: int) -> None:
    """Let there be `count` stories: all by rendering on SQLite and up to REPEAT, by copies of those beyond."""
    from articles.models import Article

    if connection.vendor != "postgresql" or count <= REPEAT:
        dataset.grow(count)
    elif (
        Article.objects.filter(slug=f"story-{count - 1}").first() is None
        or _run("SELECT to_regclass('bench_base')")[0][0]
    ):
        dataset.grow(REPEAT)
        multiply(count)


def multiply(count: int, backends: int = 3) -> None:
    """Copy the first REPEAT stories until there are `count`, and give the indexes back."""
    _prepare()
    _drop_indexes()
    rounds = [k for k in range(1, count // REPEAT) if k not in _done()]
    began = time.perf_counter()
    with ThreadPoolExecutor(backends) as pool:
        for number, _ in enumerate(pool.map(_round, rounds), 1):
            print(f"{number} of {len(rounds)} rounds after {time.perf_counter() - began:.0f} s", flush=True)
    _restore_indexes()
    _finish()


def _run(*statements: str, params=None) -> list:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement, params)
        return cursor.fetchall() if cursor.description else []


def _prepare() -> None:
    """Set the originals aside, so that a round reads them alone however many copies there are."""
    if _run("SELECT to_regclass('bench_base')")[0][0]:
        return
    with transaction.atomic():
        _run(
            """CREATE FUNCTION bench_said(at timestamptz) RETURNS text IMMUTABLE LANGUAGE sql AS
               $$ SELECT to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') $$""",
            """CREATE TABLE bench_base AS SELECT article.id AS a, substr(article.slug, 7)::int AS n, edition.live_from AS at,
               document.id AS d FROM articles_article article JOIN articles_edition edition ON edition.article_id = article.id
               JOIN articles_livedocument document ON document.article_id = article.id""",
            "CREATE TABLE bench_rounds (k int PRIMARY KEY)",
            "CREATE TABLE bench_indexes (name text PRIMARY KEY, definition text)",
        )
        for table in tables():
            _run(
                f"CREATE UNLOGGED TABLE bench_{table} AS SELECT t.* FROM {table} t JOIN bench_base b ON {_own(table)} ORDER BY b.n"
            )
        _run("ANALYZE")


def _own(table: str) -> str:
    """Return what joins a table's rows to their story."""
    columns = _columns(table)
    if "document_id" in columns:
        return "b.d = t.document_id"
    if table == "articles_address":
        return "t.kind = 'article' AND b.a::text = t.target"
    return f"b.a = t.{next(name for name in ('article_id', 'article', 'id') if name in columns)}"


def _columns(table: str) -> list[str]:
    found = _run(
        "SELECT column_name FROM information_schema.columns WHERE table_name = %s ORDER BY ordinal_position",
        params=[table],
    )
    return [name for (name,) in found]


def _done() -> set[int]:
    return {k for (k,) in _run("SELECT k FROM bench_rounds")}


def _drop_indexes() -> None:
    """Take away what is cheaper to build afterwards; its definitions are kept in the database until then."""
    with transaction.atomic():
        _run(
            """INSERT INTO bench_indexes SELECT indexname, indexdef FROM pg_indexes i WHERE tablename = ANY(%s)
               AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conname = i.indexname)""",
            params=[list(tables())],
        )
        for (name,) in _run("SELECT name FROM bench_indexes"):
            _run(f'DROP INDEX IF EXISTS "{name}"')


def _restore_indexes() -> None:
    _run("SET maintenance_work_mem = '1GB'")
    for name, definition in _run("SELECT name, definition FROM bench_indexes ORDER BY name"):
        began = time.perf_counter()
        with transaction.atomic():
            _run(definition, f"DELETE FROM bench_indexes WHERE name = '{name}'")
        print(f"{name} after {time.perf_counter() - began:.0f} s", flush=True)


def _round(k: int) -> None:
    try:
        with transaction.atomic():
            # What a copy refers to is there as surely as what its original refers to.
            _run("SET LOCAL session_replication_role = replica", "SET LOCAL synchronous_commit = off")
            shifts = {name: k * _run(f"SELECT max(id) FROM bench_{table}")[0][0] for name, table in SHIFTED.items()}
            for table, changes in tables().items():
                _run(_copy(table, changes, k, shifts))
            _run(f"INSERT INTO bench_rounds VALUES ({k})")
    finally:
        connection.close()


def _copy(table: str, changes: dict, k: int, shifts: dict[str, int]) -> str:
    columns = [name for name in _columns(table) if changes.get(name, "") is not None]
    values = ", ".join(changes.get(name, f't."{name}"').format(k=k, **shifts) for name in columns)
    names = ", ".join(f'"{name}"' for name in columns)
    return f"""INSERT INTO {table} ({names}) SELECT {values} FROM bench_{table} t JOIN bench_base b ON {_own(table)}
        CROSS JOIN LATERAL (SELECT b.n + {k * REPEAT} AS p) numbered"""


def _finish() -> None:
    """Let the sequences go on behind the copies, take the scaffolding down, and tell the planner."""
    for table in tables():
        if "id" in _columns(table) and (sequence := _run(f"SELECT pg_get_serial_sequence('{table}', 'id')")[0][0]):
            _run(f"SELECT setval('{sequence}', (SELECT max(id) FROM {table}))")
        _run(f"DROP TABLE bench_{table}")
    _run("DROP TABLE bench_base, bench_rounds, bench_indexes", "DROP FUNCTION bench_said", "VACUUM ANALYZE")
