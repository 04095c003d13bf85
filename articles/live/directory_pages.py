"""Which pages of the directory readers have: what events told of people, works, sections, tags and authors.

A page is there as long as a live document is listed under its row. Whatever changes what is listed asks `settle` in its
own transaction, last of all: the rows of the pages in question are locked in one order, so that of two stories that
begin or end at the same moment the second sees the first, and a page is announced once.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Self
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import models, transaction
from django.db.models import Exists, Max, OuterRef, Q, Value

from ..directory.address import Address, Addressed
from ..directory.author import Author
from ..directory.person import Person, Work
from ..directory.section import Section, Tag
from ..outbox.delivery import Delivery, Event
from . import entries
from .document import Facet, LiveDocument

NOUNS: dict[str, type[Addressed]] = {
    "person": Person, "work": Work, "section": Section, "tag": Tag, "author": Author,
}  # fmt: skip
KINDS = {number: kind for kind in NOUNS for number in Facet.kinds_of(kind)}
# Events about one kind of page arrive in order, as those of one story do: a page that came and went is gone.
LANES = {kind: uuid5(NAMESPACE_URL, f"urn:marquee:{kind}") for kind in NOUNS}
LISTED = 100
# Between the instant a verb names and its turn here: longer than it may wait for others.
LONGEST_WAIT = timedelta(hours=1)

Pair = tuple[int, int]
"""A kind of facet and a key: what a document is listed under."""
Rows = Mapping[str, Mapping[int, Any]]
"""Rows by kind and key."""
Slugs = dict[tuple[str, int], list[str]]


class DirectoryPageQuerySet(models.QuerySet["DirectoryPage"]):
    def about(self, wanted: Collection[tuple[str, int]]) -> Self:
        """Return the rows of these (kind, key)."""
        found = Q(pk__in=())
        for kind in {kind for kind, _ in wanted}:
            found |= Q(kind=kind, key__in=[key for each, key in wanted if each == kind])
        return self.filter(found)

    def held(self, wanted: Collection[tuple[str, int]]) -> list["DirectoryPage"]:
        """Lock these pages until the transaction ends and return them."""
        return list(self.about(wanted).order_by("kind", "key").select_for_update())

    def shown(self, now: datetime) -> Self:
        """Return the pages under which a live document is listed at this instant."""
        live = Exists(LiveDocument.objects.live(now).filter(pk=OuterRef("document")))
        found = Q(pk__in=())
        for kind in NOUNS:
            listed = Facet.objects.filter(live, kind__in=Facet.kinds_of(kind), key=OuterRef("key"))
            found |= Q(Exists(listed), kind=kind)
        return self.filter(found)

    def touch(self, kind: str, keys: Iterable[int], at: datetime) -> None:
        """Note that what these pages say of themselves changed."""
        self.filter(kind=kind, key__in=list(keys), is_live=True).update(changed_at=at)


class DirectoryPage(models.Model):
    """A page of the directory that readers have, or had, as far as events told."""

    kind = models.CharField(max_length=10, choices=[(kind, kind) for kind in NOUNS])
    key = models.BigIntegerField(help_text="The key of the person, work, section, tag or author.")
    is_live = models.BooleanField(help_text="Whether the last event said that it is there.")
    changed_at = models.DateTimeField(help_text="When it came, went or changed, for incremental sync.")

    objects = DirectoryPageQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="directory_page_once")]
        indexes = [models.Index("changed_at", models.F("id").desc(), name="directory_page_changed")]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"

    @property
    def public_id(self) -> UUID:
        """Return what stands for the page where its name may not: the same as long as it is kept."""
        return uuid5(LANES[self.kind], str(self.key))


# What readers have against what they were told


def settle(gained: Iterable[Pair], lost: Iterable[Pair], now: datetime, loaded: Rows | None = None) -> None:
    """Announce pages that appeared or vanished. `gained` and `lost` are what live documents are listed under since, or no more.

    Pages of either that are as they were told cost a look and nothing else. Rows that were `loaded` are not read again.
    """
    if events := settled(gained, lost, now, loaded):
        Delivery.objects.queue(events)


def settled(gained: Iterable[Pair], lost: Iterable[Pair], now: datetime, loaded: Rows | None = None) -> list[Event]:
    """Note which pages appeared or vanished and return the events that say so, which the caller must queue."""
    new = {(KINDS[number], key) for number, key in gained if number in KINDS}
    wanted = new | {(KINDS[number], key) for number, key in lost if number in KINDS}
    if not wanted:
        return []
    pages = DirectoryPage.objects.held(wanted)
    unknown = new - {(page.kind, page.key) for page in pages}
    if unknown:
        rows = (DirectoryPage(kind=kind, key=key, is_live=False, changed_at=now) for kind, key in sorted(unknown))
        DirectoryPage.objects.bulk_create(rows, ignore_conflicts=True)
        pages = DirectoryPage.objects.held(wanted)
    if all(page.is_live and (page.kind, page.key) in new for page in pages):
        return []
    now = latest(now)
    shown = set(
        DirectoryPage.objects.filter(pk__in=[page.pk for page in pages]).shown(now).values_list("pk", flat=True)
    )
    return turn([page for page in pages if page.is_live != (page.pk in shown)], now, loaded)


def latest(now: datetime) -> datetime:
    """Return the instant of the last decision that took effect, if others who chose theirs after `now` were here before.

    Whoever comes second compares at the later instant: at its own, what they ended would still be there.
    """
    told = LiveDocument.objects.filter(announces="", edition__isnull=False)
    last = told.filter(live_from__gt=now, live_from__lte=now + LONGEST_WAIT).aggregate(last=Max("live_from"))["last"]
    return last or now


def settle_stories(articles: Iterable[UUID], now: datetime) -> None:
    """Announce the pages that these stories made or ended, as far as their rows still tell."""
    listed = Facet.objects.filter(document__in=LiveDocument.objects.filter(article__in=list(articles)).values("pk"))
    live = set(listed.filter(document__in=LiveDocument.objects.live(now).values("pk")).values_list("kind", "key"))
    settle(live, set(listed.values_list("kind", "key")) - live, now)


def turn(pages: list[DirectoryPage], now: datetime, loaded: Rows | None) -> list[Event]:
    """Turn these pages over, from gone to there or from there to gone, and return the events of those that can be named."""
    named = rows_of([(page.kind, page.key) for page in pages], loaded)
    came = [page for page in pages if not page.is_live and (page.kind, page.key) in named]
    went = [page for page in pages if page.is_live]
    former = slugs_of(named)
    events = []
    for verb, turned in (("appeared", came), ("vanished", went)):
        if turned:
            DirectoryPage.objects.filter(pk__in=[page.pk for page in turned]).update(
                is_live=verb == "appeared", changed_at=now
            )
        for kind in NOUNS:
            rows = [named[kind, page.key] for page in turned if page.kind == kind and (kind, page.key) in named]
            events += told(kind, verb, rows, former, now)
    return events


def told(kind: str, verb: str, rows: list[Addressed], former: Slugs, at: datetime) -> list[Event]:
    """Return the events that say so: one, or of what an import brings one for every hundred. Of what is gone nothing but its address."""
    events = []
    for start in range(0, len(rows), LISTED):
        part = rows[start : start + LISTED]
        about = [page(row, former[kind, row.pk]) for row in part]
        if verb == "vanished":
            about = [{name: value for name, value in each.items() if name != "name"} for each in about]
        tags = sorted({f"{kind}:{slug}" for row in part for slug in (row.slug, *former[kind, row.pk])} | {"list"})
        data = {"immediate": verb == "vanished", f"{kind}s": about, "cache_tags": tags}
        events.append(Event(f"{kind}.{verb}", at, data, LANES[kind]))
    return events


def page(row: Addressed, slugs: Iterable[str]) -> dict:
    """Return what an event says of one page; `slugs` are those it has and had."""
    previous = [row.path.replace(f"/{row.slug}/", f"/{slug}/") for slug in slugs if slug != row.slug]
    return {"slug": row.slug, "name": str(row), "path": row.path, "previous_paths": previous}


def rows_of(wanted: Collection[tuple[str, int]], loaded: Rows | None = None) -> dict[tuple[str, int], Addressed]:
    """Return the rows with these (kind, key): those loaded, and of the others the name and address, in two statements."""
    given = {(kind, key): (loaded or {}).get(kind, {}).get(key) for kind, key in wanted}
    found = {(kind, key): row for (kind, key), row in given.items() if row is not None and row.pk == key}
    missing: dict[str, list[int]] = defaultdict(list)
    for kind, key in wanted:
        if (kind, key) not in found:
            missing[kind].append(key)
    if sections := missing.pop("section", []):
        rows = Section.objects.filter(pk__in=sections).select_related("parent__parent__parent")
        found |= {("section", row.pk): row for row in rows}
    named = [
        NOUNS[kind]._default_manager.filter(pk__in=keys).order_by()
        .values_list(Value(kind, models.CharField()), "pk", "slug", NOUNS[kind].name_field)
        for kind, keys in missing.items()
    ]  # fmt: skip
    for kind, key, slug, name in named[0].union(*named[1:], all=True) if named else ():
        found[kind, key] = NOUNS[kind](pk=key, slug=slug, **{NOUNS[kind].name_field: name})
    return found


def slugs_of(wanted: Collection[tuple[str, int]]) -> Slugs:
    """Return every slug these (kind, key) have or had."""
    found: Slugs = {pair: [] for pair in wanted}
    targets = Q(pk__in=())
    for kind in {kind for kind, _ in wanted}:
        targets |= Q(kind=kind, target__in=[str(key) for each, key in wanted if each == kind])
    if wanted:
        for kind, target, slug in Address.objects.filter(targets).order_by("pk").values_list("kind", "target", "slug"):
            found[kind, int(target)].append(slug)
    return found


def catch_up(now: datetime, at_once: int = 1000) -> None:
    """Compare every page with what events told, a bounded number in one transaction: the release before told of none."""
    for kind, model in NOUNS.items():
        rows, last = model._default_manager.order_by("pk"), 0
        while keys := list(rows.filter(pk__gt=last).values_list("pk", flat=True)[:at_once]):
            last = keys[-1]
            with transaction.atomic():
                _catch_up(kind, keys, now)


def _catch_up(kind: str, keys: list[int], now: datetime) -> None:
    number = Facet.kinds_of(kind)[0]
    shown = set(entries.public(kind, NOUNS[kind], now).filter(pk__in=keys).values_list("pk", flat=True))
    known = set(DirectoryPage.objects.filter(kind=kind, key__in=keys, is_live=True).values_list("key", flat=True))
    settle({(number, key) for key in shown - known}, {(number, key) for key in known - shown}, now)
