"""Renders documents that are past their best-before instant, once each; other readers wait for the first.

On PostgreSQL a renderer locks the rows it reads FOR SHARE. On SQLite, which has one writer, a refresh renders
outside the write transaction and stores its result only if no fact changed meanwhile (docs/engine.md).
"""

import contextlib
import fcntl
import logging
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from django.conf import settings
from django.db import OperationalError, connection, transaction

from ..history.timeline import Window
from . import announce, directory_pages, search
from .document import (
    BestBefore,
    ChannelBytes,
    DocumentPhoto,
    Facet,
    LiveDocument,
    LiveDocumentBody,
    LiveDocumentQuerySet,
)
from .jobs import jobs
from .load_facts import load
from .render import Job, Rendering, render
from .store import bytes_of, channel_bytes_of, columns_of, stored_as

log = logging.getLogger(__name__)

WAIT_SECONDS = 2.0
TRIES = 5
AT_ONCE = 200
# The first key of the advisory locks by which refreshes take turns on PostgreSQL.
ADVISORY = 5281


class RenderFailed(Exception):
    """A document cannot be rendered; the dashboard shows why."""


class StillRendering(Exception):
    """Another process is rendering this document and takes longer than readers wait."""


def refresh(key: int, now: datetime) -> LiveDocument | None:
    """Render a document that is past its best-before instant, once; other readers wait for the first.

    Return the fresh row, or None if the row is gone. Raise StillRendering after two seconds of waiting and
    RenderFailed when it cannot be rendered.
    """
    try:
        return _refresh_locked(key, now) if connection.vendor == "postgresql" else _refresh_compared(key, now)
    except RenderFailed:
        raise
    except (StillRendering, OperationalError) as error:
        return _rendered_meanwhile(key, now, error)
    except Exception as error:
        log.exception("Document %s cannot be rendered", key)
        LiveDocument.objects.filter(pk=key).update(failed=f"{type(error).__name__}: {error}"[:500])
        raise RenderFailed(str(error)) from error


def refreshed(key: int, now: datetime) -> bool:
    """Render a stale document before a reader has to wait for it. Return True if it is fresh."""
    try:
        refresh(key, now)
    except (StillRendering, RenderFailed):
        return False
    return True


def refresh_stale(documents: LiveDocumentQuerySet, now: datetime, most: int = AT_ONCE) -> None:
    """Render the stale ones among these documents, the newest first; what is over `most`, the worker renders."""
    newest = documents.stale(now).order_by("-published_at", "-pk")
    for key in list(newest.values_list("pk", flat=True)[:most]):
        refreshed(key, now)


def _rendered_meanwhile(key: int, now: datetime, error: Exception) -> LiveDocument | None:
    """Return what others rendered while this reader waited, if anything."""
    try:
        seen, job = _stale(key, now)
    except OperationalError:
        raise StillRendering from error
    if job is not None:
        raise StillRendering from error
    return seen


def _refresh_locked(key: int, now: datetime) -> LiveDocument | None:
    """PostgreSQL: take the turn, lock the facts FOR SHARE, then the document. The second reader finds it fresh.

    Links are facts without a locked row: the `facts` counter shows whether one changed since it was read.
    """
    for _ in range(TRIES):
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = %s", [f"{int(WAIT_SECONDS * 1000)}ms"])
                cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [ADVISORY, key % 2**31])
            seen, job = _stale(key, now)
            if job is None:
                return seen
            facts = load([job.content], now, stories=[job.article], lock=True)
            document = (
                LiveDocument.objects.filter(pk=key).with_origin().select_for_update(no_key=True, of=("self",)).first()
            )
            if document is None:
                return None
            document.best_before = BestBefore.objects.select_for_update(no_key=True).get(pk=key)
            if document.best_before.facts == seen.best_before.facts:
                return _replace(document, job, render(job, facts, now), now)
    raise StillRendering


def _refresh_compared(key: int, now: datetime) -> LiveDocument | None:
    """SQLite: render outside the write transaction; store only if no fact changed meanwhile, else try again.

    A rendering may show rows the document was not listed under, whose changes nobody would have counted: such a
    document, which is rare, is rendered once more while no other writer can move.
    """
    with _turn(key), _patience():
        for _ in range(TRIES):
            seen, job = _stale(key, now)
            if job is None:
                return seen
            result = render(job, load([job.content], now, stories=[job.article]), now)
            unchanged = LiveDocument.objects.filter(pk=key, best_before__facts=seen.best_before.facts)
            with transaction.atomic():
                document = unchanged.with_origin().first()
                if document is None:
                    continue
                if not _depends_on_what_it_did(document, result):
                    result = render(job, load([job.content], now, stories=[job.article]), now)
                return _replace(document, job, result, now)
    raise StillRendering


