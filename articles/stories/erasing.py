"""Erases a name: of a public figure, an author, a photographer, or one that only texts hold.

What the newsroom notes for itself loses the name. What readers were told, what agencies are paid by and what files say
is counted and kept; only sealing or editing changes it.
"""

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache, cached_property
from typing import Self

from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission, User
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from media import models as media
from media.errands import relabel_later
from media.models import CreditChain, Pause, Photo, PhotoCredit, PhotoEntry, Photographer, PhotoVariant, PhotoWord
from media.permissions import Actor, require
from media.photos import finding as photo_search
from media.signals import hold
from media.words.search_terms import fold, words

from ..access.known_address import KnownAddress
from ..access.login_failure import LoginFailure
from ..access.token import KeptAnswer
from ..directory.address import Address
from ..directory.author import Author
from ..directory.merge import Merger
from ..directory.person import Person, PersonAlias
from ..history.audit import AuditEntry
from ..history.edition import Cancellation, Correction, Edition
from ..history.photo_use import PhotoUse
from ..history.version import Version
from ..live import directory_pages, refresh, search, spelling
from ..live.directory_pages import DirectoryPage
from ..live.document import BestBefore, Facet, LiveDocument, LiveDocumentBody
from ..live.search_entry import SearchName, SearchVariant, SearchWord
from ..outbox.delivery import Delivery, Event
from ..outbox.heartbeat import Heartbeat
from ..outbox.purge import Purge
from .article import Article
from .desk import Autosave, Comment, Presence, TabAutosave, Task
from .finding import LINKS as FOUND_BY
from .finding import StoryEntry
from .places import Left, Place, blanked_in, columns_of, containing, left_in, rewrite, spellings
from .preview_link import PreviewLink
from .saved_filter import SavedFilter
from .template import Template

ERASED = "[erased]"
# A shorter name is part of too many words to be looked for in texts.
LONG_ENOUGH = 3
KINDS = {"person": Person, "author": Author, "photographer": Photographer}


