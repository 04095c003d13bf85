"""Events tell which pages of people, works, sections, tags and authors readers have; nothing is lost, nothing invented."""

import json
import os
import random
import re
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from articles.live import announce
from articles.management import housekeeping
from articles.models import (
    EVENTS,
    Appearance,
    Article,
    Author,
    Delivery,
    DirectoryPage,
    Endpoint,
    Person,
    Purge,
    Section,
)
from articles.stories.erasing import Named

from . import newsroom

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
ENGINE = Path(__file__).parent.parent / "docs/engine.md"
LONG = bool(os.environ.get("MARQUEE_LONG"))
NOON = datetime(2031, 3, 1, 12, tzinfo=UTC)
LISTS = {"person": "people", "work": "works", "section": "sections", "tag": "tags", "author": "authors"}


@pytest.fixture
def endpoint():
    return Endpoint.objects.create(name="front end", url="https://front.example.com/hook")


def events(*names):
    rows = Delivery.objects.order_by("pk").values_list("event", "payload")
    return [(event, payload["data"]) for event, payload in rows if not names or event in names]


def told(there=frozenset(), after=None):
    """Return (kind, slug) of the pages there are by the events alone: those there were, and what came after that delivery."""
    there = set(there)
    rows = Delivery.objects.order_by("pk").values_list("event", "payload")
    for event, payload in rows.filter(pk__gt=after) if after else rows:
        kind, verb = event.split(".")
        for row in payload["data"].get(f"{kind}s", ()) if kind in LISTS else ():
            page, former = (
                (kind, row["slug"]),
                {(kind, path.rstrip("/").rpartition("/")[2]) for path in row["previous_paths"]},
            )
            if verb == "appeared":
                assert page not in there, f"{page} appeared twice"
                there.add(page)
            elif verb == "vanished":
                assert page in there, f"{page} vanished twice"
                there.remove(page)
            elif former & there:
                there = (there - former) | {page}
    return there


def answered(client):
    """Return (kind, slug) of the pages that the API has."""
    found = set()
    for kind, plural in LISTS.items():
        url = f"/api/v1/{plural}/?page_size=100"
        found |= {(kind, row["slug"]) for row in client.get(url).json()["results"]}
    return found


# One story, one page


def test_first_story_of_a_person_makes_her_page_and_its_end_ends_it(endpoint, client):
    mara = newsroom.person("Mara Okonjo")
    story = newsroom.article(people=[mara])
    assert client.get("/api/v1/people/mara-okonjo/").status_code == 404
    story.publish()
    assert client.get("/api/v1/people/mara-okonjo/").status_code == 200
    assert events("person.appeared") == [("person.appeared", {
        "immediate": False, "cache_tags": ["list", "person:mara-okonjo"],
        "persons": [{"slug": "mara-okonjo", "name": "Mara Okonjo", "path": "/person/mara-okonjo/", "previous_paths": []}],
    })]  # fmt: skip
    story.withdraw(reason="test")
    assert client.get("/api/v1/people/mara-okonjo/").status_code == 404
    ((_, data),) = events("person.vanished")
    assert data["persons"] == [{"slug": "mara-okonjo", "path": "/person/mara-okonjo/", "previous_paths": []}]
    assert data["cache_tags"] == ["list", "person:mara-okonjo"] and data["immediate"]


def test_second_story_makes_no_page_and_the_last_but_one_ends_none(endpoint):
    first, second = (
        newsroom.article(f"Story {n}", people=[newsroom.person()], tags=[newsroom.tag()]) for n in range(2)
    )
    first.publish()
    second.publish()
    first.withdraw(reason="test")
    made = [event for event, _ in events() if event.endswith(("appeared", "vanished"))]
    assert sorted(made) == ["author.appeared", "person.appeared", "section.appeared", "tag.appeared"]


def test_publication_tells_at_most_one_event_of_each_kind_of_page(endpoint):
    people = [newsroom.person(f"Person {n}") for n in range(7)]
    newsroom.article(people=people, tags=[newsroom.tag("One"), newsroom.tag("Two")]).publish()
    told_of = [event for event, _ in events()]
    assert len(told_of) == len(set(told_of)) == 5
    assert len(events("person.appeared")[0][1]["persons"]) == 7


