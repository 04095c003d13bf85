"""The first rows of many spans of time by one statement, which reads no more rows than it gives."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from django.db import connections
from django.db.backends.base.operations import BaseDatabaseOperations
from django.db.models import QuerySet

Span = tuple[datetime, datetime]
"""From an instant to another, which is not in it any more."""

Asked = tuple[str, list[Any]]
"""A statement with its parameters."""

# They stand in the statement for the two ends of a span; no row has such a moment.
BEGINS, ENDS = datetime(1, 1, 2, tzinfo=UTC), datetime(1, 1, 3, tzinfo=UTC)


def first_of_each(rows: QuerySet, moment: str, spans: Sequence[Span], most: int) -> list[list[tuple[Any, Any]]]:
    """Return (moment, key) of the rows in each span, at most so many each, in order.

    Moments are as the database writes them: of one database they can be compared.
    """
    connection = connections[rows.db]
    within = rows.filter(**{f"{moment}__gte": BEGINS, f"{moment}__lt": ENDS})
    sql, given = within.order_by(moment, "pk").values_list(moment, "pk")[:most].query.sql_with_params()
    asked = (_beside if connection.vendor == "postgresql" else _one_by_one)(sql, given, spans, connection.ops)
    found: list[list[tuple[Any, Any]]] = [[] for _ in spans]
    as_key = rows.model._meta.pk.to_python
    with connection.cursor() as cursor:
        cursor.execute(*asked)
        for span, at, key in cursor.fetchall():
            found[span].append((at, as_key(key)))
    return [sorted(each) for each in found]


# What was typed is among the parameters of both.


def _one_by_one(sql: str, given: Sequence[Any], spans: Sequence[Span], ops: BaseDatabaseOperations) -> Asked:
    as_written = ops.adapt_datetimefield_value
    asked: list[Any] = []
    for begins, ends in spans:
        instead = {as_written(BEGINS): as_written(begins), as_written(ENDS): as_written(ends)}
        asked += [instead.get(value, value) for value in given]
    parts = [f"SELECT {number} AS span, day{number}.* FROM ({sql}) day{number}" for number in range(len(spans))]  # noqa: S608
    return " UNION ALL ".join(parts), asked


def _beside(sql: str, given: Sequence[Any], spans: Sequence[Span], ops: BaseDatabaseOperations) -> Asked:
    """Name the question once: PostgreSQL plans each copy of it anew, which takes far longer than to answer them all."""
    names = {ops.adapt_datetimefield_value(BEGINS): "span.begins", ops.adapt_datetimefield_value(ENDS): "span.ends"}
    pieces = sql.split("%s")
    once = pieces[0] + "".join(names.get(value, "%s") + piece for value, piece in zip(given, pieces[1:], strict=True))
    table = ", ".join(f"({number}, %s::timestamptz, %s::timestamptz)" for number in range(len(spans)))
    asked = (
        f"SELECT span.number, day.* FROM (VALUES {table}) span(number, begins, ends) CROSS JOIN LATERAL ({once}) day"  # noqa: S608
    )
    moments = [ops.adapt_datetimefield_value(moment) for span in spans for moment in span]
    return asked, [*moments, *(value for value in given if value not in names)]
