"""What the day says of each moment: a word for what happens, a line that leads there, and whose it is."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from media.models import Right
from media.permissions import Actor

from ..models import Article, Edition, Task
from ..stories.day import Moment
from .colleagues import name_of

GOES = {
    "first": ("Goes live", "Went live"),
    "minor": ("Minor change", "Minor change"),
    "update": ("Update goes live", "Updated"),
    "correction": ("Correction goes live", "Corrected"),
    "withdrawal": ("Will be withdrawn", "Withdrawn"),
}


def in_words(moment: Moment, now: datetime, user: Actor) -> dict[str, Any]:
    """Return what is shown of a moment: what happens, a title and where it leads, details, a picture."""
    return SAID[moment.kind](moment.row, moment.at <= now, user)


def _story(story: Article, *details: str) -> dict[str, Any]:
    section = story.section.name if story.section else ""
    return {
        "title": story.headline,
        "url": reverse("admin:articles_article_change", args=[story.pk]),
        "photo": story.lead_photo,
        "details": " · ".join(filter(None, [*details, section])),
    }


def _owner(story: Article) -> str:
    return name_of(story.owner) if story.owner else ""


def _live(edition: Edition, is_past: bool, user: Actor) -> dict[str, Any]:
    return _story(edition.article, _owner(edition.article)) | {"what": GOES[edition.kind][is_past]}


def _ends(edition: Edition, is_past: bool, user: Actor) -> dict[str, Any]:
    return _story(edition.article, _owner(edition.article)) | {"what": "Ended" if is_past else "Comes off the site"}


def _due(task: Task, is_past: bool, user: Actor) -> dict[str, Any]:
    who = name_of(task.assignee) if task.assignee else f"the {task.get_desk_display()}"
    shown = _story(task.article, f"from {who}")
    return shown | {
        "what": "Overdue" if is_past else "Due", "title": task.text, "is_late": is_past,
        "details": f"{task.article.headline} · {shown['details']}",
    }  # fmt: skip


def _embargo(story: Article, is_past: bool, user: Actor) -> dict[str, Any]:
    return _story(story, story.embargo_reason, _owner(story)) | {"what": f"Embargo {'ended' if is_past else 'ends'}"}


def _right(right: Right, is_past: bool, user: Actor) -> dict[str, Any]:
    """Say whose right ends. A denial that begins ends what was allowed before."""
    noun, key = ("photo", right.photo_id) if right.photo else ("agency", right.agency_id)
    url = reverse(f"admin:media_{noun}_change", args=[key]) if user.has_perm(f"media.view_{noun}") else ""
    return {
        "what": f"Photo rights {'ended' if is_past else 'end'}",
        "title": str(right.photo) if right.photo else f"Photos from {right.agency}",
        "url": url, "photo": right.photo, "details": right.note,
    }  # fmt: skip


SAID: dict[str, Callable[..., dict[str, Any]]] = {
    "live": _live, "ends": _ends, "due": _due, "embargo": _embargo, "right": _right,
}  # fmt: skip


def time_of(at: datetime) -> str:
    """Return an instant on the desk's clock as short as it can be: “10:40 AM” today, “Fri, Dec 4, 10:40 AM” otherwise."""
    there, today = timezone.localtime(at), timezone.localdate()
    clock = f"{there:%-I:%M %p}"
    if there.date() == today:
        return clock
    day = date_format(there, "D, M j" if there.year == today.year else "D, M j, Y")
    return f"{day}, {clock}"
