"""People, works, sections, tags and authors: public with the first live article, gone with the last."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from articles.models import Appearance, LiveDocument

from . import newsroom

pytestmark = pytest.mark.django_db
API = "/api/v1/"


def names(client, noun, **query):
    return [entry["slug"] for entry in client.get(f"{API}{noun}/", query).json()["results"]]


@pytest.fixture
def story(db):
    film = newsroom.section("Film", description="Everything on screen.")
    made = newsroom.article(
        section=newsroom.section("Reviews", parent=film),
        people=[newsroom.person(description="An actor.", same_as=["https://www.wikidata.org/wiki/Q1"])],
        works=[newsroom.work()], tags=[newsroom.tag()],
    )  # fmt: skip
    made.publish(now=timezone.now())
    return made


ENTRIES = {
    "people": ("mara-okonjo", "person"), "works": ("the-glass-orchard", "work"), "tags": ("festival-season", "tag"),
    "authors": ("june-castellane", "author"), "sections": ("film", "section"),
}  # fmt: skip


@pytest.mark.parametrize("noun", ENTRIES)
def test_entries_are_public_exactly_while_an_article_is_live(client, noun):
    slug, _ = ENTRIES[noun]
    moment = timezone.now()
    with time_machine.travel(moment, tick=False) as clock:
        made = newsroom.article(people=[newsroom.person()], works=[newsroom.work()], tags=[newsroom.tag()])
        assert names(client, noun) == [] and client.get(f"{API}{noun}/{slug}/").status_code == 404
        made.publish(now=moment, at=moment + timedelta(seconds=10), ends=moment + timedelta(seconds=20))
        for seconds, public in ((9, False), (1, True), (9, True), (1, False)):
            clock.shift(seconds)
            assert (slug in names(client, noun)) is public
            answer = client.get(f"{API}{noun}/{slug}/")
            assert answer.status_code == (200 if public else 404)
            if public:
                assert client.get(answer.json()["articles"]).json()["results"][0]["slug"] == made.slug


def test_an_entry_says_who_or_what_it_is(client, story):
    person = client.get(f"{API}people/mara-okonjo/").json()
    assert person.pop("structured_data")["@type"] == "ProfilePage"
    assert person | {"photos": [], "portrait": None} == {
        "slug": "mara-okonjo", "name": "Mara Okonjo", "path": "/person/mara-okonjo/", "description": "An actor.",
        "born": None, "died": None, "same_as": ["https://www.wikidata.org/wiki/Q1"],
        "articles": "/api/v1/articles/?person=mara-okonjo", "photos": [], "portrait": None,
    }  # fmt: skip
    reviews = client.get(f"{API}sections/reviews/").json()
    assert reviews["path"] == "/film/reviews/" and reviews["parent"] == "film"
    assert client.get(f"{API}works/the-glass-orchard/").json()["kind"] == "film"
    assert client.get(f"{API}authors/june-castellane/").json()["job_title"] == "Staff writer"


def test_an_earlier_slug_leads_to_the_present_one(client, story):
    mara = newsroom.person()
    mara.slug = "mara-okonjo-lund"
    mara.save()
    answer = client.get(f"{API}people/mara-okonjo/")
    assert answer.status_code == 301 and answer["Location"] == f"{API}people/mara-okonjo-lund/"
    story.withdraw(reason="test")
    assert client.get(f"{API}people/mara-okonjo/").status_code == 404


def test_a_person_shows_the_photos_of_live_articles_and_no_others(client):
    mara = newsroom.person()
    shown, hidden, killed = newsroom.photo(), newsroom.photo(), newsroom.photo()
    for photo in (shown, hidden, killed):
        Appearance.objects.create(person=mara, photo=photo)
    mara.portrait = killed
    mara.save()
    live = newsroom.article("Live", lead=shown, photos=[killed])
    live.publish(now=timezone.now())
    newsroom.article("Draft", lead=hidden)
    page = client.get(f"{API}people/mara-okonjo/").json()
    assert {photo["id"] for photo in page["photos"]} == {str(shown.pk), str(killed.pk)}
    assert page["portrait"]["id"] == str(killed.pk) and page["portrait"]["article"]["slug"] == live.slug
    killed.kill(by=None, reason="test")
    page = client.get(f"{API}people/mara-okonjo/").json()
    assert [photo["id"] for photo in page["photos"]] == [str(shown.pk)] and page["portrait"] is None


def test_the_directory_is_paged_by_slug_both_ways(client):
    people = [newsroom.person(f"Person {letter}") for letter in "ABCDE"]
    newsroom.article(people=people).publish(now=timezone.now())
    url, pages = f"{API}people/?page_size=2", []
    while url:
        page = client.get(url).json()
        pages.append([entry["slug"][-1] for entry in page["results"]])
        last, url = url, page["next"]
    assert pages == [["a", "b"], ["c", "d"], ["e"]]
    middle = client.get(client.get(last).json()["previous"])
    assert [entry["slug"][-1] for entry in middle.json()["results"]] == ["c", "d"]
    assert client.get(client.get(last).json()["previous"])["ETag"] == middle["ETag"]
    first = client.get(middle.json()["previous"]).json()
    assert [entry["slug"][-1] for entry in first["results"]] == ["a", "b"] and first["previous"] is None


def test_stale_documents_show_no_photo_before_they_are_rendered_anew(client):
    mara, photo = newsroom.person(), newsroom.photo()
    Appearance.objects.create(person=mara, photo=photo)
    newsroom.article(lead=photo).publish(now=timezone.now())
    photo.credit.photographers.update(name="Another Name")
    LiveDocument.objects.all().mark_stale(timezone.now())
    page = client.get(f"{API}people/mara-okonjo/").json()
    assert "Another Name" in page["photos"][0]["credit"]["line"]
