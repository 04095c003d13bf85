"""Editions become live documents: load facts, render, store, refresh, rebuild.

The locks that keep a correction from being lost are described in design.md section 3 and docs/publishing.md: whoever
renders holds the rows it reads FOR SHARE; whoever changes a fact holds its row before it marks documents stale. On
SQLite writers are alone anyway; a refresh renders outside the write transaction and stores its result only if no fact
changed meanwhile.
"""

import contextlib
import fcntl
import logging
import time
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import OperationalError, connection, transaction

from . import announcing, search
from .holding import hold, load
from .inserting import insert, insert_values
from .models import (
    Address,
    Article,
    BestBefore,
    Correction,
    DocumentLink,
    DocumentPhoto,
    Edition,
    Facet,
    LiveDocument,
    LiveDocumentBody,
    PhotoUse,
    Section,
    Version,
)
from .rendering import Facts, Job, Rendering, render
from .timeline import FOREVER, Window, coming, windows

log = logging.getLogger(__name__)

WAIT_SECONDS = 2.0
TRIES = 5
# The first half of the advisory locks by which refreshes take turns on PostgreSQL.
ADVISORY = 5281


class RenderFailed(Exception):
    """A document cannot be rendered now; the dashboard shows why."""


class StillRendering(Exception):
    """Somebody else renders this document and takes longer than readers wait."""


# Jobs: what is to be rendered


def standing(articles) -> dict[UUID, list[Edition]]:
    """Return the editions of these stories that were not cancelled, with their versions, in the order they go live."""
    found = defaultdict(list)
    rows = (
        Edition.objects.standing()
        .filter(article__in=articles)
        .select_related("version")
        .order_by("live_from", "number")
    )
    for edition in rows:
        found[edition.article_id].append(edition)
    return found


def jobs(
    articles: Iterable[Article],
    now: datetime,
    editions: dict[UUID, list[Edition]] | None = None,
    spans: dict[UUID, list[Window]] | None = None,
) -> list[Job]:
    """Return a job for every present and coming window of these articles in which readers get a document."""
    articles = list(articles)
    editions = standing(articles) if editions is None else editions
    corrections = _corrections(articles)
    found = []
    for article in articles:
        windows = spans[article.pk] if spans is not None else coming(_timeline(editions[article.pk]), now)
        found += [
            _job(article, window, editions[article.pk], corrections[article.pk])
            for window in windows
            if not window.gone
        ]
    return found


def _corrections(articles) -> dict[UUID, list[Correction]]:
    found = defaultdict(list)
    for row in Correction.objects.filter(article__in=articles, edition__cancellation__isnull=True):
        found[row.article_id].append(row)
    return found


def facts_ahead(editions: list[Edition], now: datetime, version: Version) -> Facts:
    """Hold and return the facts of what one story's editions still show, and of a version about to join them."""
    return load([*_contents(editions, coming(_timeline(editions), now)), version.content], now, lock=True)


def _contents(editions: list[Edition], ahead: list[Window]) -> list[dict]:
    """Return what these windows show, but for those in which the story is gone."""
    numbers = {window.number for window in ahead if not window.gone}
    return [edition.version.content for edition in editions if edition.number in numbers]


def _timeline(editions: Iterable[Edition]) -> list[Window]:
    return windows(edition.decision() for edition in editions)


def _job(article: Article, window: Window, editions: list[Edition], corrections: list[Correction]) -> Job:
    edition = next(edition for edition in editions if edition.number == window.number)
    until_now = [each for each in editions if (each.live_from, each.number) <= (edition.live_from, edition.number)]
    substantive = [each.live_from for each in until_now if each.is_substantive]
    return Job(
        article=article.pk, slug=article.slug, content=edition.version.content, number=edition.number, window=window,
        published_at=article.first_published(editions), updated_at=max(substantive, default=None),
        ends_at=edition.ends if edition.ends < FOREVER else None,
        corrections=_said_by(window, corrections),
        left_out=frozenset(edition.without_photos),
    )  # fmt: skip


def _said_by(window: Window, corrections: list[Correction]) -> tuple[Correction, ...]:
    return tuple(row for row in corrections if row.edition_id is None or row.at <= window.live_from)


# Storing


@transaction.atomic(savepoint=False)
def write(
    article: Article, now: datetime, facts: Facts | None = None, editions: list[Edition] | None = None
) -> list[Window]:
    """Replace every document and tombstone of a story by those of its present and coming windows, and announce.

    The caller holds the story (`article.lock()`), and its facts if it gives them. Returns the story's windows.
    """
    editions = standing([article])[article.pk] if editions is None else sorted(editions, key=_when)
    done = _rewrite([article], now, {article.pk: editions}, facts)
    begun = [row for row in done.rows if row.announces and row.live_from <= now]
    for row in begun:
        row.site = done.facts.sites.get(row.site_id) or row.site
    announcing.begin(begun, now, paths=done.paths, shown=done.shown)
    spans = _timeline(editions)
    numbers = {window.number for window in coming(spans, now) if not window.gone}
    in_use = [edition for edition in editions if edition.number in numbers]
    PhotoUse.rewrite_editions(article, in_use, done.facts.photos)
    return spans


