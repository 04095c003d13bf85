"""What every public view shares: one instant per request, readers' refusals, pages of stored JSON."""

import json
from collections.abc import Iterable
from datetime import datetime

from django.http import HttpResponse
from django.utils import timezone
from django.utils.encoding import iri_to_uri
from rest_framework.exceptions import APIException
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.views import APIView

from . import caching, documents
from .cursors import Place, write_cursor


class Gone(APIException):
    """What was here is gone; `note` is what readers are told. Silent: nothing but the number."""

    status_code = 410

    def __init__(self, note: str = "", *, silent: bool = False, headers: dict | None = None):
        self.sentence = "" if silent else note or "This article is no longer available."
        self.kind = "" if silent else "gone"
        self.headers = headers or {}
        super().__init__(self.sentence)


class Moved(APIException):
    """What was here has another address now."""

    status_code = 301
    kind = "moved"

    def __init__(self, location: str, headers: dict | None = None):
        self.location = iri_to_uri("".join(location.split()))
        self.headers = {"Location": self.location} | (headers or {})
        super().__init__("This has moved.")


class Unavailable(APIException):
    """It is being rendered, or cannot be rendered, at this moment."""

    status_code = 503
    kind = "not-rendered"

    def __init__(self, seconds: int):
        self.headers = {"Retry-After": str(seconds)}
        super().__init__("This article is being prepared. Ask again in a moment.")


class OneRepresentation(BaseContentNegotiation):
    """JSON, whatever the client says it would rather have."""

    def select_parser(self, request, parsers):
        return parsers[0]

    def select_renderer(self, request, renderers, format_suffix=None):
        return renderers[0], renderers[0].media_type


class PublicView(APIView):
    """Something readers may ask for. `self.now` is the one instant of the whole answer."""

    http_method_names = ["get", "head"]
    content_negotiation_class = OneRepresentation
    now: datetime

    def initial(self, request, *args, **kwargs):
        self.now = timezone.now()
        super().initial(request, *args, **kwargs)

    def handle_exception(self, error):
        if isinstance(error, documents.StillRendering):
            error = Unavailable(2)
        elif isinstance(error, documents.RenderFailed):
            error = Unavailable(30)
        return super().handle_exception(error)

    def answer(self, text: str | None, *, seconds: int, etag: str = "", **more) -> HttpResponse:
        return caching.answer(
            self.request, text, now=self.now, seconds=seconds, etag=etag or caching.etag_of(text), **more
        )

    def link(self, place: Place | None) -> str | None:
        """Return the address of another page of this list, relative to the host."""
        if place is None:
            return None
        query = self.request.GET.copy()
        query["cursor"] = write_cursor(place)
        return f"{self.request.path}?{query.urlencode(safe=',')}"

    def envelope(self, results: Iterable[str], following: Place | None, preceding: Place | None) -> str:
        """Return a page around stored JSON."""
        ends = f'"next":{json.dumps(self.link(following))},"previous":{json.dumps(self.link(preceding))}'
        return f'{{{ends},"results":[{",".join(results)}]}}'
