"""Sitemaps: an index, pages of at most a thousand addresses, and the news of the last two days.

A page names where it begins, never how many pages lie before it: it costs the same anywhere in a million articles,
and an address once told to a search engine stays good. Where pages begin is counted off the index of the table, every
ten minutes at most.
"""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from xml.etree.ElementTree import Element

from django.core.cache import cache
from django.db.models import F, Q, QuerySet, Window
from django.db.models.functions import RowNumber
from django.http import Http404, HttpResponse
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from media.models import Site
from media.photos.delivered import absolute

from ..models import LiveDocument, Section
from ..text import block_html, body
from ..text.xml import add, root, write
from . import directory, hosts, http_cache, query_string
from .cursors import EPOCH, Place, read_cursor, write_cursor
from .public import PublicView

PAGE = 1000
BOUNDS_SECONDS = 600
NEWS_AGE = timedelta(hours=48)
SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
NOUNS = {noun.plural: noun for noun in (directory.SECTIONS, directory.PEOPLE, directory.WORKS, directory.AUTHORS)}
COLUMNS = ("path", "headline", "published_at", "updated_at", "site__url_template", "site__name")
# Documents are long: so many of them lie in memory at once.
AT_ONCE = 100


@extend_schema(exclude=True)
class SitemapView(PublicView):
    under: hosts.Under

    def ask(self, request: Request) -> None:
        query = query_string.Query(request.GET, ("host",))
        self.under = hosts.asked(request, query)
        query.check()

    def xml(self, document: Element, *edges: datetime | None) -> HttpResponse:
        seconds = http_cache.room(self.now, *edges)
        return self.answer(write(document), seconds=seconds, tags=["list"], media_type="application/xml")


class IndexView(SitemapView):
    """Where all pages are."""

    def get(self, request: Request) -> HttpResponse:
        self.ask(request)
        document = root("sitemapindex", xmlns=SITEMAP)
        for name in filter(self.has, ("news", "articles", *NOUNS)):
            for part in [name, *(f"{name}-{cursor}" for cursor in bounds(name, self.now, self.under))]:
                place = reverse("sitemap-part", args=[part])
                add(add(document, "sitemap"), "loc", f"{self.under.origin}{place}")
        return self.xml(document)

    def has(self, name: str) -> bool:
        """Return whether a kind of page has anything on it: an empty one is no valid sitemap."""
        rows = NOUNS[name].public(self.now) if name in NOUNS else indexable(self.now, self.under)
        return (rows.filter(published_at__gt=self.now - NEWS_AGE) if name == "news" else rows).exists()


class PartView(SitemapView):
    """One page of addresses."""

    def get(self, request: Request, part: str) -> HttpResponse:
        self.ask(request)
        name, _, cursor = part.partition("-")
        if name == "news" and not cursor:
            return self.news()
        if name == "articles":
            return self.articles(_place(cursor))
        if name in NOUNS:
            return self.entries(NOUNS[name], _place(cursor, str))
        raise Http404

    def articles(self, place: Place | None) -> HttpResponse:
        page = _after(standing(self.now, self.under), place).order_by("published_at", "article_id")[:PAGE]
        rows = indexable(self.now, self.under, "bytes__document_json").filter(pk__in=page.values("pk"))
        document, edges = root("urlset", xmlns=SITEMAP), []
        for row in rows.order_by("published_at", "article_id").iterator(AT_ONCE):
            _article(document, row, self.now)
            edges.append(row["refresh_at"])
        return self.xml(document, *edges)

    def news(self) -> HttpResponse:
        since = self.now - NEWS_AGE
        found = indexable(self.now, self.under, "bytes__card").filter(published_at__gt=since)
        rows = list(found.order_by("-published_at", "-article_id")[:PAGE])
        document = root("urlset", xmlns=SITEMAP)
        for row in rows:
            _news(document, row)
        leaving = [row["published_at"] + NEWS_AGE for row in rows]
        return self.xml(document, *leaving, *(row["refresh_at"] for row in rows))

    def entries(self, noun: directory.Noun, place: Place | None) -> HttpResponse:
        found = noun.public(self.now).order_by("slug")
        rows = list((found.filter(slug__gt=place.key) if place else found)[:PAGE])
        document, site = root("urlset", xmlns=SITEMAP), self.under.title or Site.objects.default()
        for path in _paths(noun, rows):
            add(add(document, "url"), "loc", site.url(path))
        return self.xml(document, *(edge for row in rows[:1] for edge in (row.upcoming, row.ending)))


# Rows