def test_schedule_tells_of_pages_when_it_takes_effect(endpoint):
    now = timezone.now()
    newsroom.article(people=[newsroom.person()]).publish(at=now + HOUR, ends=now + 2 * HOUR, now=now)
    announce.begin_due(now)
    assert events() == []
    announce.begin_due(now + HOUR)
    assert len(events("person.appeared")) == 1 and not events("person.vanished")
    announce.begin_due(now + 2 * HOUR)
    assert len(events("person.vanished")) == 1


def test_both_edges_missed_by_a_worker_leave_nothing_behind(endpoint):
    now = timezone.now()
    newsroom.article(people=[newsroom.person()]).publish(at=now + HOUR, ends=now + 2 * HOUR, now=now)
    announce.begin_due(now + 3 * HOUR)
    assert told() == set()


@pytest.mark.parametrize("first, second", [(2, 1), (1, 2)])
def test_withdrawals_that_take_their_turn_in_another_order_than_their_instants_end_the_page(
    endpoint, client, first, second
):
    """The one that named its instant first may wait longest for its turn."""
    now = timezone.now() - timedelta(minutes=1)
    stories = [newsroom.article(f"Story {number}", people=[newsroom.person()]) for number in range(2)]
    for story in stories:
        story.publish(now=now)
    stories[0].withdraw(reason="test", now=now + timedelta(seconds=first))
    stories[1].withdraw(reason="test", now=now + timedelta(seconds=second))
    assert told() == set() == answered(client)
    assert DirectoryPage.objects.get(kind="person").changed_at == now + timedelta(seconds=2)


def test_story_that_went_live_a_moment_later_keeps_the_page(endpoint, client):
    now = timezone.now() - timedelta(minutes=1)
    before, after = (newsroom.article(f"Story {number}", people=[newsroom.person()]) for number in range(2))
    before.publish(now=now)
    after.publish(now=now + timedelta(seconds=2))
    before.withdraw(reason="test", now=now + timedelta(seconds=1))
    assert told() == answered(client) and not events("person.vanished")


def test_what_the_release_before_did_in_silence_is_told_once_a_day(endpoint):
    story = newsroom.article(people=[newsroom.person()])
    story.publish()
    DirectoryPage.objects.all().delete()
    Delivery.objects.all().delete()
    housekeeping.sweep(timezone.now())
    assert ("person", "mara-okonjo") in told()
    DirectoryPage.objects.create(
        kind="person", key=newsroom.person("Nobody's").pk, is_live=True, changed_at=timezone.now()
    )
    housekeeping.sweep(timezone.now() + 25 * HOUR)
    assert len(events("person.vanished")) == 1


def test_erased_person_is_told_by_her_address_once_more_so_that_receivers_can_drop_it(endpoint):
    mara = newsroom.person("Mara Okonjo")
    newsroom.article("A story", people=[mara]).publish()
    Named.of(mara).erase(by=None, reason="request 12")
    assert events("person.vanished")[0][1]["persons"][0]["path"] == "/person/mara-okonjo/"
    assert "Okonjo" not in json.dumps(events())


def test_import_tells_of_what_is_live_at_once(endpoint, tmp_path):
    before = told()
    newsroom.person("Ida Strand")
    line = {
        "headline": "An old story",
        "section": "film",
        "published_at": "2019-05-01T10:00:00Z",
        "body_html": "<p>Words.</p>",
    }
    newsroom.section("Film")
    (tmp_path / "archive.jsonl").write_text(json.dumps(line | {"people": ["ida-strand"]}))
    call_command("import_archive", str(tmp_path / "archive.jsonl"))
    assert ("person", "ida-strand") in told() - before


# What events of stories say


