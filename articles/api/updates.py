"""Where who follows updates goes on, and which pages of the directory came, went or changed meanwhile.

Pages share one order with the stories: by instant, then by key, and a page's key counts as negative. Readers get such a
place sealed, the same place always in the same words: its key is a row's number.
"""

import binascii
import hmac
import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from django.conf import settings
from django.db.models import Q

from ..live import directory_pages
from ..models import DirectoryPage
from . import query_string
from .cursors import EPOCH, MICROSECOND, Place, number, read_cursor

SHAPE = struct.Struct(">qq")
# Before every page and story of an instant.
FIRST = -(10**15)
NOTHING: dict[str, Any] = {"slug": None, "name": None, "path": None, "previous_paths": []}


def write_since(place: Place) -> str:
    at: datetime = place.at  # type: ignore[assignment]  # Updates are ordered by instants.
    packed = SHAPE.pack((at - EPOCH) // MICROSECOND, int(place.key))  # type: ignore[arg-type]
    return urlsafe_b64encode(_box(settings.SECRET_KEY).encrypt(packed, None)).decode().rstrip("=")


def read_since(value: str) -> Place:
    """Return the place that write_since sealed, or an instant to begin with. Raises ValueError with a sentence for all else."""
    for packed in _opened(value):
        micros, key = SHAPE.unpack(packed)
        return Place(EPOCH + micros * MICROSECOND, key)
    try:
        # What the last release gave, which holds the number in clear: until the next one.
        return read_cursor(value, number)
    except ValueError:
        pass
    try:
        return Place(query_string.read_instant(value), FIRST)
    except ValueError:
        raise ValueError("Give back the “since” of the last answer, or an instant to begin with.") from None


def _opened(value: str) -> Iterator[bytes]:
    """Yield what is sealed here, if any of our keys opens it."""
    for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        try:
            yield _box(key).decrypt(urlsafe_b64decode(value.encode("ascii") + b"=" * (-len(value) % 4)), None)
        except (ValueError, binascii.Error, InvalidTag):
            continue


@lru_cache(maxsize=8)
def _box(key: str) -> AESSIV:
    return AESSIV(hmac.digest(key.encode(), b"articles.api.updates", "sha256"))


def pages(since: Place | None, settled: datetime, most: int) -> list[DirectoryPage]:
    """Return the pages that changed after a place, up to an instant, the oldest change first."""
    found = DirectoryPage.objects.filter(changed_at__lte=settled)
    if since:
        later = Q(changed_at__gt=since.at)
        same = Q(changed_at=since.at, pk__lt=-int(since.key)) if int(since.key) < 0 else Q(pk__in=())  # type: ignore[arg-type]
        found = found.filter(later | same, changed_at__gte=since.at)
    return list(found.order_by("changed_at", "-pk")[:most])


def items(rows: list[DirectoryPage], now: datetime) -> list[dict]:
    """Return what became of each page; of what is gone nothing but its id (docs/decisions/0009).

    A page may have ended with its last story although no worker has come by to tell.
    """
    told = DirectoryPage.objects.filter(pk__in=[page.pk for page in rows if page.is_live])
    live = told.shown(now).values_list("kind", "key") if rows else ()
    named = directory_pages.rows_of(list(live))
    former = directory_pages.slugs_of(named)
    found = []
    for page in rows:
        row = named.get((page.kind, page.key))
        about = directory_pages.page(row, former[page.kind, page.key]) if row else NOTHING
        change = {"id": page.public_id, "kind": page.kind, "change": "live" if row else "gone"}
        found.append(change | {"changed_at": page.changed_at} | about)
    return found
