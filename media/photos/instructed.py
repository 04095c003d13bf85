"""A photo's instructions: what was read of them, what was not, and the desk's word on both."""

from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone

from ..permissions import Actor, require
from ..rights.meaning import meaning
from ..rights.restriction import Reading
from ..rights.restrictions import read
from ..rights.right import Right
from ..site import Site


class InstructedQuerySet(models.QuerySet):
    def instructed(self) -> Self:
        """Return the photos whose files came with instructions or terms of use."""
        return self.exclude(instructions="", usage_terms="")

    def to_confirm(self) -> Self:
        """Return the photos with restrictions the desk has not judged, or words that were not understood or looked at."""
        provisional = Right.objects.filter(photo=models.OuterRef("pk"), standing=Right.Standing.PROVISIONAL)
        return self.filter(models.Exists(provisional) | self.not_understood())

    @staticmethod
    def not_understood() -> models.Q:
        return ~models.Q(unread="") & models.Q(unread_seen_at=None)


class Instructed(models.Model):
    """The part of a Photo that knows its instructions."""

    instructions: Any
    usage_terms: Any
    taken_at: Any
    rights: Any
    held: Any
    objects: Any

    unread = models.TextField(
        "words not understood", blank=True, default="", db_default="", editable=False,
        help_text="The parts of the instructions that were not understood, one per line.",
    )  # fmt: skip
    unread_seen_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="When the desk checked those words."
    )

    class Meta:
        abstract = True

    @property
    def terms(self) -> str:
        """Return all the words that say what may be done with the photo."""
        return "\n".join(filter(None, (self.instructions, self.usage_terms)))

    @property
    def words_not_understood(self) -> list[str]:
        """Return the words that still wait for a person."""
        return self.unread.splitlines() if self.unread_seen_at is None else []

    def read_terms(self) -> Reading:
        """Return what its instructions are read as now."""
        return read(self.terms, self.taken_at, Site.objects.zone())

    def provisional_rights(self) -> list[Right]:
        return [right for right in self.rights.all() if right.standing == Right.Standing.PROVISIONAL]

    def keep_unread(self, unread: tuple[str, ...]) -> None:
        """Note what was not understood; words that are new wait for a person again."""
        words = "\n".join(unread)
        if words != self.unread:
            self.unread, self.unread_seen_at = words, None
            type(self).objects.filter(pk=self.pk).update(unread=words, unread_seen_at=None)

    # Verbs

    @transaction.atomic
    def settle_terms(self, standing: str, seen: str, *, by: Actor | None) -> int:
        """Confirm or dismiss everything that waits; return how many restrictions that were.

        `seen` is what the person looked at (`waiting`): if it is no longer that, nothing is done. Raises ValidationError.
        """
        require(by, "media.change_right", to="confirm or dismiss rights")
        photo = self.held()
        if photo.waiting != seen:
            raise ValidationError(f"“{photo}” was changed or settled in the meantime. Look again.")
        rights = photo.provisional_rights()
        for right in rights:
            right.judge(standing, by=by)
        if photo.words_not_understood:
            at = timezone.now()
            type(self).objects.filter(pk=self.pk).update(unread_seen_at=at)
            photo.announce("photo.changed", at=at, by=by, note=f"Checked: {photo.unread[:200]}")
        return len(rights)

    @property
    def waiting(self) -> str:
        """Return what waits for the desk, as a short word that changes with it; empty where nothing does."""
        keys = [str(right.pk) for right in sorted(self.provisional_rights(), key=lambda right: right.pk)]
        words = "w" if self.words_not_understood else ""
        return "-".join([*keys, *([f"{words}{len(self.unread)}"] if words else [])])

    @transaction.atomic
    def read_again(self, *, apply: bool) -> list[str]:
        """Read the instructions anew and return, a line each, what changes; what the desk judged stays as it is."""
        reading, zone = self.read_terms(), Site.objects.zone()
        wanted = {_rule(right): right for right in (Right.provisional(self, each) for each in reading.restrictions)}
        held = [*self.rights.all()]
        judged = {_rule(right) for right in held if right.standing != Right.Standing.PROVISIONAL}
        old = {
            _rule(right): right
            for right in held
            if right.standing == Right.Standing.PROVISIONAL and self.was_read(right)
        }
        gone = [right for rule, right in old.items() if rule not in wanted]
        new = [right for rule, right in wanted.items() if rule not in old and rule not in judged]
        lines = [f"- {meaning(right.restriction, zone)} ({right.note})" for right in gone]
        lines += [f"+ {meaning(right.restriction, zone)} ({right.note})" for right in new]
        if "\n".join(reading.unread) != self.unread:
            lines += [f"? not understood: {words}" for words in reading.unread] or ["? everything is understood now"]
        if apply and lines:
            for right in new:
                right.save()
            for right in gone:
                right.delete()
            self.keep_unread(reading.unread)
        return lines

    def was_read(self, right: Right) -> bool:
        """Return True if a right was read from these instructions, not from the fields of a license."""
        return bool(right.note) and right.note in self.terms


def _rule(right: Right) -> tuple[Any, ...]:
    return (
        right.effect, tuple(right.territories), tuple(right.channels), tuple(right.placements), right.starts,
        right.until, tuple(right.conditions),
    )  # fmt: skip
