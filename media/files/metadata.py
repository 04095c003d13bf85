"""What a picture file says about itself: credit, caption, people, rights.

Pure: bytes in, `Metadata` out. Fields follow the IPTC Photo Metadata Standard. Each field is read from XMP, else from
IIM, else from EXIF, because the older forms cut their values; damage in one block never costs what another one holds.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, fields
from typing import Any

from . import exif, iim, xmp
from .metadata_blocks import Blocks, find, sort_resources

# Field -> (XMP property, IIM dataset, EXIF tag); an empty name where a form has no such field.
TEXTS: dict[str, tuple[str, str, str]] = {
    "credit_line": ("photoshop:Credit", "Credit", ""),
    "source": ("photoshop:Source", "Source", ""),
    "copyright_notice": ("dc:rights", "CopyrightNotice", "Copyright"),
    "caption": ("dc:description", "Caption-Abstract", "ImageDescription"),
    "headline": ("photoshop:Headline", "Headline", ""),
    "title": ("dc:title", "ObjectName", ""),
    "event": ("Iptc4xmpExt:Event", "", ""),
    "city": ("photoshop:City", "City", ""),
    "country": ("photoshop:Country", "Country-PrimaryLocationName", ""),
    "instructions": ("photoshop:Instructions", "SpecialInstructions", ""),
    "usage_terms": ("xmpRights:UsageTerms", "", ""),
    "web_statement": ("xmpRights:WebStatement", "", ""),
    "alt_text": ("Iptc4xmpCore:AltTextAccessibility", "", ""),
    "digital_source_type": ("Iptc4xmpExt:DigitalSourceType", "", ""),
    "job_id": ("photoshop:TransmissionReference", "OriginalTransmissionReference", ""),
    "asset_id": ("GettyImagesGIFT:AssetID", "", ""),
    "data_mining": ("plus:DataMining", "", ""),
    "other_constraints": ("plus:OtherConstraints", "", ""),
    "license_start": ("plus:LicenseStartDate", "", ""),
    "license_end": ("plus:LicenseEndDate", "", ""),
    "media_summary": ("plus:MediaSummaryCode", "", ""),
    "media_constraints": ("plus:MediaConstraints", "", ""),
    "region_constraints": ("plus:RegionConstraints", "", ""),
    "product_constraints": ("plus:ProductOrServiceConstraints", "", ""),
    "other_license_requirements": ("plus:OtherLicenseRequirements", "", ""),
    "credit_line_required": ("plus:CreditLineRequired", "", ""),
    "minor_model_age": ("plus:MinorModelAgeDisclosure", "", ""),
    "model_release": ("plus:ModelReleaseStatus", "", ""),
}
LISTS: dict[str, tuple[str, str, str]] = {
    "creators": ("dc:creator", "By-line", "Artist"),
    "keywords": ("dc:subject", "Keywords", ""),
    "alteration_constraints": ("plus:ImageAlterationConstraints", "", ""),
    "duplication_constraints": ("plus:ImageDuplicationConstraints", "", ""),
    "file_constraints": ("plus:ImageFileConstraints", "", ""),
}
TOO_LONG = re.compile(r"\(?\s*credit too long", re.IGNORECASE)


@dataclass(frozen=True)
class Metadata:
    """One file's labels. Absent text is None, an absent list is empty; dates are ISO 8601, perhaps only a year."""

    file: str = ""
    creators: list[str] = field(default_factory=list)
    credit_line: str | None = None
    source: str | None = None
    copyright_notice: str | None = None
    caption: str | None = None
    headline: str | None = None
    people: list[str] = field(default_factory=list)
    event: str | None = None
    date_created: str | None = None
    city: str | None = None
    country: str | None = None
    instructions: str | None = None
    usage_terms: str | None = None
    web_statement: str | None = None
    licensor_url: str | None = None
    alt_text: str | None = None
    digital_source_type: str | None = None
    job_id: str | None = None
    supplier_image_id: str | None = None
    warnings: list[str] = field(default_factory=list)
    title: str | None = None
    keywords: list[str] = field(default_factory=list)
    copyright_owner: str | None = None
    image_supplier: str | None = None
    asset_id: str | None = None
    data_mining: str | None = None
    other_constraints: str | None = None
    license_start: str | None = None
    license_end: str | None = None
    media_summary: str | None = None
    media_constraints: str | None = None
    region_constraints: str | None = None
    product_constraints: str | None = None
    other_license_requirements: str | None = None
    credit_line_required: str | None = None
    alteration_constraints: list[str] = field(default_factory=list)
    duplication_constraints: list[str] = field(default_factory=list)
    file_constraints: list[str] = field(default_factory=list)
    minor_model_age: str | None = None
    model_release: str | None = None
    raw: dict[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Return the fields `manage.py read_photo` prints, under their public names."""
        return {name: getattr(self, name) for name in PUBLIC_NAMES}


PUBLIC_NAMES = [name.name for name in fields(Metadata)][: [*Metadata.__dataclass_fields__].index("warnings") + 1]


@dataclass(frozen=True)
class _Labels:
    """The three forms side by side: XMP properties, IIM values, EXIF texts."""

    xmp: dict[str, Any]
    iim: dict[str, list[str]]
    exif: dict[str, str]

    def text(self, name: str) -> str | None:
        in_xmp, in_iim, in_exif = TEXTS[name]
        found = [_text(self.xmp.get(in_xmp)), *self.iim.get(in_iim, [])[-1:], self.exif.get(in_exif, "")]
        return _longer_twin(_unique(found), iim.LENGTHS.get(in_iim, 0))

    def list(self, name: str) -> list[str]:
        in_xmp, in_iim, in_exif = LISTS[name]
        forms = [_texts(self.xmp.get(in_xmp)), self.iim.get(in_iim, []), [self.exif.get(in_exif, "")]]
        present = [texts for texts in (_unique(form) for form in forms) if texts]
        if not present:
            return []
        others = [text for form in present[1:] for text in form]
        return [_longer_twin([text, *others], iim.LENGTHS.get(in_iim, 0)) or text for text in present[0]]


def read(data: bytes, name: str = "", sidecar: bytes = b"") -> Metadata:
    """Return the labels of a JPEG, PNG, WebP, AVIF, HEIF or TIFF file; values of a sidecar (.xmp) come first.

    Never raises: what is damaged is left out and told in `warnings`.
    """
    blocks = find(data)
    texts = _read_exif(blocks)
    packets = [xmp.parse(block) for block in [*blocks.xmp, sidecar] if block]
    newest_first = (packet.properties for packet in reversed(packets))
    labels = _Labels(_first_of(newest_first), _first_of(map(iim.parse, blocks.iim)), texts)
    warnings = [*blocks.warnings, *(warning for packet in packets for warning in packet.warnings)]
    return _metadata(labels, name, warnings)


def read_sidecar(data: bytes, name: str = "") -> Metadata:
    """Return the labels of an .xmp file alone."""
    packet = xmp.parse(data)
    return _metadata(_Labels(packet.properties, {}, {}), name, list(packet.warnings))


def _read_exif(blocks: Blocks) -> dict[str, str]:
    """EXIF texts; a TIFF file's own XMP, IIM and Photoshop blocks join the others."""
    found: dict[str, str] = {}
    for block in blocks.exif:
        texts, inner = exif.parse(block)
        for kind in ("xmp", "iim"):
            if kind in inner:
                blocks.keep(kind, inner[kind])
        sort_resources(inner.get("photoshop", b""), blocks)
        found = {**{name: _exif_text(name, value) for name, value in texts.items()}, **found}
    return found


def _exif_text(name: str, value: bytes) -> str:
    """EXIF text ends at its first NUL, except that a copyright may name photographer and editor, NUL between."""
    parts = value.split(b"\0")[: 2 if name == "Copyright" else 1]
    return iim.decode(b"\n".join(part for part in parts if part.strip())).strip()


def _first_of(forms: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """Return several blocks of one form as one: the first value that is not empty counts."""
    merged: dict[str, Any] = {}
    for form in forms:
        merged |= {name: value for name, value in form.items() if not merged.get(name)}
    return merged


def _metadata(labels: _Labels, name: str, warnings: list[str]) -> Metadata:
    found: dict[str, Any] = {field: labels.text(field) for field in TEXTS}
    found |= {field: labels.list(field) for field in LISTS}
    if TOO_LONG.match(found["credit_line"] or ""):
        found["credit_line"] = None
        warnings.append("The credit was too long for its field; the caption has it.")
    structures = {field: read(labels.xmp) for field, read in STRUCTURES.items()}
    found["city"] = found["city"] or _created_in(labels.xmp, "City")
    found["country"] = found["country"] or _created_in(labels.xmp, "CountryName")
    return Metadata(
        file=name,
        date_created=_date_created(labels),
        warnings=list(dict.fromkeys(warnings)),
        raw=_raw(labels),
        **found,
        **structures,
    )


# Values


def _text(value: Any) -> str:
    if isinstance(value, xmp.LangAlt):
        return value.default
    if isinstance(value, list):
        return next(filter(None, map(_text, value)), "")
    return value if isinstance(value, str) else ""


def _texts(value: Any) -> list[str]:
    if isinstance(value, list):
        return [_text(item) for item in value]
    return [_text(value)]


def _unique(texts: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(text for text in map(str.strip, texts) if text))


def _longer_twin(texts: list[str], limit: int) -> str | None:
    """Return the first text, unless it was cut at IIM's limit and another form has it whole."""
    if not texts:
        return None
    first = texts[0]
    if 0 < limit <= len(first.encode("utf-8", "replace")) + 3:
        return max((text for text in texts if text.startswith(first)), key=len)
    return first


def _people(properties: dict[str, Any]) -> list[str]:
    details = properties.get("Iptc4xmpExt:PersonInImageWDetails")
    names = [_inside(person, "Iptc4xmpExt:PersonName") for person in _structures(details)]
    named = _texts(properties.get("Iptc4xmpExt:PersonInImage"))
    return _unique([*named, *names, *_texts(properties.get("GettyImagesGIFT:Personality"))])


def _structures(value: Any) -> Iterator[dict[str, Any]]:
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, dict) and not isinstance(item, xmp.LangAlt):
            yield item


def _inside(structure: dict[str, Any], name: str) -> str:
    return _text(structure.get(name))


def _structure_text(*path: str) -> Callable[[dict[str, Any]], str | None]:
    """Reads a field of the first structure that has it."""
    outer, inner = path

    def read_it(properties: dict[str, Any]) -> str | None:
        return next(filter(None, (_inside(item, inner) for item in _structures(properties.get(outer)))), None)

    return read_it


def _supplier_image_id(properties: dict[str, Any]) -> str | None:
    """Getty's writer spells the property with a small d."""
    return (
        _text(properties.get("plus:ImageSupplierImageID")) or _text(properties.get("plus:ImageSupplierImageId")) or None
    )


def _created_in(properties: dict[str, Any], name: str) -> str | None:
    return _structure_text("Iptc4xmpExt:LocationCreated", f"Iptc4xmpExt:{name}")(properties)


STRUCTURES: dict[str, Callable[[dict[str, Any]], Any]] = {
    "people": _people,
    "licensor_url": _structure_text("plus:Licensor", "plus:LicensorURL"),
    "copyright_owner": _structure_text("plus:CopyrightOwner", "plus:CopyrightOwnerName"),
    "image_supplier": _structure_text("plus:ImageSupplier", "plus:ImageSupplierName"),
    "supplier_image_id": _supplier_image_id,
}

# Dates

_XMP_DATE = re.compile(
    r"(\d{4})(?:[-:](\d\d)(?:[-:](\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)\s*(Z|[+-]\d\d:?\d\d)?)?)?)?\s*$"
)
_IIM_DATE = re.compile(r"(\d{4})[-:]?(\d\d)[-:]?(\d\d)")
_IIM_TIME = re.compile(r"(\d\d):?(\d\d):?(\d\d)\s*(?:([+-]\d\d):?(\d\d))?")


def _date_created(labels: _Labels) -> str | None:
    return (
        _iso(_text(labels.xmp.get("photoshop:DateCreated")))
        or _iim_date("".join(labels.iim.get("DateCreated", [])[-1:]), "".join(labels.iim.get("TimeCreated", [])[-1:]))
        or _iso(labels.exif.get("DateTimeOriginal", "") + labels.exif.get("OffsetTimeOriginal", ""))
    )


def _iso(text: str) -> str | None:
    """Return an XMP or EXIF date as ISO 8601, as exact as it is given; None for zeros and blanks."""
    match = _XMP_DATE.match(text.strip())
    if not match or match[1] == "0000":
        return None
    year, month, day, time, zone = match.groups()
    if month in {None, "00"}:
        return year
    if day in {None, "00"}:
        return f"{year}-{month}"
    return f"{year}-{month}-{day}" + (f"T{time}{_zone(zone)}" if time else "")


def _zone(zone: str | None) -> str:
    return f"{zone[:3]}:{zone[-2:]}" if zone and zone != "Z" else zone or ""


def _iim_date(date: str, time: str) -> str | None:
    match = _IIM_DATE.match(date.strip())
    clock = _IIM_TIME.match(time.strip())
    if not match:
        return None
    day = _iso("-".join(match.groups()))
    if not day or len(day) < 10 or not clock:
        return day
    zone = f"{clock[4]}:{clock[5]}" if clock[4] else ""
    return f"{day}T{clock[1]}:{clock[2]}:{clock[3]}{zone}"


_RAW_SPACES = ("dc", "photoshop", "xmp", "xmpRights", "Iptc4xmpCore", "Iptc4xmpExt", "plus", "GettyImagesGIFT")
_BULK = {"xmp:Thumbnails", "photoshop:DocumentAncestors", "photoshop:History", "photoshop:TextLayers"}


def _raw(labels: _Labels) -> dict[str, Any]:
    """Return the labels as received, to read again later, without positions and editing history."""
    said = {
        name: value for name, value in labels.xmp.items() if name.partition(":")[0] in _RAW_SPACES and name not in _BULK
    }
    return {"xmp": said, "iim": labels.iim, "exif": labels.exif}
