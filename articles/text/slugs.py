"""What a slug is: the last part of an address. Pure."""

import re

PATTERN = r"[a-z0-9]+(?:-[a-z0-9]+)*"
WHOLE = f"^{PATTERN}$"
LENGTH = 80


def is_slug(text: str) -> bool:
    """Return True if this could be the slug of something."""
    return len(text) <= LENGTH and re.fullmatch(PATTERN, text) is not None


def is_made_of(slug: str, base: str) -> bool:
    """Return True if this is that slug, or that slug with a number."""
    stem, _, number = slug.rpartition("-")
    return slug == base or (stem == base and number.isdecimal())
