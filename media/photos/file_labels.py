"""What every file readers get says about itself: the words the JSON-LD of a document says, in XMP."""

import hashlib
import json
from typing import TYPE_CHECKING

from ..files import xmp_packet
from ..site import Site
from . import delivered

if TYPE_CHECKING:
    from .photo import Photo


DATA_MINING = "http://ns.useplus.org/ldf/vocab/"
SOURCE_TYPES = "http://cv.iptc.org/newscodes/digitalsourcetype/"


def of(photo: "Photo", site: Site | None = None) -> dict:
    """Return the fields media.files.xmp_packet writes, in the house style of this site or the default one."""
    site = site or Site.objects.default()
    credit = delivered.credit(photo, site) or {}
    creators = [
        name for chain in delivered.credits(photo, site) for name in chain["photographers"] or chain["agencies"][-1:]
    ]
    return {
        "creators": list(dict.fromkeys(creators)),
        "credit_line": credit.get("line"),
        "copyright_notice": credit.get("copyright_notice"),
        "web_statement": credit.get("license_url"),
        "licensor_url": credit.get("acquire_url"),
        "supplier_image_id": photo.supplier_image_id,
        "usage_terms": photo.usage_terms,
        "data_mining": _address(photo.data_mining, DATA_MINING),
        "digital_source_type": _address(photo.digital_source_type, SOURCE_TYPES),
    }


def _address(word: str, vocabulary: str) -> str:
    return word if not word or ":" in word else vocabulary + word


def digest(fields: dict) -> str:
    return hashlib.sha256(json.dumps(fields, sort_keys=True).encode()).hexdigest()[:16]


def packet_of(fields: dict) -> bytes:
    """Return the padded packet; usage terms that are too long for a file are left out of it."""
    try:
        return xmp_packet.build(fields)
    except xmp_packet.PacketTooLong:
        return xmp_packet.build(fields | {"usage_terms": ""})
