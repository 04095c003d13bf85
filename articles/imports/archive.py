"""Finished stories taken in by the thousand: what publishing does for one, done for a batch in a few statements.

The words, the checks of the text and the rendering are publishing's own; only the rows are written together. What is
already past is not announced, except for one purge of the lists; what is dated ahead is scheduled.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import transaction

from media.permissions import Actor, require

from ..history.timeline import windows
from ..history.version import content_hash
from ..live import directory_pages, jobs, ledger, load_facts, store
from ..live.bulk_insert import insert, insert_values
from ..live.facts import Facts
from ..live.render import render
from ..models import Address, Article, AuditEntry, Edition, LiveDocument, PhotoUse, Purge, SectionScope, Version
from ..stories import checklist, finding
from ..stories.content import contents
from ..stories.links import link_all
from ..text.body import assign_ids, read_ahead


@dataclass(frozen=True)
class Finished:
    """A story that is to be live: the article, new and unsaved, and the keys of what it names.

    `at` is the instant from which it is live here; one to come schedules it. The date readers see is its
    `original_published_at`, if that is earlier.
    """

    article: Article
    at: datetime
    authors: Sequence[tuple[int, str]] = ()
    people: Sequence[tuple[int, str]] = ()
    works: Sequence[int] = ()
    tags: Sequence[int] = ()
    content: dict = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        article = self.article
        article.body = assign_ids(article.body)  # type: ignore[assignment]  # On a row it is a str.
        article.revision = 1
        links = {
            "authors": [list(pair) for pair in self.authors], "people": [list(pair) for pair in self.people],
            "works": list(self.works), "tags": sorted(self.tags), "related": [],
        }  # fmt: skip
        self.content.update(contents(article, links))
        read_ahead(article.body)


@dataclass(frozen=True)
class Refusal:
    """A story that was not taken in, and why, in sentences."""

    story: Finished
    sentences: tuple[str, ...]


@transaction.atomic
def take(stories: Sequence[Finished], now: datetime, *, by: Actor | None = None) -> list[Refusal]:
    """Write these stories with their first version and edition, and let readers have them; return those refused.

    Refused is what publishing would refuse: an address that is taken, a photo that may not be shown, an empty text, a
    section that is none of this colleague's.
    """
    require(by, "articles.publish_article", to="take finished stories in")
    Article.objects.hold(story.article for story in stories)
    facts = load_facts.load([story.content for story in stories], now, lock=True)
    refusals = _refusals(stories, facts, now, by)
    refused = {refusal.story.article.pk for refusal in refusals}
    _write([story for story in stories if story.article.pk not in refused], facts, now, by)
    return refusals


def _refusals(stories: Sequence[Finished], facts: Facts, now: datetime, by) -> list[Refusal]:
    found, used = [], _used({story.article.slug for story in stories})
    for story in stories:
        story.article.site = facts.sites[story.article.site_id]
        sentences = [
            problem.sentence
            for problem in checklist.check_new(
                story.article, facts.photos, len(story.content["works"]), max(now, story.at)
            )
        ]
        if story.article.slug in used:
            sentences.append(f"The address “{story.article.slug}” was used before.")
        used.add(story.article.slug)
        if by is not None and not SectionScope.objects.allows(by, story.article.section_id):
            sentences.append("Its section is outside your sections.")
        if sentences:
            found.append(Refusal(story, tuple(sentences)))
    return found


def _used(slugs: set[str]) -> set[str]:
    addresses = Address.objects.filter(kind="article", slug__in=slugs).values_list("slug", flat=True)
    return {*addresses, *Article.objects.filter(slug__in=slugs).values_list("slug", flat=True)}


def _write(stories: list[Finished], facts: Facts, now: datetime, by: Actor | None) -> None:
    insert(story.article for story in stories)
    editions = _decide(stories, now, by)
    link_all([(story.article.pk, story.content) for story in stories])
    finding.read(story.article for story in stories)
    _note_photo_uses(stories, editions)
    insert(
        Address(kind="article", slug=story.article.slug, target=str(story.article.pk), since=story.at)
        for story in stories
    )
    insert(
        AuditEntry(verb="article.imported", at=now, by=by, article=story.article.pk, subject=str(story.article)[:200])  # type: ignore[misc]
        for story in stories
    )
    _deliver(stories, editions, facts, now)
    Purge.objects.ask({"list"}, at=now)


def _decide(stories: Iterable[Finished], now: datetime, by: Actor | None) -> dict[UUID, list[Edition]]:
    stories = list(stories)
    versions = insert((_version(story, now, by) for story in stories), keyed=True)
    editions = insert(
        (
            Edition(  # type: ignore[misc]
                article=story.article, version=version, number=1, kind="first", live_from=story.at, at=version.at, by=by
            )
            for story, version in zip(stories, versions, strict=True)
        ),
        keyed=True,
    )  # fmt: skip
    return {edition.article_id: [edition] for edition in editions}


def _version(story: Finished, now: datetime, by: Actor | None) -> Version:
    content = story.content
    return Version(  # type: ignore[misc]
        article=story.article, number=1, revision=1, at=min(story.at, now), by=by, content=content,
        content_hash=content_hash(content), word_count=content["word_count"], reading_time_minutes=content["reading_time_minutes"],
    )  # fmt: skip


def _note_photo_uses(stories: Sequence[Finished], editions: dict[UUID, list[Edition]]) -> None:
    """Note what the working copy and the edition show, for “where used”."""
    insert_values(
        PhotoUse, ("article_id", "edition_id", "photo_id", "role", "position", "own_caption"),
        (
            (story.article.pk, edition, UUID(str(key)), role, n, caption)
            for story in stories
            for n, (role, key, caption) in enumerate(PhotoUse.places(story.content))
            for edition in (None, *(edition.pk for edition in editions[story.article.pk]))
        ),
    )  # fmt: skip


def _deliver(stories: Sequence[Finished], editions: dict[UUID, list[Edition]], facts: Facts, now: datetime) -> None:
    """Render, store and enter into the ledger; what links to these stories is rendered again when it is read."""
    spans = {key: windows(edition.decision() for edition in rows) for key, rows in editions.items()}
    work = jobs.jobs([story.article for story in stories], now, editions, spans)
    rendered = [(job, render(job, facts, now)) for job in work]
    pairs = store.new_rows(rendered, editions, now)
    for row, _ in pairs:
        # What is to come is announced when it begins, as any scheduled story.
        row.announces = "article.published" if row.live_from > now else ""
    store.store(pairs, store.linked_stories([story.article for story in stories], rendered))
    ledger.enter(
        ledger.Seen(
            article=row.article_id, headline=row.headline, url=facts.sites[row.site_id].url(row.path), edition=row.number,
            shown=list(result.shown), since=row.live_from,
        )
        for row, result in pairs if row.live_from <= now
    )  # fmt: skip
    LiveDocument.objects.filter(links__article__in=editions).mark_stale(now)
    directory_pages.settle({pair for row, result in pairs if row.live_from <= now for pair in result.facets}, [], now)
