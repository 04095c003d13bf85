"""How well the code explains itself: docstrings, annotations, lengths. `python -m tests.code_figures` prints it."""

import ast
import statistics
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.import_graph import ROOT, late_imports, nodes, parsed, sources

Function = ast.FunctionDef | ast.AsyncFunctionDef


def functions(path: Path) -> Iterator[Function]:
    """Yield every function and method of a file, those inside others too."""
    yield from (found.node for found in nodes(path.read_text()) if isinstance(found.node, Function))


def length(function: Function) -> int:
    return function.end_lineno - function.lineno + 1


def without_docstring(root: Path) -> list[str]:
    """Return the modules that do not say what they are for. An empty __init__.py has nothing to say."""
    texts = ((str(path.relative_to(root)), path.read_text()) for _, path in sources(root))
    return [file for file, text in texts if text.strip() and not ast.get_docstring(parsed(text))]


def docstring_share(root: Path) -> float:
    """Return the percentage of modules with a docstring."""
    written = [path for _, path in sources(root) if path.read_text().strip()]
    return 100 - 100 * len(without_docstring(root)) / len(written)


def is_annotated(function: Function) -> bool:
    """Return True if the return and every parameter but self and cls say their type."""
    args = function.args
    given = [*args.posonlyargs, *args.args, *args.kwonlyargs, *filter(None, (args.vararg, args.kwarg))]
    return function.returns is not None and all(arg.annotation for arg in given if arg.arg not in ("self", "cls"))


def not_annotated(root: Path) -> list[str]:
    """Return the functions that leave a type out, with file and line."""
    return [
        f"{path.relative_to(root)}:{function.lineno} {function.name}"
        for _, path in sources(root)
        for function in functions(path)
        if not is_annotated(function)
    ]


def annotated_share(root: Path) -> float:
    """Return the percentage of functions that are annotated in full."""
    count = sum(1 for _, path in sources(root) for _ in functions(path))
    return 100 - 100 * len(not_annotated(root)) / count


def longest_function(root: Path) -> tuple[int, str]:
    """Return the length of the longest function, and where it stands."""
    return max(
        (length(function), f"{path.relative_to(root)}:{function.lineno} {function.name}")
        for _, path in sources(root)
        for function in functions(path)
    )


def longest_file(root: Path) -> tuple[int, str]:
    """Return the length of the longest file, and its name."""
    return max((len(path.read_text().splitlines()), str(path.relative_to(root))) for _, path in sources(root))


def median_function(root: Path) -> float:
    """Return the middle length of all functions."""
    return statistics.median(length(function) for _, path in sources(root) for function in functions(path))


def main(root: Path = ROOT) -> None:
    print(f"{docstring_share(root):5.1f} % of modules have a docstring")
    print(f"{annotated_share(root):5.1f} % of functions are annotated in full")
    print(f"{len(late_imports(root)):5} late imports of our own")
    print(f"{median_function(root):5.0f} lines: the median function")
    print("{:5} lines: the longest function, {}".format(*longest_function(root)))
    print("{:5} lines: the longest file, {}".format(*longest_file(root)))


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve() if sys.argv[1:] else ROOT)
