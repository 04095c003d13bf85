"""Demo pictures with people in them: carpets, stages, portraits, crowds, press calls, streets, tables, talk shows."""

import math
from collections.abc import Mapping, Sequence
from random import Random
from typing import Any

from PIL import Image, ImageChops, ImageDraw

from articles.demo.figures import (
    HAIR,
    SKIN,
    Look,
    Sheet,
    ellipse,
    head,
    mirrored,
    nape,
    person,
    place,
    silhouette,
    trace,
)
from articles.demo.paint import (
    Color,
    Stops,
    add,
    beam,
    blur,
    bokeh,
    cloud,
    glow,
    gradient,
    gray,
    mix,
    polygon,
    shade,
    tinted,
)
from articles.demo.places import beach, sky, skyline

Spec = Mapping[str, Any]

PROFILE = (
    "-.1,-.5 .16,-.47 .3,-.32 .335,-.16 .315,-.06 .345,.02 .425,.12 .405,.155 .345,.17 .35,.21 .385,.245 "
    ".355,.275 .375,.315 .335,.355 .345,.43 .28,.49 .1,.46 .02,.56 .06,.8 .3,.95 .46,1.4 -.9,1.4 -.6,.92 "
    "-.32,.7 -.36,.4 -.48,.1 -.46,-.26 -.3,-.46"
)
PROFILE_HAIR = ".24,-.42 .08,-.4 0,-.16 -.06,.1 -.16,.5 -.3,.76 -.56,.7 -.56,.1 -.5,-.36 -.22,-.58 .08,-.57"


def looks(spec: Spec) -> list[Look]:
    return [Look(**{**look, "cloth": tuple(look.get("cloth", (30, 30, 36)))}) for look in spec.get("people", [])]


def carpet(image: Image.Image, rng: Random, spec: Spec) -> None:
    """Guests on a carpet by night, photographers and their flashes out of focus behind them."""
    width, height = image.size
    tone: Color = tuple(spec.get("carpet", (140, 16, 28)))
    wall: Color = tuple(spec.get("wall", (20, 24, 44)))
    image.paste(gradient(image.size, [(0, shade(wall, 0.5)), (0.6, wall), (1, shade(wall, 0.6))]))
    bokeh(
        image,
        rng,
        42,
        (0, 0, 1, 0.42),
        [(255, 206, 130), (255, 240, 214), (150, 180, 255), (255, 130, 90)],
        (0.014, 0.05),
        0.75,
    )
    _press_pen(image, rng)
    floor = gradient((width, round(height * 0.3)), [(0, shade(tone, 0.55)), (0.4, tone), (1, shade(tone, 0.6))])
    pile = cloud(floor.size, rng, (300, 70), 2).point([round(128 + (v - 128) * 0.2) for v in range(256)])
    image.paste(blur(ImageChops.overlay(floor, gray(pile)), 1), (0, round(height * 0.74)))
    for x, y in ((rng.uniform(0.04, 0.3), rng.uniform(0.34, 0.5)), (rng.uniform(0.7, 0.96), rng.uniform(0.34, 0.5))):
        glow(image, (width * x, height * y), height * 0.24, (210, 220, 255), 2.6)
        glow(image, (width * x, height * y), height * 0.04, (255, 255, 255), 0.8)
    _guests(image, rng, spec)


def _press_pen(image: Image.Image, rng: Random) -> None:
    """Photographers so far out of focus that a quarter of the size is enough to draw them in."""
    width, height = image.width // 4, image.height // 4
    layer = Image.new("RGBA", (width, height))
    for index in range(15):
        tone = shade((52, 46, 52), rng.uniform(0.4, 1.1))
        figure = silhouette(round(height * rng.uniform(0.4, 0.47)), rng, tone)
        corner = (round(width * (index / 14) - figure.width / 2), round(height * 0.8) - figure.height)
        layer.paste(figure, corner, figure)
    layer = blur(layer.convert("RGBa"), height * 0.009).resize(image.size, Image.Resampling.BICUBIC).convert("RGBA")
    image.paste(layer, mask=layer)


