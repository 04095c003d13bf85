"""Agencies and photographers, with the other spellings of their names."""

from collections.abc import Iterable
from itertools import groupby
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models.functions import Lower
from django.utils import timezone

from ..errands import relabel_later
from ..one_line import LineField
from ..signals import announce
from .grammar import house_of
from .kept_vocabulary import KeptVocabulary
from .line import Vocabulary, name_case
from .revised import Revised, RevisedQuerySet

_kept = KeptVocabulary()


def _aliases(rows: Iterable[tuple[Any, ...]]) -> list[str]:
    return [row[-1] for row in rows if row[-1]]


def _loaded(photographers: models.QuerySet["Photographer"]) -> Vocabulary:
    """Return the vocabulary of all agencies and these photographers; the rows have one for each alias."""
    agencies = list(Agency.objects.order_by("name", "pk").values_list("name", "kind", "parent__name", "aliases__name"))
    people = photographers.order_by("name", "pk").values_list("name", "aliases__name")
    return Vocabulary.build(
        [(*house[:2], _aliases(rows)) for house, rows in groupby(agencies, key=lambda row: row[:3])],
        [(name, _aliases(rows)) for name, rows in groupby(people, key=lambda row: row[0])],
        {name: parent for name, _, parent, _ in agencies if parent},
    )


class AgencyQuerySet(RevisedQuerySet):
    @staticmethod
    def vocabulary(*, checked: bool = False) -> Vocabulary:
        """Return everything credit lines are read with: agencies, photographers and all their aliases.

        `checked` leaves out photographers nobody gave a spelling: most were read from the very lines that are read again.
        """
        if checked:
            return _loaded(Photographer.objects.exclude(aliases=None))
        tables = [Agency, AgencyAlias, Photographer, PhotographerAlias]
        return _kept.current(tables, Photographer, lambda: _loaded(Photographer.objects.all()))

    def named(self, name: str) -> "Agency | None":
        """Return the agency of a spelling, also of one that differs in accents or spaces, or names a branch of it."""
        found = self.filter(models.Q(name__iexact=name) | models.Q(aliases__name__iexact=name)).first()
        house = None if found else house_of(name, self.vocabulary())
        return self.filter(name=house.name).first() if house else found

    def suggested(self, typed: str) -> Self:
        """Return those whose names hold what is typed, a house before its brands."""
        return self.filter(name__icontains=typed).order_by(models.F("parent").asc(nulls_first=True), "name")

    def houses(self) -> Self:
        """Return those that are no part of another: what an agency can be a part of."""
        return self.filter(parent=None)


