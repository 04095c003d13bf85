"""Instants as people write them in embargoes: "2200 GMT MARCH 3, 2026", "00:01 BST on Sunday 5 July", "10pm ET 3/3".

Pure. What can be read in two ways is not read at all: a guessed embargo is a broken embargo.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_DATES = [
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\b(?P<year>\d{4})-(?P<number>\d{1,2})-(?P<day>\d{1,2})(?!\d)",
        rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?:\s+of)?\s+{_MONTH}(?:,?\s+(?P<year>(?:19|20)\d\d)\b)?",
        rf"\b{_MONTH}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b(?:,?\s+(?P<year>(?:19|20)\d\d)\b)?",
        r"\b(?P<first>\d{1,2})[/.](?P<second>\d{1,2})[/.](?P<year>(?:20)?\d\d)\b",
    )
]
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WEEKDAY = re.compile(r"\b(mon|tue|wed|thu|fri|sat|sun)[a-z]*day\b", re.IGNORECASE)
_CLOCKS = [
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\b(?P<hour>\d{1,2})(?:[:.](?P<minute>\d\d))?(?::\d\d)?\s*(?P<half>[ap])\.?\s?m\b",
        r"\b(?P<hour>\d{1,2})[:.h](?P<minute>\d\d)(?::\d\d)?(?!\d)",
        r"\b(?P<hour>[01]\d|2[0-4])(?P<minute>[0-5]\d)\s*(?:h|hrs|hours)?(?!\d)",
        r"\b(?P<word>midnight|midday|noon)\b",
    )
]
_OFFSETS = {
    **{
        "GMT": 0,
        "UTC": 0,
        "BST": 1,
        "CET": 1,
        "CEST": 2,
        "EET": 2,
        "EEST": 3,
        "MSK": 3,
        "JST": 9,
        "AEST": 10,
        "AEDT": 11,
    },
    **{"EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7},
}
_PLACES = {
    **{"ET": "America/New_York", "EASTERN": "America/New_York", "NEW YORK": "America/New_York"},
    **{"CT": "America/Chicago", "CENTRAL": "America/Chicago", "PT": "America/Los_Angeles"},
    **{"PACIFIC": "America/Los_Angeles", "LONDON": "Europe/London", "UK": "Europe/London", "PARIS": "Europe/Paris"},
}
_ZONE = re.compile(rf"\b({'|'.join(_OFFSETS)}|{'|'.join(_PLACES)})\b(?:\s+(?:STANDARD |DAYLIGHT |SUMMER )?TIME)?")
_NUMERIC_ZONE = re.compile(r"(?:(?<=:\d\d)|GMT|UTC)\s*([+-])(\d{1,2}):?(\d\d)?\b")


def read_instant(text: str, taken: date | None = None, zone: tzinfo = UTC) -> datetime | None:
    """Return the instant a text names, in UTC; None when it names none or one that could be two.

    `taken` is the day the picture was taken: it supplies a missing year, or the date of a weekday. `zone` holds where
    the text names none. A date alone means its beginning.
    """
    day, rest = _day(text, taken)
    clock, days = _clock(rest)
    if day is None or clock is None:
        return None
    return later(datetime.combine(day, clock, _zone(text) or zone), days)


def later(moment: datetime, days: float) -> datetime | None:
    """Return the instant so many days on, in UTC; None beyond the year 9999, by which people mean never."""
    try:
        return (moment + timedelta(days=days)).astimezone(UTC)
    except OverflowError:
        return None


def _day(text: str, taken: date | None) -> tuple[date | None, str]:
    """Return the day, and the text without it, so that its year is not taken for a time."""
    for pattern in _DATES:
        if match := pattern.search(text):
            return _date(match.groupdict(), taken), f"{text[: match.start()]} {text[match.end() :]}"
    match = _WEEKDAY.search(text)
    if match and taken and taken.year < 9999:
        ahead = (_WEEKDAYS.index(match[1].lower()) - taken.weekday()) % 7
        return taken + timedelta(days=ahead), text
    return None, text


def _date(parts: dict[str, str | None], taken: date | None) -> date | None:
    month, day = _month_and_day(parts)
    try:
        if year := parts.get("year"):
            return date(int(year) + (2000 if len(year) == 2 else 0), month, day)
        return _next(month, day, taken) if taken else None
    except ValueError:
        return None


def _month_and_day(parts: dict[str, str | None]) -> tuple[int, int]:
    """Return month and day; (0, 0), no date, where they could be swapped."""
    if parts.get("first"):
        first, second = int(parts["first"] or 0), int(parts["second"] or 0)
        pairs = {(month, day) for month, day in ((first, second), (second, first)) if month <= 12}
        return pairs.pop() if len(pairs) == 1 else (0, 0)
    if parts.get("number"):
        return int(parts["number"] or 0), int(parts["day"] or 0)
    return _MONTHS.index((parts["month"] or "")[:3].lower()) + 1, int(parts["day"] or 0)


def _next(month: int, day: int, taken: date) -> date:
    """Return the first such day that is not long before the picture was taken."""
    this_year = date(taken.year, month, day)
    return this_year if taken - this_year <= timedelta(days=7) else date(taken.year + 1, month, day)


def _clock(text: str) -> tuple[time | None, int]:
    """Return the time of day, by default midnight, and the days to add: 24:00 is the next day's 00:00."""
    for pattern in _CLOCKS:
        if match := pattern.search(text):
            return _time(match.groupdict())
    return time(), 0


def _time(parts: dict[str, str | None]) -> tuple[time | None, int]:
    if word := parts.get("word"):
        return (time(), 0) if word.lower() == "midnight" else (time(12), 0)
    hour, minute = int(parts["hour"] or 0), int(parts.get("minute") or 0)
    if half := parts.get("half"):
        hour = hour % 12 + (12 if half.lower() == "p" else 0) if hour <= 12 else 99
    if (hour, minute) == (24, 0):
        return time(), 1
    return (time(hour, minute), 0) if hour < 24 and minute < 60 else (None, 0)


def _zone(text: str) -> tzinfo | None:
    if match := _NUMERIC_ZONE.search(text):
        offset = timedelta(hours=int(match[2]), minutes=int(match[3] or 0))
        if offset <= timedelta(hours=14):
            return timezone(offset if match[1] == "+" else -offset)
    if match := _ZONE.search(text.upper()):
        name = match[1]
        return timezone(timedelta(hours=_OFFSETS[name])) if name in _OFFSETS else ZoneInfo(_PLACES[name])
    return None
