"""The photo: its questions, and the verbs that change it in every live use at once."""

import io
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any, Self
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator

from ..audience import ask
from ..errands import relabel_later
from ..files import imaging
from ..ids import new_id
from ..listed import listed
from ..one_line import LineField
from ..permissions import Actor, require
from ..rights import decision as rights
from ..rights.bearing import chains_of, rights_by_chain, rights_on
from ..rights.decision import Decision, Rule, Use
from ..rights.right import Clearance
from ..rights.usable import usable
from ..signals import ReadersTold, announce
from ..site import Site
from . import finding
from .alike import Alike, AlikeQuerySet
from .caption import Caption
from .facets import FacetQuerySet
from .handout import HandedOut
from .instructed import Instructed, InstructedQuerySet
from .intake import Intake, take
from .keywords import fitting_keywords, validate_keywords
from .notice import Notice, NoticeMark
from .rendition import FIRST, Rendition, audience_of, discard_files
from .worded import Worded, WordedQuerySet


class PhotoQuerySet(WordedQuerySet, InstructedQuerySet, finding.FoundQuerySet, FacetQuerySet, AlikeQuerySet):
    def with_facts(self) -> Self:
        """Load what a reader may be told about these photos in a fixed number of queries."""
        return self.prefetch_related(
            "captions",
            "rights",
            "credit__creditchain_set",
            "credit__creditphotographer_set__photographer",
            "credit__creditagency_set__agency__rights",
            "credit__creditagency_set__agency__parent__rights",
            models.Prefetch("notices", queryset=Notice.objects.telling()),
        )

    def with_lists(self) -> Self:
        """Load captions, credits and rights as lists: for photos that are read once and not changed."""
        return self.prefetch_related(
            listed("captions"),
            listed("rights"),
            listed("credit__creditchain_set"),
            listed("credit__creditphotographer_set"),
            "credit__listed_creditphotographer_set__photographer",
            listed("credit__creditagency_set"),
            listed("credit__listed_creditagency_set__agency__rights"),
            listed("credit__listed_creditagency_set__agency__parent__rights"),
        )

    def with_credit(self) -> Self:
        """Load what their files say about these photos in a fixed number of queries."""
        return self.select_related("credit").prefetch_related(
            "credit__creditchain_set",
            "credit__creditphotographer_set__photographer",
            "credit__creditagency_set__agency",
        )

    def asked_for(self, key: UUID, at: datetime) -> "Photo | None":
        """Return the photo of an address, knowing whether readers see it (`is_public`) and ever saw it (`was_public`)."""
        return self.filter(pk=key).annotate(**audience_of(models.OuterRef("pk"), at)).first()

    def ready(self) -> Self:
        """Return the photos that have their file and are not killed or withheld."""
        return self.filter(state=Photo.State.READY)

    def slots(self) -> Self:
        """Return the photos that still wait for their file."""
        return self.filter(state=Photo.State.AWAITING)

    def wanted(self) -> Self:
        """Return the slots to fill: those a story shows and those made at the desk. An imported one ends with its text."""
        imported = Caption.objects.filter(photo=models.OuterRef("pk"), kind=Caption.Kind.SUPPLIED)
        return self.slots().filter(~models.Exists(imported) | models.Exists(ask().places_of(models.OuterRef("pk"))))

    def killed(self) -> Self:
        """Return the photos a notice took down; one that only looks like them waits to be compared."""
        return self.filter(state__in=[Photo.State.KILLED, Photo.State.WITHHELD], looks_like=None)

    def usable(self, use: Use) -> Self:
        """Return the photos that may be used so, but for quotas, clearances and ends counted in days."""
        return usable(self, use)

    def expiring(self, at: datetime, until: datetime) -> Self:
        """Return the photos that lose a right between the two instants: an allow ends or a denial begins."""
        found = models.Q(pk__in=[])
        for rights_of in ("rights", "credit__agencies__rights", "credit__agencies__parent__rights"):
            held = models.Q(**{f"{rights_of}__standing__in": ["confirmed", "provisional"]})
            ends = {f"{rights_of}__until__gt": at, f"{rights_of}__until__lte": until, f"{rights_of}__effect": "allow"}
            begins = {
                f"{rights_of}__starts__gt": at,
                f"{rights_of}__starts__lte": until,
                f"{rights_of}__effect": "deny",
            }
            found |= held & (models.Q(**ends) | models.Q(**begins))
        return self.ready().filter(found).distinct()

    def matching(self, ids: Iterable[str]) -> Self:
        """Return the photos that one of these words names: by supplier id, job id, digest or the name of the file."""
        found = models.Q(pk__in=[])
        for word in list(ids)[:200]:
            stem = word.rsplit(".", 1)[0] if "." in word else word
            found |= models.Q(supplier_image_id__iexact=stem) | models.Q(job_id__iexact=stem) | models.Q(sha256=word)
            found |= models.Q(original_name__istartswith=f"{stem}.") | models.Q(original_name__iexact=word)
        return self.filter(found).with_facts()

    def unknown(self, ids: Iterable[str]) -> list[str]:
        """Return those of these words that name no photo here."""
        return [word for word in ids if not self.matching([word]).exists()]

    def to_check(self) -> Self:
        """Return the photos whose credit is missing or unread, or whose file leaves something open."""
        return self.filter(models.Q(credit__needs_check=True) | models.Q(credit=None) | ~models.Q(doubts=""))

    def duplicates_of(self, sha256: str) -> Self:
        return self.filter(sha256=sha256).exclude(sha256="")

    def live_articles(self, at: datetime, most: int = 10_000) -> int:
        """Return how many live stories show one of these photos, counted up to one more than `most`."""
        uses = ask().live_uses(at).filter(photo__in=self.order_by().values("pk"))
        return uses.order_by().values("story").distinct()[: most + 1].count()

    def take(
        self, data: bytes, name: str = "", *, by: Actor | None = None, sidecar: bytes = b"", **fields: Any
    ) -> "Photo":
        """Make a photo of a file, with credit, captions, names and provisional rights as its labels say.

        `meant` is what the desk says of all pictures of its source (proposal.Meant), `fields` are the photo's own.
        Raises UnusableImage with a sentence (AlreadyHere and Blocked among them) or PermissionDenied; nothing is then
        stored.
        """
        return take(self.model, data, name, by=by, sidecar=sidecar, **fields)

    @transaction.atomic
    def tell_readers(
        self,
        text: str,
        *,
        by: Actor | None,
        at: datetime | None = None,
        of_caption: bool = False,
        through: models.QuerySet | None = None,
    ) -> None:
        """Add a correction to every live story that shows one of these photos, in the transaction of the change itself.

        `of_caption`: only where the story shows the house caption. `through`: see media.signals.announce.
        """
        require(by, "media.change_photo", to="tell readers of corrections")
        told = ReadersTold(text.strip(), of_caption)
        if told.text:
            at = at or timezone.now()
            scope = {"pk__in": self.order_by().values("pk")}
            announce(scope, at=at, by=by, verb="photo.corrected", note=told.text, through=through, told=told)