class Agency(Revised):
    """An organization that credits name: agency, wire service, collection, studio, broadcaster, platform."""

    class Kind(models.TextChoices):
        AGENCY = "agency", "photo agency"
        WIRE = "wire", "wire service"
        COLLECTION = "collection", "collection of an agency"
        STUDIO = "studio", "studio or label"
        BROADCASTER = "broadcaster", "broadcaster"
        STREAMER = "streamer", "streaming service"
        PLATFORM = "platform", "social platform"
        PUBLICATION = "publication", "newspaper or magazine"
        OTHER = "other", "other"

    class MinParts(models.TextChoices):
        ANY = "any", "as the house style says"
        AGENCY = "agency", "the agency must be named"
        PHOTOGRAPHER = "photographer", "photographer and agency must be named"

    name = LineField(max_length=200, help_text="As readers see it, such as “Getty Images”.")
    kind = models.CharField(max_length=20, choices=Kind.choices, default=Kind.AGENCY)
    house_spelling = models.BooleanField(
        "print our spelling",
        default=False,
        db_default=False,
        help_text="Readers see the name above instead of the spelling that a credit came with.",
    )
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="brands",
        verbose_name="part of",
        help_text="The agency it is a brand of, as Invision is of AP. That agency’s rights apply to its photos too; "
        "credits still name the brand.",
    )
    min_parts = models.CharField(
        "minimum credit",
        max_length=20,
        choices=MinParts.choices,
        default=MinParts.ANY,
        help_text="What the contract requires even where house style would say less.",
    )
    licensor_url = models.URLField(
        "where to license",
        blank=True,
        help_text="Shown to search engines as the page where this agency’s photos are licensed.",
    )
    web_statement = models.URLField(
        "statement of rights", blank=True, help_text="The agency’s page about its rights (XMP WebStatement)."
    )
    note = models.TextField(blank=True, help_text="For the photo desk only: contract number, contact, habits.")

    objects = AgencyQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "agencies"
        constraints = [
            models.UniqueConstraint(
                Lower("name"),
                name="agency_name_unique",
                violation_error_message="There is already an agency with this name.",
            ),
            models.CheckConstraint(
                condition=models.Q(parent=None) | ~models.Q(parent=models.F("id")),
                name="agency_no_part_of_itself",
                violation_error_message="An agency can’t be part of itself.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        if AgencyAlias.objects.filter(name__iexact=self.name).exclude(agency_id=self.pk).exists():
            raise ValidationError(
                {"name": "This name is another spelling of a different agency. Remove it there first."}
            )
        self.refuse_circle()

    def refuse_circle(self) -> None:
        """Raise a sentence unless the house it is a part of stands alone: rights are inherited over one step."""
        if self.parent is None:
            return
        if self.parent_id == self.pk:
            raise ValidationError({"parent": "An agency can’t be part of itself."})
        if self.parent.parent_id:
            whole = f"{self.parent} is itself part of {self.parent.parent}. Choose {self.parent.parent}."
            raise ValidationError({"parent": whole})
        if self.pk and self.brands.exists():
            raise ValidationError(
                {"parent": f"{self.brands.first()} is part of {self}, so {self} can’t be part of another agency."}
            )

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.refuse_circle()
        with transaction.atomic():
            super().save(*args, **kwargs)
            announce(
                self.scope,
                at=timezone.now(),
                verb="agency.changed",
                note=self.name,
                through=Agency.objects.filter(pk=self.pk),
            )
            relabel_later(**self.scope)

    @property
    def scope(self) -> dict[str, Any]:
        """Return the filter that names the photos whose credit names this agency or a brand of it."""
        brands = list(self.brands.values_list("pk", flat=True)) if self.pk else []
        return {"credit__agencies__in": [self.pk, *brands]} if brands else {"credit__agencies": self.pk}

    @transaction.atomic
    def absorb(self, other: "Agency") -> None:
        """Take over everything of an agency that turned out to be another spelling of this one."""
        announce(other.scope, at=timezone.now(), verb="agency.merged", note=f"{other} is {self}")
        here = self.creditagency_set.filter(credit=models.OuterRef("credit"), chain=models.OuterRef("chain"))
        other.creditagency_set.filter(models.Exists(here)).delete()
        for links in (other.creditagency_set, other.rights, other.licences, other.notices, other.folder_rules):
            links.update(agency=self)
        other.aliases.update(agency=self)
        if self.parent_id == other.pk:
            self.parent = other.parent
            Agency.objects.filter(pk=self.pk).update(parent=other.parent)
        other.brands.update(parent=self.parent or self)
        other.delete()
        relabel_later(**self.scope)


class AgencyAlias(Revised):
    """Another spelling under which captions name an agency; a new spelling needs a row, not a release."""

    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="aliases")
    name = LineField(max_length=200, help_text="Another spelling, such as “Getty”, “GETTY IMAGES” or “Getty Imagest”.")

    objects = RevisedQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "agency aliases"
        constraints = [
            models.UniqueConstraint(
                Lower("name"),
                name="agency_alias_unique",
                violation_error_message="This spelling already belongs to an agency.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Add the spelling; an agency that was created under it by mistake is merged into this one."""
        with transaction.atomic():
            super().save(*args, **kwargs)
            for twin in Agency.objects.filter(name__iexact=self.name).exclude(pk=self.agency_id):
                self.agency.absorb(twin)


class Photographer(Revised):
    """Someone named in credits; never the same row as an Author or a Person."""

    name = LineField(max_length=200, help_text="As readers see it, such as “Zoë O’Neill-Smith Jr.”.")
    tidy_capitals = models.BooleanField(
        "fix capitals",
        default=False,
        help_text="Agencies send this name in capitals: show “Angela Weiss” for “ANGELA WEISS”.",
    )
    note = models.TextField(blank=True, help_text="For the photo desk only.")

    objects = RevisedQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["name"],
                name="photographer_name_unique",
                violation_error_message="There is already a photographer with this name.",
            ),
        ]

    def __str__(self) -> str:
        return self.shown_name

    def save(self, *args: Any, **kwargs: Any) -> None:
        with transaction.atomic():
            super().save(*args, **kwargs)
            announce(
                self.scope,
                at=timezone.now(),
                verb="photographer.changed",
                note=self.name,
                through=Photographer.objects.filter(pk=self.pk),
            )
            relabel_later(**self.scope)

    @property
    def shown_name(self) -> str:
        return name_case(self.name) if self.tidy_capitals else self.name

    @property
    def scope(self) -> dict[str, Any]:
        """Return the filter that names the photos whose credit names this photographer."""
        return {"credit__photographers": self.pk}


class PhotographerAlias(Revised):
    """Another spelling of a photographer's name."""

    photographer = models.ForeignKey(Photographer, on_delete=models.CASCADE, related_name="aliases")
    name = LineField(max_length=200, help_text="Another spelling, such as the name in capitals or without accents.")

    objects = RevisedQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "photographer aliases"
        constraints = [
            models.UniqueConstraint(
                fields=["name"],
                name="photographer_alias_unique",
                violation_error_message="This spelling already belongs to a photographer.",
            ),
        ]

    def __str__(self) -> str:
        return self.name
