"""Searches and filters of the stories' list that a colleague keeps under a name, alone or for everybody."""

from collections.abc import Mapping
from datetime import datetime
from typing import Self
from urllib.parse import urlencode

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone

from media.one_line import LineField
from media.permissions import Actor

MOST = 50
LONGEST_VALUE = 200
# What the list can be asked for; a page number or a popup is nothing to keep.
PARAMETERS = ("q", "whose", "stage__exact", "live", "section", "kind__exact", "saved", "about", "o")


def asked_of(given: Mapping[str, str]) -> dict[str, str]:
    """Return what a query string asks of the list, without all else."""
    return {name: given[name][:LONGEST_VALUE] for name in PARAMETERS if given.get(name)}


class SavedFilterQuerySet(models.QuerySet):
    def seen_by(self, user: Actor) -> Self:
        """Return this colleague's own and those that others share, by name."""
        return (
            self.filter(models.Q(owner=user) | models.Q(is_shared=True)).select_related("owner").order_by("name", "pk")
        )


class SavedFilter(models.Model):
    """A search of the stories' list under a name. What it finds is what whoever opens it may see."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    name = LineField(max_length=60)
    asked = models.JSONField(help_text="The words and filters, by parameter of the list.")
    is_shared = models.BooleanField(default=False)
    at = models.DateTimeField(default=timezone.now)

    objects = SavedFilterQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "name"],
                name="saved_filter_once",
                violation_error_message="You have a filter of this name already. Choose another name.",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def query(self) -> str:
        return urlencode(self.asked)

    @classmethod
    def keep(
        cls, name: str, asked: Mapping[str, str], *, by: Actor, is_shared: bool = False, at: datetime | None = None
    ) -> "SavedFilter":
        """Keep a search under a name. Return it. Raise ValidationError for a name that is taken, and beyond fifty."""
        kept = cls(owner=by, asked=asked_of(asked), at=at or timezone.now())
        if not kept.asked:
            raise ValidationError("Search or choose a filter first, then save it.")
        if cls.objects.filter(owner=by).count() >= MOST:
            raise ValidationError(f"You have {MOST} filters, which is the most. Delete one first.")
        kept.call(name, is_shared=is_shared)
        return kept

    def call(self, name: str, *, is_shared: bool) -> None:
        """Name it, and share it or keep it private."""
        self.name, self.is_shared = name.strip(), is_shared
        if not self.name:
            raise ValidationError("Give the filter a name.")
        self.full_clean()
        self.save()
