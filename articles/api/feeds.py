"""RSS 2.0, Atom and JSON Feed of the newest articles: of all, or of a section, person, work, author or tag."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from html import escape
from typing import Any
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

from django.http import Http404, HttpResponse
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from media.models import Site
from media.photos.delivered import absolute, height_at, place, web_address

from ..models import Address, LiveDocumentBody
from ..text import block_html, body
from ..text.xml import add, root, write
from . import channels, directory, extents, hosts, http_cache, queries, query_string
from .cursors import EPOCH
from .public import Moved, PublicView
from .query_string import Page, Selection

CHANNEL = "feed"
LENGTH = 50
# RSS 2.0, "<image>".
WIDEST_LOGO, TALLEST_LOGO = 144, 400
NOUNS = {
    noun.name: noun
    for noun in (directory.SECTIONS, directory.PEOPLE, directory.WORKS, directory.AUTHORS, directory.TAGS)
}
ATOM = "http://www.w3.org/2005/Atom"


@dataclass(frozen=True)
class Item:
    """One article of a feed: its card or document, as the feed channel has it."""

    values: dict
    full: bool

    @property
    def published(self) -> datetime:
        return datetime.fromisoformat(self.values["published_at"])

    @property
    def changed(self) -> datetime:
        return datetime.fromisoformat(self.values["modified_at"])

    @property
    def names(self) -> list[str]:
        return [author["name"] for author in self.values["authors"]] or [self.values["byline"].removeprefix("By ")]

    @property
    def photo(self) -> dict | None:
        return self.values["lead"]

    @property
    def html(self) -> str:
        """Return what the reader sees: the whole text, or the standfirst."""
        lead = block_html.figure(self.photo) if self.photo else ""
        text = block_html.html_of(self.values["body"]) if self.full else ""
        standfirst = f"<p>{escape(self.values['standfirst'])}</p>" if self.values["standfirst"] else ""
        return "\n".join(part for part in (standfirst, lead, text) if part)

    @property
    def labels(self) -> list[str]:
        found = [self.values["section"], *self.values["tags"], *self.values["people"]]
        return [each["name"] for each in found if each] + [work["title"] for work in self.values["works"]]


@dataclass(frozen=True)
class Logo:
    """The title's logo; no size where it is unknown, or larger than RSS allows one to say."""

    address: str
    size: dict[str, str]


@dataclass(frozen=True)
class Feed:
    """A feed ready to be written in any format. `id` stays the same under whatever host it is asked for."""

    title: str
    description: str
    home: str
    id: str
    address: str
    language: str
    logo: Logo | None
    items: list[Item]

    @property
    def changed(self) -> datetime:
        return max((item.changed for item in self.items), default=EPOCH)


# RSS 2.0 with Media RSS


