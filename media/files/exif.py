"""The few EXIF and TIFF tags a newsroom reads, and the XMP and IIM blocks a TIFF file carries.

Pure: a TIFF structure in, values out. Reads no GPS and no serial numbers, follows each offset once and never raises.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

TEXT_TAGS = {
    270: "ImageDescription", 305: "Software", 315: "Artist", 33432: "Copyright",
    40091: "XPTitle", 40092: "XPComment", 40093: "XPAuthor", 40094: "XPKeywords", 40095: "XPSubject",
}  # fmt: skip
SECOND_TAGS = {36867: "DateTimeOriginal", 36881: "OffsetTimeOriginal", 37510: "UserComment"}
EXIF_POINTER = 34665
BLOCK_TAGS = {700: "xmp", 33723: "iim", 34377: "photoshop", 52545: "manifest"}
SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 129: 1}
MAX_ENTRIES = 1024


@dataclass
class Directory:
    """Tag -> raw bytes of its value, of one IFD."""

    order: str
    values: dict[int, bytes]

    def number(self, tag: int) -> int:
        value = self.values.get(tag, b"")
        return struct.unpack(self.order + "I", value[:4])[0] if len(value) >= 4 else 0


def parse(data: bytes) -> tuple[dict[str, bytes], dict[str, bytes]]:
    """Return (texts by EXIF name, blocks by "xmp", "iim", "photoshop", "manifest") of the first and the EXIF directory."""
    order = {b"II": "<", b"MM": ">"}.get(data[:2])
    if order is None or len(data) < 8:
        return {}, {}
    first = _directory(data, struct.unpack_from(order + "I", data, 4)[0], order, {**TEXT_TAGS, **BLOCK_TAGS})
    second = _directory(data, first.number(EXIF_POINTER), order, SECOND_TAGS)
    texts = {name: first.values[tag] for tag, name in TEXT_TAGS.items() if tag in first.values}
    texts |= {name: second.values[tag] for tag, name in SECOND_TAGS.items() if tag in second.values}
    blocks = {name: first.values[tag] for tag, name in BLOCK_TAGS.items() if tag in first.values}
    return texts, blocks


def _directory(data: bytes, at: int, order: str, wanted: dict[int, str]) -> Directory:
    directory = Directory(order, {})
    if not 8 <= at <= len(data) - 2:
        return directory
    count = struct.unpack_from(order + "H", data, at)[0]
    for entry in range(at + 2, at + 2 + 12 * min(count, MAX_ENTRIES), 12):
        if entry + 12 > len(data):
            break
        tag, kind, number = struct.unpack_from(order + "HHI", data, entry)
        if tag in wanted or tag == EXIF_POINTER:
            size = SIZES.get(kind, 0) * number
            start = entry + 8 if size <= 4 else struct.unpack_from(order + "I", data, entry + 8)[0]
            if start >= 8 and start + size <= len(data):
                directory.values.setdefault(tag, data[start : start + size])
    return directory
