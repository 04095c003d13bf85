"""Where image files keep their metadata: finds the XMP, IIM and EXIF blocks of a file, without decoding any of them.

Pure: bytes in, bytes out. Nothing here raises on damaged files; what cannot be followed is left out.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

XMP_HEADER = b"http://ns.adobe.com/xap/1.0/\0"
EXTENSION_HEADER = b"http://ns.adobe.com/xmp/extension/\0"
PHOTOSHOP_HEADER = b"Photoshop 3.0\0"
PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"

# A UTF-16 or UTF-32 packet has NULs between its letters.
PACKET_START = re.compile(
    rb"<\0{0,3}(?:x\0{0,3}(?:m\0{0,3}p\0{0,3})?:\0{0,3}x\0{0,3}[am]\0{0,3}p\0{0,3}m\0{0,3}e\0{0,3}t\0{0,3}a"
    rb"|r\0{0,3}d\0{0,3}f\0{0,3}:\0{0,3}R\0{0,3}D\0{0,3}F|\?\0{0,3}x\0{0,3}p\0{0,3}a\0{0,3}c\0{0,3}k\0{0,3}e\0{0,3}t)"
)
RESOURCES = {1028: "iim", 1058: "exif", 1060: "xmp", 1061: "digest"}
MAX_BLOCK = 16 * 1024 * 1024
MAX_PARTS = 4096
MAX_TEXTS, LONGEST_TEXT = 50, 20_000


@dataclass
class Blocks:
    """The raw blocks of one file, in file order; `manifest` are Content Credentials, `text` what PNG calls text chunks.

    `digest` is the MD5 that the IIM had when the XMP was made of it.
    """

    xmp: list[bytes] = field(default_factory=list)
    iim: list[bytes] = field(default_factory=list)
    exif: list[bytes] = field(default_factory=list)
    manifest: list[bytes] = field(default_factory=list)
    digest: list[bytes] = field(default_factory=list)
    text: list[tuple[str, bytes]] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    room: int = 3 * MAX_BLOCK

    def keep(self, kind: str, content: bytes) -> None:
        """Adds a block, unless the file has used up its room: a bomb must not fill the memory."""
        if content and self.room > 0:
            self.room -= len(content) + 1024
            getattr(self, kind).append(content[:MAX_BLOCK])


def find(data: bytes) -> Blocks:
    """Return the metadata blocks of a JPEG, PNG, WebP, AVIF, HEIF or TIFF file, told apart by content."""
    blocks = Blocks()
    if data[:2] == b"\xff\xd8":
        _read_jpeg(data, blocks)
    elif data[:8] == PNG_SIGNATURE:
        _read_png(data, blocks)
    elif data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        _read_webp(data, blocks)
    elif data[4:8] == b"ftyp":
        _read_bmff(data, blocks)
    elif data[:4] in {b"II*\0", b"MM\0*"}:
        blocks.exif.append(data)
    elif PACKET_START.search(data[:1024]):
        blocks.keep("xmp", data)
    else:
        blocks.warnings.append("This is not a JPEG, PNG, WebP, AVIF, HEIF or TIFF file.")
    return blocks


# JPEG


def _read_jpeg(data: bytes, blocks: Blocks) -> None:
    photoshop: list[bytes] = []
    extension = _Extension()
    for marker, segment in jpeg_segments(data):
        if marker == 0xE1:
            _sort_app1(segment, extension, blocks)
        elif marker == 0xEB and segment[:2] == b"JP":
            # Each piece repeats the header of its box.
            blocks.keep("manifest", segment[8:] if segment[4:8] == b"\0\0\0\1" else segment[16:])
        elif marker == 0xED:
            photoshop.append(segment)
    if photoshop:
        _sort_app13(photoshop, blocks)
    for document in extension.documents():
        blocks.keep("xmp", document)


def jpeg_segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield (marker, payload) of the segments before the picture data; a last, cut one is given as far as it goes."""
    return ((marker, data[start:end]) for marker, start, end in jpeg_offsets(data))


