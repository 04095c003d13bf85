"""The last release goes on reading while migrations run, and after: its own statements are asked of the tables of today.

What it left lies in tests/data/releases (`python -m tests.releases`).
"""

import json
import re
from pathlib import Path

from django.conf import settings

import cms

from . import releases
from .own_house import empty_house, manage, run

ROOT = Path(settings.BASE_DIR)
CHANGES = (ROOT / "CHANGELOG.md").read_text()
MOVE_IN = """
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from tests import releases
leaves = [tuple(each.split(".")) for each in releases.read("answers.json")["migrations"]]
releases.insert_rows(MigrationExecutor(connection).migrate(leaves).apps)
"""
ASK = "import json\nfrom tests import releases\nprint(json.dumps(releases.asked_again()))"


def test_what_the_last_release_asks_is_answered_the_same_after_todays_migrations(db, tmp_path):
    with empty_house(tmp_path) as env:
        run(env, MOVE_IN)
        before = json.loads(run(env, ASK))
        manage(env, "migrate", "-v0")
        assert json.loads(run(env, ASK)) == before
    assert sum(map(bool, before)) > len(before) / 2, "Most statements found no row: they would prove little."


def test_every_kind_of_read_is_among_the_statements(db):
    """A statement that is not recorded is not held to anything."""
    tables = {
        name
        for sql in releases.read("statements.postgresql.json")
        for name in re.findall(r'"((?:articles|media)_\w+)"', sql)
    }
    same = {
        name
        for sql in releases.read("statements.sqlite.json")
        for name in re.findall(r'"((?:articles|media)_\w+)"', sql)
    }
    assert {
        "articles_livedocument",
        "articles_livedocumentbody",
        "articles_channelbytes",
        "articles_facet",
        "articles_address",
    } <= tables & same


# One version


def test_the_version_stands_in_one_place(client, db):
    assert re.fullmatch(r"\d+\.\d+\.\d+", cms.__version__)
    assert client.get("/readyz").json()["version"] == cms.__version__
    assert client.get("/api/schema/").json()["info"]["version"] == cms.__version__


def test_the_last_release_has_its_date_in_the_changelog():
    assert re.search(rf"^## {re.escape(releases.newest().name)} - \d", CHANGES, re.MULTILINE)


def test_the_admin_says_which_version_it_is(admin_client):
    assert f"Marquee {cms.__version__}." in admin_client.get("/admin/").content.decode()


def test_sections_of_the_changelog_are_those_of_keep_a_changelog():
    """https://keepachangelog.com/en/1.1.0/: newest first, a date for each release, six kinds of change."""
    heads = re.findall(r"^## (.+)$", CHANGES, re.MULTILINE)
    assert heads[0] == "Unreleased"
    assert all(re.fullmatch(r"\d+\.\d+\.\d+ - \d{4}-\d\d-\d\d", head) for head in heads[1:])
    numbers = [tuple(map(int, head.split(" ")[0].split("."))) for head in heads[1:]]
    assert numbers == sorted(numbers, reverse=True)
    kinds = set(re.findall(r"^### (.+)$", CHANGES, re.MULTILINE))
    assert kinds <= {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}
