"""What changed between two versions of a story, word by word. Pure."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby, takewhile
from typing import Any

from ..text import body
from ..text.merge import rising
from . import fields

COMPARED = sorted((field for field in fields.FIELDS if field.compared), key=lambda field: field.compared)
NAMES = {field.name: field.label for field in COMPARED}
COMPARED_AT_ONCE = 150
"""So many lines, or words of a line, are compared each with each."""
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
    runs = _runs(old.splitlines(keepends=True), new.splitlines(keepends=True))
    pieces = (piece for run in runs for piece in _within(*run) if piece.text)
    for kind, alike in groupby(pieces, key=lambda piece: piece.kind):
        yield Piece(kind, "".join(piece.text for piece in alike))


Run = tuple[Sequence[str], Sequence[str]]
"""What stood there, and what stands there instead; the same where nothing changed."""


def _within(before: Sequence[str], after: Sequence[str]) -> Iterator[Piece]:
    if before == after:
        yield Piece("same", "".join(before))
        return
    for removed, added in _runs(_PIECE.findall("".join(before)), _PIECE.findall("".join(after))):
        if removed == added:
            yield Piece("same", "".join(removed))
            continue
        yield from [Piece("removed", "".join(removed)), Piece("added", "".join(added))]


def _runs(before: list[str], after: list[str]) -> Iterator[Run]:
    """Yield what is the same and what differs, in order.

    The usual comparison takes the square of a text and more. So a long one is cut at whatever stands once on either
    side, and where nothing does, all of it counts as changed.
    """
    i = j = 0
    cuts = [] if _is_short(before, after) else _cuts(before, after)
    for left, right in [*cuts, (len(before), len(after))]:
        yield from _compared(before[i:left], after[j:right])
        i, j = left, right


def _is_short(before: Sequence[str], after: Sequence[str]) -> bool:
    return len(before) * len(after) <= COMPARED_AT_ONCE**2


def _cuts(before: list[str], after: list[str]) -> list[tuple[int, int]]:
    """Return where something stands that both have once: the longest row of such places in the same order."""
    old, new = Counter(before), Counter(after)
    places = {item: place for place, item in enumerate(after) if new[item] == 1}
    twins = [(i, places[item]) for i, item in enumerate(before) if old[item] == 1 and item in places]
    return [twins[at] for at in rising([place for _, place in twins])]


def _compared(before: list[str], after: list[str]) -> Iterator[Run]:
    first = _alike(before, after)
    last = _alike(before[first:][::-1], after[first:][::-1])
    left, right = before[first : len(before) - last], after[first : len(after) - last]
    yield before[:first], before[:first]
    if _is_short(left, right):
        for _, i1, i2, j1, j2 in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
            yield left[i1:i2], right[j1:j2]
    else:
        yield left, right
    yield (before[len(before) - last :],) * 2


def _alike(before: Iterable[str], after: Iterable[str]) -> int:
    """Return how many of the first items are the same."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(before, after, strict=False)))


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
            return f"[{block.address.provider}: {block.address.url}{_own(block.caption)}]"
        case body.Heading():
            return f"{'#' * block.level} {body.plain(block.html)}"
        case body.Divider():
            return "* * *"
        case body.ListBlock():
            return "\n".join(f"• {line}" for line in body.prose([block]).splitlines())
        case _:
            return body.prose([block])


def _photo(block: body.PhotoBlock, labels: dict[str, str]) -> str:
    return f"[Photo: {labels.get(str(block.photo), str(block.photo)[:8])}{_own(block.caption)}]"


def _own(caption: str | None) -> str:
    return f" — {body.plain(caption)}" if caption else ""


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
