"""Finds exact words in live stories: the search index finds candidates, then each live version is read in full."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from media.models import Caption, Photo
from media.words.search_terms import words as words_of

from ..history.edition import Edition
from ..live import search
from ..live.document import LiveDocument
from ..text.sanitizer import uuid
from . import replace
from .article import Article

PAGE = 25
SCANNED = 400
"""How many candidates are read for one page; the next page continues from there."""


@dataclass(frozen=True)
class Story:
    """A live story that contains the words, and where."""

    article: Article
    edition: Edition
    places: list[replace.Place]


@dataclass(frozen=True)
class Pictured:
    """A photo whose own caption contains the words. Correcting it reaches every story that inherits it."""

    photo: Photo
    places: list[replace.Place]


@dataclass(frozen=True)
class Page:
    """What was found; `after` is where the next page begins, or "" if everything was read."""

    stories: list[Story]
    photos: list[Pictured]
    after: str = ""


def is_findable(words: str) -> bool:
    """Return True if the index can search for these words: it needs at least one."""
    return bool(words_of(words))


def where(words: str, at: datetime, *, within: QuerySet, after: str = "") -> Page:
    """Return a page of the live stories among `within` that contain exactly these words, newest first."""
    documents = _candidates(words, at, within)
    stories: list[Story] = []
    photos: dict[UUID, Pictured] = {}
    for _ in range(SCANNED // PAGE):
        chunk = list(_following(documents, after)[:PAGE])
        stories += [story for document in chunk if (story := _read(document, words))]
        photos |= {each.photo.pk: each for each in _pictured(chunk, words)}
        after = f"{chunk[-1].published_at.isoformat()}~{chunk[-1].article_id}" if len(chunk) == PAGE else ""
        if not after or len(stories) >= PAGE:
            break
    return Page(stories, list(photos.values()), after)


def _candidates(words: str, at: datetime, within: QuerySet) -> QuerySet:
    phrase = '"' + words.replace('"', " ") + '"'
    documents = search.narrow(LiveDocument.objects.live(at), phrase).filter(article__in=within.values("pk"))
    return documents.select_related("edition__version", "article__section").order_by("-published_at", "-article")


def _following(documents: QuerySet, after: str) -> QuerySet:
    instant, _, key = after.partition("~")
    article = uuid(key)
    try:
        moment = datetime.fromisoformat(instant)
    except ValueError:
        return documents
    if article is None or moment.tzinfo is None:
        return documents
    return documents.filter(Q(published_at__lt=moment) | Q(published_at=moment, article__lt=article))


def _read(document: LiveDocument, words: str) -> Story | None:
    assert document.edition is not None  # A live document always has one, by constraint.
    places = replace.places(document.edition.version.content, words)
    return Story(document.article, document.edition, places) if places else None


def _pictured(documents: list[LiveDocument], words: str) -> list[Pictured]:
    wanted = replace.pattern(words)
    captions = Caption.objects.filter(kind="house", photo__shown_in__document__in=documents)
    found = []
    for caption in captions.select_related("photo").distinct():
        texts = (("Caption", caption.text), ("Alt text", caption.alt))
        places = [place for name, text in texts for place in replace.in_text(name, text, wanted)]
        found += [Pictured(caption.photo, places)] if places else []
    return found
