"""Where a page of a list begins: an instant and an id, packed so that clients take it for opaque. Pure."""

import binascii
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
# The outermost instants that have a neighbor on either side: a place can always be moved by a microsecond.
FIRST_INSTANT = datetime.min.replace(tzinfo=UTC) + MICROSECOND
LAST_INSTANT = datetime.max.replace(tzinfo=UTC) - MICROSECOND
SHAPE = re.compile(r"([np])(-?\d{1,18})\.([0-9a-z-]{1,80})", re.ASCII)


@dataclass(frozen=True)
class Place:
    """Just after (going forward) or just before (going back) the row of this instant and id."""

    at: datetime
    key: UUID | int | str
    back: bool = False

    def turned(self) -> "Place":
        """Return where to go back from an empty page: the row this place names comes first again."""
        step = MICROSECOND if self.back else -MICROSECOND
        return Place(self.at + step, self.key, not self.back)


def write_cursor(place: Place) -> str:
    text = f"{'p' if place.back else 'n'}{(place.at - EPOCH) // MICROSECOND}.{place.key}"
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read_cursor(value: str, key: Callable = UUID) -> Place:
    """Return the place of a cursor. Raises ValueError, with a sentence, for anything write_cursor did not write."""
    try:
        text = urlsafe_b64decode(value.encode("ascii") + b"=" * (-len(value) % 4)).decode("ascii")
        found = SHAPE.fullmatch(text)
        if found:
            place = Place(EPOCH + int(found[2]) * MICROSECOND, key(found[3]), found[1] == "p")
            if FIRST_INSTANT <= place.at <= LAST_INSTANT and write_cursor(place) == value:
                return place
    except (ValueError, OverflowError, binascii.Error):
        pass
    raise ValueError("This cursor is not one of ours. Follow “next” and “previous” as they are.")


def number(text: str) -> int:
    """Read a key that is a number in a database."""
    if len(text) > 18:
        raise ValueError("too large")
    return int(text)
