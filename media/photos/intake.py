"""How a file becomes a photo: inspected, read, refused or kept, with everything its labels propose."""

from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.validators import URLValidator
from django.db import models, transaction
from django.utils import timezone
from PIL.Image import Image

from ..credits.agency import Agency
from ..credits.composites import chains
from ..credits.credit import PhotoCredit
from ..errands import make_renditions_later
from ..files import imaging, inspection, metadata
from ..files.perceptual_hash import perceptual_hash
from ..files.unusable import UnusableImage
from ..local_time import say_day
from ..permissions import Actor, require
from ..rights.right import Right
from ..site import Site
from . import proposal
from .keywords import fitting_keywords
from .notice import Notice
from .rendition import FIRST, Rendition, discard_files, offered

if TYPE_CHECKING:
    from .photo import Photo

NOTHING_MEANT = proposal.Meant()

TEXTS = (
    "headline", "event", "city", "country", "source", "supplier_image_id", "job_id", "instructions", "usage_terms",
    "web_statement", "licensor_url", "digital_source_type", "data_mining",
)  # fmt: skip


class AlreadyHere(UnusableImage):
    """The very same file is here already: `photo` is offered instead."""

    def __init__(self, photo: "Photo") -> None:
        self.photo = photo
        super().__init__(
            f"This picture was already added on {say_day(photo.created_at, timezone.get_current_timezone())}: “{photo}”. Use that one."
        )


class Blocked(UnusableImage):
    """A notice forbids this picture's return."""

    def __init__(self, notice: Notice) -> None:
        self.notice = notice
        said = f" ({notice.reason})" if notice.reason else ""
        super().__init__(
            f"A {notice.get_kind_display()} notice of {say_day(notice.received_at, timezone.get_current_timezone())} forbids this picture{said}."
        )


