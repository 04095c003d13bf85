"""Captions: as supplied, and the house caption."""

from typing import Any

from django.db import models, transaction
from django.utils import timezone
from django.utils.text import Truncator


class Caption(models.Model):
    """A photo's caption: as supplied, or in the words of the desk (the house caption)."""

    class Kind(models.TextChoices):
        SUPPLIED = "supplied", "as received"
        HOUSE = "house", "house"

    photo = models.ForeignKey("media.Photo", on_delete=models.CASCADE, related_name="captions")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    text = models.TextField(
        blank=True, help_text="Who is where, when, doing what. Leave the credit out: it is added from its parts."
    )
    alt = models.TextField(
        "alt text", blank=True, max_length=1000, help_text="Describe the picture for people who cannot see it."
    )
    decorative = models.BooleanField(
        default=False, help_text="The picture adds nothing to the text, so screen readers skip it."
    )

    class Meta:
        ordering = ["photo", "kind"]
        constraints = [
            models.UniqueConstraint(
                fields=["photo", "kind"],
                name="caption_once_per_kind",
                violation_error_message="This photo already has a caption of this kind.",
            ),
            models.CheckConstraint(
                condition=models.Q(decorative=False) | models.Q(alt=""),
                name="caption_decorative_has_no_alt",
                violation_error_message="A decorative picture has no alt text. Uncheck “decorative” or clear the alt text.",
            ),
        ]

    def __str__(self) -> str:
        return Truncator(self.text).chars(80) or "(empty caption)"

    def save(self, *args: Any, **kwargs: Any) -> None:
        with transaction.atomic():
            super().save(*args, **kwargs)
            self.photo.announce("caption.changed", at=timezone.now())

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        with transaction.atomic():
            done = super().delete(*args, **kwargs)
            self.photo.announce("caption.changed", at=timezone.now())
        return done
