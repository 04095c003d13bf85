"""Announces changes to other systems: events for webhooks, tags for caches.

Everything is written in the transaction of the change; the worker sends it after the commit, never before.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from media.models import Photo

from ..directory.address import Address, Addressed
from ..directory.author import Author
from ..directory.person import Person, Work
from ..directory.section import Section, Tag
from ..outbox.delivery import Delivery, Event
from ..outbox.purge import EVERYTHING, MOST_TAGS, Purge
from . import ledger
from .document import LiveDocument, LiveDocumentBody, LiveDocumentQuerySet

NOUNS = {"person": Person, "work": Work, "section": Section, "tag": Tag, "author": Author}
LISTED = 100
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
    return len(found)


def begin(
    documents: list[LiveDocument], now: datetime, *, paths: dict[UUID, set[str]] | None = None,
    shown: dict[int, list[dict]] | None = None,
) -> None:  # fmt: skip
    """Enter documents that begin into the ledger and queue their events and purges. At most one document per story.

    `paths` are all former paths of each story, `shown` the photos of each document. They are looked up unless given.
    """
    if not documents:
        return
    paths = _paths(documents) if paths is None else paths
    # A stale document is entered when it is rendered: what readers see is not known before.
    fresh = [document for document in documents if document.status != 200 or document.refresh_at > now]
    ledger.enter(_seen(document, shown, document.live_from) for document, shown in _with_shown(fresh, shown))
    Delivery.objects.queue(
        Event(document.announces, document.live_from, story(document, paths[document.article_id]), document.article_id)
        for document in documents
    )
    Purge.objects.ask({"list", *(f"article:{document.article_id}" for document in documents)}, at=now)
    LiveDocument.objects.filter(pk__in=[document.pk for document in documents]).update(announces="")


def story(document: LiveDocument, previous_paths: Iterable[str] = ()) -> dict:
    """Return the data of an event about one story."""
    return {
        "immediate": document.announces == "article.withdrawn",
        "article": {
            "id": str(document.article_id), "slug": document.slug, "path": document.path, "status": document.status,
            "previous_paths": sorted({*previous_paths} - {document.path, ""}),
        },
        "cache_tags": [f"article:{document.article_id}", "list"],
    }  # fmt: skip


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


def _with_shown(
    documents: Iterable[LiveDocument], shown: dict[int, list[dict]] | None = None
) -> list[tuple[LiveDocument, list]]:
    if shown is None:
        shown = dict(LiveDocumentBody.objects.filter(document__in=documents).values_list("document", "shown"))
    return [(document, shown.get(document.pk, [])) for document in documents]


def _seen(document: LiveDocument, shown: list[dict], since: datetime) -> ledger.Seen:
    return ledger.Seen(
        article=document.article_id, headline=document.headline, url=document.url, edition=document.number,
        shown=shown, since=since,
    )  # fmt: skip


# Documents that change while they are live


def seen(document: LiveDocument, since: datetime) -> None:
    """Enter into the ledger what readers of a live document see from this instant on."""
    ledger.enter(_seen(document, shown, since) for document, shown in _with_shown([document]))


def refreshed(document: LiveDocument, now: datetime, previous_path: str = "") -> None:
    """Announce that facts shown in a live document have changed."""
    event = Event("article.refreshed", now, story(document, [previous_path]), document.article_id)
    Delivery.objects.queue([event])
    Purge.objects.ask(event.data["cache_tags"], at=now)


def moved(document: LiveDocument, previous_paths: Iterable[str], now: datetime) -> None:
    event = Event("article.moved", now, story(document, previous_paths), document.article_id)
    Delivery.objects.queue([event])
    Purge.objects.ask(event.data["cache_tags"], at=now)


# Facts


def noun_changed(kind: str, keys: Iterable[int], documents: LiveDocumentQuerySet, at: datetime) -> None:
    """Announce that a person, work, section, tag, author, source or site changed, if live documents show it."""
    stories, tags = affected(documents, at)
    if not stories["count"]:
        return
    rows = list(NOUNS[kind].objects.filter(pk__in=list(keys)[:LISTED])) if kind in NOUNS else []
    about = [_noun(kind, row) for row in rows]
    # Former slugs too: what a cache holds was tagged with the slug of its day.
    tags |= {f"{kind}:{slug}" for row in rows for slug in slugs(kind, row)}
    Purge.objects.ask(tags, at=at)
    if rows:
        data = {"immediate": False, f"{kind}s": about, "affected": stories, "cache_tags": sorted(tags)[:LISTED]}
        Delivery.objects.queue([Event(f"{kind}.changed", at, data)])


def photos_changed(
    verb: str, photos: QuerySet[Photo], documents: LiveDocumentQuerySet, at: datetime, *, immediate: bool
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


def _noun(kind: str, row: Addressed) -> dict:
    previous = [row.path.replace(f"/{row.slug}/", f"/{slug}/") for slug in slugs(kind, row) if slug != row.slug]
    return {"slug": row.slug, "name": str(row), "path": row.path, "previous_paths": previous}


def slugs(kind: str, row: Addressed) -> list[str]:
    """Return every slug a row has or had."""
    return list(Address.objects.filter(kind=kind, target=str(row.pk)).order_by("pk").values_list("slug", flat=True))