def _guests(image: Image.Image, rng: Random, spec: Spec) -> None:
    width, height = image.size
    people = looks(spec)
    tall = spec.get("tall", 0.84) * (height if width > height else height * 0.94)
    gap = min(0.3, 0.84 / len(people)) * (1 if width > height else 1.35)
    for index, look in enumerate(people):
        x = width * (0.5 + (index - (len(people) - 1) / 2) * gap + spec.get("shift", 0.0))
        size = round(tall * rng.uniform(0.96, 1.03) * (1.04 if look.outfit == "suit" else 1.0))
        place(
            image,
            person(size, look, rng, rim=(120, 110, 120)),
            (x, height * spec.get("feet", 0.965) + rng.uniform(-6, 6)),
        )


def stage(image: Image.Image, rng: Random, spec: Spec) -> None:
    """A singer in the beams, haze, and the hands of the crowd against the light."""
    width, height = image.size
    light: Color = tuple(spec.get("light", (90, 60, 220)))
    second: Color = tuple(spec.get("second", (230, 60, 120)))
    image.paste(gradient(image.size, [(0, (6, 5, 12)), (0.6, shade(light, 0.3)), (1, (6, 5, 10))]))
    for index in range(spec.get("beams", 7)):
        x = width * (0.08 + 0.84 * index / 6)
        end = (width * (0.5 + (x / width - 0.5) * rng.uniform(-0.6, 1.9)), height * rng.uniform(0.8, 1.0))
        beam(
            image, (x, -10), end, (5, width * rng.uniform(0.05, 0.09)), shade(rng.choice([light, light, second]), 0.75)
        )
        glow(image, (x, 6), height * 0.07, mix(light, (255, 255, 255), 0.6), 1.6)
    haze = cloud(image.size, rng, (5, 4), 4).point([max(0, v - 90) for v in range(256)])
    add(
        image,
        ImageChops.multiply(
            tinted(haze, mix(light, second, 0.4)),
            gradient(image.size, [(0, (60, 60, 60)), (0.65, (220, 220, 220)), (1, (40, 40, 40))]),
        ),
    )
    glow(
        image,
        (width * 0.5, height * 0.5),
        (width * 0.32, height * 0.42),
        shade(mix(light, (255, 255, 255), 0.35), 0.85),
        1.4,
    )
    people = looks(spec)
    for index, look in enumerate(people):
        x = width * (0.5 + (index - (len(people) - 1) / 2) * 0.24)
        figure = person(round(height * 0.56), look, rng, light=(0.5, -0.8), rim=mix(second, (255, 255, 255), 0.5))
        dim = Image.blend(figure.convert("RGB"), Image.new("RGB", figure.size, shade(light, 0.18)), 0.25)
        dim.putalpha(figure.getchannel("A"))
        image.paste(dim, (round(x - dim.width / 2), round(height * 0.84 - dim.height)), dim)
        _microphone_stand(image, x + height * 0.055, height * 0.84, height * 0.46)
    if spec.get("crowd", True):
        crowd(image, rng, 0.8, (7, 6, 11), raised=0.4)


def _microphone_stand(image: Image.Image, x: float, floor: float, tall: float) -> None:
    draw = ImageDraw.Draw(image)
    top = floor - tall
    draw.line((x, floor, x, top), fill=(18, 16, 20), width=5)
    draw.line((x + 1, floor, x + 1, top), fill=(130, 126, 140), width=1)
    draw.line((x, top, x - tall * 0.07, top - tall * 0.035), fill=(20, 18, 22), width=7)
    draw.ellipse((x - tall * 0.1, top - tall * 0.06, x - tall * 0.055, top - tall * 0.015), fill=(52, 50, 58))


