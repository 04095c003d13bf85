"""What an agency's instructions forbid: "GERMANY OUT", embargoes, "NO ARCHIVE", "MANDATORY CREDIT", PLUS license terms.

Pure: text in, `Restriction`s out, each with the words it was read from, for the desk to confirm or dismiss. In doubt it
restricts: an embargo whose date cannot be read holds until somebody looks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, tzinfo

from ..files.metadata import Metadata
from .decision import CHANNELS
from .instants import later, read_instant
from .territories import all_codes, codes, name_pattern

ONLINE = ("web", "feed", "newsletter", "social", "app")


@dataclass(frozen=True)
class Restriction:
    """A deny, or a condition of use. Empty tuples mean "any"; `ends` is the first instant when it no longer holds."""

    effect: str
    sentence: str
    territories: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    placements: tuple[str, ...] = ()
    starts: datetime | None = None
    ends: datetime | None = None
    condition: str | None = None


def read_instructions(text: str, taken: date | None = None, zone: tzinfo = UTC) -> tuple[Restriction, ...]:
    """Return the restrictions in special instructions or usage terms, in their order.

    `taken` counts "within 14 days" and completes dates without a year; `zone` holds for times that name none.
    """
    found = [restriction for clause in _clauses(text) for restriction in _Clause(clause, taken, zone).read()]
    dated = any(_is_embargo(restriction) and restriction.ends for restriction in found)
    kept = [each for each in found if not (dated and _is_embargo(each) and each.ends is None)]
    unique: dict[Restriction, Restriction] = {}
    for each in kept:
        unique.setdefault(replace(each, sentence=""), each)
    return tuple(unique.values())


def _is_embargo(restriction: Restriction) -> bool:
    return restriction.condition == "embargo"


_ABBREVIATED = re.compile(
    r"\b(Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|Mon|Tues?|Wed|Thu|Fri|Sat|Sun|excl?)\.", re.I
)
_CLAUSE_END = re.compile(
    r"[;\n\r|•*!]+|(?<![\s.(][A-Za-z])(?<!^[A-Za-z])\.(?=\s|$)|\s[-–—]+\s"
    r"|/(?=\s*(?:NO|NOT|FOR|EDITORIAL|MANDATORY|CREDIT|RESTRICTED|EMBARGO\w*)\b)",
)


def _clauses(text: str) -> Iterator[str]:
    for clause in _CLAUSE_END.split(_ABBREVIATED.sub(r"\1", text[:20_000])):
        if words := clause.strip(" \t.,:/-"):
            yield words[:1_000]


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\s+", r"\\s+", text), re.IGNORECASE)


_PLACE = name_pattern()
_PLACES = rf"(?:the\s+)?{_PLACE}(?:[\s,/&+]+(?:(?:and|or|the|in)\s+)*{_PLACE}){{0,60}}"
_SALE = r"(?:sales?|resales?|use|usage|rights|publication|distribution|syndication)"
_OUT = [
    _pattern(pattern)
    for pattern in (
        rf"(?P<places>{_PLACES})\s*(?:(?:is|are|clients?|papers|media)\s+)?\bout\b(?!\s+of)",
        rf"\bouts?\b\s*[:=]?\s*(?P<places>{_PLACES})",
        rf"\b(?:no {_SALE}|not for (?:sale|use|publication|distribution|release)|not available"
        rf"|not to be (?:used|published|sold)) (?:(?:in|to|within|for|by) )?(?P<places>{_PLACES})",
        rf"\bno (?P<places>{_PLACES}) (?:{_SALE}|clients)\b",
        rf"\b(?:except(?:ing|\sfor)?|excluding|excl?|other than|apart from|minus)"
        rf" (?:(?:in|for) )?(?P<places>{_PLACES})",
    )
]
_ONLY_THERE = _pattern(
    rf"(?:\bonly (?:for )?(?:use |sale |publication )?in (?P<places>{_PLACES})"
    rf"|(?P<before>{_PLACES}) (?:{_SALE} |clients )?only\b"
    rf"|\bno {_SALE} (?:outside|except in) (?P<outside>{_PLACES}))"
)
_LASTING = re.compile(r"\bfor\s+(?:the\s+first\s+)?(\d{1,3})\s*-?\s*(hour|hr|day|week|month)s?\b", re.IGNORECASE)
_WITHIN = re.compile(
    r"\b(?:within|for(?:\s+up\s+to)?|after)\s+(\d{1,3})\s*-?\s*(hour|hr|day|week|month)s?\b", re.IGNORECASE
)
_DAYS = {"hour": 1 / 24, "hr": 1 / 24, "day": 1, "week": 7, "month": 31}

_EMBARGO = _pattern(
    r"\bembargo(?:ed)?\b|\bhold for release\b|\b(?:not (?:for|to be)|no|do not|must not be) "
    r"(?:publication|publish(?:ed)?|release[d]?|broadcast|use[d]?|online use)"
    r" (?:anywhere )?(?:before|until|till|prior to)\b"
)
_NO_EMBARGO = _pattern(r"\b(?:no|not) embargo|\bembargo (?:has been |is )?(?:lifted|expired|over)\b")
_EXPIRY = _pattern(
    r"\b(?:not? (?:to be )?use[d]? after|expir(?:es|y|ation)|must be used (?:within|before|by)"
    r"|use[d]? only (?:until|within)|for use (?:until|within)|licen[cs]e ends"
    r"|usage (?:period )?ends|do not use after|valid until)\b"
)

_CHANNEL_WORDS = {
    r"social(?: media| networks?| use)?|facebook|instagram|twitter|tiktok": ("social",),
    r"internet|on-?line|web(?: ?sites?)?|digital|www": ONLINE,
    r"mobile(?: devices?| phones?)?|apps?": ("app",),
    r"newsletters?|e-?mails?": ("newsletter",),
    r"magazines?|mags?|print|newspapers?": ("print",),
    r"syndication": ("syndication",),
}
_CHANNEL_PATTERNS = [(_pattern(rf"\b(?:{words})\b"), channels) for words, channels in _CHANNEL_WORDS.items()]
_CHANNEL = r"(?:(?:any|in|on|the) )*(?:" + "|".join(_CHANNEL_WORDS) + r")(?: use| usage| publication| sales)?"
_CHANNELS_LISTED = rf"{_CHANNEL}(?:(?: ?[,/&] ?| or | and | nor )(?:no )?{_CHANNEL})*"
_NO_CHANNELS = _pattern(
    rf"\b(?:no(?: use)?|not for(?: use)?|not to be used|excluding|except|without) (?P<listed>{_CHANNELS_LISTED})\b"
    rf"|(?P<out>{_CHANNELS_LISTED}) out\b"
)
_CHANNELS_ONLY = _pattern(rf"\b(?P<listed>{_CHANNELS_LISTED}) only\b|\bonly for (?P<after>{_CHANNELS_LISTED})\b")

# Condition -> the ways agencies put it, as regular expressions in which a space stands for any white space.
_CONDITIONS = {
    "credit_mandatory": (
        r"(?:mandatory|compulsory|obligatory) (?:photo )?(?:credit|byline)",
        r"(?:credit|byline)(?: line)?(?: is)? (?:mandatory|compulsory|required|obligatory)",
        r"must (?:be )?credit(?:ed)?",
    ),
    "editorial_only": (
        r"editorial (?:use |usage |purposes |reporting purposes )?only",
        r"(?:restricted|limited) to editorial",
        r"only (?:be used )?(?:in |for )+editorial",
        r"news use only",
        r"non-?commercial",
        r"(?:no|not for) (?:sale for )?(?:commercial|advertising|marketing|merchandising|promotional)",
        r"(?:no|not for) (?:ads?|adverts?)",
        r"no (?:advertisements?|advertorials?)",
    ),
    "no_archive": (r"(?:no|not for) archiv(?:es?|ing|al)", r"(?:not to be|do not) archived?", r"archives? out"),
    "no_resale": (
        r"no (?:third[- ]party )?(?:re-?sales?|sales|licensing|re-?distribution|transfer)(?! for)",
        r"not for (?:re-?sale|syndication)",
        r"no third[- ]part(?:y|ies)",
        r"no syndication",
    ),
    "no_crop": (
        r"(?:no|do not) crop(?:ping)?",
        r"(?:not|never) (?:to )?be cropped",
        r"cropping (?:is )?(?:not (?:allowed|permitted)|prohibited)",
    ),
    "no_flip": (r"(?:no|do not) (?:flip|flop|mirror)(?:p?ing)?",),
    "no_retouch": (
        r"no (?:digital )?(?:retouching|alterations?|manipulations?|editing|colou?ri[sz](?:ing|ation))",
        r"do not (?:retouch|alter|manipulate)",
        r"(?:not|never) (?:to )?be (?:retouched|altered|manipulated)",
    ),
    "no_merge": (r"no (?:merging|montages?|composites?|compositing|collages?)",),
    "no_cover": (r"(?:no|not for)(?: use on)?(?: front)? (?:covers?|pages?)",),
    "no_tabloids": (r"(?:no|not for) tab(?:loid)?s?", r"tab(?:loid)?s out"),
    "no_tv": (r"no (?:tv|television|broadcast)", r"(?:tv|television) out"),
    "no_books": (r"no books?", r"books out"),
    "one_time_use": (r"(?:one|1|single)[- ](?:time )?(?:use|usage|publication)",),
    "clients_only": (
        r"(?:clients?|members?|subscribers?) only",
        r"for (?:the )?(?:exclusive|sole) use (?:of|by)",
        r"for use (?:only )?by (?!media )[\w .&'-]{2,60} only",
        r"for (?!editorial|news|non|one|single|print|web|online|personal)(?:[\w.&'-]{1,30} ){1,6}use only",
    ),
    "pixelate_children": (
        r"pixell?at(?:e|ed|ion)",
        r"(?:blur|obscure|mask)(?:ed)? (?:the )?(?:(?:child\w*|minors?)(?:'s)? )?faces?",
    ),
    "ask_first": (
        r"(?:permission|approval|consent|clearance|authori[sz]ation) (?:is |must be )?(?:required|needed|obtained)",
        r"(?:without|subject to) (?:the )?(?:prior |written |express )*(?:permission|approval|consent)",
        r"(?:call|contact|ring|e-?mail) .{0,60}\b(?:before|prior|for (?:rates|fees?|prices?|usage))",
        r"(?:fees?|prices?|rates?) (?:must|to|should|need to) (?:be )?(?:agreed|negotiated)",
        r"(?:premium|special|minimum) (?:rates?|fees?|usage|web)",
        r"price on application",
        r"space rates?",
    ),
}
_CONDITION_PATTERNS = {condition: _pattern(rf"\b(?:{'|'.join(forms)})\b") for condition, forms in _CONDITIONS.items()}
_ANY_OUT = re.compile(r"\b[A-Z][A-Z0-9 .,'&/()-]{1,80}\bOUT\b(?!\s+OF)")
_UNKNOWN = re.compile(
    r"^(?:NO|NOT FOR|NOT TO BE|DO NOT|MUST NOT|RESTRICTIONS?)\b(?!\s+(?:RELEASED|EMBARGO|RESTRICT|LIMIT|FEE))|\bONLY$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class _Clause:
    """One clause of the instructions, and what it says."""

    words: str
    taken: date | None
    zone: tzinfo

    def read(self) -> list[Restriction]:
        times = [*self.embargo(), *self.expiry()]
        places = self.places()
        channels = [] if times and times[0].condition == "embargo" else [*self.channels()]
        conditions = [*self.conditions(skip={"no_resale"} if places else set())]
        found = [*times, *places, *channels, *conditions]
        return found or [*self.unknown()]

    def deny(self, **facts: object) -> Restriction:
        return replace(Restriction("deny", self.words), **facts)  # type: ignore[arg-type]

    def embargo(self) -> Iterator[Restriction]:
        match = _EMBARGO.search(self.words)
        if match and not _NO_EMBARGO.search(self.words):
            until = read_instant(self.words[match.start() :], self.taken, self.zone)
            yield self.deny(ends=until, condition="embargo", territories=codes(self.words[: match.start()]))

    def expiry(self) -> Iterator[Restriction]:
        match = _EXPIRY.search(self.words)
        if not match:
            return
        rest = self.words[match.start() :]
        if lasting := _WITHIN.search(rest):
            starts = self.after(lasting)
        else:
            starts = read_instant(rest, self.taken, self.zone)
            if starts and starts.astimezone(self.zone).time() == time() and ":" not in rest:
                starts = later(starts, 1)  # a last day is used up to its end
        if starts:
            yield self.deny(starts=starts, condition="expiry")
        else:
            yield Restriction("condition", self.words, condition="limited_time")

    def after(self, lasting: re.Match[str]) -> datetime | None:
        """Return the instant so long after the picture was taken, to the end of that day."""
        if self.taken is None:
            return None
        return later(datetime.combine(self.taken, time(), self.zone), 1 + int(lasting[1]) * _DAYS[lasting[2].lower()])

    def places(self) -> list[Restriction]:
        """Territories in which it must not be used; an only-list denies all others."""
        if only := _ONLY_THERE.search(self.words):
            allowed = codes(only["places"] or only["before"] or only["outside"] or "")
            return [self.deny(territories=tuple(sorted(all_codes() - set(allowed))), condition="territory_only")]
        found = {code for pattern in _OUT for match in pattern.finditer(self.words) for code in codes(match["places"])}
        if not found:
            return []
        return [self.deny(territories=tuple(sorted(found)), ends=self.end())]

    def end(self) -> datetime | None:
        """When an OUT is over: "for 28 days", "until March 3"."""
        if lasting := _LASTING.search(self.words):
            return self.after(lasting)
        _, until, rest = re.split(r"\b(until|till)\b", self.words + " until ", maxsplit=1, flags=re.IGNORECASE)
        return read_instant(rest, self.taken, self.zone) if until else None

    def channels(self) -> Iterator[Restriction]:
        if only := _CHANNELS_ONLY.search(self.words):
            allowed = _channels_in(only["listed"] or only["after"])
            yield self.deny(channels=tuple(channel for channel in CHANNELS if channel not in allowed))
        for match in _NO_CHANNELS.finditer(self.words):
            yield self.deny(channels=_channels_in(match["listed"] or match["out"]))

    def conditions(self, skip: set[str]) -> Iterator[Restriction]:
        for condition, pattern in _CONDITION_PATTERNS.items():
            if condition in skip or not pattern.search(self.words):
                continue
            if condition == "no_resale":
                yield self.deny(channels=("syndication",), condition=condition)
            else:
                where = codes(self.words) if condition == "pixelate_children" else ()
                yield Restriction("condition", self.words, territories=where, condition=condition)

    def unknown(self) -> Iterator[Restriction]:
        """Yield a ban in words we do not know, so that the desk sees it."""
        if _ANY_OUT.search(self.words) or _UNKNOWN.search(self.words):
            yield Restriction("condition", self.words, condition="other")


def _channels_in(listed: str) -> tuple[str, ...]:
    found = {channel for pattern, channels in _CHANNEL_PATTERNS if pattern.search(listed) for channel in channels}
    return tuple(channel for channel in CHANNELS if channel in found)


# PLUS license terms (useplus.org, License Data Format vocabulary)

_ALTERATIONS = {
    "AL-CRP": ("no_crop", "The licence forbids cropping."),
    "AL-FLP": ("no_flip", "The licence forbids flipping."),
    "AL-RET": ("no_retouch", "The licence forbids retouching."),
    "AL-CLR": ("no_retouch", "The licence forbids adding colour."),
    "AL-DCL": ("no_retouch", "The licence forbids removing colour."),
    "AL-MRG": ("no_merge", "The licence forbids merging with other pictures."),
}
_CREDIT_PLACES = {
    "CR-COI": ("credit_on_image", "The licence wants the credit on the picture itself."),
    "CR-CAI": ("credit_adjacent", "The licence wants the credit beside the picture."),
    "CR-CCA": ("credit_in_credits_area", "The licence wants the credit in a credits area."),
}
_CODE = re.compile(r"\b(?:AL-(?:CRP|FLP|RET|CLR|DCL|MRG)|CR-(?:NRQ|COI|CAI|CCA)|AG-(?:U14|A\d\d|UNK)|DMI-[A-Z-]+)\b")


def read_plus(metadata: Metadata, zone: tzinfo = UTC) -> tuple[Restriction, ...]:
    """Return the restrictions in a picture's PLUS fields, from the period of the license to data mining."""
    return tuple(
        [
            *_period(metadata, zone),
            *_alterations(metadata),
            *_credit(metadata),
            *_people_and_machines(metadata),
            *_free_terms(metadata, zone),
        ]
    )


