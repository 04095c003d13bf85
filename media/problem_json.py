"""What an error answers: a problem document (RFC 9457)."""

from contextvars import ContextVar
from http import HTTPStatus
from typing import Any

from django.http import JsonResponse

request_id = ContextVar("request_id", default="-")
"""The id of the request that is answered: cms.request_id sets it."""


def problem_json(status: int, detail: str = "", *, kind: str = "", **more: Any) -> JsonResponse:
    """Return a problem document; `kind` is the last part of its type, `more` are members of its own.

    Each has the `request_id` that the header X-Request-ID says.
    """
    body = {"type": f"urn:marquee:problem:{kind}" if kind else "about:blank", "title": HTTPStatus(status).phrase}
    body |= {"status": status} | ({"detail": detail} if detail else {}) | more | {"request_id": request_id.get()}
    return JsonResponse(body, status=status, content_type="application/problem+json")