def jpeg_offsets(data: bytes) -> Iterator[tuple[int, int, int]]:
    """Yield (marker, first byte of the payload, end) of the segments before the picture data."""
    at = 2
    for _ in range(MAX_PARTS):
        at = data.find(b"\xff", at)
        while at != -1 and data[at + 1 : at + 2] == b"\xff":
            at += 1
        if at == -1 or at + 4 > len(data):
            return
        marker = data[at + 1]
        if marker in {0xD9, 0xDA}:
            return
        if marker in {0x00, 0x01} or 0xD0 <= marker <= 0xD8:
            at += 2
            continue
        size = max(int.from_bytes(data[at + 2 : at + 4], "big"), 2)
        yield marker, at + 4, min(at + 2 + size, len(data))
        at += 2 + size


def _sort_app1(segment: bytes, extension: _Extension, blocks: Blocks) -> None:
    if segment[:5] == b"Exif\0":
        blocks.keep("exif", segment[6:])
    elif segment.startswith(EXTENSION_HEADER):
        extension.add(segment[len(EXTENSION_HEADER) :])
    elif segment.startswith(XMP_HEADER):
        blocks.keep("xmp", segment[len(XMP_HEADER) :])
    elif PACKET_START.search(segment):
        blocks.warnings.append("An XMP block has a damaged header. It was still read.")
        blocks.keep("xmp", segment)


@dataclass
class _Extension:
    """Extended XMP: a document over 64 KB, sent in pieces that name their digest, the whole size and their offset."""

    parts: dict[bytes, dict[int, bytes]] = field(default_factory=dict)

    def add(self, segment: bytes) -> None:
        if len(segment) > 40:
            digest, offset = segment[:32], int.from_bytes(segment[36:40], "big")
            self.parts.setdefault(digest, {})[offset] = segment[40:]

    def documents(self) -> list[bytes]:
        return [b"".join(piece for _, piece in sorted(pieces.items())) for pieces in self.parts.values()]


def _sort_app13(segments: list[bytes], blocks: Blocks) -> None:
    """Photoshop resources may run over several segments; each repeats the header."""
    resources = b"".join(
        segment[len(PHOTOSHOP_HEADER) :] for segment in segments if segment.startswith(PHOTOSHOP_HEADER)
    )
    sort_resources(resources, blocks)
    for segment in segments:
        if not segment.startswith(PHOTOSHOP_HEADER):
            _sort_odd_app13(segment, blocks)


def _sort_odd_app13(segment: bytes, blocks: Blocks) -> None:
    """Old writers put bare IIM, or resources under another header, into APP13."""
    at = segment.find(b"8BIM", 0, 64)
    if segment[:1] == b"\x1c":
        blocks.keep("iim", segment)
    elif at >= 0:
        sort_resources(segment[at:], blocks)


def sort_resources(data: bytes, blocks: Blocks) -> None:
    """IIM (1028), EXIF (1058) and XMP (1060) inside a run of Photoshop image resources."""
    at = 0
    for _ in range(MAX_PARTS):
        if at + 12 > len(data) or data[at : at + 4] not in {b"8BIM", b"PHUT", b"DCSR", b"AgHg", b"MeSa"}:
            return
        kind = int.from_bytes(data[at + 4 : at + 6], "big")
        at += 6
        at += (data[at] + 2) & ~1  # a Pascal string, padded to an even length
        size = int.from_bytes(data[at : at + 4], "big")
        payload = data[at + 4 : at + 4 + size]
        if kind in RESOURCES:
            blocks.keep(RESOURCES[kind], payload)
        at += 4 + size + (size & 1)


# PNG


