"""The front page: what this colleague does next, boards of what waits, and what is wrong, if anything is."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.timesince import timesince

from media.admin import boards as photo_boards
from media.models import Photo
from media.permissions import Actor

from ..models import Article, Edition, PhotoUse, Task
from ..stories.article import seen_by
from . import next_up, trouble
from .colleagues import name_of
from .day_words import time_of
from .next_up import Line, line_of

SHOWN = 6
MOST = 99
SOON = timedelta(hours=24)
EXPIRING = timedelta(days=14)


@dataclass(frozen=True)
class Board:
    """Rows of one kind, and where all of them are; `count` is empty where all are shown."""

    name: str
    url: str
    lines: list[Line]
    count: str


def dashboard(user: Actor) -> dict[str, Any]:
    """Return what the front page shows this user: a handful of each, never a count of millions."""
    now = timezone.now()
    found = list(_boards(user, now))
    return {
        "now": now,
        "may_add": user.has_perm("articles.add_article"),
        "next": next_up.lines(user, now),
        "boards": [board for board in found if board.lines],
        "empty": [board for board in found if not board.lines],
        "trouble": trouble.found(user, now),
    }


def _boards(user: Actor, now: datetime) -> Iterator[Board]:
    if user.has_perm("articles.view_article"):
        yield from _of_stories(user, now)
    if user.has_perm("media.change_right"):
        yield from _of_photos(user, now)


def _of_stories(user: Actor, now: datetime) -> Iterator[Board]:
    stories = Article.objects.visible_to(user).select_related("section", "owner", "lead_photo")
    every, day = reverse("admin:articles_article_changelist"), reverse("admin:articles_article_day")
    own = stories.filter(owner=user.pk, stage="draft")
    returned = next_up.was_returned()
    saved = partial(_story, now=now, user=user)
    if user.has_perm("articles.add_article"):
        mine = f"{every}?whose=mine&stage__exact=draft"
        yield board("Returned to you", mine, own.filter(returned), saved)
        yield board("Your drafts", mine, own.exclude(returned), saved)
    yield board("Your tasks", f"{every}?whose=assigned", next_up.tasks(user), partial(next_up.of_task, now=now))
    if user.has_perm("articles.edit_others_articles"):
        yield board("To review", f"{every}?stage__exact=in_review", stories.filter(stage="in_review"), saved)
        unpublished = stories.filter(stage="ready", editions__isnull=True)
        yield board("Ready to publish", f"{every}?stage__exact=ready", unpublished, saved)
    editions = Edition.objects.coming(now).filter(seen_by(user, "article__"), live_from__lte=now + SOON)
    editions = editions.select_related("article__section", "article__lead_photo").order_by("live_from")
    yield board("Coming in the next 24 hours", day, editions, _coming)


def _of_photos(user: Actor, now: datetime) -> Iterator[Board]:
    # A task names its story.
    tasks = Task.objects.unfinished().filter(seen_by(user, "article__"), desk="photo", photo__isnull=False)
    used = PhotoUse.objects.of_working_copies().filter(photo=OuterRef("pk"), article__discarded_at=None)
    photos = Photo.objects.prefetch_related("captions")
    yield board(
        "Photos to clear", f"{reverse('admin:articles_article_changelist')}?whose=photo_desk",
        tasks.select_related("photo", "article").prefetch_related("photo__captions").by_urgency(), partial(_to_clear, now=now),
    )  # fmt: skip
    yield board("Look-alikes to compare", _photo_board("look-alikes"), photos.to_compare(), _photo)
    yield board("Restrictions to confirm", _photo_board("restrictions"), photos.ready().to_confirm(), _photo)
    yield board(
        "Credits to check", _photo_board("credits"), photos.ready().to_check().select_related("credit"), _credited
    )
    yield board("Killed, and still in a story", _photo_board("killed"), photos.killed().filter(Exists(used)), _photo)
    expiring = photo_boards.soonest_first(photos.expiring(now, now + EXPIRING), now)
    yield board(
        "Rights ending within two weeks",
        _photo_board("expiring"),
        expiring.prefetch_related("rights"),
        partial(_expiring, now=now),
    )
    yield board("Slots waiting for a photo", _photo_board("slots"), photos.wanted(), _photo)


def _photo_board(name: str) -> str:
    return reverse("admin:media_photo_board", args=[name])


def board(name: str, url: str, rows: QuerySet, line: Callable[[Any], Line]) -> Board:
    found = list(rows[: SHOWN + 1])
    count = rows.order_by()[: MOST + 1].count() if len(found) > SHOWN else 0
    return Board(name, url, [line(row) for row in found[:SHOWN]], f"{MOST}+" if count > MOST else str(count or ""))


def _story(story: Article, now: datetime, user: Actor) -> Line:
    owner = name_of(story.owner) if story.owner and story.owner_id != user.pk else ""
    return line_of(story, f"saved {timesince(story.saved_at, now, depth=1)} ago", owner)


def _coming(edition: Edition) -> Line:
    return line_of(edition.article, time_of(edition.live_from), edition.get_kind_display())


def _to_clear(task: Task, now: datetime) -> Line:
    due = next_up.due(task, now)
    url = reverse("admin:media_photo_change", args=[task.photo_id]) + "#clearances"
    return Line(
        str(task.photo), url, f"{due} · {task.text}" if due else task.text, task.photo, is_late=task.is_overdue(now)
    )


def _photo(photo: Photo, details: str = "") -> Line:
    return Line(str(photo), photo.get_absolute_url(), details, photo)


def _credited(photo: Photo) -> Line:
    return _photo(photo, str(photo.credit) if photo.credit else "No credit")


def _expiring(photo: Photo, now: datetime) -> Line:
    until = photo.changes_after(now)
    return _photo(photo, time_of(until) if until else "")
