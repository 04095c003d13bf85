"""Reads one clause of an agency's instructions: what it forbids, and which of its words that rests on.

Pure. What is not consumed by a statement was not understood. A statement only ever denies.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from .clause_bans import Bans, is_mixed, territories
from .decision import CHANNELS
from .listing import GLUE, ITEMS, POSTFIX, WEIGHTY, Listing, after_glue, read_listing
from .restriction import everywhere_but
from .territories import all_codes, codes

_NAME = frozenset({"unknown", "filler", "in", "and", "place", "thing", "channel", "world", "use", "bracket", "quote"})
_FOR = frozenset(
    ["to", "for", "of", "by", "at", "fur", "bei", "pour", "para", "per", "di", "de", "fuer", "von", "an"]
) | {"für"}


class Clause(Bans):
    """One clause, read from the left to the right."""

    def read(self) -> None:
        """Read every statement, from the left to the right."""
        at = 0
        while at < len(self.lexemes):
            at = max(at + 1, self.step(at))
        self.finish()

    def step(self, at: int) -> int:
        kind = self.lexemes[at].kind
        if kind in ITEMS:
            if all(self.kind(index) == "use" for index in self.pending.indices):
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
        """Return which lexemes were not understood: what was read must also be said by something that was found."""
        said = [span for each in self.found for span in each.spans]
        return [index for index in range(len(self.lexemes)) if self.is_missed(index, said)]

    def is_missed(self, index: int, said: list[tuple[int, int]]) -> bool:
        lexeme = self.lexemes[index]
        if lexeme.kind in GLUE:
            return False
        is_said = any(start <= lexeme.start and lexeme.end <= end for start, end in said)
        return index not in self.used or (lexeme.kind in WEIGHTY and not is_said)

    # "Only"

    def only(self, at: int) -> int:
        span = self.span_beside(at)
        if span >= 0:
            leading = [index for index in range(min(at, span)) if self.kind(index) in {"until", "by", "use"}]
            self.take_pending()
            return max(at + 1, self.expire(span, [*leading, at, span]))
        lead, when = self.time_after(at + 1)
        after = (
            read_listing(self.lexemes, at + 1, careful=True) if self.kind(at + 1) != "comma" else Listing(next=at + 1)
        )
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
        before = len(self.found)
        bare = [index for each in (pending, after) if each not in parts for index in each.indices]
        for each in parts:
            self.allow_only(each, [at, *bare])
        if len(self.found) > before:
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
        ends: dict[str, Any] = {key: value for key, value in bounds.items() if key == "ends"}
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
        while self.kind(index) in {
            "until",
            "in",
            "by",
            "filler",
            "colon",
            "use",
            "no",
            "world",
            "quote",
            "bracket",
            "after",
            "embargo",
            "comma",
            "thing",
        }:
            index += 1
        words = [each for each in range(at, index) if self.kind(each) not in GLUE and self.kind(each) != "thing"]
        before = at - 1 if self.kind(at - 1) == "span" else -1
        facts: dict[str, Any] = {"condition": "embargo", "territories": territories(near.wide)}
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
        denied = (
            index if self.kind(index) in {"out", "ban", "excl"} else at - 1 if before in {"no", "ban", "out"} else -1
        )
        if denied >= 0:
            self.add([at, denied], condition="rest")
        return max(at, denied) + 1

    def hold(self, at: int) -> int:
        """A hold or a kill at the head of a clause; elsewhere the words tell a story."""
        if any(lexeme.kind == "unknown" for lexeme in self.lexemes[:at]):
            return at + 1
        bounds, when, sure = self.bounds(at + 1)
        kind = "kill" if self.kind(at) == "kill" else "hold"
        ends: dict[str, Any] = {
            key: value for key, value in bounds.items() if key == "ends" and kind == "hold" and sure
        }
        self.add([at, *when], condition=kind, **ends)
        return max([at + 1, *(index + 1 for index in when)])

    def turn(self, at: int) -> int:
        condition = self.lexemes[at].value
        pending = self.take_pending()
        if not condition:
            return self.ok(at)
        if condition == "related_only" and pending.segments and not pending.wide and not pending.channels:
            self.allow_only(pending, [at])
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
        names = _NAME if is_credit else _NAME - {"place", "world", "channel"}
        while self.kind(end) in names | {"colon"} or (self.kind(end) == "comma" and is_credit):
            end += 1
        if self.kind(end) == "only" and not is_credit:
            self.used.add(end)
        elif self.kind(end) in POSTFIX:
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
        if pending.exception and pending.exception.wide and not base and not is_mixed(pending):
            self.exclude(pending.exception, pending.indices)
        elif pending.exception and base:
            self.add([], condition="hold")
        elif all(self.kind(index) in {"world", "use"} for index in pending.indices):
            self.used |= set(pending.indices)


_STATEMENTS: dict[str, Callable[[Clause, int], int]] = {
    "no": Clause.no, "out": Clause.out, "ban": Clause.ban, "excl": Clause.excl, "except": Clause.except_,
    "only": Clause.only, "exclusive": Clause.exclusive, "embargo": Clause.embargo, "expiry": Clause.expiry,
    "hold": Clause.hold, "kill": Clause.hold, "turn": Clause.turn, "ok": Clause.ok, "forever": Clause.ok,
    "until": Clause.time, "by": Clause.time, "after": Clause.time, "when": Clause.skip, "span": Clause.skip,
    "further": Clause.skip, "rest": Clause.rest,
}  # fmt: skip
