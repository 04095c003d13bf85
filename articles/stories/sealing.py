"""Seals a story for a court order or an erasure: what it holds or leaves is listed, place by place, and blanked.

The list below is used by the verb, by the page that asks first, by the certificate, and by the test that looks for
words left behind.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import unescape
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib.admin.models import LogEntry
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from media.models import Clearance, Pause, Right, Usage
from media.permissions import Actor, require
from media.words.search_terms import words

from ..access.section_scope import SectionScope
from ..access.token import KeptAnswer
from ..directory.address import Address
from ..history.audit import AuditEntry
from ..history.edition import Cancellation
from ..history.version import Version
from ..live import refresh, search, spelling
from ..live.document import LiveDocument
from ..outbox.delivery import Delivery
from . import fields, finding
from .content import sealed, snapshot
from .desk import Presence
from .fields import SEALED
from .finding import StoryEntry
from .follow_up import PLACES_OUT_OF_REACH
from .links import relink
from .places import Left, Place, blanked_in, containing, left_in, rewrite
from .saved_filter import SavedFilter
from .template import Template

if TYPE_CHECKING:
    from .article import Article

_TAG = re.compile(r"<[^>]*>")
# A shorter headline, such as “It”, is also found in sentences about other stories.
LONG_ENOUGH = 12


# How each place is blanked


def _working_copy(story: "Article", rows: models.QuerySet, now: datetime) -> None:
    values = fields.values("sealed")
    relink(story, **{name: values.pop(name) for name in fields.LINKS})
    rows.update(slug=f"sealed-{story.pk.hex}", discarded_at=now, saved_at=now, revision=F("revision") + 1, **values)


def _versions(story: "Article", rows: models.QuerySet, now: datetime) -> None:
    for version in rows:
        Version.objects.filter(pk=version.pk).change_sealed(content=sealed(version.content))


def _sealing(**values: Any) -> Callable[["Article", models.QuerySet, datetime], object]:
    """Return what overwrites these columns of insert-only rows."""
    return lambda story, rows, now: rows.change_sealed(**values)


def _delete(story: "Article", rows: models.QuerySet, now: datetime) -> None:
    rows.delete()


def _found_no_more(story: "Article", rows: models.QuerySet, now: datetime) -> None:
    rows.delete()
    finding.forget()


def _links_to_previews(story: "Article", rows: models.QuerySet, now: datetime) -> None:
    rows.update(note="")
    rows.filter(revoked_at__isnull=True).update(revoked_at=now)


def _kept_answers(story: "Article", rows: models.QuerySet, now: datetime) -> None:
    # The rows stay: without them a repeated request would write the story again.
    rows.update(status=410, headers={}, body='{"detail": "This story was sealed."}')


def _deliveries(story: "Article", rows: models.QuerySet, now: datetime) -> None:
    rows.filter(state="pending").exclude(event="article.withdrawn").delete()
    for delivery in rows.exclude(state="pending"):
        payload = {name: delivery.payload.get(name) for name in ("type", "timestamp")}
        payload["data"] = {"article": {"id": str(story.pk)}}
        Delivery.objects.filter(pk=delivery.pk).update(payload=payload, log=[])


def _log(story: "Article", rows: models.QuerySet, now: datetime) -> None:
    rows.filter(article=story.pk).change_sealed(subject=SEALED, note="")
    rewrite(AuditEntry.objects.filter(_names(story)), ("subject", "note"), _without_phrases(story))


def _others_logs(*columns: str) -> Callable[["Article", models.QuerySet, datetime], object]:
    """Return what takes the headlines and addresses out of these columns."""
    return lambda story, rows, now: rewrite(rows, columns, _without_phrases(story))


def _without_phrases(story: "Article") -> Callable[[str], str]:
    found = phrases(story)

    def change(text: str) -> str:
        for phrase in found:
            text = text.replace(phrase, SEALED)
        return text

    return change


def phrases(story: "Article") -> list[str]:
    """Return the headlines and addresses this story has had, and notes of its rights, as logs quote them; the longest first."""
    headlines = {story.headline, *(version.content.get("headline", "") for version in story.versions.all())}
    headlines |= set(Usage.objects.filter(article=story.pk).values_list("headline", flat=True))
    slugs = {story.slug, *addresses(story).values_list("slug", flat=True)}
    notes = set(Right.objects.filter(article=story.pk).values_list("note", flat=True))
    found = {f"“{headline}”" for headline in headlines} | {
        each for each in headlines | slugs | notes if len(each) >= LONG_ENOUGH
    }
    return sorted(found - {f"“{SEALED}”", "“”"}, key=len, reverse=True)


def _names(story: "Article") -> Q:
    found = Q(article=story.pk)
    for phrase in phrases(story):
        found |= Q(subject__contains=phrase) | Q(note__contains=phrase)
    return found


def addresses(story: "Article") -> models.QuerySet[Address]:
    return Address.objects.filter(kind="article", target=str(story.pk))


def _answers_about(story: "Article") -> models.QuerySet[KeptAnswer]:
    return KeptAnswer.objects.filter(body__contains=str(story.pk))


def _documents_showing(story: "Article") -> models.QuerySet[LiveDocument]:
    return LiveDocument.objects.linking_to(story.pk).exclude(article=story.pk)


def _leave_stale(story: "Article", rows: models.QuerySet, now: datetime) -> None:
    # Rendered here, their photos would be locked after documents: a kill at the same moment would be a deadlock.
    rows.past(now).delete()
    rows.mark_stale(now)


def _tombstones(story: "Article", rows: models.QuerySet, now: datetime) -> None:
    """Leave nothing but the 410 of each address."""
    story.refresh_from_db()
    story.rewrite_windows(now)
    rows.filter(Q(status=200) | Q(live_until__lte=now)).delete()
    search.forget()


def _words_of(story: "Article") -> set[str]:
    """Return every word of the story, as search keeps words by themselves."""
    contents = [snapshot(story), *(version.content for version in story.versions.all())]
    texts = (_TAG.sub(" ", unescape(text)) for content in contents for text in _texts_in(content))
    return {word for text in texts for word in words(text)}


def _texts_in(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _texts_in(each)


# The places, in the order in which they are blanked: the log goes before the headlines it is searched for.
PLACES = (
    Place(
        "Audit log", ("articles_auditentry.subject", "articles_auditentry.note"),
        lambda story: AuditEntry.objects.filter(_names(story)),
        "Titles, old addresses and notes in every entry about the story, and its title in entries about others.",
        "That it happened, who did it and when. The reason you give below is kept: do not repeat the words in it.", _log,
    ),
    Place(
        "The admin’s own log of lists and settings", ("django_admin_log.object_repr", "django_admin_log.change_message"),
        lambda story: containing(LogEntry.objects.all(), ("object_repr", "change_message"), phrases(story)),
        "Its titles and old addresses.", "Who changed what, and when.", _others_logs("object_repr", "change_message"),
    ),
    Place(
        "Failed background work", ("django_tasks_database_dbtaskresult.traceback",),
        lambda story: containing(DBTaskResult.objects.all(), ("traceback",), phrases(story)),
        "Its titles and old addresses in error messages.", "What failed, and when.", _others_logs("traceback"),
    ),
    Place(
        "Working copy", ("articles_article.*",), lambda story: type(story).objects.filter(pk=story.pk),
        "Every text, the address, the embargo and its reason, the canonical address, the source, the reviewed work and "
        "rating, photos, and all links to authors, people, works, tags and related stories.",
        "Its number, section, owner and dates, and the fingerprint of an imported text, so that the same file is not imported again.",
        _working_copy,
    ),
    Place(
        "Versions", ("articles_version.content",), lambda story: story.versions.all(), "Every text and link.",
        "Number, author, time and hash, as proof of which versions existed. A hash cannot be read, only compared.", _versions,
    ),
    Place(
        "Editions", ("articles_edition.note", "articles_edition.public_note", "articles_edition.override", "articles_edition.redirect_to"),
        lambda story: story.editions.all(), "Notes, notes to readers, reasons of overrides, redirects.",
        "When each edition was live, and who decided it.", _sealing(note="", public_note="", override="", redirect_to=""),
    ),
    Place(
        "Canceled editions", ("articles_cancellation.reason",),
        lambda story: Cancellation.objects.filter(edition__article=story), "Reasons.", "Who and when.", _sealing(reason=""),
    ),
    Place(
        "Corrections", ("articles_correction.text",), lambda story: story.corrections.all(), "What readers were told.",
        "That there was one, and when.", _sealing(text=SEALED),
    ),
    Place("Autosaves", ("articles_tabautosave.fields",), lambda story: story.tab_autosaves.all(), "Deleted.", blank=_delete),
    Place("Autosaves from version 0.1.0", ("articles_autosave.fields",), lambda story: story.autosaves.all(), "Deleted.", blank=_delete),
    Place("Open tabs", ("articles_presence.tab",), lambda story: Presence.objects.filter(article=story), "Deleted.", blank=_delete),
    Place("Comments", ("articles_comment.text",), lambda story: story.comments.all(), "Deleted.", blank=_delete),
    Place(
        "Tasks", ("articles_task.text",), lambda story: story.tasks.exclude(text__in=PLACES_OUT_OF_REACH), "Deleted.",
        "The checklist of places out of our reach (search engines, partners, archives) that withdrawing opens.", _delete,
    ),
    Place(
        "Preview links", ("articles_previewlink.note",), lambda story: story.preview_links.all(), "Notes; all links are revoked.",
        "Who shared one, and when.", _links_to_previews,
    ),
    Place("Captions of its photos", ("articles_photouse.own_caption",), lambda story: story.photo_uses.all(), "Deleted.", blank=_delete),
    Place(
        "Usage ledger", ("media_usage.headline", "media_usage.caption", "media_usage.url", "media_usage.clearance"),
        lambda story: Usage.objects.filter(article=story.pk), "Headline, caption and address.",
        "Photo, credit, dates, fee and clearance: agencies are paid by them.",
        _sealing(headline=SEALED, caption="", url=""), ("media_usage.clearance",),
    ),
    Place(
        "Kept API answers", ("articles_keptanswer.body", "articles_keptanswer.headers"), _answers_about, "The answers.",
        "The keys that scripts sent, so that a repeated request does not write the story again.", _kept_answers,
    ),
    Place(
        "Webhook deliveries", ("articles_delivery.payload", "articles_delivery.log"),
        lambda story: Delivery.objects.filter(article=story.pk),
        "Addresses in what was sent, and receivers’ answers. Waiting deliveries are deleted.",
        "The notice of withdrawal that waits to be sent, with the addresses that receivers must forget.",
        _deliveries, ("articles_delivery.payload",),
    ),
    Place(
        "Published pages of other stories that show it",
        (
            "articles_livedocumentbody.card", "articles_livedocumentbody.document_json", "articles_livedocumentbody.bare_card",
            "articles_channelbytes.card", "articles_channelbytes.document_json",
        ),
        _documents_showing, "Its title and picture. These pages are built again: the first 200 immediately, the rest in the background.",
        "What other stories say about it in their own words: look for them with “Correct everywhere”, or seal them too.",
        _leave_stale,
    ),
    Place(
        "Saved filters of the list", ("articles_savedfilter.name", "articles_savedfilter.asked"),
        lambda story: containing(SavedFilter.objects.all(), ("name", "asked"), phrases(story)),
        "Those that name its title or an old address are deleted.", blank=_delete,
    ),
    Place(
        "Search in the newsroom", ("articles_storyentry.*",), lambda story: StoryEntry.objects.filter(article=story.pk), "Deleted.",
        blank=_found_no_more,
    ),
    Place(
        "Its published pages and the search index",
        ("articles_livedocument.headline", "articles_livedocument.slug", "articles_livedocument.path", "articles_livedocument.location"),
        lambda story: story.live_documents.all(), "Deleted.",
        "The answer 410 (gone) at every address it was published at.", _tombstones,
        ("articles_livedocument.slug", "articles_livedocument.path"),
    ),
    Place(
        "Public addresses", ("articles_address.slug",), addresses, "",
        "Every address it was published at, word for word: each must go on answering 410 and never lead to another "
        "story. Anyone with access to the database can read them there.", keeps=("articles_address.slug",),
    ),
    Place(
        "Clearances of photos for this story", ("media_clearance.note", "media_clearance.fee_basis"),
        lambda story: Clearance.objects.filter(article=story.pk), "",
        "The photo desk’s notes on what was licensed for this story: they prove what was paid for.",
        keeps=("media_clearance.note", "media_clearance.fee_basis"),
    ),
    Place(
        "Rights of photos bought for this story", ("media_right.note", "media_right.conditions", "media_right.fee_basis"),
        lambda story: Right.objects.filter(article=story.pk), "", "The terms of the license.",
        keeps=("media_right.note", "media_right.conditions", "media_right.fee_basis"),
    ),
)  # fmt: skip
OUT_OF_REACH = (
    "Photos, with their files, captions and credits: kill a photo to remove it.",
    "People, works, tags and authors it named: they have pages of their own.",
    "API answers of the last 24 hours that refused a text and so name no story.",
    "Backups, server logs, caches and browsers. Space that the database has freed keeps old words until an administrator compacts it (VACUUM).",
)


@dataclass(frozen=True)
class Copies:
    """Stories and templates that began with a story's words. They are sealed only if someone asks for it."""

    stories: Sequence["Article"]
    templates: Sequence[Template]


