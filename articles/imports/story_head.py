"""Finds the head of a pasted story: title, byline, dates, reading time and standfirst. Pure, part of `plain_text`."""

import datetime
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from articles.text.body import Block

HEAD_LINES = 9
"""How many lines from the top may belong to the head."""

MONTHS = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    "|nov(?:ember)?|dec(?:ember)?"
)
_MONTH_ORDER = "janfebmaraprmayjunjulaugsepoctnovdec"

_WEEKDAY = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s+)?"
_DATE = rf"""{_WEEKDAY}(?:
      (?P<iso_year>\d{{4}})[-/.](?P<iso_month>\d{{1,2}})[-/.](?P<iso_day>\d{{1,2}})
    | (?P<us_month>{MONTHS})\.?\s+(?P<us_day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<us_year>\d{{4}})
    | (?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<month>{MONTHS})\.?,?\s+(?P<year>\d{{4}})
    | (?P<first>\d{{1,2}})(?P<mark>[./-])(?P<second>\d{{1,2}})(?P=mark)(?P<short_year>\d{{4}})
    )(?!\d)"""
_CLOCK = r"""(?:T|at\s+)?\d{1,2}(?:[:.]\d{2}(?:[:.]\d{2})?(?:\.\d+)?\s*(?:[ap]\.?m\.?)?|\s*[ap]\.?m\.?)
    (?:\s*(?:Z|[+-]\d{2}:?\d{2})\b|\s*\(?\b(?:UTC|GMT|BST|IST|CES?T|[ECMP][SD]?T|A[EWC][SD]?T)\b\)?)?"""
_READING = r"""(?:estimated\s+)?(?:reading|read)\s+time\s*:?\s*<?\s*(?P<told>\d{1,3})\s*(?:minutes?|mins?\b\.?|m\b)
    | <?\s*(?P<minutes>\d{1,3})[\s-]*(?:minutes?|mins?\.?)[\s-]*(?:of\s+)?read(?:ing)?(?:\s+time)?\b"""
_UPDATED = r"(?:last\s+|article\s+)?(?:updated?|modified|edited)\b(?:\s+(?:on|at))?\s*:?"
_PUBLISHED = r"""(?:(?:first|originally)\s+)?(?:date|published|posted|created|publication\s+date|publish\s+date)\b
    (?:\s+(?:on|at))?\s*:?"""
_NAME = rf"(?!(?:{MONTHS})\b\.?\s+\d|(?:Published|Posted|Updated|Last|First)\b)(?-i:[^\W\d_a-z])[\w.'’‘-]*"
_SMALL = r"(?:and|with|for|of|at|the|de|da|di|du|del|der|den|van|von|la|le|el|bin|al|&|/)"
_BYLINE = rf"""(?:(?:(?:written|words|story|text|report(?:ed|ing)?|posted|review(?:ed)?|interview|published)\s+)?by\s*:?
    |(?:author|authors|words|text|writer)\s*:)\s*(?P<names>{_NAME}(?:,?\s+(?:{_SMALL}\s+){{0,3}}{_NAME}){{0,12}})"""
_CONTACT = r"@\w+|\(@\w+\)|[\w.+-]+@[\w-]+(?:\.[\w-]+)+"


def _fact(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE | re.VERBOSE)


