"""Publishes, withdraws, reschedules and moves stories. Each verb is one transaction: all of it happens, or nothing."""

from collections.abc import Iterable
from datetime import datetime
from urllib.parse import urlsplit
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from media.models import Photo, Usage
from media.permissions import Actor, require

from ..directory.address import Address, take_address, validate_slug
from ..history.audit import AuditEntry
from ..history.edition import Cancellation, Edition
from ..history.timeline import FOREVER, Window, at, windows
from ..history.version import Version
from ..live import announce, jobs
from ..live.document import LiveDocument
from . import checklist, follow_up
from .edition_steps import EditionSteps, reading_first


class Publishing(EditionSteps):
    """The part of an Article that publishes, schedules, withdraws and moves it."""

    class Meta:
        abstract = True

    # Questions

    def timeline(self) -> list[Window]:
        return self.editions.all().timeline()

    def live_edition(self, instant: datetime | None = None) -> Edition | None:
        """Return the edition readers see at this instant, or None."""
        window = at(self.timeline(), instant or timezone.now())
        return self.editions.get(number=window.number) if window and not window.gone else None

    def coming_editions(self, instant: datetime | None = None) -> QuerySet[Edition]:
        return (
            self.editions.all()
            .coming(instant or timezone.now())
            .select_related("version")
            .order_by("live_from", "number")
        )

    def coming_edition(self, number: int, instant: datetime | None = None) -> Edition:
        """Return the edition of this number. Raise ValidationError if it is not waiting to go live."""
        found = self.coming_editions(instant).filter(number=number).first()
        if found is None:
            raise ValidationError("This is no longer scheduled. Reload the page to see what is.")
        return found

    def published_at(self) -> datetime | None:
        """Return the instant of first publication (or the imported date), which never changes; None for a draft."""
        return self.first_published(self.editions.all().standing().order_by("live_from", "number"))

    def first_published(self, editions: Iterable[Edition]) -> datetime | None:
        """Return the publication date that readers see, given the standing editions in order."""
        first = next((edition.live_from for edition in editions if not edition.is_withdrawal), None)
        return min(filter(None, [first, self.original_published_at])) if first else None

    def shown_at(self, instant: datetime) -> tuple[Edition | None, QuerySet[Usage]]:
        """Return what readers saw at an instant: the edition (words) and the uses of photos, with credits as shown."""
        edition = self.live_edition(instant)
        uses = Usage.objects.filter(article=self.pk, channel="web").live(instant)
        return edition, uses if edition else uses.none()

    def problems(
        self,
        instant: datetime | None = None,
        photos: dict[UUID, Photo] | None = None,
        named: checklist.Named | None = None,
    ) -> list[checklist.Problem]:
        """Return the checklist's problems with the working copy if it went live at this instant."""
        return checklist.check(self, instant or timezone.now(), photos, named)

    # Verbs

    @reading_first
    def publish(
        self, *, by: Actor | None = None, at: datetime | None = None, ends: datetime | None = None,
        kind: str | None = None, note: str = "", public_note: str = "", override: str = "",
        without_failing_photos: bool = False, time_zone: str = "UTC", now: datetime | None = None,
    ) -> Edition:  # fmt: skip
        """Make the working copy live at `at` (default: now) until `ends` (default: no end). Return the edition.

        Publishing the version already live returns its edition. Raise PermissionDenied, GateClosed with every
        blocking problem, or ValidationError; then nothing has changed.
        """
        require(by, "articles.publish_article", to="publish stories")
        self.require_reach(by, to="publish stories")
        now, live_from = self.take_turn(now, at)
        if ends is not None and ends <= live_from:
            raise ValidationError("The story ends before it goes live. Choose a later end or leave it empty.")
        self.check_embargo(live_from, override, by, now)
        version, standing = self.keep(by=by, at=now), jobs.standing([self])[self.pk]
        same = self._already(standing, version, live_from, ends, public_note)
        if same is not None:
            return same
        # Locked from here on, so that readers get what the checklist saw.
        facts = jobs.facts_ahead(standing, now, version)
        self.site = facts.sites[self.site_id]
        blocking = [problem for problem in self.problems(live_from, facts.photos) if problem.blocks]
        dropped = self.pass_gate(blocking, override, by, without_failing_photos)
        edition = self.add_edition(
            version=version, kind=kind or _default_kind(standing, live_from), live_from=live_from, ends=ends or FOREVER, time_zone=time_zone,
            note=note, public_note=public_note, override=override, without_photos=dropped, by=by, at=now,
        )  # fmt: skip
        self.tell_readers(edition)
        self.settle(at=now)
        take_address("article", self.slug, self.pk, now)
        self.rewrite_windows(now, facts, [*standing, edition])
        self.log_decision(edition, now)
        return edition

    @transaction.atomic
    def withdraw(
        self,
        *,
        by: Actor | None = None,
        reason: str,
        at: datetime | None = None,
        silent: bool = False,
        public_note: str = "",
        redirect_to: str = "",
        now: datetime | None = None,
    ) -> Edition:
        """Withdraw the story at `at` (default: now) and cancel editions due after it. Return the edition.

        `silent`, for a court order, answers a bare 410 at every address the story ever had. Withdrawing
        what is withdrawn already, in the same way, returns that edition.
        """
        require(by, "articles.publish_article", to="withdraw stories")
        self.require_reach(by, to="withdraw stories")
        if not _leads_readers(redirect_to):
            raise ValidationError("Readers can only be sent to a web address or a path on the site.")
        now, instant = self.take_turn(now, at)
        last = self.editions.order_by("-number").first()
        if last is None:
            raise ValidationError("The story was never published. Discard it instead.")
        same = self._withdrawn_so(instant, silent, public_note, redirect_to)
        if same is not None:
            return same
        for edition in self.editions.all().coming(now).filter(live_from__gte=instant):
            self.cancel_edition(edition, by=by, reason=f"withdrawn: {reason}", at=now)
        edition = self.add_edition(
            version=last.version, kind="withdrawal", live_from=instant, note=reason, public_note=public_note,
            silent=silent, redirect_to=redirect_to, by=by, at=now,
        )  # fmt: skip
        if silent:
            if instant <= now:
                Address.objects.filter(kind="article", target=str(self.pk)).update(retired=True)
            follow_up.open_places_out_of_reach(self, by)
        self.rewrite_windows(now)
        self.log_decision(edition, now)
        return edition

    @transaction.atomic
    def cancel(
        self, edition: Edition, *, by: Actor | None = None, reason: str = "", now: datetime | None = None
    ) -> Cancellation:
        """Cancel an edition that has not gone live yet. Return the cancellation, the first one if it was canceled before."""
        require(by, "articles.publish_article", to="cancel a scheduled story")
        self.require_reach(by, to="cancel a scheduled story")
        now, _ = self.take_turn(now)
        cancellation = self.cancel_edition(edition, by=by, reason=reason, at=now)
        self.rewrite_windows(now)
        return cancellation

    @transaction.atomic
    def reschedule(
        self,
        edition: Edition,
        *,
        at: datetime,
        by: Actor | None = None,
        reason: str = "",
        time_zone: str = "",
        now: datetime | None = None,
    ) -> Edition:
        """Move a coming edition to another time: cancel it and return a new edition of the same version."""
        require(by, "articles.publish_article", to="reschedule a story")
        self.require_reach(by, to="reschedule a story")
        now, live_from = self.take_turn(now, at)
        if Cancellation.objects.filter(edition=edition).exists():
            raise ValidationError("This edition was already canceled. Check the schedule again.")
        if edition.live_from == at:
            return edition
        self.check_embargo(live_from, edition.override, by, now)
        self.cancel_edition(edition, by=by, reason=reason or "rescheduled", at=now)
        moved = self.add_edition(
            version=edition.version, kind=edition.kind, live_from=live_from, ends=edition.ends if edition.ends > live_from else FOREVER,
            time_zone=time_zone or edition.time_zone, note=edition.note, public_note=edition.public_note, override=edition.override,
            without_photos=edition.without_photos, silent=edition.silent, redirect_to=edition.redirect_to, by=by, at=now,
        )  # fmt: skip
        self.tell_readers(moved)
        self.rewrite_windows(now)
        self.log_decision(moved, now)
        return moved

    @transaction.atomic
    def move(self, *, slug: str, by: Actor | None = None, now: datetime | None = None) -> None:
        """Change a story's address. All former addresses redirect to the new one."""
        require(by, "articles.publish_article", to="move stories")
        self.require_reach(by, to="move stories")
        now, _ = self.take_turn(now)
        old = type(self).objects.values_list("slug", flat=True).get(pk=self.pk)
        validate_slug(slug)
        if slug == old:
            return
        if type(self).objects.filter(slug=slug).exclude(pk=self.pk).exists():
            raise ValidationError({"slug": "Another story already has this address. Choose another."})
        present = LiveDocument.objects.live(now).filter(article=self).first()
        if self.is_address_public():
            take_address("article", slug, self.pk, now)
        type(self).objects.filter(pk=self.pk).update(slug=slug)
        self.slug = slug
        self.rewrite_windows(now)
        AuditEntry.record("article.moved", at=now, by=by, article=self, note=f"{old} → {slug}")
        if present is not None:
            documents = LiveDocument.objects.filter(article=self)
            announce.moved(documents.live(now).get(), {present.path, *documents.values_list("path", flat=True)}, now)

    # Steps

    def _already(
        self, standing: list[Edition], version: Version, live_from: datetime, ends: datetime | None, public_note: str
    ) -> Edition | None:
        """Return the edition that is exactly this already, or None."""
        window = at(windows(edition.decision() for edition in standing), live_from)
        if window is None or window.gone:
            return None
        edition = next(edition for edition in standing if edition.number == window.number)
        says_more = (ends is not None and ends != edition.ends) or (public_note and public_note != edition.public_note)
        return edition if edition.version_id == version.pk and not says_more else None

    def _withdrawn_so(self, instant: datetime, silent: bool, public_note: str, redirect_to: str) -> Edition | None:
        """Return the withdrawal that is exactly this already, or None."""
        spans = self.timeline()
        edition = spans and spans[-1].live_from <= instant and self.editions.get(number=spans[-1].number)
        if not edition or not edition.is_withdrawal:
            return None
        same = (edition.silent, edition.public_note, edition.redirect_to) == (silent, public_note, redirect_to)
        return edition if same else None


def _default_kind(standing: list[Edition], live_from: datetime) -> str:
    is_first = not any(edition.live_from <= live_from and not edition.is_withdrawal for edition in standing)
    return "first" if is_first else "update"


def _leads_readers(address: str) -> bool:
    """Return True if readers can be led there: an address of the web, or a path of the site."""
    try:
        return urlsplit(address.strip()).scheme.lower() in {"", "http", "https"}
    except ValueError:
        return False
