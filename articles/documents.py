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
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import OperationalError, connection, transaction
from django.db.models import Prefetch

from media.models import Agency, Photo, Photographer, PhotoCredit, Site

from . import body, ledger, search
from .models import Address, Article, Author, Correction, Delivery, DocumentLink, DocumentPhoto, Edition
from .models import Facet, LiveDocument, LiveDocumentBody, Person, Section, Source, Tag, Work
from .rendering import Facts, Job, Rendering, render
from .timeline import FOREVER, Window, coming, windows

log = logging.getLogger(__name__)

WAIT_SECONDS = 2.0
TRIES = 5


class RenderFailed(Exception):
    """A document cannot be rendered now; the dashboard shows why."""


class StillRendering(Exception):
    """Somebody else renders this document and takes longer than readers wait."""


# Jobs: what is to be rendered


def jobs(articles: Iterable[Article], now: datetime, spans: dict[UUID, list[Window]] | None = None) -> list[Job]:
    """Return a job for every present and coming window of these articles in which readers get a document."""
    articles = list(articles)
    editions = _editions(articles)
    corrections = defaultdict(list)
    for row in Correction.objects.filter(article__in=articles, edition__cancellation__isnull=True):
        corrections[row.article_id].append(row)
    found = []
    for article in articles:
        windows = spans[article.pk] if spans is not None else coming(_timeline(editions[article.pk]), now)
        found += [
            _job(article, window, editions[article.pk], corrections[article.pk])
            for window in windows
            if not window.gone
        ]
    return found


def _editions(articles) -> dict[UUID, list[Edition]]:
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


def _timeline(editions: list[Edition]) -> list[Window]:
    return windows(edition.decision() for edition in editions)


def _job(article: Article, window: Window, editions: list[Edition], corrections: list[Correction]) -> Job:
    edition = next(edition for edition in editions if edition.number == window.number)
    until_now = [each for each in editions if (each.live_from, each.number) <= (edition.live_from, edition.number)]
    substantive = [each.live_from for each in until_now if each.is_substantive]
    first = next(each for each in editions if not each.is_withdrawal)
    return Job(
        article=article.pk, slug=article.slug, content=edition.version.content, number=edition.number, window=window,
        published_at=article.original_published_at or first.live_from, updated_at=max(substantive, default=None),
        ends_at=edition.ends if edition.ends < FOREVER else None,
        corrections=tuple(row for row in corrections if row.at <= window.live_from),
        left_out=frozenset(edition.without_photos),
    )  # fmt: skip


# Facts: what is true now


def references(contents: Iterable[dict]) -> dict[str, set]:
    """Return the keys of all rows that these versions name, by noun."""
    found = defaultdict(set)
    for content in contents:
        photos = [
            content["lead_photo"],
            content["social_photo"],
            content["stand_in_photo"],
            *body.photo_ids(content["body"]),
        ]
        found["photos"] |= {UUID(str(key)) for key in photos if key}
        found["people"] |= {key for key, _ in content["people"]}
        found["works"] |= {key for key in [*content["works"], content["review_work"]] if key}
        found["tags"] |= set(content["tags"])
        found["authors"] |= {key for key, _ in content["authors"]}
        found["sources"] |= {content["source"]} - {None}
        found["sites"] |= {content["site"]}
        found["links"] |= {*body.article_links(content["body"]), *(UUID(key) for key in content["related"])}
    return found


def load(contents: Iterable[dict], at: datetime, *, lock: bool = False) -> Facts:
    """Load the facts of a batch of versions in a fixed number of statements; hold them FOR SHARE if asked to."""
    keys = references(contents)
    sites = {site.pk: site for site in Site.objects.filter(pk__in=keys["sites"])}
    keys["photos"] |= {site.stand_in_photo_id for site in sites.values()} - {None}
    if lock:
        _share(keys)
    facts = Facts(sites=sites)
    facts.photos = {photo.pk: photo for photo in _photos(keys["photos"])}
    facts.people = Person.objects.in_bulk(keys["people"])
    facts.works = Work.objects.in_bulk(keys["works"])
    facts.tags = Tag.objects.in_bulk(keys["tags"])
    facts.authors = Author.objects.in_bulk(keys["authors"])
    facts.sources = Source.objects.in_bulk(keys["sources"])
    facts.sections = Section.objects.in_bulk()
    for target in (
        LiveDocument.objects.filter(article__in=keys["links"], live_until__gt=at).exclude(status=301)
        if keys["links"]
        else ()
    ):
        facts.link_edges.setdefault(target.article_id, []).extend([target.live_from, target.live_until])
        if target.status == 200 and target.live_from <= at:
            facts.links[target.article_id] = target
    return facts


def _photos(keys):
    from .models import Appearance

    people = Prefetch("people", queryset=Appearance.objects.select_related("person"))
    return Photo.objects.filter(pk__in=keys).with_facts().prefetch_related(people) if keys else ()


