"""HEIC files put together for tests, box by box (ISO 14496-12, ISO 23008-12), around one small picture of ours."""

import struct
from dataclasses import dataclass, field
from pathlib import Path

DATA = Path(__file__).parent / "data"
SCENE = (DATA / "scene.heic").read_bytes()


def box(kind, *content):
    body = b"".join(content)
    return struct.pack(">I4s", len(body) + 8, kind) + body


def full(kind, version, *content):
    return box(kind, struct.pack(">I", version << 24), *content)


@dataclass
class Item:
    kind: bytes
    content: bytes = b""
    properties: list[bytes] = field(default_factory=list)


def _inside(kind):
    at = SCENE.find(kind) - 4
    return SCENE[at : at + struct.unpack_from(">I", SCENE, at)[0]]


def size(width, height):
    return full(b"ispe", 0, struct.pack(">II", width, height))


def colors(primaries, transfer):
    return box(b"colr", b"nclx", struct.pack(">HHHB", primaries, transfer, 6, 128))


def scene_item(*properties, width=160, height=120):
    """The scene of tests.pictures, 160 × 120, as HEVC."""
    return Item(b"hvc1", _inside(b"mdat")[8:], [_inside(b"hvcC"), size(width, height), *properties])


def grid(rows, columns, width, height, *properties):
    content = struct.pack(">BBBBII", 0, 1, rows - 1, columns - 1, width, height)
    return Item(b"grid", content, [size(width, height), *properties])


def exif(tiff):
    return Item(b"Exif", struct.pack(">I", 0) + tiff)


def xmp(packet):
    return Item(b"mime", packet)


def heic(*items, parts=(), primary=1, open_end=False, brand=b"heic"):
    """Items are numbered from 1. `parts` are (whole, [parts]); `open_end` gives the last box the size 0."""
    length = len(_meta(items, parts, primary, 0))
    ftyp = box(b"ftyp", brand, bytes(4), b"mif1", brand)
    meta = _meta(items, parts, primary, len(ftyp) + length + 8)
    mdat = box(b"mdat", *(item.content for item in items))
    return ftyp + meta + (b"\0\0\0\0" + mdat[4:] if open_end else mdat)


def _meta(items, parts, primary, start):
    properties = [each for item in items for each in item.properties]
    kinds, places, told, seen = [], [], [], 0
    for key, item in enumerate(items, 1):
        name = b"\0application/rdf+xml\0" if item.kind == b"mime" else b"\0"
        kinds.append(full(b"infe", 2, struct.pack(">HH", key, 0), item.kind, name))
        places.append(struct.pack(">HHHII", key, 0, 1, start, len(item.content)))
        start += len(item.content)
        indices = range(seen + 1, seen + 1 + len(item.properties))
        told.append(struct.pack(">HB", key, len(indices)) + bytes(indices))
        seen += len(item.properties)
    wholes = [box(b"dimg", struct.pack(f">HH{len(used)}H", whole, len(used), *used)) for whole, used in parts]
    return full(
        b"meta", 0,
        full(b"hdlr", 0, bytes(4), b"pict", bytes(13)),
        full(b"pitm", 0, struct.pack(">H", primary)),
        full(b"iloc", 0, b"\x44\x00", struct.pack(">H", len(items)), *places),
        full(b"iinf", 0, struct.pack(">H", len(items)), *kinds),
        full(b"iref", 0, *wholes) if wholes else b"",
        box(b"iprp", box(b"ipco", *properties), full(b"ipma", 0, struct.pack(">I", len(items)), *told)),
    )  # fmt: skip