_FACTS = [
    ("date", _fact(_DATE)),
    ("minutes", _fact(_READING)),
    ("clock", _fact(_CLOCK)),
    ("byline", _fact(_BYLINE)),
    ("updated", _fact(_UPDATED)),
    ("published", _fact(_PUBLISHED)),
    ("contact", _fact(_CONTACT)),
]
_BETWEEN = re.compile(r"[\s|·•,;:/–—-]+")
_TITLE_LABEL = re.compile(r"(?:title|headline|slug line)\s*:\s*(?=\S)", re.IGNORECASE)
_STANDFIRST_LABEL = re.compile(
    r"(?:standfirst|dek|deck|subtitle|sub-?head(?:line)?|summary|excerpt)\s*:\s*(?=\S)", re.IGNORECASE
)
_PERSON = re.compile(
    r"(?:[^\W\d_a-z][\w.'’-]*)(?:\s+(?:de|da|di|van|von|la|le|el|bin)\b)*(?:\s+[^\W\d_a-z][\w.'’-]*){1,3}"
)
_JOB = re.compile(r"\s+(?:for|at|of|with)\s+the\b.*|\s+(?:for|at|of)\s.*", re.IGNORECASE)
_JOB_WORDS = re.compile(
    r"\b(?:writer|editor|reporter|correspondent|critic|columnist|contributor|staff|news|desk)\b", re.IGNORECASE
)

_SMALL_WORD = re.compile(
    r"a|an|and|as|at|but|by|de|da|del|der|des|di|du|el|en|for|from|if|in|into|is|la|le|of|on|onto|or|over|per|the|than|to"
    r"|up|van|via|von|vs|with|x",
    re.IGNORECASE,
)
_ABBREVIATION = re.compile(r"(?:\b[A-Za-z]\.){2,}$|\b(?:Jr|Sr|Inc|Co|Ltd|vs|Mr|Mrs|Ms|Dr|St|Vol|No)\.$")
_CLOSERS = "\"'”’»)]}"
_ENDS = ".!?…。！？؟।"


@dataclass(frozen=True)
class Picture:
    """A picture in a formatted text: where its file is said to be, and what it says to those who cannot see it."""

    source: str = ""
    alt: str = ""


@dataclass(frozen=True)
class Line:
    """One line of the input, or several that were one sentence: numbers from 1, spaces made single.

    `mark` says what a sign before the text announced, or its format: heading, bold, quote, list, divider, standfirst,
    photo, kept or nothing. A formatted line has its words as inline `html`; `block` is the whole block where a line
    cannot say it all, `picture` what stands at this place or, `below_picture`, above it. The line `goes_on` within the
    paragraph above.
    """

    start: int
    end: int
    text: str
    after_gap: bool
    mark: str = ""
    level: int | None = None
    html: str = ""
    block: Block | None = None
    picture: Picture | None = None
    below_picture: bool = False
    goes_on: bool = False


@dataclass
class Head:
    """What the head says. `taken` are the numbers of the lines used up; `notes` are (line, text, sentence).

    `titled` is the line that is set as the only title, 0 for none.
    """

    title: str | None = None
    date: datetime.date | None = None
    minutes: int | None = None
    byline: str | None = None
    standfirst: int | None = None
    updated: datetime.date | None = None
    taken: set[int] = field(default_factory=set)
    kickers: set[int] = field(default_factory=set)
    notes: list[tuple[int, str, str]] = field(default_factory=list)
    titled: int = 0


@dataclass(frozen=True)
class Fact:
    """One thing a head line states; `text` is its words."""

    kind: str
    text: str
    day: datetime.date | None = None
    minutes: int | None = None


def word_count(text: str) -> int:
    return len(text.split())


def ends_sentence(text: str) -> bool:
    """Whether the line closes like a sentence; an abbreviation's full stop ("U.S.", "Jr.") does not."""
    bare = text.rstrip(_CLOSERS + " ")
    ends = bare[-1:] in _ENDS and bare[-1:] != "" and not bare.endswith(("...", "…"))
    return ends and not _ABBREVIATION.search(bare[-40:])


def is_title_case(text: str, *, strict: bool = False) -> bool:
    """Whether every word but the small ones begins with a capital; scripts without capitals count as such.

    Strict: a small word has at most three letters, as house styles have it that print "With" in headings.
    """
    words = [word.strip("\"'“”‘’«»()[]{}.,:;!?…-–—") for word in text.split()]
    telling = [word for word in words if word and word[0].isalnum() and not _is_small(word, strict=strict)]
    lower = sum(word[0].islower() and word[1:].islower() for word in telling)
    return bool(telling) and not telling[0][0].islower() and lower <= len(telling) // 8