def test_events_of_a_story_name_every_page_that_shows_or_showed_it(endpoint):
    film, music = newsroom.section("Film"), newsroom.section("Music")
    story = newsroom.article(
        people=[newsroom.person("Mara Okonjo")], works=[newsroom.work()], tags=[newsroom.tag("Awards")]
    )
    story.publish()
    story.section = music
    story.headline = "On tour"
    story.save()
    story.articleperson_set.all().delete()
    story.articleperson_set.create(person=newsroom.person("Ida Strand"))
    story.publish()
    data = events("article.updated")[0][1]
    assert data["article"]["headline"] == "On tour" and data["article"]["section"]["slug"] == "music"
    assert [row["slug"] for row in data["article"]["people"]] == ["ida-strand"]
    assert data["article"]["kind"] == "news" and [row["name"] for row in data["article"]["tags"]] == ["Awards"]
    assert set(data["cache_tags"]) == {
        f"article:{story.pk}", "list", "section:film", "section:music", "person:mara-okonjo", "person:ida-strand",
        "work:the-glass-orchard", "tag:awards", "author:june-castellane",
    }  # fmt: skip
    assert film.slug == "film"


@pytest.mark.parametrize("silent", [False, True])
def test_withdrawal_names_nobody(endpoint, silent):
    story = newsroom.article("Secret wedding of Mara Okonjo", people=[newsroom.person("Mara Okonjo")], slug="story-one")
    second = newsroom.article("Another", people=[newsroom.person("Mara Okonjo")])
    second.publish()
    story.publish()
    Delivery.objects.all().delete()
    story.withdraw(reason="court order about Mara Okonjo", silent=silent)
    said = json.dumps([data for _, data in events()])
    assert [event for event, _ in events()] == ["article.withdrawn"]
    assert not re.search("mara|okonjo|secret|wedding|court", said, re.IGNORECASE)


def embargoed(now):
    return newsroom.article(
        "Secret wedding of Mara Okonjo", people=[newsroom.person("Mara Okonjo")], tags=[newsroom.tag("Secret weddings")],
        slug="story-one", embargo_until=now + 24 * HOUR, embargo_reason="Asked by the agent of Mara Okonjo",
    )  # fmt: skip


def outgoing():
    """Return all that leaves: what webhooks carry and which tags caches are asked to purge."""
    return json.dumps([data for _, data in events()] + [row.tags for row in Purge.objects.all()])


@pytest.mark.parametrize("silent", [False, True])
def test_story_withdrawn_under_embargo_before_it_began_was_never_there(endpoint, client, settings, silent):
    settings.PURGE_BACKEND = "ban"
    now = timezone.now() - timedelta(minutes=1)
    story = embargoed(now)
    story.publish(at=now + 24 * HOUR, now=now)
    newsroom.person().save()
    story.withdraw(reason="The agent of Mara Okonjo called", silent=silent, now=now)
    assert events() == [] and not Purge.objects.exists()
    assert client.get("/api/v1/articles/story-one/").status_code == 404
    answered = client.get("/api/v1/updates/").json()
    assert (answered["results"], answered["pages"]) == ([], [])


@pytest.mark.parametrize("silent", [False, True])
@pytest.mark.parametrize("told_of_elsewhere", [False, True])
def test_withdrawal_after_a_broken_embargo_names_nobody(endpoint, client, settings, silent, told_of_elsewhere):
    """Pages that end with the story are named by their address alone, which who follows has; `updates/` does not even that."""
    settings.PURGE_BACKEND = "ban"
    now = timezone.now() - timedelta(minutes=1)
    story = embargoed(now)
    if told_of_elsewhere:
        newsroom.article("Other", people=[newsroom.person()], tags=[newsroom.tag("Secret weddings")]).publish(now=now)
    story.publish(override="a rival broke it", now=now)
    Delivery.objects.all().delete()
    Purge.objects.all().delete()
    story.withdraw(reason="The agent of Mara Okonjo called", silent=silent, now=now + timedelta(seconds=1))
    addresses = (
        r"(person:|/person/)mara-okonjo/?|(tag:|/tag/)secret-weddings/?|\"slug\": \"(mara-okonjo|secret-weddings)\""
    )
    said = re.sub(addresses, "", outgoing()) if not told_of_elsewhere else outgoing()
    assert not re.search("mara|okonjo|secret|wedding|agent|rival", said, re.IGNORECASE)
    assert [row.tags for row in Purge.objects.all()] == [[f"article:{story.pk}", "list"]]
    gone = [row for row in client.get("/api/v1/updates/").json()["results"] if row["change"] == "gone"]
    assert [(row["id"], row["slug"], row["path"], row["headline"]) for row in gone] == [
        (str(story.pk), None, None, None)
    ]
    assert not re.search("mara|wedding", client.get("/api/v1/articles/story-one/").content.decode(), re.IGNORECASE)


