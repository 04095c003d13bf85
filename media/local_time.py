"""Instants as people write and read them: a date, a time and a zone. Pure: the one home of the desk's clock.

Instants are stored in UTC and shown in the zone of a site. Each year one hour is skipped and one happens twice. Both
are reported, never guessed.
"""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import cache, cached_property
from zoneinfo import ZoneInfo, available_timezones

# The zones that entertainment newsrooms use most; any other IANA name can be typed.
ZONES = (
    "UTC", "America/Los_Angeles", "America/Denver", "America/Chicago", "America/New_York", "America/Toronto",
    "America/Mexico_City", "America/Sao_Paulo", "Europe/London", "Europe/Dublin", "Europe/Paris", "Europe/Berlin",
    "Africa/Lagos", "Africa/Johannesburg", "Asia/Dubai", "Asia/Kolkata", "Asia/Shanghai", "Asia/Seoul", "Asia/Tokyo",
    "Australia/Sydney", "Pacific/Auckland",
)  # fmt: skip
ALSO = ("UTC", "America/Los_Angeles", "Europe/London")


class NoSuchTime(ValueError):
    """The time does not exist in that zone, or cannot be told from another; `str()` is a sentence for the editor."""


@cache
def _names() -> frozenset[str]:
    return frozenset(available_timezones())


def is_zone(name: str) -> bool:
    return name in _names()


def zone_of(name: str) -> tzinfo:
    """Return the zone of this IANA name, UTC for a name that is none."""
    return ZoneInfo(name) if name != "UTC" and is_zone(name) else UTC


class LazyZone(tzinfo):
    """A zone that is looked up when a moment is first read or shown in it."""

    def __init__(self, find: Callable[[], tzinfo]) -> None:
        self._find = find

    @cached_property
    def zone(self) -> tzinfo:
        return self._find()

    def __str__(self) -> str:
        return str(self.zone)

    def utcoffset(self, when: datetime | None) -> timedelta | None:
        return self.zone.utcoffset(when)

    def dst(self, when: datetime | None) -> timedelta | None:
        return self.zone.dst(when)

    def tzname(self, when: datetime | None) -> str | None:
        return self.zone.tzname(when)

    def fromutc(self, when: datetime) -> datetime:
        return self.zone.fromutc(when.replace(tzinfo=self.zone)).replace(tzinfo=self)


def instant(local: datetime, zone: str, *, second: bool = False) -> datetime:
    """Return the instant in UTC that a wall clock shows as `local` (naive). `second` takes the second of two.

    Raises NoSuchTime for an hour that clocks skip, and for a zone that does not exist.
    """
    if not is_zone(zone):
        raise NoSuchTime(f"“{zone}” is not a time zone. Choose one, such as “America/New_York”.")
    found = local.replace(tzinfo=ZoneInfo(zone), fold=int(second)).astimezone(UTC)
    back = found.astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0)
    if back != local.replace(fold=0):
        raise NoSuchTime(
            f"{local:%H:%M} does not exist in {zone} on {local:%B %-d, %Y}: clocks go forward that night. "
            f"Choose {back:%H:%M}, or a time before the change."
        )
    return found


def typed(local: datetime, zone: str, which: str = "") -> datetime:
    """Return the instant that was typed as `local` (naive), and as `which` of two where clocks go back: “PDT”, “PST”.

    Raises NoSuchTime where there is no such time, or two of them and `which` names neither.
    """
    both = {offset_name(found.astimezone(ZoneInfo(zone))): found for found in _both(local, zone)}
    if which and which not in both:
        raise NoSuchTime(
            f"“{which}” is not the time zone of {zone} then. Enter the time alone, such as “{local:%H:%M}”."
        )
    if len(both) == 1 or which:
        return both[which] if which else next(iter(both.values()))
    first, second = both
    raise NoSuchTime(
        f"{local:%H:%M} happens twice in {zone} on {local:%B %-d, %Y}: clocks go back. "
        f"Enter “{local:%H:%M} {first}” for the first or “{local:%H:%M} {second}” for the second."
    )


def _both(local: datetime, zone: str) -> list[datetime]:
    twice = (False, True) if happens_twice(local, zone) else (False,)
    return [instant(local, zone, second=second) for second in twice]


def happens_twice(local: datetime, zone: str) -> bool:
    """Return True if clocks show this time twice, an hour apart."""
    there = local.replace(tzinfo=ZoneInfo(zone))
    offset, other = there.replace(fold=0).utcoffset(), there.replace(fold=1).utcoffset()
    return offset is not None and other is not None and offset > other


def day_begins(day: date, zone: tzinfo) -> datetime:
    """Return the first instant of a day: “from December 1”."""
    try:
        return datetime.combine(day, time(), zone).astimezone(UTC)
    except OverflowError:
        return datetime.combine(day, time(), UTC)


def day_ends(day: date, zone: tzinfo) -> datetime:
    """Return the first instant after a day. “Until December 1” lasts to the end of that day, whoever writes it."""
    return day_begins(day + timedelta(days=1), zone) if day < date.max else datetime.max.replace(tzinfo=UTC)


def say(when: datetime, zone: tzinfo) -> str:
    """Return an instant for a sentence, “November 30, 2026, 11:59 PM PST”."""
    there = local(when, zone)
    return f"{there:%B %-d, %Y, %-I:%M %p} {offset_name(there)}"


def brief(when: datetime, zone: tzinfo, now: datetime) -> str:
    """Return an instant as people say it at `now`: “Dec 3, 6:00 PM PT”, without the day if it is today."""
    there, today = local(when, zone), local(now, zone)
    year = f", {there:%Y}" if there.year != today.year else ""
    day = "" if there.date() == today.date() else f"{there:%b %-d}{year}, "
    return f"{day}{there:%-I:%M %p} {_spoken(there, zone)}"


def _spoken(there: datetime, zone: tzinfo) -> str:
    """Return “PT” for “PST” and “PDT”: in North America nobody says which."""
    name = offset_name(there)
    return f"{name[0]}T" if str(zone).startswith("America/") and re.fullmatch("[ECMP][SD]T", name) else name


def say_day(when: datetime, zone: tzinfo) -> str:
    """Return the day of an instant for a sentence, “November 30, 2026”."""
    return f"{local(when, zone):%B %-d, %Y}"


def local(when: datetime, zone: tzinfo) -> datetime:
    """Return the instant as clocks show it, in UTC where that is beyond the years we count."""
    try:
        return when.astimezone(zone)
    except OverflowError:
        return when


def offset_name(there: datetime) -> str:
    """Return “PST” or, where the zone has no letters, “UTC+05:45”."""
    name = there.tzname() or "UTC"
    offset = f"{there:%z}"
    return name if name.isalpha() else f"UTC{offset[:3]}:{offset[3:5]}"


def elsewhere(when: datetime, *zones: str) -> list[str]:
    """Return the instant as clocks show it in each of these zones and in two more, each zone once."""
    wanted = list(dict.fromkeys(zone for zone in zones if zone))
    wanted += [zone for zone in ALSO if zone not in wanted][:2]
    return [f"{when.astimezone(ZoneInfo(zone)):%a, %b %-d, %Y, %-I:%M %p} {city(zone)}" for zone in wanted]


def city(zone: str) -> str:
    return zone.rpartition("/")[2].replace("_", " ")
