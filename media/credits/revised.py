"""Rows that other processes see change at the price of one sum: every change draws a new number."""

import random
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import models


def drawn() -> int:
    return random.getrandbits(31)


class RevisedQuerySet(models.QuerySet[Any]):
    def update(self, **values: Any) -> int:
        return super().update(**{"revision": drawn()} | values)

    update.alters_data = True  # type: ignore[attr-defined]


class Revised(models.Model):
    """A row whose table tells by count, sum of revisions and highest key whether anything in it is another than before.

    Counted alone, a change of name would not be seen; by the clock, one that a slower transaction commits later.
    """

    revision = models.PositiveIntegerField(default=drawn, db_default=0, editable=False)

    class Meta:
        abstract = True

    def save(self, *args: Any, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
        self.revision = drawn()
        wanted = None if update_fields is None else {*update_fields, "revision"}
        super().save(*args, update_fields=wanted, **kwargs)


States = dict[str, tuple[int, int, int]]


def states(tables: Sequence[type[Revised]]) -> States:
    """Return (rows, sum of revisions, highest key) of each table by its name, in one statement."""
    first, *others = [
        table._base_manager.order_by()
        .values(table=models.Value(table.__name__))
        .annotate(rows=models.Count("pk"), revisions=models.Sum("revision"), last=models.Max("pk"))
        .values_list("table", "rows", "revisions", "last")
        for table in tables
    ]
    return {name: (rows, revisions or 0, last or 0) for name, rows, revisions, last in first.union(*others, all=True)}
