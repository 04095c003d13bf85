"""Inserts many rows of one model: with `COPY` on PostgreSQL, a third of the cost of INSERT, elsewhere with `bulk_create`.

Django passes texts to PostgreSQL as arrays and escapes every quotation mark in Python. For documents, which are JSON,
that costs more than rendering them.
"""

from collections.abc import Iterable, Sequence

from django.db import connection
from django.db.models import AutoField, Field, Model

FEW = 20
# psycopg writes these as they are; all others go through the field, which may clean or convert them.
AS_THEY_ARE = {"BigAutoField", "BigIntegerField", "BooleanField", "CharField", "DateTimeField", "PositiveIntegerField"} | {
    "PositiveSmallIntegerField", "TextField", "UUIDField",
}  # fmt: skip


def insert(rows: Iterable[Model], *, keyed: bool = False) -> list:
    """Insert new rows and return them; with `keyed` their keys are set."""
    rows = list(rows)
    if connection.vendor != "postgresql" or len(rows) < FEW:
        return type(rows[0])._default_manager.bulk_create(rows, batch_size=2000) if rows else []
    if keyed and isinstance(rows[0]._meta.pk, AutoField):
        _number(rows)
    fields = [field for field in rows[0]._meta.concrete_fields if not (field.primary_key and rows[0].pk is None)]
    names = [field.attname for field in fields]
    _copy(type(rows[0]), fields, ([getattr(row, name) for name in names] for row in rows))
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias
    return rows


def insert_values(model: type[Model], names: Sequence[str], values: Iterable[Sequence]) -> None:
    """Insert new rows given as values of these fields. Not building model instances halves the cost."""
    values = list(values)
    if connection.vendor != "postgresql" or len(values) < FEW:
        insert(model(**dict(zip(names, each, strict=True))) for each in values)
    else:
        fields = {field.attname: field for field in model._meta.concrete_fields}
        _copy(model, [fields[name] for name in names], map(list, values))


def _number(rows: list) -> None:
    """Set the keys of rows from their sequence."""
    meta = rows[0]._meta
    with connection.cursor() as cursor:
        sequence = "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)"
        cursor.execute(sequence, [meta.db_table, meta.pk.column, len(rows)])
        for row, (key,) in zip(rows, cursor.fetchall(), strict=True):
            row.pk = key


def _copy(model: type[Model], fields: list[Field], rows: Iterable[list]) -> None:
    cleaned = [(n, field) for n, field in enumerate(fields) if _column_type(field) not in AS_THEY_ARE]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    with connection.cursor() as cursor, cursor.copy(f'COPY "{model._meta.db_table}" ({columns}) FROM STDIN') as copy:
        for values in rows:
            for n, field in cleaned:
                values[n] = field.get_db_prep_save(values[n], connection)
            copy.write_row(values)


def _column_type(field: Field) -> str:
    return (field.target_field if field.is_relation else field).get_internal_type()