def _code(text: str | None) -> str:
    match = _CODE.search(text or "")
    return match[0] if match else ""


def _period(metadata: Metadata, zone: tzinfo) -> Iterator[Restriction]:
    if starts := _instant(metadata.license_start, zone):
        yield Restriction("deny", f"The licence starts on {metadata.license_start}.", ends=starts, condition="licence")
    if ends := _instant(metadata.license_end, zone, days=1 if len(metadata.license_end or "") <= 10 else 0):
        yield Restriction("deny", f"The licence ends on {metadata.license_end}.", starts=ends, condition="licence")


def _instant(text: str | None, zone: tzinfo, days: int = 0) -> datetime | None:
    try:
        moment = datetime.fromisoformat((text or "").replace("Z", "+00:00"))
    except ValueError:
        return None
    return later(moment if moment.tzinfo else moment.replace(tzinfo=zone), days)


def _alterations(metadata: Metadata) -> Iterator[Restriction]:
    for constraint in metadata.alteration_constraints:
        if _code(constraint) in _ALTERATIONS:
            condition, sentence = _ALTERATIONS[_code(constraint)]
            yield Restriction("condition", sentence, condition=condition)


def _credit(metadata: Metadata) -> Iterator[Restriction]:
    code = _code(metadata.credit_line_required)
    if code in _CREDIT_PLACES:
        condition, sentence = _CREDIT_PLACES[code]
        yield Restriction("condition", "The licence demands a credit line.", condition="credit_mandatory")
        yield Restriction("condition", sentence, condition=condition)


def _people_and_machines(metadata: Metadata) -> Iterator[Restriction]:
    age = _code(metadata.minor_model_age)
    if age == "AG-U14" or age in {"AG-A15", "AG-A16", "AG-A17"}:
        yield Restriction("condition", f"The youngest person shown is a minor ({age}).", condition="minor")
    mining = _code(metadata.data_mining)
    if mining and mining not in {"DMI-ALLOWED", "DMI-UNSPECIFIED"}:
        yield Restriction("condition", f"Data mining is restricted ({mining}).", condition="no_data_mining")


def _free_terms(metadata: Metadata, zone: tzinfo) -> Iterator[Restriction]:
    """Constraints in words are read as instructions are; what is not understood is kept as a condition."""
    terms = {
        "media_constraint": metadata.media_constraints,
        "region_constraint": metadata.region_constraints,
        "product_constraint": metadata.product_constraints,
        "other_constraint": metadata.other_constraints,
        "licence_requirement": metadata.other_license_requirements,
    }
    for condition, text in terms.items():
        if text:
            known = [each for each in read_instructions(text, zone=zone) if each.condition != "other"]
            yield from known or [Restriction("condition", text, condition=condition)]
