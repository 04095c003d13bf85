"""Following what changes, finding what a path means, and looking at drafts."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from articles.api.cursors import Place, write_cursor
from articles.models import LiveDocument, PreviewLink

from . import newsroom

pytestmark = pytest.mark.django_db
UPDATES, RESOLVE = "/api/v1/updates/", "/api/v1/resolve/"


@pytest.fixture
def clock():
    with time_machine.travel(timezone.now(), tick=False) as traveller:
        yield traveller


def changes(client, since=None):
    page = client.get(UPDATES, {"since": since} if since else {}).json()
    return [(row["slug"], row["change"]) for row in page["results"]], page["since"]


# Updates


def test_updates_tell_each_change_once_five_seconds_after_it(client, clock):
    story = newsroom.article("First")
    story.publish(now=timezone.now())
    found, since = changes(client)
    assert found == []
    clock.shift(5)
    found, since = changes(client, since)
    assert found == [("first", "live")]
    assert changes(client, since)[0] == []
    story.headline = "First, again"
    story.save()
    story.publish(now=timezone.now())
    story.withdraw(reason="test", at=timezone.now() + timedelta(seconds=30))
    clock.shift(6)
    found, since = changes(client, since)
    assert found == [("first", "live")]
    clock.shift(28)
    assert changes(client, since)[0] == []
    clock.shift(1)
    assert changes(client, since)[0] == [(None, "gone")]


def test_a_scheduled_story_is_told_only_once_it_is_live(client, clock):
    newsroom.article("Later").publish(now=timezone.now(), at=timezone.now() + timedelta(minutes=10))
    clock.shift(60)
    found, since = changes(client)
    assert found == []
    clock.shift(9 * 60 + 5)
    assert changes(client, since)[0] == [("later", "live")]


def test_a_changed_fact_is_told_although_nobody_read_the_story(client, clock):
    photo = newsroom.photo()
    newsroom.article("Shown", lead=photo).publish(now=timezone.now())
    clock.shift(10)
    before = client.get(UPDATES).json()
    photo.kill(by=None, reason="test", at=timezone.now())
    assert changes(client, before["since"])[0] == []
    clock.shift(6)
    after = client.get(UPDATES, {"since": before["since"]}).json()
    assert [row["slug"] for row in after["results"]] == ["shown"]
    assert after["results"][0]["etag"] != before["results"][0]["etag"]


def test_a_moved_story_is_told_at_its_new_address_only(client, clock):
    story = newsroom.article("Mover")
    story.publish(now=timezone.now())
    clock.shift(6)
    _, since = changes(client)
    story.move(slug="moved-there")
    clock.shift(6)
    assert changes(client, since)[0] == [("moved-there", "live")]


def test_of_a_silent_withdrawal_only_the_id_is_told(client, clock):
    story = newsroom.article("Secret words")
    story.publish(now=timezone.now())
    clock.shift(1)
    story.withdraw(reason="court", public_note="secret", silent=True)
    clock.shift(6)
    answer = client.get(UPDATES)
    (row,) = answer.json()["results"]
    assert row["id"] == str(story.pk) and row["change"] == "gone" and row["slug"] is None
    assert "ecret" not in answer.content.decode()


def test_a_silent_withdrawal_looks_like_every_other_end(client, clock, story):
    """Somebody who reads all updates cannot tell which story a court took away."""
    silent, plain, ended = (newsroom.article(name) for name in ("Silent", "Plain", "Ended"))
    for made in (silent, plain):
        made.publish(now=timezone.now())
    ended.publish(now=timezone.now(), ends=timezone.now() + timedelta(seconds=9))
    silent.move(slug="silent-moved")
    clock.shift(9)
    silent.withdraw(reason="court", silent=True)
    plain.withdraw(reason="wrong", public_note="We took it back.")
    clock.shift(6)
    rows = {row.pop("id"): row for row in client.get(UPDATES).json()["results"]}
    of = [rows[str(made.pk)] | {"changed_at": None} for made in (silent, plain, ended)]
    assert of[0] == of[1] == of[2] and of[0]["change"] == "gone"
    assert {name for name, value in of[0].items() if value is not None} == {"change"}


def test_updates_come_in_pages_without_loss(client, clock):
    for number in range(7):
        newsroom.article(f"Story {number}").publish(now=timezone.now())
        clock.shift(0.5 if number % 2 else 0)
    clock.shift(10)
    since, seen, more = "2020-01-01", [], True
    while more:
        page = client.get(UPDATES, {"since": since, "page_size": 3}).json()
        since, more = page["since"], page["more"]
        seen += [row["slug"] for row in page["results"]]
    assert seen == [f"story-{number}" for number in range(7)]


def test_since_names_no_row_and_is_understood_as_the_last_release_gave_it(client, clock, settings):
    for number in range(3):
        newsroom.article(f"Story {number}").publish(now=timezone.now())
    clock.shift(10)
    # The pages of a section and an author come first.
    page = client.get(UPDATES, {"page_size": 4}).json()
    # The same place in the same words, so that an unchanged answer keeps its ETag.
    assert client.get(UPDATES, {"page_size": 4}).json()["since"] == page["since"]
    assert [row["slug"] for row in client.get(UPDATES, {"since": page["since"]}).json()["results"]] == ["story-2"]
    last = LiveDocument.objects.order_by("pk")[1]
    former = write_cursor(Place(last.changed_at, last.pk))
    assert client.get(UPDATES, {"since": former}).json()["results"][0]["slug"] == "story-2"
    for wrong in (page["since"][:-1], page["since"][::-1], f"{page['since']}AAAA", former[:6], "é" * 43, "A" * 5000):
        refused = client.get(UPDATES, {"since": wrong})
        assert refused.status_code == 400 and refused.json()["errors"][0]["parameter"] == "since"
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another key of our own", [settings.SECRET_KEY]
    assert client.get(UPDATES, {"since": page["since"]}).json()["results"][0]["slug"] == "story-2"
    settings.SECRET_KEY_FALLBACKS = []
    assert client.get(UPDATES, {"since": page["since"]}).status_code == 400


# Paths


@pytest.fixture
def story(db):
    made = newsroom.article("The story", people=[newsroom.person()], works=[newsroom.work()], tags=[newsroom.tag()])
    made.publish(now=timezone.now())
    return made


def resolved(client, path):
    answer = client.get(RESOLVE, {"path": path})
    return answer.json() if answer.status_code == 200 else answer.status_code


FOUND = {
    "/film/the-story/": ("article", "the-story"),
    "/film/the-story": ("article", "the-story"),
    "/person/mara-okonjo/": ("person", "mara-okonjo"),
    "/film/the-glass-orchard/": ("work", "the-glass-orchard"),
    "/tag/festival-season/": ("tag", "festival-season"),
    "/author/june-castellane/": ("author", "june-castellane"),
    "/film/": ("section", "film"),
}


@pytest.mark.parametrize("path", FOUND)
def test_every_path_of_a_front_end_is_resolved(client, story, path):
    found = resolved(client, path)
    assert (found["type"], found["slug"]) == FOUND[path]
    assert client.get(found["api"]).status_code == 200


def test_every_earlier_path_leads_to_the_present_one(client, story):
    mara, film = newsroom.person(), newsroom.section("Film")
    story.move(slug="the-tale")
    mara.slug = "mara-lund"
    mara.save()
    film.slug = "cinema"
    film.save()
    client.get("/api/v1/articles/")
    assert resolved(client, "/film/the-story/")["location"] == "/cinema/the-tale/"
    assert resolved(client, "/film/the-tale/")["location"] == "/cinema/the-tale/"
    assert resolved(client, "/person/mara-okonjo/")["location"] == "/person/mara-lund/"
    assert resolved(client, "/film/")["location"] == "/cinema/"
    assert resolved(client, "/cinema/the-tale/")["type"] == "article"


def test_paths_that_lead_nowhere(client, story):
    for path in ("/nothing/", "/", "/person/", "/person/nobody/", "/film/nothing/", "/tag/the-story/"):
        assert resolved(client, path) == 404, path
    for path in ("film", "//evil.example/x", "", "/a\x00b/"):
        assert resolved(client, path) == 400
    assert client.get(RESOLVE).status_code == 400
    story.withdraw(reason="test")
    assert resolved(client, "/film/the-story/") == 410
    assert resolved(client, "/person/mara-okonjo/") == 404


# Previews


def preview(client, link):
    return client.get(f"/api/v1/preview/{link.token}/")


def test_a_preview_link_shows_the_working_copy_as_it_would_be_delivered(client, editor, clock):
    story = newsroom.article("Draft headline", lead=newsroom.photo())
    link = PreviewLink.objects.create(article=story, expires_at=timezone.now() + timedelta(hours=1), by=editor)
    answer = preview(client, link)
    assert answer.status_code == 200 and answer.json()["headline"] == "Draft headline"
    assert answer["Cache-Control"] == "no-store" and "noindex" in answer["X-Robots-Tag"]
    story.headline = "Better headline"
    story.save()
    assert preview(client, link).json()["headline"] == "Better headline"
    assert client.get(f"/api/v1/articles/{story.slug}/").status_code == 404


def test_a_preview_link_of_a_version_keeps_to_it(client, clock):
    story = newsroom.article("As it was")
    version = story.record()
    link = PreviewLink.objects.create(article=story, version=version, expires_at=timezone.now() + timedelta(hours=1))
    story.headline = "As it is"
    story.save()
    assert preview(client, link).json()["headline"] == "As it was"


def test_a_preview_link_ends(client, editor, clock):
    story = newsroom.article()
    links = [PreviewLink.objects.create(article=story, expires_at=timezone.now() + timedelta(hours=1)) for _ in "ab"]
    assert client.get("/api/v1/preview/not-a-token/").status_code == 404
    links[0].revoke(by=editor)
    assert preview(client, links[0]).status_code == 410
    clock.shift(3600)
    answer = preview(client, links[1])
    assert answer.status_code == 410 and "expired" in answer.json()["detail"]


def test_previews_are_throttled(client, db):
    from django.core.cache import cache

    cache.clear()
    answers = [client.get("/api/v1/preview/guess/") for _ in range(121)]
    assert answers[0].status_code == 404 and answers[-1].status_code == 429
    assert int(answers[-1]["Retry-After"]) > 0 and answers[-1]["Content-Type"] == "application/problem+json"
    cache.clear()
