"""Photo credits: the line as received, the chains and parts read from it, and the line readers see."""

from collections.abc import Iterable, Sequence
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone

from ..errands import relabel_later
from ..listed import rows_of
from ..one_line import LineField
from ..signals import announce
from . import line as credit_line
from .agency import Agency, Photographer
from .composites import Chain, chains
from .line import CreditParts, HouseStyle, Vocabulary

# Higher than any chain's number: where names wait while the chains of a credit change places.
ASIDE = 10_000


def _parts() -> tuple[Any, ...]:
    """Return what of a credit is loaded beforehand where many or all of its words are asked for."""
    return (
        "creditchain_set",
        models.Prefetch("creditphotographer_set", CreditPhotographer.objects.select_related("photographer")),
        models.Prefetch("creditagency_set", CreditAgency.objects.select_related("agency")),
    )


class PhotoCreditQuerySet(models.QuerySet["PhotoCredit"]):
    def with_parts(self) -> Self:
        return self.prefetch_related(*_parts())

    def composites(self) -> Self:
        """Return the credits of several pictures in one: they have more than one chain."""
        return self.filter(pk__in=CreditChain.objects.values("credit"))

    def reread(self) -> Self:
        """Return the credits whose parts may be read anew: nobody has set them by hand."""
        return self.exclude(supplied_line="").filter(is_confirmed=False)

    def to_check(self) -> Self:
        """Return the credits a person must read: an unknown shape is kept raw and never guessed."""
        return self.filter(needs_check=True)

    def read(self, line: str, vocabulary: Vocabulary, *, is_cut: bool = False) -> "PhotoCredit":
        """Return the credit a supplied line stands for: an existing one of the same words, or a new one.

        A line that may have lost its end is for a person to read.
        """
        line = line.strip()
        if found := self.filter(supplied_line=line, required_line="").first():
            return found
        credit = self.model(supplied_line=line)
        credit.set_chains([Chain(line, None)] if is_cut else chains(line, vocabulary))
        return credit


class ChainFields(models.Model):
    """What one chain of a credit says besides the names of photographers and agencies."""

    place = LineField(
        max_length=100,
        blank=True,
        default="",
        db_default="",
        help_text="Which part of a composite picture it credits, such as “left” or “top right”.",
    )
    words = LineField(
        max_length=500,
        blank=True,
        default="",
        db_default="",
        editable=False,
        help_text="This credit as received, where the line names several.",
    )
    on_behalf_of = LineField(max_length=200, blank=True, help_text="The client after “for”, such as “Netflix”.")
    courtesy_of = LineField(max_length=200, blank=True, help_text="What follows “courtesy of”.")
    handle = LineField(max_length=100, blank=True, help_text="A social account, without “@”.")
    copyright_year = models.PositiveSmallIntegerField(null=True, blank=True)
    copyright_holder = LineField(max_length=200, blank=True)
    status = models.JSONField(default=list, blank=True, help_text="Status words such as [“File”, “Handout”, “Pool”].")
    license_url = models.URLField(
        "license",
        max_length=500,
        blank=True,
        default="",
        db_default="",
        help_text="The address of the license named in the line, such as “https://creativecommons.org/licenses/by/4.0/”.",
    )

    class Meta:
        abstract = True

    def clean(self) -> None:
        if not isinstance(self.status, list):
            raise ValidationError({"status": "Enter a list, such as [“File”]."})

    def take(self, chain: Chain) -> None:
        """Take over what a chain was read as; one that was not understood keeps its words alone."""
        parts = chain.parts or CreditParts()
        self.place, self.words = (chain.place or "")[:100], chain.line[:500]
        self.on_behalf_of, self.courtesy_of = parts.on_behalf_of or "", parts.courtesy_of or ""
        self.handle, self.copyright_holder = parts.handle or "", parts.copyright_holder or ""
        self.copyright_year, self.status = parts.copyright_year, list(parts.status)
        self.license_url = parts.license_url or ""

    def says(self, photographers: Iterable[str], agencies: Iterable[str]) -> Chain:
        """Return the chain as plain data, with these names."""
        parts = CreditParts(
            photographers=tuple(photographers),
            agencies=tuple(agencies),
            on_behalf_of=self.on_behalf_of or None,
            courtesy_of=self.courtesy_of or None,
            handle=self.handle or None,
            copyright_year=self.copyright_year,
            copyright_holder=self.copyright_holder or None,
            status=tuple(self.status),
            license_url=self.license_url or None,
        )
        return Chain(self.words, parts, self.place or None)


def year_constraint(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=models.Q(copyright_year__isnull=True) | models.Q(copyright_year__range=(1826, 2200)),
        name=name,
        violation_error_message="The copyright year must be a year since photography began (1826).",
    )


