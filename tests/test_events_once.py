"""Of one photo, person or the like a front end hears once in a commit, and once of its sizes, however many steps that took."""

import random

import pytest
from django.urls import reverse
from django.utils import timezone

from articles.models import Appearance, Delivery, Endpoint
from media import tasks
from media.models import Photo, Right

from . import newsroom, test_photo_desk
from .test_credit_chains import posted

pytestmark = pytest.mark.django_db


@pytest.fixture
def endpoint():
    return Endpoint.objects.create(name="front end", url="https://front.example.com/hook")


def events(*names):
    rows = Delivery.objects.filter(event__in=names).order_by("pk")
    return [row.payload["data"] for row in rows]


def all_sent():
    Delivery.objects.update(state="delivered")


def test_sizes_are_offered_with_the_upload_and_told_once_for_a_new_focal_point(endpoint, settings, client):
    from articles.models import Purge

    settings.PURGE_BACKEND = "ban"
    photo = newsroom.photo()
    newsroom.article(lead=photo, slug="story").publish()
    offered = client.get("/api/v1/articles/story/").json()["lead"]["image"]
    assert offered["formats"] == ["avif", "webp", "jpg"]
    for task in (tasks.make_renditions, tasks.make_avif):
        task.call(str(photo.pk))
    assert events("photo.changed") == []
    photo.focus(0.2, 0.3, by=None)
    all_sent()
    Purge.objects.all().delete()
    for task in (tasks.make_renditions, tasks.make_avif):
        task.call(str(photo.pk))
    told = [each for each in events("photo.changed") if each["verb"] == "photo.rendered"]
    assert [each["photos"] for each in told] == [[str(photo.pk)]]
    assert f"photo:{photo.pk}" in Purge.objects.get().tags
    present = client.get("/api/v1/articles/story/").json()["lead"]["image"]
    assert present["version"] == Photo.objects.get().version != offered["version"]


def test_another_file_is_told_once_with_its_sizes(endpoint):
    photo = newsroom.photo()
    newsroom.article(lead=photo).publish()
    Delivery.objects.all().delete()
    photo.replace_file(newsroom.jpeg(seed=41), name="other.jpg")
    for task in (tasks.make_renditions, tasks.make_avif):
        task.call(str(photo.pk))
    assert [each["verb"] for each in events("photo.changed")] == ["photo.received"]


def test_photo_saved_with_all_that_hangs_on_it_is_told_once(endpoint, admin_client):
    photo = newsroom.photo()
    Right.objects.create(photo=photo, effect="allow", note="for a year")
    Appearance.objects.create(photo=photo, person=newsroom.person("Ida Strand"))
    newsroom.article(lead=photo).publish()
    Delivery.objects.all().delete()
    url = reverse("admin:media_photo_change", args=[photo.pk])
    fields = test_photo_desk.posted(admin_client.get(url)) | {
        "captions-0-text": "Another caption",
        "headline": "Another",
    }
    assert any("note" in name for name in fields)
    fields |= {name: "changed" for name in fields if name.startswith("rights-0-note")}
    answer = admin_client.post(url, fields)
    assert answer.status_code == 302, answer.context["errors"]
    assert photo.captions.filter(text="Another caption").exists()
    assert len(events("photo.changed")) == 1


@pytest.mark.parametrize("noun, plural, name", [("person", "persons", "name"), ("work", "works", "title")])
def test_name_saved_with_other_spellings_is_told_once(endpoint, admin_client, noun, plural, name):
    row = getattr(newsroom, noun)()
    newsroom.article(people=[newsroom.person()], works=[newsroom.work()]).publish()
    Delivery.objects.all().delete()
    url = reverse(f"admin:articles_{noun}_change", args=[row.pk])
    page = posted(admin_client.get(url))
    prefix = next(key.removesuffix("-TOTAL_FORMS") for key in page if key.endswith("-TOTAL_FORMS") and "alias" in key)
    spellings = {f"{prefix}-{n}-name": f"Spelling {n}" for n in range(2)}
    answer = admin_client.post(url, page | {name: "Changed", f"{prefix}-TOTAL_FORMS": "2"} | spellings)
    assert answer.status_code == 302, answer.context["errors"]
    assert row.aliases.count() == 2
    (told,) = events(f"{noun}.changed")
    assert [each["name"] for each in told[plural]] == ["Changed"]


def test_news_that_waits_is_dropped_only_for_news_that_says_all_of_it(endpoint):
    """Nothing that a front end keeps goes unnamed, whatever order facts change in and whatever has left already."""
    chance = random.Random(5)
    people = [newsroom.person(f"Person {n}") for n in range(3)]
    photos = [newsroom.photo(seed=n) for n in range(2)]
    for number in range(3):
        newsroom.article(f"Story {number}", lead=photos[number % 2], people=[people[number]]).publish()
    Delivery.objects.all().delete()
    expected = set()
    for turn in range(40):
        row = chance.choice([*people, *photos])
        if row in photos:
            row.announce("caption.changed", at=timezone.now())
            expected.add(f"photo:{row.pk}")
        else:
            expected.add(f"person:{row.slug}")
            row.slug = f"moved-{turn}"
            row.save()
            expected.add(f"person:{row.slug}")
        if chance.random() < 0.2:
            waiting = Delivery.objects.filter(state="pending")
            said = {tag for data in waiting.values_list("payload__data", flat=True) for tag in data["cache_tags"]}
            assert expected <= said
            all_sent()
            expected = set()
    assert expected <= {
        tag for row in Delivery.objects.filter(state="pending") for tag in row.payload["data"]["cache_tags"]
    }


@pytest.mark.parametrize("state", [{"tries": 1}, {"claimed_until": timezone.now()}, {"state": "delivered"}])
def test_news_on_its_way_or_tried_is_never_dropped(endpoint, state):
    mara = newsroom.person()
    newsroom.article(people=[mara]).publish()
    mara.save()
    Delivery.objects.filter(event="person.changed").update(**state)
    mara.save()
    assert len(events("person.changed")) == 2
