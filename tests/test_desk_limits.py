"""What one person types, sends or waits for takes nothing from the others, and is never lost."""

import sqlite3
from urllib.parse import urlencode

import pytest
from django.db import OperationalError, connection
from django.urls import reverse

from articles.models import Article, Person
from cms import unavailable
from cms.patience import limited
from media.models import Photo
from media.photos import finding

from . import newsroom

pytestmark = pytest.mark.django_db
HTML = {"headers": {"Accept": "text/html"}}
on_sqlite = pytest.mark.skipif(
    "connection.vendor != 'sqlite'", reason="PostgreSQL counts no steps and fills no memory."
)
WORDS = "alpha beta gamma delta epsilon zeta eta theta"


@pytest.fixture
def desk(client, editor):
    client.force_login(editor)
    return client


def steps_of(work) -> int:
    """Return how much work the database had, in hundreds of steps."""
    counted = []
    connection.connection.set_progress_handler(lambda: counted.append(1), 100)
    try:
        work()
    finally:
        connection.connection.set_progress_handler(None, 0)
    return len(counted)


@pytest.fixture
def photos():
    """Photos with captions, credits and names that hold every word, so that chained joins would multiply them."""
    people = [Person.objects.create(name=f"{WORDS} {number}") for number in range(6)]
    found = [Photo.objects.create(event=WORDS) for _ in range(20)]
    for photo in found:
        for kind in ("house", "supplied"):
            photo.captions.create(kind=kind, text=WORDS)
        for person in people:
            photo.people.create(person=person)
    finding.read_some(Photo.objects)
    return found


@on_sqlite
def test_a_search_costs_so_much_for_each_word_and_no_more(photos):
    assert Photo.objects.search(WORDS).count() == len(photos)
    one, eight = (steps_of(lambda words=words: list(Photo.objects.search(words))) for words in ("alpha", WORDS))
    assert eight < 12 * one
    one, eight = (steps_of(lambda words=words: list(Person.objects.search(words))) for words in ("alpha", WORDS))
    assert eight < 12 * one


def test_words_of_one_search_may_stand_in_different_places(photos):
    photos[0].captions.filter(kind="house").update(text="singer")
    photos[0].supplier_image_id = "XK-9"
    photos[0].save()
    finding.read_some(Photo.objects)
    assert list(Photo.objects.search("singer xk-9 alpha")) == [photos[0]]
    assert not Photo.objects.search("singer xk-8").exists()


@pytest.mark.parametrize(
    "name",
    [
        "media_photo",
        "articles_article",
        "articles_person",
        "articles_tag",
        "media_agency",
        "media_photocredit",
        "media_notice",
    ],
)
def test_two_thousand_words_are_a_search_like_any_other(desk, name):
    words = urlencode({"q": " ".join(f"w{number}" for number in range(2000))})
    assert desk.get(f"{reverse(f'admin:{name}_changelist')}?{words}").status_code == 200


def test_a_search_that_takes_too_long_is_a_sentence(desk, photos, settings):
    settings.DESK_STATEMENT_SECONDS = 0.001
    Photo.objects.bulk_create(Photo(event=WORDS) for _ in range(1500))
    finding.catch_up(Photo.objects.all())
    while finding.read_some(Photo.objects):
        pass
    answer = desk.get(f"{reverse('admin:media_photo_changelist')}?{urlencode({'q': WORDS})}", **HTML)
    assert answer.status_code == 503
    assert answer["Retry-After"]
    assert "was stopped" in answer.content.decode()


def test_after_a_stopped_statement_the_next_one_works():
    with pytest.raises(OperationalError) as caught, limited(0.05), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_sleep(5)" if connection.vendor == "postgresql" else
            "WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n) SELECT count(*) FROM n"
        )  # fmt: skip
    assert unavailable.trouble_of(caught.value) == unavailable.SLOW


@on_sqlite
@pytest.mark.django_db(transaction=True)
def test_a_full_disk_keeps_what_was_typed(desk):
    story = newsroom.article()
    typed = {"headline": "Kept headline", "body": "<p>Kept words</p>" * 2000, "csrfmiddlewaretoken": "token"}
    with connection.cursor() as cursor:
        (pages,) = cursor.execute("PRAGMA page_count").fetchone()
        cursor.execute(f"PRAGMA max_page_count = {pages}")
        try:
            address = reverse("admin:articles_article_import")
            long = "\n\n".join(f"Paragraph {number} of a story that is long enough." for number in range(3000))
            answer = desk.post(address, typed | {"text": long, "create": "1"}, **HTML)
        finally:
            cursor.execute("PRAGMA max_page_count = 1073741823")
    assert answer.status_code == 503, answer.content[:500]
    assert answer["Retry-After"]
    page = answer.content.decode()
    assert unavailable.FULL in page
    assert "Kept headline" in page and "Paragraph 2999" in page
    assert Article.objects.count() == 1
    assert story.headline in desk.get(reverse("admin:articles_article_changelist")).content.decode()


def test_a_database_that_somebody_else_writes_to_is_said_so(tmp_path):
    one, other = (sqlite3.connect(tmp_path / "file", timeout=0, isolation_level=None) for _ in range(2))
    one.execute("BEGIN IMMEDIATE")
    with pytest.raises(sqlite3.OperationalError) as caught:
        other.execute("BEGIN IMMEDIATE")
    assert unavailable.trouble_of(OperationalError(str(caught.value))) == unavailable.LOCKED
    with pytest.raises(sqlite3.OperationalError) as caught:
        other.execute("SELECT * FROM nothing")
    assert unavailable.trouble_of(OperationalError(str(caught.value))) is None