def _is_small(word: str, *, strict: bool) -> bool:
    return bool(_SMALL_WORD.fullmatch(word)) and not (strict and len(word) > 3)


def names_in_byline(byline: str) -> tuple[str, ...]:
    parts = re.split(r",\s*|\s+(?:and|&|with)\s+(?!the\b)", byline)
    names = [_JOB.sub("", part).removeprefix("and ").strip() for part in parts if not _JOB_WORDS.search(part)]
    return tuple(name for name in names if name)


def find(lines: list[Line], *, skip: Callable[[Line], bool]) -> Head:
    """The head of the story; `skip` tells lines (captions, page furniture) that are never title or standfirst."""
    top = [(line, list(facts_in(line.text))) for line in lines[:HEAD_LINES]]
    last = _last_fact_line(top)
    titled = [line.start for line in lines if line.level == 1]
    head = Head(titled=titled[0] if len(titled) == 1 and titled[0] <= HEAD_LINES else 0)
    for index, (line, facts) in enumerate(top[: last + 1]):
        if facts:
            _take(head, line, facts)
        elif not skip(line):
            _judge(head, line, lines, index, in_head=True)
    for index, (line, _) in enumerate(top[last + 1 :], last + 1):
        if head.title or not skip(line):
            _judge(head, line, lines, index, in_head=False)
            if head.title or line.start not in head.kickers:
                break
    head.date = head.date or _only_updated(head)
    return head


def _last_fact_line(top: list[tuple[Line, list[Fact]]]) -> int:
    """The last line of the head that states facts; running text ends the head, but for a standfirst."""
    last, prose = -1, 0
    for index, (line, facts) in enumerate(top):
        if facts:
            last = index
        prose += not facts and ends_sentence(line.text) and word_count(line.text) > 12
        if prose > 1 or word_count(line.text) > 60:
            break
    return last


def _judge(head: Head, line: Line, lines: list[Line], index: int, *, in_head: bool) -> None:
    below = lines[index + 1] if index + 1 < len(lines) else None
    if not head.title:
        if line.start < head.titled or (line.start != head.titled and _is_kicker(line, below)):
            head.kickers.add(line.start)
        elif below and _is_title(line):
            head.title = _TITLE_LABEL.sub("", line.text)
            head.taken.add(line.start)
    elif head.standfirst is None and (in_head or _STANDFIRST_LABEL.match(line.text)):
        if in_head and not head.byline and _PERSON.fullmatch(line.text):
            head.byline = line.text
            head.taken.add(line.start)
            head.notes.append((line.start, line.text, "This was read as the byline, though it does not say “By”."))
        elif word_count(line.text) > 4:
            head.standfirst = line.start


def _is_title(line: Line) -> bool:
    text = line.text
    if _TITLE_LABEL.match(text):
        return True
    if word_count(text) > 32 or len(text) > 220 or text[-1] in ",;:" or line.mark not in {"", "heading", "bold"}:
        return False
    bare = text.rstrip(_CLOSERS)
    return bare != "" and not (bare[-1] in ".。" and ends_sentence(text)) and any(c.isalnum() for c in text)


def _is_kicker(line: Line, below: Line | None) -> bool:
    """A section name above the title ("MOVIES", "Film News", "Home > Film"): short, and a real title follows."""
    short = word_count(line.text) <= 2 or (line.text.isupper() and word_count(line.text) <= 4) or " > " in line.text
    return bool(
        short
        and below
        and word_count(below.text) >= 5
        and _is_title(below)
        and not list(facts_in(below.text))
        and not ends_sentence(line.text)
    )


def _take(head: Head, line: Line, facts: list[Fact]) -> None:
    head.taken.add(line.start)
    stamp = "published"
    for fact in facts:
        if fact.kind in {"published", "updated"}:
            stamp = fact.kind
        elif fact.kind == "date":
            _take_date(head, line, fact, stamp)
        elif fact.kind == "minutes":
            head.minutes = head.minutes or fact.minutes
        elif fact.kind == "byline":
            head.byline = f"{head.byline}, {fact.text}" if head.byline else fact.text


