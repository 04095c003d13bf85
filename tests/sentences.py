"""Every sentence that an editor or a photo editor can meet: `python -m tests.sentences` prints them, each with its place.

They stand in templates, in scripts of the desk, in the two pages of docs written for them, and as text in Python: labels,
names of choices, help, messages, refusals, mails. Words for developers are left out: docstrings, and what the API, commands
and settings say.
"""

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("articles", "media", "cms", "docs/publishing.md", "docs/photo-credits.md")
# What developers and operators read; and rooms that hold words of stories, not ours.
ELSEWHERE = (
    "articles/api/", "articles/demo/", "articles/management/", "/migrations/", "/static/vendor/", "articles/live/",
    "articles/outbox/webhooks", "serializers.py", "media/files/containers", "openapi", "media/insert_only.py",
    *(f"media/management/commands/{name}" for name in (
        "import_photos", "watch_photos", "read_photo", "parse_credits", "read_instructions", "sweep_renditions", "usage_report",
    )),
    *(f"cms/{name}.py" for name in (
        "api", "settings", "environment", "launch", "install", "serving", "wsgi", "health", "metrics", "replica", "log_lines",
        "request_id", "csp", "reader", "client_address", "urls",
    )), "cms/templates/reader",
)  # fmt: skip
SHOWN = ("placeholder", "aria-label", "title", "alt", "data-placeholder", "label", "data-when-none", "data-confirm")
NAMED = {"help_text", "label", "verbose_name", "verbose_name_plural", "short_description", "description", "title", "empty_label", "placeholder"}  # fmt: skip
SENTENCE = re.compile(r"^[A-Z“‘{…].*[a-z’}].*[ .…?!:]", re.DOTALL)
NO_SENTENCE = re.compile(
    r"^[A-Z_]+\b.*(SELECT|FROM|WHERE|=|INTO)|[?&]\w+=|\{\w+\}/|<span|%\w|^\(\?|\\[bdsw]|^[A-Z][a-z]+-[A-Z]|^https?:"
)


def sentences() -> Iterator[tuple[str, str]]:
    """Yield (file:line, sentence) in the order of files."""
    for room in ROOMS:
        place = ROOT / room
        for path in sorted(place.rglob("*")) if place.is_dir() else [place]:
            name = str(path.relative_to(ROOT))
            if any(part in f"/{name}" for part in ELSEWHERE) or path.suffix not in READERS:
                continue
            for line, text in READERS[path.suffix](path.read_text()):
                if re.search(r"[^\W\d_]{2}", re.sub(r"\{[^}]*\}", "", text)):
                    yield f"{name}:{line}", text.strip() if path.suffix in (".py", ".js") else " ".join(text.split())


def _of_python(source: str) -> Iterator[tuple[int, str]]:
    tree = ast.parse(source)
    silent = {id(each) for node in ast.walk(tree) for each in _not_shown(node)}
    for node in ast.walk(tree):
        if id(node) in silent:
            continue
        for name in _names(node):
            if text := _text(name):
                silent.add(id(name))
                yield name.lineno, text  # type: ignore[attr-defined]
        if isinstance(node, ast.keyword) and id(node.value) in silent:
            continue
        elif (text := _text(node)) and SENTENCE.search(text) and not NO_SENTENCE.search(text):
            yield node.lineno, text  # type: ignore[attr-defined]


def _names(node: ast.AST) -> Iterator[ast.AST]:
    """Yield what is shown though it is no sentence: labels given by keyword, names of fields and of choices."""
    if isinstance(node, ast.keyword) and node.arg in NAMED:
        yield node.value
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr.endswith("Field"):
        yield from (each for each in node.args[:1] if re.fullmatch(r"[a-z -]+", _text(each)) and _text(each) != "self")
    elif isinstance(node, ast.ClassDef) and any(getattr(base, "attr", "") == "TextChoices" for base in node.bases):
        yield from (each.value.elts[1] for each in node.body if isinstance(getattr(each, "value", 0), ast.Tuple))


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
        shown = (*SHOWN, "value") if dict(attrs).get("type") in ("submit", "button") else SHOWN
        self.found += [(self.getpos()[0], value) for name, value in attrs if name in shown and value]

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


STRING = re.compile(r"""//[^\n]*|/\*.*?\*/|"((?:[^"\\\n]|\\.)*)"|'((?:[^'\\\n]|\\.)*)'|`""", re.DOTALL)
# The beginning of a sentence, or its end behind a link.
SAID = re.compile(r"[A-Z][a-z’]+( [a-z]+)*…?|[,a-z][^={}<>]* [^={}<>]*[a-z”][.…?]")


def _of_script(source: str) -> Iterator[tuple[int, str]]:
    for at, text in _strings(source):
        if SENTENCE.search(text.strip()) or SAID.fullmatch(text.strip()):
            yield source.count("\n", 0, at) + 1, text


def _strings(source: str) -> Iterator[tuple[int, str]]:
    """Yield the texts of a script, each with its place; those within a template come after it."""
    at = 0
    while found := STRING.search(source, at):
        at, inner = found.end(), ""
        if found[0] != "`":
            yield found.start(), found[1] or found[2] or ""
            continue
        text = ""
        while at < len(source) and source[at] != "`":
            if source.startswith("${", at):
                end = _closing(source, at + 2)
                inner, text, at = f"{inner}\n{source[at + 2 : end]}", text + "{…}", end + 1
            else:
                text, at = text + source[at], at + 1 + (source[at] == "\\")
        at += 1
        yield found.start(), text
        yield from ((found.start(), each) for _, each in _strings(inner))


def _closing(source: str, at: int) -> int:
    """Return where the brace closes that was opened before `at`."""
    open_braces = 1
    while at < len(source):
        open_braces += {"{": 1, "}": -1}.get(source[at], 0)
        if not open_braces:
            break
        at += 1
    return at


def _of_page(source: str) -> Iterator[tuple[int, str]]:
    """Yield the paragraphs, items and rows of a page of docs, without what stands in it as code."""
    source = re.sub(r"```.*?```", lambda code: "\n" * code[0].count("\n"), source, flags=re.DOTALL)
    for found in re.finditer(r"(?:^(?!\s*$).+\n?)+", source, re.MULTILINE):
        yield source.count("\n", 0, found.start()) + 1, re.sub(r"`[^`]*`", "{…}", found[0])


READERS = {".py": _of_python, ".html": _of_template, ".txt": _of_template, ".js": _of_script, ".md": _of_page}


if __name__ == "__main__":
    for place, sentence in sentences():
        print(f"{place}\t{sentence}")
