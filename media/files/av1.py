"""How large the AV1 pictures in an AVIF file really are, and in which colors: read from their stream.

Sections are those of the AV1 bitstream specification.
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from .fields import Bits, Fields
from .unusable import UnusableImage

# Bytes of a stream that hold its sequence header.
HEAD: Final = 512

# Encoders may round a side up to their largest block.
_ALIGNMENT: Final = 128
_SEQUENCE_HEADER: Final = 1
_UNSPECIFIED: Final = 2


@dataclass(frozen=True)
class Header:
    """`size` is (width, height), `colors` (primaries, transfer), codes of ITU-T H.273."""

    size: tuple[int, int]
    colors: tuple[int, int]


def sequence(stream: bytes) -> Header | None:
    """Return what the sequence header of an AV1 stream says (5.5); None where these bytes are no such stream."""
    fields = Fields(stream)
    try:
        while fields.position < len(stream):
            header = fields.take(1)
            fields.take(1 if header & 4 else 0)
            length = _leb128(fields) if header & 2 else len(stream) - fields.position
            if header >> 3 & 15 == _SEQUENCE_HEADER:
                return _sequence(Bits(stream[fields.position : fields.position + length]))
            fields.take(length)
    except struct.error:
        pass
    return None


def is_same_size(coded: Sequence[int], said: Sequence[int]) -> bool:
    """Return True if both sides agree, but for the encoder's rounding."""
    return all(abs(one - other) <= _ALIGNMENT for one, other in zip(coded, said, strict=True))


def _leb128(fields: Fields) -> int:
    value = 0
    for shift in range(0, 56, 7):
        byte = fields.take(1)
        value |= (byte & 127) << shift
        if byte < 128:
            break
    return value


def _sequence(bits: Bits) -> Header:
    profile, _, is_reduced = bits.take(3), bits.take(1), bits.take(1)
    if is_reduced:
        bits.take(5)
    else:
        _skip_operating_points(bits)
    width_bits, height_bits = bits.take(4) + 1, bits.take(4) + 1
    size = bits.take(width_bits) + 1, bits.take(height_bits) + 1
    if not is_reduced and bits.take(1):
        bits.take(7)
    bits.take(3)
    if not is_reduced:
        _skip_tools(bits)
    bits.take(3)
    return Header(size, _colors(bits, profile))


def _skip_operating_points(bits: Bits) -> None:
    if bits.take(1):
        # Timing, which only films have.
        raise UnusableImage("We can’t read this kind of AVIF file. Save it again or send a JPEG.")
    has_delay = bits.take(1)
    for _ in range(bits.take(5) + 1):
        bits.take(12)
        if bits.take(5) > 7:
            bits.take(1)
        if has_delay and bits.take(1):
            bits.take(4)


def _skip_tools(bits: Bits) -> None:
    bits.take(4)
    has_order = bits.take(1)
    bits.take(2 * has_order)
    has_screen_content = True if bits.take(1) else bits.take(1)
    if has_screen_content and not bits.take(1):
        bits.take(1)
    bits.take(3 * has_order)


def _colors(bits: Bits, profile: int) -> tuple[int, int]:
    is_deep = bits.take(1)
    if profile == 2 and is_deep:
        bits.take(1)
    if profile != 1:
        bits.take(1)
    if not bits.take(1):
        return 1, 13
    primaries, transfer = bits.take(8), bits.take(8)
    return (1 if primaries == _UNSPECIFIED else primaries), transfer
