"""Full-text search over live documents. Its siblings are articles.stories.finding and media.photos.finding.

Both databases are fed the same folded words (media.words.search_terms), stem English without stop words, and answer the
same questions. A search ranks the newest thousand matches by where the words are and, slightly, by age.
"""

# Statements are built from constants of this file; what readers type is always a parameter.
# ruff: noqa: S608, S611

import json
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

from django.db import connection, connections
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from media.words import search_terms
from media.words.match import fts5, tsquery
from media.words.search_terms import Query, parse, similarity, suffixes, words

from ..directory.person import Person, Work
from ..text.searchable import prose
from . import spelling
from .document import BestBefore, Facet, LiveDocument, LiveDocumentBody
from .render import Rendering
from .search_entry import SearchEntry, SearchName

MOST_RANKED = 1000
"""How many of the newest matches are ranked; a word in more stories than this cannot find an old one."""
MOST_LISTED = 10_000
SAMPLED, RARE, HINT_KEPT_SECONDS = 500, 0.07, 300
LIKE_ENOUGH, SURELY = 0.42, 0.6
"""How similar a name must be to be meant, and to be meant whatever words are like those that were typed."""
HALF_LIFE = 730 * 24 * 3600
"""Seconds after which a story counts half as much as a new one that matches as well."""
PERSON, WORK = int(Facet.Kind.PERSON), int(Facet.Kind.WORK)
NAMED = {PERSON: Person, WORK: Work}


# Indexing


def index(pairs: Iterable[tuple], *, new: bool = False) -> None:
    """Index these (live document, rendering) pairs again; `new` documents have no old entries to delete."""
    pairs = list(pairs)
    if not pairs:
        return
    names = _names(pairs)
    _write_names(names)
    if not new:
        SearchEntry.objects.filter(document__in=[document.pk for document, _ in pairs]).delete()
    entries = [_entry(document, rendering, names) for document, rendering in pairs]
    _insert(entries)
    spelling.KNOWN.learn(text for _, _, *texts in entries for text in texts)


def _names(pairs: Sequence[tuple[LiveDocument, Rendering]]) -> dict[tuple[int, int], list[str]]:
    """Return every name and alias of the people and works these documents are listed under."""
    found = {facet: [name] for _, rendering in pairs for facet, name in rendering.named.items()}
    for kind, model in NAMED.items():
        keys = {key for each, key in found if each == kind}
        for key, alias in model.objects.filter(pk__in=keys).aliases() if keys else ():
            found[kind, key].append(alias)
    return found


def _write_names(names: dict[tuple[int, int], list[str]]) -> None:
    wanted = {
        (kind, key, folded[:300])
        for (kind, key), spellings in names.items()
        for name in spellings
        for folded in suffixes(name)
    }
    rows = SearchName.objects.filter(key__in={key for _, key in names})
    present = {(row.kind, row.key, row.folded): row.pk for row in rows if (row.kind, row.key) in names}
    gone = [pk for name, pk in present.items() if name not in wanted]
    if gone:
        SearchName.objects.filter(pk__in=gone).delete()
    # Always in one order, so that two renders never deadlock.
    new = [SearchName(kind=kind, key=key, folded=folded) for kind, key, folded in sorted(wanted - present.keys())]
    SearchName.objects.bulk_create(new, ignore_conflicts=True)


def _entry(
    document: LiveDocument, rendering: Rendering, names: dict[tuple[int, int], list[str]]
) -> tuple[int, int, str, str, str, str]:
    """Return (key, document, headline, names, standfirst, prose), the texts as plain folded words."""
    headline, standfirst, prose = rendering.text
    named = [name for facet in sorted(rendering.facets) for name in names.get((int(facet[0]), facet[1]), ())]
    texts = (headline, " · ".join(named), standfirst, prose)
    return (SearchEntry.key_of(document), document.pk, *(" ".join(words(text)) for text in texts))


def _insert(entries: list[tuple]) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(INSERT_VECTORS, [list(column) for column in zip(*entries, strict=True)])
            return
        cursor.executemany(
            "INSERT INTO articles_searchentry (key, document_id) VALUES (%s, %s)", [e[:2] for e in entries]
        )
        cursor.executemany(INSERT_WORDS, [(entry[0], *entry[2:]) for entry in entries])