def crowd(image: Image.Image, rng: Random, line: float, color: Color, raised: float, rows: int = 4) -> None:
    """Heads and raised hands from behind, the nearest row largest and softest; `line` is the farthest row's height."""
    width, height = image.size
    for row in range(rows):
        mask = Image.new("L", (width, height))
        pen = ImageDraw.Draw(mask)
        size = height * (0.028 + 0.016 * row)
        base = height * (line + 0.035 * row + 0.012 * row * row)
        x = -size
        while x < width + size:
            _spectator(pen, rng, x, base + rng.uniform(-0.4, 0.4) * size, size, raised)
            x += size * rng.uniform(1.7, 2.7)
        pen.rectangle((0, base + size * 2.6, width, 2 * height), fill=255)
        tone = shade(color, 1.8 - 0.35 * row)
        image.paste(Image.new("RGB", image.size, tone), mask=blur(mask, 0.8 + 0.9 * row))


def _spectator(pen: ImageDraw.ImageDraw, rng: Random, x: float, y: float, size: float, raised: float) -> None:
    pen.ellipse((x - size * 0.62, y - size * 0.8, x + size * 0.62, y + size * 0.8), fill=255)
    pen.rounded_rectangle(
        (x - size * 1.35, y + size * 0.95, x + size * 1.35, y + size * 4), radius=size * 0.9, fill=255
    )
    if rng.random() < raised:
        side = rng.choice((-1, 1))
        hand = (x + side * size * rng.uniform(1.1, 1.8), y - size * rng.uniform(1.8, 3.2))
        pen.line(
            (x + side * size * 1.1, y + size * 1.6, hand[0] + side * 2, (y + hand[1]) / 2 + size * 0.6, *hand),
            fill=255,
            width=max(3, round(size * 0.46)),
            joint="curve",
        )
        pen.ellipse(
            (hand[0] - size * 0.32, hand[1] - size * 0.5, hand[0] + size * 0.32, hand[1] + size * 0.3), fill=255
        )


def portrait(image: Image.Image, rng: Random, spec: Spec) -> None:
    """Head and shoulders by a window, one side in shadow, everything behind far out of focus."""
    width, height = image.size
    wall: Color = tuple(spec.get("wall", (88, 82, 80)))
    side = spec.get("light", -1)
    fall: Stops = [(0, shade(wall, 1.35)), (0.5, wall), (1, shade(wall, 0.35))]
    image.paste(
        gradient(image.size, fall if side < 0 else [(1 - at, tone) for at, tone in reversed(fall)], across=True)
    )
    lights = spec.get("lights", [mix(wall, (255, 230, 190), 0.6), mix(wall, (200, 220, 255), 0.4)])
    bokeh(image, rng, 22, (0, 0, 1, 0.8), lights, (0.03, 0.11), 0.5)
    image.paste(blur(image, height * 0.012))
    size = min(width * 0.58, height * 0.5)
    x, y = width * spec.get("x", 0.5), height * spec.get("y", 0.42)
    figure = _bust((width, round(height * 1.25)), x, y, size, spec, rng).rotate(
        spec.get("tilt", rng.uniform(2, 5) * side), center=(x, height)
    )
    figure = figure.crop((0, 0, width, height))
    image.paste(figure, mask=blur(figure.getchannel("A"), 1.2))
    far = polygon(image.size, [(x, 0), (x - side * width, 0), (x - side * width, height), (x, height)], width * 0.1)
    image.paste(ImageChops.multiply(image, Image.new("RGB", image.size, (128, 120, 132))), mask=far)


def _bust(area: tuple[int, int], x: float, y: float, size: float, spec: Spec, rng: Random) -> Image.Image:
    look, side = looks(spec)[0], spec.get("light", -1)
    sheet = Sheet(area, (0.95 * side, -0.4), rim=tuple(spec["rim"]) if "rim" in spec else None)
    nape(sheet, x, y, size, look, rng)
    _shoulders(sheet, x, y, size, look, rng)
    head(sheet, x, y, size, look, rng, turn=spec.get("turn", 0.8 * side))
    return blur(sheet.finished().convert("RGBa"), 0.9).convert("RGBA")


