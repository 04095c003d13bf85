"""Reads queries, prepares text for the index and highlights matches. Pure: the same on every database.

Text is folded to plain words before it reaches an index: small letters, accents and apostrophes gone (“Beyoncé’s” →
“beyonces”), Chinese and Japanese one character a word. A query is read as terms of such words, so that nothing a
reader types can be an operator of the database's own query language.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from html import escape
from typing import Literal

LONGEST_QUERY = 200
"""How many characters of a query are read; the rest is ignored."""
MOST_WORDS = 12
LONGEST_WORD = 60
LONGEST_TEXT = 200_000
SNIPPET_LENGTH = 220
NORMALIZED_AT_ONCE = 500

_LETTERS = {
    "ß": "ss", "ẞ": "ss", "æ": "ae", "Æ": "ae", "œ": "oe", "Œ": "oe", "ø": "o", "Ø": "o", "đ": "d", "Đ": "d",
    "ð": "d", "Ð": "d", "þ": "th", "Þ": "th", "ł": "l", "Ł": "l", "ı": "i", "ħ": "h", "Ħ": "h",
}  # fmt: skip
_SPECIAL = str.maketrans(_LETTERS)
_MARKS = re.compile("[\u0300-\u036f\u0483-\u0487\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u3099\u309a]+")
_APOSTROPHE = re.compile(r"['’ʼ`](?<=\w.)(?=\w)")
_IDEOGRAPH = re.compile("([\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff])")
_WORD = re.compile(r"[^\W_]+")
_TERM = re.compile(r'(?P<minus>(?<!\S)[-–−]?)(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))')
_QUOTES = str.maketrans({"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "\x00": " "})
_GAP = r"[\W_]*"
_END = r"(?![^\W_])"
_ENDING = r"(?:s|es|ed|er|ers|ing|ings|ly|ies|y|e)?"
_SUFFIX = re.compile(r"(?:ings|ing|ies|ers|ed|er|es|ly|s|e|y)$")


def fold(text: str) -> str:
    """Return text in small letters without accents; ligatures and the like in plain letters."""
    if text.isascii():
        return text.lower()
    # Only words that are not ASCII need the slow path; a curly quote elsewhere does not make the whole text slow.
    return " ".join([word if word.isascii() else _folded(word) for word in text.split(" ")]).lower()


def _folded(text: str) -> str:
    plain = _MARKS.sub("", normalized("NFKD", text.translate(_SPECIAL)))
    return normalized("NFKC", plain).lower().translate(_SPECIAL)


def normalized(form: Literal["NFC", "NFKC", "NFKD"], text: str) -> str:
    """Return text in a form of Unicode, in pieces: a row of accents on one letter takes the square of its length."""
    if len(text) <= NORMALIZED_AT_ONCE:
        return unicodedata.normalize(form, text)
    pieces = (text[start : start + NORMALIZED_AT_ONCE] for start in range(0, len(text), NORMALIZED_AT_ONCE))
    return "".join(unicodedata.normalize(form, piece) for piece in pieces)


def words(text: str) -> list[str]:
    """Return the words an index keeps of a text."""
    joined = _APOSTROPHE.sub("", fold(text[:LONGEST_TEXT]))
    if not joined.isascii():
        joined = _IDEOGRAPH.sub(r" \1 ", joined)
    return [word[:LONGEST_WORD] for word in _WORD.findall(joined)]


@dataclass(frozen=True)
class Term:
    """Words that must be next to each other; with `prefix` the last one may be unfinished."""

    words: tuple[str, ...]
    prefix: bool = False
    excluded: bool = False

    def __str__(self) -> str:
        text = " ".join(self.words)
        return (
            f"{'-' if self.excluded else ''}{text}"
            if len(self.words) == 1
            else f'{"-" if self.excluded else ""}"{text}"'
        )


@dataclass(frozen=True)
class Query:
    terms: tuple[Term, ...]

    @property
    def wanted(self) -> tuple[Term, ...]:
        return tuple(term for term in self.terms if not term.excluded)

    @property
    def unwanted(self) -> tuple[Term, ...]:
        return tuple(term for term in self.terms if term.excluded)

    @property
    def finished(self) -> "Query":
        """Return the query with the last word as it is typed, which may go on otherwise."""
        return Query(tuple(replace(term, prefix=False) for term in self.terms))

    @property
    def text(self) -> str:
        """Return the words searched for, folded, to compare with names that may be misspelled."""
        return " ".join(word for term in self.wanted for word in term.words)

    @property
    def comparable(self) -> bool:
        """Return True if a word is long enough to look for similar names."""
        return any(len(word) > 2 for term in self.wanted for word in term.words)

    def __bool__(self) -> bool:
        return bool(self.wanted)

    def __str__(self) -> str:
        """Return the query as somebody might type it."""
        return " ".join(map(str, self.terms))


def parse(text: str, *, shortest: int = 3) -> Query:
    """Return the query somebody typed: words, "phrases", -excluded words. Never raises.

    The last word may be unfinished once it has `shortest` letters.
    """
    text = text[:LONGEST_QUERY].translate(_QUOTES)
    terms: list[Term] = []
    for found in _TERM.finditer(text):
        term = _term(found, unfinished=shortest if found.end() == len(text) else LONGEST_QUERY)
        if term.words and sum(len(each.words) for each in terms) < MOST_WORDS:
            terms.append(term)
    return Query(tuple(terms))


def _term(found: re.Match[str], *, unfinished: int) -> Term:
    phrase, excluded = found["phrase"], bool(found["minus"])
    parts = tuple(words(phrase if phrase is not None else found["word"])[:MOST_WORDS])
    going_on = phrase is None and not excluded and bool(parts) and _may_go_on(parts[-1], unfinished)
    return Term(parts, prefix=going_on, excluded=excluded)


def _may_go_on(word: str, shortest: int) -> bool:
    return len(word) >= (shortest if word.isascii() else shortest - 1) or _is_korean(word)


def _is_korean(word: str) -> bool:
    """Return True for Korean, where particles follow names, so that a name is only the beginning of a word."""
    return "\uac00" <= word[-1] <= "\ud7a3"


# Similar names


def suffixes(name: str) -> list[str]:
    """Return a name folded, whole and from each later word on: “ana de armas”, “de armas”, “armas”."""
    parts = words(name)[:8]
    found = [" ".join(parts[start:]) for start in range(len(parts))]
    return [each for index, each in enumerate(found) if index == 0 or len(each) > 2]


def trigrams(text: str) -> set[str]:
    """Return the trigrams PostgreSQL's pg_trgm makes of words."""
    padded = [f"  {word} " for word in text.split()]
    return {word[start : start + 3] for word in padded for start in range(len(word) - 2)}