def _stale(key: int, now: datetime) -> tuple[LiveDocument | None, Job | None]:
    """Return the document, read before any of its facts, and the job to render; None for the job if it is fresh or gone."""
    document = (
        LiveDocument.objects.filter(pk=key).select_related("article", "best_before").knowing_its_release().first()
    )
    if document is None or document.status != 200 or (document.refresh_at > now and not document.is_of_before):
        return document, None
    window = Window(document.live_from, document.live_until, 0, False)
    job = next(
        (job for job in jobs([document.article], document.live_from) if job.window.live_from == window.live_from), None
    )
    if job is None:
        return None, None
    return document, replace(job, slug=document.slug, published_at=document.published_at)


def _depends_on_what_it_did(document: LiveDocument, result: Rendering) -> bool:
    facets = set(document.facets.values_list("kind", "key"))
    return result.facets <= facets and result.photos <= set(document.photos.values_list("photo", flat=True))


def _replace(document: LiveDocument, job: Job, result: Rendering, now: datetime) -> LiveDocument:
    """Store a new rendering of an existing row, and announce it if it differs."""
    former = document.path
    changed = _replace_channels(document, result) or document.etag != result.etag
    since = max(document.live_from, min(document.refresh_at, now))
    columns = columns_of(job, result) | ({"changed_at": max(now, document.live_from)} if changed else {})
    for name, value in columns.items():
        setattr(document, name, value)
    document.save(update_fields=columns)
    document.best_before.refresh_at = result.refresh_at
    document.best_before.save(update_fields=["refresh_at"])
    LiveDocumentBody.objects.filter(pk=document.pk).update(**bytes_of(result))
    listed = _index_anew(document, result)
    if former != document.path:
        LiveDocument.objects.linking_to(document.article_id).exclude(pk=document.pk).mark_stale(now)
    if document.live_from <= now < document.live_until:
        announce.seen(document, list(result.shown), since)
        if changed and not document.announces:
            announce.refreshed(document, now, stored_as(result), former)
        directory_pages.settle(result.facets - listed, listed - result.facets, now)
    return document


def _replace_channels(document: LiveDocument, result: Rendering) -> bool:
    """Store what other channels get now. Return True if any of them gets other bytes than before."""
    before = dict(ChannelBytes.objects.filter(document=document).values_list("channel", "etag"))
    if before == {channel: each.etag for channel, each in result.channels.items()}:
        return False
    if before:
        ChannelBytes.objects.filter(document=document).delete()
    ChannelBytes.objects.bulk_create(channel_bytes_of(document, result))
    return True


def _index_anew(document: LiveDocument, result: Rendering) -> frozenset:
    """Update facets and dependencies after a new rendering; usually nothing has changed. Return what it was listed under."""
    facets = {(row.kind, row.key): row.pk for row in document.facets.all()}
    Facet.objects.filter(pk__in=[pk for pair, pk in facets.items() if pair not in result.facets]).delete()
    Facet.objects.bulk_create(
        Facet(document=document, kind=kind, key=key, published_at=document.published_at, article=document.article_id)
        for kind, key in sorted(result.facets - set(facets))
    )
    photos = {row.photo_id: row.pk for row in document.photos.all()}
    DocumentPhoto.objects.filter(pk__in=[pk for photo, pk in photos.items() if photo not in result.photos]).delete()
    DocumentPhoto.objects.bulk_create(
        DocumentPhoto(document=document, photo_id=key, published_at=document.published_at)
        for key in sorted(result.photos - set(photos))
    )
    search.index([(document, result)])
    return frozenset(facets)


@contextlib.contextmanager
def _turn(key: int) -> Iterator[None]:
    """Let one process at a time render this document. The operating system frees the lock if the process dies."""
    folder = settings.VAR_DIR / "locks"
    folder.mkdir(parents=True, exist_ok=True)
    deadline = time.monotonic() + WAIT_SECONDS
    with open(folder / f"document-{key % 512}", "w") as file:
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise StillRendering from None
                time.sleep(0.01)
        yield


@contextlib.contextmanager
def _patience() -> Iterator[None]:
    """Wait for the write lock only as long as readers wait, not as long as editors do."""
    usual = int(settings.DATABASES["default"].get("OPTIONS", {}).get("timeout", 5) * 1000)
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA busy_timeout = {int(WAIT_SECONDS * 1000)}")
        try:
            yield
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {usual}")
