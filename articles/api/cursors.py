"""Where a page of a list begins: an instant or a text, and an id, packed so that clients take it for opaque. Pure."""

import binascii
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
# The outermost instants that have a neighbor on either side: a place can always be moved by a microsecond.
FIRST_INSTANT = datetime.min.replace(tzinfo=UTC) + MICROSECOND
LAST_INSTANT = datetime.max.replace(tzinfo=UTC) - MICROSECOND
SHAPE = re.compile(r"([np])(-?\d{1,18})\.([0-9a-z-]{1,80})", re.ASCII)
TEXT_SHAPE = re.compile(r"([qr])([0-9a-z-]{1,80})\.([^\0]{0,700})", re.DOTALL)
FIRST_KEY: dict[type, Any] = {UUID: UUID(int=0), str: "-"}
LAST_KEY: dict[type, Any] = {UUID: UUID(int=2**128 - 1), str: "z" * 80}


@dataclass(frozen=True)
class Place:
    """Just after (going forward) or just before (going back) the row of this instant, or this text, and id."""

    at: datetime | str
    key: UUID | int | str
    back: bool = False

    def turned(self, *, ascending: bool = False) -> "Place":
        """Return where to go back from an empty page: the row this place names comes first again."""
        going_up = self.back == ascending
        if isinstance(self.at, str):
            ends = FIRST_KEY if going_up else LAST_KEY
            return Place(self.at, ends[type(self.key)], not self.back)
        return Place(self.at + (-MICROSECOND if going_up else MICROSECOND), self.key, not self.back)


def write_cursor(place: Place) -> str:
    if isinstance(place.at, str):
        text = f"{'r' if place.back else 'q'}{place.key}.{place.at}"
    else:
        text = f"{'p' if place.back else 'n'}{(place.at - EPOCH) // MICROSECOND}.{place.key}"
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read_cursor(value: str, key: Callable = UUID) -> Place:
    """Return the place of a cursor. Raises ValueError, with a sentence, for anything write_cursor did not write."""
    try:
        text = urlsafe_b64decode(value.encode("ascii") + b"=" * (-len(value) % 4)).decode()
        if found := SHAPE.fullmatch(text):
            at = EPOCH + int(found[2]) * MICROSECOND
            place = Place(at, key(found[3]), found[1] == "p")
            if FIRST_INSTANT <= at <= LAST_INSTANT and write_cursor(place) == value:
                return place
        elif found := TEXT_SHAPE.fullmatch(text):
            place = Place(found[3], key(found[2]), found[1] == "r")
            if write_cursor(place) == value:
                return place
    except (ValueError, OverflowError, binascii.Error):
        pass
    raise ValueError("This cursor is not one of ours. Follow “next” and “previous” as they are.")


def number(text: str) -> int:
    """Read a key that is a number in a database."""
    if len(text) > 18:
        raise ValueError("too large")
    return int(text)
