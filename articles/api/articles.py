"""Articles as readers get them: stitched from stored JSON, one statement each."""

import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, NoReturn

from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from rest_framework.request import Request

from media import cache_tags

from ..live.preview import preview
from ..live.refresh import RenderFailed, StillRendering, refresh
from ..live.render import dumps
from ..live.serializers import ArticleSerializer, CardSerializer
from ..models import Article, LiveDocument, PreviewFrame, PreviewLink
from ..stories.content import snapshot
from ..stories.preview_token import is_ours
from . import channels, extents, http_cache, ninjs, openapi, queries, query_string, updates
from .cursors import Place
from .public import Gone, Moved, PublicView, ReadersThrottle
from .sparse_fields import RELATED, Choice, choice

CHOOSING = ("fields", "expand")
# Commits may land in another order than the instants they carry; what is younger than this is withheld.
SETTLED = timedelta(seconds=5)
TOMBSTONE_SECONDS = 30
PARTIAL = "application/vnd.marquee.partial+json"


class CardsView(PublicView):
    """A page of cards."""

    def cards(
        self, chosen: query_string.Selection, asked: query_string.Page, fields: Choice, tags: Iterable[str] = (),
        *, counted: bool = False,
    ) -> HttpResponse:  # fmt: skip
        found = queries.page(chosen, asked, self.now)
        rows = queries.still_meant(queries.fresh_cards(found.rows, self.now, chosen.channel), chosen)
        texts = [row.text for row in rows]
        ends = self.ends(found.following, found.preceding)
        if counted:
            ends += f',"count":{dumps(extents.count(chosen, self.now))}'
        text = self.envelope(fields.apply(texts, self.now, chosen.channel) if fields else texts, ends)
        # A card is a part of its document, so the etags of the documents tell as much as all the bytes would.
        etag = http_cache.etag_of(f"{ends} {' '.join(row.etag for row in rows)}") if not fields else ""
        seconds = http_cache.room(self.now, found.upcoming, *(row.refresh_at for row in rows), *fields.edges)
        tags = ["list", *tags, *fields.tags]
        return self.answer(text, seconds=seconds, etag=etag, tags=tags, media_type=media_type(fields))


class ArticleListView(CardsView):
    @openapi.article_list
    def get(self, request: Request) -> HttpResponse:
        query = query_string.Query(request.GET, query_string.LIST + CHOOSING)
        chosen = query_string.ordered(query, channels.selected(query))
        asked = query_string.page(query, by_text=chosen.by == "title")
        fields, counted = choice(query, CardSerializer), query_string.counted(query)
        query.check()
        sections = (f"section:{slug}" for slug in chosen.facets.get("section", ()))
        return self.cards(extents.with_regions(chosen), asked, fields, sections, counted=counted)


