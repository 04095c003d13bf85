"""Migrations run while the release before still serves: what that one reads and writes must go on working meanwhile.

The rules, and the way round each, stand in CONTRIBUTING.md.
"""

import json

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django_migration_linter import MigrationLinter

from .releases import FOLDER

# Let through, each with its reason: all came before the first release, and the list ended with it.
ACCEPTED = {
    "0004_clearances": "came before the first release, so that nobody upgrades through it",
    "0009_writing_at_scale": "came before the first release too; a house in use builds its indexes concurrently",
    "0010_browsing": "came before the first release too",
    "0011_best_before": "came before the first release too, and moves columns that every reader asks for",
    "0016_oldest_first": "came before the first release too, and indexes small tables that are swept",
    "0011_agency_brands": "indexes agencies, a small table that is read whole",
}
LOCKING = ["CREATE_INDEX", "CREATE_INDEX_EXCLUSIVE", "DROP_INDEX", "REINDEX"]


@pytest.fixture
def lint(db):
    if connection.vendor != "postgresql":
        pytest.skip("Only PostgreSQL is upgraded while it serves.")

    def run(ignoring=()) -> bool:
        linter = MigrationLinter(
            include_apps=["media", "articles"], ignore_name=list(ignoring), ignore_initial_migrations=True,
            no_cache=True, warnings_as_errors_tests=LOCKING,
        )  # fmt: skip
        linter.lint_all_migrations()
        return not linter.has_errors

    return run


def test_no_migration_breaks_the_release_that_still_serves(lint, capsys):
    assert lint(ignoring=ACCEPTED), capsys.readouterr().out


def test_what_is_let_through_would_be_refused_otherwise(lint, capsys):
    assert not lint()
    said = capsys.readouterr().out
    refused = {line.split(", ")[1].split(")")[0] for line in said.splitlines() if line.endswith("... ERR")}
    assert refused == set(ACCEPTED)


def test_nothing_is_let_through_that_came_after_the_first_release():
    """Whoever runs 0.1.0 migrates while it serves: from then on the rules have no exception."""
    first = json.loads((FOLDER / "0.1.0" / "answers.json").read_text())["migrations"]
    last = {name.split(".")[0]: name.split(".")[1] for name in first}
    graph = MigrationLoader(None).graph
    before = {node for app in ("media", "articles") for node in graph.forwards_plan((app, last[app]))}
    assert set(ACCEPTED) <= {name for _, name in before}