def similarity(one: str, other: str) -> float:
    """Return how similar two folded names are, from 0 to 1, as pg_trgm's similarity() does."""
    ours, theirs = trigrams(one), trigrams(other)
    return len(ours & theirs) / len(ours | theirs) if ours and theirs else 0.0


# Highlights


def highlight(text: str, query: Query) -> str:
    """Return the whole text as HTML, with the words looked for in `<mark>`."""
    text = normalized("NFC", text)
    return _marked(text, list(_spans(text, query)))


def snippet(text: str, query: Query, length: int = SNIPPET_LENGTH) -> str:
    """Return the part of a text around the first word looked for, as HTML; its beginning when there is none."""
    text = normalized("NFC", text)
    spans = list(_spans(text, query))
    start = max(0, spans[0][0] - length // 3) if spans else 0
    if start:
        start = text.rfind(" ", 0, start) + 1
    end = start + length
    if end < len(text):
        end = max(text.rfind(" ", start, end), start + length // 2)
    shown = [(left - start, right - start) for left, right in spans if left >= start and right <= end]
    marked = _marked(text[start:end].rstrip(), shown)
    return f"{'… ' if start else ''}{marked}{' …' if end < len(text) else ''}"


def _marked(text: str, spans: Sequence[tuple[int, int]]) -> str:
    parts, done = [], 0
    for left, right in spans:
        parts += [escape(text[done:left]), "<mark>", escape(text[left:right]), "</mark>"]
        done = right
    return "".join([*parts, escape(text[done:])])


def _spans(text: str, query: Query) -> Iterator[tuple[int, int]]:
    pattern = _pattern(query)
    if pattern:
        yield from (found.span() for found in pattern.finditer(_flat(text)))


def _pattern(query: Query) -> re.Pattern[str] | None:
    choices = [_term_pattern(term) for term in query.wanted]
    return re.compile(rf"(?<![^\W_])(?:{'|'.join(sorted(choices, key=len, reverse=True))})") if choices else None


def _term_pattern(term: Term) -> str:
    *before, last = term.words
    return _GAP.join([*map(_inflected, before), rf"{re.escape(last)}\w*" if term.prefix else _inflected(last)])


def _inflected(word: str) -> str:
    """Return a pattern for a word and its common English endings: “films” also marks “film” and “filming”."""
    if not _WORD.fullmatch(word) or not word.isascii() or len(word) < 4:
        return rf"{re.escape(word)}(?:['’]?s)?{_END}" if word.isascii() else re.escape(word)
    return rf"{re.escape(_SUFFIX.sub('', word))}{_ENDING}(?:['’]s)?{_END}"


def _flat(text: str) -> str:
    """Return a text folded letter by letter, so that places in it are places in the original."""
    if text.isascii():
        return text.lower()
    return "".join(char.lower() if char.isascii() else fold(char)[:1] or char for char in text)
