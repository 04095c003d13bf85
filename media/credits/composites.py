"""Several credits in one line: "Pia Lund/Getty Images (left); Tom Reiss/WireImage (right)" are two chains, not one.

Where a line may be one credit or two, nobody guesses: it is one chain without parts, for a person to look at."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import pairwise

from media.credits.cutting import Piece, cut
from media.credits.grammar import CreditParts, Reading, read, words_in
from media.credits.label import LABEL, OTHER_TRADE, Labelled
from media.credits.status import SOURCES
from media.credits.vocabulary import Organisation, Vocabulary


@dataclass(frozen=True)
class Chain:
    """One credit of a line: its words without "Photo by", what they say (None is "to check"), and where in the picture it holds."""

    line: str
    parts: CreditParts | None
    place: str | None = None


def chains(line: str, vocabulary: Vocabulary) -> tuple[Chain, ...]:
    """Return the credits of a line in order; most lines have one, and a line without words is one that names nobody."""
    line = " ".join(line.split())
    if not line:
        return (Chain("", CreditParts()),)
    try:
        groups = _grouped(line, vocabulary)
    except _Doubt:
        return (Chain(Labelled.of(line).rest, None),)
    if len(groups) > 1:
        return tuple(group.chain(vocabulary) for group in groups)
    place = groups[0].place if groups else None
    return (_one(Labelled.of(line), vocabulary, place),)


def _one(credit: Labelled, vocabulary: Vocabulary, place: str | None) -> Chain:
    """Return one credit of a line; words that are in none of its parts leave it to check."""
    parts = None if credit.read(vocabulary).dropped else credit.parts(vocabulary)
    return Chain(credit.rest, None if parts and _lost_words(credit.rest, parts) else parts, place)


def _lost_words(line: str, parts: CreditParts) -> frozenset[str]:
    """Return the words of a line that stand in none of its parts and only say what the others are."""
    left = words_in(line) - parts.words - _SAY_WHAT_OTHERS_ARE
    if parts.license_url:
        left -= _OF_LICENSES
    return frozenset(word for word in left if not (word.isdecimal() and len(word) in {1, 2, 4}))


def parse(line: str, vocabulary: Vocabulary) -> CreditParts | None:
    """Return the parts of a line that holds one credit, with or without its label; None for several or an unknown shape."""
    found = chains(line, vocabulary)
    return found[0].parts if len(found) == 1 else None


_SAY_WHAT_OTHERS_ARE = frozenset(
    """a above account agent all and archive artist at below bottom both by c cap capture center centre clockwise collected
    company composite composites contributed contributor contributors copyright court courtesy credit credits em et exclusive
    family far file files foto for from generated grab handout ho id image images inset in l left main mandatory middle
    montage movie film no of on or org owner owners page photo photofile photographer photographs photograph photography photos
    pic pics picture pictures police pool pr press promo promotional provided publicity r reader released reserved right
    quelle fuente fonte bron källa kilde źródło lähde rights row screen screengrab screenshot shot shots source sources staff still stills str stringer studio subject
    submitted supplied the through tm to top und used user via video with permission xmit ai art artwork artworks drawing
    illustration illustrations digital sketch cartoon painting rendering graphic graphics cover ugc upper lower front back
    montages photomontage photoillustration""".split()  # noqa: SIM905
)
_OF_LICENSES = frozenset(
    """cc cc0 by sa nc nd 0 creative commons attribution share alike sharealike non commercial noncommercial no derivs derivatives
    noderivs noderivatives international unported generic universal license licence licensed under an public domain zero
    dedication v2 v3 v4 mark marked as""".split()  # noqa: SIM905
)


class _Doubt(Exception):
    """The line may be one credit or several."""


_PLACE = r"(?:far |top |bottom |upper |lower |front |back )?(?:left|right|cent(?:er|re)|middle|top|bottom|above|below|inset|main(?: (?:photo|image))?|row|[lrc])"
_IN_BRACKETS = re.compile(rf"\s*[(\[]\s*(?:from |at )?({_PLACE})\s*[)\]]", re.IGNORECASE)
_IN_FRONT = re.compile(rf"({_PLACE}):\s*", re.IGNORECASE)
_BEHIND = re.compile(rf",?\s+({_PLACE})$", re.IGNORECASE)
_IN_ORDER = re.compile(
    r"^(?:photos?:? )?(?:(?:clockwise )?from (?:top |upper |far )?left(?: to right)?|left to right|l-r|l to r|top to bottom):\s*",
    re.IGNORECASE,
)
_HARD = re.compile(rf"\s*;\s*(?:and\s+)?|[.,]\s+(?:and\s+)?(?={_PLACE}:\s)", re.IGNORECASE)
_JOINT_AFTER = re.compile(r"\s*(?:[,;/|]|and\b|&)?\s*(?:and\b\s*)?", re.IGNORECASE)
_SECOND_LABEL = re.compile(rf"(?:[.,]\s+|\s+and\s+|\)\s+)(?={LABEL.pattern})", LABEL.flags)
_COMPOSITE = re.compile(r"\bcomposites?\b", re.IGNORECASE)
_SOURCE = re.compile(rf"{SOURCES}\b", re.IGNORECASE)


@dataclass(frozen=True)
class _Group:
    """A stretch of the line that is one credit as far as anyone has read."""

    text: str
    reading: Reading
    place: str | None = None
    label: str = ""

    @classmethod
    def of(
        cls, text: str, vocabulary: Vocabulary, place: str | None = None, label: str = "", by: bool = False
    ) -> _Group:
        text = text.strip(" ,;|")
        return cls(text, read(text, vocabulary, by=by), place, label)

    @property
    def names(self) -> tuple[str, ...]:
        return self.reading.texts("name")

    @property
    def houses(self) -> int:
        return sum(
            token.kind in {"organisation", "guess", "courtesy", "holder", "handle"} for token in self.reading.tokens
        )

    @property
    def last(self) -> str:
        said = [token.kind for token in self.reading.tokens if token.kind != "status"]
        return said[-1] if said else ""

    @property
    def is_whole(self) -> bool:
        """Return True for "Pia Lund/Getty Images": a person and who sends the photo."""
        return bool(self.reading.explained and self.names and self.reading.texts("organisation", "guess", "courtesy"))

    def chain(self, vocabulary: Vocabulary) -> Chain:
        return _one(Labelled.of(f"{self.label}{self.text}"), vocabulary, self.place)


def _grouped(line: str, vocabulary: Vocabulary) -> list[_Group]:
    """Return the credits of a line; raises _Doubt."""
    outer = Labelled.of(line)
    is_composite = bool(_COMPOSITE.search(outer.label))
    groups: list[_Group] = []
    for number, text in enumerate(_segments(line)):
        found = _of_segment(text, vocabulary, is_composite)
        if groups and found and _SOURCE.match(found[0].label):
            groups[-1] = _Group.of(f"{groups[-1].text}/{found[0].text}", vocabulary, groups[-1].place, groups[-1].label)
            found = found[1:]
        if number and found and groups:
            _refuse_halves(groups[-1], found[0])
        groups += found
    return groups


def _segments(line: str) -> list[str]:
    """Cut where nothing but a new credit can follow: at ";", behind "(left)", before a second "Photo by"."""
    line = _IN_ORDER.sub("", line)
    if _IN_BRACKETS.match(line):
        line = _IN_BRACKETS.sub(r"; \1: ", line).removeprefix("; ")
    ends = [(match.start(), match.end()) for match in _HARD.finditer(line)]
    ends += [(match.end(), _JOINT_AFTER.match(line, match.end()).end()) for match in _IN_BRACKETS.finditer(line)]  # type: ignore[union-attr]
    ends += [(match.start(), match.end()) for match in _SECOND_LABEL.finditer(line, 1)]
    marks = [0, *(at for span in sorted(ends) for at in span), len(line)]
    stretches = (line[start:end] for start, end in zip(marks[::2], marks[1::2], strict=True))
    return [text for text in stretches if text.strip(" .,;")]


def _refuse_halves(before: _Group, group: _Group) -> None:
    """Raise _Doubt for "Pia Lund; Getty Images", which may be one credit, and for two names without a house."""
    if before.label and group.label:
        return
    if not before.houses and before.reading.explained and before.names:
        raise _Doubt
    if not group.houses and group.names and group.reading.explained:
        raise _Doubt


def _of_segment(text: str, vocabulary: Vocabulary, is_composite: bool) -> list[_Group]:
    text, place = _placed(text)
    credit = Labelled.of(text)
    if credit.dropped or OTHER_TRADE.match(credit.rest):
        raise _Doubt
    text, inner = _placed(credit.rest)
    whole = _Group.of(text, vocabulary, place or inner, credit.label, credit.by)
    groups: list[_Group] = []
    for item, joint in _items(text, whole, vocabulary):
        if groups and (_is_place(item) or not _Group.of(item, vocabulary).reading.tokens):
            groups[-1] = replace(groups[-1], place=groups[-1].place or _place(item))
            continue
        following = _Group.of(item, vocabulary, by=credit.by)
        if groups and not _starts(groups[-1], following, joint, vocabulary, is_composite):
            following = _Group.of(f"{groups.pop().text}{joint}{item}", vocabulary, by=credit.by)
        groups.append(replace(following, label=credit.label))
    if len(groups) < 2:
        _refuse_slashed(whole)
        return [whole] if text else []
    return [replace(group, place=_placed(group.text)[1] or group.place or whole.place) for group in groups]


def _placed(text: str) -> tuple[str, str | None]:
    """Return a stretch without its "(left)", "Left:" or ", left", and the place."""
    text = text.strip(" ,;")
    for mark in (_IN_BRACKETS, _BEHIND):
        if (found := mark.search(text)) and found.end() == len(text):
            return text[: found.start()].strip(), _place(found[1])
    front = _IN_FRONT.match(text)
    return (text[front.end() :], _place(front[1])) if front else (text, None)


def _place(words: str) -> str:
    return {"l": "left", "r": "right", "c": "center", "centre": "center"}.get(words.lower(), words.lower())


def _is_place(text: str) -> bool:
    return bool(re.fullmatch(_PLACE, text.strip(), re.IGNORECASE))


def _items(text: str, whole: _Group, vocabulary: Vocabulary) -> list[tuple[str, str]]:
    """Return (words, joint before them), cut at commas, bars and "and"; one item where one house at most is named."""
    pieces = cut(text, vocabulary)
    if whole.reading.explained and whole.houses < 2 and not _name_behind_house(whole):
        return [(text, "")]
    starts = [piece for piece in pieces if piece.after in {"comma", "and", "bar"}]
    marks = [0, *(piece.start for piece in starts), len(text)]
    return [
        (_without_joint(text[start:end], following), _joint(piece))
        for (start, end), piece, following in zip(pairwise(marks), [None, *starts], [*starts, None], strict=True)
    ]


def _without_joint(text: str, following: Piece | None) -> str:
    return (
        re.sub(r"(?:\s*,\s*(?:(?:and|&)\s*)?|\s+(?:and|&|und|et)\s*|\s*\|\s*)$", "", text, flags=re.I)
        if following
        else text
    )


def _joint(piece: Piece | None) -> str:
    return {"comma": ", ", "and": " and ", "bar": " | "}[piece.after] if piece else ""


def _name_behind_house(group: _Group) -> bool:
    """Return True for "Pia Lund/Getty Images and Tom Reiss": whose photo is the second name's?"""
    kinds = [token.kind for token in group.reading.tokens if token.kind in {"name", "organisation"}]
    return kinds[:1] == ["name"] and kinds[-1:] == ["name"] and "organisation" in kinds


