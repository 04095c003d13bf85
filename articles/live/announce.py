"""Announces changes to other systems: events for webhooks, tags for caches.

Everything is written in the transaction of the change; the worker sends it after the commit, never before.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from media.models import Photo

from ..outbox.delivery import Delivery, Event
from ..outbox.purge import EVERYTHING, MOST_TAGS, Purge
from . import directory_pages, ledger, story_event
from .directory_pages import LANES, LISTED, NOUNS, DirectoryPage
from .document import Facet, LiveDocument, LiveDocumentBody, LiveDocumentQuerySet
from .story_event import Stored

BATCH = 200


# Windows that begin


def begin_due(now: datetime, most: int = BATCH) -> int:
    """Announce documents whose window has begun, each once even with several workers. Return how many."""
    if not LiveDocument.objects.unannounced(now).exists():
        return 0
    with transaction.atomic():
        due = LiveDocument.objects.unannounced(now).with_origin().order_by("live_from", "pk")
        found = list(due.select_for_update(skip_locked=True, no_key=True, of=("self",))[:most])
        for round_ in _one_per_article(found):
            begin(round_, now)
        directory_pages.settle_stories({document.article_id for document in found}, now)
    return len(found)


@dataclass(frozen=True)
class Known:
    """What a caller knows of the stories it announces: former paths of each, the documents as stored, and those before them.

    `is_noted`: the rows say already that they were told.
    """

    paths: dict[UUID, set[str]]
    stored: dict[int, Stored]
    former: dict[UUID, Stored]
    is_noted: bool = False


def begin(documents: list[LiveDocument], now: datetime, known: Known | None = None) -> None:
    """Enter documents that begin into the ledger and queue their events and purges. At most one document per story."""
    if not documents:
        return
    known = known or _known(documents)
    # A stale document is entered when it is rendered: what readers see is not known before.
    fresh = [document for document in documents if _is_fresh(document, now)]
    ledger.enter(
        _seen(each, known.stored[each.pk].shown if each.status == 200 else [], each.live_from) for each in fresh
    )
    Delivery.objects.queue(_event(document, known, now) for document in documents)
    Purge.objects.ask({"list", *(f"article:{document.article_id}" for document in documents)}, at=now)
    if not known.is_noted:
        LiveDocument.objects.filter(pk__in=[document.pk for document in documents]).update(announces="")


def _is_fresh(document: LiveDocument, now: datetime) -> bool:
    return document.status != 200 or document.refresh_at > now


def _event(document: LiveDocument, known: Known, now: datetime) -> Event:
    stored = known.stored.get(document.pk)
    if stored is not None and not _is_fresh(document, now):
        stored = replace(stored, text="")
    return story_event.event(
        document.announces, document.live_from, document, known.paths[document.article_id], now=stored,
        former=known.former.get(document.article_id),
    )  # fmt: skip


def _known(documents: list[LiveDocument]) -> Known:
    """Look up what the documents and those they replace hold."""
    before = LiveDocument.objects.filter(
        article__in=[document.article_id for document in documents],
        live_until__in=[document.live_from for document in documents], status=200,
    )  # fmt: skip
    begins = {document.article_id: document.live_from for document in documents}
    replaced = {
        row.pk: row.article_id
        for row in before.only("pk", "article_id", "live_until")
        if row.live_until == begins[row.article_id]
    }
    rows = stored({*replaced, *(document.pk for document in documents if document.status == 200)})
    former = {replaced[key]: each for key, each in rows.items() if key in replaced}
    return Known(_paths(documents), rows, former)


def stored(keys: Collection[int]) -> dict[int, Stored]:
    """Look up these documents as they are stored."""
    facets = facets_of(keys)
    rows = LiveDocumentBody.objects.filter(document__in=keys).values_list("document", "card", "shown")
    return {key: Stored(card, shown, frozenset(facets[key])) for key, card, shown in rows}


def facets_of(documents: Collection[int]) -> dict[int, set]:
    """Return (kind, key) of what each of these documents is listed under."""
    facets = defaultdict(set)
    for document, kind, key in Facet.objects.filter(document__in=documents).values_list("document", "kind", "key"):
        facets[document].add((kind, key))
    return facets


def _one_per_article(documents: list[LiveDocument]) -> list[list[LiveDocument]]:
    """Return the documents in rounds with at most one window of each story, in order."""
    rounds: list[list[LiveDocument]] = []
    turn: dict[UUID, int] = defaultdict(int)
    for document in documents:
        if turn[document.article_id] == len(rounds):
            rounds.append([])
        rounds[turn[document.article_id]].append(document)
        turn[document.article_id] += 1
    return rounds


def _paths(documents: Iterable[LiveDocument]) -> dict[UUID, set[str]]:
    found = defaultdict(set)
    rows = LiveDocument.objects.filter(article__in={document.article_id for document in documents})
    for article, path in rows.values_list("article", "path"):
        found[article].add(path)
    return found


def _seen(document: LiveDocument, shown: list[dict], since: datetime) -> ledger.Seen:
    return ledger.Seen(
        article=document.article_id, headline=document.headline, url=document.url, edition=document.number,
        shown=shown, since=since,
    )  # fmt: skip


# Documents that change while they are live


def seen(document: LiveDocument, shown: list[dict], since: datetime) -> None:
    """Enter into the ledger what readers of a live document see from this instant on."""
    ledger.enter([_seen(document, shown, since)])


def refreshed(document: LiveDocument, now: datetime, rendered: Stored, previous_path: str = "") -> None:
    """Announce that facts shown in a live document have changed."""
    _changed("article.refreshed", document, [previous_path], rendered, now)


def moved(document: LiveDocument, previous_paths: Iterable[str], now: datetime) -> None:
    _changed("article.moved", document, previous_paths, stored([document.pk])[document.pk], now)


def _changed(name: str, document: LiveDocument, paths: Iterable[str], rendered: Stored, now: datetime) -> None:
    event = story_event.event(name, now, document, paths, now=rendered)
    Delivery.objects.queue([event])
    Purge.objects.ask([f"article:{document.article_id}", "list"], at=now)


# Facts


def noun_changed(kind: str, keys: Iterable[int], documents: LiveDocumentQuerySet, at: datetime) -> None:
    """Announce that a person, work, section, tag, author, source or site changed, if live documents show it."""
    stories, tags = affected(documents, at)
    if not stories["count"]:
        return
    rows = list(directory_pages.rows_of([(kind, key) for key in list(keys)[:LISTED]]).values()) if kind in NOUNS else []
    former = directory_pages.slugs_of([(kind, row.pk) for row in rows])
    # Former slugs too: what a cache holds was tagged with the slug of its day.
    tags |= {f"{kind}:{slug}" for slugs in former.values() for slug in slugs}
    Purge.objects.ask(tags, at=at)
    if rows:
        DirectoryPage.objects.touch(kind, keys, at)
        about = [directory_pages.page(row, former[kind, row.pk]) for row in rows]
        data = {"immediate": False, f"{kind}s": about, "affected": stories, "cache_tags": sorted(tags)[:LISTED]}
        Delivery.objects.queue([Event(f"{kind}.changed", at, data, LANES[kind])])


def photos_changed(
    verb: str,
    photos: QuerySet[Photo],
    documents: LiveDocumentQuerySet,
    at: datetime,
    *,
    immediate: bool,
) -> None:
    """Announce that facts of photos changed; `immediate` marks a kill."""
    stories, tags = affected(documents, at)
    keys = [str(key) for key in photos.order_by("pk").values_list("pk", flat=True)[: MOST_TAGS + 1]]
    if not keys:
        Purge.objects.ask(tags if stories["count"] else (), at=at)
        return
    tags |= {f"photo:{key}" for key in keys}
    Purge.objects.ask(tags, at=at)
    name = "photo.killed" if immediate else "photo.changed"
    data = {
        "immediate": immediate, "verb": verb, "photos": keys[:LISTED], "affected": stories,
        "cache_tags": sorted(tags)[:LISTED],
    }  # fmt: skip
    Delivery.objects.queue([Event(name, at, data)])


def affected(documents: LiveDocumentQuerySet, at: datetime) -> tuple[dict, set[str]]:
    """Return the live stories among these documents, the first hundred listed, and the cache tags of all.

    `next` leads to the rest, page by page. For more than a thousand stories, everything is purged.
    """
    rows = list(documents.live(at).order_by().values_list("article", "path").distinct()[: MOST_TAGS + 1])
    tags = {f"article:{article}" for article, _ in rows} | {"list"} if len(rows) <= MOST_TAGS else {EVERYTHING}
    stories = {
        "count": len(rows), "count_is_exact": len(rows) <= MOST_TAGS,
        "articles": [{"id": str(article), "path": path} for article, path in rows[:LISTED]],
        "next": f"/api/v1/updates/?since={at:%Y-%m-%dT%H:%M:%S}Z" if len(rows) > LISTED else None,
    }  # fmt: skip
    return stories, tags
