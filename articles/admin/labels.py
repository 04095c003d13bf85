"""Names for the ids that versions hold, so that colleagues can read a comparison."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from media.models import Photo

from ..models import Article, Author, Merger, Person, Section, Source, Tag, Work
from ..stories import fields
from ..text import body

ROWS = {"people": Person, "works": Work, "authors": Author, "tags": Tag, "section": Section, "source": Source}


def labels_of(*contents: dict) -> dict[str, str]:
    """Return a name for every photo and row these versions mention, a query for each kind."""
    found = {}
    photos = {UUID(str(key)) for content in contents for key in _photos(content)}
    for photo in Photo.objects.filter(pk__in=photos).prefetch_related("captions"):
        found[str(photo.pk)] = str(photo)
    for field, model in ROWS.items():
        keys = {key for content in contents for key in _keys(content.get(field))}
        found |= {f"{field}:{key}": str(row) for key, row in _rows(model, keys).items()} if keys else {}
    stories = {key for content in contents for key in content.get("related") or ()}
    return found | {f"related:{row.pk}": row.headline for row in Article.objects.filter(pk__in=stories)}


def _rows(model: Any, keys: set) -> dict:
    """Return rows by key; one that was merged into another bears that one's name."""
    kind = getattr(model, "address_kind", "")
    present = Merger.objects.present(kind, keys) if kind in ("person", "work") else {}
    rows = model.objects.in_bulk(keys | set(present.values()))
    return rows | {former: rows[key] for former, key in present.items() if key in rows}


def _photos(content: dict) -> Iterator[str | UUID]:
    yield from (content[name] for name in fields.PHOTOS if content.get(name))
    yield from body.photo_ids(content.get("body") or "")


def _keys(value: Any) -> list[int]:
    rows = value if isinstance(value, list) else [value]
    return [row[0] if isinstance(row, list) else row for row in rows if row]
