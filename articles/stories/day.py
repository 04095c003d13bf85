"""What happens when: stories that go live or end, tasks that are due, embargoes and rights that end, as one colleague may see it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from media.models import Right
from media.permissions import Actor

from ..history.edition import Edition
from ..history.photo_use import PhotoUse
from .article import Article, seen_by
from .desk import Task, TaskQuerySet
from .each_day import Span, first_of_each


@dataclass(frozen=True)
class Wanted:
    """Whose day it is, and what of it is asked for: the stories of some sections, what is one person's to do."""

    user: Actor
    sections: frozenset[int] | None = None
    person: int | None = None

    def stories(self, through: str = "", whose: str = "owner") -> Q:
        """Return the condition for rows about stories: visible to the user, in the sections, the person's."""
        found = seen_by(self.user, through)
        if self.sections is not None:
            found &= Q(**{f"{through}section__in": self.sections})
        if self.person is not None:
            found &= Q(**{through + whose if whose == "owner" else whose: self.person})
        return found


@dataclass(frozen=True)
class Moment:
    """Something that happens at an instant. `row` is an Edition, a Task, an Article or a Right, by `kind`."""

    kind: str
    at: datetime
    row: Any


@dataclass(frozen=True)
class Strand:
    """Rows that each have a moment; `related` is what is shown of them."""

    kind: str
    moment: str
    rows: QuerySet
    related: tuple[str, ...]
    listed: tuple[str, ...] = ()

    def load(self, keys: Sequence[Any]) -> dict[Any, Moment]:
        if not keys:
            return {}
        rows = self.rows.model._default_manager.filter(pk__in=keys).select_related(*self.related)
        return {
            row.pk: Moment(self.kind, getattr(row, self.moment), row) for row in rows.prefetch_related(*self.listed)
        }


STORY = ("section", "owner", "lead_photo")
ABOUT = tuple(f"article__{name}" for name in STORY)
PICTURE = ("agency", "photo"), ("photo__captions",)


def strands(wanted: Wanted) -> list[Strand]:
    """Return where moments come from, for this user."""
    editions = Edition.objects.standing().filter(wanted.stories("article__"))
    found = [
        Strand("live", "live_from", editions, (*ABOUT, "by")),
        Strand("ends", "ends", editions.ending(), ABOUT),
        Strand("due", "due_at", tasks(wanted), (*ABOUT, "assignee")),
        Strand("embargo", "embargo_until", Article.objects.filter(wanted.stories()), STORY),
    ]
    if wanted.user.has_perm("media.view_right"):
        rights = shown_rights(wanted)
        found += [
            Strand("right", "until", rights.filter(effect="allow"), *PICTURE),
            Strand("right", "starts", rights.filter(effect="deny"), *PICTURE),
        ]
    return found


def tasks(wanted: Wanted) -> TaskQuerySet:
    """Return the tasks that are not done."""
    return Task.objects.unfinished().filter(wanted.stories("article__", whose="assignee"))


def shown_rights(wanted: Wanted) -> QuerySet[Right]:
    """Return the rights on photos, and on agencies of photos, that a live or coming story shows."""
    uses = PhotoUse.objects.of_editions().filter(wanted.stories("article__"))
    agency = OuterRef("agency")
    return Right.objects.in_force().filter(
        Exists(uses.filter(photo=OuterRef("photo")))
        | Exists(uses.filter(photo__credit__agencies=agency))
        | Exists(uses.filter(photo__credit__agencies__parent=agency))
    )


@dataclass(frozen=True)
class Happening:
    """What happens in a span: the first of it, and how much there is; `is_counted` unless there is more than was counted."""

    moments: list[Moment]
    count: int
    is_counted: bool


def happenings(wanted: Wanted, spans: Sequence[Span], *, shown: int, counted: int, told: int) -> list[Happening]:
    """Return what happens in each span: moments of the first `told` spans, only counts of the others.

    Each strand is asked twice, however many spans there are.
    """
    found = strands(wanted)
    heads = [first_of_each(strand.rows, strand.moment, spans, counted) for strand in found]
    chosen = [
        sorted((at, number, key) for number, head in enumerate(heads) for at, key in head[span])[:shown]
        for span in range(told)
    ]
    loaded = [
        strand.load([key for span in chosen for _, number, key in span if number == at_strand])
        for at_strand, strand in enumerate(found)
    ]
    return [
        Happening(
            [loaded[number][key] for _, number, key in (chosen[span] if span < told else ()) if key in loaded[number]],
            sum(len(head[span]) for head in heads),
            all(len(head[span]) < counted for head in heads),
        )
        for span in range(len(spans))
    ]
