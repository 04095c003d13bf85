"""Full-text search over photos, for the desk and the picker. Its siblings are articles.live.search and articles.stories.finding.

One text a photo, of folded words (media.words), lies in the database's own index: `media_photowords`, a tsvector on
PostgreSQL, an FTS5 table on SQLite. Whatever changes a photo's facts notes the photo; the next search reads what was
noted lately before it looks, and the worker reads the rest.
"""

# Statements are built from constants of this file; what colleagues type is always a parameter.
# ruff: noqa: S608, S611

import re
from collections.abc import Collection, Iterable
from typing import Any, Self
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import DatabaseError, connection, models, transaction
from django.db.models.expressions import RawSQL

from ..audience import ask
from ..signals import facts_changed
from ..site import Site
from ..words.dictionary import Dictionary, KnownVariant, KnownWord
from ..words.match import fts5, tsquery
from ..words.search_terms import Query, parse
from .searched import Searched

MOST_FOUND = 10_000
"""Of so many photos with the words, the newest, a list is made; a further word finds older ones."""
READ_AT_ONCE, READ_BEFORE_SEARCH = 200, 50
NOTED_AT_ONCE, NOTES_A_PHOTO = 1000, 5
# What happens to a photo without changing what it is found by.
WITHOUT_WORDS = {
    *("photo.rendered", "photo.killed", "photo.withheld", "photo.reinstated", "photo.deleted", "photo.corrected"),
    *("right.changed", "right.removed", "site.changed"),
}
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


class PhotoEntryQuerySet(models.QuerySet):
    def forget(self) -> None:
        """Take every word of these entries out of the index at once; their photos are read anew."""
        photos = list(self.values_list("photo", flat=True))
        self.delete()
        PhotoToRead.objects.bulk_create([PhotoToRead(photo_id=key) for key in photos], batch_size=NOTED_AT_ONCE)
        if connection.vendor == "sqlite":
            # It keeps deleted words until it merges its segments.
            with connection.cursor() as cursor:
                cursor.execute("INSERT INTO media_photowords (media_photowords) VALUES ('optimize')")


class PhotoEntry(models.Model):
    """What search knows of one photo; its words lie in the database's own index under `key`, the newest photo's highest."""

    key = models.BigAutoField(primary_key=True)
    photo = models.OneToOneField("media.Photo", on_delete=models.CASCADE, related_name="entry")

    objects = PhotoEntryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "photo entries"

    def __str__(self) -> str:
        return str(self.photo_id)


class PhotoToRead(models.Model):
    """A note that a photo's facts changed since its words were read; several notes of one photo are one to read."""

    photo = models.ForeignKey("media.Photo", on_delete=models.CASCADE, related_name="+")

    class Meta:
        verbose_name_plural = "photos to read"

    def __str__(self) -> str:
        return str(self.photo_id)


class PhotoWord(KnownWord):
    """A word of photos, to find what a misspelled one was to be."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["word"], name="photo_word_once")]


class PhotoVariant(KnownVariant):
    """What a word of photos is looked up by."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["variant", "word"], name="photo_variant_once")]


KNOWN = Dictionary(PhotoWord, PhotoVariant, {
    "postgresql": """NOT EXISTS (SELECT 1 FROM media_photowords
        WHERE vector @@ plainto_tsquery('marquee_photos', known.word))""",
    "sqlite": """NOT EXISTS (SELECT 1 FROM media_photowords WHERE media_photowords MATCH '"' || known.word || '"')""",
})  # fmt: skip


# Noting what changed


def connect(photos: models.Manager) -> None:
    """Note the photos whose facts change, as the one signal of the system says it."""

    def changed(
        sender: object, *, kind: str = "photo", scope: dict | None = None, verb: str = "", **facts: Any
    ) -> None:
        if kind == "photo" and scope and verb not in WITHOUT_WORDS:
            note(photos.filter(**scope))

    facts_changed.connect(changed, weak=False, dispatch_uid="media.photos.finding")


def note(photos: models.QuerySet) -> None:
    """Have these photos read again. Call it in the transaction that changes them; one statement, however many they are."""
    try:
        keys, params = photos.order_by().values("pk").distinct().query.sql_with_params()
    except EmptyResultSet:
        return
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO media_phototoread (photo_id) {keys}", params)


def catch_up(photos: models.QuerySet) -> None:
    """Note photos that no entry knows: those that a release before this one, or a script, added."""
    missing = photos.filter(entry__isnull=True).exclude(pk__in=PhotoToRead.objects.values("photo"))
    note(missing)


# Reading photos


def read_some(photos: models.Manager, most: int = READ_AT_ONCE) -> int:
    """Read the next photos that were noted, the last noted first. Return how many.

    Their entries are held before any fact is read, so that two readers never write an older text over a newer one, and
    only notes seen by then are crossed out.
    """
    newest = PhotoToRead.objects.order_by("-pk").values_list("photo", flat=True)[: most * NOTES_A_PHOTO]
    wanted = list(dict.fromkeys(newest))[:most]
    if not wanted:
        return 0
    with transaction.atomic():
        held = _held(wanted)
        notes = list(PhotoToRead.objects.filter(photo__in=held).values_list("pk", flat=True))
        found = _searched(photos, held)
        _write([(held[key], key, each.text) for key, each in found.items()])
        KNOWN.learn(each.said for each in found.values())
        PhotoToRead.objects.filter(pk__in=notes).delete()
    return len(held)


