"""Licenses, rights and clearances: what a photo may be used for, and who said so."""

from datetime import UTC, datetime, timedelta
from typing import Any, Self
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone

from ..credits.agency import Agency
from ..ledger.usage import Usage
from ..local_time import say
from ..one_line import LineField
from ..permissions import Actor, require
from ..signals import announce
from .bearing import bears_on
from .decision import PLACEMENTS, Rule
from .quotas import uses_of
from .restriction import Restriction
from .validators import validate_channels, validate_placements, validate_territories


class Licence(models.Model):
    """What was bought: one record for a set of photos, with its document on file."""

    agency = models.ForeignKey("media.Agency", on_delete=models.PROTECT, related_name="licences")
    reference = LineField(max_length=100, help_text="The agency’s order or invoice number.")
    document = models.FileField(
        "file", upload_to="licences/", blank=True, help_text="The license as a file. Readers never see it."
    )
    note = models.TextField(blank=True)
    bought_on = models.DateField(null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "license"
        verbose_name_plural = "licenses"
        ordering = ["-bought_on", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "reference"],
                name="licence_reference_once",
                violation_error_message="This agency’s license with that number is already on file.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency} {self.reference}"


class RightQuerySet(models.QuerySet):
    def in_force(self) -> Self:
        """Return all that counts: a right read from instructions counts until the desk dismisses it."""
        return self.exclude(standing=Right.Standing.DISMISSED)

    def against(self, photo: Any, article: UUID) -> Self:
        """Return the denials of a whole story: what a clearance taken back leaves, until the desk says yes again."""
        return self.in_force().filter(
            photo=photo, article=article, effect=Right.Effect.DENY, channels=[], territories=[], starts=None, until=None
        )

    def bearing_on(self, photo: Any) -> Self:
        """Return in one statement what `rights_on` reads from loaded rows."""
        return self.in_force().filter(bears_on(photo)).select_related("agency")


class Right(models.Model):
    """One right on a photo or an agency: allow or deny, when, where, in which channel, at what price."""

    class Effect(models.TextChoices):
        ALLOW = "allow", "allow"
        DENY = "deny", "deny"
        CONDITION = "condition", "condition only"

    class Standing(models.TextChoices):
        CONFIRMED = "confirmed", "confirmed by the desk"
        PROVISIONAL = "provisional", "read from the file, not yet confirmed"
        DISMISSED = "dismissed", "dismissed by the desk"

    class DaysFrom(models.TextChoices):
        GRANT = "grant", "from the day it is granted"
        FIRST_LIVE = "first_live", "from the first time it is live"
        EACH_USE = "each_use", "from the start of each use"

    class Cost(models.TextChoices):
        FREE = "free", "free"
        PAID = "paid", "paid: each use needs a clearance"
        CONDITIONAL = "conditional", "conditional: each use needs a clearance"

    class QuotaPeriod(models.TextChoices):
        EVER = "ever", "in total"
        DAY = "day", "a day"
        MONTH = "month", "a month"
        YEAR = "year", "a year"

    photo = models.ForeignKey("media.Photo", null=True, blank=True, on_delete=models.CASCADE, related_name="rights")
    agency = models.ForeignKey("media.Agency", null=True, blank=True, on_delete=models.CASCADE, related_name="rights")
    licence = models.ForeignKey(
        Licence, null=True, blank=True, on_delete=models.PROTECT, related_name="rights", verbose_name="license"
    )
    effect = models.CharField(max_length=10, choices=Effect.choices, default=Effect.ALLOW)
    standing = models.CharField(max_length=12, choices=Standing.choices, default=Standing.CONFIRMED)
    starts = models.DateTimeField(
        "from", null=True, blank=True, help_text="When it starts. Leave empty for no start date."
    )
    until = models.DateTimeField(
        null=True, blank=True, help_text="When it ends (exclusive). Leave empty for no end date."
    )
    days = models.PositiveIntegerField(
        null=True, blank=True, help_text="Instead of an end date: this many days, counted as the next field says."
    )
    days_from = models.CharField("days counted", max_length=12, choices=DaysFrom.choices, blank=True)
    territories = models.JSONField(
        default=list,
        blank=True,
        validators=[validate_territories],
        help_text="Country codes, such as [“US”]. Leave empty for everywhere.",
    )
    channels = models.JSONField(
        default=list,
        blank=True,
        validators=[validate_channels],
        help_text="Any of web, feed, newsletter, social, app, syndication, print. Leave empty for all.",
    )
    placements = models.JSONField(
        default=list,
        blank=True,
        validators=[validate_placements],
        help_text="Any of lead, body, gallery, card. Leave empty for all.",
    )
    article = models.UUIDField(
        "story", null=True, blank=True, help_text="Only for this story. Leave empty for any story."
    )
    conditions = models.JSONField(default=list, blank=True, help_text="Such as [“no_crop”].")
    max_width = models.PositiveIntegerField("largest width", null=True, blank=True, help_text="In pixels.")
    quota = models.PositiveIntegerField(null=True, blank=True, help_text="How many uses are paid for.")
    quota_period = models.CharField(max_length=10, choices=QuotaPeriod.choices, blank=True)
    cost = models.CharField(max_length=12, choices=Cost.choices, default=Cost.FREE)
    fee = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True)
    fee_basis = LineField(max_length=100, blank=True, help_text="What the fee is for, such as “per use, USD”.")
    note = LineField(max_length=300, blank=True, help_text="The reason, in words your colleagues understand.")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    granted_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = RightQuerySet.as_manager()
    # Set by media.rights.quotas where many photos are shown, so that a page of them asks for all counts at once.
    used: int | None = None

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["until"], name="right_ends", condition=models.Q(until__isnull=False)),
            models.Index(fields=["starts"], name="right_starts", condition=models.Q(starts__isnull=False)),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(photo__isnull=False, agency__isnull=True)
                | models.Q(photo__isnull=True, agency__isnull=False),
                name="right_on_photo_or_agency",
                violation_error_message="A right belongs to either a photo or an agency.",
            ),
            models.CheckConstraint(
                condition=models.Q(starts__isnull=True)
                | models.Q(until__isnull=True)
                | models.Q(starts__lt=models.F("until")),
                name="right_ends_after_it_starts",
                violation_error_message="This right ends before it starts.",
            ),
            models.CheckConstraint(
                condition=models.Q(days__isnull=True, days_from="")
                | (models.Q(days__isnull=False) & ~models.Q(days_from="")),
                name="right_days_are_counted_from",
                violation_error_message="Enter both the number of days and the date they are counted from.",
            ),
        ]

    def __str__(self) -> str:
        when = f" until {say(self.until, timezone.get_current_timezone())}" if self.until else ""
        whose = f" by {self.agency.name}" if self.agency_id else f": {self.note}" if self.note else ""
        return f"{self.get_effect_display()}{whose}{when}"

    def clean(self) -> None:
        if self.days is not None and self.until is not None:
            raise ValidationError({"days": "Enter either an end date or a number of days, not both."})
        if not isinstance(self.conditions, list):
            raise ValidationError({"conditions": "Enter a list, such as [“no_crop”]."})

    @classmethod
    def provisional(cls, photo: Any, restriction: Restriction) -> "Right":
        """Return the unsaved right that a restriction read from a file stands for."""
        return cls(
            photo=photo, effect=restriction.effect, standing=cls.Standing.PROVISIONAL, starts=restriction.starts,
            until=restriction.ends, territories=list(restriction.territories), channels=list(restriction.channels),
            placements=list(restriction.placements), note=restriction.sentence[:300],
            conditions=[restriction.condition] if restriction.condition else [],
        )  # fmt: skip

    @property
    def restriction(self) -> Restriction:
        """Return what it forbids as plain data."""
        return Restriction(
            self.effect, self.note, tuple(self.territories), tuple(self.channels), tuple(self.placements), self.starts,
            self.until, next(iter(self.conditions), None),
        )  # fmt: skip

    def save(self, *args: Any, **kwargs: Any) -> None:
        with transaction.atomic():
            super().save(*args, **kwargs)
            self._announce("right.changed")
            if self.photo_id and "no_crop" in self.conditions:
                self.photo.leave_renditions_to_a_worker()

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        with transaction.atomic():
            self._announce("right.removed")
            done = super().delete(*args, **kwargs)
        return done

    def _announce(self, verb: str) -> None:
        announce(
            self.scope, at=timezone.now(), by=self.by, verb=verb, note=str(self),
            through=None if self.photo_id else Agency.objects.filter(pk=self.agency_id),
        )  # fmt: skip

    def judge(self, standing: str, *, by: Actor | None) -> None:
        """Confirm or dismiss what was read from a file; readers see the difference at once."""
        require(by, "media.change_right", to="confirm or dismiss rights")
        if standing not in (self.Standing.CONFIRMED, self.Standing.DISMISSED):
            raise ValidationError("Confirm the right, or dismiss it.")
        self.standing, self.by = standing, by
        self.save()

    def spare(self, placement: str) -> None:
        """Deny this place no longer, or none at all where `placement` is empty."""
        left = [each for each in self.placements or PLACEMENTS if placement and each != placement]
        self.placements, self.standing = left, self.standing if left else self.Standing.DISMISSED
        self.save()

    @property
    def scope(self) -> dict:
        """Return the filter that names the photos this right is about."""
        return {"pk": self.photo_id} if self.photo_id else self.agency.scope

    def rule(self, article: UUID | None = None, *, new: bool = False) -> Rule:
        """Return this row as the plain data that media.rights.decision thinks with; the quota only counts for a new use."""
        return Rule(
            effect=self.effect,
            holder=self.agency.name if self.agency_id else "this photo’s license",
            starts=self.starts,
            until=self.end(article),
            territories=frozenset(self.territories),
            channels=frozenset(self.channels),
            placements=frozenset(self.placements),
            article=self.article,
            quota_left=self.quota_left(article=article) if new else None,
            needs_clearance=self.cost != self.Cost.FREE,
            conditions=frozenset(self.conditions),
            max_width=self.max_width,
            note=self.note,
        )

    def end(self, article: UUID | None = None) -> datetime | None:
        """Return the first instant at which the right no longer holds, counted days included."""
        if self.days is None:
            return self.until
        if self.days_from == self.DaysFrom.GRANT:
            return (self.starts or self.granted_at) + timedelta(days=self.days)
        if self.photo_id is None:
            return None
        uses = Usage.objects.filter(photo=self.photo_id)
        if self.days_from == self.DaysFrom.EACH_USE:
            uses = uses.filter(article=article)
        first = uses.order_by("live_from").values_list("live_from", flat=True).first()
        return first + timedelta(days=self.days) if first else None

    def quota_left(self, at: datetime | None = None, article: UUID | None = None) -> int | None:
        """Return how many stories may still use it now, a story that does already not counted; None without a quota."""
        if self.quota is None:
            return None
        used = uses_of([self], at or timezone.now(), article)[0] if self.used is None else self.used
        return self.quota - used


