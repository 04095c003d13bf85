"""Every public surface that names stories, read as a client reads it: which stories it holds and what it says of each.

Each function returns {address of the story: (headline, credit line, or None without a photo)}; None stands for a value
that the surface does not carry.
"""

import json
from xml.etree import ElementTree

NAMES = {
    "atom": "http://www.w3.org/2005/Atom",
    "media": "http://search.yahoo.com/mrss/",
    "map": "http://www.sitemaps.org/schemas/sitemap/0.9",
    "image": "http://www.google.com/schemas/sitemap-image/1.1",
    "news": "http://www.google.com/schemas/sitemap-news/0.9",
}
UNSAID = object()


def _json(client, address: str) -> dict:
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.content)
    return json.loads(answer.content)


def _xml(client, address: str):
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.content)
    return ElementTree.fromstring(answer.content)


def _of_card(card: dict) -> tuple:
    return card["headline"], card["lead"] and card["lead"]["credit"]["line"]


def cards(client, query: str = "") -> dict:
    return {card["url"]: _of_card(card) for card in _json(client, f"/api/v1/articles/?{query}")["results"]}


def search(client, words: str = "words") -> dict:
    return {card["url"]: _of_card(card) for card in _json(client, f"/api/v1/search/?q={words}")["results"]}


def saved(client, keys) -> dict:
    return cards(client, "id=" + ",".join(map(str, keys)))


def json_feed(client, query: str = "") -> dict:
    return {item["url"]: _of_feed_item(item) for item in _json(client, f"/feeds/feed.json{query}")["items"]}


def _of_feed_item(item: dict) -> tuple:
    attached = item.get("attachments")
    return item["title"], attached[0]["_marquee"]["credit"]["line"] if attached else None


def rss(client) -> dict:
    items = _xml(client, "/feeds/rss.xml").iter("item")
    return {item.findtext("link"): (item.findtext("title"), _media_credit(item)) for item in items}


def atom(client) -> dict:
    entries = _xml(client, "/feeds/atom.xml").iterfind("atom:entry", NAMES)
    return {
        entry.find("atom:link", NAMES).get("href"): (entry.findtext("atom:title", None, NAMES), _media_credit(entry))
        for entry in entries
    }


def _media_credit(item) -> str | None:
    return item.findtext("media:content/media:credit", None, NAMES)


def sitemap(client) -> dict:
    urls = _xml(client, "/sitemap-articles.xml").iterfind("map:url", NAMES)
    return {
        url.findtext("map:loc", None, NAMES): (UNSAID, url.findtext("image:image/image:caption", None, NAMES))
        for url in urls
    }


def news_sitemap(client) -> dict:
    urls = _xml(client, "/sitemap-news.xml").iterfind("map:url", NAMES)
    return {
        url.findtext("map:loc", None, NAMES): (url.findtext("news:news/news:title", None, NAMES), UNSAID)
        for url in urls
    }


def structured(document: dict) -> tuple:
    """Return what the JSON-LD of a document says."""
    found = document["structured_data"]
    image = next(iter(found.get("image") or ()), None)
    return found["headline"], image and image["creditText"]


class Indexer:
    """A copy of what is live, kept by following `updates/` alone as a search engine or static builder would."""

    def __init__(self, since: str):
        self.since, self.copy = since, {}

    def follow(self, client) -> None:
        more = True
        while more:
            answer = client.get("/api/v1/updates/", {"since": self.since, "page_size": 2})
            assert answer.status_code == 200, answer.content
            page = answer.json()
            self.since, more = page["since"], page["more"]
            for item in page["results"]:
                self.take(item)

    def take(self, item: dict) -> None:
        if item["change"] == "live":
            self.copy[item["id"]] = (item["url"], item["headline"], item["etag"])
        elif item["change"] == "gone":
            self.copy.pop(item["id"], None)
