"""docs/security.md names only what is here, and gives every item of the ASVS a verdict."""

import json
import re

import pytest

from .own_house import ROOT

PAGE = (ROOT / "docs/security.md").read_text()
CHAPTERS = ("V2", "V3", "V4", "V7", "V12", "V13")
VERDICTS = {"yes", "no", "not applicable"}
# Every item of levels 1 and 2 that these chapters of 4.0.3 have, and the lowest level that asks for it.
LEVELS = json.loads((ROOT / "tests/data/asvs_levels.json").read_text())
OPEN = "issue 10 of the plan: sign-in"


def rows(page: str = PAGE) -> list[list[str]]:
    """Return the cells of every row about an item: number, level, question, verdict, proof."""
    found = [line.strip("| ").split(" | ") for line in page.splitlines() if re.match(r"\| \d+\.", line)]
    return [[cell.strip() for cell in cells] for cells in found]


def test_every_file_that_is_named_is_here():
    named = set(re.findall(r"`((?:articles|cms|docs|media|tests|bench|container)/[\w/.-]+)`", PAGE))
    assert len(named) > 30
    assert {path for path in named if not (ROOT / path).exists()} == set()


def test_every_setting_that_is_named_is_one():
    named = set(re.findall(r"`([A-Z][A-Z_0-9]{4,})(?:=\w+)?`", PAGE))
    known = (ROOT / "cms/settings.py").read_text()
    assert {name for name in named if not re.search(rf"\b{name}\b", known)} == set()


def test_every_item_has_a_number_of_its_own_a_verdict_and_a_proof():
    assert [cells for cells in rows() if len(cells) != 5 or cells[3] not in VERDICTS or not cells[4]] == []
    numbers = [cells[0] for cells in rows()]
    assert len(numbers) == len(set(numbers))


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_every_chapter_is_here_with_each_of_its_items_once_and_at_its_level(chapter):
    _, _, part = PAGE.partition(f"### {chapter} ")
    here = [(cells[0], int(cells[1])) for cells in rows(part.partition("\n### ")[0])]
    assert here == [item for item in LEVELS.items() if item[0].startswith(f"{chapter[1:]}.")]


def test_a_yes_names_what_shows_it_or_what_it_is_django_does():
    said = [cells for cells in rows() if cells[3] == "yes" and "`" not in cells[4]]
    assert [cells[0] for cells in said if "The same" not in cells[4] and "Django" not in cells[4]] == []


def test_every_test_that_is_named_holds_tests():
    named = set(re.findall(r"`(tests/[\w/]+\.py)`", PAGE))
    assert len(named) > 25
    assert {path for path in named if not re.search(r"^def test_", (ROOT / path).read_text(), re.MULTILINE)} == set()


def test_newsroom_and_photo_desk_start_no_command():
    files = [path for room in ("articles", "media") for path in (ROOT / room).rglob("*.py")]
    started = re.compile(r"\bsubprocess\b|\bos\.(system|popen|exec|spawn)|\bpopen\b")
    assert len(files) > 100
    assert [path.name for path in files if started.search(path.read_text())] == []


def test_a_no_says_why_or_where_it_is_planned():
    assert [cells[0] for cells in rows() if cells[3] == "no" and cells[4] != OPEN and len(cells[4]) < 30] == []


def test_a_yes_about_sign_in_leaves_nothing_open_and_a_no_is_explained():
    assert [cells for cells in rows() if cells[3] == "yes" and OPEN in cells[4]] == []
    assert {cells[0] for cells in rows() if cells[3] == "no" and OPEN in cells[4]} >= {
        "3.3.2",
        "3.3.4",
        "3.7.1",
        "4.3.1",
    }
