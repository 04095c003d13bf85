"""What an error answers: a problem document (RFC 9457)."""

from http import HTTPStatus
from typing import Any

from django.http import JsonResponse


def problem_json(status: int, detail: str = "", *, kind: str = "", **more: Any) -> JsonResponse:
    """Return a problem document; `kind` is the last part of its type, `more` are members of its own."""
    body = {"type": f"urn:marquee:problem:{kind}" if kind else "about:blank", "title": HTTPStatus(status).phrase}
    body |= {"status": status} | ({"detail": detail} if detail else {}) | more
    return JsonResponse(body, status=status, content_type="application/problem+json")
