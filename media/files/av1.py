"""How large the AV1 pictures in an AVIF file really are: read from their stream, not from what the file says."""

import struct
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from .unusable import UnusableImage

# Encoders may round a side up to their largest block.
_ALIGNMENT: Final = 128
_HEAD: Final = 512
_SEQUENCE_HEADER: Final = 1
_UNREADABLE: Final = "We can’t read this kind of AVIF file. Save it again or send a JPEG."


class _Fields:
    """Reads big-endian whole numbers one after another."""

    def __init__(self, data: bytes, position: int) -> None:
        self.data, self.position = data, position

    def take(self, length: int) -> int:
        if self.position + length > len(self.data):
            raise struct.error
        start, self.position = self.position, self.position + length
        return int.from_bytes(self.data[start : self.position])


def item_heads(data: bytes, iloc: int | None, idat: int) -> Iterator[bytes]:
    """Yield the first bytes of every item, by the item location box whose content starts at `iloc`.

    Raises struct.error where the box is cut short, UnusableImage where items lie in another file.
    """
    if iloc is None:
        return
    fields = _Fields(data, iloc)
    version = fields.take(1)
    fields.take(3)
    sizes = fields.take(2)
    offset_size, length_size, base_size, index_size = (sizes >> shift & 15 for shift in (12, 8, 4, 0))
    for _ in range(fields.take(2 if version < 2 else 4)):
        fields.take(2 if version < 2 else 4)
        method = fields.take(2) & 15 if version else 0
        if fields.take(2) or method > 1:
            raise UnusableImage(_UNREADABLE)
        base = fields.take(base_size) + (idat if method else 0)
        head = b""
        for _ in range(fields.take(2)):
            fields.take(index_size if version else 0)
            start, length = base + fields.take(offset_size), fields.take(length_size)
            head += data[start : start + min(length, _HEAD)] if len(head) < _HEAD else b""
        yield head


def coded_size(stream: bytes) -> tuple[int, int] | None:
    """Return width and height in the sequence header of an AV1 stream; None where these bytes are no such stream."""
    fields = _Fields(stream, 0)
    try:
        while fields.position < len(stream):
            header = fields.take(1)
            fields.take(1 if header & 4 else 0)
            length = _leb128(fields) if header & 2 else len(stream) - fields.position
            if header >> 3 & 15 == _SEQUENCE_HEADER:
                return _sequence_size(stream[fields.position : fields.position + length])
            fields.take(length)
    except struct.error:
        pass
    return None


def is_same_size(coded: Sequence[int], said: Sequence[int]) -> bool:
    """Return True if both sides agree, but for the encoder's rounding."""
    return all(abs(one - other) <= _ALIGNMENT for one, other in zip(coded, said, strict=True))


def _leb128(fields: _Fields) -> int:
    value = 0
    for shift in range(0, 56, 7):
        byte = fields.take(1)
        value |= (byte & 127) << shift
        if byte < 128:
            break
    return value


def _sequence_size(header: bytes) -> tuple[int, int]:
    bits = iter("".join(f"{byte:08b}" for byte in header))

    def take(number: int) -> int:
        return int("".join(next(bits, "0") for _ in range(number)) or "0", 2)

    take(4)
    if take(1):  # A still picture's short header.
        take(5)
    else:
        _skip_operating_points(take)
    width_bits, height_bits = take(4) + 1, take(4) + 1
    return take(width_bits) + 1, take(height_bits) + 1


def _skip_operating_points(take: Callable[[int], int]) -> None:
    if take(1):
        raise UnusableImage(_UNREADABLE)  # Timing, which only films have.
    has_delay = take(1)
    for _ in range(take(5) + 1):
        take(12)
        if take(5) > 7:
            take(1)
        if has_delay and take(1):
            take(4)