def _shoulders(sheet: Sheet, x: float, y: float, size: float, look: Look, rng: Random) -> None:
    mask = sheet.mask(mirrored("0,.56 .16,.56 .34,.74 .78,.88 1.02,1.2 1.1,1.9 1.1,3.2", x, y, size))
    if look.outfit == "gown":
        sheet.part(mask, shade(SKIN[look.skin], 0.95), 0.22 * size, 0.8)
        top = sheet.mask(mirrored("0,1.4 .5,1.28 1.2,1.3 1.2,3.2", x, y, size))
        sheet.part(ImageChops.multiply(top, mask), look.cloth, 0.1 * size)
        return
    weave = cloud(sheet.size, rng, (300, 200), 1).point([round(128 + (v - 128) * 0.12) for v in range(256)])
    sheet.part(mask, look.cloth, 0.2 * size, 1.0, weave)
    if look.outfit == "casual":
        collar = mirrored("0,.66 .12,.62 .2,.54 .27,.62 .22,.78 0,.88", x, y, size)
        sheet.part(sheet.mask(collar), shade(look.cloth, 0.8), 0.05 * size, 1.2, weave)
        return
    shirt = sheet.mask(trace("-.2,.58 .2,.58 .02,1.7", x, y, size), False)
    sheet.part(shirt, (206, 204, 204), 0.05 * size, 0.8)
    for flank in (-1, 1):
        wing = sheet.mask(trace(".0,.72 .2,.54 .25,.68 .1,.84", x, y, size, flank), False)
        sheet.part(wing, (222, 220, 220), 0.03 * size)
        lapel = sheet.mask(trace(".2,.56 .4,.8 .36,1.2 .02,1.75", x, y, size, flank), False)
        sheet.part(lapel, shade(look.cloth, 0.8), 0.04 * size, 1.2)


def profile(image: Image.Image, rng: Random, spec: Spec) -> None:
    """A singer in profile against a back light: the outline burns, the rest is shadow."""
    width, height = image.size
    light: Color = tuple(spec.get("light", (255, 150, 70)))
    image.paste(gradient(image.size, [(0, (10, 8, 12)), (0.6, shade(light, 0.22)), (1, (8, 6, 8))]))
    bokeh(image, rng, 30, (0, 0, 1, 1), [light, mix(light, (255, 255, 255), 0.5), shade(light, 0.6)], (0.02, 0.08), 0.5)
    glow(image, (width * 0.62, height * 0.36), height * 0.62, shade(light, 0.9), 1.5)
    size, x, y = height * 0.62, width * 0.5, height * 0.44
    sheet = Sheet(image.size, (0.95, -0.35), rim=mix(light, (255, 255, 255), 0.3))
    skin, hair = SKIN[spec.get("skin", "tan")], HAIR[spec.get("hair", "brown")]
    sheet.part(sheet.mask(trace(PROFILE, x, y, size)), shade(skin, 0.3), 0.035 * size, 1.5)
    strands = cloud(sheet.size, rng, (90, 6), 2)
    sheet.part(sheet.mask(trace(PROFILE_HAIR, x, y, size)), shade(hair, 0.6), 0.04 * size, 1.3, strands)
    figure = sheet.finished()
    image.paste(figure, mask=blur(figure.getchannel("A"), 1.2))
    _near_microphone(image, rng, x + 0.56 * size, y + 0.33 * size, size * 0.13, mix(light, (255, 255, 255), 0.4))


def _near_microphone(image: Image.Image, rng: Random, x: float, y: float, size: float, rim: Color) -> None:
    sheet = Sheet(image.size, (0.9, -0.4), rim=rim)
    sheet.part(
        sheet.limb(
            [(x + size * 0.2, y + size * 0.3), (x + size * 1.6, y + size * 1.6), (x + size * 4.2, y + size * 4.4)],
            (size * 1.3, size * 0.9),
        ),
        (20, 19, 22),
        size * 0.2,
    )
    mesh = cloud(
        image.size,
        rng=rng,
        cells=(max(2, round(image.width / size * 7)), max(2, round(image.height / size * 7))),
        octaves=1,
    )
    sheet.part(sheet.mask(ellipse(x, y, size * 0.86, size * 0.92)), (70, 68, 74), size * 0.3, 1.2, mesh)
    figure = sheet.finished()
    image.paste(figure, mask=figure.getchannel("A"))