class ArticleView(PublicView):
    @openapi.article
    def get(self, request: Request, slug: str) -> HttpResponse:
        query = query_string.Query(request.GET, (*CHOOSING, "format", "channel"))
        fields = choice(query, ArticleSerializer)
        format = query.one("format", ninjs.read_format, ninjs.preferred(request))
        channel = channels.syndication(query) if format == "ninjs" else channels.asked(query)
        query.check()
        whole = fields or format == "ninjs"
        row = self.live(slug, query, channel, () if whole else http_cache.known(request))
        response = self.ninjs(row) if format == "ninjs" else self.document(row, fields, channel)
        patch_vary_headers(response, ["Accept"])
        return response

    def live(self, name: str, query: query_string.Query, channel: channels.Channel, known: Iterable[str] = ()) -> dict:
        """Return the article at an address, or raise what is answered in its place."""
        row = self.row(name, known, channel.name)
        if row is None:
            raise Http404
        if row["status"] != 200:
            raise tombstone(row, self.now)
        channels.check(query, channel, row)
        return row

    def row(self, name: str, known: Iterable[str], channel: str) -> dict | None:
        """Return what stands at an address; one that holds an article's id is that article."""
        article = query_string.uuid_in(name)
        found = queries.fresh_detail(article, self.now, known, channel) if article else None
        return found or queries.fresh_detail(name, self.now, known, channel)

    def document(self, row: dict, fields: Choice, channel: channels.Channel) -> HttpResponse:
        if RELATED in fields.expand:
            return self.with_cards(row, fields, channel)
        text = fields.apply([row["text"]], self.now, channel.name)[0] if fields else row["text"]
        return self.answer(
            text, seconds=http_cache.room(self.now, row["refresh_at"], *fields.edges), etag="" if fields else row["etag"],
            tags=[*http_cache.tags_of(row["text"] or ""), *fields.tags], media_type=media_type(fields),
            # What an expansion adds changes without the document.
            modified=None if fields.expand else row["changed_at"],
        )  # fmt: skip

    def with_cards(self, row: dict, fields: Choice, channel: channels.Channel) -> HttpResponse:
        """Return a document with the cards of its related stories, which change by themselves and are purged as well."""
        slugs = [related["slug"] for related in json.loads(row["text"])[RELATED]]
        cards = queries.cards_by_slug(slugs, self.now, channel) if slugs else {}
        tags = [
            tag for text in (row["text"], *(card.text for card in cards.values())) for tag in http_cache.tags_of(text)
        ]
        told = {slug: json.loads(card.text) for slug, card in cards.items()}
        (text,) = fields.apply([row["text"]], self.now, channel.name, told)
        edges = [*(card.refresh_at for card in cards.values()), *fields.edges]
        seconds, tags = http_cache.room(self.now, row["refresh_at"], *edges), [*tags, *fields.tags]
        etag = http_cache.etag_of(text)
        return self.answer(text, seconds=seconds, etag=etag, tags=tags, media_type=media_type(fields))

    def ninjs(self, row: dict) -> HttpResponse:
        """Return the article for syndication partners, in their words."""
        return self.answer(
            dumps(ninjs.of(json.loads(row["text"]))), seconds=http_cache.room(self.now, row["refresh_at"]),
            tags=http_cache.tags_of(row["text"]), media_type=ninjs.MEDIA_TYPE,
        )  # fmt: skip


class NinjsView(ArticleView):
    """An article for syndication partners, at an address of its own."""

    @openapi.article_ninjs
    def get(self, request: Request, slug: str) -> HttpResponse:
        query = query_string.Query(request.GET, ())
        channel = channels.syndication(query)
        query.check()
        return self.ninjs(self.live(slug, query, channel))


class UpdatesView(PublicView):
    @openapi.updates
    def get(self, request: Request) -> HttpResponse:
        query = query_string.Query(request.GET, ("since", "page_size"))
        size = query.one("page_size", query_string.read_size, 100)
        since = query.one("since", updates.read_since)
        query.check()
        self.render_stale()
        rows = [(Place(row["changed_at"], row["pk"]), row, None) for row in self.rows(since)[: size + 1]]
        pages = [
            (Place(page.changed_at, -page.pk), None, page)
            for page in updates.pages(since, self.now - SETTLED, size + 1)
        ]
        found = sorted([*rows, *pages], key=lambda each: (each[0].at, each[0].key))
        place = found[:size][-1][0] if found else since or Place(self.now - SETTLED, 0)
        answered = {
            "since": updates.write_since(place), "more": len(found) > size,
            "results": [self.item(row) for _, row, _ in found[:size] if row],
            "pages": updates.items([page for _, _, page in found[:size] if page], self.now),
        }  # fmt: skip
        return self.answer(dumps(answered), seconds=0, tags=["list"])

    def rows(self, since: Place | None) -> QuerySet[LiveDocument, dict[str, Any]]:
        settled = Q(changed_at__lte=self.now - SETTLED)
        if since:
            settled &= Q(changed_at__gte=since.at) & (Q(changed_at__gt=since.at) | Q(pk__gt=since.key))
        public = Q(published_at__lte=self.now) | ~Q(status=200)
        found = LiveDocument.objects.answering(self.now).filter(settled, public, edition__isnull=False)
        return found.annotate(leads_on=queries.leads_on(self.now)).order_by("changed_at", "pk").values(  # type: ignore[return-value]
            "pk", "article_id", "status", "slug", "path", "headline", "etag", "changed_at", "location",
            "leads_on", "site__url_template",
        )  # fmt: skip

    def render_stale(self) -> None:
        """Render some stale documents, so that new facts reach clients that only follow updates."""
        stale = LiveDocument.objects.live(self.now).stale(self.now).order_by("best_before__refresh_at")
        for key in stale.values_list("pk", flat=True)[: queries.RENDERED_PER_REQUEST]:
            try:
                refresh(key, self.now)
            except (StillRendering, RenderFailed):
                continue

    def item(self, row: dict) -> dict:
        """Return one entry; of what is gone only the id, so that copies are dropped and nothing else is disclosed."""
        is_live, location = row["status"] == 200, row["location"]
        leads_on = row["status"] == 301 and (row["leads_on"] or not is_slug(location))
        known = {name: row[name] if is_live else None for name in ("slug", "path", "headline", "etag")}
        return known | {
            "id": row["article_id"], "change": "live" if is_live else "moved" if leads_on else "gone",
            "changed_at": row["changed_at"], "location": location_of(location) if leads_on else None,
            "url": row["site__url_template"].replace("{path}", row["path"]) if is_live else None,
        }  # fmt: skip


