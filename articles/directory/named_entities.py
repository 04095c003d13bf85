"""Names in a story as it is written: who and what it speaks of, and where it first does."""

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
    """Where a text first names somebody: the number of the text, and where in it the words stand."""

    text: int
    start: int
    end: int


@dataclass(frozen=True)
class Named:
    """A person or work that a story names. An ambiguous name is one of several, each its own row."""

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
        """Return what the page of a story shows; `place` is where the first mention in its texts can be linked."""
        place = self.place and [self.place.text, self.place.start, self.place.end]
        return {
            "kind": self.kind, "id": self.row.pk, "slug": self.row.slug, "name": str(self.row), "about": about(self.row),
            "count": self.count, "main": self.main, "ambiguous": self.ambiguous, "words": self.words, "place": place,
        }  # fmt: skip


def about(row: Person | Work) -> str:
    """Return what tells a person or work from others of the name."""
    if isinstance(row, Work):
        return f"{row.get_kind_display()}, {row.release_date.year}" if row.release_date else row.get_kind_display()
    return row.description[:80]


def index() -> mentions.Index:
    """Return all names the newsroom knows, keyed "person:1" and "work:1"; built again whenever one changed."""
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
    """Return by key the first mention in a running paragraph; one in the title cannot be linked."""
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
