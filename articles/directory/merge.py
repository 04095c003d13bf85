"""Two rows for one person or work become one."""

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
        """Return, for those of these keys whose row was merged into another, the key of the row that stands for it."""
        return dict(self.filter(kind=kind, former__in=keys).values_list("former", "present")) if keys else {}


class Merger(models.Model):
    """Which row stands for one that was merged away: versions are written once and name the former for ever."""

    kind = models.CharField(max_length=10, choices=[("person", "person"), ("work", "work")])
    former = models.BigIntegerField()
    present = models.BigIntegerField(db_index=True)

    objects = MergerQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "former"], name="merger_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.former} is {self.present}"


class Topic(models.Model):
    """What a Person and a Work share: stories about them, doubles of them."""

    class Meta:
        abstract = True

    def stories(self) -> models.QuerySet[Any]:
        """Return every story tagged with it, the newest first."""
        return self.articles.filter(discarded_at__isnull=True)

    @transaction.atomic
    def absorb(self, double: "Topic", *, by: Actor | None, at: datetime | None = None) -> int:
        """Take over everything that refers to `double`, its name and its address, and delete it. Returns how many rows moved."""
        require(by, f"articles.change_{self.address_kind}", to="merge")
        if double.pk == self.pk or type(double) is not type(self):
            raise ValidationError("Choose another one to merge.")
        at = at or timezone.now()
        kind, name = self.address_kind, str(double)
        # Renderers read both rows: they are held first, so that nobody renders the double after its documents are marked.
        rows = type(self).objects.filter(pk__in=[self.pk, double.pk]).order_by("pk")
        if len(rows.select_for_update().values_list("pk")) < 2:
            raise ValidationError("It was merged already, or is gone. Look at the list again.")
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
        """Point the rows of one relation here; a row that would then stand twice is dropped."""
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
        """Fill in what is known of the double alone; a date of birth and of death come together or not at all."""
        for names in (("description",), ("portrait",), ("release_date",), ("same_as",), ("born", "died")):
            if not any(getattr(self, name, True) for name in names):
                for name in names:
                    setattr(self, name, getattr(double, name))
        self.save()

    def _take_place(self, double: "Topic", at: datetime) -> None:
        """Lead the double's addresses, the versions that name it and the lists of live stories here."""
        kind, former = self.address_kind, double.pk
        Address.objects.filter(kind=kind, target=str(former)).update(target=str(self.pk), current=False)
        Merger.objects.filter(kind=kind, present=former).update(present=self.pk)
        Merger.objects.create(kind=kind, former=former, present=self.pk)
        merged(kind, former, self.pk, at=at)
