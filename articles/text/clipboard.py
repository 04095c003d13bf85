"""What the clipboards of Word, Google Docs, Notes, WordPress, mail and chat programs hold, as the body we store.

These programs say "list", "quote" and "bold" in styles and class names. Each is turned into the element it means; then
the usual cleaning applies. Pictures, comments, hidden and deleted text stay behind.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from urllib.parse import parse_qs, urlsplit

import nh3

from articles.text import embeds, markdown
from articles.text.body import Block, Heading, Paragraph, blocks_of, join, sanitize
from articles.text.sanitizer import BOUNDARIES, INLINE, OWN, TEXT, UNREADABLE, Node, Nodes, parse

PASTED_TAGS = {*INLINE, *OWN, *BOUNDARIES, *TEXT, "cite"}
PASTED_ATTRIBUTES = {
    "*": {"data-id", "class", "style", "role", "aria-level", "data-aria-level", "data-indent"},
    "a": {"href"},
    **OWN,
}
PASTED = nh3.Cleaner(
    tags=PASTED_TAGS,
    clean_content_tags=UNREADABLE | {"del"},
    attributes=PASTED_ATTRIBUTES,
    url_schemes={"http", "https", "mailto", "article"},
    link_rel=None,
)

_QUOTE_CLASSES = {"MsoQuote", "MsoIntenseQuote", "Quote", "IntenseQuote"}
_COMMENT_CLASSES = {"MsoCommentReference", "MsoCommentText", "msocomanchor", "msocomtxt"}
_REDIRECTS = (
    (re.compile(r"(?:www\.)?google\.[a-z.]+/url"), "q"),
    (re.compile(r"[a-z0-9]+\.safelinks\.protection\.outlook\.com/?"), "url"),
    (re.compile(r"lm?\.facebook\.com/l\.php"), "u"),
)
_WORD_LIST = re.compile(r"(l\d+)\s+level(\d+)")
_DOCS_LIST = re.compile(r"\blst-(kix_\w+)-(\d)")
_NUMBER = re.compile(r"\(?(?:\d+|[a-z]|[ivxlcdm]+)[.):]", re.IGNORECASE)
_DEEPEST_LEVEL = 9
_NOTE_LISTS = {"footnote-list", "endnote-list"}
_BETWEEN_CELLS = " · "


def clean_pasted(html: str, text: str = "") -> str:
    """Return the stored form of clipboard HTML; `text` is the same as plain text. Never raises.

    Markdown counts where the HTML says no more than the text: programs for writers of code show its signs in colors.
    """
    blocks = meant_blocks(parse(embeds.marked(html), PASTED))
    if all(map(_says_nothing, blocks)) and (not blocks or markdown.is_markdown(text)):
        blocks = meant_blocks(parse(markdown.of_note(text), PASTED))
    return sanitize(join(blocks))


def meant_blocks(nodes: Nodes) -> tuple[Block, ...]:
    """Return the blocks that a tree from another program means."""
    return tuple(map(_unbolded, blocks_of(_restyled(nodes))))


def _says_nothing(block: Block) -> bool:
    """Return True for a paragraph of bare words."""
    return isinstance(block, Paragraph) and "<" not in block.html.replace("<br>", "")


def _unbolded(block: Block) -> Block:
    """Return a heading's contents without bold: a heading is bold anyway."""
    if not isinstance(block, Heading):
        return block
    return replace(block, html=block.html.replace("<strong>", "").replace("</strong>", ""))


def _restyled(nodes: Nodes) -> list[Node | str]:
    return list(_gathered([meant for node in nodes for meant in _meant(node)]))


def _meant(node: Node | str) -> Iterator[Node | str]:
    """Return what this element means: nothing if it is hidden, several elements for a list of Word on the web."""
    if isinstance(node, str):
        yield node
    elif _is_hidden(node):
        return
    elif "ListContainerWrapper" in _classes(node):
        yield from _web_items(node)
    elif node.attrs.get("data-indent", "").isdecimal() and node.tag in {"ul", "ol"}:
        yield from _chat_items(node)
    elif node.tag == "blockquote" or "wp-block-pullquote" in _classes(node):
        yield _quote(node)
    elif in_list := _DOCS_LIST.search(node.attrs.get("class", "")):
        yield from _docs_items(node, in_list[1], in_list[2])
    elif _style(node).get("mso-element") in _NOTE_LISTS:
        # The rule above the notes is drawn by Word, not by the writer.
        yield Node("div", {}, _restyled([child for child in node.children if _tag(child) != "hr"]))
    elif node.tag == "tr":
        yield _row(Node("tr", {}, _restyled(node.children)))
    elif _style(node).get("display") == "block" and node.tag == "span":
        yield Node("div", {}, _restyled(node.children))
    elif node.tag in INLINE or node.tag == "cite":
        yield _inline(node)
    else:
        yield Node(*_block(node), _restyled(node.children))


