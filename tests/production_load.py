"""What tests/production.py asks of the house it started: uploads by the desk, and readers at a steady rate."""

import http.client
import io
import json
import re
import socket
import ssl
import statistics
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from email.message import Message
from http.cookies import SimpleCookie
from typing import Self
from urllib.parse import urlencode

from PIL import Image

MEGABYTES = 10
READS_A_SECOND = 20
BOUNDARY = "part-of-the-form"


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return free.getsockname()[1]


@dataclass
class Figures:
    """How many requests there were, how long each took, and what failed."""

    seconds: list[float] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    whole: float = 0

    def note(self, began: float, failure: str = "") -> None:
        self.seconds.append(time.monotonic() - began)
        if failure:
            self.failed.append(failure)

    def __str__(self) -> str:
        ordered = sorted(self.seconds)
        most = f"median {statistics.median(ordered):.2f} s, p99 {ordered[int(len(ordered) * 0.99) - 1]:.2f} s, most {ordered[-1]:.2f} s"
        return f"{len(ordered)} in {self.whole:.0f} s, {len(self.failed)} failed; {most} {sorted(set(self.failed))[:5] or ''}"


class Desk:
    """A colleague's browser, as far as uploads need one. The certificate is our own, so nobody vouches for it."""

    def __init__(self, port: int, host: str) -> None:
        self.port, self.host, self.cookies = port, host, SimpleCookie()
        self.trust = ssl._create_unverified_context()

    def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> tuple[int, bytes]:
        status, _, answer = self.answer(method, path, body, **headers)
        return status, answer

    def led(self, path: str) -> tuple[int, str]:
        """Return where an address leads."""
        status, headers, _ = self.answer("GET", path)
        return status, headers["Location"] or ""

    def answer(self, method: str, path: str, body: bytes = b"", **headers: str) -> tuple[int, Message, bytes]:
        client = http.client.HTTPSConnection("127.0.0.1", self.port, timeout=60, context=self.trust)
        cookies = "; ".join(f"{name}={morsel.value}" for name, morsel in self.cookies.items())
        own = {"Host": self.host, "Referer": f"https://{self.host}/", "Cookie": cookies}
        try:
            client.request(method, path, body or None, own | headers)
            answer = client.getresponse()
            for line in answer.headers.get_all("Set-Cookie") or []:
                self.cookies.load(line)
            return answer.status, answer.headers, answer.read()
        finally:
            client.close()

    def sign_in(self, name: str, password: str) -> Self:
        status, answer = self.ask("GET", "/admin/login/")
        page = answer.decode(errors="replace")
        assert status == 200, f"The login page was answered with {status}: {page[:300]}"
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page).group(1)
        form = urlencode({"username": name, "password": password, "csrfmiddlewaretoken": token, "next": "/admin/"})
        status, _ = self.ask(
            "POST", "/admin/login/", form.encode(), **{"Content-Type": "application/x-www-form-urlencoded"}
        )
        assert status == 302, f"Signing in was answered with {status}."
        return self


def photo(number: int) -> bytes:
    """Return one of a few pictures, told apart by a comment and filled up with zeros to ten megabytes."""
    made = io.BytesIO()
    Image.effect_noise((640, 480), 20 + number % 4).convert("RGB").save(made, "JPEG")
    words = f"upload {number}".encode()
    comment = b"\xff\xfe" + (len(words) + 2).to_bytes(2, "big") + words
    data = made.getvalue()
    return (data[:2] + comment + data[2:]).ljust(MEGABYTES * 1_000_000, b"\0")


def upload(desk: Desk, count: int, begin: int = 0) -> Figures:
    """Upload so many photos, two at a time as the photo desk's page does; `begin` is the number of the first."""
    figures, began = Figures(), time.monotonic()

    def one(number: int) -> None:
        head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="{number}.jpg"\r\n\r\n'
        body = head.encode() + photo(number) + f"\r\n--{BOUNDARY}--\r\n".encode()
        kind = {
            "Content-Type": f"multipart/form-data; boundary={BOUNDARY}",
            "X-CSRFToken": desk.cookies["csrftoken"].value,
        }
        started = time.monotonic()
        status, answer = desk.ask("POST", "/admin/media/photo/upload/", body, **kind)
        figures.answers.append(f"{status} {answer.decode(errors='replace')}")
        figures.note(started, "" if status == 201 else f"{status} {answer[:120]!r}")

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(one, range(begin, begin + count)))
    figures.whole = time.monotonic() - began
    return figures


def read_while(port: int, host: str, act: Callable[[], None]) -> Figures:
    """Ask for lists and articles at a steady rate, on a new connection each time, until `act` has returned."""
    reader, figures, over = Desk(port, host), Figures(), threading.Event()
    slugs = [each["slug"] for each in json.loads(reader.ask("GET", "/api/v1/articles/")[1])["results"]]
    paths = ["/api/v1/articles/", *(f"/api/v1/articles/{slug}/" for slug in slugs)]

    def one(path: str) -> None:
        started = time.monotonic()
        try:
            status, _ = reader.ask("GET", path)
            figures.note(started, "" if status == 200 else f"{status} {path}")
        except OSError as error:
            figures.note(started, repr(error))

    def steadily() -> None:
        with ThreadPoolExecutor(40) as pool:
            for number in range(1_000_000):
                if over.wait(max(0, began + number / READS_A_SECOND - time.monotonic())):
                    return
                pool.submit(one, paths[number % len(paths)])

    began = time.monotonic()
    readers = threading.Thread(target=steadily)
    readers.start()
    try:
        act()
    finally:
        over.set()
        readers.join()
    figures.whole = time.monotonic() - began
    return figures
