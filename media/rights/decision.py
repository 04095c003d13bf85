"""May this photo be shown here, now? A pure answer from plain rules, with the reason in a sentence.

The vocabulary follows guardian/grid's leases (allow and deny, from and until) widened by territory (ISO 3166-1
alpha-2), channel and placement. Deny beats allow; any agency in the chain may deny; an allow comes from the photo or
from its distributor; where no allow speaks of this kind of use, the default of the photo's kind decides. Of photos that
others license to us, an allow that names channels or places for readers leaves the others denied (docs/decisions/0007).
A composite, whose credit has a chain for each of its pictures, may be shown where every chain says yes.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from uuid import UUID

from ..local_time import say
from .territories import all_codes, in_words, is_rest

CHANNELS = ("web", "feed", "newsletter", "social", "app", "syndication", "print")
PLACEMENTS = ("lead", "body", "gallery", "card")
READER_CHANNELS = ("web", "feed", "newsletter", "social", "app")
DELIVERED_CHANNELS = (*READER_CHANNELS, "syndication")
"""What Marquee delivers to; print pages are made elsewhere."""
PAGE_CHANNELS = ("app", "newsletter", "feed", "syndication")
"""Those that get whole stories, as the web does."""
USUAL_CHANNELS = ("web", "feed", "social", "syndication")
"""What every title is asked for from its first day: pages, feeds, shared links, ninjs."""


ROLES = {
    "lead": ("lead", "card"), "body": ("body",), "gallery": ("gallery",), "social": (),
    "stand_in": ("lead", "body", "card"), "entry": ("card",), "any": PLACEMENTS,
}  # fmt: skip
"""Where a photo of each role is shown; a shared link shows the lead of a story, a stand-in or the one chosen for it.

An entry is a page of the directory, such as an author’s: its picture is a card wherever it is shown."""


def surfaces(role: str, channels: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield each channel and placement in which a title with these channels shows a photo of this role."""
    for channel in channels:
        if channel != "social":
            yield from ((channel, placement) for placement in ROLES[role])
        elif role not in ("body", "gallery", "entry"):
            yield channel, "card"


@dataclass(frozen=True)
class Use:
    """One showing of a photo: `territories` empty means worldwide.

    Sentences about it tell instants in `zone`. `new` asks for the quota too, and for a clearance unless the photo desk said yes to this use (`cleared`).
    """

    at: datetime
    territories: frozenset[str] = frozenset()
    channel: str = "web"
    placement: str = "body"
    article: UUID | None = None
    new: bool = False
    cleared: bool = False
    zone: tzinfo = UTC


@dataclass(frozen=True)
class Rule:
    """One right as plain data. Empty sets mean "any"; `until` is the first instant at which it no longer holds.

    `chains` are the chains of the photo's credit that it speaks for, None for all.
    """

    effect: str
    holder: str
    starts: datetime | None = None
    until: datetime | None = None
    territories: frozenset[str] = frozenset()
    channels: frozenset[str] = frozenset()
    placements: frozenset[str] = frozenset()
    article: UUID | None = None
    quota_left: int | None = None
    needs_clearance: bool = False
    conditions: frozenset[str] = frozenset()
    max_width: int | None = None
    note: str = ""
    chains: frozenset[int] | None = None

    def active(self, at: datetime) -> bool:
        return (self.starts is None or self.starts <= at) and (self.until is None or at < self.until)

    def speaks_of(self, use: Use) -> bool:
        """Return True if this rule is about this kind of use, wherever and whenever it happens."""
        return (
            (not self.channels or use.channel in self.channels)
            and (not self.placements or use.placement in self.placements)
            and (self.article is None or self.article == use.article)
        )

    def confines(self, use: Use) -> bool:
        """Return True if this allow was given for some of our readers' channels or places: it leaves the others out.

        An allow for print or syndication alone says nothing about readers. One that has ended, or has yet to begin,
        still says what the photo was licensed for.
        """
        return (
            self.effect == "allow"
            and bool(self.channels or self.placements)
            and (not self.channels or not self.channels.isdisjoint(READER_CHANNELS))
            and (self.article is None or self.article == use.article)
            and use.channel in READER_CHANNELS
        )

    def touches(self, territories: frozenset[str]) -> bool:
        """Return True if a denial applies: a worldwide use is touched by every territory."""
        return not self.territories or not territories or bool(self.territories & territories)

    def covers(self, territories: frozenset[str]) -> bool:
        """Return True if an allow is wide enough: every territory served must lie inside it."""
        return not self.territories or (bool(territories) and territories <= self.territories)


