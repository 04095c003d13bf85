"""Reads one clause of an agency's instructions: what it forbids, and which of its words that rests on.

Pure. What is not consumed by a statement was not understood. A statement only ever denies; an exception counts when it
was understood to its last word.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, time, tzinfo
from typing import Any

from . import instants
from .decision import CHANNELS
from .lexemes import Lexeme
from .listing import (
    GLUE, ITEMS, POSTFIX, Listing, Segment, after_glue, complement, is_followed_by_unknown, is_sure, read_listing,
)  # fmt: skip
from .restriction import Restriction, everywhere_but
from .territories import all_codes, codes

_NAME = frozenset({"unknown", "filler", "in", "and", "place", "thing", "channel", "world", "use", "bracket", "quote"})
_TIMES = frozenset({"until", "after", "by", "in"})


class Clause:
    """One clause: its words, its lexemes, and what has been read of it so far."""

    def __init__(self, words: str, lexemes: Sequence[Lexeme], text: str, taken: date | None, zone: tzinfo) -> None:
        self.words, self.lexemes, self.text = words, lexemes, text
        self.taken, self.zone = taken, zone
        self.used: set[int] = set()
        self.found: list[Restriction] = []
        self.pending = Listing()
        self.is_excepting = False

    def read(self) -> None:
        """Read every statement, from the left to the right."""
        at = 0
        while at < len(self.lexemes):
            at = max(at + 1, self.step(at))
        self.finish()

    def step(self, at: int) -> int:
        kind = self.lexemes[at].kind
        if kind in ITEMS:
            if self.pending.is_bare_use and not self.pending.exception:
                self.used |= set(self.pending.indices)
            self.pending = read_listing(self.lexemes, at)
            self.is_excepting = False
            return self.pending.next
        if kind == "unknown":
            if not self.is_excepting:
                self.pending = Listing()
            return at + 1
        if kind in GLUE:
            return at + 1
        return _STATEMENTS[kind](self, at)

    @property
    def unread(self) -> list[int]:
        """Return which lexemes were not understood."""
        return [
            index
            for index, lexeme in enumerate(self.lexemes)
            if index not in self.used and lexeme.kind not in GLUE
        ]

    # Helpers of all statements

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

    def bounds(self, at: int) -> tuple[dict[str, datetime], list[int], bool]:
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

    # "No", "out", "prohibited"

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
        if self.kind(index) in {"until", "after"} and self.kind(after_glue(self.lexemes, index + 1)) in {"when", "span"}:
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
        if after and self.starts_here(at) and is_plain and not is_followed_by_unknown(self.lexemes, after.next):
            return self.forbid(after, [at])
        return at + 1

    def named_before(self, at: int) -> list[Segment]:
        """Return the places before an unknown word: in “Europe [bar] France out” none of them may be opened."""
        found: list[Segment] = []
        index = at - 1
        while index >= 0 and self.kind(index) in GLUE | ITEMS | {"unknown"} and index not in self.used:
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
        self.deny(other.wide, other.channels, [at, *other.indices])
        return other.next

    # What a ban says

    def forbid(self, found: Listing, words: list[int], resume: int | None = None) -> int:
        """Deny what is listed; return where to read on."""
        bounds, when, sure = self.bounds(found.next if resume is None else resume)
        if any(part.wide or part.channels or part.is_bare_use for part in found.parts) or not found:
            words = [*words, *when]
        next_ = max([found.next, at_least(resume), *(index + 1 for index in when)])
        if found.is_bare_use and not found.exception:
            return self.forbid_use(found, words, bounds, sure, next_)
        if found.exception and (found.crossed_comma or _is_mixed(found)) and not _is_all_use(found):
            self.add([*words, *_own(found)], condition="hold")
            return next_
        parts = found.segments if any(not part.wide for part in found.segments) else found.parts
        for part in parts:
            self.forbid_part(found, part, words, bounds)
        self.used |= set(found.where.indices)
        return next_

    def forbid_part(self, found: Listing, part: Any, words: list[int], bounds: dict[str, datetime]) -> None:
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
        territories = _territories(where)
        if forbidden == "!":
            self.deny(where, (), spots, condition="hold")
        elif forbidden == "clients_only" and territories:
            self.deny(where, (), spots)
        elif forbidden and forbidden != "clients_only":
            self.add(spots, "condition", condition=forbidden, territories=territories)

    def forbid_use(
        self, found: Listing, words: list[int], bounds: dict[str, datetime], sure: bool, next_: int
    ) -> int:
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
        self.add(words, territories=_territories(where), channels=listed, **facts)

    # "Only"

    def only(self, at: int) -> int:
        span = self.span_beside(at)
        if span >= 0:
            leading = [index for index in range(min(at, span)) if self.kind(index) in {"until", "by", "use"}]
            self.take_pending()
            return max(at + 1, self.expire(span, [*leading, at, span]))
        lead, when = self.time_after(at + 1)
        after = read_listing(self.lexemes, at + 1, careful=True) if self.kind(at + 1) != "comma" else Listing(next=at + 1)
        if self.kind(after.next) in {"out", "ban", "excl"}:
            after = Listing(next=at + 1)
        pending = self.take_pending()
        if pending and not after:
            pending = self.with_exception(pending, at + 1)
        parts = [each for each in (pending, after) if each and not (each.is_bare_use and not each.exception)]
        if not parts and lead >= 0:
            return self.timed_only(pending, at, lead, when)
        if not parts:
            return self.only_somebody(at, pending, after)
        end = max(at + 1, after.next, *(each.next for each in parts))
        first = min([at, *pending.indices])
        if any(each.wide or each.channels for each in parts) and self.is_somebody(first, end):
            self.add([at, *pending.indices, *after.indices], condition="hold")
            return end
        for each in parts:
            self.allow_only(each, [at])
        self.used |= {index for each in (pending, after) for index in each.indices}
        lead, when = self.time_after(end)
        return self.expire(when, [lead, when]) if self.kind(lead) in {"until", "by"} and lead >= 0 else end

    def is_somebody(self, first: int, end: int) -> bool:
        """Return True if unknown words stand beside an "only": it may be about somebody else in those places."""
        clients = any("clients_only" in lexeme.value for lexeme in self.lexemes[first:end] if lexeme.kind == "thing")
        return not clients and (self.kind(first - 1) == "unknown" or self.goes_on_unknown(end))

    def goes_on_unknown(self, at: int) -> bool:
        index = at
        while self.kind(index) in {"filler", "in", "bracket"}:
            index += 1
        return self.kind(index) == "unknown"

    def span_beside(self, at: int) -> int:
        """Return the place of "48 hours" beside an "only", or -1."""
        before = at - 1
        while before >= 0 and (self.kind(before) in GLUE - {"comma"} or self.kind(before) == "use"):
            before -= 1
        if before >= 0 and (self.kind(before) == "span" or (self.kind(before) == "when" and before == at - 1)):
            return before
        after = after_glue(self.lexemes, at + 1)
        return after if self.kind(after) == "span" else -1

    def timed_only(self, pending: Listing, at: int, lead: int, when: int) -> int:
        """ "For use only until March 9", "only after March 9"."""
        words = [at, lead, *pending.indices]
        if self.kind(lead) == "after":
            ends, named, doubtful = self.moments(when, late=True)
            self.add([*words, *named], condition="embargo", ends=None if doubtful else ends)
            return when + 1
        return self.expire(when, [*words, when])

    def allow_only(self, found: Listing, words: list[int]) -> None:
        """Deny all that is not listed; what cannot be had by us takes the photo from everybody."""
        words = [*words, *found.indices]
        if found.wide or found.certain or any(part.wide for part in found.parts):
            allowed = found.certain
            if allowed != all_codes():
                self.add(words, condition="territory_only", territories=everywhere_but(allowed))
        elif found.exception and found.exception.wide:
            self.deny(found.exception.wide, (), words)
        if found.channels:
            self.deny((), set(CHANNELS) - found.channels, words)
        things = [thing for part in found.parts for thing in part.things]
        for _, allowed_thing in things:
            if allowed_thing == "!":
                self.add(words, condition="hold")
            elif allowed_thing:
                self.add(words, "condition", condition=allowed_thing)
        if any(allowed == "clients_only" for _, allowed in things):
            self.used |= set(self.names_before(min(words)))

    def names_before(self, at: int) -> list[int]:
        """Return the unknown words that stand directly before, such as a company's name."""
        index = at - 1
        while index >= 0 and self.kind(index) in {"unknown", "filler", "in"}:
            index -= 1
        return [each for each in range(index + 1, at) if self.kind(each) == "unknown"]

    def only_somebody(self, at: int, pending: Listing, after: Listing) -> int:
        """ "For The Lantern only": somebody else's photo until a person says otherwise."""
        first = min([at, *pending.indices])
        before = self.names_before(first)
        end = after.next
        while self.kind(end) in {"unknown", "filler", "in"}:
            end += 1
        behind = [index for index in range(after.next, end) if self.kind(index) == "unknown"]
        lead = next((self.words_at(index).lower() for index in range(at, end) if self.kind(index) == "in"), "")
        names = before or (behind if lead in _FOR or not lead else [])
        if not names or not all(self.words_at(index)[:1].isupper() for index in names):
            return at + 1
        leading = [index for index in range(min(names)) if self.kind(index) in {"use", "by"}]
        words = [at, *pending.indices, *after.indices, *names, *leading]
        self.add(words, condition="exclusive", exclusive_to=self.named(names))
        return max(at + 1, end if names is behind else at + 1)

    def named(self, indices: Sequence[int]) -> str:
        first, last = self.lexemes[min(indices)], self.lexemes[max(indices)]
        start = first.start
        if min(indices) and self.kind(min(indices) - 1) == "filler":
            start = self.lexemes[min(indices) - 1].start
        return " ".join(self.text[start : last.end].split())

    # Whose, when, how

    def exclusive(self, at: int) -> int:
        self.take_pending()
        leads = self.words_at(at).lower().split()[-1] in _FOR or self.kind(at + 1) == "in"
        end = at + 1
        while self.kind(end) in _NAME and not (self.kind(end) == "quote" and end > at + 1 and self.kind(end - 1) == ""):
            end += 1
        while end > at + 1 and self.kind(end - 1) in {"in", "and", "use"}:
            end -= 1
        names = [index for index in range(at + 1, end) if self.kind(index) == "unknown"]
        if leads and not names:
            return self.exclusive_place(at)
        if not leads:
            names, end = self.names_before(at) or self.names_behind(at), at + 1
        if not names:
            return at + 1
        bounds, when, _ = self.bounds(end)
        whole = list(range(min(names), end if leads else max(names) + 1))
        start = min(whole)
        while leads and self.kind(start - 1) == "filler" and start - 1 > at:
            start -= 1
        said = " ".join(self.text[self.lexemes[start].start : self.lexemes[whole[-1]].end].split())
        ends = {key: value for key, value in bounds.items() if key == "ends"}
        self.add([at, *whole, *(when if ends else [])], condition="exclusive", exclusive_to=said, **ends)
        return max([end, *(index + 1 for index in when)])

    def names_behind(self, at: int) -> list[int]:
        """Return whose the "exclusive UK rights: …" are."""
        index = at + 1
        while self.kind(index) in {"use", "place", "world", "filler"}:
            index += 1
        if self.kind(index) != "colon" or not any(self.kind(each) == "use" for each in range(at, index)):
            return []
        end = after_glue(self.lexemes, index)
        while self.kind(end) in {"unknown", "filler", "and"}:
            end += 1
        return [each for each in range(index, end) if self.kind(each) == "unknown"]

    def exclusive_place(self, at: int) -> int:
        found = read_listing(self.lexemes, at + 1, careful=True)
        if found and not found.is_bare_use:
            self.allow_only(found, [at])
            return found.next
        return at + 1

    def embargo(self, at: int) -> int:
        """An embargo holds until its time, and until somebody looks where the time cannot be read for sure."""
        pending = self.take_pending()
        near = pending if pending and pending.next == at and pending.wide else Listing()
        index = at + 1
        while self.kind(index) in {"until", "in", "by", "filler", "colon", "use", "no", "world", "quote", "bracket", "after", "embargo", "comma", "thing"}:
            index += 1
        words = [each for each in range(at, index) if self.kind(each) not in GLUE and self.kind(each) != "thing"]
        before = at - 1 if self.kind(at - 1) == "span" else -1
        facts: dict[str, Any] = {"condition": "embargo", "territories": _territories(near.wide)}
        if self.kind(index) in {"when", "span"} or before >= 0:
            ends, named, doubtful = self.moments(before if before >= 0 else index, late=True)
            if ends and not doubtful:
                self.add([*words, *near.indices, *named], ends=ends, **facts)
                return max(index, *(each + 1 for each in named)) if before < 0 else at + 1
        if self.kind(index) == "further":
            self.used.add(index)
        if self.words_at(at).lower().startswith("hold"):
            facts["condition"] = "hold"
        self.add([*words, *near.indices], **facts)
        return index

    def expiry(self, at: int) -> int:
        self.take_pending()
        index = after_glue(self.lexemes, at + 1)
        while self.kind(index) in {"until", "by", "after", "use"}:
            index = after_glue(self.lexemes, index + 1)
        if self.kind(index) in {"when", "span"}:
            return self.expire(index, [*(each for each in range(at, index) if self.kind(each) not in GLUE), index])
        self.add([at], condition="limited_time")
        return at + 1

    def expire(self, when: int, words: list[int]) -> int:
        """Deny after this time; at once where it cannot be read."""
        starts, _, doubtful = self.beginning(when)
        known = [index for index in words if index != when or not doubtful]
        if starts:
            self.add(known, condition="expiry", starts=starts)
        else:
            self.add([index for index in words if index != when], condition="limited_time")
        return max([when, *words]) + 1

    def time(self, at: int) -> int:
        """A time behind plain words of use: "for use until March 9", "for use after March 9"."""
        when = after_glue(self.lexemes, at + 1)
        if self.kind(when) not in {"when", "span"} or not self.pending:
            return at + 1
        pending = self.take_pending()
        own = [at, *(index for part in pending.parts if part.is_bare_use for index in part.indices)]
        if self.kind(at) == "after":
            ends, named, doubtful = self.moments(when, late=True)
            self.add([*own, *named], condition="embargo", ends=None if doubtful else ends)
            return when + 1
        return self.expire(when, [*own, when])

    def rest(self, at: int) -> int:
        """ "Rest of the world out" adds nothing to "UK only", and stands for every country without it."""
        index = after_glue(self.lexemes, at + 1)
        while self.kind(index) == "use":
            index = after_glue(self.lexemes, index + 1)
        before = self.kind(at - 1) if at else ""
        denied = index if self.kind(index) in {"out", "ban", "excl"} else at - 1 if before in {"no", "ban", "out"} else -1
        if denied >= 0:
            self.add([at, denied], condition="rest")
        return max(at, denied) + 1

    def hold(self, at: int) -> int:
        """A hold or a kill at the head of a clause; elsewhere the words tell a story."""
        if any(lexeme.kind == "unknown" for lexeme in self.lexemes[:at]):
            return at + 1
        bounds, when, sure = self.bounds(at + 1)
        kind = "kill" if self.kind(at) == "kill" else "hold"
        ends = {key: value for key, value in bounds.items() if key == "ends" and kind == "hold" and sure}
        self.add([at, *when], condition=kind, **ends)
        return max([at + 1, *(index + 1 for index in when)])

    def turn(self, at: int) -> int:
        condition = self.lexemes[at].value
        self.take_pending()
        if condition == "pixelate_children":
            self.add([at], "condition", condition=condition, territories=codes(self.words))
            self.used |= {index for index, lexeme in enumerate(self.lexemes) if lexeme.kind == "place"}
            return at + 1
        self.add([at], "condition", condition=condition)
        if condition in {"credit_mandatory", "related_only"}:
            return self.swallow(at + 1, is_credit=condition == "credit_mandatory")
        return at + 1

    def swallow(self, at: int, *, is_credit: bool) -> int:
        """Take the name behind "credit:", or the event behind "in connection with", for part of what was said."""
        if is_credit and self.kind(at) not in {"colon", "quote"}:
            return at
        end = at
        while self.kind(end) in _NAME | {"colon"} or (self.kind(end) == "comma" and is_credit):
            end += 1
        if self.kind(end) in POSTFIX:
            end = max((index for index in range(at, end) if self.kind(index) in {"comma", "and"}), default=at)
        self.used |= set(range(at, end))
        return max(end, at)

    def ok(self, at: int) -> int:
        self.used.add(at)
        return at + 1

    def skip(self, at: int) -> int:
        return at + 1

    def finish(self) -> None:
        """Judge what was listed and never forbidden: “worldwide rights except Japan”."""
        pending = self.take_pending()
        if not pending:
            return
        base = [part for part in pending.parts if part.wide and not part.is_world]
        if pending.exception and pending.exception.wide and not base and not _is_mixed(pending):
            self.deny(pending.exception.wide, (), pending.indices)
        elif pending.exception and base:
            self.add([], condition="hold")
        elif pending.is_world and not (base or pending.channels or _is_mixed(pending)):
            self.used |= set(pending.indices)


