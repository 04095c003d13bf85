"""docs/ARCHITECTURE.md names what is there: every floor, room and file, and every function it leads to."""

import ast
import re
from functools import lru_cache

import pytest

from .import_graph import APPS, FLOORS, ROOT

TEXT = (ROOT / "docs" / "ARCHITECTURE.md").read_text()
# A path, perhaps with names in that file: `articles/live/render.py → render, Renderer.values`.
PLACE = re.compile(r"`((?:articles|media|cms|tests|docs)/[\w./-]*)(?: → ([\w., ]+))?`")
ROOM = re.compile(r"^- \*\*(\w+/\w+|articles|media|cms)\*\* ([^`:]+?)[.:] (.*(?:\n  .*)*)", re.MULTILINE)


def rooms_described(text):
    """Return the files that the page lists for each room, and what it says of the room."""
    return {room: (said, re.findall(r"`((?:commands/)?\w+)`", files)) for room, said, files in ROOM.findall(text)}


def drawn(text, app):
    """Return the floors of an app as the drawing has them."""
    columns = re.search(rf"^(.*)\b{app}  +.*\n((?:  .*\n)+)", text.split("```")[1], re.MULTILINE)
    cells = [re.split(r"  +", line.strip()) for line in columns[2].splitlines()]
    at = 1 if columns[1].strip() else 0
    return [set(cell[at].split(" · ")) for cell in cells if len(cell) > at]


def floors(app):
    """Return the floors highest first, without the rooms that are planned and not built."""
    planned = FLOORS.get(app, [])
    built = [{room for room in floor if (ROOT / app / room).is_dir() or is_lone(app, room)} for floor in planned]
    return [floor for floor in reversed(built) if floor]


def is_lone(app, room):
    return (ROOT / app / f"{room}.py").is_file()


def files_of(room):
    found = (ROOT / room).glob("**/*.py" if "/" in room else "*.py")
    return {str(path.relative_to(ROOT / room).with_suffix("")) for path in found if path.stem != "__init__"}


@lru_cache
def names_in(path):
    """Return what a file defines: functions, classes and their members, and what it assigns."""
    return set(defined(ast.parse(path.read_text()).body))


def defined(body, prefix=""):
    for node in body:
        match node:
            case ast.FunctionDef(name=name):
                yield prefix + name
            case ast.ClassDef(name=name, body=members):
                yield prefix + name
                yield from defined(members, f"{prefix}{name}.")
            case ast.Assign(targets=targets):
                yield from (prefix + target.id for target in targets if isinstance(target, ast.Name))
            case ast.AnnAssign(target=ast.Name(id=name)):
                yield prefix + name


def missing(text):
    """Yield what the page names and the tree has not."""
    for file, names in PLACE.findall(text):
        path = ROOT / file
        if not path.exists():
            yield file
        elif names:
            yield from (f"{file} → {name}" for name in names.split(", ") if name not in names_in(path))


@pytest.mark.parametrize("app", FLOORS)
def test_drawing_is_that_of_the_floors(app):
    assert drawn(TEXT, app) == floors(app)


def test_every_file_and_function_named_is_there():
    assert len(PLACE.findall(TEXT)) > 80
    assert list(missing(TEXT)) == []


def test_name_that_is_not_there_is_noticed():
    assert list(missing("`articles/live/nowhere.py`")) == ["articles/live/nowhere.py"]
    assert list(missing("`media/signals.py → announce, shout`")) == ["media/signals.py → shout"]


@pytest.mark.parametrize("app", APPS)
def test_every_room_has_a_sentence_and_all_its_files(app):
    described = rooms_described(TEXT)
    expected = {app, *(f"{app}/{room}" for floor in floors(app) for room in floor if not is_lone(app, room))}
    assert {room for room in described if room.split("/")[0] == app} == expected
    for room in expected:
        said, files = described[room]
        assert said
        assert sorted(files_of(room) - set(files)) == []
        assert sorted(name for name in files if not (ROOT / room / name).with_suffix(".py").is_file()) == []