@dataclass(frozen=True)
class Named:
    """Whose name is erased: a row of the directory or the photo desk, or nobody but a name in texts."""

    kind: str
    name: str
    row: models.Model | None = None

    @classmethod
    def of(cls, row: models.Model) -> Self:
        kind = next(kind for kind, model in KINDS.items() if isinstance(row, model))
        return cls(kind, row.name, row)

    @classmethod
    def called(cls, name: str) -> Self:
        """Return a name that belongs to no row."""
        name = " ".join(name.split())
        if len(name) < LONG_ENOUGH:
            raise ValidationError(f"Enter the full name, at least {LONG_ENOUGH} letters.")
        return cls("name", name)

    # Questions

    @cached_property
    def names(self) -> list[str]:
        """Return every name and address it has or had, as they may be stored, the longest first."""
        found = {self.name}
        if self.row is not None:
            found |= {getattr(self.row, column, "") for column in ("sort_name", "slug", "shown_name")}
            found |= {alias.name for alias in self._aliases()} | set(self.addresses().values_list("slug", flat=True))
        found |= {fold(name) for name in found}
        return spellings(name for name in found if len(name) >= LONG_ENOUGH)

    def _aliases(self) -> Iterable[PersonAlias]:
        return self.row.aliases.all() if hasattr(self.row, "aliases") else ()

    def addresses(self) -> models.QuerySet[Address]:
        return Address.objects.filter(kind=self.kind, target=str(self.key))

    @property
    def key(self) -> int | None:
        return self.row.pk if self.row is not None else None

    def without(self, text: str) -> str:
        """Return the text without the names; parts of longer words stay."""
        return self._pattern.sub(ERASED, text) if self.names else text

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, self.names))})(?!\w)", re.IGNORECASE)

    def namesakes(self) -> list[models.Model]:
        """Return the rows of this name, which have pages of their own; none for a row."""
        called = models.Q(name__iexact=self.name)
        return [] if self.row else [row for model in KINDS.values() for row in model.objects.filter(called)[:5]]

    def photos(self) -> models.QuerySet[Photo]:
        """Return the photos whose facts it is one of."""
        if self.kind == "person":
            return Photo.objects.filter(people__person=self.key)
        return Photo.objects.filter(credit__in=credits(self)) if self.kind == "photographer" else Photo.objects.none()

    def documents(self) -> models.QuerySet[LiveDocument]:
        """Return the published pages, present and coming ones, that show it."""
        if self.kind == "photographer":
            return LiveDocument.objects.showing_photos(self.photos())
        return LiveDocument.objects.showing(self.kind, [self.key]) if self.row else LiveDocument.objects.none()

    def left(self) -> list[Left]:
        """Return every place that names it: what is deleted, what loses the name, and what is kept and why."""
        return left_in([*_own(self), *TEXTS, *_credits(self), *kept()], self)

    # The verb

    def erase(self, *, by: Actor | None, reason: str, now: datetime | None = None) -> AuditEntry:
        """Delete the row and every link to it, and take the name out of the newsroom's own notes.

        Return the log entry, which keeps who, when, why and how much, and not the name. All of it is one transaction;
        the published pages are stale with it, and are rendered afterwards.
        """
        require(by, "articles.seal_article", to="erase names")
        self._check(reason)
        now = now or timezone.now()
        with transaction.atomic(), Pause.taken("erasing a name"):
            self._hold()
            found, named = self.left(), {word for name in self.names for word in words(name)}
            pages = list(self.documents().values_list("pk", flat=True))
            ended = self._end_page(now)
            for left in found:
                if left.place.blank is not None:
                    left.place.blank(self, left.place.rows(self), now)
            LiveDocument.objects.filter(pk__in=pages).past(now).delete()
            BestBefore.objects.filter(pk__in=pages).mark_stale(now)
            search.forget()
            # Queued last: what was queued before lost the name, and receivers must know which page to drop.
            Delivery.objects.queue(ended)
            note = f"{reason.strip()}\n\nDeleted or changed: {blanked_in(found)}."
            subject = f"{self.kind} {self.key}" if self.row else self.kind
            entry = AuditEntry.record(f"{self.kind}.erased", at=now, by=by, subject=subject, note=note)
        refresh.refresh_stale(LiveDocument.objects.filter(pk__in=pages), max(now, timezone.now()))
        spelling.KNOWN.forget(named)
        photo_search.KNOWN.forget(named)
        return entry

    def _end_page(self, now: datetime) -> list[Event]:
        """End its page at once, whatever the stories still show until they are rendered; return the events that say so."""
        listed = Facet.objects.filter(kind__in=Facet.KINDS.get(self.kind, ()), key=self.key)
        lost = set(listed.values_list("kind", "key"))
        listed.delete()
        return directory_pages.settled([], lost, now)

    def _check(self, reason: str) -> None:
        if not reason.strip():
            raise ValidationError("Write why the name is erased, such as the number of the request.")
        if self.without(reason) != reason:
            raise ValidationError("The reason repeats the name, and it is kept. Leave the name out.")

    def _hold(self) -> None:
        """Lock what renderers read, in their order: photos, credits, then the row itself."""
        hold(self.photos())
        if self.kind == "photographer":
            hold(credits(self))
        if self.row is not None:
            held = type(self.row).objects.filter(pk=self.key).select_for_update()
            if not held.values_list("pk"):
                raise ValidationError(
                    "The name was erased or merged with another in the meantime. Search for it again."
                )


def is_erasure(entry: AuditEntry) -> bool:
    return entry.verb in {f"{kind}.erased" for kind in (*KINDS, "name")}


# What is deleted

LINKS = {
    "articleperson": "Links from stories",
    "articleauthor": "Bylines of stories",
    "appearances": "Places in photos, from left to right",
    "creditphotographer": "Places in credits",
    "aliases": "Other names",
}
Blank = Callable[[Named, models.QuerySet, datetime], object]


def _delete(who: Named, rows: models.QuerySet, now: datetime) -> None:
    rows.delete()


