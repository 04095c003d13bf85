"""The private address under which a colleague's calendar reads what is coming."""

import re
from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone

from media.permissions import Actor, require

from ..history.audit import AuditEntry
from .preview_token import TokenField, make_token


class CalendarLinkQuerySet(models.QuerySet):
    def open(self) -> Self:
        """Return those that were not revoked, of colleagues who may still sign in."""
        return self.filter(revoked_at__isnull=True, user__is_active=True, user__is_staff=True)

    def shared_as(self, token: str) -> Self:
        """Return the link with this token."""
        return self.filter(token=token) if re.fullmatch(r"[A-Za-z0-9_-]{1,64}", token) else self.none()

    @transaction.atomic
    def give(self, user: Actor, *, at: datetime | None = None) -> "CalendarLink":
        """Make a new address for this user. The one before, if there is one, leads nowhere from now on."""
        at = at or timezone.now()
        require(user, "articles.view_article", to="subscribe to stories")
        self.revoke(user, at=at, is_told=False)
        link = self.create(user=user, created_at=at)
        AuditEntry.record("calendar.shared", at=at, by=user)
        return link

    @transaction.atomic
    def revoke(self, user: Actor, *, at: datetime | None = None, is_told: bool = True) -> bool:
        """Close this user's address. Return True if there was one."""
        at = at or timezone.now()
        closed = self.filter(user=user, revoked_at__isnull=True).update(revoked_at=at)
        if closed and is_told:
            AuditEntry.record("calendar.revoked", at=at, by=user)
        return bool(closed)


class CalendarLink(models.Model):
    """Lets a calendar read, without a login, what one colleague may see of the day view."""

    token = TokenField(max_length=64, unique=True, default=make_token, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="calendar_links")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    revoked_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = CalendarLinkQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=models.Q(revoked_at__isnull=True), name="calendar_link_one_open"
            )
        ]

    def __str__(self) -> str:
        return f"calendar of {self.user}"
