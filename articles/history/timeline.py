"""Decides which edition is live when. Pure, and the only place that decides it.

An edition is live from its `live_from` until a newer one takes over or it reaches its own end. Newer means later
`live_from`, then higher number. Once an edition has ended, nothing older comes back: an ended story is gone until it
is published again.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

FOREVER = datetime(9999, 12, 31, tzinfo=UTC)


@dataclass(frozen=True)
class Decision:
    """What the timeline needs of an edition; `ends` is FOREVER if it has no end."""

    number: int
    live_from: datetime
    ends: datetime = FOREVER
    withdrawal: bool = False


@dataclass(frozen=True)
class Window:
    """A span [live_from, live_until) in which readers get one and the same answer: 200 or 410."""

    live_from: datetime
    live_until: datetime
    number: int
    gone: bool


def windows(decisions: Iterable[Decision]) -> list[Window]:
    """Return all windows in order. They never overlap, and the first begins with the first edition."""
    ordered = sorted(decisions, key=lambda decision: (decision.live_from, decision.number))
    spans: list[Window] = []
    for index, decision in enumerate(ordered):
        following = ordered[index + 1].live_from if index + 1 < len(ordered) else FOREVER
        end = min(decision.ends, following)
        if decision.live_from < end:
            spans.append(Window(decision.live_from, end, decision.number, decision.withdrawal))
        gone_from = max(end, decision.live_from)
        if gone_from < following:
            spans.append(Window(gone_from, following, decision.number, True))
    return _without_early_tombstones(spans)


def at(spans: Iterable[Window], instant: datetime) -> Window | None:
    """Return the window that contains an instant, or None before the first."""
    return next((span for span in spans if span.live_from <= instant < span.live_until), None)


def coming(spans: Iterable[Window], instant: datetime) -> list[Window]:
    """Return the present window and all future ones."""
    return [span for span in spans if span.live_until > instant]


def _without_early_tombstones(spans: list[Window]) -> list[Window]:
    """Drop leading windows that are gone: until a story is first live, it needs no tombstone."""
    first_live = next((index for index, span in enumerate(spans) if not span.gone), len(spans))
    return spans[first_live:]