class PreviewThrottle(ReadersThrottle):
    """Counts tokens that lead nowhere, and no others: a front end opens many valid links from one address."""

    scope = "preview"


class PreviewView(PublicView):
    """A story as its preview link shows it, or as an editor is typing it who has a frame open beside the text."""

    @openapi.preview
    def get(self, request: Request, token: str) -> HttpResponse:
        query = query_string.Query(request.GET, ("channel",))
        channel = channels.asked(query)
        query.check()
        story, content = self.shared(token) or self.framed(token) or self.refuse(request)
        response = self.answer(preview(story, content, self.now, channel.name), seconds=0)
        response["Cache-Control"] = "no-store"
        response["X-Robots-Tag"] = "noindex, nofollow"
        response["Referrer-Policy"] = "no-referrer"
        return response

    def shared(self, token: str) -> tuple[Article, dict] | None:
        """Return the story of a preview link and its content. Raises Gone for one that has ended."""
        link = PreviewLink.objects.select_related("article", "version").shared_as(token).first()
        if link is None:
            return None
        if not link.is_open(self.now) or link.article.discarded_at:
            raise Gone("This preview link has expired or was revoked.")
        return link.article, link.version.content if link.version else snapshot(link.article)

    def framed(self, token: str) -> tuple[Article, dict] | None:
        """Return the story of a frame and what its editor is typing. Raises Gone where they may not see it any more."""
        frame = PreviewFrame.objects.shown_by(token, self.now).first()
        if frame is not None and frame.reader() is not None:
            return frame.article, frame.content()
        if frame is not None or is_ours(token):
            raise Gone("This preview has ended. It goes on where the story is open: open its preview there again.")
        return None

    def refuse(self, request: Request) -> NoReturn:
        """Answer 404, or 429 to who has tried too many tokens that open nothing."""
        throttle = PreviewThrottle()
        if not throttle.allow_request(request, self):
            self.throttled(request, throttle.wait() or 0.0)
        raise Http404


def tombstone(row: dict, now: datetime) -> Gone | Moved:
    """Return what the address of an article that is gone answers."""
    told = queries.remains(row["pk"], now)
    if told["edition__silent"] or (row["status"] == 410 and told["edition__kind"] is None):
        return Gone(silent=True)
    seconds = min(TOMBSTONE_SECONDS, http_cache.room(now, row["live_until"]))
    headers = {"Cache-Control": http_cache.lifetime(seconds)} | cache_tags.headers([f"article:{row['article_id']}"])
    if row["status"] == 301 and (told["leads_on"] or not is_slug(row["location"])):
        return Moved(location_of(row["location"]), headers)
    return Gone(told["edition__public_note"] if told["edition__kind"] == "withdrawal" else "", headers=headers)


def media_type(fields: Choice) -> str:
    """Return how an answer names itself: a chosen part of a document is not the document the schema describes."""
    return PARTIAL if fields.tree is not None else "application/json"


def location_of(location: str) -> str:
    """Return where a tombstone leads: our own articles are named by slug, all else by its address."""
    return reverse("article", args=[location]) if is_slug(location) else location


def is_slug(location: str) -> bool:
    try:
        return bool(query_string.read_slug(location))
    except ValueError:
        return False
