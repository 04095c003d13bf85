"""What an operator sees: figures for Prometheus and log lines for a collector."""

import json
import logging
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone
from django.utils.module_loading import import_string
from prometheus_client.parser import text_string_to_metric_families

from articles.models import BestBefore, Delivery, Endpoint, Heartbeat, LiveDocument
from cms import serving
from cms.log_lines import JsonFormatter
from media import tasks

from . import newsroom
from .own_house import ROOT

pytestmark = pytest.mark.django_db
PORT = 8954
BEARER = {"authorization": "Bearer a token of the tests"}


@pytest.fixture
def figures(client, settings):
    """Ask for the figures, as {name with labels: value}, labels in the order of their names."""
    settings.METRICS_TOKEN = "a token of the tests"
    return lambda: parsed(client.get("/metrics", headers=BEARER).content.decode())


def parsed(text: str) -> dict:
    return {
        (sample.name, *(value for _, value in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_figures_are_for_who_has_the_token(client, settings):
    assert client.get("/metrics").status_code == 404
    settings.METRICS_TOKEN = "a token of the tests"
    for headers in ({}, {"authorization": "Bearer wrong"}, {"authorization": "a token of the tests"}):
        answer = client.get("/metrics", headers=headers)
        assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")
    answer = client.get("/metrics", headers=BEARER)
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/plain; version=")
    assert answer["Cache-Control"] == "no-store"


def test_quiet_house_waits_for_nothing(figures):
    found = figures()
    assert {name[0] for name, value in found.items() if value} == set()
    assert ("marquee_stale_documents",) in found


def test_stale_and_failed_documents_are_counted_with_the_age_of_the_oldest(figures):
    newsroom.article().publish()
    now = timezone.now()
    LiveDocument.objects.update(failed="KeyError: ‘lead’")
    BestBefore.objects.update(refresh_at=now - timedelta(seconds=90))
    found = figures()
    assert found["marquee_stale_documents",] == found["marquee_failed_documents",] == 1
    assert 90 <= found["marquee_stale_documents_age_seconds",] < 300


def test_story_whose_instant_came_without_a_worker_is_due(figures):
    now = timezone.now()
    newsroom.article().publish(at=now - timedelta(seconds=1), now=now - timedelta(minutes=1))
    found = figures()
    assert found["marquee_due_documents",] == 1
    assert found["marquee_due_documents_age_seconds",] >= 1


def test_queue_is_told_by_state_and_age(figures):
    for _ in range(3):
        tasks.sweep.enqueue("00000000-0000-0000-0000-000000000000")
    found = figures()
    assert found["marquee_tasks", "ready"] == 3
    assert found["marquee_ready_task_age_seconds",] > 0


def test_failing_receivers_are_told(figures):
    now = timezone.now()
    endpoint = Endpoint.objects.create(name="builder", url="https://builder.example.com/", failing_since=now)
    newsroom.article().publish()
    Delivery.objects.filter(pk=Delivery.objects.first().pk).update(due_at=now - timedelta(minutes=2))
    found = figures()
    assert found["marquee_failing_endpoints",] == 1
    assert found["marquee_due_deliveries_age_seconds",] >= 120
    Delivery.objects.update(state=Delivery.State.FAILED)
    endpoint.switch_off(reason="it never answers", now=now)
    found = figures()
    assert (found["marquee_failed_deliveries",], found["marquee_due_deliveries",]) == (Delivery.objects.count(), 0)
    assert found["marquee_disabled_endpoints",] == 1


def test_silent_worker_is_seen_by_its_age(figures):
    Heartbeat.objects.create(name="worker desk-1 77", at=timezone.now() - timedelta(minutes=5))
    Heartbeat.objects.create(name="job digest", at=timezone.now())
    found = figures()
    assert found["marquee_worker_heartbeat_age_seconds", "desk-1 77"] >= 300
    assert not [name for name in found if "digest" in name]


@pytest.fixture
def server(own_house, tmp_path):
    """A real server with two worker processes, its log lines as JSON."""
    env = own_house | {"METRICS_TOKEN": "a token of the tests", "LOG_FORMAT": "json", "LOG_LEVEL": "INFO"}
    with open(tmp_path / "log", "w") as log:
        web = subprocess.Popen(
            [sys.executable, *serving.command(host="127.0.0.1", port=PORT)], cwd=ROOT, env=env, stderr=log
        )  # fmt: skip
    deadline = time.monotonic() + 60
    while ask("/healthz")[0] != 200 and time.monotonic() < deadline:
        time.sleep(0.2)
    yield lambda: (tmp_path / "log").read_text().splitlines()
    web.send_signal(signal.SIGTERM)
    web.wait()


def ask(path: str, **headers) -> tuple[int, str]:
    request = urllib.request.Request(f"http://127.0.0.1:{PORT}{path}", headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, ""
    except OSError:
        return 0, ""


def test_processes_count_together_and_log_as_json(server):
    for number in range(30):
        assert ask("/api/v1/articles/")[0] == 200
        assert ask(f"/api/v1/articles/nowhere-{number}/", **{"X-Request-ID": f"request-{number:04}"})[0] == 404
    found = parsed(ask("/metrics", Authorization="Bearer a token of the tests")[1])
    assert found["marquee_requests_total", "GET", "articles", "200"] == 30
    assert found["marquee_requests_total", "GET", "article", "404"] == 30
    assert found["marquee_request_seconds_count", "articles"] == 30
    assert not [name for name in found if "nowhere" in str(name)], "what readers type is no label"
    lines = [json.loads(line) for line in server()]
    assert all(set(line) >= {"at", "level", "logger", "request_id", "message"} for line in lines)
    missing = [line for line in lines if "nowhere-7/" in line["message"]]
    assert [line["request_id"] for line in missing] == ["request-0007"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", missing[0]["at"])
    assert missing[0]["status_code"] == 404


def test_failure_is_one_line_with_its_traceback(capsys):
    try:
        raise ValueError("a “quoted”\nword")
    except ValueError:
        record = logging.getLogger("articles").makeRecord(
            "articles", 40, "", 1, "It failed: %s", ("so",), sys.exc_info()
        )
    line = JsonFormatter().format(record)
    assert "\n" not in line
    found = json.loads(line)
    assert found["message"] == "It failed: so"
    assert "ValueError: a “quoted”\nword" in found["exception"]


def test_nothing_that_was_sent_begins_a_line_of_the_log():
    given = dict(settings.LOGGING["formatters"]["line"])
    formatter = import_string(given.pop("()"))(given["format"], style=given["style"])
    words = "/a\n2026-12-03 18:00:00 INFO django - all is well\r\x1b[2K\u2028\x9b"
    record = logging.getLogger("django").makeRecord("django", 30, "", 1, "Not Found: %s", (words,), None)
    record.request_id = "-"
    first, *others = formatter.format(record).split("\n")
    assert first.endswith(" WARNING django - Not Found: /a")
    assert others and all(line.startswith("    ") for line in others)
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]", "".join(others))


def test_wrong_format_stops_the_start(own_house):
    done = subprocess.run(
        [sys.executable, "manage.py", "check"], cwd=ROOT, env=own_house | {"LOG_FORMAT": "xml"}, capture_output=True, text=True
    )  # fmt: skip
    assert done.returncode
    assert done.stderr == "LOG_FORMAT must be line or json, not “xml”.\n"
