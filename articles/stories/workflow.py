"""Who can edit a story, and how it goes from the writer through review to publishing."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.utils import timezone

from media.models import Clearance, Photo
from media.permissions import Actor, require

from ..access.section_scope import SectionScope
from ..history.audit import AuditEntry
from .fields import is_sealed

if TYPE_CHECKING:
    from .desk import Comment, Task


class Workflow(models.Model):
    """The part of an Article for the work on it before it is published."""

    class Meta:
        abstract = True

    # Questions

    def is_visible_to(self, user: Actor | None) -> bool:
        """Return True if this user may know of the story; who is listed on it is not asked for again where it is loaded."""
        if user is None:
            return True
        listed = getattr(self, "_prefetched_objects_cache", {}).get("restricted_to")
        if listed is None:
            return type(self).objects.visible_to(user).filter(pk=self.pk).exists()
        return self.discarded_at is None and (not listed or user in listed or self.owner_id == user.pk)

    def is_editable_by(self, user: Actor | None) -> bool:
        """Return True if this user can change the working copy: their own draft, or any with the right to edit others'."""
        if user is None:
            return True
        if not (user.is_active and user.has_perm("articles.change_article")):
            return False
        is_own = self.owner_id == user.pk
        if not ((is_own and self.stage == "draft") or user.has_perm("articles.edit_others_articles")):
            return False
        return not SectionScope.objects.limits(user) or self._in_scope(user, own_without_section=is_own)

    def _in_scope(self, user: Actor, *published: int | None, own_without_section: bool = False) -> bool:
        """Return True if the story is in this user's sections before the change and after it: as stored, and as it is here.

        `published` are the sections that readers find it in. A story without a section belongs to nobody but its owner.
        """
        sections = {
            self.section_id,
            *type(self).objects.filter(pk=self.pk).values_list("section", flat=True),
            *published,
        }
        if own_without_section:
            sections.discard(None)
        return all(SectionScope.objects.allows(user, section) for section in sections)

    def is_sealed(self) -> bool:
        """Return True if the story was sealed, whatever this copy of it says."""
        return type(self).objects.sealed().filter(pk=self.pk).exists()

    def is_in_reach_of(self, user: Actor | None) -> bool:
        """Return True if this user can decide about the story: it is visible to them, and in their sections.

        What is live or scheduled may be in another section than the working copy; it has to be one of theirs, too.
        """
        if user is None:
            return True
        if not self.is_visible_to(user):
            return False
        return not SectionScope.objects.limits(user) or self._in_scope(user, *self._published_sections())

    def _published_sections(self) -> set[int | None]:
        """Return the sections that readers find the story in, now and as scheduled."""
        now = timezone.now()
        editions = filter(None, [self.live_edition(now), *self.coming_editions(now)])
        return {edition.version.content["section"] for edition in editions}

    # Verbs

    def require_reach(self, by: Actor | None, *, to: str) -> None:
        """Raise PermissionDenied if the story is restricted or outside this user's sections."""
        if not self.is_in_reach_of(by):
            raise PermissionDenied(f"You can’t {to} here: the story is restricted or outside your sections.")

    def require_visible(self, by: Actor | None) -> None:
        if not self.is_visible_to(by):
            raise PermissionDenied("You can’t do this with a story you don’t have access to.")

    def require_unsealed(self) -> None:
        """Raise ValidationError if the story was sealed. Call it in the transaction that writes words of the story.

        A sealing that comes meanwhile waits for the end of that transaction, and then finds the words.
        """
        held = type(self).objects.filter(pk=self.pk).select_for_update(no_key=True)
        self.refuse_sealed(any(is_sealed(*state) for state in held.values_list("headline", "discarded_at")))

    def take_hold(self) -> None:
        """Let nobody else save or change who writes until the end of this transaction."""
        type(self).objects.filter(pk=self.pk).select_for_update(no_key=True).values_list("pk").first()

    def refuse_sealed(self, sealed: bool) -> None:
        if sealed:
            raise ValidationError("This story was sealed in the meantime. It can no longer be changed.")

    def require_editable(self, by: Actor | None, *, to: str = "edit this story") -> None:
        if not (self.is_editable_by(by) and self.is_visible_to(by)):
            raise PermissionDenied(
                f"You can’t {to}. Writers can change only their own drafts, and everyone only stories in "
                "their own sections. Ask an editor to send it back to you."
            )

    @transaction.atomic
    def submit(self, *, by: Actor | None, note: str = "", at: datetime | None = None) -> None:
        """Submit a draft for review."""
        self.require_editable(by, to="submit this story")
        self._expect("draft", "Only a draft can be submitted.")
        self._pass_on("in_review", "article.submitted", by=by, note=note, at=at)
        self._close_tasks(at)
        self.tasks.create(text=f"Review “{str(self)[:200]}”", by=by, at=at or timezone.now())

    @transaction.atomic
    def return_(self, *, by: Actor | None, note: str, at: datetime | None = None) -> None:
        """Send a story back to its writer, with a note that says what needs work."""
        self._require_editor(by, to="return stories")
        if not note.strip():
            raise ValidationError({"note": "Write what needs work, so that the writer knows what to do."})
        if self.stage == "draft":
            raise ValidationError("The story is already a draft.")
        at = at or timezone.now()
        self._pass_on("draft", "article.returned", by=by, note=note, at=at)
        self._close_tasks(at)
        self.tasks.create(text=note[:300], assignee=self.owner, by=by, at=at)

    @transaction.atomic
    def accept(self, *, by: Actor | None, note: str = "", at: datetime | None = None) -> None:
        """Mark a story as ready to be published."""
        self._require_editor(by, to="mark stories as ready")
        if self.stage == "ready":
            raise ValidationError("The story is already marked as ready.")
        self._pass_on("ready", "article.accepted", by=by, note=note, at=at)
        self._close_tasks(at)

    @transaction.atomic
    def assign(
        self,
        to: Actor,
        *,
        by: Actor | None,
        text: str = "",
        due_at: datetime | None = None,
        at: datetime | None = None,
    ) -> "Task":
        """Assign this story to a colleague, who should be done by `due_at`. Return the task."""
        at = at or timezone.now()
        self.require_unsealed()
        self._require_editor(by, to="assign stories")
        if not self.is_visible_to(to):
            raise ValidationError(f"{to} can’t see this story: add them under “Restricted to” first.")
        if due_at is not None and due_at <= at:
            raise ValidationError("The due date is in the past. Choose a later one, or leave it empty.")
        return self.tasks.create(
            text=(text.strip() or f"Take over “{self}”")[:300], assignee=to, by=by, at=at, due_at=due_at
        )

    @transaction.atomic
    def hand_over(self, to: Actor, *, by: Actor | None, at: datetime | None = None) -> None:
        """Make a colleague the owner of this story."""
        self._require_editor(by, to="hand stories over")
        type(self).objects.filter(pk=self.pk).update(owner=to)
        self.owner = to
        AuditEntry.record("article.handed_over", at=at or timezone.now(), by=by, article=self, note=f"to {to}")

    @transaction.atomic
    def comment(self, text: str, *, by: Actor | None, at: datetime | None = None) -> "Comment":
        """Add a comment to the story's thread. Return it."""
        self.require_unsealed()
        if not self.is_visible_to(by):
            raise PermissionDenied("You can’t comment on a story you don’t have access to.")
        if not text.strip():
            raise ValidationError({"text": "Write a comment first."})
        return self.comments.create(text=text.strip(), by=by, at=at or timezone.now())

    @transaction.atomic
    def ask_clearance(self, photo: Photo, *, by: Actor | None, note: str = "", at: datetime | None = None) -> "Task":
        """Ask the photo desk to clear a paid or conditional photo for this story. Return the task, which is created once."""
        self.require_unsealed()
        if not self.is_visible_to(by):
            raise PermissionDenied("You can’t ask about a story you don’t have access to.")
        text = f"Clear “{photo}” for “{str(self)[:120]}”" + (f": {note.strip()}" if note.strip() else "")
        return self._ask_photo_desk(photo, text, by=by, at=at)

    @transaction.atomic
    def ask_for_credit(
        self, photo: Photo, *, by: Actor | None, proposed: str = "", at: datetime | None = None
    ) -> "Task":
        """Ask the photo desk whom a photo credits, with what the asker knows. Return the task, which is created once."""
        self.require_unsealed()
        if not self.is_editable_by(by):
            raise PermissionDenied("You can’t ask about a story you can’t edit.")
        said = f": it should be “{proposed.strip()}”" if proposed.strip() else ""
        return self._ask_photo_desk(photo, f"Credit “{photo}”{said}", about="credit", by=by, at=at)

    def _ask_photo_desk(
        self, photo: Photo, text: str, *, by: Actor | None, at: datetime | None, about: str = ""
    ) -> "Task":
        open_ones = self.tasks.filter(photo=photo, desk="photo", about=about, done_at__isnull=True)
        return open_ones.first() or self.tasks.create(
            photo=photo, desk="photo", about=about, text=text[:300], by=by, at=at or timezone.now()
        )

    @transaction.atomic
    def clear_photo(self, photo: Photo, *, by: Actor | None, at: datetime | None = None, **terms: Any) -> Clearance:
        """Clear a photo for this story, for the photo desk; `terms` are placement, fee, fee_basis, note.

        Open tasks about it are marked done. Return the clearance.
        """
        at = at or timezone.now()
        self.require_reach(by, to="clear photos")
        clearance = photo.clear(by=by, article=self.pk, at=at, **terms)
        self.tasks.filter(photo=photo, desk="photo", about="", done_at__isnull=True).update(done_at=at)
        AuditEntry.record("photo.cleared", at=at, by=by, article=self, subject=str(photo.pk), note=str(clearance))
        return clearance

    @transaction.atomic
    def take_clearance_back(
        self, clearance: Clearance, *, by: Actor | None, reason: str, at: datetime | None = None
    ) -> None:
        """Revoke the clearance of a photo for this story. If the story is live, the photo is removed from it at once."""
        self.require_reach(by, to="take clearances back")
        said = f"{reason.strip()} (was: {clearance})"
        clearance.take_back(by=by, reason=reason)
        AuditEntry.record(
            "photo.clearance_taken_back", at=at or timezone.now(), by=by, article=self, note=said,
            subject=str(clearance.photo_id),
        )  # fmt: skip

    # Steps

    def _require_editor(self, by: Actor | None, *, to: str) -> None:
        require(by, "articles.edit_others_articles", to=to)
        self.require_reach(by, to=to)

    def _expect(self, stage: str, sentence: str) -> None:
        if self.stage != stage:
            raise ValidationError(sentence)

    def _pass_on(self, stage: str, verb: str, *, by: Actor | None, note: str, at: datetime | None) -> None:
        self.require_unsealed()
        at = at or timezone.now()
        type(self).objects.filter(pk=self.pk).update(stage=stage)
        self.stage = stage
        AuditEntry.record(verb, at=at, by=by, article=self, note=note)
        if note.strip() and by is not None:
            self.comments.create(text=note.strip(), by=by, at=at)

    def settle(self, *, at: datetime) -> None:
        """Mark a story that was published or scheduled as ready, and close its review tasks."""
        type(self).objects.filter(pk=self.pk).exclude(stage="ready").update(stage="ready")
        self.stage = "ready"
        self._close_tasks(at)

    def _close_tasks(self, at: datetime | None) -> None:
        self.tasks.filter(done_at__isnull=True, desk="editors").update(done_at=at or timezone.now())
