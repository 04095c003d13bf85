import base64
import io
import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageCms

from media.files.colour import ADOBE_RGB, DISPLAY_P3
from media.files.imaging import (
    CONTENT_TYPES,
    CROPS,
    FORMATS,
    WIDTHS,
    UnusableImage,
    crop_box,
    dominant_color,
    encode,
    open_master,
    placeholder,
    rendition_sizes,
    renditions,
    version_of,
)
from media.photos.delivered import FALLBACK_WIDTH, height_at
from tests import pictures
from tests.pictures import BLUE, GREEN, GREY, RED, chunk, corners, is_near, saved, scene

XMP = b'<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta/>' + b" " * 2048 + b'<?xpacket end="w"?>'
fractions = st.floats(0, 1, allow_nan=False)


# --- geometry ---------------------------------------------------------------------------------------------------------


@given(st.integers(1, 20_000), st.integers(1, 20_000), st.sampled_from(list(CROPS.values())), fractions, fractions)
def test_crop_box_stays_inside_the_picture_and_touches_two_of_its_sides(width, height, crop, x, y):
    left, top, right, bottom = crop_box(width, height, crop.ratio, (x, y))
    assert 0 <= left < right <= width
    assert 0 <= top < bottom <= height
    assert right - left == width or bottom - top == height


@given(st.integers(200, 9_000), st.integers(200, 9_000), st.sampled_from(list(CROPS.values())), fractions, fractions)
def test_crop_box_has_its_ratio_and_holds_the_focal_point(width, height, crop, x, y):
    left, top, right, bottom = crop_box(width, height, crop.ratio, (x, y))
    assert left - 1 <= x * width <= right + 1
    assert top - 1 <= y * height <= bottom + 1
    if crop.ratio:
        across, down = crop.ratio
        assert abs((bottom - top) - (right - left) * down / across) <= max(1, down / across)


def test_crop_box_centres_on_the_focal_point_where_there_is_room():
    assert crop_box(4000, 3000, (1, 1), (0.5, 0.5)) == (500, 0, 3500, 3000)
    assert crop_box(4000, 3000, (1, 1), (0.4, 0.9)) == (100, 0, 3100, 3000)
    assert crop_box(4000, 3000, (1, 1), (0, 0)) == (0, 0, 3000, 3000)
    assert crop_box(4000, 3000, (16, 9), (0.5, 1)) == (0, 750, 4000, 3000)
    assert crop_box(4000, 3000, None, (0.1, 0.1)) == (0, 0, 4000, 3000)


@given(st.integers(1, 20_000), st.integers(1, 20_000), st.integers(1, 20_000))
def test_a_height_that_follows_from_that_of_another_size_is_the_files(width, height, most):
    sizes = dict(rendition_sizes(width, height, "full"))
    said = max((each for each in sizes if each <= min(most, FALLBACK_WIDTH)), default=min(sizes))
    image = {"width": said, "height": sizes[said]}
    assert height_at(image, said) == sizes[said]
    assert all(height_at(image, each) in (None, sizes[each]) for each in sizes)


@given(st.integers(1, 20_000), st.integers(1, 20_000), st.sampled_from(list(CROPS.values())))
def test_nothing_is_ever_enlarged(width, height, crop):
    left, top, right, bottom = crop_box(width, height, crop.ratio, (0.5, 0.5))
    sizes = rendition_sizes(width, height, crop)
    assert sizes
    assert all(1 <= each_width <= right - left for each_width, _ in sizes)
    assert all(1 <= each_height <= max(bottom - top, 1) + 1 for _, each_height in sizes)


def test_widths_are_those_that_fit_or_the_pictures_own():
    assert [width for width, _ in rendition_sizes(4000, 3000, CROPS["full"])] == list(WIDTHS)
    assert rendition_sizes(1000, 500, CROPS["full"]) == [(320, 160), (640, 320), (960, 480)]
    assert rendition_sizes(300, 200, CROPS["full"]) == [(300, 200)]
    assert rendition_sizes(300, 200, "ratio_1_1") == [(200, 200)]
    assert rendition_sizes(640, 640, "ratio_16_9") == [(320, 180), (640, 360)]


def test_social_crop_is_1200_by_630_exactly_when_the_picture_is_big_enough():
    assert (1200, 630) in rendition_sizes(1200, 630, "ratio_191_100")
    assert (1200, 630) in rendition_sizes(3000, 4000, "ratio_191_100")
    assert (1200, 630) not in rendition_sizes(1199, 4000, "ratio_191_100")
    assert (1200, 630) not in rendition_sizes(4000, 629, "ratio_191_100")


