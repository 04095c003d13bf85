"""Stories about the same people, works and tags as another one, the closest first: two statements."""

# Statements are built from constants of this file and our own querysets; what readers send is always a parameter.
# ruff: noqa: S608

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connections
from django.db.models.expressions import RawSQL
from django.http import Http404, HttpResponse
from django.urls import reverse
from rest_framework.request import Request

from ..live.search import told
from ..live.serializers import CardSerializer
from ..models import Facet, LiveDocument
from . import channels, http_cache, openapi, queries, query_string
from .articles import CHOOSING, CardsView, is_slug, media_type, tombstone
from .prepared_statements import Prepared, adapted, fetched
from .public import Moved
from .sparse_fields import choice

WEIGHTS = {Facet.Kind.WORK: 4, Facet.Kind.PERSON: 3, Facet.Kind.TAG: 2}
MOST_SHARED, NEWEST_OF_EACH, COMMON = 12, 80, 500
"""Of the topics of a story the twelve that say most, of each its newest stories; how common one is, is counted to 500."""


@dataclass(frozen=True)
class Story:
    """What stands at an address: the story with (kind, key, how many articles have it) of each of its topics."""

    pk: int
    article_id: UUID
    status: int
    location: str
    live_until: datetime
    topics: list[tuple[int, int, int]]

    def weights(self) -> list[tuple[int, int, int]]:
        """Return (weight, kind, key) of the topics that say most; one that few articles share says more."""
        found = [
            (round(1000 * WEIGHTS[Facet.Kind(kind)] / math.log2(1 + common)), kind, key)
            for kind, key, common in self.topics if common > 1
        ]  # fmt: skip
        return sorted(found, reverse=True)[:MOST_SHARED]


class RelatedView(CardsView):
    @openapi.related
    def get(self, request: Request) -> HttpResponse:
        query = query_string.Query(request.GET, ("for", "exclude_id", "channel", "page_size", *CHOOSING))
        name = query.one("for", query_string.read_slug, "")
        if not query.given.getlist("for"):
            query.refuse("for", "", "Name the article whose related articles you want: its slug or its id.")
        excluded = query.many("exclude_id", query_string.read_uuid, most=query_string.MOST_IDS)
        size = query.one("page_size", query_string.read_size, query_string.PER_PAGE)
        channel, fields = channels.asked(query), choice(query, CardSerializer)
        query.check()
        story = self.story(name)
        rows, upcoming = closest(story, {*excluded, story.article_id}, size, channel, self.now)
        rows = queries.fresh_cards(rows, self.now, channel.name)
        texts = [row.text for row in rows]
        text = self.envelope(fields.apply(texts, self.now, channel.name) if fields else texts, self.ends(None, None))
        seconds = http_cache.room(
            self.now, upcoming, story.live_until, *(row.refresh_at for row in rows), *fields.edges
        )
        tags = ["list", f"article:{story.article_id}", *fields.tags]
        return self.answer(text, seconds=seconds, tags=tags, media_type=media_type(fields))

    def story(self, name: str) -> Story:
        """Return the live story of this slug or id. Raises what its address answers where it is gone."""
        found = story_at("article_id", article, self.now) if (article := query_string.uuid_in(name)) else None
        found = found or story_at("slug", name, self.now)
        if found is None:
            raise Http404
        if found.status == 200:
            return found
        gone = tombstone({name: getattr(found, name) for name in Story.__dataclass_fields__}, self.now)
        if isinstance(gone, Moved) and is_slug(found.location):
            raise Moved(f"{reverse('related')}?for={found.location}")
        raise gone


def story_at(column: str, value: Any, now: datetime) -> Story | None:
    connection = connections[LiveDocument.objects.db]
    at = adapted(now, connection)
    rows = fetched(connection, STORY.format(column=column), [adapted(value, connection), at, at, at])
    if not rows:
        return None
    (pk, article, status, location, until), topics = rows[0][:5], [tuple(row[5:]) for row in rows if row[5]]
    return Story(pk, UUID(str(article)), status, location, told(until) or now, topics)


def closest(
    story: Story, excluded: Iterable[UUID], size: int, channel: channels.Channel, now: datetime
) -> tuple[list[queries.Listed], datetime | None]:
    """Return the cards of the stories that share most with this one, and the next instant at which anything goes live."""
    weights = story.weights()
    if not weights:
        return [], now
    live = LiveDocument.objects.live(now).exclude(article__in=excluded)
    if channel.sites:
        live = live.of_sites(channel.sites)
    ranked = live.extra(tables=["ranked"], where=["ranked.document_id = articles_livedocument.id"])
    ranked = ranked.annotate(score=RawSQL("ranked.score", ())).order_by("-score", "-published_at", "-article_id")
    statement, using = Prepared(queries.cards_of(ranked, now, channel.name)[:size], 0, one_plan=False), live.db
    at = adapted(now, connections[using])
    given = [value for weight in weights for value in (*weight, at)]
    shared = " UNION ALL ".join([SHARED] * len(weights))
    statement.sql = f"WITH shared AS ({shared}), {RANKED} {statement.sql}"
    statement.params = [*((None, value) for value in given), *statement.params]
    rows = statement.converted(statement.rows([], using), using)
    return [queries.Listed(*row[:4]) for row in rows], rows[0][4] if rows else now


STORY = f"""
SELECT story.id, story.article_id, story.status, story.location, story.live_until, facet.kind, facet.key, (
    SELECT count(*) FROM (
        SELECT 1 FROM articles_facet other WHERE other.kind = facet.kind AND other.key = facet.key LIMIT {COMMON}) common)
FROM (
    SELECT id, article_id, status, location, live_until FROM articles_livedocument
    WHERE {{column}} = %s AND live_from <= %s AND live_until > %s AND (status <> 200 OR published_at <= %s)
    ORDER BY status LIMIT 1) story
LEFT JOIN articles_facet facet ON facet.document_id = story.id AND story.status = 200
    AND facet.kind IN ({", ".join(str(int(kind)) for kind in WEIGHTS)})
LIMIT 200"""
SHARED = f"""SELECT * FROM (
    SELECT document_id, %s AS weight FROM articles_facet WHERE kind = %s AND key = %s AND published_at <= %s
    ORDER BY published_at DESC, article DESC LIMIT {NEWEST_OF_EACH}) head"""
RANKED = "ranked AS (SELECT document_id, sum(weight) AS score FROM shared GROUP BY document_id)"
