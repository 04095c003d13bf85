"""A database that is locked, full, slow or gone, a full disk, a store of photos that is away: 503 with a sentence, and
nothing typed is lost."""

import errno
from collections.abc import Callable

from django.conf import settings
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse

from media.files import store

from .api import problem_response
from .middleware import READERS
from .refusals import refuse

LOCKED = "The database is busy with someone else’s changes. Nothing was saved: try again in a few seconds."
FULL = "The disk is full. Nothing was saved. An administrator must make room; then try again."
GONE = "The database is not responding. Nothing was saved: try again in a minute."
SLOW = "This took longer than {seconds} seconds and was stopped. Nothing was saved: try fewer or rarer words, or a shorter list."

# What SQLite says, and the codes of PostgreSQL; a code of "" is a connection that broke.
IN_WORDS = (
    ("database is locked", LOCKED), ("database table is locked", LOCKED), ("disk is full", FULL), ("interrupted", SLOW),
    ("disk i/o error", GONE), ("unable to open database file", GONE),
)  # fmt: skip
BY_CODE = (
    ("57014", SLOW), ("55P03", LOCKED), ("40P01", LOCKED), ("40001", LOCKED), ("53100", FULL), ("53", GONE),
    ("57P", GONE), ("08", GONE),
)  # fmt: skip
RETRY_AFTER = {LOCKED: 5, FULL: 60, GONE: 30, SLOW: 10, store.NO_ANSWER: 60}


class SayUnavailable:
    """Middleware. Whatever was on its way when the database gave up is answered here, for readers and for the desk."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        trouble = trouble_of(error)
        if trouble is None:
            return None
        response = _answer(request, trouble.format(seconds=settings.DESK_STATEMENT_SECONDS))
        response["Retry-After"] = str(RETRY_AFTER[trouble])
        response["Cache-Control"] = "no-store"
        return response


def trouble_of(error: BaseException) -> str | None:
    """Return the sentence for an error that passes with time or room; None for a mistake of ours."""
    if isinstance(error, OSError):
        return FULL if error.errno in (errno.ENOSPC, errno.EDQUOT) else None
    if store.is_bucket_error(type(error)):
        return store.NO_ANSWER
    if not isinstance(error, OperationalError):
        return None
    cause = error.__cause__
    if hasattr(cause, "sqlstate"):
        code = cause.sqlstate or "08"
        return next((sentence for start, sentence in BY_CODE if code.startswith(start)), None)
    said = str(error).lower()
    return next((sentence for words, sentence in IN_WORDS if words in said), None)


def _answer(request: HttpRequest, sentence: str) -> HttpResponse:
    if READERS.match(request.path_info):
        return problem_response(503, sentence, kind="unavailable")
    if "text/html" not in request.headers.get("Accept", ""):
        return JsonResponse({"detail": sentence}, status=503)
    return refuse(request, 503, sentence, title="That did not work just now")
