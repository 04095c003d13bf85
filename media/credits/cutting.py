"""Cut a credit line at its separators, no known name in two."""

from __future__ import annotations

import re
from dataclasses import dataclass

from media.credits.name_shapes import ABBREVIATION, COMPANY_SUFFIX, NAME_SUFFIX
from media.credits.status import status_of
from media.credits.vocabulary import Vocabulary, fold, words_of

_SEPARATOR = re.compile(
    r"""(?P<courtesy>(?<!\w)courtesy\b(?:\ of\b)?\ ?:?\ ?)
      | (?P<copyright>(?:(?:™|\bTM\b)\ ?(?:&|and)?\ ?)?(?:©|\(c\)|\bcopyright\b)\ ?)
      | (?P<via>,?\ ?\b(?:via|through)\b:?\ )
      | (?P<bracket>\ ?[(\[](?!c\))|[)\]])
      | (?P<slash>\ ?[/\\]+\ ?)
      | (?P<semicolon>\ ?;\ ?)
      | (?P<bar>\ ?\|\ ?)
      | (?P<dash>\ [-–—]+\ ?|[-–—]+\ |[–—]+)
      | (?P<for>(?:^|(?<=[\s/]))(?-i:for|FOR)\ |(?:(?<=/)|(?<=/\ )|(?<=Images\ )|(?<=Image\ )|(?<=Magic\ ))For\ )
      | (?P<by>(?<=\bphoto)\ by\ )
      | (?P<and>\ (?:and|&|und|et)\ )
      | (?P<comma>\ ?,\ ?(?:(?:and|&)\ )?)
      | (?P<colon>:\ ?)""",
    re.VERBOSE | re.IGNORECASE,
)
SOFT = frozenset({"comma", "and"})
CLIENT_GOES_ON = SOFT | {"colon", "for"}


@dataclass(frozen=True)
class Piece:
    """A stretch of the line and the separator before it ("start" for the first)."""

    text: str
    after: str
    start: int
    end: int


def _cut(line: str) -> list[Piece]:
    pieces, position, separator = [], 0, "start"
    for match in _SEPARATOR.finditer(line):
        pieces.append(_piece(line, separator, position, match.start()))
        position, separator = match.end(), match.lastgroup or "start"
    pieces.append(_piece(line, separator, position, len(line)))
    return [piece for piece in pieces if piece.text.strip(".") or piece.after in {"courtesy", "copyright"}]


def _piece(line: str, after: str, start: int, end: int) -> Piece:
    return Piece(trim(line[start:end]), after, start, end)


def trim(text: str) -> str:
    text = text.strip(" ,\"“”'()[]™®*")
    return text if ABBREVIATION.search(text) else text.rstrip(".")


def _join(line: str, pieces: list[Piece], vocabulary: Vocabulary) -> list[Piece]:
    """Mend what was cut inside a name: "Robert Downey, Jr.", "Disney Enterprises, Inc.", "Arts & Entertainment"."""
    joined: list[Piece] = []
    index = 0
    while index < len(pieces):
        piece, index = _longest(line, pieces, index, vocabulary)
        suffix = piece.after == "comma" and (NAME_SUFFIX.fullmatch(piece.text) or COMPANY_SUFFIX.fullmatch(piece.text))
        if joined and (suffix or _is_second_half(line, joined, piece)):
            first = joined.pop()
            piece = _piece(line, first.after, first.start, piece.end)
        joined.append(piece)
    return joined


def _is_second_half(line: str, joined: list[Piece], piece: Piece) -> bool:
    """Return True for the "Oak Productions" of "Ember & Oak Productions"."""
    joint = line[joined[-1].end : piece.start].strip() if joined else ""
    is_first = joint == "&" and re.fullmatch(r"[A-Z][\w’'-]*", joined[-1].text) is not None
    return is_first and fold(piece.text.rpartition(" ")[2]) in words_of("organisation_words")


def cut(line: str, vocabulary: Vocabulary) -> list[Piece]:
    """Return the pieces of a line between its separators, no known name cut in two."""
    return _join(line, _cut(line), vocabulary)


def _longest(line: str, pieces: list[Piece], index: int, vocabulary: Vocabulary) -> tuple[Piece, int]:
    first = pieces[index]
    for stop in range(min(index + 3, len(pieces) - 1), index, -1):
        inner = pieces[index + 1 : stop + 1]
        whole = _piece(line, first.after, first.start, pieces[stop].end)
        joints = all(piece.after in CLIENT_GOES_ON and not status_of(piece.text) for piece in inner)
        if joints and vocabulary.organisation(whole.text):
            return whole, stop + 1
    return first, index + 1