class Clearance(models.Model):
    """The photo desk's named yes to one paid or conditional use: in one story, at one placement or at any."""

    photo = models.ForeignKey("media.Photo", on_delete=models.CASCADE, related_name="clearances")
    article = models.UUIDField("article id", db_index=True)
    placement = models.CharField(
        max_length=10,
        blank=True,
        choices=[(word, word) for word in PLACEMENTS],
        help_text="Leave empty for anywhere in the story.",
    )
    fee = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True)
    fee_basis = LineField(max_length=100, blank=True, help_text="What the fee is for, such as “per use, USD”.")
    note = LineField(max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["photo", "article", "placement"],
                name="clearance_once_per_use",
                violation_error_message="This use is already cleared.",
            ),
            models.CheckConstraint(
                condition=models.Q(fee__isnull=True) | models.Q(fee__gte=0),
                name="clearance_fee_not_negative",
                violation_error_message="A fee can’t be negative.",
            ),
        ]

    def __str__(self) -> str:
        return self._said(self.note)

    @property
    def terms(self) -> str:
        """Return the whole clearance with its price, as the ledger keeps it and knows it again: dated in UTC, whoever asks."""
        price = " ".join(filter(None, (str(self.fee) if self.fee is not None else "", self.fee_basis)))
        return self._said(price, self.note)

    def _said(self, *words: str) -> str:
        return f"Cleared by {self.by}, " + "; ".join(filter(None, (f"{self.at.astimezone(UTC):%-d %B %Y}", *words)))

    @transaction.atomic
    def take_back(self, *, by: Actor | None, reason: str) -> Right | None:
        """Take the desk's yes back: stories that show the photo under no other clearance lose it at once.

        Return the denial that is now in force, None if other clearances still cover every place.
        """
        require(by, "media.clear_photo", to="take clearances back")
        if not reason.strip():
            raise ValidationError("Enter why the clearance is withdrawn. Colleagues see it with the photo.")
        photo = self.photo.held()
        self.delete()
        others = [row for row in photo.clearances.all() if row.article == self.article]
        places = [self.placement] if self.placement else PLACEMENTS
        denied = [each for each in places if not any(row.allows(self.article, each) for row in others)]
        if not denied:
            return None
        return Right.objects.create(
            photo=photo, article=self.article, effect=Right.Effect.DENY, by=by,
            placements=[] if len(denied) == len(PLACEMENTS) else denied,
            note=f"clearance taken back: {reason.strip()}"[:300],
        )  # fmt: skip

    def allows(self, article: UUID, placement: str) -> bool:
        """Return True if this clears such a use of its photo."""
        return self.article == article and self.placement in ("", placement)