def rss(feed: Feed) -> str:
    document = root("rss", version="2.0")
    channel = add(document, "channel")
    add(channel, "title", feed.title)
    add(channel, "link", feed.home)
    add(channel, "description", feed.description)
    add(channel, "language", feed.language)
    add(channel, "lastBuildDate", format_datetime(feed.changed, usegmt=True))
    add(channel, "ttl", str(http_cache.SHARED // 60))
    add(channel, "atom:link", href=feed.address, rel="self", type=TYPES["rss.xml"])
    if feed.logo:
        image = add(channel, "image")
        for name, value in {"url": feed.logo.address, "title": feed.title, "link": feed.home, **feed.logo.size}.items():
            add(image, name, value)
    for item in feed.items:
        _rss_item(add(channel, "item"), item)
    return write(document)


def _rss_item(node: Element, item: Item) -> None:
    values = item.values
    add(node, "title", values["headline"])
    add(node, "link", values["url"])
    add(node, "guid", values["id"], isPermaLink="false")
    add(node, "pubDate", format_datetime(item.published, usegmt=True))
    for name in filter(None, item.names):
        add(node, "dc:creator", name)
    for label in item.labels:
        add(node, "category", label)
    add(node, "dc:language", values["locale"])
    # Readers take a description for HTML (RSS profile, "description").
    add(node, "description", escape(values["standfirst"], quote=False))
    if item.full:
        add(node, "content:encoded", item.html)
    if item.photo:
        _media(node, item.photo)


def _media(node: Element, photo: dict) -> None:
    image, credit = photo["image"], photo["credit"] or {}
    content = add(
        node, "media:content", url=absolute(image["src"]), type="image/jpeg", medium="image",
        width=str(image["width"]), height=str(image["height"]),
    )  # fmt: skip
    texts = (
        ("title", photo["alt"]),
        ("description", body.plain(photo["caption_html"])),
        ("credit", credit.get("line")),
        ("copyright", credit.get("copyright_notice")),
    )
    for name, text in texts:
        if text:
            add(content, f"media:{name}", text)
    sizes = ((width, height_at(image, width)) for width in image["widths"])
    width, height = next((size for size in sizes if size[1]), (image["width"], image["height"]))
    add(
        content, "media:thumbnail", url=absolute(place(image["url_template"], "full", width, "jpg")),
        width=str(width), height=str(height),
    )  # fmt: skip


# Atom (RFC 4287)


def atom(feed: Feed) -> str:
    document = root("feed", **{"xmlns": ATOM, "xml:lang": feed.language})
    add(document, "title", feed.title)
    add(document, "subtitle", feed.description)
    add(document, "id", feed.id)
    add(document, "updated", feed.changed.isoformat())
    add(document, "link", href=feed.address, rel="self", type=TYPES["atom.xml"])
    add(document, "link", href=feed.home, rel="alternate", type="text/html")
    _named(document, feed.title)
    if feed.logo:
        add(document, "logo", feed.logo.address)
    for item in feed.items:
        _atom_entry(add(document, "entry", **{"xml:lang": item.values["locale"]}), item)
    return write(document)


def _atom_entry(node: Element, item: Item) -> None:
    values = item.values
    add(node, "title", values["headline"])
    add(node, "id", f"urn:uuid:{values['id']}")
    add(node, "link", href=values["url"], rel="alternate", type="text/html")
    add(node, "published", values["published_at"])
    add(node, "updated", values["modified_at"])
    for name in filter(None, item.names):
        _named(node, name)
    for label in item.labels:
        add(node, "category", term=label)
    add(node, "summary", values["standfirst"])
    if item.full:
        add(node, "content", item.html, type="html")
    if item.photo:
        _media(node, item.photo)


def _named(node: Element, name: str) -> None:
    add(add(node, "author"), "name", name)


# JSON Feed 1.1


def json_feed(feed: Feed) -> str:
    return json.dumps(
        {
            "version": "https://jsonfeed.org/version/1.1", "title": feed.title, "description": feed.description,
            "home_page_url": feed.home, "feed_url": feed.address, "language": feed.language,
            "authors": [{"name": feed.title, "url": feed.home}],
            "items": [_json_item(item) for item in feed.items],
        },
        ensure_ascii=False,
    )  # fmt: skip


def _json_item(item: Item) -> dict:
    values = item.values
    found = {
        "id": values["id"], "url": values["url"], "external_url": values["canonical_url"], "title": values["headline"],
        "summary": values["standfirst"], "language": values["locale"],
        "date_published": values["published_at"], "date_modified": values["modified_at"],
        "authors": [{"name": name} for name in item.names if name], "tags": item.labels,
        "image": absolute(item.photo["image"]["src"]) if item.photo else None,
        "content_html" if item.full else "content_text": item.html if item.full else values["standfirst"],
        "attachments": [_attachment(item.photo)] if item.photo else None,
    }  # fmt: skip
    return {key: value for key, value in found.items() if value or key.startswith("content_")}


def _attachment(photo: dict) -> dict:
    said = [body.plain(photo["caption_html"]), block_html.credit_line(photo)]
    return {
        "url": absolute(photo["image"]["src"]), "mime_type": "image/jpeg", "title": " ".join(filter(None, said)),
        "_marquee": {"credit": photo["credit"], "credits": block_html.credit_chains(photo), "alt": photo["alt"]},
    }  # fmt: skip


# Answers

FORMATS = {"rss.xml": rss, "atom.xml": atom, "feed.json": json_feed}
TYPES = {"rss.xml": "application/rss+xml", "atom.xml": "application/atom+xml", "feed.json": "application/feed+json"}


@extend_schema(exclude=True)
class FeedView(PublicView):
    """The newest articles; `?full=1` with their whole text, of the titles that have feeds, with the photos feeds may show."""

    def get(self, request: Request, format: str, noun: str = "", slug: str = "") -> HttpResponse:
        sites = list(Site.objects.order_by("pk"))
        channel = channels.of_titles(CHANNEL, {site.pk: site.channels for site in sites})
        if format not in FORMATS or channel is None:
            raise Http404
        query = query_string.Query(request.GET, ("full", "locale", "host"))
        full, self.under = query.one("full", read_flag, False), hosts.asked(request, query, sites)
        site = self.under.title or next((site for site in sites if site.is_default), sites[0])
        locale = query.one("locale", query_string.read_locale, site.locale)
        query.check()
        if CHANNEL not in site.channels and self.under.title:
            raise Http404
        subject = self.subject(noun, slug, format) if noun else None
        chosen = Selection(
            facets={noun: (slug,)} if noun else {}, locales=(locale,), channel=CHANNEL,
            sites=self.under.titles or channel.sites,
        )  # fmt: skip
        chosen = extents.with_regions(chosen)
        found = queries.page(chosen, Page(LENGTH), self.now)
        rows = queries.fresh_cards(found.rows, self.now, CHANNEL)
        entries = items(rows, full, self.now)
        feed = self.feed(subject, entries, site, locale)
        seconds = http_cache.room(self.now, found.upcoming, *(row.refresh_at for row in rows))
        if subject:
            seconds = min(seconds, http_cache.room(self.now, subject.upcoming, subject.ending))
        tags = ["list", *(f"article:{item.values['id']}" for item in entries)]
        media_type = f"{TYPES[format]}; charset=utf-8"
        return self.answer(FORMATS[format](feed), seconds=seconds, tags=tags, media_type=media_type)

    def subject(self, noun: str, slug: str, format: str) -> Any:
        """Return whose feed this is; an earlier slug leads to the present one."""
        row = NOUNS[noun].public(self.now).filter(slug=slug).first() if noun in NOUNS else None
        if row is None:
            earlier = (
                Address.objects.filter(kind=noun, slug=slug, retired=False).values_list("target", flat=True).first()
            )
            row = NOUNS[noun].public(self.now).filter(pk=earlier).first() if earlier and noun in NOUNS else None
            if row is None:
                raise Http404
            raise Moved(hosts.path_of(self.request, reverse("feed-of", args=[noun, row.slug, format])))
        return row

    def feed(self, subject: Any, found: list[Item], site: Site, locale: str) -> Feed:
        title = f"{site.name}: {getattr(subject, 'name', '') or subject.title}" if subject else site.name
        about = getattr(subject, "description", "") or f"The newest articles of {title}."
        home, itself = site.url(subject.path if subject else "/"), hosts.path_of(self.request)
        lasting, address = f"{site.origin}{itself}", f"{self.under.origin}{itself}"
        return Feed(title, about, home, lasting, address, locale, logo_of(site), found)


def items(rows: Iterable[queries.Listed], full: bool, now: datetime) -> list[Item]:
    """Return the items of these rows. What is stale even now comes without photos and text."""
    rows = list(rows)
    stored = LiveDocumentBody.objects.filter(pk__in=[row.key for row in rows])
    whole = {each.key: each for each in queries.documents(stored, now, CHANNEL)} if full else {}
    return [_item(row, whole.get(row.key, row), full, now) for row in rows]


def _item(row: queries.Listed, stored: queries.Listed, full: bool, now: datetime) -> Item:
    if row.refresh_at <= now or stored.refresh_at <= now:
        return Item(json.loads(row.text) | {"lead": None}, full=False)
    return Item(json.loads(stored.text), full)


def logo_of(site: Site) -> Logo | None:
    """Return the title's logo, if it is of a type that every feed reader shows."""
    address = web_address(site.logo_url)
    if address is None or not urlsplit(address).path.lower().endswith((".png", ".jpg", ".jpeg", ".gif")):
        return None
    width, height = site.logo_width or 0, site.logo_height or 0
    fits = 0 < width <= WIDEST_LOGO and 0 < height <= TALLEST_LOGO
    return Logo(address, {"width": str(width), "height": str(height)} if fits else {})


def read_flag(value: str) -> bool:
    if value in ("0", "1"):
        return value == "1"
    raise ValueError("Give 1 or 0.")