def _refuse_slashed(group: _Group) -> None:
    """Raise _Doubt for "Pia Lund/Getty Images/Tom Reiss/WireImage": two people, each with a house behind the name."""
    said = [token for token in group.reading.tokens if token.kind in {"name", "organisation"}]
    ended = {before.text for before, token in pairwise(said) if before.kind == "name" and token.kind == "organisation"}
    if len(ended) > 1:
        raise _Doubt


def _starts(before: _Group, item: _Group, joint: str, vocabulary: Vocabulary, is_composite: bool) -> bool:
    """Return True if an item is a credit of its own, False if it goes on with the one before; raises _Doubt."""
    if not item.names and not item.houses and item.reading.explained:
        return False
    if not before.houses or (joint == " | " and not (before.is_whole and item.is_whole)):
        return False
    if item.is_whole and before.last == "name" and not is_composite:
        return _is_of_another(item)
    if item.is_whole or (is_composite and item.houses):
        return True
    if item.names:
        if not before.names or before.last in {"name", "client", "courtesy", "holder"}:
            return False
        raise _Doubt
    if _continues(before, item, vocabulary):
        return False
    raise _Doubt


def _is_of_another(item: _Group) -> bool:
    """Return False for "AP/Pia Lund and Tom Reiss/Courtesy of Netflix"; raises _Doubt for a second agency's name."""
    if item.reading.texts("organisation", "guess"):
        raise _Doubt
    return False


def _continues(before: _Group, item: _Group, vocabulary: Vocabulary) -> bool:
    """Return True for a house behind a comma that belongs to the credit before it: "Invision, AP", "HO, Netflix"."""
    trade = item.reading.is_photo_trade
    if (
        before.last in {"client", "courtesy", "holder"}
        or item.reading.first("courtesy")
        or item.reading.first("client")
    ):
        return not trade or bool(item.reading.first("courtesy"))
    if "Handout" in before.reading.texts("status"):
        return True
    return bool(before.reading.known) and _sells_through(before.reading.known[-1], item.reading.known)


def _sells_through(house: Organisation, others: tuple[Organisation, ...]) -> bool:
    """Return True for a house and the one it is a part of: "Invision, Associated Press"."""
    return any(other.name in {house.name, house.parent} for other in others)
