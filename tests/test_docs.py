"""The documentation says what the code does: models, events, findings, fields, commands."""

import importlib.util
import re
from pathlib import Path

import pytest
from django.core.management import get_commands

from articles.models import EVENTS

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"


@pytest.fixture(scope="module")
def generate():
    spec = importlib.util.spec_from_file_location("docs_generate", DOCS / "generate.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_model_page_is_what_the_code_says(generate):
    page = (DOCS / "model.md").read_text()
    assert page == generate.filled(page), "docs/model.md is old: run `make docs`."


def test_reference_is_what_the_schema_says(generate):
    page = (DOCS / "reference.md").read_text()
    assert page == generate.reference(), "docs/reference.md is old: run `make docs`."
    named = set(re.findall(r"\]\(#([a-z0-9]+)\)", page))
    assert named <= {title.lower() for title in re.findall(r"^### (\w+)$", page, re.MULTILINE)}


def test_every_part_the_code_knows_stands_on_the_model_page(generate):
    page = (DOCS / "model.md").read_text()
    assert set(re.findall(r"<!-- begin ([\w-]+) -->", page)) == set(generate.PARTS)


def test_model_page_names_every_event_finding_and_field(generate):
    page = (DOCS / "model.md").read_text()
    assert all(f"`{event}`" in page for event in EVENTS)
    assert all(f"`{code}`" in page for code in ("slot_empty", "photo_not_usable", "credit_missing"))
    assert all(
        f"`{field}`" in page for field in ("lead.credit", "fresh_until", "corrections[].text", "breadcrumbs[].name")
    )
    assert "#### LiveDocument (articles)" in page
    assert "edition_ends_after_it_starts" in page


def test_part_that_nobody_writes_is_an_error(generate):
    with pytest.raises(KeyError):
        generate.filled("<!-- begin weather -->\n<!-- end weather -->")


def test_old_part_is_noticed(generate):
    page = "<!-- begin events -->\n| `article.exploded` |\n<!-- end events -->"
    assert generate.filled(page) != page
    assert generate.filled(generate.filled(page)) == generate.filled(page)


def test_commands_that_are_described_exist():
    pages = [*DOCS.glob("*.md"), ROOT / "README.md", ROOT / "CONTRIBUTING.md"]
    named = {name for page in pages for name in re.findall(r"manage\.py ([a-z_]+)", page.read_text())}
    assert named - set(get_commands()) == set()


def test_make_targets_that_are_described_exist():
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    pages = [*DOCS.glob("*.md"), ROOT / "README.md", ROOT / "CONTRIBUTING.md"]
    named = {name for page in pages for name in re.findall(r"`make ([a-z-]+)`", page.read_text())}
    assert named - targets == set()


def anchors(page):
    """The anchors of a page's headings, as code hosts make them."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\s-]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize(
    "text", [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted(DOCS.rglob("*.md"))], ids=lambda path: path.name
)
def test_links_between_pages_lead_somewhere(text):
    for target in re.findall(r"\]\(([^)\s]+)\)", text.read_text()):
        name, _, anchor = target.partition("#")
        if name.startswith(("http", "mailto:")):
            continue
        other = (text.parent / name) if name else text
        assert other.exists(), target
        assert not anchor or anchor in anchors(other), target


def test_decisions_are_numbered_without_gaps():
    numbers = [int(path.name[:4]) for path in sorted((DOCS / "decisions").glob("*.md"))]
    assert numbers == list(range(1, len(numbers) + 1))


def test_operating_lists_every_command():
    page = (ROOT / "docs" / "operating.md").read_text()
    commands = [
        path.stem for app in ("articles", "media") for path in (ROOT / app / "management/commands").glob("[a-z]*.py")
    ]
    assert [name for name in commands if f"| `manage.py {name}" not in page] == []
