"""Any HTML in, a shallow tree of known elements out; and the one spelling of inline HTML that Marquee stores.

Two layers keep foreign markup out. `nh3` parses the text as a browser would and drops every element and attribute
that is not listed here. What is delivered is then *written* by `markup`, which knows four inline elements and escapes
all else, so nothing reaches a reader because a filter failed to recognize it.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from html import unescape
from itertools import groupby
from typing import NamedTuple
from urllib.parse import urlsplit
from uuid import UUID

import nh3

from . import slugs

# Deeper trees are flattened, so that recursion over a tree is always safe.
MAX_DEPTH = 40
# Browsers' parsing takes quadratic time on deep nesting: beyond this only the words are kept.
MAX_OPEN = 200
MAX_HREF = 2000

INLINE = frozenset({"strong", "b", "em", "i", "a", "br", "span"})
OWN = {
    "aside": {"data-pull-quote", "data-cite"},
    "blockquote": {"data-cite"},
    "div": {"data-gallery", "data-title", "data-embed"},
    "figure": {"data-photo", "data-layout", "data-alt", "data-decorative"},
}
# These have no meaning here but end a line: without them the words of two table cells would run together.
BOUNDARIES = (
    {"address", "article", "body", "caption", "center", "dd", "details", "dl", "dt", "fieldset", "footer", "form"}
    | {"header", "legend", "main", "nav", "option", "pre", "section", "summary"}
    | {"table", "tbody", "td", "tfoot", "th", "thead", "tr"}
)
TEXT = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "hr", "figcaption"})
UNREADABLE = {"script", "style", "title", "template", "iframe", "noscript", "noembed", "noframes", "svg", "math"}
STORED = nh3.Cleaner(
    tags={*(INLINE - {"span"}), *OWN, *BOUNDARIES, *TEXT},
    clean_content_tags=UNREADABLE,
    attributes={"*": {"data-id"}, "a": {"href"}, **OWN},
    url_schemes={"http", "https", "mailto", "article", "person", "work"},
    link_rel=None,
)

_VOID = frozenset({"br", "hr", "img"})
_SELF_ENDING = {
    "area",
    "base",
    "br",
    "col",
    "embed",
    "hr",
    "img",
    "input",
    "link",
    "meta",
    "param",
    "source",
    "track",
    "wbr",
} | {"colgroup", "dd", "dt", "li", "option", "p", "rp", "rt", "tbody", "td", "tfoot", "th", "thead", "tr"}
_COMMENT = re.compile(r"<!--(?:-?>|.*?--!?>|.*\Z)", re.DOTALL)
_CRUDE_TAG = re.compile(r"<(/?)([a-zA-Z][^\s/>]*)")
_ANY_TAG = re.compile(r"<[^<>]*>")
_LINE_SPACE = re.compile(r"[\t\n\r\f\v\x85\u2028\u2029]")
_SPACES = re.compile(" {2,}")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ufeff\ufffe\uffff]")
_TOKEN = re.compile(r'<(/?)([a-z][a-z0-9]*)((?: [^\s"=<>]+="[^"]*")*)>|([^<]+)')
_ATTRIBUTE = re.compile(r'([^\s"=<>]+)="([^"]*)"')
_INVISIBLE = re.compile(r"[\s\xad\u200b-\u200f\u2060\ufeff]*")
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_TOPIC = re.compile(rf"([Pp]erson|[Ww]ork):({slugs.PATTERN})")
_WEB = re.compile(r"(https?)://(?=[^/?#\s])", re.IGNORECASE)


class Node:
    """One element. `inline` is True if it and everything in it belong within a line."""

    __slots__ = ("attrs", "children", "inline", "tag")

    def __init__(self, tag: str, attrs: dict[str, str], children: Iterable["Node | str"] = ()) -> None:
        self.tag = tag
        self.attrs = attrs
        self.inline = tag in INLINE
        self.children: list[Node | str] = []
        for child in children:
            self.append(child)

    def append(self, child: "Node | str") -> None:
        self.children.append(child)
        if self.inline and isinstance(child, Node):
            self.inline = child.inline


Nodes = Sequence[Node | str]


class Marks(NamedTuple):
    """How a stretch of text is set. Nested in this order, as the editor does."""

    href: str | None = None
    strong: bool = False
    em: bool = False


PLAIN = Marks()
Run = tuple[Marks, str]
BREAK = "\n"
_EDGES = " \xa0"


# ---- reading ---------------------------------------------------------------------------------------------------------


def parse(html: str, cleaner: nh3.Cleaner = STORED) -> list[Node | str]:
    """Return the known elements of any string, balanced, at most MAX_DEPTH deep, spaces collapsed. Never raises."""
    clean = cleaner.clean(_shallow(html.encode("utf-8", "ignore").decode()))
    clean = _SPACES.sub(" ", _LINE_SPACE.sub(" ", _CONTROL.sub("", clean)))
    root = Node("", {})
    open_nodes, too_deep = [root], 0
    for closing, tag, attributes, text in _TOKEN.findall(clean):
        if text:
            open_nodes[-1].children.append(unescape(text) if "&" in text else text)
        elif tag in _VOID:
            open_nodes[-1].append(Node(tag, _attributes(attributes)))
        elif closing and too_deep:
            too_deep -= 1
        elif closing:
            node = open_nodes.pop()
            open_nodes[-1].append(node)
        elif too_deep or len(open_nodes) > MAX_DEPTH:
            too_deep += 1
            open_nodes[-1].append(" ")
        else:
            open_nodes.append(Node(tag, _attributes(attributes)))
    return root.children


def _attributes(text: str) -> dict[str, str]:
    return {name: unescape(value).strip() for name, value in _ATTRIBUTE.findall(text)} if text else {}


def is_too_deep(html: str) -> bool:
    """Return True if so many elements are open at once that only the words can be kept."""
    return html.count("<") > MAX_OPEN and _depth(_COMMENT.sub("", html)) > MAX_OPEN


def _shallow(html: str) -> str:
    if not is_too_deep(html):
        return html
    return _ANY_TAG.sub(" ", _COMMENT.sub("", html)).replace("<", "&lt;")


def _depth(html: str) -> int:
    """Return how many elements are open at once, at most. A rough count: only garbage comes near the limit."""
    still_open: Counter[str] = Counter()
    depth = deepest = 0
    for closing, tag in _CRUDE_TAG.findall(html):
        name = tag.lower()
        if name in _SELF_ENDING:
            continue
        if not closing:
            still_open[name] += 1
            depth += 1
            deepest = max(deepest, depth)
        elif still_open[name]:
            still_open[name] -= 1
            depth -= 1
    return deepest


# ---- values ----------------------------------------------------------------------------------------------------------


def visible(text: str) -> bool:
    """Return True if a reader sees anything but spaces, no-break spaces and zero-width characters."""
    return _INVISIBLE.fullmatch(text) is None


def uuid(text: str) -> UUID | None:
    """Return the UUID if it is written with four hyphens, else None."""
    return UUID(text) if _UUID.fullmatch(text) else None


def link_target(href: str) -> str | None:
    """Return the address as stored: http, https, mailto (scheme in lower case) or one of ours; None for anything else.

    Ours are `article:UUID`, `person:slug` and `work:slug`.
    """
    href = href.strip().replace(" ", "%20")
    if len(href) > MAX_HREF:
        return None
    if href[:8].lower() == "article:":
        article = uuid(href[8:])
        return f"article:{article}" if article else None
    if topic := _TOPIC.fullmatch(href):
        return f"{topic[1].lower()}:{topic[2]}"
    if href[:7].lower() == "mailto:":
        return f"mailto:{href[7:]}" if href[7:] else None
    return _web_address(href)


def _web_address(href: str) -> str | None:
    match = _WEB.match(href)
    if not match or "\\" in href:
        return None
    try:
        host = urlsplit(href).hostname
    except ValueError:
        return None
    return f"{match[1].lower()}{href[match.end(1) :]}" if host else None


def escape(text: str) -> str:
    """Text as HTML, spelled as browsers spell it; safe between tags and inside double quotes."""
    for character, reference in _REFERENCES:
        if character in text:
            text = text.replace(character, reference)
    return text


_REFERENCES = (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("\xa0", "&nbsp;"))


def attribute(name: str, value: str) -> str:
    """Return ` name="value"`, with a leading space."""
    return f' {name}="{escape(value).replace(chr(34), "&quot;")}"'


# ---- inline HTML -----------------------------------------------------------------------------------------------------


def paragraphs(nodes: Nodes, marks: Marks = PLAIN) -> list[str]:
    """Return the inline HTML of each paragraph in `nodes`, as it is stored; blank ones are left out.

    Two line breaks end a paragraph: `a<br><br>b` is two. Same words and marks give the same string, however they were
    nested, so that saving an unchanged text changes nothing.
    """
    if marks == PLAIN and len(nodes) == 1 and isinstance(nodes[0], str):
        text = nodes[0].strip(_EDGES)
        return [escape(text)] if visible(text) else []
    found = groupby(_lines(_runs(nodes, marks)), key=bool)
    return [_markup(_unlink_blanks(_broken(lines))) for has_text, lines in found if has_text]


def marked(marks: Marks, node: Node) -> Marks:
    """Return `marks` with what this element adds."""
    match node.tag:
        case "strong" | "b":
            return marks._replace(strong=True)
        case "em" | "i":
            return marks._replace(em=True)
        case "a":
            return marks._replace(href=link_target(node.attrs.get("href", "")) or marks.href)
    return marks


def _runs(nodes: Nodes, marks: Marks) -> Iterator[Run]:
    for node in nodes:
        if isinstance(node, str):
            yield marks, node
        elif node.tag == "br":
            yield marks, BREAK
        else:
            yield from _runs(node.children, marked(marks, node))


def _lines(runs: Iterable[Run]) -> Iterator[list[Run]]:
    """Yield the runs of each line, trimmed; a line that shows nothing is an empty list."""
    for is_break, group in groupby(runs, key=lambda run: run[1] == BREAK):
        if not is_break:
            yield _trimmed(group)
        else:
            yield from ([] for _ in list(group)[1:])


def _trimmed(runs: Iterable[Run]) -> list[Run]:
    line: list[Run] = []
    after_space = True
    for marks, text in runs:
        kept = text.lstrip(" " if line else _EDGES) if after_space else text
        if kept:
            line.append((marks, kept))
            after_space = kept.endswith(" ")
    while line and not line[-1][1].rstrip(_EDGES):
        line.pop()
    if line:
        line[-1] = (line[-1][0], line[-1][1].rstrip(_EDGES))
    return line if any(visible(text) for _, text in line) else []


def _broken(lines: Iterable[list[Run]]) -> list[Run]:
    runs: list[Run] = []
    for line in lines:
        runs += [(line[0][0], BREAK), *line] if runs else line
    return runs


def _unlink_blanks(runs: Iterable[Run]) -> Iterator[Run]:
    """Yield runs without links on nothing but spaces, which cannot be read out or clicked."""
    for href, group in groupby(runs, key=lambda run: run[0].href):
        linked = list(group)
        if href and not any(visible(text) for _, text in linked):
            linked = [(marks._replace(href=None), text) for marks, text in linked]
        yield from linked


def _markup(runs: Iterable[Run]) -> str:
    out: list[str] = []
    current: list[str] = []
    pending = ""
    for marks, text in runs:
        if text == BREAK:
            pending = "<br>"
            continue
        wanted = _tags(marks)
        kept = _shared(current, wanted)
        out += [_END[tag[:2]] for tag in reversed(current[kept:])]
        out += [pending, *wanted[kept:], escape(text)]
        current, pending = wanted, ""
    return "".join(out + [_END[tag[:2]] for tag in reversed(current)])


_END = {"<a": "</a>", "<s": "</strong>", "<e": "</em>"}


def _tags(marks: Marks) -> list[str]:
    tags = [f"<a{attribute('href', marks.href)}>"] if marks.href else []
    return tags + ["<strong>"] * marks.strong + ["<em>"] * marks.em


def _shared(left: list[str], right: list[str]) -> int:
    """Return how many leading tags both lists share."""
    same = 0
    while same < min(len(left), len(right)) and left[same] == right[same]:
        same += 1
    return same
