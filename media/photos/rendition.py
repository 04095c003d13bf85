"""Renditions: the files readers get, made, labeled and swept."""

import contextlib
import logging
import os
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import models, transaction
from django.db.models import Count, Exists, F, OuterRef
from django.db.models.expressions import Combinable
from django.db.models.fields.files import FieldFile

from ..audience import ask
from ..errands import discard_later
from ..files import imaging, store, xmp_packet
from ..ledger.usage import Usage
from ..site import Site
from . import file_labels as labels

if TYPE_CHECKING:
    from .photo import Photo, PhotoQuerySet

log = logging.getLogger(__name__)

# What a story can go live with at once; everything else is made at its first request, or by an idle worker.
FIRST = {"crops": ("full",), "widths": (640, 1280), "formats": ("jpg",)}


def offered(photo: "Photo") -> dict:
    """Return what readers can ask for of the photo's present version: what is not there yet is made for the first who asks."""
    return {
        "version": photo.version,
        "crops": list(imaging.CROPS),
        "widths": [width for width, _ in imaging.rendition_sizes(photo.width, photo.height, "full")],
        "formats": ["avif", "webp", "jpg"],
    }


def audience_of(photo: Any, at: datetime) -> dict[str, Combinable]:
    """Return the conditions that readers see a photo now, and that they ever saw it; `photo` refers to an outer query."""
    return {
        "is_public": Exists(ask().live_uses(at).filter(photo=photo))
        | Exists(ask().portraits(photo))
        | ask().picture_of(photo, at),
        "was_public": Exists(Usage.objects.filter(photo=photo)),
    }


