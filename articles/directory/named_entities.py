"""Finds the people and works that a story names as it is being written, and where it first names them."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import accumulate

from ..history.audit import AuditEntry
from ..text import mentions
from .person import Person, Work

MODELS = {"person": Person, "work": Work}
CHANGES = ("person.changed", "person.merged", "work.changed", "work.merged")


@dataclass(frozen=True)
class Place:
    """Where somebody is first named: the number of the text, and the start and end of the words in it."""

    text: int
    start: int
    end: int


@dataclass(frozen=True)
class Named:
    """A person or work that a story names. An ambiguous name gives one item for each row it may mean."""

    row: Person | Work
    count: int
    main: bool
    ambiguous: bool
    words: str
    place: Place | None

    @property
    def kind(self) -> str:
        return self.row.address_kind

    def to_json(self) -> dict:
        """Return what the story's page shows; `place` is where the first mention can be linked."""
        place = self.place and [self.place.text, self.place.start, self.place.end]
        return {
            "kind": self.kind, "id": self.row.pk, "slug": self.row.slug, "name": str(self.row), "about": about(self.row),
            "count": self.count, "main": self.main, "ambiguous": self.ambiguous, "words": self.words, "place": place,
        }  # fmt: skip


def about(row: Person | Work) -> str:
    """Return a short description that tells this person or work from others with the same name."""
    if isinstance(row, Work):
        return f"{row.get_kind_display()}, {row.release_date.year}" if row.release_date else row.get_kind_display()
    return row.description[:80]


def index() -> mentions.Index:
    """Return an index of all names, keyed "person:1" or "work:1". It is rebuilt when a name changes."""
    newest = [
        AuditEntry.objects.filter(verb=verb).order_by("-pk").values_list("pk", "at", "subject").first()
        for verb in CHANGES
    ]
    return _index(tuple(newest))


@lru_cache(maxsize=1)
def _index(newest: tuple) -> mentions.Index:
    return mentions.Index(
        replace(name, key=f"{kind}:{name.key}") for kind, model in MODELS.items() for name in model.objects.names()
    )


def named_in(title: str, texts: Sequence[str], others: Iterable[str] = ()) -> list[Named]:
    """Return who and what a story names, main subjects first.

    `texts` are its running paragraphs, whose mentions can be linked; `others` its headings and captions.
    """
    known = index()
    tallies = mentions.tally(title, [*texts, *others], known)
    places = _places(title, texts, known)
    rows = _rows(key for tally in tallies for key in (tally.key, *tally.first.others))
    return [
        Named(rows[key], tally.count, tally.main, tally.ambiguous, tally.first.words, places.get(key))
        for tally in tallies
        for key in ((tally.key, *tally.first.others) if tally.ambiguous else (tally.key,))
        if key in rows
    ]


def _places(title: str, texts: Sequence[str], known: mentions.Index) -> dict[str, Place]:
    """Return the first mention in a running paragraph, by key. A mention in the title cannot be linked."""
    whole = [title, *texts]
    starts = list(accumulate((len(text) + 2 for text in whole[:-1]), initial=0))
    found: dict[str, Place] = {}
    for mention in mentions.find("\n\n".join(whole), known):
        number = bisect_right(starts, mention.start) - 1
        if number > 0:
            start = mention.start - starts[number]
            place = Place(number - 1, start, start + len(mention.words))
            for key in (mention.key, *mention.others):
                found.setdefault(key, place)
    return found


def _rows(keys: Iterable[str]) -> dict[str, Person | Work]:
    wanted: dict[str, set[int]] = {kind: set() for kind in MODELS}
    for key in keys:
        kind, _, number = key.partition(":")
        wanted[kind].add(int(number))
    return {
        f"{kind}:{pk}": row for kind, model in MODELS.items() for pk, row in model.objects.in_bulk(wanted[kind]).items()
    }