def festival(image: Image.Image, rng: Random, spec: Spec) -> None:
    """A field of people in the late sun, flags, a wheel on the horizon, the stage far away."""
    width, height = image.size
    sky(image, rng, spec.get("mood", "gold"), 0.8)
    glow(image, (width * 0.78, height * 0.4), width * 0.4, (230, 160, 90), 1.7)
    layer = Image.new("L", (width * 2, height * 2))
    pen = ImageDraw.Draw(layer)
    _wheel(pen, width * 0.36, height * 0.92, height * 0.36)
    _far_stage(pen, width * 2, height * 2)
    image.paste(Image.new("RGB", image.size, (104, 74, 70)), mask=blur(layer.reduce(2), 1.4))
    glow(image, (width * 0.66, height * 0.55), (width * 0.1, height * 0.09), (255, 190, 120), 1.4)
    for _ in range(7):
        _flag(image, rng)
    for row, tone in enumerate(((126, 84, 70), (92, 58, 52), (58, 38, 40), (30, 22, 28))):
        crowd(image, rng, 0.6 + row * 0.075, shade(tone, 0.6), raised=0.2 + 0.05 * row, rows=2)
    dust = cloud(image.size, rng, (6, 4)).point([max(0, v - 110) for v in range(256)])
    add(image, tinted(dust, (150, 100, 56)))


def _wheel(pen: ImageDraw.ImageDraw, x: float, y: float, radius: float) -> None:
    pen.ellipse((x - radius, y - radius, x + radius, y + radius), outline=255, width=8)
    for index in range(16):
        angle = index * math.pi / 8
        spot = (x + math.cos(angle) * radius, y + math.sin(angle) * radius)
        pen.line((x, y, *spot), fill=255, width=3)
        pen.ellipse((spot[0] - 16, spot[1] - 6, spot[0] + 16, spot[1] + 30), fill=255)
    for side in (-1, 1):
        pen.line((x, y, x + side * radius * 0.5, y + radius * 1.5), fill=255, width=9)


def _far_stage(pen: ImageDraw.ImageDraw, width: int, height: int) -> None:
    left, right, top, floor = width * 0.55, width * 0.78, height * 0.44, height * 0.64
    pen.polygon(
        [
            (left, top),
            ((left + right) / 2, top - height * 0.05),
            (right, top),
            (right, top + height * 0.03),
            (left, top + height * 0.03),
        ],
        fill=255,
    )
    for x in (left, right - 18):
        pen.rectangle((x, top, x + 18, floor), fill=255)
    for x in (left - width * 0.045, right + width * 0.02):
        pen.rectangle((x, top + height * 0.04, x + width * 0.022, floor), fill=255)


def _flag(image: Image.Image, rng: Random) -> None:
    width, height = image.size
    x, top, base = width * rng.uniform(0.03, 0.97), height * rng.uniform(0.24, 0.44), height * 0.72
    color = rng.choice([(186, 60, 50), (220, 160, 60), (60, 110, 120), (230, 220, 200)])
    reach, drop = width * rng.uniform(0.035, 0.06), height * rng.uniform(0.07, 0.13)
    cloth = [
        (x, top),
        (x + reach * 0.5, top + drop * 0.1),
        (x + reach, top - drop * 0.05),
        (x + reach * 0.9, top + drop),
        (x + reach * 0.4, top + drop * 0.9),
        (x, top + drop),
    ]
    image.paste(
        gradient(
            image.size, [(0, shade(color, 1.1)), (0.35, shade(color, 0.9)), (0.5, shade(color, 0.55)), (1, color)]
        ),
        mask=polygon(image.size, cloth, 1.2),
    )
    ImageDraw.Draw(image).line((x, top, x - 5, base), fill=(60, 44, 40), width=3)


