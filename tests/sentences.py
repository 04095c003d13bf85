"""Every sentence that an editor or a photo editor can meet: `python -m tests.sentences` prints them, each with its place.

They stand in templates, in scripts of the desk, and as text in Python: labels, help, messages, refusals, mails. Words
for developers are left out: docstrings, and what the API, commands and settings say.
"""

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("articles", "media", "cms/templates", "cms/static")
# What developers and operators read; and rooms that hold words of stories, not ours.
ELSEWHERE = (
    "articles/api/", "articles/demo/", "media/management/", "articles/management/", "/migrations/", "/static/vendor/",
    "articles/live/", "articles/outbox/webhooks", "serializers.py", "media/files/containers", "openapi",
)  # fmt: skip
SHOWN = ("placeholder", "aria-label", "title", "alt", "data-placeholder", "label", "data-when-none")
NAMED = {"help_text", "label", "verbose_name", "verbose_name_plural", "short_description", "description", "title", "empty_label", "placeholder"}  # fmt: skip
SENTENCE = re.compile(r"^[A-Z“‘{…].*[a-z’}].*[ .…?!:]", re.DOTALL)
NO_SENTENCE = re.compile(r"^[A-Z_]+\b.*(SELECT|FROM|WHERE|=)|%\w|^\(\?|\\[bdsw]|^[A-Z][a-z]+-[A-Z]|^https?:")


def sentences() -> Iterator[tuple[str, str]]:
    """Yield (file:line, sentence) in the order of files."""
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*")):
            name = str(path.relative_to(ROOT))
            if any(part in f"/{name}" for part in ELSEWHERE) or path.suffix not in READERS:
                continue
            for line, text in READERS[path.suffix](path.read_text()):
                yield f"{name}:{line}", " ".join(text.split())


def _of_python(source: str) -> Iterator[tuple[int, str]]:
    tree = ast.parse(source)
    silent = {id(each) for node in ast.walk(tree) for each in _not_shown(node)}
    for node in ast.walk(tree):
        if id(node) in silent:
            continue
        if isinstance(node, ast.keyword) and node.arg in NAMED and (text := _text(node.value)):
            silent.add(id(node.value))
            yield node.value.lineno, text
        elif (text := _text(node)) and SENTENCE.search(text) and not NO_SENTENCE.search(text):
            yield node.lineno, text  # type: ignore[attr-defined]


def _not_shown(node: ast.AST) -> Iterator[ast.AST]:
    """Yield what no reader of a page sees: docstrings, pieces of f-strings, expressions given to `re`."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        yield from node.values
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Name):
        for each in node.args if node.func.value.id in ("re", "logger", "log", "logging") else ():
            yield from ast.walk(each)


def _text(node: ast.AST) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(str(each.value) if isinstance(each, ast.Constant) else "{…}" for each in node.values)
    return ""


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[int, str]] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent += tag in ("script", "style")
        self.found += [(self.getpos()[0], value) for name, value in attrs if name in SHOWN and value]

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in ("script", "style")

    def handle_data(self, data: str) -> None:
        if not self.silent and re.search(r"[A-Za-z]{2}", data.replace("{…}", "")):
            self.found.append((self.getpos()[0] + data[: len(data) - len(data.lstrip())].count("\n"), data))


def _of_template(source: str) -> Iterator[tuple[int, str]]:
    page = _Page()
    source = re.sub(r"\{#.*?#\}|\{% comment .*?endcomment %\}", "", source, flags=re.DOTALL)
    source = re.sub(r"\{%.*?%\}", lambda tag: "\n" * tag[0].count("\n"), source, flags=re.DOTALL)
    page.feed(re.sub(r"\{\{.*?\}\}", "{…}", source))
    yield from page.found


STRING = re.compile(
    r"""//[^\n]*|/\*.*?\*/|"((?:[^"\\\n]|\\.)*)"|'((?:[^'\\\n]|\\.)*)'|`((?:[^`\\]|\\.)*)`""", re.DOTALL
)


def _of_script(source: str) -> Iterator[tuple[int, str]]:
    for found in STRING.finditer(source):
        text = re.sub(r"\$\{[^}]*\}", "{…}", next((each for each in found.groups() if each), ""))
        if SENTENCE.search(text) or re.fullmatch(r"[A-Z][a-z]+( [a-z]+)*…?", text):
            yield source.count("\n", 0, found.start()) + 1, text


READERS = {".py": _of_python, ".html": _of_template, ".txt": _of_template, ".js": _of_script}


if __name__ == "__main__":
    for place, sentence in sentences():
        print(f"{place}\t{sentence}")
