"""Reads an agency's kill notice as it comes in by mail: what it wants, and which pictures it may mean.

Pure: text in, frozen dataclass out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class NoticeText:
    """`kind` is kill, elimination, withhold or correction; `ids` are all that may be a picture's, as written; `labelled`
    are those the text itself calls an id."""

    kind: str
    ids: tuple[str, ...] = ()
    labelled: tuple[str, ...] = ()


_KINDS = (
    ("withhold", r"\b(?:with-?h(?:o|e)ld|advisory hold|hold for)\b"),
    ("elimination", r"\beliminat"),
    ("kill", r"\bkill(?:ed|s)?\b|\bdelete\b|\bremove\b|\bno longer be used\b"),
    ("correction", r"\bcorrect(?:ion|s|ed)?\b|\bADDITION\b|\bshould read\b"),
)
_TOKEN = re.compile(r"(?<![\w@./-])[A-Za-z]{0,12}[-_]?\d[\w-]{4,60}(?:\.(?:jpe?g|tiff?|png|webp|avif))?(?![\w@])", re.I)
_LABEL = re.compile(
    r"(?:\bid(?:entifier)?s?|\bimages?|\bphotos?|\bpictures?|\bassets?|\beditorial|\bslug|\bnumbers?|\bno\.|\bref(?:erence)?|#)"
    r"(?:\s+(?:ids?|numbers?|no\.|nos\.|codes?))?\s*[:#=]?\s*$",
    re.I,
)
_DATE = re.compile(
    r"(?:19|20)\d\d[-/.]?[01]\d[-/.]?[0-3]\d(?:T\d+)?$|\d{1,2}(?:st|nd|rd|th)$|\d{4,6}(?:GMT|UTC|EST|EDT|Z)$", re.I
)
_REUTERS = re.compile(r"\bRC[12][A-Z0-9]{9,10}\b")
_RANGE = re.compile(
    r"(?<![\w@./-])(?P<prefix>[A-Za-z]{1,12}[-_]?)?(?P<first>\d{2,12})\s*(?:-|–|—|\.\.|\bto\b|\bthru\b|\bthrough\b)\s*"
    r"(?P<again>[A-Za-z]{1,12}[-_]?)?(?P<last>\d{1,12})(?![\w/-])",
    re.I,
)
MOST_IN_RANGE = 100
_SHA256 = re.compile(r"\b[0-9a-f]{64}\b", re.I)


def read(text: str) -> NoticeText:
    """Return what a notice asks for; in doubt a kill, because a picture wrongly gone comes back with one click."""
    labelled: list[str] = []
    others: list[str] = []
    for match in _TOKEN.finditer(text[:50_000]):
        word = match[0].strip("-_.")
        if _DATE.match(word) or sum(char.isdigit() for char in word) < 4:
            continue
        before = text[max(0, match.start() - 40) : match.start()]
        is_next = bool(labelled) and re.fullmatch(rf".*{re.escape(labelled[-1])}\s*(?:,|;|and|&|/|\s)\s*", before, re.S)
        (labelled if _LABEL.search(before) or is_next else others).append(word)
    reuters = _REUTERS.findall(text)
    labelled += [*reuters, *(word for match in _RANGE.finditer(text[:50_000]) for word in _between(match))]
    labelled = [word for word in labelled if not _is_range(word)]
    others = [word for word in others if word not in reuters and not _is_range(word)]
    digests = [match[0].lower() for match in _SHA256.finditer(text)]
    return NoticeText(
        kind=next((kind for kind, pattern in _KINDS if re.search(pattern, text, re.I)), "kill"),
        ids=tuple(dict.fromkeys([*digests, *labelled, *others])),
        labelled=tuple(dict.fromkeys([*digests, *labelled])),
    )


def _is_range(word: str) -> bool:
    match = _RANGE.fullmatch(word)
    return bool(match and _between(match))


def _between(match: re.Match[str]) -> list[str]:
    """Return every id of “AB101-AB109” or “AB101 thru 105”; none where it may be a date or a span of numbers."""
    prefix, first, last = match["prefix"] or "", match["first"], match["last"]
    if (match["again"] or prefix).casefold() != prefix.casefold() or (not prefix and len(first) < 6):
        return []
    is_dash = not re.search(
        r"[a-z.]", match[0][match.end("first") - match.start() : match.start("last") - match.start()], re.I
    )
    if is_dash and not match["again"] and len(last) < len(first):
        return []
    last = first[: len(first) - len(last)] + last if len(last) < len(first) else last
    count = int(last) - int(first) + 1
    if not 1 < count <= MOST_IN_RANGE or _DATE.match(f"{first}-{match['last']}"):
        return []
    return [f"{prefix}{number:0{len(first)}d}" for number in range(int(first), int(last) + 1)]