def press(image: Image.Image, rng: Random, spec: Spec) -> None:
    """A thicket of microphones in focus, the speaker behind them not."""
    width, height = image.size
    wall: Color = tuple(spec.get("wall", (40, 62, 92)))
    image.paste(gradient(image.size, [(0, shade(wall, 0.7)), (0.5, wall), (1, shade(wall, 0.4))]))
    draw = ImageDraw.Draw(image)
    for row in range(4):
        for column in range(7):
            x, y = width * (column / 6 - 0.03 + 0.08 * (row % 2)), height * row * 0.2
            draw.rounded_rectangle(
                (x, y, x + width * 0.075, y + height * 0.05), 8, fill=mix(wall, (255, 255, 255), 0.35)
            )
    image.paste(blur(image, height * 0.014))
    look = looks(spec)[0]
    figure = person(round(height * 1.75), look, rng)
    place(image, figure, (width * spec.get("x", 0.5), height * 1.86), soft=height * spec.get("soft", 0.004))
    shades: Sequence[Color] = [(30, 30, 34), (40, 38, 42), (170, 30, 40), (30, 70, 140), (24, 24, 28)]
    for index in range(9):
        tip = (width * (0.2 + 0.6 * index / 8 + rng.uniform(-0.03, 0.03)), height * rng.uniform(0.62, 0.78))
        _thicket(
            image,
            rng,
            tip,
            (tip[0] + (tip[0] - width / 2) * 0.45, height * 1.05),
            height * rng.uniform(0.032, 0.046),
            rng.choice(shades),
        )


def _thicket(
    image: Image.Image, rng: Random, tip: tuple[float, float], foot: tuple[float, float], size: float, color: Color
) -> None:
    left, top = round(min(tip[0], foot[0]) - 3 * size), round(tip[1] - 3 * size)
    sheet = Sheet(
        (round(abs(tip[0] - foot[0]) + 6 * size), round(foot[1] - tip[1] + 3 * size)), (-0.6, -0.7), rim=(110, 116, 130)
    )
    x, y, end = tip[0] - left, tip[1] - top, (foot[0] - left, foot[1] - top)
    sheet.part(sheet.limb([(x, y), end], (size * 1.2, size * 1.0)), (26, 25, 28), size * 0.25)
    foam = cloud(sheet.size, rng, (50, 50), 1).point([round(128 + (v - 128) * 0.35) for v in range(256)])
    sheet.part(sheet.mask(ellipse(x, y, size * 0.95, size * 1.2)), color, size * 0.4, 1.1, foam)
    cube = [
        (x - size * 0.8, y + size * 1.5),
        (x + size * 0.9, y + size * 1.4),
        (x + size * 0.9, y + size * 2.9),
        (x - size * 0.8, y + size * 3),
    ]
    if rng.random() < 0.6:
        sheet.part(
            sheet.mask(cube, curved=False),
            rng.choice([(230, 230, 232), (200, 40, 44), (36, 90, 170), (238, 190, 60)]),
            size * 0.2,
            0.7,
        )
    figure = sheet.finished()
    image.paste(figure, (left, top), figure)


def street(image: Image.Image, rng: Random, spec: Spec) -> None:
    """Caught by a long lens: people on foot, the street, beach or festival behind them a blur of light."""
    height = image.size[1]
    backdrops = {"beach": beach, "festival": festival, "street": _shop_fronts}
    backdrops[spec.get("backdrop", "street")](image, rng, {**spec, "people": []})
    image.paste(blur(image, height * (0.03 if "backdrop" not in spec else 0.014)))
    bokeh(image, rng, 24, (0, 0.1, 1, 0.6), [(255, 240, 210), (255, 190, 140), (200, 230, 220)], (0.02, 0.06), 0.5)
    _guests(image, rng, {"tall": 0.86, **spec})


