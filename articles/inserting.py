"""Many new rows of one model at once: `COPY` on PostgreSQL, which costs a third of an INSERT, `bulk_create` elsewhere.

Django hands texts to PostgreSQL as arrays, whose every quotation mark it escapes in Python: for documents, which are
JSON, that costs more than rendering them.
"""

from collections.abc import Iterable

from django.db import connection
from django.db.models import AutoField, Model

FEW = 20
# What psycopg writes as it stands; everything else goes through the field, which may clean or convert it.
AS_THEY_ARE = {"BigAutoField", "BigIntegerField", "BooleanField", "CharField", "DateTimeField", "PositiveIntegerField"} | {
    "PositiveSmallIntegerField", "TextField", "UUIDField",
}  # fmt: skip


def insert(rows: Iterable[Model], *, keyed: bool = False) -> list:
    """Insert rows that are new; with `keyed` they know their keys afterwards."""
    rows = list(rows)
    if connection.vendor != "postgresql" or len(rows) < FEW:
        return type(rows[0])._default_manager.bulk_create(rows, batch_size=2000) if rows else []
    if keyed and isinstance(rows[0]._meta.pk, AutoField):
        _number(rows)
    _copy(rows)
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias
    return rows


def _number(rows: list) -> None:
    """Draw the keys of rows from their sequence."""
    meta = rows[0]._meta
    with connection.cursor() as cursor:
        sequence = "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)"
        cursor.execute(sequence, [meta.db_table, meta.pk.column, len(rows)])
        for row, (key,) in zip(rows, cursor.fetchall(), strict=True):
            row.pk = key


def _copy(rows: list) -> None:
    meta = rows[0]._meta
    fields = [field for field in meta.concrete_fields if not (field.primary_key and rows[0].pk is None)]
    names = [field.attname for field in fields]
    cleaned = [(n, field) for n, field in enumerate(fields) if _column_type(field) not in AS_THEY_ARE]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    with connection.cursor() as cursor, cursor.copy(f'COPY "{meta.db_table}" ({columns}) FROM STDIN') as copy:
        for row in rows:
            values = [getattr(row, name) for name in names]
            for n, field in cleaned:
                values[n] = field.get_db_prep_save(values[n], connection)
            copy.write_row(values)


def _column_type(field) -> str:
    return (field.target_field if field.is_relation else field).get_internal_type()