VECTOR = """setweight(to_tsvector('marquee', headline), 'A') || setweight(to_tsvector('marquee', names), 'B') ||
    setweight(to_tsvector('marquee', standfirst), 'C') || setweight(to_tsvector('marquee', body), 'D')"""
"""How words count on PostgreSQL, for readers and for the newsroom."""
INSERT_VECTORS = f"""
INSERT INTO articles_searchentry (key, document_id, vector)
SELECT key, document, {VECTOR}
FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[])
    AS entry (key, document, headline, names, standfirst, body)
"""
INSERT_WORDS = "INSERT INTO articles_search (rowid, headline, names, standfirst, body) VALUES (%s, %s, %s, %s, %s)"


def forget() -> None:
    """Remove the words of deleted entries from the index for good. SQLite keeps them until it merges its segments."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            for table in ("articles_search", "articles_searchname_trigrams"):
                cursor.execute(f"INSERT INTO {table} ({table}) VALUES ('optimize')")


# Searching


@dataclass(frozen=True)
class Hit:
    """A live document that matches, with its bytes, and where it matches: both texts are HTML with `<mark>`."""

    document: LiveDocument
    headline_html: str
    snippet_html: str


@dataclass(frozen=True)
class Results:
    """A page of hits; `did_you_mean` is the name that was found for a misspelled one.

    `upcoming` is the next instant at which anything goes live; None if nothing will, or nothing was found.
    """

    hits: tuple[Hit, ...] = ()
    more: bool = False
    did_you_mean: str | None = None
    is_corrected: bool = False
    """Whether the words were corrected: further pages are those of the words in `did_you_mean`."""
    upcoming: datetime | None = None


def search(
    text: str | Query,
    *,
    at: datetime,
    within: QuerySet | None = None,
    limit: int = 20,
    offset: int = 0,
    nearly: bool | None = None,
    channel: str = "",
) -> Results:
    """Return the best live documents for what somebody typed, in one statement; in up to five if it is misspelled.

    `within` narrows the documents, say to a section. `nearly` says whether this is a page of a search that had to
    look for similar names: None finds out. `channel` is whose bytes are read. No input raises an error.
    """  # fmt: skip
    query = text if isinstance(text, Query) else parse(text)
    if not query or offset >= MOST_RANKED:
        return Results()
    inside = LiveDocument.objects.live(at) if within is None else within
    rows = [] if nearly else _run(_matches(query, at), inside, at, limit, offset, channel)
    if not rows and (nearly or (nearly is None and offset == 0)) and query.comparable:
        rows = _run(_near_matches(query), inside, at, limit, offset, channel) if _compares_names() else []
        likeness = rows[0].score if rows else 0.0
        if nearly is None and likeness < SURELY:
            found = _corrected(query, at, inside, limit, channel)
            if found and not (rows and _is_part_of(found.did_you_mean, rows[0].did_you_mean)):
                return found
    meant = rows[0].did_you_mean if rows else None
    shown = parse(meant) if meant else query
    upcoming = rows[0].upcoming if rows else None
    return Results(tuple(_hit(row, shown) for row in rows[:limit]), len(rows) > limit, meant, upcoming)


def _is_part_of(text: str | None, name: str) -> bool:
    return set(words(text or "")) <= set(words(name))


def _corrected(query: Query, at: datetime, inside: QuerySet, limit: int, channel: str) -> Results | None:
    """Return what is found by the words that were meant, as the articles that are found spell them."""
    for meant in spelling.KNOWN.corrected(query):
        rows = _run(_matches(meant, at), inside, at, limit, 0, channel)
        shown = spelling.as_found(query, meant, [json.loads(row.bytes.document_json) for row in rows]) if rows else None
        if shown:
            hits = tuple(_hit(row, shown) for row in rows[:limit])
            return Results(hits, len(rows) > limit, str(shown), is_corrected=True, upcoming=rows[0].upcoming)
    return None


def narrow(documents: QuerySet, text: str) -> QuerySet:
    """Return those of a queryset of live documents that match, at most the newest ten thousand; order is untouched."""
    query = parse(text)
    if not query:
        return documents.filter(pk=-1)
    if connection.vendor == "postgresql":
        matching, asked = (
            "SELECT document_id FROM articles_searchentry WHERE vector @@ to_tsquery('marquee', %s)",
            tsquery(query),
        )
        if is_rare(query):
            matching = f"SELECT unnest(ARRAY({matching} ORDER BY key + 0 DESC LIMIT {MOST_LISTED}))"
        return documents.filter(pk__in=RawSQL(matching, [asked]))
    matching = """
        SELECT entry.document_id FROM articles_searchentry entry WHERE entry.key IN (
            SELECT rowid FROM articles_search WHERE articles_search MATCH %s ORDER BY rowid DESC LIMIT %s)"""
    return documents.filter(pk__in=RawSQL(matching, [fts5(query), MOST_LISTED]))


def is_rare(query: Query) -> bool:
    """Return True if so few stories contain all these words that finding every one is faster than scanning the newest.

    PostgreSQL assumes that words are independent: for two frequent ones it expects many matches, and looks for a
    thousand from the newest story back, in vain, through a million. The newest stories are a sample that knows better.
    """
    if sum(len(term.words) for term in query.wanted) < 2:
        return False
    return _is_rare(tsquery(query), hint_age())


def hint_age() -> int:
    """Return a number that changes when the counts that choose a query plan must be taken again."""
    return int(time.monotonic() // HINT_KEPT_SECONDS)


@lru_cache(maxsize=4096)
def _is_rare(asked: str, bucket: int) -> bool:
    with connections[LiveDocument.objects.db].cursor() as cursor:
        cursor.execute(SAMPLE, [asked])
        return cursor.fetchone()[0] < SAMPLED * RARE


def _run(candidates: tuple[str, list], inside: QuerySet, at: datetime, limit: int, offset: int, channel: str) -> list:
    """Return one more document than asked for, best first, each with its bytes and what it was found by."""
    sql, params = candidates
    live, live_params = (
        inside.order_by().filter(pk=RawSQL("entry.document_id", ())).values("pk").query.sql_with_params()
    )
    statement = f"""
        WITH {sql.replace("LIVE", f"EXISTS ({live})")},
        page AS MATERIALIZED (SELECT * FROM found ORDER BY score DESC, key DESC LIMIT %s OFFSET %s)
        SELECT document.*, {APART if channel else USUAL}, bytes.bare_card, bytes.drops, found.did_you_mean, found.score,
            best_before.refresh_at AS good_until, (SELECT min(live_from) FROM articles_livedocument WHERE status = 200 AND live_from > %s) AS upcoming
        FROM page found JOIN articles_livedocument document ON document.id = found.document_id
        JOIN articles_livedocumentbody bytes ON bytes.document_id = document.id
        JOIN articles_bestbefore best_before ON best_before.document_id = document.id{JOINED if channel else ""}
        ORDER BY found.score DESC, found.key DESC"""
    params = [*params, *live_params, limit + 1, offset, _instant(at), *([channel] if channel else [])]
    return [_completed(row) for row in LiveDocument.objects.raw(statement, params)]


def _completed(row: LiveDocument) -> LiveDocument:
    """Return the row with its bytes and their best-before instant attached."""
    row.upcoming, row.good_until = told(row.upcoming), told(row.good_until)
    fields = ("card", "document_json", "bare_card", "drops")
    if row.__dict__.get("is_of_before"):
        row.good_until = row.live_from
    row.bytes = LiveDocumentBody(document=row, **{name: row.__dict__.pop(name) for name in fields})
    row.best_before = BestBefore(document=row, refresh_at=row.good_until)
    return row


def told(instant: datetime | str | None) -> datetime | None:
    """Return an instant as PostgreSQL returns it. For computed columns SQLite returns text without a time zone."""
    found = datetime.fromisoformat(instant) if isinstance(instant, str) else instant
    return found.replace(tzinfo=UTC) if found else None


def _matches(query: Query, at: datetime) -> tuple[str, list]:
    now = int(at.timestamp())
    if connection.vendor == "postgresql":
        return FOUND_BY_VECTOR.replace("NEWEST", "entry.key + 0" if is_rare(query) else "entry.key"), [
            now,
            tsquery(query),
        ]
    return FOUND_BY_WORDS, [now, fts5(query)]


def _near_matches(query: Query) -> tuple[str, list]:
    """Return SQL for documents listed under the people and works with the most similar names."""
    near, params = _near(query)
    return f"{near}, {FOUND_BY_NAME}", params


def _compares_names() -> bool:
    """Return True if the database can tell how similar names are: PostgreSQL does so by an extension."""
    return connection.vendor != "postgresql" or _has_trigrams(hint_age())


@lru_cache(maxsize=1)
def _has_trigrams(bucket: int) -> bool:
    with connections[LiveDocument.objects.db].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_extension WHERE extname = 'pg_trgm'")
        return bool(cursor.fetchone()[0])


def _near(query: Query) -> tuple[str, list]:
    if connection.vendor == "postgresql":
        return f"{CLOSE_ON_POSTGRESQL}, {NEAR}", [query.text, query.text]
    connection.ensure_connection()
    connection.connection.create_function("similarity", 2, similarity, deterministic=True)
    grams = sorted(gram for gram in search_terms.trigrams(query.text) if gram[0] != " ")
    return f"{CLOSE_ON_SQLITE}, {NEAR}", [query.text, " OR ".join(f'"{gram}"' for gram in grams)]


def _hit(row: LiveDocument, query: Query) -> Hit:
    document = json.loads(row.bytes.document_json)
    said = prose(document["body"])
    return Hit(row, search_terms.highlight(document["headline"], query), search_terms.snippet(said, query))


USUAL = "bytes.card, bytes.document_json"
APART = """COALESCE(apart.card, bytes.card) AS card, COALESCE(apart.document_json, bytes.document_json) AS document_json,
            CAST(bytes.drops AS TEXT) <> '{}' AS is_of_before"""
JOINED = """
        LEFT JOIN articles_channelbytes apart ON apart.document_id = document.id AND apart.channel = %s"""

FOUND_BY_VECTOR = f"""found AS MATERIALIZED (
    SELECT entry.document_id, entry.key, NULL AS did_you_mean,
        ts_rank('{{0.1, 0.3, 0.6, 1.0}}', entry.vector, query) / (1 + (%s - (entry.key >> 28)) / {HALF_LIFE}.0) AS score
    FROM articles_searchentry entry, to_tsquery('marquee', %s) query
    WHERE entry.vector @@ query AND LIVE ORDER BY NEWEST DESC LIMIT {MOST_RANKED})"""
SAMPLE = f"""SELECT count(*) FROM (SELECT vector FROM articles_searchentry ORDER BY key DESC LIMIT {SAMPLED}) newest
    WHERE vector @@ to_tsquery('marquee', %s)"""
FOUND_BY_WORDS = f"""found AS MATERIALIZED (
    SELECT entry.document_id, entry.key, NULL AS did_you_mean,
        -bm25(articles_search, 10.0, 6.0, 3.0, 1.0) / (1 + (%s - (entry.key >> 28)) / {HALF_LIFE}.0) AS score
    FROM articles_search JOIN articles_searchentry entry ON entry.key = articles_search.rowid
    WHERE articles_search MATCH %s AND LIVE ORDER BY articles_search.rowid DESC LIMIT {MOST_RANKED})"""
CLOSE_ON_POSTGRESQL = """close AS MATERIALIZED (
    SELECT kind, key, similarity(folded, %s) AS likeness FROM articles_searchname WHERE folded %% %s
    ORDER BY likeness DESC LIMIT 200)"""
CLOSE_ON_SQLITE = """close AS MATERIALIZED (
    SELECT kind, key, similarity(folded, %s) AS likeness FROM articles_searchname WHERE id IN (
        SELECT rowid FROM articles_searchname_trigrams WHERE articles_searchname_trigrams MATCH %s
        ORDER BY rank LIMIT 200))"""
NEAR = f"""near AS MATERIALIZED (
    SELECT kind, key, max(likeness) AS likeness FROM close WHERE likeness >= {LIKE_ENOUGH}
    GROUP BY kind, key ORDER BY 3 DESC, kind, key LIMIT 3)"""
FOUND_BY_NAME = f"""found AS MATERIALIZED (
    SELECT entry.document_id, entry.key, max(coalesce(person.name, work.title)) AS did_you_mean,
        max(near.likeness) AS score
    FROM near JOIN articles_facet facet ON facet.kind = near.kind AND facet.key = near.key
    JOIN articles_searchentry entry ON entry.document_id = facet.document_id
    LEFT JOIN articles_person person ON near.kind = {PERSON} AND person.id = near.key
    LEFT JOIN articles_work work ON near.kind = {WORK} AND work.id = near.key
    WHERE LIVE GROUP BY entry.document_id, entry.key ORDER BY score DESC, entry.key DESC LIMIT {MOST_RANKED})"""


# Suggesting


def suggest(text: str, *, at: datetime, limit: int = 8) -> list[dict]:
    """Return people, works and articles whose names begin like this, as dicts of type, name, slug and path.

    People and works come first, those with the newest story before others; two statements, up to six if nothing matches.
    """
    query = parse(text, shortest=2)
    if not query:
        return []
    named = _suggested(_beginning(query.text[:60]), at, limit)
    hits = search(query, at=at, limit=limit, nearly=False).hits if len(query.text) > 1 else ()
    if not named and not hits and query.comparable:
        named = _suggested(_near(query), at, limit) if _compares_names() else []
        if not named and (found := _corrected(query, at, LiveDocument.objects.live(at), limit, "")):
            hits = found.hits
    stories = [
        {"type": "article", "name": hit.document.headline, "slug": hit.document.slug, "path": hit.document.path}
        for hit in hits
    ]
    return [*named[: limit - min(len(stories), limit // 2)], *stories][:limit]


def _beginning(folded: str) -> tuple[str, list]:
    """Return SQL for names with a word that begins like this, the first 300 in alphabetical order."""
    return f"{NEAR_BEGINNING[connection.vendor]}", [f"{folded}%"] if connection.vendor == "postgresql" else [
        folded,
        f"{folded}􏿿",
    ]


def _suggested(near: tuple[str, list], at: datetime, limit: int) -> list[dict]:
    """Return the people and works of the names found that have a live article."""
    sql, params = near
    with connections[LiveDocument.objects.db].cursor() as cursor:
        cursor.execute(f"WITH {sql} {SUGGESTED}", [*params, *[_instant(at)] * 3, limit])
        rows = cursor.fetchall()
    return [_named(NAMED[kind], *rest) for kind, *rest in rows]


def _named(model: type[Person] | type[Work], name: str, slug: str, kind: str | None) -> dict:
    row = model(slug=slug) if model is Person else model(slug=slug, kind=kind)
    return {"type": model.address_kind, "name": name, "slug": slug, "path": row.path}


def _instant(at: datetime) -> datetime | str:
    return connection.ops.adapt_datetimefield_value(at)


NEAR_BEGINNING = {
    vendor: f"""near AS MATERIALIZED (
    SELECT kind, key, max(0) AS likeness FROM (
        SELECT kind, key FROM articles_searchname WHERE {begins} ORDER BY folded LIMIT 300) AS close
    GROUP BY kind, key)"""
    for vendor, begins in {"postgresql": "folded LIKE %s", "sqlite": "folded >= %s AND folded < %s"}.items()
}
SUGGESTED = f"""
    SELECT kind, name, slug, work_kind FROM (
        SELECT near.kind, coalesce(person.name, work.title) AS name, coalesce(person.slug, work.slug) AS slug,
            work.kind AS work_kind, near.likeness, (
                SELECT facet.published_at FROM articles_facet facet
                JOIN articles_livedocument document ON document.id = facet.document_id
                WHERE facet.kind = near.kind AND facet.key = near.key AND document.status = 200
                    AND document.live_from <= %s AND document.live_until > %s AND document.published_at <= %s
                ORDER BY facet.published_at DESC LIMIT 1) AS newest
        FROM near
        LEFT JOIN articles_person person ON near.kind = {PERSON} AND person.id = near.key
        LEFT JOIN articles_work work ON near.kind = {WORK} AND work.id = near.key) AS named
    WHERE newest IS NOT NULL ORDER BY likeness DESC, newest DESC, name LIMIT %s"""
