"""People for the demo pictures: bodies, clothes and heads, modelled by light rather than by outline.

Outlines are written as "x,y x,y …" in units of the head (its height, from its center) or of the body (its height, from
the crown on the center line) and traced onto a sheet.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

from PIL import Image, ImageChops, ImageDraw

from articles.demo.paint import Color, Point, add, blur, cloud, gray, mix, shade, smooth, tinted

SKIN: dict[str, Color] = {
    "fair": (222, 176, 152),
    "olive": (192, 144, 114),
    "tan": (168, 118, 88),
    "brown": (140, 94, 70),
    "deep": (106, 72, 55),
}
HAIR: dict[str, Color] = {
    "black": (26, 22, 24),
    "brown": (62, 42, 32),
    "auburn": (98, 50, 32),
    "blonde": (176, 140, 90),
    "silver": (168, 166, 168),
}
FACE = "0,-.48 .22,-.44 .34,-.22 .345,.05 .29,.28 .14,.46 0,.5"
NECK = "0,0 .18,0 .17,.5 .2,.64 .32,.86 .3,1"
SHORT = ".37,.02 .41,-.28 .3,-.53 .04,-.62 -.24,-.57 -.41,-.3 -.37,.02 -.32,-.14 -.24,-.3 -.05,-.37 .2,-.33 .32,-.16"
FLOWING = (
    "-.4,1 -.5,.6 -.44,-.2 -.27,-.56 .02,-.63 .29,-.55 .45,-.2 .51,.55 .43,1.06 "
    ".34,.6 .325,.1 .31,-.14 .14,-.4 -.08,-.45 -.2,-.34 -.32,-.08 -.335,.14 -.33,.6"
)
CURLS = "-.5,.3 -.52,-.2 -.3,-.55 0,-.66 .3,-.55 .52,-.2 .5,.3"
BEHIND = "0,-.62 .36,-.5 .47,-.1 .5,.5 .42,1 .2,.96"
BEARD = "-.33,.1 -.2,.24 0,.2 .2,.24 .33,.1 .3,.34 0,.54 -.3,.34"
CHEST = "0,.165 .04,.162 .104,.186 .098,.24 .07,.3"
GOWNS = {
    "column": "0,.215 .088,.222 .082,.27 .062,.36 .1,.47 .102,.66 .105,.84 .115,.985 0,1",
    "flare": "0,.215 .088,.222 .082,.27 .062,.36 .1,.47 .182,.66 .22,.84 .25,.985 0,1",
    "mermaid": "0,.25 .088,.222 .082,.27 .062,.36 .1,.47 .09,.66 .15,.84 .23,.985 0,1",
}
JACKET = "0,.158 .034,.158 .08,.176 .114,.206 .106,.28 .09,.38 .094,.49 .092,.525"
ARMS = {
    "down": (".09,.21 .122,.345 .112,.475", ".09,.21 .122,.345 .112,.475"),
    "hip": (".09,.21 .122,.345 .112,.475", ".09,.21 .165,.32 .085,.405"),
    "wave": (".09,.21 .122,.345 .112,.475", ".09,.21 .17,.26 .205,.11"),
    "hold": (".09,.21 .125,.33 .06,.4", ".09,.21 .125,.33 .03,.375"),
    "walk": (".09,.21 .135,.33 .15,.44", ".09,.21 .115,.33 .05,.31"),
}


@dataclass(frozen=True)
class Look:
    """How one person appears.

    `hair_style`: long, updo, bob, short, curly, bald; `outfit`: gown, suit, casual; `cut`: a key of GOWNS; `pose`: a
    key of ARMS.
    """

    skin: str = "olive"
    hair: str = "brown"
    hair_style: str = "long"
    outfit: str = "gown"
    cloth: Color = (120, 20, 40)
    cut: str = "column"
    pose: str = "hip"
    beard: bool = False
    glasses: bool = False
    shine: bool = False


def trace(outline: str, x: float, y: float, scale: float, flip: int = 1) -> list[Point]:
    """The outline's points on a sheet whose (0, 0) of the outline is (x, y)."""
    pairs = (pair.split(",") for pair in outline.split())
    return [(x + flip * float(a) * scale, y + float(b) * scale) for a, b in pairs]


def mirrored(outline: str, x: float, y: float, scale: float) -> list[Point]:
    """The same for a symmetric shape of which the outline is the right half."""
    right, left = trace(outline, x, y, scale), trace(outline, x, y, scale, -1)
    return right + [point for point in reversed(left) if point not in right]


