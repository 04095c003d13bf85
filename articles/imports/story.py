"""A finished story, plain or formatted, becomes a draft with photo slots: first understood, then made.

`understand` writes nothing, so that an editor (or `import_articles --dry-run`) sees what was read beside what was not;
`Understanding.draft` makes the article. The words of the draft are the words of the text, in order.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from html import escape
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone

from media.credits.house_caption import house_caption
from media.credits.line import CreditParts, Vocabulary
from media.models import Agency, Caption, Photo, PhotoCredit, Site
from media.permissions import Actor, require

from ..directory import named_entities
from ..models import Article, Author, Person, Work
from ..stories.links import link
from ..text import body, limits, mentions
from . import plain_text
from .story_head import Line

HEADLINE_LENGTH = 300


class NotImported(Exception):
    """A text that is never imported; the sentence says why."""


class WordsLost(NotImported):
    """A text whose words would not all arrive, in order."""


class TextSealed(NotImported):
    """A text whose story was sealed."""


@dataclass(frozen=True)
class Known:
    """What the newsroom knows when it reads a text: credits, people and works. Load it once for many texts."""

    vocabulary: Vocabulary
    names: mentions.Index

    @classmethod
    def load(cls) -> "Known":
        return cls(Agency.objects.all().vocabulary(), named_entities.index())


@dataclass(frozen=True)
class Suggestion:
    """A known person or work that the text mentions. An ambiguous one is for the editor to decide."""

    row: Person | Work
    count: int
    main: bool
    ambiguous: bool

    def to_json(self) -> dict:
        name = self.row.title if isinstance(self.row, Work) else self.row.name
        return {
            "name": name, "slug": self.row.slug, "known": True, "role": "main" if self.main else "mentioned",
            "mentions": self.count, "ambiguous": self.ambiguous,
        }  # fmt: skip


@dataclass(frozen=True)
class Understanding:
    """What a text was read as. `proposed` are names in captions that nobody has recorded; they are not created here."""

    story: plain_text.Story
    people: tuple[Suggestion, ...]
    works: tuple[Suggestion, ...]
    proposed: tuple[str, ...]
    authors: tuple[Author, ...]
    unknown_authors: tuple[str, ...]
    known: Known
    already: Article | None = None

    def to_json(self) -> dict:
        """Return the shape that `import_articles --json` prints; people nobody recorded carry `"known": false`."""
        proposed = [{"name": name, "known": False} for name in self.proposed]
        people = [*(each.to_json() for each in self.people), *proposed]
        return plain_text.to_json(self.story, people, (each.to_json() for each in self.works))

    def draft(
        self,
        *,
        by: Actor | None = None,
        at: datetime | None = None,
        people: Sequence[tuple[Person, str]] | None = None,
        works: Sequence[Work] | None = None,
        photos: Mapping[int, Photo] | None = None,
        **fields: Any,
    ) -> Article:
        """Make the draft and return it. The same text again returns the article it became the first time.

        `people` (with their role) and `works` are the editor's choice instead of what was suggested. `photos` are
        existing photos for caption lines, by their number from 0; the other lines become slots. A photo shows the
        caption of its line, and its desk hears whom the line credits. `fields` are fields of the Article, such as
        headline or section.
        """
        require(by, "articles.add_article", to="write stories")
        if again := earlier(self.story.fingerprint):
            return again
        site = fields.pop("site", None) or Site.objects.default()
        chosen, vocabulary = photos or {}, self.known.vocabulary
        slots = [chosen.get(number) or Slot.of(line, vocabulary) for number, line in enumerate(self.story.photos)]
        shown = [slot.photo if isinstance(slot, Slot) else slot for slot in slots]
        article = Article(owner=by, site=site, **self._words(shown, site) | fields)  # type: ignore[misc]  # AUTH_USER_MODEL is a User; Actor is wider.
        limits.read_ahead(article.body)
        with transaction.atomic():
            # Whoever sends the same text at the same moment waits here, and then finds it.
            Site.objects.select_for_update().get(pk=site.pk)
            if again := earlier(self.story.fingerprint):
                return again
            make(slot for slot in slots if isinstance(slot, Slot))
            self._tell_credits(chosen)
            article.save()
            self._link(article, people, works)
            article.record(by=by, at=at)
        return article

    def _words(self, slots: list[Photo], site: Site) -> dict:
        title = self.story.title or "Untitled"
        return {
            "headline": title[:HEADLINE_LENGTH],
            "standfirst": self.story.standfirst or "",
            "body": to_html(self.story, slots),
            "byline": f"By {self.story.byline}" if self.unknown_authors else "",
            "import_fingerprint": self.story.fingerprint,
            "original_published_at": published_at(self.story, site),
        }

    def _tell_credits(self, photos: Mapping[int, Photo]) -> None:
        for number, photo in photos.items():
            if words := self.story.photos[number].credit.words(self.known.vocabulary):
                photo.hear_credit(PhotoCredit.objects.read(words, self.known.vocabulary))

    def _link(
        self, article: Article, people: Sequence[tuple[Person, str]] | None, works: Sequence[Work] | None
    ) -> None:
        if people is None:
            people = [(each.row, "main" if each.main else "mentioned") for each in self.people if not each.ambiguous]  # type: ignore[misc]
        if works is None:
            works = [each.row for each in self.works if not each.ambiguous]  # type: ignore[misc]
        link(
            article,
            authors=[(author.pk, "") for author in self.authors],
            people=[(person.pk, role) for person, role in people],
            works=[work.pk for work in works],
        )


def understand(source: str | Sequence[Line], known: Known | None = None) -> Understanding:
    """Read a plain text, or the lines of a formatted one, and write nothing.

    Raises NotImported with a sentence, and TooLarge for too many lines.
    """
    known = known or Known.load()
    lines = plain_text.lines_in(source) if isinstance(source, str) else source
    story = plain_text.read_lines(lines, known.vocabulary)
    limits.check_blocks(story.blocks)
    limits.check_captions(story.photos)
    if story.words() != (plain_text.words_in(source) if isinstance(source, str) else plain_text.words_of(lines)):
        raise WordsLost(
            "Some words would have been lost, so nothing was imported. Send this text to your administrator."
        )
    if Article.objects.sealed().filter(import_fingerprint=story.fingerprint).exists():
        raise TextSealed("The story made from this text was sealed. The text cannot be imported again.")
    people, works = suggestions(story, known)
    authors = {name: Author.objects.filter(name__iexact=name).first() for name in story.authors}
    return Understanding(
        story=story,
        people=people,
        works=works,
        proposed=mentions.propose([photo.caption for photo in story.photos], known.names),
        authors=tuple(dict.fromkeys(author for author in authors.values() if author)),
        unknown_authors=tuple(name for name, author in authors.items() if author is None),
        known=known,
        already=earlier(story.fingerprint),
    )


def earlier(fingerprint: str) -> Article | None:
    """Return the article this text became before, unless it was discarded."""
    return Article.objects.filter(import_fingerprint=fingerprint, discarded_at__isnull=True).first()


def suggestions(story: plain_text.Story, known: Known) -> tuple[tuple[Suggestion, ...], tuple[Suggestion, ...]]:
    """Return the people and the works a story mentions, main subjects first."""
    tallies = mentions.tally(story.title or "", _reading_order(story.blocks), known.names)
    return _rows(tallies, "person", Person), _rows(tallies, "work", Work)


def _rows(tallies: Iterable[mentions.Tally], noun: str, model: type[Person] | type[Work]) -> tuple[Suggestion, ...]:
    mine = [(int(tally.key.partition(":")[2]), tally) for tally in tallies if tally.key.startswith(noun)]
    rows = model.objects.in_bulk([key for key, _ in mine])
    return tuple(Suggestion(rows[key], tally.count, tally.main, tally.ambiguous) for key, tally in mine)


def _reading_order(blocks: Iterable[plain_text.TextBlock]) -> list[str]:
    """Return the texts with prose first: who opens the story counts, not who is named in the first caption."""
    blocks = list(blocks)
    late = {"photo", "heading"}
    return [block.text for block in sorted(blocks, key=lambda block: block.type in late)]


def published_at(story: plain_text.Story, site: Site) -> datetime | None:
    """Return noon of the story's date where the site is, the same day in nearly every zone; None for a day to come."""
    if story.date is None:
        return None
    instant = datetime.combine(story.date, time(12), ZoneInfo(site.time_zone))
    return instant if instant <= timezone.now() else None


