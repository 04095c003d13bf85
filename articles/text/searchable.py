"""The text that search reads in delivered blocks and in stored bodies."""

import re
from collections.abc import Iterable, Iterator
from html import unescape
from typing import Any

_TAG = re.compile(r"<[^>]*>")
_MARKUP = re.compile(r'</?(\w+)((?:[^<>"]|"[^"]*")*)>')
_SAID = re.compile(r'data-(?:alt|cite|title)="([^"]*)"')
_INSIDE_WORDS = {"a", "b", "em", "i", "s", "strong", "sub", "sup", "u"}


def prose(blocks: Iterable[dict[str, Any]]) -> str:
    """Return what readers read in delivered blocks, as plain text: prose, lists, quotes and captions, no credits."""
    return " ".join(unescape(_TAG.sub("", html.replace("<br>", " "))) for html in _readable(blocks) if html)


def _readable(blocks: Iterable[dict[str, Any]]) -> Iterator[str]:
    for block in blocks:
        yield block.get("html") or block.get("caption_html") or ""
        yield from _readable(block.get("items", ()))
        yield from _readable(block.get("photos", ()))


def text_of(html: str) -> str:
    """Return the text of a stored body: what is read in it, with alt texts, titles of galleries and who is quoted."""
    return unescape(_MARKUP.sub(_between, html))


def _between(tag: re.Match[str]) -> str:
    said = _SAID.findall(tag[2]) if tag[2] else ()
    return "" if tag[1] in _INSIDE_WORDS else f" {' '.join(said)} "