def _when(edition: Edition) -> tuple[datetime, int]:
    return edition.live_from, edition.number


def rebuild(articles: list[Article], now: datetime) -> int:
    """Write all documents of a batch of stories anew from their editions. Returns how many documents there are."""
    with transaction.atomic():
        hold(articles)
        _rewrite(articles, now, standing(articles), announce=False)
        return LiveDocument.objects.filter(article__in=articles, status=200, live_until__gt=now).count()


@dataclass(frozen=True)
class Rewritten:
    """The new rows of some stories, the photos each shows by the row's key, and all paths that led to each story."""

    facts: Facts
    rows: list[LiveDocument]
    shown: dict[int, list[dict]]
    paths: dict[UUID, set[str]]


def _rewrite(
    articles: list[Article], now: datetime, editions: dict[UUID, list[Edition]], facts: Facts | None = None,
    *, announce: bool = True,
) -> Rewritten:  # fmt: skip
    """Replace the rows of these stories."""
    spans = {article.pk: _timeline(editions[article.pk]) for article in articles}
    ahead = {key: coming(windows, now) for key, windows in spans.items()}
    contents = [content for key, windows in ahead.items() for content in _contents(editions[key], windows)]
    facts = facts or load(contents, now, lock=True)
    # The photo desk adds corrections while it holds photos, not stories: they are read now that these are held here.
    rendered = [(job, render(job, facts, now)) for job in jobs(articles, now, editions, ahead)]
    before = list(
        LiveDocument.objects.filter(article__in=articles).with_origin().order_by("pk").select_for_update(of=("self",))
    )
    list(BestBefore.objects.filter(document__in=before).order_by("pk").select_for_update().values_list("pk"))
    for document in sorted(before, key=lambda document: document.live_from):
        if document.announces and document.live_from <= now:
            announcing.begin([document], now)
            document.announces = ""
    _clear(before, ahead, now)
    pairs = new_rows(rendered, editions, now)
    tombstones = _tombstones(articles, ahead, editions, facts, now)
    rows = [*(row for row, _ in pairs), *tombstones]
    _note_announcements(rows, spans, before, None if announce else now)
    store(pairs)
    LiveDocument.objects.bulk_create(tombstones)
    paths = defaultdict(set)
    for document in [*before, *rows]:
        paths[document.article_id].add(document.path)
    return Rewritten(facts, rows, {row.pk: list(result.shown) for row, result in pairs}, paths)


def _clear(before: list[LiveDocument], ahead: dict[UUID, list[Window]], now: datetime) -> None:
    """Make room for the windows ahead, and leave what is past to readers who asked a moment before this instant.

    A reader fixes its instant and then reads: without the past row it would find neither the old nor the new document.
    """
    ends = {key: min([now, *(window.live_from for window in windows)]) for key, windows in ahead.items()}
    kept = [document for document in before if document.live_from < ends[document.article_id]]
    LiveDocument.objects.filter(
        pk__in={document.pk for document in before} - {document.pk for document in kept}
    ).delete()
    for document in kept:
        if document.live_until > ends[document.article_id]:
            LiveDocument.objects.filter(pk=document.pk).update(live_until=ends[document.article_id])


Pair = tuple[LiveDocument, Rendering]


def new_rows(
    rendered: Iterable[tuple[Job, Rendering]], editions: dict[UUID, list[Edition]], now: datetime
) -> list[Pair]:
    """Return the rows of documents, to be stored, each with its rendering."""
    numbered = {(edition.article_id, edition.number): edition for rows in editions.values() for edition in rows}
    return [
        (LiveDocument(
            article_id=job.article, edition=numbered[job.article, job.number], slug=job.slug, published_at=job.published_at,
            updated_at=job.updated_at, live_from=job.window.live_from, live_until=job.window.live_until,
            changed_at=max(now, job.window.live_from), **_columns(job, result),
        ), result)
        for job, result in rendered
    ]  # fmt: skip


