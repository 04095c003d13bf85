"""The worker: what it does, and that nothing stays stuck wherever it dies."""

import contextlib
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from articles.live import announce
from articles.management import housekeeping
from articles.models import (
    ApiToken,
    Article,
    Delivery,
    Endpoint,
    Heartbeat,
    KeptAnswer,
    LiveDocument,
    Presence,
    TabAutosave,
)
from media.models import Right, Usage
from media.tasks import find_looks

from . import newsroom
from .own_house import ROOT, run

LONG = bool(os.environ.get("MARQUEE_LONG"))
pytestmark = pytest.mark.django_db


@pytest.fixture
def endpoint():
    return Endpoint.objects.create(name="builder", url="https://builder.example.com/")


def events():
    return list(Delivery.objects.filter(event__startswith="article.").order_by("pk").values_list("event", flat=True))


def test_window_that_begins_by_itself_is_announced_with_its_exact_instant(endpoint):
    photo, now = newsroom.photo(), timezone.now()
    instant = now + timedelta(hours=1)
    story = newsroom.article(lead=photo)
    story.publish(at=instant, ends=instant + timedelta(hours=1), now=now)
    assert announce.begin_due(instant - timedelta(seconds=1)) == 0
    assert announce.begin_due(instant + timedelta(seconds=90)) == 1
    assert announce.begin_due(instant + timedelta(seconds=90)) == 0
    delivery = Delivery.objects.get(event="article.published")
    assert delivery.payload["timestamp"] == instant.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    assert Usage.objects.get().live_from == instant
    announce.begin_due(instant + timedelta(hours=2))
    assert events() == ["article.published", "article.withdrawn"]
    assert Usage.objects.get().live_until == instant + timedelta(hours=1)


def test_two_windows_passed_in_its_absence_are_announced_in_order(endpoint):
    now = timezone.now()
    story = newsroom.article()
    story.publish(at=now + timedelta(minutes=1), now=now)
    story.headline = "Changed"
    story.publish(at=now + timedelta(minutes=2), now=now)
    announce.begin_due(now + timedelta(minutes=5))
    assert events() == ["article.published", "article.updated"]


def test_verb_after_a_window_nobody_announced_tells_both(endpoint):
    now = timezone.now()
    story = newsroom.article()
    story.publish(at=now + timedelta(minutes=1), now=now)
    story.withdraw(reason="test", now=now + timedelta(minutes=2))
    assert events() == ["article.published", "article.withdrawn"]


def test_cancelled_edition_is_never_announced(endpoint):
    now = timezone.now()
    story = newsroom.article()
    edition = story.publish(at=now + timedelta(minutes=1), now=now)
    story.cancel(edition, now=now)
    assert announce.begin_due(now + timedelta(minutes=5)) == 0
    assert events() == []


def test_passing_edge_of_a_right_is_told_as_refreshed(endpoint):
    photo, now = newsroom.photo(), timezone.now()
    Right.objects.create(photo=photo, effect="allow", until=now + timedelta(hours=1))
    story = newsroom.article(lead=photo)
    story.publish(now=now)
    edge = now + timedelta(hours=1)
    assert housekeeping.warm(lambda: edge + timedelta(seconds=3)) == 1
    assert events()[-1] == "article.refreshed"
    assert Usage.objects.get().live_until == edge


def test_days_counted_from_the_first_time_live_end_the_use():
    photo, now = newsroom.photo(), timezone.now()
    Right.objects.create(photo=photo, effect="allow", days=30, days_from="first_live")
    story = newsroom.article(lead=photo)
    story.publish(now=now)
    housekeeping.warm(lambda: now)
    document = LiveDocument.objects.get(article=story)
    assert document.refresh_at == now + timedelta(days=30)


def test_worker_warms_the_newest_first_and_passes_over_what_cannot_be_rendered(monkeypatch):
    old, new = newsroom.article("Old"), newsroom.article("New")
    old.publish()
    new.publish()
    LiveDocument.objects.filter(status=200).mark_stale(timezone.now())
    LiveDocument.objects.filter(article=new).update(failed="broken before")
    assert housekeeping.warm() == 2
    assert not LiveDocument.objects.stale(timezone.now()).exists()
    assert not LiveDocument.objects.exclude(failed="").exists()


def test_past_windows_are_deleted_once_they_are_announced():
    now = timezone.now()
    story = newsroom.article()
    story.publish(now=now, ends=now + timedelta(minutes=5))
    later = now + timedelta(minutes=10)
    assert housekeeping.delete_past_windows(later) == 0
    announce.begin_due(later)
    assert housekeeping.delete_past_windows(later) == 1
    assert [row.status for row in LiveDocument.objects.filter(article=story)] == [410]


def make_task(**fields):
    values = {"args_kwargs": {"args": [], "kwargs": {}}, "task_path": "media.tasks.sweep", "backend_name": "default"}
    return DBTaskResult.objects.create(run_after=timezone.now(), **values | fields)


