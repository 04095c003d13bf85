"""“Next for you”: what this colleague does next, the most urgent first."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from django.db.models import Exists, Min, OuterRef, Prefetch, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.timesince import timesince

from media.models import Photo
from media.permissions import Actor

from ..models import Article, AuditEntry, Edition, PhotoUse, Task
from ..stories.article import seen_by
from .day_words import time_of

SHOWN = 10
PUBLISHED = ("article.published", "article.scheduled", "article.updated", "article.corrected")
SOON = timedelta(hours=24)
# In this order: what is late or will go wrong, what ends soon, what others wait for, all else.
LATE, SOON_DUE, WAITED_FOR, LATER, WHENEVER = range(5)
LOOKED_AT = 15
"""How many of the stories that go live soon are looked at for photos that will be missing."""
LOOKS_AFTER_ALL = ("articles.publish_article", "articles.edit_others_articles", "media.clear_photo")


@dataclass(frozen=True)
class Line:
    """A line of the front page: a title that leads somewhere, and what is said beside it."""

    title: str
    url: str
    details: str = ""
    photo: Photo | None = None
    is_late: bool = False


@dataclass(frozen=True)
class Urgent:
    rank: int
    at: datetime
    line: Line


def lines(user: Actor, now: datetime) -> list[Line]:
    """Return what this user does next, at most ten; what is there twice is shown once."""
    if not user.has_perm("articles.view_article"):
        return []
    found = [*_tasks(user, now), *_returned(user, now), *_blocked(user, now), *_embargoes(user, now)]
    if user.has_perm("articles.edit_others_articles"):
        found += _reviews(user, now)
    ordered = sorted(found, key=lambda each: (each.rank, each.at, each.line.title))
    return [each.line for each in ordered][:SHOWN]


def tasks(user: Actor) -> QuerySet[Task]:
    """Return what is to be done by this user, by their desk, or by nobody yet whom they could relieve."""
    mine = Q(assignee=user.pk)
    if user.has_perm("media.clear_photo"):
        mine |= Q(desk="photo")
    open_ones = Task.objects.unfinished().filter(seen_by(user, "article__")).filter(mine)
    return open_ones.select_related("article__section", "article__lead_photo", "by").by_urgency()


def was_returned() -> Q:
    """Return the condition for drafts that came back from review and were not published since."""
    published = AuditEntry.objects.filter(article=OuterRef("article"), verb__in=PUBLISHED, pk__gt=OuterRef("pk"))
    returned = AuditEntry.objects.filter(article=OuterRef("pk"), verb="article.returned").exclude(Exists(published))
    return Q(stage="draft") & Q(Exists(returned))


def line_of(story: Article, *details: str, is_late: bool = False) -> Line:
    url = reverse("admin:articles_article_change", args=[story.pk])
    section = story.section.name if story.section else ""
    return Line(story.headline, url, " · ".join(filter(None, [*details, section])), story.lead_photo, is_late)


def of_task(task: Task, now: datetime) -> Line:
    url = reverse("admin:articles_article_publishing", args=[task.article_id])
    if task.desk == Task.Desk.PHOTO and task.photo_id:
        url = reverse("admin:media_photo_change", args=[task.photo_id]) + "#clearances"
    said = " · ".join(filter(None, [due(task, now), task.article.headline, f"from {task.by}" if task.by else ""]))
    return Line(task.text, url, said, task.article.lead_photo, task.is_overdue(now))


def due(task: Task, now: datetime) -> str:
    if task.due_at is None:
        return ""
    return f"Overdue since {time_of(task.due_at)}" if task.is_overdue(now) else f"Due {time_of(task.due_at)}"


def _tasks(user: Actor, now: datetime) -> Iterator[Urgent]:
    # The task that tells of a return is the note of the story that came back, which is a line of its own.
    told = Q(article__owner=user.pk, assignee=user.pk, due_at=None) & Q(
        Exists(AuditEntry.objects.filter(article=OuterRef("article"), verb="article.returned", at=OuterRef("at")))
    )
    for task in tasks(user).exclude(told)[:SHOWN]:
        if task.due_at is None:
            yield Urgent(WHENEVER, task.at, of_task(task, now))
        else:
            rank = LATE if task.due_at <= now else SOON_DUE if task.due_at <= now + SOON else LATER
            yield Urgent(rank, task.due_at, of_task(task, now))


def _returned(user: Actor, now: datetime) -> Iterator[Urgent]:
    entries = AuditEntry.objects.filter(article=OuterRef("pk"), verb="article.returned").order_by("-at")
    own = Article.objects.visible_to(user).filter(was_returned(), owner=user.pk)
    own = own.select_related("section", "lead_photo").annotate(
        back_at=entries.values("at")[:1], back_note=entries.values("note")[:1]
    )
    for story in own[:SHOWN]:
        yield Urgent(
            WAITED_FOR, story.back_at, line_of(story, f"Sent back {_ago(story.back_at, now)}: {story.back_note}")
        )


def _reviews(user: Actor, now: datetime) -> Iterator[Urgent]:
    open_ones = Q(tasks__done_at=None, tasks__desk="editors")
    stories = (
        Article.objects.visible_to(user).filter(stage="in_review").annotate(asked_at=Min("tasks__at", filter=open_ones))
    )
    for story in stories.select_related("section", "lead_photo").order_by("asked_at")[:SHOWN]:
        asked = story.asked_at or story.saved_at
        yield Urgent(WAITED_FOR, asked, line_of(story, f"Review asked for {_ago(asked, now)}"))


def _embargoes(user: Actor, now: datetime) -> Iterator[Urgent]:
    """Yield the embargoes on one's own stories, or on all that one could publish, that end soon."""
    ending = Article.objects.visible_to(user).filter(embargo_until__gt=now, embargo_until__lte=now + SOON)
    if not user.has_perm("articles.publish_article"):
        ending = ending.filter(owner=user.pk)
    for story in ending.select_related("section", "lead_photo").order_by("embargo_until")[:SHOWN]:
        ends = cast(datetime, story.embargo_until)
        yield Urgent(SOON_DUE, ends, line_of(story, f"Embargo ends {time_of(ends)}"))


