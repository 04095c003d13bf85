"""Reads a picture file's frame without decoding a single pixel: what it is, how large it says it is, where it ends."""

import re
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final

from . import heif
from .unusable import ANIMATED, DAMAGED, MOST_PARTS, TRUNCATED, UnusableImage

RAW: Final = "The file is a camera raw file; export it as a JPEG or TIFF."


@dataclass(frozen=True)
class Container:
    """`width` and `height` are pixels as stored, before any rotation; `end` is the offset after the picture.

    `scans` counts how often a progressive JPEG paints the whole picture, `painted` the pixels that a decoder of AVIF or
    HEIC paints in all. `primaries` and `transfer` are the color codes of ITU-T H.273 (1 and 13 = sRGB, 12 = Display P3,
    16 and 18 = HDR).
    """

    format: str
    width: int
    height: int
    end: int
    scans: int = 1
    painted: int = 0
    primaries: int = 1
    transfer: int = 13


# What a file begins with -> what the photo desk is told when that is not a picture we take.
_REFUSED: Final[tuple[tuple[bytes, str], ...]] = (
    (rb"GIF8", "The file is a GIF; save it as a JPEG or PNG."),
    (rb"....ftypcrx |FUJIFILMCCD-RAW|II(U\0|RO|RS|\x1a\0\0\0HEAP)|MMOR|FOVb|\0MRM", RAW),
    (rb"....ftyp(hei|avc|jpeg|j2k)", "We can’t read this kind of HEIF picture; export it as a JPEG."),
    (rb"....(ftyp|moov|mdat|wide)", "The file is a video; export the frame you need as a JPEG."),
    (rb"\xff\x0a|\0\0\0\x0cJXL ", "The file is a JPEG XL picture; export it as a JPEG."),
    (rb"\xff\x4f\xff\x51|\0\0\0\x0cjP  ", "The file is a JPEG 2000 picture; export it as a JPEG."),
    (rb"II\xbc", "The file is a JPEG XR picture; export it as a JPEG."),
    (rb"II\+\0|MM\0\+", "The file is a BigTIFF; save it as a standard TIFF or a JPEG."),
    (rb"BM", "The file is a BMP; save it as a JPEG or PNG."),
    (rb"8BPS", "The file is a Photoshop document; export it as a JPEG or TIFF."),
    (rb"%PDF-", "The file is a PDF; export the picture in it as a JPEG."),
    (rb"%!PS|\xc5\xd0\xd3\xc6", "The file is PostScript; export it as a JPEG or PNG."),
    (rb"PK|Rar!|7z\xbc\xaf|\x1f\x8b", "The file is an archive; unpack it and upload the pictures in it."),
    (rb".{0,2000}?<svg", "The file is an SVG drawing; export it as a PNG."),
    (rb"\s*(push graphic|viewbox|<\?xml.{0,1000}?<image)", "The file is a drawing script; export it as a PNG."),
    (rb"\W*(<!doctype|<html|<\?php|<script)", "The file is a web page; download the picture itself."),
)


def read_container(data: bytes) -> Container:
    """Return the frame of a JPEG, PNG, WebP, AVIF, HEIC or TIFF. Raises UnusableImage; also if animated or cut short."""
    format = format_of(data)
    try:
        return _READERS[format](data)
    except (struct.error, IndexError) as error:
        raise UnusableImage(TRUNCATED) from error


def format_of(data: bytes) -> str:
    """'jpeg', 'png', 'webp', 'avif', 'heic' or 'tiff' by the first bytes, whatever the file is called; else UnusableImage."""
    if data.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return "webp"
    if data[4:8] == b"ftyp" and (format := _heif_format(data)):
        return format
    if data.startswith((b"II*\0", b"MM\0*")):
        return "tiff"
    raise UnusableImage(_what_it_is(data[:4096]))


def _what_it_is(head: bytes) -> str:
    for pattern, sentence in _REFUSED:
        if re.match(pattern, head, re.IGNORECASE | re.DOTALL):
            return sentence
    return "The file is not a picture we can read; send a JPEG, PNG, WebP, AVIF, HEIC or TIFF."


# --- JPEG -----------------------------------------------------------------------------------------------------------

# Byte stuffing (FF 00), fill bytes (FF FF) and restart marks (D0-D7) are part of the pixels, everything else is a part.
_JPEG_MARKER: Final = re.compile(rb"\xff([^\x00\xd0-\xd7\xff])")
_JPEG_SIZES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_SOI, _EOI, _SOS, _TEM = 0xD8, 0xD9, 0xDA, 0x01


def _read_jpeg(data: bytes) -> Container:
    width = height = scans = 0
    for marker, start, stop in _jpeg_parts(data, 2):
        if marker in _JPEG_SIZES:
            frame_height, frame_width = struct.unpack_from(">HH", data, start + 1)
            width, height = max(width, frame_width), max(height, frame_height)
        scans += marker == _SOS
        if marker == _EOI:
            return Container("jpeg", width, height, stop, scans)
    raise UnusableImage(TRUNCATED)