def original_path(photo: "Photo", filename: str) -> str:
    """Return where an original is kept: by id, never by the name it was uploaded under."""
    return f"originals/{photo.pk.hex[-2:]}/{photo.pk}/{photo.sha256[:16]}.{photo.format}"


def validate_redactions(value: Any) -> None:
    """Raise ValidationError unless these are rectangles [x, y, width, height] inside the picture, as fractions."""
    for each in value if isinstance(value, list) else [None]:
        is_four = isinstance(each, list | tuple) and len(each) == 4 and all(isinstance(n, int | float) for n in each)
        if not is_four or min(each[:2]) < 0 or min(each[2:]) <= 0 or max(each[0] + each[2], each[1] + each[3]) > 1.001:
            raise ValidationError(
                "Enter rectangles [x, y, width, height] as fractions inside the picture, such as [[0.1, 0.2, 0.3, 0.3]]."
            )


def validate_crops(value: Any, width: int, height: int) -> None:
    """Raise ValidationError unless these are rectangles of known crops, each of its shape and large enough."""
    known = {name: crop for name, crop in imaging.CROPS.items() if crop.ratio}
    if not isinstance(value, dict) or not set(value) <= set(known):
        raise ValidationError(f"Enter crops by name: {', '.join(known)}.")
    for name, box in value.items():
        validate_redactions([box])
        least = imaging.least_width(width, height, name)
        if not imaging.is_of_shape(width, height, name, box):
            raise ValidationError(f"The rectangle of {name} does not have that shape.")
        if box[2] * width < least - 0.5:
            raise ValidationError(f"The crop {name} of this picture must be at least {least:,} pixels wide.")