def _shop_fronts(image: Image.Image, rng: Random, spec: Spec) -> None:
    width, height = image.size
    image.paste(gradient(image.size, [(0, (128, 136, 140)), (0.5, (170, 164, 152)), (1, (112, 106, 102))]))
    draw = ImageDraw.Draw(image)
    for _ in range(26):
        x, y = rng.uniform(-0.1, 1) * width, rng.uniform(0, 0.55) * height
        tone = rng.choice([(64, 70, 74), (150, 92, 70), (206, 198, 182), (72, 92, 70), (40, 44, 52), (186, 150, 110)])
        draw.rectangle((x, y, x + width * rng.uniform(0.05, 0.16), y + height * rng.uniform(0.15, 0.5)), fill=tone)
    draw.rectangle((0, height * 0.76, width, height), fill=(138, 132, 126))
    draw.rectangle((0, height * 0.73, width, height * 0.765), fill=(88, 84, 82))


def table(image: Image.Image, rng: Random, spec: Spec) -> None:
    """Two people at a restaurant table through the window, candle between them, reflections across the glass."""
    width, height = image.size
    image.paste(gradient(image.size, [(0, (26, 14, 12)), (0.6, (84, 44, 26)), (1, (26, 14, 12))]))
    bokeh(image, rng, 44, (0, 0, 1, 0.5), [(255, 180, 90), (255, 140, 60), (255, 220, 160)], (0.02, 0.06), 0.75)
    people = looks(spec)
    for side, look in zip((-1, 1), people, strict=False):
        figure = person(round(height * 1.25), look, rng, light=(-0.9 * side, -0.1), rim=(200, 120, 60))
        place(image, figure, (width * (0.5 + side * 0.22), height * 1.5), soft=1.6)
    cloth = gradient((width, round(height * 0.24)), [(0, (214, 176, 140)), (1, (120, 84, 66))])
    image.paste(blur(cloth, 2), (0, round(height * 0.8)))
    draw = ImageDraw.Draw(image)
    for x in (0.36, 0.64):
        draw.ellipse(
            (width * x - 26, height * 0.66, width * x + 26, height * 0.77),
            fill=(110, 40, 36),
            outline=(236, 214, 190),
            width=3,
        )
        draw.line((width * x, height * 0.77, width * x, height * 0.86), fill=(230, 210, 190), width=4)
    draw.rectangle((width * 0.49, height * 0.74, width * 0.51, height * 0.86), fill=(236, 220, 196))
    glow(image, (width * 0.5, height * 0.71), height * 0.34, (220, 140, 60), 2)
    glow(image, (width * 0.5, height * 0.71), (height * 0.022, height * 0.045), (255, 246, 214), 0.7)
    pane = Image.new("RGB", image.size)
    bokeh(pane, rng, 20, (0, 0, 1, 1), [(90, 120, 150), (120, 60, 50), (70, 90, 90)], (0.05, 0.16), 0.4)
    add(image, blur(pane, 18))


