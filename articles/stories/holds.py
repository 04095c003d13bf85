"""Keeps everything about a person or work from going live."""

from dataclasses import dataclass, field
from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from media.permissions import Actor, require

from ..directory.merge import Topic
from ..history.edition import Edition
from ..live.document import LiveDocument
from .article import Article


@dataclass(frozen=True)
class Held:
    """What “hold all” did: editions canceled, stories sent back, and stories whose owners were asked instead."""

    editions: list = field(default_factory=list)
    returned: list = field(default_factory=list)
    asked: list = field(default_factory=list)

    def add(self, story: Article, *, by: Actor | None, note: str, now: datetime) -> None:
        for edition in story.coming_editions(now).exclude(kind="withdrawal"):
            story.cancel(edition, by=by, reason=note, now=now)
            self.editions.append(edition)
        if story.stage == "in_review" or (story.stage == "ready" and story.published_at() is None):
            story.return_(by=by, note=note, at=now)
            self.returned.append(story)


def scheduled(topic: Topic, now: datetime) -> QuerySet[Edition]:
    """Return the coming editions that show it, by tag or in a photo, or whose story is now tagged with it."""
    shown = LiveDocument.objects.showing(topic.address_kind, [topic.pk]).filter(live_from__gt=now)
    mine = Q(article__in=topic.stories().values("pk")) | Q(pk__in=shown.values("edition"))
    return Edition.objects.coming(now).exclude(kind="withdrawal").filter(mine)


def waiting(topic: Topic) -> QuerySet[Article]:
    """Return the stories tagged with it that are in review, or ready and never published."""
    ready = Q(stage="ready") & ~Exists(Edition.objects.standing().filter(article=OuterRef("pk")))
    return topic.stories().filter(Q(stage="in_review") | ready)


def under_way(topic: Topic, now: datetime) -> QuerySet[Article]:
    """Return the stories that would go live if nobody held them."""
    keys = Q(pk__in=scheduled(topic, now).values("article")) | Q(pk__in=waiting(topic).values("pk"))
    return Article.objects.filter(keys)


@transaction.atomic
def hold_all(topic: Topic, *, by: Actor | None, reason: str, now: datetime | None = None) -> Held:
    """Keep everything about this name from going live. Scheduled editions are canceled, stories in review sent back.

    Stories this user cannot change are left alone and their owners asked. Live stories stay live. Return what was done.
    """
    require(by, "articles.publish_article", to="hold stories")
    if not reason.strip():
        raise ValidationError("Enter why the stories are held. The colleagues who scheduled them will ask.")
    now = now or timezone.now()
    held = Held()
    for story in under_way(topic, now).order_by("pk"):
        try:
            held.add(story, by=by, note=f"Held: {reason.strip()}"[:300], now=now)
        except PermissionDenied:
            story.tasks.create(text=f"Held? {reason}"[:300], assignee=story.owner, by=by, at=now)
            held.asked.append(story)
    return held