def _own(who: Named) -> list[Place]:
    """Return the places of the row itself, the row last: what refers to it goes first."""
    if who.row is None:
        return []
    model = type(who.row)
    linked = [
        Place(LINKS.get(relation.name, str(relation.related_model._meta.verbose_name_plural).capitalize()),
              columns_of(relation.related_model, "*"), _linked(relation), "Deleted.", blank=_delete)
        for relation in model._meta.related_objects if not relation.many_to_many
    ]  # fmt: skip
    return [
        Place("Addresses of the page", ("articles_address.slug",), Named.addresses, "Deleted; they answer 404.", blank=_addresses),
        Place("Search by name", ("articles_searchname.folded",), _search_names, "Deleted.", blank=_delete),
        Place(
            "Published pages that show it", columns_of(LiveDocumentBody, "*"), Named.documents,
            "Built again without it: the first 200 immediately, the rest in the background.",
            "What stories and captions say in their own words: see below.", keeps=columns_of(LiveDocumentBody, "*"),
        ),
        Place("Search in the newsroom", columns_of(StoryEntry, "*"), _entries, "Stories that name it are read again in the background.",
              blank=lambda who, rows, now: rows.forget()),
        Place("Search at the photo desk", columns_of(PhotoEntry, "*"), lambda who: PhotoEntry.objects.filter(photo__in=who.photos()),
              "Photos that name it are read again in the background.", blank=lambda who, rows, now: rows.forget()),
        *linked,
        Place(f"The {who.kind} itself", columns_of(model, "*"), lambda who: model.objects.filter(pk=who.key),
              "Deleted, with all names, descriptions and notes.", blank=_delete),
    ]  # fmt: skip


def _linked(relation: models.ForeignObjectRel) -> Callable[[Named], models.QuerySet]:
    return lambda who: relation.related_model._base_manager.filter(**{relation.field.name: who.key})


def _addresses(who: Named, rows: models.QuerySet, now: datetime) -> None:
    tags = {f"{who.kind}:{slug}" for slug in rows.values_list("slug", flat=True)}
    Purge.objects.ask({*tags, f"{who.kind}:{who.key}", "list"}, at=now)
    rows.delete()
    Merger.objects.filter(kind=who.kind, present=who.key).delete()


def _search_names(who: Named) -> models.QuerySet[SearchName]:
    return SearchName.objects.filter(kind=Facet.Kind.PERSON, key=who.key if who.kind == "person" else None)


def _entries(who: Named) -> models.QuerySet[StoryEntry]:
    return StoryEntry.objects.naming(who.kind, [who.key]) if who.kind in FOUND_BY else StoryEntry.objects.none()


# What loses the name


def _texts(name: str, model: type[models.Model], columns: str, kept: str = "") -> Place:
    """Return a place whose texts lose the name."""
    names = tuple(columns.split())

    def rows(who: Named) -> models.QuerySet:
        return containing(model.objects.all(), names, who.names)

    def blank(who: Named, found: models.QuerySet, now: datetime) -> None:
        rewrite(found, names, who.without)

    said = f"The name becomes “{ERASED}”."
    return Place(name, columns_of(model, *names), rows, said, kept, blank)


def _listed(name: str, column: str) -> Place:
    """Return a place whose lists lose every entry with the name; their photos are read anew."""

    def blank(who: Named, rows: models.QuerySet, now: datetime) -> None:
        for photo in rows.only("pk", column):
            others = [each for each in getattr(photo, column) if who.without(each) == each]
            Photo.objects.filter(pk=photo.pk).update(**{column: others})
            PhotoEntry.objects.filter(photo=photo.pk).forget()

    def rows(who: Named) -> models.QuerySet:
        return containing(Photo.objects.all(), [column], who.names)

    return Place(name, columns_of(Photo, column), rows, "The name is removed.", blank=blank)


