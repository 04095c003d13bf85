"""What stands in front of a credit: "Photo by", "Image credit:", "CreditCredit", "Foto:"."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from media.credits.grammar import CreditParts, Reading, read
from media.credits.vocabulary import Vocabulary

_LONGEST_TEXT = 1000

NOUN = (
    r"(?:photo(?:graph(?:ed)?)?s?|photo-?illustrations?|photography|photographers?|pictures?|pics?|images?|stills?"
    r"|visuals?|videos?|illustrations?|artworks?|fotos?|bild(?:er)?|imagen(?:es)?|fotograf[íi]as?)"
)
LABEL = re.compile(
    rf"""(?:
        screen\ ?(?:grab|shot)s?(?:\ ?:|\ (?:via|from|by)\b)
      | (?:©\ ?)?(?:provided|supplied|submitted)\ by\b:?
      | (?:(?:file|pool|handout|staff|express|main|lead|featured?|header|undated|representative)\ )?
        {NOUN}(?:/{NOUN})?
        (?:\ ?(?:cr[ée]dit(?:s|os?)?|sources?|copyright)\b(?:\ should\ read|\ ?:|,|\ by\b:?|\.\.\.|…|\ ?/|\ [-–—])?
          |\ (?:taken\ )?(?P<by>by|von)\b:?|\ (?:provided|supplied|submitted|released)\ (?:by|to)\b|\ courtesy\ ?:
          |\ (?:via|from)\b:?|\ ?:|\ ?[/|]|\ [-–—]\ |(?=\ (?:courtesy\b|©|@)))
      | (?:photo)?credit(?:photo)?credit(?:\.\.\.|…|:)?
      | (?:photo\ |mandatory\ )?cr[ée]dit(?:s|os?)?\ ?(?:photos?\ ?)?(?:to\ ?)?(?:\.\.\.|…|:)
      | (?-i:Credit)(?=(?-i:[A-Z]))
      | (?:source|courtesy|copyright|composites?|(?-i:File))\ ?:|(?-i:C[Rr]|P[Hh]|ph)[.:]
    )\ ?""",
    re.VERBOSE | re.IGNORECASE,
)
_LABEL_STATUS = re.compile(r"\b(?:file|pool|handout|staff|composite)(?=s?\b)", re.IGNORECASE)
_COPYRIGHT_SIGN = re.compile(r"(?:©|\(c\)|copyright\b)\s*", re.IGNORECASE)
_BARE_COURTESY = re.compile(r"courtesy\s+(?=@?[a-z0-9._]+$)")
_SECOND_LABEL = re.compile(
    r"(?<=\S)(?:\.?\s+|(?<=[a-z]))(?:Source|Credit|Styl(?:ing|ist)|Grooming|Hair|Make-?up)\b[^:]{0,20}:.*$"
)


@dataclass(frozen=True)
class Labelled:
    """A credit cut into its label ("Photo by ") and the rest."""

    label: str
    rest: str
    by: bool = False
    status: str | None = None

    @classmethod
    def of(cls, text: str, depth: int = 3) -> Labelled:
        """Cut the label off; "Credit: Photo by" is two, and no more than three are looked for."""
        match = LABEL.match(text := text.strip()) if depth else None
        if not match:
            return cls("", _SECOND_LABEL.sub("", text[:_LONGEST_TEXT]))
        inner = cls.of(text[match.end() :], depth - 1)
        status = _LABEL_STATUS.search(match[0])
        by = bool(match["by"]) or "grapher" in match[0].lower()
        return replace(
            inner, label=match[0] + inner.label, by=by or inner.by, status=status[0].title() if status else inner.status
        )

    def read(self, vocabulary: Vocabulary) -> Reading:
        courtesy = "courtesy" in self.label.lower() and ":" in self.label
        return read(f"courtesy: {self.rest}" if courtesy else self.rest, vocabulary, by=self.by)

    def parts(self, vocabulary: Vocabulary) -> CreditParts | None:
        parts = self.read(vocabulary).parts
        if parts and self.status and self.status not in parts.status:
            return replace(parts, status=(*parts.status, self.status))
        return parts

    @property
    def is_explicit(self) -> bool:
        """Return True if the label can mean nothing but a credit, as "Photo credit:" and "Photo by" do."""
        return self.by or "credit" in self.label.lower()

    @property
    def line(self) -> str:
        line = _COPYRIGHT_SIGN.sub("", self.rest, count=1) if _COPYRIGHT_SIGN.match(self.rest) else self.rest
        return _tidy(_BARE_COURTESY.sub("", line))


def _tidy(line: str) -> str:
    line = " ".join(line.split()).strip(" ,;|").removesuffix(" /")
    line = re.sub(r" [-–—]+$", "", line)
    if line.endswith(".") and not re.search(
        r"(?:\b(?:inc|bros|co|ltd|corp|ent|jr|sr|reserved)|\b\w)\.$", line, re.IGNORECASE
    ):
        line = line.rstrip(". ")
    for opening, closing in ("()", "[]"):
        if line.count(opening) > line.count(closing):
            line = line.removeprefix(opening).strip()
        elif line.count(closing) > line.count(opening):
            line = line.removesuffix(closing).strip()
    return line
