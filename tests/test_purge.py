"""Caches in front: a real Varnish, the real server, and a stand-in for a CDN that only notes what it is told."""

import shutil
import socket
import subprocess
import sys
import threading
import time
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest
from django.db import transaction
from django.utils import timezone

from articles.models import Purge
from articles.outbox import purging

from . import newsroom
from .own_house import ROOT, run

needs_varnish = pytest.mark.skipif(
    shutil.which("varnishd") is None, reason="No varnishd on this machine: install varnish."
)


class Edge:
    """A cache's control address: it keeps what it was asked and answers as it is told."""

    def __init__(self):
        self.asked, self.status = [], 200
        edge = self

        class Handler(BaseHTTPRequestHandler):
            def answer(self):
                edge.asked.append((self.command, self.path, dict(self.headers)))
                self.send_response(edge.status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            do_POST = do_BAN = answer

            def log_message(self, *args):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}/service/S1"


@pytest.fixture
def edge(settings):
    made = Edge()
    settings.PURGE_BACKEND, settings.PURGE_URLS, settings.PURGE_TOKEN = "surrogate-key", [made.url], "secret"
    yield made
    made.server.shutdown()
    made.server.server_close()


def keys(edge):
    return {key for _, _, headers in edge.asked for key in headers.get("Surrogate-Key", "").split()}


@pytest.mark.django_db
def test_correction_of_a_credit_purges_its_stories_and_lists(edge):
    photo = newsroom.photo()
    story = newsroom.article(lead=photo)
    story.publish()
    Purge.objects.all().delete()
    photo.credit.required_line = "Corrected"
    photo.credit.save()
    purging.drain(timezone.now())
    assert {f"article:{story.pk}", f"photo:{photo.pk}", "list"} <= keys(edge)
    assert edge.asked[0][:2] == ("POST", "/service/S1/purge")
    assert edge.asked[0][2]["Fastly-Key"] == "secret"


@pytest.mark.django_db
def test_every_purge_comes_twice_and_then_is_forgotten(edge):
    now = timezone.now()
    Purge.objects.ask(["list"], at=now)
    assert purging.drain(now) == 1
    assert purging.drain(now + timedelta(seconds=1)) == 0
    assert purging.drain(now + timedelta(seconds=4)) == 1
    assert not Purge.objects.exists()
    assert len(edge.asked) == 2


@pytest.mark.django_db
def test_many_rows_go_out_as_one_request(edge):
    for number in range(30):
        Purge.objects.ask([f"article:{number}", "list"], at=timezone.now())
    purging.drain(timezone.now())
    assert len(edge.asked) == 1
    assert len(keys(edge)) == 31


@pytest.mark.django_db
def test_too_many_tags_become_everything(edge):
    Purge.objects.ask([f"article:{number}" for number in range(1001)], at=timezone.now())
    purging.drain(timezone.now())
    assert edge.asked[0][1] == "/service/S1/purge_all"


@pytest.mark.django_db
def test_cache_that_does_not_confirm_is_asked_again(edge):
    now = timezone.now()
    Purge.objects.ask(["list"], at=now)
    edge.status = 503
    assert purging.drain(now) == 0
    edge.status = 200
    assert purging.drain(now + timedelta(seconds=2)) == 1


@pytest.mark.django_db(transaction=True)
def test_nothing_is_purged_for_what_was_rolled_back(edge):
    with pytest.raises(RuntimeError), transaction.atomic():
        newsroom.article().publish()
        raise RuntimeError
    assert purging.drain(timezone.now()) == 0
    assert edge.asked == []


@pytest.mark.django_db
def test_without_a_cache_nothing_is_noted():
    newsroom.article().publish()
    assert not Purge.objects.exists()


@pytest.mark.django_db
def test_ban_names_tags_exactly(edge, settings):
    settings.PURGE_BACKEND = "ban"
    Purge.objects.ask(["photo:1", "list"], at=timezone.now())
    purging.drain(timezone.now())
    command, _, headers = edge.asked[0]
    assert command == "BAN"
    assert headers["X-Ban-Surrogate-Key"] == r"(^|\s)(list|photo:1)(\s|$)"


