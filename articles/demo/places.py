"""Demo pictures of places and things: façades, skylines, sets, studios, statuettes, landscapes."""

import math
from collections.abc import Mapping
from random import Random
from typing import Any

from PIL import Image, ImageChops, ImageDraw

from articles.demo.figures import Sheet, ellipse, mirrored, silhouette, trace
from articles.demo.paint import (
    Color,
    Point,
    add,
    beam,
    blur,
    bokeh,
    cloud,
    glow,
    gradient,
    gray,
    mirror_below,
    mix,
    polygon,
    shade,
    smooth,
    tinted,
)

Spec = Mapping[str, Any]

SKIES: dict[str, list[tuple[float, Color]]] = {
    "dusk": [(0, (22, 30, 62)), (0.45, (86, 66, 106)), (0.75, (214, 120, 92)), (1, (250, 190, 120))],
    "night": [(0, (6, 8, 20)), (0.6, (16, 18, 38)), (1, (46, 36, 52))],
    "gold": [(0, (92, 122, 158)), (0.5, (222, 178, 130)), (1, (255, 222, 160))],
    "day": [(0, (64, 118, 176)), (0.7, (156, 194, 220)), (1, (222, 232, 234))],
    "grey": [(0, (96, 104, 112)), (1, (186, 188, 186))],
}


def sky(image: Image.Image, rng: Random, mood: str, horizon: float = 0.7) -> None:
    """Fills the frame with sky down to the horizon (fraction of the height), with drifting cloud."""
    width, height = image.size
    depth = round(height * horizon)
    part = gradient((width, depth), SKIES[mood])
    wisps = cloud((width, depth), rng, (4, 9), 4).point([max(0, min(255, (v - 118) * 2)) for v in range(256)])
    lit = mix(SKIES[mood][-1][1], (255, 255, 255), 0.3)
    part.paste(Image.new("RGB", part.size, lit), mask=wisps.point([round(v * 0.42) for v in range(256)]))
    image.paste(part)