class RenditionQuerySet(models.QuerySet):
    def superseded(self) -> Self:
        """Return the files of other pixels or another focal point than each photo has now."""
        return self.exclude(version=F("photo__version"))

    def replaced(self) -> Self:
        """Return the files of versions that are neither present nor offered to readers any more."""
        rows = self.superseded().values_list("pk", "version", "photo__delivered")
        return self.filter(pk__in=[key for key, version, offered in rows if offered.get("version") != version])

    def asked_for(self, photo: UUID, crop: str, format: str, at: datetime) -> Self:
        """Return a photo's files of one crop and format, narrowest first, each knowing whether readers see the photo."""
        found = self.filter(photo=photo, crop=crop, format=format).select_related("photo")
        return found.annotate(**audience_of(OuterRef("photo"), at)).order_by("width")

    def prepare(
        self,
        photo: "Photo",
        data: bytes,
        *,
        crops: Iterable[str] = tuple(imaging.CROPS),
        widths: Iterable[int] | None = None,
        formats: Iterable[str] = ("jpg", "webp"),
        taken_in: imaging.Opened | None = None,
    ) -> list[tuple["Rendition", bytes]]:
        """Return (row, bytes) of each file asked for that does not exist yet; nothing is stored."""
        stored = () if photo._state.adding else self.filter(photo=photo, version=photo.version)
        existing = {row.name for row in stored}
        said = labels.of(photo)
        made = [
            (
                Rendition(
                    photo=photo, version=photo.version, crop=each.crop, format=each.format, width=each.width,
                    height=each.height, byte_size=len(each.data), labels=labels.digest(said),
                    packet_at=xmp_packet.place(each.data),
                ),
                each.data,
            )
            for each in imaging.renditions(
                data, photo.focal_point, crops, widths, formats, xmp=labels.packet_of(said),
                redactions=photo.redactions, boxes=photo.crops, taken_in=taken_in,
            )
        ]  # fmt: skip
        return [(row, content) for row, content in made if row.name not in existing]

    def keep(self, prepared: list[tuple["Rendition", bytes]]) -> list["Rendition"]:
        """Store what `prepare` returned; no file stays behind where the rows cannot be written."""
        for row, content in prepared:
            default_storage.delete(row.path)
            row.file.name = default_storage.save(row.path, ContentFile(content))
        try:
            # A second task for the same photo may have been quicker; the files are the same.
            return self.bulk_create((row for row, _ in prepared), ignore_conflicts=True)
        except BaseException:
            discard_files([row.file.name for row, _ in prepared])
            raise

    def delivered(self, photo: "Photo") -> dict:
        """Return what readers can fetch of the photo's present version; empty when nothing is made yet."""
        is_begun = self.filter(photo=photo, version=photo.version, crop="full", format="jpg").exists()
        return offered(photo) if is_begun else {}

    def relabel(self, photos: "PhotoQuerySet") -> int:
        """Write the present credit into every file of these photos; return how many files changed.

        Facts may change while files are written, and another worker may have answered to that already: what the files
        say is compared once more with what is true afterwards.
        """
        changed = 0
        for _ in range(3):
            done: dict[str, list[int]] = {}
            for row, said in self.mislabelled(photos):
                row.relabel(said)
                done.setdefault(labels.digest(said), []).append(row.pk)
            if not done:
                break
            os.sync()
            with transaction.atomic():
                for digest, keys in done.items():
                    self.filter(pk__in=keys).update(labels=digest)
            changed += sum(map(len, done.values()))
        return changed

    def mislabelled(self, photos: "PhotoQuerySet") -> Iterator[tuple["Rendition", dict[str, Any]]]:
        """Yield the files of these photos that say something else than the photo's credit, each with what it must say."""
        for photo, said in self.outdated(photos):
            for row in self.filter(photo=photo).exclude(labels=labels.digest(said)):
                row.photo = photo
                yield row, said

    def outdated(self, photos: "PhotoQuerySet") -> Iterator[tuple["Photo", dict[str, Any]]]:
        """Yield those of these photos that have a file with another credit inside, each with what it must say."""
        site, found = Site.objects.default(), {}
        for photo, digest in self.filter(photo__in=photos).values_list("photo", "labels").distinct():
            found.setdefault(photo, set()).add(digest)
        for photo in photos.model.objects.filter(pk__in=found).with_credit():
            said = labels.of(photo, site)
            if found[photo.pk] != {labels.digest(said)}:
                yield photo, said

    def unfinished(self, photos: "PhotoQuerySet") -> list["Photo"]:
        """Return those of these photos that lack a file of their present version."""
        made = dict(
            self.filter(photo__in=photos, version=F("photo__version"))
            .order_by()
            .values_list("photo")
            .annotate(Count("pk"))
        )
        return [photo for photo in photos if self._lacks(photo, made.get(photo.pk, 0))]

    def _lacks(self, photo: "Photo", made: int) -> bool:
        def wanted(crops: Iterable[str]) -> int:
            sizes = (imaging.rendition_sizes(photo.width, photo.height, crop) for crop in crops)
            return sum(map(len, sizes)) * len(imaging.FORMATS)

        # Which crops a right allows is asked only of a photo that has not all of them.
        return made < wanted(imaging.CROPS) and made < wanted(photo.crops_allowed(imaging.CROPS))

    def sweep(self) -> int:
        """Delete these rows, and their files as soon as that is certain; return how many there were."""
        rows = list(self.values_list("pk", "file"))
        with transaction.atomic():
            Rendition.objects.filter(pk__in=[key for key, _ in rows]).delete()
            transaction.on_commit(lambda: discard_files(name for _, name in rows))
        return len(rows)

    def sweep_strays(self, photo: UUID, before: datetime) -> int:
        """Delete what a crash before the files' turn left: a photo's files of versions without rows.

        `before` spares those that are being written, whose rows are not committed yet.
        """
        known, folder = set(self.filter(photo=photo).values_list("version", flat=True)), folder_of(photo)
        unknown = [f"{folder}/{version}" for version in listed_in(folder)[0] if version not in known]
        names = [f"{place}/{name}" for place in unknown for name in listed_in(place)[1]]
        strays = [name for name in names if default_storage.get_modified_time(name) < before]
        discard_files(strays)
        return len(strays)


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
    labels = models.CharField(
        max_length=16, blank=True, help_text="A digest of the credit inside the file, so that a changed one is seen."
    )

    packet_at = models.PositiveIntegerField(
        null=True, editable=False, help_text="Where the credit begins in the file, so that only it is read and written."
    )

    objects = RenditionQuerySet.as_manager()

    class Meta:
        ordering = ["photo", "crop", "width", "format"]
        constraints = [
            models.UniqueConstraint(fields=["photo", "version", "crop", "width", "format"], name="rendition_once"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return f"{self.crop}-{self.width}.{self.format}"

    @property
    def path(self) -> str:
        """Return where the file is kept."""
        return f"{folder_of(self.photo_id)}/{self.version}/{self.name}"

    @property
    def etag(self) -> str:
        return f'"{self.version}-{self.crop}-{self.width}-{self.format}-{self.labels}"'

    def relabel(self, said: dict) -> None:
        """Overwrite the credit inside the file; where it does not fit, make the file anew."""
        try:
            write_packet(self.file, labels.packet_of(said), self.packet_at)
        except (xmp_packet.PacketTooLong, xmp_packet.PacketMissing, FileNotFoundError):
            Rendition.objects.filter(pk=self.pk).delete()
            discard_files([self.file.name])
            wanted = {"crops": (self.crop,), "widths": (self.width,), "formats": (self.format,)}
            Rendition.objects.keep(Rendition.objects.prepare(self.photo, self.photo.original(), **wanted))


def write_packet(file: FieldFile, xmp: bytes, at: int | None) -> None:
    """Overwrite a stored file's packet: in place on a disk, as a whole in an object store."""
    try:
        path = file.path
    except NotImplementedError:
        with file.open("rb") as stored:
            content = xmp_packet.replaced(stored.read(), xmp)
        with file.storage.open(file.name, "wb") as stored:
            stored.write(content)
    else:
        xmp_packet.overwrite(path, xmp, at)


def folder_of(photo: UUID) -> str:
    """Return where a photo's files are kept; the folder's first level spreads photos evenly."""
    return f"renditions/{photo.hex[-2:]}/{photo}"


def listed_in(folder: str) -> tuple[list[str], list[str]]:
    """Return the folders and the files inside; nothing where there is no such folder."""
    try:
        return default_storage.listdir(folder)
    except FileNotFoundError:
        return [], []


def discard_files(names: Iterable[str]) -> None:
    """Delete these files; what a store keeps that does not answer is left to a worker."""
    left = list(names)
    try:
        while left:
            delete_file(left[-1])
            left.pop()
    except Exception as error:
        if not store.is_down(error):
            raise
        log.warning("The store of photos does not answer; %d files are deleted later.", len(left), exc_info=True)
        if not transaction.get_connection().needs_rollback:
            discard_later(left)


def delete_file(name: str) -> None:
    with contextlib.suppress(FileNotFoundError):
        default_storage.delete(name)
