"""The picture of an entry: a photo of the desk's, shown as far as its rights allow (articles/live/entries.py asks them)."""

from django.db import models


def picture(help_text: str, verbose_name: str | None = None) -> models.ForeignKey:
    return models.ForeignKey(
        "media.Photo",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        verbose_name=verbose_name,
        help_text=help_text,
    )
