"""What is forbidden in a clause of instructions: “no …”, “… out”, “… prohibited”, “except …”. Pure.

An exception counts when it was understood to its last word.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import Any

from .clause_words import Words
from .decision import CHANNELS
from .listing import (
    GLUE,
    ITEMS,
    POSTFIX,
    Listing,
    Segment,
    after_glue,
    complement,
    is_followed_by_unknown,
    is_sure,
    read_listing,
)  # fmt: skip
from .territories import all_codes


class Bans(Words, ABC):
    """The statements that forbid; what else a clause can say is a subclass's."""

    @abstractmethod
    def embargo(self, at: int) -> int: ...

    @abstractmethod
    def hold(self, at: int) -> int: ...

    @abstractmethod
    def finish(self) -> None: ...

    def no(self, at: int) -> int:
        index = after_glue(self.lexemes, at + 1)
        if self.kind(index) in {"no", "only", "ban", "out", "ok"}:
            return at + 1
        if self.kind(index) == "expiry":
            return self.embargo(index)
        found = read_listing(self.lexemes, at + 1, careful=True)
        if not found:
            return self.bare_no(at)
        self.take_pending()
        return self.forbid(found, [at])

    def bare_no(self, at: int) -> int:
        """A "no" with nothing behind it: "not outside the UK", "not before March 3", "Germany: no"."""
        index = after_glue(self.lexemes, at + 1)
        if self.kind(index) == "except":
            other = read_listing(self.lexemes, index + 1, careful=True)
            if is_sure(self.lexemes, other) and other.wide:
                return self.forbid(complement(other, index), [at])
        if self.kind(index) in {"until", "after"} and self.kind(after_glue(self.lexemes, index + 1)) in {
            "when",
            "span",
        }:
            return self.forbid(Listing(next=at + 1), [at])
        if self.pending and self.pending.wide:
            return self.forbid(self.take_pending(), [at], resume=at + 1)
        return at + 1

    def out(self, at: int) -> int:
        if re.match(r"\s+of\b", self.text[self.lexemes[at].end :], re.IGNORECASE):
            self.pending = Listing()
            return at + 1
        pending = self.take_pending()
        pending.segments = [part for part in pending.segments if part.wide or part.channels or _may_be_out(part)]
        if pending:
            pending.next = at + 1
            pending.segments += self.named_before(min(pending.indices))
            return self.forbid(self.with_exception(pending, at + 1), [at])
        after = read_listing(self.lexemes, at + 1, careful=True)
        is_plain = self.kind(at + 1) in {"colon", *ITEMS} or (self.kind(at + 1) == "in" and self.words_at(at).isupper())
        starts = self.starts_here(at) or self.kind(at - 1) == "comma"
        if after and starts and is_plain and not is_followed_by_unknown(self.lexemes, after.next):
            return self.forbid(after, [at])
        return at + 1

    def named_before(self, at: int) -> list[Segment]:
        """Return the places before an unknown word: in “Europe [bar] France out” none of them may be opened."""
        found: list[Segment] = []
        index = at - 1
        while index >= 0 and self.kind(index) in GLUE | ITEMS | {"unknown", "except"} and index not in self.used:
            if self.kind(index) in {"place", "world"}:
                found.append(Segment())
                found[-1].add(index, self.lexemes[index])
            index -= 1
        return found

    def with_exception(self, found: Listing, at: int) -> Listing:
        """Return the listing with the exception that stands behind the word at its end."""
        index = after_glue(self.lexemes, at)
        if self.kind(index) == "except" and found.exception is None:
            other = read_listing(self.lexemes, index + 1, careful=True)
            inside = not other.wide or not found.wide or other.wide < found.wide
            if is_sure(self.lexemes, other) and inside:
                found.except_(other, index)
        return found

    def ban(self, at: int) -> int:
        """ "Prohibited": what stands before it, what stands behind it, or the one in the other."""
        pending = self.take_pending()
        directly = self.kind(at + 1) not in {"comma", "and"}
        after = read_listing(self.lexemes, at + 1, careful=True) if directly else Listing(next=at + 1)
        if after.next < len(self.lexemes) and self.kind(after.next) in POSTFIX:
            after = Listing(next=at + 1)
        if not pending and not after:
            return self.ban_alone(at)
        if not pending:
            return self.forbid(after, [at])
        if not after:
            pending.next = at + 1
            return self.forbid(self.with_exception(pending, at + 1), [at])
        if pending.is_bare_use:
            return self.forbid(after, [at, *pending.indices])
        self.forbid(pending, [at])
        return self.forbid(after, [at])

    def ban_alone(self, at: int) -> int:
        index = after_glue(self.lexemes, at + 1)
        if self.kind(index) == "except":
            return self.bare_no(at)
        if self.starts_here(at) and self.kind(index) in {"", "until"}:
            return self.hold(at)
        return at + 1

    def excl(self, at: int) -> int:
        """ "Excluded" stands behind what it excludes, or before it: "Japan excluded", "excluded: Japan"."""
        after = read_listing(self.lexemes, at + 1, careful=True)
        if after.wide and (not self.pending or self.pending.is_world or self.kind(at - 1) == "comma"):
            return self.except_(at)
        if self.pending:
            pending = self.take_pending()
            pending.next = at + 1
            return self.forbid(pending, [at])
        return at + 1

    def except_(self, at: int) -> int:
        """An exception from nothing that was named: "except Germany", "outside the UK only"."""
        other = read_listing(self.lexemes, at + 1)
        if not is_sure(self.lexemes, other):
            self.is_excepting = True
            return at + 1
        if other.wide and self.kind(after_glue(self.lexemes, other.next)) in {"out", "ban", "only"}:
            self.pending = complement(other, at)
            return other.next
        is_free = not self.used or any(each.condition == "editorial_only" for each in self.found)
        if self.pending.exception:
            self.finish()
        elif not is_free:
            return other.next
        self.take_pending()
        self.exclude(other, [at, *other.indices])
        return other.next

    def exclude(self, other: Listing, words: list[int]) -> None:
        """Deny what is excepted from a permission; after a ban that was not understood it may be the one permitted."""
        if any(self.kind(index) in {"no", *POSTFIX} for index in range(min(words)) if index not in self.used):
            self.add([], condition="hold")
        else:
            self.deny(other.wide, other.channels, words)

    # What a ban says

    def forbid(self, found: Listing, words: list[int], resume: int | None = None) -> int:
        """Deny what is listed; return where to read on."""
        bounds, when, sure = self.bounds(found.next if resume is None else resume)
        if any(part.wide or part.channels or part.is_bare_use for part in found.parts) or not found:
            words = [*words, *when]
        next_ = max([found.next, at_least(resume), *(index + 1 for index in when)])
        if found.is_bare_use and not found.exception:
            return self.forbid_use(found, words, bounds, sure, next_)
        if found.exception and (found.crossed_comma or is_mixed(found)) and not _is_all_use(found):
            self.add([*words, *_own(found)], condition="hold")
            return next_
        parts = found.segments if any(not part.wide for part in found.segments) else found.parts
        for part in parts:
            self.forbid_part(found, part, words, bounds)
        self.used |= set(found.where.indices)
        return next_

    def forbid_part(self, found: Listing, part: Any, words: list[int], bounds: dict[str, Any]) -> None:
        spots = [*words, *part.indices, *found.where.indices]
        where = part.wide or found.where.wide
        exception = found.exception
        if exception and exception.wide and not part.other_things:
            where = (where or set(all_codes())) - exception.certain
            spots += found.excepted_indices
        channels = set(part.channels)
        if exception and exception.channels:
            channels = (channels or set(CHANNELS)) - exception.channels
            spots += found.excepted_indices
        for forbidden, _ in part.other_things:
            self.forbid_thing(forbidden, where, spots)
        if part.is_sale and not (where or channels or part.other_things):
            self.add(spots, channels=("syndication",), condition="no_resale")
        elif channels or (where and not part.other_things):
            self.deny(where, channels, spots, **bounds)
        elif part.is_use and not part.other_things:
            self.deny((), (), spots, **bounds, condition="hold")

    def forbid_thing(self, forbidden: str, where: Iterable[str], spots: list[int]) -> None:
        countries = territories(where)
        if forbidden == "!":
            self.deny(where, (), spots, condition="hold")
        elif forbidden == "clients_only" and countries:
            self.deny(where, (), spots)
        elif forbidden and forbidden != "clients_only":
            self.add(spots, "condition", condition=forbidden, territories=countries)

    def forbid_use(self, found: Listing, words: list[int], bounds: dict[str, Any], sure: bool, next_: int) -> int:
        """ "No use": until or after a time, without permission, for sale, or at all."""
        words = [*words, *found.indices]
        if self.kind(next_) == "turn" and self.lexemes[next_].value == "ask_first":
            self.used |= set(words)
        elif "starts" in bounds:
            self.add(words, condition="expiry", **bounds)
        elif bounds:
            self.add(words, condition="embargo", **bounds)
        elif not sure:
            self.add(words, condition="embargo")
        elif found.segments and all(part.is_sale for part in found.segments):
            self.add(words, channels=("syndication",), condition="no_resale")
        else:
            for part in found.segments:
                if part.is_sale:
                    self.add(words, channels=("syndication",), condition="no_resale")
            self.add(words, condition="hold")
        return next_

    def deny(self, where: Iterable[str], channels: Iterable[str], words: list[int], **facts: Any) -> None:
        listed = tuple(channel for channel in CHANNELS if channel in set(channels))
        self.add(words, territories=territories(where), channels=listed, **facts)


def at_least(resume: int | None) -> int:
    return 0 if resume is None else resume


def _own(found: Listing) -> list[int]:
    return [index for part in found.parts for index in part.indices]


def territories(where: Iterable[str]) -> tuple[str, ...]:
    """Return the countries in order; all of them are everywhere, which is said by none."""
    countries = set(where)
    return () if countries == all_codes() else tuple(sorted(countries))


def _may_be_out(part: Any) -> bool:
    return any(forbidden not in {"", "!", "editorial_only", "clients_only"} for forbidden, _ in part.things)


def is_mixed(found: Listing) -> bool:
    """Return True if things are listed among places or uses, so that an exception could belong to either."""
    things = [part for part in found.parts if part.other_things]
    return bool(things) and any(part.wide or part.is_use for part in found.parts)


def _is_all_use(found: Listing) -> bool:
    return all(not part.other_things for part in found.segments)
