"""Enumerations in instructions: “UK, Ireland and France (except Corsica)”, “web or print use in Germany”. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from .lexemes import Lexeme
from .territories import all_codes

ITEMS = frozenset({"place", "world", "channel", "thing", "use"})
GLUE = frozenset({"filler", "in", "and", "comma", "colon", "quote", "bracket"})
WEIGHTY = frozenset({"place", "channel", "thing", "except", "out", "no", "only", "when"})
POSTFIX = frozenset({"out", "ban", "excl", "only"})


@dataclass
class Segment:
    """What stands between two commas: places, channels and things that belong together."""

    certain: set[str] = field(default_factory=set)
    wide: set[str] = field(default_factory=set)
    channels: set[str] = field(default_factory=set)
    things: list[tuple[str, str]] = field(default_factory=list)
    is_world: bool = False
    is_use: bool = False
    indices: list[int] = field(default_factory=list)

    def add(self, index: int, lexeme: Lexeme) -> None:
        self.indices.append(index)
        if lexeme.kind == "place":
            self.certain |= lexeme.value.certain
            self.wide |= lexeme.value.wide
        elif lexeme.kind == "world":
            self.is_world = True
            self.certain, self.wide = set(all_codes()), set(all_codes())
        elif lexeme.kind == "channel":
            self.channels |= set(lexeme.value)
        elif lexeme.kind == "thing":
            self.things.append(lexeme.value)
        else:
            self.is_use = True

    @property
    def is_sale(self) -> bool:
        return any(no == "no_resale" for no, _ in self.things)

    @property
    def other_things(self) -> list[tuple[str, str]]:
        """Return its things but sales, which here only say what is done with the others."""
        return [thing for thing in self.things if thing[0] != "no_resale"]

    @property
    def is_bare_use(self) -> bool:
        """Return True for “use”, “sales” and the like that nothing narrows."""
        return not (self.wide or self.channels or self.other_things)


@dataclass
class Listing:
    """Segments that share an end: the places after "in", and what is excepted."""

    segments: list[Segment] = field(default_factory=list)
    where: Segment = field(default_factory=Segment)
    exception: Listing | None = None
    next: int = 0
    crossed_comma: bool = False
    excepted_indices: list[int] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.segments or self.where.indices)

    @property
    def indices(self) -> list[int]:
        own = [index for segment in (*self.segments, self.where) for index in segment.indices]
        return own + self.excepted_indices

    @property
    def parts(self) -> list[Segment]:
        return [*self.segments, self.where] if self.where.indices else self.segments

    @property
    def certain(self) -> frozenset[str]:
        """Return the countries it names for certain, without all that may be excepted."""
        named = set().union(*(part.certain for part in self.parts))
        return frozenset(named - (self.exception.wide if self.exception else set()))

    @property
    def wide(self) -> frozenset[str]:
        """Return all countries it may name, without those excepted for certain."""
        named = set().union(*(part.wide for part in self.parts))
        return frozenset(named - (self.exception.certain if self.exception else set()))

    @property
    def channels(self) -> frozenset[str]:
        return frozenset().union(*(part.channels for part in self.parts))

    @property
    def is_world(self) -> bool:
        return any(part.is_world for part in self.parts)

    @property
    def is_bare_use(self) -> bool:
        return all(part.is_bare_use for part in self.parts)

    def except_(self, other: Listing, index: int) -> None:
        """Take these out of it."""
        self.exception, self.next = other, other.next
        self.excepted_indices = [index, *other.indices]


def read_listing(lexemes: Sequence[Lexeme], at: int, *, careful: bool = False) -> Listing:
    """Return the enumeration that begins here; empty where none does.

    A careful one ends before what an “out” further on lays claim to: “no archive, Germany out”.
    """
    found = Listing(next=at)
    segment, after_in, comma = Segment(), False, False
    index = at
    while index < len(lexemes):
        lexeme = lexemes[index]
        if lexeme.kind in {"and", "comma"}:
            if careful and _is_claimed(lexemes, index + 1, is_comma=lexeme.kind == "comma"):
                break
            comma |= lexeme.kind == "comma"
            segment, after_in = Segment(), after_in and bool(found.where.indices)
        elif lexeme.kind in ITEMS:
            into_where = (
                lexeme.kind in {"place", "world"} and after_in and any(not part.wide for part in found.segments)
            )
            if found.where.indices and not into_where:
                break
            found.crossed_comma |= comma
            target = found.where if into_where else segment
            target.add(index, lexeme)
            if not into_where and segment not in found.segments:
                found.segments.append(segment)
            found.next = index + 1
        elif _is_by_somebody(lexemes, index):
            segment.indices.append(index)
        elif lexeme.kind in {"filler", "in", "bracket", "quote"} or (lexeme.kind == "colon" and not found):
            after_in |= lexeme.kind == "in"
        else:
            break
        index += 1
    _read_exception(lexemes, found, careful=careful)
    return found


def _is_by_somebody(lexemes: Sequence[Lexeme], at: int) -> bool:
    """Return True for the "by" of “use by tabloids”; that of “use by March 9” leads to a time."""
    return lexemes[at].kind == "by" and at + 1 < len(lexemes) and lexemes[at + 1].kind in ITEMS


def _is_claimed(lexemes: Sequence[Lexeme], at: int, *, is_comma: bool) -> bool:
    """Return True if what follows is a statement of its own: “Germany out”, “world rights except Japan”."""
    rest = read_listing(lexemes, at)
    if not rest:
        return False
    follows = lexemes[rest.next].kind if rest.next < len(lexemes) else ""
    return follows in POSTFIX or (is_comma and rest.is_world)


def _read_exception(lexemes: Sequence[Lexeme], found: Listing, *, careful: bool) -> None:
    index = after_glue(lexemes, found.next)
    if not found or index >= len(lexemes) or lexemes[index].kind not in {"except", "excl"}:
        return
    other = read_listing(lexemes, index + 1, careful=careful)
    if lexemes[index].kind == "excl" and not (other.wide and found.is_world):
        return
    if is_sure(lexemes, other) and fits(found, other):
        found.except_(other, index)


def is_sure(lexemes: Sequence[Lexeme], other: Listing) -> bool:
    """Return True if an exception is understood to its end: places, or channels, and no unknown word behind."""
    things = [thing for part in other.parts for thing in part.other_things]
    both = bool(other.wide) and bool(other.channels)
    if other.wide == all_codes():
        return False
    return (
        bool(other.wide or other.channels) and not (things or both) and not is_followed_by_unknown(lexemes, other.next)
    )


def fits(found: Listing, other: Listing) -> bool:
    """Return True if the exception lies inside what it is taken from."""
    return not other.wide or not found.wide or (other.wide <= found.wide and other.certain != found.wide)


def is_followed_by_unknown(lexemes: Sequence[Lexeme], at: int) -> bool:
    index = after_glue(lexemes, at)
    return index < len(lexemes) and lexemes[index].kind in {"unknown", "when", "span", "turn"}


def after_glue(lexemes: Sequence[Lexeme], at: int) -> int:
    """Return the place of the first word from here on that is more than glue."""
    while at < len(lexemes) and lexemes[at].kind in GLUE:
        at += 1
    return at


def complement(other: Listing, index: int) -> Listing:
    """Return the whole world without what is listed: “outside the UK”."""
    world = Segment()
    world.add(index, Lexeme("world", None, 0, 0))
    found = Listing(segments=[world])
    found.except_(other, index)
    return found