def ellipse(x: float, y: float, wide: float, high: float) -> list[Point]:
    corners = ((0, -1), (0.7, -0.7), (1, 0), (0.7, 0.7), (0, 1), (-0.7, 0.7), (-1, 0), (-0.7, -0.7))
    return [(x + wide * a, y + high * b) for a, b in corners]


class Sheet:
    """A transparent layer on which one figure is modelled, part by part, under one light."""

    def __init__(self, size: tuple[int, int], light: Point, rim: Color | None = None) -> None:
        self.size = size
        self.light = light
        self.rim = rim
        self.rgb = Image.new("RGB", size)
        self.alpha = Image.new("L", size)

    def mask(self, points: Sequence[Point], curved: bool = True) -> Image.Image:
        outline = smooth(points) if curved else points
        return self._drawn(outline, 0, lambda draw, path: draw.polygon(path, fill=255))

    def limb(self, points: Sequence[Point], widths: tuple[float, float]) -> Image.Image:
        """A rounded limb along the points; its widths at start and end."""

        def strokes(draw: ImageDraw.ImageDraw, path: list[Point]) -> None:
            for index, (x, y) in enumerate(path):
                half = widths[0] + (widths[1] - widths[0]) * index / len(path)
                draw.ellipse((x - half, y - half, x + half, y + half), fill=255)

        return self._drawn(smooth(points, 60, closed=False), max(widths), strokes)

    def _drawn(
        self, outline: Sequence[Point], room: float, strokes: Callable[[ImageDraw.ImageDraw, list[Point]], None]
    ) -> Image.Image:
        """Draws at double size where the outline is, and nowhere else: that is what makes figures quick."""
        left, top = (math.floor(min(point[axis] for point in outline) - room) - 1 for axis in (0, 1))
        right, bottom = (math.ceil(max(point[axis] for point in outline) + room) + 1 for axis in (0, 1))
        tile = Image.new("L", ((right - left) * 2, (bottom - top) * 2))
        strokes(ImageDraw.Draw(tile), [((x - left) * 2, (y - top) * 2) for x, y in outline])
        mask = Image.new("L", self.size)
        mask.paste(tile.reduce(2), (left, top))
        return mask

    def part(
        self, mask: Image.Image, color: Color, roundness: float, depth: float = 1.0, weave: Image.Image | None = None
    ) -> None:
        """Lays the masked shape down as a rounded body; `weave` is gray texture around 128."""
        box = _around(mask, roundness * 2 + 2)
        if box is None:
            return
        cut = mask.crop(box)
        relief = _relief(cut, roundness, self.light, depth)
        body = ImageChops.overlay(Image.new("RGB", cut.size, color), _warm(relief))
        if weave is not None:
            body = ImageChops.overlay(body, gray(weave.crop(box)))
        if self.rim:
            add(body, tinted(relief.point([max(0, min(255, (v - 165) * 4)) for v in range(256)]), self.rim))
        self.rgb.paste(body, box[:2], cut)
        self.alpha.paste(ImageChops.lighter(self.alpha.crop(box), cut), box[:2])

    def touch(self, points: Sequence[Point], color: Color, strength: float, soft: float) -> None:
        """A soft touch of color on what is there already: a shadow, a blush, a highlight."""
        wanted = self.mask(points)
        box = _around(wanted, soft * 3 + 1)
        if box is None:
            return
        patch = blur(wanted.crop(box), soft).point([round(v * strength) for v in range(256)])
        patch = ImageChops.multiply(patch, self.alpha.crop(box))
        self.rgb.paste(Image.new("RGB", patch.size, color), box[:2], patch)

    def finished(self) -> Image.Image:
        result = self.rgb.copy()
        result.putalpha(self.alpha)
        return result


def _around(mask: Image.Image, margin: float) -> tuple[int, int, int, int] | None:
    box = mask.getbbox()
    room = round(margin)
    return box and (box[0] - room, box[1] - room, box[2] + room, box[3] + room)


def _relief(mask: Image.Image, roundness: float, light: Point, depth: float) -> Image.Image:
    """Treats the blurred mask as height and lights its slopes."""
    height = blur(mask, roundness)
    right, down = round(-light[0] * roundness), round(-light[1] * roundness)
    towards = ImageChops.offset(height, -right, -down)
    away = ImageChops.offset(height, right, down)
    return ImageChops.subtract(towards, away, scale=2.2 / depth, offset=122)


