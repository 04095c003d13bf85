"""What an event says of a story, and by what endpoints choose it. Pure: built from stored cards and what they are listed under."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from ..history.kinds import kind_of
from ..outbox.delivery import Event
from .document import Facet, LiveDocument

NAMED = {"people": "person", "works": "work", "tags": "tag", "authors": "author"}
GONE = "article.withdrawn"
NOBODY: dict[str, Any] = {"kind": None, "section": None, "headline": None, "people": [], "tags": []}


@dataclass(frozen=True)
class Stored:
    """A stored document: its card, the photos as shown, and (kind, key) of what it is listed under."""

    text: str
    shown: list
    facets: frozenset[tuple[int, int]]

    @cached_property
    def card(self) -> dict:
        return json.loads(self.text)

    @property
    def tags(self) -> set[str]:
        """Return the tags of the pages of the directory that list it."""
        card = self.card
        tags = {f"{kind}:{row['slug']}" for name, kind in NAMED.items() for row in card[name]}
        pictured = {tag for tag in card["cache_tags"] if tag.startswith("person:")}
        return tags | pictured | {f"section:{slug}" for slug in sections(card)}


def sections(card: dict) -> list[str]:
    """Return the slugs of a card's section and of those above it."""
    return [crumb["path"].rstrip("/").rpartition("/")[2] for crumb in card["breadcrumbs"]]


def event(
    name: str, at: datetime, document: LiveDocument, previous_paths: Iterable[str] = (), *, now: Stored | None,
    former: Stored | None = None,
) -> Event:  # fmt: skip
    """Return the event of one story: what readers get of it now, if known, and what they got before.

    A withdrawal names nobody and says nothing of what stood there: those who hold a copy know, others need not learn.
    """
    gone, known = name == GONE, [each for each in (now, former) if each is not None and each.facets]
    said = about(now.card) if now is not None and now.text and not gone else NOBODY
    tags: set[str] = set() if gone else {tag for each in known if each.text for tag in each.tags}
    data = {
        "immediate": gone,
        "article": {
            "id": str(document.article_id), "slug": document.slug, "path": document.path, "status": document.status,
            "previous_paths": sorted({*previous_paths} - {document.path, ""}), **said,
        },
        "cache_tags": [f"article:{document.article_id}", "list", *sorted(tags)],
    }  # fmt: skip
    keys = frozenset(pair for each in known for pair in each.facets)
    return Event(
        name, at, data, document.article_id,
        kinds=frozenset(kind_of(key) for kind, key in keys if kind == Facet.Kind.KIND) if known else None,
        sections=frozenset(key for kind, key in keys if kind == Facet.Kind.SECTION) if known else None,
    )  # fmt: skip


def about(card: dict) -> dict:
    """Return what an event tells of a story that is live, in the words of its card."""
    return {
        "kind": card["kind"], "section": card["section"], "headline": card["headline"],
        "people": [{"slug": row["slug"], "name": row["name"]} for row in card["people"]],
        "tags": [{"slug": row["slug"], "name": row["name"]} for row in card["tags"]],
    }  # fmt: skip
