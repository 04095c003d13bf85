"""Understands a finished story pasted as plain text: head, headings, paragraphs, quotes, lists and photo captions.

Pure: text in, frozen dataclasses out. Nothing is ever dropped: `read(text, …).words() == words_in(text)`.
"""

import datetime
import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from articles.imports import story_head
from articles.imports.story_head import Line, ends_sentence, is_title_case, word_count
from media.credits import line as credit_line

TITLE_LIMIT = 100
"""Characters of a title that is proposed from a sentence."""

_INVISIBLE = {ord(c): None for c in "\ufeff\u200b\u2060\u200e\u200f"} | {
    n: None for n in range(0x20) if not chr(n).isspace()
}
_SURROGATES = {n: "\ufffd" for n in range(0xD800, 0xE000)}

_DIVIDER = re.compile(r"[*_=~#•·–—-](?:\s?[*_=~#•·–—-]){2,}")
_MARK = re.compile(r"(?P<quote>>)\s+(?=\S)|(?P<list>[-*•·‣◦▪])\s+(?=\S)|(?P<heading>#{1,6})\s+(?=\S)")
_BOLD = re.compile(r"\*\*([^*]*[^*\s][^*]*)\*\*")
_OPENING_QUOTES = "\"'“‘«„"

_FURNITURE = re.compile(
    r"""https?://\S+ | www\.\S+ | [—–-]\s*.{1,80}\(@\w+\).{0,40}
    | (?:related|read\ more|read\ (?:also|next)|also\ read|see\ also|see\ more|more|watch|listen|recommended|up\ next
        |trending|don['’]t\ miss|editor['’]?s['’]?\ picks?|tags?|topics?|filed\ under|you\ may\ also\ like)\s*:.*
    | (?:related|recommended|trending|up\ next|most\ read|more\ stories|comments?|advertisement|advertising|sponsored
        |share|tweet|pin|print|e-?mail|copy\ link|loading|view\ gallery|view\ comments|see\ gallery|leave\ a\ comment
        )[\s.…:]*
    | (?:share\ (?:this|on|via)|follow\ us|sign\ up\ (?:for|to)|subscribe\ (?:to|now|for)|click\ here|want\ more
        |skip\ (?:to|advert)|(?:story|article)\ continues|scroll\ (?:down|to)|view\ this\ post|a\ post\ shared\ by
        |like\ us\ on|get\ (?:the|our)\ newsletter|image\ \d+\ of\ \d+)\b.{0,160}
    """,
    re.IGNORECASE | re.VERBOSE,
)

_PHOTO_VERBS = (
    r"(?:attends?|arrives?|poses?|posing|performs?|speaks?|walks? the|seen|pictured|photographed|accepts?|presents?|"
    r"backstage|onstage|on stage|on the red carpet|on set|at the|rocking|in a scene)"
)
_MONTH_DAY = rf"(?:{story_head.MONTHS})\.?\s+\d{{1,2}}"
_STRONG_CUE = re.compile(
    r"\((?:L|left)[\s-]+(?:to[\s-]+)?(?:R|right)\)|\((?:L|left|right|centre|center)\)"
    r"|\b(?:from left|from l|pictured|left to right)\b"
    rf"|^[A-Z][A-Z .,'’]+[-–—]\s*(?i:{_MONTH_DAY})[^:]{{0,12}}:"
    rf"|\b{_PHOTO_VERBS}\b.*\b(?:on|in)\s+(?i:{_MONTH_DAY}),?\s+\d{{4}}\b"
)
_WEAK_CUE = re.compile(rf"\b{_PHOTO_VERBS}\b")
_YEAR_CUE = re.compile(r"\bin (?:19|20)\d\d$")

_NO_CAPTION = re.compile(r"^\d+[.)]|:|[,;]$|^(?:I|You|We|Get|How|Why|What)\b")
_NAMES_SOMETHING = re.compile(r"\s[^\W\d_a-z]\w+")

_FIRM_CREDIT = re.compile(
    r"\b(?:photos?|pictures?|images?|credit|photograph(?:ed|er)?|pic)\b|©|/|\bcourtesy\b", re.IGNORECASE
)
_PRICE_OR_TABLE = re.compile(r"[$£€]\d|(?:\b\d[\d.,%]*\s+){3}")
_YEARS_OR_HANDLE = re.compile(r"©|@|copyright|\b(?:19|20)\d\d\b|\b20th\b", re.IGNORECASE)
_VIA = re.compile(r"\W*(?:h/t|via|source)\b", re.IGNORECASE)


