"""What stands in front of a credit: "Photo by", "Image credit:", "CreditCredit", "Foto:"."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from media.credits.grammar import CreditParts, Reading, read
from media.credits.status import SOURCES
from media.credits.vocabulary import Vocabulary, fold

_IIM_LENGTH = 32
_LONGEST_TEXT = 1000

NOUN = (
    r"(?:photo(?:graph(?:ed)?)?s?|photo[- ]?illustrations?|photography|photographers?|pictures?|pics?|images?|stills?"
    r"|visuals?|videos?|illustrations?|artworks?|paintings?|drawings?|fotos?|bild(?:er?)?|billeder?|beeld(?:en)?|kép|fotók?|imagen(?:es)?|fotograf[íi]as?|fotografi[ae]s?"
    r"|kuvat?|zdj[ęe]ci[ea]|фото|φωτογραφία|fotoğraf|写真|照片|사진)"
)
LABEL = re.compile(
    rf"""(?:
        (?:{NOUN}\ )?(?:\bai|a\.i\.)(?:-|\ )generated(?:\ {NOUN})?(?:\ (?:by|with|using|via)\b:?|\ ?:)
      | {NOUN}\ generated\ (?:by|with|using)\b(?:\ ai\b)?:?
      | screen\ ?(?:grab|shot)s?(?:\ ?:|\ (?:via|from|by)\b)
      | (?:©\ ?)?(?:provided|supplied|submitted)\ by\b:?
      | (?-i:[Ff]ot\.)
      | (?:(?:file|pool|handout|staff|express|main|lead|featured?|header|undated|representative)\ )?
        {NOUN}(?:/{NOUN})?
        (?:\ ?(?:cr[ée]dit(?:s|os?)?|sources?|copyright)\b(?:\ should\ read|\ ?:|,|\ by\b:?|\.\.\.|…|\ ?/|\ [-–—])?
          |\ (?:taken\ )?(?P<by>by|von|par|di|por|av|af|door|de)\b:?|\ (?:provided|supplied|submitted|released)\ (?:by|to)\b|\ courtesy\ ?:
          |(?=\ (?!(?:press|news|agency|alliance|china|direct|image|international|perfect|bank|archives?|library|pool|credit|source|illustration|by)\b)(?-i:[A-ZÀ-Þ][\w’'-]+(?:(?:\ [\w’'.-]+){{0,3}}\ ?/\ ?\w|(?:\ [\w’'.-]+){{1,3}},\ (?-i:[A-Z]))))
          |\ (?:via|from)\b:?|\ ?:|\ ?[/|]|\ [-–—]\ |(?=\ (?:courtesy\b|©|@)))
      | (?:photo)?credit(?:photo)?credit(?:\.\.\.|…|:)?
      | (?:photo\ |mandatory\ )?cr[ée]dit(?:s|os?)?\ ?(?:photos?\ ?)?(?:to\ ?)?(?:\.\.\.|…|:)
      | (?-i:Credit)(?=(?-i:[A-Z]))
      | (?:{SOURCES}|courtesy|copyright|composites?|(?-i:File))\ ?:|(?-i:C[Rr]|P[Hh]|ph)[.:]
    )\ ?""",
    re.VERBOSE | re.IGNORECASE,
)
_LABEL_STATUS = re.compile(
    r"\b(?:(file|pool|handout|staff|composite)s?|(photo-? ?illustration)s?|(illustration|drawing|sketch|cartoon)s?|(artwork|painting)s?|(screen ?(?:grab|shot))s?"
    r"|(ai(?=[- ])|generated))\b",
    re.IGNORECASE,
)
_OF_SOURCE = re.compile(SOURCES, re.IGNORECASE)
_STILL = re.compile(r"\bstills? from", re.IGNORECASE)
_ECHO = re.compile(r"(?<=\S)[.;,]?\s*(?:Source|Credit):\s*([^:]+)$")
_MAKERS_ARE_HOUSES = frozenset({"AI-generated", "Screengrab"})
_SAID = ("", "Photo illustration", "Illustration", "Artwork", "Screengrab", "AI-generated")
_COPYRIGHT_SIGN = re.compile(r"(?:©|\(c\)|copyright\b)\s*", re.IGNORECASE)
_BARE_COURTESY = re.compile(r"courtesy\s+(?=@?[a-z0-9._]+$)")
_OTHER_TRADE = r"(?:Styl(?:ing|ist)|Grooming|Hair|Make-?up)\b[^:]{0,20}:"
OTHER_TRADE = re.compile(_OTHER_TRADE)
_SECOND_LABEL = re.compile(rf"(?<=\S)(?:[.;,]?\s+|(?<=[a-z])){_OTHER_TRADE}.*$")


@dataclass(frozen=True)
class Labelled:
    """A credit cut into its label ("Photo by ") and the rest."""

    label: str
    rest: str
    by: bool = False
    status: tuple[str, ...] = ()
    dropped: bool = False

    @classmethod
    def of(cls, text: str, depth: int = 3) -> Labelled:
        """Cut the label off; "Credit: Photo by" is two, and no more than three are looked for."""
        match = LABEL.match(text := text.strip()) if depth else None
        if not match:
            said = _without_echo(text)
            rest = _SECOND_LABEL.sub("", said[:_LONGEST_TEXT])
            return cls("", rest, dropped=rest != said)
        inner = cls.of(text[match.end() :], depth - 1)
        status = _status(match[0])
        by = (bool(match["by"]) or "grapher" in match[0].lower()) and not set(status) & _MAKERS_ARE_HOUSES
        return replace(
            inner, label=match[0] + inner.label, by=by or inner.by, status=status or inner.status, dropped=inner.dropped
        )

    def read(self, vocabulary: Vocabulary) -> Reading:
        courtesy = "courtesy" in self.label.lower() and ":" in self.label
        reading = read(f"courtesy: {self.rest}" if courtesy else self.rest, vocabulary, by=self.by)
        title = reading.tokens and _STILL.search(self.label) and reading.tokens[0].kind in {"name", "guess"}
        return replace(reading, dropped=True) if self.dropped or title else reading

    def parts(self, vocabulary: Vocabulary) -> CreditParts | None:
        parts = self.read(vocabulary).parts
        if parts is None:
            return None
        return replace(parts, status=tuple(dict.fromkeys((*parts.status, *self.status))))

    @property
    def names_source(self) -> bool:
        """Return True for "Source:" and "Quelle:", behind which a story may name where it was read."""
        return bool(_OF_SOURCE.match(self.label))

    @property
    def is_explicit(self) -> bool:
        """Return True if the label can mean nothing but a credit, as "Photo credit:" and "Photo by" do."""
        return self.by or "credit" in self.label.lower()

    @property
    def line(self) -> str:
        line = _COPYRIGHT_SIGN.sub("", self.rest, count=1) if _COPYRIGHT_SIGN.match(self.rest) else self.rest
        return _tidy(_BARE_COURTESY.sub("", line))


def _without_echo(text: str) -> str:
    """Cut a source that only says again what stands before it: "Pia Lund/Getty ImagesSource:Getty Images"."""
    echo = _ECHO.search(text)
    return text[: echo.start()] if echo and fold(echo[1]) in fold(text[: echo.start()]) else text


def _status(label: str) -> tuple[str, ...]:
    """Return what a label says the picture is: "File", "Illustration", "AI-generated"; nothing for a photo."""
    said = (
        found[1].title() if found[1] else _SAID[(found.lastindex or 2) - 1] for found in _LABEL_STATUS.finditer(label)
    )
    return tuple(dict.fromkeys(said))


def may_be_cut(words: str) -> bool:
    """Return True for words as long as IIM lets a credit, a creator or a source be: their end may be missing."""
    length = len(words.encode())
    return _IIM_LENGTH in (len(words), length) or (length == _IIM_LENGTH - 1 and not words.isascii())


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
