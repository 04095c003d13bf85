"""Photo credits: the line as received, the parts read from it, and the line readers see."""

from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone

from ..errands import relabel_later
from ..listed import rows_of
from ..signals import announce
from . import line as credit_line
from .agency import Agency, Photographer
from .line import CreditParts, HouseStyle, Vocabulary


class PhotoCreditQuerySet(models.QuerySet["PhotoCredit"]):
    def with_parts(self) -> Self:
        return self.prefetch_related("creditphotographer_set__photographer", "creditagency_set__agency")

    def reread(self) -> Self:
        """Return the credits whose parts may be read anew: nobody has set them by hand."""
        return self.exclude(supplied_line="").filter(is_confirmed=False)

    def to_check(self) -> Self:
        """Return the credits a person must read: an unknown shape is kept raw and never guessed."""
        return self.filter(needs_check=True)

    def read(self, line: str, vocabulary: Vocabulary) -> "PhotoCredit":
        """Return the credit a supplied line stands for: an existing one of the same words, or a new one."""
        line = line.strip()
        if found := self.filter(supplied_line=line, required_line="").first():
            return found
        with transaction.atomic():
            credit = self.create(supplied_line=line)
            credit.set_parts(credit_line.parse(line, vocabulary))
        return credit


class PhotoCredit(models.Model):
    """Who must be named. The line readers see is rendered from the parts; the words received never change."""

    supplied_line = models.CharField(
        max_length=500, blank=True, help_text="The credit in the words it was received in."
    )
    required_line = models.CharField(
        max_length=500, blank=True, help_text="Wording a contract demands; it beats the house style."
    )
    photographers = models.ManyToManyField(Photographer, through="CreditPhotographer", related_name="credits")
    agencies = models.ManyToManyField(Agency, through="CreditAgency", related_name="credits")
    on_behalf_of = models.CharField(max_length=200, blank=True, help_text="The client after “for”, such as “Netflix”.")
    courtesy_of = models.CharField(max_length=200, blank=True, help_text="What follows “courtesy of”.")
    handle = models.CharField(max_length=100, blank=True, help_text="A social account, without “@”.")
    copyright_year = models.PositiveSmallIntegerField(null=True, blank=True)
    copyright_holder = models.CharField(max_length=200, blank=True)
    status = models.JSONField(default=list, blank=True, help_text="Status words such as [“File”, “Handout”, “Pool”].")
    needs_check = models.BooleanField(
        default=False, db_index=True, help_text="Nobody has confirmed the parts of this line yet."
    )

    is_confirmed = models.BooleanField(
        default=False, editable=False, help_text="A person has set the parts: reading the line again leaves them alone."
    )

    objects = PhotoCreditQuerySet.as_manager()

    class Meta:
        verbose_name = "photo credit"
        ordering = ["-id"]
        indexes = [models.Index(fields=["supplied_line"], name="credit_supplied")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(copyright_year__isnull=True) | models.Q(copyright_year__range=(1826, 2200)),
                name="credit_copyright_year",
                violation_error_message="The copyright year must be a year since photography began (1826).",
            ),
        ]

    def __str__(self) -> str:
        return self.line() or self.supplied_line or "(no credit)"

    def clean(self) -> None:
        if not isinstance(self.status, list):
            raise ValidationError({"status": "Write a list, such as [“File”]."})

    def save(self, *args: Any, **kwargs: Any) -> None:
        is_new = self._state.adding
        with transaction.atomic():
            super().save(*args, **kwargs)
            if not is_new:
                self.announce()

    def announce(self, verb: str = "credit.changed") -> None:
        own = PhotoCredit.objects.filter(pk=self.pk)
        announce(self.scope, at=timezone.now(), verb=verb, note=str(self.pk), through=own)
        if self.photos.exists():
            relabel_later(**self.scope)

    @property
    def scope(self) -> dict[str, Any]:
        """Return the filter that names the photos of this credit."""
        return {"credit": self.pk}

    @property
    def parts(self) -> CreditParts:
        return CreditParts(
            photographers=tuple(row.photographer.shown_name for row in rows_of(self, "creditphotographer_set")),
            agencies=tuple(row.agency.name for row in rows_of(self, "creditagency_set")),
            on_behalf_of=self.on_behalf_of or None,
            courtesy_of=self.courtesy_of or None,
            handle=self.handle or None,
            copyright_year=self.copyright_year,
            copyright_holder=self.copyright_holder or None,
            status=tuple(self.status),
        )

    @transaction.atomic
    def set_parts(self, parts: CreditParts | None) -> None:
        """Store what a line was read as; None keeps the raw words and queues the credit for a person."""
        self.needs_check = parts is None
        if parts is not None:
            self.on_behalf_of, self.courtesy_of = parts.on_behalf_of or "", parts.courtesy_of or ""
            self.handle, self.copyright_holder = parts.handle or "", parts.copyright_holder or ""
            self.copyright_year, self.status = parts.copyright_year, list(parts.status)
            self._link(parts)
        self.save()

    def doubt(self) -> None:
        """Queue what was read for a person, unless one has confirmed it: the words received may be cut."""
        if not self.is_confirmed:
            self.needs_check = True
            self.save(update_fields=["needs_check"])

    def _link(self, parts: CreditParts) -> None:
        self.creditphotographer_set.all().delete()
        self.creditagency_set.all().delete()
        photographers = [
            Photographer.objects.filter(models.Q(name=name) | models.Q(aliases__name=name)).first()
            or Photographer.objects.create(name=name, tidy_capitals=name.isupper() and " " in name)
            for name in parts.photographers
        ]
        agencies = [
            Agency.objects.named(name) or Agency.objects.create(name=name, kind="other") for name in parts.agencies
        ]
        CreditPhotographer.objects.bulk_create(
            CreditPhotographer(credit=self, photographer=photographer, position=position)
            for position, photographer in enumerate(dict.fromkeys(photographers))
        )
        CreditAgency.objects.bulk_create(
            CreditAgency(credit=self, agency=agency, position=position)
            for position, agency in enumerate(dict.fromkeys(agencies))
        )

    @property
    def distributor(self) -> Agency | None:
        """Return the last agency as written: the one whose license counts."""
        rows = list(rows_of(self, "creditagency_set"))
        return rows[-1].agency if rows else None

    def line(self, style: HouseStyle | None = None) -> str:
        """Return the line readers see, in a site's house style; a contract's wording beats it."""
        if self.required_line:
            return self.required_line
        rendered = credit_line.render(self.parts, style or HouseStyle())
        return rendered or self.supplied_line


class PlaceInCredit(models.Model):
    """A name's place in a credit: changing it changes the line readers see."""

    credit = models.ForeignKey(PhotoCredit, on_delete=models.CASCADE)

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        with transaction.atomic():
            super().save(*args, **kwargs)
            self.credit.announce()

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        with transaction.atomic():
            done = super().delete(*args, **kwargs)
            self.credit.announce()
        return done


class CreditPhotographer(PlaceInCredit):
    """A photographer's place in a credit."""

    photographer = models.ForeignKey(Photographer, on_delete=models.PROTECT)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["credit", "photographer"],
                name="credit_photographer_once",
                violation_error_message="This photographer is named in the credit already.",
            ),
        ]

    def __str__(self) -> str:
        return str(self.photographer)


class CreditAgency(PlaceInCredit):
    """An agency's place in a credit, in the order as written."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["credit", "agency"],
                name="credit_agency_once",
                violation_error_message="This agency is named in the credit already.",
            ),
        ]

    def __str__(self) -> str:
        return str(self.agency)
