"""API tokens, and the responses kept for idempotent requests."""

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.http import HttpResponse
from django.utils import timezone

from media.one_line import LineField
from media.permissions import Actor

from ..history.audit import AuditEntry

KEPT_FOR = timedelta(hours=24)
# The time of last use is saved once a minute at most, so that a busy feed does not write on every request.
NOTED_EVERY = timedelta(minutes=1)


def digest_of(text: str | bytes) -> str:
    return hashlib.sha256(text.encode() if isinstance(text, str) else text).hexdigest()


class ApiTokenQuerySet(models.QuerySet):
    def open(self, at: datetime) -> Self:
        alive = models.Q(expires_at__isnull=True) | models.Q(expires_at__gt=at)
        return self.filter(alive, revoked_at__isnull=True)

    def issue(
        self,
        user: Actor,
        *,
        name: str,
        expires_at: datetime | None = None,
        by: Actor | None = None,
        at: datetime | None = None,
    ) -> tuple["ApiToken", str]:
        """Create a token for a colleague. Return it and its secret, which is not stored and is shown only this once."""
        at = at or timezone.now()
        if not user.is_staff or not user.is_active:
            raise ValidationError(f"{user} is not an active colleague. A token acts in a colleague’s name.")
        if expires_at is not None and expires_at <= at:
            raise ValidationError("The expiry date is in the past. Choose a later date or leave it empty.")
        prefix, secret = secrets.token_hex(4), secrets.token_urlsafe(32)
        words = f"mq_{prefix}_{secret}"
        with transaction.atomic():
            token = self.create(
                user=user, name=name, prefix=prefix, digest=digest_of(words), expires_at=expires_at, created_at=at
            )
            AuditEntry.record("token.issued", at=at, by=by, subject=str(token), note=f"acts as {user}")
        return token, words

    def bearer(self, words: str, at: datetime) -> "ApiToken | None":
        """Return the valid token with this secret, if its owner is still active staff."""
        parts = words.split("_", 2)
        if len(parts) != 3 or parts[0] != "mq" or not parts[1].isalnum():
            return None
        token = self.open(at).select_related("user").filter(prefix=parts[1]).first()
        if token is None or not hmac.compare_digest(token.digest, digest_of(words.encode("utf-8", "replace"))):
            return None
        return token if token.user.is_active and token.user.is_staff else None


class ApiToken(models.Model):
    """Lets a feed or a script act as a colleague. Only a digest of the secret is stored."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="api_tokens",
        help_text="Whoever uses the token can do what this colleague can do.",
    )
    name = LineField(max_length=100, help_text="What uses it, such as “Wire import”.")
    prefix = models.CharField(max_length=8, unique=True, editable=False)
    digest = models.CharField(max_length=64, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField(null=True, blank=True, help_text="Leave empty to keep it until it is revoked.")
    last_used_at = models.DateTimeField(null=True, blank=True, editable=False)
    revoked_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        verbose_name = "API token"

    def __str__(self) -> str:
        return f"{self.name} (mq_{self.prefix}_…)"

    def note_use(self, at: datetime) -> None:
        stale = models.Q(last_used_at__isnull=True) | models.Q(last_used_at__lt=at - NOTED_EVERY)
        if self.last_used_at is None or self.last_used_at < at - NOTED_EVERY:
            ApiToken.objects.filter(stale, pk=self.pk).update(last_used_at=at)

    def revoke(self, *, by: Actor | None, at: datetime | None = None) -> None:
        """Revoke the token. Requests that use it are refused from now on."""
        at = at or timezone.now()
        with transaction.atomic():
            if ApiToken.objects.filter(pk=self.pk, revoked_at__isnull=True).update(revoked_at=at):
                AuditEntry.record("token.revoked", at=at, by=by, subject=str(self))
        self.refresh_from_db(fields=["revoked_at"])


class KeptAnswerQuerySet(models.QuerySet):
    def claim(self, token: ApiToken, key: str, request_digest: str, at: datetime) -> tuple["KeptAnswer", bool]:
        """Return the row of this Idempotency-Key and whether it is new. Call it in the transaction of the request's action.

        If two requests with one key arrive at the same moment, the second waits here until the first is answered.
        """
        self.filter(token=token, at__lte=at - KEPT_FOR).delete()
        try:
            with transaction.atomic():
                return self.create(token=token, key=key, request_digest=request_digest, at=at), True
        except IntegrityError:
            return self.get(token=token, key=key), False


class KeptAnswer(models.Model):
    """The response sent for an Idempotency-Key. A repeated request gets the same response, and nothing happens twice."""

    token = models.ForeignKey(ApiToken, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=200)
    request_digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    headers = models.JSONField(default=dict)
    body = models.TextField(blank=True)
    at = models.DateTimeField()

    objects = KeptAnswerQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["token", "key"], name="kept_answer_once_per_key")]
        indexes = [models.Index(fields=["at"], name="kept_answer_oldest")]

    def __str__(self) -> str:
        return self.key

    def keep(self, response: HttpResponse) -> None:
        self.status, self.body = response.status_code, response.content.decode()
        self.headers = {name: response[name] for name in ("Location", "ETag") if name in response}
        self.save()
