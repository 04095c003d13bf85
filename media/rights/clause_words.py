"""A clause of instructions as it is read: its words, what they gave so far, and the times they name. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, time, tzinfo
from typing import Any

from . import instants
from .decision import CHANNELS
from .lexemes import Lexeme
from .listing import GLUE, Listing, after_glue
from .restriction import Restriction

_TIMES = frozenset({"until", "after", "by", "in"})


class Words:
    """The words of one clause, and the restrictions that were read from them."""

    def __init__(self, words: str, lexemes: Sequence[Lexeme], text: str, taken: date | None, zone: tzinfo) -> None:
        self.words, self.lexemes, self.text = words, lexemes, text
        self.taken, self.zone = taken, zone
        self.used: set[int] = set()
        self.found: list[Restriction] = []
        self.pending = Listing()
        self.is_excepting = False

    def kind(self, at: int) -> str:
        return self.lexemes[at].kind if at < len(self.lexemes) else ""

    def words_at(self, at: int) -> str:
        return self.text[self.lexemes[at].start : self.lexemes[at].end]

    def add(self, indices: Iterable[int], effect: str = "deny", **facts: Any) -> None:
        """Note a restriction that rests on these words."""
        self.used |= set(indices)
        spans = tuple((self.lexemes[index].start, self.lexemes[index].end) for index in sorted(set(indices)))
        new = replace(Restriction(effect, self.words), spans=spans, **facts)
        for number, old in enumerate(self.found):
            if merged := _merged(old, new):
                self.found[number] = merged
                return
        self.found.append(new)

    def take_pending(self) -> Listing:
        pending, self.pending = self.pending, Listing()
        return pending

    def starts_here(self, at: int) -> bool:
        """Return True if only glue stands before this word."""
        return all(lexeme.kind in GLUE for lexeme in self.lexemes[:at])

    # Time

    def moments(self, at: int, *, late: bool) -> tuple[datetime | None, list[int], bool]:
        """Return the instant named here, the words that name it, and whether it could be another.

        The stricter of several is taken: the latest where a ban ends then, the first where one begins.
        """
        lexeme = self.lexemes[at]
        if lexeme.kind == "span":
            return self.counted(lexeme.value, late=late), [at], False
        found = instants.readings(self.text[lexeme.start : lexeme.end], self.day, self.zone)
        sure = len(found) == 1 and not self.goes_on(at + 1)
        if not found:
            return None, [], True
        return found[-1 if late else 0], [at] if sure else [], not sure

    def goes_on(self, at: int) -> bool:
        """Return True if another time or an unknown word follows, which may change what was just said."""
        index = at
        while self.kind(index) in {"filler", "in", "and", "bracket"}:
            index += 1
        return self.kind(index) in {"unknown", "when", "span", "until", "after", "by", "except"}

    @property
    def day(self) -> date | None:
        return self.taken.astimezone(self.zone).date() if isinstance(self.taken, datetime) else self.taken

    def counted(self, days: tuple[float, float, bool], *, late: bool) -> datetime | None:
        """Return the instant so long after the picture was taken: to the end of that day, if days are counted."""
        if self.day is None:
            return None
        least, most, is_hours = days
        if is_hours:
            exact = self.taken if isinstance(self.taken, datetime) else datetime.combine(self.day, time(), self.zone)
            return instants.later(exact, most + (0 if isinstance(self.taken, datetime) or not late else 1))
        return instants.later(datetime.combine(self.day, time(), self.zone), 1 + (most if late else least))

    def time_after(self, at: int) -> tuple[int, int]:
        """Return the places of the word that leads to a time, and of the time; (-1, -1) where none follows."""
        lead = at
        while self.kind(lead) in {"filler", "bracket", "colon", "quote"} or (
            self.kind(lead) == "in" and self.kind(after_glue(self.lexemes, lead)) not in {"span", "when"}
        ):
            lead += 1
        if self.kind(lead) not in _TIMES:
            return -1, -1
        when = after_glue(self.lexemes, lead + 1)
        return (lead, when) if self.kind(when) in {"when", "span", "further"} else (-1, -1)

    def bounds(self, at: int) -> tuple[dict[str, Any], list[int], bool]:
        """Return from when, until when a denial read before `at` holds, the words that say so, and if they are sure."""
        lead, when = self.time_after(at)
        if lead < 0:
            return {}, [], True
        if self.kind(when) == "further":
            return {}, [lead, when], True
        if self.kind(lead) == "after":
            starts, words, _ = self.beginning(when)
            return ({"starts": starts} if starts and words else {}), [lead, *words] if words else [], bool(words)
        ends, words, doubtful = self.moments(when, late=True)
        if doubtful or ends is None:
            return {}, [], False
        return {"ends": ends}, [lead, *words], True

    def beginning(self, at: int) -> tuple[datetime | None, list[int], bool]:
        """Return when a ban begins "after" this time: a last day is used up to its end."""
        moment, words, doubtful = self.moments(at, late=False)
        named = self.text[self.lexemes[at].start : self.lexemes[at].end]
        is_day = self.kind(at) == "when" and moment and moment.astimezone(self.zone).time() == time()
        if moment and is_day and ":" not in named:
            moment = instants.later(moment, 1)
        return moment, words, doubtful


def _merged(old: Restriction, new: Restriction) -> Restriction | None:
    """Return both denials as one where they differ in their countries, or in their channels, alone."""
    if old.effect != "deny" or old.condition or new.condition or old.is_hold or new.is_hold:
        return None
    spans = tuple(dict.fromkeys([*old.spans, *new.spans]))
    countries = tuple(sorted({*old.territories, *new.territories}))
    if old.territories and new.territories and replace(old, territories=new.territories) == new:
        return replace(old, territories=countries, spans=spans)
    channels = tuple(channel for channel in CHANNELS if channel in {*old.channels, *new.channels})
    if old.channels and new.channels and replace(old, channels=new.channels) == new:
        return replace(old, channels=channels, spans=spans)
    return None