def _share(keys: dict[str, set]) -> None:
    """Hold the rows that facts are read from, table by table, in the order of their keys (PostgreSQL only)."""
    if connection.vendor != "postgresql":
        return
    _hold(Photo, keys["photos"])
    credits = set(Photo.objects.filter(pk__in=keys["photos"]).values_list("credit", flat=True)) - {None}
    _hold(PhotoCredit, credits)
    _hold(Photographer, Photographer.objects.filter(credits__in=credits).values_list("pk", flat=True))
    _hold(Agency, Agency.objects.filter(credits__in=credits).values_list("pk", flat=True))
    for model, name in (
        (Site, "sites"),
        (Section, None),
        (Person, "people"),
        (Work, "works"),
        (Tag, "tags"),
        (Author, "authors"),
        (Source, "sources"),
    ):
        _hold(model, keys[name] if name else Section.objects.values_list("pk", flat=True))


def _hold(model, keys) -> None:
    keys = sorted(set(keys))
    if keys:
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT 1 FROM "{model._meta.db_table}" WHERE id = ANY(%s) ORDER BY id FOR SHARE', [keys])  # noqa: S608


# Storing


@transaction.atomic
def write(article: Article, spans: list[Window], now: datetime) -> None:
    """Replace every document and tombstone of one article by those of its present and coming windows."""
    work = jobs([article], now, {article.pk: spans})
    facts = load([job.content for job in work], now, lock=True)
    rendered = [(job, render(job, facts, now)) for job in work]
    LiveDocument.objects.filter(article=article).delete()
    documents = store(rendered, now)
    _write_tombstones(article, spans, now)
    present = [
        (document, job, result.shown)
        for document, (job, result) in zip(documents, rendered, strict=True)
        if job.window.live_from <= now
    ]
    if present:
        ledger.enter(*present[0], now)
    else:
        ledger.close(article, now)


def store(rendered: list[tuple[Job, Rendering]], now: datetime) -> list[LiveDocument]:
    """Insert documents with their bytes, facets and dependencies."""
    editions = _edition_keys([job for job, _ in rendered])
    documents = LiveDocument.objects.bulk_create(
        LiveDocument(
            article_id=job.article, edition_id=editions[job.article, job.number], slug=job.slug, published_at=job.published_at,
            updated_at=job.updated_at, live_from=job.window.live_from, live_until=job.window.live_until,
            changed_at=max(now, job.window.live_from), **_columns(job, result),
        )
        for job, result in rendered
    )  # fmt: skip
    LiveDocumentBody.objects.bulk_create(
        LiveDocumentBody(
            document=document,
            card=result.card,
            document_json=result.document,
            bare_card=result.bare_card,
            drops=result.drops,
        )
        for document, (_, result) in zip(documents, rendered, strict=True)
    )
    _index(list(zip(documents, (result for _, result in rendered), strict=True)))
    return documents


def _columns(job: Job, result: Rendering) -> dict:
    return {
        "site_id": job.content["site"], "path": result.path, "headline": result.headline, "locale": result.locale,
        "noindex": result.noindex, "etag": result.etag, "refresh_at": result.refresh_at, "failed": "",
    }  # fmt: skip


def _edition_keys(work: list[Job]) -> dict[tuple[UUID, int], int]:
    rows = Edition.objects.filter(article__in={job.article for job in work}).values_list("article", "number", "pk")
    return {(article, number): key for article, number, key in rows}


def _index(pairs: list[tuple[LiveDocument, Rendering]]) -> None:
    Facet.objects.bulk_create(
        (Facet(document=document, kind=kind, key=key, published_at=document.published_at, article=document.article_id)
         for document, result in pairs for kind, key in sorted(result.facets)),
        batch_size=2000,
    )  # fmt: skip
    DocumentPhoto.objects.bulk_create(
        DocumentPhoto(document=document, photo_id=key, published_at=document.published_at)
        for document, result in pairs for key in sorted(result.photos)
    )  # fmt: skip
    known = set(
        Article.objects.filter(pk__in={key for _, result in pairs for key in result.links}).values_list("pk", flat=True)
    )
    DocumentLink.objects.bulk_create(
        DocumentLink(document=document, article_id=key)
        for document, result in pairs
        for key in sorted(result.links & known)
    )
    search.index([document for document, _ in pairs])


def _write_tombstones(article: Article, spans: list[Window], now: datetime) -> None:
    """Write what is gone (410, or 301 where readers are led elsewhere) and every earlier address."""
    editions = {edition.number: edition for edition in article.editions.all()}
    published_at = article.published_at() or now
    rows = [_tombstone(article, window, editions[window.number], published_at, now) for window in spans if window.gone]
    live_from = min((window.live_from for window in spans), default=None)
    if live_from is not None:
        for address in Address.objects.filter(kind="article", target=str(article.pk)).exclude(slug=article.slug):
            status, location = (410, "") if address.retired else (301, article.slug)
            rows.append(LiveDocument(
                article=article, site_id=article.site_id, slug=address.slug, status=status, location=location,
                live_from=live_from, published_at=published_at, changed_at=now,
            ))  # fmt: skip
    LiveDocument.objects.bulk_create(rows)


