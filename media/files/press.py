"""What CMYK without a profile is taken for: offset on coated paper, as most pictures meant for print are.

Nothing of anybody's profile is in here. The colors are computed: sixteen solids, mixed by how much of the paper each covers
(Neugebauer 1937, Demichel 1924) after the dots have grown in printing.
"""

from collections.abc import Iterable
from functools import cache
from itertools import product
from math import prod
from typing import Final

from .icc import D50, table_profile

Color = tuple[float, float, float]

# L*a*b* of paper and solids of one and two inks: the aims of ISO 12647-2 for coated paper. With black nearly all is black.
_PAPER: Final = (95.0, 0.0, -2.0)
_SOLIDS: Final = {
    (0, 0, 0): _PAPER, (1, 0, 0): (55, -37, -50), (0, 1, 0): (48, 74, -3), (0, 0, 1): (89, -5, 93),
    (0, 1, 1): (47, 68, 48), (1, 0, 1): (50, -68, 25), (1, 1, 0): (24, 22, -46), (1, 1, 1): (23, 0, 0),
}  # fmt: skip
_BLACK: Final = 16.0
# How much a dot of half the area grows (ISO 12647-2: 13 to 16 %), C, M, Y and K.
_GAIN: Final = (0.14, 0.14, 0.14, 0.17)
_POINTS: Final = 5


@cache
def profile() -> bytes:
    """Return the ICC profile of that press: paper is white, all four inks together are black."""
    paper, black = _xyz_of(_PAPER), _xyz_of(_solid((1, 1, 1, 1)))
    solids = {inks: _between(black, _xyz_of(_solid(inks)), paper) for inks in product((0, 1), repeat=4)}
    steps = [step / (_POINTS - 1) for step in range(_POINTS)]
    table = [_mixed(inks, solids) for inks in product(steps, repeat=4)]
    curves = [[share + 4 * gain * share * (1 - share) for share in (at / 255 for at in range(256))] for gain in _GAIN]
    return table_profile("Coated offset, computed", curves, _POINTS, table)


def _solid(inks: tuple[int, ...]) -> Color:
    lightness, a, b = _SOLIDS[inks[0], inks[1], inks[2]]
    if not inks[3]:
        return lightness, a, b
    return _BLACK * (0.5 + 0.5 * lightness / _PAPER[0]), a * 0.1, b * 0.1


def _mixed(inks: tuple[float, ...], solids: dict[tuple[int, ...], Color]) -> Color:
    weights = {
        which: prod(share if printed else 1 - share for share, printed in zip(inks, which, strict=True))
        for which in solids
    }
    return _color(sum(weights[which] * solids[which][axis] for which in solids) for axis in range(3))


def _between(black: Color, color: Color, paper: Color) -> Color:
    """Return a color with this paper as the white of D50 and this black as none."""
    ends = zip(black, color, paper, D50, strict=True)
    return _color((value - least) / (most - least) * white for least, value, most, white in ends)


def _xyz_of(lab: Color) -> Color:
    """Return XYZ of L*a*b*, both under D50 (CIE 15)."""
    y = (lab[0] + 16) / 116
    parts = (y + lab[1] / 500, y, y - lab[2] / 200)
    return _color(
        white * (part**3 if part > 6 / 29 else 3 * (6 / 29) ** 2 * (part - 4 / 29))
        for part, white in zip(parts, D50, strict=True)
    )


def _color(numbers: Iterable[float]) -> Color:
    x, y, z = numbers
    return x, y, z
