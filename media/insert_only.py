"""Rows that are written once: refused by the ORM, and by a trigger on both databases.

The one way past both is a Pause row, which sealing a story or erasing a name makes and removes within its own
transaction; no other transaction ever sees it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

from django.core.exceptions import ValidationError
from django.db import connection, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState


class Pause(models.Model):
    """Exists only inside the transaction that seals a story or erases a name."""

    reason = models.CharField(max_length=300)

    class Meta:
        app_label = "media"

    def __str__(self) -> str:
        return self.reason

    @classmethod
    @contextmanager
    def taken(cls, reason: str) -> Iterator[None]:
        """Let rows that are written once be changed until the block ends. Call it first in a transaction.

        One transaction at a time does so: two would lock the same log entries in different orders.
        """
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(f'LOCK TABLE "{cls._meta.db_table}" IN EXCLUSIVE MODE')
        pause = cls.objects.create(reason=reason)
        yield
        pause.delete()


class InsertOnlyQuerySet(models.QuerySet):
    def update(self, **changes: Any) -> NoReturn:
        raise ValidationError(
            f"{self.model._meta.verbose_name_plural.capitalize()} are written once and never changed."
        )

    def delete(self) -> NoReturn:
        raise ValidationError(
            f"{self.model._meta.verbose_name_plural.capitalize()} are written once and never deleted."
        )

    def bulk_update(self, *args: Any, **kwargs: Any) -> NoReturn:
        self.update()

    def change_sealed(self, **changes: Any) -> int:
        """Change rows past the guard; the trigger still asks for a Pause in the same transaction."""
        return super().update(**changes)


class InsertOnlyModel(models.Model):
    """Insert-only: save() refuses a second time, delete() always."""

    objects = InsertOnlyQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise ValidationError(f"A {self._meta.verbose_name} is written once and never changed.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise ValidationError(f"A {self._meta.verbose_name} is written once and never deleted.")


class InsertOnly(Operation):
    """Migration operation: let a trigger refuse UPDATE and DELETE on a model's table.

    `once` names a column that may be set a single time, from NULL. Repeat the operation after every AlterField or
    AddField of the model: SQLite remakes the table then and drops its triggers silently.
    """

    reversible = True

    def __init__(self, model: str, once: str = "") -> None:
        self.model, self.once = model, once

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        pass

    def deconstruct(self) -> tuple[str, list[str], dict[str, str]]:
        return type(self).__name__, [self.model], {"once": self.once} if self.once else {}

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        model = to_state.apps.get_model(app_label, self.model)
        for sql in trigger_sql(schema_editor.connection.vendor, model, self.once):
            schema_editor.execute(sql, params=None)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        table = from_state.apps.get_model(app_label, self.model)._meta.db_table
        for sql in drop_sql(schema_editor.connection.vendor, table):
            schema_editor.execute(sql, params=None)

    def describe(self) -> str:
        return f"Let a trigger keep {self.model} insert-only"


def trigger_sql(vendor: str, model: type[models.Model], once: str) -> list[str]:
    """Return the statements that make the triggers, dropping earlier ones first."""
    table = model._meta.db_table
    columns = [field.column for field in model._meta.local_concrete_fields]
    return drop_sql(vendor, table) + (_postgresql if vendor == "postgresql" else _sqlite)(table, columns, once)


def drop_sql(vendor: str, table: str) -> list[str]:
    if vendor == "postgresql":
        return [
            f"DROP TRIGGER IF EXISTS {table}_insert_only ON {table}",
            f"DROP FUNCTION IF EXISTS {table}_insert_only()",
        ]
    return [f"DROP TRIGGER IF EXISTS {table}_no_{verb}" for verb in ("update", "delete")]


def _unchanged(columns: list[str], once: str, is_: str) -> str:
    """Return the condition under which an update is allowed: only `once` changes, and from NULL."""
    same = " AND ".join(f'NEW."{name}" {is_} OLD."{name}"' for name in columns if name != once)
    return f'(OLD."{once}" IS NULL AND NEW."{once}" IS NOT NULL AND {same})' if once else "(1 = 0)"


def _sqlite(table: str, columns: list[str], once: str) -> list[str]:
    allowed = _unchanged(columns, once, "IS")
    paused = "EXISTS (SELECT 1 FROM media_pause)"
    return [
        f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} WHEN NOT {allowed} AND NOT {paused} "
        f"BEGIN SELECT RAISE(ABORT, '{table} is insert-only'); END",
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} WHEN NOT {paused} "
        f"BEGIN SELECT RAISE(ABORT, '{table} is insert-only'); END",
    ]


def _postgresql(table: str, columns: list[str], once: str) -> list[str]:
    allowed = _unchanged(columns, once, "IS NOT DISTINCT FROM")
    return [
        f"""CREATE FUNCTION {table}_insert_only() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF EXISTS (SELECT 1 FROM media_pause) THEN
                    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
                END IF;
                IF TG_OP = 'UPDATE' THEN
                    IF {allowed} THEN RETURN NEW; END IF;
                END IF;
                RAISE EXCEPTION '{table} is insert-only' USING ERRCODE = 'integrity_constraint_violation';
            END $$""",
        f"CREATE TRIGGER {table}_insert_only BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {table}_insert_only()",
    ]
