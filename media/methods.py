"""Which methods an address takes: OPTIONS is answered with them, any other is refused with them (RFC 9110, 9.3.7 and 15.5.6)."""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from .problem_json import problem_json

READING = ("GET", "HEAD", "OPTIONS")


def told(allowed: Iterable[str]) -> HttpResponse:
    """Return the answer to OPTIONS; a browser's preflight is answered before, by the CORS middleware."""
    return HttpResponse(status=204, headers={"Allow": ", ".join(allowed)})


def reads_only(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Let a view answer GET and HEAD alone."""

    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method in ("GET", "HEAD"):
            return view(request, *args, **kwargs)
        if request.method == "OPTIONS":
            return told(READING)
        response = problem_json(405, f"{request.method} is not answered here: only read.")
        response["Allow"] = ", ".join(READING)
        return response

    return asked


class TellsMethods:
    """Mixed into a view of the API: whoever asks with OPTIONS needs no token and counts against no limit."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method == "OPTIONS":
            return told(self.allowed_methods)  # type: ignore[attr-defined]
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
