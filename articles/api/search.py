"""Search, and suggestions as one types, over what readers may see at this moment."""

from dataclasses import replace
from datetime import datetime

from django.http import HttpResponse, QueryDict
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request

from ..live import search
from ..live.render import dumps
from . import channels, extents, http_cache, openapi, queries, query_string, responses
from .cursors import EPOCH, MICROSECOND, Place, number
from .public import PublicView, ReadersThrottle

PARAMETERS = (*(name for name in query_string.SELECTING if name != "id"), *query_string.PAGING)
# A place among ranked hits is their number; the instant says whether names like the one typed were looked for.
EXACT, NEARLY = EPOCH, EPOCH + MICROSECOND


class SearchThrottle(ReadersThrottle):
    scope = "search"


class HighlightSerializer(serializers.Serializer):
    """Where an article matches, as HTML with `<mark>`."""

    headline_html = serializers.CharField(help_text="The headline, escaped, with its matches in `<mark>`.")
    snippet_html = serializers.CharField(
        allow_blank=True, help_text="A piece of the text, escaped, with its matches in `<mark>`."
    )


class HitSerializer(responses.DeliveredCardSerializer):
    """An article that was found."""

    highlight = HighlightSerializer(help_text="Where it matches.")

    class Meta:
        ref_name = "Hit"


class SearchPageSerializer(responses.PageSerializer):
    """A page of what was found, the best first."""

    did_you_mean = serializers.CharField(
        allow_null=True,
        help_text="What was found instead, where no article has the words: articles about a name like them, or with "
        "the words that were probably meant. Null where the words themselves were found.",
    )
    results = HitSerializer(many=True, help_text="The articles of this page.")


class SuggestionSerializer(serializers.Serializer):
    """What somebody who types may mean."""

    type = serializers.ChoiceField(choices=["person", "work", "article"], help_text="What it is.")
    name = serializers.CharField(help_text="A name, a title or a headline.")
    slug = serializers.CharField(help_text="Names it in addresses of the API.")
    path = serializers.CharField(help_text="Its page in the front end.")


class SuggestionsSerializer(serializers.Serializer):
    """What somebody who types may mean."""

    results = SuggestionSerializer(many=True, help_text="The likeliest first.")


Q = openapi.parameter("q", "Words, “phrases” in quotation marks, -excluded words; the last word may be unfinished.")
search_schema = extend_schema(
    operation_id="searchArticles", tags=["search"], summary="Articles that hold these words, the best first",
    parameters=[Q, *(each for each in openapi.LIST if each.name not in ("id", "q")), openapi.CHANNEL, *openapi.PAGING],
    responses=openapi.responses(SearchPageSerializer, 304, 400, 429),
)  # fmt: skip
suggest_schema = extend_schema(
    operation_id="suggest", tags=["search"], summary="People, works and articles as one types", parameters=[Q],
    responses=openapi.responses(SuggestionsSerializer, 304, 400, 429),
)  # fmt: skip


class SearchView(PublicView):
    throttle_classes = [SearchThrottle]
    words: str | None = None
    """The words in place of those that were asked for, if they were corrected."""

    @search_schema
    def get(self, request: Request) -> HttpResponse:
        query = query_string.Query(request.GET, PARAMETERS)
        chosen, asked = channels.selected(query), query_string.page(query, number)
        query.check()
        offset = max(0, asked.place.key) if asked.place else 0
        nearly = asked.place.at == NEARLY if asked.place else None
        within = queries.selected(extents.with_regions(replace(chosen, words="")), self.now)
        found = search.search(
            chosen.words, at=self.now, within=within, limit=asked.size, nearly=nearly, channel=chosen.channel,
            offset=offset,  # type: ignore[arg-type]  # Read as a number.
        )  # fmt: skip
        return self.page(found, offset, asked.size, chosen.channel)  # type: ignore[arg-type]

    def page(self, found: search.Results, offset: int, size: int, channel: str) -> HttpResponse:
        rows = queries.fresh_cards([listed(hit, self.now) for hit in found.hits], self.now, channel)
        hits = {hit.document.pk: hit for hit in found.hits}
        results = [f'{row.text[:-1]},"highlight":{self.highlight(hits[row.key])}}}' for row in rows]
        kind = NEARLY if found.did_you_mean and not found.is_corrected else EXACT
        following = Place(kind, offset + size) if found.more and offset + size < search.MOST_RANKED else None
        preceding = Place(kind, max(0, offset - size), True) if offset else None
        meant = f'"did_you_mean":{dumps(found.did_you_mean)}'
        if found.is_corrected:
            self.words = found.did_you_mean
        seconds = http_cache.room(self.now, found.upcoming, *(row.refresh_at for row in rows)) if rows else 0
        return self.answer(
            f"{{{meant},{self.envelope(results, self.ends(following, preceding))[1:]}", seconds=seconds, tags=["list"]
        )

    def link(self, place: Place | None) -> str | None:
        """Return the address of another page; of words that were corrected, their own."""
        found = super().link(place)
        if found is None or not self.words:
            return found
        query = QueryDict(found.partition("?")[2], mutable=True)
        query["q"] = self.words
        return f"{self.request.path}?{query.urlencode(safe=',')}"

    def highlight(self, hit: search.Hit) -> str:
        """Return what marks the words; prose past its instant may hold what nobody may see, so it gives none."""
        snippet = hit.snippet_html if hit.document.refresh_at > self.now else ""
        return dumps({"headline_html": hit.headline_html, "snippet_html": snippet})


class SuggestView(PublicView):
    throttle_classes = [SearchThrottle]

    @suggest_schema
    def get(self, request: Request) -> HttpResponse:
        query = query_string.Query(request.GET, ("q",))
        text = query.one("q", str, "")
        query.check()
        return self.answer(dumps({"results": search.suggest(text, at=self.now)}), seconds=0, tags=["list"])


def listed(hit: search.Hit, now: datetime) -> queries.Listed:
    document = hit.document
    text = document.bytes.card if document.refresh_at > now else document.bytes.bare_card
    return queries.Listed(document.pk, document.refresh_at, text)
