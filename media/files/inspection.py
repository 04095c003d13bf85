"""Checks an uploaded picture by its content, never by its name, before anything of it is stored."""

import hashlib
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

import pi_heif
from PIL import ExifTags, Image

from .containers import Container, format_of, read_container
from .unusable import DAMAGED, UnusableImage

__all__ = [
    "Inspected", "Limits", "UnusableImage", "checked", "exif_of", "inspect", "opened", "orientation_of", "upright_size",
]  # fmt: skip


@dataclass(frozen=True)
class Limits:
    """What the newsroom takes: bytes of a file, pixels of a picture, pixels of its longer and shorter side."""

    max_bytes: int = 60_000_000
    max_pixels: int = 80_000_000
    max_side: int = 20_000
    min_side: int = 16


@dataclass(frozen=True)
class Inspected:
    """A picture that is whole and decodes. Width and height are as people see it, after EXIF orientation.

    `byte_size` is the offset after the picture: what follows is not to be kept, and `left_out` says what it was.
    `sha256` is the digest of what is kept, `received_sha256` of the file with what followed.
    """

    format: str
    width: int
    height: int
    byte_size: int
    sha256: str
    animated: bool
    mode: str
    received_sha256: str = ""
    left_out: str = ""


_PILLOW_FORMAT: Final = {"jpeg": "JPEG", "png": "PNG", "webp": "WEBP", "avif": "AVIF", "heic": "HEIF", "tiff": "TIFF"}
_PLAIN_MODES: Final = ("1", "L", "LA", "P", "PA", "RGB", "RGBA", "RGBX", "CMYK", "YCbCr", "LAB")
_DEEP_MODES: Final = ("I;16", "I;16B", "I;16L")
_SIDEWAYS: Final = (5, 6, 7, 8)
_HDR: Final = (16, 18)

pi_heif.register_heif_opener(thumbnails=False, depth_images=False, aux_images=False, decode_threads=2)


