"""XMP: turns a packet into plain values, in whatever dialect of RDF and whatever encoding it was written.

Pure. A packet that breaks off or breaks a rule of XML is read up to that point. Entities are never declared, let alone
expanded: a packet with a document type is refused.
"""

from __future__ import annotations

import re
from collections import ChainMap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

from .iim import decode_windows
from .metadata_blocks import PACKET_START

# Namespace -> the prefix the specifications use for it; files may choose any prefix.
PREFIXES = {
    "adobe:ns:meta/": "x",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#": "rdf",
    "http://www.w3.org/XML/1998/namespace": "xml",
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://ns.adobe.com/photoshop/1.0/": "photoshop",
    "http://ns.adobe.com/xap/1.0/": "xmp",
    "http://ns.adobe.com/tiff/1.0/": "tiff",
    "http://ns.adobe.com/exif/1.0/": "exif",
    "http://ns.adobe.com/xap/1.0/rights/": "xmpRights",
    "http://ns.adobe.com/xmp/note/": "xmpNote",
    "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/": "Iptc4xmpCore",
    "http://iptc.org/std/Iptc4xmpExt/2008-02-29/": "Iptc4xmpExt",
    "http://ns.useplus.org/ldf/xmp/1.0/": "plus",
    "http://xmp.gettyimages.com/gift/1.0/": "GettyImagesGIFT",
}
MAX_TEXT = 4_000_000
MAX_ELEMENTS = 50_000
MAX_CHILDREN = 1_000
MAX_DEPTH = 40
LONGEST_VALUE = 100_000

_WRAPPERS = {"rdf:RDF", "x:xmpmeta", "x:xapmeta", "xmp:xmpmeta"}
_CONTAINERS = {"rdf:Bag", "rdf:Seq", "rdf:Alt"}
_BARE = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#[0-9]{1,7}|#x[0-9A-Fa-f]{1,6});)")
_NUMBERED = re.compile(r"&#(?:([0-9]{1,7})|x([0-9A-Fa-f]{1,6}));")
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_STRAY = {0xDC00 + byte: decode_windows(bytes([byte])) for byte in range(0x80, 0x100)}


@dataclass(frozen=True)
class Packet:
    """Properties by standard name ("dc:creator") and sentences about what was wrong.

    A value is text, a list (Bag, Seq), a dict of names (structure) or a `LangAlt`.
    """

    properties: dict[str, Any]
    warnings: tuple[str, ...] = ()


class LangAlt(dict[str, str]):
    """Texts by language; the default is "x-default", or else the first."""

    @property
    def default(self) -> str:
        return self.get("x-default") or next(iter(self.values()), "")


@dataclass
class _Element:
    name: str
    attributes: dict[str, str]
    children: list[_Element] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(self.pieces)


def parse(block: bytes) -> Packet:
    """Reads one packet, with or without its wrapper; wrong bytes before it are skipped."""
    text = _decode(block)
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        return Packet({}, ("The XMP contains entity declarations and was not read.",))
    tree, broken = _tree(text)
    if broken:
        tree, broken = _tree(_repaired(text))
    properties: dict[str, Any] = {}
    for description in _descriptions(tree):
        _add(properties, _properties(description).items())
    return Packet(properties, ("The XMP is damaged and was read as far as possible.",) if broken else ())


def _add(properties: dict[str, Any], found: Iterable[tuple[str, Any]]) -> None:
    """Keep the last value that is not empty: writers append what is newer."""
    for name, value in found:
        if value or name not in properties:
            properties[name] = value


def _decode(block: bytes) -> str:
    """Return the packet's characters from its first tag on, whatever Unicode encoding they are in."""
    start = PACKET_START.search(block)
    if start is None:
        return ""
    at = start.start()
    nulls = re.match(rb"<(\0*)", start[0])
    text = _wide(block, at, len(nulls[1]) + 1) if nulls and nulls[1] else _utf8(block[at : at + MAX_TEXT])
    return text[: _end(text)]


def _wide(block: bytes, at: int, width: int) -> str:
    """UTF-16 or UTF-32; the place of the first letter within its unit tells the byte order."""
    bits = 16 if width == 2 else 32
    if at % width == width - 1 and not any(block[at - width + 1 : at]):
        return block[at - width + 1 :][: width * MAX_TEXT].decode(f"utf-{bits}-be", "replace")
    return block[at:][: width * MAX_TEXT].decode(f"utf-{bits}-le", "replace")


def _utf8(block: bytes) -> str:
    """Stray bytes of another character set become Windows-1252 letters instead of spoiling the packet."""
    try:
        return block.decode("utf-8")
    except UnicodeDecodeError:
        return block.decode("utf-8", "surrogateescape").translate(_STRAY)


