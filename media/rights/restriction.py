"""A restriction read from a file's words, and all that one reading of them found. Plain data."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from .territories import all_codes

# What these say is told by the dates and territories of the restriction itself.
MARKERS = frozenset({"embargo", "expiry", "limited_time", "territory_only", "exclusive", "hold", "kill", "other"})


@dataclass(frozen=True)
class Restriction:
    """A deny, or a condition of use. Empty tuples mean "any"; `ends` is the first instant when it no longer holds.

    `spans` are the places in the text that say so.
    """

    effect: str
    sentence: str
    territories: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    placements: tuple[str, ...] = ()
    starts: datetime | None = None
    ends: datetime | None = None
    condition: str | None = None
    exclusive_to: str = ""
    spans: tuple[tuple[int, int], ...] = field(default=(), compare=False)

    @property
    def is_hold(self) -> bool:
        """Return True if it takes the photo from everybody until a person looks."""
        whole = not (self.territories or self.channels or self.placements or self.starts or self.ends)
        return self.effect == "deny" and whole


@dataclass(frozen=True)
class Reading:
    """What instructions forbid, and which of their words were not understood, in their order."""

    text: str
    restrictions: tuple[Restriction, ...] = ()
    unread_spans: tuple[tuple[int, int], ...] = ()

    @property
    def unread(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(" ".join(self.text[start:end].split()) for start, end in self.unread_spans))

    @property
    def hold(self) -> bool:
        return any(each.is_hold for each in self.restrictions)


def everywhere_but(allowed: frozenset[str]) -> tuple[str, ...]:
    """Return the countries of a denial that leaves only these; () is everywhere."""
    return tuple(sorted(all_codes() - allowed)) if allowed else ()
