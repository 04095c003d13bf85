"""A newsroom's archive comes in by the thousand, and comes out as if each story had been published by itself."""

import json
from datetime import timedelta
from io import StringIO
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from articles.live import search
from articles.models import (
    Address,
    Article,
    AuditEntry,
    Delivery,
    Endpoint,
    Facet,
    LiveDocument,
    LiveDocumentBody,
    PhotoUse,
)
from media.models import Usage

from . import newsroom

pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    """What the lines of an archive name."""
    return {
        "photos": [newsroom.photo(seed=1), newsroom.photo(line="REUTERS/Tom Vale", seed=2)], "person": newsroom.person(),
        "work": newsroom.work(), "tag": newsroom.tag(), "author": newsroom.author(), "section": newsroom.section(),
    }  # fmt: skip


def line(house, number: int, **fields) -> str:
    lead, second = house["photos"]
    story = {
        "slug": f"old-story-{number}", "headline": f"Old story {number}", "standfirst": "It was told before.",
        "section": house["section"].slug, "published_at": f"2019-05-04T10:{number % 60:02}:00Z", "lead_photo": str(lead.pk),
        "people": [{"slug": house["person"].slug, "role": "main"}], "works": [house["work"].slug],
        "tags": [house["tag"].slug], "authors": [{"slug": house["author"].slug}],
        "body": [
            {"type": "paragraph", "html": "She said <em>“never again”</em> \\ and left."},
            {"type": "photo", "photo": str(second.pk), "caption_html": "At the\ttable."},
        ],
    }  # fmt: skip
    return json.dumps(story | fields)


def take_in(tmp_path, *lines: str, **options) -> str:
    out = StringIO()
    (tmp_path / "archive.jsonl").write_text("\n".join(lines))
    call_command("import_archive", str(tmp_path / "archive.jsonl"), stdout=out, stderr=out, **options)
    return out.getvalue()


def readers_get(slug: str) -> tuple:
    document = LiveDocument.objects.get(slug=slug)
    body = LiveDocumentBody.objects.get(document=document)
    facets = sorted(Facet.objects.filter(document=document).values_list("kind", "key", "published_at"))
    return (
        document.path, document.etag, document.published_at, document.refresh_at, body.card, body.document_json,
        body.bare_card, body.drops, body.shown, facets, sorted(document.photos.values_list("photo", flat=True)),
    )  # fmt: skip


def test_archived_stories_are_live_with_the_dates_they_had(tmp_path, client, house):
    out = take_in(tmp_path, *(line(house, number) for number in range(30)))
    assert "30 stories taken in" in out
    page = client.get("/api/v1/articles/").json()
    assert page["results"][0]["slug"] == "old-story-29"
    assert page["results"][0]["published_at"] == "2019-05-04T10:29:00Z"
    found = client.get("/api/v1/articles/old-story-7/").json()
    assert found["body"][0]["html"] == "She said <em>“never again”</em> \\ and left."
    assert found["lead"]["credit"]["line"] and found["byline"] == f"By {house['author'].name}"
    assert client.get(f"/api/v1/articles/?person={house['person'].slug}").json()["results"]
    assert search.search("never again", at=timezone.now()).hits


def test_an_archived_story_is_what_publishing_it_would_give(tmp_path, house):
    take_in(tmp_path, *(line(house, number) for number in range(30)))
    story = Article.objects.get(slug="old-story-3")
    taken = readers_get(story.slug)
    Article.objects.rebuild([story], timezone.now())
    assert readers_get(story.slug) == taken
    # Nothing has changed since: publishing finds the edition that stands, the working copy is its only version.
    edition = story.editions.get()
    assert story.publish(now=timezone.now()) == edition
    assert story.versions.count() == 1
    assert {problem.code for problem in story.problems()} <= {"photo_missing_in_channel"}
    assert Address.objects.get(slug=story.slug).target == str(story.pk)
    assert AuditEntry.objects.get(article=story.pk).verb == "article.imported"


