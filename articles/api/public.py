"""What every public view shares: one instant per request, readers' refusals, pages of stored JSON."""

import json
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, NoReturn

from django.http import HttpResponse
from django.utils import timezone
from django.utils.encoding import iri_to_uri
from rest_framework.exceptions import APIException, MethodNotAllowed
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle
from rest_framework.views import APIView

from media.methods import told

from ..access.subnet import subnet_of
from ..live.refresh import RenderFailed, StillRendering
from . import http_cache
from .cursors import Place, write_cursor

# What lives by its articles may vanish with the last of them; caches ask again after this long.
ENTRY_SECONDS = 30


class Gone(APIException):
    """What was here is gone; `note` is what readers are told. Silent: nothing but the number."""

    status_code = 410

    def __init__(self, note: str = "", *, silent: bool = False, headers: dict | None = None) -> None:
        self.sentence = "" if silent else note or "This article is no longer available."
        self.kind = "" if silent else "gone"
        self.headers = headers or {}
        super().__init__(self.sentence)


class Moved(APIException):
    """What was here has another address now."""

    status_code = 301
    kind = "moved"

    def __init__(self, location: str, headers: dict | None = None) -> None:
        self.location = iri_to_uri("".join(location.split()))
        self.headers = {"Location": self.location} | (headers or {})
        super().__init__("This has moved.")


class Unavailable(APIException):
    """It is being rendered, or cannot be rendered, at this moment."""

    status_code = 503
    kind = "not-rendered"

    def __init__(self, seconds: int) -> None:
        self.headers = {"Retry-After": str(seconds)}
        super().__init__("This article is being prepared. Ask again in a moment.")


class ReadersThrottle(SimpleRateThrottle):
    """Counts what one address asks for."""

    def get_cache_key(self, request: Request, view: APIView) -> str:
        return self.cache_format % {"scope": self.scope, "ident": subnet_of(request.META.get("REMOTE_ADDR", ""))}


class PublicView(APIView):
    """Something readers may ask for. `self.now` is the one instant of the whole answer."""

    http_method_names = ["get", "head", "options"]
    now: datetime
    get: Callable[..., HttpResponse]

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """Answer without what DRF prepares for writers: readers send no credentials or bodies and choose no renderer."""
        self.now = timezone.now()
        if request.method == "OPTIONS":
            return told(self.allowed_methods)
        try:
            self.check_throttles(request)
            if request.method not in ("GET", "HEAD"):
                raise MethodNotAllowed(request.method)
            return self.get(request, *args, **kwargs)
        except Exception as error:
            return self.handle_exception(error)

    def handle_exception(self, error: Exception) -> HttpResponse:
        if isinstance(error, StillRendering):
            error = Unavailable(2)
        elif isinstance(error, RenderFailed):
            error = Unavailable(30)
        return super().handle_exception(error)

    def raise_uncaught_exception(self, error: Exception) -> NoReturn:
        raise error

    def answer(self, text: str | None, *, seconds: int, etag: str = "", **more: Any) -> HttpResponse:
        return http_cache.answer(
            self.request, text, now=self.now, seconds=seconds, etag=etag or http_cache.etag_of(text or ""), **more
        )

    def link(self, place: Place | None) -> str | None:
        """Return the address of another page of this list, relative to the host."""
        if place is None:
            return None
        if not self.request.GET:
            return f"{self.request.path}?cursor={write_cursor(place)}"
        query = self.request.GET.copy()
        query["cursor"] = write_cursor(place)
        return f"{self.request.path}?{query.urlencode(safe=',')}"

    def ends(self, following: Place | None, preceding: Place | None) -> str:
        """Return how a page begins: with the addresses of its neighbors."""
        return f'"next":{json.dumps(self.link(following))},"previous":{json.dumps(self.link(preceding))}'

    def envelope(self, results: Iterable[str], ends: str) -> str:
        """Return a page around stored JSON."""
        return f'{{{ends},"results":[{",".join(results)}]}}'