def store(pairs: list[Pair]) -> None:
    """Insert documents with their bytes, facets and dependencies."""
    insert((document for document, _ in pairs), keyed=True)
    insert(BestBefore(document=document, refresh_at=result.refresh_at) for document, result in pairs)
    insert(LiveDocumentBody(document_id=document.pk, **_bytes(result)) for document, result in pairs)
    insert_values(
        Facet, ("document_id", "kind", "key", "published_at", "article"),
        (
            (document.pk, kind, key, document.published_at, document.article_id)
            for document, result in pairs for kind, key in sorted(result.facets)
        ),
    )  # fmt: skip
    insert_values(
        DocumentPhoto, ("document_id", "photo_id", "published_at"),
        ((document.pk, key, document.published_at) for document, result in pairs for key in sorted(result.photos)),
    )  # fmt: skip
    known = _known({key for _, result in pairs for key in result.links})
    insert(
        DocumentLink(document_id=document.pk, article_id=key)
        for document, result in pairs for key in sorted(result.links & known)
    )  # fmt: skip
    search.index(pairs, new=True)


def _columns(job: Job, result: Rendering) -> dict:
    return {
        "site_id": job.content["site"], "path": result.path, "headline": result.headline, "locale": result.locale,
        "noindex": result.noindex, "etag": result.etag, "failed": "",
    }  # fmt: skip


def _bytes(result: Rendering) -> dict:
    return {
        "card": result.card, "document_json": result.document, "bare_card": result.bare_card, "drops": result.drops,
        "shown": list(result.shown),
    }  # fmt: skip


def _known(articles: set[UUID]) -> set[UUID]:
    return set(Article.objects.filter(pk__in=articles).values_list("pk", flat=True)) if articles else set()


def _tombstones(articles, spans: dict[UUID, list[Window]], editions, facts: Facts, now: datetime) -> list:
    """Return the rows of what is gone (410, or 301 where readers are led elsewhere) and of every earlier address."""
    facts.sections = facts.sections or Section.objects.in_bulk()
    addresses = defaultdict(list)
    for address in Address.objects.filter(kind="article", target__in=[str(article.pk) for article in articles]):
        addresses[UUID(address.target)].append(address)
    rows = []
    for article in articles:
        numbered = {edition.number: edition for edition in editions[article.pk]}
        gone = [window for window in spans[article.pk] if window.gone]
        rows += [_tombstone(article, window, numbered[window.number], facts, now) for window in gone]
        if spans[article.pk]:
            old = [address for address in addresses[article.pk] if address.slug != article.slug]
            for address in old:
                rows += _signposts(article, address, spans[article.pk][0], numbered, facts, now)
    return rows


def _tombstone(article: Article, window: Window, edition: Edition, facts: Facts, now: datetime) -> LiveDocument:
    status = 301 if edition.redirect_to and not edition.silent else 410
    return LiveDocument(
        article=article, edition=edition, site_id=article.site_id, slug=article.slug, status=status,
        path=facts.path(edition.version.content["section"], article.slug),
        location=edition.redirect_to if status == 301 else "", headline="", live_from=window.live_from,
        live_until=window.live_until, published_at=min(edition.live_from, now), changed_at=max(now, window.live_from),
    )  # fmt: skip


def _signposts(article, address: Address, first: Window, numbered: dict[int, Edition], facts: Facts, now: datetime):
    """Return what an earlier address answers: where the story is now, and 410 from its silent withdrawal on."""
    path = facts.path(numbered[first.number].version.content["section"], address.slug)
    retired = first.live_from if address.retired else _retired_from(address, numbered.values())
    spans = [(first.live_from, retired, 301, article.slug), (max(first.live_from, retired), FOREVER, 410, "")]
    return [
        LiveDocument(
            article=article, site_id=article.site_id, slug=address.slug, status=status, location=location, path=path,
            live_from=begins, live_until=ends, published_at=min(begins, now), changed_at=max(now, begins),
        )
        for begins, ends, status, location in spans if begins < ends
    ]  # fmt: skip


def _retired_from(address: Address, editions: Iterable[Edition]) -> datetime:
    """Return the instant of the first silent withdrawal an address lives to see: a coming one is no reason yet."""
    return min(
        (each.live_from for each in editions if each.silent and each.live_from >= address.since), default=FOREVER
    )


def _note_announcements(rows: list[LiveDocument], spans, before: list[LiveDocument], quiet_until) -> None:
    """Note on every row to be stored the event its beginning is, unless readers were told of that beginning already.

    Where documents are built anew from nothing, what began before `quiet_until` is no news.
    """
    told = {(row.article_id, row.edition_id, row.status, row.live_from): row.announces for row in before}
    known = {row.article_id for row in before}
    for row in rows:
        if row.edition_id is None:
            continue
        key = (row.article_id, row.edition_id, row.status, row.live_from)
        if key in told:
            row.announces = told[key]
        elif quiet_until is None or row.live_from > quiet_until or row.article_id in known:
            row.announces = event(spans[row.article_id], row, row.edition.kind)


