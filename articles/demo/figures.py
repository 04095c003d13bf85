"""People for the demo pictures: bodies, clothes and heads, modelled by light rather than by outline."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from PIL import Image, ImageChops, ImageDraw

from articles.demo.paint import Colour, Point, add, blur, cloud, grey, mix, shade, smooth, tinted

SKIN: dict[str, Colour] = {
    "fair": (226, 182, 158),
    "olive": (196, 148, 116),
    "tan": (168, 116, 84),
    "brown": (124, 80, 56),
    "deep": (86, 54, 40),
}
HAIR: dict[str, Colour] = {
    "black": (26, 22, 24),
    "brown": (62, 40, 28),
    "auburn": (104, 48, 26),
    "blonde": (186, 146, 88),
    "silver": (176, 174, 176),
}


@dataclass(frozen=True)
class Look:
    """How one person appears. `hair_style`: long, updo, bob, short, curly, bald; `outfit`: gown, suit, casual."""

    skin: str = "olive"
    hair: str = "brown"
    hair_style: str = "long"
    outfit: str = "gown"
    cloth: Colour = (120, 20, 40)
    cut: str = "column"
    pose: str = "hip"
    beard: bool = False
    glasses: bool = False
    shine: bool = False


class Sheet:
    """A transparent layer on which one figure is modelled, part by part, under one light."""

    def __init__(self, size: tuple[int, int], light: Point, rim: Colour | None = None) -> None:
        self.size = size
        self.light = light
        self.rim = rim
        self.rgb = Image.new("RGB", size)
        self.alpha = Image.new("L", size)

    def mask(self, points: Sequence[Point], curved: bool = True) -> Image.Image:
        sheet = Image.new("L", (self.size[0] * 2, self.size[1] * 2))
        outline = smooth(points) if curved else points
        ImageDraw.Draw(sheet).polygon([(x * 2, y * 2) for x, y in outline], fill=255)
        return sheet.reduce(2)

    def limb(self, points: Sequence[Point], widths: tuple[float, float]) -> Image.Image:
        """A rounded limb along the points; its widths at start and end."""
        sheet = Image.new("L", (self.size[0] * 2, self.size[1] * 2))
        draw = ImageDraw.Draw(sheet)
        path = smooth(points, 60, closed=False)
        for index, (x, y) in enumerate(path):
            half = widths[0] + (widths[1] - widths[0]) * index / len(path)
            draw.ellipse((2 * x - half, 2 * y - half, 2 * x + half, 2 * y + half), fill=255)
        return sheet.reduce(2)

    def part(
        self, mask: Image.Image, colour: Colour, roundness: float, depth: float = 1.0, weave: Image.Image | None = None
    ) -> None:
        """Lays the masked shape down as a rounded body; `weave` is grey texture around 128."""
        box = mask.getbbox()
        if box is None:
            return
        margin = round(roundness * 2) + 2
        box = (box[0] - margin, box[1] - margin, box[2] + margin, box[3] + margin)
        cut = mask.crop(box)
        relief = _relief(cut, roundness, self.light, depth)
        body = ImageChops.overlay(Image.new("RGB", cut.size, colour), _warm(relief))
        if weave is not None:
            body = ImageChops.overlay(body, grey(weave.crop(box)))
        if self.rim:
            add(body, tinted(relief.point([max(0, min(255, (v - 165) * 4)) for v in range(256)]), self.rim))
        self.rgb.paste(body, box[:2], cut)
        self.alpha.paste(ImageChops.lighter(self.alpha.crop(box), cut), box[:2])

    def touch(self, points: Sequence[Point], colour: Colour, strength: float, soft: float) -> None:
        """A soft touch of colour on what is there already: a shadow, a blush, a highlight."""
        wanted = self.mask(points)
        box = wanted.getbbox()
        if box is None:
            return
        margin = round(soft * 3) + 1
        box = (box[0] - margin, box[1] - margin, box[2] + margin, box[3] + margin)
        patch = blur(wanted.crop(box), soft).point([round(v * strength) for v in range(256)])
        patch = ImageChops.multiply(patch, self.alpha.crop(box))
        self.rgb.paste(Image.new("RGB", patch.size, colour), box[:2], patch)

    def finished(self) -> Image.Image:
        result = self.rgb.copy()
        result.putalpha(self.alpha)
        return result


def _relief(mask: Image.Image, roundness: float, light: Point, depth: float) -> Image.Image:
    height = blur(mask, roundness)
    right, down = round(-light[0] * roundness), round(-light[1] * roundness)
    towards = ImageChops.offset(height, -right, -down)
    away = ImageChops.offset(height, right, down)
    return ImageChops.subtract(towards, away, scale=2.2 / depth, offset=122)


def _warm(relief: Image.Image) -> Image.Image:
    """Shadows on skin and cloth keep more red than blue."""
    cold = relief.point([round(v * (0.86 + 0.14 * v / 255)) for v in range(256)])
    return Image.merge("RGB", (relief, cold, cold))


def ellipse(x: float, y: float, wide: float, high: float) -> list[Point]:
    return [
        (x + wide * a, y + high * b)
        for a, b in ((0, -1), (0.7, -0.7), (1, 0), (0.7, 0.7), (0, 1), (-0.7, 0.7), (-1, 0), (-0.7, -0.7))
    ]


def _strands(sheet: Sheet, rng: Random) -> Image.Image:
    return cloud(sheet.size, rng, (max(8, sheet.size[0] // 5), 5), 2).point([78 + v * 2 // 5 for v in range(256)])


def nape(sheet: Sheet, x: float, y: float, size: float, look: Look, rng: Random) -> None:
    """What the body covers: the hair that falls behind the shoulders, and the neck. Goes before body and head."""
    _hair_behind(sheet, x, y, size, look, HAIR[look.hair], _strands(sheet, rng))
    side = ((0.18, 0), (0.17, 0.5), (0.2, 0.64), (0.32, 0.86), (0.3, 1.0))
    neck = [(x + a * size, y + b * size) for a, b in side] + [(x - a * size, y + b * size) for a, b in reversed(side)]
    sheet.part(sheet.mask(neck), shade(SKIN[look.skin], 0.9), 0.1 * size, 0.8)


def head(sheet: Sheet, x: float, y: float, size: float, look: Look, rng: Random, turn: float = 0.0) -> None:
    """A head whose chin-to-crown is `size`, centred on (x, y); `turn` -1..1 is left or right."""
    skin, hair = SKIN[look.skin], HAIR[look.hair]
    strands = _strands(sheet, rng)
    sheet.touch(
        ellipse(x + 0.04 * size, y + 0.42 * size, 0.24 * size, 0.13 * size), shade(skin, 0.35), 0.7, 0.06 * size
    )
    for side in (-1, 1):
        sheet.part(
            sheet.mask(ellipse(x + side * 0.345 * size, y + 0.02 * size, 0.05 * size, 0.1 * size)),
            shade(skin, 0.9),
            0.03 * size,
        )
    outline = ((0, -0.48), (0.22, -0.44), (0.34, -0.22), (0.345, 0.05), (0.29, 0.28), (0.14, 0.46), (0, 0.5))
    jaw = 1.06 if look.outfit == "suit" else 1.0
    face = [(x + a * size * (jaw if b > 0.2 else 1), y + b * size) for a, b in outline]
    face += [(x - a * size * (jaw if b > 0.2 else 1), y + b * size) for a, b in reversed(outline[1:-1])]
    sheet.part(sheet.mask(face), skin, 0.17 * size, 0.9)
    _features(sheet, x + turn * 0.06 * size, y, size, look, skin)
    _hair_before(sheet, x, y, size, look, hair, strands)


def _features(sheet: Sheet, x: float, y: float, size: float, look: Look, skin: Colour) -> None:
    dark, deep = shade(skin, 0.5), shade(skin, 0.22)
    flip = 1 if sheet.light[0] < 0 else -1
    sheet.touch(ellipse(x + flip * 0.26 * size, y + 0.1 * size, 0.1 * size, 0.34 * size), dark, 0.55, 0.07 * size)
    for side in (-1, 1):
        eye = x + side * 0.155 * size
        sheet.touch(ellipse(eye, y - 0.045 * size, 0.105 * size, 0.06 * size), dark, 0.75, 0.03 * size)
        sheet.touch(
            ellipse(eye, y - 0.035 * size, 0.07 * size, 0.024 * size),
            mix(skin, (240, 236, 232), 0.7),
            0.9,
            0.006 * size,
        )
        sheet.touch(ellipse(eye, y - 0.036 * size, 0.03 * size, 0.03 * size), (38, 26, 22), 1, 0.006 * size)
        lid = [
            (eye - 0.085 * size, y - 0.035 * size),
            (eye, y - 0.072 * size),
            (eye + 0.085 * size, y - 0.04 * size),
            (eye, y - 0.056 * size),
        ]
        sheet.touch(lid, deep, 0.95, 0.006 * size)
        sheet.touch(
            ellipse(eye + 0.01 * size, y - 0.047 * size, 0.008 * size, 0.008 * size), (250, 250, 250), 0.9, 0.003 * size
        )
        brow = [
            (eye - 0.1 * size, y - 0.1 * size),
            (eye, y - 0.135 * size),
            (eye + 0.1 * size, y - 0.1 * size),
            (eye, y - 0.115 * size),
        ]
        sheet.touch(brow, mix(deep, HAIR[look.hair], 0.5), 0.85, 0.012 * size)
        sheet.touch(
            ellipse(x + side * 0.18 * size, y + 0.13 * size, 0.08 * size, 0.06 * size),
            mix(skin, (220, 90, 80), 0.4),
            0.35,
            0.05 * size,
        )
    _nose_and_mouth(sheet, x, y, size, skin, flip)
    if look.beard:
        beard = [
            (x + a * size, y + b * size)
            for a, b in (
                (-0.33, 0.1),
                (-0.2, 0.22),
                (0, 0.2),
                (0.2, 0.22),
                (0.33, 0.1),
                (0.3, 0.34),
                (0, 0.54),
                (-0.3, 0.34),
            )
        ]
        sheet.touch(beard, shade(HAIR[look.hair], 0.9), 0.72, 0.035 * size)
        sheet.touch(
            ellipse(x, y + 0.285 * size, 0.085 * size, 0.022 * size), mix(skin, (150, 60, 60), 0.4), 0.8, 0.012 * size
        )
    if look.glasses:
        for side in (-1, 1):
            sheet.touch(
                ellipse(x + side * 0.16 * size, y - 0.03 * size, 0.13 * size, 0.1 * size),
                (14, 14, 18),
                0.97,
                0.008 * size,
            )
            sheet.touch(
                ellipse(x + side * 0.16 * size - 0.03 * size, y - 0.06 * size, 0.05 * size, 0.02 * size),
                (150, 160, 170),
                0.5,
                0.015 * size,
            )
        sheet.touch(ellipse(x, y - 0.05 * size, 0.06 * size, 0.014 * size), (14, 14, 18), 1, 0.004 * size)


def _nose_and_mouth(sheet: Sheet, x: float, y: float, size: float, skin: Colour, flip: int) -> None:
    dark, lip = shade(skin, 0.5), mix(skin, (168, 40, 52), 0.55)
    sheet.touch(ellipse(x + flip * 0.045 * size, y + 0.06 * size, 0.03 * size, 0.11 * size), dark, 0.5, 0.025 * size)
    sheet.touch(
        ellipse(x - flip * 0.01 * size, y + 0.08 * size, 0.018 * size, 0.1 * size),
        mix(skin, (255, 255, 255), 0.5),
        0.4,
        0.02 * size,
    )
    sheet.touch(ellipse(x, y + 0.165 * size, 0.065 * size, 0.016 * size), shade(skin, 0.35), 0.7, 0.012 * size)
    sheet.touch(ellipse(x, y + 0.275 * size, 0.115 * size, 0.03 * size), lip, 0.85, 0.012 * size)
    sheet.touch(ellipse(x, y + 0.272 * size, 0.11 * size, 0.007 * size), shade(lip, 0.4), 0.9, 0.006 * size)
    sheet.touch(
        ellipse(x, y + 0.292 * size, 0.05 * size, 0.01 * size), mix(lip, (255, 255, 255), 0.5), 0.5, 0.01 * size
    )
    sheet.touch(ellipse(x, y + 0.345 * size, 0.09 * size, 0.02 * size), dark, 0.45, 0.02 * size)


def _hair_behind(sheet: Sheet, x: float, y: float, size: float, look: Look, hair: Colour, strands: Image.Image) -> None:
    falls = {"long": 1.15, "bob": 0.42, "curly": 0.5}.get(look.hair_style)
    if falls is None:
        return
    wide = 0.62 if look.hair_style == "curly" else 0.46
    outline = (
        (0, -0.62),
        (0.36, -0.5),
        (wide, -0.1),
        (wide + 0.03, falls * 0.5),
        (wide - 0.06, falls),
        (0.2, falls * 0.96),
    )
    points = [(x + a * size, y + b * size) for a, b in outline] + [
        (x - a * size, y + b * size) for a, b in reversed(outline[1:])
    ]
    sheet.part(sheet.mask(points), shade(hair, 0.8), 0.12 * size, 0.9, strands)


def _hair_before(sheet: Sheet, x: float, y: float, size: float, look: Look, hair: Colour, strands: Image.Image) -> None:
    style = look.hair_style
    if style == "bald":
        return
    if style == "updo":
        sheet.part(
            sheet.mask(ellipse(x + 0.05 * size, y - 0.62 * size, 0.22 * size, 0.17 * size)),
            hair,
            0.08 * size,
            1,
            strands,
        )
    cap: Sequence[Point] = (
        (-0.37, 0.02),
        (-0.42, -0.3),
        (-0.24, -0.57),
        (0.04, -0.62),
        (0.3, -0.54),
        (0.42, -0.28),
        (0.37, 0.02),
        (0.32, -0.16),
        (0.2, -0.33),
        (-0.05, -0.37),
        (-0.24, -0.28),
        (-0.32, -0.12),
    )
    if style in {"long", "bob"}:
        end = 0.95 if style == "long" else 0.42
        cap = (
            (-0.4, end),
            (-0.5, end * 0.6),
            (-0.44, -0.2),
            (-0.27, -0.56),
            (0.02, -0.63),
            (0.29, -0.55),
            (0.45, -0.2),
            (0.5, end * 0.55),
            (0.43, end * 1.06),
            (0.34, end * 0.6),
            (0.325, 0.1),
            (0.31, -0.14),
            (0.14, -0.4),
            (-0.08, -0.45),
            (-0.2, -0.34),
            (-0.32, -0.08),
            (-0.335, 0.14),
            (-0.33, end * 0.6),
        )
    sheet.part(sheet.mask([(x + a * size, y + b * size) for a, b in cap]), hair, 0.08 * size, 1, strands)
    if style == "curly":
        curls = Image.new("L", sheet.size)
        draw = ImageDraw.Draw(curls)
        for index in range(46):
            spot = smooth(
                [
                    (x + a * size, y + b * size)
                    for a, b in (
                        (-0.5, 0.3),
                        (-0.52, -0.2),
                        (-0.3, -0.55),
                        (0, -0.66),
                        (0.3, -0.55),
                        (0.52, -0.2),
                        (0.5, 0.3),
                    )
                ],
                8,
                closed=False,
            )
            cx, cy = spot[index % len(spot)]
            r = rng_like(index) * 0.1 * size
            draw.ellipse((cx - r, cy - r, cx + r, cy + r), fill=255)
        sheet.part(curls, hair, 0.04 * size, 1.3, strands)


def rng_like(index: int) -> float:
    """A fixed, uneven 0.6..1.3 for the n-th curl."""
    return 0.6 + (index * 37 % 70) / 100


def person(height: int, look: Look, rng: Random, light: Point = (-0.6, -0.7), rim: Colour | None = None) -> Image.Image:
    """A standing figure as a transparent layer, `height` pixels from crown to soles, feet at the lower edge."""
    sheet = Sheet((round(height * 0.74), round(height * 1.06)), light, rim)
    centre, top, u = sheet.size[0] / 2, height * 0.05, float(height)
    lean = {"hip": 0.018, "wave": -0.012}.get(look.pose, 0.0) * u
    face = (centre - lean * 0.4, top + 0.07 * u, 0.136 * u)
    nape(sheet, *face, look, rng)
    for side, joints in zip((-1, 1), _arms(look.pose), strict=True):
        _arm(sheet, look, centre, top, u, joints, side)
    if look.outfit == "gown":
        _gown(sheet, look, centre, top, u, lean, rng)
    else:
        _trousers(sheet, look, centre, top, u)
        _jacket(sheet, look, centre, top, u, rng)
    if look.pose in {"hold", "walk"}:
        _arm(sheet, look, centre, top, u, _arms(look.pose)[1][1:], 1)
    head(sheet, *face, look, rng, turn=rng.uniform(-1, 1))
    return sheet.finished()


def _arms(pose: str) -> tuple[Sequence[Point], Sequence[Point]]:
    """Shoulder, elbow, hand of the left and the right arm, in fractions of the height from the centre line."""
    down = ((0.098, 0.2), (0.122, 0.345), (0.112, 0.475))
    return {
        "hip": (down, ((0.098, 0.2), (0.165, 0.32), (0.085, 0.405))),
        "wave": (down, ((0.098, 0.2), (0.17, 0.26), (0.205, 0.11))),
        "hold": (((0.098, 0.2), (0.125, 0.33), (0.02, 0.36)), ((0.098, 0.2), (0.125, 0.33), (0.03, 0.375))),
        "walk": (((0.098, 0.2), (0.135, 0.33), (0.15, 0.44)), ((0.098, 0.2), (0.11, 0.33), (0.05, 0.30))),
    }.get(pose, (down, down))


def _arm(sheet: Sheet, look: Look, centre: float, top: float, u: float, joints: Sequence[Point], side: int) -> None:
    width = 1.0 if look.outfit == "gown" else 0.92
    points = [(centre + side * a * u * width, top + b * u) for a, b in joints]
    skin = SKIN[look.skin]
    hand = points[-1]
    sheet.part(sheet.mask(ellipse(hand[0], hand[1] + 0.012 * u, 0.014 * u, 0.026 * u)), skin, 0.01 * u)
    if look.outfit == "gown":
        sheet.part(sheet.limb(points, (0.072 * u, 0.042 * u)), skin, 0.012 * u)
        return
    sheet.part(sheet.limb(points, (0.09 * u, 0.062 * u)), look.cloth, 0.018 * u, 0.9)


def _folds(sheet: Sheet, rng: Random, strength: float = 0.35) -> Image.Image:
    folds = cloud(sheet.size, rng, (22, 2), 2)
    return folds.point([round(128 + (v - 128) * strength) for v in range(256)])


def _gown(sheet: Sheet, look: Look, centre: float, top: float, u: float, lean: float, rng: Random) -> None:
    skin = SKIN[look.skin]
    chest = (
        (-0.104, 0.186),
        (-0.04, 0.162),
        (0.04, 0.162),
        (0.104, 0.186),
        (0.098, 0.24),
        (0.07, 0.3),
        (-0.07, 0.3),
        (-0.098, 0.24),
    )
    sheet.part(sheet.mask([(centre + a * u, top + b * u) for a, b in chest]), skin, 0.03 * u, 0.7)
    hem, knee = {"column": (0.115, 0.09), "flare": (0.25, 0.17), "mermaid": (0.23, 0.078)}[look.cut]
    right = (
        (0.088, 0.222),
        (0.082, 0.27),
        (0.062, 0.36),
        (0.1, 0.47),
        (knee + 0.012, 0.66),
        ((hem + knee) / 2, 0.84),
        (hem, 0.985),
    )
    points = [(centre + a * u + lean * b, top + b * u) for a, b in right]
    points += [(centre, top + u)]
    points += [(centre - a * u + lean * b, top + b * u) for a, b in reversed(right)]
    points += [(centre, top + 0.25 * u)] if look.cut == "mermaid" else [(centre, top + 0.215 * u)]
    dress = sheet.mask(points)
    sheet.part(dress, look.cloth, 0.035 * u, 0.9, _folds(sheet, rng))
    sheet.touch(ellipse(centre + lean, top + 0.365 * u, 0.07 * u, 0.012 * u), shade(look.cloth, 0.4), 0.5, 0.01 * u)
    if look.shine:
        sparks = Image.frombytes(
            "L", (sheet.size[0] // 2, sheet.size[1] // 2), rng.randbytes((sheet.size[0] // 2) * (sheet.size[1] // 2))
        )
        sparks = sparks.resize(sheet.size).point([max(0, v - 205) * 4 for v in range(256)])
        sheet.rgb.paste(
            ImageChops.screen(
                sheet.rgb, tinted(ImageChops.multiply(sparks, dress), mix(look.cloth, (255, 255, 255), 0.7))
            )
        )


def _trousers(sheet: Sheet, look: Look, centre: float, top: float, u: float) -> None:
    cloth = shade(look.cloth, 0.85) if look.outfit == "suit" else (40, 48, 66)
    for side in (-1, 1):
        stride = 0.03 if look.pose == "walk" else 0.0
        leg = [
            (centre + side * 0.042 * u, top + 0.47 * u),
            (centre + side * (0.05 + stride / 2) * u, top + 0.72 * u),
            (centre + side * (0.052 + stride) * u, top + 0.97 * u),
        ]
        shoe = ellipse(leg[-1][0] + side * 0.01 * u, top + 0.984 * u, 0.03 * u, 0.018 * u)
        sheet.part(sheet.mask(shoe), (18, 16, 18), 0.01 * u)
        sheet.part(sheet.limb(leg, (0.165 * u, 0.1 * u)), cloth, 0.022 * u, 0.9)


def _jacket(sheet: Sheet, look: Look, centre: float, top: float, u: float, rng: Random) -> None:
    side = ((0.034, 0.158), (0.08, 0.176), (0.114, 0.206), (0.106, 0.28), (0.09, 0.38), (0.094, 0.49), (0.092, 0.525))
    points = [(centre + a * u, top + b * u) for a, b in side] + [
        (centre - a * u, top + b * u) for a, b in reversed(side)
    ]
    sheet.part(sheet.mask(points), look.cloth, 0.035 * u, 0.9, _folds(sheet, rng, 0.12))
    if look.outfit == "casual":
        sheet.touch(ellipse(centre, top + 0.165 * u, 0.04 * u, 0.012 * u), shade(look.cloth, 0.5), 0.8, 0.006 * u)
        return
    shirt = [
        (centre - 0.036 * u, top + 0.155 * u),
        (centre + 0.036 * u, top + 0.155 * u),
        (centre + 0.004 * u, top + 0.34 * u),
    ]
    sheet.part(sheet.mask(shirt, curved=False), (224, 222, 220), 0.01 * u, 0.5)
    for flank in (-1, 1):
        lapel = [
            (centre + flank * 0.03 * u, top + 0.155 * u),
            (centre + flank * 0.07 * u, top + 0.215 * u),
            (centre + flank * 0.004 * u, top + 0.345 * u),
        ]
        sheet.part(sheet.mask(lapel, curved=False), shade(look.cloth, 0.72), 0.006 * u)
        bow = ((0, 0.172), (0.026, 0.162), (0.026, 0.188), (0, 0.178))
        sheet.part(
            sheet.mask([(centre + flank * a * u, top + b * u) for a, b in bow], curved=False), (14, 13, 16), 0.004 * u
        )
    sheet.touch(
        [
            (centre - 0.001 * u, top + 0.34 * u),
            (centre + 0.004 * u, top + 0.34 * u),
            (centre + 0.008 * u, top + 0.52 * u),
        ],
        (0, 0, 0),
        0.6,
        0.004 * u,
    )


def place(image: Image.Image, figure: Image.Image, feet: Point, soft: float = 0.0) -> None:
    """Stands the figure in the scene with its soles at `feet` (pixels), its shadow on the ground, out of focus by `soft`."""
    left, top = round(feet[0] - figure.width / 2), round(feet[1] - figure.height + figure.height * 0.01)
    shadow = Image.new("L", (figure.width * 2, figure.height // 6))
    box = (shadow.width * 0.25, shadow.height * 0.35, shadow.width * 0.75, shadow.height * 0.65)
    ImageDraw.Draw(shadow).ellipse(box, fill=150)
    shadow = blur(shadow, figure.height * 0.015 + 1)
    image.paste((0, 0, 0), (left - figure.width // 2, round(feet[1] - shadow.height / 2)), shadow)
    if soft:
        padded = Image.new("RGBA", (figure.width + 40, figure.height + 40))
        padded.paste(figure, (20, 20))
        figure, left, top = blur(padded.convert("RGBa"), soft).convert("RGBA"), left - 20, top - 20
    image.paste(figure, (left, top), figure)


def silhouette(
    height: int, rng: Random, colour: Colour, outfits: Sequence[str] = ("suit", "gown", "casual")
) -> Image.Image:
    """Somebody seen against the light: one dark shape, standing, no two quite alike."""
    look = Look(
        outfit=rng.choice(outfits),
        hair_style=rng.choice(["short", "long", "updo", "bob"]),
        cut=rng.choice(["column", "column", "flare"]),
        pose=rng.choice(["down", "hip", "walk", "hold"]),
    )
    shape = person(height, look, rng)
    flat = Image.new("RGB", shape.size, colour)
    flat.putalpha(shape.getchannel("A"))
    return flat.transpose(Image.Transpose.FLIP_LEFT_RIGHT) if rng.random() < 0.5 else flat