@dataclass(frozen=True)
class Default:
    """What holds for a kind of photo when no row speaks of the use."""

    channels: frozenset[str]
    sentence: str


@dataclass(frozen=True)
class Decision:
    """`to_clear` tells that nothing but the photo desk's yes to this use is missing, `left_out` that licenses name others."""

    usable: bool
    reason: str
    conditions: frozenset[str] = field(default_factory=frozenset)
    max_width: int | None = None
    to_clear: bool = False
    left_out: bool = False

    def __bool__(self) -> bool:
        return self.usable

    @property
    def is_free(self) -> bool:
        """Return True if it is a yes without conditions: no other decision could allow more."""
        return self.usable and not self.conditions and self.max_width is None

    @property
    def terms(self) -> tuple:
        """Return what readers notice of it: two decisions of the same terms show the same picture."""
        return self.usable, self.conditions, self.max_width


_ALL = frozenset(CHANNELS)
_READERS = frozenset(READER_CHANNELS)
_NONE: frozenset[str] = frozenset()
LICENSED_KINDS = frozenset({"agency", "rights_managed", "social", "screengrab"})
"""Photos of others: what a license does not name, it does not give."""

DEFAULTS: dict[str, Default] = {
    "staff": Default(_ALL, "Staff photos may be used everywhere."),
    "agency": Default(_READERS, "Agency photos may be shown to our readers, but not syndicated or printed."),
    "rights_managed": Default(_NONE, "A rights-managed photo needs a license: record the right that was bought."),
    "handout": Default(_READERS, "Handouts may be shown to our readers with the story they were issued for."),
    "screengrab": Default(frozenset({"web", "app", "feed"}), "Screengrabs may be shown with a review or report."),
    "social": Default(_NONE, "A social media photo needs its owner’s permission: record it as a right."),
    "creative_commons": Default(_ALL, "Creative Commons photos may be used everywhere with their credit."),
    "public_domain": Default(_ALL, "Public-domain photos may be used everywhere."),
    "ai_generated": Default(_READERS, "AI-generated pictures may be shown to our readers and are labeled as such."),
}


def decide(rules: Sequence[Rule], use: Use, kind: str, chains: Iterable[int] = (0,)) -> Decision:
    """Answer for one use of a photo of this kind, whose credit has these chains: every one of them must say yes."""
    spoken = ([rule for rule in rules if rule.chains is None or number in rule.chains] for number in chains)
    return _united([_decide(each, use, kind) for each in spoken])


def _united(answers: Sequence[Decision]) -> Decision:
    """Return the one answer of several chains; what a clearance would not mend is the reason that counts."""
    refusals = sorted((answer for answer in answers if not answer), key=lambda answer: answer.to_clear)
    if refusals or len(answers) == 1:
        return (refusals or answers)[0]
    widths = [answer.max_width for answer in answers if answer.max_width is not None]
    conditions = frozenset().union(*(answer.conditions for answer in answers))
    return Decision(True, answers[0].reason, conditions, min(widths, default=None))


