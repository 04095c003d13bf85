"""What answers cost the database: few statements, and the same at ten articles and at a thousand."""

import random
from datetime import timedelta
from itertools import combinations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.live import search
from articles.models import (
    Appearance,
    Article,
    BestBefore,
    DocumentPhoto,
    Edition,
    Facet,
    LiveDocument,
    LiveDocumentBody,
    SearchEntry,
    Version,
)

from . import newsroom

pytestmark = pytest.mark.django_db
LIST = "/api/v1/articles/"

FILTERS = {
    "section": "film,music", "tag": "festival-season", "person": "mara-okonjo", "work": "the-glass-orchard",
    "author": "june-castellane", "kind": "news,review", "locale": "en-US", "photo": "PHOTO", "q": "carpet",
    "published_after": "2020-01-01", "published_before": "2099-01-01", "updated_after": "2020-01-01", "id": "STORY",
    "lead": "any", "match": "all", "exclude_id": "01980c2e-7b1a-7c3d-9e4f-5a6b7c8d9e0f", "ordering": "published",
}  # fmt: skip
MOST = {
    f"{LIST}?page_size=100": 1,
    f"{LIST}?fields=headline,lead(image)": 1,
    f"{LIST}?expand=people": 2,
    f"{LIST}story-3/": 1,
    f"{LIST}story-3/?format=ninjs": 2,
    f"{LIST}no-such-story/": 1,
    f"{LIST}?ordering=published": 1,
    f"{LIST}?ordering=-updated": 1,
    f"{LIST}?ordering=title": 1,
    f"{LIST}?lead=none": 1,
    f"{LIST}?locale=en": 2,
    f"{LIST}?count=true": 3,
    f"{LIST}?expand=people,works,authors": 4,
    f"{LIST}story-3/?expand=related,people,works,authors": 5,
    "/api/v1/related/?for=story-3": 2,
    "/api/v1/related/?for=story-3&exclude_id=01980c2e-7b1a-7c3d-9e4f-5a6b7c8d9e0f&fields=slug": 2,
    "/api/v1/archive/": 3,
    "/api/v1/archive/YEAR/MONTH/": 2,
    "/api/v1/people/?ordering=name": 1,
    "/api/v1/people/?starts_with=ma": 1,
    "/api/v1/works/?ordering=title": 1,
    "/api/v1/works/?ordering=-release_date": 1,
    "/api/v1/people/": 1,
    "/api/v1/people/mara-okonjo/": 2,
    "/api/v1/sections/": 2,
    "/api/v1/sections/film/": 2,
    "/api/v1/works/": 1,
    "/api/v1/works/the-glass-orchard/": 1,
    "/api/v1/tags/": 1,
    "/api/v1/tags/festival-season/": 1,
    "/api/v1/authors/": 1,
    "/api/v1/authors/june-castellane/": 1,
    "/api/v1/search/?q=carpet": 1,
    "/api/v1/suggest/?q=mar": 2,
    "/api/v1/updates/?since=2020-01-01": 7,
    "/api/v1/resolve/?path=/film/story-3/": 1,
    "/api/v1/resolve/?path=/person/mara-okonjo/": 2,
    "/feeds/rss.xml?full=1": 3,
    "/sitemap-articles.xml": 1,
    "/sitemap-news.xml": 1,
}
# How often words and facets are met, and whether names can be compared, is asked now and then: up to two statements.
HINTED = {
    "/api/v1/search/?q=carpet&section=film&kind=news&page_size=50": 2,
    "/api/v1/search/?q=marra+okonjoo": 4,
    "/feeds/person/mara-okonjo/feed.json": 5,
}


@pytest.fixture
def stories(db) -> list[Article]:
    mara, photo, now = newsroom.person(), newsroom.photo(), timezone.now() - timedelta(minutes=5)
    Appearance.objects.create(person=mara, photo=photo)
    newsroom.section("Music")
    found = []
    for number in range(10):
        story = newsroom.article(
            "Mara Okonjo on the carpet", slug=f"story-{number}", people=[mara], works=[newsroom.work()],
            tags=[newsroom.tag()], lead=photo,
        )  # fmt: skip
        story.publish(now=now)
        found.append(story)
    return found


def costs(client, urls) -> dict[str, int]:
    found = {}
    for url in urls:
        with CaptureQueriesContext(
            connection,
        ) as caught:
            answer = client.get(url)
        assert answer.status_code in (200, 404), (url, answer.content)
        found[url] = len(caught)
    return found


def combined(stories) -> list[str]:
    """Return lists under every filter, every two of them, all of them, and some threes."""
    given = FILTERS | {"photo": str(stories[0].lead_photo_id), "id": ",".join(str(story.pk) for story in stories)}
    threes = random.Random(6).sample(list(combinations(given, 3)), 40)
    chosen = [*combinations(given, 1), *combinations(given, 2), *threes, tuple(given)]
    return [f"{LIST}?{'&'.join(f'{name}={given[name]}' for name in names)}" for names in chosen]