@dataclass(frozen=True)
class PhotoLine:
    """A caption as written; `certain` is False when only its shape says that it is one."""

    caption: str
    credit: credit_line.Split
    raw: str
    certain: bool


@dataclass(frozen=True)
class TextBlock:
    """One block; `type` is paragraph, standfirst, heading, quote, list, divider or photo.

    The items of a list and the paragraphs of a quote are the lines of `text`. `source_lines` are the first and the last
    line of the input, counted from 1.
    """

    type: str
    text: str
    source_lines: tuple[int, int]
    photo: PhotoLine | None = None
    level: int | None = None


@dataclass(frozen=True)
class Note:
    """What an editor should look at: the line (from 1), its text, and why in a sentence."""

    line: int
    text: str
    sentence: str


@dataclass(frozen=True)
class Story:
    """A story as understood. `head` holds the lines (number, text) that became title, byline, date and reading time."""

    title: str | None
    title_proposed: bool
    date: datetime.date | None
    reading_time_minutes: int | None
    byline: str | None
    blocks: tuple[TextBlock, ...]
    notes: tuple[Note, ...]
    unrecognised: tuple[str, ...]
    head: tuple[tuple[int, str], ...]
    fingerprint: str

    @property
    def photos(self) -> tuple[PhotoLine, ...]:
        return tuple(block.photo for block in self.blocks if block.photo)

    @property
    def headings(self) -> tuple[str, ...]:
        return tuple(block.text for block in self.blocks if block.type == "heading")

    @property
    def standfirst(self) -> str | None:
        return next((block.text for block in self.blocks if block.type == "standfirst"), None)

    @property
    def authors(self) -> tuple[str, ...]:
        """The names in the byline, without job titles after a comma and a small word ("Film Editor at …")."""
        return story_head.names_in_byline(self.byline or "")

    def words(self) -> tuple[str, ...]:
        """Every word of the story in the order of the input, as `words_in` counts them."""
        pieces = [*self.head, *((block.source_lines[0], block.text) for block in self.blocks)]
        return tuple(" ".join(text for _, text in sorted(pieces, key=lambda piece: piece[0])).split())


def words_in(text: str) -> tuple[str, ...]:
    """The words of a text in order, without the signs at the start of a line that mark headings, quotes and lists."""
    return tuple(word for line in _normalise(text).splitlines() for word in _unmarked(line.strip())[2].split())


def read(text: str, vocabulary: credit_line.Vocabulary) -> Story:
    """What a pasted story says. Never raises; whatever is not understood stays a paragraph and is listed."""
    lines = _lines(_normalise(text))
    photos = {line.start: photo for line in lines if (photo := _credited(line, vocabulary))}
    head = story_head.find(lines, skip=lambda line: line.start in photos or bool(_FURNITURE.fullmatch(line.text)))
    body = _join_credits(lines, head.taken, photos, vocabulary)
    body_blocks, notes = _Body(body, photos, head).blocks()
    story = Story(
        title=head.title,
        title_proposed=False,
        date=head.date,
        reading_time_minutes=head.minutes,
        byline=head.byline,
        blocks=tuple(_merged(body_blocks, head.taken)),
        notes=tuple(Note(*note) for note in head.notes) + tuple(notes),
        unrecognised=tuple(line.text for line in body if line.start in head.kickers or _FURNITURE.fullmatch(line.text)),
        head=tuple((line.start, line.text) for line in lines if line.start in head.taken),
        fingerprint=fingerprint(text),
    )
    return story if story.title else _with_proposed_title(story)


def fingerprint(text: str) -> str:
    """SHA-256 of the words: the same story is recognized whatever its line endings and spaces."""
    return hashlib.sha256(" ".join(words_in(text)).encode()).hexdigest()


