"""What a picture file says about itself: credit, caption, people, rights.

Pure: bytes in, `Metadata` out. Fields follow the IPTC Photo Metadata Standard. Each field is read from XMP, else from
IIM, else from EXIF, else from PNG text, because the older forms cut their values; damage in one block never costs what
another one holds. Which fields of the forms mean the same is the Metadata Working Group's (Guidelines for Handling Image
Metadata 2.0) and the IPTC's mapping. The one difference: the MWG asks EXIF first, where cameras write of themselves; we
ask it last, as agencies write to XMP and IIM. Where a digest says that the IIM was changed since the XMP was written,
the MWG asks it first; too many programs leave a wrong digest, so XMP stands and another credit in the IIM is told as a doubt.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, fields
from typing import Any

from . import ai_signs, alphabets, exif, iim, xmp
from .boilerplate import is_no_caption, is_no_title, is_nobody
from .metadata_blocks import Blocks, find, sort_resources

# Field -> (XMP properties, IIM dataset, EXIF tags, PNG keyword); an empty name where a form has no such field.
TEXTS: dict[str, tuple[str, str, str, str]] = {
    "credit_line": ("photoshop:Credit", "Credit", "", ""),
    "source": ("photoshop:Source", "Source", "", "Source"),
    "copyright_notice": ("dc:rights tiff:Copyright", "CopyrightNotice", "Copyright", "Copyright"),
    "caption": (
        "dc:description tiff:ImageDescription",
        "Caption-Abstract",
        "ImageDescription XPComment XPSubject",
        "Description",
    ),
    "headline": ("photoshop:Headline", "Headline", "", ""),
    "title": ("dc:title", "ObjectName", "XPTitle", "Title"),
    "event": ("Iptc4xmpExt:Event", "", "", ""),
    "city": ("photoshop:City", "City", "", ""),
    "country": ("photoshop:Country", "Country-PrimaryLocationName", "", ""),
    "instructions": ("photoshop:Instructions", "SpecialInstructions", "", ""),
    "usage_terms": ("xmpRights:UsageTerms", "", "", ""),
    "web_statement": ("xmpRights:WebStatement", "", "", ""),
    "alt_text": ("Iptc4xmpCore:AltTextAccessibility", "", "", ""),
    "digital_source_type": ("Iptc4xmpExt:DigitalSourceType", "", "", ""),
    "job_id": ("photoshop:TransmissionReference", "OriginalTransmissionReference", "", ""),
    "asset_id": ("GettyImagesGIFT:AssetID", "", "", ""),
    "data_mining": ("plus:DataMining", "", "", ""),
    "other_constraints": ("plus:OtherConstraints", "", "", ""),
    "license_start": ("plus:LicenseStartDate", "", "", ""),
    "license_end": ("plus:LicenseEndDate", "", "", ""),
    "media_summary": ("plus:MediaSummaryCode", "", "", ""),
    "media_constraints": ("plus:MediaConstraints", "", "", ""),
    "region_constraints": ("plus:RegionConstraints", "", "", ""),
    "product_constraints": ("plus:ProductOrServiceConstraints", "", "", ""),
    "other_license_requirements": ("plus:OtherLicenseRequirements", "", "", ""),
    "credit_line_required": ("plus:CreditLineRequired", "", "", ""),
    "minor_model_age": ("plus:MinorModelAgeDisclosure", "", "", ""),
    "model_release": ("plus:ModelReleaseStatus", "", "", ""),
    "software": ("xmp:CreatorTool tiff:Software", "", "Software", "Software"),
    "ai_system_used": ("Iptc4xmpExt:AISystemUsed", "", "", ""),
    "ai_system_version": ("Iptc4xmpExt:AISystemVersionUsed", "", "", ""),
    "ai_prompt": ("Iptc4xmpExt:AIPromptInformation", "", "", ""),
    "ai_prompt_writer": ("Iptc4xmpExt:AIPromptWriterName", "", "", ""),
}
LISTS: dict[str, tuple[str, str, str, str]] = {
    "creators": ("dc:creator tiff:Artist", "By-line", "Artist XPAuthor", "Author"),
    "keywords": ("dc:subject", "Keywords", "XPKeywords", ""),
    "alteration_constraints": ("plus:ImageAlterationConstraints", "", "", ""),
    "duplication_constraints": ("plus:ImageDuplicationConstraints", "", "", ""),
    "file_constraints": ("plus:ImageFileConstraints", "", "", ""),
}
# What is no answer to the question a field asks, although it stands there.
IGNORED: dict[str, Callable[[str], bool]] = {
    "caption": is_no_caption, "headline": is_no_title, "title": is_no_title, "creators": is_nobody, "source": is_nobody,
}  # fmt: skip
# Fields that name who is owed a credit: half a name is a wrong one.
OWED = {"credit_line": "credit", "source": "source", "creators": "creator"}
LONGEST_COMMENT = 20_000
TOO_LONG = re.compile(r"\(?\s*credit too long", re.IGNORECASE)


@dataclass(frozen=True)
class Metadata:
    """One file's labels. Absent text is None, an absent list is empty; dates are ISO 8601, perhaps only a year.

    `ai` is "yes", "check", "no" or None where the file is silent, for the reasons in `ai_signs`. `ignored` are words of
    cameras and programs, kept among the raw labels. `doubts` are sentences a person must judge before readers see them.
    """

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
    software: str | None = None
    ai: str | None = None
    ai_signs: list[str] = field(default_factory=list)
    ai_system_used: str | None = None
    ai_system_version: str | None = None
    ai_prompt: str | None = None
    ai_prompt_writer: str | None = None
    ignored: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
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
    cut: list[str] = field(default_factory=list)
    raw: dict[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Return the fields `manage.py read_photo` prints, under their public names."""
        return {name: getattr(self, name) for name in PUBLIC_NAMES}


