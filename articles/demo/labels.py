"""The labels agencies write into their files, for the demo pictures: XMP and EXIF from one set of fields.

Fields carry the names of `media.files.metadata.Metadata`, plus `country_code`, `state` and `gps` (latitude, longitude).
"""

from collections.abc import Mapping
from typing import Any
from xml.sax.saxutils import escape

from PIL import ExifTags, Image

TEXTS = {
    "credit_line": "photoshop:Credit",
    "source": "photoshop:Source",
    "headline": "photoshop:Headline",
    "instructions": "photoshop:Instructions",
    "city": "photoshop:City",
    "state": "photoshop:State",
    "country": "photoshop:Country",
    "country_code": "Iptc4xmpCore:CountryCode",
    "job_id": "photoshop:TransmissionReference",
    "web_statement": "xmpRights:WebStatement",
    "digital_source_type": "Iptc4xmpExt:DigitalSourceType",
    "supplier_image_id": "plus:ImageSupplierImageID",
    "date_created": "photoshop:DateCreated",
}
TRANSLATED = {
    "caption": "dc:description",
    "copyright_notice": "dc:rights",
    "title": "dc:title",
    "event": "Iptc4xmpExt:Event",
    "usage_terms": "xmpRights:UsageTerms",
}
LISTS = {
    "creators": ("dc:creator", "Seq"),
    "keywords": ("dc:subject", "Bag"),
    "people": ("Iptc4xmpExt:PersonInImage", "Bag"),
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
    parts = [f"<{name}>{escape(fields[field])}</{name}>" for field, name in TEXTS.items() if fields.get(field)]
    for field, name in TRANSLATED.items():
        if fields.get(field):
            text = f'<rdf:li xml:lang="x-default">{escape(fields[field])}</rdf:li>'
            parts.append(f"<{name}><rdf:Alt>{text}</rdf:Alt></{name}>")
    for field, (name, kind) in LISTS.items():
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
