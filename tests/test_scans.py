"""What an idle worker and readers ask of the database: no statement reads a table of the archive through."""

import os
import re

import pytest
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection
from django.utils import timezone

from articles.api.query_string import ORDERINGS
from articles.management import housekeeping
from articles.management.commands.worker import Worker
from articles.models import BestBefore, Facet, LiveDocument, LiveDocumentBody
from articles.outbox import purging
from bench.plans import endpoints
from media.models import Site

from . import newsroom

pytestmark = pytest.mark.django_db
GROWING = (
    "articles_livedocument", "articles_bestbefore", "articles_livedocumentbody", "articles_facet", "articles_documentphoto",
    "articles_documentlink", "articles_searchentry", "articles_article", "articles_edition", "articles_version",
    "articles_delivery", "articles_auditentry", "media_photo", "media_usage",
)  # fmt: skip
# Read in their order for a page of a list that begins at one of their ends.
WALKED = ("live_last_change", "live_title")
COPIES = 100_000 if os.environ.get("MARQUEE_LONG") else 2000
NUMBERS = f"(WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < {COPIES}) SELECT n FROM n) n"


@pytest.fixture
def archive(db):
    """One story that is live and announced, and so many copies of its document that reading all is no plan."""
    story = newsroom.article(people=[newsroom.person()], section=newsroom.section(), lead=newsroom.photo())
    story.publish(now=timezone.now())
    call_command("worker", once=True, no_tasks=True)
    document = LiveDocument.objects.get()
    copied = {"id": f"{document.pk} + n.n", "slug": "'copy-' || n.n", "path": "'/film/copy-' || n.n || '/'"}
    copy(LiveDocument, f"source.id = {document.pk}", **copied)
    copy(BestBefore, f"source.document_id = {document.pk}", document_id=f"{document.pk} + n.n")
    copy(LiveDocumentBody, f"source.document_id = {document.pk}", document_id=f"{document.pk} + n.n")
    copy(Facet, f"source.document_id = {document.pk}", id="source.id + 1000 * n.n", document_id=f"{document.pk} + n.n")
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), [LiveDocument, Facet]):
            cursor.execute(statement)
        cursor.execute("ANALYZE")
    yield document
    LiveDocument.objects.exclude(pk=document.pk).delete()


def copy(model, where: str, **changed: str) -> None:
    columns = [field.column for field in model._meta.concrete_fields]
    values = ", ".join(changed.get(name, f"source.{name}") for name in columns)
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({', '.join(columns)}) SELECT {values} FROM {table} source, {NUMBERS} WHERE {where}"
        )


def scans(work) -> list[str]:
    """Return the statements of this work that read a growing table through, each with the step that does."""
    said = []

    def explain(execute, sql, params, many, context):
        if not many and sql.lstrip().startswith(("SELECT", "WITH", "UPDATE", "DELETE")):
            said.extend((step, sql) for step in steps(sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(explain):
        work()
    assert said, "It asked nothing of the database."
    whole = re.compile(rf"(?:SCAN|Seq Scan on) (?:{'|'.join(GROWING)})\b(?! USING INDEX (?:{'|'.join(WALKED)})$)")
    return [f"{step}: {sql}" for step, sql in said if whole.search(step)]


def steps(sql: str, params: list | dict) -> list[str]:
    explain = "EXPLAIN " if connection.vendor == "postgresql" else "EXPLAIN QUERY PLAN "
    if connection.vendor == "sqlite":
        sql = sql.replace("%s", "?").replace("%%", "%")
    cursor = connection.connection.cursor()
    if connection.vendor == "postgresql":
        # Tables of a few rows are read through by choice; what matters is whether an index could serve at a million.
        cursor.execute("SET LOCAL enable_seqscan = off")
    try:
        return [str(row[-1]) for row in cursor.execute(explain + sql, params).fetchall()]
    finally:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = on")


def test_an_idle_round_of_the_worker_reads_no_table_through(archive):
    worker = Worker(run_tasks=False)

    def idle():
        for duty in (worker.begin, worker.purge, worker.warm, worker.call_couriers, worker.beat):
            assert not duty()
        housekeeping.delete_past_windows(timezone.now())
        purging.drain(timezone.now())

    assert scans(idle) == []


def test_no_endpoint_for_readers_reads_a_table_through(client, archive):
    addresses = endpoints(archive.slug, archive.article_id, "", "mara-okonjo", "film", f"{archive.published_at:%Y/%-m}")
    for name, address in addresses.items():
        if name != "deep list":
            assert client.get(address).status_code == 200
            assert scans(lambda address=address: client.get(address)) == [], name


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="What PostgreSQL sorts, tests/test_plans.py sees.")
def test_no_order_of_a_list_is_sorted(client, archive):
    orders = [f"/api/v1/articles/?ordering={ordering}" for ordering in ORDERINGS]
    orders += [
        f"/api/v1/articles/?{each}" for each in ("lead=none", "locale=en-US", "person=mara-okonjo&ordering=published")
    ]
    orders += [f"/api/v1/people/?ordering={each}" for each in ("name", "-name")]
    orders += [f"/api/v1/works/?ordering={each}" for each in ("title", "-title", "release_date", "-release_date")]
    orders += ["/api/v1/people/?starts_with=ma", "/api/v1/works/?starts_with=the"]
    for address in orders:
        assert client.get(address).status_code == 200
        said: list[str] = []

        def explain(execute, sql, params, many, context, said=said):
            said.extend(steps(sql, params) if sql.lstrip().startswith(("SELECT", "WITH")) else ())
            return execute(sql, params, many, context)

        with connection.execute_wrapper(explain):
            client.get(address)
        assert said and not [step for step in said if "TEMP B-TREE" in step], address


def test_a_small_title_does_not_read_through_the_stories_of_the_large_one(client, archive):
    small = Site.objects.create(name="The Small", url_template="https://www.small.example.org{path}")
    there = newsroom.article("There", slug="there")
    there.site = small
    there.save()
    there.publish()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    said: list[str] = []

    def explain(execute, sql, params, many, context):
        said.extend(steps(sql, params) if sql.lstrip().startswith(("SELECT", "WITH")) else ())
        return execute(sql, params, many, context)

    with connection.execute_wrapper(explain):
        found = client.get("/sitemap-articles.xml", {"host": "www.small.example.org"}).content.decode()
    assert found.count("<loc>") == 1
    through = [step for step in said if "articles_livedocument" in step and re.search("live_list|Seq Scan|SCAN", step)]
    assert not through and any("live_of_title" in step for step in said), said


def test_a_statement_that_reads_a_table_through_is_seen(archive):
    (found,) = scans(lambda: list(LiveDocument.objects.filter(headline="nothing")))
    assert "articles_livedocument" in found
