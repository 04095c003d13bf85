"""Sizes that no reader has asked for yet: made at their first request, by one process, and never more than a few at once.

Nobody waits for a file that somebody else makes: readers get the next size that exists meanwhile, which no cache keeps.
"""

import contextlib
import fcntl
import logging
from collections.abc import Iterator
from uuid import UUID

from django.conf import settings
from django.core.cache import cache
from django.db import connection, transaction

from .photo import Photo
from .rendition import Rendition

log = logging.getLogger(__name__)

# Decoding more would take a reader's server more memory and time than it has; the worker makes these.
MOST_PIXELS = 30_000_000
PAUSE_AFTER_FAILURE = 60
# The first key of the advisory locks on PostgreSQL; articles.live.refresh has 5281.
ADVISORY = 5282


def make(photo: Photo, crop: str, width: int, format: str) -> Rendition | None:
    """Return the file of the photo's present version, made now; None where it is not to be made here and now."""
    if photo.width * photo.height > MOST_PIXELS:
        return None
    failed = f"marquee:not-made:{photo.pk}:{crop}:{format}"
    if cache.get(failed):
        return None
    try:
        with turn(photo.pk) as is_ours:
            return _made(photo, crop, width, format) if is_ours else None
    except Exception:  # Whatever is wrong with one size, readers get another.
        log.exception("%s-%d.%s of photo %s could not be made.", crop, width, format, photo.pk)
        cache.set(failed, 1, PAUSE_AFTER_FAILURE)
        return None


def _made(photo: Photo, crop: str, width: int, format: str) -> Rendition | None:
    wanted = {"version": photo.version, "crop": crop, "width": width, "format": format}
    if there := photo.renditions.filter(**wanted).first():
        return there
    prepared = Rendition.objects.prepare(photo, photo.original(), crops=(crop,), widths=(width,), formats=(format,))
    with transaction.atomic():
        # Killed, or given another focal point, while it was made: then it must not be there.
        if not Photo.objects.ready().filter(pk=photo.pk, version=photo.version).select_for_update().exists():
            return None
        Rendition.objects.keep(prepared)
    return photo.renditions.filter(**wanted).first()


# Turns


@contextlib.contextmanager
def turn(photo: UUID) -> Iterator[bool]:
    """Hold the photo's turn, and one of all there are, for the block; False if somebody else has it: nobody waits."""
    places = range(settings.PHOTO_MAKES_AT_ONCE)
    with contextlib.ExitStack() as held:
        if connection.vendor == "postgresql":
            held.enter_context(transaction.atomic())
            yield _is_locked(photo.int % 2**31) and any(_is_locked(-1 - place) for place in places)
        else:
            yield _is_taken(held, f"photo-{photo.int % 512}") and any(_is_taken(held, f"making-{n}") for n in places)


def _is_locked(number: int) -> bool:
    """Take a lock of the transaction, which ends with it even if the process dies."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [ADVISORY, number])
        return cursor.fetchone()[0]


def _is_taken(held: contextlib.ExitStack, name: str) -> bool:
    folder = settings.VAR_DIR / "locks"
    folder.mkdir(parents=True, exist_ok=True)
    file = held.enter_context((folder / name).open("w"))
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
