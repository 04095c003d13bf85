"""Bylines and sources."""

from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone

from media.one_line import LineField

from .address import Addressed
from .facts import changed
from .handles import validate_handles
from .person import validate_urls
from .picture import picture


class Author(Addressed):
    """A staff byline. It can be linked to a user, and gives no permissions."""

    address_kind = "author"

    name = LineField(max_length=200, help_text="As shown in bylines.")
    job_title = LineField(max_length=200, blank=True)
    biography = models.TextField(blank=True)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="author"
    )
    photo = picture("Shown on cards and on the author’s page, as far as its rights allow.")
    handles = models.JSONField(
        default=dict,
        db_default=models.Value({}, models.JSONField()),
        blank=True,
        validators=[validate_handles],
        help_text="The author’s names on social networks, without the @.",
    )
    same_as = models.JSONField(
        default=list,
        blank=True,
        validators=[validate_urls],
        help_text="Addresses of the author elsewhere (schema.org sameAs).",
    )

    class Meta:
        ordering = ["name"]
        indexes = [models.Index(fields=["photo"], name="author_photo", condition=models.Q(photo__isnull=False))]
        constraints = [
            models.UniqueConstraint(
                fields=["slug"],
                name="author_slug_unique",
                violation_error_message="Another author already has this address.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def path(self) -> str:
        return f"/author/{self.slug}/"


class Source(models.Model):
    """Where a story came from, such as AP or a partner."""

    name = LineField(max_length=200, unique=True)
    url = models.URLField("web address", blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        with transaction.atomic():
            super().save(*args, **kwargs)
            changed("source", [self.pk], at=timezone.now(), note=self.name)
