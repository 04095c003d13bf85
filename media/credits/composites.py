"""Several credits in one line."""

from __future__ import annotations

import re
from dataclasses import dataclass

from media.credits.line import CreditParts, Vocabulary, parse


@dataclass(frozen=True)
class Chain:
    """One credit of a line: its words, what they say (None is "to check"), and where in the picture it holds."""

    line: str
    parts: CreditParts | None
    place: str | None = None


def chains(line: str, vocabulary: Vocabulary) -> tuple[Chain, ...]:
    """Return the credits of a line in order."""
    found = [re.fullmatch(r"(.*?)(?: \((\w+)\))?", each) for each in line.split("; ")]
    return tuple(Chain(each[1], parse(each[1], vocabulary), each[2]) for each in found if each)