def _take_date(head: Head, line: Line, fact: Fact, stamp: str) -> None:
    if fact.day is None:
        sentence = "The date could be day first or month first, so it was left empty."
        head.notes.append((line.start, fact.text, sentence))
    elif stamp == "updated":
        head.updated = head.updated or fact.day
        if head.date:
            head.notes.append((line.start, fact.text, "The date of an update was not kept."))
    elif head.date is None:
        head.date = fact.day
    elif head.date != fact.day:
        head.notes.append((line.start, fact.text, "A second date was not kept."))


def _only_updated(head: Head) -> datetime.date | None:
    if head.updated:
        first = min(head.taken)
        head.notes.append(
            (first, head.updated.isoformat(), "The text gives only the date of an update. It was used as the date.")
        )
    return head.updated


def facts_in(text: str) -> Iterator[Fact]:
    """The facts of a line that states nothing else; none at all for any other line."""
    if len(text) > 240:
        return
    facts = _scan(text) or _scan_with_name(text)
    if any(fact.kind in {"date", "minutes", "byline"} for fact in facts):
        yield from facts


def _scan(text: str) -> list[Fact]:
    facts: list[Fact] = []
    position = 0
    while position < len(text):
        if gap := _BETWEEN.match(text, position):
            position = gap.end()
            continue
        found = next(((kind, m) for kind, pattern in _FACTS if (m := pattern.match(text, position))), None)
        fact = _read_fact(*found) if found else None
        if found is None or fact is None:
            return []
        facts.append(fact)
        position = found[1].end()
    return facts


def _scan_with_name(text: str) -> list[Fact]:
    """ "Iris Vane | March 3, 2025": a bare name is a byline when only facts stand beside it."""
    segments = [segment.strip() for segment in re.split(r"[|·•]", text) if segment.strip()]
    scanned = [_scan(segment) for segment in segments]
    bare = [segment for segment, facts in zip(segments, scanned, strict=True) if not facts]
    if len(bare) != 1 or len(segments) < 2 or not _PERSON.fullmatch(bare[0]):
        return []
    return [fact for facts in scanned for fact in facts] + [Fact("byline", bare[0])]


def _read_fact(kind: str, found: re.Match[str]) -> Fact | None:
    if kind == "date":
        return _read_date(found)
    if kind == "minutes":
        return Fact(kind, found[0], minutes=int(found["told"] or found["minutes"]))
    if kind == "byline":
        return Fact(kind, found["names"].strip())
    return Fact(kind, found[0])


def _read_date(found: re.Match[str]) -> Fact | None:
    """The date, or a fact without a day when 03/04/2025 may mean either, or nothing when there is no such day."""
    part = found.groupdict()
    year = int(part["iso_year"] or part["us_year"] or part["year"] or part["short_year"])
    if part["first"]:
        return _read_numeric(found[0], int(part["first"]), int(part["second"]), year, dotted=part["mark"] == ".")
    month = part["us_month"] or part["month"]
    number = _MONTH_ORDER.index(month[:3].lower()) // 3 + 1 if month else int(part["iso_month"])
    day = _day(year, number, int(part["iso_day"] or part["us_day"] or part["day"]))
    return Fact("date", found[0], day=day) if day else None


def _read_numeric(text: str, first: int, second: int, year: int, *, dotted: bool) -> Fact | None:
    day_first, month_first = _day(year, second, first), _day(year, first, second)
    if dotted or not month_first:
        return Fact("date", text, day=day_first) if day_first else None
    if day_first and day_first != month_first:
        return Fact("date", text)
    return Fact("date", text, day=month_first)


def _day(year: int, month: int, day: int) -> datetime.date | None:
    try:
        return datetime.date(year, month, day)
    except ValueError:
        return None
