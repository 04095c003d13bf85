"""Instants as people write them in embargoes: "2200 GMT MARCH 3, 2026", "00:01 BST on Sunday 5 July", "10pm ET 3/3".

Pure. What can be read in two ways is not read at all: a guessed embargo is a broken embargo.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from .territories import folded

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan januar janner janvier enero gennaio",
            "february feb februar fevrier febrero febbraio",
            "march mar marz mars marzo",
            "april apr avril abril aprile",
            "may mai mayo maggio",
            "june jun juni juin junio giugno",
            "july jul juli juillet julio luglio",
            "august aug aout agosto",
            "september sept sep septembre septiembre setiembre settembre",
            "october oct okt oktober octobre octubre ottobre",
            "november nov novembre noviembre",
            "december dec dez dezember decembre diciembre dicembre",
        ),
        start=1,
    )
    for name in names.split()
}
_MONTH = rf"(?P<month>{'|'.join(sorted(_MONTHS, key=len, reverse=True))})\b\.?"
_YEAR = r"(?:,?\s+(?:(?:de|del|of)\s+)?(?P<year>(?:19|20)\d\d)\b)?"
_DATES = [
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\b(?P<year>\d{4})-(?P<number>\d{1,2})-(?P<day>\d{1,2})(?!\d)",
        rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th|er|\.|o|\N{{MASCULINE ORDINAL INDICATOR}})?(?:\s+(?:of|de))?\s+{_MONTH}{_YEAR}",
        rf"\b{_MONTH}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b{_YEAR}",
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
        r"\b(?P<hour>\d{1,2})\s*(?:uhr|h|heures|horas)\b",
        r"\b(?:ore|at|um|a las|alle)\s+(?P<hour>\d{1,2})(?![\d:.])",
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
        "MEZ": 1,
        "MESZ": 2,
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
    found = readings(text, taken, zone)
    return found[0] if len(found) == 1 else None


def readings(text: str, taken: date | None = None, zone: tzinfo = UTC) -> tuple[datetime, ...]:
    """Return every instant a text may name, the earliest first: 12/05/2026 may be in May or in December."""
    plain = folded(text)
    days, rest = _days(plain, taken)
    clock, more = _clock(rest)
    if clock is None:
        return ()
    moments = (later(datetime.combine(day, clock, _zone(plain) or zone), more) for day in days)
    return tuple(sorted(moment for moment in moments if moment))


_PART = re.compile(
    "|".join(
        re.sub(r"\(\?P<\w+>", "(?:", pattern.pattern)
        for pattern in (
            *_DATES,
            re.compile(r"\b(?:mon|tues?|wednes|thurs?|fri|satur|sun)day\b|\b(?:mon|tues?|wed|thurs?|fri|sat|sun)\b\.?"),
            *_CLOCKS,
        )
    ),
    re.IGNORECASE,
)
_ZONE_WORD = re.compile(
    rf"\(?\b(?:{'|'.join([*_OFFSETS, 'ET', 'CT', 'PT', 'EASTERN', 'CENTRAL', 'PACIFIC'])})\b(?:\s*[+-]\d{{1,2}}(?::?\d\d)?)?(?:\s+(?:STANDARD |DAYLIGHT |SUMMER )?TIME)?\)?|[+-]\d\d:?\d\d\b|\b(?:LONDON|PARIS|NEW YORK|UK) TIME\b",
    re.IGNORECASE,
)
_GLUE = re.compile(
    r"(?:[\s,.(\[]|\b(?:at|on|um|ore|alle|a|las|le|il|el|den|dem|am|the|of|de|du|uhr|h|hrs|hours|local|o'clock)\b)*",
    re.IGNORECASE,
)


def spans(text: str) -> tuple[tuple[int, int], ...]:
    """Return where a folded text names instants: dates, weekdays and times that stand together are one."""
    found: list[tuple[int, int]] = []
    parts = sorted({match.span() for pattern in (_PART, _ZONE_WORD) for match in pattern.finditer(text)})
    for start, end in parts:
        if found and start < found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        elif found and _GLUE.fullmatch(text, found[-1][1], start):
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return tuple(
        span
        for span in found
        if any(letter.isdigit() for letter in text[slice(*span)]) or _WEEKDAY.search(text[slice(*span)])
    )


def later(moment: datetime, days: float) -> datetime | None:
    """Return the instant so many days on, in UTC; None beyond the year 9999, by which people mean never."""
    try:
        return (moment + timedelta(days=days)).astimezone(UTC)
    except OverflowError:
        return None


def _days(text: str, taken: date | None) -> tuple[list[date], str]:
    """Return the days it may be, and the text without them, so that a year is not taken for a time."""
    if match := _first_date(text):
        found = {_date(month, day, match.groupdict(), taken) for month, day in _months_and_days(match.groupdict())}
        rest = f"{text[: match.start()]} {text[match.end() :]}"
        others = _days(rest, taken)[0] if _first_date(rest) else []
        return [*filter(None, found), *others], rest
    match = _WEEKDAY.search(text)
    if match and taken and taken.year < 9999:
        ahead = (_WEEKDAYS.index(match[1].lower()) - taken.weekday()) % 7
        return [taken + timedelta(days=ahead)], text
    return [], text


def _first_date(text: str) -> re.Match[str] | None:
    return next((match for pattern in _DATES if (match := pattern.search(text))), None)


def _date(month: int, day: int, parts: dict[str, str | None], taken: date | None) -> date | None:
    try:
        if year := parts.get("year"):
            return date(int(year) + (2000 if len(year) == 2 else 0), month, day)
        return _next(month, day, taken) if taken else None
    except ValueError:
        return None


def _months_and_days(parts: dict[str, str | None]) -> set[tuple[int, int]]:
    """Return month and day; both ways round where they could be swapped."""
    if parts.get("first"):
        first, second = int(parts["first"] or 0), int(parts["second"] or 0)
        return {(month, day) for month, day in ((first, second), (second, first)) if month <= 12}
    if parts.get("number"):
        return {(int(parts["number"] or 0), int(parts["day"] or 0))}
    return {(_MONTHS[(parts["month"] or "").lower()], int(parts["day"] or 0))}


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