def test_endpoint_gets_stories_of_its_sections_and_kinds_only():
    film = newsroom.section("Film")
    festivals, music = newsroom.section("Festivals", parent=film), newsroom.section("Music")
    inside = Endpoint.objects.create(name="film", url="https://a.example.com/", sections=[film.pk], kinds=["news"])
    below = newsroom.article("Below", section=festivals)
    outside = newsroom.article("Outside", section=music)
    other = newsroom.article("Other kind", section=film, kind="feature")
    for story in (below, outside, other):
        story.publish()
    below.section, below.headline = music, "Moved away"
    below.save()
    below.publish()
    outside.withdraw(reason="test")
    rows = Delivery.objects.filter(endpoint=inside, event__startswith="article.").order_by("pk")
    assert list(rows.values_list("event", "article")) == [
        ("article.published", below.pk),
        ("article.updated", below.pk),
    ]
    assert Delivery.objects.filter(endpoint=inside, event="tag.appeared").count() == 0
    assert Delivery.objects.filter(endpoint=inside, event="section.appeared").count() == 2


def test_kinds_and_sections_are_chosen_in_the_form(admin_client):
    film = newsroom.section("Film")
    page = admin_client.get("/admin/articles/endpoint/add/").content.decode()
    assert 'name="kinds" value="review"' in page and ">Film</option>" in page
    fields = {"name": "a", "url": "https://a.example.com/", "kinds": ["review"], "sections": [film.pk]}
    assert admin_client.post("/admin/articles/endpoint/add/", fields).status_code == 302
    made = Endpoint.objects.get()
    assert (made.kinds, made.sections) == (["review"], [film.pk])
    assert (
        f'<option value="{film.pk}" selected>'
        in admin_client.get(f"/admin/articles/endpoint/{made.pk}/change/").content.decode()
    )
    assert admin_client.post("/admin/articles/endpoint/add/", fields | {"kinds": ["novel"]}).status_code == 200


def test_events_are_chosen_in_the_form_from_all_there_are(admin_client):
    add = "/admin/articles/endpoint/add/"
    page = unescape(admin_client.get(add).content.decode())
    for name, said in EVENTS.items():
        assert f'name="events" value="{name}"' in page and f"{name}: {said}" in page
    fields = {"name": "a", "url": "https://a.example.com/"}
    assert admin_client.post(add, fields | {"events": ["photo.killed", "article.published"]}).status_code == 302
    made = Endpoint.objects.get()
    assert made.events == ["photo.killed", "article.published"]
    change = f"/admin/articles/endpoint/{made.pk}/change/"
    page = admin_client.get(change).content.decode()
    assert set(re.findall(r'name="events" value="([a-z.]+)"[^>]* checked', page)) == set(made.events)
    assert "photo.killed, article.published" in admin_client.get("/admin/articles/endpoint/").content.decode()
    assert admin_client.post(change, fields).status_code == 302
    assert Endpoint.objects.get().events == []
    assert "every event" in admin_client.get("/admin/articles/endpoint/").content.decode()
    refused = admin_client.post(add, fields | {"events": ["article.read"]})
    assert refused.status_code == 200 and Endpoint.objects.count() == 1


