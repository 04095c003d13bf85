"""Erases a person: the page, all names, and every link to it. Sentences that name the person are listed, not changed."""

import json
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Cast
from django.utils import timezone

from media.models import Caption, Pause, Photo, Usage
from media.permissions import Actor, require

from ..directory.address import Address
from ..directory.merge import Merger
from ..directory.person import Person
from ..history.audit import AuditEntry
from ..history.version import Version
from ..live import announce, search
from ..live.document import Facet, LiveDocument
from ..live.search_entry import SearchName
from ..outbox.delivery import Delivery
from .article import Article

ERASED = "[erased]"


@dataclass(frozen=True)
class Place:
    """One place in which a person is named, how often, and what becomes of it."""

    name: str
    count: int
    becomes: str


def left(person: Person) -> list[Place]:
    """Return every place that names this person: first what is deleted, then what is only listed."""
    names = _names(person)
    rows = person.articleperson_set.count(), person.appearances.count()
    deleted = "Deleted."
    return [
        Place("The person’s page, with names, description, dates and portrait", 1, deleted),
        Place("Other names", person.aliases.count(), deleted),
        Place("Addresses of the page", _addresses(person).count(), "Deleted; they answer 404."),
        Place("Tags in stories", rows[0], deleted),
        Place("Places in photos, from left to right", rows[1], deleted),
        Place("Names that photo files gave", _named(Photo.objects.all(), "people_named", names).count(), "The name is removed."),
        Place("Search by name", SearchName.objects.filter(kind=Facet.Kind.PERSON, key=person.pk).count(), deleted),
        Place("Webhook deliveries about the person", _deliveries(names).count(), deleted),
        Place("Log entries", _log(person).count(), f"The name becomes “{ERASED}”; the rest is kept, and the reason you give."),
        *_only_listed(names),
    ]  # fmt: skip


def _only_listed(names: list[str]) -> list[Place]:
    """Return the texts that name the person: only sealing or editing changes them."""
    edit = "Kept: seal the story, or edit and publish it."
    photo = "Kept: edit the photo."
    return [
        Place("Stories", _containing(Article.objects.all(), ("headline", "standfirst", "body"), names).count(), edit),
        Place("Versions of stories", _named(Version.objects.all(), "content", names).count(), "Kept: seal the story."),
        Place("Captions of photos", _containing(Caption.objects.all(), ("text", "alt"), names).count(), photo),
        Place("What photo files say", _named(Photo.objects.all(), "supplied", names).count(), "Kept: it is part of the file. Kill the photo."),
        Place("Captions in the usage ledger", _containing(Usage.objects.all(), ("caption", "headline"), names).count(), "Kept: agencies are paid by them. Seal the story."),
    ]  # fmt: skip


@transaction.atomic
def erase(person: Person, *, by: Actor | None, reason: str, now: datetime | None = None) -> AuditEntry:
    """Delete the person and every link to it. Return the log entry, which keeps who, when and why, and not the name."""
    require(by, "articles.seal_article", to="erase people")
    if not reason.strip():
        raise ValidationError("Write why the person is erased, such as the number of the request.")
    now = now or timezone.now()
    list(Person.objects.filter(pk=person.pk).select_for_update().values_list("pk"))
    key, names = person.pk, _names(person)
    shown = LiveDocument.objects.showing("person", [key])
    keys = list(shown.values_list("article", flat=True).distinct())
    _unlink(person, names)
    _clean_log(person, names)
    _addresses(person).delete()
    Merger.objects.filter(kind="person", present=key).delete()
    SearchName.objects.filter(kind=Facet.Kind.PERSON, key=key).delete()
    Person.objects.filter(pk=key).delete()
    _publish_without(keys, now)
    _deliveries(names).delete()
    search.forget()
    return AuditEntry.record("person.erased", at=now, by=by, subject=f"person {key}", note=reason.strip())


def _unlink(person: Person, names: list[str]) -> None:
    person.articleperson_set.all().delete()
    for appearance in person.appearances.select_related("photo"):
        appearance.delete()
    folded = {name.casefold() for name in names}
    for photo in _named(Photo.objects.all(), "people_named", names):
        others = [name for name in photo.people_named if name.casefold() not in folded]
        Photo.objects.filter(pk=photo.pk).update(people_named=others)


def _clean_log(person: Person, names: list[str]) -> None:
    pause = Pause.objects.create(reason="erasing a person")
    for entry in _log(person):
        subject, note = entry.subject, entry.note
        for name in names:
            subject, note = subject.replace(name, ERASED), note.replace(name, ERASED)
        AuditEntry.objects.filter(pk=entry.pk).change_sealed(subject=subject[:200], note=note)
    pause.delete()


def _publish_without(keys: list, now: datetime) -> None:
    """Build the pages that showed the person again, and tell caches and receivers."""
    Article.objects.rebuild(list(Article.objects.filter(pk__in=keys)), now)
    documents = LiveDocument.objects.filter(article__in=keys)
    documents.filter(live_until__lte=now).delete()
    for document in documents.live(now):
        announce.refreshed(document, now)


def _names(person: Person) -> list[str]:
    """Return every name and address the person has or had, the longest first."""
    found = {person.name, person.sort_name, person.slug, *person.aliases.values_list("name", flat=True)}
    return sorted({*found, *_addresses(person).values_list("slug", flat=True)} - {""}, key=len, reverse=True)


def _addresses(person: Person) -> models.QuerySet[Address]:
    return Address.objects.filter(kind="person", target=str(person.pk))


def _log(person: Person) -> models.QuerySet[AuditEntry]:
    return _containing(AuditEntry.objects.all(), ("subject", "note"), _names(person))


def _deliveries(names: list[str]) -> models.QuerySet[Delivery]:
    return _named(Delivery.objects.filter(event="person.changed"), "payload", names)


def _containing(rows: models.QuerySet, columns: tuple[str, ...], names: list[str]) -> models.QuerySet:
    found = Q(pk__in=[])
    for column in columns:
        for name in names:
            found |= Q(**{f"{column}__contains": name})
    return rows.filter(found)


def _named(rows: models.QuerySet, column: str, names: list[str]) -> models.QuerySet:
    """Return the rows with one of these names in a column of JSON, which SQLite keeps with escaped letters."""
    spellings = {spelling for name in names for spelling in (name, json.dumps(name)[1:-1])}
    return _containing(rows.annotate(as_text=Cast(column, models.TextField())), ("as_text",), sorted(spellings))
