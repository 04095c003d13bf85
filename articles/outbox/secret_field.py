"""A secret that is encrypted in the database, under a key that follows from SECRET_KEY.

What was encrypted under a key of SECRET_KEY_FALLBACKS is still read; the worker encrypts it anew.
"""

import hmac
from base64 import urlsafe_b64encode
from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import models

# How each value begins that is not encrypted: those of Standard Webhooks.
CLEAR = "whsec_"


def sealed(secret: str) -> str:
    return _box((settings.SECRET_KEY,)).encrypt(secret.encode()).decode()


def opened(kept: str) -> str:
    """Return the secret; what no key opens stays as it is, so that saving its row does not lose it."""
    if kept.startswith(CLEAR):
        return kept
    try:
        return _box((settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)).decrypt(kept.encode()).decode()
    except InvalidToken:
        return kept


def is_sealed_today(kept: str) -> bool:
    """Return True if today's key opens it."""
    try:
        _box((settings.SECRET_KEY,)).decrypt(kept.encode())
    except InvalidToken:
        return False
    return True


@lru_cache(maxsize=8)
def _box(keys: tuple[str, ...]) -> MultiFernet:
    derived = (hmac.digest(key.encode(), b"articles.outbox.secret_field", "sha256") for key in keys)
    return MultiFernet([Fernet(urlsafe_b64encode(key)) for key in derived])


class SecretField(models.CharField):  # type: ignore[type-arg]  # At run time the field takes no parameters.
    """Text that begins with `whsec_`, encrypted where it is kept."""

    def from_db_value(self, value: str | None, *_: Any) -> str | None:
        return opened(value) if value else value

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)
        return sealed(value) if isinstance(value, str) and value.startswith(CLEAR) else value
