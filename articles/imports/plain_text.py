"""Understands a finished story: head, headings, paragraphs, quotes, lists and photo captions.

Pure: text in, frozen dataclasses out. Nothing is ever dropped: `read(text, …).words() == words_in(text)`. A text is read
line by line; the lines of a formatted one (see `rich`) remember how they were set, and the blocks keep it.
"""

import datetime
import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from articles.imports import story_head
from articles.imports.story_head import Line, Picture, ends_sentence, is_title_case, word_count
from articles.text import inline_html
from articles.text.body import Block
from media.credits import line as credit_line

TITLE_LIMIT = 100
"""Characters of a title that is proposed from a sentence."""

_INVISIBLE = {ord(c): None for c in "\ufeff\u200b\u2060\u200e\u200f"} | {
    n: None for n in range(0x20) if not chr(n).isspace()
}
_SURROGATES = {n: "\ufffd" for n in range(0xD800, 0xE000)}

ASIDE = {"picture", "kept"}
"""Marks of lines that hold no words to be read, such as pictures and embeds."""

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
_PICTURE_WORD = re.compile(
    r"(?:above|below|left|right|from left|pictured|photo|picture|image|caption)\b", re.IGNORECASE
)
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
    """A caption as written; `certain` is False when only its shape says that it is one.

    `html` is a caption with links or emphasis. A picture that has no words has an empty caption.
    """

    caption: str
    credit: credit_line.Split
    raw: str
    certain: bool
    html: str = ""
    picture: Picture | None = None


@dataclass(frozen=True)
class TextBlock:
    """One block; `type` is paragraph, standfirst, heading, quote, list, divider, photo or kept.

    The items of a list and the paragraphs of a quote are the lines of `text`. `source_lines` are the first and the last
    line of the input, counted from 1. In a formatted text `html` has the same lines as inline HTML, and `whole` is the
    block itself where it says more, such as a nested list or an embed.
    """

    type: str
    text: str
    source_lines: tuple[int, int]
    photo: PhotoLine | None = None
    level: int | None = None
    html: str = ""
    whole: Block | None = None
    goes_on: bool = False


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
    return tuple(word for line in normalised(text).splitlines() for word in unmarked(line.strip())[2].split())


def words_of(lines: Iterable[Line]) -> tuple[str, ...]:
    return tuple(word for line in lines for word in line.text.split())


def read(text: str, vocabulary: credit_line.Vocabulary) -> Story:
    """What a pasted story says. Never raises; whatever is not understood stays a paragraph and is listed."""
    return read_lines(lines_in(text), vocabulary)


def read_lines(all_lines: Sequence[Line], vocabulary: credit_line.Vocabulary) -> Story:
    """What the lines of a story say, plain or formatted."""
    asides = [line for line in all_lines if line.mark in ASIDE]
    lines = [line for line in all_lines if line.mark not in ASIDE]
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
        blocks=tuple(_with_asides(_merged(body_blocks, head.taken | {line.start for line in asides}), asides)),
        notes=tuple(Note(*note) for note in head.notes) + tuple(notes) + tuple(_lost_links(lines, head)),
        unrecognised=tuple(line.text for line in body if line.start in head.kickers or _FURNITURE.fullmatch(line.text)),
        head=tuple((line.start, line.text) for line in lines if line.start in head.taken),
        fingerprint=fingerprint(words_of(all_lines)),
    )
    return story if story.title else _with_proposed_title(story)


def fingerprint(words: Iterable[str]) -> str:
    """SHA-256 of the words: the same story is recognized whatever its line endings, spaces and format."""
    return hashlib.sha256(" ".join(words).encode()).hexdigest()


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


def normalised(text: str) -> str:
    return text.translate(_INVISIBLE).translate(_SURROGATES)


def lines_in(text: str) -> list[Line]:
    """The lines of a plain text; those of a mail that wraps at a column are joined again."""
    lines: list[Line] = []
    after_gap = True
    for number, raw in enumerate(normalised(text).splitlines(), 1):
        mark, level, bare = unmarked(raw.strip())
        if line := " ".join(bare.split()):
            lines.append(Line(number, number, line, after_gap, mark, level))
        after_gap = not line
    return _unwrapped(lines) if _is_hard_wrapped(lines) else lines


def unmarked(line: str) -> tuple[str, int | None, str]:
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
    if line.mark in {"quote", "heading", "divider"} or line.block or _FURNITURE.fullmatch(line.text):
        return None
    found = credit_line.split(line.text, vocabulary)
    if found.credit_line is None or not _is_photo_credit(line.text, found):
        return _uncredited(line) if line.mark == "photo" else None
    return PhotoLine(
        found.caption,
        found,
        line.text,
        found.recognised,
        html=_caption_html(line.html, found.caption),
        picture=line.picture,
    )


