"""What requests carry is asked for its length before it is read, and few of them are read at once.

A WSGI server has a few threads, and a body that comes in slowly holds one for as long as its sender likes. So bodies
may hold half of a process's threads at most, and the other half is left to readers. Who sends it is asked first: only
colleagues may send more than a form's worth.
"""

import threading
import time
from collections.abc import Callable
from io import BytesIO
from tempfile import SpooledTemporaryFile
from typing import IO

from django.conf import settings
from django.core.handlers.wsgi import LimitedStream, WSGIRequest
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone

from articles.models import ApiToken

from .middleware import READERS
from .refusals import refuse

ANONYMOUS = 64 * 1024
TYPED = 8 * 1024 * 1024
# What a form says beside its photo.
BESIDE_THE_FILE = 1024 * 1024
PHOTOS_API = "/api/v1/photos/"
WITH_BODY = ("POST", "PUT", "PATCH")
CHUNK = 64 * 1024
# Most bodies have arrived when they are asked for: whoever has been read for longer is slow.
PATIENCE = 0.1
COME_BACK = 2


class Slots:
    """How many bodies one process reads at once."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.began: list[float] = []
        self.changed = threading.Condition()

    def take(self) -> float | None:
        """Return a slot; None once nothing but slow bodies hold them all."""
        asked = time.monotonic()
        with self.changed:
            while len(self.began) >= self.most:
                patience = min(max(self.began), asked) + PATIENCE - time.monotonic()
                if patience <= 0:
                    return None
                self.changed.wait(patience)
            self.began.append(time.monotonic())
            return self.began[-1]

    def give_back(self, slot: float) -> None:
        with self.changed:
            self.began.remove(slot)
            self.changed.notify()


SLOTS = Slots(2)


def share_out(threads: int) -> None:
    """Let bodies hold half of a process's threads. Called before the first request."""
    SLOTS.most = max(1, threads // 2)


class Bodies:
    """Middleware, inside the one that knows who asks and outside everything that reads: hands on a body that is here."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: WSGIRequest) -> HttpResponseBase:
        if request.method not in WITH_BODY or not is_read(request):
            request._stream = LimitedStream(BytesIO(), 0)
            return self.get_response(request)
        length, refusal = announced(request)
        if refusal or not length:
            return refusal or self.get_response(request)
        slot = SLOTS.take()
        if slot is None:
            sentence = "Too many slow uploads at the moment. Wait a few seconds, then send this again."
            return refuse(request, 503, sentence, kind="busy", retry_after=COME_BACK)
        try:
            body, refusal = received(request, length)
        finally:
            SLOTS.give_back(slot)
        if refusal:
            return refusal
        with body:
            request._stream = LimitedStream(body, length)
            return self.get_response(request)


def is_read(request: HttpRequest) -> bool:
    """Return True if anything reads a body here. The API reads those of known tokens alone, readers' paths none."""
    if not request.path_info.startswith("/api/"):
        return not READERS.match(request.path_info)
    scheme, _, words = request.headers.get("Authorization", "").strip().partition(" ")
    return scheme.lower() == "bearer" and ApiToken.objects.bearer(words.strip(), timezone.now()) is not None


def announced(request: HttpRequest) -> tuple[int, HttpResponse | None]:
    """Return the length of a body, and a refusal where it does not say one or says too much."""
    given = request.META.get("CONTENT_LENGTH") or ""
    if "HTTP_TRANSFER_ENCODING" in request.META:
        return 0, refuse(request, 411, "Send Content-Length: a body without a length is not read.", kind="no-length")
    if given and not (given.isascii() and given.isdigit() and len(given) < 16):
        return 0, refuse(request, 400, "Content-Length must be a number of bytes.")
    length, most = int(given or 0), ANONYMOUS
    if length > ANONYMOUS:
        most = most_bytes(request)
    if length <= most:
        return length, None
    return 0, refuse(request, 413, f"This is too large: at most {most:,} bytes are read here.", kind="too-large")


def most_bytes(request: HttpRequest) -> int:
    """Return how much may be sent by whoever sends this to this address."""
    is_file = request.content_type == "multipart/form-data"
    if request.path_info.startswith("/api/"):
        is_file = is_file and request.path_info == PHOTOS_API
    elif not request.user.is_authenticated:
        return ANONYMOUS
    return settings.PHOTO_LIMITS.max_bytes + BESIDE_THE_FILE if is_file else TYPED


def received(request: WSGIRequest, length: int) -> tuple[IO[bytes], HttpResponse | None]:
    """Return the whole body in a file of its own, and a refusal where its sender left before the end."""
    body = SpooledTemporaryFile(max_size=settings.FILE_UPLOAD_MAX_MEMORY_SIZE)  # noqa: SIM115 - closed by whoever gets it
    try:
        while (left := length - body.tell()) and (chunk := request._stream.read(min(left, CHUNK))):
            body.write(chunk)
    except BaseException:
        body.close()
        raise
    if body.tell() < length:
        body.close()
        return body, refuse(request, 400, "This request ended before its body did. Send it again.")
    body.seek(0)
    return body, None
