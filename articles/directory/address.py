"""Slugs, and the addresses they have led to."""

import re
from collections.abc import Callable, Collection
from datetime import datetime
from itertools import chain, count, islice
from random import randrange
from typing import Any
from uuid import UUID

from anyascii import anyascii
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.text import slugify

from ..text import slugs
from .facts import changed

validate_slug = RegexValidator(
    slugs.WHOLE, "Use lowercase letters, digits and single hyphens, such as “the-glass-orchard”."
)


TRIES, MOST_FREE = 30, 20
"""How often a slug is chosen, and among how many once it has been lost twice."""


def make_slug(text: str, fallback: str = "untitled") -> str:
    """Return a slug of any Unicode text: transliterated, never empty, at most 80 characters, cut between words."""
    slug = slugify(anyascii(text.replace("’", "").replace("'", "")))
    slug = re.sub(r"-+", "-", slug.replace("_", "-")).strip("-")
    if len(slug) > slugs.LENGTH:
        slug = slug[: slugs.LENGTH + 1].rpartition("-")[0] or slug[: slugs.LENGTH]
    return slug or fallback


class AddressQuerySet(models.QuerySet):
    def targets(self, names: Collection[tuple[str, str]]) -> dict[tuple[str, str], int]:
        """Return the ids of the people, works and other rows that these (kind, slug) lead to. Former slugs count."""
        slugs = [slug for _, slug in names]
        rows = self.filter(slug__in=slugs).exclude(kind="article") if slugs else ()
        return {(row.kind, row.slug): int(row.target) for row in rows if (row.kind, row.slug) in names}


class Address(models.Model):
    """A slug that is or was public. Old slugs redirect to the current one forever and are never reused."""

    class Kind(models.TextChoices):
        ARTICLE = "article"
        PERSON = "person"
        WORK = "work"
        SECTION = "section"
        TAG = "tag"
        AUTHOR = "author"

    kind = models.CharField(max_length=10, choices=Kind.choices)
    slug = models.CharField(max_length=slugs.LENGTH)
    target = models.CharField(max_length=40, help_text="The key of the article, person, work or section it leads to.")
    current = models.BooleanField(default=True)
    retired = models.BooleanField(default=False, help_text="Withdrawn silently: the address is gone and leads nowhere.")
    since = models.DateTimeField(default=timezone.now)

    objects = AddressQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "addresses"
        indexes = [models.Index(fields=["kind", "target"], name="address_target")]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "slug"],
                name="address_once",
                violation_error_message="This address was used before and leads to something else.",
            ),
            models.UniqueConstraint(
                fields=["kind", "target"], condition=models.Q(current=True), name="address_one_current"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.slug}"


def take_address(kind: str, slug: str, target: str | int | UUID, at: datetime) -> None:
    """Make `slug` the current address of `target`. Raise ValidationError if it belongs to something else."""
    held = Address.objects.filter(kind=kind, slug=slug).first()
    if held and held.target != str(target):
        raise ValidationError(
            {"slug": f"The address “{slug}” was used before and leads to something else. Choose another."}
        )
    if held and held.current:
        return
    Address.objects.filter(kind=kind, target=str(target), current=True).update(current=False)
    if held is None:
        Address.objects.create(kind=kind, slug=slug, target=str(target), since=at)
    else:
        Address.objects.filter(pk=held.pk).update(current=True)


def free_slug(row: models.Model, kind: str, base: str, among: int = 1) -> str:
    """Return `base`, with a number added if another row of this kind has or had that slug: one of so many free ones."""
    stem = base[: slugs.LENGTH - 4]
    rows = type(row).objects.filter(slug__startswith=stem).exclude(pk=row.pk)
    former = Address.objects.filter(kind=kind, slug__startswith=stem).exclude(target=str(row.pk))
    taken = set(rows.order_by().values_list("slug", flat=True).union(former.values_list("slug", flat=True)))
    numbered = (f"{stem}-{number}" for number in count(2))
    free = (slug for slug in chain([base], numbered) if slug not in taken)
    return next(islice(free, randrange(among), None))  # noqa: S311 - chance for addresses, not for secrets


def save_at_free_slug(row: Any, save: Callable[[], None]) -> None:
    """Store a row at a slug of its own choice. Where another took that at the same moment, choose again.

    In a crowd that wants the next number only one at a time gets it: who has lost twice chooses among more.
    """
    for remaining in reversed(range(TRIES)):
        row.slug = row.free_slug(among=1 if remaining > TRIES - 3 else MOST_FREE)
        try:
            with transaction.atomic():
                return save()
        except (IntegrityError, ValidationError):
            if not remaining or row.free_slug() == row.slug:
                raise
    raise AssertionError("The last try raises.")


class Addressed(models.Model):
    """A row with a page of its own, whose name and address are shown in live documents."""

    address_kind: str
    name_field = "name"

    slug = models.CharField(
        "address",
        max_length=slugs.LENGTH,
        blank=True,
        validators=[validate_slug],
        help_text="The last part of its address. Leave empty to make it from the name.",
    )

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        def save() -> None:
            with transaction.atomic():
                super(Addressed, self).save(*args, **kwargs)
                take_address(self.address_kind, self.slug, self.pk, timezone.now())
                self._facts_changed()

        if self.slug:
            save()
        else:
            save_at_free_slug(self, save)

    def free_slug(self, among: int = 1) -> str:
        """Return a slug made from the name, numbered if another row has or had it: one of so many free ones."""
        base = make_slug(getattr(self, self.name_field), fallback=self.address_kind)
        return free_slug(self, self.address_kind, base, among)

    def _facts_changed(self) -> None:
        changed(self.address_kind, [self.pk], at=timezone.now(), note=str(self))
