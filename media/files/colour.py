"""Turns any picture we take into 8-bit sRGB on white: what a browser shows when a file carries no color profile."""

import io
from typing import Final

from PIL import ExifTags, Image, ImageCms

from . import press
from .icc import matrix_profile
from .inspection import exif_of

# Colorants (red, green, blue) as XYZ adapted to D50, the way a profile stores them.
_ADOBE_RGB: Final = ((0.60974, 0.31111, 0.01947), (0.20528, 0.62567, 0.06087), (0.14919, 0.06322, 0.74457))
_DISPLAY_P3: Final = ((0.51512, 0.24120, -0.00105), (0.29198, 0.69225, 0.04189), (0.15710, 0.06657, 0.78407))
_ADOBE_GAMMA: Final = (2.19921875,)
_SRGB_CURVE: Final = (2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)

_P3_PRIMARIES: Final = 12
_STRIP: Final = 512
_MODE_OF_SPACE: Final = {"RGB": "RGB", "GRAY": "L", "CMYK": "CMYK", "Lab": "LAB"}


def on_white(image: Image.Image) -> Image.Image:
    """Return the picture with 8 bits a channel and no transparency (L, RGB, CMYK or LAB), in the same colors."""
    if image.mode.startswith("I;16"):
        # Pillow's own conversion clips everything above 255 to white.
        return image.point(lambda value: value * (1 / 257) + 0).convert("L")
    if image.has_transparency_data:
        return _composed(image)
    if image.mode in ("L", "RGB", "CMYK", "LAB"):
        return image
    return image.convert("L" if image.mode == "1" else "RGB")


def _composed(image: Image.Image) -> Image.Image:
    """Return a picture with transparency on white, strip by strip: whole copies of 80 megapixels take 320 MB each."""
    white = Image.new("RGB", image.size, "white")
    for top in range(0, image.height, _STRIP):
        box = (0, top, image.width, min(top + _STRIP, image.height))
        strip = image.crop(box).convert("RGBA")
        white.paste(strip, box, mask=strip)
    return white


def to_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """`image` (mode L, RGB, CMYK or LAB) as sRGB; without a usable profile its numbers are taken as sRGB or for a press.

    An RGB picture is changed in place, so that it is never in memory twice.
    """
    if image.mode == "LAB":
        return _transformed(image, ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")))
    if profile:
        try:
            return _transformed(image, ImageCms.ImageCmsProfile(io.BytesIO(profile)))
        except (ImageCms.PyCMSError, OSError, ValueError, TypeError, KeyError):
            pass
    if image.mode == "CMYK":
        return _transformed(image, ImageCms.ImageCmsProfile(io.BytesIO(press.profile())))
    return _as_rgb(image)


def _as_rgb(image: Image.Image) -> Image.Image:
    """Converting a picture to what it is already would copy it: 12 megapixels are 48 MB."""
    return image if image.mode == "RGB" else image.convert("RGB")


def _transformed(image: Image.Image, profile: ImageCms.ImageCmsProfile) -> Image.Image:
    mode = _MODE_OF_SPACE[profile.profile.xcolor_space.strip()]
    if mode != image.mode and {mode, image.mode} != {"L", "RGB"}:
        raise ValueError(f"a profile for {mode} on a picture in {image.mode}")
    transform = ImageCms.buildTransform(
        profile,
        ImageCms.createProfile("sRGB"),
        mode,
        "RGB",
        ImageCms.Intent.RELATIVE_COLORIMETRIC,
        ImageCms.Flags.BLACKPOINTCOMPENSATION,
    )
    if image.mode == mode == "RGB":
        ImageCms.applyTransform(image, transform, inPlace=True)
        return image
    converted = ImageCms.applyTransform(image if mode == image.mode else image.convert(mode), transform)
    assert converted is not None
    return converted


def profile_of(image: Image.Image, primaries: int = 1) -> bytes | None:
    """Return the embedded ICC profile, or the one meant where a file names its color space in a number only.

    `primaries` is the code of ITU-T H.273; cameras say Adobe RGB by the EXIF interoperability index 'R03'.
    """
    embedded = image.info.get("icc_profile")
    if embedded:
        return bytes(embedded)
    if primaries == _P3_PRIMARIES:
        return DISPLAY_P3
    return ADOBE_RGB if _interoperability(image).startswith("R03") else None


def _interoperability(image: Image.Image) -> str:
    try:
        return str(exif_of(image).get_ifd(ExifTags.IFD.Interop).get(1, ""))
    except Exception:  # Damaged EXIF: the picture is then taken as sRGB, as everywhere else.
        return ""


ADOBE_RGB: Final = matrix_profile("Adobe RGB compatible", _ADOBE_RGB, _ADOBE_GAMMA)
DISPLAY_P3: Final = matrix_profile("Display P3 compatible", _DISPLAY_P3, _SRGB_CURVE)
