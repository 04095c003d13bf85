"""Several credits in one line."""

from __future__ import annotations

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
    return tuple(Chain(each, parse(each, vocabulary)) for each in line.split("; ")) or (Chain(line, None),)
