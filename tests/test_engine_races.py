"""Real threads and processes beside each other: the old fact never survives, nothing is rendered twice or lost."""

import json
import os
import random
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone

from articles.live import announce, refresh
from articles.models import (
    Appearance,
    BestBefore,
    Delivery,
    Edition,
    Endpoint,
    LiveDocument,
    LiveDocumentBody,
    Person,
    Presence,
    Section,
    TabAutosave,
)
from articles.stories.erasing import Named
from media.models import Caption, Photo, PhotoCredit, Right

from . import newsroom
from .own_house import run

LONG = bool(os.environ.get("MARQUEE_LONG"))
pytestmark = pytest.mark.django_db(transaction=True)
on_postgresql = pytest.mark.skipif(
    "connection.vendor != 'postgresql'", reason="Races of threads need PostgreSQL; SQLite's writers are alone."
)


def at_once(*jobs):
    """Start these functions at the same moment, each in a thread with a connection of its own; return their results."""
    gate = threading.Barrier(len(jobs))

    def run(job):
        try:
            connection.ensure_connection()
            gate.wait()
            return job()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return [each.result() for each in [pool.submit(run, job) for job in jobs]]


def patiently(job):
    """Do again what the database gave up to end a deadlock, as every caller may."""
    from django.db import OperationalError

    def run():
        for _ in range(5):
            try:
                return job()
            except OperationalError:
                pass
        raise AssertionError("five deadlocks in a row")

    return run


def picture(number=0):
    """Return a photo that can be shown, without the work of making files."""
    delivered = {"version": "v1", "crops": ["full"], "widths": [640], "formats": ["jpg", "webp"]}
    row = Photo.objects.create(
        credit=PhotoCredit.objects.create(required_line="Credit 0"),
        state="ready",
        width=1400,
        height=1000,
        sha256=f"{number:064d}",
    )
    Photo.objects.filter(pk=row.pk).update(delivered=delivered)
    Caption.objects.create(photo=row, kind="house", text="Caption 0", alt="alt")
    row.refresh_from_db()
    return row


def read(story, now=None):
    """Return the document a reader gets now."""
    now = now or timezone.now()
    row = LiveDocument.objects.live(now).filter(article=story).first()
    if row is None:
        return None
    while row.refresh_at <= now:
        row = refresh.refresh(row.pk, now)
    return json.loads(row.bytes.document_json)


@on_postgresql
def test_twenty_publishes_at_once_make_one_edition():
    story = newsroom.article()
    story.record()
    editions = at_once(*[lambda: type(story).objects.get(pk=story.pk).publish(override="test")] * 20)
    assert len({edition.pk for edition in editions}) == 1
    assert LiveDocument.objects.live(timezone.now()).filter(article=story).count() == 1


@on_postgresql
def test_twenty_different_publishes_at_once_leave_the_last_one_live():
    story = newsroom.article()

    def publish(number):
        copy = type(story).objects.get(pk=story.pk)
        copy.headline = f"Headline {number}"
        return copy.publish()

    editions = at_once(*[patiently(lambda number=number: publish(number)) for number in range(20)])
    last = max(editions, key=lambda edition: edition.number)
    assert sorted(edition.number for edition in editions) == list(range(1, 21))
    assert read(story)["headline"] == last.version.content["headline"]
    assert LiveDocument.objects.filter(article=story, status=200, live_until__gt=timezone.now()).count() == 1


@on_postgresql
@pytest.mark.parametrize("turn", range(30 if LONG else 6))
def test_publish_and_withdraw_at_once_end_as_the_later_decision_says(turn):
    story = newsroom.article()
    story.publish()
    story.headline = "Changed"
    at_once(
        patiently(lambda: type(story).objects.get(pk=story.pk).withdraw(reason="test")),
        patiently(lambda: story.publish()),
    )
    last = Edition.objects.filter(article=story).order_by("-number").first()
    assert (read(story) is None) == last.is_withdrawal