# --- what comes out ---------------------------------------------------------------------------------------------------


def test_every_crop_width_and_format_is_made_at_its_size():
    data = saved(scene(700, 500), "jpeg")
    made = {(each.crop, each.width, each.height, each.format): each.data for each in renditions(data, formats=FORMATS)}
    expected = {
        (name, *size, format) for name in CROPS for size in rendition_sizes(700, 500, name) for format in FORMATS
    }
    assert set(made) == expected
    for (_, width, height, format), content in made.items():
        with Image.open(io.BytesIO(content)) as image:
            assert (image.size, image.get_format_mimetype()) == ((width, height), CONTENT_TYPES[format])


def test_crop_follows_the_focal_point():
    data = saved(scene(700, 500), "png")
    left, right = (next(renditions(data, (x, 0.0), ["ratio_9_16"], formats=["jpg"])) for x in (0.0, 1.0))
    assert is_near(corners(open_master(left.data))[0], RED)
    assert is_near(corners(open_master(right.data))[0], GREEN)


def test_two_jpegs_can_be_asked_for_by_width_and_a_small_picture_gives_its_largest():
    def sizes(width, height):
        made = renditions(saved(scene(width, height), "jpeg"), (0.5, 0.5), ["full"], (640, 1280), ["jpg"])
        return [(each.width, each.height) for each in made]

    assert sizes(2000, 1000) == [(1280, 640), (640, 320)]
    assert sizes(500, 250) == [(320, 160)]
    assert sizes(200, 100) == [(200, 100)]


def test_rendition_shows_the_same_picture_at_every_width():
    for each in renditions(saved(scene(2000, 1400), "jpeg"), crops=["full"]):
        found = corners(open_master(each.data))
        assert all(is_near(*pair) for pair in zip(found, (RED, GREEN, BLUE, GREY), strict=True)), each.width


@pytest.mark.parametrize("format", FORMATS)
def test_rendition_carries_the_credit_and_nothing_else_the_file_said(format):
    exif = Image.Exif()
    exif[0x010F], exif[0xA431] = "Maker", "SERIAL-12345"
    exif.get_ifd(0x8825).update({1: "N", 2: (52.0, 31.0, 12.0)})
    comment = b"SECRET"
    data = saved(scene(400, 300), "jpeg", exif=exif.tobytes(), comment=comment, icc_profile=DISPLAY_P3, xmp=b"<old/>")
    (made,) = renditions(data, crops=["full"], formats=[format], xmp=XMP)
    with Image.open(io.BytesIO(made.data)) as image:
        image.load()
        assert image.info["xmp"] == XMP
        assert not image.getexif()
        assert "icc_profile" not in image.info
    assert made.data.count(XMP) == 1  # In one piece, so that a corrected credit can be written over it.
    assert not [secret for secret in (b"Exif\0\0", b"SERIAL", b"SECRET", b"<old/>", b"P3") if secret in made.data]


def test_jpeg_renditions_are_progressive():
    with Image.open(io.BytesIO(encode(scene(), "jpg"))) as image:
        assert image.info["progressive"]


def test_a_file_that_is_no_picture_makes_no_rendition():
    with pytest.raises(UnusableImage):
        list(renditions(b"<svg/>"))
    with pytest.raises(UnusableImage):
        open_master(saved(scene(), "png")[:-30])


# --- orientation ------------------------------------------------------------------------------------------------------

STORED = {
    1: lambda image: image,
    2: lambda image: image.transpose(Image.Transpose.FLIP_LEFT_RIGHT),
    3: lambda image: image.transpose(Image.Transpose.ROTATE_180),
    4: lambda image: image.transpose(Image.Transpose.FLIP_TOP_BOTTOM),
    5: lambda image: image.transpose(Image.Transpose.TRANSPOSE),
    6: lambda image: image.transpose(Image.Transpose.ROTATE_90),
    7: lambda image: image.transpose(Image.Transpose.TRANSVERSE),
    8: lambda image: image.transpose(Image.Transpose.ROTATE_270),
}


