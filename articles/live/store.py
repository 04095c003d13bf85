"""Stores rendered windows as rows: documents with their bytes, facets and dependencies, and their announcements.

The locks that keep a correction from being lost are described in design.md section 3 and docs/engine.md: a
renderer locks the rows it reads FOR SHARE; whatever changes a fact locks its row before it marks documents stale.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F

from ..history.edition import Edition
from ..history.photo_use import PhotoUse
from ..history.timeline import Window, coming
from . import announce as announcing
from . import directory_pages, search
from .bulk_insert import insert, insert_values
from .document import BestBefore, ChannelBytes, DocumentLink, DocumentPhoto, Facet, LiveDocument, LiveDocumentBody
from .facts import Facts
from .jobs import Story, contents_ahead, jobs, standing, timeline_of
from .load_facts import load
from .render import Job, Rendering, render
from .story_event import Stored
from .tombstones import tombstones


@transaction.atomic(savepoint=False)
def write(
    article: Story, now: datetime, facts: Facts | None = None, editions: list[Edition] | None = None
) -> list[Window]:
    """Replace all documents and tombstones of a story with those of its present and coming windows, and announce them.

    Documents that link here are stale then. The pages of the directory come last: their rows are locked after all others.
    The caller has locked the story (`article.lock()`), and its facts if given. Return the story's windows.
    """
    editions = standing([article])[article.pk] if editions is None else sorted(editions, key=_when)
    done = _rewrite([article], now, {article.pk: editions}, facts)
    for row in done.begun:
        row.site = done.facts.sites.get(row.site_id) or row.site
    announcing.begin(done.begun, now, done.known)
    spans = timeline_of(editions)
    numbers = {window.number for window in coming(spans, now) if not window.gone}
    in_use = [edition for edition in editions if edition.number in numbers]
    PhotoUse.rewrite_editions(article, in_use, done.facts.photos)
    LiveDocument.objects.linking_to(article.pk).exclude(article=article.pk).mark_stale(now)
    directory_pages.settle(done.gained, done.lost, now, loaded(done.facts))
    return spans


def _when(edition: Edition) -> tuple[datetime, int]:
    return edition.live_from, edition.number


def rebuild(articles: list[Story], now: datetime) -> int:
    """Rebuild all documents of a batch of stories from their editions. Return how many documents are live or coming.

    The caller has locked the stories (`Article.objects.hold`) in the same transaction.
    """
    done = _rewrite(articles, now, standing(articles), announce=False)
    directory_pages.settle(done.gained, done.lost, now, loaded(done.facts))
    return LiveDocument.objects.filter(article__in=articles, status=200, live_until__gt=now).count()


@dataclass(frozen=True)
class Rewritten:
    """The new rows that are to be announced at once, with what is told of them; what their stories are listed under since, or no more."""

    facts: Facts
    begun: list[LiveDocument]
    known: announcing.Known
    gained: frozenset
    lost: frozenset


def _rewrite(
    articles: list[Story], now: datetime, editions: dict[UUID, list[Edition]], facts: Facts | None = None,
    *, announce: bool = True,
) -> Rewritten:  # fmt: skip
    """Replace the rows of these stories."""
    spans = {article.pk: timeline_of(editions[article.pk]) for article in articles}
    ahead = {key: coming(windows, now) for key, windows in spans.items()}
    contents = [content for key, windows in ahead.items() for content in contents_ahead(editions[key], windows)]
    facts = facts or load(contents, now, stories=[article.pk for article in articles], lock=True)
    # The photo desk adds corrections while it locks photos, not stories. They are read now that the photos are locked.
    rendered = [(job, render(job, facts, now)) for job in jobs(articles, now, editions, ahead)]
    before = list(
        LiveDocument.objects.filter(article__in=articles).with_origin().annotate(card=F("bytes__card")).order_by("pk")
        .select_for_update(of=("self",))
    )  # fmt: skip
    listed = _listed(before, now)
    list(BestBefore.objects.filter(document__in=before).order_by("pk").select_for_update().values_list("pk"))
    for document in sorted(before, key=lambda document: document.live_from):
        if document.announces and document.live_from <= now:
            announcing.begin([document], now)
            document.announces = ""
    _clear(before, ahead, now)
    pairs = new_rows(rendered, editions, now)
    gone = tombstones(articles, ahead, editions, facts, now)
    rows = [*(row for row, _ in pairs), *gone]
    _note_announcements(rows, spans, before, None if announce else now)
    begun = [(row, row.announces) for row in rows if announce and row.announces and row.live_from <= now]
    for row, _ in begun:
        row.announces = ""
    store(pairs, linked_stories(articles, rendered))
    LiveDocument.objects.bulk_create(gone)
    for row, name in begun:
        row.announces = name
    known = announcing.Known(
        _paths([*before, *rows]),
        {row.pk: stored_as(result) for row, result in pairs},
        listed.present,
        is_noted=True,
    )
    live = {pair for row, result in pairs if row.live_from <= now for pair in result.facets}
    return Rewritten(
        facts, [row for row, _ in begun], known, frozenset(live - listed.told), frozenset(listed.ever - live)
    )


@dataclass(frozen=True)
class Listed:
    """What stories were listed under: by their present documents, each whole; as events told; and ever, as far as rows say."""

    present: dict[UUID, Stored]
    told: frozenset
    ever: frozenset


def _listed(before: list[LiveDocument], now: datetime) -> Listed:
    begun = {row.pk: row for row in before if row.status == 200 and row.live_from <= now}
    facets = announcing.facets_of(begun) if begun else {}
    present = {key: row for key, row in begun.items() if row.live_until > now}
    told = {pair for key, row in present.items() if not row.announces for pair in facets[key]}
    whole = {
        row.article_id: Stored(row.card if row.refresh_at > now else "", [], frozenset(facets[key]))
        for key, row in present.items()
    }  # fmt: skip
    return Listed(whole, frozenset(told), frozenset(pair for listed in facets.values() for pair in listed))


def loaded(facts: Facts) -> directory_pages.Rows:
    """Return the rows of the directory among these facts."""
    return {
        "person": facts.people, "work": facts.works, "section": facts.sections, "tag": facts.tags, "author": facts.authors,
    }  # fmt: skip


def _paths(rows: Iterable[LiveDocument]) -> dict[UUID, set[str]]:
    paths = defaultdict(set)
    for document in rows:
        paths[document.article_id].add(document.path)
    return paths


def _clear(before: list[LiveDocument], ahead: dict[UUID, list[Window]], now: datetime) -> None:
    """Delete rows to make room for the windows ahead. Past rows stay for requests already in flight.

    A request fixes its instant first and reads later: without the past row it would find neither document.
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
    """Return the document rows to store, each with its rendering."""
    numbered = {(edition.article_id, edition.number): edition for rows in editions.values() for edition in rows}
    return [
        (LiveDocument(
            article_id=job.article, edition=numbered[job.article, job.number], slug=job.slug, published_at=job.published_at,
            updated_at=job.updated_at, live_from=job.window.live_from, live_until=job.window.live_until,
            changed_at=max(now, job.window.live_from), **columns_of(job, result),
        ), result)
        for job, result in rendered
    ]  # fmt: skip