class PhotoCredit(ChainFields):
    """Who must be named. The line readers see is rendered from the parts; the words received never change.

    A credit is one chain: photographer, agencies, client. A composite credits several pictures, each with a chain of
    its own: the first stands here, the others are CreditChain rows.
    """

    supplied_line = models.CharField(max_length=500, blank=True, help_text="The credit as received.")
    required_line = models.CharField(
        max_length=500, blank=True, help_text="Wording a contract requires. It overrides house style."
    )
    photographers = models.ManyToManyField(Photographer, through="CreditPhotographer", related_name="credits")
    agencies = models.ManyToManyField(Agency, through="CreditAgency", related_name="credits")
    needs_check = models.BooleanField(
        default=False, db_index=True, help_text="Nobody has confirmed how this line was read."
    )

    is_confirmed = models.BooleanField(
        default=False,
        editable=False,
        help_text="Someone has set the parts by hand. Reading the line again will not change them.",
    )

    objects = PhotoCreditQuerySet.as_manager()

    class Meta:
        verbose_name = "photo credit"
        ordering = ["-id"]
        indexes = [models.Index(fields=["supplied_line"], name="credit_supplied")]
        constraints = [
            year_constraint("credit_copyright_year"),
        ]

    def __str__(self) -> str:
        return self.line() or self.supplied_line or "(no credit)"

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

    # What it says

    def load_parts(self) -> None:
        """Load names and chains at once, for whoever asks for the line more than once and changes nothing."""
        models.prefetch_related_objects([self], *_parts())

    @property
    def chains(self) -> tuple[Chain, ...]:
        """Return the chains as plain data, in the order of the line; an ordinary credit has one."""
        return tuple(
            row.says(
                (link.photographer.shown_name for link in self._links("creditphotographer_set", number)),
                (link.shown_name for link in self._links("creditagency_set", number)),
            )
            for number, row in self._rows().items()
        )

    @property
    def parts(self) -> CreditParts:
        """Return the parts of the first chain: all there are, but in a composite."""
        return self.chains[0].parts or CreditParts()

    @property
    def is_composite(self) -> bool:
        return len(self._rows()) > 1

    @property
    def distributors(self) -> dict[int, Agency | None]:
        """Return the last agency of each chain, by the chain's number: the one whose license counts for it."""
        return {number: self._distributor(number) for number in self._rows()}

    def line(self, style: HouseStyle | None = None) -> str:
        """Return the line readers see, in a site's house style; a contract's wording beats it."""
        return self.required_line or credit_line.render_all(self.chains, style) or self.supplied_line

    def chain_lines(self, style: HouseStyle | None = None) -> list[str]:
        """Return the line of each chain alone, as it stands under its own picture."""
        if not self.is_composite:
            return [self.line(style)]
        return [credit_line.render_all([chain], style) or chain.line for chain in self.chains]

    def _rows(self) -> dict[int, "ChainFields"]:
        return {0: self} | {row.number: row for row in rows_of(self, "creditchain_set")}

    def _links(self, relation: str, number: int) -> list[Any]:
        return [link for link in rows_of(self, relation) if link.chain == number]

    def _distributor(self, number: int) -> Agency | None:
        links = self._links("creditagency_set", number)
        return links[-1].agency if links else None

    # Verbs

    def set_parts(self, parts: CreditParts | None) -> None:
        """Store what a line of one chain was read as; None keeps the raw words and queues the credit for a person."""
        self.set_chains([Chain("", parts, None)])

    @transaction.atomic
    def set_chains(self, read: Sequence[Chain]) -> None:
        """Store the chains a line was read as; one that was not understood queues the credit for a person."""
        self.needs_check = any(chain.parts is None for chain in read)
        is_new, is_read = self._state.adding, len(read) > 1 or not self.needs_check
        if is_read:
            self.take(read[0] if len(read) > 1 else Chain("", read[0].parts, None))
        self.save()
        if is_read:
            self._replace_links(read, is_new=is_new)

    def _replace_links(self, read: Sequence[Chain], *, is_new: bool) -> None:
        for links in () if is_new else (self.creditchain_set, self.creditphotographer_set, self.creditagency_set):
            links.all().delete()
        self._prefetched_objects_cache: dict[str, Any] = {}
        self._link(read[0], 0)
        for chain in read[1:]:
            self._add(chain)

    def add_chain(self, chain: Chain) -> None:
        """Credit one more picture, after those there are."""
        with transaction.atomic():
            self._add(chain)
            self.save()

    def _add(self, chain: Chain) -> None:
        row = CreditChain(credit=self, number=self.creditchain_set.count() + 1)
        row.take(chain)
        CreditChain.objects.bulk_create([row])
        self._link(chain, row.number)
        self._prefetched_objects_cache = {}

    def _link(self, chain: Chain, number: int) -> None:
        parts = chain.parts or CreditParts()
        photographers = [
            Photographer.objects.filter(models.Q(name=name) | models.Q(aliases__name=name)).first()
            or Photographer.objects.create(name=name, tidy_capitals=name.isupper() and " " in name)
            for name in parts.photographers
        ]
        spellings: dict[Agency, str] = {}
        for name in parts.agencies:
            spellings.setdefault(Agency.objects.named(name) or Agency.objects.create(name=name, kind="other"), name)
        CreditPhotographer.objects.bulk_create(
            CreditPhotographer(credit=self, chain=number, photographer=photographer, position=position)
            for position, photographer in enumerate(dict.fromkeys(photographers))
        )
        CreditAgency.objects.bulk_create(
            CreditAgency(
                credit=self,
                chain=number,
                agency=agency,
                position=position,
                spelling="" if spelling == agency.name else spelling[:200],
            )
            for position, (agency, spelling) in enumerate(spellings.items())
        )

    @transaction.atomic
    def arrange(self, order: Sequence[int]) -> None:
        """Put the chains of these numbers in this order; chains that are not named are removed, with their names."""
        self._prefetched_objects_cache = {}
        rows = self._rows()
        for links in (self.creditphotographer_set, self.creditagency_set):
            links.exclude(chain__in=order).delete()
        if list(order) != list(range(len(rows))):
            self._renumber(rows, order)
        if len(order) == 1:
            self.place = self.words = ""
        self.save()

    def _renumber(self, rows: dict[int, ChainFields], order: Sequence[int]) -> None:
        names = [field.name for field in ChainFields._meta.get_fields()]
        kept = [{name: getattr(rows[number], name) for name in names} for number in order]
        for links in (self.creditphotographer_set, self.creditagency_set):
            links.update(chain=models.F("chain") + ASIDE)
            for number, former in enumerate(order):
                links.filter(chain=former + ASIDE).update(chain=number)
        self.creditchain_set.all().delete()
        CreditChain.objects.bulk_create(
            CreditChain(credit=self, number=number, **said) for number, said in enumerate(kept) if number
        )
        for name, value in kept[0].items():
            setattr(self, name, value)
        self._prefetched_objects_cache = {}