def _warm(relief: Image.Image) -> Image.Image:
    """Shadows on skin and cloth keep more red than blue."""
    cold = relief.point([round(v * (0.88 + 0.12 * v / 255)) for v in range(256)])
    return Image.merge("RGB", (relief, cold, cold))


# Heads


def nape(sheet: Sheet, x: float, y: float, size: float, look: Look, rng: Random) -> None:
    """What the body covers: the hair behind the shoulders, and the neck. Goes before body and head."""
    falls = {"long": 1.15, "bob": 0.45, "curly": 0.5}.get(look.hair_style)
    if falls:
        wide = 1.28 if look.hair_style == "curly" else 1.0
        points = [(x + (a - x) * wide, b if b < y else y + (b - y) * falls) for a, b in mirrored(BEHIND, x, y, size)]
        sheet.part(sheet.mask(points), shade(HAIR[look.hair], 0.8), 0.12 * size, 0.9, _strands(sheet, rng))
    sheet.part(sheet.mask(mirrored(NECK, x, y, size)), shade(SKIN[look.skin], 0.9), 0.1 * size, 0.8)


def head(sheet: Sheet, x: float, y: float, size: float, look: Look, rng: Random, turn: float = 0.0) -> None:
    """A head whose chin-to-crown is `size`, centred on (x, y); `turn` -1..1 is left or right."""
    skin = SKIN[look.skin]
    sheet.touch(ellipse(x, y + 0.46 * size, 0.24 * size, 0.14 * size), shade(skin, 0.3), 0.8, 0.06 * size)
    for side in (-1, 1):
        ear = ellipse(x + side * 0.345 * size - turn * 0.03 * size, y + 0.02 * size, 0.05 * size, 0.1 * size)
        sheet.part(sheet.mask(ear), shade(skin, 0.85), 0.03 * size)
    sheet.part(sheet.mask(mirrored(FACE, x, y, size)), skin, 0.19 * size, 1.15)
    _features(sheet, x + turn * 0.075 * size, y, size, look, turn)
    _hair(sheet, x, y, size, look, rng)


def _features(sheet: Sheet, x: float, y: float, size: float, look: Look, turn: float) -> None:
    skin = SKIN[look.skin]
    flip = 1 if sheet.light[0] < 0 else -1
    cheek = ellipse(x + flip * 0.25 * size, y + 0.1 * size, 0.12 * size, 0.36 * size)
    sheet.touch(cheek, shade(skin, 0.38), 0.75, 0.08 * size)
    sheet.touch(
        ellipse(x - flip * 0.06 * size, y - 0.28 * size, 0.12 * size, 0.07 * size),
        mix(skin, (255, 244, 230), 0.5),
        0.35,
        0.06 * size,
    )
    for side in (-1, 1):
        _eye(sheet, x + side * (0.152 - 0.02 * turn * side) * size, y, size, look, 1 - 0.14 * turn * side)
        blush = ellipse(x + side * 0.18 * size, y + 0.13 * size, 0.08 * size, 0.06 * size)
        sheet.touch(blush, mix(skin, (214, 96, 84), 0.4), 0.3, 0.05 * size)
    _nose(sheet, x, y, size, skin, flip)
    _mouth(sheet, x, y, size, skin)
    if look.beard:
        sheet.touch(trace(BEARD, x, y, size), shade(HAIR[look.hair], 0.85), 0.78, 0.03 * size)
        sheet.touch(
            ellipse(x, y + 0.285 * size, 0.08 * size, 0.02 * size), mix(skin, (140, 60, 60), 0.4), 0.8, 0.012 * size
        )
    if look.glasses:
        _sunglasses(sheet, x, y, size)


def _eye(sheet: Sheet, x: float, y: float, size: float, look: Look, width: float) -> None:
    skin = SKIN[look.skin]
    wide = size * width
    sheet.touch(ellipse(x, y - 0.05 * size, 0.1 * wide, 0.058 * size), shade(skin, 0.42), 0.7, 0.03 * size)
    white = ellipse(x, y - 0.036 * size, 0.066 * wide, 0.02 * size)
    sheet.touch(white, mix(skin, (226, 220, 216), 0.45), 0.9, 0.007 * size)
    sheet.touch(ellipse(x, y - 0.039 * size, 0.034 * wide, 0.027 * size), (34, 24, 20), 0.95, 0.007 * size)
    lid = trace("-.085,-.03 0,-.068 .085,-.036 0,-.044", x, y, size)
    sheet.touch(lid, shade(skin, 0.16), 0.95, 0.008 * size)
    sheet.touch(
        ellipse(x - 0.012 * size, y - 0.05 * size, 0.007 * size, 0.007 * size), (240, 240, 240), 0.8, 0.004 * size
    )
    brow = trace("-.1,-.098 0,-.13 .1,-.1 0,-.11", x, y, size)
    sheet.touch(brow, mix(shade(skin, 0.2), HAIR[look.hair], 0.5), 0.75, 0.014 * size)