def inspect(data: bytes, limits: Limits = Limits()) -> Inspected:
    """Reads the frame, checks it against `limits`, then decodes once. Raises UnusableImage, and nothing else."""
    with checked(data, limits) as (found, image, _):
        # A draft reads every byte of a JPEG and finds the same damage, in a sixtieth of the memory.
        image.draft(None, (max(1, image.width // 8), max(1, image.height // 8)))
        image.load()
        return found


@contextmanager
def checked(data: bytes, limits: Limits = Limits()) -> Iterator[tuple[Inspected, Image.Image, Container]]:
    """Yield what a file's frame says, checked against `limits`, and the picture, which the block is to decode.

    Damage among the pixels is found then, and raised as UnusableImage like everything else.
    """
    _check_bytes(len(data), limits)
    container = read_container(data)
    _check_pixels(container, limits)
    tail = _tail(data, container)
    with opened(data) as image:
        _check_header(image, container)
        width, height = upright_size(image)
        kept = container.end if tail else len(data)
        digest = hashlib.sha256(memoryview(data)[:kept]).hexdigest()
        received = hashlib.sha256(data).hexdigest() if tail else digest
        left_out = _said_of(tail) if tail else ""
        found = Inspected(container.format, width, height, kept, digest, False, image.mode, received, left_out)
        yield found, image, container


def _check_bytes(size: int, limits: Limits) -> None:
    if not size:
        raise UnusableImage("The file is empty. Send it again.")
    if size > limits.max_bytes:
        raise UnusableImage(
            f"The file is {size / 1e6:.1f} MB and the limit is {limits.max_bytes / 1e6:.0f} MB; save it at a smaller size."
        )


def _check_pixels(container: Container, limits: Limits) -> None:
    width, height = container.width, container.height
    if max(width, height) > limits.max_side or width * height > limits.max_pixels:
        raise UnusableImage(
            f"The picture says it is {width} × {height} pixels and the limit is "
            f"{limits.max_pixels / 1e6:.0f} megapixels, {limits.max_side} a side; save it at a smaller size."
        )
    if min(width, height) < limits.min_side:
        raise UnusableImage(
            f"The picture is {width} × {height} pixels; each side must have at least {limits.min_side}."
        )
    # Each scan of a progressive JPEG paints the whole picture again, so thousands of them are a bomb.
    if container.scans > 10 and container.scans * width * height > 1_500_000_000:
        raise UnusableImage("The JPEG has too many progressive scans. Save it again as a standard JPEG.")
    # Tiles reach over the edges of a picture, and transparency is a picture of its own; more is a bomb.
    if container.painted > 4 * max(width * height, 1_000_000):
        raise UnusableImage("The picture is put together from far too many parts. Save it again as a JPEG.")


# --- what else is in the file ---------------------------------------------------------------------------------------

# Some cameras and transfers leave a stray line end.
_STRAY_BYTES: Final = 8
_PADDING: Final = b"\0\r\n\xff"
_FOREIGN_START: Final = re.compile(rb"%PDF-|<svg|<html|<!doctype|<script|<\?php|%!PS", re.IGNORECASE)
_FOREIGN_INSIDE: Final = (b"<?php", b"<script", b"<SCRIPT", b"<html", b"<HTML")
_FOREIGN_TAIL: Final = re.compile(rb"PK\x03\x04|PK\x05\x06|%PDF-|<svg|<html|<script|<\?|MZ|\x7fELF", re.IGNORECASE)
_TAILS: Final = (
    (re.compile(rb"ftyp(mp4|iso|qt|3gp|avc|M4V|dash)"), "a film, as motion photos have"),
    (re.compile(rb"\A\xff?\xd8\xff"), "another picture, such as a preview or an HDR gain map"),
    (re.compile(rb""), "data of a camera or a program"),
)


def _tail(data: bytes, container: Container) -> bytes:
    """Return what follows the picture, without padding. Raises UnusableImage where a file is something else, too."""
    if _is_also_something_else(data):
        raise UnusableImage("The file is a picture and something else at once. Save the picture again on its own.")
    tail = data[container.end :].strip(_PADDING)
    if len(tail) > _STRAY_BYTES and (_is_text(tail) or _FOREIGN_TAIL.match(tail)):
        raise UnusableImage(f"{len(tail)} bytes follow the end of the picture. Save the picture again on its own.")
    return tail if len(tail) > _STRAY_BYTES else b""


def _is_also_something_else(data: bytes) -> bool:
    return (
        _FOREIGN_START.search(data, 0, 1024) is not None
        or data.startswith(b"\xff\xd8\xff\xe0/*")  # A JPEG that a browser would also run as a script.
        or any(sign in data for sign in _FOREIGN_INSIDE)
        or _is_zip(data)
    )


def _is_zip(data: bytes) -> bool:
    """Return True for an archive: they are read from the end, so a directory in the last 64 KiB makes any file one."""
    return data.rfind(b"PK\x05\x06", max(0, len(data) - 65_557)) >= 0 and b"PK\x01\x02" in data


def _is_text(tail: bytes) -> bool:
    return tail.isascii() and b"\0" not in tail


def _said_of(tail: bytes) -> str:
    what = next(words for pattern, words in _TAILS if pattern.search(tail))
    size = f"{len(tail) / 1e6:.1f} MB" if len(tail) >= 100_000 else f"{max(1, round(len(tail) / 1e3))} KB"
    return f"The file also held {what} ({size}). Only the picture was kept."


# --- decoding -------------------------------------------------------------------------------------------------------


@contextmanager
def opened(data: bytes) -> Iterator[Image.Image]:
    """Yield the picture, header read, not yet decoded, by the decoder of what its bytes are and by no other.

    Whatever goes wrong inside the block is raised as UnusableImage.
    """
    try:
        with Image.open(io.BytesIO(data), formats=[_PILLOW_FORMAT[format_of(data)]]) as image:
            yield image
    except UnusableImage:
        raise
    except Exception as error:  # Pillow's plugins raise whatever their parsers stumble over.
        raise UnusableImage(DAMAGED) from error


def upright_size(image: Image.Image) -> tuple[int, int]:
    """Return width and height as people see the picture, after EXIF orientation."""
    return (image.height, image.width) if orientation_of(image) in _SIDEWAYS else image.size


def orientation_of(image: Image.Image) -> int:
    """EXIF orientation 1-8; 1 where it is missing or unreadable. Pillow turns TIFFs by itself, so those are 1."""
    if image.format == "TIFF":
        return 1
    if image.format == "PNG":
        image.load()  # Its EXIF may follow the pixels.
    value = exif_of(image).get(ExifTags.Base.Orientation, 1)
    return value if value in range(1, 9) else 1


def exif_of(image: Image.Image) -> Image.Exif:
    """Return the EXIF block; an empty one where it is damaged, which is no reason to refuse a picture."""
    exif = Image.Exif()
    try:
        exif.load(image.info.get("exif") or b"")
        dict(exif)
    except Exception:  # As above.
        return Image.Exif()
    return exif


def _check_header(image: Image.Image, container: Container) -> None:
    if image.mode not in _PLAIN_MODES + _DEEP_MODES:
        raise UnusableImage("We can’t read this picture’s color depth. Save it with 8 or 16 bits per channel.")
    if container.transfer in _HDR:
        raise UnusableImage("The picture is HDR. Export it in standard dynamic range (sRGB).")
    if max(image.size) > max(container.width, container.height):
        raise UnusableImage(DAMAGED)
