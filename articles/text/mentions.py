"""Finds known names in text, and proposes new ones from captions. Pure: names and text in, frozen dataclasses out.

An `Index` is built once from all names; `find` then reads a text once, whatever the number of names.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

MAIN_COUNT = 3
"""This many mentions make somebody a main subject of a story, wherever they are."""

_TOKEN = re.compile(r"\w+")
_QUOTES = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "‐": "-", "‑": "-", "\u00a0": " "})


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_PARTICLES = _words(
    """
    al bin da das de del della den der des di do dos du el ibn la le ten ter van von y
    """
)
_SUFFIXES = frozenset(["jr", "sr", "ii", "iii", "iv"])
_NO_NAME_BEFORE = _words(
    """
    a about actor actress after against alongside also although an and april as at august because before beside
    both but by comedian dame december did director dj does dr february for friday from had has he her his host
    how if in is it its january july june king lady like march may meanwhile miss model monday mr mrs ms near
    not november now october of on or our over pop prince princess producer queen rapper saturday september she
    since singer sir so star sunday superstar than that the their then though through thursday to today tuesday
    under until was wednesday were what when where while who why will with without writer yesterday yet
    """
)


@dataclass(frozen=True)
class Name:
    """Somebody or something that can be mentioned. A `person` is also known by the surname once named in full."""

    key: str
    name: str
    aliases: tuple[str, ...] = ()
    person: bool = True


@dataclass(frozen=True)
class Mention:
    """One mention: text[start:end] is `words`. If it is ambiguous, `others` are the other keys it may mean."""

    key: str
    start: int
    end: int
    words: str
    others: tuple[str, ...] = ()

    @property
    def ambiguous(self) -> bool:
        return bool(self.others)


@dataclass(frozen=True)
class Tally:
    """How often a story mentions one name. `main` is a guess: in the title, the first two paragraphs, or often."""

    key: str
    count: int
    main: bool
    ambiguous: bool
    first: Mention


@dataclass(frozen=True)
class _Token:
    folded: str
    text: str
    start: int
    end: int

    @property
    def capital(self) -> bool:
        return not self.text[0].islower()


@dataclass(frozen=True)
class _Form:
    """One way to write a name: its words and what is between them."""

    tokens: tuple[_Token, ...]
    gaps: tuple[str, ...]
    keys: tuple[str, ...]
    person: bool


class Index:
    """All names by their words, so that one look-up tells whether a run of words may be a name."""

    def __init__(self, names: Iterable[Name]) -> None:
        self.names = {name.key: name for name in names}
        self._forms: dict[tuple[str, ...], list[_Form]] = defaultdict(list)
        self._lengths: dict[str, list[int]] = {}
        for form in _forms(self.names.values()):
            self._forms[_folded(form.tokens)].append(form)
        for words in sorted(self._forms, key=len, reverse=True):
            lengths = self._lengths.setdefault(words[0], [])
            if len(words) not in lengths:
                lengths.append(len(words))

    def candidates(self, tokens: Sequence[_Token], position: int) -> Iterator[_Form]:
        """Return the names that the words from `position` on may be, the longest first."""
        for length in self._lengths.get(tokens[position].folded, ()):
            yield from self._forms.get(_folded(tokens[position : position + length]), ())

    def knows(self, words: str) -> bool:
        return _folded(_tokens(words)) in self._forms


def find(text: str, index: Index) -> tuple[Mention, ...]:
    """Return all mentions in order: whole words, possessives too, the longest name wins, none inside another name.

    One-word names must be written as recorded ("Drake", not "drake"); accents and kinds of quotes do not matter.
    """
    tokens = _tokens(text)
    found = list(_full_mentions(text, tokens, index))
    short = _surname_mentions(text, tokens, found, index)
    return tuple(_supported(text, _resolved(sorted([*found, *short], key=lambda mention: mention.start))))


def tally(title: str, paragraphs: Sequence[str], index: Index) -> tuple[Tally, ...]:
    """Return who and what a story mentions, main subjects first, then in order of appearance.

    `paragraphs` are the texts of its blocks; captions and headings among them are best put last.
    """
    text = "\n\n".join([title, *paragraphs])
    top = len("\n\n".join([title, *paragraphs[:2]]))
    by_key: dict[str, list[Mention]] = defaultdict(list)
    for mention in find(text, index):
        by_key[mention.key].append(mention)
    rows = [_tallied(key, mentions, top) for key, mentions in by_key.items()]
    return tuple(sorted(rows, key=lambda row: (not row.main, row.first.start)))


def _tallied(key: str, mentions: list[Mention], top: int) -> Tally:
    sure = [mention for mention in mentions if not mention.ambiguous]
    main = bool(sure) and (sure[0].start < top or len(sure) >= MAIN_COUNT)
    return Tally(key, len(mentions), main, ambiguous=not sure, first=mentions[0])


def _fold(text: str) -> str:
    return _unaccented(text).casefold()


def _unaccented(text: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))


def _spelled(name: str) -> str:
    return " ".join(name.translate(_QUOTES).split())


def _tokens(text: str) -> list[_Token]:
    return [_Token(_fold(match[0]), match[0], match.start(), match.end()) for match in _TOKEN.finditer(text)]


def _folded(tokens: Iterable[_Token]) -> tuple[str, ...]:
    return tuple(token.folded for token in tokens)


def _forms(names: Iterable[Name]) -> Iterator[_Form]:
    """Return one form per spelling; names spelled alike share it."""
    meant: dict[tuple[tuple[str, ...], tuple[str, ...]], _Form] = {}
    for name in names:
        for spelling in map(_spelled, (name.name, *name.aliases)):
            tokens = tuple(_tokens(spelling))
            gaps = tuple(spelling[a.end : b.start] for a, b in pairwise(tokens))
            alike = (_folded(tokens), tuple(gap.strip(" .,-'") for gap in gaps))
            form = meant.get(alike) or _Form(tokens, gaps, (), name.person)
            if tokens and name.key not in form.keys:
                meant[alike] = replace(form, keys=(*form.keys, name.key), person=form.person and name.person)
    yield from meant.values()


def _full_mentions(text: str, tokens: list[_Token], index: Index) -> Iterator[Mention]:
    position = 0
    while position < len(tokens):
        forms = index.candidates(tokens, position)
        form = next((form for form in forms if _stands_here(form, text, tokens, position)), None)
        if form is None:
            position += 1
            continue
        first, last = tokens[position], tokens[position + len(form.tokens) - 1]
        yield Mention(form.keys[0], first.start, last.end, text[first.start : last.end], form.keys[1:])
        position += len(form.tokens)


def _stands_here(form: _Form, text: str, tokens: list[_Token], position: int) -> bool:
    here = tokens[position : position + len(form.tokens)]
    if len(here) == 1:
        return _same_case(text, here[0], form) and _stands_alone(text, tokens, position, form)
    gaps = [text[a.end : b.start] for a, b in pairwise(here)]
    if not all(map(_same_gap, gaps, form.gaps, here, here[1:])):
        return False
    if any(known.capital and not token.capital for token, known in zip(here, form.tokens, strict=True)):
        return False
    if form.person and here[0].folded in _PARTICLES and _name_precedes(text, tokens, position):
        return False
    return not _hyphenated(text, here[0], here[-1]) and not (
        form.person and _suffix_follows(text, tokens, position, form)
    )


def _same_case(text: str, token: _Token, form: _Form) -> bool:
    """Return True if the case fits. A one-word name must be written as recorded, but may start with a capital or be in a line of capitals."""
    written, known = _unaccented(token.text), _unaccented(form.tokens[0].text)
    if written == known or written == known[:1].upper() + known[1:]:
        return True
    return written.isupper() and (len(written) > 3 or _is_headline(text, token.start, token.end))


def _same_gap(written: str, known: str, before: _Token, after: _Token) -> bool:
    """Return True if two words make one name: "J.J." is "J. J.", "King, Jr." is "King Jr.", a new sentence is not."""
    if "\n\n" in written:
        return False
    written, known = " ".join(written.translate(_QUOTES).split()), known.strip()
    if written == known:
        return True
    bare, bare_known = written.strip(" .-"), known.strip(" .-")
    if bare == bare_known == "":
        return "." not in written or len(before.text) <= 2 or before.folded in _SUFFIXES
    return {bare, bare_known} == {"", ","} and after.folded in _SUFFIXES


def _suffix_follows(text: str, tokens: list[_Token], position: int, form: _Form) -> bool:
    """Return True if a suffix follows that makes it another name: "King" is not a mention in "King III"."""
    after = position + len(form.tokens)
    if after >= len(tokens) or tokens[after].folded not in _SUFFIXES:
        return False
    return text[tokens[after - 1].end : tokens[after].start].strip() in {"", ","}


def _hyphenated(text: str, first: _Token, last: _Token) -> bool:
    """Return True if the name is part of a hyphenated name: Ana in "Ana-Maria", not Cruise in "Cruise-led"."""
    after, before = text[last.end : last.end + 2], text[max(0, first.start - 2) : first.start]
    return bool(re.fullmatch(r"[-‐‑][^\W\d_]", after) and after[1].isupper()) or bool(
        re.fullmatch(r"\w[-‐‑@#]|.?[@#]", before)
    )


def _stands_alone(text: str, tokens: list[_Token], position: int, form: _Form) -> bool:
    """Return True if a one-word name is not part of a longer one, as it is in these: "Ana" in "Ana de Armas", "Drake" in "Bobby Drake"."""
    token = tokens[position]
    if _hyphenated(text, token, token):
        return False
    shouted = _is_headline(text, token.start, token.end)
    if not form.person:
        telling = len(token.text) > 3 and not token.text.isdigit()
        plain = telling and not shouted and not _opens_sentence(text, token)
        return plain or _is_quoted(text, token)
    return shouted or not (_name_follows(text, tokens, position) or _name_precedes(text, tokens, position))


def _name_follows(text: str, tokens: list[_Token], position: int) -> bool:
    here = position
    while here + 1 < min(len(tokens), position + 5) and text[tokens[here].end : tokens[here + 1].start] == " ":
        here += 1
        if tokens[here].folded not in _PARTICLES:
            return tokens[here].text[0].isupper()
    return False


def _name_precedes(text: str, tokens: list[_Token], position: int) -> bool:
    here = position
    while 0 < here > position - 4 and text[tokens[here - 1].end : tokens[here].start] == " ":
        here -= 1
        if tokens[here].text not in _PARTICLES:
            return tokens[here].text[0].isupper() and tokens[here].folded not in _NO_NAME_BEFORE
    return False


def _is_headline(text: str, start: int, end: int) -> bool:
    """Return True if each word of the line is capitalized, so that a capital proves nothing."""
    left = max(0, start - 160)
    window, offset = text[left : end + 160], start - left
    first, last = window.rfind("\n", 0, offset) + 1, window.find("\n", offset)
    words = _TOKEN.findall(window[first : last if last >= 0 else len(window)])
    return len(words) > 2 and sum(not word[0].islower() for word in words) >= 0.75 * len(words)


def _is_quoted(text: str, token: _Token) -> bool:
    around = text[max(0, token.start - 1) : token.end + 3].translate(_QUOTES)
    return bool(re.match(rf"([\"'_*]){re.escape(token.text)}[.,!?]?\1(?!\w)", around)) or around[:1] == "«"


def _opens_sentence(text: str, token: _Token) -> bool:
    before = text[max(0, token.start - 12) : token.start].rstrip(" \"'“‘(«\t")
    return not before or before[-1] in ".!?…:\n"


def _surname(name: str) -> str:
    """Return the family name with its particles: "de Armas" of "Ana de Armas"; empty when there is none."""
    words = [word for word in _spelled(name).replace(",", " ").split() if _fold(word).strip(".") not in _SUFFIXES]
    if len(words) < 2 or not all(word[0].isalpha() for word in words):
        return ""
    first = len(words) - 1
    while first > 1 and _fold(words[first - 1]) in _PARTICLES:
        first -= 1
    return " ".join(words[first:])


def _surname_mentions(text: str, tokens: list[_Token], full: list[Mention], index: Index) -> list[Mention]:
    """Return mentions by surname alone, of people named in full before."""
    named: dict[str, int] = {}
    for mention in full:
        name = index.names[mention.key]
        if name.person and not mention.ambiguous and len(_tokens(mention.words)) > 1:
            named.setdefault(mention.key, mention.end)
    short = Index(_surnames(index, named))
    taken = {start for mention in full for start in range(mention.start, mention.end)}
    found = (mention for mention in _full_mentions(text, tokens, short) if mention.start not in taken)
    return [kept for mention in found if (kept := _after_full_name(mention, named))]


def _surnames(index: Index, keys: Iterable[str]) -> Iterator[Name]:
    for key in keys:
        surname = _surname(index.names[key].name)
        last = surname.rsplit(" ", 1)[-1]
        if surname and not (index.knows(surname) or index.knows(last)):
            yield Name(key, surname, (last,))


def _after_full_name(mention: Mention, named: dict[str, int]) -> Mention | None:
    """Return the mention with only those candidates named before it, the most recent first."""
    keys = [key for key in (mention.key, *mention.others) if named[key] <= mention.start]
    keys.sort(key=lambda key: -named[key])
    return replace(mention, key=keys[0], others=tuple(keys[1:])) if keys else None


def _resolved(mentions: list[Mention]) -> Iterator[Mention]:
    """Yield the mentions; an ambiguous one is resolved if the text names just one of its candidates clearly elsewhere."""
    sure = {mention.key for mention in mentions if not mention.ambiguous}
    for mention in mentions:
        meant = [key for key in (mention.key, *mention.others) if key in sure]
        yield replace(mention, key=meant[0], others=()) if mention.ambiguous and len(meant) == 1 else mention


def _supported(text: str, mentions: Iterable[Mention]) -> Iterator[Mention]:
    """Yield the mentions that capitals do not make doubtful. In a headline, "Drake" may be part of "Drake Bell": then running
    text has to name Drake as well.
    """
    mentions = list(mentions)
    doubtful = {mention for mention in mentions if _touches_capital(text, mention)}
    sure = {mention.key for mention in mentions if mention not in doubtful}
    yield from (mention for mention in mentions if mention not in doubtful or mention.key in sure)


def _touches_capital(text: str, mention: Mention) -> bool:
    if len(_tokens(mention.words)) > 1 or not _is_headline(text, mention.start, mention.end):
        return False
    before = re.search(r"(\w+) $", text[max(0, mention.start - 40) : mention.start])
    precedes = before and not before[1][0].islower() and _fold(before[1]) not in _NO_NAME_BEFORE
    return bool(precedes) or bool(re.match(r" [^\W\d_a-z]", text[mention.end : mention.end + 2]))


_SEEN = r"[^\W\d_a-z]"
_WORD = rf"(?:{_SEEN}\.(?:{_SEEN}\.)*|{_SEEN}(?:['’]{_SEEN})?\w*(?:[-‐]\w+)*)"
_LINK = r"(?:de|da|di|do|dos|das|del|della|der|den|du|el|al|bin|ibn|la|le|van|von|ter|ten|d['’])"
_RUN = re.compile(rf"{_WORD}(?:\s(?:{_LINK}\s)*(?:d['’])?{_WORD})*(?:,?\s(?:Jr|Sr)\b\.?)?")
_DATELINE = re.compile(r"^[^a-z:]{3,60}:\s+|^(?:FILE|Pictured|Above|Left|Right)\b\s*[-–—:]+\s*")
_ASIDE = re.compile(r"[“\"][^”\"]*[”\"]|(?<!\w)['‘][^'’]{2,80}['’](?!\w)|\([^()]*\)|\[[^\[\]]*\]")
_NOT_SHOWN = re.compile(
    r"(?:\b(?:at|in|of|the|by|for|from|on|during|to|into|near|outside|via|inside|through|around|under|since|an?|its?|plays|played"
    r"|playing|portrays|called|titled|before|after|until|this|that|his|her|their)|['’]s|s['’])\s*$",
    re.IGNORECASE,
)
_AS_ROLE = re.compile(r"\bas\s*$", re.IGNORECASE)
_LISTED = re.compile(r"\s*(?:,|;|&|and|,\s*and|,?\s*with)?\s*", re.IGNORECASE)
_ROLES = _words(
    """
    a above actor actors actress actresses after and artist as author before boxer cast chef comedian couple
    dancer designer director dj dr drummer duchess duke exclusive executive file from frontman guitarist here
    honoree host how left model models mr mrs ms musician newcomer newlyweds nominee our photographer pictured
    presenter president producer producers publicist rapper reality right singer singers sir songwriter star
    stars stylist the when while why winner with writer
    """
)
_NO_PERSON = _words(
    """
    academy afterparty agency airport album anniversary annual april arena association august avenue award
    awards ball band bank bar beach best big board boulevard bridge british california cathedral center centre
    championships christmas church cinema city club college comic-con company conference corporation council
    court cup day's december east entertainment estate fashion february festival film films finale foundation
    friday fund gala gallery games garden gardens girls global globe globes golden grand group hall hills
    holdings hollywood hospital hotel inc international island january july june label las league live los
    luncheon magazine march may media memorial met monday mount museum music national new news night north
    november october oscar oscars palace party picture pictures plaza premiere press prize production
    productions queen's radio records red resort restaurant road royal san santa saturday screening season
    september series session show skin society south square stadium stage state states street studio studios
    summit sunday super supporting team television the theater theatre thursday tour tower tuesday tv union
    united university video village war wednesday week weekend west wing winter women world year
    """
)


def propose(captions: Iterable[str], index: Index) -> tuple[str, ...]:
    """Return names of people in captions that are not recorded yet, as written, in order, each once."""
    proposed: dict[str, str] = {}
    for caption in captions:
        for name in _shown(caption):
            if not index.knows(name):
                proposed.setdefault(_fold(name), name)
    return tuple(proposed.values())


def _shown(caption: str) -> Iterator[str]:
    """Return the people in a caption: runs of capitalized words that are not a place, an event or a company."""
    text = _ASIDE.sub(" ", _DATELINE.sub("", caption[:2000]))
    end, refused = 0, False
    for run in _RUN.finditer(text):
        between = text[end : run.start()]
        inherits = end > 0 and bool(_LISTED.fullmatch(between)) and bool(between.strip())
        refused = (inherits and refused) or bool(_NOT_SHOWN.search(text[max(0, run.start() - 12) : run.start()]))
        end = run.end()
        name = _person_in(run[0])
        if name and not refused and not _AS_ROLE.search(between):
            yield name


def _person_in(run: str) -> str:
    """Return the run without leading roles if it can be a person's name, else nothing."""
    words = run.split()
    while words and words[0].casefold().rstrip(".") in _ROLES:
        words.pop(0)
    plain = [word.casefold().strip(".,") for word in words]
    shouted = any(word.isupper() and len(word) > 2 and "." not in word for word in words)
    if not 2 <= len(words) <= 5 or shouted or _NO_PERSON.intersection(plain):
        return ""
    return " ".join(words)
