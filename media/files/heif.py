"""The boxes of AVIF and HEIC files (ISO 14496-12, ISO 23008-12): which pictures are inside, where, and of what size."""

import re
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from . import av1, hevc
from .fields import Fields
from .unusable import ANIMATED, DAMAGED, MOST_PARTS, TRUNCATED, UnusableImage

_FILE_BOXES: Final = frozenset([b"ftyp", b"meta", b"mdat", b"free", b"skip", b"uuid"])
_MADE_OF_OTHERS: Final = frozenset([b"grid", b"iovl", b"iden"])
_CODED: Final = frozenset([b"av01", b"hvc1"])
_ALPHA: Final = re.compile(rb"auxiliary:alpha|hevc:2015:auxid:1\0")
# Real files put a picture together from tiles, sometimes turned; nothing needs more steps than that.
_DEEPEST: Final = 4

Size = tuple[int, int]
Property = tuple[bytes, int, int]


@dataclass
class Item:
    """One item: `kind` is its four letters, `extents` are (offset, length), `properties` (name, start, stop)."""

    kind: bytes = b""
    extents: list[tuple[int, int]] = field(default_factory=list)
    properties: list[Property] = field(default_factory=list)
    parts: Sequence[int] = ()


@dataclass
class Pictures:
    """What a file holds. `end` is the offset after the last byte that belongs to it."""

    data: bytes
    primary: int = 0
    items: dict[int, Item] = field(default_factory=dict)
    helpers: list[int] = field(default_factory=list)
    end: int = 0

    def content(self, item: Item) -> bytes:
        return b"".join(self.data[start : start + length] for start, length in item.extents)

    def head(self, item: Item, most: int) -> bytes:
        return b"".join(self.data[start : start + min(length, most)] for start, length in item.extents[:8])[:most]

    @cached_property
    def sizes(self) -> dict[int, list[Size]]:
        """Width and height of every picture by item, as its properties, its grid and its stream say; they must agree."""
        return {key: self._sizes_of(item) for key, item in self.items.items()}

    def _sizes_of(self, item: Item) -> list[Size]:
        said = [_ispe(self.data, start) for name, start, _ in item.properties if name == b"ispe"]
        if item.kind in (b"grid", b"iovl"):
            return [*said, _canvas(item.kind, self.head(item, 64))]
        coded = self._coded_sizes(item)
        for each in coded:
            if said and not av1.is_same_size(each, said[0]):
                (width, height), (true_width, true_height) = said[0], each
                raise UnusableImage(
                    f"The picture says it is {width} × {height} pixels but holds {true_width} × {true_height}; "
                    "save it again or send a JPEG."
                )
        return said + coded

    def _coded_sizes(self, item: Item) -> list[Size]:
        """Decoders paint what the stream says, whatever stands in the properties."""
        if item.kind == b"av01":
            sequence = av1.sequence(self.head(item, av1.HEAD))
            return [sequence.size] if sequence else []
        if item.kind != b"hvc1":
            return []
        configuration = next((self.data[start:stop] for name, start, stop in item.properties if name == b"hvcC"), b"")
        if not configuration:
            raise UnusableImage(DAMAGED)
        return list(hevc.sizes(configuration, self.content(item)))

    def pixels_painted(self) -> int:
        """Return how many pixels a decoder paints until the main picture is there, tiles that are used twice twice.

        Raises UnusableImage where it is made of something we can't decode, of itself, or of far too many parts.
        """
        return sum(self._painted(root, _DEEPEST, iter(range(MOST_PARTS))) for root in (self.primary, *self.helpers))

    def _painted(self, key: int, depth: int, left: Iterator[int]) -> int:
        item = self.items.get(key)
        if item is None or depth == 0 or next(left, None) is None:
            raise UnusableImage(DAMAGED)
        if item.kind not in _CODED | _MADE_OF_OTHERS:
            kind = item.kind.decode("ascii", "replace")
            raise UnusableImage(f"We can’t read this kind of HEIF picture ({kind}). Export it as a JPEG.")
        own = max((width * height for width, height in self.sizes[key]), default=0)
        return own + sum(self._painted(part, depth - 1, left) for part in item.parts)

    def colors(self) -> tuple[int, int]:
        """Return (primaries, transfer), codes of ITU-T H.273, of the main picture; (1, 13), sRGB, where nothing says."""
        main = self.items[self.primary]
        for item in (main, *(self.items[part] for part in main.parts[:1] if part in self.items)):
            for name, start, _ in item.properties:
                if name == b"colr" and self.data[start : start + 4] == b"nclx":
                    return struct.unpack_from(">HH", self.data, start + 4)
            sequence = av1.sequence(self.head(item, av1.HEAD)) if item.kind == b"av01" else None
            if sequence:
                return sequence.colors
        return 1, 13


