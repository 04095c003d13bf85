"""What photos are narrowed by beside words: when they were taken, by which agency, by whom they were uploaded."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Self

from django.contrib.auth import get_user_model
from django.db import models

from ..credits.credit import CreditAgency
from ..local_time import day_begins
from ..site import Site

DAYS = {"7": "in the last 7 days", "30": "in the last 30 days"}
YEARS = 5
"""How many years are offered one by one; what is older is found by typing the year."""


class FacetQuerySet(models.QuerySet[Any]):
    def of_agencies(self, agencies: Iterable[int] | models.QuerySet) -> Self:
        """Return the photos whose credit names one of these agencies, in any of its parts."""
        return self.filter(credit__in=credits_of(agencies))

    def taken_in(self, span: str, now: datetime) -> Self:
        """Return the photos taken in the last days that `taken_choices` offers, or in a year such as "2025", by the desk's clock."""
        if span in DAYS:
            return self.filter(taken_at__gt=now - timedelta(days=int(span)))
        if len(span) == 4 and span.isdecimal() and 1826 <= int(span) <= 2200:
            zone = Site.objects.zone()
            first, after = (day_begins(datetime(year, 1, 1).date(), zone) for year in (int(span), int(span) + 1))
            return self.filter(taken_at__gte=first, taken_at__lt=after)
        return self

    def uploaders(self) -> models.QuerySet:
        """Return the colleagues who uploaded a photo, by name."""
        theirs = self.model.objects.filter(uploaded_by=models.OuterRef("pk"))
        return get_user_model().objects.filter(models.Exists(theirs)).order_by("last_name", "username")


def credits_of(agencies: Iterable[int] | models.QuerySet) -> models.QuerySet:
    """Return the keys of the credits that name one of these agencies."""
    return CreditAgency.objects.filter(agency__in=agencies).order_by().values("credit")


def taken_choices(now: datetime) -> list[tuple[str, str]]:
    """Return the spans a list is narrowed to, each as its value and its name."""
    this = now.astimezone(Site.objects.zone()).year
    return [*DAYS.items(), *((str(year), f"in {year}") for year in range(this, this - YEARS, -1))]
