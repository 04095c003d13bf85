"""Corrects live and coming editions and the draft alike, without publishing the draft's other changes."""

from collections.abc import Callable, Sequence
from copy import copy
from datetime import datetime
from decimal import Decimal
from typing import Self

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from media.permissions import Actor, require

from ..history.edition import Edition
from ..history.version import Version, content_hash
from ..text import limits
from . import fields, finding, replace
from .checklist import Problem
from .content import snapshot
from .edition_steps import EditionSteps

KEPT = ("kind", "live_from", "ends", "time_zone", "public_note", "override", "without_photos", "silent", "redirect_to")
KINDS = ("minor", "update", "correction")

Revision = Callable[[dict], dict]
"""Returns the changed content of a version."""


def _correction(words: str, instead: str) -> Revision:
    """Return what replaces words in a content; what it made of one it remembers."""
    made: dict[str, dict] = {}

    def change(content: dict) -> dict:
        key = content_hash(content)
        if key not in made:
            made[key] = replace.corrected(content, words, instead)
        return made[key]

    return change


class Revising(EditionSteps):
    """The part of an Article that corrects editions without publishing the working copy."""

    class Meta:
        abstract = True

    def replace_words(
        self, words: str, instead: str, *, by: Actor | None = None, kind: str = "minor", note: str = "",
        public_note: str = "", seen: int | None = None, without_failing_photos: bool = False, at: datetime | None = None,
    ) -> Edition:  # fmt: skip
        """Replace words in the live edition, which gets a new edition, in coming editions and in the draft.

        What editors have not published yet stays unpublished. `seen` is the number of the edition the user looked at.
        Return the new edition. Raise PermissionDenied, GateClosed, or ValidationError if the story has changed,
        somebody is writing in it, or an embargo applies; then nothing has changed.
        """
        require(by, "articles.publish_article", to="correct live stories")
        self.require_reach(by, to="correct live stories")
        if kind not in KINDS or (kind == "correction" and not public_note.strip()):
            raise ValidationError("Enter the text of the correction. Readers see it.")
        change = _correction(words, instead)
        self._correct_ahead(change, at or timezone.now())
        with transaction.atomic():
            now, _ = self.take_turn(at)
            self.refresh_from_db()
            self._refuse_while_written(by, now)
            live = self._live_as_seen(seen, now)
            content = self._fitting(change(live.version.content), live)
            self.check_embargo(now, "", by, now)
            dropped = self.pass_gate(self._blocking(content, live, now), "", by, without_failing_photos)
            note = " ".join(filter(None, [f"“{words}” → “{instead}”.", note.strip()]))
            edition, *_ = self.revise_editions(
                change, kind=kind, note=note, public_note=public_note.strip(), dropped=dropped, by=by, at=now
            )
            self.tell_readers(edition)
            self._revise_draft(change, by=by, at=now)
            self.rewrite_windows(now)
            self.log_decision(edition, now)
        return edition

    def _correct_ahead(self, change: Revision, now: datetime) -> None:
        """Correct and read every text this is about before the transaction; one that is saved meanwhile is in it."""
        editions = filter(None, [self.live_edition(now), *self.coming_editions(now)])
        for content in [*(edition.version.content for edition in editions), snapshot(self)]:
            limits.read_ahead(change(content)["body"])

    def _blocking(self, content: dict, live: Edition, now: datetime) -> list[Problem]:
        """Return what the checklist holds against these words; photos left out of the live edition stay so."""
        found = self.as_of(content).problems(now)
        return [problem for problem in found if problem.blocks and str(problem.photo) not in live.without_photos]

    def as_of(self, content: dict) -> Self:
        """Return this story with the words and photos of a version, unsaved, to ask the checklist about it."""
        story = copy(self)
        for name in fields.PLAIN:
            setattr(story, name, content[name])
        for name in fields.KEYS:
            setattr(story, f"{name}_id", self._meta.get_field(name).target_field.to_python(content.get(name)))
        rating = content.get("review_rating")
        story.review_rating = None if rating is None else Decimal(rating)
        return story

    def revise_editions(
        self,
        change: Revision,
        *,
        kind: str = "minor",
        note: str,
        public_note: str = "",
        dropped: Sequence[str] = (),
        by: Actor | None = None,
        at: datetime,
    ) -> list:
        """Apply `change` to live and coming editions; an edition it does not change stays.

        The caller locks the story, checks permission, and rewrites the windows. Return the new editions, the
        live one first.
        """
        made = []
        live = self.live_edition(at)
        if live is not None and (content := change(live.version.content)) != live.version.content:
            left_out = sorted({*live.without_photos, *dropped})
            made.append(
                self.add_edition(
                    version=self._keep_version(content, by, at), kind=kind, live_from=at, ends=live.ends, time_zone=live.time_zone,
                    without_photos=left_out, note=note, public_note=public_note, by=by, at=at,
                )
            )  # fmt: skip
        for edition in self.coming_editions(at):
            if (content := change(edition.version.content)) != edition.version.content:
                version = self._keep_version(content, by, at)
                self.cancel_edition(edition, by=by, reason=note, at=at)
                same = {name: getattr(edition, name) for name in KEPT}
                made.append(self.add_edition(version=version, note=note, by=by, at=at, **same))
        return made

    # Steps

    def _refuse_while_written(self, by: Actor | None, now: datetime) -> None:
        others = self.presences.present(now).filter(is_writing=True).exclude(user=by).select_related("user")
        if other := others.first():
            raise ValidationError(f"{other.user} is writing in this story. Ask them, or try again when they have left.")

    def _live_as_seen(self, seen: int | None, now: datetime) -> Edition:
        live = self.live_edition(now)
        if live is None:
            raise ValidationError("The story is no longer live.")
        if seen is not None and live.number != seen:
            raise ValidationError("The story was published again in the meantime. Check it again.")
        return live

    def _fitting(self, content: dict, live: Edition) -> dict:
        """Return the content. Raise ValidationError if nothing changed, or the new words are too long for a field."""
        if content == live.version.content:
            raise ValidationError("These words are no longer in the live story.")
        for name, label in replace.FIELDS.items():
            most = self._meta.get_field(name).max_length
            if most and len(content[name] or "") > most:
                raise ValidationError(f"With the new words the {label.lower()} would be longer than {most} characters.")
        return content

    def _keep_version(self, content: dict, by: Actor | None, at: datetime) -> Version:
        return Version.objects.create(
            article=self, number=self.latest_version.number + 1, at=at, by=by, content=content,
            content_hash=content_hash(content), word_count=content["word_count"],
            reading_time_minutes=content["reading_time_minutes"],
        )  # fmt: skip

    def _revise_draft(self, change: Revision, *, by: Actor | None, at: datetime) -> None:
        """Correct the working copy, and raise its revision so that open editors notice."""
        before = snapshot(self)
        after = change(before)
        if after == before:
            return
        for name in fields.PLAIN:
            setattr(self, name, after[name])
        self.save()
        revision = self.revision
        self.keep(by=by, at=at)
        if self.revision == revision:
            type(self).objects.filter(pk=self.pk).update(revision=revision + 1, saved_at=at)
            self.revision = revision + 1
            finding.read([self])