PUBLIC_NAMES = [name.name for name in fields(Metadata)][: [*Metadata.__dataclass_fields__].index("doubts") + 1]


@dataclass(frozen=True)
class _Labels:
    """The forms side by side: XMP properties, IIM values, EXIF and PNG texts. `ignored` is filled while they are asked."""

    xmp: dict[str, Any]
    iim: dict[str, list[str]] = field(default_factory=dict)
    exif: dict[str, str] = field(default_factory=dict)
    png: dict[str, str] = field(default_factory=dict)
    manifest: bytes = b""
    iim_is_newer: bool = False
    alphabet: alphabets.Guess = alphabets.USUAL
    ignored: dict[str, None] = field(default_factory=dict)

    def text(self, name: str) -> str | None:
        in_xmp, in_iim, in_exif, in_png = TEXTS[name]
        found = [
            *(_text(self.xmp.get(each)) for each in in_xmp.split()), *self.iim.get(in_iim, [])[-1:],
            *(self.exif.get(each, "") for each in in_exif.split()), self.png.get(in_png, ""),
        ]  # fmt: skip
        return _longer_twin(self.meant(name, _unique(found)), iim.LENGTHS.get(in_iim, 0))

    def texts(self, name: str) -> list[str]:
        in_xmp, in_iim, in_exif, in_png = LISTS[name]
        forms = [
            *(_texts(self.xmp.get(each)) for each in in_xmp.split()), self.iim.get(in_iim, []),
            *(self.exif.get(each, "").split(";") for each in in_exif.split()), [self.png.get(in_png, "")],
        ]  # fmt: skip
        present = [texts for texts in (self.meant(name, _unique(form)) for form in forms) if texts]
        if not present:
            return []
        others = [text for form in present[1:] for text in form]
        return [_longer_twin([text, *others], iim.LENGTHS.get(in_iim, 0)) or text for text in present[0]]

    def meant(self, name: str, texts: list[str]) -> list[str]:
        """Return the texts but those that cameras and programs wrote by themselves, which are noted."""
        wrong = [text for text in texts if name in IGNORED and IGNORED[name](text)]
        self.ignored.update(dict.fromkeys(wrong))
        return [text for text in texts if text not in wrong]

    def cut(self, found: dict[str, Any]) -> Iterator[tuple[str, str, int]]:
        """Yield (field, value, bytes) of names that fill their IIM field: what follows may be missing."""
        for name in OWED:
            in_xmp, in_iim, *_ = {**TEXTS, **LISTS}[name]
            whole = _texts(self.xmp.get(in_xmp.split()[0]))
            for value in found[name] if isinstance(found[name], list) else [found[name] or ""]:
                sizes = {len(value.encode()), len(value.encode(self.alphabet.name, "replace"))}
                if iim.LENGTHS[in_iim] in sizes and value in self.iim.get(in_iim, []) and value not in whole:
                    yield name, value, iim.LENGTHS[in_iim]

    def doubts(self, found: dict[str, Any]) -> Iterator[str]:
        """Yield what cannot be told from the bytes alone."""
        for name, value, _ in self.cut(found):
            yield f"The {OWED[name]} “{value}” is as long as its field allows, so it may be cut off."
        if self.iim_is_newer:
            yield from self.changed_later(found)
        if not self.alphabet.is_sure and any(not text.isascii() and self.is_of_iim(text) for text in _flat(found)):
            yield f"The file’s text does not name its encoding and was read as {_ALPHABETS[self.alphabet.name]}: check the names."

    def changed_later(self, found: dict[str, Any]) -> Iterator[str]:
        """Yield the names in an IIM that was changed after the XMP and names others."""
        for name, word in OWED.items():
            values = found[name] if isinstance(found[name], list) else [found[name] or ""]
            for said in self.iim.get({**TEXTS, **LISTS}[name][1], []):
                if said.strip() and not any(value.startswith(said.strip()) for value in values):
                    yield f"The older labels (IIM) were changed after the newer (XMP) and give another {word}: “{said.strip()}”."

    def is_of_iim(self, text: str) -> bool:
        return any(text in values for values in self.iim.values())