@dataclass(frozen=True)
class Slot:
    """The photo that a caption line speaks of, not made yet: caption and credit are there, the file is still to come."""

    photo: Photo
    credit_line: str | None
    captions: dict[str, str]
    vocabulary: Vocabulary
    alt: str = ""

    @classmethod
    def of(cls, line: plain_text.PhotoLine, vocabulary: Vocabulary) -> "Slot":
        captions = {"supplied": line.caption, "house": house_caption(line.caption, vocabulary)}
        alt = line.picture.alt if line.picture else ""
        words = line.credit.words(vocabulary)
        return cls(Photo(kind=_kind(line.credit.parts)), words or None, captions, vocabulary, alt)

    def make(self) -> None:
        if self.credit_line:
            self.photo.credit = PhotoCredit.objects.read(self.credit_line, self.vocabulary)
        self.photo.save()
        for kind, text in self.captions.items():
            Caption.objects.create(photo=self.photo, kind=kind, text=text, alt=self.alt if kind == "house" else "")


def make(slots: Iterable[Slot]) -> None:
    """Write slots, in the transaction of whoever asks."""
    for slot in slots:
        slot.make()


def _kind(parts: CreditParts | None) -> str:
    """Guess a photo's kind from its credit; the desk decides when the file arrives."""
    if parts and parts.handle:
        return Photo.Kind.SOCIAL
    if parts and parts.courtesy_of and not parts.photographers and not parts.agencies:
        return Photo.Kind.HANDOUT
    return Photo.Kind.AGENCY


