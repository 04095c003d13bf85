"""What a photo lacks in its place, as the checklist finds it, and the badge that says the same in a few words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from ..local_time import local
from ..rights.decision import CHANNELS, Decision, Rule, Use, next_edge
from .photo import Photo

SOON = timedelta(days=30)
MOST_EDGES = 6


@dataclass(frozen=True)
class Own:
    """What a use says in words of its own; None is inherited from the photo."""

    caption: str | None = None
    alt: str | None = None
    decorative: bool = False


SILENT = Own(alt="")
"""A use that describes nothing: what would be missing without words of its own."""


@dataclass(frozen=True)
class Finding:
    """`word` is what a badge says, `said` the reason or the words it is about. One that `blocks` stops publication."""

    code: str
    word: str
    blocks: bool = False
    said: str = ""


def findings(photo: Photo, decision: Decision, own: Own = Own()) -> Iterator[Finding]:
    """Yield what stops this use of a photo that has its file, and what somebody should look at."""
    if decision.to_clear:
        yield Finding("photo_to_clear", "To be cleared", blocks=True, said=decision.reason)
    elif not decision:
        yield Finding("photo_not_usable", "Not usable", blocks=True, said=decision.reason)
    if photo.credit is None or not photo.credit.line():
        yield Finding("credit_missing", "No credit yet", blocks=True)
    elif photo.credit.needs_check:
        yield Finding("credit_to_check", "Check the credit")
    if words := photo.words_not_understood:
        yield Finding("instructions_to_check", "Check the terms", said="; ".join(f"“{each}”" for each in words[:3]))
    for doubt in photo.doubts.splitlines():
        yield Finding("photo_to_check", "To check", said=doubt)
    yield from _words(photo, own)


def _words(photo: Photo, own: Own) -> Iterator[Finding]:
    house = photo.house_caption
    is_decorative = own.decorative or bool(house and house.decorative)
    if not is_decorative and not (own.alt or (own.alt is None and house and house.alt)):
        yield Finding("alt_missing", "No alt text")
    if own.caption is None and not (house and house.text):
        yield Finding("caption_missing", "No caption")


@dataclass(frozen=True)
class Badge:
    """A few words about a photo, why, and how grave that is: yes, wait (somebody should look) or no (it stops a story)."""

    code: str
    level: str
    word: str
    sentence: str = ""

    @property
    def tone(self) -> str:
        return {"yes": "good", "wait": "warn", "no": "bad"}[self.level]


def badges(photo: Photo, use: Use, decision: Decision, own: Own = Own()) -> list[Badge]:
    """Return what is to be said of a photo before it is used so, the gravest first: never empty."""
    if photo.state != photo.State.READY:
        return [_of_state(photo, decision)]
    rules = photo.rules(use.article, new=use.new)
    found = [_badge(each, photo, use, rules) for each in findings(photo, decision, own)]
    found.sort(key=lambda badge: badge.level != "no")
    return [*found, _standing(photo, use, decision, rules)] if decision else found


def _of_state(photo: Photo, decision: Decision) -> Badge:
    if photo.is_slot:
        return Badge("slot_empty", "wait", "Waits for its file", decision.reason)
    word = "Held" if photo.is_to_compare else photo.get_state_display().capitalize()
    return Badge("photo_not_usable", "no", word, decision.reason)


def _badge(finding: Finding, photo: Photo, use: Use, rules: Sequence[Rule]) -> Badge:
    word = finding.word
    if finding.code == "photo_not_usable" and _is_for_others(photo, use, rules):
        word = f"Not for {use.channel}"
    return Badge(finding.code, "no" if finding.blocks else "wait", word, finding.said)


def _is_for_others(photo: Photo, use: Use, rules: Sequence[Rule]) -> bool:
    """Return True if another channel may show what this one may not."""
    others = (replace(use, channel=channel) for channel in CHANNELS if channel != use.channel)
    return any(photo.usable(other, list(rules)) for other in others)


def _standing(photo: Photo, use: Use, decision: Decision, rules: Sequence[Rule]) -> Badge:
    end = _end(photo, use, rules)
    if end is None:
        return Badge("usable", "yes", "Usable", decision.reason)
    return Badge("ends", "wait" if end - use.at < SOON else "yes", f"Ends {_day(end, use)}", decision.reason)


def _end(photo: Photo, use: Use, rules: Sequence[Rule]) -> datetime | None:
    """Return the first instant from which the use is no longer allowed, of those near at hand."""
    at = use.at
    for _ in range(MOST_EDGES):
        edge = next_edge(rules, at)
        if edge is None or not photo.usable(replace(use, at=edge, new=False), list(rules)):
            return edge
        at = edge
    return None


def _day(end: datetime, use: Use) -> str:
    """Return the last day of a right, with the year if it is another: “Dec 3”, “Dec 3, 2031”."""
    last, now = local(end - timedelta(seconds=1), use.zone), local(use.at, use.zone)
    return f"{last:%b %-d}" if last.year == now.year else f"{last:%b %-d, %Y}"
