"""Tokens of preview links. What the database keeps of one opens nothing: half of it follows from SECRET_KEY.

A token is random letters and their signature. Kept are the letters alone (`~…`), so that colleagues can be shown the
address again. Of a token from before there is its digest (`#…`), or itself until the worker comes by.
"""

import hashlib
import re
import secrets
from base64 import urlsafe_b64encode
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.crypto import constant_time_compare, salted_hmac

RANDOM, SIGNATURE = 22, 32
SHAPE = re.compile(rf"[A-Za-z0-9_-]{{{RANDOM + SIGNATURE}}}")
RANDOM_PART, DIGEST = "~", "#"


def make_token() -> str:
    return _signed(secrets.token_urlsafe(16), settings.SECRET_KEY)


def is_ours(token: str) -> bool:
    """Return True if we made this token, under today's key or one of SECRET_KEY_FALLBACKS."""
    if not SHAPE.fullmatch(token):
        return False
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return any([constant_time_compare(token, _signed(token[:RANDOM], key)) for key in keys])


def digest_of(token: str) -> str:
    """Return what is kept of a token from before."""
    return DIGEST + _base64(hashlib.sha256(token.encode()).digest())


def shown(kept: str) -> str:
    """Return the token that is kept so, where that is possible."""
    return _signed(kept[1:], settings.SECRET_KEY) if kept.startswith(RANDOM_PART) else kept


def _signed(random: str, key: str) -> str:
    signature = salted_hmac("articles.preview_token", random, secret=key, algorithm="sha256").digest()
    return random + _base64(signature)[:SIGNATURE]


def _base64(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")


class TokenField(models.CharField):
    """Keeps the random part of a token of ours, and gives it back signed."""

    def from_db_value(self, value: str | None, *_: Any) -> str | None:
        return shown(value) if value else value

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)
        return RANDOM_PART + value[:RANDOM] if isinstance(value, str) and is_ours(value) else value