def at_least(resume: int | None) -> int:
    return 0 if resume is None else resume


_FOR = frozenset("to for of by at fur bei pour para per di de fuer von an".split()) | {"für"}


def _own(found: Listing) -> list[int]:
    return [index for part in found.parts for index in part.indices]


def _territories(where: Iterable[str]) -> tuple[str, ...]:
    """Return the countries in order; all of them are everywhere, which is said by none."""
    countries = set(where)
    return () if countries == all_codes() else tuple(sorted(countries))


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


def _may_be_out(part: Any) -> bool:
    return any(forbidden not in {"", "!", "editorial_only", "clients_only"} for forbidden, _ in part.things)


def _is_mixed(found: Listing) -> bool:
    """Return True if things are listed among places or uses, so that an exception could belong to either."""
    things = [part for part in found.parts if part.other_things]
    return bool(things) and any(part.wide or part.is_use for part in found.parts)


def _is_all_use(found: Listing) -> bool:
    return all(not part.other_things for part in found.segments)


_STATEMENTS: dict[str, Callable[[Clause, int], int]] = {
    "no": Clause.no, "out": Clause.out, "ban": Clause.ban, "excl": Clause.excl, "except": Clause.except_,
    "only": Clause.only, "exclusive": Clause.exclusive, "embargo": Clause.embargo, "expiry": Clause.expiry,
    "hold": Clause.hold, "kill": Clause.hold, "turn": Clause.turn, "ok": Clause.ok, "forever": Clause.ok,
    "until": Clause.time, "by": Clause.time, "after": Clause.time, "when": Clause.skip, "span": Clause.skip,
    "further": Clause.skip, "rest": Clause.rest,
}  # fmt: skip
