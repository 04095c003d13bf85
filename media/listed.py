"""Rows that hang on others, as plain lists: what a batch loads to render it, and nobody changes.

`prefetch_related` makes a queryset for every row it serves, which costs more than the rows themselves.
"""

from collections.abc import Iterable
from typing import Any

from django.db.models import Model, Prefetch, QuerySet


def listed(path: str, queryset: QuerySet | None = None) -> Prefetch:
    """Load the rows at the end of this path as lists, for `rows_of`."""
    return Prefetch(path, queryset=queryset, to_attr=_name(path.rpartition("__")[2]))


def rows_of(row: Model, name: str) -> Iterable[Any]:
    """Return what hangs on a row by this relation: the list where one was loaded, else what the database has."""
    found = row.__dict__.get(_name(name))
    return getattr(row, name).all() if found is None else found


def _name(relation: str) -> str:
    return f"listed_{relation}"
