"""Where photos are used, in working copies and in live and coming editions."""

from collections.abc import Container, Iterable
from typing import Any, Self
from uuid import UUID

from django.db import models
from django.db.models import Q

from media.models import Photo

from ..text import body
from .edition import Edition


class PhotoUseQuerySet(models.QuerySet["PhotoUse"]):
    def of_editions(self) -> Self:
        return self.filter(edition__isnull=False)

    def of_working_copies(self) -> Self:
        return self.filter(edition__isnull=True)


class PhotoUse(models.Model):
    """Where a photo is used: in a working copy (no edition), or in a live or coming edition."""

    class Role(models.TextChoices):
        LEAD = "lead", "lead"
        BODY = "body", "body"
        GALLERY = "gallery", "gallery"
        SOCIAL = "social", "social"

    article = models.ForeignKey("Article", on_delete=models.CASCADE, related_name="photo_uses")
    edition = models.ForeignKey("Edition", null=True, blank=True, on_delete=models.CASCADE, related_name="photo_uses")
    photo = models.ForeignKey("media.Photo", on_delete=models.PROTECT, related_name="uses")
    role = models.CharField(max_length=10, choices=Role.choices)
    position = models.PositiveSmallIntegerField(default=0)
    own_caption = models.TextField(null=True, blank=True)  # noqa: DJ001  Missing means inherited, empty means none.

    objects = PhotoUseQuerySet.as_manager()

    class Meta:
        ordering = ["article", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["article", "position"], condition=Q(edition__isnull=True), name="photo_use_once_in_copy"
            ),
            models.UniqueConstraint(
                fields=["edition", "position"], condition=Q(edition__isnull=False), name="photo_use_once_in_edition"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} of {self.article}"

    @classmethod
    def rows(
        cls,
        article: models.Model,
        content: dict[str, Any],
        edition: Edition | None = None,
        known: Container[UUID] | None = None,
    ) -> list[Self]:
        """Return one row for each place a version shows a photo, in reading order. Photos that do not exist, or are not `known`, are left out."""
        places = cls.places(content)
        present = set(cls._known(UUID(str(key)) for _, key, _ in places)) if known is None else known
        return [
            cls(
                article=article,
                edition=edition,
                photo_id=UUID(str(key)),
                role=role,
                position=position,
                own_caption=caption,
            )
            for position, (role, key, caption) in enumerate(places)
            if UUID(str(key)) in present
        ]

    @staticmethod
    def places(content: dict[str, Any]) -> list[tuple[str, str | UUID, str | None]]:
        """Return (role, photo id, own caption) of every place a version shows a photo, in reading order."""
        places = [("lead", content["lead_photo"], content["lead_caption"])] if content["lead_photo"] else []
        places += [(place.role, place.block.photo, place.block.caption) for place in body.places_in(content["body"])]
        return places + ([("social", content["social_photo"], None)] if content["social_photo"] else [])

    @staticmethod
    def _known(keys: Iterable[UUID]) -> Iterable[UUID]:
        return Photo.objects.filter(pk__in=set(keys)).values_list("pk", flat=True)

    @classmethod
    def rewrite_working_copy(cls, article: models.Model, content: dict[str, Any]) -> None:
        present = cls.objects.of_working_copies().filter(article=article.pk)
        places = [(role, UUID(str(key)), caption) for role, key, caption in cls.places(content)]
        if list(present.order_by("position").values_list("role", "photo", "own_caption")) != places:
            present.delete()
            cls.objects.bulk_create(cls.rows(article, content))

    @classmethod
    def rewrite_editions(cls, article: models.Model, editions: Iterable[Edition], known: Container[UUID]) -> None:
        """Replace the rows of editions by those of the live and coming ones, for photos that are `known`."""
        cls.objects.of_editions().filter(article=article.pk).delete()
        rows = [row for edition in editions for row in cls.rows(article, edition.version.content, edition, known)]
        cls.objects.bulk_create(rows)