def to_html(story: plain_text.Story, photos: Sequence[Photo]) -> str:
    """Return the body: every block but the standfirst in order, every caption line as the figure of its photo."""
    waiting = iter(photos)
    apart = next((block for block in story.blocks if block.type == "standfirst"), None)
    parts: list[body.Block | None] = [_overlong_title(story)]
    parts += [_block(block, waiting) for block in story.blocks if block is not apart]
    return body.join(part for part in parts if part)


def _overlong_title(story: plain_text.Story) -> body.Paragraph | None:
    """Keep a title that no headline can hold as the first paragraph, so that no word of it is lost."""
    title = story.title or ""
    return None if story.title_proposed or len(title) <= HEADLINE_LENGTH else body.Paragraph("", escape(title))


def _block(block: plain_text.TextBlock, waiting: Iterator[Photo]) -> body.Block:
    if block.photo:
        return _figure(block.photo, next(waiting))
    whole = block.whole if block.type in _SAYS_MORE[type(block.whole)] else None
    return whole or _of_lines(block, block.html or escape(block.text, quote=False))


def _of_lines(block: plain_text.TextBlock, html: str) -> body.Block:
    match block.type:
        case "heading":
            return body.Heading("", min(max(block.level or 2, 2), 4), html.replace("\n", "<br>"))
        case "quote":
            return body.Quote("", html.replace("\n", body.PARAGRAPH_BREAK))
        case "list":
            return body.ListBlock("", False, tuple(body.ListItem(line) for line in html.split("\n")))
        case "divider":
            return body.Divider("")
        case _:
            return body.Paragraph("", html.replace("\n", "<br>"))


# The types under which a whole block stays what it was; under any other the editor wanted its words as something else.
_SAYS_MORE = defaultdict(lambda: {"kept"}, {body.ListBlock: {"list"}, body.Quote: {"quote"}, body.PullQuote: {"quote"}})


def _figure(line: plain_text.PhotoLine, photo: Photo) -> body.PhotoBlock:
    """Return the figure of a photo. A slot has the caption itself; other photos, and links in it, need one for this use."""
    own = line.html or ("" if photo.is_slot else escape(line.caption, quote=False))
    alt = line.picture.alt if line.picture and not photo.is_slot else ""
    return body.PhotoBlock("", photo.pk, caption=own or None, alt=alt or None)
