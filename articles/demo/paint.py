"""Light, lens and film: the kit the demo pictures are painted with.

Everything works on Pillow images alone and draws its chance from the `random.Random` it is handed,
so the same seed gives the same picture.
"""

import math
from collections.abc import Sequence
from itertools import pairwise
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageFilter

Color = tuple[int, int, int]
Point = tuple[float, float]
Stops = Sequence[tuple[float, Color]]

# Pillow's radial gradient reaches 181 where the circle meets the edge of its square; beyond that no light may fall.
_FALL_OFF = Image.radial_gradient("L").point([max(0, round(255 - value * 255 / 178)) for value in range(256)])


def mix(first: Color, second: Color, share: float) -> Color:
    """The color `share` (0..1) of the way from the first to the second."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(first, second, strict=True))
    return red, green, blue


def shade(color: Color, factor: float) -> Color:
    red, green, blue = (max(0, min(255, round(part * factor))) for part in color)
    return red, green, blue


def blur(image: Image.Image, radius: float) -> Image.Image:
    return image.filter(ImageFilter.GaussianBlur(radius)) if radius > 0 else image


def gradient(size: tuple[int, int], stops: Stops, across: bool = False) -> Image.Image:
    """A linear gradient through `(position 0..1, color)` stops, downwards or from left to right."""
    strip = Image.new("RGB", (1, 256))
    for row in range(256):
        strip.putpixel((0, row), _at(stops, row / 255))
    if across:
        strip = strip.transpose(Image.Transpose.ROTATE_90)
    return strip.resize(size, Image.Resampling.BICUBIC)


def _at(stops: Stops, position: float) -> Color:
    for (low, first), (high, second) in pairwise(stops):
        if position <= high:
            return mix(first, second, max(0.0, position - low) / max(high - low, 1e-6))
    return stops[-1][1]


def cloud(size: tuple[int, int], rng: Random, cells: tuple[int, int], octaves: int = 3) -> Image.Image:
    """Soft gray noise; `cells` is how many lumps there are across and down in the coarsest octave."""
    across, down = cells
    result = _lumps(size, rng, across, down)
    for octave in range(1, octaves):
        result = Image.blend(result, _lumps(size, rng, across << octave, down << octave), 0.5 / octave)
    return result


def _lumps(size: tuple[int, int], rng: Random, across: int, down: int) -> Image.Image:
    return Image.frombytes("L", (across, down), rng.randbytes(across * down)).resize(size, Image.Resampling.BICUBIC)


def gray(layer: Image.Image) -> Image.Image:
    return Image.merge("RGB", (layer, layer, layer))


def tinted(mask: Image.Image, color: Color) -> Image.Image:
    """The mask as light of one color on black."""
    return Image.merge("RGB", [mask.point([value * part // 255 for value in range(256)]) for part in color])


def glow(image: Image.Image, center: Point, radius: float | Point, color: Color, power: float = 2.0) -> None:
    """Adds a light that fades from its center (pixels); a pair of radii makes it an ellipse."""
    wide, high = radius if isinstance(radius, tuple) else (radius, radius)
    size = (max(2, round(2 * wide)), max(2, round(2 * high)))
    curve = [round(255 * (value / 255) ** power) for value in range(256)]
    patch = tinted(_FALL_OFF.resize(size, Image.Resampling.BILINEAR).point(curve), color)
    add(image, patch, (round(center[0] - wide), round(center[1] - high)))


def add(image: Image.Image, light: Image.Image, corner: tuple[int, int] = (0, 0)) -> None:
    """Screens a layer of light over the image at that corner; what falls outside is lost."""
    left, top = corner
    box = (max(0, left), max(0, top), min(image.width, left + light.width), min(image.height, top + light.height))
    if box[0] >= box[2] or box[1] >= box[3]:
        return
    part = light.crop((box[0] - left, box[1] - top, box[2] - left, box[3] - top))
    image.paste(ImageChops.screen(image.crop(box), part), box)


def bokeh(
    image: Image.Image,
    rng: Random,
    count: int,
    area: tuple[float, float, float, float],
    colors: Sequence[Color],
    radius: tuple[float, float],
    strength: float = 0.6,
) -> None:
    """Lights out of focus: discs with a brighter rim, inside `area` (fractions of the frame)."""
    width, height = image.size
    layer = Image.new("RGB", image.size)
    for _ in range(count):
        x, y = rng.uniform(area[0], area[2]) * width, rng.uniform(area[1], area[3]) * height
        size = rng.uniform(*radius) * height
        color = shade(rng.choice(colors), strength * rng.uniform(0.35, 1.0))
        disc = Image.new("RGB", (round(2 * size) + 8, round(2 * size) + 8))
        box = (4, 4, 4 + 2 * size, 4 + 2 * size)
        ImageDraw.Draw(disc).ellipse(box, fill=shade(color, 0.75), outline=color, width=max(1, round(size * 0.12)))
        add(layer, blur(disc, 0.6 + size * 0.06), (round(x - size), round(y - size)))
    add(image, layer)


def smooth(points: Sequence[Point], steps: int = 8, closed: bool = True) -> list[Point]:
    """A Catmull-Rom curve through the points."""
    count = len(points)
    spans = count if closed else count - 1
    curve: list[Point] = []
    for index in range(spans):
        window = [_pick(points, index + shift, closed) for shift in (-1, 0, 1, 2)]
        curve.extend(_spline(window, step / steps) for step in range(steps))
    return curve if closed else [*curve, points[-1]]


def _pick(points: Sequence[Point], index: int, closed: bool) -> Point:
    return points[index % len(points)] if closed else points[max(0, min(len(points) - 1, index))]


def _spline(window: Sequence[Point], t: float) -> Point:
    def along(axis: int) -> float:
        a, b, c, d = (point[axis] for point in window)
        return 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)

    return along(0), along(1)


def polygon(size: tuple[int, int], points: Sequence[Point], soft: float = 0) -> Image.Image:
    """An antialiased mask of the polygon, its edge blurred by `soft` pixels."""
    mask = Image.new("L", (size[0] * 2, size[1] * 2))
    ImageDraw.Draw(mask).polygon([(x * 2, y * 2) for x, y in points], fill=255)
    return blur(mask.reduce(2), soft)


def beam(image: Image.Image, start: Point, end: Point, spread: tuple[float, float], color: Color) -> None:
    """A cone of stage light through haze, strongest where it starts; widths in pixels."""
    size = image.size
    angle = math.atan2(end[1] - start[1], end[0] - start[0]) + math.pi / 2
    across, down = math.cos(angle), math.sin(angle)
    near, far = spread
    points = [
        (start[0] - across * near, start[1] - down * near),
        (start[0] + across * near, start[1] + down * near),
        (end[0] + across * far, end[1] + down * far),
        (end[0] - across * far, end[1] - down * far),
    ]
    small = (size[0] // 2, size[1] // 2)
    mask = blur(polygon(small, [(x / 2, y / 2) for x, y in points]), far * 0.12)
    fade = ImageChops.multiply(mask, _fade_along(small, start[1] < end[1]))
    add(image, tinted(fade.resize(size, Image.Resampling.BILINEAR), color))


def _fade_along(size: tuple[int, int], downwards: bool) -> Image.Image:
    ramp = Image.linear_gradient("L").resize(size)
    ramp = ImageChops.invert(ramp) if downwards else ramp
    return ramp.point([round(35 + value * 0.86) for value in range(256)])


def mirror_below(image: Image.Image, line: float, strength: float, rng: Random, ripple: float = 0.006) -> None:
    """Reflects what stands above `line` (fraction of the height) in wet ground or water below it."""
    width, height = image.size
    top = round(line * height)
    depth = height - top
    flipped = image.crop((0, max(0, top - depth), width, top)).transpose(Image.Transpose.FLIP_TOP_BOTTOM)
    flipped = flipped.resize((width, depth))
    rows = Image.new("RGB", flipped.size)
    for y in range(0, depth, 3):
        sway = round(math.sin(y * 0.9) * rng.uniform(0.2, 1) * ripple * width * (0.3 + y / depth))
        rows.paste(flipped.crop((0, y, width, y + 3)), (sway, y))
    rows = rows.resize((width, max(1, depth // 6))).resize((width, depth), Image.Resampling.BICUBIC)
    ground = image.crop((0, top, width, height))
    image.paste(Image.blend(ground, ImageChops.screen(ground, rows), strength), (0, top))


GRADES: dict[str, tuple[Color, Color, float, float]] = {
    # shadows, highlights, contrast, saturation
    "neutral": ((10, 11, 14), (255, 252, 246), 1.0, 1.0),
    "warm": ((18, 11, 10), (255, 244, 222), 1.05, 1.02),
    "teal": ((6, 16, 22), (255, 242, 220), 1.08, 0.95),
    "cool": ((8, 12, 24), (240, 247, 255), 1.0, 0.9),
    "faded": ((30, 26, 28), (246, 238, 226), 0.85, 0.82),
    "mono": ((8, 8, 9), (250, 248, 244), 1.1, 0.0),
    "vivid": ((6, 6, 12), (255, 252, 248), 1.12, 1.12),
}


def develop(image: Image.Image, size: tuple[int, int], rng: Random, grade: str, grain: int = 9) -> Image.Image:
    """The finished photograph: bloom, grade, vignette at painting size, then enlargement and grain."""
    light = blur(image.point([max(0, value - 170) * 2 for value in range(256)] * 3), image.height / 40)
    image = ImageChops.screen(image, light)
    image = _graded(image, *GRADES[grade])
    image = ImageChops.multiply(image, gray(_vignette(image.size)))
    image = image.resize(size, Image.Resampling.BICUBIC).filter(ImageFilter.UnsharpMask(2, 60, 2))
    noise = Image.frombytes("L", size, rng.randbytes(size[0] * size[1]))
    noise = blur(noise, 0.8).point([round(128 + (value - 127.5) * grain / 60) for value in range(256)])
    return ImageChops.overlay(image, gray(noise))


def _graded(image: Image.Image, low: Color, high: Color, contrast: float, saturation: float) -> Image.Image:
    table = []
    for bottom, top in zip(low, high, strict=True):
        for value in range(256):
            level = min(1.0, max(0.0, (value / 255 - 0.5) * contrast + 0.5))
            level += 0.06 * math.sin((level - 0.5) * 2 * math.pi) * contrast
            table.append(round(bottom + (top - bottom) * min(1.0, max(0.0, level))))
    dull = gray(image.convert("L"))
    return Image.blend(dull, image, saturation).point(table)


def _vignette(size: tuple[int, int]) -> Image.Image:
    edge = Image.radial_gradient("L").resize((round(size[0] * 1.35), round(size[1] * 1.35)))
    left, top = (edge.width - size[0]) // 2, (edge.height - size[1]) // 2
    edge = edge.crop((left, top, left + size[0], top + size[1]))
    return edge.point([round(255 - 105 * (value / 255) ** 2.4) for value in range(256)])