_ALPHABETS = {
    "cp1252": "Western (Windows-1252)", "mac_roman": "Western (Mac Roman)", "cp1251": "Cyrillic (Windows-1251)",
    "koi8_r": "Cyrillic (KOI8-R)", "iso8859_5": "Cyrillic (ISO 8859-5)", "mac_cyrillic": "Cyrillic (Mac)",
    "cp866": "Cyrillic (DOS)", "cp1250": "Central European (Windows-1250)", "iso8859_2": "Central European (ISO 8859-2)",
}  # fmt: skip


def _flat(found: dict[str, Any]) -> Iterator[str]:
    for value in found.values():
        yield from value if isinstance(value, list) else [value or ""]


def read(data: bytes, name: str = "", sidecar: bytes = b"") -> Metadata:
    """Return the labels of a JPEG, PNG, WebP, AVIF, HEIF or TIFF file; values of a sidecar (.xmp) come first.

    Never raises: what is damaged is left out and told in `warnings`.
    """
    blocks = find(data)
    texts = _read_exif(blocks)
    packets = [xmp.parse(block) for block in [*blocks.xmp, sidecar] if block]
    newest_first = (packet.properties for packet in reversed(packets))
    in_iim = [iim.read(block) for block in blocks.iim]
    labels = _Labels(
        xmp=_first_of(newest_first),
        iim=_first_of(values for values, _ in in_iim),
        exif=texts,
        png=_first_of({key: iim.decode(text)} for key, text in blocks.text),
        manifest=b"".join(blocks.manifest),
        iim_is_newer=not sidecar and _was_changed(blocks),
        alphabet=next((guess for _, guess in in_iim if not guess.is_sure), in_iim[0][1] if in_iim else alphabets.USUAL),
    )
    warnings = [*blocks.warnings, *(warning for packet in packets for warning in packet.warnings)]
    return _metadata(labels, name, warnings)


def _was_changed(blocks: Blocks) -> bool:
    """Return True if a program that knows no XMP changed the IIM; a digest of zeros says nothing."""
    digests = [digest for digest in blocks.digest if len(digest) == 16 and any(digest)]
    return bool(digests and blocks.iim) and hashlib.md5(blocks.iim[0], usedforsecurity=False).digest() not in digests


def read_sidecar(data: bytes, name: str = "") -> Metadata:
    """Return the labels of an .xmp file alone."""
    packet = xmp.parse(data)
    return _metadata(_Labels(packet.properties), name, list(packet.warnings))