@pytest.mark.parametrize("format", pictures.FORMATS)
@pytest.mark.parametrize("orientation", STORED)
def test_picture_stands_upright_whatever_way_the_camera_was_held(format, orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    data = saved(STORED[orientation](scene(240, 160)), format, exif=exif.tobytes())
    for longest in (None, 60):
        master = open_master(data, longest=longest)
        assert master.size == ((240, 160) if longest is None else (60, 40))
        assert all(is_near(*pair) for pair in zip(corners(master), (RED, GREEN, BLUE, GREY), strict=True))


# --- colour -----------------------------------------------------------------------------------------------------------

P3_TO_SRGB = ((1.22494, -0.22494, 0), (-0.04206, 1.04206, 0), (-0.01964, -0.07864, 1.09828))
ADOBE_TO_SRGB = ((1.39836, -0.39836, 0), (0, 1, 0), (0, -0.04293, 1.04293))
D50_XYZ_TO_SRGB = ((3.13386, -1.61687, -0.49062), (-0.97877, 1.91615, 0.03345), (0.07195, -0.22899, 1.40525))
COLOURS = [(180, 90, 60), (90, 150, 100), (70, 80, 140), (128, 128, 128), (255, 255, 255), (0, 0, 0)]


def to_light(value):
    value /= 255
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def to_number(light):
    light = min(max(light, 0), 1)
    return round(255 * (12.92 * light if light <= 0.0031308 else 1.055 * light ** (1 / 2.4) - 0.055))


def through(matrix, light):
    return tuple(to_number(sum(factor * value for factor, value in zip(row, light, strict=True))) for row in matrix)


@pytest.mark.parametrize("format", pictures.FORMATS)
@pytest.mark.parametrize("colour", COLOURS)
def test_display_p3_comes_out_right(format, colour):
    data = saved(Image.new("RGB", (64, 64), colour), format, icc_profile=DISPLAY_P3)
    expected = through(P3_TO_SRGB, [to_light(value) for value in colour])
    assert is_near(open_master(data).getpixel((32, 32)), expected, within=3)


@pytest.mark.parametrize("colour", COLOURS)
def test_adobe_rgb_comes_out_right(colour):
    data = saved(Image.new("RGB", (64, 64), colour), "png", icc_profile=ADOBE_RGB)
    expected = through(ADOBE_TO_SRGB, [(value / 255) ** 2.19921875 for value in colour])
    assert is_near(open_master(data).getpixel((32, 32)), expected, within=2)


def test_camera_that_says_adobe_rgb_in_its_exif_only_is_believed():
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0xA005] = {1: "R03\0", 2: b"0100"}
    plain, tagged = (
        open_master(saved(Image.new("RGB", (64, 64), (90, 150, 100)), "jpeg", **options)).getpixel((32, 32))
        for options in ({}, {"exif": exif.tobytes()})
    )
    assert is_near(plain, (90, 150, 100), within=2)
    assert is_near(tagged, through(ADOBE_TO_SRGB, [(value / 255) ** 2.19921875 for value in (90, 150, 100)]), within=3)


def test_png_and_avif_that_name_display_p3_by_its_number_come_out_right():
    picture = Image.new("RGB", (64, 64), (180, 90, 60))
    png, avif = saved(picture, "png"), saved(picture, "avif")
    numbered = png[:33] + chunk(b"cICP", bytes([12, 13, 0, 1])) + png[33:]
    at = avif.find(b"colrnclx") + 8
    renumbered = avif[:at] + struct.pack(">H", 12) + avif[at + 2 :]
    expected = through(P3_TO_SRGB, [to_light(value) for value in (180, 90, 60)])
    for data in (numbered, renumbered):
        assert is_near(open_master(data).getpixel((32, 32)), expected, within=3)


def test_srgb_numbers_are_left_as_they_are():
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for options in ({}, {"icc_profile": srgb}, {"icc_profile": b"broken" * 40}):
        assert is_near(corners(open_master(saved(scene(), "png", **options)))[0], RED, within=1)


def test_profile_of_another_kind_of_picture_is_ignored():
    data = saved(Image.new("RGB", (64, 64), RED), "png", icc_profile=cmyk_profile())
    assert open_master(data).getpixel((32, 32)) == RED
    grey = saved(Image.new("L", (64, 64), 128), "png", icc_profile=DISPLAY_P3)
    assert is_near(open_master(grey).getpixel((32, 32)), GREY, within=1)