def _held(photos: Collection[UUID]) -> dict[UUID, int]:
    """Return the keys of these photos' entries, held until the transaction ends; new ones in the order of the photos' ids."""
    present = set(PhotoEntry.objects.filter(photo__in=photos).values_list("photo", flat=True))
    missing = [PhotoEntry(photo_id=key) for key in sorted(set(photos) - present)]
    if missing:
        PhotoEntry.objects.bulk_create(missing, ignore_conflicts=True)
    rows = PhotoEntry.objects.filter(photo__in=photos).order_by("key").select_for_update(skip_locked=True)
    return dict(rows.values_list("photo", "key"))


def _searched(photos: Any, keys: Collection[UUID]) -> dict[UUID, Searched]:
    """Return what these photos are found by, in a fixed number of statements."""
    zone = Site.objects.zone()
    people = ask().names_in(keys)
    rows = list(photos.filter(pk__in=keys).with_names())
    _fill_keywords(photos, rows)
    return {
        photo.pk: Searched(
            texts=(
                *(text for row in photo.captions.all() for text in (row.text, row.alt)),
                *(photo.headline, photo.event, photo.credit_line, photo.city, photo.country, photo.source),
                *photo.known_keywords,
            ),
            names=(*people.get(photo.pk, ()), *map(str, photo.people_named), *_credited(photo.credit)),
            taken=photo.taken_at and photo.taken_at.astimezone(zone),
            codes=(photo.original_name, photo.job_id, photo.supplier_image_id),
        )
        for photo in rows
    }


def _credited(credit: Any) -> Iterable[str]:
    """Return every name of the photographers and agencies of a credit, and of the agencies they are brands of."""
    if credit is None:
        return
    for photographer in credit.photographers.all():
        yield from (photographer.name, *(alias.name for alias in photographer.aliases.all()))
    for agency in credit.agencies.all():
        yield from (agency.name, *(alias.name for alias in agency.aliases.all()))
        if agency.parent:
            yield from (agency.parent.name, *(alias.name for alias in agency.parent.aliases.all()))


def _fill_keywords(photos: models.Manager, rows: Iterable[Any]) -> None:
    """Give photos from before there were keywords those that their files said."""
    for photo in rows:
        if photo.keywords is None:
            photo.keywords = photo.known_keywords
            photos.filter(pk=photo.pk, keywords__isnull=True).update(keywords=photo.keywords)


def _write(rows: list[tuple[int, UUID, str]]) -> None:
    if not rows:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(SAVE_VECTORS, [list(column) for column in zip(*rows, strict=True)])
        else:
            cursor.executemany(SAVE_WORDS, [(key, text) for key, _, text in rows])


# Searching


class FoundQuerySet(models.QuerySet[Any]):
    """Photos by the words that are typed."""

    def with_names(self) -> Self:
        """Load the captions and every name of these photos in a fixed number of statements."""
        return self.select_related("credit").prefetch_related(
            "captions", "credit__creditchain_set", "credit__photographers__aliases", "credit__agencies__aliases",
            "credit__agencies__parent__aliases",
        )  # fmt: skip

    def search(self, text: str) -> Self:
        """Return the photos that hold every word, as their words are now; where none is typed, all.

        Those with the last word as it is typed come before those where it goes on, and the newest first.
        """
        if not text.strip():
            return self
        found, query = self.holding(text), asked(text)
        if query == query.finished:
            return found.order_by("-created_at", "-pk")
        is_whole = models.Q(pk__in=_with_words(query.finished))
        found = found.alias(goes_on=models.Case(models.When(is_whole, then=0), default=1))
        return found.order_by("goes_on", "-created_at", "-pk")

    def holding(self, text: str) -> Self:
        """Return the photos that hold every word, or the one that an id or the address of its page names."""
        if named := _UUID.search(text):
            return self.filter(pk=named[0])
        query = asked(text)
        return self.filter(pk__in=_with_words(query)) if query else self.none()

    def look_for(self, text: str) -> tuple[str, str]:
        """Return the words to search for and "": or, where no photo has them, those that were meant, and how they read."""
        anywhere = self.model.objects
        if not text.strip():
            return "", ""
        read_before_search(anywhere)
        if anywhere.holding(text).exists():
            return text, ""
        for meant in map(str, KNOWN.corrected(asked(text))):
            if anywhere.holding(meant).exists():
                return meant, meant
        return text, ""


def asked(text: str) -> Query:
    """Return the query that somebody typed: at most twelve words of the first two hundred characters."""
    return parse(text, shortest=2)


def read_before_search(photos: models.Manager) -> None:
    """Read what was noted lately, so that a search finds what was just saved. It never fails a search."""
    try:
        read_some(photos, READ_BEFORE_SEARCH)
    except DatabaseError:
        # Somebody writes at this moment, who has noted it: a later search or the worker reads it.
        return


def _with_words(query: Query) -> RawSQL:
    if connection.vendor == "postgresql":
        return RawSQL(FOUND_BY_VECTOR, [tsquery(query)])
    return RawSQL(FOUND_BY_WORDS, [fts5(query)])


SAVE_WORDS = "INSERT OR REPLACE INTO media_photowords (rowid, words) VALUES (%s, %s)"
SAVE_VECTORS = """
INSERT INTO media_photowords (key, photo_id, vector)
SELECT key, photo, to_tsvector('marquee_photos', words) FROM unnest(%s::bigint[], %s::uuid[], %s::text[]) AS given (key, photo, words)
ON CONFLICT (key) DO UPDATE SET vector = EXCLUDED.vector"""
FOUND_BY_VECTOR = f"SELECT photo_id FROM media_photos_found(%s, {MOST_FOUND})"
FOUND_BY_WORDS = f"""SELECT photo_id FROM media_photoentry WHERE key IN (
    SELECT rowid FROM media_photowords WHERE media_photowords MATCH %s ORDER BY rowid DESC LIMIT {MOST_FOUND})"""
