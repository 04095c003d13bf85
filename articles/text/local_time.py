"""Instants as editors write them: a date, a time and a zone. Pure.

Each year one hour is skipped and one happens twice. Both are reported, never guessed.
"""

from datetime import UTC, datetime
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
    """The time does not exist in that zone; `str()` is a sentence for the editor."""


def instant(local: datetime, zone: str, *, second: bool = False) -> datetime:
    """Return the instant in UTC that a wall clock shows as `local` (naive). `second` takes the second of two.

    Raises NoSuchTime for an hour that clocks skip, and for a zone that does not exist.
    """
    if zone not in available_timezones():
        raise NoSuchTime(f"“{zone}” is not a time zone. Choose one, such as “America/New_York”.")
    there = local.replace(tzinfo=ZoneInfo(zone), fold=int(second))
    found = there.astimezone(UTC)
    back = found.astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0)
    if back != local.replace(fold=0):
        raise NoSuchTime(
            f"{local:%H:%M} does not exist in {zone} on {local:%-d %B %Y}: clocks go forward that night. "
            f"Choose {back:%H:%M}, or a time before the change."
        )
    return found


def happens_twice(local: datetime, zone: str) -> bool:
    """Return True if clocks show this time twice, an hour apart."""
    there = local.replace(tzinfo=ZoneInfo(zone))
    return there.replace(fold=0).utcoffset() != there.replace(fold=1).utcoffset()


def elsewhere(when: datetime, *zones: str) -> list[str]:
    """Return the instant as clocks show it in each of these zones and in two more, each zone once."""
    wanted = list(dict.fromkeys(zone for zone in zones if zone))
    wanted += [zone for zone in ALSO if zone not in wanted][:2]
    return [f"{when.astimezone(ZoneInfo(zone)):%a %-d %b %Y, %H:%M} {city(zone)}" for zone in wanted]


def city(zone: str) -> str:
    return zone.rpartition("/")[2].replace("_", " ")
