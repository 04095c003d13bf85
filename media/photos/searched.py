"""What a photo is found by, as the folded words an index keeps. Pure."""

import re
from dataclasses import dataclass
from datetime import datetime

from ..words.search_terms import words

LONGEST = 20_000
"""How many characters of what is said of a photo are read."""
MOST_CODES = 40
SHORTEST_NUMBER = 3
_PIECE = re.compile(r"\d+|[^\W\d_]+")


@dataclass(frozen=True)
class Searched:
    """What is known of one photo: texts, names of people and firms, the local time it was taken, and codes.

    Codes are the name of its file, its job's id and the supplier's.
    """

    texts: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    taken: datetime | None = None
    codes: tuple[str, ...] = ()

    @property
    def said(self) -> str:
        """Return the folded words that people wrote, to learn spellings from."""
        parts = [*self.texts, *(either_way(name) for name in self.names)]
        return " ".join(words(" · ".join(filter(None, parts))[:LONGEST]))

    @property
    def text(self) -> str:
        """Return all words it is found by."""
        codes = (code_words(code) for code in self.codes)
        return " ".join(filter(None, [self.said, day_words(self.taken) if self.taken else "", *codes]))


def either_way(name: str) -> str:
    """Return a name so that it is found from either end: “Ana de Armas Ana de” holds “Armas, Ana de” too."""
    parts = name.split()
    return " ".join([*parts, *parts[:-1]])


def day_words(taken: datetime) -> str:
    """Return a day as people type it: 2026-03-01, 20260301, 3/1/2026, 03/01/2026, 1.3.2026, March 1, 2026, 1 Mar 2026."""
    year, month, day = f"{taken:%Y}", taken.month, taken.day
    long, short = f"{taken:%B}".lower(), f"{taken:%b}".lower()
    written = [
        f"{taken:%Y %m %d %Y%m%d %y%m%d}",
        f"{month} {day} {year} {day} {month} {year}",
        f"{taken:%m %d %Y %d %m %Y}",
        f"{long} {day} {year} {short} {day} {year}",
        f"{day} {long} {year} {day} {short} {year}",
        f"{day}{_ordinal(day)}",
    ]
    return " ".join(written)


def _ordinal(day: int) -> str:
    return "th" if 10 < day % 100 < 14 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")


def code_words(code: str) -> str:
    """Return a file's name or an id as it is, in one piece and in its pieces: “IMG_0471.JPG” is found by 471 and img0471.jpg too."""
    found = words(code)
    stem, ending = (found[:-1], found[-1:]) if "." in code else (found, [])
    pieces = [piece for word in found for piece in _PIECE.findall(word)]
    numbers = [piece.lstrip("0") for piece in pieces if piece.isdigit()]
    long = [number for number in numbers if len(number) >= SHORTEST_NUMBER]
    whole = ["".join(stem), *ending] if len(stem) > 1 else []
    more = dict.fromkeys(word for word in (*pieces, *long) if word and word not in found)
    return " ".join([*found, *whole, *more][:MOST_CODES])
