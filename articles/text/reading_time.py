"""How long a story is, and how long it takes to read. Pure."""

import math
from typing import Any

from . import body

WORDS_PER_MINUTE = 238
"""Mean adult silent reading of English non-fiction (Brysbaert 2019)."""


def reading_time(words: int) -> int:
    """Return the minutes it takes to read this many words, rounded up, at least 1."""
    return max(1, math.ceil(words / WORDS_PER_MINUTE))


def counted(content: dict[str, Any]) -> dict[str, Any]:
    """Return the content of a version with its words and minutes counted again."""
    words = body.word_count(content["headline"], body.split(content["body"]), [content["lead_caption"] or ""])
    return content | {"word_count": words, "reading_time_minutes": reading_time(words)}
