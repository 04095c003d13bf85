"""A formatted story as lines that remember how they were set, for the reader of plain texts. Pure.

What other programs mean by their markup is `clipboard`'s to say. Added here is what only an import needs: pictures with
their captions, titles, and the empty lines that set paragraphs apart.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from uuid import UUID, uuid4

import nh3

from articles.imports.plain_text import normalised, unmarked
from articles.imports.story_head import Line, Picture, ends_sentence, word_count
from articles.text import embeds, inline_html
from articles.text.body import (
    PARAGRAPH_BREAK,
    Block,
    Divider,
    Heading,
    ListBlock,
    ListItem,
    Paragraph,
    PhotoBlock,
    PullQuote,
    Quote,
    plain,
    prose,
)
from articles.text.clipboard import PASTED_ATTRIBUTES, PASTED_TAGS, meant_blocks
from articles.text.sanitizer import INLINE, UNREADABLE, Node, Nodes, parse, visible

RICH = nh3.Cleaner(
    tags=PASTED_TAGS | {"img"},
    clean_content_tags=UNREADABLE | {"del"},
    attributes=PASTED_ATTRIBUTES | {"img": {"src", "alt", "width", "height"}},
    url_schemes={"http", "https", "mailto", "article"},
    link_rel=None,
)

# Ids that this module gives to blocks to find them again; those of the source are dropped first.
GAP, TITLE, STANDFIRST = "emptyline", "titleline", "standfirst"

_TITLES = {"MsoTitle", "title"}
_STANDFIRSTS = {"MsoSubtitle", "subtitle"}
_CAPTIONS = {"MsoCaption", "caption", "wp-caption-text"}
_LINES = {"p", "div", "h1", "h2", "h3", "h4", "h5", "h6"}
_CONTAINERS = {"div", "body", "article", "section", "main", "center"}
_RULE = re.compile(r"\.([\w-]{1,80})\s{0,20}\{([^{}]{0,2000})\}")
_FACE = re.compile(r"font-(?:weight|style)\s*:[^;]*")
_SMALLEST = 48
_LONGEST_EMOJI = 4


def read(html: str) -> list[Line]:
    """Return the lines of any HTML, in order. Never raises."""
    tree = _Tree(html)
    blocks = meant_blocks(tree.nodes)
    gaps = sum(isinstance(block, Divider) and block.id == GAP for block in blocks)
    return list(_numbered(blocks, tree.pictures, is_spaced=gaps * 3 >= len(blocks)))


# ---- the tree --------------------------------------------------------------------------------------------------------


class _Tree:
    """The elements of a document, with its pictures as figures and its empty lines as rules that are known by their id."""

    def __init__(self, html: str) -> None:
        self.faces = _faces(html)
        self.pictures: dict[UUID, Picture | None] = {}
        self.nodes = self.prepared(parse(embeds.marked(html), RICH), in_flow=True)

    def prepared(self, nodes: Nodes, *, in_flow: bool = False) -> list[Node | str]:
        return [new for node in nodes for new in self.of(node, in_flow)]

    def of(self, node: Node | str, in_flow: bool) -> Iterator[Node | str]:
        if isinstance(node, str):
            yield node
            return
        node.attrs.pop("data-id", None)
        classes = set(node.attrs.get("class", "").split())
        if node.tag == "img":
            yield from self.picture(node)
        elif (node.tag == "figure" and "data-photo" not in node.attrs) or "wp-caption" in classes:
            yield from self.figure(node)
        elif in_flow and node.tag in _LINES and _is_blank(node):
            yield Node("hr", {"data-id": GAP})
        elif classes & _CAPTIONS:
            yield self.captioned(None, self.prepared(node.children))
        else:
            yield self.block(node, classes, in_flow)

    def block(self, node: Node, classes: set[str], in_flow: bool) -> Node:
        attrs = dict(node.attrs)
        if node.tag in INLINE:
            attrs["style"] = ";".join([*(self.faces.get(name, "") for name in sorted(classes)), attrs.get("style", "")])
        children = self.prepared(node.children, in_flow=in_flow and node.tag in _CONTAINERS)
        if node.tag == "h1" or (node.tag == "p" and classes & _TITLES):
            return Node("h1", {"data-id": TITLE}, children)
        if classes & _STANDFIRSTS:
            return Node("p", {"data-id": STANDFIRST}, children)
        return Node(node.tag, attrs, children)

    def picture(self, node: Node) -> Iterator[Node | str]:
        if any(_size(node, side) < _SMALLEST for side in ("width", "height")):
            alt = node.attrs.get("alt", "")
            yield from [alt] if alt and len(alt) <= _LONGEST_EMOJI else []
        else:
            yield self.captioned(Picture(node.attrs.get("src", ""), node.attrs.get("alt", "").strip()[:1000]))

    def captioned(self, picture: Picture | None, caption: Nodes = ()) -> Node:
        key = uuid4()
        self.pictures[key] = picture
        return Node("figure", {"data-photo": str(key)}, [Node("figcaption", {}, caption)] if caption else [])

    def figure(self, node: Node) -> Iterator[Node | str]:
        """Return a picture with the caption that stands in its figure; a figure without a picture is a mere container."""
        parts = list(_walk(node))
        pictures = [part for part in parts if part.tag == "img" and _size(part, "width") >= _SMALLEST]
        caption = next((part for part in parts if part.tag == "figcaption" or _is_captioned(part)), None)
        if len(pictures) != 1 or caption is None:
            yield Node("div", {}, self.prepared(node.children))
            return
        words = self.prepared(caption.children)
        made = next(self.picture(pictures[0]))
        if isinstance(made, Node):
            made.append(Node("figcaption", {}, words))
        yield made
        yield from self.prepared(_without(node, {id(pictures[0]), id(caption)}).children)


def _faces(html: str) -> dict[str, str]:
    """Return what the style sheet of a document says of bold and italics, by class."""
    sheets, lower = list[str](), html.lower()
    start = lower.find("<style")
    while start >= 0 and (end := lower.find("</style", start)) >= 0:
        sheets.append(html[start:end])
        start = lower.find("<style", end)
    rules = (rule for sheet in sheets for rule in _RULE.findall(sheet))
    return {name: ";".join(_FACE.findall(said)) for name, said in rules}


def _size(node: Node, side: str) -> int:
    said = node.attrs.get(side, "").removesuffix("px")
    return int(said[:6]) if said.isdecimal() and said.isascii() else _SMALLEST


def _is_captioned(node: Node) -> bool:
    return bool(set(node.attrs.get("class", "").split()) & _CAPTIONS)


def _walk(node: Node) -> Iterator[Node]:
    for child in node.children:
        if isinstance(child, Node):
            yield child
            yield from _walk(child)


def _without(node: Node, gone: set[int]) -> Node:
    kept = (child for child in node.children if id(child) not in gone)
    return Node(node.tag, node.attrs, [_without(child, gone) if isinstance(child, Node) else child for child in kept])


def _is_blank(node: Node) -> bool:
    return not any(
        visible(child)
        if isinstance(child, str)
        else child.tag in {"img", "hr", "figure", "div"} or not _is_blank(child)
        for child in node.children
    )


# ---- the lines -------------------------------------------------------------------------------------------------------


def _numbered(blocks: Iterable[Block], pictures: Mapping[UUID, Picture | None], *, is_spaced: bool) -> Iterator[Line]:
    number, gap, below = 0, True, False
    for block in blocks:
        if isinstance(block, Divider) and block.id == GAP:
            gap = True
            continue
        for line in _lines(block, pictures):
            number += 1
            after_gap = not line.goes_on and (gap or not is_spaced)
            yield replace(line, start=number, end=number, after_gap=after_gap, below_picture=below and not line.goes_on)
            gap, below = False, line.mark == "picture"


def _lines(block: Block, pictures: Mapping[UUID, Picture | None]) -> Iterator[Line]:
    match block:
        case Paragraph(id=id, html=html):
            lines = [line for line in map(_line, inline_html.lines(html)) if line.text]
            for number, line in enumerate(lines):
                yield replace(line, goes_on=number > 0, mark="standfirst" if id == STANDFIRST else line.mark)
        case Heading(id=id, level=level, html=html):
            yield _set(html, mark="heading", level=1 if id == TITLE else level)
        case PhotoBlock(photo=key, caption=caption) if key in pictures and (caption or pictures[key]):
            yield _set(caption or "", mark="photo" if caption else "picture", picture=pictures[key])
        case ListBlock(items=items):
            yield _set("\n".join(_items(items)), mark="list", block=block)
        case Quote(html=html) | PullQuote(html=html):
            yield _set(html.replace(PARAGRAPH_BREAK, "\n"), mark="quote", block=block)
        case _:
            yield replace(_set("", mark="kept", block=block), text=" ".join(prose([block]).split()))


def _set(html: str, **how) -> Line:
    text = "\n".join(" ".join(normalised(plain(line)).split()) for line in html.split("\n"))
    return Line(0, 0, text, True, html=html, **how)


def _items(items: Iterable[ListItem]) -> Iterator[str]:
    for item in items:
        yield item.html
        yield from _items(item.items)


def _line(html: str) -> Line:
    """Return a line of a paragraph; a sign at its start may mark it, as in a plain text."""
    line = _set(html)
    mark, level, bare = unmarked(line.text) if not line.text.startswith("**") else ("", None, line.text)
    rest = inline_html.after(html, line.text[: len(line.text) - len(bare)]) if mark not in {"", "divider"} else None
    if rest is not None:
        return replace(line, mark=mark, level=level, text=bare, html=rest)
    if mark == "divider":
        return replace(line, mark=mark)
    is_heading = inline_html.is_bold(html) and word_count(line.text) <= 14 and not ends_sentence(line.text)
    return replace(line, mark="bold" if is_heading else "")
