"""Makes what readers see of a picture: sized, cropped around the focal point, sRGB, with only the credit inside."""

import base64
import hashlib
import io
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from PIL import Image

from .colour import on_white, profile_of, to_srgb
from .containers import read_container
from .inspection import Inspected, Limits, checked, inspect, opened, orientation_of, upright_size
from .unusable import UnusableImage

__all__ = [
    "CONTENT_TYPES", "CROPS", "FORMATS", "WIDTHS", "Crop", "Inspected", "Limits", "Opened", "Rendered", "UnusableImage",
    "crop_box", "dominant_color", "encode", "inspect", "open_master", "placeholder", "rendition_sizes", "renditions",
    "small", "take_in", "version_of",
]  # fmt: skip

Focal = tuple[float, float]
Rectangle = tuple[float, float, float, float]
Boxes = Mapping[str, Rectangle]
"""By the name of a crop, the rectangle that a person set for it, as (x, y, width, height) in fractions of the picture."""

MIDDLE: Final = (0.5, 0.5)
UPPER_THIRD: Final = (0.5, 0.33)

WIDTHS: Final = (320, 640, 960, 1280, 1920)
FORMATS: Final = ("jpg", "webp", "avif")
CONTENT_TYPES: Final = {"jpg": "image/jpeg", "webp": "image/webp", "avif": "image/avif"}


@dataclass(frozen=True)
class Crop:
    """A shape readers can ask for. `ratio` is width : height; None is the whole picture."""

    name: str
    ratio: tuple[int, int] | None
    widths: tuple[int, ...] = WIDTHS


CROPS: Final = {
    crop.name: crop
    for crop in (
        Crop("full", None),
        Crop("ratio_16_9", (16, 9)),
        Crop("ratio_4_3", (4, 3)),
        Crop("ratio_1_1", (1, 1)),
        Crop("ratio_3_4", (3, 4)),
        Crop("ratio_9_16", (9, 16)),
        # Networks say 1.91:1 and mean 1200 × 630, which is 40:21.
        Crop("ratio_191_100", (40, 21), (320, 640, 960, 1200, 1280, 1920)),
    )
}


@dataclass(frozen=True)
class Rendered:
    """One file for readers; `crop` is a name of CROPS, `format` one of FORMATS."""

    crop: str
    width: int
    height: int
    format: str
    data: bytes


# --- geometry ---------------------------------------------------------------------------------------------------------


def crop_box(width: int, height: int, ratio: tuple[int, int] | None, focal: Focal) -> tuple[int, int, int, int]:
    """Return (left, top, right, bottom) of the largest box of that ratio, as close to the focal point as possible.

    `focal` is (x, y) as fractions of width and height; (0, 0) is the top left corner.
    """
    box_width, box_height = _box_size(width, height, ratio)
    left = _clamp(round(focal[0] * width - box_width / 2), width - box_width)
    top = _clamp(round(focal[1] * height - box_height / 2), height - box_height)
    return left, top, left + box_width, top + box_height


def default_focal(width: int, height: int) -> Focal:
    """Return the focal point of a picture to which nobody gave one: heads are in the upper third of an upright one."""
    return UPPER_THIRD if height > width else MIDDLE


def least_width(width: int, height: int, crop: str) -> int:
    """Return how many pixels of the original a crop's rectangle must be wide, so that no size is enlarged."""
    return rendition_sizes(width, height, crop)[-1][0]


def is_of_shape(width: int, height: int, crop: str, rectangle: Rectangle) -> bool:
    """Return True if the rectangle has the crop's ratio, to within a pixel and a half of this picture."""
    across, down = CROPS[crop].ratio or (width, height)
    return abs(rectangle[2] * width * down / across - rectangle[3] * height) <= 1.5


def _box(width: int, height: int, crop: Crop, focal: Focal, boxes: Boxes) -> tuple[int, int, int, int]:
    if crop.name not in boxes:
        return crop_box(width, height, crop.ratio, focal)
    x, y, across, down = boxes[crop.name]
    box = round(x * width), round(y * height), round((x + across) * width), round((y + down) * height)
    return box[0], box[1], min(box[2], width), min(box[3], height)


def _box_size(width: int, height: int, ratio: tuple[int, int] | None) -> tuple[int, int]:
    if ratio is None:
        return width, height
    across, down = ratio
    return (
        min(width, max(1, round(height * across / down))),
        min(height, max(1, round(width * down / across))),
    )


def _clamp(value: int, most: int) -> int:
    return max(0, min(value, most))


def rendition_sizes(width: int, height: int, crop: Crop | str) -> list[tuple[int, int]]:
    """Return (width, height) of every rendition of a crop, smallest first; nothing is enlarged.

    A crop narrower than the smallest width is given at its own.
    """
    crop = CROPS[crop] if isinstance(crop, str) else crop
    box_width, box_height = _box_size(width, height, crop.ratio)
    across, down = crop.ratio or (box_width, box_height)
    fitting = [each for each in crop.widths if each <= box_width]
    if not fitting:
        return [(box_width, box_height)]
    return [(each, max(1, round(each * down / across))) for each in fitting]


