"""Writes XML for feeds and sitemaps. The result is well-formed, whatever the text contains."""

import re
from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

NAMESPACES = {
    "media": "http://search.yahoo.com/mrss/",
    "atom": "http://www.w3.org/2005/Atom",
    "dc": "http://purl.org/dc/elements/1.1/",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "news": "http://www.google.com/schemas/sitemap-news/0.9",
    "image": "http://www.google.com/schemas/sitemap-image/1.1",
    "xhtml": "http://www.w3.org/1999/xhtml",
    "xml": "http://www.w3.org/XML/1998/namespace",
}
# Characters that XML 1.0 does not allow.
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

for _prefix, _space in NAMESPACES.items():
    register_namespace(_prefix, _space)


def root(tag: str, **attributes: str) -> Element:
    return Element(tag, {_name(name): value for name, value in attributes.items()})


def add(parent: Element, tag: str, text: str | None = None, **attributes: str) -> Element:
    """Add an element such as “title” or “media:credit” and return it."""
    node = SubElement(parent, _name(tag), {_name(name): _clean(value) for name, value in attributes.items()})
    node.text = None if text is None else _clean(text)
    return node


def write(node: Element) -> str:
    return '<?xml version="1.0" encoding="utf-8"?>\n' + tostring(node, encoding="unicode")


def _name(tag: str) -> str:
    prefix, _, local = tag.rpartition(":")
    return f"{{{NAMESPACES[prefix]}}}{local}" if prefix else local


def _clean(text: str) -> str:
    return _FORBIDDEN.sub("", str(text))