def _blocked(user: Actor, now: datetime) -> Iterator[Urgent]:
    """Yield what goes live soon, and not as it was meant to: a photo of it may not be shown then, or has no file."""
    coming = Edition.objects.coming(now).filter(seen_by(user, "article__"), live_from__lte=now + SOON)
    coming = coming.exclude(kind="withdrawal")
    if not any(user.has_perm(each) for each in LOOKS_AFTER_ALL):
        coming = coming.filter(article__owner=user.pk)
    soonest = list(coming.order_by("live_from").values_list("pk", flat=True)[:LOOKED_AT])
    uses = (
        PhotoUse.objects.filter(edition__in=soonest).exclude(role="social").order_by("edition__live_from", "position")
    )
    about = ("edition", "article__section", "article__lead_photo", "article__site")
    seen: set[Any] = set()
    for use in uses.select_related(*about).prefetch_related(Prefetch("photo", Photo.objects.with_facts())):
        edition = cast(Edition, use.edition)
        why = _why_not(use, edition)
        if why and edition.pk not in seen:
            seen.add(edition.pk)
            moment = edition.live_from
            said = f"Goes live {time_of(moment)} without the photo “{Truncator(str(use.photo)).chars(60)}”. {why}"
            yield Urgent(LATE, moment, line_of(use.article, said, is_late=True))


def _why_not(use: PhotoUse, edition: Edition) -> str:
    """Return why a photo is missing when its edition goes live; empty if it is shown, or was left out on purpose."""
    if str(use.photo_id) in edition.without_photos:
        return ""
    decision = use.photo.usable(use.article.site.use(edition.live_from, placement=use.role, article=use.article_id))
    return "" if decision else decision.reason


def _ago(at: datetime, now: datetime) -> str:
    is_today = timezone.localdate(at) == timezone.localdate(now)
    return f"at {timezone.localtime(at):%-I:%M %p}" if is_today else f"{timesince(at, now, depth=1)} ago"
