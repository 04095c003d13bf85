"""Random newsroom days against a plain model of what readers may see at each second.

The model is a few lists and loops; it knows nothing of live documents, refreshes or caches. After every step, and at
every edge one second before, at and after it, the stored documents and every public surface must say what it says.
"""

import json
import os
import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import transaction
from django.test import Client
from django.urls import NoReverseMatch, reverse
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from articles.live import announce, refresh
from articles.management import housekeeping
from articles.models import Appearance, Article, Delivery, Endpoint, LiveDocument, Person, Section
from media.models import Agency, Caption, Photo, PhotoCredit, Right, Usage

from . import newsroom, surfaces

LONG = bool(os.environ.get("MARQUEE_LONG"))
START = datetime(2031, 3, 1, 12, tzinfo=UTC)
FOREVER = datetime(9999, 12, 31, tzinfo=UTC)
SECOND = timedelta(seconds=1)
pytestmark = pytest.mark.django_db


# The model: what readers may see, in lists and loops


@dataclass
class Decision:
    number: int
    live_from: datetime
    ends: datetime
    withdrawal: bool
    headline: str = ""
    lead: int | None = None
    cancelled: bool = False


@dataclass
class Story:
    row: Article
    decisions: list[Decision] = field(default_factory=list)
    embargo: datetime | None = None
    slugs: list[str] = field(default_factory=list)
    silent: bool = False
    retired: set[str] = field(default_factory=set)

    def newest(self, at: datetime) -> Decision | None:
        standing = [each for each in self.decisions if not each.cancelled and each.live_from <= at]
        return max(standing, key=lambda each: (each.live_from, each.number), default=None)

    def live(self, at: datetime) -> Decision | None:
        newest = self.newest(at)
        return newest if newest and not newest.withdrawal and at < newest.ends else None

    def was_live(self, at: datetime) -> bool:
        return any(self.live(each.live_from) for each in self.decisions if each.live_from <= at)

    def coming(self, at: datetime) -> list[Decision]:
        return [each for each in self.decisions if not each.cancelled and each.live_from > at]

    def edges(self) -> set[datetime]:
        found = {edge for each in self.decisions if not each.cancelled for edge in (each.live_from, each.ends)}
        return found - {FOREVER}


@dataclass
class Picture:
    row: Photo
    credit: str
    caption: str
    killed: bool = False
    rights: dict[int, tuple[str, datetime | None, datetime | None]] = field(default_factory=dict)

    def usable(self, at: datetime) -> bool:
        holds = [
            (effect, (a or START - timedelta(days=999)) <= at < (b or FOREVER)) for effect, a, b in self.rights.values()
        ]
        allows = [active for effect, active in holds if effect == "allow"]
        denied = any(active for effect, active in holds if effect == "deny")
        return not self.killed and not denied and (not allows or any(allows))


