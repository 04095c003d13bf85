"""What changed between two versions of a story, word by word. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from ..text import body
from . import fields

COMPARED = sorted((field for field in fields.FIELDS if field.compared), key=lambda field: field.compared)
NAMES = {field.name: field.label for field in COMPARED}
COUNTED = ("word_count", "reading_time_minutes")
_PIECE = re.compile(r"\w+ ?|[^\w\s] ?|\s+")


@dataclass(frozen=True)
class Piece:
    """A run of words: `kind` is same, added or removed."""

    kind: str
    text: str


@dataclass(frozen=True)
class Change:
    """One field that differs; `pieces` are its words in order."""

    field: str
    name: str
    pieces: tuple[Piece, ...]


def changed_fields(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    """Return the labels of the fields that differ."""
    return [_name(field) for field in _differing(old, new)]


def changes(old: dict[str, Any], new: dict[str, Any], labels: dict[str, str] | None = None) -> list[Change]:
    """Return every field that differs. `labels` are the names of photos, people and other rows by id, as text."""
    return [
        Change(field, _name(field), tuple(words(_text(field, old.get(field), labels), _text(field, new.get(field), labels))))
        for field in _differing(old, new)
    ]  # fmt: skip


def words(old: str, new: str) -> Iterator[Piece]:
    """Yield the words in both, and those in only one of them; removed words before added ones.

    Lines are compared first, and words only within lines that differ: a long story takes no longer than its changes.
    """
    before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    for kind, i1, i2, j1, j2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        removed, added = "".join(before[i1:i2]), "".join(after[j1:j2])
        if kind == "equal":
            yield Piece("same", removed)
        else:
            yield from _within(_PIECE.findall(removed), _PIECE.findall(added))


def _within(before: list[str], after: list[str]) -> Iterator[Piece]:
    for kind, i1, i2, j1, j2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            yield Piece("same", "".join(before[i1:i2]))
            continue
        if i2 > i1:
            yield Piece("removed", "".join(before[i1:i2]))
        if j2 > j1:
            yield Piece("added", "".join(after[j1:j2]))


def readable(html: str, labels: dict[str, str] | None = None) -> str:
    """Return a body as text for people to compare: one paragraph per line, photos and embeds named in brackets."""
    return "\n\n".join(_line(block, labels or {}) for block in body.split(html))


def _line(block: body.Block, labels: dict[str, str]) -> str:  # noqa: PLR0911
    match block:
        case body.PhotoBlock():
            return _photo(block, labels)
        case body.Gallery():
            photos = "\n".join(_photo(photo, labels) for photo in block.photos)
            return f"[Gallery]\n{photos}"
        case body.Embed():
            return f"[{block.provider}: {block.url}]"
        case body.Heading():
            return f"{'#' * block.level} {body.plain(block.html)}"
        case body.Divider():
            return "* * *"
        case body.ListBlock():
            return "\n".join(f"• {line}" for line in body.prose([block]).splitlines())
        case _:
            return body.prose([block])


def _photo(block: body.PhotoBlock, labels: dict[str, str]) -> str:
    own = f" — {body.plain(block.caption)}" if block.caption else ""
    return f"[Photo: {labels.get(str(block.photo), str(block.photo)[:8])}{own}]"


def _differing(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    first = [name for name in NAMES if name in old or name in new]
    names = dict.fromkeys([*first, *old, *new])
    return [name for name in names if name not in COUNTED and old.get(name) != new.get(name)]


def _name(field: str) -> str:
    return NAMES.get(field, field.replace("_", " ").capitalize())


def _text(field: str, value: Any, labels: dict[str, str] | None) -> str:
    labels = labels or {}
    if value is None:
        return ""
    if field == "body":
        return readable(value, labels)
    if isinstance(value, list):
        return "\n".join(_text(field, each[0] if isinstance(each, list) else each, labels) for each in value)
    return labels.get(f"{field}:{value}", labels.get(str(value), str(value)))