def indexable(now: datetime, under: hosts.Under, *more: str) -> QuerySet:
    """Return the live articles that search engines are asked to read."""
    return (
        of_titles(LiveDocument.objects.live(now), under)
        .filter(noindex=False)
        .values(*COLUMNS, *more, refresh_at=F("best_before__refresh_at"))
    )


def standing(now: datetime, under: hosts.Under) -> QuerySet:
    """Return what is live, or nearly so, as the index alone tells; pages are counted by it."""
    return of_titles(LiveDocument.objects.filter(status=200, published_at__lte=now), under)


def of_titles(rows: QuerySet, under: hosts.Under) -> QuerySet:
    """Return those of the title whose host is asked: a host's sitemap may hold no address of another."""
    return rows.filter(site__in=under.titles) if under.titles else rows


def bounds(name: str, now: datetime, under: hosts.Under) -> list[str]:
    """Return after which row each further page begins."""
    key = f"sitemap-bounds:{under.key}:{name}"
    found = cache.get(key)
    if found is None:
        found = _bounds(name, now, under)
        if found:
            cache.set(key, found, BOUNDS_SECONDS)
    return found


def _bounds(name: str, now: datetime, under: hosts.Under) -> list[str]:
    if name == "articles":
        rows = _every(standing(now, under), "published_at", "article_id")
        return [write_cursor(Place(*row)) for row in rows.values_list("published_at", "article_id")]
    if name in NOUNS:
        rows = _every(NOUNS[name].public(now), "slug")
        return [write_cursor(Place(EPOCH, slug)) for slug in rows.values_list("slug", flat=True)]
    return []


def _every(rows: QuerySet, *order: str) -> QuerySet:
    """Return each thousandth row that another follows."""
    numbered = rows.order_by().annotate(
        number=Window(RowNumber(), order_by=[F(name).asc() for name in order]), left=F("number") % PAGE
    )
    return numbered.filter(left=0).order_by(*order)


def _after(rows: QuerySet, place: Place | None) -> QuerySet:
    if place is None:
        return rows
    later = Q(published_at__gt=place.at) | Q(article_id__gt=place.key)
    return rows.filter(later, published_at__gte=place.at)


def _place(cursor: str, *key: Callable[[str], Any]) -> Place | None:
    try:
        return read_cursor(cursor, *key) if cursor else None
    except ValueError:
        raise Http404 from None


def _paths(noun: directory.Noun, rows: list) -> list[str]:
    if noun is not directory.SECTIONS:
        return [row.path for row in rows]
    tree = Section.objects.in_bulk()
    return [directory.path_of(directory.line_of(row.pk, tree)) for row in rows]


# Entries of a page


def _article(document: Element, row: dict, now: datetime) -> None:
    """Add an article with its siblings in other languages and its photos; one whose own address is elsewhere is for others to list."""
    whole = json.loads(row["bytes__document_json"])
    if whole["canonical_url"]:
        return
    url = add(document, "url")
    add(url, "loc", _url(row))
    add(url, "lastmod", (row["updated_at"] or row["published_at"]).isoformat())
    if row["refresh_at"] <= now:
        return
    # Documents from before translations say nothing of them.
    for each in whole.get("alternates", ()):
        add(url, "xhtml:link", rel="alternate", hreflang=each["locale"], href=each["url"])
    photos = {photo["id"]: photo for photo in directory.photos_in(whole)}
    for photo in photos.values():
        if photo["image"]:
            _image(url, photo)


def _image(url: Element, photo: dict) -> None:
    credit = photo["credit"] or {}
    image = add(url, "image:image")
    add(image, "image:loc", absolute(photo["image"]["src"]))
    caption = " ".join(filter(None, [body.plain(photo["caption_html"]), block_html.credit_line(photo)]))
    if caption:
        add(image, "image:caption", caption)
    if credit.get("license_url"):
        add(image, "image:license", credit["license_url"])


def _news(document: Element, row: dict) -> None:
    card = json.loads(row["bytes__card"])
    if card["canonical_url"]:
        return
    url = add(document, "url")
    add(url, "loc", _url(row))
    news = add(url, "news:news")
    publication = add(news, "news:publication")
    add(publication, "news:name", row["site__name"])
    add(publication, "news:language", language(card["locale"]))
    add(news, "news:publication_date", row["published_at"].isoformat())
    add(news, "news:title", row["headline"])


def language(locale: str) -> str:
    """Return a language as Google News wants it: two letters, but zh-cn and zh-tw."""
    code, _, region = locale.lower().partition("-")
    return f"zh-{'tw' if 'tw' in region or 'hant' in region else 'cn'}" if code == "zh" else code


def _url(row: dict) -> str:
    return row["site__url_template"].replace("{path}", row["path"])
