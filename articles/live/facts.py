"""The rows that a batch of versions refers to, as they are now, and what they say about photos, sections and links."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import chain
from uuid import UUID

from media.models import Photo, Site
from media.photos import delivered
from media.rights.decision import Decision, Rule, Use, next_edge

from ..directory.section import Section, lineage
from .document import LiveDocument


@dataclass
class Facts:
    """Rows by key that documents show; loaded for many documents at once by load_facts.load()."""

    photos: dict = field(default_factory=dict)
    people: dict = field(default_factory=dict)
    works: dict = field(default_factory=dict)
    sections: dict = field(default_factory=dict)
    tags: dict = field(default_factory=dict)
    authors: dict = field(default_factory=dict)
    sources: dict = field(default_factory=dict)
    sites: dict = field(default_factory=dict)
    links: dict = field(default_factory=dict)
    translations: dict = field(default_factory=dict)
    """Documents by the id of the story that they tell in another language."""
    topics: dict = field(default_factory=dict)
    """Keys of people and works by (kind, slug), for links to them."""
    # Answers about photos that are the same for every story of the batch.
    answers: dict = field(default_factory=dict, repr=False)

    def usable(self, photo: Photo, use: Use) -> Decision:
        """Return whether this use is allowed. The answer is shared by all stories unless a right is about single ones."""
        story, rules = self._rules(photo, use.article)
        key = (photo.pk, use.at, use.territories, use.channel, use.placement, story)
        if key not in self.answers:
            self.answers[key] = photo.usable(use, rules)
        return self.answers[key]

    def differing(self, photo: Photo, use: Use, channels: tuple[str, ...]) -> frozenset[str]:
        """Return the channels in which the decision on this photo, at this place, is another one than for `use`."""
        story, _ = self._rules(photo, use.article)
        key = (photo.pk, use.at, use.territories, use.placement, story, channels)
        if key not in self.answers:
            here = self.usable(photo, use).terms
            there = {channel: self.usable(photo, replace(use, channel=channel)).terms for channel in channels}
            self.answers[key] = frozenset(channel for channel, terms in there.items() if terms != here)
        return self.answers[key]

    def changes_after(self, photo: Photo, at: datetime, article: UUID) -> datetime | None:
        """Return the next instant at which a right of this photo begins or ends."""
        return next_edge(self._rules(photo, article)[1], at)

    def _rules(self, photo: Photo, article: UUID | None) -> tuple[UUID | None, list[Rule]]:
        """Return the rules of a photo, and the story they apply to if they differ by story."""
        if photo.pk not in self.answers:
            self.answers[photo.pk] = None if photo.has_rights_of_stories else (None, photo.rules())
        return self.answers[photo.pk] or (article, photo.rules(article))

    def about(self, photo: Photo, site: Site, decision: Decision) -> dict:
        """Return what every use of a photo on this site, under these conditions, has in common."""
        key = (photo.pk, site.pk, decision.conditions, decision.max_width)
        if key not in self.answers:
            self.answers[key] = delivered.about(photo, site, decision)
        return self.answers[key]

    def lineage(self, key: int | None) -> list[Section]:
        """Return the sections from the top level down to this one."""
        return lineage(self.sections.get(key), lambda section: self.sections.get(section.parent_id))

    def path(self, section: int | None, slug: str) -> str:
        return "/" + "".join(f"{each.slug}/" for each in self.lineage(section)) + f"{slug}/"

    def target(self, key: UUID, at: datetime) -> LiveDocument | None:
        """Return the document that a link to this story leads to at an instant, or None."""
        windows = self.links.get(key, ())
        return next((each for each in windows if each.status == 200 and each.live_from <= at < each.live_until), None)

    def sites_of_siblings(self, originals: Iterable[UUID]) -> set[int]:
        """Return the sites of all translations, and of these stories that others are translations of."""
        told = chain(*self.translations.values(), *(self.links.get(key, ()) for key in originals))
        return {each.site_id for each in told}

    def siblings(self, article: UUID, original: UUID | None, at: datetime) -> list[LiveDocument]:
        """Return the documents that tell the same as a story at an instant, the original first, then as published."""
        rows = self._group(article, original)
        live = [each for each in rows if each.status == 200 and each.live_from <= at < each.live_until]
        return sorted(live, key=lambda each: (each.translation_of is not None, each.published_at, each.article_id))

    def sibling_edges(self, article: UUID, original: UUID | None) -> list[datetime]:
        """Return every instant at which one of them goes live or ends."""
        return [edge for each in self._group(article, original) for edge in (each.live_from, each.live_until)]

    def _group(self, article: UUID, original: UUID | None) -> list[LiveDocument]:
        group = [*self.links.get(original, ()), *self.translations.get(original or article, ())]
        return [each for each in group if each.article_id != article]

    def link_edges(self, key: UUID) -> list[datetime]:
        """Return every instant at which that story goes live or ends."""
        return [edge for each in self.links.get(key, ()) for edge in (each.live_from, each.live_until)]