class Newsroom(RuleBasedStateMachine):
    @initialize()
    def open(self):
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.clock = time_machine.travel(START, tick=False)
        self.time = self.clock.start()
        self.now = START
        self.count = 0
        self.chance = random.Random(5)
        self.client = Client()
        self.indexer = surfaces.Indexer(START.isoformat().replace("+00:00", "Z"))
        Endpoint.objects.create(name="builder", url="https://builder.example.com/")
        self.section = newsroom.section("Film")
        self.person = Person.objects.create(name="Person 0")
        self.agency = Agency.objects.create(name="Agency 0")
        self.pictures = [self.picture(n) for n in range(3)]
        self.stories = [self.story(n) for n in range(3)]
        for number, at in ((0, None), (1, None), (2, 3)):
            self.edit(number, number)
            self.publish(number, at, None, "update")

    def picture(self, number):
        credit = PhotoCredit.objects.create(supplied_line=f"Supplied {number}", required_line=f"Credit {number}")
        delivered = {"version": "v1", "crops": ["full"], "widths": [640], "formats": ["jpg", "webp"]}
        row = Photo.objects.create(
            kind="agency",
            credit=credit,
            state="ready",
            width=1400,
            height=1000,
            sha256=f"{number:064d}",
            delivered=delivered,
        )
        Photo.objects.filter(pk=row.pk).update(delivered=delivered)
        Caption.objects.create(photo=row, kind="house", text=f"Caption {number}", alt="alt")
        credit.creditagency_set.create(agency=self.agency)
        if number == 0:
            Appearance.objects.create(photo=row, person=self.person)
        return Picture(row, f"Credit {number}", f"Caption {number}")

    def story(self, number):
        links = f'<p>See <a href="article:{self.link_target.pk}">this</a>.</p>' if number else ""
        row = Article.objects.create(
            site=newsroom.site(),
            section=self.section,
            headline=f"Story {number}",
            slug=f"story-{number}",
            body=f"<p>Words.</p>{links}",
        )
        row.articleperson_set.create(person=self.person)
        if number == 0:
            self.link_target = row
        return Story(row, slugs=[row.slug])

    def teardown(self):
        if hasattr(self, "atomic"):
            try:
                for _ in range(40):
                    if not self.next_edges():
                        break
                    self.to_the_next_edge(1)
                self.worker()
                self.copy_is_right()
            finally:
                self.clock.stop()
                transaction.set_rollback(True)
                self.atomic.__exit__(None, None, None)

    # What may happen

    minutes = st.integers(1, 6)
    which = st.integers(0, 2)

    @rule(which=which, lead=st.sampled_from([0, 1, 2, 0, 1, 2, None]))
    def edit(self, which, lead):
        self.count += 1
        story = self.stories[which]
        story.row.headline = f"Headline {self.count}"
        story.row.lead_photo = None if lead is None else self.pictures[lead].row
        story.row.save()
        if not story.row.is_address_public():
            story.slugs = [story.row.slug]

    @rule(
        which=which,
        at=st.one_of(st.none(), minutes),
        ends=st.one_of(st.none(), minutes),
        kind=st.sampled_from(["minor", "update", "correction"]),
    )
    def publish(self, which, at, ends, kind):
        story = self.stories[which]
        live_from = self.now if at is None else self.now + timedelta(minutes=at)
        ends = None if ends is None else live_from + timedelta(minutes=ends)
        if story.embargo and live_from < story.embargo:
            with pytest.raises(ValidationError, match="embargo"):
                story.row.publish(at=None if at is None else live_from, now=self.now)
            return
        before = story.row.editions.count()
        earlier = any(
            not each.withdrawal and not each.cancelled and each.live_from <= live_from for each in story.decisions
        )
        edition = story.row.publish(
            at=None if at is None else live_from, ends=ends, kind=kind if earlier else None, now=self.now, override="tried in a test",
            public_note="We erred." if kind == "correction" else "",
        )  # fmt: skip
        if story.row.editions.count() == before:
            newest = story.live(live_from)
            assert newest and newest.number == edition.number
            return
        lead = next((n for n, each in enumerate(self.pictures) if each.row.pk == story.row.lead_photo_id), None)
        story.decisions.append(Decision(edition.number, live_from, ends or FOREVER, False, story.row.headline, lead))

    @rule(which=which, at=st.one_of(st.none(), minutes), silent=st.booleans())
    def withdraw(self, which, at, silent):
        story = self.stories[which]
        self.let_the_last_decision_be_over(story)
        if not story.decisions:
            with pytest.raises(ValidationError):
                story.row.withdraw(reason="never was", now=self.now)
            return
        instant = self.now if at is None else self.now + timedelta(minutes=at)
        silent = silent and at is None
        before = story.row.editions.count()
        edition = story.row.withdraw(reason="court", at=None if at is None else instant, silent=silent, now=self.now)
        if story.row.editions.count() == before:
            assert not story.live(instant)
            return
        for each in story.coming(self.now):
            each.cancelled = each.cancelled or each.live_from >= instant
        story.decisions.append(Decision(edition.number, instant, FOREVER, True))
        if silent:
            story.retired |= set(story.slugs)
        self.give_back(story)

    @rule(which=which)
    def cancel(self, which):
        story = self.stories[which]
        for decision in story.coming(self.now)[:1]:
            story.row.cancel(story.row.editions.get(number=decision.number), now=self.now)
            decision.cancelled = True
        self.give_back(story)

    @rule(which=which, at=minutes)
    def reschedule(self, which, at):
        story = self.stories[which]
        instant = self.now + timedelta(minutes=at)
        for decision in story.coming(self.now)[-1:]:
            edition = story.row.editions.get(number=decision.number)
            if story.embargo and instant < story.embargo and not edition.override:
                continue
            moved = story.row.reschedule(edition, at=instant, now=self.now)
            if moved != edition:
                decision.cancelled = True
                ends = decision.ends if decision.ends > instant else FOREVER
                story.decisions.append(
                    Decision(moved.number, instant, ends, decision.withdrawal, decision.headline, decision.lead)
                )
        self.give_back(story)

    @rule(which=which)
    def move(self, which):
        self.count += 1
        story = self.stories[which]
        self.let_the_last_decision_be_over(story)
        slug = f"story-{which}-moved-{self.count}"
        story.row.move(slug=slug, now=self.now)
        story.slugs = [*story.slugs, slug] if story.row.is_address_public() else [slug]

    @rule(which=which, at=minutes)
    def embargo(self, which, at):
        story = self.stories[which]
        story.embargo = self.now + timedelta(minutes=at)
        story.row.embargo_until, story.row.embargo_reason = story.embargo, "the studio"
        story.row.save()

    @rule(which=which)
    def kill_or_reinstate(self, which):
        picture = self.pictures[which]
        if picture.killed:
            picture.row.reinstate(by=None, at=self.now)
        else:
            picture.row.kill(by=None, reason="agency notice", at=self.now)
        picture.killed = not picture.killed

    @rule(
        which=which,
        effect=st.sampled_from(["allow", "deny"]),
        starts=st.one_of(st.none(), st.integers(-3, 5)),
        lasts=st.one_of(st.none(), minutes),
    )
    def grant(self, which, effect, starts, lasts):
        begins = None if starts is None else self.now + timedelta(minutes=starts)
        until = None if lasts is None else (begins or self.now) + timedelta(minutes=lasts)
        right = Right.objects.create(photo=self.pictures[which].row, effect=effect, starts=begins, until=until)
        self.pictures[which].rights[right.pk] = (effect, begins, until)

    @rule(which=which)
    def revoke(self, which):
        for key in list(self.pictures[which].rights)[:1]:
            Right.objects.get(pk=key).delete()
            del self.pictures[which].rights[key]

    @rule(which=which)
    def correct_credit_and_caption(self, which):
        self.count += 1
        picture = self.pictures[which]
        picture.credit, picture.caption = f"Credit corrected {self.count}", f"Caption corrected {self.count}"
        credit = PhotoCredit.objects.get(pk=picture.row.credit_id)
        credit.required_line = picture.credit
        credit.save()
        caption = Caption.objects.get(photo=picture.row, kind="house")
        caption.text = picture.caption
        caption.save()

    @rule()
    def rename_person(self):
        self.count += 1
        self.person.name = f"Person {self.count}"
        self.person.save()

    @rule()
    def rename_section(self):
        self.count += 1
        self.section = Section.objects.get(pk=self.section.pk)
        self.section.slug = f"film-{self.count}"
        self.section.save()

    @rule(seconds=st.integers(1, 90))
    def wait(self, seconds):
        self.set_clock(self.now + timedelta(seconds=seconds))

    @rule(off=st.sampled_from([-1, 0, 1]))
    def to_the_next_edge(self, off):
        for edge in self.next_edges()[:1]:
            for each in (edge - SECOND, edge, edge + SECOND):
                if each > self.now:
                    self.set_clock(each)
                    self.what_readers_see_is_what_the_model_says()
                if each == edge + off * SECOND:
                    break

    @rule(off=st.sampled_from([0, 1]), edges=st.integers(1, 4))
    def let_time_pass(self, off, edges):
        for _ in range(edges):
            self.to_the_next_edge(off)

    @rule()
    def rebuild(self):
        Article.objects.rebuild([story.row for story in self.stories], self.now)

    @rule()
    def worker(self):
        """A worker passes by; afterwards nothing is late, and the outside world knows what is live."""
        while announce.begin_due(self.now):
            pass
        housekeeping.warm(lambda: self.now)
        housekeeping.delete_past_windows(self.now)
        assert not LiveDocument.objects.unannounced(self.now).exists()
        for number, story in enumerate(self.stories):
            last = Delivery.objects.filter(article=story.row.pk).order_by("-pk").values_list("event", flat=True).first()
            assert (last not in (None, "article.withdrawn")) == bool(story.live(self.now)), (number, last)
            self.ledger_says_what_is_shown(story)

    # What must hold

    @invariant()
    def what_readers_see_is_what_the_model_says(self):
        if not hasattr(self, "stories"):
            return
        live = {story.row.pk for story in self.stories if story.live(self.now)}
        assert set(LiveDocument.objects.live(self.now).values_list("article", flat=True)) == live
        for story in self.chance.sample(self.stories, 3):
            self.document_is_right(story)
        if self.chance.random() < 0.5:
            self.api_is_right(live)
        if self.chance.random() < 0.3:
            self.every_surface_is_right()

    def document_is_right(self, story):
        decision, row = story.live(self.now), self.row_at(story.slugs[-1])
        for slug in story.slugs[:-1]:
            old = self.row_at(slug)
            expected = None if not story.was_ever_planned(self.now) else 410 if slug in story.retired else 301
            assert (old.status if old else None) == expected, slug
        if decision is None:
            assert (row.status if row else 404) == (410 if story.was_live(self.now) else 404)
            return
        assert row.status == 200
        if row.refresh_at <= self.now:
            row = refresh.refresh(row.pk, self.now)
        assert row.refresh_at > self.now
        self.content_is_right(story, decision, json.loads(row.bytes.document_json))

    def content_is_right(self, story, decision, found):
        assert found["headline"] == decision.headline
        assert found["path"] == f"/{self.section.slug}/{story.slugs[-1]}/"
        assert [each["name"] for each in found["people"]] == [self.person.name]
        picture = None if decision.lead is None else self.pictures[decision.lead]
        if picture is None or not picture.usable(self.now):
            assert found["lead"] is None
        else:
            assert found["lead"]["credit"]["line"] == picture.credit
            assert found["lead"]["caption_html"] == picture.caption
            assert [each["name"] for each in found["lead"]["people"]] == (
                [self.person.name] if decision.lead == 0 else []
            )
        if story is not self.stories[0]:
            target = self.stories[0]
            link = f'href="https://www.example.com/{self.section.slug}/{target.slugs[-1]}/"' in found["body"][1]["html"]
            assert link == bool(target.live(self.now)) or self.target_was_not_rendered_yet(target)

    def target_was_not_rendered_yet(self, target):
        """A renamed section reaches links when the target itself is rendered."""
        return LiveDocument.objects.live(self.now).stale(self.now).filter(article=target.row).exists()

    def api_is_right(self, live):
        try:
            listed = self.client.get(reverse("articles"))
        except NoReverseMatch:
            return
        assert listed.status_code == 200, listed.content
        cards = {card["id"]: card for card in listed.json()["results"]}
        assert set(cards) == {str(key) for key in live}
        for story in self.stories:
            answer = self.client.get(reverse("article", args=[story.slugs[-1]]))
            decision = story.live(self.now)
            expected = 200 if decision else 410 if story.was_live(self.now) else 404
            assert answer.status_code == expected
            if decision:
                self.content_is_right(story, decision, answer.json())
                assert surfaces.structured(answer.json()) == self.said(story)
                card = cards[str(story.row.pk)]
                assert {name: answer.json()[name] for name in ("headline", "lead", "path")} == {name: card[name] for name in ("headline", "lead", "path")}  # fmt: skip

    def every_surface_is_right(self):
        expected = {self.address(story): self.said(story) for story in self.stories if story.live(self.now)}
        keys = [story.row.pk for story in self.stories]
        found = {
            "list": surfaces.cards(self.client),
            "list of the section": surfaces.cards(self.client, f"section={self.section.slug}") if expected else {},
            "saved": surfaces.saved(self.client, keys),
            "search": surfaces.search(self.client),
            "json feed": surfaces.json_feed(self.client),
            "full json feed": surfaces.json_feed(self.client, "?full=1"),
            "rss": surfaces.rss(self.client),
            "atom": surfaces.atom(self.client),
            "sitemap": surfaces.sitemap(self.client),
            "news sitemap": surfaces.news_sitemap(self.client),
        }
        for name, told in found.items():
            assert set(told) == set(expected), name
            for address, (headline, credit) in told.items():
                assert headline in (expected[address][0], surfaces.UNSAID), name
                self.credit_is_right(name, credit, expected[address][1])
        person = self.client.get(reverse("person", args=[self.person.slug]))
        assert person.status_code == (200 if expected else 404)

    def credit_is_right(self, name, found, expected):
        """A sitemap's caption has the credit at its end; every other surface says the line itself."""
        if name == "sitemap" and expected:
            assert found and found.endswith(expected), name
        else:
            assert found in (expected, surfaces.UNSAID), name

    def address(self, story):
        return f"https://www.example.com/{self.section.slug}/{story.slugs[-1]}/"

    def said(self, story):
        decision = story.live(self.now)
        picture = None if decision.lead is None else self.pictures[decision.lead]
        return decision.headline, picture.credit if picture and picture.usable(self.now) else None

    @rule()
    def index(self):
        self.indexer.follow(self.client)

    def copy_is_right(self):
        """Five seconds after the last change, who followed `updates/` alone has what is live, and nothing else."""
        self.set_clock(self.now + 6 * SECOND)
        self.indexer.follow(self.client)
        expected = {str(story.row.pk): (self.address(story), story.live(self.now).headline) for story in self.stories if story.live(self.now)}  # fmt: skip
        assert {key: values[:2] for key, values in self.indexer.copy.items()} == expected

    def ledger_says_what_is_shown(self, story):
        decision = story.live(self.now)
        picture = None if decision is None or decision.lead is None else self.pictures[decision.lead]
        expected = [(picture.row.pk, picture.credit)] if picture and picture.usable(self.now) else []
        running = Usage.objects.filter(article=story.row.pk, live_until__isnull=True)
        assert list(running.values_list("photo", "credit")) == expected

    # Steps

    def set_clock(self, instant):
        self.now = instant
        self.time.move_to(instant)

    def let_the_last_decision_be_over(self, story):
        """No clock lets two decisions about one story fall on one microsecond."""
        if any(each.live_from == self.now for each in story.decisions):
            self.set_clock(self.now + SECOND)

    def next_edges(self):
        edges = {edge for story in self.stories for edge in story.edges()}
        edges |= {edge for picture in self.pictures for _, *span in picture.rights.values() for edge in span if edge}
        return sorted(edge for edge in edges if edge > self.now)

    def row_at(self, slug):
        rows = list(LiveDocument.objects.answering(self.now).filter(slug=slug))
        assert len(rows) <= 1
        return rows[0] if rows else None

    def give_back(self, story):
        """An address that never was public is free again."""
        if not story.was_ever_planned():
            story.slugs = story.slugs[-1:]


def was_ever_planned(self, at=None):
    """Answer whether anything is, was or will be live (by `at`, where it is given)."""
    starts = [each.live_from for each in self.decisions if not each.cancelled and self.live(each.live_from)]
    return any(at is None or start <= at for start in starts)


Story.was_ever_planned = was_ever_planned
Newsroom.TestCase = None


def test_readers_see_what_a_plain_model_says(db):
    run_state_machine_as_test(
        Newsroom,
        settings=settings(
            max_examples=1000 if LONG else 50, stateful_step_count=20, deadline=None, database=None,
            suppress_health_check=list(HealthCheck), phases=[Phase.generate, *([] if LONG else [Phase.shrink])],
            derandomize=not LONG, print_blob=True,
        ),
    )  # fmt: skip
