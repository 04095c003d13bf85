"""Places that hold words, and how words are found and taken out there. Shared by sealing a story and erasing a name."""

import html
import json
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Q
from django.db.models.functions import Cast

from media.insert_only import InsertOnlyModel

Change = Callable[[str], str]


@dataclass(frozen=True)
class Place:
    """One place that holds words of a subject, a story or a name: what is blanked there, and what is kept and why."""

    name: str
    columns: tuple[str, ...]
    """The database columns with the words, as table.column."""
    rows: Callable[[Any], models.QuerySet]
    blanked: str = ""
    kept: str = ""
    blank: Callable[[Any, models.QuerySet, datetime], object] | None = None
    keeps: tuple[str, ...] = ()
    """The columns among them in which words may still be found afterwards."""


@dataclass(frozen=True)
class Left:
    """One place of a subject: how many rows it has there."""

    place: Place
    count: int


def left_in(places: Iterable[Place], subject: Any) -> list[Left]:
    return [Left(place, place.rows(subject).count()) for place in places]


def blanked_in(found: Iterable[Left]) -> str:
    """Return what the certificate says: every place that is blanked, with its number of entries."""
    return "; ".join(f"{left.place.name}: {left.count}" for left in found if left.count and left.place.blank)


def columns_of(model: type[models.Model], *names: str) -> tuple[str, ...]:
    return tuple(f"{model._meta.db_table}.{name}" for name in names)


def spellings(words: Iterable[str]) -> list[str]:
    """Return the words as they may be stored: in capitals, with curly quotes, in JSON, in HTML; the longest first.

    SQLite ignores the case of plain letters only.
    """
    found = {each for word in words for each in (word, word.upper())}
    found |= {each.replace("'", "’") for each in found} | {each.replace("’", "'") for each in found}
    found |= {stored for each in found for stored in (json.dumps(each)[1:-1], html.escape(each))}
    return sorted(found - {""}, key=lambda each: (-len(each), each))


def containing(rows: models.QuerySet, columns: Iterable[str], words: Collection[str]) -> models.QuerySet:
    """Return the rows with one of these words in one of these columns, which may be of JSON."""
    found = Q(pk__in=[])
    for name in columns:
        rows = rows.alias(**{f"{name}_as_text": Cast(name, models.TextField())})
        for word in words:
            found |= Q(**{f"{name}_as_text__icontains": word})
    return rows.filter(found)


def rewrite(rows: models.QuerySet, columns: Iterable[str], change: Change) -> None:
    """Change the texts in these columns, cut to what each holds. Rows that are written once need a Pause."""
    columns = tuple(columns)
    write = "change_sealed" if issubclass(rows.model, InsertOnlyModel) else "update"
    for row in rows.only("pk", *columns).order_by("pk"):
        values = {name: _changed(getattr(row, name), change) for name in columns}
        values = {
            name: value[: row._meta.get_field(name).max_length] if isinstance(value, str) else value
            for name, value in values.items()
            if value != getattr(row, name)
        }
        if values:
            getattr(rows.model.objects.filter(pk=row.pk), write)(**values)


def _changed(value: Any, change: Change) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, list):
        return [_changed(each, change) for each in value]
    if isinstance(value, dict):
        return {change(name): _changed(each, change) for name, each in value.items()}
    return value