# --- the master -------------------------------------------------------------------------------------------------------

_TURNS: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_MOSAIC: Final = 5
_LONGEST_SMALL: Final = 320


@dataclass(frozen=True)
class Opened:
    """A picture that was checked and decoded once: `master` is what the sizes of its whole are cut from."""

    inspected: Inspected
    master: Image.Image


def take_in(data: bytes, limits: Limits, redactions: Sequence[Rectangle] = ()) -> Opened:
    """Check a file and decode it, once. Raises UnusableImage."""
    with checked(data, limits) as (found, image, container):
        by = _reduction_of_whole(found.width, found.height)
        return Opened(found, _reduced(image, container.primaries, by, redactions))


def small(master: Image.Image) -> Image.Image:
    """Return the picture with at most 320 pixels a side, for what is said of it as a whole."""
    return master.resize(_capped(master.size, _LONGEST_SMALL), Image.Resampling.BOX)


def open_master(data: bytes, *, longest: int | None = None, redactions: Sequence[Rectangle] = ()) -> Image.Image:
    """Return the picture as people see it: upright, sRGB, on white, redacted, and without anything the file said.

    `longest` caps the longer side in pixels. `redactions` are (x, y, width, height) as fractions of the upright
    picture; each becomes a mosaic of averages too coarse to read back. Raises UnusableImage.
    """
    primaries = read_container(data).primaries
    with opened(data) as image:
        size = _capped(image.size, longest)
        return _master(image, primaries, size, size, redactions)


