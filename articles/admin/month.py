"""The month beside the day: a table of weeks, with how much happens on each day."""

from calendar import Calendar
from collections.abc import Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR
from django.utils.formats import date_format, get_format

from media.counted import counted

if TYPE_CHECKING:
    from .day import Asked


def days_of(first: date) -> list[date]:
    """Return the days of the weeks that a month is in."""
    return [day for week in _weeks(first) for day in week]


def _weeks(first: date) -> list[list[date]]:
    # Django counts from Sunday, Python from Monday.
    return Calendar((get_format("FIRST_DAY_OF_WEEK") - 1) % 7).monthdatescalendar(first.year, first.month)


def table(asked: "Asked", today: date, counts: Mapping[date, tuple[int, bool]]) -> dict[str, Any]:
    """Return the month as the template shows it: its name, the weekdays, and a cell for each day."""
    weeks = _weeks(asked.month)
    # One day of the grid can be reached with Tab: the day shown, if the month has it.
    focus = asked.first if asked.first.replace(day=1) == asked.month else asked.month
    return {
        "name": date_format(asked.month, "F Y"),
        "heads": [(WEEKDAYS_ABBR[day.weekday()], WEEKDAYS[day.weekday()]) for day in weeks[0]],
        "weeks": [[_cell(asked, day, today, focus, *counts[day]) for day in week] for week in weeks],
        "before": asked.link(month=f"{asked.month - timedelta(days=1):%Y-%m}"),
        "after": asked.link(month=f"{asked.month + timedelta(days=31):%Y-%m}"),
    }


def _cell(asked: "Asked", day: date, today: date, focus: date, count: int, is_counted: bool) -> dict[str, Any]:
    says = "nothing" if not count else counted(count, "entry", "entries") if is_counted else f"more than {count}"
    return {
        "date": day, "url": asked.link(date=f"{day}"), "is_today": day == today, "is_shown": day in asked.days(),
        "is_other": day.month != asked.month.month, "tab": 0 if day == focus else -1,
        "count": count if is_counted else f"{count}+", "says": f"{date_format(day, 'l, F j')}: {says}",
    }  # fmt: skip
