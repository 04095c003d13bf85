"""Writes the labels a picture carries to readers: a padded XMP packet that a later credit change overwrites in place.

Pure but for `overwrite`, which changes a packet's bytes in a file and no others: pixels cannot be harmed.
"""

from __future__ import annotations

import os
import re
import struct
from collections.abc import Iterable, Mapping
from html import escape
from io import FileIO
from pathlib import Path
from typing import Any

from . import iim
from .metadata_blocks import PHOTOSHOP_HEADER, find, jpeg_offsets

PACKET_SIZE = 8192
LEAST_PADDING = 2048
LARGEST = 60_000  # a JPEG segment holds 65,533 bytes

_BEGIN = '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'.encode()
_END = b'<?xpacket end="w"?>'
_NAMESPACES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "photoshop": "http://ns.adobe.com/photoshop/1.0/",
    "xmpRights": "http://ns.adobe.com/xap/1.0/rights/",
    "Iptc4xmpExt": "http://iptc.org/std/Iptc4xmpExt/2008-02-29/",
    "plus": "http://ns.useplus.org/ldf/xmp/1.0/",
}
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class PacketTooLong(ValueError):
    """The labels do not fit into the room there is; the message says how much is missing."""


class PacketMissing(ValueError):
    """The file holds no packet of ours to overwrite."""


