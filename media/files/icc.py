"""Writes color profiles as bytes (ICC.1, version 4): what a picture means that carries none."""

import struct
from collections.abc import Sequence
from typing import Final

D50: Final = (0.9642, 1.0, 0.8249)

_RGB_TO_XYZ: Final = (b"rXYZ", b"gXYZ", b"bXYZ")
_RGB_CURVES: Final = (b"rTRC", b"gTRC", b"bTRC")


def matrix_profile(name: str, colorants: Sequence[Sequence[float]], curve: Sequence[float]) -> bytes:
    """Return a display profile: three colorants (XYZ adapted to D50), one parametric curve, a D50 white."""
    tags = {tag: _xyz(colorant) for tag, colorant in zip(_RGB_TO_XYZ, colorants, strict=True)}
    return _profile(name, b"mntr", b"RGB ", tags | dict.fromkeys(_RGB_CURVES, _curve(curve)))


def table_profile(name: str, curves: Sequence[Sequence[float]], points: int, table: Sequence[Sequence[float]]) -> bytes:
    """Return a CMYK profile: a curve of 0-1 for each ink, then XYZ of paper = D50 by the inks in `points` steps each.

    The last ink of `table` changes fastest.
    """
    head = struct.pack(">4s4xBBBx", b"mft2", len(curves), 3, points) + _fixed((1, 0, 0, 0, 1, 0, 0, 0, 1))
    numbers = [
        *(65535 * value for curve in curves for value in curve),
        *(32768 * value for color in table for value in color),
        *(0, 65535) * 3,
    ]
    body = struct.pack(f">HH{len(numbers)}H", len(curves[0]), 2, *(min(65535, max(0, round(n))) for n in numbers))
    return _profile(name, b"scnr", b"CMYK", {b"A2B0": head + body})


def _profile(name: str, kind: bytes, space: bytes, described: dict[bytes, bytes]) -> bytes:
    text = _localised(name)
    tags = {b"desc": text, b"cprt": text, b"wtpt": _xyz(D50), **described}
    table, body = b"", b""
    start = 128 + 4 + 12 * len(tags)
    for tag, content in tags.items():
        table += struct.pack(">4sII", tag, start + len(body), len(content))
        body += content + bytes(-len(content) % 4)
    return _header(start + len(body), kind, space) + struct.pack(">I", len(tags)) + table + body


def _header(size: int, kind: bytes, space: bytes) -> bytes:
    head = struct.pack(">I4xI4s4s4s12x4s", size, 0x04300000, kind, space, b"XYZ ", b"acsp")
    return (head + bytes(28) + _fixed(D50)).ljust(128, b"\0")


def _fixed(numbers: Sequence[float]) -> bytes:
    return b"".join(struct.pack(">i", round(number * 65536)) for number in numbers)


def _xyz(numbers: Sequence[float]) -> bytes:
    return b"XYZ \0\0\0\0" + _fixed(numbers)


def _curve(numbers: Sequence[float]) -> bytes:
    kind = 0 if len(numbers) == 1 else 3
    return b"para\0\0\0\0" + struct.pack(">HH", kind, 0) + _fixed(numbers)


def _localised(text: str) -> bytes:
    encoded = text.encode("utf-16-be")
    return b"mluc\0\0\0\0" + struct.pack(">II2s2sII", 1, 12, b"en", b"US", len(encoded), 28) + encoded
