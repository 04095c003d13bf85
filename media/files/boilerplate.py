"""Words that cameras, phones and programs write by themselves where a caption, a title or a name belongs. Pure.

One list: what it knows is no caption, whatever field it stands in. It is kept among the raw labels and told.
"""

from __future__ import annotations

import re

_MAKERS = (
    r"(?:agfa\w*|apple|benq|canon|casio|dji|epson|fuji\w*|ge|google|gopro|hasselblad|hewlett[- ]packard|honor|hp|htc|huawei"
    r"|jvc|kodak|konica(?: minolta)?|kyocera|leica|lg|medion|minolta|motorola|nikon|nokia|olympus|oneplus|oppo|panasonic"
    r"|pentax|polaroid|realme|ricoh|rollei|samsung|sanyo|sharp|sigma|sony(?: ericsson)?|toshiba|traveler|vivo|vivitar|xiaomi|zte)"
)
_COMPANY = r"(?:[\s,.]+(?:co|corp|corporation|company|computer|electronics?|imaging|inc|ltd|mobile|optical|techwin)\b)*"
_PROGRAMS = (
    r"(?:the )?(?:acd\w*|adobe|affinity|android|apple|blender|canva|capture one|corel|facetune|figma|fotor|gimp|google"
    r"|imagemagick|imengine|inkscape|instagram|ipad|iphone|irfanview|krita|lightroom|luminar|matlab|microsoft|ms paint|paint"
    r"|photopea|photos?hop|picasa|picsart|pixelmator|pixel|prisma|snapchat|snapseed|vsco|windows|xnview|galaxy|redmi|leica"
    r"|camera|oneplus|huawei|samsung|gopro|dji|canon|nikon|sony)"
)
_FILE = r"(?:jpe?g|png|tiff?|hei[cf]|avif|webp|gif|bmp|psd|dng|nef|cr[23w]|arw|raf|orf|rw2|pef|srw|mov|mp4)"
_COUNTED = (
    r"(?:img|_?mg|_?dsc[nf]?|dscn|dscf|pxl|mvimg|wp|dji|gopr|gh|p|pict|sam|cimg|hpim|kif|imgp|_?igp|imag|fullsizer\w*|scan"
    r"|scanned|screen ?shot|bildschirmfoto|whatsapp image|signal|telegram|image|photo|picture|pic|bild|foto|untitled|unnamed"
    r"|download|file|burst|pano|collage|snapchat|fb_img|received|vsco)"
)
_CAMERA = re.compile(
    rf"(?:{_MAKERS}(?:\s[\w.,-]+)?\s+)?(?:digital\s+(?:still\s+)?camera|dsc|digicam|camera(?:\s?phone)?|digital\s+image)"
    rf"|(?-i:[A-Z0-9][A-Z0-9 .,&-]*)(?-i:DIGITAL (?:STILL )?CAMERA)|applemark|<[^<>]{{3,40}}>"
    rf"|{_MAKERS}{_COMPANY}[.\s]*|(?:{_MAKERS} )?exif[\s_]?(?:jpe?g|image)(?:[\s_]\w+)?|jpe?g(?:[\s_]\w+)?|charset\s*=\s*\S*"
    rf"|[\w .:-]*[\\/]?dcim(?:[\\/][\w\\/ .-]*)?|(?:[a-z]:)?\\?[\w.-]+\\[\w.-][\w\\ .-]*"
    rf"|(?:captured|created|drawn|edited|exported|made|processed|saved|shot|taken)\s+(?:by|in|on|using|with)\s+{_PROGRAMS}\b[^.]{{0,60}}"
    rf"|lead technologies inc\.?[\w .]*|file written by adobe photoshop\W*[\d.]*|intel\(r\) jpeg library.*|ascii|lavc[\d.]+",
    re.IGNORECASE,
)
_NAME_OF_A_FILE = re.compile(
    rf"[\w ().,@&+-]*\.{_FILE}|[_-]?{_COUNTED}[\s_.-]*\(?\d[\w\s().:~-]*|(?:19|20)\d{{6}}[_-]\d{{6}}\w*", re.IGNORECASE
)
_PLACEHOLDER = re.compile(
    r"(?:un(?:titled|named|known|defined|specified)|no (?:title|caption|description|name)|n/?a|none|null|nil|nan|default|test"
    r"|description|caption|title|headline|object ?name|image|photo|picture|enter .{0,40} here|lorem ipsum.*|x{3,}|asdf\w*)",
    re.IGNORECASE,
)
# A phone's mode: "dav", "hdr", "_cuva", "mde_vivid".
_MODE = re.compile(r"[_a-z][a-z_0-9]{0,11}(?:WO)?")
_WORDLESS = re.compile(r"[\W\d_]*")
_NOBODY = re.compile(
    rf"(?:{_PLACEHOLDER.pattern}|user|owner|admin(?:istrator)?|author|artist|photographer|camera ?owner|your name|picasa"
    rf"|{_MAKERS}{_COMPANY}|{_PROGRAMS}(?: [\d.]+)?|my (?:camera|phone))[.\s]*",
    re.IGNORECASE,
)


def is_no_caption(text: str) -> bool:
    """Return True for words no person wrote to say what the picture shows."""
    text = text.strip().strip("\"'“”")
    return is_no_title(text) or any(pattern.fullmatch(text) for pattern in (_MODE, _WORDLESS))


def is_no_title(text: str) -> bool:
    """Return True for the name of a file, a camera or nothing; an id of an agency is a title."""
    text = text.strip().strip("\"'“”")
    return any(pattern.fullmatch(text) for pattern in (_CAMERA, _NAME_OF_A_FILE, _PLACEHOLDER))


def is_nobody(text: str) -> bool:
    """Return True for what stands where a creator's name belongs and names nobody."""
    return bool(_NOBODY.fullmatch(text.strip()))