def _jpeg_parts(data: bytes, position: int) -> Iterator[tuple[int, int, int]]:
    """Yield (marker, start of content, end of content) of every part, the end of the image included."""
    for _ in range(MOST_PARTS):
        found = _JPEG_MARKER.search(data, position)
        if found is None:
            return
        marker, position = found[1][0], found.end()
        if marker in (_SOI, _TEM):
            continue
        if marker == _EOI:
            yield marker, position, position
            return
        (length,) = struct.unpack_from(">H", data, position)
        yield marker, position + 2, position + length
        position += max(length, 2)
    raise UnusableImage(DAMAGED)


# --- PNG ------------------------------------------------------------------------------------------------------------


def _read_png(data: bytes) -> Container:
    if data[12:16] != b"IHDR":
        raise UnusableImage(DAMAGED)
    width, height = struct.unpack_from(">II", data, 16)
    position, codes = 8, (1, 13)
    for _ in range(MOST_PARTS):
        length, name = struct.unpack_from(">I4s", data, position)
        if name == b"cICP":
            codes = struct.unpack_from(">BB", data, position + 8)
        position += 12 + length
        if position > len(data):
            raise UnusableImage(TRUNCATED)
        if name == b"acTL":
            raise UnusableImage(ANIMATED)
        if name == b"IEND":
            return Container("png", width, height, position, primaries=codes[0], transfer=codes[1])
    raise UnusableImage(DAMAGED)


# --- WebP -----------------------------------------------------------------------------------------------------------


def _read_webp(data: bytes) -> Container:
    (size,) = struct.unpack_from("<I", data, 4)
    end = 8 + size
    if end > len(data):
        raise UnusableImage(TRUNCATED)
    sizes = []
    for name, start, stop in _webp_parts(data, end):
        if name in (b"ANIM", b"ANMF"):
            raise UnusableImage(ANIMATED)
        if name in _WEBP_SIZES:
            sizes.append(_WEBP_SIZES[name](data[start : min(stop, start + 10)]))
    if not sizes:
        raise UnusableImage(DAMAGED)
    return Container("webp", max(width for width, _ in sizes), max(height for _, height in sizes), end + (end & 1))


def _webp_parts(data: bytes, end: int) -> Iterator[tuple[bytes, int, int]]:
    position = 12
    for _ in range(MOST_PARTS):
        if position + 8 > end:
            return
        name, length = struct.unpack_from("<4sI", data, position)
        if position + 8 + length > end:
            raise UnusableImage(TRUNCATED)
        yield name, position + 8, position + 8 + length
        position += 8 + length + (length & 1)
    raise UnusableImage(DAMAGED)


def _vp8x_size(chunk: bytes) -> tuple[int, int]:
    if chunk[0] & 0x02:
        raise UnusableImage(ANIMATED)
    return int.from_bytes(chunk[4:7], "little") + 1, int.from_bytes(chunk[7:10], "little") + 1


def _vp8_size(chunk: bytes) -> tuple[int, int]:
    width, height = struct.unpack_from("<HH", chunk, 6)
    return width & 0x3FFF, height & 0x3FFF


def _vp8l_size(chunk: bytes) -> tuple[int, int]:
    (bits,) = struct.unpack_from("<I", chunk, 1)
    return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1


_WEBP_SIZES: Final[dict[bytes, Callable[[bytes], tuple[int, int]]]] = {
    b"VP8X": _vp8x_size,
    b"VP8 ": _vp8_size,
    b"VP8L": _vp8l_size,
}


# --- AVIF and HEIC --------------------------------------------------------------------------------------------------

_HEIC_BRANDS: Final = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1")


def _heif_format(data: bytes) -> str:
    brands = heif.brands(data)
    if b"avif" in brands or b"avis" in brands:
        return "avif"
    return "heic" if brands and brands[0] in _HEIC_BRANDS else ""


def _read_heif(data: bytes) -> Container:
    pictures = heif.read(data)
    sizes = [size for each in pictures.sizes.values() for size in each]
    if not sizes:
        raise UnusableImage(DAMAGED)
    width, height = (max(side) for side in zip(*sizes, strict=True))
    primaries, transfer = pictures.colors()
    return Container(
        format_of(data), width, height, pictures.end,
        primaries=primaries, transfer=transfer, painted=pictures.pixels_painted(),
    )  # fmt: skip


# --- TIFF -----------------------------------------------------------------------------------------------------------

