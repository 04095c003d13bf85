"""Channels are asked: a right about one shows in its bytes, and nowhere else."""

import json
from datetime import datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from articles.models import ChannelBytes, LiveDocument, LiveDocumentBody
from media.models import Right, Site

from . import newsroom

pytestmark = pytest.mark.django_db
CHANNELS = ["web", "app", "newsletter", "feed", "social", "syndication"]


@pytest.fixture(autouse=True)
def title(settings):
    settings.PUBLIC_URL = "https://cms.example.com"
    site = newsroom.site()
    site.channels = CHANNELS
    site.save()
    return site


def deny(photo, *channels, **fields) -> Right:
    return Right.objects.create(photo=photo, effect="deny", channels=list(channels), **fields)


def published(**fields):
    story = newsroom.article(slug="premiere", **fields)
    story.publish(now=timezone.now() - timedelta(minutes=1))
    return story


def get(client, path="/api/v1/articles/premiere/", status=200, **given):
    response = client.get(path, given)
    assert response.status_code == status, response.content
    return response.json() if "json" in response["Content-Type"] else response.content.decode()


def shown(document) -> list[str]:
    leads = ["lead"] if document["lead"] else []
    return leads + [block["type"] for block in document["body"] if block["type"] in ("photo", "gallery")]


def test_a_channels_denial_shows_in_its_bytes_and_in_no_others(client):
    lead, inside = newsroom.photo(kind="staff"), newsroom.photo(kind="staff")
    deny(lead, "app")
    deny(inside, "newsletter", placements=["body"])
    published(lead=lead, photos=[inside])
    assert shown(get(client)) == shown(get(client, channel="web")) == ["lead", "photo"]
    assert shown(get(client, channel="app")) == ["photo"]
    assert shown(get(client, channel="newsletter")) == ["lead"]
    assert shown(get(client, channel="feed")) == ["lead", "photo"]
    assert sorted(ChannelBytes.objects.values_list("channel", flat=True)) == ["app", "newsletter"]
    app = get(client, channel="app")
    assert len(app["structured_data"]["image"]) == 1
    for path in ("/api/v1/articles/", "/api/v1/search/?q=carpet", f"/api/v1/archive/{timezone.now():%Y/%m}/"):
        mark = "&" if "?" in path else "?"
        assert get(client, f"{path}{mark}channel=app")["results"][0]["lead"] is None
        assert get(client, f"{path}{mark}channel=feed")["results"][0]["lead"]
        assert get(client, path)["results"][0]["lead"]


def test_a_right_about_places_is_asked_of_that_place(client):
    photo = newsroom.photo(kind="staff")
    deny(photo, placements=["card"])
    published(lead=photo)
    document = get(client)
    assert document["lead"]
    assert document["social"]["image"] is None
    assert get(client, "/api/v1/articles/")["results"][0]["lead"] is None
    Right.objects.update(placements=["lead"])
    LiveDocument.objects.all().mark_stale(timezone.now())
    document = get(client)
    assert document["lead"] is None
    assert document["social"]["image"]
    assert get(client, "/api/v1/articles/")["results"][0]["lead"]["id"] == str(photo.pk)


def test_a_shared_link_shows_what_social_may_show(client, title):
    own, lead, standing_in = (newsroom.photo(kind="staff") for _ in range(3))
    title.stand_in_photo = standing_in
    title.save()
    published(lead=lead, social_photo=own)
    for photo, following in ((own, lead), (lead, standing_in), (standing_in, None)):
        assert str(photo.pk) in get(client)["social"]["image"]["url"]
        deny(photo, "social")
        assert str(following and following.pk) in str(get(client)["social"]["image"])
        assert get(client)["lead"]["id"] == str(lead.pk)


def test_a_title_without_social_gives_no_picture_for_it(client, title):
    title.channels = ["web"]
    title.save()
    published(lead=newsroom.photo(kind="staff"))
    assert get(client)["social"]["image"] is None


@pytest.mark.parametrize("path", [
    "/api/v1/articles/premiere/", "/api/v1/articles/", "/api/v1/search/?q=carpet", "/api/v1/people/mara-okonjo/",
])  # fmt: skip
@pytest.mark.parametrize("channel", ["carrier-pigeon", "newsletter", "social", "print", "", "\x00", "app&channel=web"])
def test_a_channel_the_title_has_not_is_a_400_with_those_it_has(client, title, path, channel):
    title.channels = ["web", "app", "feed", "social"]
    title.save()
    published(people=[newsroom.person()])
    problem = get(client, f"{path}{'&' if '?' in path else '?'}channel={channel}", status=400)
    (error,) = problem["errors"]
    assert error["parameter"] == "channel"
    assert error.get("allowed", ["web", "app", "feed"]) == ["web", "app", "feed"]


def test_ninjs_and_feeds_are_channels_too(client, title):
    photo = newsroom.photo(kind="staff")
    deny(photo, "syndication", "feed")
    published(lead=photo, photos=[photo])
    assert get(client, format="ninjs").get("associations") is None
    assert "<img" not in get(client, "/feeds/rss.xml?full=1")
    assert "media:content" not in get(client, "/feeds/rss.xml")
    get(client, format="ninjs", channel="app", status=400)
    title.channels = ["web"]
    title.save()
    assert get(client, format="ninjs", status=400)["errors"][0]["parameter"] == "format"
    assert client.get("/feeds/rss.xml").status_code == 404


