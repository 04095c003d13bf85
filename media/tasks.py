"""The photo desk's background tasks. Every task can run twice: what is done already is left alone."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q
from django.utils import timezone
from django_tasks import TaskResultStatus, task
from django_tasks_db.models import DBTaskResult

from .errands import IDLE
from .photos.photo import Photo, PhotoQuerySet
from .photos.rendition import FIRST, Rendition, delete_file

# Front ends keep a document for minutes and a file for a day; an old version is swept when nobody can ask for it.
KEEP_SUPERSEDED = timedelta(days=2)
RELABELLED_AT_ONCE = 200
LEFT_ALONE = timedelta(hours=1)
LOOKED_AT_ONCE = 200


@task(priority=10)
def make_renditions(photo: str) -> None:
    """Make what readers are offered at once, then every crop and width as JPEG and WebP; leave AVIF to a later turn."""
    row = Photo.objects.ready().filter(pk=photo).first()
    if row is not None:
        if row.delivered.get("version") != row.version:
            row.make_renditions(**FIRST)
        row.make_renditions(formats=("jpg", "webp"))
        make_avif.enqueue(photo)
        sweep.using(run_after=timezone.now() + KEEP_SUPERSEDED).enqueue(photo)


@task(priority=IDLE)
def make_avif(photo: str) -> None:
    row = Photo.objects.ready().filter(pk=photo).first()
    if row is not None:
        row.make_renditions(formats=("avif",))


@task(priority=5)
def relabel(scope: dict) -> int:
    """Write the present credit into every file of the photos this filter names; return how many files changed.

    Many photos are shared out over tasks of their own, so that several workers write and a made picture need not wait.
    """
    photos = [str(key) for key in Photo.objects.filter(**scope).values_list("pk", flat=True).distinct()]
    if len(photos) <= RELABELLED_AT_ONCE:
        return Rendition.objects.relabel(Photo.objects.filter(pk__in=photos))
    for start in range(0, len(photos), RELABELLED_AT_ONCE):
        relabel.enqueue({"pk__in": photos[start : start + RELABELLED_AT_ONCE]})
    return 0


@task(priority=-20)
def sweep(photo: str) -> int:
    """Delete the files of a photo's earlier versions, those too that an earlier run did not come to."""
    swept = Rendition.objects.filter(photo=photo).replaced().sweep()
    return swept + Rendition.objects.sweep_strays(UUID(photo), timezone.now() - KEEP_SUPERSEDED)


@task(priority=-20)
def find_looks(after: str = "") -> int:
    """Find out how the next photos look that came before that was kept, then leave the rest to a later turn."""
    unseen = Photo.objects.unseen().order_by("pk")
    part = list((unseen.filter(pk__gt=UUID(after)) if after else unseen)[:LOOKED_AT_ONCE])
    for photo in part:
        photo.find_looks()
    if len(part) == LOOKED_AT_ONCE:
        find_looks.enqueue(str(part[-1].pk))
    return len(part)


@task(priority=-20)
def discard(names: list[str]) -> None:
    """Delete files that could not be deleted in their turn; one that is in use again by now stays."""
    used = {
        name
        for model in (Photo, Rendition)
        for name in model.objects.filter(file__in=names).values_list("file", flat=True)
    }
    for name in names:
        if name not in used:
            delete_file(name)


# What a task did not come to


def look_after(photos: PhotoQuerySet, now: datetime) -> int:
    """Queue again what these photos lack: files that were never made, a credit that was never written. Return how many.

    Nothing of which a task waits, runs or ended lately: what fails again and again is not queued again and again.
    """
    waiting = Q(status__in=[TaskResultStatus.READY, TaskResultStatus.RUNNING])
    queued = DBTaskResult.objects.filter(waiting | Q(finished_at__gt=now - LEFT_ALONE))
    lacking = {str(photo.pk) for photo in Rendition.objects.unfinished(photos)}
    if lacking:
        of_files = Q(task_path__in=[make_renditions.module_path, make_avif.module_path])
        lacking -= {args["args"][0] for args in queued.filter(of_files).values_list("args_kwargs", flat=True)}
        DBTaskResult.objects.failed().filter(of_files, args_kwargs__args__0__in=sorted(lacking)).delete()
    for photo in sorted(lacking):
        make_renditions.enqueue(photo)
    outdated = [str(photo.pk) for photo, _ in Rendition.objects.outdated(photos)]
    of_labels = queued.filter(waiting | Q(status=TaskResultStatus.FAILED), task_path=relabel.module_path)
    if outdated and not of_labels.exists():
        relabel.enqueue({"pk__in": outdated})
    return len(lacking) + len(outdated)