def _uncredited(line: Line) -> PhotoLine:
    split = credit_line.Split(line.text, line.text)
    return PhotoLine(
        line.text, split, line.text, certain=False, html=_caption_html(line.html, line.text), picture=line.picture
    )


def _caption_html(html: str, caption: str) -> str:
    """The caption as it is set, if it has links or emphasis."""
    if "<" not in html or not caption:
        return ""
    found = inline_html.phrase(html, caption)
    return (found if "<" in found else "") if found is not None else html


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
    both = replace(
        above, end=line.end, text=f"{above.text} {line.text}", html=" ".join((above.html, line.html)).strip()
    )
    found = credit_line.split(both.text, vocabulary)
    split = found if found.credit_line and found.recognised else photos[line.start].credit
    html = _caption_html(above.html, above.text)
    photos[above.start] = PhotoLine(above.text, split, both.text, split.recognised, html=html, picture=above.picture)
    return both


def _is_credit_of(above: Line, line: Line, photos: dict[int, PhotoLine], spaced: bool) -> bool:
    photo = photos.get(line.start)
    waits = above.start not in photos or (above.mark == "photo" and not photos[above.start].certain)
    return bool(photo and not photo.caption and waits and _awaits_credit(above, line, spaced))


def _awaits_credit(above: Line, credit: Line, spaced: bool) -> bool:
    if above.mark == "photo":
        return True
    if above.block or word_count(above.text) > 45 or above.text[0] in '"“‘«' or _FURNITURE.fullmatch(above.text):
        return False
    return (spaced and not credit.after_gap) or bool(_STRONG_CUE.search(above.text) or _WEAK_CUE.search(above.text))


class _Body:
    """The lines below the head, each judged by its own shape and by its neighbors."""

    def __init__(self, lines: list[Line], photos: dict[int, PhotoLine], head: story_head.Head) -> None:
        self.lines = lines
        self.photos = photos
        self.head = head
        self.speakers = _speakers(lines)
        # Where headings are set as headings, a short line is none.
        self.has_headings = any(line.mark == "heading" and line.html for line in lines)
        self.notes: list[Note] = []

    def blocks(self) -> tuple[list[TextBlock], list[Note]]:
        found: list[TextBlock] = []
        for index, line in enumerate(self.lines):
            block = self._block(index, line, found[-1].type if found else None)
            found.append(replace(block, html=block.html or line.html, goes_on=line.goes_on))
        return found, self.notes

    def _block(self, index: int, line: Line, above: str | None) -> TextBlock:
        where = (line.start, line.end)
        if photo := self.photos.get(line.start):
            if not photo.certain:
                self._note(line, "The credit in this caption could not be read. Fill it in.")
            return TextBlock("photo", line.text, where, photo=photo)
        if line.start == self.head.standfirst or line.mark == "standfirst":
            return self._standfirst(line, where)
        if odd := self._odd(line):
            self._note(line, f"This looks like {odd}; it was kept as a paragraph.")
            return TextBlock("paragraph", line.text, where)
        if line.mark == "bold":
            return TextBlock("heading", line.text, where, level=2, html=inline_html.unbolded(line.html))
        if line.mark:
            level = line.level if line.mark == "heading" else None
            return TextBlock(line.mark, line.text, where, level=level, whole=line.block)
        return self._shaped(index, line, where, above)

    def _odd(self, line: Line) -> str:
        if line.start in self.head.kickers:
            return "a section name above the title"
        return "page furniture" if _FURNITURE.fullmatch(line.text) else ""

    def _standfirst(self, line: Line, where: tuple[int, int]) -> TextBlock:
        if not inline_html.links(line.html):
            return TextBlock("standfirst", line.text, where)
        self._note(line, "This looks like a standfirst but has a link, so it was kept as a paragraph.")
        return TextBlock("paragraph", line.text, where)

    def _shaped(self, index: int, line: Line, where: tuple[int, int], above: str | None) -> TextBlock:
        if self._is_caption(index, line, above):
            self._note(line, "This looks like a caption without a credit. It became a photo slot to check.")
            return TextBlock("photo", line.text, where, photo=_uncredited(line))
        if self._is_heading(index, line, above):
            return TextBlock("heading", line.text, where, level=2)
        return TextBlock("paragraph", line.text, where)

    def _is_caption(self, index: int, line: Line, above: str | None) -> bool:
        text, words = line.text, word_count(line.text)
        if text[0] in _OPENING_QUOTES or text[0].islower() or self._is_spoken(line):
            return False
        if words <= 60 and (_STRONG_CUE.search(text) or (line.below_picture and _is_set_as_caption(line))):
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
            return (
                (words > 2 or not ends_sentence(text))
                and not self.has_headings
                and self._prose_follows(index, within=3)
            )
        plain = (
            not self.has_headings
            and words <= 10
            and not ends_sentence(text)
            and text[-1] != ":"
            and not text[0].islower()
        )
        shaped = plain and above != "heading" and self._prose_follows(index, within=1)
        if shaped:
            self._note(line, "This was read as a heading because it is short and does not end in a period.")
        return shaped

    def _prose_follows(self, index: int, *, within: int) -> bool:
        """Whether one of the next lines, photos not counted, is running text or a list."""
        below = (line for line in self.lines[index + 1 : index + 10] if line.start not in self.photos)
        return any(_is_prose(line) for line, _ in zip(below, range(within), strict=False))

    def _is_spoken(self, line: Line) -> bool:
        return line.text.split()[0] in self.speakers

    def _note(self, line: Line, sentence: str) -> None:
        self.notes.append(Note(line.start, line.text, sentence))