CHANGES = {
    "kill": lambda photo, story: photo.kill(by=None, reason="test"),
    "credit": lambda photo, story: _save(photo.credit, required_line="Credit new"),
    "caption": lambda photo, story: _save(photo.captions.get(), text="Caption new"),
    "right": lambda photo, story: Right.objects.create(photo=photo, effect="deny"),
    "appearance": lambda photo, story: Appearance.objects.create(photo=photo, person=Person.objects.get(name="Nova Reyes")),
    "person": lambda photo, story: _save(Person.objects.get(name="Mara Okonjo"), name="Mara Vale"),
    "section": lambda photo, story: _save(Section.objects.get(pk=story.section_id), slug="films"),
    "site": lambda photo, story: _save(type(story.site).objects.get(pk=story.site_id), url_template="https://new.example.com{path}"),
    "credit's agency": lambda photo, story: _with_agency(photo),
    "shown person": lambda photo, story: _save(Person.objects.get(name="Shown One"), name="Shown Two"),
}  # fmt: skip
SEEN = {
    "kill": lambda found: found["lead"] is None,
    "credit": lambda found: found["lead"]["credit"]["line"] == "Credit new",
    "caption": lambda found: found["lead"]["caption_html"] == "Caption new",
    "right": lambda found: found["lead"] is None,
    "appearance": lambda found: "Nova Reyes" in [each["name"] for each in found["lead"]["people"]],
    "person": lambda found: found["people"][0]["name"] == "Mara Vale",
    "section": lambda found: found["path"].startswith("/films/"),
    "site": lambda found: found["url"].startswith("https://new.example.com/"),
    "credit's agency": lambda found: found["lead"]["credit"]["agencies"] == ["New Agency"],
    "shown person": lambda found: "Shown Two" in [each["name"] for each in found["lead"]["people"]],
}


def _save(row, **fields):
    for name, value in fields.items():
        setattr(row, name, value)
    row.save()


def _with_agency(photo):
    from media.models import Agency

    photo.credit.creditagency_set.create(agency=Agency.objects.get(name="New Agency"))


@pytest.fixture
def cast(db):
    from media.models import Agency

    Agency.objects.create(name="New Agency")
    for name in ("Nova Reyes", "Shown One"):
        Person.objects.create(name=name)


@on_postgresql
@pytest.mark.parametrize("change", CHANGES)
def test_changed_fact_beside_a_publish_never_leaves_the_old_one(change, cast):
    """A hundred interleavings in ten kinds of change (a thousand with MARQUEE_LONG)."""
    for turn in range(100 if LONG else 10):
        with transaction.atomic():
            Person.objects.filter(name="Mara Vale").update(name="Mara Okonjo")
            Person.objects.filter(name="Shown Two").update(name="Shown One")
            Section.objects.filter(slug="films").update(slug="film")
        photo = picture(turn)
        Appearance.objects.create(photo=photo, person=Person.objects.get(name="Shown One"))
        story = newsroom.article(f"Story {turn}", lead=photo, people=[newsroom.person()])
        if turn % 2:
            story.publish(override="test")
            story.headline = f"Again {turn}"
        at_once(
            patiently(lambda: type(story).publish(story, override="test")),
            patiently(lambda: CHANGES[change](Photo.objects.get(pk=photo.pk), story)),
        )
        assert SEEN[change](read(story)), turn
        type(story.site).objects.update(url_template="https://www.example.com{path}")


@on_postgresql
def test_changed_fact_beside_a_refresh_never_leaves_the_old_one():
    photo = picture()
    story = newsroom.article(lead=photo)
    story.publish(override="test")
    key = LiveDocument.objects.get(article=story).pk
    for turn in range(300 if LONG else 30):
        LiveDocument.objects.filter(pk=key).mark_stale(timezone.now())
        at_once(
            patiently(lambda: refresh.refresh(key, timezone.now())),
            patiently(lambda: _save(PhotoCredit.objects.get(pk=photo.credit_id), required_line=f"Credit {turn}")),
        )
        assert read(story)["lead"]["credit"]["line"] == f"Credit {turn}"


@on_postgresql
def test_withdrawal_beside_a_refresh_of_what_links_there_leaves_no_link():
    for turn in range(100 if LONG else 15):
        target = newsroom.article(f"Target {turn}")
        target.publish()
        story = newsroom.article(f"Story {turn}", body=f'<p><a href="article:{target.pk}">there</a></p>')
        story.publish()
        key = LiveDocument.objects.get(article=story).pk
        LiveDocument.objects.filter(pk=key).mark_stale(timezone.now())
        at_once(
            patiently(lambda: refresh.refresh(key, timezone.now())),
            patiently(lambda: target.withdraw(reason="test")),
        )
        assert "href" not in read(story)["body"][0]["html"], turn


BESIDE_A_SEALING = {
    "publish": lambda one, two, photo: _published_again(one),
    "publish what links there": lambda one, two, photo: _published_again(two),
    "seal what links there": lambda one, two, photo: type(two).objects.get(pk=two.pk).seal(reason="test"),
    "seal it twice": lambda one, two, photo: type(one).objects.get(pk=one.pk).seal(reason="test"),
    "kill the photo": lambda one, two, photo: photo.kill(by=None, reason="test"),
    "erase who is in it": lambda one, two, photo: Named.of(Person.objects.get(name="Shown One")).erase(by=None, reason="test"),
    "autosave": lambda one, two, photo: TabAutosave.keep(one, User.objects.get(), {"body": "Secret"}, 0, timezone.now()),
    "restore": lambda one, two, photo: type(one).objects.get(pk=one.pk).restore(one.versions.first(), by=None),
    "refresh what links there": lambda one, two, photo: read(two),
}  # fmt: skip


