"""Events as calendars read them (iCalendar, RFC 5545)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

MEDIA_TYPE = "text/calendar; charset=utf-8"
LONGEST_LINE = 75
"""In bytes; what is longer goes on in the next line, after a blank."""
PRODUCT = "-//Marquee//Desk//EN"


@dataclass(frozen=True)
class Event:
    """Something that happens at an instant. `changed_at` and `sequence` grow whenever it is moved or called off."""

    uid: str
    at: datetime
    summary: str
    changed_at: datetime
    sequence: int = 0
    details: str = ""
    url: str = ""
    is_off: bool = False


def calendar(name: str, events: Iterable[Event], *, refresh_minutes: int = 15) -> str:
    """Return a calendar of these events, in the order given."""
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODUCT}", "CALSCALE:GREGORIAN", "METHOD:PUBLISH",
        f"X-WR-CALNAME:{_text(name)}", f"REFRESH-INTERVAL;VALUE=DURATION:PT{refresh_minutes}M",
        f"X-PUBLISHED-TTL:PT{refresh_minutes}M",
        *(line for event in events for line in _event(event)),
        "END:VCALENDAR",
    ]  # fmt: skip
    return "".join(folded(line) for line in lines)


def _event(event: Event) -> Iterator[str]:
    yield from ("BEGIN:VEVENT", f"UID:{event.uid}", f"DTSTAMP:{_instant(event.changed_at)}")
    yield from (f"LAST-MODIFIED:{_instant(event.changed_at)}", f"DTSTART:{_instant(event.at)}")
    yield from (f"SEQUENCE:{event.sequence}", f"SUMMARY:{_text(event.summary)}")
    if event.details:
        yield f"DESCRIPTION:{_text(event.details)}"
    if event.url:
        yield f"URL:{event.url}"
    # It takes nobody's time: a colleague is not busy when a story goes live.
    yield from (f"STATUS:{'CANCELLED' if event.is_off else 'CONFIRMED'}", "TRANSP:TRANSPARENT", "END:VEVENT")


def _instant(when: datetime) -> str:
    return f"{when.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(words: str) -> str:
    """Return a text as a value; control characters, which no value may hold, are blanks."""
    kept = "".join(letter if letter == "\n" or letter.isprintable() else " " for letter in words)
    for mark, written in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n")):
        kept = kept.replace(mark, written)
    return kept


def folded(line: str) -> str:
    """Return a line as it is sent: never longer than 75 bytes, and never cut within a letter."""
    parts, part, size = [], "", 0
    for letter in line:
        length = len(letter.encode())
        if size + length > LONGEST_LINE:
            parts.append(part)
            part, size = " ", 1
        part, size = part + letter, size + length
    return "".join(f"{each}\r\n" for each in [*parts, part])