def test_archived_photos_are_counted_as_used(tmp_path, house):
    take_in(tmp_path, *(line(house, number) for number in range(30)))
    story = Article.objects.get(slug="old-story-3")
    lead, second = house["photos"]
    assert Usage.objects.filter(photo=lead.pk).count() == 30
    assert set(Usage.objects.filter(article=story.pk).values_list("role", "caption")) == {
        ("lead", lead.house_caption.text), ("body", "At the table."),
    }  # fmt: skip
    in_copy = PhotoUse.objects.filter(article=story, edition=None).values_list("role", "photo")
    assert list(in_copy) == [("lead", lead.pk), ("body", second.pk)]
    assert PhotoUse.objects.filter(edition=story.editions.get()).count() == 2


def test_what_is_old_is_no_news(tmp_path, house):
    Endpoint.objects.create(name="Front end", url="http://127.0.0.1:8939/hook")
    take_in(tmp_path, line(house, 1))
    call_command("worker", "--once", "--no-tasks", stdout=StringIO())
    assert not Delivery.objects.filter(event__startswith="article.").exists()


def test_an_import_begun_again_goes_on_where_it_stopped(tmp_path, house):
    lines = [line(house, number) for number in range(5)]
    take_in(tmp_path, *lines[:3])
    assert "2 stories taken in, 3 were here" in take_in(tmp_path, *lines)
    assert Article.objects.count() == 5


def test_a_refused_story_says_its_line_and_why_and_holds_nothing_up(tmp_path, house):
    newsroom.article("Taken").publish(now=timezone.now())
    killed = newsroom.photo(seed=5)
    killed.kill(by=None, reason="wrong person")
    bad = [
        line(house, 1, slug="taken"), line(house, 2, section="nowhere"), line(house, 3, lead_photo=str(uuid4())), "{no json",
        line(house, 4, lead_photo=str(killed.pk)), line(house, 5, body=[]), line(house, 6, published_at="long ago"),
        line(house, 7, headlin="x"), line(house, 8, headline="x" * 400), line(house, 9, headline="a\0b"),
        line(house, 10, people="everybody"), line(house, 11, slug="Not a slug"),
    ]  # fmt: skip
    out = StringIO()
    (tmp_path / "archive.jsonl").write_text("\n".join([*bad, line(house, 12), line(house, 12)]))
    with pytest.raises(CommandError, match="Refused: 13 lines"):
        call_command("import_archive", str(tmp_path / "archive.jsonl"), stdout=out, stderr=out)
    said = out.getvalue()
    for number, words in enumerate(
        ["used before", "no “nowhere”", "no longer exists", "no JSON", "killed", "no text", "published_at", "“headlin”",
         "headline: Ensure", "NUL", "give a list", "slug:", ], 1,
    ):  # fmt: skip
        assert any(f"line {number}:" in each and words in each for each in said.splitlines()), (number, words)
    assert list(LiveDocument.objects.exclude(slug="taken").values_list("slug", flat=True)) == ["old-story-12"]


def test_a_link_to_an_archived_story_is_one_once_it_is_there(tmp_path, client, house):
    key = str(uuid4())
    link = [{"type": "paragraph", "html": f'See <a href="article:{key}">the other</a>.'}]
    take_in(tmp_path, line(house, 1, body=link), line(house, 2, id=key))
    body = client.get("/api/v1/articles/old-story-1/").json()["body"]
    assert "/old-story-2/" in body[0]["html"]


def test_a_photo_whose_right_has_ended_waits_for_no_render(tmp_path, client, house):
    lead = house["photos"][0]
    lead.rights.create(effect="allow", until=timezone.now() + timedelta(hours=1))
    take_in(tmp_path, line(house, 1))
    assert client.get("/api/v1/articles/old-story-1/").json()["fresh_until"] is not None


def test_a_story_dated_ahead_is_scheduled(tmp_path, client, house, time_machine):
    tomorrow = timezone.now().replace(microsecond=0) + timedelta(days=1)
    take_in(tmp_path, line(house, 1, published_at=tomorrow.isoformat()))
    assert client.get("/api/v1/articles/old-story-1/").status_code == 404
    assert not Usage.objects.exists()
    time_machine.move_to(tomorrow)
    assert client.get("/api/v1/articles/old-story-1/").json()["slug"] == "old-story-1"
    call_command("worker", "--once", "--no-tasks", stdout=StringIO())
    assert Usage.objects.filter(live_from=tomorrow).count() == 2