def _decide(rules: Sequence[Rule], use: Use, kind: str) -> Decision:
    conditions, max_width = limits(rules, use)
    relevant = [rule for rule in rules if rule.speaks_of(use)]
    for rule in relevant:
        if rule.effect == "deny" and rule.active(use.at) and rule.touches(use.territories):
            return Decision(False, _denied(rule, use.zone))
    allows = [rule for rule in relevant if rule.effect == "allow"]
    if not allows:
        confining = [rule for rule in rules if rule.confines(use)] if kind in LICENSED_KINDS else []
        if confining:
            return Decision(False, _confined(confining[-1]), left_out=True)
        default = DEFAULTS[kind]
        return Decision(use.channel in default.channels, default.sentence, conditions, max_width)
    refusals = []
    for rule in allows:
        refusal = _refusal(rule, use)
        if refusal is None:
            return Decision(True, _allowed(rule, use.zone), conditions, max_width)
        refusals.append(refusal)
    return next((refusal for refusal in refusals if refusal.to_clear), refusals[-1])


def limits(rules: Iterable[Rule], use: Use) -> tuple[frozenset[str], int | None]:
    """Return the conditions in force and the largest width allowed for this use."""
    active = [rule for rule in rules if rule.active(use.at) and rule.speaks_of(use)]
    widths = [rule.max_width for rule in active if rule.max_width is not None]
    return frozenset().union(*(rule.conditions for rule in active)), min(widths, default=None)


def widest(decisions: Sequence[Decision]) -> Decision:
    """Return what any of these allows, for a file, which does not know its page."""
    allowed = [decision for decision in decisions if decision]
    if not allowed:
        return decisions[-1] if decisions else Decision(False, "It is not shown anywhere.")
    widths = [decision.max_width for decision in allowed]
    return Decision(
        True, allowed[0].reason, frozenset.intersection(*(decision.conditions for decision in allowed)),
        None if None in widths else max(width for width in widths if width is not None),
    )  # fmt: skip


def next_edge(rules: Iterable[Rule], after: datetime) -> datetime | None:
    """Return the first instant after `after` at which one of these rules begins or ends."""
    edges = (edge for rule in rules for edge in (rule.starts, rule.until) if edge is not None and edge > after)
    return min(edges, default=None)


def _refusal(rule: Rule, use: Use) -> Decision | None:
    if rule.starts and use.at < rule.starts:
        return Decision(False, f"The right from {rule.holder} starts on {say(rule.starts, use.zone)}.")
    if rule.until and use.at >= rule.until:
        return Decision(False, f"The right from {rule.holder} ended on {say(rule.until, use.zone)}.")
    if not rule.covers(use.territories):
        return Decision(False, f"The right from {rule.holder} covers {in_words(rule.territories)} only.")
    if use.new and rule.quota_left is not None and rule.quota_left <= 0:
        return Decision(False, f"The quota of the right from {rule.holder} is used up.")
    if use.new and rule.needs_clearance and not use.cleared:
        sentence = f"The right from {rule.holder} costs money: the photo desk must clear this use first."
        return Decision(False, sentence, to_clear=True)
    return None


def _denied(rule: Rule, zone: tzinfo) -> str:
    until = f" until {say(rule.until, zone)}" if rule.until else ""
    note = f" ({rule.note})" if rule.note else ""
    holder = f"{rule.holder[:1].upper()}{rule.holder[1:]}"
    if is_rest(rule.territories):
        return f"{holder} allows this use only in {in_words(all_codes() - rule.territories)}{until}{note}."
    where = f" in {in_words(rule.territories)}" if rule.territories else ""
    return f"{holder} denies this use{where}{until}{note}."


def _confined(rule: Rule) -> str:
    named = [
        *(word for word in CHANNELS if word in rule.channels),
        *(word for word in PLACEMENTS if word in rule.placements),
    ]
    return f"The right from {rule.holder} is for {', '.join(named)} only."


def _allowed(rule: Rule, zone: tzinfo) -> str:
    until = f" until {say(rule.until, zone)}" if rule.until else ""
    return f"Allowed by {rule.holder}{until}."
