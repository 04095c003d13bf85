"""Who imports whom: floors, circles and late imports, read from the source without running any of it.

`python -m tests.import_graph` prints the picture and fails if an import goes up or runs in a circle.
"""

import ast
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
# The apps, lowest first, and the floors of each. A room is a folder, or a file that stands alone beside the folders.
# An import goes to its own floor or down, never up. Rooms on one floor may use each other, but not in a circle.
APPS = ("media", "articles", "cms")
FLOORS = {
    "media": [
        [
            "audience",
            "cache_tags",
            "counted",
            "errands",
            "ids",
            "insert_only",
            "listed",
            "local_time",
            "permissions",
            "methods",
            "one_line",
            "problem_json",
            "process_pool",
            "signals",
            "spreadsheet",
            "typed_words",
            "whole_files",
            "words",
        ],
        ["files"],
        ["credits", "ledger"],
        ["rights"],
        # A site has its house style and its territories, and photos are delivered for one.
        ["site"],
        ["photos"],
        ["models"],
        ["tasks"],
        ["admin", "templatetags"],
        ["management"],
        ["apps"],
    ],
    "articles": [
        ["outbox", "text"],
        ["history"],
        ["directory"],
        ["access", "live"],
        ["stories"],
        ["models"],
        ["fronts"],
        ["api"],
        ["imports"],
        ["admin", "demo", "templatetags"],
        ["management"],
        ["apps"],
    ],
}
# Django names these folders and looks for them here; they are not counted as rooms.
FIXED_FOLDERS = {"locale", "migrations", "static", "templates", "templatetags"}


class Import(NamedTuple):
    """One imported name. A typing import stands under `if TYPE_CHECKING` and is never run."""

    source: str
    file: str
    line: int
    target: str
    late: bool
    typing: bool

    def __str__(self) -> str:
        return f"{self.file}:{self.line} → {self.target}"


class Found(NamedTuple):
    """What a statement of a module is, and whether a function or `if TYPE_CHECKING` holds it."""

    node: ast.AST
    late: bool
    typing: bool


# Reading


def sources(root: Path) -> Iterator[tuple[str, Path]]:
    """Yield every Python file of the apps but migrations, with its dotted name."""
    for app in sorted(APPS):
        for path in sorted((root / app).rglob("*.py")):
            if "migrations" not in path.parts:
                yield dotted_name(root, path), path


def dotted_name(root: Path, path: Path) -> str:
    parts = path.relative_to(root).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@lru_cache(maxsize=1000)
def parsed(text: str) -> ast.Module:
    return ast.parse(text)


@lru_cache(maxsize=1000)
def nodes(text: str) -> list[Found]:
    """Return every node of a module: all checks go through the same list."""
    found: list[Found] = []
    _walk(parsed(text), False, False, found)
    return found


def _walk(node: ast.AST, late: bool, typing: bool, found: list[Found]) -> None:
    found.append(Found(node, late, typing))
    late = late or isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    guarded = _type_checking_body(node)
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, ast.expr_context):
            _walk(child, late, typing or child in guarded, found)


def _type_checking_body(node: ast.AST) -> list[ast.stmt]:
    match node:
        case ast.If(test=ast.Name(id="TYPE_CHECKING") | ast.Attribute(attr="TYPE_CHECKING")):
            return node.body
    return []


def imports(root: Path, name: str, path: Path) -> list[Import]:
    """Return everything a module imports, late imports included, relative ones resolved."""
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    return _imports(path.read_text(), name, package, str(path.relative_to(root)))


@lru_cache(maxsize=1000)
def _imports(text: str, name: str, package: str, file: str) -> list[Import]:
    return [
        Import(name, file, found.node.lineno, target, found.late, found.typing)
        for found in nodes(text)
        for target in targets(found.node, package.split("."))
    ]


def targets(node: ast.AST, package: list[str]) -> Iterator[str]:
    """Yield the dotted names that a node imports into a module of this package."""
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        start = package[: len(package) - node.level + 1] if node.level else []
        origin = ".".join([*start, *([node.module] if node.module else [])])
        yield from (f"{origin}.{alias.name}" for alias in node.names)


def own_imports(root: Path) -> list[Import]:
    """Return every import of one of our modules by another."""
    found = (one for name, path in sources(root) for one in imports(root, name, path))
    return [one for one in found if one.target.split(".")[0] in APPS]


# Floors


def app_of(name: str) -> str:
    return name.split(".")[0]


def room_of(name: str) -> str:
    """Return the room a dotted name stands in: `articles.text`, `media.site`, or the whole of `cms`."""
    return ".".join(name.split(".")[: 2 if app_of(name) in FLOORS else 1])


def height(name: str) -> tuple[int, int] | None:
    """Return how high a dotted name stands, or None for a room that is on no floor."""
    app, room = APPS.index(app_of(name)), room_of(name).rpartition(".")[2]
    if room in APPS:
        return app, 0
    found = [number for number, rooms in enumerate(FLOORS[app_of(name)]) if room in rooms]
    return (app, found[0]) if found else None