class PlaceInCredit(models.Model):
    """A name's or a chain's place in a credit: changing it changes the line readers see."""

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


class CreditChain(PlaceInCredit, ChainFields):
    """The second or a further chain of a composite's credit: “Bo Ray/WireImage (right)”."""

    number = models.PositiveSmallIntegerField(
        help_text="1 is the second credit in the line; the first is the credit itself."
    )

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["credit", "number"],
                name="credit_chain_once",
                violation_error_message="This credit already has a part with that number.",
            ),
            models.CheckConstraint(
                condition=models.Q(number__range=(1, ASIDE - 1)),
                name="credit_chain_follows_the_first",
                violation_error_message="The first part is the credit itself; number further ones from 1.",
            ),
            year_constraint("credit_chain_copyright_year"),
        ]

    def __str__(self) -> str:
        return self.words or self.place or f"credit {self.number + 1}"

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Remove the chain with its photographers and agencies."""
        with transaction.atomic():
            for links in (self.credit.creditphotographer_set, self.credit.creditagency_set):
                links.filter(chain=self.number).delete()
            return super().delete(*args, **kwargs)


class NameInCredit(PlaceInCredit):
    """A name's place in one chain of a credit."""

    chain = models.PositiveSmallIntegerField(default=0, db_default=0)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        abstract = True
        ordering = ["chain", "position", "id"]


class CreditPhotographer(NameInCredit):
    """A photographer's place in a credit."""

    photographer = models.ForeignKey(Photographer, on_delete=models.PROTECT)

    class Meta(NameInCredit.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["credit", "chain", "photographer"],
                name="credit_chain_photographer_once",
                violation_error_message="The credit already names this photographer.",
            ),
        ]

    def __str__(self) -> str:
        return str(self.photographer)


class CreditAgency(NameInCredit):
    """An agency's place in a credit, in the order as written."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT)
    spelling = LineField(
        "as supplied",
        max_length=200,
        blank=True,
        default="",
        db_default="",
        help_text="How the credit spells it. Leave empty to show readers the agency’s own name.",
    )

    class Meta(NameInCredit.Meta):
        verbose_name_plural = "agencies in credits"
        constraints = [
            models.UniqueConstraint(
                fields=["credit", "chain", "agency"],
                name="credit_chain_agency_once",
                violation_error_message="The credit already names this agency.",
            ),
        ]

    def __str__(self) -> str:
        return str(self.agency)

    @property
    def shown_name(self) -> str:
        """Return the name readers see: as supplied, unless the desk chose a spelling of the house."""
        return self.agency.name if self.agency.house_spelling or not self.spelling else self.spelling