def cmyk_profile():
    """A press whose cyan is Lab 60, -20, -30, magenta 50, 50, 0 and yellow 85, 0, 60, and whose black is black."""
    inks = {0b1000: (60, -20, -30), 0b0100: (50, 50, 0), 0b0010: (85, 0, 60), 0: (100, 0, 0)}

    def lab(node):
        lightness, a, b = inks.get(node, (0, 0, 0) if node & 1 else (30, 0, 0))
        return bytes([round(lightness * 2.55), a + 128, b + 128])

    ramp = bytes(range(256))
    table = b"mft1\0\0\0\0\x04\x03\x02\0" + b"".join(struct.pack(">i", 65536 * (at % 4 == 0)) for at in range(9))
    table += ramp * 4 + b"".join(lab(node) for node in range(16)) + ramp * 3
    white = b"XYZ \0\0\0\0" + struct.pack(">iii", 63190, 65536, 54061)
    text = b"desc\0\0\0\0" + struct.pack(">I", 6) + b"Press\0" + bytes(78)
    tags, at = [], 132 + 12 * 3
    for name, content in ((b"A2B0", table), (b"wtpt", white), (b"desc", text)):
        content += bytes(-len(content) % 4)
        tags.append((struct.pack(">4sII", name, at, len(content)), content))
        at += len(content)
    head = struct.pack(">I4xI4s4s4s12x4s", at, 0x02400000, b"prtr", b"CMYK", b"Lab ", b"acsp") + bytes(28)
    head += struct.pack(">iii", 63190, 65536, 54061)
    return (
        head.ljust(128, b"\0") + struct.pack(">I", 3) + b"".join(tag for tag, _ in tags) + b"".join(c for _, c in tags)
    )


def lab_as_srgb(lightness, a, b):
    y = (lightness + 16) / 116
    xyz = [
        white * (part**3 if part > 6 / 29 else 3 * (6 / 29) ** 2 * (part - 4 / 29))
        for part, white in zip((y + a / 500, y, y - b / 200), (0.9642, 1.0, 0.8249), strict=True)
    ]
    return through(D50_XYZ_TO_SRGB, xyz)


@pytest.mark.parametrize("format", ["jpeg", "tiff"])
@pytest.mark.parametrize(
    ("inks", "lab"),
    [
        ((255, 0, 0, 0), (60, -20, -30)),
        ((0, 255, 0, 0), (50, 50, 0)),
        ((0, 0, 255, 0), (85, 0, 60)),
        ((0, 0, 0, 0), (100, 0, 0)),
        ((0, 0, 0, 255), (0, 0, 0)),
    ],
)
def test_cmyk_comes_out_as_its_press_prints_it(format, inks, lab):
    data = saved(Image.new("CMYK", (64, 64), inks), format, icc_profile=cmyk_profile())
    assert is_near(open_master(data).getpixel((32, 32)), lab_as_srgb(*lab), within=5)


# What programs for print make of these inks on coated paper (FOGRA39).
@pytest.mark.parametrize("format", ["jpeg", "tiff"])
@pytest.mark.parametrize(
    ("inks", "srgb"),
    [
        ((255, 0, 0, 0), (0, 159, 227)),
        ((0, 255, 0, 0), (230, 0, 126)),
        ((0, 0, 255, 0), (255, 237, 0)),
        ((0, 255, 255, 0), (227, 6, 19)),
        ((255, 0, 255, 0), (0, 150, 64)),
        ((255, 255, 0, 0), (49, 39, 131)),
        ((0, 0, 0, 0), (255, 255, 255)),
        ((0, 0, 0, 128), (157, 157, 156)),
        ((128, 102, 102, 0), (143, 141, 136)),
        ((255, 255, 255, 255), (0, 0, 0)),
    ],
)
@pytest.mark.parametrize("profile", [b"", b"no profile at all"])
def test_cmyk_that_names_no_press_looks_as_on_coated_paper(format, inks, srgb, profile):
    data = saved(Image.new("CMYK", (64, 64), inks), format, icc_profile=profile or None)
    assert is_near(open_master(data).getpixel((32, 32)), srgb, within=10)


def test_lab_tiff_comes_out_right():
    data = saved(Image.new("LAB", (64, 64), (153, 148, 158)), "tiff")
    assert is_near(open_master(data).getpixel((32, 32)), lab_as_srgb(60, 20, 30), within=3)