def test_task_of_a_dead_worker_is_taken_up_again_and_given_up_the_third_time():
    long_ago = timezone.now() - timedelta(minutes=11)
    once = make_task(status=TaskResultStatus.RUNNING, started_at=long_ago, worker_ids=["a"])
    thrice = make_task(status=TaskResultStatus.RUNNING, started_at=long_ago, worker_ids=["a", "b", "c"])
    young = make_task(status=TaskResultStatus.RUNNING, started_at=timezone.now(), worker_ids=["a"])
    housekeeping.take_up_stuck_tasks(timezone.now())
    states = dict(DBTaskResult.objects.values_list("pk", "status"))
    assert states[once.pk] == TaskResultStatus.READY
    assert states[thrice.pk] == TaskResultStatus.FAILED
    assert states[young.pk] == TaskResultStatus.RUNNING


def test_regular_job_runs_once_however_many_workers_ask():
    now, ran = timezone.now(), []
    day = timedelta(days=1)
    assert housekeeping.once("digest", day, now, ran.append)
    assert not housekeeping.once("digest", day, now + timedelta(hours=1), ran.append)
    assert housekeeping.once("digest", day, now + timedelta(hours=25), ran.append)
    assert len(ran) == 2


@pytest.mark.django_db(transaction=True)
def test_once_does_everything_that_is_due(endpoint):
    now = timezone.now()
    story = newsroom.article(lead=newsroom.photo())
    story.publish(now=now)
    LiveDocument.objects.filter(article=story).mark_stale(now)
    call_command("worker", "--once")
    assert not LiveDocument.objects.stale(timezone.now()).exists()
    assert not DBTaskResult.objects.ready().exists()
    assert DBTaskResult.objects.filter(task_path=find_looks.module_path, status=TaskResultStatus.SUCCESSFUL).exists()
    assert Delivery.objects.get(event="article.published").tries == 1
    assert Heartbeat.objects.filter(name__startswith="worker ").exists()


# Processes


def start_worker(env):
    return subprocess.Popen([sys.executable, "manage.py", "worker"], env=env, cwd=ROOT, stdout=subprocess.DEVNULL)


def until(question, seconds=60):
    """Ask until the answer is yes; fail after so many seconds."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if answer := question():
            return answer
        time.sleep(0.1)
    raise AssertionError("it never happened")


SCHEDULED = """
from datetime import timedelta
from django.utils import timezone
from tests import newsroom
from articles.models import Endpoint
Endpoint.objects.get_or_create(name="builder", defaults={"url": "https://builder.example.com/", "events": ["article.published"]})
now = timezone.now()
for number in range(5):
    newsroom.article().publish(at=now + timedelta(seconds=6), now=now)
"""
LATE = """
import json
from datetime import datetime
from articles.models import Delivery
rows = Delivery.objects.filter(event="article.published", tries__gt=0)
print(json.dumps([(datetime.fromisoformat(row.log[0]["at"]) - row.created_at).total_seconds() for row in rows]))
"""


def test_two_running_workers_announce_within_two_seconds_each_window_once(own_house):
    workers = [start_worker(own_house) for _ in range(2)]
    try:
        until(
            lambda: (
                run(
                    own_house,
                    "from articles.models import Heartbeat; print(Heartbeat.objects.filter(name__startswith='worker').count())",
                )
                == "2"
            )
        )
        run(own_house, SCHEDULED)
        late = until(lambda: (found := json.loads(run(own_house, LATE))) and len(found) >= 5 and found)
        assert len(late) == 5
        assert max(late) < 2
    finally:
        for worker in workers:
            worker.send_signal(signal.SIGTERM)
        assert [worker.wait(30) for worker in workers] == [0, 0]


# One warm process forks a publisher for every line it is given, so that twenty deaths need no twenty starts.
PUBLISHERS = """
import django; django.setup()
import os, sys, time
from articles.models import Article
from tests import newsroom
for line in sys.stdin:
    if child := os.fork():
        os.waitpid(child, 0)
        continue
    article = Article.objects.filter(slug="loop").first() or newsroom.article("Loop", slug="loop", standfirst="Loop")
    told = False
    while True:
        article.headline = article.standfirst = f"Loop {time.time_ns()}"
        article.publish()
        told = told or print(os.getpid(), flush=True) or True
"""
POLL = """
import django; django.setup()
import json, sys
from django.db import connection
from django.utils import timezone
from articles.live import refresh
from articles.models import LiveDocument
seen = 0
for line in sys.stdin:
    now = timezone.now()
    row = LiveDocument.objects.live(now).filter(slug="loop").select_related("bytes", "edition").first()
    assert row is not None or not seen, "no document"
    if row is not None:
        found, card = json.loads(row.bytes.document_json), json.loads(row.bytes.card)
        assert found["headline"] == found["standfirst"] == card["headline"] == row.headline, "a mixture"
        assert row.edition.number == found["edition"] >= seen, "an older edition came back"
        seen = found["edition"]
    print(seen, flush=True)
