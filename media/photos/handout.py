"""Copies for print and partners: full size, with credit, caption and usage terms inside, entered in the ledger."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone

from ..files import imaging, xmp_packet
from ..ledger.usage import Usage, credited
from ..permissions import Actor, require
from ..rights.decision import Decision, Use
from ..site import Site
from . import delivered
from . import file_labels as labels

CHANNELS = ("print", "syndication")
QUALITY = 95
NO_CREDIT = "Nobody is credited. Add the credit first: it is written into the file."
TOO_LONG = "The caption, credit and usage terms are too long to be written into a file. Shorten them first."


class HandedOut(models.Model):
    """The part of a Photo that is given to others as a file."""

    usable: Any
    held: Any
    original: Any
    house_caption: Any
    taken_at: Any
    width: Any
    height: Any
    redactions: Any
    headline: Any
    source: Any
    city: Any
    country: Any

    class Meta:
        abstract = True

    def may_be_handed_out(
        self, channel: str, *, at: datetime, territories: Collection[str] | None = None, new: bool = True
    ) -> Decision:
        """Return whether it may be given for one of CHANNELS, in these countries: None the site's, empty everywhere."""
        return self.usable(_use(channel, at, territories, new=new))

    @transaction.atomic
    def hand_out(
        self,
        *,
        by: Actor | None,
        channel: str,
        to: str,
        at: datetime | None = None,
        territories: Collection[str] | None = None,
        fee: Decimal | None = None,
        agreed: str = "",
    ) -> Usage:
        """Enter in the ledger that the photo is given to `to`, and return the entry; `copy` is the file.

        `agreed` (who agreed to a paid use, its order number) is the desk's yes to it and asks for the permission.
        Raises PermissionDenied, ValidationError with the reason.
        """
        require(by, "media.download_photo", to="download photos for print and partners")
        at, now = at or timezone.now(), self.held()
        decision = now.may_be_handed_out(channel, at=at, territories=territories)
        if decision.to_clear and agreed:
            require(by, "media.clear_photo", to="clear paid uses")
            decision = now.usable(replace(_use(channel, at, territories), cleared=True))
        if not decision:
            raise ValidationError(decision.reason)
        if now.credit is None:
            raise ValidationError(NO_CREDIT)
        now.packet()
        clearance = f"Cleared by {by}: {agreed}"[:500] if agreed else ""
        # The plugin knows the user model of today's settings; an Actor is any user model.
        return Usage.objects.create(  # type: ignore[misc]
            photo=now.pk, supplier_image_id=now.supplier_image_id, caption=now._words, channel=channel, headline=to,
            live_from=at, live_until=at, entered_by=by, fee=fee, clearance=clearance,
            **credited(now, delivered.credit(now, None), delivered.credits(now, None)),
        )  # fmt: skip

    def packet(self) -> bytes:
        """Return the XMP packet of its copies. Raises ValidationError where a file cannot hold it."""
        try:
            return xmp_packet.build(self._said())
        except xmp_packet.PacketTooLong as error:
            raise ValidationError(TOO_LONG) from error

    def copy(self, *, max_width: int | None = None) -> bytes:
        """Return an upright sRGB JPEG, hidden parts hidden, labeled in XMP and IPTC-IIM; at most `max_width` pixels wide.

        Nothing else the original's labels say is in it, as where it was taken. Raises ValidationError, UnusableImage.
        """
        longest = None if max_width is None else round(max_width * max(1, self.height / self.width))
        master = imaging.open_master(self.original(), longest=longest, redactions=self.redactions)
        data = imaging.encode(master, "jpg", xmp=self.packet(), quality=QUALITY)
        try:
            return xmp_packet.embed_iim(data, self._said())
        except ValueError as error:
            raise ValidationError(TOO_LONG) from error

    @property
    def _words(self) -> str:
        return self.house_caption.text if self.house_caption else ""

    def _said(self) -> dict[str, Any]:
        taken = self.taken_at.isoformat(timespec="seconds") if self.taken_at else ""
        return labels.of(self) | {  # type: ignore[arg-type]  # It is mixed into Photo.
            "caption": self._words, "headline": self.headline, "source": self.source, "city": self.city,
            "country": self.country, "date_created": taken,
        }  # fmt: skip


def _use(channel: str, at: datetime, territories: Collection[str] | None, *, new: bool = True) -> Use:
    if channel not in CHANNELS:
        raise ValidationError("Choose print or a partner.")
    use = Site.objects.default().use(at, channel=channel, new=new)
    return use if territories is None else replace(use, territories=frozenset(territories))
