"""Loads the rows that documents are made of, for a batch in a fixed number of statements, and locks them until its end.

A renderer locks the rows it reads FOR SHARE, table by table, in the order of their keys. What hangs on a row, such
as captions and rights on a photo, changes only while that row is locked. SQLite has one writer at a time anyway.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import Model, Q, prefetch_related_objects

from media.listed import listed, rows_of
from media.models import Agency, Notice, Photo, PhotoCredit, Photographer, Site

from ..directory.address import Address
from ..directory.author import Author, Source
from ..directory.merge import Merger
from ..directory.person import Person, Work
from ..directory.section import Section, Tag
from ..history.version import links_of, original_of
from ..text import body
from .document import LiveDocument
from .facts import Facts

Read = Callable[..., dict]
"""Returns the rows of a model by key: those with the given keys, or all."""


def references(contents: Iterable[dict]) -> dict[str, set]:
    """Return the keys of all rows that these versions name, by noun."""
    found = defaultdict(set)
    for content in contents:
        photos = [
            content["lead_photo"],
            content["social_photo"],
            content["stand_in_photo"],
            *body.photos_named(content["body"]),
        ]
        found["photos"] |= {UUID(str(key)) for key in photos if key}
        found["people"] |= {key for key, _ in content["people"]}
        found["works"] |= {key for key in [*content["works"], content["review_work"]] if key}
        found["tags"] |= set(content["tags"])
        found["authors"] |= {key for key, _ in content["authors"]}
        found["sources"] |= {content["source"]} - {None}
        found["sites"] |= {content["site"]}
        found["topics"] |= set(body.topic_links(content["body"]))
        found["links"] |= links_of(content)
        found["originals"] |= {original_of(content)} - {None}
    return found


def load(contents: Iterable[dict], at: datetime, *, stories: Iterable[UUID] = (), lock: bool = False) -> Facts:
    """Return the facts of a batch of versions, loaded in a fixed number of statements; `lock` locks them FOR SHARE.

    `stories` are the ids of those whose versions they are, as far as they may have been translated already.
    """
    keys = references(contents)
    read = _held if lock and connection.vendor == "postgresql" else _present
    facts = Facts(sites=read(Site, keys["sites"]))
    keys["photos"] |= {site.stand_in_photo_id for site in facts.sites.values()} - {None}
    facts.photos = _photos(keys["photos"], read)
    facts.sections = read(Section)
    facts.people = _people(keys["people"], facts.photos.values(), read)
    facts.works = _merged(Work, keys["works"], read(Work, keys["works"]), read)
    facts.tags = read(Tag, keys["tags"])
    facts.authors = read(Author, keys["authors"])
    facts.sources = read(Source, keys["sources"])
    facts.topics = Address.objects.targets(keys["topics"])
    groups = {*stories, *keys["originals"]}
    asked = Q(article__in=keys["links"]) | Q(translation_of__in=groups)
    windows = LiveDocument.objects.filter(asked, live_until__gt=at, edition__isnull=False)
    for row in windows if keys["links"] or groups else ():
        facts.links.setdefault(row.article_id, []).append(row)
        if row.translation_of in groups:
            facts.translations.setdefault(row.translation_of, []).append(row)
    facts.sites |= read(Site, facts.sites_of_siblings(keys["originals"]) - set(facts.sites))
    return facts


def _photos(keys: set[UUID], read: Read) -> dict:
    """Return photos with everything related to them. Each credit, photographer and agency is loaded once."""
    photos = read(Photo, keys)
    credits = read(PhotoCredit, {photo.credit_id for photo in photos.values()} - {None})
    for photo in photos.values():
        photo.credit = credits.get(photo.credit_id)
    prefetch_related_objects(list(credits.values()), listed("creditchain_set"))
    _attach(credits.values(), "creditphotographer_set", "photographer", Photographer, read)
    agencies = _attach(credits.values(), "creditagency_set", "agency", Agency, read)
    houses = read(Agency, {agency.parent_id for agency in agencies.values()} - {None})
    for agency in agencies.values():
        agency.parent = houses.get(agency.parent_id)
    prefetch_related_objects([*agencies.values(), *houses.values()], listed("rights"))
    prefetch_related_objects(list(photos.values()), listed("captions"), listed("rights"))
    silenced = [photo for photo in photos.values() if photo.state != Photo.State.READY]
    prefetch_related_objects(silenced, listed("notices", Notice.objects.telling()))
    return photos


def _people(keys: set[int], photos: Iterable[Photo], read: Read) -> dict:
    """Return the people that versions name, and attach the people in the photos to the photos."""
    shown = _attach(photos, "people", "person", Person, read, keys)
    return _merged(Person, keys, {key: shown[key] for key in keys if key in shown}, read)


def _attach(rows: Iterable[Model], links: str, name: str, model: type[Model], read: Read, more: Iterable = ()) -> dict:
    """Set the target of each link of these rows, such as a photographer in a credit. Return the targets, with those in `more`."""
    rows = list(rows)
    prefetch_related_objects(rows, listed(links))
    found = [link for row in rows for link in rows_of(row, links)]
    targets = read(model, {*more, *(getattr(link, f"{name}_id") for link in found)})
    for link in found:
        setattr(link, name, targets[getattr(link, f"{name}_id")])
    return targets


def _merged(model: type[Person] | type[Work], keys: set, rows: dict, read: Read) -> dict:
    """Return people or works by the ids in versions. The id of a merged row leads to the row that replaced it."""
    present = Merger.objects.present(model.address_kind, keys - set(rows))
    merged = read(model, present.values())
    return rows | {former: merged[key] for former, key in present.items() if key in merged}


def _present(model: type[Model], keys: Iterable | None = None) -> dict:
    return model.objects.in_bulk(None if keys is None else list(keys))


def _held(model: type[Model], keys: Iterable | None = None) -> dict:
    """Lock rows until the transaction ends, in the order of their keys, and return them as they are then."""
    wanted = None if keys is None else sorted(set(keys))
    if wanted == []:
        return {}
    where, params = ("", []) if wanted is None else ("WHERE id = ANY(%s)", [wanted])
    statement = f'SELECT * FROM "{model._meta.db_table}" {where} ORDER BY id FOR SHARE'  # noqa: S608
    return {row.pk: row for row in model.objects.raw(statement, params, using=connection.alias)}
