"""Turns delivered blocks into plain HTML, for feed readers and syndication partners."""

from collections.abc import Callable, Iterable
from html import escape
from typing import Any

from media.photos.delivered import absolute

from .own_links import unmarked


def html_of(blocks: Iterable[dict[str, Any]]) -> str:
    """Return the HTML of a document's body. Addresses are whole, links are plain."""
    return unmarked("\n".join(html for block in blocks if (html := _block(block))))


def _block(block: dict[str, Any]) -> str:
    return WRITERS[block["type"]](block) if block["type"] in WRITERS else ""


def _heading(block: dict[str, Any]) -> str:
    return f"<h{block['level']}>{block['html']}</h{block['level']}>"


def _quote(block: dict[str, Any]) -> str:
    cite = f"<footer>{escape(block['cite'])}</footer>" if block["cite"] else ""
    return f"<blockquote><p>{block['html']}</p>{cite}</blockquote>"


def _list(block: dict[str, Any]) -> str:
    """Return a list. The `ordered` of an item applies to the items below it."""
    kind = "ol" if block["ordered"] else "ul"
    return f"<{kind}>{''.join(map(_item, block['items']))}</{kind}>"


def _item(item: dict[str, Any]) -> str:
    below = _list(item) if item["items"] else ""
    return f"<li>{item['html']}{below}</li>"


def figure(photo: dict[str, Any]) -> str:
    """Return a photo with its caption and, always, its credit."""
    image, line = photo["image"], credit_line(photo)
    said = " ".join(part for part in (photo["caption_html"], f"<small>{escape(line)}</small>" if line else "") if part)
    caption = f"<figcaption>{said}</figcaption>" if said else ""
    size = f'width="{image["width"]}" height="{image["height"]}"'
    return f'<figure><img src="{escape(absolute(image["src"]))}" alt="{escape(photo["alt"])}" {size}>{caption}</figure>'


CHAIN = ("line", "photographers", "agencies", "on_behalf_of", "courtesy_of", "handle", "license_url")


def credit_chains(photo: dict[str, Any]) -> list[dict[str, Any]]:
    """Return each chain of the credit; a document stored before there were any says the first."""
    first = [{"position": None} | {name: photo["credit"][name] for name in CHAIN}] if photo["credit"] else []
    found: list[dict[str, Any]] = photo.get("credits", first)
    return found


def credit_line(photo: dict[str, Any]) -> str:
    return photo["credit"]["line"] if photo["credit"] else ""


def _gallery(block: dict[str, Any]) -> str:
    title = f"<h2>{escape(block['title'])}</h2>" if block["title"] else ""
    return title + "".join(map(figure, block["photos"]))


def _embed(block: dict[str, Any]) -> str:
    link = f'<p><a href="{escape(block["url"])}">{escape(block["fallback_text"] or block["url"])}</a></p>'
    caption = block.get("caption_html")
    return link + (f"<p>{caption}</p>" if caption else "")


WRITERS: dict[str, Callable[[dict[str, Any]], str]] = {
    "paragraph": lambda block: f"<p>{block['html']}</p>",
    "heading": _heading,
    "quote": _quote,
    "pull_quote": _quote,
    "list": _list,
    "photo": figure,
    "gallery": _gallery,
    "embed": _embed,
    "divider": lambda block: "<hr>",
    "notice": lambda block: f"<p><em>{escape(block['text'])}</em></p>",
}
