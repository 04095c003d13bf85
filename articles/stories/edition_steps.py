"""The steps that publishing and revising share: lock, run the checklist, decide, render, log."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, TypeVar, cast

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone

from media.local_time import say
from media.permissions import Actor, require

from ..directory.address import Address
from ..history.audit import AuditEntry
from ..history.edition import Cancellation, Edition
from ..live import store
from ..live.facts import Facts
from ..text import limits
from . import follow_up
from .checklist import Problem

Verb = TypeVar("Verb", bound=Callable[..., Any])


class GateClosed(ValidationError):
    """The checklist blocks publishing; `problems` says what is wrong, where, and what to do."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__([problem.sentence for problem in problems])


def reading_first(verb: Verb) -> Verb:
    """Do a verb of a story in one transaction, with its text read before: on SQLite nobody else writes meanwhile."""

    @wraps(verb)
    def done(story: Any, *args: Any, **kwargs: Any) -> Any:
        limits.read_ahead(story.body)
        with transaction.atomic():
            return verb(story, *args, **kwargs)

    return cast(Verb, done)


class EditionSteps(models.Model):
    """The part of an Article with the steps of publishing, which run in the transaction of each verb."""

    class Meta:
        abstract = True

    def lock(self) -> bool:
        """Lock this story and those it links to, in the order of their keys, until the transaction ends.

        Return True if it was sealed meanwhile.
        """
        return self.pk in type(self).objects.hold([self])

    def take_turn(self, now: datetime | None, wanted: datetime | None = None) -> tuple[datetime, datetime]:
        """Lock the story. Return the current instant, never before the last decision, and when it goes live.

        A decision that waited for another comes after it, even if two machines' clocks differ a little.
        """
        asked = now or timezone.now()
        if wanted is not None and wanted < asked:
            raise ValidationError("A story can’t go live in the past. Choose a later moment, or publish now.")
        self.refuse_sealed(self.lock())
        last = self.editions.order_by("-number").values_list("at", flat=True).first()
        now = max(filter(None, [now or timezone.now(), last]))
        return now, max(now, wanted or now)

    def check_embargo(self, live_from: datetime, override: str, by: Actor | None, now: datetime) -> None:
        if self.embargo_until and live_from < self.embargo_until:
            if not override:
                raise ValidationError(
                    f"Under embargo until {say(self.embargo_until, self.site.zone)}: {self.embargo_reason}."
                )
            require(by, "articles.override_embargo", to="publish before an embargo ends")
            AuditEntry.record(
                "embargo.overridden", at=now, by=by, article=self, note=f"{override} — {self.embargo_reason}"
            )

    def pass_gate(
        self, blocking: list[Problem], override: str, by: Actor | None, without_failing_photos: bool
    ) -> list[str]:
        """Return the photos to leave out. Raise GateClosed if anything else blocks and there is no override."""
        dropped = []
        if without_failing_photos:
            dropped = sorted({str(problem.photo) for problem in blocking if problem.photo})
            blocking = [problem for problem in blocking if not problem.photo]
            follow_up.open_tasks(self, dropped, by)
        owed = [problem for problem in blocking if problem.is_owed]
        if blocking and (owed or not override):
            raise GateClosed(owed if override else blocking)
        if blocking:
            require(by, "articles.override_gate", to="publish what the checklist blocks")
            follow_up.log_override(self, blocking, override, by)
        return dropped

    def add_edition(self, **decision: Any) -> Edition:
        last = self.editions.order_by("-number").values_list("number", flat=True).first() or 0
        return self.editions.create(number=last + 1, **decision)

    def tell_readers(self, edition: Edition) -> None:
        if edition.public_note and edition.is_substantive:
            self.corrections.create(
                edition=edition, kind=edition.kind, at=edition.live_from, text=edition.public_note, by=edition.by
            )

    def cancel_edition(self, edition: Edition, *, by: Actor | None, reason: str, at: datetime) -> Cancellation:
        if found := Cancellation.objects.filter(edition=edition).first():
            return found
        if edition.live_from <= at:
            raise ValidationError("This edition is already live. Withdraw the story or publish again.")
        AuditEntry.record(
            "article.cancelled", at=at, by=by, article=self, note=f"{say(edition.live_from, self.site.zone)}: {reason}"
        )
        return Cancellation.objects.create(edition=edition, at=at, by=by, reason=reason[:300])

    def log_decision(self, edition: Edition, now: datetime) -> None:
        """Log the decision. It is announced when it takes effect."""
        verb = {"first": "published", "correction": "corrected", "withdrawal": "withdrawn"}.get(edition.kind, "updated")
        note = edition.note
        if edition.live_from > now:
            note = " ".join(filter(None, [f"to be {verb} {say(edition.live_from, self.site.zone)}.", note]))
            verb = "scheduled"
        AuditEntry.record(f"article.{verb}", at=now, by=edition.by, article=self, note=note)

    def rewrite_windows(self, now: datetime, facts: Facts | None = None, standing: list[Edition] | None = None) -> None:
        """Render the present and every coming window again, and mark documents that link here stale.

        `facts`, which must be locked, and the `standing` editions are loaded unless given.
        """
        spans = store.write(self, now, facts, standing)
        if not spans:
            # A story that was only ever scheduled frees its address.
            Address.objects.filter(kind="article", target=str(self.pk), retired=False).delete()
