"""What a release leaves behind, so that the next one is held to it: `python -m tests.releases`, once for each database.

tests/data/releases/<version>/ has, of the version that cms says it is:
house.json       the rows of a small house as dumpdata writes them: that of the release before, brought up to date;
schema.json      its OpenAPI description, which tests/test_contract.py holds later ones to;
answers.json     its secrets, files and migrations, and what it answered when it stopped and at one o'clock;
statements.….json what its readers asked a database of that kind.
tests/test_upgrade.py and tests/test_last_release.py go on from there.
"""

import json
import os
import subprocess
import sys
import tempfile
from base64 import b64decode
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

FOLDER = Path(__file__).parent / "data" / "releases"
ONE = datetime(2026, 6, 1, 13, tzinfo=UTC)
STORY = "/api/v1/articles/mara-okonjo-returns-to-the-red-carpet/"
NEW_READS = [
    "/api/v1/articles/?channel=app", "/api/v1/articles/?kind=news&locale=en-US",
    "/api/v1/articles/?tag=festival-season", "/api/v1/articles/?author=june-castellane", "/api/v1/authors/",
    "/api/v1/articles/?work=the-glass-orchard", "/api/v1/articles/?published_after=2026-05-01", "/api/v1/works/",
    "/api/v1/tags/", f"{STORY}?channel=newsletter", f"{STORY}?expand=people,works", "/api/v1/people/mara-okonjo/?channel=app",
    "/api/v1/sections/film/",
]  # fmt: skip
"""Reads that the release before was not asked for."""
NOT_KEPT = ["contenttypes", "auth.permission", "articles.searchentry"]
"""What migrations make, and each database's own index of words."""
SEARCHES = [
    "/api/v1/articles/?q=carpet",
    "/api/v1/search/?q=carpet",
    "/api/v1/search/?q=okonjo",
    "/api/v1/search/?q=mara&kind=news",
]


def newest() -> Path:
    """Return the folder of the last release."""
    return max(FOLDER.iterdir(), key=lambda folder: [int(number) for number in folder.name.split(".")])


def read(name: str) -> Any:
    return json.loads((newest() / name).read_text())


def unreleased() -> str:
    """Return what CHANGELOG.md says of the version to come."""
    return (FOLDER.parents[2] / "CHANGELOG.md").read_text().partition("\n## ")[2].partition("\n## ")[0]


# Rows


def move_in() -> None:
    """Take the rows and files of the last release's house in place of what today's migrations brought."""
    from django.contrib.auth.models import Group
    from django.core.files.base import ContentFile
    from django.core.files.storage import default_storage
    from django.core.management import call_command

    from media.models import Agency, AgencyAlias

    for model in (AgencyAlias, Agency):
        model.objects.all()._raw_delete(using="default")
    Group.objects.all().delete()
    call_command("loaddata", newest() / "house.json", verbosity=0)
    for name, content in read("answers.json")["files"].items():
        default_storage.save(name, ContentFile(b64decode(content)))


def insert_rows(apps: Any) -> None:
    """Put the rows of the house into the tables of then. What joins many to many is not read by any reader: left out."""
    from django.db import transaction

    rows = [row for row in read("house.json") if row["model"].partition(".")[0] in ("media", "articles")]
    users = [row for row in read("house.json") if row["model"] == "auth.user"]
    numbers = {row["fields"]["username"]: row["pk"] for row in users}
    with transaction.atomic():
        for name in ("AgencyAlias", "Agency"):
            apps.get_model("media", name).objects.all()._raw_delete(using="default")
        for row in (*users, *rows):
            table = apps.get_model(row["model"])
            table._base_manager.bulk_create([made(table, row, numbers)])


def made(table: Any, row: dict, users: dict[str, int]) -> Any:
    """Return a row of a table of then; colleagues are named in it."""
    values = {table._meta.pk.attname: table._meta.pk.to_python(row["pk"])}
    for field in table._meta.concrete_fields:
        if field.name in row["fields"]:
            target, value = field.target_field if field.is_relation else field, row["fields"][field.name]
            values[field.attname] = target.to_python(
                users[value[0]] if value and field.is_relation and isinstance(value, list) else value
            )
    return table(**values)


# Statements


@contextmanager
def listening(found: dict[str, Any]) -> Iterator[None]:
    """Keep each statement that is asked meanwhile, with the values it was asked with first."""
    from django.db import connection

    def keep(execute, sql, params, many, context):
        if sql.lstrip("( ").upper().startswith(("SELECT", "WITH")):
            found.setdefault(sql, params)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(keep):
        yield


