"""Draws the demo's photographs. Pure: a spec in, a picture out, the same one every time.

A spec is a mapping: `scene` (a key of SCENES), `seed`, and optionally `shape` ("landscape" 2400×1600, "portrait"
1600×2400), `grade` (a key of `paint.GRADES`), `grain`, and what the scene itself understands (people, colors, mood).
"""

import io
from collections.abc import Callable, Mapping
from random import Random
from typing import Any

from PIL import Image

from articles.demo import events, labels, paint, places, posters
from media.files import xmp_packet

Spec = Mapping[str, Any]

SCENES: dict[str, Callable[[Image.Image, Random, Spec], None]] = {
    "beach": places.beach,
    "carpet": events.carpet,
    "cinema": places.cinema,
    "curtain": events.curtain,
    "desert": places.desert,
    "festival": events.festival,
    "film_set": places.film_set,
    "portrait": events.portrait,
    "poster": posters.poster,
    "press": events.press,
    "profile": events.profile,
    "rocket_poster": events.rocket_poster,
    "skyline": places.skyline,
    "stage": events.stage,
    "statuettes": places.statuettes,
    "street": events.street,
    "studio": places.studio,
    "table": events.table,
    "talk_show": events.talk_show,
}
SIZES = {"landscape": (2400, 1600), "portrait": (1600, 2400)}
QUALITY = 88


def draw(spec: Spec) -> Image.Image:
    """The picture of the spec. Raises KeyError for a scene, shape or grade that does not exist."""
    size = SIZES[spec.get("shape", "landscape")]
    rng = Random(str(spec["seed"]))  # noqa: S311 - chance for pictures, not for secrets
    image = Image.new("RGB", (size[0] // 2, size[1] // 2))
    SCENES[spec["scene"]](image, rng, spec)
    return paint.develop(image, size, rng, spec.get("grade", "warm"), spec.get("grain", 9))


def picture_file(spec: Spec, metadata: Mapping[str, Any]) -> bytes:
    """The picture as an agency delivers it: a JPEG with IIM, XMP and EXIF; for `metadata` see `labels`."""
    file = io.BytesIO()
    draw(spec).save(
        file,
        "JPEG",
        quality=QUALITY,
        exif=labels.exif(metadata),
        xmp=labels.xmp(metadata),
    )
    return xmp_packet.embed_iim(file.getvalue(), metadata)