class Photo(Intake, Instructed, Worded, Alike, HandedOut, models.Model):
    """One image file as received, or a slot that still waits for its file."""

    class State(models.TextChoices):
        AWAITING = "awaiting", "waits for its file"
        READY = "ready", "ready"
        WITHHELD = "withheld", "withheld"
        KILLED = "killed", "killed"

    class Kind(models.TextChoices):
        STAFF = "staff", "staff"
        AGENCY = "agency", "agency"
        RIGHTS_MANAGED = "rights_managed", "rights-managed"
        HANDOUT = "handout", "handout"
        SCREENGRAB = "screengrab", "screengrab"
        SOCIAL = "social", "social media, with permission"
        CREATIVE_COMMONS = "creative_commons", "Creative Commons"
        PUBLIC_DOMAIN = "public_domain", "public domain"
        AI_GENERATED = "ai_generated", "AI-generated"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    state = models.CharField(max_length=10, choices=State.choices, default=State.AWAITING, editable=False)
    kind = models.CharField(
        max_length=20,
        choices=Kind.choices,
        default=Kind.AGENCY,
        help_text="Decides what applies where no right is recorded.",
    )
    credit = models.ForeignKey(
        "media.PhotoCredit",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="photos",
        help_text="Who must be named. Photos from one shoot can share a credit.",
    )

    file = models.FileField(
        upload_to=original_path,
        blank=True,
        max_length=200,
        help_text="The original. It is private; readers get resized copies.",
    )
    original_name = models.CharField(max_length=255, blank=True, editable=False)
    format = models.CharField(max_length=5, blank=True, editable=False)
    sha256 = models.CharField(max_length=64, blank=True, db_index=True, editable=False)
    byte_size = models.PositiveIntegerField(default=0, editable=False)
    width = models.PositiveIntegerField(default=0, editable=False)
    height = models.PositiveIntegerField(default=0, editable=False)
    version = models.CharField(max_length=16, blank=True, editable=False)
    focal_x = models.FloatField(
        default=0.5,
        validators=[MinValueValidator(0), MaxValueValidator(1)],
        help_text="From the left edge (0) to the right (1).",
    )
    focal_y = models.FloatField(
        default=0.5,
        validators=[MinValueValidator(0), MaxValueValidator(1)],
        help_text="From the top (0) to the bottom (1).",
    )
    focal_set = models.BooleanField("set by a person", default=False, db_default=False)
    crops = models.JSONField(
        default=dict,
        db_default=models.Value({}, models.JSONField()),
        blank=True,
        help_text="By crop, the rectangle [x, y, width, height] that a person set, as fractions of the picture.",
    )
    redactions = models.JSONField(
        default=list,
        blank=True,
        help_text="Rectangles [x, y, width, height] as fractions, hidden in every copy readers get.",
    )
    delivered = models.JSONField(
        default=dict, editable=False, help_text="What readers can fetch: version, crops, widths, formats."
    )
    dominant_color = models.CharField(max_length=7, blank=True, editable=False)
    blur_data_url = models.TextField(blank=True, editable=False)

    headline = LineField(max_length=300, blank=True)
    event = LineField(max_length=300, blank=True, help_text="Such as “Premiere of The Glass Orchard”.")
    taken_at = models.DateTimeField(null=True, blank=True)
    city = LineField(max_length=100, blank=True)
    country = LineField(max_length=100, blank=True)
    people_named = models.JSONField(
        default=list, blank=True, help_text="Names given in the file (IPTC PersonInImage), as written."
    )
    keywords = models.JSONField(
        null=True,
        blank=True,
        default=list,
        validators=[validate_keywords],
        help_text="What it can be found by besides its caption, people and event. Readers never see them.",
    )
    source = LineField(max_length=200, blank=True, help_text="IPTC Source.")
    supplier_image_id = LineField("supplier’s ID", max_length=200, blank=True, db_index=True)
    job_id = LineField("job ID", max_length=200, blank=True)
    instructions = models.TextField(
        blank=True, help_text="The supplier’s special instructions. Readers never see them."
    )
    usage_terms = models.TextField(blank=True)
    web_statement = models.URLField("statement of rights", max_length=500, blank=True)
    licensor_url = models.URLField("where to license", max_length=500, blank=True)
    digital_source_type = models.CharField(
        max_length=200, blank=True, help_text="IPTC DigitalSourceType, such as trainedAlgorithmicMedia."
    )
    data_mining = models.CharField(max_length=200, blank=True, help_text="PLUS DataMining, such as DMI-PROHIBITED.")
    supplied = models.JSONField(
        default=dict, blank=True, editable=False, help_text="Everything the file said, unedited."
    )

    replaced_by = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="replaces", editable=False
    )
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False, db_index=True)

    objects = PhotoQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        permissions = [
            ("kill_photo", "Can kill, withhold and reinstate photos"),
            ("clear_photo", "Can clear paid and conditional uses"),
            ("download_photo", "Can download photos for print and partners"),
        ]
        indexes = [models.Index(fields=["looks_like"], name="photo_held", condition=models.Q(looks_like__isnull=False))]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(focal_x__range=(0, 1), focal_y__range=(0, 1)),
                name="photo_focal_point_inside",
                violation_error_message="The focal point lies outside the picture.",
            ),
            models.CheckConstraint(
                condition=models.Q(state="awaiting") | models.Q(width__gt=0, height__gt=0),
                name="photo_ready_has_a_file",
                violation_error_message="Only a slot can be without a file.",
            ),
        ]

    def __str__(self) -> str:
        caption = next((row for row in sorted(self.captions.all(), key=lambda row: row.kind) if row.text), None)
        text = caption.text if caption else self.headline or self.original_name or "Photo without a caption"
        return Truncator(text).chars(80)

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.version = (
            imaging.version_of(self.sha256, self.focal_point, self.redactions, self.crops) if self.sha256 else ""
        )
        is_new = self._state.adding
        with transaction.atomic():
            super().save(*args, **kwargs)
            if is_new:
                finding.note(Photo.objects.filter(pk=self.pk))
            else:
                self.announce("photo.changed", at=timezone.now())
                if self.delivered:
                    relabel_later(pk=str(self.pk))
            if self.delivered and self.delivered["version"] != self.version:
                self.leave_renditions_to_a_worker()

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        with transaction.atomic():
            names = [self.file.name, *self.renditions.values_list("file", flat=True)]
            self.announce("photo.deleted", at=timezone.now(), note=str(self))
            done = super().delete(*args, **kwargs)
            transaction.on_commit(lambda: discard_files(filter(None, names)))
        return done

    def get_absolute_url(self) -> str:
        return reverse("admin:media_photo_change", args=[self.pk])

    def announce(
        self,
        verb: str,
        *,
        at: datetime,
        by: Actor | None = None,
        note: str = "",
        immediate: bool = False,
        unseen: bool = False,
    ) -> None:
        """Tell, in the transaction that changes them, that facts of this photo are no longer what they were."""
        announce({"pk": self.pk}, at=at, by=by, verb=verb, note=note, immediate=immediate, unseen=unseen)

    # Questions

    @property
    def is_used(self) -> bool:
        """Return True if a story (live or not), an entry of the directory or a site's stand-in photo uses this photo."""
        return ask().needs(self.pk, timezone.now()) or Site.objects.filter(stand_in_photo=self.pk).exists()

    @property
    def known_keywords(self) -> list[str]:
        """Return its keywords; of a photo from before there were any, those that its file gave, which the worker fills in."""
        return fitting_keywords(self.supplied.get("keywords") or []) if self.keywords is None else self.keywords

    @property
    def is_slot(self) -> bool:
        return self.state == self.State.AWAITING

    @property
    def focal_point(self) -> tuple[float, float]:
        return self.focal_x, self.focal_y

    @property
    def has_focal_point(self) -> bool:
        """Return True if somebody gave it one; one that was moved before this was recorded counts, too."""
        return self.focal_set or self.focal_point not in (imaging.MIDDLE, imaging.UPPER_THIRD)

    def crops_allowed(self, crops: Iterable[str]) -> tuple[str, ...]:
        """Return those of these crops that may be made: a condition in force may forbid all but the whole picture."""
        rights = self.rights.in_force() if self.pk else ()
        return ("full",) if any("no_crop" in right.conditions for right in rights) else tuple(crops)

    @property
    def has_rights_of_stories(self) -> bool:
        """Return True if a right names one story or counts its days from each use: the answer then differs by story."""
        return any(right.article or right.days_from == "each_use" for right in rights_on(self))

    def rules(self, article: UUID | None = None, *, new: bool = False) -> list[Rule]:
        """Return the rights that bear on the photo as plain data."""
        return [replace(row.rule(article, new=new), chains=chains) for row, chains in rights_by_chain(self)]

    def usable(self, use: Use, rules: list[Rule] | None = None) -> Decision:
        """Return the decision on this use, with the reason in a sentence. `rules` are its own, if known already."""
        if self.state != self.State.READY:
            return Decision(False, self.state_sentence)
        rules = self.rules(use.article, new=use.new) if rules is None else rules
        if use.new and not use.cleared and use.article and any(rule.needs_clearance for rule in rules):
            use = replace(use, cleared=any(row.allows(use.article, use.placement) for row in self.clearances.all()))
        return rights.decide(rules, use, self.kind, chains_of(self))

    def answers(self, at: datetime, sites: Iterable[Site] | None = None) -> list[tuple[Site, str, Decision]]:
        """Return whether a story of each title may show it in its text: on the web, and in each channel where that differs."""
        found = []
        for site in Site.objects.all() if sites is None else sites:
            web, *others = [
                (site, channel, self.usable(site.use(at, channel=channel, placement="card" if channel == "social" else "body")))
                for channel in dict.fromkeys(["web", *site.channels])
            ]  # fmt: skip
            found += [web, *(each for each in others if each[2].terms != web[2].terms)]
        return found

    @property
    def state_sentence(self) -> str:
        """Return why a photo that is not ready cannot be used."""
        if self.is_to_compare:
            return "This photo looks like one that was killed. The photo desk must compare the two first."
        return {
            "awaiting": "This is a slot. Its photo is still to come.",
            "withheld": "The photo desk is withholding this photo.",
            "killed": "This photo was killed.",
        }[self.state]

    def changes_after(self, at: datetime, article: UUID | None = None) -> datetime | None:
        """Return the next instant at which a right of this photo begins or ends, or None."""
        return rights.next_edge(self.rules(article), at)

    # Verbs

    def held(self) -> "Photo":
        """Return the photo as it is now, held until the transaction ends."""
        return Photo.objects.select_for_update().get(pk=self.pk)

    def focus(self, x: float, y: float, *, by: Actor | None = None) -> None:
        """Set the point that every crop keeps in sight; the crops follow in a new version."""
        require(by, "media.change_photo", to="set focal points")
        self.focal_x, self.focal_y, self.focal_set = x, y, True
        self.save()

    def crop(self, boxes: dict[str, Any], *, by: Actor | None = None) -> None:
        """Set the rectangles of these crops, in a new version; the others lie around the focal point.

        Raises ValidationError.
        """
        require(by, "media.change_photo", to="crop photos")
        validate_crops(boxes, self.width, self.height)
        self.crops = boxes
        self.save()

    def redact(self, rectangles: list[Any], *, by: Actor | None = None) -> None:
        """Hide these rectangles in every rendition, at once; files that show them are deleted. Raises ValidationError."""
        require(by, "media.change_photo", to="redact photos")
        validate_redactions(rectangles)
        self.redactions = rectangles
        self.save()
        if self.sha256:
            self._look_at(imaging.open_master(self.original(), longest=320, redactions=self.redactions))
            self.save()
            self.make_renditions(**FIRST)
            Rendition.objects.filter(photo=self).superseded().sweep()

    @transaction.atomic
    def kill(
        self,
        *,
        by: Actor | None,
        reason: str,
        at: datetime | None = None,
        public_note: str = "",
        notice: Notice | None = None,
        withhold: bool = False,
    ) -> Notice:
        """Take the photo, and every other record of the same picture, out of every live article at this instant."""
        require(by, "media.kill_photo", to="kill photos")
        at = at or timezone.now()
        others = [photo for photo in self.same_picture() if photo.pk != self.pk]
        kind = Notice.Kind.WITHHOLD if withhold else Notice.Kind.KILL
        notice = notice or Notice.objects.create(
            kind=kind, reason=reason, public_note=public_note, received_at=at, acted_at=at, by=by
        )
        for photo in (self, *others):
            photo.leave(notice, withhold=withhold, by=by, reason=reason, at=at)
        return notice

    def same_picture(self) -> "list[Photo]":
        """Return every record of this picture, held until the transaction ends: one file or supplier's id may be in two."""
        same = models.Q(pk=self.pk)
        if self.sha256:
            same |= models.Q(sha256=self.sha256)
        if self.supplier_image_id:
            same |= models.Q(supplier_image_id__iexact=self.supplier_image_id)
        states = [Photo.State.KILLED, Photo.State.WITHHELD, Photo.State.AWAITING]
        rows = Photo.objects.select_for_update().filter(same).order_by("pk")
        return [photo for photo in rows if photo.pk == self.pk or photo.state not in states]

    def leave(self, notice: Notice, *, withhold: bool, by: Actor | None, reason: str, at: datetime) -> None:
        """Take this record out of every live story under a notice."""
        notice.photos.add(self)
        self._mark(notice)
        self._stand(self.State.WITHHELD if withhold else self.State.KILLED, None)
        self.remember_looks(notice)
        self.announce("photo.withheld" if withhold else "photo.killed", at=at, by=by, note=reason, immediate=True)

    def _mark(self, notice: Notice) -> None:
        marks = [(NoticeMark.Kind.SHA256, self.sha256), (NoticeMark.Kind.SUPPLIER_ID, self.supplier_image_id)]
        for kind, value in marks:
            if value:
                NoticeMark.objects.get_or_create(notice=notice, kind=kind, value=value)

    @transaction.atomic
    def reinstate(self, *, by: Actor | None, reason: str = "", at: datetime | None = None) -> None:
        """Undo a kill or a withhold: the photo returns to every live use at this instant."""
        require(by, "media.kill_photo", to="reinstate photos")
        at = at or timezone.now()
        self.held()
        for notice in self.notices.filter(lifted_at__isnull=True):
            notice.lift(self, at=at)
        self._stand(self.State.READY if self.width else self.State.AWAITING, None)
        self.forget_looks(by=by, at=at)
        self.announce("photo.reinstated", at=at, by=by, note=reason)

    @transaction.atomic
    def clear(
        self,
        *,
        by: Actor | None,
        article: UUID,
        placement: str = "",
        fee: Decimal | None = None,
        fee_basis: str = "",
        note: str = "",
        at: datetime | None = None,
    ) -> Clearance:
        """Record the desk's named yes to one paid or conditional use, which lifts its earlier no to the same story.

        Raises PermissionDenied, ValidationError.
        """
        require(by, "media.clear_photo", to="clear paid uses")
        row = Clearance(
            photo=self, article=article, placement=placement, fee=fee, fee_basis=fee_basis, note=note, by=by,
            at=at or timezone.now(),
        )  # fmt: skip
        row.full_clean()
        row.save()
        for denial in self.rights.against(self, article):
            denial.spare(placement)
        return row

    def original(self) -> bytes:
        with self.file.open("rb") as file:
            return file.read()

    def original_stream(self) -> io.IOBase:
        return self.file.open("rb")
