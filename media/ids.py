"""Identifiers of rows that appear in URLs, JSON and bodies."""

from uuid import UUID

import uuid6


def read_id(text: str) -> UUID | None:
    """Return the identifier that a text is; None for any other text."""
    try:
        return UUID(text)
    except ValueError:
        return None


def new_id() -> UUID:
    """Return a UUIDv7 (RFC 9562 section 5.7): random, yet sorted by the moment it was made."""
    return UUID(bytes=uuid6.uuid7().bytes)
