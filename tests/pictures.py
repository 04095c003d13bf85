"""Pictures made for tests: a scene whose corners tell how it was turned, in every format, and files that lie."""

import io
import random
import struct
import zlib

from PIL import Image

RED, GREEN, BLUE, GREY = (200, 40, 40), (40, 160, 60), (50, 70, 190), (128, 128, 128)
FORMATS = ("jpeg", "png", "webp", "avif", "tiff")


def scene(width=120, height=80):
    """Red top left, green top right, blue bottom left, grey bottom right."""
    image = Image.new("RGB", (width, height), GREY)
    image.paste(RED, (0, 0, width // 2, height // 2))
    image.paste(GREEN, (width // 2, 0, width, height // 2))
    image.paste(BLUE, (0, height // 2, width // 2, height))
    return image


def corners(image):
    """The colours in the middle of the four quarters, in the order of `scene`."""
    across, down = image.width // 4, image.height // 4
    places = ((across, down), (3 * across, down), (across, 3 * down), (3 * across, 3 * down))
    return [image.getpixel(place) for place in places]


def is_near(colour, expected, within=6):
    return all(abs(one - other) <= within for one, other in zip(colour, expected, strict=True))


def saved(image, format, **options):
    buffer = io.BytesIO()
    image.save(
        buffer, format=format.upper(), **({"quality": 92} if format in ("jpeg", "webp", "avif") else {}) | options
    )
    return buffer.getvalue()


def chunk(name, content):
    """One PNG chunk."""
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def claiming(data, format, width, height):
    """The same file, saying that it has another size."""
    return {
        "jpeg": _jpeg_claiming,
        "png": _png_claiming,
        "webp": _webp_claiming,
        "avif": _avif_claiming,
        "tiff": _tiff_claiming,
    }[format](data, width, height)


def _jpeg_claiming(data, width, height):
    at = next(at for at in (data.find(b"\xff\xc0"), data.find(b"\xff\xc2")) if at > 0)
    return data[: at + 5] + struct.pack(">HH", height, width) + data[at + 9 :]


def _png_claiming(data, width, height):
    return data[:8] + chunk(b"IHDR", struct.pack(">II", width, height) + data[24:29]) + data[33:]


def _webp_claiming(data, width, height):
    """An extended header in front of the real picture, as lying files have it."""
    sides = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    body = b"VP8X" + struct.pack("<I", 10) + bytes(4) + sides + data[12:]
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def _avif_claiming(data, width, height):
    at = data.find(b"ispe") + 8
    return data[:at] + struct.pack(">II", width, height) + data[at + 8 :]


def _tiff_claiming(data, width, height):
    order = "<" if data.startswith(b"II") else ">"
    (offset,) = struct.unpack_from(order + "I", data, 4)
    (count,) = struct.unpack_from(order + "H", data, offset)
    lying = bytearray(data)
    for at in range(offset + 2, offset + 2 + 12 * count, 12):
        (tag,) = struct.unpack_from(order + "H", data, at)
        if tag in (256, 257):
            struct.pack_into(order + "HHII", lying, at, tag, 4, 1, width if tag == 256 else height)
    return bytes(lying)


def scenery(seed, width=600, height=400):
    """A picture with a face of its own: clouds of color and a few boxes, other ones for every seed."""
    chance = random.Random(seed)
    clouds = Image.frombytes("RGB", (7, 5), chance.randbytes(105)).resize((width, height), Image.Resampling.BICUBIC)
    for _ in range(6):
        left, top = chance.randrange(width), chance.randrange(height)
        box = (left, top, left + chance.randrange(20, width // 3), top + chance.randrange(20, height // 3))
        clouds.paste(tuple(chance.randbytes(3)), box)
    return clouds


def copied(image, seed, *, trim=0.05):
    """A copy as others pass pictures on: trimmed, resized, encoded anew, without labels."""
    chance = random.Random(seed)
    cut = [chance.uniform(0, trim) for _ in range(4)]
    box = (
        cut[0] * image.width, cut[1] * image.height, (1 - cut[2]) * image.width, (1 - cut[3]) * image.height,
    )  # fmt: skip
    scale = chance.uniform(0.3, 1.2)
    small = image.resize((round(image.width * scale), round(image.height * scale)), box=box)
    return saved(small, chance.choice(["jpeg", "webp", "png"]))