def _nose(sheet: Sheet, x: float, y: float, size: float, skin: Color, flip: int) -> None:
    sheet.touch(
        ellipse(x + flip * 0.05 * size, y + 0.06 * size, 0.035 * size, 0.12 * size), shade(skin, 0.4), 0.6, 0.028 * size
    )
    ridge = ellipse(x - flip * 0.012 * size, y + 0.07 * size, 0.018 * size, 0.1 * size)
    sheet.touch(ridge, mix(skin, (255, 248, 240), 0.55), 0.45, 0.02 * size)
    for side in (-1, 1):
        nostril = ellipse(x + side * 0.032 * size, y + 0.166 * size, 0.018 * size, 0.011 * size)
        sheet.touch(nostril, shade(skin, 0.22), 0.75, 0.009 * size)
    sheet.touch(ellipse(x, y + 0.18 * size, 0.07 * size, 0.02 * size), shade(skin, 0.45), 0.5, 0.02 * size)


def _mouth(sheet: Sheet, x: float, y: float, size: float, skin: Color) -> None:
    lip = mix(skin, (158, 48, 54), 0.5)
    upper = trace("-.115,.268 -.04,.25 0,.258 .04,.25 .115,.268 0,.283", x, y, size)
    lower = trace("-.115,.27 0,.284 .115,.27 .05,.314 -.05,.314", x, y, size)
    sheet.touch(upper, shade(lip, 0.8), 0.85, 0.008 * size)
    sheet.touch(lower, lip, 0.8, 0.01 * size)
    sheet.touch(trace("-.12,.262 0,.276 .12,.262 0,.285", x, y, size), shade(lip, 0.32), 0.9, 0.006 * size)
    sheet.touch(
        ellipse(x, y + 0.3 * size, 0.04 * size, 0.008 * size), mix(lip, (255, 255, 255), 0.5), 0.45, 0.01 * size
    )
    sheet.touch(ellipse(x, y + 0.345 * size, 0.08 * size, 0.02 * size), shade(skin, 0.45), 0.5, 0.02 * size)


def _sunglasses(sheet: Sheet, x: float, y: float, size: float) -> None:
    for side in (-1, 1):
        center = x + side * 0.16 * size
        sheet.touch(ellipse(center, y - 0.03 * size, 0.135 * size, 0.1 * size), (16, 15, 18), 0.97, 0.008 * size)
        sheen = ellipse(center - 0.03 * size, y - 0.06 * size, 0.05 * size, 0.02 * size)
        sheet.touch(sheen, (150, 160, 170), 0.5, 0.015 * size)
    sheet.touch(ellipse(x, y - 0.05 * size, 0.06 * size, 0.014 * size), (16, 15, 18), 1, 0.004 * size)


