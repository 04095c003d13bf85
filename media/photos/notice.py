"""Notices about photos (kill, withhold, correction), and the marks that keep a picture from coming back."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone

from ..one_line import LineField
from ..permissions import Actor, require

if TYPE_CHECKING:
    from .photo import Photo


class NoticeQuerySet(models.QuerySet):
    def telling(self) -> Self:
        """Return the notices that stand and have something to say to readers."""
        return self.filter(lifted_at__isnull=True).exclude(public_note="")

    def blocking(self, *, supplier_image_id: str = "", sha256: str = "") -> "Notice | None":
        """Return the notice that forbids this picture's return, if one does."""
        marks = NoticeMark.objects.filter(notice__kind__in=Notice.BLOCKING, notice__lifted_at__isnull=True)
        wanted = models.Q(pk__in=[])
        if supplier_image_id:
            wanted |= models.Q(kind="supplier_id", value__iexact=supplier_image_id)
        if sha256:
            wanted |= models.Q(kind="sha256", value=sha256)
        mark = marks.filter(wanted).select_related("notice").first()
        return mark.notice if mark else None

    @transaction.atomic
    def act(
        self,
        kind: str,
        *,
        by: Actor | None,
        reason: str,
        text: str = "",
        public_note: str = "",
        photos: "Iterable[Photo]" = (),
        ids: Iterable[str] = (),
        caption: str = "",
        credit: str = "",
        file: tuple[bytes, str] | None = None,
        at: datetime | None = None,
    ) -> "Notice":
        """Act on every photo a notice names, and remember the ids we do not hold yet. All of it happens, or nothing.

        `kind` is a kind of notice, or "replace" with `file` = (bytes, name), which corrects the one photo given. Raises
        PermissionDenied, ValidationError, UnusableImage.
        """
        require(by, "media.kill_photo", to="act on notices")
        at = at or timezone.now()
        notice = self.create(
            kind=Notice.Kind.CORRECTION if kind == "replace" else kind, text=text, reason=reason[:300],
            public_note=public_note, received_at=at, acted_at=at, by=by,
        )  # fmt: skip
        for photo in sorted(photos, key=lambda row: row.pk):
            notice.apply(photo, kind=kind, caption=caption, credit=credit, file=file, by=by, at=at)
        for word in ids:
            is_digest = len(word) == 64
            mark = NoticeMark.Kind.SHA256 if is_digest else NoticeMark.Kind.SUPPLIER_ID
            NoticeMark.objects.get_or_create(notice=notice, kind=mark, value=word.rsplit(".", 1)[0])
        return notice


class Notice(models.Model):
    """A kill, withhold, elimination or correction an agency sent, or the desk decided: ids, raw text, who acted when."""

    class Kind(models.TextChoices):
        KILL = "kill", "kill"
        ELIMINATION = "elimination", "elimination"
        WITHHOLD = "withhold", "withhold"
        CORRECTION = "correction", "correction"

    BLOCKING = (Kind.KILL, Kind.ELIMINATION, Kind.WITHHOLD)

    kind = models.CharField(max_length=12, choices=Kind.choices)
    text = models.TextField(blank=True, help_text="The notice as received.")
    reason = LineField(max_length=300, blank=True)
    public_note = LineField(
        max_length=300,
        blank=True,
        help_text="What readers are told where the photo was, if anything.",
    )
    agency = models.ForeignKey("media.Agency", null=True, blank=True, on_delete=models.SET_NULL, related_name="notices")
    photos = models.ManyToManyField("media.Photo", blank=True, related_name="notices")
    received_at = models.DateTimeField(default=timezone.now)
    acted_at = models.DateTimeField(null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    lifted_at = models.DateTimeField(null=True, blank=True, help_text="When the photo was reinstated.")

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-received_at", "-id"]

    def apply(
        self,
        photo: "Photo",
        *,
        kind: str,
        by: Actor | None,
        at: datetime,
        caption: str = "",
        credit: str = "",
        file: tuple[bytes, str] | None = None,
    ) -> None:
        """Do to one photo what the notice asks."""
        self.photos.add(photo)
        if kind in Notice.BLOCKING:
            photo.kill(by=by, reason=self.reason, notice=self, withhold=kind == Notice.Kind.WITHHOLD, at=at)
        elif kind == "replace":
            photo.replace_file(file[0], name=file[1], by=by)
        else:
            photo.correct(caption=caption, credit=credit, public_note=self.public_note, by=by)

    def lift(self, photo: "Photo", *, at: datetime) -> None:
        """Take back what the notice says about one photo; it ends when no other photo and no unknown id is left."""
        self.marks.filter(value__in=[photo.sha256, photo.supplier_image_id]).delete()
        others = self.photos.exclude(pk=photo.pk).filter(state__in=["killed", "withheld"])
        if not others.exists() and not self.marks.exists():
            Notice.objects.filter(pk=self.pk).update(lifted_at=at)

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.reason or self.text[:60]}"


class NoticeMark(models.Model):
    """A picture's mark in a notice: the supplier's id or the file's sha256. It blocks the picture's return."""

    class Kind(models.TextChoices):
        SUPPLIER_ID = "supplier_id", "supplier’s ID"
        SHA256 = "sha256", "file’s sha256"

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="marks")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    value = LineField(max_length=200, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["notice", "kind", "value"], name="notice_mark_once")]

    def __str__(self) -> str:
        return self.value