def written(value: Any) -> Any:
    """Return a statement's value as JSON can hold it. Raises TypeError for one of another type."""
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, datetime):
        return {"instant": value.isoformat()}
    if isinstance(value, UUID):
        return {"uuid": value.hex}
    if isinstance(value, dict):
        return {"named": {name: written(each) for name, each in value.items()}}
    if isinstance(value, list | tuple):
        return [written(each) for each in value]
    if isinstance(value, Jsonb):
        return {"json": value.obj}
    raise TypeError(f"A statement holds a {type(value).__name__}: say in tests/releases.py how it is kept.")


def given(value: Any) -> Any:
    """Return what `written` was given; a tuple is a list now."""
    if isinstance(value, list):
        return [given(each) for each in value]
    if not isinstance(value, dict):
        return value
    ((kind, kept),) = value.items()
    if kind == "named":
        return {name: given(each) for name, each in kept.items()}
    return {"instant": datetime.fromisoformat, "uuid": UUID, "json": Jsonb}[kind](kept)


def asked_again() -> list[list[list[str]]]:
    """Return the rows of every statement of the last release's readers, in its words. Raises DatabaseError."""
    from django.db import connection

    found = []
    for sql, values in read(f"statements.{connection.vendor}.json").items():
        with connection.cursor() as cursor:
            cursor.execute(sql, given(values))
            found.append(sorted([str(value) for value in row] for row in cursor.fetchall()))
    return found


# A release


def record() -> None:
    """Write what the tests of the next releases need; the house itself on SQLite only."""
    import time_machine
    from django.db import connection

    import cms
    from cms import api

    before = read("answers.json")
    stopped = datetime.fromisoformat(before["recorded_at"])
    folder = FOLDER / cms.__version__
    statements: dict[str, Any] = {}
    with time_machine.travel(stopped, tick=False) as clock:
        house, rows = bring_up_to_date(before), dumped()
        with listening(statements):
            house["answers"] = answers([*dict.fromkeys([*before["answers"], *NEW_READS])])
            answers(SEARCHES)
        clock.move_to(ONE)
        house["answers_at_one"] = answers(before["answers_at_one"])
    folder.mkdir(parents=True, exist_ok=True)
    kept = {sql: written(values) for sql, values in statements.items()}
    (folder / f"statements.{connection.vendor}.json").write_text(json.dumps(kept, indent=1) + "\n")
    if connection.vendor == "sqlite":
        (folder / "house.json").write_text(rows)
        described = json.loads(api.schema())
        (folder / "schema.json").write_text(json.dumps(described, indent=1, ensure_ascii=False) + "\n")
        (folder / "answers.json").write_text(json.dumps(house, indent=1) + "\n")


def bring_up_to_date(house: dict) -> dict:
    from django.core.management import call_command
    from django.db.migrations.loader import MigrationLoader

    from media.models import Site
    from media.rights.decision import PAGE_CHANNELS, USUAL_CHANNELS

    move_in()
    site = Site.objects.get()
    site.channels = [*dict.fromkeys([*USUAL_CHANNELS, *PAGE_CHANNELS])]
    site.save()
    call_command("rebuild_live", "--all", verbosity=0)
    names = sorted(MigrationLoader(None).graph.leaf_nodes())
    return house | {"migrations": [".".join(each) for each in names]}


def dumped() -> str:
    """Return every row as JSON, a line each, in an order in which they can be loaded."""
    from io import StringIO

    from django.core.management import call_command

    out = StringIO()
    call_command("dumpdata", "--natural-foreign", exclude=NOT_KEPT, stdout=out)
    return "[\n" + ",\n".join(json.dumps(row) for row in json.loads(out.getvalue())) + "\n]\n"


def answers(paths: Iterable[str]) -> dict[str, dict]:
    """Return by address what a reader is answered: status, address to go to, etag, text."""
    from django.test import Client

    found = {}
    for path in paths:
        answer = Client(SERVER_NAME="localhost").get(path)
        named = {name: answer.headers.get(name.capitalize()) for name in ("location", "etag")}
        found[path] = named | {"status": answer.status_code, "body": answer.content.decode()}
    return found


def main() -> None:
    """Record in a house of its own, with the secrets of the one before."""
    from .own_house import environment, manage

    url, name = os.environ.get("DATABASE_URL", ""), f"release_{os.getpid()}"
    with tempfile.TemporaryDirectory() as folder:
        if url:
            subprocess.run(["createdb", name], check=True)
            url = f"postgres:///{name}"
        env = environment(Path(folder), url) | {
            "SECRET_KEY": read("answers.json")["secret_key"], "PUBLIC_URL": "https://cms.example.com",
            "ALLOWED_HOSTS": "localhost", "MARQUEE_RECORDS": "1",
        }  # fmt: skip
        try:
            manage(env, "migrate", "-v0")
            subprocess.run([sys.executable, "-m", "tests.releases"], env=env, check=True)
        finally:
            if url:
                subprocess.run(["dropdb", "--force", name], check=True)


if __name__ == "__main__":
    if "MARQUEE_RECORDS" in os.environ:
        import django

        django.setup()
        record()
    else:
        main()
