"""Querysets compiled once for every shape of a question, and asked with other values from then on.

Compiling a queryset costs ten times what a reader's statement costs the database. A shape is the queryset built with
stand-ins in place of values; whoever asks brings the values in the order in which the stand-ins were handed out.

On PostgreSQL planning such a statement costs several times what running it does, so that each connection has it
planned once (docs/decisions/0013). Only what depends on no value is written into it: partial indexes ask for that.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import DatabaseError, InterfaceError, NotSupportedError, OperationalError, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import QuerySet, UUIDField

NOBODYS_INSTANT = datetime(1800, 1, 1, tzinfo=UTC)


class StandIns:
    """Hands out a stand-in for each value of a question: the same ones in the same order, whatever the values are."""

    def __init__(self) -> None:
        self.values: list = []

    def __call__(self, value: Any) -> Any:
        if value is None:
            return None
        self.values.append(value)
        return stand_in(type(value), len(self.values))


def stand_in(kind: type, number: int) -> datetime | UUID | str:
    """Return the value of this type that stands for the one of this number; no real question uses it."""
    if issubclass(kind, datetime):
        return NOBODYS_INSTANT + timedelta(seconds=number)
    if issubclass(kind, UUID):
        return UUID(int=number)
    if issubclass(kind, str):
        return f"\x01{number}"
    raise TypeError(f"A {kind.__name__} can have no stand-in; it belongs to the shape.")


class Prepared:
    """A queryset of value lists in its compiled form, whose rows are fetched for any values of its shape.

    `one_plan` says that one and the same plan serves all values well.
    """

    def __init__(self, queryset: QuerySet, count: int, one_plan: bool) -> None:
        connection = connections[queryset.db]
        compiler = queryset.query.get_compiler(connection=connection)
        try:
            self.sql, given = compiler.as_sql()
        except EmptyResultSet:
            self.sql, given = "", ()
        places = {
            adapted(stand_in(kind, number), connection): number - 1
            for number in range(1, count + 1)
            for kind in (datetime, UUID, str)
        }
        self.params = [(places.get(param), param) for param in given]
        self.is_planned_once = one_plan and keeps_plans(connection)
        if self.is_planned_once:
            self.sql = with_names(self.sql, self.params, connection)
        self.converters: list[tuple[int, list[Callable], Any]] = []
        if self.sql:
            fields = [column for column, *_ in compiler.select[: compiler.col_count]]
            self.converters = [(at, calls, field) for at, (calls, field) in compiler.get_converters(fields).items()]

    def rows(self, values: Sequence, using: str) -> list[Sequence]:
        """Return what the queryset would, were it built with these values, as the database gives it."""
        if not self.sql:
            return []
        connection = connections[using]
        ready = [adapted(value, connection) for value in values]
        if self.is_planned_once:
            return fetched(connection, self.sql, {f"v{at}": value for at, value in enumerate(ready)}, planning_cursor)
        return fetched(connection, self.sql, [param if at is None else ready[at] for at, param in self.params])

    def converted(self, rows: Iterable[Sequence], using: str, *columns: int) -> list[list]:
        """Return rows with Python's values in these columns, or in all. What many rows share is converted once."""
        found = [list(row) for row in rows]
        for place, calls, field in self.converters:
            known = {None: None}
            for row in found if place in columns or not columns else ():
                value = row[place]
                if value not in known:
                    known[value] = self._converted(value, calls, field, connections[using])
                row[place] = known[value]
        return found

    def _converted(self, value: Any, calls: list[Callable], field: Any, connection: Any) -> Any:
        for call in calls:
            value = call(value, field, connection)
        return value


def adapted(value: Any, connection: Any) -> Any:
    """Return a value as this database's statements take it."""
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    return UUIDField().get_db_prep_value(value, connection) if isinstance(value, UUID) else value


def keeps_plans(connection: Any) -> bool:
    """Return True if a connection may keep plans: behind a pooler the next statement may meet another server process."""
    return connection.settings_dict["OPTIONS"].get("prepare_threshold") is not None


def with_names(sql: str, params: list[tuple[int | None, Any]], connection: Any) -> str:
    """Return a statement with its constants written in, and with a name in place of each value."""
    texts = iter(sql.split("%s"))
    found = next(texts)
    for (at, param), text in zip(params, texts, strict=True):
        literal = connection.ops.compose_sql("%s", [param]).replace("%", "%%") if at is None else f"%(v{at})s"
        found += literal + text
    return found


def planning_cursor(connection: Any) -> Any:
    """Return a cursor for statements that stay planned on this connection: one for all of them, kept with it.

    Instants are read by psycopg itself, in UTC as the connection is; Django's reader of them is Python for each value.
    """
    connection.ensure_connection()
    kept = getattr(connection, "planning_cursor", None)
    if kept is None or kept.connection is not connection.connection:
        kept = connection.planning_cursor = _new_planning_cursor(connection.connection)
    return connection._prepare_cursor(kept)


def _new_planning_cursor(connection: Any) -> Any:
    # Both need psycopg, which an installation on SQLite may lack.
    from django.db.backends.postgresql.base import ServerBindingCursor  # noqa: PLC0415
    from psycopg.types.datetime import TimestamptzLoader  # noqa: PLC0415

    cursor = ServerBindingCursor(connection)  # type: ignore[call-arg]
    cursor.adapters.register_loader("timestamptz", TimestamptzLoader)  # type: ignore[attr-defined]
    return cursor


def fetched(connection: Any, sql: str, params: list | dict, cursor: Callable = BaseDatabaseWrapper.cursor) -> list:
    """Return the rows of a reader's statement.

    Trying a kept connection out beforehand would be a second statement; one that proves dead, or whose plans a
    migration has overtaken, is replaced instead.
    """
    connection.health_check_done = True
    try:
        return executed(cursor(connection), sql, params)
    except (OperationalError, InterfaceError, NotSupportedError) as error:
        if connection.in_atomic_block or (is_alive(connection) and not isinstance(error, NotSupportedError)):
            raise
        connection.close()
        return executed(cursor(connection), sql, params)


def executed(cursor: Any, sql: str, params: list | dict) -> list:
    cursor.execute(sql, params)
    return cursor.fetchall()


def is_alive(connection: Any) -> bool:
    try:
        return connection.is_usable()
    except DatabaseError:
        return False