def test_sixteen_bit_pictures_keep_their_tones():
    grey = Image.frombytes("I;16", (64, 64), struct.pack("<H", 0x8080) * 64 * 64)
    for format in ("png", "tiff"):
        assert open_master(saved(grey, format)).getpixel((32, 32)) == (128, 128, 128)
    rows = (b"\0" + struct.pack(">HHH", 0xC8C8, 0x2828, 0x2828) * 64) * 64
    header = struct.pack(">IIBBBBB", 64, 64, 16, 2, 0, 0, 0)
    deep = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    assert is_near(open_master(deep).getpixel((32, 32)), RED, within=1)


@pytest.mark.parametrize(
    ("mode", "format"), [("RGBA", "png"), ("RGBA", "webp"), ("RGBA", "tiff"), ("LA", "png"), ("P", "png")]
)
def test_transparent_pictures_stand_on_white(mode, format):
    picture = Image.new("RGBA", (64, 64), (0, 0, 0, 0))
    picture.paste((128, 128, 128, 255), (0, 0, 32, 64))
    master = open_master(saved(picture.convert(mode), format))
    assert is_near(master.getpixel((16, 32)), GREY, within=3)
    assert is_near(master.getpixel((48, 32)), (255, 255, 255), within=1)


# --- redactions -------------------------------------------------------------------------------------------------------


def striped(width=800, height=600):
    """Black and white stripes, whose every detail a leak would show."""
    row = Image.new("L", (width, 1))
    row.putdata([255 * (x // 4 % 2) for x in range(width)])
    return row.resize((width, height)).convert("RGB")


def contrast(image, box):
    low, high = image.convert("L").crop(box).getextrema()
    return high - low


def test_redacted_face_cannot_be_read_back_from_any_rendition():
    data = saved(striped(), "png")
    face = (0.25, 0.25, 0.5, 0.5)
    for each in renditions(data, crops=["full"], formats=FORMATS, redactions=[face]):
        image = open_master(each.data)
        inside = tuple(round(side * part) for side, part in zip(image.size * 2, (0.27, 0.27, 0.73, 0.73), strict=True))
        assert contrast(image, inside) < 60, (each.width, each.format)
        assert contrast(image, (0, 0, image.width // 5, image.height // 5)) > 60


def test_redactions_are_fractions_of_the_upright_picture():
    exif = Image.Exif()
    exif[0x0112] = 6
    data = saved(STORED[6](scene(240, 160)), "jpeg", exif=exif.tobytes())
    master = open_master(data, redactions=[(0.25, 0, 0.5, 0.5)])
    half_red_half_green = [(one + other) // 2 for one, other in zip(RED, GREEN, strict=True)]
    assert is_near(master.getpixel((114, 40)), half_red_half_green)
    assert is_near(master.getpixel((114, 120)), BLUE)
    assert is_near(master.getpixel((126, 120)), GREY)


def test_redaction_that_reaches_over_the_edge_or_is_empty_does_no_harm():
    data = saved(scene(), "png")
    assert open_master(data, redactions=[(0.9, 0.9, 5, 5), (2, 2, 1, 1), (0.5, 0.5, 0, 0)]).size == (120, 80)


# --- stand-ins --------------------------------------------------------------------------------------------------------


def test_placeholder_is_a_tiny_picture_of_the_picture():
    uri = placeholder(scene(1200, 800))
    kind, _, content = uri.partition(",")
    assert kind == "data:image/webp;base64"
    assert len(uri) < 400
    tiny = Image.open(io.BytesIO(base64.b64decode(content)))
    assert max(tiny.size) <= 20
    assert all(
        is_near(*pair, within=60) for pair in zip(corners(tiny.convert("RGB")), (RED, GREEN, BLUE, GREY), strict=True)
    )


def test_dominant_color_is_what_most_of_the_picture_has():
    image = scene()
    image.paste(RED, (0, 0, 120, 60))
    assert is_near(bytes.fromhex(dominant_color(image)[1:]), RED)


def test_version_changes_with_pixels_focal_point_and_redactions_only():
    first = version_of("a" * 64, (0.5, 0.5), [])
    assert first == version_of("a" * 64, (0.5, 0.50000001), ())
    others = {
        version_of("b" * 64, (0.5, 0.5), []),
        version_of("a" * 64, (0.5, 0.51), []),
        version_of("a" * 64, (0.5, 0.5), [[0.1, 0.1, 0.2, 0.2]]),
    }
    assert len({first, *others}) == 4
    assert len(first) == 12
    assert int(first, 16) >= 0
