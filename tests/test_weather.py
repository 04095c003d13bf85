"""What happens to background work while the database or the disk is away: all of it is done in the end, once."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from articles.management import housekeeping, task_runner
from articles.models import AuditEntry
from media.files import imaging
from media.models import Photo, Rendition

from . import newsroom

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def photo():
    made = newsroom.photo(slot=True)
    made.receive(newsroom.jpeg(700, 500), name="premiere.jpg")
    return made


def run_everything(rounds=10):
    """Run the worker as often as tasks that were put off need, without their waits."""
    for _ in range(rounds):
        DBTaskResult.objects.filter(status=TaskResultStatus.READY, priority__gt=-20).update(run_after=timezone.now())
        call_command("worker", "--once")


def whole(photo):
    return not Rendition.objects.unfinished(Photo.objects.filter(pk=photo.pk))


def test_task_that_cannot_read_its_file_is_run_again_and_then_given_up(photo, settings):
    path = settings.MEDIA_ROOT / photo.file.name
    away = path.rename(path.with_suffix(".away"))
    call_command("worker", "--once")
    task = DBTaskResult.objects.get(task_path="media.tasks.make_renditions")
    assert task.status == TaskResultStatus.READY
    assert timedelta(0) < task.run_after - timezone.now() < timedelta(seconds=6)
    away.rename(path)
    run_everything(2)
    assert whole(photo)
    path.rename(away)
    photo.focal_x = 0.3
    photo.save()
    run_everything(len(task_runner.WAITS) + 1)
    task = DBTaskResult.objects.get(task_path="media.tasks.make_renditions", status=TaskResultStatus.FAILED)
    assert len(task.worker_ids) == len(task_runner.WAITS) + 1
    assert "FileNotFoundError" in task.exception_class_path


def test_task_that_fails_of_itself_is_not_run_again(photo):
    DBTaskResult.objects.update(args_kwargs={"args": ["no photo"], "kwargs": {}})
    call_command("worker", "--once")
    assert DBTaskResult.objects.failed().filter(task_path="media.tasks.make_renditions").count() == 1


def test_given_up_work_stands_on_the_front_page_and_can_be_tried_again(photo, client, editor, outsider):
    DBTaskResult.objects.filter(task_path="media.tasks.make_renditions").update(
        status=TaskResultStatus.FAILED, finished_at=timezone.now(), worker_ids=["a"] * 6
    )
    task = DBTaskResult.objects.failed().first()
    again = f"/admin/django_tasks_database/dbtaskresult/{task.pk}/again/"
    client.force_login(outsider)
    assert "Try again" not in client.get("/admin/").text
    assert client.post(again).status_code == 403
    client.force_login(editor)
    assert client.get(again).status_code == 405
    page = client.get("/admin/").text
    assert f"The sizes of “{photo}” were not made." in page
    assert "media.tasks" not in page
    assert again in page
    client.post(again)
    call_command("worker", "--once")
    task.refresh_from_db()
    assert (task.status, len(task.worker_ids)) == (TaskResultStatus.SUCCESSFUL, 1)
    assert AuditEntry.objects.get(verb="task.repeated").by == editor


def test_sweep_makes_what_a_lost_task_left_undone_and_then_rests(photo):
    now = timezone.now()
    assert not whole(photo)
    assert housekeeping.look_after_photos(now) == 0, "its task still waits"
    DBTaskResult.objects.all().delete()
    assert housekeeping.look_after_photos(now) == 1
    run_everything(1)
    assert whole(photo)
    assert {row.format for row in photo.renditions.all()} == set(imaging.FORMATS)
    assert housekeeping.look_after_photos(now + timedelta(days=1)) == 0
    photo.renditions.filter(format="webp").first().delete()
    assert housekeeping.look_after_photos(now + timedelta(days=1)) == 1


def test_sweep_writes_a_credit_that_a_lost_task_left_unwritten(photo):
    run_everything(1)
    photo.supplier_image_id = "1538441300"
    photo.save()
    DBTaskResult.objects.all().delete()
    assert housekeeping.look_after_photos(timezone.now()) == 1
    call_command("worker", "--once")
    assert housekeeping.look_after_photos(timezone.now()) == 0


def test_sweep_comes_to_every_photo_however_old(photo, monkeypatch):
    monkeypatch.setattr(housekeeping, "PHOTOS_AT_ONCE", 1)
    for seed in range(3):
        newsroom.photo(seed=seed)
    DBTaskResult.objects.all().delete()
    for minutes in range(1, 6):
        housekeeping.sweep(timezone.now() + timedelta(minutes=minutes))
    queued = DBTaskResult.objects.filter(task_path="media.tasks.make_renditions")
    assert str(photo.pk) in [task.args_kwargs["args"][0] for task in queued]
