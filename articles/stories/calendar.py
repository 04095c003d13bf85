"""What stands in a colleague's calendar: what they may see of the coming weeks at the moment it is asked for.

Calendar services keep copies, so a restricted story and one under embargo are never named there; the link leads to it.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from django.db.models import Exists, OuterRef, Q, QuerySet

from media.models import Right
from media.permissions import Actor

from ..history.edition import Edition
from ..text.ical import Event
from .article import Article, seen_by
from .day import Wanted, shown_rights
from .desk import Task

BACK, AHEAD = timedelta(days=14), timedelta(days=60)
MOST = 500
"""Of each kind, the next ones first."""

LIVE = {
    "first": "Live", "minor": "Minor change", "update": "Update", "correction": "Correction", "withdrawal": "Withdrawn",
}  # fmt: skip


def events(user: Actor, now: datetime, address: str) -> list[Event]:
    """Return the events of this user's calendar in order of time; `address` is where the desk is."""
    if not user.has_perm("articles.view_article"):
        return []
    found = [*_editions(user, now, address), *_tasks(user, now, address), *_embargoes(user, now, address)]
    if user.has_perm("media.view_right"):
        found += _rights(user, now)
    return sorted(found, key=lambda event: (event.at, event.uid))


def uid(space: UUID, words: str) -> str:
    return f"{uuid5(space, words)}@marquee"


def _soon(rows: QuerySet, moment: str, now: datetime) -> QuerySet:
    """Return the rows whose moment is within the weeks of the calendar."""
    return rows.filter(**{f"{moment}__gte": now - BACK, f"{moment}__lt": now + AHEAD}).order_by(moment, "pk")[:MOST]


def _editions(user: Actor, now: datetime, address: str) -> Iterator[Event]:
    """Yield when stories go live and end. One that was moved is the same event at another time."""
    visible = Edition.objects.filter(seen_by(user, "article__"))
    keys = set(_soon(visible, "live_from", now).values_list("article", flat=True))
    keys |= set(_soon(visible.ending(), "ends", now).values_list("article", flat=True))
    every = Edition.objects.filter(article__in=keys).select_related("article__section", "cancellation")
    every = every.annotate(is_restricted=_restricted()).order_by("article", "number")
    ending = set(Edition.objects.filter(article__in=keys).ending().values_list("pk", flat=True))
    for chain in chains(every):
        last, off = chain[-1], getattr(chain[-1], "cancellation", None)
        about = {
            "changed_at": off.at if off else last.at, "sequence": len(chain) - 1 + bool(off),
            "url": _url(address, last.article), "details": _details(last.article, last.is_restricted, now),
        }  # fmt: skip
        name = _name(last.article, last.is_restricted, now)
        root = chain[0].number
        if any(now - BACK <= each.live_from < now + AHEAD for each in chain):
            summary = f"{LIVE[last.kind]}: {name}"
            yield Event(uid(last.article_id, f"edition {root}"), last.live_from, summary, is_off=bool(off), **about)
        if last.pk in ending and now - BACK <= last.ends < now + AHEAD:
            yield Event(uid(last.article_id, f"end {root}"), last.ends, f"Comes off the site: {name}", **about)


def chains(editions: Iterable[Edition]) -> list[list[Edition]]:
    """Return the editions so that one that was moved stands with what it was moved to, the first plan first.

    A move cancels an edition, and makes one of the same version and kind at the same instant.
    """
    found: list[list[Edition]] = []
    moved: dict[Any, list[Edition]] = {}
    for edition in editions:
        chain = moved.pop((edition.article_id, edition.version_id, edition.kind, edition.at), None)
        if chain is None:
            found.append(chain := [])
        chain.append(edition)
        if off := getattr(edition, "cancellation", None):
            moved[edition.article_id, edition.version_id, edition.kind, off.at] = chain
    return found


def _tasks(user: Actor, now: datetime, address: str) -> Iterator[Event]:
    mine = Q(assignee=user.pk)
    if user.has_perm("media.clear_photo"):
        mine |= Q(desk=Task.Desk.PHOTO)
    open_ones = Task.objects.unfinished().filter(mine, seen_by(user, "article__")).select_related("article__section")
    for task in _soon(open_ones.annotate(is_restricted=_restricted()), "due_at", now):
        story, is_kept = task.article, _is_confidential(task.article, task.is_restricted, now)
        summary = f"Due: {'a task on ' + _name(story, True, now) if is_kept else task.text}"
        details = "" if is_kept else f"{story}"
        yield Event(
            uid(story.pk, f"task {task.pk}"), task.due_at, summary, task.at, details=details, url=_url(address, story)
        )


def _embargoes(user: Actor, now: datetime, address: str) -> Iterator[Event]:
    for story in _soon(Article.objects.visible_to(user).select_related("section"), "embargo_until", now):
        summary = f"Embargo ends: {_name(story, True, now)}"
        yield Event(
            uid(story.pk, "embargo"), story.embargo_until, summary, story.saved_at, story.revision,
            url=_url(address, story),
        )  # fmt: skip


def _rights(user: Actor, now: datetime) -> Iterator[Event]:
    """Yield when photos that readers see or will see lose a right, for those who may see rights."""
    rights = shown_rights(Wanted(user)).select_related("photo", "agency").prefetch_related("photo__captions")
    for effect, moment in ((Right.Effect.ALLOW, "until"), (Right.Effect.DENY, "starts")):
        for right in _soon(rights.filter(effect=effect), moment, now):
            about = str(right.photo) if right.photo else f"photos from {right.agency}"
            yield Event(
                uid(NAMESPACE_OID, f"marquee right {right.pk}"), getattr(right, moment), f"Photo rights end: {about}",
                right.granted_at, details=right.note,
            )  # fmt: skip


def _restricted() -> Exists:
    return Exists(Article.restricted_to.through.objects.filter(article=OuterRef("article")))


def _is_confidential(story: Article, is_restricted: bool, now: datetime) -> bool:
    return is_restricted or bool(story.embargo_until and story.embargo_until > now)


def _name(story: Article, is_restricted: bool, now: datetime) -> str:
    if not _is_confidential(story, is_restricted, now):
        return story.headline
    return f"a confidential story in {story.section.name}" if story.section else "a confidential story"


def _details(story: Article, is_restricted: bool, now: datetime) -> str:
    if _is_confidential(story, is_restricted, now):
        return "Open it in Marquee to read which one."
    return story.section.name if story.section else ""


def _url(address: str, story: Article) -> str:
    return f"{address}/admin/articles/article/{story.pk}/publishing/"
