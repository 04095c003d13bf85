"""One change for many stories: each is asked about, changed by its own verb, or skipped with the reason."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction

from media.permissions import Actor

from ..directory.section import Section, Tag
from .article import Article
from .desk import Presence

MOST = 200
OUT_OF_REACH = "You can’t edit it: it belongs to someone else or is outside your sections."
EDITORS_ONLY = "Only editors can do this, in their own sections."
SAVED_SINCE = "Someone saved it after you chose it."


@dataclass(frozen=True)
class Change:
    """What is to be done to each story: its kind, and what it needs to know."""

    kind: str
    section: Section | None = None
    tags: Sequence[Tag] = ()
    colleague: Any = None
    note: str = ""

    @property
    def is_ready(self) -> bool:
        """Return True if all it needs is known."""
        needs = {"section": self.section, "add_tags": self.tags, "remove_tags": self.tags, "assign": self.colleague}
        return bool((needs | {"owner": self.colleague}).get(self.kind, True))


@dataclass(frozen=True)
class Outcome:
    """One story: what it becomes, or why it stays as it is."""

    story: Article
    becomes: str = ""
    refusal: str = ""


@dataclass
class Batch:
    """The stories that were chosen, at the revisions that were seen, as this colleague sees them."""

    by: Actor
    at: datetime
    seen: Mapping[UUID, int]
    writers: dict[UUID, str] = field(init=False)

    def __post_init__(self) -> None:
        present = Presence.objects.present(self.at).filter(article__in=self.seen, is_writing=True)
        self.writers = {
            row.article_id: "You are writing in it in another tab." if row.user_id == self.by.pk else f"{row.name} is writing in it."
            for row in present.select_related("user")
        }  # fmt: skip

    def look(self, change: Change) -> list[Outcome]:
        """Return what the change would do to each story; nothing is written."""
        return [self._looked_at(story, change) for story in self._stories().defer("body")]

    def do(self, change: Change) -> list[Outcome]:
        """Change each story, wholly or not at all: none depends on another."""
        return [self._done(story, change) for story in self._stories()]

    def _stories(self) -> models.QuerySet[Article]:
        rows = Article.objects.visible_to(self.by).filter(pk__in=self.seen).select_related("section", "owner", "site")
        return rows.prefetch_related("restricted_to", "tags").order_by("-saved_at", "-pk")

    def _looked_at(self, story: Article, change: Change) -> Outcome:
        if story.revision != self.seen[story.pk]:
            return Outcome(story, refusal=SAVED_SINCE)
        if said := self.writers.get(story.pk):
            return Outcome(story, refusal=said)
        kind = KINDS[change.kind]
        refusal = kind.refusal(story, change, self.by)
        return Outcome(story, refusal=refusal) if refusal else Outcome(story, becomes=kind.becomes(story, change))

    def _done(self, story: Article, change: Change) -> Outcome:
        try:
            with transaction.atomic():
                story.take_hold()
                story.refresh_from_db(fields=["revision", "stage", "owner", "section"])
                found = self._looked_at(story, change)
                if not found.refusal:
                    KINDS[change.kind].act(story, change, self.by, self.at)
                return found
        except (ValidationError, PermissionDenied) as error:
            return Outcome(story, refusal=" ".join(getattr(error, "messages", None) or [str(error)]))


# The kinds of change


@dataclass(frozen=True)
class Kind:
    """One kind of change: why a story stays as it is, what it becomes, and the verb."""

    refusal: Callable[[Article, Change, Actor], str]
    becomes: Callable[[Article, Change], str]
    act: Callable[[Article, Change, Actor, datetime], object]


def _editable(story: Article, by: Actor) -> str:
    return "" if story.is_editable_by(by) else OUT_OF_REACH


def _in_reach(story: Article, by: Actor) -> str:
    may = by.has_perm("articles.edit_others_articles") and story.is_in_reach_of(by)
    return "" if may else EDITORS_ONLY


def _section(story: Article, change: Change, by: Actor) -> str:
    """Ask of the story as it is and as it would be."""
    refusal, before = _editable(story, by), story.section
    if refusal or change.section is None:
        return refusal
    if change.section == before:
        return f"It is in {before} already."
    story.section = change.section
    refusal = "" if story.is_editable_by(by) else f"You can’t edit stories in {change.section}."
    story.section = before
    return refusal


def _more_tags(story: Article, change: Change, by: Actor) -> str:
    has_all = change.tags and not set(change.tags) - set(story.tags.all())
    return _editable(story, by) or ("It has them already." if has_all else "")


def _fewer_tags(story: Article, change: Change, by: Actor) -> str:
    has_none = change.tags and not set(change.tags) & set(story.tags.all())
    return _editable(story, by) or ("It has none of them." if has_none else "")


def _task(story: Article, change: Change, by: Actor) -> str:
    is_hidden = change.colleague is not None and not story.is_visible_to(change.colleague)
    return _in_reach(story, by) or (
        f"It is restricted, and {change.colleague} is not named on it." if is_hidden else ""
    )


def _owner(story: Article, change: Change, by: Actor) -> str:
    named = story.restricted_to.all()
    if refusal := _in_reach(story, by):
        return refusal
    if change.colleague is not None and change.colleague.pk == story.owner_id:
        return f"It belongs to {change.colleague} already."
    return "It is restricted: you would no longer see it." if named and by not in named else ""


def _submit(story: Article, change: Change, by: Actor) -> str:
    return _editable(story, by) or ("" if story.stage == "draft" else "Only a draft can be submitted.")


def _ready(story: Article, change: Change, by: Actor) -> str:
    return _in_reach(story, by) or ("It is ready already." if story.stage == "ready" else "")


def _names(rows: Sequence[Any]) -> str:
    return ", ".join(str(row) for row in rows)


def _name(user: Any) -> str:
    return (user.get_full_name() or user.get_username()) if user else "nobody"


KINDS = {
    "section": Kind(
        _section, lambda story, change: f"{story.section or 'no section'} → {change.section}",
        lambda story, change, by, at: story.file_under(change.section, by=by, at=at),
    ),
    "add_tags": Kind(
        _more_tags, lambda story, change: f"+ {_names([each for each in change.tags if each not in story.tags.all()])}",
        lambda story, change, by, at: story.retag(add=change.tags, by=by, at=at),
    ),
    "remove_tags": Kind(
        _fewer_tags, lambda story, change: f"− {_names([each for each in change.tags if each in story.tags.all()])}",
        lambda story, change, by, at: story.retag(remove=change.tags, by=by, at=at),
    ),
    "assign": Kind(
        _task, lambda story, change: f"a task for {_name(change.colleague)}",
        lambda story, change, by, at: story.assign(change.colleague, by=by, text=change.note, at=at),
    ),
    "owner": Kind(
        _owner, lambda story, change: f"{_name(story.owner)} → {_name(change.colleague)}",
        lambda story, change, by, at: story.hand_over(change.colleague, by=by, at=at),
    ),
    "submit": Kind(
        _submit, lambda story, change: "draft → in review",
        lambda story, change, by, at: story.submit(by=by, note=change.note, at=at),
    ),
    "ready": Kind(
        _ready, lambda story, change: f"{story.get_stage_display()} → ready",
        lambda story, change, by, at: story.accept(by=by, note=change.note, at=at),
    ),
}  # fmt: skip