# Varnish

VCL = (ROOT / "docs" / "varnish.vcl").read_text


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def wait_for(url):
    for _ in range(300):
        try:
            return httpx.get(url)
        except httpx.HTTPError:
            time.sleep(0.1)
    raise AssertionError(f"{url} does not answer")


@pytest.fixture
def front(own_house, tmp_path):
    """A whole site: Marquee behind Varnish with its default grace, and a worker that purges."""
    origin, cache = free_port(), free_port()
    vcl = VCL().replace('.host = "127.0.0.1"', '.host = "127.0.0.1"').replace('.port = "8000"', f'.port = "{origin}"')
    (tmp_path / "site.vcl").write_text(vcl)
    env = own_house | {
        "PURGE_BACKEND": "ban", "PURGE_URLS": f"http://127.0.0.1:{cache}/", "PURGE_TOKEN": "change-me", "ALLOWED_HOSTS": "*",
    }  # fmt: skip
    server = [
        sys.executable,
        "-m",
        "gunicorn",
        "cms.wsgi",
        "-b",
        f"127.0.0.1:{origin}",
        "--log-level",
        "error",
        "--threads",
        "4",
    ]
    varnish = [
        "varnishd",
        "-j",
        "none",
        "-F",
        "-a",
        f"127.0.0.1:{cache}",
        "-f",
        str(tmp_path / "site.vcl"),
        "-n",
        str(tmp_path / "v"),
        "-s",
        "malloc,32m",
    ]
    worker = [sys.executable, "manage.py", "worker", "--no-tasks"]
    running = [
        subprocess.Popen(command, env=env, cwd=ROOT, stdout=subprocess.DEVNULL) for command in (server, varnish, worker)
    ]
    try:
        wait_for(f"http://127.0.0.1:{origin}/healthz")
        wait_for(f"http://127.0.0.1:{cache}/healthz")
        yield f"http://127.0.0.1:{cache}", env
    finally:
        for each in running:
            each.terminate()
        for each in running:
            each.wait(20)


STORY = """
from tests import newsroom
from media.models import Photo, Caption, PhotoCredit
photo = newsroom.photo(seed=3)
story = newsroom.article(lead=photo)
story.publish()
print(story.slug, photo.credit_id, photo.pk)
"""


ENDING = """
from datetime import timedelta
from django.utils import timezone
from media.models import Right
right = Right.objects.create(photo_id="{photo}", effect="allow", until=timezone.now() + timedelta(seconds=5))
print(right.until.isoformat())
"""


@needs_varnish
@pytest.mark.django_db(transaction=True)
def test_varnish_never_shows_an_old_credit_or_an_ended_right(front):
    """Two seconds after a correction no cached answer has the old credit; a right's end is kept to the second."""
    url, env = front
    slug, credit, photo = run(env, STORY).split()
    detail, listed = f"{url}/api/v1/articles/{slug}/", f"{url}/api/v1/articles/"
    for _ in range(3):
        assert (
            httpx.get(detail).json()["lead"]["credit"]["line"] == "Photo by Petra Lindqvist/Getty Images for StreamCo"
        )
        httpx.get(listed)
    assert int(httpx.get(detail).headers.get("age", 0)) >= 0
    assert " " in httpx.get(detail).headers["x-varnish"], "a hit carries two transaction numbers"

    run(
        env,
        f"from media.models import PhotoCredit; row = PhotoCredit.objects.get(pk={credit}); row.required_line = 'Corrected'; row.save()",
    )
    time.sleep(2)
    assert httpx.get(detail).json()["lead"]["credit"]["line"] == "Corrected"
    assert httpx.get(listed).json()["results"][0]["lead"]["credit"]["line"] == "Corrected"

    ends = datetime.fromisoformat(run(env, ENDING.format(photo=photo)))
    shown = None
    while (asked := timezone.now()) < ends + timedelta(seconds=6):
        lead = httpx.get(detail, timeout=20).json()["lead"]
        if asked >= ends:
            assert lead is None, f"shown {(asked - ends).total_seconds():.2f} s after its end"
        elif lead is not None:
            shown = asked
        time.sleep(0.1)
    assert shown is not None