class Intake(models.Model):
    """The part of a Photo that takes files in."""

    doubts = models.TextField(
        blank=True,
        default="",
        db_default="",
        editable=False,
        help_text="What its file leaves open, one sentence per line. Empty once someone has checked.",
    )

    class Meta:
        abstract = True

    def receive(
        self,
        data: bytes,
        *,
        name: str = "",
        by: Actor | None = None,
        taken_in: imaging.Opened | None = None,
        proposed: proposal.Proposal | None = None,
    ) -> None:
        """Keep this file as the photo's original, with two JPEGs at once; readers are offered every other size too.

        Raises UnusableImage with a sentence; nothing is then stored. Pixels are worked on before the transaction, so
        that nobody waits for them.
        """
        taken_in = taken_in or imaging.take_in(data, settings.PHOTO_LIMITS, self.redactions)
        data = data[: taken_in.inspected.byte_size]
        self._describe(taken_in.inspected, name, by)
        small = imaging.small(taken_in.master)
        self._look_at(small)
        self.version = imaging.version_of(self.sha256, self.focal_point, self.redactions, self.crops)
        if proposed:
            self.doubts = "\n".join(filter(None, [proposed.left_open(self.kind), self._other_credit(proposed)]))
            self.credit = self.credit or type(self).credit_of(proposed)
        if self.credit:
            self.credit.load_parts()
        prepared = Rendition.objects.prepare(self, data, **FIRST, taken_in=taken_in)
        looks = perceptual_hash(imaging.open_master(data, longest=320) if self.redactions else small)
        replaces, self.delivered = bool(self.delivered), offered(self)
        self.file.save(name, ContentFile(data), save=False)
        try:
            self._store(prepared, proposed, by, looks, replaces=replaces)
        except BaseException:
            discard_files([self.file.name, *(row.file.name for row, _ in prepared if row.file)])
            raise

    def _look_at(self, small: Image) -> None:
        """Note what is said of the picture as a whole; `small` is all of it, upright, sRGB, 320 pixels a side at most."""
        self.blur_data_url, self.dominant_color = imaging.placeholder(small), imaging.dominant_color(small)

    def _other_credit(self, proposed: proposal.Proposal) -> str:
        """Return the question that a slot's credit raises where its file credits somebody else."""
        said = proposed.credit_line[:500]
        if not said or self.credit is None or _same_credit(self.credit, said):
            return ""
        return (
            f"The file credits this photo to “{said}”, and its credit here says “{self.credit}”. Check which is right."
        )

    def _describe(self, found: inspection.Inspected, name: str, by: Actor | None) -> None:
        self.format, self.sha256 = found.format, found.sha256
        if (self.width, self.height) != (found.width, found.height):
            self.crops = {}
        if not self.has_focal_point:
            self.focal_x, self.focal_y = imaging.default_focal(found.width, found.height)
        self.width, self.height, self.byte_size = found.width, found.height, found.byte_size
        self.original_name, self.uploaded_by = name[:255], self.uploaded_by or by
        if found.left_out:
            self.supplied = self.supplied | {"left_out": found.left_out}
        if self.state == self.State.AWAITING:
            self.state = self.State.READY

    @transaction.atomic
    def _store(
        self,
        prepared: list[tuple[Rendition, bytes]],
        proposed: proposal.Proposal | None,
        by: Actor | None,
        looks: int | None,
        *,
        replaces: bool,
    ) -> None:
        is_new = self._state.adding
        if is_new and proposed:
            self.unread = "\n".join(proposed.unread)
        self.save()
        if proposed:
            self._follow(proposed, is_new=is_new)
        Rendition.objects.keep(prepared)
        self.announce("photo.received", at=timezone.now(), by=by, unseen=is_new)
        self.compare(looks, replaces=replaces, by=by)
        self.leave_renditions_to_a_worker(idle=True)

    def offer_renditions(self, *, at: datetime | None = None) -> None:
        """Offer readers every size of the present version from this instant on, and tell front ends."""
        delivered = Rendition.objects.delivered(self)
        if delivered != self.delivered:
            self.delivered = delivered
            type(self).objects.filter(pk=self.pk).update(delivered=delivered)
            self.announce("photo.rendered", at=at or timezone.now())

    def leave_renditions_to_a_worker(self, *, idle: bool = False) -> None:
        make_renditions_later(self.pk, idle=idle)

    def make_renditions(self, *, at: datetime | None = None, **which: Any) -> None:
        """Make renditions of the present version and offer them to readers from this instant on."""
        which["crops"] = self.crops_allowed(which.get("crops", imaging.CROPS))
        prepared = Rendition.objects.prepare(self, self.original(), **which)
        with transaction.atomic():
            Rendition.objects.keep(prepared)
            self.offer_renditions(at=at)

    # What the labels say

    def read_labels(
        self, data: bytes, *, name: str = "", sidecar: bytes = b"", meant: proposal.Meant = NOTHING_MEANT
    ) -> proposal.Proposal:
        """Read the file's labels, and what is `meant` besides, into empty fields; return what they propose. Raises Blocked."""
        file = metadata.read(data, name, sidecar)
        said = meant.added_to(file)
        for field in TEXTS:
            value = getattr(said, field, None) or ""
            if value and not getattr(self, field):
                setattr(self, field, _fitting(self, field, value))
        self.people_named = self.people_named or list(said.people)
        self.keywords = self.keywords or fitting_keywords(said.keywords)
        self.supplied = {key: value for key, value in file.to_json().items() if value} | {"raw": file.raw}
        proposed = meant.completing(proposal.propose(said, Agency.objects.vocabulary(), Site.objects.zone()))
        self.taken_at = self.taken_at or proposed.taken_at
        self.web_statement = self.web_statement or proposed.license_url
        self.supplier_image_id = self.supplier_image_id or proposed.supplier_id
        return proposed

    @staticmethod
    def credit_of(proposed: proposal.Proposal) -> PhotoCredit | None:
        if not proposed.credit_line:
            return None
        return PhotoCredit.objects.read(proposed.credit_line[:500], Agency.objects.vocabulary(), is_cut=proposed.is_cut)

    def _follow(self, proposed: proposal.Proposal, *, is_new: bool) -> None:
        """Keep the supplied and the house caption, and apply every restriction until the desk has looked."""
        house = {"text": proposed.caption, "alt": proposed.alt[:1000]}
        if is_new:
            captions = {"supplied": {"text": proposed.supplied}, "house": house}
            self.captions.bulk_create(
                self.captions.model(photo=self, kind=kind, **said)
                for kind, said in captions.items()
                if any(said.values())
            )
        else:
            self._follow_again(proposed, house)
        Right.objects.bulk_create(Right.provisional(self, each) for each in proposed.restrictions)
        self._prefetched_objects_cache = {}

    def _follow_again(self, proposed: proposal.Proposal, house: dict[str, str]) -> None:
        """Let another file say what this one said; the house caption stays the desk's."""
        if proposed.supplied:
            self.captions.update_or_create(kind="supplied", defaults={"text": proposed.supplied})
        if any(house.values()):
            self.captions.get_or_create(kind="house", defaults=house)
        self.rights.filter(standing=Right.Standing.PROVISIONAL).delete()
        self.keep_unread(proposed.unread)

    # Verbs

    def settle(self, *, by: Actor | None) -> None:
        """Say that a person has looked at what the file leaves open."""
        require(by, "media.change_photo", to="settle what a file leaves open")
        self.doubts = ""
        self.save(update_fields=["doubts"])

    @transaction.atomic
    def hear_credit(self, said: PhotoCredit | None) -> None:
        """Take in whom a story's text credits, as a question to the desk: a credit the photo has is never replaced."""
        if said is None or self.credit == said or (self.credit and _same_credit(self.credit, said.supplied_line)):
            return
        self.credit = self.credit or said
        self.save(update_fields=["credit"])
        self.ask_desk(f"A story credits this photo to “{said.supplied_line or said}”. Check it.")

    def ask_desk(self, question: str) -> None:
        """Leave a question to whoever checks photos, once."""
        self.doubts = "\n".join(dict.fromkeys([*self.doubts.splitlines(), question]))
        self.save(update_fields=["doubts"])

    def fill(self, data: bytes, *, name: str = "", by: Actor | None = None) -> None:
        """Give a slot its file; what the desk wrote for it stays. Raises UnusableImage, ValidationError, PermissionDenied."""
        require(by, "media.change_photo", to="fill slots")
        if not self.is_slot:
            raise ValidationError("This photo already has a file. Replace the file instead.")
        self._take_file(data, name, by)

    def replace_file(self, data: bytes, *, name: str = "", by: Actor | None = None) -> None:
        """Put another file in the place of this one, in every live use at once; caption, credit and rights stay."""
        require(by, "media.change_photo", to="replace files")
        if self.state != self.State.READY:
            raise ValidationError("Only a photo that is ready can get another file.")
        self.supplier_image_id = self.job_id = ""
        old = self.file.name
        self._take_file(data, name, by)
        Rendition.objects.filter(photo=self).superseded().sweep()
        if old != self.file.name:
            transaction.on_commit(lambda: discard_files([old]))

    def _take_file(self, data: bytes, name: str, by: Actor | None) -> None:
        taken_in = imaging.take_in(data, settings.PHOTO_LIMITS, self.redactions)
        proposed = self.read_labels(data, name=name)
        refuse_known(type(self), taken_in.inspected, self.supplier_image_id, besides=self.pk)
        self.kind = proposed.kind if proposed.kind == proposal.AI else self.kind
        self.receive(data, name=name, by=by, taken_in=taken_in, proposed=proposed)


