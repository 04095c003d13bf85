"""What a caption looks like in front of a company in brackets.

"Marla Quist in “Low Tide” (Netflix)" describes a picture, and the bracket is its credit; "The Irishman (Netflix)" names
a film and who shows it."""

from __future__ import annotations

import re

from media.credits.name_shapes import has_person_shape, is_surely_person

_QUOTES = "\"'”’»"
_TITLE_OF_PERSON = re.compile(
    r"\b(?:Adm|Capt|Cmdr|Col|Det|Dr|Fr|Gen|Gov|Hon|Insp|Jr|Lt|Maj|Mr|Mrs|Ms|Prof|Rep|Rev|Sen|Sgt|Sr|Supt|[Ff]eat)\.$"
)
_POSITION = re.compile(
    r",? (?:far )?(?:left|right|cent(?:er|re)|above|below),|[([](?:far |from )?(?:left|right|cent(?:er|re)|[lrc]|l-r)[)\]]"
    r"|\b(?:from left|left to right|back row|front row|pictured|seen here)\b",
    re.IGNORECASE,
)
_SCENE = re.compile(
    r"(?:(?:A |The )?(?:film |movie |publicity )?(?:scenes?|stills?|image|picture|photo|cast|stars)(?: and crew)? (?:of|from|in)) ",
    re.IGNORECASE,
)
_IN_PICTURE = re.compile(
    r" (?:in|on|as|at|with|during|from|onstage|backstage"
    r"|(?:appear|arrive|attend|perform|pose|sing|speak|star|walk)s?(?: (?:in|on|as|at|with|during|for))? )\b"
)
_SOURCE = re.compile(
    r"\s*(?:sources?|quellen?|fontes?|fonti|fuentes?|bron(?:nen)?|k[äa]llor|källa|kilder?|źródło|lähde) ?: ",
    re.IGNORECASE,
)
_BYLINE = re.compile(r"\s*(?:By|BY|by) ([^/|,\n]{3,60}?)\s*(?:[|,]|\s[-–—]\s)[^/\n]*$")
_QUOTED_AT_END = re.compile(r"[“‘\"'«][^“”\"«»]{2,60}[”’\"'»]$")


def ends_sentence(text: str) -> bool:
    """Return True if the last word closes a sentence, inside or outside quotation marks."""
    return text.rstrip().rstrip(_QUOTES)[-1:] in {".", "!", "?", "…"} and not _TITLE_OF_PERSON.search(text.rstrip())


def tells_of_picture(text: str) -> bool:
    """Return True if a caption, or a fragment of one, says who or what is shown; a bare title does not."""
    text = text.strip()
    return bool(ends_sentence(text) or _POSITION.search(text) or _SCENE.match(text)) or _opens_with_people(text)


def _opens_with_people(text: str) -> bool:
    joint = _IN_PICTURE.search(text)
    people = _people(text[: joint.start()] if joint else text)
    is_quoted = bool(joint and _QUOTED_AT_END.search(text))
    return all(map(has_person_shape, people)) and (
        any(map(is_surely_person, people)) or (is_quoted and all(" " in name for name in people))
    )


def _people(text: str) -> list[str]:
    """ "A, B and C" as three; a comma without "and" behind it sets off something else."""
    listed, joint, last = text.rpartition(" and ") if " and " in text else text.rpartition(" & ")
    return [*listed.rstrip(",").split(", "), last] if joint else [text]


def is_quotation(text: str) -> bool:
    """Return True if a text is somebody's words, so that a name behind it is the speaker's."""
    return text.strip()[:1] in '"“«' and text.strip()[-1:] in '"”»'


def names_source(text: str) -> bool:
    """Return True for "Source: Variety" and "By Pia Lund | Reuters", which name the writer, even of a photo agency."""
    byline = _BYLINE.match(text)
    return bool(_SOURCE.match(text) or (byline and has_person_shape(byline[1])))


def abbreviates(line: str, before: str) -> bool:
    """Return True for "African News Agency (ANA)", which names one organization twice."""
    words = re.findall(r"[^\W_]+", before[-100:])[-len(line) :]
    return 1 < len(line) == len(words) and line.isupper() and line == "".join(word[0] for word in words)