class Sealing(models.Model):
    """The part of an Article that blanks its words for good."""

    class Meta:
        abstract = True

    # Questions

    def left(self) -> list[Left]:
        """Return what the story holds and leaves, place by place, as the verb blanks it."""
        return left_in(PLACES, self)

    def copies(self) -> Copies:
        """Return the duplicates and templates made from this story, and what began with those templates."""
        log = AuditEntry.objects.filter(article=self.pk)
        made = [UUID(note) for note in log.filter(verb="article.duplicated").values_list("note", flat=True) if note]
        kept = Q(pk__in=[])
        for entry in log.filter(verb="template.kept"):
            kept |= Q(name=entry.note, at=entry.at)
        templates = list(Template.objects.filter(kept))
        origins = [f"duplicate of {phrase}" for phrase in phrases(self)] + [f"template “{each}”" for each in templates]
        begun = AuditEntry.objects.filter(verb="article.begun", note__in=origins).values("article")
        stories = type(self).objects.filter(Q(pk__in=made) | Q(pk__in=begun)).exclude(headline=SEALED)
        return Copies(list(stories.exclude(pk=self.pk)), templates)

    def certificate(self) -> AuditEntry | None:
        """Return the log entry that says the story was sealed, by whom, when and why; the latest, or None."""
        return AuditEntry.objects.filter(article=self.pk, verb="article.sealed").first()

    # Verbs

    def seal(
        self, *, by: Actor | None = None, reason: str, also: Collection[UUID | int] = (), now: datetime | None = None
    ) -> AuditEntry:
        """Blank the words of the story in every place above, and withdraw it silently. The only exception to insert-only.

        `also` names the copies to remove with it: ids of stories, which are sealed, and of templates, which are
        deleted. Return the log entry, which keeps who, when and why, and not the words. All of it is one transaction;
        the pages of other stories that show this one are stale with it, and are rendered afterwards.
        """
        with transaction.atomic(), Pause.taken("sealing"):
            self._require_seal(by, reason)
            chosen = self._chosen(also)
            stories = [self, *(copy for copy in chosen if isinstance(copy, type(self)))]
            # All at once: whoever publishes one of them locks stories in the same order.
            type(self).objects.hold(stories)
            for template in (copy for copy in chosen if isinstance(copy, Template)):
                template.drop(by=by, at=now)
            entry, *_ = [story._seal(by=by, reason=reason, now=now) for story in stories]
        _render_again(stories, max(entry.at, timezone.now()))
        return entry

    def _seal(self, *, by: Actor | None, reason: str, now: datetime | None) -> AuditEntry:
        self._require_seal(by, reason)
        if not self.is_sealed():
            now, _ = self.take_turn(now)
            if self.editions.exists():
                self.withdraw(by=by, reason=reason, silent=True, now=now)
        now, blanked, held = now or timezone.now(), blanked_in(self.left()), _words_of(self)
        for place in PLACES:
            if place.blank is not None:
                place.blank(self, place.rows(self), now)
        spelling.KNOWN.forget(held)
        note = f"{reason.strip()}\n\nBlanked: {blanked}."
        return AuditEntry.record("article.sealed", at=now, by=by, article=self, subject=SEALED, note=note)

    def _require_seal(self, by: Actor | None, reason: str) -> None:
        require(by, "articles.seal_article", to="seal stories")
        named = self.restricted_to.exists() and by is not None and by.pk != self.owner_id
        hidden = named and not self.restricted_to.filter(pk=by.pk).exists()
        if hidden or not (by is None or self.owner_id == by.pk or SectionScope.objects.allows(by, self.section_id)):
            raise PermissionDenied("You can’t seal this story: it is restricted or outside your sections.")
        if not reason.strip():
            raise ValidationError("Write why the story is sealed, such as the number of the court order.")
        if _without_phrases(self)(reason) != reason:
            raise ValidationError("The reason repeats the title or the address, and it is kept. Leave them out.")

    def _chosen(self, also: Collection[UUID | int]) -> list[Any]:
        copies = self.copies() if also else Copies((), ())
        return [copy for copy in (*copies.stories, *copies.templates) if copy.pk in also]


def _render_again(stories: Iterable["Article"], now: datetime) -> None:
    for story in stories:
        refresh.refresh_stale(LiveDocument.objects.linking_to(story.pk), now)