def test_each_title_is_asked_for_its_own_channels(client, title):
    title.channels = ["web"]
    title.save()
    other = Site.objects.create(name="Marquee Nights", channels=["web", "app"])
    published()
    theirs = newsroom.article("Nights on the carpet", slug="nights")
    theirs.site = other
    theirs.save()
    theirs.publish(now=timezone.now() - timedelta(minutes=1))
    assert [each["slug"] for each in get(client, "/api/v1/articles/?channel=app")["results"]] == ["nights"]
    assert [each["slug"] for each in get(client, "/api/v1/search/?q=carpet&channel=app")["results"]] == ["nights"]
    get(client, "/api/v1/articles/nights/?channel=app")
    assert get(client, channel="app", status=400)["errors"][0]["allowed"] == ["web"]


def test_people_show_what_the_channel_may_show(client):
    from articles.models import Appearance

    mara, photo = newsroom.person(), newsroom.photo(kind="staff")
    Appearance.objects.create(person=mara, photo=photo)
    deny(photo, "app")
    published(lead=photo, people=[mara])
    assert len(get(client, "/api/v1/people/mara-okonjo/")["photos"]) == 1
    assert get(client, "/api/v1/people/mara-okonjo/?channel=app")["photos"] == []
    assert len(get(client, "/api/v1/people/mara-okonjo/?channel=feed")["photos"]) == 1


def test_every_channel_has_an_etag_of_its_own_and_changes_at_its_edge(client):
    photo, now = newsroom.photo(kind="staff"), timezone.now().replace(microsecond=0)
    deny(photo, "app", starts=now + timedelta(hours=1), until=now + timedelta(hours=2))
    published(lead=photo)
    web = client.get("/api/v1/articles/premiere/")
    for seconds, has_lead in ((-1, True), (0, False), (3599, False), (3600, True)):
        with time_machine.travel(now + timedelta(hours=1, seconds=seconds), tick=False):
            answer = client.get("/api/v1/articles/premiere/?channel=app")
            assert bool(answer.json()["lead"]) is has_lead
            again = client.get("/api/v1/articles/premiere/?channel=app", headers={"If-None-Match": answer["ETag"]})
            assert again.status_code == 304
            page = client.get("/api/v1/articles/premiere/")
            assert bool(page["ETag"] == answer["ETag"]) is has_lead
            assert page.json()["lead"] == web.json()["lead"]
            assert datetime.fromisoformat(page.json()["fresh_until"] or "9999-01-01T00:00:00Z") > timezone.now()


def test_what_the_release_before_rendered_is_rendered_anew_for_a_channel_only(client, django_assert_num_queries):
    photo = newsroom.photo(kind="staff")
    deny(photo, "app")
    published(lead=photo)
    ChannelBytes.objects.all().delete()
    LiveDocumentBody.objects.update(drops={"app": [str(photo.pk)]})
    with django_assert_num_queries(1):
        assert get(client)["lead"]
    assert get(client, "/api/v1/articles/?channel=app")["results"][0]["lead"] is None
    assert ChannelBytes.objects.count() == 1
    for path in ("/api/v1/articles/premiere/?channel=app", "/api/v1/search/?q=carpet&channel=app"):
        # It goes on serving for a while, and leaves what this release stored apart as it was.
        web = LiveDocumentBody.objects.get()
        ChannelBytes.objects.update(card=web.card, document_json=web.document_json, etag="old")
        LiveDocumentBody.objects.update(drops={"app": [str(photo.pk)]})
        found = get(client, path)
        assert found.get("results", [found])[0]["lead"] is None


def test_reads_of_a_channel_are_few_statements_and_the_web_never_joins(client, django_assert_num_queries):
    published(lead=newsroom.photo())
    for path, count in (("/api/v1/articles/", 1), ("/api/v1/articles/premiere/", 1), ("/api/v1/search/?q=carpet", 1)):
        with django_assert_num_queries(count) as caught:
            get(client, path)
        assert "channelbytes" not in json.dumps(caught.captured_queries)
        mark = "&" if "?" in path else "?"
        with django_assert_num_queries(count + 1):
            get(client, f"{path}{mark}channel=app")


def test_the_gate_names_each_channel_that_will_lack_a_picture():
    photo = newsroom.photo(kind="staff", alt="A woman in a long dress.")
    deny(photo, "app", "newsletter", note="not sold to apps")
    deny(photo, "feed", placements=["card"])
    story = newsroom.article(lead=photo)
    found = [each for each in story.problems(timezone.now()) if each.code == "photo_missing_in_channel"]
    assert [each.blocks for each in found] == [False, False]
    assert found[0].sentence == (
        "Missing in app, newsletter: the lead photo. This photo’s license denies this use (not sold to apps)."
    )
    assert found[1].sentence.startswith("Missing in feed (card): the lead photo.")
    story.publish(now=timezone.now())
