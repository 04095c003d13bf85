"""The pictures of directory entries, as the rights of this instant let a card show them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from media.listed import listed, rows_of
from media.models import Photo, Site
from media.photos import delivered
from media.photos.serializers import PhotoSerializer

from ..live.entries import PICTURES
from ..live.fast_serializer import writer
from ..models import Appearance

WRITE = writer(PhotoSerializer())


@dataclass
class Pictures:
    """What an answer shows of these entries: a photo or None by the entry's key.

    `edges` are the instants at which a right of one of them begins or ends, `tags` name them for caches, also those
    that may not be shown now.
    """

    shown: dict[int, dict | None] = field(default_factory=dict)
    edges: list[datetime] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)


def of(kind: str, rows: Iterable[Any], now: datetime, channel: str = "") -> Pictures:
    """Return the pictures of entries of one kind: no statement if none of them has one, else the same number for any."""
    found, name = Pictures(), PICTURES[kind][1]
    held = {row.pk: getattr(row, f"{name}_id") for row in rows}
    keys = set(held.values()) - {None}
    photos = {photo.pk: photo for photo in _loaded(keys)} if keys else {}
    sites = {site.pk: site for site in Site.objects.all()} if keys else {}
    default = next((site for site in sites.values() if site.is_default), None)
    for row in rows:
        site = sites.get(row.site_id) if kind == "section" else default
        photo = photos.get(held[row.pk])
        found.shown[row.pk] = _shown(photo, site, now, channel) if photo and site else None
    found.edges = [edge for photo in photos.values() if (edge := photo.changes_after(now))]
    found.tags = [f"photo:{key}" for key in sorted(map(str, keys))]
    return found


def _loaded(keys: set) -> Iterator[Photo]:
    people = listed("people", Appearance.objects.select_related("person"))
    return Photo.objects.filter(pk__in=keys).with_lists().prefetch_related(people).iterator(1000)


def _shown(photo: Photo, site: Site, now: datetime, channel: str) -> dict | None:
    """Return a photo as an entry shows it, or None if rights deny it, its file is to come, or the title lacks the channel."""
    if channel and not site.has(channel):
        return None
    decision = photo.usable(site.use(now, channel=channel or "web", placement="card"))
    common = delivered.about(photo, site, decision) if decision else None
    if common is None or common["image"] is None:
        return None
    people = [link.person for link in rows_of(photo, "people")]
    named = [{"slug": person.slug, "name": person.name, "path": person.path} for person in people]
    return WRITE(delivered.use(common, people=named, use_id="entry"))
