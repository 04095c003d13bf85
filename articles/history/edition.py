"""The decisions that put versions in front of readers, and the corrections that go with them."""

from datetime import datetime
from typing import Self
from uuid import UUID, uuid5

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q

from media.insert_only import InsertOnlyModel, InsertOnlyQuerySet
from media.one_line import LineField

from .timeline import FOREVER, Decision, Window, windows


class EditionQuerySet(InsertOnlyQuerySet["Edition"]):
    def standing(self) -> Self:
        """Return the editions that were not canceled."""
        return self.filter(cancellation__isnull=True)

    def timeline(self) -> list[Window]:
        """Return every window of one article's standing editions."""
        return windows(edition.decision() for edition in self.standing())

    def ending(self) -> Self:
        """Return those that have an end and are live until it comes."""
        later = Edition.objects.standing().filter(article=OuterRef("article"), live_from__lt=OuterRef("ends"))
        after = Q(live_from__gt=OuterRef("live_from")) | Q(
            live_from=OuterRef("live_from"), number__gt=OuterRef("number")
        )
        ends = self.standing().filter(ends__lt=FOREVER).exclude(kind=Edition.Kind.WITHDRAWAL)
        return ends.filter(~Exists(later.filter(after)))

    def coming(self, at: datetime) -> Self:
        return self.standing().filter(live_from__gt=at)


class Edition(InsertOnlyModel):
    """The decision that a version goes live at one instant and ends at another, or never. Written once; a Cancellation revokes it."""

    class Kind(models.TextChoices):
        FIRST = "first", "first publication"
        MINOR = "minor", "minor change (keeps the dates)"
        UPDATE = "update", "update"
        CORRECTION = "correction", "correction"
        WITHDRAWAL = "withdrawal", "withdrawal"

    article = models.ForeignKey("Article", on_delete=models.PROTECT, related_name="editions")
    version = models.ForeignKey("Version", on_delete=models.PROTECT, related_name="editions")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    live_from = models.DateTimeField()
    ends = models.DateTimeField(default=FOREVER, help_text="When it stops being live.")
    time_zone = models.CharField(max_length=60, default="UTC", help_text="The time zone the editor chose.")
    note = models.TextField(blank=True, help_text="Why, for colleagues.")
    public_note = models.TextField(
        blank=True,
        help_text="What readers are told: the correction, the “Updated:” line or the reason for a withdrawal.",
    )
    override = models.TextField(blank=True, help_text="Why it was published despite the checklist or an embargo.")
    without_photos = models.JSONField(
        default=list, blank=True, help_text="Photos the editor left out because they failed the checklist."
    )
    silent = models.BooleanField(default=False, help_text="A withdrawal that says nothing and leads nowhere.")
    redirect_to = models.CharField(max_length=500, blank=True, help_text="A withdrawal that leads readers elsewhere.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(help_text="When the decision was made.")

    # The plugin makes the manager an instance variable here, and a class variable in the abstract model.
    objects = EditionQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        ordering = ["-number"]
        indexes = [
            models.Index(fields=["live_from"], name="edition_live_from"),
            models.Index(fields=["ends"], name="edition_ends"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["article", "number"], name="edition_number_once"),
            models.CheckConstraint(
                condition=models.Q(ends__gt=models.F("live_from")),
                name="edition_ends_after_it_starts",
                violation_error_message="The story ends before it goes live.",
            ),
            models.CheckConstraint(
                condition=models.Q(live_from__gte=models.F("at")),
                name="edition_never_in_the_past",
                violation_error_message="A story can’t go live in the past.",
            ),
        ]

    def __str__(self) -> str:
        return f"edition {self.number} ({self.get_kind_display()})"

    @property
    def is_withdrawal(self) -> bool:
        return self.kind == self.Kind.WITHDRAWAL

    @property
    def is_substantive(self) -> bool:
        return self.kind in (self.Kind.UPDATE, self.Kind.CORRECTION)

    def decision(self) -> Decision:
        return Decision(self.number, self.live_from, self.ends, self.is_withdrawal)


class Cancellation(InsertOnlyModel):
    """Revokes an edition that has not gone live yet. Written once."""

    edition = models.OneToOneField(Edition, on_delete=models.PROTECT, related_name="cancellation")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    reason = LineField(max_length=300, blank=True)

    class Meta:
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"{self.edition} canceled"


class Correction(InsertOnlyModel):
    """A note to readers about what was wrong or is new. It belongs to the edition that made the change, if any. Written once."""

    class Kind(models.TextChoices):
        CORRECTION = "correction", "correction"
        UPDATE = "update", "update"
        CLARIFICATION = "clarification", "clarification"
        CREDIT = "credit", "photo caption or credit"

    article = models.ForeignKey("Article", on_delete=models.PROTECT, related_name="corrections")
    edition = models.ForeignKey(Edition, null=True, blank=True, on_delete=models.PROTECT, related_name="corrections")
    kind = models.CharField(max_length=14, choices=Kind.choices, default=Kind.CORRECTION)
    at = models.DateTimeField()
    text = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(text=""),
                name="correction_says_something",
                violation_error_message="Enter the note to readers.",
            )
        ]

    def __str__(self) -> str:
        return self.text[:80]

    @property
    def public_id(self) -> UUID:
        """Return the id readers get: it stays the same, and tells nothing of how many rows there are."""
        return uuid5(self.article_id, str(self.pk))
