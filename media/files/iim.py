"""IPTC IIM (Information Interchange Model 4.2), the older of the two forms in which agencies label their pictures.

Pure. `parse` reads what `build` writes, and everything real files hold besides: no character set, byte-swapped blocks,
cut values, NULs at the end.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping, Sequence

from . import alphabets

CHARACTER_SET = (1, 90)
UTF8 = b"\x1b%G"

# Dataset number in record 2 -> (IPTC name, greatest length in bytes), IIM 4.2 section 6.
DATASETS: dict[int, tuple[str, int]] = {
    5: ("ObjectName", 64),
    25: ("Keywords", 64),
    40: ("SpecialInstructions", 256),
    55: ("DateCreated", 8),
    60: ("TimeCreated", 11),
    80: ("By-line", 32),
    85: ("By-lineTitle", 32),
    90: ("City", 32),
    92: ("Sub-location", 32),
    95: ("Province-State", 32),
    100: ("Country-PrimaryLocationCode", 3),
    101: ("Country-PrimaryLocationName", 64),
    103: ("OriginalTransmissionReference", 32),
    105: ("Headline", 256),
    110: ("Credit", 32),
    115: ("Source", 32),
    116: ("CopyrightNotice", 128),
    120: ("Caption-Abstract", 2000),
    122: ("Writer-Editor", 32),
}
NUMBERS = {name: number for number, (name, _) in DATASETS.items()}
LENGTHS = dict(DATASETS.values())


def parse(block: bytes) -> dict[str, list[str]]:
    """Return the values of each IPTC name, in file order. Stops where the block is damaged."""
    return read(block)[0]


def read(block: bytes) -> tuple[dict[str, list[str]], alphabets.Guess]:
    """Return the values of each IPTC name, and the alphabet they were read in where they are not in UTF-8."""
    rows = [
        (DATASETS[number][0], value) for record, number, value in datasets(block) if record == 2 and number in DATASETS
    ]
    alphabet = alphabets.guess(value for _, value in rows if not _is_utf8(value))
    found: dict[str, list[str]] = {}
    for name, value in rows:
        found.setdefault(name, []).append(decode(value, alphabet.name))
    return found, alphabet


def _is_utf8(value: bytes) -> bool:
    """Return True also for UTF-8 that was cut inside its last letter."""
    try:
        value.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.reason == "unexpected end of data" and not value[: error.start].isascii()
    return True


def datasets(block: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Yield (record, dataset, value) up to the first damage; half a value, which may name the wrong person, is none."""
    if block[:1] != b"\x1c" and block[3:4] == b"\x1c":
        block = _swapped(block)
    at = 0
    while at + 5 <= len(block) and block[at] == 0x1C:
        record, dataset, size = struct.unpack_from(">BBH", block, at + 1)
        at += 5
        if size & 0x8000:
            width = size & 0x7FFF
            if width > 8:
                return
            size = int.from_bytes(block[at : at + width], "big")
            at += width
        if at + size > len(block):
            return
        yield record, dataset, block[at : at + size]
        at += size


def _swapped(block: bytes) -> bytes:
    """Some writers stored the block as little-endian words."""
    words = len(block) // 4
    return struct.pack(f">{words}I", *struct.unpack_from(f"<{words}I", block))


def decode(value: bytes, alphabet: str = "cp1252") -> str:
    """Return the text of one value: UTF-8 when it is, else of this alphabet, by default Windows-1252."""
    value = value.replace(b"\0", b"")
    if _is_utf8(value):
        return value.decode("utf-8", "ignore")
    return decode_windows(value) if alphabet in {"", "cp1252"} else alphabets.decoded(value, alphabet)


def decode_windows(value: bytes) -> str:
    """Windows-1252, with the five bytes it leaves open read as Latin-1 does."""
    return value.decode("latin-1").translate(_WINDOWS)


_WINDOWS = {byte: bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in range(0x80, 0xA0)}


def build(fields: Mapping[str, str | Sequence[str]]) -> bytes:
    """Return an IIM block in UTF-8 from IPTC names; values longer than IIM allows are cut between letters.

    Raises KeyError for a name IIM does not have.
    """
    block = _dataset(*CHARACTER_SET, UTF8) + _dataset(2, 0, b"\0\4")
    for number, name, text in sorted(_values(fields), key=lambda value: value[0]):
        cut = text.encode()[: LENGTHS[name]].decode("utf-8", "ignore")
        block += _dataset(2, number, cut.encode())
    return block


def _values(fields: Mapping[str, str | Sequence[str]]) -> Iterator[tuple[int, str, str]]:
    for name, value in fields.items():
        for text in [value] if isinstance(value, str) else value:
            yield NUMBERS[name], name, text


def _dataset(record: int, number: int, value: bytes) -> bytes:
    return struct.pack(">BBBH", 0x1C, record, number, len(value)) + value