TEXTS = (
    _texts("Audit log", AuditEntry, "subject note", "That it happened, who did it and when, and the reason you give below."),
    _texts("The admin’s own log of lists and settings", LogEntry, "object_repr change_message", "Who changed what, and when."),
    _texts("Comments", Comment, "text"),
    _texts("Tasks", Task, "text"),
    _texts("Autosaves", TabAutosave, "fields"),
    _texts("Autosaves from version 0.1.0", Autosave, "fields"),
    _texts("Notes of preview links", PreviewLink, "note"),
    _texts("Notes of editions, and reasons of overrides", Edition, "note override"),
    _texts("Reasons of canceled editions", Cancellation, "reason"),
    _texts("Kept API answers", KeptAnswer, "body headers"),
    replace(
        _texts("Webhook deliveries", Delivery, "payload log", "Addresses in events that follow: receivers must know what to drop."),
        keeps=columns_of(Delivery, "payload"),
    ),
    _texts("Failed background work", DBTaskResult, "traceback"),
    Place(
        "Saved filters of the list of stories", columns_of(SavedFilter, "name", "asked"),
        lambda who: containing(SavedFilter.objects.all(), ("name", "asked"), who.names), "Deleted.", blank=_delete,
    ),
    _listed("Names that photo files gave", "people_named"),
    _listed("Keywords of photos", "keywords"),
)  # fmt: skip


# Credits


def credits(who: Named) -> models.QuerySet[PhotoCredit]:
    """Return the credits that name a photographer, in parts or in words."""
    written = containing(PhotoCredit.objects.all(), _texts_of(PhotoCredit), who.names).values("pk")
    further = containing(CreditChain.objects.all(), _texts_of(CreditChain), who.names).values("credit")
    named = models.Q(photographers=who.key) | models.Q(pk__in=written) | models.Q(pk__in=further)
    return PhotoCredit.objects.filter(named).distinct()


def _credits(who: Named) -> list[Place]:
    columns = (*columns_of(PhotoCredit, *_texts_of(PhotoCredit)), *columns_of(CreditChain, *_texts_of(CreditChain)))
    if who.kind == "photographer":
        said = "The name is left out of the line, and of the files readers get. The parts are not read again."
        return [Place("Photo credits", columns, credits, said, "Agencies and clients.", _uncredit)]
    why = "Whoever must be named is named. To take a photographer out, erase the photographer."
    return [
        _only_counted("Photo credits", why, PhotoCredit, _texts_of(PhotoCredit)),
        _only_counted("Further credits of pictures made of several", why, CreditChain, _texts_of(CreditChain)),
    ]


def _uncredit(who: Named, rows: models.QuerySet, now: datetime) -> None:
    keys = list(rows.values_list("pk", flat=True))
    found = PhotoCredit.objects.filter(pk__in=keys)
    rewrite(found, _texts_of(PhotoCredit), who.without)
    rewrite(CreditChain.objects.filter(credit__in=keys), _texts_of(CreditChain), who.without)
    found.update(is_confirmed=True)
    relabel_later(credit__in=keys)


# What is counted and kept


def _only_counted(name: str, why: str, model: type[models.Model], columns: Collection[str]) -> Place:
    stays = columns_of(model, *columns)

    def rows(who: Named) -> models.QuerySet:
        return containing(_of_others(model, who), columns, who.names)

    return Place(name, stays, rows, kept=why, keeps=stays)


def _of_others(model: type[models.Model], who: Named) -> models.QuerySet:
    """Return the rows of a table that do not go with the row itself."""
    rows = model.objects.all()
    if model is Address:
        return rows.exclude(kind=who.kind, target=str(who.key))
    if model is SearchName:
        return rows.exclude(pk__in=_search_names(who))
    if who.row is not None:
        if model is type(who.row):
            return rows.exclude(pk=who.key)
        for relation in who.row._meta.related_objects:
            if relation.related_model is model and not relation.many_to_many:
                rows = rows.exclude(**{relation.field.name: who.key})
    return rows