def _is_set_as_caption(line: Line) -> bool:
    """Whether a line below a picture is set as its caption: in italics throughout, or saying what is to be seen."""
    is_italic = "<em>" in line.html and not re.sub(r"<em>.*?</em>", "", line.html).strip()
    return is_italic or bool(_WEAK_CUE.search(line.text) or _PICTURE_WORD.match(line.text))


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
    """Neighboring list items make one list, neighboring quoted lines one quote, lines of one paragraph a paragraph."""
    last: TextBlock | None = None
    for block in blocks:
        apart = last is None or any(last.source_lines[1] < line < block.source_lines[0] for line in taken)
        if last and not apart and _belongs_to(last, block):
            span = (last.source_lines[0], block.source_lines[1])
            html = f"{last.html}\n{block.html}" if block.html else ""
            last = replace(last, text=f"{last.text}\n{block.text}", source_lines=span, html=html)
            continue
        if last:
            yield last
        last = block
    if last:
        yield last


def _belongs_to(last: TextBlock, block: TextBlock) -> bool:
    if block.type != last.type or last.whole or block.whole:
        return False
    return block.type in {"list", "quote"} or (block.type == "paragraph" and block.goes_on)


def _with_asides(blocks: Iterable[TextBlock], asides: Iterable[Line]) -> list[TextBlock]:
    """The blocks with pictures and embeds in their places; a picture joins the caption that stands below it."""
    placed: list[TextBlock] = []
    for block in sorted([*blocks, *map(_aside, asides)], key=lambda block: block.source_lines):
        above = placed[-1] if placed else None
        if above and block.photo and _is_caption_of(above, block):
            photo = replace(block.photo, picture=above.photo.picture if above.photo else None)
            span = (above.source_lines[0], block.source_lines[1])
            placed[-1] = replace(block, photo=photo, source_lines=span)
        else:
            placed.append(block)
    return placed


def _aside(line: Line) -> TextBlock:
    photo = PhotoLine("", credit_line.Split("", ""), "", certain=False, picture=line.picture) if line.picture else None
    return TextBlock("photo" if photo else "kept", line.text, (line.start, line.end), photo=photo, whole=line.block)


def _is_caption_of(above: TextBlock, block: TextBlock) -> bool:
    is_bare = above.photo is not None and above.photo.picture is not None and not above.text
    follows = above.source_lines[1] + 1 == block.source_lines[0]
    return is_bare and follows and block.photo is not None and block.photo.picture is None


def _lost_links(lines: Iterable[Line], head: story_head.Head) -> Iterator[Note]:
    """Fields hold words alone: say which links of the head they cannot keep."""
    for line in lines:
        if line.start in head.taken:
            for href in inline_html.links(line.html):
                yield Note(line.start, line.text, f"The link to {href} can’t be kept in this field and was left out.")


def _with_proposed_title(story: Story) -> Story:
    named = [("its first heading", story.headings[0])] if story.headings else []
    named += [
        ("its first sentence", _first_sentence(b.text)) for b in story.blocks if b.type in {"standfirst", "paragraph"}
    ]
    named += [("its first caption", _shortened(photo.caption)) for photo in story.photos if photo.caption]
    named += [("its first words", _shortened(block.text)) for block in story.blocks if block.type in {"list", "quote"}]
    if not named:
        return replace(story, notes=(Note(1, "", "The text has no title. Enter one."), *story.notes))
    source, title = named[0]
    note = Note(1, title, f"The text has no title. This one is suggested from {source}.")
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