def event(spans: list[Window], document: LiveDocument, kind: str) -> str:
    """Return the event that a window's beginning is, seen from the window before it."""
    before = next((window for window in spans if window.live_until == document.live_from), None)
    if document.status != 200:
        return "article.withdrawn"
    if before is None or before.gone:
        return "article.published"
    return "article.corrected" if kind == "correction" else "article.updated"


# Refreshing


def refresh(key: int, now: datetime) -> LiveDocument | None:
    """Render a document that is past its best-before instant once, whoever asks first; the others wait.

    Returns the fresh row, or None when the row is gone. Raises StillRendering after two seconds of waiting and
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


def _rendered_meanwhile(key: int, now: datetime, error: Exception) -> LiveDocument | None:
    """Return what others rendered while this reader waited: of a crowd the last may wait longer than its rendering."""
    try:
        seen, job = _stale(key, now)
    except OperationalError:
        raise StillRendering from error
    if job is not None:
        raise StillRendering from error
    return seen


def _refresh_locked(key: int, now: datetime) -> LiveDocument | None:
    """PostgreSQL: take the turn, the facts FOR SHARE, then the document; whoever comes second finds it fresh.

    Links are facts without a held row: the `facts` counter tells whether one changed since it was read.
    """
    for _ in range(TRIES):
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = %s", [f"{int(WAIT_SECONDS * 1000)}ms"])
                cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [ADVISORY, key % 2**31])
            seen, job = _stale(key, now)
            if job is None:
                return seen
            facts = load([job.content], now, lock=True)
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
    """SQLite: render outside the write transaction; store only if no fact changed meanwhile, else once more.

    A rendering may show rows the document was not listed under, whose changes nobody would have counted: such a
    document, which is rare, is rendered once more while no other writer can move.
    """
    with _turn(key), _patience():
        for _ in range(TRIES):
            seen, job = _stale(key, now)
            if job is None:
                return seen
            result = render(job, load([job.content], now), now)
            unchanged = LiveDocument.objects.filter(pk=key, best_before__facts=seen.best_before.facts)
            with transaction.atomic():
                document = unchanged.with_origin().first()
                if document is None:
                    continue
                if not _depends_on_what_it_did(document, result):
                    result = render(job, load([job.content], now), now)
                return _replace(document, job, result, now)
    raise StillRendering


def _stale(key: int, now: datetime) -> tuple[LiveDocument | None, Job | None]:
    """Return the document, read before any of its facts, and what to render; no job where it is fresh or gone."""
    document = LiveDocument.objects.filter(pk=key).select_related("article", "best_before").first()
    if document is None or document.status != 200 or document.refresh_at > now:
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
    """Store a new rendering of an existing row, and announce it if readers see something new."""
    former, changed = document.path, document.etag != result.etag
    since = max(document.live_from, min(document.refresh_at, now))
    columns = _columns(job, result) | ({"changed_at": max(now, document.live_from)} if changed else {})
    for name, value in columns.items():
        setattr(document, name, value)
    document.save(update_fields=columns)
    document.best_before.refresh_at = result.refresh_at
    document.best_before.save(update_fields=["refresh_at"])
    LiveDocumentBody.objects.filter(pk=document.pk).update(**_bytes(result))
    _index_anew(document, result)
    if former != document.path:
        LiveDocument.objects.linking_to(document.article_id).exclude(pk=document.pk).mark_stale(now)
    if document.live_from <= now < document.live_until:
        announcing.seen(document, since)
        if changed and not document.announces:
            announcing.refreshed(document, now, former)
    return document


def _index_anew(document: LiveDocument, result: Rendering) -> None:
    """Let facets and dependencies follow a new rendering; most of the time nothing is to be done."""
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


@contextlib.contextmanager
def _turn(key: int):
    """Let one process at a time render this document; a lock the system frees when its holder dies."""
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
def _patience():
    """Let a reader wait for the write lock as long as readers wait, not as long as editors do."""
    usual = int(settings.DATABASES["default"].get("OPTIONS", {}).get("timeout", 5) * 1000)
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA busy_timeout = {int(WAIT_SECONDS * 1000)}")
        try:
            yield
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {usual}")


# Previews


def preview(article: Article, content: dict, now: datetime) -> str:
    """Return exactly the document that publishing this content now would give. Nothing is stored."""
    last = article.editions.order_by("-number").first()
    job = Job(
        article=article.pk, slug=article.slug, content=content, number=(last.number if last else 0) + 1,
        window=Window(now, FOREVER, 0, False), published_at=article.published_at() or now, updated_at=None, ends_at=None,
        corrections=tuple(article.corrections.filter(edition__cancellation__isnull=True, at__lte=now)),
    )  # fmt: skip
    return render(job, load([content], now), now).document
