"""docs/security.md names only what is here, and gives every item of the ASVS a verdict."""

import re

import pytest

from .own_house import ROOT

PAGE = (ROOT / "docs/security.md").read_text()
CHAPTERS = ("V2", "V3", "V4", "V7", "V12", "V13")
VERDICTS = {"yes", "no", "not applicable"}
# How many items of levels 1 and 2 each chapter of 4.0.3 has.
ITEMS = {"V2": 53, "V3": 18, "V4": 9, "V7": 12, "V12": 15, "V13": 13}
OPEN = "issue 10 of the plan: sign-in"


def rows() -> list[list[str]]:
    """Return the cells of every row about an item: number, question, verdict, proof."""
    found = [line.strip("| ").split(" | ") for line in PAGE.splitlines() if re.match(r"\| \d+\.", line)]
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
    assert [cells for cells in rows() if len(cells) != 4 or cells[2] not in VERDICTS or not cells[3]] == []
    numbers = [cells[0] for cells in rows()]
    assert len(numbers) == len(set(numbers))


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_every_chapter_is_here_with_all_its_items(chapter):
    assert f"### {chapter} " in PAGE
    assert sum(cells[0].startswith(f"{chapter[1:]}.") for cells in rows()) == ITEMS[chapter]


def test_a_yes_about_sign_in_leaves_nothing_open_and_a_no_is_explained():
    assert [cells for cells in rows() if cells[2] == "yes" and OPEN in cells[3]] == []
    assert {cells[0] for cells in rows() if cells[2] == "no" and OPEN in cells[3]} >= {
        "3.3.2",
        "3.3.4",
        "3.7.1",
        "4.3.1",
    }