def build(fields: Mapping[str, Any]) -> bytes:
    """Return a writable XMP packet from fields named as in `Metadata`, padded for later changes.

    Takes creators, credit_line, copyright_notice, web_statement, usage_terms, licensor_url, supplier_image_id,
    data_mining and digital_source_type, and for copies that leave us caption, headline, source, city, country and
    date_created (ISO 8601); absent ones are left out. The size is `PACKET_SIZE` unless the labels need
    more. Raises PacketTooLong.
    """
    content = _content(fields)
    least = len(_BEGIN) + len(content) + LEAST_PADDING + len(_END)
    size = max(PACKET_SIZE, -(-least // 4096) * 4096)
    if size > LARGEST:
        raise PacketTooLong(
            f"The labels take {len(content)} bytes, more than a JPEG can hold; shorten the usage terms."
        )
    return _padded(content, size)


def replaced(data: bytes, packet: bytes) -> bytes:
    """Return the file with its packet replaced at equal length. Raises PacketTooLong, PacketMissing."""
    start, end = _place(data)
    return data[:start] + _resized(packet, end - start) + data[end:]


def overwrite(path: str | os.PathLike[str], packet: bytes, at: int | None = None) -> None:
    """Replaces the packet inside a file. A crash in between leaves the pixels whole, and doing it again mends the rest.

    `at` is what `place` said of this file: then nothing but the packet is read. A file that says so already is left
    alone. What is written reaches the disk when the system likes, or at the caller's `os.sync()`.
    Raises PacketTooLong, PacketMissing, OSError.
    """
    with open(path, "r+b", buffering=0) as file:
        old = _read_at(file, at, len(packet))
        if not old:
            at, end = _place(Path(path).read_bytes())
            old = _read_at(file, at, end - at)
        new = packet if len(packet) == len(old) else _resized(packet, len(old))
        if new != old:
            file.seek(at or 0)
            file.write(new)


def place(data: bytes) -> int | None:
    """Return the offset of the packet in a file, None where there is none."""
    try:
        return _place(data)[0]
    except PacketMissing:
        return None


def _read_at(file: FileIO, at: int | None, size: int) -> bytes:
    """Return the packet of this size that begins there; nothing when it is no whole packet."""
    if at is None:
        return b""
    file.seek(at)
    found = file.read(size) or b""
    return found if found.startswith(_BEGIN) and found.endswith(_END) else b""


def _place(data: bytes) -> tuple[int, int]:
    """Return where the packet is, as the container says: a picture's own bytes could look the same."""
    for block in find(data).xmp:
        if block.startswith(_BEGIN) and block.endswith(_END):
            start = data.find(block)
            if start >= 0:
                return start, start + len(block)
    raise PacketMissing("The file has no XMP packet that could be overwritten; make the rendition again.")


def _resized(packet: bytes, size: int) -> bytes:
    return _padded(packet.removeprefix(_BEGIN).removesuffix(_END).rstrip(), size)


def _padded(content: bytes, size: int) -> bytes:
    room = size - len(_BEGIN) - len(content) - len(_END)
    if room < 0:
        raise PacketTooLong(f"The labels are {-room} bytes too long for this file; make the rendition again.")
    line = b" " * 99 + b"\n"
    return _BEGIN + content + (line * (room // 100 + 1))[:room] + _END


# The packet's content


def _content(fields: Mapping[str, Any]) -> bytes:
    spaces = "".join(f' xmlns:{prefix}="{uri}"' for prefix, uri in _NAMESPACES.items())
    return (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        f'<rdf:Description rdf:about=""{spaces}>{"".join(_properties(fields))}</rdf:Description></rdf:RDF></x:xmpmeta>'
    ).encode()


def _properties(fields: Mapping[str, Any]) -> Iterable[str]:
    licensor = _simple("plus:LicensorURL", fields.get("licensor_url"))
    return [
        _sequence("dc:creator", fields.get("creators") or ()),
        _simple("photoshop:Credit", fields.get("credit_line")),
        _default_language("dc:rights", fields.get("copyright_notice")),
        _simple("xmpRights:Marked", "True" if fields.get("copyright_notice") else None),
        _simple("xmpRights:WebStatement", fields.get("web_statement")),
        _default_language("xmpRights:UsageTerms", fields.get("usage_terms")),
        _wrapped("plus:Licensor", f'<rdf:Seq><rdf:li rdf:parseType="Resource">{licensor}</rdf:li></rdf:Seq>', licensor),
        _simple("plus:ImageSupplierImageID", fields.get("supplier_image_id")),
        _simple("plus:DataMining", fields.get("data_mining")),
        _simple("Iptc4xmpExt:DigitalSourceType", fields.get("digital_source_type")),
        _default_language("dc:description", fields.get("caption")),
        _simple("photoshop:Headline", fields.get("headline")),
        _simple("photoshop:Source", fields.get("source")),
        _simple("photoshop:City", fields.get("city")),
        _simple("photoshop:Country", fields.get("country")),
        _simple("photoshop:DateCreated", fields.get("date_created")),
    ]


def _simple(name: str, value: str | None) -> str:
    return _wrapped(name, _text(value or ""), value)


def _sequence(name: str, values: Iterable[str]) -> str:
    items = "".join(f"<rdf:li>{_text(value)}</rdf:li>" for value in values if value)
    return _wrapped(name, f"<rdf:Seq>{items}</rdf:Seq>", items)


def _default_language(name: str, value: str | None) -> str:
    return _wrapped(name, f'<rdf:Alt><rdf:li xml:lang="x-default">{_text(value or "")}</rdf:li></rdf:Alt>', value)


def _wrapped(name: str, inner: str, wanted: str | None) -> str:
    return f"<{name}>{inner}</{name}>" if wanted else ""


def _text(value: str) -> str:
    return escape(_FORBIDDEN.sub("", value), quote=False)


# IIM, for pictures that must look as an agency sent them

_IIM_NAMES = {
    "title": "ObjectName",
    "keywords": "Keywords",
    "instructions": "SpecialInstructions",
    "creators": "By-line",
    "city": "City",
    "country": "Country-PrimaryLocationName",
    "job_id": "OriginalTransmissionReference",
    "headline": "Headline",
    "credit_line": "Credit",
    "source": "Source",
    "copyright_notice": "CopyrightNotice",
    "caption": "Caption-Abstract",
}


def embed_iim(jpeg: bytes, fields: Mapping[str, Any]) -> bytes:
    """Return the JPEG with an IIM block in UTF-8, from fields named as in `Metadata`; an earlier block is replaced.

    Raises ValueError for what is no JPEG or holds more than one segment takes.
    """
    if jpeg[:2] != b"\xff\xd8":
        raise ValueError("IIM can only be written into a JPEG.")
    block = iim.build(_iim_fields(fields))
    resource = b"8BIM\x04\x04\0\0" + struct.pack(">I", len(block)) + block + b"\0" * (len(block) % 2)
    payload = PHOTOSHOP_HEADER + resource
    if len(payload) > 65_533:
        raise ValueError(f"The labels take {len(payload)} bytes; a JPEG segment holds 65,533.")
    head, rest = _split_after_app1(jpeg)
    return head + b"\xff\xed" + struct.pack(">H", len(payload) + 2) + payload + rest


def _iim_fields(fields: Mapping[str, Any]) -> dict[str, Any]:
    found = {name: fields[field] for field, name in _IIM_NAMES.items() if fields.get(field)}
    day, _, clock = str(fields.get("date_created") or "").partition("T")
    if len(day) == 10:
        found["DateCreated"] = day.replace("-", "")
    if match := re.match(r"(\d\d):(\d\d):?(\d\d)?(?:\.\d+)?(Z|[+-]\d\d:\d\d)?", clock):
        zone = (match[4] or "Z").replace("Z", "+0000").replace(":", "")
        found["TimeCreated"] = f"{match[1]}{match[2]}{match[3] or '00'}{zone}"
    return found


def _split_after_app1(jpeg: bytes) -> tuple[bytes, bytes]:
    """Return the JPEG before and after the place for APP13, without the Photoshop segments it had."""
    head, rest, at = jpeg[:2], b"", 2
    for marker, start, end in jpeg_offsets(jpeg):
        if marker in {0xE0, 0xE1}:
            head += jpeg[start - 4 : end]
        elif not (marker == 0xED and jpeg.startswith(PHOTOSHOP_HEADER, start)):
            rest += jpeg[start - 4 : end]
        at = end
    return head, rest + jpeg[at:]
