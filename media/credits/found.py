"""What a caption is once its credit is cut off."""

from __future__ import annotations

import re
from dataclasses import dataclass

from media.credits.composites import Chain, chains
from media.credits.grammar import CreditParts
from media.credits.label import Labelled
from media.credits.vocabulary import Vocabulary

WORD = re.compile(r"\S+")


@dataclass(frozen=True)
class Split:
    """A caption as received, cut in two. `credit_line` is None when the text carries no credit; `recognised` is False
    when it looks like a credit of unknown shape, which is kept as written, without parts, for a person to look at."""

    raw: str
    caption: str
    credit_line: str | None = None
    parts: CreditParts | None = None
    recognised: bool = True
    label: str = ""

    def chains(self, vocabulary: Vocabulary) -> tuple[Chain, ...]:
        """Return the credits of the line that was found, none where there is none."""
        return () if self.credit_line is None else chains(self.label + self.credit_line, vocabulary)

    def words(self, vocabulary: Vocabulary) -> str:
        """Return the credit's words to keep: with the label only where it decides how many credits they are."""
        line = self.credit_line or ""
        return line if not line or chains(line, vocabulary) == self.chains(vocabulary) else self.label + line


def taken(before: str, credit: Labelled, after: str, vocabulary: Vocabulary) -> Split:
    parts = credit.parts(vocabulary)
    return Split("", rejoined(before, after), credit.line, parts, parts is not None, credit.label)


def rejoined(before: str, after: str) -> str:
    before, after = before.rstrip(" \n\t|/,"), after.strip()
    before = before.removesuffix(" -").removesuffix(" –").removesuffix(" —")
    if after.strip(".,;:!? ") == "":
        return before.strip() + ("" if before[-1:] in ".!?…”\"'" or not before else after[:1].strip(",;:"))
    return f"{before.strip()} {after}".strip()
