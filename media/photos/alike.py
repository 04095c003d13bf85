"""Photos that look alike: copies of killed pictures, held for a person, and others of the same scene, found when asked."""

import logging
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.db import models, transaction
from django.utils import timezone
from PIL import Image

from ..files import imaging
from ..files.perceptual_hash import SAME, SIMILAR, distance, hashes_of_crops, neighbors, perceptual_hash, quarters
from ..files.unusable import UnusableImage
from ..permissions import Actor, require
from .notice import Notice

if TYPE_CHECKING:
    from .photo import Photo

log = logging.getLogger(__name__)

MOST_SIMILAR = 200

_QUARTERS = ("first", "second", "third", "fourth")


def _quarter(shift: int) -> models.GeneratedField:
    part = models.F("bits").bitrightshift(shift).bitand(0xFFFF)
    return models.GeneratedField(expression=part, output_field=models.IntegerField(), db_persist=True)


class HashQuerySet(models.QuerySet):
    def near(self, bits: int, within: int) -> list[tuple[int, Any]]:
        """Return (distance, key) of every hash in which at most so many bits differ, the nearest first.

        Of four quarters, one differs in at most a quarter of those bits: whatever has none so near is never read.
        """
        rows = self.filter(_shares_a_quarter(bits, within // 4)).values_list("bits", "pk")
        found = [(differing, key) for other, key in rows if (differing := distance(bits, other)) <= within]
        return sorted(found, key=lambda each: each[0])


def _shares_a_quarter(bits: int, radius: int) -> models.Q:
    found = models.Q(pk__in=[])
    for name, quarter in zip(_QUARTERS, quarters(bits), strict=True):
        found |= models.Q(**{f"{name}__in": neighbors(quarter, radius)})
    return found


class Hashed(models.Model):
    """A perceptual hash, and its four quarters by index (multi-index hashing)."""

    bits: Any
    first, second, third, fourth = (_quarter(shift) for shift in (48, 32, 16, 0))

    class Meta:
        abstract = True
        indexes = [models.Index(fields=[name], name=f"%(class)s_{name}") for name in _QUARTERS]

    def __str__(self) -> str:
        return f"{self.bits & (1 << 64) - 1:016x}" if self.bits is not None else "flat"


class PerceptualHashQuerySet(HashQuerySet):
    def bits_of(self, photo: UUID) -> int | None:
        """Return the hash of a photo, or None where there is none or the picture is too flat."""
        return self.filter(photo=photo).values_list("bits", flat=True).first()


class PerceptualHash(Hashed):
    """How the file of a photo looks."""

    photo = models.OneToOneField("media.Photo", primary_key=True, on_delete=models.CASCADE, related_name="looks")
    bits = models.BigIntegerField(null=True, help_text="Empty for a picture too flat to be told from others.")

    objects = PerceptualHashQuerySet.as_manager()


class KilledHashQuerySet(HashQuerySet):
    def standing(self) -> Self:
        """Return the hashes of pictures whose return a notice forbids now."""
        return self.filter(notice__kind__in=Notice.BLOCKING, notice__lifted_at__isnull=True)

    def nearest(self, bits: int | None) -> "KilledHash | None":
        """Return the hash of the killed picture that this one looks like, or None."""
        found = [] if bits is None else self.standing().near(bits, SAME)
        return KilledHash.objects.select_related("notice", "photo").get(pk=found[0][1]) if found else None


class KilledHash(Hashed):
    """How a killed picture looks, whole or trimmed: a mark of its notice that outlives the photo."""

    bits = models.BigIntegerField(help_text="What the picture looks like, as 64 bits: few differ between copies.")
    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="hashes")
    photo = models.ForeignKey("media.Photo", null=True, on_delete=models.SET_NULL, related_name="killed_hashes")

    objects = KilledHashQuerySet.as_manager()


class LooksKilled(UnusableImage):
    """A file that would replace another looks like a killed picture."""

    def __init__(self, notice: Notice) -> None:
        said = f" ({notice.reason})" if notice.reason else ""
        super().__init__(
            f"This file looks like a photo that was killed{said}, so it can’t replace this one. Upload it as a new photo: the photo desk will compare the two."
        )


class AlikeQuerySet(models.QuerySet):
    def to_compare(self) -> Self:
        """Return the photos that somebody must compare with a killed picture."""
        return self.filter(looks_like__isnull=False)

    def alike(self, photo: "Photo") -> Self:
        """Return the photos that look like this one, but for itself: of hundreds, the nearest."""
        bits = PerceptualHash.objects.bits_of(photo.pk)
        found = [] if bits is None else PerceptualHash.objects.exclude(pk=photo.pk).near(bits, SIMILAR)
        return self.filter(pk__in=[key for _, key in found[:MOST_SIMILAR]])

    def unseen(self) -> Self:
        """Return the photos of which nobody knows how they look, and the killed ones that only their file would betray."""
        killed = models.Q(notices__kind__in=Notice.BLOCKING, notices__lifted_at=None, state__in=["killed", "withheld"])
        is_bare = killed & models.Q(looks_like=None, looks__bits__isnull=False, killed_hashes=None)
        return self.filter(models.Q(looks=None) | is_bare, width__gt=0).distinct()


class Alike(models.Model):
    """The part of a Photo that knows what it looks like."""

    State: Any
    state: Any
    notices: Any
    renditions: Any
    killed_hashes: Any
    file: Any
    held: Any
    kill: Any
    announce: Any
    leave_renditions_to_a_worker: Any
    objects: Any

    looks_like = models.ForeignKey(
        "media.Notice", null=True, blank=True, db_index=False, editable=False, on_delete=models.SET_NULL,
        related_name="look_alikes",
        help_text="The notice about a killed picture that it looks like. Nobody can use it until someone has compared the two.",
    )  # fmt: skip

    class Meta:
        abstract = True

    # Questions

    @property
    def is_to_compare(self) -> bool:
        return self.looks_like_id is not None

    @property
    def killed_twin(self) -> "Photo | None":
        """Return the killed photo that it looks most like, if that is still here."""
        found = KilledHash.objects.nearest(PerceptualHash.objects.bits_of(self.pk))
        return found.photo if found else None

    def _seen(self) -> Iterator[Image.Image]:
        """Yield the picture small, from its original, then from ever smaller copies: whatever can be read."""
        copies = self.renditions.filter(crop="full").order_by("-width").values_list("file", flat=True)
        for name in filter(None, [self.file.name, *copies]):
            try:
                with default_storage.open(name) as file:
                    picture = imaging.open_master(file.read(), longest=320)
            except Exception:  # Stores raise errors of their own, and no kill may wait for one.
                log.warning("How photo %s looks could not be read from %s.", self.pk, name, exc_info=True)
            else:
                yield picture

    # Verbs

    def compare(self, bits: int | None, *, replaces: bool, by: Actor | None) -> None:
        """Keep how its new file looks; hold the photo for a person if that is like a killed picture.

        Raises LooksKilled if the file replaces another: what is live stays as it is.
        """
        PerceptualHash.objects.update_or_create(photo_id=self.pk, defaults={"bits": bits})
        killed = KilledHash.objects.nearest(bits)
        if killed is None:
            return
        if replaces:
            raise LooksKilled(killed.notice)
        self._stand(self.State.WITHHELD, killed.notice)
        self.announce("photo.held", at=timezone.now(), by=by, note=f"Looks like: {killed.photo or killed.notice}")

    def find_looks(self) -> bool:
        """Find out how a photo looks that came before hashes were kept; return False if its file can't be read."""
        picture = next(self._seen(), None)
        if picture is not None:
            PerceptualHash.objects.update_or_create(photo_id=self.pk, defaults={"bits": perceptual_hash(picture)})
            for notice in self.blocking_notices():
                self.keep_killed_hashes(notice)
        return picture is not None

    def _stand(self, state: str, notice: Notice | None) -> None:
        self.state, self.looks_like = state, notice
        type(self).objects.filter(pk=self.pk).update(state=state, looks_like=notice)

    @transaction.atomic
    def tell_apart(self, *, by: Actor | None, at: datetime | None = None) -> None:
        """Say that it is another picture than the killed one it was held for. Raises ValidationError, PermissionDenied."""
        require(by, "media.kill_photo", to="compare photos with killed ones")
        self._held_to_compare()
        self._release(by=by, at=at or timezone.now(), note="It is another picture than the killed one.")

    @transaction.atomic
    def join_kill(self, *, by: Actor | None, at: datetime | None = None) -> None:
        """Say that it is the killed picture: the same notice is about it. Raises ValidationError, PermissionDenied."""
        require(by, "media.kill_photo", to="compare photos with killed ones")
        notice = self._held_to_compare()
        withhold = notice.kind == Notice.Kind.WITHHOLD
        self.kill(by=by, reason=notice.reason, notice=notice, withhold=withhold, at=at)

    def _held_to_compare(self) -> Notice:
        """Hold the photo against colleagues who judge it too; return the notice it is held for."""
        notice = self.held().looks_like
        if notice is None:
            raise ValidationError(f"A colleague has already compared “{self}”. Nothing was changed.")
        return notice

    def _release(self, *, by: Actor | None, at: datetime, note: str) -> None:
        self._stand(self.State.READY, None)
        self.announce("photo.told_apart", at=at, by=by, note=note)
        self.leave_renditions_to_a_worker()

    # Kills

    def remember_looks(self, notice: Notice) -> None:
        """Keep how a killed picture looks once the kill is certain: nothing of that delays it or makes it fail."""
        transaction.on_commit(lambda: self.keep_killed_hashes(notice), robust=True)

    def keep_killed_hashes(self, notice: Notice) -> None:
        """Keep the hashes of the picture and its trims, from its file, from a copy, or else the one there is."""
        picture = next(self._seen(), None)
        known = PerceptualHash.objects.bits_of(self.pk)
        found = hashes_of_crops(picture) if picture else [known] if known is not None else []
        with transaction.atomic():
            self.held()
            if notice in self.blocking_notices():
                self.killed_hashes.filter(notice=notice).delete()
                KilledHash.objects.bulk_create(
                    KilledHash(notice=notice, photo_id=self.pk, bits=bits) for bits in set(found)
                )

    def blocking_notices(self) -> models.QuerySet[Notice]:
        """Return the notices that forbid this picture now."""
        killed = type(self).objects.killed().filter(pk=self.pk)
        return Notice.objects.filter(photos__in=killed, kind__in=Notice.BLOCKING, lifted_at__isnull=True)

    def forget_looks(self, *, by: Actor | None, at: datetime) -> None:
        """Take back the hashes of a picture that is no longer killed, and release the photos held for nothing else."""
        self.killed_hashes.all().delete()
        held = type(self).objects.to_compare().filter(looks_like__in=self.notices.all())
        for photo in held.select_for_update().order_by("pk"):
            photo._compare_again(by=by, at=at)

    def _compare_again(self, *, by: Actor | None, at: datetime) -> None:
        killed = KilledHash.objects.nearest(PerceptualHash.objects.bits_of(self.pk))
        if killed is None:
            self._release(by=by, at=at, note="The killed picture it looks like was reinstated.")
        elif killed.notice_id != self.looks_like_id:
            self._stand(self.State.WITHHELD, killed.notice)