def brands(data: bytes) -> list[bytes]:
    """Return the four letters each that a file says it is, the first one first."""
    (size,) = struct.unpack_from(">I", data, 0)
    found = data[8 : min(size, 512)]
    return [found[at : at + 4] for at in range(0, len(found) - 3, 4) if at != 4]


def read(data: bytes) -> Pictures:
    """Return the pictures of an AVIF or HEIC file. Raises UnusableImage, or struct.error where a box is cut short."""
    pictures = Pictures(data)
    is_open = False
    for name, start, stop, is_last in boxes(data, 0, len(data)):
        if name in (b"moov", b"moof"):
            raise UnusableImage(ANIMATED)
        if name not in _FILE_BOXES:
            break  # No part of a still picture: whatever begins here comes after its end.
        if name == b"meta":
            _read_meta(pictures, start + 4, stop)
        pictures.end, is_open = stop, is_last
    if pictures.primary not in pictures.items:
        raise UnusableImage(DAMAGED)
    reach = _reach(pictures)
    if is_open:
        # The last box runs to the end of the file, so only the pictures' own bytes tell where they stop.
        pictures.end = max(reach, start)
    return pictures


def _reach(pictures: Pictures) -> int:
    extents = [extent for item in pictures.items.values() for extent in item.extents]
    reach = max((start + length for start, length in extents), default=0)
    if reach > len(pictures.data):
        raise UnusableImage(TRUNCATED)
    if sum(length for _, length in extents) > 2 * len(pictures.data) + 65_536:
        raise UnusableImage(DAMAGED)  # Items laid over each other would be read as often.
    return reach


def boxes(data: bytes, position: int, end: int) -> Iterator[tuple[bytes, int, int, bool]]:
    """Yield (name, start of content, its end, runs to the end) of boxes; a size of 0 means to the end (4.2)."""
    for _ in range(MOST_PARTS):
        if position + 8 > end:
            return
        size, name = struct.unpack_from(">I4s", data, position)
        header = 8
        if size == 1:
            (size,) = struct.unpack_from(">Q", data, position + 8)
            header = 16
        if not name.isalnum():
            return
        is_last = size == 0
        size = end - position if is_last else size
        if size < header:
            raise UnusableImage(DAMAGED)
        if position + size > end:
            raise UnusableImage(TRUNCATED)
        yield name, position + header, position + size, is_last
        position += size
    raise UnusableImage(DAMAGED)


# --- the meta box ---------------------------------------------------------------------------------------------------


def _read_meta(pictures: Pictures, start: int, stop: int) -> None:
    data = pictures.data
    found = {name: (first, last) for name, first, last, _ in boxes(data, start, stop)}
    if not {b"pitm", b"iinf", b"iprp"} <= found.keys():
        raise UnusableImage(DAMAGED)
    fields = Fields(data, found[b"pitm"][0])
    pictures.primary = fields.take(2 if fields.version() == 0 else 4)
    _read_kinds(pictures, *found[b"iinf"])
    if b"iloc" in found:
        _read_locations(pictures, found[b"iloc"][0], found.get(b"idat", (0, 0))[0])
    _read_properties(pictures, *found[b"iprp"])
    if b"iref" in found:
        _read_references(pictures, *found[b"iref"])


