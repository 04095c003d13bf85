"""The labels agencies write into their files, for the demo pictures: IIM, XMP and EXIF from one set of fields.

Fields carry the names of `media.metadata.Metadata`, plus `country_code`, `state`, `supplier` and `gps` (latitude, longitude).
"""

import struct
from collections.abc import Mapping
from typing import Any
from xml.sax.saxutils import escape

from PIL import ExifTags, Image

from media import iim

TEXTS = {
    "credit_line": ("photoshop:Credit", "Credit"),
    "source": ("photoshop:Source", "Source"),
    "headline": ("photoshop:Headline", "Headline"),
    "instructions": ("photoshop:Instructions", "SpecialInstructions"),
    "city": ("photoshop:City", "City"),
    "state": ("photoshop:State", "Province-State"),
    "country": ("photoshop:Country", "Country-PrimaryLocationName"),
    "country_code": ("Iptc4xmpCore:CountryCode", "Country-PrimaryLocationCode"),
    "job_id": ("photoshop:TransmissionReference", "OriginalTransmissionReference"),
    "web_statement": ("xmpRights:WebStatement", ""),
    "digital_source_type": ("Iptc4xmpExt:DigitalSourceType", ""),
    "supplier_image_id": ("plus:ImageSupplierImageID", ""),
    "date_created": ("photoshop:DateCreated", ""),
}
TRANSLATED = {
    "caption": ("dc:description", "Caption-Abstract"),
    "copyright_notice": ("dc:rights", "CopyrightNotice"),
    "title": ("dc:title", "ObjectName"),
    "event": ("Iptc4xmpExt:Event", ""),
    "usage_terms": ("xmpRights:UsageTerms", ""),
}
LISTS = {
    "creators": ("dc:creator", "Seq", "By-line"),
    "keywords": ("dc:subject", "Bag", "Keywords"),
    "people": ("Iptc4xmpExt:PersonInImage", "Bag", ""),
}
NAMESPACES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "photoshop": "http://ns.adobe.com/photoshop/1.0/",
    "xmpRights": "http://ns.adobe.com/xap/1.0/rights/",
    "Iptc4xmpCore": "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/",
    "Iptc4xmpExt": "http://iptc.org/std/Iptc4xmpExt/2008-02-29/",
    "plus": "http://ns.useplus.org/ldf/xmp/1.0/",
}


def xmp(fields: Mapping[str, Any]) -> bytes:
    """An XMP packet with the fields that are set."""
    parts = [f"<{name}>{escape(fields[field])}</{name}>" for field, (name, _) in TEXTS.items() if fields.get(field)]
    for field, (name, _) in TRANSLATED.items():
        if fields.get(field):
            text = f'<rdf:li xml:lang="x-default">{escape(fields[field])}</rdf:li>'
            parts.append(f"<{name}><rdf:Alt>{text}</rdf:Alt></{name}>")
    for field, (name, kind, _) in LISTS.items():
        if fields.get(field):
            items = "".join(f"<rdf:li>{escape(item)}</rdf:li>" for item in fields[field])
            parts.append(f"<{name}><rdf:{kind}>{items}</rdf:{kind}></{name}>")
    if fields.get("licensor_url"):
        url = f"<plus:LicensorURL>{escape(fields['licensor_url'])}</plus:LicensorURL>"
        parts.append(
            f'<plus:Licensor><rdf:Seq><rdf:li rdf:parseType="Resource">{url}</rdf:li></rdf:Seq></plus:Licensor>'
        )
    return _packet("".join(parts))


def _packet(inside: str) -> bytes:
    spaces = " ".join(f'xmlns:{prefix}="{address}"' for prefix, address in NAMESPACES.items())
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        f'<rdf:Description rdf:about="" {spaces}>{inside}</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>'
    ).encode()


def iim_segment(fields: Mapping[str, Any]) -> bytes:
    """A JPEG APP13 segment with the Photoshop resource that holds the IIM block."""
    values = {name: fields[field] for field, (_, name) in {**TEXTS, **TRANSLATED}.items() if name and fields.get(field)}
    values |= {name: fields[field] for field, (_, _, name) in LISTS.items() if name and fields.get(field)}
    if "date_created" in fields:
        values["DateCreated"] = fields["date_created"][:10].replace("-", "")
    block = iim.build(values)
    resource = b"8BIM\x04\x04\0\0" + struct.pack(">I", len(block)) + block + b"\0" * (len(block) % 2)
    payload = b"Photoshop 3.0\0" + resource
    return b"\xff\xed" + struct.pack(">H", len(payload) + 2) + payload


def exif(fields: Mapping[str, Any]) -> bytes:
    """EXIF with camera, artist, the time of capture and, where given, the place to the metre."""
    tags = Image.Exif()
    tags[ExifTags.Base.Make], tags[ExifTags.Base.Model] = "Marquee", "Demo camera"
    if fields.get("creators"):
        tags[ExifTags.Base.Artist] = fields["creators"][0].encode("ascii", "replace").decode()
    if "date_created" in fields:
        taken = fields["date_created"][:19].replace("-", ":").replace("T", " ")
        tags.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = taken
    if "gps" in fields:
        latitude, longitude = fields["gps"]
        place = tags.get_ifd(ExifTags.IFD.GPSInfo)
        place[ExifTags.GPS.GPSLatitudeRef], place[ExifTags.GPS.GPSLatitude] = "NS"[latitude < 0], _degrees(latitude)
        place[ExifTags.GPS.GPSLongitudeRef], place[ExifTags.GPS.GPSLongitude] = "EW"[longitude < 0], _degrees(longitude)
    return tags.tobytes()


def _degrees(angle: float) -> tuple[float, float, float]:
    minutes, seconds = divmod(round(abs(angle) * 3600), 60)
    degrees, minutes = divmod(minutes, 60)
    return float(degrees), float(minutes), float(seconds)