def _read_exif(blocks: Blocks) -> dict[str, str]:
    """EXIF texts; a TIFF file's own XMP, IIM and Photoshop blocks join the others."""
    found: dict[str, str] = {}
    for block in blocks.exif:
        texts, inner = exif.parse(block)
        for kind in ("xmp", "iim", "manifest"):
            if kind in inner:
                blocks.keep(kind, inner[kind])
        sort_resources(inner.get("photoshop", b""), blocks)
        found = {**{name: _exif_text(name, value) for name, value in texts.items()}, **found}
    return found


def _exif_text(name: str, value: bytes) -> str:
    """EXIF text ends at its first NUL, except that a copyright may name photographer and editor, NUL between.

    What Windows adds (XPAuthor and its like) is UTF-16; a comment begins with eight bytes that name its alphabet.
    """
    if name.startswith("XP"):
        return value.decode("utf-16-le", "ignore").partition("\0")[0].strip()
    if name == "UserComment":
        return iim.decode(value[8:].replace(b"\0", b""))[:LONGEST_COMMENT].strip()
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
    found |= {field: labels.texts(field) for field in LISTS}
    if TOO_LONG.match(found["credit_line"] or ""):
        found["credit_line"] = None
        warnings.append("The credit was too long for its field, so it was taken from the caption.")
    structures = {field: read(labels.xmp) for field, read in STRUCTURES.items()}
    found["city"] = found["city"] or _created_in(labels.xmp, "City")
    found["country"] = found["country"] or _created_in(labels.xmp, "CountryName")
    if labels.manifest:
        found["digital_source_type"] = found["digital_source_type"] or ai_signs.term_in(labels.manifest) or None
        warnings.append("The file carries Content Credentials (C2PA): only their source type is read, no signature.")
    verdict = ai_signs.judge(_signs(labels, found))
    return Metadata(
        file=name,
        date_created=_date_created(labels),
        ai=verdict.answer or None,
        ai_signs=list(verdict.signs),
        ignored=list(labels.ignored),
        doubts=list(labels.doubts(found)),
        cut=[value for _, value, _ in labels.cut(found)],
        warnings=list(dict.fromkeys(warnings)),
        raw=_raw(labels),
        **found,
        **structures,
    )


def _signs(labels: _Labels, found: dict[str, Any]) -> ai_signs.Labels:
    return ai_signs.Labels(
        source_type=_text(labels.xmp.get("Iptc4xmpExt:DigitalSourceType")),
        credits=ai_signs.texts_of(
            [found["credit_line"], found["source"], *found["creators"], found["copyright_notice"]]
        ),
        words=ai_signs.texts_of(
            [
                found["caption"],
                found["headline"],
                found["title"],
                found["instructions"],
                found["usage_terms"],
                *found["keywords"],
            ]
        ),
        software=ai_signs.texts_of(
            [
                *(_text(labels.xmp.get(each)) for each in _SOFTWARE),
                labels.exif.get("Software"),
                labels.png.get("Software"),
            ]
        ),
        system=found["ai_system_used"] or "",
        prompt=found["ai_prompt"] or "",
        texts=(*labels.png.items(), ("UserComment", labels.exif.get("UserComment", ""))),
        manifest=labels.manifest,
    )


_SOFTWARE = ("xmp:CreatorTool", "tiff:Software")

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


_RAW_SPACES = ("dc", "photoshop", "xmp", "tiff", "xmpRights", "Iptc4xmpCore", "Iptc4xmpExt", "plus", "GettyImagesGIFT")
_BULK = {"xmp:Thumbnails", "photoshop:DocumentAncestors", "photoshop:History", "photoshop:TextLayers"}


def _raw(labels: _Labels) -> dict[str, Any]:
    """Return the labels as received, to read again later, without positions and editing history."""
    said = {
        name: value for name, value in labels.xmp.items() if name.partition(":")[0] in _RAW_SPACES and name not in _BULK
    }
    return {"xmp": said, "iim": labels.iim, "exif": labels.exif} | ({"png": labels.png} if labels.png else {})
