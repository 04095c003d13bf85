"""Merges two rows for the same person or work."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone

from media.permissions import Actor, require

from ..history.audit import AuditEntry
from .address import Address
from .facts import changed, merged


class MergerQuerySet(models.QuerySet):
    def present(self, kind: str, keys: Collection[int]) -> dict[int, int]:
        """Return the current id for each of these ids whose row was merged into another."""
        return dict(self.filter(kind=kind, former__in=keys).values_list("former", "present")) if keys else {}


class Merger(models.Model):
    """Which row replaced one that was merged. Needed because versions never change and keep naming the old row."""

    kind = models.CharField(max_length=10, choices=[("person", "person"), ("work", "work")])
    former = models.BigIntegerField()
    present = models.BigIntegerField(db_index=True)

    objects = MergerQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "former"], name="merger_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.former} is {self.present}"


class Topic(models.Model):
    """What Person and Work have in common: stories about them, and merging duplicates."""

    class Meta:
        abstract = True

    def stories(self) -> models.QuerySet[Any]:
        """Return every story tagged with it, the newest first."""
        return self.articles.filter(discarded_at__isnull=True)

    @transaction.atomic
    def absorb(self, double: "Topic", *, by: Actor | None, at: datetime | None = None) -> int:
        """Merge `double` into this row, with its links, names and addresses, and delete it. Return how many rows moved."""
        require(by, f"articles.change_{self.address_kind}", to="merge")
        if double.pk == self.pk or type(double) is not type(self):
            raise ValidationError("Choose a different one to merge.")
        at = at or timezone.now()
        kind, name = self.address_kind, str(double)
        # Renderers read both rows. Locking them first prevents a render of the duplicate after its documents are marked.
        rows = type(self).objects.filter(pk__in=[self.pk, double.pk]).order_by("pk")
        if len(rows.select_for_update().values_list("pk")) < 2:
            raise ValidationError("It was already merged or no longer exists. Check the list again.")
        changed(kind, [double.pk], at=at, by=by, note=f"{name} → {self}")
        moved = sum(self._take(relation, double) for relation in self._meta.related_objects)
        self._take_names(double)
        self._take_place(double, at)
        self._take_facts(double)
        double.delete()
        changed(kind, [self.pk], at=at, by=by, note=str(self))
        AuditEntry.record(
            f"{kind}.merged", at=at, by=by, subject=str(self)[:200], note=f"{name} was merged into {self}"
        )
        return moved

    def _take(self, relation: models.ForeignObjectRel, double: "Topic") -> int:
        """Point the rows of one relation here and drop any that would become duplicates. Return how many moved."""
        if relation.many_to_many or relation.get_accessor_name() == "aliases":
            return 0
        column, model = relation.field.name, relation.related_model
        moved = 0
        for row in model._base_manager.filter(**{column: double}):
            if self._stands_already(relation, row):
                model._base_manager.filter(pk=row.pk).delete()
            else:
                moved += model._base_manager.filter(pk=row.pk).update(**{column: self})
        return moved

    def _stands_already(self, relation: models.ForeignObjectRel, row: models.Model) -> bool:
        model, column = relation.related_model, relation.field.name
        for constraint in model._meta.constraints:
            fields = getattr(constraint, "fields", ())
            if column in fields:
                others = {name: getattr(row, name) for name in fields if name != column}
                return model._base_manager.filter(**others, **{column: self}).exists()
        return False

    def _take_names(self, double: "Topic") -> None:
        known = {getattr(self, self.name_field).casefold(), *(alias.name.casefold() for alias in self.aliases.all())}
        for name in [getattr(double, double.name_field), *(alias.name for alias in double.aliases.all())]:
            if name.casefold() not in known:
                self.aliases.create(name=name)
                known.add(name.casefold())

    def _take_facts(self, double: "Topic") -> None:
        """Fill in facts that only the duplicate has. Birth and death dates are taken together or not at all."""
        for names in (("description",), ("portrait",), ("poster",), ("release_date",), ("same_as",), ("born", "died")):
            if not any(getattr(self, name, True) for name in names):
                for name in names:
                    setattr(self, name, getattr(double, name))
        self.save()

    def _take_place(self, double: "Topic", at: datetime) -> None:
        """Redirect the duplicate's addresses, old versions and lists of live stories here."""
        kind, former = self.address_kind, double.pk
        Address.objects.filter(kind=kind, target=str(former)).update(target=str(self.pk), current=False)
        Merger.objects.filter(kind=kind, present=former).update(present=self.pk)
        Merger.objects.create(kind=kind, former=former, present=self.pk)
        merged(kind, former, self.pk, at=at)