_TIFF_VALUE_BYTES: Final = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}
_SUBFILE, _WIDTH, _HEIGHT, _COMPRESSION, _PHOTOMETRIC, _SUB_IFDS, _DNG = 254, 256, 257, 259, 262, 330, 50706
_SENSOR_DATA: Final = (32803, 34892)
_COMPRESSED_SENSOR_DATA: Final = (32767, 32769, 32770, 34713, 65000, 65535)
_DIRECTORIES: Final = (_SUB_IFDS, 34665, 34853, 40965)
_OFFSETS_AND_COUNTS: Final = ((273, 279), (324, 325), (513, 514))
_READ: Final = {_SUBFILE, _WIDTH, _HEIGHT, _COMPRESSION, _PHOTOMETRIC, *_DIRECTORIES, *sum(_OFFSETS_AND_COUNTS, ())}


@dataclass
class _Tiff:
    data: bytes
    end: int = 8
    weight: int = 0
    seen: set[int] = field(default_factory=set)

    @property
    def order(self) -> str:
        return "<" if self.data.startswith(b"II") else ">"

    def reach(self, start: int, length: int) -> None:
        """Notes that bytes belong to the picture; values laid over each other many times would be read as often."""
        self.weight += length
        self.end = max(self.end, start + length)
        if self.end > len(self.data):
            raise UnusableImage(TRUNCATED)
        if self.weight > 2 * len(self.data) + 65_536:
            raise UnusableImage(DAMAGED)

    def directory(self, offset: int) -> tuple[dict[int, tuple[int, ...]], int]:
        """Return the whole-number values by tag, and where the next directory is (0 = this was the last)."""
        if offset in self.seen or len(self.seen) > 100:
            raise UnusableImage(DAMAGED)
        self.seen.add(offset)
        (count,) = struct.unpack_from(self.order + "H", self.data, offset)
        self.reach(offset, 2 + 12 * count + 4)
        entries = self.data[offset + 2 : offset + 2 + 12 * count]
        tags = {
            tag: self.values(tag, kind, number, inline)
            for tag, kind, number, inline in struct.iter_unpack(self.order + "HHI4s", entries)
        }
        (following,) = struct.unpack_from(self.order + "I", self.data, offset + 2 + 12 * count)
        return tags, following

    def values(self, tag: int, kind: int, number: int, inline: bytes) -> tuple[int, ...]:
        length = number * _TIFF_VALUE_BYTES.get(kind, 1)
        raw = inline[:length]
        if length > 4:
            (start,) = struct.unpack(self.order + "I", inline)
            self.reach(start, length)
            raw = self.data[start : start + length]
        code = {3: "H", 4: "I", 13: "I"}.get(kind)
        if code is None or tag not in _READ:
            return ()
        return struct.unpack(f"{self.order}{number}{code}", raw)

    def pixels(self, tags: dict[int, tuple[int, ...]]) -> None:
        for offsets, counts in _OFFSETS_AND_COUNTS:
            for start, length in zip(tags.get(offsets, ()), tags.get(counts, ()), strict=False):
                self.reach(start, length)


def _read_tiff(data: bytes) -> Container:
    tiff = _Tiff(data)
    (offset,) = struct.unpack_from(tiff.order + "I", data, 4)
    tags, following = tiff.directory(offset)
    _refuse_raw(data, tags)
    if not tags.get(_WIDTH) or not tags.get(_HEIGHT):
        raise UnusableImage(DAMAGED)
    _walk_tiff(tiff, tags)
    while following:
        page, following = tiff.directory(following)
        _walk_tiff(tiff, page)
        if not _is_reduced(page):
            raise UnusableImage("The file holds several pages; save the picture you need as a file of its own.")
    return Container("tiff", tags[_WIDTH][0], tags[_HEIGHT][0], tiff.end)


def _walk_tiff(tiff: _Tiff, tags: dict[int, tuple[int, ...]]) -> None:
    tiff.pixels(tags)
    for pointer in _DIRECTORIES:
        for offset in tags.get(pointer, ()):
            inner, _ = tiff.directory(offset)
            _walk_tiff(tiff, inner)


def _is_reduced(tags: dict[int, tuple[int, ...]]) -> bool:
    return bool(tags.get(_SUBFILE, (0,))[0] & 1)


def _refuse_raw(data: bytes, tags: dict[int, tuple[int, ...]]) -> None:
    """A raw file is a TIFF whose first picture is a thumbnail: taken as it is, the desk would get a stamp."""
    is_raw = (
        data[8:10] == b"CR"
        or data[8:12] == b"IIII"
        or _DNG in tags
        or tags.get(_PHOTOMETRIC, (0,))[0] in _SENSOR_DATA
        or tags.get(_COMPRESSION, (0,))[0] in _COMPRESSED_SENSOR_DATA
        or (_is_reduced(tags) and tags.get(_SUB_IFDS))
    )
    if is_raw:
        raise UnusableImage(RAW)


_READERS: Final[dict[str, Callable[[bytes], Container]]] = {
    "jpeg": _read_jpeg,
    "png": _read_png,
    "webp": _read_webp,
    "avif": _read_heif,
    "heic": _read_heif,
    "tiff": _read_tiff,
}