def imports_up(root: Path) -> list[Import]:
    """Return the imports that go up the floors: late ones and those for the type checker alone are no exception."""
    return [one for one in own_imports(root) if _goes_up(one)]


def _goes_up(one: Import) -> bool:
    if APPS.index(app_of(one.source)) != APPS.index(app_of(one.target)):
        return APPS.index(app_of(one.source)) < APPS.index(app_of(one.target))
    source, target = height(one.source), height(one.target)
    return source is not None and target is not None and source < target


def strays(root: Path) -> list[str]:
    """Return the rooms and lone files that stand on no floor."""
    return sorted({room_of(name) for name, _ in sources(root) if height(name) is None})


def rooms(root: Path, app: str) -> list[str]:
    """Return the folders of an app that hold Python, but for those that Django itself names."""
    folders = {path.relative_to(root).parts[1] for path in (root / app).glob("*/**/*.py")}
    return sorted(folders - FIXED_FOLDERS)


# Circles


def file_graph(root: Path) -> dict[str, set[str]]:
    """Return which file uses which. What only the type checker reads makes no circle: it is never run."""
    known = {name for name, _ in sources(root)}
    graph: dict[str, set[str]] = {name: set() for name in known}
    for one in own_imports(root):
        if not one.typing:
            graph[one.source].add(module_of(one.target, known))
    return graph


def module_of(target: str, known: set[str]) -> str:
    """Return the module that a dotted name is or stands in."""
    while target not in known and "." in target:
        target = target.rpartition(".")[0]
    return target


def dead_imports(root: Path) -> list[Import]:
    """Return the imports of what is not there: a late one would fail only when somebody comes by."""
    texts = {name: path.read_text() for name, path in sources(root)}
    return [one for one in own_imports(root) if not _is_there(one.target, texts)]


def _is_there(target: str, texts: dict[str, str]) -> bool:
    module = module_of(target, set(texts))
    rest = target.removeprefix(module).lstrip(".")
    return not rest or rest == "*" or re.search(rf"\b{re.escape(rest)}\b", texts[module]) is not None


def room_graph(root: Path) -> dict[str, set[str]]:
    graph: dict[str, set[str]] = defaultdict(set)
    for source, used in file_graph(root).items():
        graph[room_of(source)] |= {room_of(target) for target in used} - {room_of(source)}
    return graph


def circles(graph: dict[str, set[str]]) -> list[list[str]]:
    """Return the groups of nodes that all reach one another, largest first."""
    reach = {node: _reached(graph, node) for node in graph}
    groups = {
        frozenset(other for other in reached if node in reach.get(other, ()))
        for node, reached in reach.items()
        if node in reached
    }
    return sorted((sorted(group) for group in groups), key=lambda group: (-len(group), group))


def _reached(graph: dict[str, set[str]], node: str) -> set[str]:
    seen: set[str] = set()
    waiting = [node]
    while waiting:
        new = graph.get(waiting.pop(), set()) - seen
        seen |= new
        waiting += new
    return seen


# Late imports


def late_imports(root: Path) -> list[Import]:
    """Return the imports of our own inside functions, one for each statement."""
    found = {(one.file, one.line): one for one in own_imports(root) if one.late}
    return list(found.values())


def without_reason(root: Path) -> list[Import]:
    """Return the late imports that no comment explains, on their line or above; one comment may stand over several."""
    return [one for one in late_imports(root) if not _explained((root / one.file).read_text(), one.line)]


def _explained(text: str, line: int) -> bool:
    lines = ["", *text.splitlines()]
    ends = _late_ends(text)
    if "#" in lines[line] or "#" in lines[ends[line]]:
        return True
    above = [start for start, end in ends.items() if end == line - 1]
    return lines[line - 1].lstrip().startswith("#") or any(_explained(text, start) for start in above)


@lru_cache(maxsize=1000)
def _late_ends(text: str) -> dict[int, int]:
    found = (one.node for one in nodes(text) if one.late and isinstance(one.node, ast.Import | ast.ImportFrom))
    return {node.lineno: node.end_lineno or node.lineno for node in found}


# Printing


def main(root: Path = ROOT) -> int:
    """Print the picture. Return 1 if there is a circle, an import that goes up or nowhere, or a room on no floor."""
    print_rooms(root)
    print(f"\n{len(own_imports(root))} imports of our own")
    titled("late", late_imports(root))
    wrong = {
        "circles of files": [", ".join(group) for group in circles(file_graph(root))],
        "circles of rooms": [", ".join(group) for group in circles(room_graph(root))],
        "imports up the floors": imports_up(root),
        "rooms on no floor": strays(root),
        "imports of what is not there": dead_imports(root),
    }
    for title, found in wrong.items():
        titled(title, found)
    return int(any(wrong.values()))


def print_rooms(root: Path) -> None:
    files = Counter(room_of(name) for name, _ in sources(root))
    for room in sorted(files, key=lambda room: (height(room) or (99, 99), room)):
        print(f"{files[room]:4} {room}")


def titled(title: str, found: list) -> None:
    print(f"\n{len(found)} {title}")
    for one in found:
        print(f"  {one}")


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).resolve() if sys.argv[1:] else ROOT))