def talk_show(image: Image.Image, rng: Random, spec: Spec) -> None:
    """A late-night set: host at the desk, painted city behind, studio lights above."""
    width, height = image.size
    skyline(image, rng, {"mood": "dusk"})
    image.paste(blur(image, 3.5))
    draw = ImageDraw.Draw(image)
    for x in (0.0, 0.25, 0.62, 0.965):
        draw.rectangle((width * x, 0, width * (x + 0.035), height * 0.8), fill=(46, 26, 24))
    image.paste(
        gradient((width, round(height * 0.26)), [(0, (70, 38, 30)), (1, (24, 14, 14))]), (0, round(height * 0.76))
    )
    for index, look in enumerate(looks(spec)):
        place(
            image,
            person(round(height * 1.02), look, rng, rim=(150, 130, 110)),
            (width * (0.36 + 0.34 * index), height * 1.12),
        )
    front = polygon(
        image.size,
        [
            (width * 0.1, height * 0.68),
            (width * 0.56, height * 0.68),
            (width * 0.54, height * 1.02),
            (width * 0.12, height * 1.02),
        ],
        1,
    )
    wood = ImageChops.overlay(
        gradient(image.size, [(0, (150, 84, 46)), (0.66, (160, 92, 52)), (1, (60, 30, 20))]),
        gray(cloud(image.size, rng, (3, 70), 3).point([98 + v // 4 for v in range(256)])),
    )
    image.paste(wood, mask=front)
    draw.rounded_rectangle((width * 0.08, height * 0.655, width * 0.58, height * 0.69), 6, fill=(206, 150, 100))
    draw.rounded_rectangle((width * 0.49, height * 0.585, width * 0.525, height * 0.655), 6, fill=(236, 232, 224))
    for x in (0.14, 0.4, 0.66, 0.9):
        beam(image, (width * x, -8), (width * (0.3 + 0.3 * x), height * 0.8), (7, width * 0.1), (76, 66, 52))
        glow(image, (width * x, 0), height * 0.1, (255, 240, 210), 1.6)


def curtain(image: Image.Image, rng: Random, spec: Spec) -> None:
    """An empty stage: velvet, one pool of light, one person in it or nobody."""
    width, height = image.size
    tone: Color = tuple(spec.get("velvet", (120, 18, 26)))
    folds = cloud(image.size, rng, (34, 2), 2).point(
        [max(20, min(235, round(128 + (v - 128) * 1.5))) for v in range(256)]
    )
    image.paste(
        ImageChops.overlay(
            gradient(image.size, [(0, shade(tone, 0.35)), (0.5, tone), (1, shade(tone, 0.5))]), gray(folds)
        )
    )
    boards = ImageChops.overlay(
        gradient((width, round(height * 0.26)), [(0, (96, 60, 40)), (1, (30, 18, 14))]),
        gray(cloud((width, round(height * 0.26)), rng, (20, 3), 2)),
    )
    image.paste(blur(boards, 1), (0, round(height * 0.76)))
    pool = Image.new("RGB", image.size, (44, 40, 44))
    glow(pool, (width * 0.5, height * 0.6), (width * 0.42, height * 0.66), (255, 246, 226), 1.1)
    people = looks(spec)
    if people:
        place(image, person(round(height * 0.6), people[0], rng, light=(0.1, -0.9)), (width * 0.5, height * 0.9))
    image.paste(ImageChops.multiply(image, pool))
    beam(image, (width * 0.62, -8), (width * 0.5, height * 0.95), (10, width * 0.16), (70, 62, 50))


def rocket_poster(image: Image.Image, rng: Random, spec: Spec) -> None:
    """Not a photograph and not meant to be one: the look of a picture made by a generator."""
    width, height = image.size
    image.paste(gradient(image.size, [(0, (10, 8, 40)), (0.5, (90, 30, 120)), (1, (255, 140, 90))]))
    stars = Image.frombytes("L", image.size, rng.randbytes(width * height)).point(
        [max(0, (v - 253) * 100) for v in range(256)]
    )
    add(image, tinted(blur(stars, 0.8), (255, 255, 255)))
    nebula = cloud(image.size, rng, (4, 4), 4).point([max(0, v - 110) * 2 for v in range(256)])
    add(image, tinted(nebula, (120, 60, 190)))
    sheet = Sheet(image.size, (-0.7, -0.5), rim=(255, 200, 160))
    swirl = cloud(image.size, rng, (2, 26), 3)
    sheet.part(
        sheet.mask(ellipse(width * 0.68, height * 0.34, height * 0.24, height * 0.24)),
        (190, 110, 140),
        height * 0.12,
        1.2,
        swirl,
    )
    planet = sheet.finished()
    image.paste(planet, mask=planet.getchannel("A"))
    glow(image, (width * 0.6, height * 0.26), height * 0.4, (150, 80, 140), 2)
    for depth in range(3):
        crest = (
            [(-20.0, height * 1.1)]
            + [(width * i / 7, height * (0.68 + 0.1 * depth - rng.uniform(0, 0.14))) for i in range(9)]
            + [(width * 1.3, height * 1.1)]
        )
        image.paste(
            gradient(image.size, [(0.5, (130 - 40 * depth, 50 - 14 * depth, 110 - 30 * depth)), (1, (30, 10, 40))]),
            mask=polygon(image.size, crest, 0.8),
        )
    figure = silhouette(round(height * 0.24), rng, (16, 8, 26))
    image.paste(figure, (round(width * 0.34), round(height * 0.84 - figure.height)), figure)
