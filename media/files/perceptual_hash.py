"""A picture's perceptual hash: 64 bits that hardly change when it is resized, encoded anew or trimmed a little.

Each bit says of one of the 64 lowest spatial frequencies of the gray picture (but the mean), by a discrete cosine
transform, whether there is more of it than of most others. Two hashes are compared by how many bits differ.
"""

import itertools
import math
from collections import Counter
from operator import mul
from statistics import median
from typing import Final

from PIL import Image

Box = tuple[float, float, float, float]

SAME: Final = 8
"""So many bits at most differ between a copy and one of the 25 hashes of the picture it was made of."""
SIMILAR: Final = 6
"""So many bits at most differ between two pictures that are called similar."""

SIDE: Final = 32
BITS: Final = 64
QUARTER: Final = 16
_MASK: Final = (1 << BITS) - 1

# Rows and columns of frequencies, the lowest first, without the mean.
_FREQUENCIES: Final = sorted(itertools.product(range(12), repeat=2), key=lambda at: (sum(at), at))[1 : BITS + 1]
_HIGHEST: Final = 1 + max(max(at) for at in _FREQUENCIES)
_COSINES: Final = [
    [math.cos(math.pi * frequency * (2 * at + 1) / (2 * SIDE)) for at in range(SIDE)] for frequency in range(_HIGHEST)
]

# A frequency this weak may be noise of the encoder; a picture with few others has no face of its own.
_WEAK: Final = 64
_FEWEST: Final = 24
# A share of nearly one gray from which a picture is a logo or lettering on a plain ground.
_GROUND: Final = 0.8

# Shares cut from the left and the right, or the top and the bottom: with any of these across and down, a copy that lost
# up to a tenth on each side is close to one.
_CUTS: Final = ((0, 0), (0.03, 0.03), (0.07, 0), (0, 0.07), (0.08, 0.08))


def perceptual_hash(picture: Image.Image) -> int | None:
    """Return the hash as a signed integer of 64 bits, or None for a picture too flat to be told from others."""
    return _hash(picture.convert("L"), (0, 0, *picture.size))


def hashes_of_crops(picture: Image.Image) -> list[int]:
    """Return the hashes of the picture and of what is left of it after trimming its sides by up to a tenth: at most 25."""
    gray, (width, height) = picture.convert("L"), picture.size
    boxes = (
        (left * width, top * height, (1 - right) * width, (1 - bottom) * height)
        for (left, right), (top, bottom) in itertools.product(_CUTS, repeat=2)
    )
    return [found for box in boxes if (found := _hash(gray, box)) is not None]


def distance(one: int, other: int) -> int:
    """Return how many of 64 bits differ: 0 for the same picture, about 32 for two that have nothing in common."""
    return ((one ^ other) & _MASK).bit_count()


def quarters(bits: int) -> tuple[int, int, int, int]:
    """Return the four unsigned integers of 16 bits that a hash is made of, the highest first."""
    first, second, third, fourth = ((bits >> shift) & 0xFFFF for shift in (48, 32, 16, 0))
    return first, second, third, fourth


def neighbors(quarter: int, radius: int) -> list[int]:
    """Return the quarters that differ from this one in at most `radius` bits: 1, 17, 137 of them for 0, 1, 2."""
    return [
        quarter ^ sum(1 << bit for bit in flipped)
        for number in range(radius + 1)
        for flipped in itertools.combinations(range(QUARTER), number)
    ]


def _hash(gray: Image.Image, box: Box) -> int | None:
    pixels = gray.resize((SIDE, SIDE), Image.Resampling.LANCZOS, box=box).tobytes()
    amounts = _amounts(pixels)
    middle = median(amounts)
    if _is_plain(pixels) or sum(abs(amount - middle) > _WEAK for amount in amounts) < _FEWEST:
        return None
    bits = sum((amount > middle) << at for at, amount in enumerate(amounts))
    return bits - (1 << BITS) if bits >> (BITS - 1) else bits


def _amounts(pixels: bytes) -> list[float]:
    """Return how much of each frequency is in 32 × 32 gray pixels."""
    rows = [pixels[at : at + SIDE] for at in range(0, SIDE * SIDE, SIDE)]
    across = [[sum(map(mul, wave, row)) for row in rows] for wave in _COSINES]
    return [sum(map(mul, _COSINES[down], across[right])) for down, right in _FREQUENCIES]


def _is_plain(pixels: bytes) -> bool:
    counts = Counter(pixels)
    most = max(sum(counts[gray + near] for near in (-2, -1, 0, 1, 2)) for gray in counts)
    return most >= _GROUND * len(pixels)