def to_json(story: Story, people: Iterable[Any] = (), works: Iterable[Any] = ()) -> dict[str, Any]:
    """The story as plain JSON data, the shape that `import_articles --json` prints."""
    return {
        "title": story.title,
        "title_proposed": story.title_proposed,
        "date": story.date.isoformat() if story.date else None,
        "reading_time_minutes": story.reading_time_minutes,
        "byline": story.byline,
        "standfirst": story.standfirst,
        "blocks": [_block_json(block) for block in story.blocks],
        "photos": [_photo_json(photo) for photo in story.photos],
        "people": list(people),
        "works": list(works),
        "unrecognised": list(story.unrecognised),
        "notes": [{"line": note.line, "text": note.text, "sentence": note.sentence} for note in story.notes],
    }


def _block_json(block: TextBlock) -> dict[str, Any]:
    plain: dict[str, Any] = {"type": block.type, "text": block.text}
    if block.level:
        plain["level"] = block.level
    if block.type == "list":
        plain["items"] = block.text.split("\n")
    if block.photo:
        plain |= _photo_json(block.photo)
    return plain


def _photo_json(photo: PhotoLine) -> dict[str, Any]:
    parts = photo.credit.parts
    return {
        "caption": photo.caption,
        "raw": photo.raw,
        "credit_line": photo.credit.credit_line,
        "photographers": list(parts.photographers) if parts else [],
        "agencies": list(parts.agencies) if parts else [],
        "on_behalf_of": parts.on_behalf_of if parts else None,
        "courtesy_of": parts.courtesy_of if parts else None,
        "handle": parts.handle if parts else None,
        "certain": photo.certain,
    }


def _normalise(text: str) -> str:
    return text.translate(_INVISIBLE).translate(_SURROGATES)


def _lines(text: str) -> list[Line]:
    lines: list[Line] = []
    after_gap = True
    for number, raw in enumerate(text.splitlines(), 1):
        mark, level, bare = _unmarked(raw.strip())
        if line := " ".join(bare.split()):
            lines.append(Line(number, number, line, after_gap, mark, level))
        after_gap = not line
    return _unwrapped(lines) if _is_hard_wrapped(lines) else lines


def _unmarked(line: str) -> tuple[str, int | None, str]:
    """What the sign before a line announces, the level of a heading, and the line without the sign."""
    if _DIVIDER.fullmatch(line):
        return "divider", None, line
    if bold := _BOLD.fullmatch(line):
        return "heading" if word_count(line) <= 14 else "", 2, bold[1]
    if found := _MARK.match(line):
        level = min(4, max(2, found.end("heading") - found.start("heading")))
        return str(found.lastgroup), level, line[found.end() :]
    return "", None, line


def _is_hard_wrapped(lines: list[Line]) -> bool:
    """An e-mail wraps at about 72 columns: neighbors go on in mid-sentence and no line is long."""
    joints = [a for a, b in pairwise(lines) if not b.after_gap]
    unfinished = [line for line in joints if len(line.text) >= 45 and not ends_sentence(line.text)]
    return len(unfinished) >= 3 and len(unfinished) * 2 > len(joints) and all(len(line.text) <= 100 for line in lines)


def _unwrapped(lines: list[Line]) -> list[Line]:
    joined: list[Line] = []
    last_length = 0
    for line in lines:
        goes_on = not line.after_gap and last_length >= 45 and not line.mark
        if joined and goes_on:
            joined[-1] = replace(joined[-1], end=line.end, text=f"{joined[-1].text} {line.text}")
        else:
            joined.append(line)
        last_length = len(line.text)
    return joined


def _credited(line: Line, vocabulary: credit_line.Vocabulary) -> PhotoLine | None:
    """The line as a caption, if it ends in a photo credit and not merely in a source ("… he said. (Via X)")."""
    if line.mark in {"quote", "heading", "divider"} or _FURNITURE.fullmatch(line.text):
        return None
    found = credit_line.split(line.text, vocabulary)
    if found.credit_line is None or not _is_photo_credit(line.text, found):
        return None
    return PhotoLine(found.caption, found, line.text, certain=found.recognised)


def _is_photo_credit(text: str, found: credit_line.Split) -> bool:
    """Whether what stands at the end credits a photo: labels and slashes say so, a bare name may be a mere source."""
    credit, words = found.credit_line or "", word_count(text)
    if _PRICE_OR_TABLE.search(credit):
        return False
    if not found.caption:
        return words <= 25 and (not re.search(r"\d\d", credit) or bool(_YEARS_OR_HANDLE.search(text)))
    tail = text[len(found.caption) :].strip() if text.startswith(found.caption) else text
    spoken = text[0] in _OPENING_QUOTES
    if _VIA.match(tail):
        return words <= 30 and not spoken and not ends_sentence(found.caption)
    if _FIRM_CREDIT.search(tail):
        return True
    return not spoken and words <= (40 if tail[:1] in {"(", "["} else 25)


