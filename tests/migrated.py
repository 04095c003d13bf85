"""A migrated and otherwise empty database, kept between runs: copying it takes no time, migrating a dozen seconds.

What is kept carries the digest of all that migrations are made of, so a changed migration is run. `migrate` runs on a
copy as on any database: it finds nothing left to do.
"""

import os
import re
import sqlite3
from contextlib import closing, contextmanager, suppress
from functools import cache
from hashlib import sha256
from pathlib import Path

import django
from django.core.management.commands import migrate
from django.db import OperationalError, ProgrammingError

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "var" / "tests"
_IMPORTED = re.compile(rb"^\s*(?:from|import) ((?:articles|media|cms)[\w.]*)", re.MULTILINE)


@cache
def digest() -> str:
    """Return 16 hexadecimal digits that change with a migration, with what one imports, and with Django."""
    migrations = sorted(ROOT.glob("*/migrations/*.py"))
    names = {name.decode() for path in migrations for name in _IMPORTED.findall(path.read_bytes())}
    imported = sorted(ROOT / f"{name.replace('.', '/')}.py" for name in names)
    taken = sha256(django.__version__.encode())
    for path in migrations + [path for path in imported if path.exists()]:
        taken.update(path.name.encode() + path.read_bytes())
    return taken.hexdigest()[:16]


def kept_file() -> Path:
    """Return where the migrated SQLite file is kept, or will be."""
    return FOLDER / f"{digest()}.sqlite3"


def kept_name() -> str:
    """Return the name of the migrated PostgreSQL database that is kept, or will be."""
    return f"migrated_{digest()}"


@contextmanager
def copies(connection):
    """Let the test database of this connection begin with what is kept, and keep what `migrate` makes of it."""
    begin, keep = (fill_file, keep_file) if connection.vendor == "sqlite" else (nothing, keep_database)
    if connection.vendor == "postgresql" and is_kept(connection):
        connection.settings_dict["TEST"]["TEMPLATE"] = kept_name()
    handle = migrate.Command.handle

    def migrated(self, *args, **options):
        begin(connection)
        handle(self, *args, **options)
        keep(connection)

    migrate.Command.handle = migrated
    try:
        yield
    finally:
        migrate.Command.handle = handle


def nothing(connection) -> None:
    """PostgreSQL has copied already: what is kept was the template of the database."""


def fill_file(connection) -> None:
    connection.ensure_connection()
    copy_into(connection.connection)


def copy_into(target: sqlite3.Connection) -> bool:
    """Copy what is kept into this SQLite database, and tell whether something is kept."""
    if not kept_file().exists():
        return False
    with closing(sqlite3.connect(kept_file())) as kept:
        kept.backup(target)
    return True


def keep_file(connection) -> None:
    """Keep the SQLite database of this connection. The file is whole from the first moment it is there."""
    if kept_file().exists():
        return
    FOLDER.mkdir(parents=True, exist_ok=True)
    for old in FOLDER.glob("*.sqlite3"):
        old.unlink(missing_ok=True)
    made = FOLDER / f"made by {os.getpid()}"
    made.unlink(missing_ok=True)
    with closing(sqlite3.connect(made)) as kept:
        connection.connection.backup(kept)
    made.replace(kept_file())


def is_kept(connection) -> bool:
    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [kept_name()])
        return cursor.fetchone() is not None


def keep_database(connection) -> None:
    """Keep a copy of the PostgreSQL database of this connection, and drop those of other migrations."""
    if is_kept(connection):
        return
    connection.close()
    made = f"{kept_name()}_{os.getpid()}"
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'CREATE DATABASE {made} TEMPLATE "{connection.settings_dict["NAME"]}"')
        cursor.execute("SELECT datname FROM pg_database WHERE datname ~ '^migrated_[0-9a-f]{16}$'")
        for (old,) in cursor.fetchall():
            with suppress(OperationalError):  # It is being copied.
                cursor.execute(f"DROP DATABASE IF EXISTS {old}")
        try:
            cursor.execute(f"ALTER DATABASE {made} RENAME TO {kept_name()}")
        except ProgrammingError:  # Another process was first.
            cursor.execute(f"DROP DATABASE {made}")