def _published_again(story):
    held = type(story).objects.get(pk=story.pk)
    held.standfirst = f"{held.standfirst} Secret again."
    held.publish(override="test")


@on_postgresql
@pytest.mark.parametrize("deed", BESIDE_A_SEALING)
def test_nothing_beside_a_sealing_deadlocks_or_brings_the_words_back(deed, cast):
    """No job is tried again here: locks are taken in one order, so that the database never has to choose a victim."""
    User.objects.create(username="somebody")
    for turn in range(60 if LONG else 2):
        photo = picture(turn)
        shown = newsroom.person("Shown One")
        Appearance.objects.create(photo=photo, person=shown)
        one = newsroom.article(f"Secret hearing number {turn}", lead=photo, people=[shown], standfirst="Secret.")
        two = newsroom.article(f"Story {turn}", lead=photo)
        # Each links to the other: their locks meet in both orders.
        for story, other in ((one, two), (two, one)):
            story.related.add(other)
            story.body = f'<p>Secret <a href="article:{other.pk}">there</a></p>' if story is one else "<p>Open.</p>"
            story.save()
            story.publish(override="test")
        at_once(
            lambda one=one: type(one).objects.get(pk=one.pk).seal(reason="test"),
            lambda one=one, two=two, photo=photo: _or_refused(lambda: BESIDE_A_SEALING[deed](one, two, photo)),
        )
        assert type(one).objects.sealed().filter(pk=one.pk).exists()
        assert not [each for each in one.versions.all() if "Secret" in json.dumps(each.content)]
        assert not one.tab_autosaves.exists()
        assert "Secret hearing" not in json.dumps(
            list(LiveDocumentBody.objects.values_list("document_json", flat=True))
        )
        assert read(one) is None


def _or_refused(job):
    with suppress(ValidationError):
        job()


@on_postgresql
def test_a_story_is_taken_over_before_a_save_or_after_it_and_one_tab_writes():
    first, other = User.objects.create_superuser("first"), User.objects.create_superuser("second")
    for turn in range(60 if LONG else 8):
        story = newsroom.article(f"Story {turn}")
        story.record()
        Presence.beat(story, first, "first-tab", timezone.now())
        taker = Presence.beat(story, other, "second-tab", timezone.now())

        def save(story=story):
            with transaction.atomic():
                story.take_hold()
                Presence.require_pen(story, first, "first-tab", timezone.now())
                time.sleep(0.02)
                assert Presence.writer(story, timezone.now()).user == first, "It changed hands in the middle of a save."

        at_once(
            lambda save=save: _or_refused(save),
            taker.take_over,
            lambda story=story: Presence.beat(story, first, "first-tab", timezone.now()),
        )
        assert Presence.writer(story, timezone.now()).tab == "second-tab"
        with pytest.raises(ValidationError, match="second is writing"):
            save()


@on_postgresql
def test_marks_of_many_corrections_at_once_are_all_counted():
    stories = [newsroom.article(f"Story {number}") for number in range(8)]
    for story in stories:
        story.publish()
    BestBefore.objects.update(facts=0)

    def mark():
        for _ in range(10):
            LiveDocument.objects.filter(status=200).mark_stale(timezone.now())

    at_once(*[mark] * 8)
    assert set(BestBefore.objects.values_list("facts", flat=True)) == {80}


@on_postgresql
def test_fifty_readers_of_a_stale_document_render_it_once(caplog):
    story = newsroom.article(lead=picture())
    story.publish(override="test")
    key = LiveDocument.objects.get(article=story).pk
    LiveDocument.objects.filter(pk=key).mark_stale(timezone.now())
    with Counted() as counted:
        rows = at_once(*[lambda: refresh.refresh(key, timezone.now())] * 50)
    assert counted.count == 1
    assert all(row.refresh_at > timezone.now() for row in rows)


class Counted:
    """Counts how often documents are rendered, and renders them."""

    def __enter__(self):
        self.count, self.render, lock = 0, refresh.render, threading.Lock()

        def render(*args):
            with lock:
                self.count += 1
            return self.render(*args)

        refresh.render = render
        return self

    def __exit__(self, *exc):
        refresh.render = self.render


@on_postgresql
def test_two_workers_announce_every_window_once():
    Endpoint.objects.create(name="builder", url="https://builder.example.com/")
    now = timezone.now()
    stories = [newsroom.article(f"Story {number}") for number in range(30)]
    for story in stories:
        story.publish(at=now + timedelta(seconds=60), now=now)
    later = now + timedelta(seconds=61)

    def work():
        while announce.begin_due(later, most=3):
            pass

    at_once(*[work] * 4)
    told = Delivery.objects.filter(event="article.published")
    assert sorted(told.values_list("article", flat=True)) == sorted(story.pk for story in stories)
    # All of them are by one author and in one section, whose pages appear once.
    others = Delivery.objects.exclude(event="article.published").values_list("event", flat=True)
    assert sorted(others) == ["author.appeared", "section.appeared"]


