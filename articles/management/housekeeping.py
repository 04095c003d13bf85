"""What the worker does beside announcing: warm documents, re-queue tasks of dead workers, delete what is over."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from media import tasks as photo_tasks
from media.models import Photo
from media.photos import finding as finding_photos
from media.words.dictionary import Dictionary

from ..access import known_address, login_failure, sent_form
from ..access.token import KEPT_FOR
from ..live import directory_pages, spelling
from ..live.refresh import refreshed
from ..models import (
    Article,
    Autosave,
    Delivery,
    Endpoint,
    Heartbeat,
    KeptAnswer,
    KnownAddress,
    LiveDocument,
    LoginFailure,
    Presence,
    PreviewFrame,
    PreviewLink,
    SentForm,
    TabAutosave,
)
from ..stories import finding

log = logging.getLogger(__name__)

WARMED_AT_ONCE = 200
PHOTOS_AT_ONCE = 100
ROUNDS_OF_READING = 10
LOOK_AT_PHOTOS_EVERY = timedelta(minutes=1)
RUNNING_AT_MOST = timedelta(minutes=10)
MOST_RUNS = 3
KEEP_DELIVERIES = timedelta(days=30)
KEEP_TASKS = timedelta(days=7)
KEEP_AUTOSAVES = timedelta(days=30)
DELETED_AT_ONCE = 1000
DEAD_AFTER = timedelta(days=1)
# A worker reports every few seconds. The living ones forget a silent one, so that a killed worker does not alarm for long.
FORGOTTEN_AFTER = timedelta(minutes=5)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
# A window stays a little while after its end, for readers who hold its key.
KEEP_PAST = timedelta(minutes=1)
PAUSE_AFTER_FAILURE = 60


# Warming


def warm(clock: Callable[[], datetime] = timezone.now, most: int = WARMED_AT_ONCE) -> int:
    """Render stale documents before a reader has to wait for them, the newest first; return how many.

    What failed before is tried again once a minute, after all others.
    """
    stale = LiveDocument.objects.stale(clock()).order_by("-published_at", "-pk").values_list("pk", "failed")
    rows = [*stale.filter(failed="")[:most], *stale.exclude(failed="")[:most]]
    return sum(_warmed(key, failed, clock) for key, failed in rows)


def _warmed(key: int, failed: str, clock: Callable[[], datetime]) -> bool:
    if failed and not cache.add(f"marquee:render-failed:{key}", 1, PAUSE_AFTER_FAILURE):
        return False
    return refreshed(key, clock())


# Sweeping


def sweep(now: datetime) -> None:
    """Do everything that need not be exact to the second. Several workers may do it at once."""
    take_up_stuck_tasks(now)
    once("photos", LOOK_AT_PHOTOS_EVERY, now, look_after_photos)
    delete_past_windows(now)
    delete_what_is_over(now)
    Heartbeat.objects.filter(name__startswith="worker ", at__lt=now - FORGOTTEN_AFTER).delete()
    read_stories(now)
    read_photos(now)
    once("sweep logins", HOUR, now, sweep_logins)
    once("seal", HOUR, now, seal)
    once("words", HOUR, now, sweep_words)
    once("words of photos", HOUR, now, sweep_photo_words)
    once("directory pages", DAY, now, directory_pages.catch_up)
    once("looks", DAY, now, lambda _: photo_tasks.find_looks.enqueue())


def read_stories(now: datetime) -> None:
    """Read what the newsroom's search has not read yet, most at once after an upgrade."""
    once("stories", HOUR, now, lambda _: finding.catch_up(Article.objects.all()))
    for _ in range(ROUNDS_OF_READING):
        if not finding.read_some(Article.objects.all()):
            return


def read_photos(now: datetime) -> None:
    """Read what the photo desk's search has not read yet."""
    once("photo words", HOUR, now, lambda _: finding_photos.catch_up(Photo.objects.all()))
    for _ in range(ROUNDS_OF_READING):
        if not finding_photos.read_some(Photo.objects):
            return


def sweep_logins(now: datetime) -> None:
    """Delete counted tries, places, sessions and frames that are over."""
    LoginFailure.objects.filter(at__lt=now - login_failure.KEPT).delete()
    KnownAddress.objects.filter(at__lt=now - known_address.KEPT).delete()
    Session.objects.filter(expire_date__lt=now).delete()
    PreviewFrame.objects.filter(expires_at__lt=now).delete()


def seal(now: datetime) -> None:
    """Keep nothing in clear that opens or signs something. By the worker, since it starts last after an upgrade."""
    PreviewLink.objects.seal()
    Endpoint.objects.seal()


