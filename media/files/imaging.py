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
from .inspection import Inspected, Limits, inspect, opened, orientation_of, upright_size
from .unusable import UnusableImage

__all__ = [
    "CONTENT_TYPES", "CROPS", "FORMATS", "WIDTHS", "Crop", "Inspected", "Limits", "Rendered", "UnusableImage",
    "crop_box", "dominant_color", "encode", "inspect", "open_master", "placeholder", "rendition_sizes", "renditions",
    "version_of",
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
_WORTH_REDUCING: Final = 0.75


def open_master(data: bytes, *, longest: int | None = None, redactions: Sequence[Rectangle] = ()) -> Image.Image:
    """Return the picture as people see it: upright, sRGB, on white, redacted, and without anything the file said.

    `longest` caps the longer side in pixels. `redactions` are (x, y, width, height) as fractions of the upright
    picture; each becomes a mosaic of averages too coarse to read back. Raises UnusableImage.
    """
    primaries = read_container(data).primaries
    with opened(data) as image:
        return _master(image, primaries, longest, redactions)


def _master(image: Image.Image, primaries: int, longest: int | None, redactions: Sequence[Rectangle]) -> Image.Image:
    orientation, profile = orientation_of(image), profile_of(image, primaries)
    size = _capped(image.size, longest)
    image.draft(None, size)
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
    boxes: Boxes | None = None,
) -> Iterator[Rendered]:
    """Yield every rendition asked for, from one decoding; per crop the largest first. Raises UnusableImage.

    `widths` None is all of the crop's own; otherwise those of them that are listed, and where the picture is too small
    for any of these, its largest. `boxes` are the crops that a person set; the others lie around the focal point.
    """
    master, original, jobs = _master_for(data, focal, crops, widths, redactions, boxes or {})
    for (box, sizes), names in jobs.items():
        for size, picture in _sized(master, box, original, sizes):
            for format in formats:
                encoded = encode(picture, format, xmp=xmp)
                for name in names:
                    yield Rendered(name, *size, format, encoded)


_Job = tuple[tuple[int, int, int, int], tuple[tuple[int, int], ...]]


def _master_for(
    data: bytes,
    focal: Focal,
    crops: Iterable[Crop | str],
    widths: Sequence[int] | None,
    redactions: Sequence[Rectangle],
    boxes: Boxes,
) -> tuple[Image.Image, tuple[int, int], dict[_Job, list[str]]]:
    """Return a master no larger than the jobs need, the original's size, the jobs. The decoded file is freed."""
    primaries = read_container(data).primaries
    with opened(data) as image:
        width, height = upright_size(image)
        jobs = _jobs(width, height, focal, crops, widths, boxes)
        scale = max((sizes[0][0] / (box[2] - box[0]) for box, sizes in jobs), default=0)
        # Making it a little smaller would hold three pictures of its size in memory, to save less than it costs.
        longest = math.ceil(max(width, height) * scale) + 1 if scale < _WORTH_REDUCING else None
        return _master(image, primaries, longest, redactions), (width, height), jobs


def _jobs(
    width: int, height: int, focal: Focal, crops: Iterable[Crop | str], widths: Sequence[int] | None, boxes: Boxes
) -> dict[_Job, list[str]]:
    """Return crop names by (box, sizes): a 4:3 picture's whole and its 4:3 crop are the same files, made once."""
    jobs: dict[_Job, list[str]] = {}
    for each in crops:
        crop = CROPS[each] if isinstance(each, str) else each
        sizes = rendition_sizes(width, height, crop)[::-1]
        wanted = [size for size in sizes if widths is None or size[0] in widths] or sizes[:1]
        jobs.setdefault((_box(width, height, crop, focal, boxes), tuple(wanted)), []).append(crop.name)
    return jobs


def _sized(
    master: Image.Image,
    box: tuple[float, float, float, float],
    original: tuple[int, int],
    sizes: Sequence[tuple[int, int]],
) -> Iterator[tuple[tuple[int, int], Image.Image]]:
    """Yield the box of the original at each size: the first cut from the master, each other from the one before."""
    across, down = master.width / original[0], master.height / original[1]
    right, bottom = min(box[2] * across, master.width), min(box[3] * down, master.height)
    box = (box[0] * across, box[1] * down, right, bottom)
    for size in sizes:
        master = master.resize(size, Image.Resampling.LANCZOS, box=box)
        box = (0, 0, *size)
        yield size, master


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