def _strands(sheet: Sheet, rng: Random) -> Image.Image:
    return cloud(sheet.size, rng, (max(8, sheet.size[0] // 5), 5), 2).point([70 + v * 45 // 100 for v in range(256)])


def _hair(sheet: Sheet, x: float, y: float, size: float, look: Look, rng: Random) -> None:
    color, strands = HAIR[look.hair], _strands(sheet, rng)
    if look.hair_style == "bald":
        return
    if look.hair_style == "updo":
        knot = ellipse(x + 0.05 * size, y - 0.62 * size, 0.22 * size, 0.17 * size)
        sheet.part(sheet.mask(knot), color, 0.08 * size, 1, strands)
    points = trace(SHORT, x, y, size)
    if look.hair_style in {"long", "bob"}:
        falls = 1.0 if look.hair_style == "long" else 0.44
        points = [(a, b if b < y else y + (b - y) * falls) for a, b in trace(FLOWING, x, y, size)]
    sheet.part(_frayed(sheet.mask(points), size, rng), color, 0.08 * size, 1.1, strands)
    if look.hair_style == "curly":
        sheet.part(_curls(sheet, x, y, size, rng), color, 0.04 * size, 1.3, strands)


def _frayed(mask: Image.Image, size: float, rng: Random) -> Image.Image:
    """A hairline is never a clean edge: the blurred mask is cut where fine vertical noise says so."""
    box = _around(mask, 0.1 * size)
    if box is None:
        return mask
    soft = blur(mask.crop(box), 0.022 * size)
    cells = (max(8, round(soft.width / size * 60)), max(4, round(soft.height / size * 9)))
    noise = cloud(soft.size, rng, cells, 1).point([round(v * 0.44) for v in range(256)])
    rough = ImageChops.add(soft, noise, scale=1, offset=-56)
    result = Image.new("L", mask.size)
    result.paste(blur(rough.point([max(0, min(255, (v - 100) * 5)) for v in range(256)]), 0.7), box[:2])
    return result


def _curls(sheet: Sheet, x: float, y: float, size: float, rng: Random) -> Image.Image:
    mask = Image.new("L", sheet.size)
    draw = ImageDraw.Draw(mask)
    for a, b in smooth(trace(CURLS, x, y, size), 9, closed=False):
        radius = rng.uniform(0.06, 0.12) * size
        draw.ellipse((a - radius, b - radius, a + radius, b + radius), fill=255)
    return mask


# Bodies


def person(height: int, look: Look, rng: Random, light: Point = (-0.6, -0.7), rim: Color | None = None) -> Image.Image:
    """A standing figure as a transparent layer, `height` pixels from crown to soles, feet at the lower edge."""
    sheet = Sheet((round(height * 0.74), round(height * 1.06)), light, rim)
    x, y, u = sheet.size[0] / 2, height * 0.05, float(height)
    face = (x - rng.uniform(-0.006, 0.006) * u, y + 0.07 * u, 0.136 * u)
    nape(sheet, *face, look, rng)
    for side, joints in zip((-1, 1), ARMS[look.pose], strict=True):
        _arm(sheet, look, trace(joints, x, y, u, side), u)
    if look.outfit == "gown":
        _gown(sheet, look, x, y, u, rng)
    else:
        _trousers(sheet, look, x, y, u)
        _jacket(sheet, look, x, y, u, rng)
    if look.pose in {"hold", "walk"}:
        _arm(sheet, look, trace(ARMS[look.pose][1], x, y, u)[1:], u)
    head(sheet, *face, look, rng, turn=rng.uniform(-1, 1))
    return sheet.finished()


def _arm(sheet: Sheet, look: Look, joints: list[Point], u: float) -> None:
    hand = ellipse(joints[-1][0], joints[-1][1] + 0.012 * u, 0.014 * u, 0.026 * u)
    sheet.part(sheet.mask(hand), SKIN[look.skin], 0.01 * u)
    if look.outfit == "gown":
        sheet.part(sheet.limb(joints, (0.06 * u, 0.038 * u)), SKIN[look.skin], 0.012 * u)
    else:
        sheet.part(sheet.limb(joints, (0.082 * u, 0.058 * u)), look.cloth, 0.018 * u, 0.9)


def _folds(sheet: Sheet, rng: Random, strength: float = 0.4) -> Image.Image:
    return cloud(sheet.size, rng, (26, 3), 2).point([round(128 + (v - 128) * strength) for v in range(256)])


def _gown(sheet: Sheet, look: Look, x: float, y: float, u: float, rng: Random) -> None:
    sheet.part(sheet.mask(mirrored(CHEST, x, y, u)), SKIN[look.skin], 0.03 * u, 0.7)
    for side in (-1, 1):
        bone = ellipse(x + side * 0.04 * u, y + 0.182 * u, 0.03 * u, 0.004 * u)
        sheet.touch(bone, shade(SKIN[look.skin], 0.6), 0.5, 0.005 * u)
    dress = sheet.mask(mirrored(GOWNS[look.cut], x, y, u))
    sheet.part(dress, look.cloth, 0.035 * u, 1.0, _folds(sheet, rng))
    sheet.touch(ellipse(x, y + 0.365 * u, 0.07 * u, 0.01 * u), shade(look.cloth, 0.4), 0.5, 0.008 * u)
    for side in (-1, 1):
        bust = ellipse(x + side * 0.036 * u, y + 0.258 * u, 0.03 * u, 0.012 * u)
        sheet.touch(bust, shade(look.cloth, 0.5), 0.4, 0.012 * u)
    if look.shine:
        _sequins(sheet, dress, mix(look.cloth, (255, 255, 255), 0.7), rng)


def _sequins(sheet: Sheet, dress: Image.Image, color: Color, rng: Random) -> None:
    size = (sheet.size[0] // 2, sheet.size[1] // 2)
    sparks = Image.frombytes("L", size, rng.randbytes(size[0] * size[1])).resize(sheet.size)
    sparks = sparks.point([max(0, v - 195) * 4 for v in range(256)])
    add(sheet.rgb, tinted(ImageChops.multiply(sparks, dress), color))


def _trousers(sheet: Sheet, look: Look, x: float, y: float, u: float) -> None:
    cloth = shade(look.cloth, 0.85) if look.outfit == "suit" else (40, 48, 66)
    leg = ".04,.47 .05,.72 .066,.97" if look.pose == "walk" else ".04,.47 .046,.72 .05,.97"
    for side in (-1, 1):
        joints = trace(leg, x, y, u, side)
        shoe = ellipse(joints[-1][0] + side * 0.01 * u, y + 0.984 * u, 0.03 * u, 0.018 * u)
        sheet.part(sheet.mask(shoe), (18, 16, 18), 0.01 * u)
        sheet.part(sheet.limb(joints, (0.132 * u, 0.084 * u)), cloth, 0.022 * u, 0.9)


def _jacket(sheet: Sheet, look: Look, x: float, y: float, u: float, rng: Random) -> None:
    sheet.part(sheet.mask(mirrored(JACKET, x, y, u)), look.cloth, 0.035 * u, 0.9, _folds(sheet, rng, 0.18))
    if look.outfit == "casual":
        sheet.touch(ellipse(x, y + 0.165 * u, 0.04 * u, 0.012 * u), shade(look.cloth, 0.5), 0.8, 0.006 * u)
        return
    sheet.part(sheet.mask(trace("-.036,.155 .036,.155 .004,.34", x, y, u), False), (224, 222, 220), 0.01 * u, 0.5)
    for side in (-1, 1):
        lapel = trace(".03,.155 .07,.215 .004,.345", x, y, u, side)
        sheet.part(sheet.mask(lapel, False), shade(look.cloth, 0.72), 0.006 * u)
        bow = trace("0,.172 .024,.163 .024,.187 0,.178", x, y, u, side)
        sheet.part(sheet.mask(bow, False), (14, 13, 16), 0.004 * u)
    sheet.touch(trace("-.001,.34 .004,.34 .008,.52", x, y, u), (0, 0, 0), 0.6, 0.004 * u)


def silhouette(
    height: int, rng: Random, color: Color, outfits: Sequence[str] = ("suit", "gown", "casual")
) -> Image.Image:
    """Somebody seen against the light: one dark shape, standing, no two quite alike."""
    look = Look(
        outfit=rng.choice(outfits),
        hair_style=rng.choice(["short", "long", "updo", "bob"]),
        cut=rng.choice(["column", "column", "flare"]),
        pose=rng.choice(["down", "hip", "walk", "hold"]),
    )
    shape = person(height, look, rng)
    flat = Image.new("RGB", shape.size, color)
    flat.putalpha(shape.getchannel("A"))
    return flat.transpose(Image.Transpose.FLIP_LEFT_RIGHT) if rng.random() < 0.5 else flat


def softened(figure: Image.Image, radius: float) -> Image.Image:
    """The figure out of focus, on a layer with room for its blur."""
    room = 20
    layer = Image.new("RGBA", (figure.width + 2 * room, figure.height + 2 * room))
    layer.paste(figure, (room, room))
    return blur(layer.convert("RGBa"), radius).convert("RGBA")


def place(image: Image.Image, figure: Image.Image, feet: Point, soft: float = 0.9) -> None:
    """Stands the figure in the scene with its soles at `feet` (pixels) and its shadow on the ground."""
    left, top = round(feet[0] - figure.width / 2), round(feet[1] - figure.height * 0.99)
    shadow = Image.new("L", (figure.width * 2, figure.height // 6))
    box = (shadow.width * 0.25, shadow.height * 0.35, shadow.width * 0.75, shadow.height * 0.65)
    ImageDraw.Draw(shadow).ellipse(box, fill=150)
    shadow = blur(shadow, figure.height * 0.015 + 1)
    image.paste((0, 0, 0), (left - figure.width // 2, round(feet[1] - shadow.height / 2)), shadow)
    figure = softened(figure, soft)
    image.paste(figure, (left - 20, top - 20), figure)
