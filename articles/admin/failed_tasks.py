"""Background work that was given up, in words an editor understands, with a button to try it again."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.decorators.http import require_POST
from django_tasks import TaskResultStatus
from django_tasks_db.admin import DBTaskResultAdmin
from django_tasks_db.models import DBTaskResult

from media import tasks
from media.models import Photo
from media.permissions import require

from ..models import AuditEntry
from .requests import StaffRequest

# What each task was to do, about one photo or about none by name.
WORDS = {
    tasks.make_renditions.module_path: "The web sizes of “{photo}” could not be made.",
    tasks.make_avif.module_path: "The smallest files of “{photo}” could not be made.",
    tasks.relabel.module_path: "A changed credit could not be written into the picture files.",
    tasks.sweep.module_path: "Old files of “{photo}” could not be deleted.",
    tasks.discard.module_path: "Files of deleted or replaced photos could not be deleted.",
}
OTHER = "Work in the background could not be finished."


def failed_tasks(most: int) -> list[dict[str, Any]]:
    """Return the newest work that was given up: its row, and what was not done."""
    rows = list(DBTaskResult.objects.failed().order_by("-finished_at")[:most])
    named = {row.pk: key for row in rows for key in _photo_of(row)}
    photos = {
        str(photo.pk): photo for photo in Photo.objects.filter(pk__in=named.values()).prefetch_related("captions")
    }
    return [{"task": row, "words": in_words(row, photos.get(named.get(row.pk, "")))} for row in rows]


def in_words(task: DBTaskResult, photo: Photo | None) -> str:
    """Return the sentence that says what was not done."""
    return WORDS.get(task.task_path, OTHER).format(photo=photo or "a deleted photo")


def _photo_of(task: DBTaskResult) -> Iterator[str]:
    """Yield the id of the photo the task is about, if it is about one."""
    if "{photo}" in WORDS.get(task.task_path, "") and task.args_kwargs["args"]:
        try:
            yield str(UUID(task.args_kwargs["args"][0]))
        except (ValueError, AttributeError, TypeError):
            return


admin.site.unregister(DBTaskResult)


@admin.register(DBTaskResult)
class TaskAdmin(DBTaskResultAdmin):
    """The queue's own read-only list for administrators, and the door of “Try again” for the photo desk."""

    def get_urls(self) -> list[URLPattern]:
        view = require_POST(self.admin_site.admin_view(self.again))
        return [path("<uuid:pk>/again/", view, name="articles_task_again"), *super().get_urls()]

    def again(self, request: StaffRequest, pk: UUID) -> HttpResponse:
        """Queue failed work once more. Whoever was second finds it queued already."""
        require(request.user, "media.change_photo", to="try failed work again")
        now = timezone.now()
        with transaction.atomic():
            failed = DBTaskResult.objects.failed().filter(pk=pk)
            if failed.update(status=TaskResultStatus.READY, run_after=now, finished_at=None, worker_ids=[]):
                AuditEntry.record("task.repeated", at=now, by=request.user)
        messages.success(request, "Trying again. If it fails once more, it is listed here.")
        return HttpResponseRedirect(reverse("admin:index"))
