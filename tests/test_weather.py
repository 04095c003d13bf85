"""What happens to background work while the database or the disk is away: all of it is done in the end, once."""

import random
import signal
import subprocess
import sys
import time
from datetime import timedelta

import psycopg
import pytest
from django.core.management import call_command
from django.db import connection  # noqa: F401 (the conditions below name it)
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from articles.management import housekeeping, task_runner
from articles.models import AuditEntry
from media.files import imaging
from media.models import Photo, Rendition

from . import newsroom
from .own_house import ROOT, run
from .test_webhooks import Receiver
from .test_worker import LONG, start_worker

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def photo():
    made = newsroom.photo(slot=True)
    made.receive(newsroom.jpeg(700, 500), name="premiere.jpg")
    return made


@pytest.fixture
def receiver():
    made = Receiver()
    yield made
    made.server.shutdown()
    made.server.server_close()


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
    assert f"The web sizes of “{photo}” could not be made." in page
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


BURDEN = """
from tests import newsroom
from articles.models import Endpoint
Endpoint.objects.get_or_create(name="builder", defaults={"url": "%s"})
photo = newsroom.photo(slot=True)
photo.receive(newsroom.jpeg(700, 500, seed=%d), name="premiere.jpg")
newsroom.article(lead=photo).publish()
photo.supplier_image_id = "%d"
photo.save()
"""
# The waits are over, and so is the time after which a dead worker's work is taken up.
HURRY = """
from datetime import timedelta
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from articles.management import housekeeping
from articles.models import Delivery, Endpoint
now = timezone.now()
DBTaskResult.objects.filter(status="RUNNING").update(started_at=now - timedelta(hours=1))
housekeeping.take_up_stuck_tasks(now)
DBTaskResult.objects.filter(status="READY").exclude(task_path="media.tasks.sweep").update(run_after=now)
Endpoint.objects.update(paused_until=None)
Delivery.objects.filter(state="pending").update(due_at=now, claimed_until=None)
housekeeping.look_after_photos(now + timedelta(hours=2))
"""
LEFT = """
from collections import Counter
from pathlib import Path
from django.conf import settings
from django_tasks_db.models import DBTaskResult
from articles.models import Delivery
from media.models import Photo, Rendition
files = [str(path.relative_to(settings.MEDIA_ROOT)) for path in Path(settings.MEDIA_ROOT, "renditions").rglob("*.*")]
rows = list(Rendition.objects.values_list("file", flat=True))
announced = Counter(Delivery.objects.filter(event="article.published").values_list("article", flat=True))
print(
    len(Rendition.objects.unfinished(Photo.objects.all())), len(list(Rendition.objects.outdated(Photo.objects.all()))),
    len(set(rows) ^ set(files)) + len(rows) - len(set(rows)),
    Delivery.objects.exclude(state="delivered").count() + sum(announced.values()) - len(announced),
    DBTaskResult.objects.filter(status="RUNNING").count(),
)
"""
NEVER_FAILED = "from django_tasks_db.models import DBTaskResult; print(DBTaskResult.objects.failed().count())"


# A colleague’s transaction holds the only write lock from when the task has begun until a second after it has failed.
LOCKED = """
import logging, sqlite3, threading, time
from django.db import connection
from django_tasks_db.models import DBTaskResult
from articles.management.commands.worker import Worker
from media.models import Photo, Rendition
connection.settings_dict["OPTIONS"] = {**connection.settings_dict["OPTIONS"], "timeout": 0.2}
connection.close()
other = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None, check_same_thread=False)
failed, told = threading.Event(), logging.Handler()
told.emit = lambda record: failed.set()
logging.getLogger("articles.management.task_runner").addHandler(told)
logging.getLogger("articles.management.task_runner").setLevel("WARNING")
def hold():
    while not other.execute("SELECT 1 FROM django_tasks_database_dbtaskresult WHERE status = 'RUNNING'").fetchone():
        time.sleep(0.005)
    other.execute("BEGIN IMMEDIATE")
    failed.wait(60)
    time.sleep(1)
    other.execute("ROLLBACK")
colleague = threading.Thread(target=hold)
colleague.start()
Worker().task_runner(batch=True).run()
colleague.join()
met = DBTaskResult.objects.order_by("enqueued_at")
print(sorted((task.status, task.exception_class_path) for task in met if task.exception_class_path))
DBTaskResult.objects.filter(status="READY").exclude(task_path="media.tasks.sweep").update(run_after=met[0].enqueued_at)
Worker().task_runner(batch=True).run()
print(len(Rendition.objects.unfinished(Photo.objects.all())), DBTaskResult.objects.failed().count())
"""


def end_every_session(house):
    """End the sessions of this house’s database, as a restart does."""
    with psycopg.connect("dbname=postgres", autocommit=True) as server:
        server.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s",
            [house["DATABASE_URL"].rpartition("/")[2]],
        )


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="Only PostgreSQL has sessions to end.")
def test_sessions_that_end_anywhere_leave_nothing_undone_and_nothing_twice(own_house, receiver):
    house, chance = own_house | {"WEBHOOK_ALLOW_PRIVATE": "true"}, random.Random(5)
    worker = start_worker(house)
    try:
        for number in range(20 if LONG else 3):
            run(house, BURDEN % (receiver.url, number, number))
            time.sleep(chance.uniform(0, 2))
            end_every_session(house)
    finally:
        worker.send_signal(signal.SIGTERM)
        worker.wait(30)
    for _ in range(3):
        run(house, HURRY)
        subprocess.run([sys.executable, "manage.py", "worker", "--once"], env=house, cwd=ROOT, check=True)
    assert run(house, LEFT) == "0 0 0 0 0"
    assert run(house, NEVER_FAILED) == "0"
    assert len(receiver.requests) >= (20 if LONG else 3)


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="One writer at a time is a rule of SQLite.")
def test_task_that_meets_a_lock_is_run_again(own_house):
    run(own_house, BURDEN % ("https://builder.example.com/", 1, 1))
    first, then = run(own_house, LOCKED).splitlines()
    assert first == "[('READY', 'django.db.utils.OperationalError')]"
    assert then == "0 0"