def linked_stories(articles: list[Story], rendered: Iterable[tuple[Job, Rendering]]) -> set[UUID]:
    """Return the ids of the existing stories that these renderings link to."""
    linked = {key for _, result in rendered for key in result.links}
    return articles[0].existing(linked) if linked else set()


def store(pairs: list[Pair], linked: set[UUID]) -> None:
    """Insert documents with their bytes, facets and dependencies; `linked` are the existing stories they link to."""
    insert((document for document, _ in pairs), keyed=True)
    insert(BestBefore(document=document, refresh_at=result.refresh_at) for document, result in pairs)
    insert(LiveDocumentBody(document_id=document.pk, **bytes_of(result)) for document, result in pairs)
    insert(row for document, result in pairs for row in channel_bytes_of(document, result))
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
    insert(
        DocumentLink(document_id=document.pk, article_id=key)
        for document, result in pairs for key in sorted(result.links & linked)
    )  # fmt: skip
    search.index(pairs, new=True)


def columns_of(job: Job, result: Rendering) -> dict:
    return {
        "site_id": job.content["site"], "path": result.path, "headline": result.headline, "locale": result.locale,
        "noindex": result.noindex, "translation_of": result.translation_of, "etag": result.etag, "failed": "",
    }  # fmt: skip


def bytes_of(result: Rendering) -> dict:
    return {
        "card": result.card, "document_json": result.document, "bare_card": result.bare_card, "drops": {},
        "shown": list(result.shown),
    }  # fmt: skip


def stored_as(result: Rendering) -> Stored:
    return Stored(result.card, list(result.shown), result.facets)


def channel_bytes_of(document: LiveDocument, result: Rendering) -> list[ChannelBytes]:
    return [
        ChannelBytes(
            document=document, channel=channel, card=each.card, document_json=each.document, etag=each.etag,
        )
        for channel, each in result.channels.items()
    ]  # fmt: skip


def _note_announcements(
    rows: list[LiveDocument], spans: dict[UUID, list[Window]], before: list[LiveDocument], quiet_until: datetime | None
) -> None:
    """Set on every row the event to announce when it begins, unless that was announced already.

    When documents are rebuilt from nothing, what began before `quiet_until` is not announced.
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
    """Return the event to announce when a window begins, which depends on the window before it."""
    before = next((window for window in spans if window.live_until == document.live_from), None)
    if document.status != 200:
        return "article.withdrawn"
    if before is None or before.gone:
        return "article.published"
    return "article.corrected" if kind == "correction" else "article.updated"
