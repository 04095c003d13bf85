"""An id for every request: in its answer, and in every line logged meanwhile.

Loaded with the settings, so without models.
"""

import logging
import re
from collections.abc import Callable
from logging import LogRecord
from uuid import uuid4

from django.http import HttpRequest, HttpResponse

from media.problem_json import request_id


class RequestIdMiddleware:
    """Gives every answer and log line the id of its request; a proxy's own id is kept."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        request.id = given if re.fullmatch(r"[A-Za-z0-9._-]{8,64}", given) else uuid4().hex
        token = request_id.set(request.id)
        try:
            response = self.get_response(request)
        finally:
            request_id.reset(token)
        response["X-Request-ID"] = request.id
        return response


class RequestIdFilter(logging.Filter):
    """Adds the request's id to its log lines, and to the one that Django writes when the request has ended."""

    def filter(self, record: LogRecord) -> bool:
        request = getattr(record, "request", None)
        record.request_id = getattr(request, "id", None) or request_id.get()
        return True