def _read_png(data: bytes, blocks: Blocks) -> None:
    at = len(PNG_SIGNATURE)
    for _ in range(MAX_PARTS):
        if at + 8 > len(data):
            return
        size, kind = struct.unpack_from(">I4s", data, at)
        payload = data[at + 8 : at + 8 + size]
        if kind == b"IEND":
            return
        if kind == b"eXIf":
            blocks.keep("exif", payload.removeprefix(b"Exif\0\0"))
        elif kind == b"caBX":
            blocks.keep("manifest", payload)
        elif kind in {b"iTXt", b"zTXt", b"tEXt"} and blocks.room > 0:
            _sort_png_text(kind, payload, blocks)
        at += 12 + size


def _sort_png_text(kind: bytes, payload: bytes, blocks: Blocks) -> None:
    key, _, rest = payload.partition(b"\0")
    if key == b"XML:com.adobe.xmp":
        blocks.keep("xmp", _png_text(kind, rest, blocks))
    elif key.startswith(b"Raw profile type "):
        name = key.removeprefix(b"Raw profile type ").lower()
        _sort_raw_profile(name, _raw_profile(_png_text(kind, rest, blocks)), blocks)
    elif len(blocks.text) < MAX_TEXTS:
        text = _png_text(kind, rest, blocks)[:LONGEST_TEXT]
        blocks.room -= len(text)
        blocks.text.append((key.decode("latin-1"), text))


def _png_text(kind: bytes, rest: bytes, blocks: Blocks) -> bytes:
    if kind == b"tEXt":
        return rest
    if kind == b"zTXt":
        return _inflate(rest[1:], blocks)
    text = rest[2:].split(b"\0", 2)[-1]
    return _inflate(text, blocks) if rest[:1] == b"\1" else text


def _inflate(data: bytes, blocks: Blocks) -> bytes:
    try:
        text = zlib.decompressobj().decompress(data, min(MAX_BLOCK, blocks.room))
    except zlib.error:
        return b""
    blocks.room -= len(text)
    return text


def _raw_profile(text: bytes) -> bytes:
    """ImageMagick's and exiftool's form: a name, a length, then hexadecimal lines."""
    head = re.match(rb"\s*[^\n]*\n\s*\d+\s", text[:200])
    digits = text[head.end() :].translate(None, _NOT_HEXADECIMAL) if head else b""
    return bytes.fromhex(digits[: len(digits) & ~1].decode("ascii"))


_NOT_HEXADECIMAL = bytes(set(range(256)) - set(b"0123456789ABCDEFabcdef"))


def _sort_raw_profile(name: bytes, profile: bytes, blocks: Blocks) -> None:
    if name in {b"iptc", b"8bim"}:
        profile = profile.removeprefix(PHOTOSHOP_HEADER)
        if profile[:1] == b"\x1c":
            blocks.keep("iim", profile)
        else:
            sort_resources(profile, blocks)
    elif name == b"xmp":
        blocks.keep("xmp", profile.removeprefix(XMP_HEADER))
    elif name in {b"exif", b"app1"}:
        if profile.startswith(XMP_HEADER):
            blocks.keep("xmp", profile[len(XMP_HEADER) :])
        else:
            blocks.keep("exif", profile.removeprefix(b"Exif\0\0"))


# WebP


def _read_webp(data: bytes, blocks: Blocks) -> None:
    at = 12
    for _ in range(MAX_PARTS):
        if at + 8 > len(data):
            return
        kind, size = struct.unpack_from("<4sI", data, at)
        payload = data[at + 8 : at + 8 + size]
        if kind in {b"XMP ", b"XMP\0"}:
            blocks.keep("xmp", payload)
        elif kind == b"EXIF":
            blocks.keep("exif", payload.removeprefix(b"Exif\0\0"))
        elif kind == b"C2PA":
            blocks.keep("manifest", payload)
        at += 8 + size + (size & 1)


# AVIF, HEIF


