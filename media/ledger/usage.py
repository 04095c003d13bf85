"""The ledger of uses: one row for each time readers saw a photo."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.db import models

from ..insert_only import InsertOnlyModel, InsertOnlyQuerySet

# Between the distributors of a composite's chains.
AND = "; "


def credited(photo: Any, credit: dict | None, chains: Iterable[dict]) -> dict[str, str]:
    """Return what the ledger keeps of a credit as delivered: the line, and every chain's distributor and photographers.

    A distributor stands under its own name, however the credit spells it: reports are for agencies.
    """
    houses = photo.credit.distributors.values() if credit else ()
    agencies = dict.fromkeys(house.name for house in houses if house)
    photographers = dict.fromkeys(name for chain in chains for name in chain["photographers"])
    return {
        "credit": credit["line"][:500] if credit else "", "agency": AND.join(agencies)[:200],
        "photographer": ", ".join(photographers)[:300],
    }  # fmt: skip


class UsageQuerySet(InsertOnlyQuerySet):
    def of_agency(self, name: str) -> Self:
        """Return every use of a photo that this agency distributed, alone or as one of a composite's.

        The names there are, few and indexed, are compared here: databases differ in capitals beyond ASCII.
        """
        wanted, named = name.strip().casefold(), Usage.objects.order_by().values_list("agency", flat=True).distinct()
        return self.filter(agency__in=[each for each in named if wanted in each.casefold().split(AND)])

    def between(self, start: datetime, end: datetime) -> Self:
        """Return every use that was live at some moment of the period."""
        return self.filter(live_from__lt=end).filter(models.Q(live_until__isnull=True) | models.Q(live_until__gt=start))

    def end(self, at: datetime) -> int:
        """Set the end of uses that have none yet: the one change the ledger allows."""
        return self.filter(live_until__isnull=True).change_sealed(live_until=at)

    def live(self, at: datetime) -> Self:
        return self.filter(live_from__lte=at).filter(models.Q(live_until__isnull=True) | models.Q(live_until__gt=at))


class Usage(InsertOnlyModel):
    """The ledger: who saw which photo under which credit, as plain data that outlives photo and article.

    Insert-only, but for `live_until`, which may be set once.
    """

    photo = models.UUIDField("photo id", db_index=True)
    supplier_image_id = models.CharField("supplier’s ID", max_length=200, blank=True)
    agency = models.CharField(max_length=200, blank=True, db_index=True)
    photographer = models.CharField(max_length=300, blank=True)
    credit = models.CharField(max_length=500, blank=True, help_text="The credit line as shown.")
    caption = models.TextField(blank=True, help_text="The caption as shown.")
    article = models.UUIDField("article id", null=True, blank=True, db_index=True)
    headline = models.CharField(max_length=500, blank=True)
    url = models.CharField(max_length=500, blank=True)
    edition = models.PositiveIntegerField(null=True, blank=True)
    role = models.CharField(max_length=10, blank=True)
    channel = models.CharField(max_length=20, default="web")
    live_from = models.DateTimeField(db_index=True)
    live_until = models.DateTimeField(null=True, blank=True)
    fee = models.DecimalField(
        max_digits=10,
        decimal_places=2,
        null=True,
        blank=True,
        help_text="What this use cost, counted once per clearance.",
    )
    clearance = models.CharField(
        max_length=500, blank=True, help_text="Who cleared a paid use, when and on what terms."
    )
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
        help_text="Who recorded a use outside Marquee, such as on Instagram or in print.",
    )

    objects = UsageQuerySet.as_manager()

    class Meta:
        ordering = ["-live_from", "-id"]
        verbose_name_plural = "usage ledger"
        permissions = [("view_fee", "Can see what photos cost")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(live_until__isnull=True) | models.Q(live_until__gte=models.F("live_from")),
                name="usage_ends_after_it_starts",
                violation_error_message="This use ends before it starts.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.credit or self.photo} in {self.headline or self.channel}"