def test_statements_stay_few_and_the_same_from_ten_to_a_thousand_articles(client, stories, settings):
    # Under any other host a sitemap asks whose it is, by one statement more.
    now, settings.PUBLIC_URL = timezone.now(), "http://testserver"
    most = {url.replace("YEAR/MONTH", f"{now.year}/{now.month}"): count for url, count in MOST.items()}
    most |= HINTED | dict.fromkeys(combined(stories), 2)
    few = costs(client, most)
    assert {url: count for url, count in few.items() if count > most[url]} == {}
    multiply(990, LiveDocument.objects.order_by("pk").last())
    assert LiveDocument.objects.live(timezone.now()).count() == 1000
    many = costs(client, most)
    changed = {url: abs(few[url] - count) for url, count in many.items() if count != few[url]}
    assert {url: by for url, by in changed.items() if url in MOST or by > 2} == {}
    assert len(client.get(f"{LIST}?page_size=100&section=film").json()["results"]) == 100
    assert len(client.get("/api/v1/search/?q=carpet&page_size=50").json()["results"]) == 50


def test_an_unchanged_answer_costs_one_statement(client, stories, django_assert_num_queries):
    for url in (LIST, f"{LIST}story-3/"):
        etag = client.get(url)["ETag"]
        with django_assert_num_queries(1):
            assert client.get(url, headers={"If-None-Match": etag}).status_code == 304


def multiply(count: int, document: LiveDocument) -> None:
    """Copy a live document as further articles with all that lists, photos and words know of it."""
    origin, text = document.article, document.bytes
    articles = [
        Article(headline=origin.headline, slug=f"copy-{number}", site=document.site, section=origin.section)
        for number in range(count)
    ]
    Article.objects.bulk_create(articles)
    made = document.edition.version
    versions = Version.objects.bulk_create(
        Version(
            article=article, number=1, at=made.at, content=made.content, content_hash="x",
            word_count=made.word_count, reading_time_minutes=made.reading_time_minutes,
        )
        for article in articles
    )  # fmt: skip
    editions = Edition.objects.bulk_create(
        Edition(
            article=version.article, version=version, number=1, kind="first",
            live_from=document.live_from, at=document.live_from,
        )
        for version in versions
    )  # fmt: skip
    copies = LiveDocument.objects.bulk_create(
        LiveDocument(
            article=edition.article, edition=edition, site=document.site, slug=edition.article.slug, etag="x",
            live_from=document.live_from, changed_at=document.changed_at, locale=document.locale,
            published_at=document.published_at - timedelta(seconds=number), path=f"/film/{edition.article.slug}/",
            headline=document.headline,
        )
        for number, edition in enumerate(editions)
    )  # fmt: skip
    BestBefore.objects.bulk_create(BestBefore(document=copy) for copy in copies)
    LiveDocumentBody.objects.bulk_create(
        LiveDocumentBody(document=copy, card=text.card, document_json=text.document_json, bare_card=text.bare_card)
        for copy in copies
    )
    facets = list(document.facets.values("kind", "key"))
    Facet.objects.bulk_create(
        Facet(document=copy, published_at=copy.published_at, article=copy.article_id, **facet)
        for copy in copies
        for facet in facets
    )
    DocumentPhoto.objects.bulk_create(
        DocumentPhoto(document=copy, photo=row.photo, published_at=copy.published_at)
        for copy in copies
        for row in document.photos.all()
    )
    words = ("mara okonjo on the carpet", "mara okonjo", "", "they came")
    search._insert([(SearchEntry.key_of(copy), copy.pk, *words) for copy in copies])


only_postgres = pytest.mark.skipif(
    "connection.vendor != 'postgresql'", reason="Only PostgreSQL keeps plans; this is SQLite."
)


@only_postgres
def test_lists_and_articles_are_planned_once_for_all_readers(client, stories):
    for address in (LIST, f"{LIST}?section=film", f"{LIST}story-3/", f"{LIST}story-4/"):
        for _ in range(3):
            client.get(address)
    with connection.cursor() as cursor:
        cursor.execute("SELECT sum(generic_plans), sum(custom_plans) FROM pg_prepared_statements")
        assert cursor.fetchone() == (12, 0)


@only_postgres
@pytest.mark.django_db(transaction=True)
def test_migration_overtaking_a_plan_is_no_readers_error(client, settings):
    newsroom.article(headline="Lanterns over Lisbon", section=newsroom.section()).publish(now=timezone.now())
    assert client.get(LIST).status_code == 200
    table = LiveDocument._meta.db_table
    try:
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE {table} ALTER COLUMN etag TYPE text")
        assert client.get(LIST).json()["results"][0]["headline"] == "Lanterns over Lisbon"
    finally:
        with connection.cursor() as cursor:
            length = LiveDocument._meta.get_field("etag").max_length
            cursor.execute(f"ALTER TABLE {table} ALTER COLUMN etag TYPE varchar({length})")