def _block(node: Node) -> tuple[str, dict[str, str]]:
    """Return the tag and attributes; `listed` and `quoted` are gathered with their neighbors afterwards."""
    if node.tag == "p" and (in_list := _WORD_LIST.match(_style(node).get("mso-list", ""))):
        return "listed", {"list": in_list[1], "level": in_list[2], "tag": "ol" if _is_numbered(node) else "ul"}
    if _classes(node) & _QUOTE_CLASSES:
        return "quoted", {}
    if node.attrs.get("role") == "heading" and node.attrs.get("aria-level", "") in set("123456"):
        return "h" + node.attrs["aria-level"], node.attrs
    return "h1" if "MsoTitle" in _classes(node) else node.tag, node.attrs


# ---- marks and links -------------------------------------------------------------------------------------------------


def _inline(node: Node) -> Node:
    style = _style(node)
    tag = node.tag if node.tag in {"a", "br"} else "span"
    meant = Node(tag, {"href": _direct(node.attrs.get("href", ""))}, _restyled(node.children))
    if _is_bold(style.get("font-weight", ""), node.tag in {"b", "strong"}):
        meant = Node("strong", {}, [meant])
    if _is_italic(style.get("font-style", ""), node.tag in {"i", "em"}):
        meant = Node("em", {}, [meant])
    return meant


def _is_bold(weight: str, by_tag: bool) -> bool:
    if weight.isdecimal():
        return int(weight[:4]) >= 600
    return weight in {"bold", "bolder"} if weight in {"bold", "bolder", "normal", "lighter"} else by_tag


def _is_italic(slant: str, by_tag: bool) -> bool:
    return slant in {"italic", "oblique"} if slant in {"italic", "oblique", "normal"} else by_tag


def _direct(href: str) -> str:
    """Return the target of a link that goes through a tracking or safety page."""
    try:
        parts = urlsplit(href)
        found = (
            parse_qs(parts.query).get(name) for page, name in _REDIRECTS if page.fullmatch(parts.netloc + parts.path)
        )
        return next((targets[0] for targets in found if targets), href)
    except ValueError:
        return href


def _is_hidden(node: Node) -> bool:
    style = _style(node)
    return (
        style.get("display") == "none"
        or style.get("mso-hide") == "all"
        or style.get("mso-list") == "ignore"
        or style.get("mso-element", "").startswith("comment")
        or bool(_classes(node) & _COMMENT_CLASSES)
        or _is_docs_comment(node)
    )


def _is_docs_comment(node: Node) -> bool:
    """Return True for the mark of a comment in a file of Google Docs, and for the comment at its end."""
    if node.tag == "a":
        return node.attrs.get("href", "").startswith("#cmnt")
    return node.tag == "div" and any(
        isinstance(part, Node) and part.attrs.get("href", "").startswith("#cmnt_ref")
        for line in node.children if isinstance(line, Node) for part in line.children
    )  # fmt: skip


def _style(node: Node) -> dict[str, str]:
    declarations = (part.partition(":") for part in node.attrs.get("style", "").lower().split(";"))
    return {name.strip(): value.strip() for name, _, value in declarations}


def _classes(node: Node) -> set[str]:
    return set(node.attrs.get("class", "").split())


def _tag(node: Node | str) -> str:
    return node.tag if isinstance(node, Node) else ""


# ---- tables ----------------------------------------------------------------------------------------------------------


def _row(row: Node) -> Node:
    """Return a row as one line with its cells side by side, or the row itself if a cell holds more than one line."""
    lines = [_line(cell.children) for cell in row.children if isinstance(cell, Node)]
    if None in lines:
        return row
    line: list[Node | str] = []
    for cell in filter(None, lines):
        line += [_BETWEEN_CELLS, *cell] if line else cell
    return Node("p", {}, line)


def _line(nodes: Nodes) -> list[Node | str] | None:
    """Return the contents of these if they are at most one line: words, or one paragraph."""
    filled = [node for node in nodes if (node.strip() if isinstance(node, str) else node.tag != "br")]
    for only in filled if len(filled) == 1 else ():
        if isinstance(only, Node) and only.tag in {"p", "div"}:
            return _line(only.children)
    return filled if all(isinstance(node, str) or node.inline for node in filled) else None


