"""What is to be rendered: a job for each present and coming window of a story in which readers get a document."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Protocol
from uuid import UUID

from ..history.edition import Correction, Edition
from ..history.timeline import FOREVER, Window, coming, windows
from ..history.version import Version
from .facts import Facts
from .load_facts import load
from .render import Job


class Story(Protocol):
    """What rendering and storing need of an Article, which this room must not import."""

    pk: UUID
    slug: str
    site_id: int

    def first_published(self, editions: Iterable[Edition]) -> datetime | None: ...

    def existing(self, keys: set[UUID]) -> set[UUID]: ...


def standing(articles: Iterable[Story]) -> dict[UUID, list[Edition]]:
    """Return the editions of these stories that were not canceled, with their versions, in the order they go live."""
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
    articles: Iterable[Story],
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
        windows = spans[article.pk] if spans is not None else coming(timeline_of(editions[article.pk]), now)
        found += [
            _job(article, window, editions[article.pk], corrections[article.pk])
            for window in windows
            if not window.gone
        ]
    return found


def _corrections(articles: Iterable[Story]) -> dict[UUID, list[Correction]]:
    found = defaultdict(list)
    for row in Correction.objects.filter(article__in=articles, edition__cancellation__isnull=True):
        found[row.article_id].append(row)
    return found


def facts_ahead(editions: list[Edition], now: datetime, version: Version) -> Facts:
    """Lock and return the facts that one story's present and coming editions show, and those of a version to be added."""
    ahead = contents_ahead(editions, coming(timeline_of(editions), now))
    return load([*ahead, version.content], now, stories=[version.article_id], lock=True)


def contents_ahead(editions: list[Edition], ahead: list[Window]) -> list[dict]:
    """Return the contents of these windows, without those in which the story is gone."""
    numbers = {window.number for window in ahead if not window.gone}
    return [edition.version.content for edition in editions if edition.number in numbers]


def timeline_of(editions: Iterable[Edition]) -> list[Window]:
    return windows(edition.decision() for edition in editions)


def _job(article: Story, window: Window, editions: list[Edition], corrections: list[Correction]) -> Job:
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
