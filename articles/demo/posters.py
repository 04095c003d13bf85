"""Posters of the demo's works: a sky, what lies under it, and the title in capitals."""

import math
from collections.abc import Callable, Iterable
from random import Random
from typing import Any

from PIL import Image, ImageDraw, ImageFont

from articles.demo.figures import silhouette
from articles.demo.paint import Color, Point, blur, glow, gradient, polygon, shade

PAPER = (244, 236, 222)
MARGIN = 0.09
# The places of a line from the left edge (0) to the right (1), and a little beyond.
ACROSS = [place / 60 for place in range(-2, 63)]


def poster(image: Image.Image, rng: Random, spec: Any) -> None:
    """Draw the poster of a spec: `sky` (two colors), `ground` (a color), `motif` (a key of MOTIFS) and `title`."""
    width, height = image.size
    top, low = (tuple(color) for color in spec["sky"])
    image.paste(gradient(image.size, [(0, top), (0.62, low), (1, shade(low, 0.5))]))
    glow(image, (width * spec.get("sun", 0.5), height * 0.44), height * 0.2, tuple(spec["light"]), 1.4)
    MOTIFS[spec["motif"]](image, rng, tuple(spec["ground"]))
    lettering(image, spec["title"].upper())


def lettering(image: Image.Image, title: str) -> None:
    """Set the title at the foot, each line as wide as the sheet, longer words smaller."""
    width, height = image.size
    pen, foot, room = ImageDraw.Draw(image), height * (1 - MARGIN / 1.5), width * (1 - 2 * MARGIN)
    for line in reversed(title.split("|")):
        size = min(height * 0.12, 40 * room / ImageFont.load_default(40).getlength(line))
        foot -= size * 1.05
        pen.text((width * MARGIN, foot), line, PAPER, ImageFont.load_default(size))


def crest(image: Image.Image, color: Color, heights: Iterable[float], soft: float = 0.8) -> None:
    """Fill what lies under a line, given by its height at each place of ACROSS."""
    width, height = image.size
    edge: list[Point] = [(width * x, height * y) for x, y in zip(ACROSS, heights, strict=True)]
    image.paste(
        color, mask=polygon(image.size, [*edge, (width * 1.1, height * 1.1), (-width * 0.1, height * 1.1)], soft)
    )


def sea(image: Image.Image, rng: Random, color: Color) -> None:
    for depth in range(7):
        start, swell = rng.random() * 6, 0.008 + 0.006 * depth
        crest(
            image, shade(color, 1.5 - 0.17 * depth),
            [0.5 + 0.06 * depth + swell * math.sin((9 - depth) * x + start) for x in ACROSS],
        )  # fmt: skip
    figure = silhouette(round(image.height * 0.17), rng, shade(color, 0.3), ("gown",))
    image.paste(figure, (round(image.width * 0.46), round(image.height * 0.66 - figure.height)), figure)


def ridge(image: Image.Image, rng: Random, color: Color) -> None:
    for depth in range(4):
        tops = [rng.uniform(0, 0.09) for _ in range(12)]
        if depth == 1:
            plumes(image, rng)
        crest(
            image, shade(color, 1.5 - 0.38 * depth),
            [0.47 + 0.09 * depth + between(tops, x * 9) for x in ACROSS],
        )  # fmt: skip


def between(tops: list[float], place: float) -> float:
    """Return the height of a line that runs straight from one top to the next."""
    left, share = int(place), place % 1
    return tops[left % len(tops)] * (1 - share) + tops[(left + 1) % len(tops)] * share


def plumes(image: Image.Image, rng: Random) -> None:
    """Let three columns of smoke rise, bent by one wind."""
    smoke = Image.new("L", image.size)
    pen = ImageDraw.Draw(smoke)
    for place in (0.24, 0.55, 0.78):
        for step in range(46):
            across = image.width * (place + 0.0022 * step**1.15 + rng.uniform(-0.006, 0.006))
            up, wide = image.height * (0.53 - 0.0085 * step), image.width * (0.006 + 0.0012 * step)
            pen.ellipse((across - wide, up - wide, across + wide, up + wide), fill=max(0, 150 - 3 * step))
    image.paste(PAPER, mask=blur(smoke, image.width * 0.012))


def orbit(image: Image.Image, rng: Random, color: Color) -> None:
    width, height = image.size
    stars = Image.frombytes("L", image.size, rng.randbytes(width * height)).point(
        [max(0, (v - 253) * 90) for v in range(256)]
    )
    image.paste(PAPER, mask=blur(stars, 0.7))
    pen = ImageDraw.Draw(image)
    pen.arc((-width * 0.35, height * 0.1, width * 1.35, height * 0.98), 190, 350, PAPER, max(2, width // 260))
    crest(image, color, [0.56 + 0.42 * (x - 0.5) ** 2 for x in ACROSS])
    pen = ImageDraw.Draw(image)
    left, floor, side = width * 0.46, height * 0.565, width * 0.07
    pen.polygon(
        [(left - 6, floor - side), (left + side / 2, floor - side * 1.6), (left + side + 6, floor - side)],
        shade(color, 0.4),
    )
    pen.rectangle((left, floor - side, left + side, floor), shade(color, 0.5))
    pen.rectangle((left + side * 0.4, floor - side * 0.72, left + side * 0.64, floor - side * 0.42), (255, 214, 130))


def spires(image: Image.Image, rng: Random, color: Color) -> None:
    for depth in range(3):
        tall = [rng.uniform(0.05, 0.3) for _ in range(9)]
        crest(
            image, shade(color, 1.7 - 0.55 * depth),
            [0.64 + 0.05 * depth - tall[int(x * 8) % 9] * max(0.0, 1 - abs(x * 8 % 1 - 0.5) * 3.2) for x in ACROSS],
        )  # fmt: skip


MOTIFS: dict[str, Callable[[Image.Image, Random, Color], None]] = {
    "sea": sea, "ridge": ridge, "orbit": orbit, "spires": spires,
}  # fmt: skip