STORY = "Seal the story, or edit and publish it."
PHOTO = "Edit the photo."
WORDS = "They say nothing by themselves, and are forgotten once no page contains them."
PHOTO_WORDS = "They say nothing by themselves, and are forgotten once no photo has them."
OTHERS = "It is the name or note of something else. Change or erase it on its own page."
# Tables whose columns lose the name in part: these are the others that are kept.
IN_PART = (
    ("Notes to readers", "Readers were told. Seal the story.", Edition, ("public_note", "redirect_to")),
    ("What photo files say", "It is part of the file. Kill the photo.", Photo, ("supplied", "doubts")),
)
WHOLE = (
    ("Stories", STORY, Article),
    ("Versions of stories", "Seal the story.", Version),
    ("Published pages, and the search index", STORY, LiveDocumentBody),
    ("Single words of published pages, which search corrects to", WORDS, SearchWord),
    ("What those words are looked up by", WORDS, SearchVariant),
    ("Single words of photos, which search corrects to", PHOTO_WORDS, PhotoWord),
    ("What words of photos are looked up by", PHOTO_WORDS, PhotoVariant),
    ("Headlines and addresses of published pages", STORY, LiveDocument),
    ("Captions in stories", STORY, PhotoUse),
    ("Corrections", "Readers were told. Seal the story.", Correction),
    ("Templates", "Remove the template.", Template),
    ("Captions of photos", PHOTO, media.Caption),
    ("Photos", PHOTO, Photo),
    ("Notices of agencies", "They prove why a photo left.", media.Notice),
    ("Marks of killed photos", "They keep killed photos away.", media.NoticeMark),
    ("Usage ledger", "Agencies are paid by it. Seal the story to blank its own entries.", media.Usage),
    ("Rights", "The terms of a license.", media.Right),
    ("Licenses", "The terms of a license.", media.Licence),
    ("Clearances", "They prove what was paid for.", media.Clearance),
    ("Files of the hot folder that were not taken", "Of many, the newest thousand are kept.", media.UntakenFile),
    ("Search by other names", OTHERS, SearchName),
    ("Public addresses", "Each must lead where it led, or answer 410.", Address),
    ("Purges on their way to caches", "Deleted once they are sent.", Purge),
    ("Counted login tries", "Deleted automatically within a day.", LoginFailure),
    ("Accounts of colleagues", "The log is signed with them. Rename the account, or deactivate it.", User),
)  # fmt: skip
# Tables that programs fill, with no word of the newsroom.
OF_PROGRAMS = {Session, Permission, ContentType, Pause, Heartbeat, Presence, KnownAddress, DirectoryPage}


@cache
def kept() -> tuple[Place, ...]:
    """Return the places that are counted and kept: those named above, and every text of any other table there is."""
    claimed = {column for place in TEXTS for column in place.columns}
    claimed |= {column for _, _, model, names in IN_PART for column in columns_of(model, *names)}
    named = [(name, why, model, _texts_of(model, claimed)) for name, why, model in WHOLE]
    tables = {column.split(".")[0] for column in claimed} | {model._meta.db_table for _, _, model in WHOLE}
    rest = [
        (str(model._meta.verbose_name_plural).capitalize(), OTHERS, model, texts)
        for model in apps.get_models()
        if model not in {*OF_PROGRAMS, PhotoCredit, CreditChain}
        and model._meta.db_table not in tables
        and (texts := _texts_of(model, claimed))
    ]
    return tuple(_only_counted(*row) for row in (*named, *IN_PART, *rest))


def _texts_of(model: type[models.Model], claimed: Collection[str] = ()) -> list[str]:
    """Return the columns of a table that can hold a name, without those that another place claims."""
    return [
        field.name for field in model._meta.local_concrete_fields
        if isinstance(field, models.CharField | models.TextField | models.JSONField)
        and not (field.choices or field.is_relation or columns_of(model, field.name)[0] in claimed)
    ]  # fmt: skip


OUT_OF_REACH = (
    "Texts in which the name is spelled differently or only hinted at.",
    "New texts and files: nothing stops them from naming the same person again.",
    "Original photo files, which are private: kill the photo.",
    "Backups, server logs, caches and browsers. Space that the database has freed keeps old words until an administrator compacts it (VACUUM).",
)
