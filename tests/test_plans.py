"""What PostgreSQL does for readers of a hundred thousand articles: ranges of indexes, nothing read through or sorted."""

import pytest
from django.db import connection
from django.utils import timezone

from articles.api.cursors import Place, write_cursor
from articles.models import BestBefore, Facet, LiveDocument, LiveDocumentBody, SearchEntry
from bench.plans import MOST_READ, endpoints, explained, plans_of

from . import newsroom

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.slow,
    pytest.mark.skipif("connection.vendor != 'postgresql'", reason="Plans are what PostgreSQL makes; this is SQLite."),
]
COPIES = 100_000


def copy_rows(model, where: str, copies: int, **changed: str) -> None:
    """Copy the rows of a table so many times, with these columns as SQL says; `n` numbers the copies."""
    table, names = model._meta.db_table, [field.column for field in model._meta.concrete_fields]
    names += sorted(changed.keys() - set(names))
    values = [changed.get(name, f"source.{name}") for name in names]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({', '.join(names)}) SELECT {', '.join(values)} "
            f"FROM {table} source, generate_series(1, {copies}) n WHERE {where}"
        )


@pytest.fixture
def big_house(db, request):
    """One real story, and copies of its document over a year: each in one of twelve sections, every 12th about Mara."""
    mara, film = newsroom.person(), newsroom.section()
    story = newsroom.article(people=[mara], section=film, lead=newsroom.photo())
    story.publish(now=timezone.now())
    document, copies = LiveDocument.objects.get(), getattr(request, "param", COPIES)
    first, at = document.pk + 1_000_000, "source.published_at - n * interval '5 minutes'"
    copy_rows(
        LiveDocument, f"source.id = {document.pk}", copies, id=f"{first} + n", slug="'copy-' || n", published_at=at, live_from=at,
        changed_at=at, path="'/film/copy-' || n || '/'", announces="''",
    )  # fmt: skip
    copy_rows(BestBefore, "true", copies, document_id=f"{first} + n")
    copy_rows(LiveDocumentBody, "true", copies, document_id=f"{first} + n")
    copy_rows(
        Facet, f"source.document_id = {document.pk}", copies, id=f"{first} + n * 20 + source.kind", document_id=f"{first} + n",
        published_at=at, article="md5(n::text)::uuid",
        key=f"CASE WHEN n % 12 = 0 OR source.kind NOT IN ({Facet.Kind.SECTION}, {Facet.Kind.PERSON}) THEN source.key ELSE 1000 + n % 12 END",
    )  # fmt: skip
    copy_rows(
        SearchEntry,
        "true",
        copies,
        key="source.key - n * 300 * (1::bigint << 28)",
        document_id=f"{first} + n",
        vector="source.vector",
    )
    with connection.cursor() as cursor:
        cursor.execute(WORDS)
        cursor.execute(VARIANTS)
        cursor.execute("ANALYZE")
    return document


WORDS = f"INSERT INTO articles_searchword (word) SELECT 'c' || md5(n::text) FROM generate_series(1, {COPIES}) n"
VARIANTS = """
    INSERT INTO articles_searchvariant (variant, word)
    SELECT DISTINCT substr(left(word, 7), 1, at - 1) || substr(left(word, 7), at + 1), word
    FROM articles_searchword, generate_series(1, 8) at WHERE word LIKE 'c%' AND length(word) = 33"""


def test_every_endpoint_reads_ranges_of_indexes_and_sorts_next_to_nothing(client, big_house, settings):
    settings.ALLOWED_HOSTS = ["*"]
    deep = LiveDocument.objects.get(slug=f"copy-{COPIES * 9 // 10}")
    cursor = write_cursor(Place(deep.published_at, deep.article_id))
    addresses = endpoints(
        big_house.slug, big_house.article_id, cursor, "mara-okonjo", "film", f"{deep.published_at:%Y/%-m}"
    )
    for name, plans in plans_of(client, connection, addresses).items():
        for plan in plans:
            assert not plan.faults(), "\n".join([name, *plan.faults(), plan.sql, *plan.lines()])


@pytest.mark.parametrize("big_house", [2 * MOST_READ], indirect=True)
def test_a_plan_without_an_index_is_seen(big_house):
    with explained(connection) as plans:
        list(LiveDocument.objects.order_by("headline", "path").values_list("pk", flat=True))
    assert plans[0].faults()
