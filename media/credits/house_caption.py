"""What a caption says once everything that is not about the picture is taken away."""

from __future__ import annotations

import re

from media.credits.line import split
from media.credits.vocabulary import Vocabulary

_DATELINE = re.compile(
    r"\s*(?:\([^)]{1,40}\)\s*)?[A-Z][A-Z0-9 .,'’/&()À-Þ-]{1,80}?\s*[-–—]\s*"
    r"(?:JANUARY|FEBRUARY|MARCH|APRIL|MAY|JUNE|JULY|AUGUST|SEPTEMBER|OCTOBER|NOVEMBER|DECEMBER|[A-Z]{3}\.?)\s+\d{1,2}"
    r"(?:,?\s+\d{4})?\s*:\s*"
)
_WIRE_DATELINE = re.compile(
    r"\s*[A-Z][A-Z .,'’À-Þ-]{1,40}(?:, [A-Z][\w. ]{1,20})?\s*\((?:Reuters|AP|AFP|UPI|EFE|PTI|IANS|ANI)\)\s*[-–—]+\s*"
)
_FILE_PREFIX = re.compile(
    r"\s*(?:\(?FILES?\)?(?:\s+(?:PHOTO|IMAGE|PICTURE))?\)?\s*[-–—:]+|\(FILES?\)|TOPSHOT\s*[-–—]|File\s+[-–—])\s*"
)
_PAGE_WORDS = ("... [+]", "…[+]", "[+]", "| License Photo", "hide caption", "toggle caption", "License Photo")


def house_caption(text: str, vocabulary: Vocabulary) -> str:
    """Return what a house caption can start from: no credit, agency dateline, FILE prefix or page furniture."""
    return tidied(split(text, vocabulary).caption)


def tidied(caption: str) -> str:
    """Return the same of a caption that is split from its credit already."""
    caption = " ".join(caption.split())
    caption = re.sub(r"^Image caption[:,]? ", "", caption)
    for pattern in (_FILE_PREFIX, _DATELINE, _WIRE_DATELINE, _FILE_PREFIX):
        caption = pattern.sub("", caption, count=1) if pattern.match(caption) else caption
    for words in _PAGE_WORDS:
        caption = caption.removesuffix(words).rstrip()
    return caption