def _end(text: str) -> int:
    """Trailing bytes after the packet (padding, another segment's rest) are no part of it."""
    ends = [(text.rfind(tag), len(tag)) for tag in ("</x:xmpmeta>", "</x:xapmeta>", "</rdf:RDF>")]
    at, size = max(ends)
    return at + size if at >= 0 else len(text)


def _repaired(text: str) -> str:
    """Without what careless writers leave in: control characters, bare ampersands, references to nothing."""
    return _NUMBERED.sub(_reference, _BARE.sub("&amp;", _FORBIDDEN.sub("", text)))


def _reference(match: re.Match[str]) -> str:
    code = int(match[1]) if match[1] else int(match[2], 16)
    return "" if code > 0x10FFFF or _FORBIDDEN.match(chr(code)) else match[0]


def _tree(text: str) -> tuple[_Element, bool]:
    """Return the elements of a text, and whether it broke off or broke a rule."""
    builder = _Builder()
    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.data
    try:
        parser.Parse(text.encode("utf-8", "ignore"), True)
    except expat.ExpatError:
        builder.drop_the_cut_value()
        return builder.root, True
    return builder.root, False


class _Builder:
    """Builds the tree while expat reads, so that whatever came before an error is kept."""

    def __init__(self) -> None:
        self.root = _Element("", {})
        self.open = [self.root]
        self.scopes: list[ChainMap[str, str]] = [ChainMap()]
        self.count = self.skipped = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if self.skipped or self.is_full():
            self.skipped += 1
            return
        self.count += 1
        scope = self.scopes[-1]
        declared = {key[6:]: uri.strip() for key, uri in attributes.items() if key.startswith("xmlns:")}
        if declared:
            scope = scope.new_child({prefix: PREFIXES.get(uri, prefix) for prefix, uri in declared.items()})
        self.scopes.append(scope)
        plain = {_standard(key, scope): value for key, value in attributes.items() if not key.startswith("xmlns")}
        element = _Element(_standard(name, scope), plain)
        self.open[-1].children.append(element)
        self.open.append(element)

    def is_full(self) -> bool:
        """Return True at a thousand values: image editors leave lists of a hundred thousand ancestors."""
        return len(self.open) > MAX_DEPTH or len(self.open[-1].children) >= MAX_CHILDREN or self.count >= MAX_ELEMENTS

    def end(self, _name: str) -> None:
        if self.skipped:
            self.skipped -= 1
        else:
            self.open.pop()
            self.scopes.pop()

    def data(self, text: str) -> None:
        if not self.skipped:
            self.open[-1].pieces.append(text)

    def drop_the_cut_value(self) -> None:
        """A value whose end is missing may be half a value."""
        if len(self.open) > 1 and not self.open[-1].children:
            self.open[-2].children.pop()


def _standard(name: str, scope: ChainMap[str, str]) -> str:
    prefix, colon, local = name.partition(":")
    return f"{scope.get(prefix, prefix)}:{local}" if colon else name


def _descriptions(element: _Element) -> Iterator[_Element]:
    """Yield the top rdf:Description elements, also where rdf:RDF or x:xmpmeta is missing."""
    for child in element.children:
        if child.name == "rdf:Description":
            yield child
        elif child.name in _WRAPPERS:
            yield from _descriptions(child)


def _properties(element: _Element) -> dict[str, Any]:
    """Return the properties of a description or structure, written as attributes or as elements."""
    found: dict[str, Any] = {
        name: value.strip()[:LONGEST_VALUE]
        for name, value in element.attributes.items()
        if ":" in name and not name.startswith(("rdf:", "xml:"))
    }
    _add(found, ((child.name, _value(child)) for child in element.children))
    return found


def _value(element: _Element) -> Any:
    if not element.children:
        return _leaf(element)
    first = element.children[0]
    if first.name in _CONTAINERS:
        return _items(first)
    return _structure(first if first.name == "rdf:Description" else element)


def _leaf(element: _Element) -> Any:
    attributes = element.attributes
    text = element.text.strip() or (attributes.get("rdf:resource") or attributes.get("rdf:value") or "").strip()
    return text[:LONGEST_VALUE] or _properties(element) or ""


def _structure(element: _Element) -> Any:
    found = _properties(element)
    return found.get("rdf:value", found)


def _items(container: _Element) -> Any:
    items = [item for item in container.children if item.name == "rdf:li"]
    if container.name == "rdf:Alt" and all(not item.children for item in items):
        return _alternatives(items)
    return [_value(item) for item in items]


def _alternatives(items: list[_Element]) -> LangAlt:
    found = LangAlt()
    for item in items:
        if text := item.text.strip():
            found.setdefault(item.attributes.get("xml:lang", "x-default").lower(), text[:LONGEST_VALUE])
    return found