def cinema(image: Image.Image, rng: Random, spec: Spec) -> None:
    """A picture house at night: lit canopy, neon, people as shadows, everything doubled in the wet street."""
    width, height = image.size
    neon: Color = tuple(spec.get("neon", (255, 60, 90)))
    sky(image, rng, "night", 1.0)
    wall = gradient((round(width * 0.74), round(height * 0.72)), [(0, (26, 22, 32)), (1, (70, 46, 40))])
    image.paste(
        ImageChops.multiply(wall, gray(cloud(wall.size, rng, (30, 20), 2).point([150 + v // 3 for v in range(256)]))),
        (round(width * 0.13), 0),
    )
    draw = ImageDraw.Draw(image)
    for row in range(3):
        for column in range(6):
            x, y = width * (0.18 + column * 0.112), height * (0.03 + row * 0.13)
            lamp = rng.choice([(34, 32, 44), (40, 36, 44), (120, 84, 56)])
            draw.rectangle((x, y, x + width * 0.05, y + height * 0.085), fill=lamp)
    _canopy(image, rng, neon)
    _doors(image, rng)
    for index in range(11):
        figure = silhouette(
            round(height * rng.uniform(0.19, 0.24)), rng, (16, 12, 14), ["casual", "casual", "suit", "gown"]
        )
        image.paste(
            figure,
            (round(width * (0.04 + index * 0.083 + rng.uniform(-0.03, 0.03))), round(height * 0.735 - figure.height)),
            figure,
        )
    image.paste(gradient((width, height), [(0, (16, 14, 20)), (1, (8, 8, 12))]), (0, round(height * 0.73)))
    mirror_below(image, 0.73, 0.85, rng, 0.01)
    bokeh(image, rng, 16, (0, 0.55, 0.14, 0.75), [(255, 200, 120), (255, 90, 70), (160, 210, 255)], (0.012, 0.03))
    bokeh(image, rng, 16, (0.86, 0.55, 1, 0.75), [(255, 200, 120), (255, 90, 70), (160, 210, 255)], (0.012, 0.03))


def _canopy(image: Image.Image, rng: Random, neon: Color) -> None:
    width, height = image.size
    box = (round(width * 0.1), round(height * 0.4), round(width * 0.9), round(height * 0.54))
    board = gradient((box[2] - box[0], box[3] - box[1]), [(0, (255, 246, 220)), (1, (232, 200, 150))])
    draw = ImageDraw.Draw(board)
    for line in range(2):
        x = board.width * rng.uniform(0.12, 0.2)
        while x < board.width * rng.uniform(0.78, 0.88):
            letter = board.width * rng.uniform(0.012, 0.024)
            if rng.random() > 0.16:
                y = board.height * (0.16 + 0.4 * line)
                draw.rectangle((x, y, x + letter * 0.8, y + board.height * 0.27), fill=(30, 20, 24), width=0)
                draw.rectangle(
                    (
                        x + letter * 0.28,
                        y + board.height * rng.choice([0.05, 0.12]),
                        x + letter * 0.5,
                        y + board.height * 0.2,
                    ),
                    fill=(236, 214, 176),
                )
            x += letter
    image.paste(blur(board, 1.1), box[:2])
    tower = polygon(
        image.size, [(width * 0.455, 0), (width * 0.545, 0), (width * 0.53, height * 0.4), (width * 0.47, height * 0.4)]
    )
    image.paste(Image.new("RGB", image.size, shade(neon, 0.3)), mask=tower)
    tubes = Image.new("RGB", image.size)
    pen = ImageDraw.Draw(tubes)
    for share in (0.445, 0.472, 0.528, 0.555):
        pen.line((width * share, 0, width * (0.5 + (share - 0.5) * 0.7), height * 0.39), fill=neon, width=5)
    for edge in (box[1] - 4, box[3] + 4):
        pen.line((box[0], edge, box[2], edge), fill=mix(neon, (255, 220, 160), 0.5), width=6)
    add(image, blur(tubes, 16))
    add(image, blur(tubes, 5))
    add(image, blur(tubes, 1))
    for index in range(44):
        glow(image, (box[0] + (box[2] - box[0]) * index / 43, box[3] + 9), 11, (255, 226, 160), 3)


def _doors(image: Image.Image, rng: Random) -> None:
    width, height = image.size
    hall = gradient((round(width * 0.64), round(height * 0.19)), [(0, (255, 222, 160)), (1, (186, 106, 60))])
    draw = ImageDraw.Draw(hall)
    for index in range(13):
        x = hall.width * index / 12
        draw.rectangle((x - 4, 0, x + 4, hall.height), fill=(66, 36, 24))
    image.paste(blur(hall, 2), (round(width * 0.18), round(height * 0.545)))
    glow(image, (width / 2, height * 0.62), (width * 0.42, height * 0.24), (120, 76, 36), 1.4)


def skyline(image: Image.Image, rng: Random, spec: Spec) -> None:
    """A city across water at dusk, in three depths of haze, its windows coming on."""
    width, height = image.size
    sky(image, rng, spec.get("mood", "dusk"), 0.72)
    far, near = (116, 84, 104), (24, 22, 36)
    for depth in range(4):
        tone = mix(far, near, depth / 3)
        layer = Image.new("RGB", image.size, tone)
        mask = Image.new("L", image.size)
        pen, lamps = ImageDraw.Draw(mask), ImageDraw.Draw(layer)
        x = -20.0
        while x < width:
            broad = rng.uniform(0.025, 0.06) * width
            crown = height * (
                0.7 - rng.uniform(0.04, 0.16 + 0.2 * math.exp(-(((x / width - 0.58) / 0.22) ** 2)) * (1 - depth * 0.12))
            )
            pen.rectangle((x, crown, x + broad, height * 0.72), fill=255)
            if rng.random() < 0.25:
                pen.line((x + broad / 2, crown - height * 0.05, x + broad / 2, crown), fill=255, width=2)
            _windows(lamps, rng, (x, crown, x + broad, height * 0.72), tone, depth)
            x += broad * rng.uniform(0.8, 1.25)
        image.paste(blur(layer, 0.5), mask=blur(mask, 0.7 + (3 - depth) * 0.4))
    image.paste(
        gradient((width, round(height * 0.28)), [(0, (70, 56, 80)), (1, (14, 16, 30))]), (0, round(height * 0.72))
    )
    mirror_below(image, 0.72, 0.75, rng, 0.008)
    glow(image, (width * 0.6, height * 0.66), (width * 0.5, height * 0.22), (96, 50, 30), 1.6)


def _windows(
    pen: ImageDraw.ImageDraw, rng: Random, box: tuple[float, float, float, float], tone: Color, depth: int
) -> None:
    step = 6 + depth
    for y in range(round(box[1]) + 4, round(box[3]), step):
        for x in range(round(box[0]) + 3, round(box[2]) - 3, step - 1):
            if rng.random() < 0.16 + 0.07 * depth:
                pen.rectangle(
                    (x, y, x + 2, y + 2 + depth // 2),
                    fill=mix(
                        tone, rng.choice([(255, 214, 140), (255, 236, 200), (190, 214, 240)]), rng.uniform(0.4, 0.95)
                    ),
                )


def film_set(image: Image.Image, rng: Random, spec: Spec) -> None:
    """A location shoot: camera crane, lamp on a stand, crew as shadows against the last of the sky."""
    width, height = image.size
    sky(image, rng, spec.get("mood", "gold"), 0.8)
    ground = gradient((width, round(height * 0.26)), [(0, (120, 88, 62)), (1, (36, 28, 26))])
    image.paste(
        ImageChops.multiply(ground, gray(cloud(ground.size, rng, (40, 9)).point([140 + v // 3 for v in range(256)]))),
        (0, round(height * 0.74)),
    )
    ridge = [
        (0, height * 0.75),
        *[(width * i / 9, height * (0.74 - rng.uniform(0.02, 0.1))) for i in range(10)],
        (width, height * 0.75),
    ]
    image.paste(
        Image.new("RGB", image.size, mix(SKIES[spec.get("mood", "gold")][-1][1], (70, 60, 70), 0.6)),
        mask=polygon(image.size, smooth(ridge, 6, closed=False), 3),
    )
    glow(image, (width * 0.86, height * 0.3), width * 0.3, (255, 236, 190), 2.4)
    dark = (20, 18, 20)
    rig = Image.new("L", (width * 2, height * 2))
    pen = ImageDraw.Draw(rig)
    _crane(pen, width * 2, height * 2)
    _lamp(pen, width * 2, height * 2)
    image.paste(Image.new("RGB", image.size, dark), mask=blur(rig.reduce(2), 0.7))
    for index in range(8):
        figure = silhouette(round(height * rng.uniform(0.24, 0.31)), rng, dark, ["casual"])
        image.paste(
            figure,
            (
                round(width * (0.03 + 0.105 * index + rng.uniform(-0.04, 0.04))),
                round(height * rng.uniform(0.83, 0.88) - figure.height),
            ),
            figure,
        )
    beam(image, (width * 0.86, height * 0.3), (width * 0.45, height * 0.85), (14, width * 0.16), (110, 96, 70))
    glow(image, (width * 0.86, height * 0.3), 60, (255, 250, 232), 1.2)


def _crane(pen: ImageDraw.ImageDraw, width: int, height: int) -> None:
    foot, head = (width * 0.26, height * 0.86), (width * 0.63, height * 0.2)
    pivot = (width * 0.3, height * 0.6)
    for spread in (-0.05, 0.05):
        pen.line((foot[0] + spread * width, foot[1], *pivot), fill=255, width=14)
    for shift in (0, height * 0.03):
        pen.line((width * 0.14, height * 0.79 + shift, head[0], head[1] + shift), fill=255, width=9)
    for index in range(22):
        t = index / 21
        x, y = width * 0.14 + (head[0] - width * 0.14) * t, height * 0.79 + (head[1] - height * 0.79) * t
        pen.line((x, y, x + width * 0.02, y + height * 0.012), fill=255, width=5)
    pen.rectangle((width * 0.11, height * 0.77, width * 0.16, height * 0.86), fill=255)
    pen.line((*head, head[0], head[1] + height * 0.1), fill=255, width=14)
    pen.rounded_rectangle(
        (head[0] - width * 0.045, head[1] + height * 0.08, head[0] + width * 0.04, head[1] + height * 0.16),
        12,
        fill=255,
    )
    pen.rectangle(
        (head[0] + width * 0.03, head[1] + height * 0.1, head[0] + width * 0.085, head[1] + height * 0.145), fill=255
    )
    for shift in (-0.02, 0.02):
        r = width * 0.022
        cx, cy = head[0] + shift * width, head[1] + height * 0.07
        pen.ellipse((cx - r, cy - r, cx + r, cy + r), fill=255)


def _lamp(pen: ImageDraw.ImageDraw, width: int, height: int) -> None:
    x, y = width * 0.87, height * 0.3
    pen.line((x, y, x + width * 0.01, height * 0.88), fill=255, width=12)
    for spread in (-0.05, 0.06):
        pen.line((x + width * 0.008, height * 0.68, x + spread * width, height * 0.88), fill=255, width=9)
    pen.polygon(
        [
            (x - width * 0.03, y - height * 0.06),
            (x + width * 0.06, y - height * 0.035),
            (x + width * 0.06, y + height * 0.035),
            (x - width * 0.03, y + height * 0.06),
        ],
        fill=255,
    )


def studio(image: Image.Image, rng: Random, spec: Spec) -> None:
    """A record turning on its deck, near focus, with the lights of the control room far behind."""
    width, height = image.size
    image.paste(gradient(image.size, [(0, (30, 20, 26)), (0.5, (60, 36, 30)), (1, (22, 16, 16))]))
    bokeh(
        image,
        rng,
        46,
        (0, 0, 1, 0.5),
        spec.get("lights", [(255, 170, 80), (255, 90, 60), (90, 150, 220), (255, 220, 160)]),
        (0.02, 0.06),
        0.8,
    )
    disc = _record(round(height * 1.3), rng, tuple(spec.get("label", (196, 60, 40))))
    disc = disc.resize((round(width * 1.02), round(height * 0.62)), Image.Resampling.BICUBIC)
    deck = polygon(
        image.size,
        [(-60, height), (width * 0.06, height * 0.44), (width * 0.97, height * 0.42), (width + 90, height)],
        6,
    )
    image.paste(gradient(image.size, [(0, (60, 50, 46)), (0.42, (92, 76, 66)), (1, (34, 28, 28))]), mask=deck)
    image.paste(disc, (round(-width * 0.06), round(height * 0.4)), disc)
    _tonearm(image)
    glow(image, (width * 0.3, height * 0.5), (width * 0.35, height * 0.2), (90, 50, 24), 1.6)


def _tonearm(image: Image.Image) -> None:
    width, height = image.size
    sheet = Sheet(image.size, (-0.6, -0.6))
    arm = [(0.93, 0.36), (0.9, 0.6), (0.72, 0.72), (0.64, 0.75)]
    metal = sheet.limb([(x * width, y * height) for x, y in arm], (15, 15))
    image.paste((8, 6, 6), (10, 26), blur(metal, 9).point([round(v * 0.7) for v in range(256)]))
    sheet.part(metal, (206, 202, 198), 4, 1.4)
    shell = [(0.6, 0.735), (0.655, 0.715), (0.67, 0.765), (0.61, 0.79)]
    sheet.part(sheet.mask([(x * width, y * height) for x, y in shell], False), (28, 26, 28), 5)
    arm_layer = sheet.finished()
    image.paste(arm_layer, mask=arm_layer)


def _record(size: int, rng: Random, label: Color) -> Image.Image:
    disc = Image.new("RGB", (size, size), (14, 13, 15))
    pen = ImageDraw.Draw(disc)
    middle = size / 2
    for ring in range(round(middle), round(size * 0.17), -3):
        tone = rng.randint(10, 34)
        pen.ellipse(
            (middle - ring, middle - ring, middle + ring, middle + ring), outline=(tone, tone, tone + 2), width=2
        )
    shine = Image.new("L", (size, size))
    for angle in (205, 25, 320):
        ImageDraw.Draw(shine).pieslice((0, 0, size, size), angle - 12, angle + 12, fill=150)
    disc = ImageChops.screen(disc, tinted(blur(shine, size * 0.03), (200, 150, 110)))
    pen = ImageDraw.Draw(disc)
    r = size * 0.16
    pen.ellipse((middle - r, middle - r, middle + r, middle + r), fill=label)
    pen.ellipse(
        (middle - r * 0.9, middle - r * 0.9, middle + r * 0.9, middle + r * 0.9), outline=shade(label, 1.3), width=3
    )
    for row in range(3):
        pen.line(
            (middle - r * 0.5, middle + r * (0.3 + row * 0.16), middle + r * 0.5, middle + r * (0.3 + row * 0.16)),
            fill=shade(label, 0.4),
            width=5,
        )
    pen.ellipse((middle - 9, middle - 9, middle + 9, middle + 9), fill=(220, 210, 200))
    alpha = Image.new("L", (size, size))
    ImageDraw.Draw(alpha).ellipse((2, 2, size - 2, size - 2), fill=255)
    disc.putalpha(blur(alpha, 1.5))
    return disc


def statuettes(image: Image.Image, rng: Random, spec: Spec) -> None:
    """Rows of golden birds on black plinths; one row is in focus."""
    width, height = image.size
    image.paste(gradient(image.size, spec.get("backdrop", [(0, (24, 16, 30)), (0.6, (70, 30, 36)), (1, (20, 12, 14))])))
    bokeh(image, rng, 50, (0, 0, 1, 0.6), [(255, 200, 110), (255, 150, 70), (255, 240, 210)], (0.015, 0.05), 0.7)
    image.paste(
        gradient((width, round(height * 0.4)), [(0, (60, 24, 24)), (1, (16, 8, 10))]), (0, round(height * 0.66))
    )
    for scale, base, soft, count in ((0.42, 0.72, 5.0, 7), (0.58, 0.82, 1.6, 5), (0.86, 0.97, 0.0, 3)):
        tile = _heron(round(height * scale))
        for index in range(count):
            x = width * ((index + 0.5) / count) + width * 0.05 * (scale - 0.6)
            shown = Image.new("RGBA", (tile.width + 24, tile.height + 24))
            shown.paste(tile, (12, 12))
            shown = blur(shown.convert("RGBa"), soft).convert("RGBA") if soft else shown
            image.paste(shown, (round(x - shown.width / 2), round(height * base - shown.height)), shown)


HERON = [
    # outline, roundness, depth
    ("-.12,.42 -.02,.33 .08,.4 .12,.52 .19,.66 .06,.62 -.06,.58", 0.035, 1.3),
    ("-.02,.4 .08,.42 .14,.56 .17,.65 .05,.57", 0.018, 1.6),
]


def _heron(size: int) -> Image.Image:
    sheet = Sheet((round(size * 0.62), size), (-0.6, -0.6), rim=(255, 236, 180))
    x, gold = size * 0.3, (196, 138, 48)
    sheet.part(sheet.mask(mirrored("0,.82 .15,.82 .17,.98 0,.98", x, 0, size), False), (26, 22, 24), size * 0.02)
    sheet.part(sheet.mask(mirrored("0,.87 .1,.87 .1,.93 0,.93", x, 0, size), False), gold, size * 0.008)
    sheet.part(sheet.mask(ellipse(x, size * 0.815, 0.13 * size, 0.028 * size)), gold, size * 0.015)
    for leg in ("-.02,.58 -.028,.7 -.02,.81", ".025,.58 .035,.7 .025,.81"):
        sheet.part(sheet.limb(trace(leg, x, 0, size), (0.026 * size, 0.02 * size)), gold, size * 0.007)
    for outline, roundness, depth in HERON:
        sheet.part(sheet.mask(trace(outline, x, 0, size)), gold, size * roundness, depth)
    neck = trace("-.07,.46 -.13,.34 -.03,.25 -.07,.13 -.02,.09", x, 0, size)
    sheet.part(sheet.limb(neck, (0.11 * size, 0.05 * size)), gold, size * 0.016, 1.3)
    sheet.part(sheet.mask(ellipse(x - 0.01 * size, size * 0.085, 0.045 * size, 0.032 * size)), gold, size * 0.014, 1.3)
    sheet.part(sheet.mask(trace(".02,.07 .2,.05 .02,.1", x, 0, size), False), gold, size * 0.008)
    return sheet.finished()


def desert(image: Image.Image, rng: Random, spec: Spec) -> None:
    """Ridge behind ridge of dunes under a low sun."""
    width, height = image.size
    sky(image, rng, spec.get("mood", "gold"), 0.6)
    sun = (width * spec.get("sun", 0.3), height * 0.4)
    glow(image, sun, width * 0.45, (190, 120, 60), 1.8)
    glow(image, sun, width * 0.05, (255, 250, 226), 0.6)
    tones = [(178, 128, 112), (196, 122, 84), (176, 92, 52), (112, 56, 36)]
    for depth, tone in enumerate(tones):
        level = 0.46 + depth * 0.11
        crest = (
            [(-20.0, height * 1.1)]
            + [(width * (i - 1) / 5, height * (level + rng.uniform(-0.06, 0.06))) for i in range(8)]
            + [(width * 1.3, height * 1.1)]
        )
        mask = polygon(image.size, smooth(crest, 10, closed=False), max(0.6, 3 - depth))
        ripples = cloud(image.size, rng, (5 + 3 * depth, 60), 2).point(
            [round(128 + (v - 128) * 0.12 * (depth + 1)) for v in range(256)]
        )
        face = gradient(
            image.size,
            [
                (0, shade(tone, 1.25)),
                (level, shade(tone, 1.2)),
                (min(1.0, level + 0.28), shade(tone, 0.5)),
                (1, shade(tone, 0.35)),
            ],
        )
        image.paste(ImageChops.overlay(face, gray(ripples)), mask=mask)
        crest_light = ImageChops.subtract(mask, ImageChops.offset(mask, 0, 5)).point([v // 5 for v in range(256)])
        add(image, tinted(blur(crest_light, 2.5), (255, 206, 140)))


def beach(image: Image.Image, rng: Random, spec: Spec) -> None:
    """A glass house above the sea, palms, a pool of light in every room."""
    width, height = image.size
    sky(image, rng, spec.get("mood", "dusk"), 0.6)
    sea = gradient((width, round(height * 0.26)), [(0, (168, 132, 124)), (0.4, (70, 88, 112)), (1, (30, 52, 74))])
    waves = cloud(sea.size, rng, (8, 60), 2).point([round(128 + (v - 128) * 0.55) for v in range(256)])
    image.paste(ImageChops.overlay(sea, gray(waves)), (0, round(height * 0.56)))
    sand = gradient((width, round(height * 0.24)), [(0, (176, 140, 112)), (1, (86, 66, 58))])
    grains = cloud(sand.size, rng, (60, 24)).point([round(128 + (v - 128) * 0.3) for v in range(256)])
    shore = [
        (0, height * 0.8),
        (width * 0.3, height * 0.77),
        (width * 0.6, height * 0.81),
        (width * 1.02, height * 0.74),
        (width * 1.02, height * 1.02),
        (0, height * 1.02),
    ]
    ground = Image.new("RGB", image.size)
    ground.paste(ImageChops.overlay(sand, gray(grains)), (0, round(height * 0.76)))
    image.paste(ground, mask=polygon(image.size, shore, 3))
    foam = blur(
        polygon(image.size, [(x, y - 4) for x, y in shore[:4]] + [(x, y + 7) for x, y in reversed(shore[:4])], 3), 2
    )
    add(image, tinted(foam, (190, 180, 170)))
    _villa(image, rng)
    for x, lean, size in ((0.06, 0.05, 0.62), (0.2, -0.03, 0.5), (0.93, -0.06, 0.72)):
        _palm(image, rng, (width * x, height * 0.86), height * size, lean)


def _villa(image: Image.Image, rng: Random) -> None:
    width, height = image.size
    cliff = [
        (width * 0.42, height * 0.76),
        (width * 0.5, height * 0.64),
        (width * 0.62, height * 0.6),
        (width * 1.05, height * 0.58),
        (width * 1.05, height * 0.8),
    ]
    rock = gradient(image.size, [(0, (70, 62, 60)), (0.6, (64, 54, 52)), (1, (30, 26, 28))])
    rough = cloud(image.size, rng, (60, 40), 3).point([round(128 + (v - 128) * 0.7) for v in range(256)])
    image.paste(ImageChops.overlay(rock, gray(rough)), mask=polygon(image.size, cliff, 1.5))
    draw = ImageDraw.Draw(image)
    for left, top, right, floor in ((0.58, 0.47, 0.92, 0.6), (0.66, 0.35, 0.86, 0.465)):
        box = (width * left, height * top, width * right, height * floor)
        draw.rectangle((box[0] - 14, box[1] - 10, box[2] + 14, box[1]), fill=(206, 198, 190))
        draw.rectangle((box[0] - 10, box[3], box[2] + 10, box[3] + 7), fill=(150, 140, 134))
        panes = gradient(
            (round(box[2] - box[0]), round(box[3] - box[1])),
            [(0, (255, 214, 140)), (0.7, (236, 160, 90)), (1, (150, 90, 60))],
        )
        shapes = cloud(panes.size, rng, (14, 4), 2).point([140 + v // 2 if v < 230 else 255 for v in range(256)])
        image.paste(ImageChops.multiply(panes, gray(shapes)), (round(box[0]), round(box[1])))
        for index in range(7):
            x = box[0] + (box[2] - box[0]) * index / 6
            draw.line((x, box[1], x, box[3]), fill=(52, 44, 42), width=4)
        glow(image, ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2), (width * 0.24, height * 0.16), (120, 70, 30), 1.6)


def _palm(image: Image.Image, rng: Random, foot: Point, size: float, lean: float) -> None:
    mask = Image.new("L", (image.width * 2, image.height * 2))
    pen = ImageDraw.Draw(mask)
    crown = (foot[0] + lean * image.width, foot[1] - size)
    trunk = smooth([foot, ((foot[0] * 2 + crown[0]) / 3, foot[1] - size * 0.5), crown], 60, closed=False)
    for index, (x, y) in enumerate(trunk):
        half = size * 0.045 * (1 - 0.6 * index / len(trunk))
        pen.ellipse((2 * x - half, 2 * y - half, 2 * x + half, 2 * y + half), fill=255)
    for index in range(11):
        angle = math.pi * (index / 10) * 1.25 - math.pi * 0.125 + rng.uniform(-0.1, 0.1)
        reach = size * rng.uniform(0.3, 0.42)
        tip = (crown[0] - math.cos(angle) * reach, crown[1] - math.sin(angle) * reach * 0.7 + reach * 0.35)
        middle = ((crown[0] + tip[0]) / 2, min(crown[1], tip[1]) - reach * 0.16)
        for t, (x, y) in enumerate(smooth([crown, middle, tip], 24, closed=False)):
            droop = size * 0.11 * math.sin(math.pi * min(1, t / 46)) + 3
            pen.line((2 * x, 2 * y, 2 * x + (x - crown[0]) * 0.25, 2 * y + droop * 2), fill=255, width=3)
    image.paste(Image.new("RGB", image.size, (20, 20, 24)), mask=blur(mask.reduce(2), 0.6))