def refuse_known(
    model: "type[Photo]", found: inspection.Inspected, supplier_image_id: str, *, besides: UUID | None = None
) -> None:
    """Raise Blocked for a picture a notice forbids, AlreadyHere for a file that some photo has already."""
    for sha256 in dict.fromkeys((found.sha256, found.received_sha256)):
        notice = Notice.objects.blocking(supplier_image_id=supplier_image_id, sha256=sha256)
        if notice is not None:
            raise Blocked(notice)
        twin = model.objects.duplicates_of(sha256).exclude(pk=besides).first()
        if twin is not None:
            raise AlreadyHere(twin)


def take(
    model: "type[Photo]",
    data: bytes,
    name: str = "",
    *,
    by: Actor | None = None,
    sidecar: bytes = b"",
    meant: proposal.Meant = NOTHING_MEANT,
    **fields: Any,
) -> "Photo":
    """Make a new photo of a file: see PhotoQuerySet.take."""
    require(by, "media.add_photo", to="add photos")
    photo = model(**fields)
    taken_in = imaging.take_in(data, settings.PHOTO_LIMITS, photo.redactions)
    proposed = photo.read_labels(data, name=name, sidecar=sidecar, meant=meant)
    refuse_known(model, taken_in.inspected, photo.supplier_image_id)
    if "kind" not in fields:
        photo.kind = proposed.kind
    photo.receive(data, name=name, by=by, taken_in=taken_in, proposed=proposed)
    return photo


def _same_credit(credit: PhotoCredit, line: str) -> bool:
    """Return True if a line names the people and houses of a credit, however it is worded."""
    if line.casefold() in (credit.supplied_line.casefold(), str(credit).casefold()):
        return True
    vocabulary = Agency.objects.vocabulary()
    mine, other = ([chain.parts for chain in chains(words, vocabulary)] for words in (credit.supplied_line, line))
    return mine == other and None not in mine


def _fitting(photo: "Photo", field: str, value: str) -> str:
    """Return a value that the column takes; an address that is none is left out."""
    column = photo._meta.get_field(field)
    text = " ".join(value.split()) if column.max_length else value
    if isinstance(column, models.URLField):
        try:
            URLValidator()(text)
        except ValidationError:
            return ""
    return text[: column.max_length] if column.max_length else text