def _tombstone(article: Article, window: Window, edition: Edition, published_at, now) -> LiveDocument:
    status = 301 if edition.redirect_to and not edition.silent else 410
    return LiveDocument(
        article=article, edition=edition, site_id=article.site_id, slug=article.slug, status=status,
        location=edition.redirect_to if status == 301 else "", headline="", live_from=window.live_from,
        live_until=window.live_until, published_at=published_at, changed_at=max(now, window.live_from),
    )  # fmt: skip


# Refreshing


def refresh(key: int, now: datetime) -> LiveDocument | None:
    """Render a document that is past its best-before instant once, whoever asks first; the others wait.

    Returns the fresh row, or None when the row is gone. Raises StillRendering after two seconds of waiting and
    RenderFailed when it cannot be rendered.
    """
    try:
        return _refresh_locked(key, now) if connection.vendor == "postgresql" else _refresh_compared(key, now)
    except (StillRendering, RenderFailed):
        raise
    except OperationalError as error:
        raise StillRendering from error
    except Exception as error:
        log.exception("Document %s cannot be rendered", key)
        LiveDocument.objects.filter(pk=key).update(failed=f"{type(error).__name__}: {error}"[:500])
        raise RenderFailed(str(error)) from error


def _refresh_locked(key: int, now: datetime) -> LiveDocument | None:
    """PostgreSQL: the facts FOR SHARE, then the document; whoever comes second finds it fresh."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = %s", [f"{int(WAIT_SECONDS * 1000)}ms"])
        job = _job_of(key)
        if job is None:
            return None
        facts = load([job.content], now, lock=True)
        document = LiveDocument.objects.select_for_update(no_key=True).filter(pk=key).first()
        if document is None or document.refresh_at > now:
            return document
        return _replace(document, job, render(job, facts, now), now)


def _refresh_compared(key: int, now: datetime) -> LiveDocument | None:
    """SQLite: render outside the write transaction; store only if no fact changed meanwhile, else once more."""
    with _turn(key):
        for _ in range(TRIES):
            document = LiveDocument.objects.filter(pk=key).first()
            job = _job_of(key)
            if document is None or job is None or document.refresh_at > now:
                return document
            result = render(job, load([job.content], now), now)
            with transaction.atomic():
                same = LiveDocument.objects.select_for_update().filter(pk=key, facts=document.facts).first()
                if same is not None:
                    return _replace(same, job, result, now)
    raise StillRendering


def _job_of(key: int) -> Job | None:
    document = LiveDocument.objects.select_related("article").filter(pk=key, status=200).first()
    if document is None:
        return None
    found = jobs([document.article], document.live_from)
    return next((job for job in found if job.window.live_from == document.live_from), None)


def _replace(document: LiveDocument, job: Job, result: Rendering, now: datetime) -> LiveDocument:
    """Store a new rendering of an existing row, and announce it if readers see something new."""
    moved, changed = document.path != result.path, document.etag != result.etag
    columns = _columns(job, result) | ({"changed_at": max(now, document.live_from)} if changed else {})
    for name, value in columns.items():
        setattr(document, name, value)
    document.save(update_fields=columns)
    LiveDocumentBody.objects.filter(pk=document.pk).update(
        card=result.card, document_json=result.document, bare_card=result.bare_card, drops=result.drops
    )
    for model in (Facet, DocumentPhoto, DocumentLink):
        model.objects.filter(document=document).delete()
    _index([(document, result)])
    if moved:
        LiveDocument.objects.linking_to(document.article).exclude(pk=document.pk).mark_stale(now)
    if changed and document.live_from <= now:
        ledger.enter(document, job, result.shown, now)
        Delivery.queue("article.refreshed", at=now, article=document.article, path=result.path)
    return document


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


# Rebuilding


def rebuild(articles: list[Article], now: datetime) -> int:
    """Write all documents of a batch of articles anew from their editions. Returns how many documents there are."""
    with transaction.atomic():
        list(
            Article.objects.filter(pk__in=[article.pk for article in articles])
            .order_by("pk")
            .select_for_update(no_key=True)
            .values_list("pk")
        )
        work = jobs(articles, now)
        facts = load([job.content for job in work], now, lock=True)
        LiveDocument.objects.filter(article__in=articles).delete()
        store([(job, render(job, facts, now)) for job in work], now)
        for article in articles:
            _write_tombstones(article, coming(article.timeline(), now), now)
    return len(work)


def preview(article: Article, content: dict, now: datetime) -> str:
    """Return exactly the document that publishing this content now would give. Nothing is stored."""
    last = article.editions.order_by("-number").first()
    job = Job(
        article=article.pk, slug=article.slug, content=content, number=(last.number if last else 0) + 1,
        window=Window(now, FOREVER, 0, False), published_at=article.published_at() or now, updated_at=None, ends_at=None,
        corrections=tuple(article.corrections.filter(edition__cancellation__isnull=True, at__lte=now)),
    )  # fmt: skip
    return render(job, load([content], now), now).document
