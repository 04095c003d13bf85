from django.core.files.base import ContentFile
from django.db import models

from .. import imaging

# What a story can go live with at once; everything else is made by a task.
FIRST = {"crops": ("full",), "widths": (640, 1280), "formats": ("jpg",)}


class RenditionQuerySet(models.QuerySet):
    def current(self):
        """Return the files of each photo's present pixels and focal point; older ones wait to be swept."""
        return self.filter(version=models.F("photo__version"))

    def superseded(self):
        return self.exclude(version=models.F("photo__version"))

    def make(self, photo, *, crops=tuple(imaging.CROPS), widths=None, formats=("jpg", "webp")) -> list["Rendition"]:
        """Make and store the files of a photo's present version; those that exist already are kept."""
        existing = {row.name for row in self.filter(photo=photo, version=photo.version)}
        made = []
        for each in imaging.renditions(
            photo.original(), photo.focal_point, crops, widths, formats, redactions=photo.redactions
        ):
            row = Rendition(
                photo=photo, version=photo.version, crop=each.crop, format=each.format,
                width=each.width, height=each.height, byte_size=len(each.data),
            )  # fmt: skip
            if row.name not in existing:
                row.file.save(row.path, ContentFile(each.data), save=False)
                made.append(row)
        return self.bulk_create(made)

    def delivered(self, photo) -> dict:
        """Return what readers can fetch of the photo's present version; empty when nothing is made yet."""
        rows = list(self.filter(photo=photo, version=photo.version))
        full = [row for row in rows if row.crop == "full"]
        if not full:
            return {}
        formats = {row.format for row in full}
        return {
            "version": photo.version,
            "crops": [crop for crop in imaging.CROPS if any(row.crop == crop for row in rows)],
            "widths": sorted({row.width for row in full}),
            "formats": [name for name in ("avif", "webp", "jpg") if name in formats],
        }


class Rendition(models.Model):
    """One file readers may get: sized, cropped, re-encoded, the credit inside."""

    photo = models.ForeignKey("media.Photo", on_delete=models.CASCADE, related_name="renditions")
    version = models.CharField(max_length=16)
    crop = models.CharField(max_length=20)
    format = models.CharField(max_length=5)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    byte_size = models.PositiveIntegerField()
    file = models.FileField(max_length=200)

    objects = RenditionQuerySet.as_manager()

    class Meta:
        ordering = ["photo", "crop", "width", "format"]
        constraints = [
            models.UniqueConstraint(fields=["photo", "version", "crop", "width", "format"], name="rendition_once"),
        ]

    def __str__(self):
        return self.name

    @property
    def name(self) -> str:
        return f"{self.crop}-{self.width}.{self.format}"

    @property
    def path(self) -> str:
        """Where the file is kept; the folder's first level spreads photos evenly."""
        return f"renditions/{self.photo_id.hex[-2:]}/{self.photo_id}/{self.version}/{self.name}"