def sweep_words(now: datetime) -> None:
    """Forget words for corrections that no story has any more, the next part of all; where it stopped is in the job's row."""
    _sweep(spelling.KNOWN, "job words")


def sweep_photo_words(now: datetime) -> None:
    """Forget words for corrections that no photo has any more, as for stories."""
    _sweep(finding_photos.KNOWN, "job words of photos")


def _sweep(known: Dictionary, job: str) -> None:
    done = Heartbeat.objects.filter(name=job)
    reached = done.values_list("doing", flat=True).first()
    done.update(doing=str(known.sweep(int(reached or 0)) or ""))


def look_after_photos(now: datetime) -> int:
    """Queue again what a lost task left undone, of the newest photos and of the next part of all others.

    Where the last round stopped stands in the job's own row, so that a restart does not begin anew.
    """
    ready = Photo.objects.ready().order_by("-pk")
    done = Heartbeat.objects.filter(name="job photos")
    reached = done.values_list("doing", flat=True).first()
    newest = list(ready.values_list("pk", flat=True)[:PHOTOS_AT_ONCE])
    older = ready.filter(pk__lt=UUID(reached)) if reached else ready
    part = list(older.values_list("pk", flat=True)[:PHOTOS_AT_ONCE])
    done.update(doing=str(part[-1]) if len(part) == PHOTOS_AT_ONCE else "")
    return photo_tasks.look_after(Photo.objects.filter(pk__in={*newest, *part}), now)


@transaction.atomic
def take_up_stuck_tasks(now: datetime) -> int:
    """Re-queue tasks whose worker died while running them; what killed three workers is given up."""
    running = DBTaskResult.objects.running().filter(started_at__lt=now - RUNNING_AT_MOST)
    stuck = list(running.select_for_update(skip_locked=True))
    for task in stuck:
        if len(task.worker_ids) < MOST_RUNS:
            task.status = TaskResultStatus.READY
            task.save(update_fields=["status"])
        else:
            log.error("Task %s (%s) was given up: it never ended.", task.pk, task.task_path)
            task.set_failed(RuntimeError(f"It was begun {MOST_RUNS} times and never ended."))
    return len(stuck)


def delete_past_windows(now: datetime, most: int = 1000) -> int:
    """Delete documents whose window is over and announced, as what came after it is; editions and the ledger keep the history."""
    untold = LiveDocument.objects.unannounced(now).values("article")
    over = LiveDocument.objects.past(now - KEEP_PAST).filter(announces="").exclude(article__in=untold)
    past = over.order_by("live_until")
    keys = list(past.values_list("pk", flat=True)[:most])
    with transaction.atomic():
        LiveDocument.objects.filter(pk__in=keys).delete()
    return len(keys)


def delete_what_is_over(now: datetime) -> None:
    """Delete rows that nobody asks for any more, the oldest first and a bounded number of each in one round.

    Deliveries still to be sent stay, and so does what an editor typed without saving: it goes once neither they nor
    anybody else has worked on the story for thirty days.
    """
    delete_oldest(Delivery.objects.exclude(state=Delivery.State.PENDING), "created_at", now - KEEP_DELIVERIES)
    delete_oldest(DBTaskResult.objects.finished(), "finished_at", now - KEEP_TASKS)
    delete_oldest(Presence.objects.all(), "seen_at", now - DEAD_AFTER)
    delete_oldest(KeptAnswer.objects.all(), "at", now - KEPT_FOR)
    delete_oldest(SentForm.objects.all(), "at", now - sent_form.KEPT_FOR)
    for kept in (TabAutosave, Autosave):
        untouched = kept.objects.filter(article__saved_at__lt=now - KEEP_AUTOSAVES)
        delete_oldest(untouched, "at", now - KEEP_AUTOSAVES)


def delete_oldest(rows: QuerySet[Any], field: str, before: datetime, most: int = DELETED_AT_ONCE) -> int:
    """Delete the oldest of these rows from before an instant, at most so many; return how many."""
    keys = list(rows.filter(**{f"{field}__lt": before}).order_by(field).values_list("pk", flat=True)[:most])
    if keys:
        rows.model._default_manager.filter(pk__in=keys).delete()
    return len(keys)


# Once a day, once an hour


def once(name: str, every: timedelta, now: datetime, job: Callable[[datetime], object]) -> bool:
    """Run a job unless some worker did within this span; return whether it ran here."""
    row, created = Heartbeat.objects.get_or_create(name=f"job {name}", defaults={"at": now})
    due = Heartbeat.objects.filter(pk=row.pk, at__lte=now - every)
    if not created and not due.update(at=now):
        return False
    job(now)
    return True