def _join_credits(
    lines: list[Line], taken: set[int], photos: dict[int, PhotoLine], vocabulary: credit_line.Vocabulary
) -> list[Line]:
    """The lines below the head; captions whose credit stands on the line below become one line, and one photo."""
    spaced = any(line.after_gap for line in lines[1:])
    joined: list[Line] = []
    above: Line | None = None
    for line in lines:
        if line.start in taken:
            above = None
            continue
        if above and _is_credit_of(above, line, photos, spaced):
            joined[-1] = _joined(above, line, photos, vocabulary)
        else:
            joined.append(line)
        above = joined[-1]
    return joined


def _joined(above: Line, line: Line, photos: dict[int, PhotoLine], vocabulary: credit_line.Vocabulary) -> Line:
    both = replace(above, end=line.end, text=f"{above.text} {line.text}")
    found = credit_line.split(both.text, vocabulary)
    split = found if found.credit_line and found.recognised else photos[line.start].credit
    photos[above.start] = PhotoLine(above.text, split, both.text, certain=split.recognised)
    return both


def _is_credit_of(above: Line, line: Line, photos: dict[int, PhotoLine], spaced: bool) -> bool:
    photo = photos.get(line.start)
    return bool(photo and not photo.caption and above.start not in photos and _awaits_credit(above, line, spaced))


def _awaits_credit(above: Line, credit: Line, spaced: bool) -> bool:
    if word_count(above.text) > 45 or above.text[0] in '"“‘«' or _FURNITURE.fullmatch(above.text):
        return False
    return (spaced and not credit.after_gap) or bool(_STRONG_CUE.search(above.text) or _WEAK_CUE.search(above.text))


class _Body:
    """The lines below the head, each judged by its own shape and by its neighbors."""

    def __init__(self, lines: list[Line], photos: dict[int, PhotoLine], head: story_head.Head) -> None:
        self.lines = lines
        self.photos = photos
        self.head = head
        self.speakers = _speakers(lines)
        self.notes: list[Note] = []

    def blocks(self) -> tuple[list[TextBlock], list[Note]]:
        found: list[TextBlock] = []
        for index, line in enumerate(self.lines):
            found.append(self._block(index, line, found[-1].type if found else None))
        return found, self.notes

    def _block(self, index: int, line: Line, above: str | None) -> TextBlock:
        where = (line.start, line.end)
        if photo := self.photos.get(line.start):
            if not photo.certain:
                self._note(line, "The credit of this caption could not be read; please fill it in.")
            return TextBlock("photo", line.text, where, photo=photo)
        if line.start == self.head.standfirst:
            return TextBlock("standfirst", line.text, where)
        if line.start in self.head.kickers:
            self._note(line, "This looks like a section name above the title; it was kept as a paragraph.")
            return TextBlock("paragraph", line.text, where)
        if _FURNITURE.fullmatch(line.text):
            self._note(line, "This looks like page furniture; it was kept as a paragraph.")
            return TextBlock("paragraph", line.text, where)
        if line.mark:
            return TextBlock(line.mark, line.text, where, level=line.level if line.mark == "heading" else None)
        return self._shaped(index, line, where, above)

    def _shaped(self, index: int, line: Line, where: tuple[int, int], above: str | None) -> TextBlock:
        if self._is_caption(index, line, above):
            self._note(line, "This reads like a caption but names no credit; it became a photo slot to check.")
            photo = PhotoLine(line.text, credit_line.Split(line.text, line.text), line.text, certain=False)
            return TextBlock("photo", line.text, where, photo=photo)
        if self._is_heading(index, line, above):
            return TextBlock("heading", line.text, where, level=2)
        return TextBlock("paragraph", line.text, where)

    def _is_caption(self, index: int, line: Line, above: str | None) -> bool:
        text, words = line.text, word_count(line.text)
        if text[0] in _OPENING_QUOTES or text[0].islower() or self._is_spoken(line):
            return False
        if words <= 60 and _STRONG_CUE.search(text):
            return True
        if ends_sentence(text) or words > 20 or _NO_CAPTION.search(text) or not self._prose_follows(index, within=1):
            return False
        if above == "heading":
            return bool(_NAMES_SOMETHING.search(text)) and not is_title_case(text, strict=True)
        return bool(_YEAR_CUE.search(text)) or (not is_title_case(text) and bool(_WEAK_CUE.search(text)))

    def _is_heading(self, index: int, line: Line, above: str | None) -> bool:
        text, words = line.text, word_count(line.text)
        if words > 14 or len(text) > 110 or (text[-1] in ".,;" and not text.endswith("...")) or self._is_spoken(line):
            return False
        if text[0] in "([—–-" or _PRICE_OR_TABLE.search(text):
            return False
        if is_title_case(text):
            return (words > 2 or not ends_sentence(text)) and self._prose_follows(index, within=3)
        plain = words <= 10 and not ends_sentence(text) and text[-1] != ":" and not text[0].islower()
        shaped = plain and above != "heading" and self._prose_follows(index, within=1)
        if shaped:
            self._note(line, "This was read as a heading because it is short and has no full stop.")
        return shaped

    def _prose_follows(self, index: int, *, within: int) -> bool:
        """Whether one of the next lines, photos not counted, is running text or a list."""
        below = (line for line in self.lines[index + 1 : index + 10] if line.start not in self.photos)
        return any(_is_prose(line) for line, _ in zip(below, range(within), strict=False))

    def _is_spoken(self, line: Line) -> bool:
        return line.text.split()[0] in self.speakers

    def _note(self, line: Line, sentence: str) -> None:
        self.notes.append(Note(line.start, line.text, sentence))


