"""What the RSS Advisory Board's profile, Media RSS 1.5.1 and JSON Feed 1.1 ask of a feed: each function yields what is broken.

Written from rssboard.org/rss-profile (1.0), rssboard.org/media-rss (1.5.1) and jsonfeed.org/version/1.1, as of November
2026; a sentence names the part of the text it comes from.
"""

import re
from collections.abc import Iterator
from datetime import datetime
from email.utils import parsedate_to_datetime
from html.parser import HTMLParser
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

ATOM, MEDIA = "{http://www.w3.org/2005/Atom}", "{http://search.yahoo.com/mrss/}"
CONTENT, DC = "{http://purl.org/rss/1.0/modules/content/}", "{http://purl.org/dc/elements/1.1/}"
LANGUAGE = r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*"
CHANNEL_ONCE = (
    "title", "link", "description", "language", "copyright", "lastBuildDate", "pubDate", "docs", "generator", "image",
    "managingEditor", "webMaster", "ttl",
)  # fmt: skip
ITEM_ONCE = ("title", "link", "description", "guid", "pubDate", "author", "comments", "enclosure", "source")


def is_address(text: str | None) -> bool:
    parts = urlsplit(text or "")
    return parts.scheme in ("http", "https") and bool(parts.netloc) and text.isascii() and not re.search(r"\s", text)


# RSS 2.0, the profile


def rss(document: Element) -> Iterator[str]:
    """Yield every rule of the profile that a document breaks."""
    channel = document.find("channel")
    if document.tag != "rss" or document.get("version") != "2.0" or len(document) != 1 or channel is None:
        yield "rss: one channel, version 2.0"
        return
    yield from repeated(channel, CHANNEL_ONCE, "channel")
    yield from (
        f"channel: {name} is required" for name in ("title", "link", "description") if not channel.findtext(name)
    )
    if not is_address(channel.findtext("link")):
        yield "channel link: a whole address"
    if not re.fullmatch(LANGUAGE, channel.findtext("language") or ""):
        yield "language: a code of RFC 5646"
    if not re.fullmatch(r"[1-9]\d*", channel.findtext("ttl") or ""):
        yield "ttl: whole minutes"
    yield from dates(channel, "lastBuildDate")
    itself = [link for link in channel.findall(f"{ATOM}link") if link.get("rel") == "self"]
    if len(itself) != 1 or itself[0].get("type") != "application/rss+xml" or not is_address(itself[0].get("href")):
        yield "atom:link: the feed names its own address"
    for image in channel.findall("image"):
        yield from image_rules(image, channel)
    yield from from_items(channel.findall("item"))


def image_rules(image: Element, channel: Element) -> Iterator[str]:
    """The channel's image: title and link are the channel's; a size, if given, is at most 144 × 400."""
    yield from (f"image: {name} is required" for name in ("url", "title", "link") if not image.findtext(name))
    if not is_address(image.findtext("url")) or not re.search(
        r"\.(gif|jpe?g|png)$", urlsplit(image.findtext("url")).path.lower()
    ):
        yield "image url: a GIF, JPEG or PNG"
    for name in ("title", "link"):
        if image.findtext(name) != channel.findtext(name):
            yield f"image {name}: should be the channel's"
    for name, most in (("width", 144), ("height", 400)):
        if image.find(name) is not None and not 0 < int(image.findtext(name)) <= most:
            yield f"image {name}: at most {most}"


def from_items(items: list[Element]) -> Iterator[str]:
    identities = [item.findtext("guid") for item in items]
    if len(set(identities)) != len(identities) or not all(identities):
        yield "guid: each item has one, and no two the same"
    for item in items:
        yield from item_rules(item)


def item_rules(item: Element) -> Iterator[str]:
    yield from repeated(item, ITEM_ONCE, "item")
    if not (item.findtext("title") or item.findtext("description")):
        yield "item: a title or a description is required"
    if not is_address(item.findtext("link")):
        yield "item link: a whole address"
    guid = item.find("guid")
    if guid is not None and guid.get("isPermaLink", "true") == "true" and not is_address(guid.text):
        yield "guid: a permalink is an address"
    yield from dates(item, "pubDate")
    if item.find("author") is not None:
        yield "author: holds an address of mail; names go into dc:creator"
    order = [child.tag for child in item]
    if f"{CONTENT}encoded" in order and order.index("description") > order.index(f"{CONTENT}encoded"):
        yield "content:encoded: follows the description"
    for name in ("description", f"{CONTENT}encoded"):
        yield from html_rules(item.findtext(name) or "", name)
    if (language := item.findtext(f"{DC}language")) and not re.fullmatch(LANGUAGE, language):
        yield "dc:language: a code of RFC 5646"
    yield from media(item)


def repeated(node: Element, names: tuple[str, ...], where: str) -> Iterator[str]:
    return (f"{where}: {name} must not be repeated" for name in names if len(node.findall(name)) > 1)


def dates(node: Element, name: str) -> Iterator[str]:
    """Date and time: RFC 822 with a year of four digits."""
    text = node.findtext(name) or ""
    if not re.fullmatch(r"[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d (GMT|[+-]\d{4})", text):
        yield f"{name}: a date of RFC 822"
    elif parsedate_to_datetime(text).strftime("%a") != text[:3]:
        yield f"{name}: another day of the week"


