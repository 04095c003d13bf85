"""How large the HEVC pictures in a HEIC file really are: read from their stream, not from what the file says."""

import re
from collections.abc import Iterator
from typing import Final

from .fields import Bits, Fields
from .unusable import DAMAGED, MOST_PARTS, UnusableImage

_SEQUENCE: Final = 33
_HEAD: Final = 256
# Inside a stream 00 00 00-02 would be mistaken for the start of a part, so a 03 stands between (H.265, 7.3.1.1).
_GUARD: Final = re.compile(rb"\0\0\x03")


def sizes(configuration: bytes, stream: bytes) -> Iterator[tuple[int, int]]:
    """Yield (width, height) of every sequence parameter set of an item.

    `configuration` is the content of its hvcC box (ISO 14496-15, 8.3.3.1), `stream` its bytes; both may hold some.
    Raises UnusableImage where there are endless parts, struct.error where one is cut short.
    """
    wide = (configuration[21] & 3) + 1
    for unit in (*_configured(configuration), *_streamed(stream, wide)):
        if unit[:1] and unit[0] >> 1 & 63 == _SEQUENCE:
            yield _size(_GUARD.sub(b"\0\0", unit[2:]))


def _configured(configuration: bytes) -> Iterator[bytes]:
    fields = Fields(configuration, 22)
    for _ in range(fields.take(1)):
        fields.take(1)
        for _ in range(fields.take(2)):
            length = fields.take(2)
            yield configuration[fields.position : fields.position + min(length, _HEAD)]
            fields.position += length


def _streamed(stream: bytes, wide: int) -> Iterator[bytes]:
    fields = Fields(stream)
    for _ in range(MOST_PARTS):
        if fields.position + wide > len(stream):
            return
        length = fields.take(wide)
        yield stream[fields.position : fields.position + min(length, _HEAD)]
        fields.position += length
    raise UnusableImage(DAMAGED)


def _size(sequence: bytes) -> tuple[int, int]:
    """Read a sequence parameter set (H.265, 7.3.2.2) as far as its size."""
    bits = Bits(sequence)
    bits.take(4)
    layers = bits.take(3)
    bits.take(1 + 96)
    _skip_layers(bits, layers)
    bits.golomb()
    if bits.golomb() == 3:
        bits.take(1)
    return bits.golomb(), bits.golomb()


def _skip_layers(bits: Bits, layers: int) -> None:
    if not layers:
        return
    present = [(bits.take(1), bits.take(1)) for _ in range(layers)]
    bits.take(2 * (8 - layers))
    for has_profile, has_level in present:
        bits.take(88 * has_profile + 8 * has_level)