@on_postgresql
def test_two_workers_claim_no_delivery_twice():
    from articles.outbox.delivery import Event

    endpoint = Endpoint.objects.create(name="builder", url="https://builder.example.com/")
    Delivery.objects.queue(Event("article.refreshed", timezone.now()) for _ in range(60))

    def claim():
        found = []
        while rows := Delivery.objects.claim(endpoint, timezone.now(), 7):
            found += [row.pk for row in rows]
        return found

    claimed = [key for keys in at_once(*[claim] * 4) for key in keys]
    assert len(claimed) == len(set(claimed)) == 60


# Pages of the directory


DEEDS = {
    "publish": lambda story, photo, turn: _published_anew(story, f"Take {turn}"),
    "withdraw": lambda story, photo, turn: story.withdraw(reason="test"),
    "kill or reinstate": lambda story, photo, turn: _turned_over(photo),
    "refresh": lambda story, photo, turn: read(story),
}  # fmt: skip


def _published_anew(story, headline):
    story.headline = headline
    story.publish(override="test")


def _turned_over(photo):
    photo.kill(by=None, reason="test") if photo.state == "ready" else photo.reinstate(by=None, reason="fine")


@on_postgresql
@pytest.mark.parametrize("seed", range(20 if LONG else 3))
def test_stories_that_begin_and_end_at_once_make_and_end_a_page_once(seed, client):
    """No job is tried again here: a deadlock fails. Two stories and the photo they share are about one person."""
    chance = random.Random(seed)
    Endpoint.objects.create(name="builder", url="https://builder.example.com/")
    photo, mara = picture(seed), newsroom.person("Mara Okonjo")
    Appearance.objects.create(photo=photo, person=mara)
    stories = [newsroom.article(f"Story {number}", lead=photo, people=[mara]) for number in range(2)]

    def deed(name, turn):
        story = type(stories[0]).objects.get(pk=chance.choice(stories).pk)
        return lambda: _or_refused(lambda: DEEDS[name](story, Photo.objects.get(pk=photo.pk), turn))

    there, told, since = False, 0, timezone.now().isoformat()
    with time_machine.travel(timezone.now()) as clock:
        for turn in range(40 if LONG else 12):
            at_once(*[deed(name, turn) for name in chance.choices(list(DEEDS), [4, 4, 2, 1], k=4)])
            verbs = list(
                Delivery.objects.filter(event__startswith="person.").order_by("pk").values_list("event", flat=True)
            )[told:]
            told += len(verbs)
            for verb in verbs:
                assert verb == ("person.vanished" if there else "person.appeared"), (turn, verbs)
                there = not there
            clock.shift(10)
            assert client.get("/api/v1/people/mara-okonjo/").status_code == (200 if there else 404)
            answered = client.get("/api/v1/updates/", {"since": since}).json()
            changes = [row["change"] for row in answered["pages"] if row["kind"] == "person"]
            assert changes == ["live" if there else "gone"] * bool(verbs), turn
            since = answered["since"]
    assert told


# Processes beside each other, on either database


READER = """
import os, sys, django
django.setup()
from django.utils import timezone
from articles.live import refresh
count = 0
render = refresh.render
def counted(*args):
    global count
    count += 1
    return render(*args)
refresh.render = counted
key = int(sys.argv[1])
print("ready", flush=True)
sys.stdin.readline()
row = refresh.refresh(key, timezone.now())
print(count, row.refresh_at > timezone.now(), flush=True)
"""


def test_processes_that_meet_a_stale_document_render_it_once(own_house):
    key = run(
        own_house,
        "from tests import newsroom; from articles.models import LiveDocument; story = newsroom.article(); story.publish();"
        "from django.utils import timezone; LiveDocument.objects.filter(article=story).mark_stale(timezone.now());"
        "print(LiveDocument.objects.get(article=story).pk)",
    )
    readers = [
        subprocess.Popen([sys.executable, "-c", READER, key], env=own_house, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parent.parent)
        for _ in range(50 if LONG else 8)
    ]  # fmt: skip
    for reader in readers:
        assert reader.stdout.readline() == "ready\n"
    for reader in readers:
        reader.stdin.write("\n")
        reader.stdin.flush()
    answers = [reader.communicate()[0].split() for reader in readers]
    assert sum(int(count) for count, _ in answers) == 1
    assert {fresh for _, fresh in answers} == {"True"}
