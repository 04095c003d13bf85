"""Links that show a story to someone without an account."""

import re
from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone

from media.one_line import LineField
from media.permissions import Actor, require

from ..history.audit import AuditEntry
from ..history.version import Version
from .preview_token import DIGEST, RANDOM_PART, TokenField, digest_of, make_token

if TYPE_CHECKING:
    from .article import Article


class PreviewLinkQuerySet(models.QuerySet):
    def open(self, at: datetime) -> Self:
        return self.filter(revoked_at__isnull=True, expires_at__gt=at)

    def shared_as(self, token: str) -> Self:
        """Return the link with this token, in whatever way it is kept."""
        if not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", token):
            return self.none()
        return self.filter(token__in=[token, digest_of(token)])

    def seal(self) -> int:
        """Keep digests in place of tokens from before, which still open their links; return how many."""
        rows = self.exclude(token__startswith=RANDOM_PART).exclude(token__startswith=DIGEST)
        return sum(self.filter(pk=pk).update(token=digest_of(token)) for pk, token in rows.values_list("pk", "token"))

    @transaction.atomic
    def share(
        self,
        article: "Article",
        *,
        by: Actor | None,
        expires_at: datetime,
        version: Version | None = None,
        note: str = "",
        at: datetime | None = None,
    ) -> "PreviewLink":
        """Create a link for someone without an account. Sharing a restricted story takes the right to edit others' stories."""
        at = at or timezone.now()
        require(by, "articles.share_preview", to="share preview links")
        article.require_reach(by, to="share previews")
        article.require_unsealed()
        if by is not None and article.is_restricted:
            require(by, "articles.edit_others_articles", to="share a restricted story")
        if expires_at <= at:
            raise ValidationError("The expiry date is in the past. Choose a later date.")
        link = self.create(
            article=article, version=version, note=note[:200], by=by, created_at=at, expires_at=expires_at
        )
        AuditEntry.record("preview.shared", at=at, by=by, article=article, note=note)
        return link


class PreviewLink(models.Model):
    """Lets someone without an account see one version, or the working copy, until it expires or is revoked."""

    token = TokenField(max_length=64, unique=True, default=make_token, editable=False)
    article = models.ForeignKey("Article", on_delete=models.CASCADE, related_name="preview_links")
    version = models.ForeignKey(
        "Version",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Leave empty to show the working copy as it is when the link is opened.",
    )
    note = LineField(max_length=200, blank=True, help_text="For whom, such as “Legal”.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = PreviewLinkQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"preview of {self.article}"

    @property
    def can_be_shown(self) -> bool:
        """Return True if the token is known here: of one made before it was derived, only a digest is kept."""
        return not self.token.startswith(DIGEST)

    def is_open(self, at: datetime) -> bool:
        return self.revoked_at is None and at < self.expires_at

    def revoke(self, *, by: Actor | None, at: datetime | None = None) -> None:
        at = at or timezone.now()
        require(by, "articles.share_preview", to="revoke preview links")
        self.article.require_reach(by, to="revoke previews")
        PreviewLink.objects.filter(pk=self.pk, revoked_at__isnull=True).update(revoked_at=at)
        self.refresh_from_db(fields=["revoked_at"])
        AuditEntry.record("preview.revoked", at=at, by=by, article=self.article)
