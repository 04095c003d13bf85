"""Forms that were sent: whoever sends one again is given the first answer, and nothing happens twice."""

import hmac
import json
import zlib
from base64 import urlsafe_b64encode
from datetime import datetime, timedelta
from typing import Any

from cryptography.fernet import Fernet
from django.db import IntegrityError, models, transaction

KEPT_FOR = timedelta(days=1)


class SentFormQuerySet(models.QuerySet):
    def claim(self, digest: str, at: datetime) -> tuple["SentForm", bool]:
        """Return the row of this form and whether it is new. Call it in the transaction of what the form does.

        If a form is sent twice at the same moment, the second waits here until the first is answered.
        """
        try:
            with transaction.atomic():
                return self.create(digest=digest, at=at), True
        except IntegrityError:
            return self.get(digest=digest), False


class SentForm(models.Model):
    """The answer to one form of one person at one address, with one content: all of them make the digest.

    The answer may hold a headline or a new token, so only the form's own key, which is not stored, opens it.
    """

    digest = models.CharField(max_length=64)
    answer = models.BinaryField(default=bytes)
    at = models.DateTimeField()

    objects = SentFormQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["digest"], name="sent_form_once")]
        indexes = [models.Index(fields=["at"], name="sent_form_oldest")]

    def __str__(self) -> str:
        return self.digest[:8]

    def keep(self, key: str, answer: dict[str, Any]) -> None:
        self.answer = _box(key).encrypt(zlib.compress(json.dumps(answer).encode()))
        self.save(update_fields=["answer"])

    def opened(self, key: str) -> dict[str, Any]:
        """Return the answer that `keep` was given."""
        return json.loads(zlib.decompress(_box(key).decrypt(bytes(self.answer))))


def _box(key: str) -> Fernet:
    return Fernet(urlsafe_b64encode(hmac.digest(key.encode(), b"articles.access.sent_form", "sha256")))