def _reduction(box_width: int, largest: int) -> int:
    """Return by how much (8, 4, 2 or 1) a picture is reduced before sizes up to this width are cut from a box of it.

    That depends on picture and crop alone, so that a file made alone has the bytes of one made with all others.
    """
    return next((each for each in (8, 4, 2) if box_width // each >= largest), 1)


def _reduction_of_whole(width: int, height: int) -> int:
    return _reduction(width, rendition_sizes(width, height, "full")[-1][0])


def _reduced(image: Image.Image, primaries: int, by: int, redactions: Sequence[Rectangle]) -> Image.Image:
    """Return the master of a picture that is this many times smaller, which costs a JPEG's decoder less than the whole."""
    width, height = image.size
    least = max(1, width // by), max(1, height // by)
    return _master(image, primaries, (-(-width // by), -(-height // by)), least, redactions)


def _master(
    image: Image.Image,
    primaries: int,
    size: tuple[int, int],
    least: tuple[int, int],
    redactions: Sequence[Rectangle],
) -> Image.Image:
    """Return the master of this size; a JPEG is decoded as small as its decoder can that has no less than `least`."""
    orientation, profile = orientation_of(image), profile_of(image, primaries)
    image.draft(None, least)
    image.load()
    flat = on_white(image)
    # Fewer pixels first: turning and color conversion then cost less time and memory.
    smaller = flat if flat.size == size else flat.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)
    master = to_srgb(smaller, profile)
    if orientation in _TURNS:
        master = master.transpose(_TURNS[orientation])
    for rectangle in redactions:
        _redact(master, rectangle)
    master.info = {}
    return master


def _capped(size: tuple[int, int], longest: int | None) -> tuple[int, int]:
    if longest is None or max(size) <= longest:
        return size
    scale = longest / max(size)
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def _redact(image: Image.Image, rectangle: Rectangle) -> None:
    x, y, width, height = rectangle
    box = (
        _clamp(math.floor(x * image.width), image.width),
        _clamp(math.floor(y * image.height), image.height),
        _clamp(math.ceil((x + width) * image.width), image.width),
        _clamp(math.ceil((y + height) * image.height), image.height),
    )
    size = box[2] - box[0], box[3] - box[1]
    if min(size) < 1:
        return
    tiles = max(1, min(_MOSAIC, min(size) // 8))
    averages = image.resize((tiles, tiles), Image.Resampling.BOX, box=box)
    image.paste(averages.resize(size, Image.Resampling.NEAREST), box)


# --- files ------------------------------------------------------------------------------------------------------------

_SETTINGS: Final[dict[str, dict[str, Any]]] = {
    "jpg": {"format": "JPEG", "quality": 80, "progressive": True, "comment": b""},
    "webp": {"format": "WEBP", "quality": 80, "method": 1},
    "avif": {"format": "AVIF", "quality": 60, "speed": 8},
}


def encode(image: Image.Image, format: str, *, xmp: bytes | None = None, quality: int | None = None) -> bytes:
    """Return an sRGB picture as bytes of one of FORMATS, with the XMP packet and nothing else besides pixels."""
    settings: dict[str, Any] = dict(_SETTINGS[format], icc_profile=None, exif=b"", xmp=xmp or b"")
    if quality is not None:
        settings["quality"] = quality
    buffer = io.BytesIO()
    image.save(buffer, **settings)
    return buffer.getvalue()


def renditions(
    data: bytes,
    focal: Focal = (0.5, 0.5),
    crops: Iterable[Crop | str] = tuple(CROPS),
    widths: Sequence[int] | None = None,
    formats: Sequence[str] = ("jpg", "webp"),
    *,
    xmp: bytes | None = None,
    redactions: Sequence[Rectangle] = (),
    taken_in: Opened | None = None,
    boxes: Boxes | None = None,
) -> Iterator[Rendered]:
    """Yield every rendition asked for, the bytes of each being the same whichever others are asked for with it.

    `widths` None is all of the crop's own; otherwise those of them that are listed, and where the picture is too small
    for any of these, its largest. `boxes` are the crops that a person set; the others lie around
    the focal point. `taken_in` spares decoding the whole once more. Raises UnusableImage.
    """
    original = (taken_in.inspected.width, taken_in.inspected.height) if taken_in else _size_of(data)
    for by, jobs in _jobs(*original, focal, crops, widths, boxes or {}).items():
        whole = taken_in.master if taken_in and by == _reduction_of_whole(*original) else None
        master = whole or _decoded(data, by, redactions)
        for (box, sizes), names in jobs.items():
            for size in sizes:
                picture = _cut(master, box, original, size)
                for format in formats:
                    encoded = encode(picture, format, xmp=xmp)
                    for name in names:
                        yield Rendered(name, *size, format, encoded)


_Box = tuple[int, int, int, int]
_Job = tuple[_Box, tuple[tuple[int, int], ...]]


def _size_of(data: bytes) -> tuple[int, int]:
    with opened(data) as image:
        return upright_size(image)


def _decoded(data: bytes, by: int, redactions: Sequence[Rectangle]) -> Image.Image:
    primaries = read_container(data).primaries
    with opened(data) as image:
        return _reduced(image, primaries, by, redactions)


def _jobs(
    width: int, height: int, focal: Focal, crops: Iterable[Crop | str], widths: Sequence[int] | None, boxes: Boxes
) -> dict[int, dict[_Job, list[str]]]:
    """Return crop names by (box, sizes) by the reduction they are cut from, the smallest master first.

    A 4:3 picture's whole and its 4:3 crop are the same files, made once.
    """
    jobs: dict[int, dict[_Job, list[str]]] = {}
    for each in crops:
        crop = CROPS[each] if isinstance(each, str) else each
        sizes = rendition_sizes(width, height, crop)[::-1]
        wanted = [size for size in sizes if widths is None or size[0] in widths] or sizes[:1]
        box = _box(width, height, crop, focal, boxes)
        of_master = jobs.setdefault(_reduction(box[2] - box[0], sizes[0][0]), {})
        of_master.setdefault((box, tuple(wanted)), []).append(crop.name)
    return dict(sorted(jobs.items(), reverse=True))


def _cut(master: Image.Image, box: _Box, original: tuple[int, int], size: tuple[int, int]) -> Image.Image:
    """Return a box of the original, given in its pixels, at a size."""
    across, down = master.width / original[0], master.height / original[1]
    right, bottom = min(box[2] * across, master.width), min(box[3] * down, master.height)
    place = (box[0] * across, box[1] * down, right, bottom)
    return master.resize(size, Image.Resampling.LANCZOS, box=place, reducing_gap=3.0)


# --- its placeholder --------------------------------------------------------------------------------------------------


def placeholder(image: Image.Image) -> str:
    """Return a blurred stand-in of at most 20 pixels a side, as a `data:` URI of some 100 to 300 characters."""
    tiny = image.convert("RGB").resize(_capped(image.size, 20), Image.Resampling.BOX)
    buffer = io.BytesIO()
    tiny.save(buffer, format="WEBP", quality=30, method=6)
    return "data:image/webp;base64," + base64.b64encode(buffer.getvalue()).decode("ascii")


def dominant_color(image: Image.Image) -> str:
    """Return the color most of the picture has, as '#rrggbb'."""
    small = image.convert("RGB").resize((48, 48), Image.Resampling.BOX).quantize(6)
    counts = small.histogram()
    index = 3 * counts.index(max(counts))
    return "#" + bytes((small.getpalette() or [])[index : index + 3]).hex()


def version_of(sha256: str, focal: Focal, redactions: Sequence[Rectangle] = (), boxes: Boxes | None = None) -> str:
    """Return twelve hexadecimal digits that change only with the file, the focal point, a redaction or a crop."""
    numbers = [f"{number:.4f}" for group in (focal, *sorted(redactions)) for number in group]
    set_ones = [f"{name} {' '.join(f'{each:.5f}' for each in box)}" for name, box in sorted((boxes or {}).items())]
    return hashlib.sha256(" ".join([sha256, *numbers, *set_ones]).encode()).hexdigest()[:12]