@pytest.mark.parametrize("event, page", re.findall(r'(?s)```json\n(\{"type": "([a-z.]+)".*?)```', ENGINE.read_text()))
def test_documented_payload_has_the_fields_that_are_sent(endpoint, event, page):
    """The examples of docs/engine.md."""
    example, name = json.loads(event), page
    photo = newsroom.photo()
    story = newsroom.article(people=[newsroom.person()], tags=[newsroom.tag()], lead=photo)
    story.publish()
    story.headline = "Changed"
    story.save()
    story.publish()
    newsroom.person().save()
    photo.kill(by=None, reason="test")
    story.withdraw(reason="test")
    sent = Delivery.objects.filter(event=name).first().payload
    assert shape(example) == shape(sent)


def shape(value):
    """Return the keys of a payload, and those of the first of each list."""
    if isinstance(value, dict):
        return {key: shape(each) for key, each in value.items()}
    return [shape(value[0])] if isinstance(value, list) and value and isinstance(value[0], dict) else None


# Following by asking


def test_who_polls_learns_which_pages_came_and_went(client):
    now = timezone.now()
    with time_machine.travel(now, tick=False) as clock:
        mara = newsroom.person("Mara Okonjo")
        story = newsroom.article(people=[mara])
        story.publish()
        clock.shift(10)
        page = client.get("/api/v1/updates/?page_size=2").json()
        seen = list(page["pages"]) + list(page["results"])
        while page["more"]:
            page = client.get("/api/v1/updates/", {"since": page["since"], "page_size": 2}).json()
            seen += page["pages"] + page["results"]
        assert sorted(row.get("kind", "story") for row in seen) == ["author", "person", "section", "story"]
        mara.slug = "mara-vale"
        mara.save()
        clock.shift(10)
        page = client.get("/api/v1/updates/", {"since": page["since"]}).json()
        row = next(row for row in page["pages"] if row["kind"] == "person")
        assert (row["change"], row["path"], row["previous_paths"]) == (
            "live",
            "/person/mara-vale/",
            ["/person/mara-okonjo/"],
        )
        known = row["id"]
        story.withdraw(reason="test")
        clock.shift(10)
        page = client.get("/api/v1/updates/", {"since": page["since"]}).json()
        gone = next(row for row in page["pages"] if row["kind"] == "person")
        assert (gone["id"], gone["slug"], gone["path"], gone["previous_paths"]) == (known, None, None, [])
        assert {(row["kind"], row["change"], row["name"]) for row in page["pages"]} == {
            ("author", "gone", None), ("person", "gone", None), ("section", "gone", None),
        }  # fmt: skip
        assert client.get("/api/v1/updates/", {"since": page["since"]}).json()["pages"] == []


@pytest.mark.parametrize(
    "address", ["people/nobody", "works/nothing", "sections/none", "tags/none", "authors/none", "articles/none"]
)
def test_no_cache_keeps_that_a_page_is_not_there(client, address):
    answer = client.get(f"/api/v1/{address}/")
    assert answer.status_code == 404
    assert answer["Cache-Control"] == "no-cache"


# Random days