def _speakers(lines: list[Line]) -> set[str]:
    """Labels of an interview ("AD …", "Q: …"): words that open lines again and again."""
    first = Counter(line.text.split()[0] for line in lines)
    return {word for word, count in first.items() if count > 1 and re.fullmatch(r"[A-Z]{2,5}|\w+:", word)}


def _is_prose(line: Line) -> bool:
    if line.mark:
        return line.mark in {"list", "quote"}
    words = word_count(line.text)
    return not is_title_case(line.text) and (words >= 16 or (words >= 4 and ends_sentence(line.text)))


def _merged(blocks: list[TextBlock], taken: set[int]) -> Iterator[TextBlock]:
    """Neighboring list items make one list, neighboring quoted lines one quote."""
    last: TextBlock | None = None
    for block in blocks:
        apart = last is None or any(last.source_lines[1] < line < block.source_lines[0] for line in taken)
        if last and not apart and block.type == last.type and block.type in {"list", "quote"}:
            span = (last.source_lines[0], block.source_lines[1])
            last = replace(last, text=f"{last.text}\n{block.text}", source_lines=span)
            continue
        if last:
            yield last
        last = block
    if last:
        yield last


def _with_proposed_title(story: Story) -> Story:
    named = [("its first heading", story.headings[0])] if story.headings else []
    named += [
        ("its first sentence", _first_sentence(b.text)) for b in story.blocks if b.type in {"standfirst", "paragraph"}
    ]
    named += [("its first caption", _shortened(photo.caption)) for photo in story.photos if photo.caption]
    named += [("its first words", _shortened(block.text)) for block in story.blocks if block.type in {"list", "quote"}]
    if not named:
        return replace(story, notes=(Note(1, "", "The text has no title; please write one."), *story.notes))
    source, title = named[0]
    note = Note(1, title, f"The text has no title; this one is proposed from {source}.")
    return replace(story, title=title, title_proposed=True, notes=(note, *story.notes))


def _first_sentence(text: str) -> str:
    text = text[: TITLE_LIMIT * 3]
    end = next(
        (m.start() for m in re.finditer(r"(?<=[.!?…])[\"”’')\]]*\s", text) if ends_sentence(text[: m.start()])), None
    )
    return _shortened(text[:end].removesuffix("."))


def _shortened(text: str) -> str:
    text = " ".join(text.split())
    if len(text) <= TITLE_LIMIT:
        return text
    return text[:TITLE_LIMIT].rsplit(" ", 1)[0].rstrip(" ,;:–—-") + "…"