def _read_kinds(pictures: Pictures, start: int, stop: int) -> None:
    fields = Fields(pictures.data, start)
    fields.take(2 if fields.version() == 0 else 4)
    for name, inner, _, _ in boxes(pictures.data, fields.position, stop):
        entry = Fields(pictures.data, inner)
        version = entry.version()
        if name == b"infe" and version >= 2:
            key = entry.take(2 if version == 2 else 4)
            entry.take(2)
            pictures.items[key] = Item(entry.letters())


def _read_locations(pictures: Pictures, start: int, idat: int) -> None:
    fields = Fields(pictures.data, start)
    version = fields.version()
    sizes = fields.take(2)
    offset_size, length_size, base_size, index_size = (sizes >> shift & 15 for shift in (12, 8, 4, 0))
    left = MOST_PARTS
    for _ in range(fields.take(2 if version < 2 else 4)):
        item = pictures.items.get(fields.take(2 if version < 2 else 4), Item())
        method = fields.take(2) & 15 if version else 0
        if fields.take(2) or method > 1:
            raise UnusableImage("Parts of the picture lie in another file. Export it as a JPEG.")
        base = fields.take(base_size) + (idat if method else 0)
        count = fields.take(2)
        left -= count + 1
        if left < 0:
            raise UnusableImage(DAMAGED)
        for _ in range(count):
            fields.take(index_size if version else 0)
            offset = base + fields.take(offset_size)
            item.extents.append((offset, fields.take(length_size) or max(0, len(pictures.data) - offset)))


def _read_properties(pictures: Pictures, start: int, stop: int) -> None:
    properties: list[Property] = []
    for name, inner, end, _ in boxes(pictures.data, start, stop):
        if name == b"ipco":
            properties = [(kind, first, last) for kind, first, last, _ in boxes(pictures.data, inner, end)]
        elif name == b"ipma":
            _associate(pictures, properties, inner)


def _associate(pictures: Pictures, properties: Sequence[Property], start: int) -> None:
    fields = Fields(pictures.data, start)
    version, is_wide = fields.version(), pictures.data[start + 3] & 1
    for _ in range(fields.take(4)):
        item = pictures.items.get(fields.take(2 if version == 0 else 4), Item())
        for _ in range(fields.take(1)):
            index = fields.take(2) & 0x7FFF if is_wide else fields.take(1) & 0x7F
            if 0 < index <= len(properties):
                item.properties.append(properties[index - 1])


def _read_references(pictures: Pictures, start: int, stop: int) -> None:
    fields = Fields(pictures.data, start)
    wide = 2 if fields.version() == 0 else 4
    for name, inner, _, _ in boxes(pictures.data, fields.position, stop):
        entry = Fields(pictures.data, inner)
        source = entry.take(wide)
        targets = [entry.take(wide) for _ in range(entry.take(2))]
        if name == b"dimg" and source in pictures.items:
            pictures.items[source].parts = targets
        elif name == b"auxl" and pictures.primary in targets and _is_alpha(pictures, source):
            pictures.helpers.append(source)


def _is_alpha(pictures: Pictures, key: int) -> bool:
    """Only transparency is painted together with the picture; depth and gain maps are left alone."""
    item = pictures.items.get(key, Item())
    return any(name == b"auxC" and _ALPHA.search(pictures.data, start, stop) for name, start, stop in item.properties)


def _ispe(data: bytes, start: int) -> Size:
    return struct.unpack_from(">II", data, start + 4)


def _canvas(kind: bytes, content: bytes) -> Size:
    """Return the size that a grid (23008-12, 6.6.2.3) or an overlay (6.6.2.2) says it has."""
    at = 4 if kind == b"grid" else 10
    return struct.unpack_from(">II" if content[1] & 1 else ">HH", content, at)