def _read_bmff(data: bytes, blocks: Blocks) -> None:
    for kind, start, end in _boxes(data, 0, len(data)):
        if kind == b"meta":
            _read_meta(data, start + 4, end, blocks)
        elif kind == b"uuid" and data[start : start + 16] == bytes.fromhex("be7acfcb97a942e89c71999491e3afac"):
            blocks.keep("xmp", data[start + 16 : end])
        elif kind == b"uuid" and data[start : start + 16] == bytes.fromhex("d8fec3d61b0e483c92975828877ec481"):
            blocks.keep("manifest", data[start + 16 : end])


def _boxes(data: bytes, at: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Yield (type, first byte of the content, end) of the boxes between two offsets."""
    for _ in range(MAX_PARTS):
        if at + 8 > end:
            return
        size, kind = struct.unpack_from(">I4s", data, at)
        start = at + 8
        if size == 1 and at + 16 <= end:
            size, start = int.from_bytes(data[at + 8 : at + 16], "big"), at + 16
        stop = end if size == 0 else min(at + size, end)
        if stop < start:
            return
        yield kind, start, stop
        at = stop


def _read_meta(data: bytes, start: int, end: int, blocks: Blocks) -> None:
    parts = {kind: (first, last) for kind, first, last in _boxes(data, start, end)}
    if b"iinf" not in parts or b"iloc" not in parts:
        return
    wanted = _metadata_items(data, *parts[b"iinf"])
    inside = data[slice(*parts[b"idat"])] if b"idat" in parts else b""
    for item, construction, extents in _item_locations(data[slice(*parts[b"iloc"])]):
        if item in wanted and blocks.room > 0:
            source = inside if construction == 1 else data
            content = b"".join(source[offset : offset + size] for offset, size in extents)
            _sort_item(wanted.pop(item), content, blocks)


def _metadata_items(data: bytes, start: int, end: int) -> dict[int, str]:
    """Return "exif" or "xmp" by item id."""
    version = data[start] if start < end else 0
    found = {}
    for kind, first, last in _boxes(data, start + (6 if version == 0 else 8), end):
        if kind != b"infe" or last - first < 12:
            continue
        wide = 4 if data[first] >= 3 else 2
        item = int.from_bytes(data[first + 4 : first + 4 + wide], "big")
        at = first + 6 + wide
        if data[at : at + 4] == b"Exif":
            found[item] = "exif"
        elif data[at : at + 4] == b"mime" and b"application/rdf+xml" in data[at + 4 : last]:
            found[item] = "xmp"
    return found


def _sort_item(kind: str, content: bytes, blocks: Blocks) -> None:
    if kind == "xmp":
        blocks.keep("xmp", content)
        return
    skip = int.from_bytes(content[:4], "big")
    blocks.keep("exif", content[4 + skip :].removeprefix(b"Exif\0\0"))


def _item_locations(box: bytes) -> Iterator[tuple[int, int, list[tuple[int, int]]]]:
    """Yield (item id, construction method, [(offset, size)]) of an iloc box; stops where the box is cut."""
    reader = _Reader(box)
    version = reader.number(4) >> 24
    sizes = reader.number(2)
    offset_size, length_size, base_size = sizes >> 12, sizes >> 8 & 15, sizes >> 4 & 15
    index_size = sizes & 15 if version else 0
    wide = 4 if version == 2 else 2
    for _ in range(min(reader.number(wide), MAX_PARTS)):
        item = reader.number(wide)
        construction = reader.number(2) & 15 if version else 0
        reader.number(2)
        base = reader.number(base_size)
        extents = []
        for _ in range(min(reader.number(2), MAX_PARTS)):
            reader.number(index_size)
            extents.append((base + reader.number(offset_size), reader.number(length_size)))
            if reader.ended:
                return
        if sum(size for _, size in extents) <= MAX_BLOCK:
            yield item, construction, extents


@dataclass
class _Reader:
    box: bytes
    at: int = 0

    @property
    def ended(self) -> bool:
        return self.at > len(self.box)

    def number(self, size: int) -> int:
        self.at += size
        return int.from_bytes(self.box[self.at - size : self.at], "big")
