"""Finds words in a version's content and replaces them. Pure.

Words are found as they are written: capitals count, parts of longer words do not; straight and curly quotes and
no-break spaces are alike. A match may run over bold, italic and links, and never over the end of a line.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from html import unescape
from itertools import accumulate
from typing import Any

from ..text import body
from ..text.reading_time import counted
from ..text.sanitizer import escape
from . import fields

FIELDS = {field.name: field.label for field in fields.FIELDS if field.searched}
CONTEXT = 70
_PART = re.compile(r"(<[^<>]*>)")
_ALIKE = {"'": "['’]", "’": "['’]", '"': '["“”]', "“": '["“”]', "”": '["“”]', " ": "[ \u00a0]"}


@dataclass(frozen=True)
class Place:
    """One place with the words: what it is, and the text before and after."""

    name: str
    before: str
    words: str
    after: str


def pattern(words: str) -> re.Pattern[str]:
    """Return what finds these words in plain text."""
    words = " ".join(words.split())
    spelled = "".join(_ALIKE.get(char, re.escape(char)) for char in words)
    starts = r"(?<!\w)" if re.match(r"\w", words) else ""
    ends = r"(?!\w)" if re.search(r"\w\Z", words) else ""
    return re.compile(starts + spelled + ends)


def places(content: dict[str, Any], words: str) -> list[Place]:
    """Return every place in a version with these words, in reading order."""
    wanted = pattern(words)
    texts = [(name, content.get(field) or "") for field, name in FIELDS.items()]
    found = [place for name, text in texts for place in in_text(name, text, wanted)]
    for block in body.split(content["body"]):
        found += [place for name, text in _texts(block) for place in in_text(name, text, wanted)]
    return found


def in_text(name: str, text: str, wanted: re.Pattern[str]) -> Iterator[Place]:
    """Yield the places of one plain text."""
    for match in wanted.finditer(text):
        left, right = max(0, match.start() - CONTEXT), match.end() + CONTEXT
        before, after = text[left : match.start()], text[match.end() : right]
        before = f"… {before.partition(' ')[2]}" if left else before
        after = f"{after.rpartition(' ')[0]} …" if right < len(text) else after
        yield Place(name, before.split("\n")[-1], match[0], after.split("\n")[0])


def corrected(content: dict[str, Any], words: str, instead: str) -> dict[str, Any]:
    """Return the content with the words replaced everywhere and counted again, or the same content if there are none."""
    if not places(content, words):
        return content
    wanted = pattern(words)

    def plain(text: str | None) -> str | None:
        return text and wanted.sub(lambda _: instead, text)

    def inline(html: str | None) -> str | None:
        return html and inline_with(html, wanted, instead)

    texts = {field: plain(content[field]) for field in FIELDS if content.get(field)}
    blocks = [_changed(block, plain, inline) for block in body.split(content["body"])]
    return counted(content | texts | {"body": body.sanitize(body.join(blocks))})


def inline_with(html: str, wanted: re.Pattern[str], instead: str) -> str:
    """Return clean inline HTML with the words replaced; the new words get the first old word's bold, italic or link."""
    parts = _PART.split(html)
    texts = [_shown(part) for part in parts]
    starts = list(accumulate((len(text) for text in texts), initial=0))
    edits: list[list[Edit]] = [[] for _ in parts]
    for match in wanted.finditer("".join(texts)):
        number, fresh = bisect_right(starts, match.start()) - 1, instead
        while starts[number] < match.end():
            if texts[number]:
                left, right = (min(max(edge - starts[number], 0), len(texts[number])) for edge in match.span())
                edits[number].append((left, right, fresh))
                fresh = ""
            number += 1
    return "".join(
        part if part.startswith("<") else escape(_edited(text, own))
        for part, text, own in zip(parts, texts, edits, strict=True)
    )


Edit = tuple[int, int, str]
"""Start and end of old words in a text, and what stands there instead."""


def _edited(text: str, edits: Iterable[Edit]) -> str:
    kept, done = [], 0
    for left, right, fresh in edits:
        kept += [text[done:left], fresh]
        done = right
    return "".join([*kept, text[done:]])


def _shown(part: str) -> str:
    """Return what a reader sees of a piece of HTML: a break ends a line, another tag shows nothing."""
    if part.startswith("<"):
        return "\n" if part == "<br>" else ""
    return unescape(part)


def _texts(block: body.Block) -> Iterator[tuple[str, str]]:
    """Yield the name and the plain text of everything readers get of a block."""
    match block:
        case body.PhotoBlock():
            yield from [("Caption", _plain(block.caption or "")), ("Alt text", block.alt or "")]
        case body.Embed():
            yield "Caption", _plain(block.caption or "")
        case body.Gallery():
            yield "Gallery title", block.title or ""
            for photo in block.photos:
                yield from _texts(photo)
        case body.Quote() | body.PullQuote():
            yield from [("Quote", _plain(block.html)), ("Who is quoted", block.cite or "")]
        case body.ListBlock():
            yield from (("List", text) for text in _item_texts(block.items))
        case body.Heading():
            yield "Heading", _plain(block.html)
        case body.Paragraph():
            yield "Text", _plain(block.html)


def _item_texts(items: tuple[body.ListItem, ...]) -> Iterator[str]:
    for item in items:
        yield _plain(item.html)
        yield from _item_texts(item.items)


def _plain(html: str) -> str:
    return "".join(_shown(part) for part in _PART.split(html))


Change = Callable[[str | None], str | None]


def _changed(block: body.Block, plain: Change, inline: Change) -> Any:  # noqa: PLR0911
    match block:
        case body.PhotoBlock():
            return replace(block, caption=inline(block.caption), alt=plain(block.alt))
        case body.Embed():
            return replace(block, caption=inline(block.caption))
        case body.Gallery():
            photos = tuple(_changed(photo, plain, inline) for photo in block.photos)
            return replace(block, title=plain(block.title), photos=photos)
        case body.Quote() | body.PullQuote():
            return replace(block, html=inline(block.html), cite=plain(block.cite))
        case body.ListBlock():
            return replace(block, items=tuple(_changed_item(item, inline) for item in block.items))
        case body.Heading() | body.Paragraph():
            return replace(block, html=inline(block.html))
    return block


def _changed_item(item: body.ListItem, inline: Change) -> body.ListItem:
    return replace(item, html=inline(item.html), items=tuple(_changed_item(each, inline) for each in item.items))
