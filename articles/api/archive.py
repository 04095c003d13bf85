"""The archive: its months, and the stories of each."""

from django.http import Http404, HttpResponse
from django.urls import reverse
from rest_framework.request import Request

from media.models import Site

from ..live.render import dumps
from ..live.serializers import CardSerializer
from . import channels, extents, http_cache, openapi, query_string
from .articles import CHOOSING, CardsView
from .public import ENTRY_SECONDS, PublicView
from .sparse_fields import choice


class ArchiveIndexView(PublicView):
    """The months that have stories: what links to the pages of an archive."""

    @openapi.archive_index
    def get(self, request: Request) -> HttpResponse:
        query = query_string.Query(request.GET, ("channel",))
        chosen = channels.chosen(query, query_string.Selection())
        query.check()
        months, upcoming = extents.months(chosen, self.now, Site.objects.zone())
        text = dumps({"results": [self.entry(*month) for month in months]})
        seconds = min(http_cache.room(self.now, upcoming), ENTRY_SECONDS)
        return self.answer(text, seconds=seconds, tags=["list"])

    def entry(self, year: int, month: int) -> dict:
        return {"year": year, "month": month, "articles": reverse("archive", args=[year, month])}


class ArchiveView(CardsView):
    """The stories of one month, as clocks in the zone of the site have it."""

    @openapi.archive
    def get(self, request: Request, year: int, month: int) -> HttpResponse:
        query = query_string.Query(request.GET, ("ordering", "count", *query_string.PAGING, *CHOOSING, "channel"))
        month_of = query_string.month(year, month, Site.objects.zone())
        chosen = channels.chosen(query, month_of or query_string.Selection())
        chosen = query_string.ordered(query, chosen, query_string.ORDERINGS[:2])
        asked, fields = query_string.page(query), choice(query, CardSerializer)
        counted = query_string.counted(query)
        query.check()
        if month_of is None:
            raise Http404
        return self.cards(chosen, asked, fields, counted=counted)
