"""A photo as readers get it: caption and credit as they are now, and where its renditions are."""

import re
from collections.abc import Iterable
from datetime import UTC
from html import escape
from typing import Any

from django.conf import settings

from ..credits.grammar import CreditParts
from ..files import imaging
from ..rights.decision import Decision

FALLBACK_WIDTH, SHARED_WIDTH = 1280, 1200
WEB = re.compile(r"https?://[^/\s\\]", re.IGNORECASE)


def about(photo: Any, site: Any, decision: Decision) -> dict:
    """Return what every use of a photo has in common, with the house caption under `house`."""
    return {
        "type": "photo",
        "id": str(photo.pk),
        "kind": photo.kind,
        "taken_at": photo.taken_at.astimezone(UTC) if photo.taken_at else None,
        "digital_source_type": photo.digital_source_type or None,
        "credit": credit(photo, site),
        "credits": credits(photo, site),
        "image": image(photo, site, decision),
        "house": photo.house_caption,
    }


def use(common: dict, *, people: Iterable[Any] = (), **own: Any) -> dict:
    """Return one use of a photo: what all have in common, and what this one says for itself.

    `own` is use_id, layout, caption_html, alt, decorative; a None caption or alt is taken from the house caption, an
    empty one is deliberate.
    """
    house = common["house"]
    decorative = bool(own.get("decorative")) or bool(own.get("alt") is None and house and house.decorative)
    alt = own.get("alt") if own.get("alt") is not None else (house.alt if house else "")
    caption = own.get("caption_html")
    if caption is None:
        caption = escape(house.text, quote=False) if house else ""
    return common | {
        "use_id": own["use_id"],
        "layout": own.get("layout") or "wide",
        "alt": "" if decorative else alt,
        "decorative": decorative,
        "caption_html": caption,
        "people": list(people),
    }


def credit(photo: Any, site: Any) -> dict | None:
    """Return the credit in the site's house style, with the parts of its first chain."""
    row = photo.credit
    if row is None:
        return None
    parts, distributor = row.parts, row.distributors[0]
    return {
        "line": row.line(site.house_style if site else None),
        "photographers": list(parts.photographers),
        "agencies": list(parts.agencies),
        "on_behalf_of": parts.on_behalf_of,
        "courtesy_of": parts.courtesy_of,
        "handle": parts.handle,
        "copyright_notice": copyright_notice(photo),
        "license_url": license_url(photo, parts, distributor),
        "acquire_url": web_address(photo.licensor_url or (distributor.licensor_url if distributor else "")),
    }


def credits(photo: Any, site: Any) -> list[dict]:
    """Return each chain of the credit in the site's house style: one for an ordinary photo, more for a composite."""
    row = photo.credit
    if row is None:
        return []
    found = zip(row.chains, row.chain_lines(site.house_style if site else None), row.distributors.values(), strict=True)
    return [
        {
            "position": chain.place,
            "line": line,
            "photographers": list(chain.parts.photographers),
            "agencies": list(chain.parts.agencies),
            "on_behalf_of": chain.parts.on_behalf_of,
            "courtesy_of": chain.parts.courtesy_of,
            "handle": chain.parts.handle,
            "license_url": license_url(photo, chain.parts, distributor),
        }
        for chain, line, distributor in found
    ]


def license_url(photo: Any, parts: CreditParts, distributor: Any) -> str | None:
    """Return where the license is read: the one the credit names, else the file's, else the distributor's."""
    theirs = distributor.web_statement if distributor else ""
    return web_address(parts.license_url or photo.web_statement or theirs)


def web_address(text: str) -> str | None:
    """Return an address that a front end may link to, or None: whoever writes rows past every form writes no script."""
    return text if WEB.match(text) else None


def copyright_notice(photo: Any) -> str | None:
    """Return the notice the file brought, or one made from the credit's parts."""
    supplied = photo.supplied.get("copyright_notice") if photo.supplied else None
    held = [chain.parts for chain in photo.credit.chains if chain.parts.copyright_holder]
    notices = (" ".join(filter(None, ("©", str(each.copyright_year or ""), each.copyright_holder))) for each in held)
    return "; ".join(dict.fromkeys(notices)) or supplied or None


def image(photo: Any, site: Any, decision: Decision) -> dict | None:
    """Return where the picture is, in the sizes that exist and the conditions allow; None before the first rendition.

    Addresses are whole, so that whoever holds a document needs to know no host (Site.media_address).
    """
    made = photo.delivered
    if not made:
        return None
    crops = ["full"] if "no_crop" in decision.conditions else made["crops"]
    widths = [width for width in made["widths"] if decision.max_width is None or width <= decision.max_width]
    if not widths:
        return None
    width = max((each for each in widths if each <= FALLBACK_WIDTH), default=min(widths))
    template = f"{site.media_address}/photos/{photo.pk}/{made['version']}/{{crop}}-{{width}}.{{format}}"
    best = "webp" if "webp" in made["formats"] else "jpg"
    return {
        "src": place(template, "full", width, "jpg"),
        "width": width,
        "height": max(1, round(width * photo.height / photo.width)),
        "url_template": template,
        "version": made["version"],
        "widths": widths,
        "formats": made["formats"],
        "crops": crops,
        "srcset": ", ".join(f"{place(template, 'full', each, best)} {each}w" for each in widths),
        "focal_point": [photo.focal_x, photo.focal_y],
        "blur_data_url": photo.blur_data_url or None,
        "dominant_color": photo.dominant_color or None,
    }


def shared(photo: Any, delivered: dict, decision: Decision) -> dict:
    """Return what is shown with a shared link: a JPEG in the shape that networks show, whole if it may not be cropped.

    `width` and `height` are the file's, in pixels: what Open Graph calls og:image:width and og:image:height.
    """
    image = delivered["image"]
    crop = "ratio_191_100" if "ratio_191_100" in image["crops"] else "full"
    most = min(image["width"] if crop == "full" else SHARED_WIDTH, decision.max_width or SHARED_WIDTH)
    sizes = imaging.rendition_sizes(photo.width, photo.height, crop)
    width, height = next((size for size in reversed(sizes) if size[0] <= most), sizes[0])
    address = place(image["url_template"], crop, width, "jpg")
    kind = imaging.CONTENT_TYPES["jpg"]
    return {"url": address, "width": width, "height": height, "alt": delivered["alt"], "type": kind}


def height_at(image: dict, width: int) -> int | None:
    """Return how high the whole picture's file of this width is, in pixels; None where that does not follow.

    A document says the height of one size, which is rounded: that of another may then be one of two.
    """
    if width == image["width"]:
        return image["height"]
    least, most = (max(1, round(width * (image["height"] + part) / image["width"])) for part in (-0.5, 0.5))
    return least if least == most else None


def absolute(path: str) -> str:
    """Return a picture's whole address. Documents stored before 0.1.0 hold no host until they are built anew."""
    return f"{settings.PUBLIC_URL}{path}" if path.startswith("/") else path


def place(template: str, crop: str, width: int, format: str) -> str:
    return template.replace("{crop}", crop).replace("{width}", str(width)).replace("{format}", format)
