"""Takes instructions apart into clauses of words that are known by what they do, each with its place in the text.

Pure. A word that is not known is kept as such: whoever reads the clauses must say that it was not understood.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from . import instants
from .instruction_words import CHANNEL_WORDS, COUNTED_FROM, KINDS, THINGS, TURNS
from .territories import folded, named, words_of

MOST = 8_000
"""So many letters of instructions are read; what follows is left to a person."""
_LONGEST = 7


@dataclass(frozen=True)
class Lexeme:
    """A word or a phrase: what it does (`kind`), what it stands for (`value`), and where it is in the text."""

    kind: str
    value: Any
    start: int
    end: int


@cache
def _turns() -> list[tuple[str, re.Pattern[str]]]:
    return [
        (condition, re.compile(rf"\b(?:{'|'.join(forms)})(?!\w)".replace(" ", r"\s+"), re.IGNORECASE))
        for condition, forms in TURNS.items()
    ]


@cache
def _phrases() -> tuple[dict[tuple[str, ...], tuple[str, Any]], dict[tuple[str, ...], tuple[str, Any]]]:
    """Return the phrases word for word, and those whose last word may end in any way."""
    whole: dict[tuple[str, ...], tuple[str, Any]] = {}
    open_ended: dict[tuple[str, ...], tuple[str, Any]] = {}
    tables: list[tuple[str, str, Any]] = [*((words, kind, None) for kind, words in reversed(KINDS.items()))]
    tables += [(words, "channel", channels) for words, channels in CHANNEL_WORDS.items()]
    tables += [(words, "thing", meanings) for words, meanings in THINGS.items()]
    for words, kind, value in tables:
        for phrase in words.split("|"):
            (open_ended if phrase.endswith("*") else whole)[words_of(folded(phrase))] = (kind, value)
    return whole, open_ended


_NUMBERS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "ten": 10, "twelve": 12, "fourteen": 14,
    "twenty four": 24, "thirty": 30, "forty eight": 48, "sixty": 60, "ninety": 90, "einen": 1, "zwei": 2, "drei": 3,
    "un": 1, "une": 1, "deux": 2, "trois": 3, "una": 1, "dos": 2, "tres": 3, "due": 2, "tre": 3,
}  # fmt: skip
# Unit -> its days: the fewest and the most it can be.
_UNITS = {
    "hour": (1 / 24, 1 / 24), "hr": (1 / 24, 1 / 24), "stunde": (1 / 24, 1 / 24), "heure": (1 / 24, 1 / 24),
    "hora": (1 / 24, 1 / 24), "ora": (1 / 24, 1 / 24), "day": (1, 1), "tag": (1, 1), "jour": (1, 1), "dia": (1, 1),
    "giorno": (1, 1), "giorni": (1, 1), "week": (7, 7), "woche": (7, 7), "semaine": (7, 7), "semana": (7, 7),
    "settimana": (7, 7), "settimane": (7, 7), "month": (28, 31), "monat": (28, 31), "moi": (28, 31), "mes": (28, 31),
    "mese": (28, 31), "mesi": (28, 31), "year": (365, 366), "jahr": (365, 366), "an": (365, 366), "ore": (1 / 24, 1 / 24),
}  # fmt: skip
_SPAN = re.compile(
    rf"\b(\d{{1,3}}|{'|'.join(_NUMBERS)})\s*-?\s*(?:calendar |working |consecutive )?"
    rf"({'|'.join(sorted(_UNITS, key=len, reverse=True))})(?:s|es|n|en)?\b(?:\s+{COUNTED_FROM})?",
    re.IGNORECASE,
)
_BREAK = re.compile(
    r"[;\n\r|•*!\[\]]+|(?<![\s.(][A-Za-z])(?<!^[A-Za-z])\.(?=\s|$)|\s-+\s"
    r"|/(?=\s*(?:NO|NOT|FOR|EDITORIAL|MANDATORY|CREDIT|RESTRICTED|EMBARGO\w*|SOLO|PAS|KEINE?)\b)",
)
_ABBREVIATED = re.compile(
    r"\b(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|Mon|Tues?|Wed|Thu|Fri|Sat|Sun|excl?|exc?|EE|p|ca|bzw)\.$", re.I
)
_GOES_ON = re.compile(r"\s*\(?(?:" + "|".join(KINDS["except"].split("|")) + r")\b", re.IGNORECASE)
_TOKEN = re.compile(r"[^\W_]+|[,/&+:\"()]")
_SIGNS = {",": "comma", "/": "and", "&": "and", "+": "and", ":": "colon", '"': "quote", "(": "bracket", ")": "bracket"}


def clauses(text: str) -> Iterator[tuple[str, list[Lexeme]]]:
    """Yield each clause in its words, with its lexemes."""
    text = text[:MOST]
    plain = folded(text)
    fixed = _fixed(plain)
    start = 0
    for end, resume in [*_breaks(plain, fixed), (len(plain), len(plain))]:
        words = text[start:end].strip(" \t.,:/-")
        if found := list(_lexemes(plain, start, end, fixed)):
            yield words[:1_000], found
        start = resume


def _breaks(plain: str, fixed: dict[int, Lexeme]) -> Iterator[tuple[int, int]]:
    inside = [(lexeme.start, lexeme.end) for lexeme in fixed.values()]
    for match in _BREAK.finditer(plain):
        start, end = match.span()
        kept = any(first <= start < last for first, last in inside)
        kept |= plain.count("(", 0, start) > plain.count(")", 0, start) and match[0][0] not in "\n\r"
        if kept or _ABBREVIATED.search(plain, max(0, start - 8), start + 1) or _GOES_ON.match(plain, end):
            continue
        yield start, end


def _fixed(plain: str) -> dict[int, Lexeme]:
    """Return dates, spans of time and whole turns of phrase by where they begin; what begins first wins."""
    found = [Lexeme("when", plain[start:end], start, end) for start, end in instants.spans(plain)]
    found += [Lexeme("span", _days(match), *match.span()) for match in _SPAN.finditer(plain)]
    for condition, pattern in _turns():
        found += [Lexeme("turn", condition, *match.span()) for match in pattern.finditer(plain)]
    kept: dict[int, Lexeme] = {}
    reached = 0
    for lexeme in sorted(found, key=lambda each: (each.start, -each.end)):
        if lexeme.start >= reached:
            kept[lexeme.start] = lexeme
            reached = lexeme.end
    return kept


def _days(match: re.Match[str]) -> tuple[float, float, bool]:
    """Return the fewest and the most days of a span, and whether it is one of hours."""
    count = int(match[1]) if match[1].isdigit() else _NUMBERS[match[1].lower()]
    least, most = _UNITS[match[2].lower()]
    return count * least, count * most, least < 1


def _lexemes(plain: str, start: int, end: int, fixed: dict[int, Lexeme]) -> Iterator[Lexeme]:
    at = start
    while token := _TOKEN.search(plain, at, end):
        if lexeme := next((fixed[each] for each in range(at, token.start() + 1) if each in fixed), None):
            yield lexeme
            at = max(lexeme.end, at + 1)
        elif token[0] in _SIGNS:
            yield Lexeme(_SIGNS[token[0]], None, *token.span())
            at = token.end()
        else:
            lexeme = _word(plain, token.start(), end, fixed)
            yield lexeme
            at = lexeme.end


def _word(plain: str, start: int, end: int, fixed: dict[int, Lexeme]) -> Lexeme:
    """Return the longest known phrase that begins here, or the single word as unknown."""
    end = min((each for each in fixed if start < each < end), default=end)
    tokens = list(_run(plain, start, end))
    words = [token[0] for token in tokens]
    length, place = named(words)
    known, kind, value = _known(tuple(word.lower() for word in words))
    if words[0].lower() == "non" and plain[tokens[0].end() :][:1] == "-" and named(words[1:])[1]:
        return Lexeme("except", None, *tokens[0].span())
    if place and length >= known:
        return Lexeme("place", place, start, tokens[length - 1].end())
    return Lexeme(kind, value, start, tokens[known - 1].end()) if known else Lexeme("unknown", None, *tokens[0].span())


def _run(plain: str, start: int, end: int) -> Iterator[re.Match[str]]:
    """Yield the words from here on that no sign parts."""
    for count, token in enumerate(re.finditer(r"[^\W_]+", plain[:end][start:])):
        if count == _LONGEST or (count and re.search(r"[,/&:\"()+]", plain[start : start + token.start()])):
            return
        yield re.compile(r"[^\W_]+").match(plain, start + token.start())  # type: ignore[misc]


def _known(words: tuple[str, ...]) -> tuple[int, str, Any]:
    whole, open_ended = _phrases()
    for length in range(len(words), 0, -1):
        key = words[:length]
        if key in whole:
            return (length, *whole[key])
        for cut in range(len(key[-1]), 1, -1):
            if (stem := (*key[:-1], key[-1][:cut])) in open_ended:
                return (length, *open_ended[stem])
    return 0, "unknown", None
