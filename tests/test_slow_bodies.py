"""Requests whose bodies come in slowly, too large or without a length, before a real server: readers notice nothing."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import pytest

from cms import bodies, serving

from .own_house import ROOT, run

pytestmark = pytest.mark.django_db(transaction=True)
PORT = 8951
CROWDS = [12, 500] if os.environ.get("MARQUEE_LONG") else [12]
READERS = 200
MAKE_TOKEN = """
from django.contrib.auth import get_user_model
from articles.models import ApiToken
user, _ = get_user_model().objects.get_or_create(username="wire", is_superuser=True, is_staff=True)
user.set_password("a long password"); user.save()
print(ApiToken.objects.issue(user, name="wire")[1])
"""


@pytest.fixture(scope="module")
def house(own_house):
    """A real server and a token for it."""
    token = run(own_house, MAKE_TOKEN)
    web = subprocess.Popen([sys.executable, *serving.command(host="127.0.0.1", port=PORT)], cwd=ROOT, env=own_house)
    deadline = time.monotonic() + 60
    while ask("/healthz")[0] != 200 and time.monotonic() < deadline:
        time.sleep(0.2)
    yield token
    web.send_signal(signal.SIGTERM)
    web.wait()


def ask(path: str, data: bytes | None = None, **headers) -> tuple[int, dict, str]:
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    request = urllib.request.Request(f"http://127.0.0.1:{PORT}{path}", data, headers)
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, dict(answer.headers), answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, dict(error.headers), error.read().decode()
    except OSError:
        return 0, {}, ""


def say(*lines: str, body: bytes = b"") -> socket.socket:
    client = socket.create_connection(("127.0.0.1", PORT), timeout=10)
    client.sendall("\r\n".join([*lines, "Host: 127.0.0.1", "", ""]).encode() + body)
    return client


def answer_to(*lines: str, body: bytes = b"") -> str:
    with say(*lines, body=body) as client:
        return client.recv(4096).decode()


def slow_form() -> socket.socket:
    return say("POST /admin/login/ HTTP/1.1", "Content-Type: application/x-www-form-urlencoded", "Content-Length: 2000")


def slow_json(token: str) -> socket.socket:
    kind = "Content-Type: application/json"
    return say("POST /api/v1/drafts/ HTTP/1.1", kind, f"Authorization: Bearer {token}", "Content-Length: 2000")


def drip(clients: list[socket.socket]) -> None:
    """Send one byte more of each body; a client that was refused has nothing left to do."""
    for client in clients:
        try:
            client.sendall(b" ")
        except OSError:
            pass


@pytest.mark.slow
@pytest.mark.parametrize("crowd", CROWDS)
def test_slow_bodies_hold_up_no_reader(house, crowd):
    slow = [slow_form() if number % 2 else slow_json(house) for number in range(crowd)]
    try:
        time.sleep(0.5)
        with ThreadPoolExecutor(20) as pool:
            asked = [pool.submit(ask, "/api/v1/articles/" if number % 2 else "/") for number in range(READERS)]
            while not all(each.done() for each in asked):
                drip(slow)
                time.sleep(0.5)
        assert [each.result()[0] for each in asked] == [200] * READERS
        # The slots are all taken; whoever sends a body now is told at once, in the way of the place.
        took = time.monotonic()
        for path, kind in (
            ("/api/v1/drafts/", "application/problem+json"),
            ("/admin/login/", "text/html; charset=utf-8"),
        ):
            status, headers, text = ask(path, b"{}", Authorization=f"Bearer {house}", Content_Type="application/json")
            assert (status, headers["retry-after"], headers["content-type"]) == (503, "2", kind)
            assert "Too many slow uploads at the moment." in text
        assert time.monotonic() - took < 2
    finally:
        for client in slow:
            client.close()
    time.sleep(1)
    assert ask("/admin/login/", b"username=x", Content_Type="application/x-www-form-urlencoded")[0] == 403


@pytest.mark.slow
def test_a_crowd_of_quick_writers_under_one_headline_is_never_refused(house):
    def write(number: int) -> tuple[int, str]:
        data = json.dumps({"headline": "The same headline"}).encode()
        found = ask("/api/v1/drafts/", data, Authorization=f"Bearer {house}", Content_Type="application/json")
        return found[0], found[2]

    with ThreadPoolExecutor(20) as pool:
        found = list(pool.map(write, range(60)))
    assert {status for status, _ in found} == {201}
    assert len({json.loads(text)["slug"] for _, text in found}) == 60


@pytest.mark.slow
def test_length_is_asked_before_anything_is_read(house):
    form = "Content-Type: application/x-www-form-urlencoded"
    for lines, status in (
        (("POST /admin/login/ HTTP/1.1", form, f"Content-Length: {bodies.ANONYMOUS + 1}"), 413),
        (("POST /admin/login/ HTTP/1.1", form, "Transfer-Encoding: chunked"), 411),
        (("POST /admin/media/photo/upload/ HTTP/1.1", "Content-Type: multipart/form-data", "Content-Length: 99999"), 413),
        (("POST /api/v1/drafts/ HTTP/1.1", "Content-Length: 200000000"), 401),
        (("POST /api/v1/articles/ HTTP/1.1", "Content-Length: 200000000"), 405),
        (("POST /api/v1/drafts/ HTTP/1.1", f"Authorization: Bearer {house}", "Content-Length: 9000000"), 413),
        (("POST /api/v1/drafts/ HTTP/1.1", f"Authorization: Bearer {house}", "Transfer-Encoding: chunked"), 411),
        (("POST /api/v1/photos/ HTTP/1.1", f"Authorization: Bearer {house}", "Content-Length: 99000000"), 413),
        (("GET /api/v1/articles/ HTTP/1.1", "Content-Length: 200000000"), 200),
    ):  # fmt: skip
        assert answer_to(*lines).startswith(f"HTTP/1.1 {status} "), lines