class Days:
    """A few stories and people; whatever is done to them, events and answers agree after every commit."""

    def __init__(self, seed):
        self.chance = random.Random(seed)
        self.now, self.client, self.count = NOON, Client(), 0
        Endpoint.objects.create(name="front end", url="https://front.example.com/hook")
        film = newsroom.section("Film")
        self.sections = [film, newsroom.section("Festivals", parent=film), newsroom.section("Music")]
        self.people = [Person.objects.create(name=f"Person {n}") for n in range(5)]
        self.works = [newsroom.work("The Glass Orchard"), newsroom.work("Paper Weather")]
        self.tags = [newsroom.tag("Awards"), newsroom.tag("Weddings")]
        self.authors = [newsroom.author(), Author.objects.create(name="Ola Brandt")]
        self.photos = [newsroom.photo(seed=n) for n in range(2)]
        self.stories = [newsroom.article(f"Story {n}", lead=self.photos[n % 2]) for n in range(3)]

    def story(self):
        story = Article.objects.get(pk=self.chance.choice(self.stories).pk)
        return None if story.discarded_at else story

    def person(self):
        return Person.objects.filter(pk=self.chance.choice(self.people).pk).first()

    def later(self):
        return self.chance.choice([None, None, self.now + timedelta(minutes=self.chance.randint(1, 9))])

    def edit(self):
        if (story := self.story()) is None:
            return
        some = lambda rows: self.chance.sample(list(rows), self.chance.randint(0, 2))  # noqa: E731
        self.count += 1
        story.headline, story.section = f"Take {self.count}", self.chance.choice(self.sections)
        story.save()
        for links, name, rows in (
            (story.articleperson_set, "person", some(Person.objects.order_by("pk"))),
            (story.articlework_set, "work", some(self.works)),
            (story.articleauthor_set, "author", [self.chance.choice(self.authors)]),
        ):
            links.all().delete()
            for position, row in enumerate(rows):
                links.create(position=position, **{name: row})
        story.tags.set(some(self.tags))
        self.publish(story)

    def publish(self, story=None):
        if story := story or self.story():
            at = self.later()
            ends = self.chance.choice([None, (at or self.now) + timedelta(minutes=self.chance.randint(1, 9))])
            story.publish(at=at, ends=ends, now=self.now, without_failing_photos=True)

    def withdraw(self):
        story = self.story()
        if story and story.editions.exists():
            story.withdraw(reason="test", at=self.later(), silent=self.chance.random() < 0.3, now=self.now)

    def move(self):
        self.count += 1
        if story := self.story():
            story.move(slug=f"moved-{self.count}", now=self.now)

    def seal(self):
        if story := self.story():
            story.seal(by=None, reason="court", now=self.now)

    def rename(self):
        self.count += 1
        if person := self.person():
            person.name, person.slug = f"Renamed {self.count}", f"renamed-{self.count}"
            person.save()

    def move_section(self):
        self.count += 1
        section = Section.objects.get(pk=self.chance.choice(self.sections).pk)
        section.slug = f"section-{self.count}"
        section.save()

    def merge(self):
        one, other = self.person(), self.person()
        if one and other and one != other:
            one.absorb(other, by=None, at=self.now)

    def erase(self):
        if person := self.person():
            Named.of(person).erase(by=None, reason="request 12", now=self.now)

    def put_into_a_photo(self):
        if person := self.person():
            photo = self.chance.choice(self.photos)
            Appearance.objects.get_or_create(photo=photo, person=person, defaults={"position": self.count})

    def take_out_of_photos(self):
        if person := self.person():
            for each in Appearance.objects.filter(person=person):
                each.delete()

    def kill_or_reinstate(self):
        photo = self.chance.choice(self.photos)
        photo.refresh_from_db()
        if photo.state == "killed":
            photo.reinstate(by=None, reason="fine")
        else:
            photo.kill(by=None, reason="test")

    def rebuild(self):
        Article.objects.rebuild([story for story in Article.objects.filter(discarded_at=None)], self.now)

    def wait(self, clock):
        self.now += timedelta(minutes=self.chance.randint(1, 6))
        clock.move_to(self.now)
        while announce.begin_due(self.now):
            pass
        housekeeping.delete_past_windows(self.now)

    often = (edit, edit, edit, publish, withdraw, withdraw)
    seldom = (move, rename, move_section, merge, put_into_a_photo, take_out_of_photos, kill_or_reinstate, rebuild)
    rare = (seal, erase)


@pytest.mark.parametrize("seed", range(100 if LONG else 3))
def test_events_say_which_pages_readers_have(seed):
    with time_machine.travel(NOON, tick=False) as clock:
        days, there, last = Days(seed), set(), None
        for _ in range(60):
            verbs = days.chance.choices([Days.often, Days.seldom, (Days.wait,), Days.rare], [8, 5, 5, 0.4])[0]
            verb = days.chance.choice(verbs)
            verb(days, clock) if verb is Days.wait else verb(days)
            housekeeping.warm(lambda: days.now)
            # As a receiver hears it: what is erased later loses its name in the events of before.
            there, last = told(there, last), Delivery.objects.order_by("pk").values_list("pk", flat=True).last()
            assert there == answered(days.client), verb.__name__
    verbs = {event.split(".")[1] for event, _ in events() if event.split(".")[0] in LISTS}
    assert {"appeared", "vanished"} <= verbs
