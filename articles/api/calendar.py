"""A colleague's calendar, by its private address: for calendar apps, which cannot sign in."""

from typing import NoReturn

from django.conf import settings
from django.http import Http404, HttpResponse
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from media.models import Site

from ..stories.calendar import events
from ..stories.calendar_link import CalendarLink
from ..text import ical
from . import http_cache, query_string
from .articles import PreviewThrottle
from .public import PublicView


class CalendarView(PublicView):
    """What its owner may see of the day view now, as iCalendar; 404 when the address was revoked or they have left."""

    @extend_schema(exclude=True)
    def get(self, request: Request, token: str) -> HttpResponse:
        query_string.Query(request.GET, ()).check()
        link = CalendarLink.objects.open().shared_as(token).select_related("user").first()
        if link is None:
            self.refuse(request)
        with timezone.override(Site.objects.zone()):
            found = events(link.user, self.now, settings.PUBLIC_URL.rstrip("/"))
        text = ical.calendar(f"{Site.objects.default().name}: coming up", found)
        response = http_cache.answer(
            request, text, now=self.now, seconds=0, etag=http_cache.etag_of(text), media_type=ical.MEDIA_TYPE
        )
        # A store that keeps it would keep what its owner may no longer see.
        response["Cache-Control"] = "private, no-store"
        response["X-Robots-Tag"] = "noindex, nofollow"
        response["Referrer-Policy"] = "no-referrer"
        return response

    def refuse(self, request: Request) -> NoReturn:
        """Answer 404, or 429 to who has tried too many tokens that open nothing."""
        throttle = PreviewThrottle()
        if not throttle.allow_request(request, self):
            self.throttled(request, throttle.wait() or 0.0)
        raise Http404
