"""What is wrong with the system, in sentences for editors; nothing while all is well."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Max, Min
from django.urls import reverse
from django.utils.timesince import timesince

from media.counted import counted
from media.permissions import Actor

from ..models import Delivery, Heartbeat, LiveDocument
from ..stories.article import seen_by
from .day_words import time_of
from .failed_tasks import failed_tasks

SHOWN = 5
MOST = 99
SILENT = timedelta(minutes=2)
LOOKED_BACK = timedelta(days=7)
TELL = "Tell your administrator."


@dataclass(frozen=True)
class Trouble:
    """A sentence and where it leads; `details` are for administrators, `again` is work that can be tried again."""

    sentence: str
    url: str = ""
    link: str = ""
    details: tuple[str, ...] = ()
    again: Any = None


def found(user: Actor, now: datetime) -> list[Trouble]:
    """Return what is wrong, as far as this user is concerned."""
    trouble: list[Trouble] = []
    if user.has_perm("articles.view_delivery"):
        trouble += [*_worker(user, now), *_webhooks(now), *_documents(user, now)]
    if user.has_perm("media.change_photo"):
        trouble += [Trouble(row["words"], again=row["task"]) for row in failed_tasks(SHOWN)]
    return trouble


def _worker(user: Actor, now: datetime) -> Iterator[Trouble]:
    last = Heartbeat.objects.aggregate(last=Max("at"))["last"]
    if last and last > now - SILENT:
        return
    details = [
        f"{beat.name}: last seen {timesince(beat.at, now)} ago" for beat in Heartbeat.objects.order_by("-at")[:SHOWN]
    ]
    # What stands in the details is for those who can do something about it.
    shown = (
        tuple(details or ["No worker has run yet."])
        if user.is_superuser or user.has_perm("articles.change_endpoint")
        else ()
    )
    yield Trouble(f"Scheduled stories are not being announced. {TELL}", details=shown)


def _webhooks(now: datetime) -> Iterator[Trouble]:
    failed = Delivery.objects.filter(state="failed", created_at__gt=now - LOOKED_BACK)
    count = failed.order_by()[: MOST + 1].count()
    if not count:
        return
    since = failed.aggregate(since=Min("created_at"))["since"]
    many = f"More than {MOST} webhooks have" if count > MOST else f"{counted(count, 'webhook has', 'webhooks have')}"
    url = reverse("admin:articles_delivery_changelist") + "?state__exact=failed"
    yield Trouble(f"{many} not arrived since {time_of(since)}.", url, "See which")


def _documents(user: Actor, now: datetime) -> Iterator[Trouble]:
    # What could not be rendered stays stale, so the index of stale documents finds it.
    failed = LiveDocument.objects.stale(now).exclude(failed="").filter(seen_by(user, "article__"))
    for document in failed.select_related("article")[:SHOWN]:
        url = reverse("admin:articles_article_publishing", args=[document.article_id])
        details = (document.failed[:300],) if user.is_superuser else ()
        yield Trouble(f"Readers can’t get “{document.headline}” as it is now. {TELL}", url, "Open the story", details)