class Markup(HTMLParser):
    """Notes what a feed reader would find in a description: elements, and addresses that lead nowhere."""

    KNOWN = {"p", "h2", "h3", "h4", "ul", "ol", "li", "blockquote", "footer", "figure", "figcaption", "img", "small", "hr", "a", "strong", "em", "br"}  # fmt: skip

    def __init__(self, text: str) -> None:
        super().__init__()
        self.faults: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list) -> None:
        if tag not in self.KNOWN:
            self.faults.append(f"“<{tag}>” is no element: text is escaped once more")
        self.faults += [
            f"{name} is relative" for name, value in attrs if name in ("href", "src") and not is_address(value)
        ]


def html_rules(text: str, where: str) -> Iterator[str]:
    """Item description: suitable for presentation as HTML; addresses whole, for there is no base."""
    return (f"{where}: {fault}" for fault in Markup(text).faults)


# Media RSS


def media(item: Element) -> Iterator[str]:
    for content in item.iter(f"{MEDIA}content"):
        if not is_address(content.get("url")) or content.get("medium") not in (
            "image",
            "audio",
            "video",
            "document",
            "executable",
        ):
            yield "media:content: a whole address and a medium it knows"
        if not all((content.get(name) or "").isdigit() for name in ("width", "height")):
            yield "media:content: width and height in pixels"
        if content.find(f"{MEDIA}text") is not None:
            yield "media:text: a transcript or lyrics, no alternative text"
        for name in ("title", "description"):
            yield from (
                f"media:{name}: type is plain or html" for each in content.findall(f"{MEDIA}{name}")
                if each.get("type", "plain") not in ("plain", "html")
            )  # fmt: skip
        for credit in content.findall(f"{MEDIA}credit"):
            if not credit.text or (credit.get("role") or "").lower() != (credit.get("role") or ""):
                yield "media:credit: names somebody; a role is in small letters"
        thumbnails = content.findall(f"{MEDIA}thumbnail")
        for each in thumbnails:
            if not is_address(each.get("url")) or not all(
                (each.get(name) or "").isdigit() for name in ("width", "height")
            ):
                yield "media:thumbnail: a whole address, with its size"
        if content.get("medium") == "image" and not thumbnails:
            yield "media:thumbnail: missing"


# JSON Feed 1.1

FEED = {
    "version": str, "title": str, "home_page_url": str, "feed_url": str, "description": str, "user_comment": str,
    "next_url": str, "icon": str, "favicon": str, "authors": list, "language": str, "expired": bool, "hubs": list,
    "items": list,
}  # fmt: skip
ITEM = {
    "id": str, "url": str, "external_url": str, "title": str, "content_html": str, "content_text": str, "summary": str,
    "image": str, "banner_image": str, "date_published": str, "date_modified": str, "authors": list, "tags": list,
    "language": str, "attachments": list,
}  # fmt: skip
ATTACHMENT = {"url": str, "mime_type": str, "title": str, "size_in_bytes": int, "duration_in_seconds": (int, float)}
AUTHOR = {"name": str, "url": str, "avatar": str}


def json_feed(feed: dict) -> Iterator[str]:
    """Yield every rule of JSON Feed 1.1 that a feed breaks."""
    yield from fields(feed, FEED, "feed")
    if feed.get("version") != "https://jsonfeed.org/version/1.1" or next(iter(feed)) != "version":
        yield "version: 1.1, at the very top"
    yield from (f"feed: {name} is required" for name in ("title", "items") if name not in feed)
    yield from people(feed, "feed")
    if "language" in feed and not re.fullmatch(LANGUAGE, feed["language"]):
        yield "feed language: RFC 5646"
    identities = [item.get("id") for item in feed.get("items", ())]
    if len(set(identities)) != len(identities) or not all(identities):
        yield "item id: each has one, and no two the same"
    for item in feed.get("items", ()):
        yield from json_item(item)


def json_item(item: dict) -> Iterator[str]:
    yield from fields(item, ITEM, "item")
    if "content_html" not in item and "content_text" not in item:
        yield "item: content_html or content_text is required"
    if not is_address(item.get("url")):
        yield "item url: the permalink"
    yield from html_rules(item.get("content_html", ""), "content_html")
    for name in ("date_published", "date_modified"):
        if name in item and not (
            re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", item[name])
            and datetime.fromisoformat(item[name])
        ):
            yield f"{name}: RFC 3339"
    if "language" in item and not re.fullmatch(LANGUAGE, item["language"]):
        yield "item language: RFC 5646"
    yield from people(item, "item")
    if not all(isinstance(tag, str) and tag for tag in item.get("tags", ())):
        yield "tags: plain words"
    for each in item.get("attachments", ()):
        yield from fields(each, ATTACHMENT, "attachment")
        if not is_address(each.get("url")) or not re.fullmatch(r"\w+/[\w.+-]+", each.get("mime_type", "")):
            yield "attachment: url and mime_type are required"


def fields(given: dict, known: dict, where: str) -> Iterator[str]:
    """Names that the format does not know begin with “_”; nothing is null; addresses are whole."""
    for name, value in given.items():
        if name.startswith("_"):
            continue
        if name not in known:
            yield f"{where}: no such field as {name}"
        elif not isinstance(value, known[name]):
            yield f"{where}: {name} is of another type"
        elif (
            name.endswith("url") or name in ("image", "banner_image", "icon", "favicon", "avatar")
        ) and not is_address(value):
            yield f"{where}: {name} is no whole address"


def people(given: dict, where: str) -> Iterator[str]:
    if "author" in given:
        yield f"{where}: author is of version 1; authors is what 1.1 has"
    for author in given.get("authors", ()):
        yield from fields(author, AUTHOR, f"{where} author")
        if not author:
            yield f"{where} author: name, url or avatar"