# ---- lists and quotes made of paragraphs -----------------------------------------------------------------------------


def _is_numbered(node: Node) -> bool:
    """Return True if Word's marker before an item is a number: `1.`, `b)`, `(iv)`. A bare `o` is a bullet."""
    return any(_NUMBER.match(_text(marker).strip()) for marker in _markers(node))


def _markers(node: Node) -> Iterator[Node]:
    for child in node.children:
        if isinstance(child, Node):
            yield from [child] if _style(child).get("mso-list") == "ignore" else _markers(child)


def _text(node: Node) -> str:
    return "".join(child if isinstance(child, str) else _text(child) for child in node.children)


def _web_items(wrapper: Node) -> Iterator[Node]:
    """Return the items of a list from Word on the web, which wraps each in its own list with its depth in an attribute."""
    for each in wrapper.children:
        if isinstance(each, Node) and each.tag in {"ul", "ol"}:
            for item in each.children:
                if isinstance(item, Node) and item.tag == "li":
                    level = item.attrs.get("data-aria-level") or item.attrs.get("aria-level", "")
                    yield Node("listed", {"list": "", "level": level, "tag": each.tag}, _restyled(item.children))


def _chat_items(one: Node) -> Iterator[Node]:
    """Return the items of a list from Slack, which says how deep a list is and nests none."""
    for item in one.children:
        if isinstance(item, Node) and item.tag == "li":
            level = str(int(one.attrs["data-indent"][:3]) + 1)
            yield Node("listed", {"list": "", "level": level, "tag": one.tag}, _restyled(item.children))


def _quote(node: Node) -> Node:
    """Return a quote, or a pull quote of WordPress, with the name that stands below it as its source."""
    inner = next((child for child in node.children if isinstance(child, Node) and child.tag == "blockquote"), None)
    held = inner if inner and node.tag == "figure" else node
    names = [child for child in held.children if isinstance(child, Node) and child.tag == "cite"]
    attrs = node.attrs | ({"data-cite": _text(names[-1]).strip()} if names else {})
    words = _restyled([child for child in held.children if child not in names])
    return (
        Node("aside", attrs | {"data-pull-quote": ""}, words)
        if node.tag == "figure"
        else Node("blockquote", attrs, words)
    )


def _docs_items(part: Node, name: str, level: str) -> Iterator[Node]:
    """Return the items of one level of a list in a file of Google Docs, which writes nested lists one after another."""
    for item in part.children:
        if isinstance(item, Node):
            yield Node(
                "listed", {"list": name, "level": str(int(level) + 1), "tag": part.tag}, _restyled(item.children)
            )


def _gathered(nodes: Nodes) -> Iterator[Node | str]:
    """Return neighboring `listed` nodes as nested lists, and neighboring `quoted` ones as one quote."""
    for kind, group in groupby(_without_spaces(nodes), key=_kind):
        together = list(group)
        if kind == "listed":
            yield from _lists([node for node in together if isinstance(node, Node)])
        elif kind == "quoted":
            yield Node("blockquote", {}, [Node("p", {}, node.children) for node in together if isinstance(node, Node)])
        else:
            yield from together


def _kind(node: Node | str) -> str:
    return node.tag if isinstance(node, Node) and node.tag in {"listed", "quoted"} else ""


def _without_spaces(nodes: Nodes) -> Iterable[Node | str]:
    """Return nodes without the line ends that would keep gathered paragraphs apart."""
    if not any(map(_kind, nodes)):
        return nodes
    return [node for node in nodes if isinstance(node, Node) or node.strip()]


def _lists(items: Sequence[Node]) -> list[Node]:
    lists: list[Node] = []
    last, first = "", 0
    while first < len(items):
        head = items[first]
        below = _below(items, first)
        item = Node("li", {}, [Node("p", {}, head.children), *_lists(below)])
        name = head.attrs["list"] + head.attrs["tag"]
        if name == last:
            lists[-1].append(item)
        else:
            lists.append(Node(head.attrs["tag"], {}, [item]))
        last, first = name, first + 1 + len(below)
    return lists


def _below(items: Sequence[Node], first: int) -> Sequence[Node]:
    """Return the items nested below the one at `first`."""
    level = _level(items[first])
    end = first + 1
    while end < len(items) and _level(items[end]) > level:
        end += 1
    return items[first + 1 : end]


def _level(item: Node) -> int:
    level = item.attrs["level"]
    return min(int(level[:3]), _DEEPEST_LEVEL) if level.isdecimal() else 1
