"""The keywords of a photo: what it can be found by besides its caption, people and event."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError

MOST_KEYWORDS, LONGEST_KEYWORD = 200, 100


def tidy_keywords(given: Iterable[Any]) -> list[str]:
    """Return keywords as they are kept: each once, on one line."""
    found: dict[str, str] = {}
    for word in filter(None, (" ".join(str(each).split()) for each in given)):
        found.setdefault(word.casefold(), word)
    return list(found.values())


def fitting_keywords(given: Iterable[Any]) -> list[str]:
    """Return what a file gives as keywords, as far as it fits."""
    return tidy_keywords(str(each)[:LONGEST_KEYWORD] for each in given)[:MOST_KEYWORDS]


def validate_keywords(value: Any) -> None:
    """Raise ValidationError unless these are keywords a photo can keep."""
    if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
        raise ValidationError("Enter keywords with commas between them.")
    if len(value) > MOST_KEYWORDS:
        raise ValidationError(f"Enter at most {MOST_KEYWORDS} keywords.")
    if long := next((word for word in value if len(word) > LONGEST_KEYWORD), None):
        raise ValidationError(
            f"“{long[:40]}…” is longer than {LONGEST_KEYWORD} characters. Put a comma between keywords."
        )
