"""The front page: what waits for this colleague, and whether the system runs."""

from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from media.models import Photo, PhotoCredit
from media.permissions import Actor

from ..models import Article, Delivery, Edition, Heartbeat, LiveDocument, Task
from .failed_tasks import failed_tasks

SHOWN = 8
MOST = 999
SILENT_WORKER = timedelta(minutes=2)


def dashboard(user: Actor) -> dict:
    """Return what the front page shows this user: a handful of each, never a count of millions."""
    now = timezone.now()
    found: dict = {"now": now}
    if user.has_perm("articles.view_article"):
        found |= _stories(user, now)
    if user.has_perm("media.view_photo"):
        found |= _photos(now)
    if user.has_perm("media.change_photo"):
        found |= {"failed_tasks": failed_tasks(SHOWN)}
    if user.has_perm("articles.view_delivery"):
        found |= _machines(user, now)
    return found


def _stories(user: Actor, now: datetime) -> dict:
    stories = Article.objects.visible_to(user).select_related("section", "owner", "lead_photo")
    today = Edition.objects.standing().filter(live_from__gt=now, live_from__lte=now + timedelta(hours=24))
    coming = today.filter(article__in=Article.objects.visible_to(user)).select_related("article", "by")
    return {
        "drafts": stories.filter(owner=user.pk, stage="draft")[:SHOWN],
        "to_review": stories.filter(stage="in_review")[:SHOWN],
        "ready": stories.filter(stage="ready", editions__isnull=True)[:SHOWN],
        "coming": coming.order_by("live_from")[:SHOWN],
        "tasks": _tasks(user)[:SHOWN],
        "may_judge": user.has_perm("articles.edit_others_articles"),
        "may_add": user.has_perm("articles.add_article"),
    }


def _tasks(user: Actor) -> QuerySet[Task]:
    open_ones = Task.objects.filter(done_at__isnull=True, article__in=Article.objects.visible_to(user))
    mine = open_ones.filter(assignee=user.pk)
    desk = open_ones.filter(desk="photo") if user.has_perm("media.clear_photo") else open_ones.none()
    return (mine | desk).select_related("article", "by").order_by("at")


def _photos(now: datetime) -> dict:
    expiring = Photo.objects.expiring(now, now + timedelta(days=14)).prefetch_related("captions", "rights")
    to_confirm = Photo.objects.ready().to_confirm()
    return {
        "restrictions": to_confirm.prefetch_related("captions")[:SHOWN],
        "restrictions_count": to_confirm[: MOST + 1].count(),
        "restrictions_most": MOST,
        "credits": PhotoCredit.objects.to_check().filter(photos__isnull=False).distinct()[:SHOWN],
        "expiring": [{"photo": photo, "until": photo.changes_after(now)} for photo in expiring[:SHOWN]],
        "slots": Photo.objects.wanted().prefetch_related("captions")[:SHOWN],
        "sees_photos": True,
    }


def _machines(user: Actor, now: datetime) -> dict:
    beats = [{"beat": beat, "silent": beat.at < now - SILENT_WORKER} for beat in Heartbeat.objects.all()[:4]]
    # What could not be rendered stays stale, so the index of stale documents finds it.
    failed = LiveDocument.objects.stale(now).exclude(failed="").filter(article__in=Article.objects.visible_to(user))
    return {
        "beats": beats,
        "failed_deliveries": Delivery.objects.filter(state="failed").select_related("endpoint")[:SHOWN],
        "failed_documents": failed.select_related("article")[:SHOWN],
        "sees_machines": True,
    }