"""


def start(code, env):
    pipe = subprocess.PIPE
    return subprocess.Popen(
        [sys.executable, "-c", code], env=env, cwd=ROOT, stdin=pipe, stdout=pipe, stderr=pipe, text=True,
        start_new_session=True,
    )  # fmt: skip


def ask(process) -> int:
    """Give a process a line and return the number it answers; where it died, say of what."""
    process.stdin.write("\n")
    process.stdin.flush()
    answer = process.stdout.readline()
    assert answer, process.stderr.read()[-3000:]
    return int(answer)


def test_killed_publisher_leaves_readers_the_old_or_the_new_document_whole(own_house):
    chance, rounds = random.Random(7), 200 if LONG else 20
    reader, publishers = start(POLL, own_house), start(PUBLISHERS, own_house)
    editions = set()
    try:
        for _ in range(rounds):
            publisher = ask(publishers)
            end = time.monotonic() + chance.uniform(0, 0.5)
            while time.monotonic() < end:
                editions.add(ask(reader))
            os.kill(publisher, signal.SIGKILL)
            editions.add(ask(reader))
        for process in (reader, publishers):
            process.stdin.close()
            assert process.wait() == 0, process.stderr.read()
    finally:
        # A publisher that nobody killed would publish for ever.
        for process in (reader, publishers):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
    assert len(editions) > rounds
    if own_house["DATABASE_URL"].startswith("sqlite"):
        path = own_house["DATABASE_URL"].removeprefix("sqlite:///")
        assert sqlite3.connect(path).execute("PRAGMA integrity_check").fetchone() == ("ok",)
    run(
        own_house,
        "from articles.models import Article; story = Article.objects.get(slug='loop'); story.headline = 'Goes on';"
        "story.publish(); assert story.live_edition().version.content['headline'] == 'Goes on'",
    )


BURDEN = """
from django.utils import timezone
from tests import newsroom
from articles.models import Article, Endpoint, LiveDocument
from media.models import Photo
Endpoint.objects.get_or_create(name="builder", defaults={"url": "https://builder.example.com/", "events": ["article.published"]})
photo = newsroom.photo(seed=1)
story = newsroom.article(lead=photo)
story.publish()
photo.leave_renditions_to_a_worker()
LiveDocument.objects.filter(status=200).mark_stale(timezone.now())
"""
STUCK = """
from datetime import timedelta
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from articles.models import *
now = timezone.now() + timedelta(minutes=10)
from articles.management import housekeeping as tasks
tasks.take_up_stuck_tasks(now + timedelta(minutes=1))
print(LiveDocument.objects.stale(timezone.now()).count(), DBTaskResult.objects.running().count(),
    Delivery.objects.filter(state="pending", claimed_until__gt=timezone.now() + timedelta(seconds=31)).count())
"""


def test_worker_killed_anywhere_leaves_nothing_stuck(own_house):
    chance = random.Random(11)
    for _ in range(10 if LONG else 2):
        run(own_house, BURDEN)
        worker = start_worker(own_house)
        time.sleep(2 + chance.uniform(0, 2))
        worker.send_signal(signal.SIGKILL)
        worker.wait()
    run(own_house, STUCK)
    subprocess.run([sys.executable, "manage.py", "worker", "--once"], env=own_house, cwd=ROOT, check=True)
    assert run(own_house, STUCK) == "0 0 0"


def test_sweep_deletes_what_is_over_and_keeps_what_somebody_may_still_ask_for(editor):
    now = timezone.now()
    old, young = newsroom.article("Old"), newsroom.article("Young")
    token, _ = ApiToken.objects.issue(editor, name="wire", by=editor)
    for story, days in ((old, 31), (young, 31), (old, 1)):
        colleague = get_user_model().objects.create_user(f"{story.headline} {days}")
        TabAutosave.keep(story, colleague, {}, 1, now - timedelta(days=days))
        Presence.beat(story, colleague, "tab", now - timedelta(days=days))
        KeptAnswer.objects.create(token=token, key=str(colleague), at=now - timedelta(hours=days))
    Article.objects.filter(pk=old.pk).update(saved_at=now - timedelta(days=31))
    make_task(status=TaskResultStatus.SUCCESSFUL, finished_at=now - timedelta(days=8))
    make_task(status=TaskResultStatus.FAILED, finished_at=now - timedelta(days=6))
    housekeeping.sweep(now)
    assert sorted(str(row.user) for row in TabAutosave.objects.all()) == ["Old 1", "Young 31"]
    assert [str(row.user) for row in Presence.objects.all()] == ["Old 1"]
    assert [row.key for row in KeptAnswer.objects.all()] == ["Old 1"]
    assert [row.status for row in DBTaskResult.objects.finished()] == [TaskResultStatus.FAILED]


def test_sweep_deletes_a_bounded_number_the_oldest_first(editor):
    now = timezone.now()
    token, _ = ApiToken.objects.issue(editor, name="wire", by=editor)
    for days in range(2, 7):
        KeptAnswer.objects.create(token=token, key=str(days), at=now - timedelta(days=days))
    assert housekeeping.delete_oldest(KeptAnswer.objects.all(), "at", now - timedelta(days=1), most=3) == 3
    assert sorted(KeptAnswer.objects.values_list("key", flat=True)) == ["2", "3"]
