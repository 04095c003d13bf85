"""A right ends at T: a second before, the photo is everywhere; at T it is nowhere. No worker runs in these tests."""

import json
import re
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from media.models import Right

from . import newsroom

pytestmark = pytest.mark.django_db

API = "/api/v1/articles/"
# Every public answer that shows the picture of a story, by name.
PLACES = {
    "detail": API + "{slug}/",
    "list": API,
    "filtered list": API + "?section=film",
    "rss": "/feeds/rss.xml",
    "full rss": "/feeds/rss.xml?full=1",
    "atom": "/feeds/atom.xml",
    "json feed": "/feeds/feed.json",
    "sitemap": "/sitemap-articles.xml",
    "news sitemap": "/sitemap-news.xml",
}


@pytest.fixture
def end():
    return timezone.now().replace(microsecond=0) + timedelta(hours=2)


@pytest.fixture
def clock(end):
    with time_machine.travel(end - timedelta(hours=1), tick=False) as clock:
        yield clock


@pytest.fixture
def photo(clock):
    return newsroom.photo()


@pytest.fixture
def story(photo):
    made = newsroom.article(lead=photo, photos=[photo])
    made.publish()
    return made


def ends_by_its_own_right(photo, end):
    Right.objects.create(photo=photo, effect="allow", until=end)


def ends_by_its_agencys_denial(photo, end):
    Right.objects.create(agency=photo.credit.agencies.get(), effect="deny", starts=end, note="contract over")


def ends_days_after_the_grant(photo, end):
    Right.objects.create(photo=photo, effect="allow", days=3, days_from="grant", starts=end - timedelta(days=3))


def answers(client, slug) -> dict[str, str]:
    found = {name: client.get(address.format(slug=slug)) for name, address in PLACES.items()}
    assert {name: answer.status_code for name, answer in found.items()} == dict.fromkeys(PLACES, 200)
    return {name: body(answer) for name, answer in found.items()}


def body(answer) -> str:
    return (b"".join(answer.streaming_content) if answer.streaming else answer.content).decode()


def shows(text: str, photo) -> bool:
    return f"/photos/{photo.pk}/" in text


@pytest.mark.parametrize("ending", [ends_by_its_own_right, ends_by_its_agencys_denial, ends_days_after_the_grant])
def test_every_public_answer_has_the_photo_a_second_before_and_not_at_the_instant(
    client, clock, end, photo, story, ending
):
    ending(photo, end)
    picture = f"/photos/{photo.pk}/{photo.version}/full-640.jpg"
    clock.move_to(end - timedelta(seconds=1))
    before = answers(client, story.slug)
    assert {name for name, text in before.items() if not shows(text, photo)} == {"news sitemap"}
    structured = json.loads(before["detail"])["structured_data"]
    assert shows(json.dumps(structured), photo)
    assert client.get(picture).status_code == 200

    clock.move_to(end)
    after = answers(client, story.slug)
    assert not {name for name, text in after.items() if shows(text, photo)}
    detail = json.loads(after["detail"])
    assert detail["lead"] is None
    assert not [block for block in detail["body"] if block["type"] == "photo"]
    assert "image" not in detail["structured_data"] or not shows(json.dumps(detail["structured_data"]), photo)
    assert client.get(picture).status_code == 410


def directives(answer) -> dict[str, int]:
    return {name: int(value) for name, value in re.findall(r"([\w-]+)=(\d+)", answer["Cache-Control"])}


@pytest.mark.parametrize("room", [3600, 301, 90, 29, 1])
@pytest.mark.parametrize("name", PLACES)
def test_no_cache_keeps_an_answer_past_the_end(client, clock, end, photo, story, name, room):
    ends_by_its_own_right(photo, end)
    clock.move_to(end - timedelta(seconds=room))
    given = directives(client.get(PLACES[name].format(slug=story.slug)))
    assert given["max-age"] <= min(30, room)
    assert given["s-maxage"] <= min(300, room)
    for stale in ("stale-while-revalidate", "stale-if-error"):
        assert given["s-maxage"] + given.get(stale, 0) <= room
    picture = directives(client.get(f"/photos/{photo.pk}/{photo.version}/full-640.jpg"))
    assert max(picture.values()) <= min(86_400, room)


def test_the_json_names_the_instant_for_those_who_build_pages_ahead(client, clock, end, photo, story):
    ends_by_its_own_right(photo, end)
    assert client.get(PLACES["detail"].format(slug=story.slug)).json()["fresh_until"] == f"{end:%Y-%m-%dT%H:%M:%SZ}"


def test_nothing_left_says_so_instead_of_leaving_it_to_the_caches_default(client, clock, end, photo, story):
    ends_by_its_own_right(photo, end)
    clock.move_to(end - timedelta(microseconds=1))
    given = directives(client.get(PLACES["detail"].format(slug=story.slug)))
    assert given["s-maxage"] == given["stale-while-revalidate"] == 0


def test_days_counted_from_each_use_end_with_that_use_and_not_with_another(client, clock, photo):
    Right.objects.create(photo=photo, effect="allow", days=2, days_from="each_use")
    first = newsroom.article("First", lead=photo)
    first.publish()
    clock.shift(timedelta(days=1))
    second = newsroom.article("Second", lead=photo)
    second.publish()
    clock.shift(timedelta(days=1))
    detail = {slug: client.get(f"{API}{slug}/").json()["lead"] for slug in (first.slug, second.slug)}
    assert detail[first.slug] is None and detail[second.slug]["id"] == str(photo.pk)
    clock.shift(timedelta(days=1))
    assert client.get(f"{API}{second.slug}/").json()["lead"] is None


def test_days_counted_from_the_first_use_end_all_uses(client, clock, photo):
    Right.objects.create(photo=photo, effect="allow", days=2, days_from="first_live")
    stories = [newsroom.article(name, lead=photo) for name in ("First", "Second")]
    stories[0].publish()
    clock.shift(timedelta(days=1))
    stories[1].publish()
    clock.shift(timedelta(days=1) - timedelta(seconds=1))
    assert all(client.get(f"{API}{story.slug}/").json()["lead"] for story in stories)
    clock.shift(timedelta(seconds=1))
    assert not any(client.get(f"{API}{story.slug}/").json()["lead"] for story in stories)
