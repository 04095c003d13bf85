"""Marks live documents stale when facts that they show change, in the same transaction.

Whatever changes a fact sends the signal before its transaction ends, and locks the row renderers read it through (its
own UPDATE does; media.signals.hold does for rows related to another). The signal is received here, in the same
transaction: a fact and the staleness it causes become visible together (design.md section 3, "No lost invalidation").
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from media.models import Photo
from media.permissions import Actor
from media.signals import ReadersTold, facts_changed, hold

from ..directory import appearance
from ..history.audit import AuditEntry
from ..history.edition import Correction
from ..history.photo_use import PhotoUse
from . import announce, directory_pages, entries
from .document import BestBefore, Facet, LiveDocument
from .search_entry import SearchName


def connect() -> None:
    facts_changed.connect(changed, dispatch_uid="articles.live.staleness")


def changed(sender: object, *, kind: str = "photo", former: int | None = None, **facts: Any) -> None:
    """Receive the signal that facts of photos or of people, works and other rows changed, or that two rows were merged."""
    if kind == "photo":
        photos_changed(**facts)
    elif former is not None:
        merged(kind, former, *facts["keys"], at=facts["at"])
    else:
        nouns_changed(kind, **facts)


def nouns_changed(kind: str, keys: Sequence[int], *, at: datetime, by: Actor | None, note: str, **_: Any) -> int:
    """Mark every document that shows one of these rows stale. Return how many."""
    marked = BestBefore.objects.showing(kind, keys).mark_stale(at)
    subject = ",".join(map(str, keys))
    AuditEntry.record(f"{kind}.changed", at=at, by=by, note=note, documents=marked, subject=subject)
    if marked:
        announce.noun_changed(kind, keys, LiveDocument.objects.showing(kind, keys), at)
    return marked


def merged(kind: str, former: int, present: int, at: datetime) -> None:
    """Move what is listed under one row to another. The former's names are no longer searched."""
    SearchName.objects.filter(kind__in=Facet.kinds_of(kind), key=former).delete()
    for facet in Facet.kinds_of(kind):
        listed = Facet.objects.filter(kind=facet, key=present)
        of_former = Facet.objects.filter(kind=facet, key=former)
        of_former.filter(document__in=listed.values("document")).delete()
        of_former.update(key=present)
    number = Facet.kinds_of(kind)[0]
    directory_pages.settle([(number, present)], [(number, former)], at)


def photos_changed(
    *,
    scope: dict[str, Any] | None,
    held: bool,
    sites: Sequence[int],
    at: datetime,
    by: Actor | None,
    verb: str,
    note: str,
    immediate: bool,
    unseen: bool = False,
    told: ReadersTold | None = None,
    **_: Any,
) -> int:
    """Mark every document stale that shows one of these photos or belongs to one of these sites. Return how many."""
    photos = Photo.objects.none() if scope is None else Photo.objects.filter(**scope)
    if unseen:
        return received(photos, verb, at=at, by=by, note=note)
    if not held:
        hold(photos)
    if told:
        tell(photos, told.text, of_caption=told.of_caption, at=at, by=by)
    documents = LiveDocument.objects.of_sites(sites) if sites else LiveDocument.objects.showing_photos(photos)
    marked = (documents if sites else BestBefore.objects.showing_photos(photos)).mark_stale(at)
    if verb == "photo.received":
        appearance.match(photos)
    subject = ",".join(str(key) for key in photos.order_by("pk").values_list("pk", flat=True)[:5])
    AuditEntry.record(verb, at=at, by=by, note=note, documents=marked, subject=subject)
    if marked or immediate or (scope is not None and entries.held_by(photos)):
        announce.photos_changed(verb, photos, documents, at, immediate=immediate)
    return marked


def received(photos: QuerySet[Photo], verb: str, *, at: datetime, by: Actor | None, note: str) -> int:
    """Link who is in photos that were not here before; no document and no entry can show them yet."""
    rows = list(photos.order_by("pk"))
    appearance.match(rows)
    subject = ",".join(str(photo.pk) for photo in rows[:5])
    AuditEntry.record(verb, at=at, by=by, note=note, documents=0, subject=subject)
    return 0


def tell(photos: QuerySet[Photo], text: str, *, at: datetime, by: Actor | None = None, of_caption: bool = False) -> int:
    """Add a correction to each story that shows one of these photos now. Return to how many.

    It belongs to no edition, because the words did not change. Every later document shows it.
    """
    uses = PhotoUse.objects.of_editions().filter(photo__in=photos)
    if of_caption:
        uses = uses.filter(own_caption__isnull=True).exclude(role=PhotoUse.Role.SOCIAL)
    shown = LiveDocument.objects.live(at).filter(edition__in=uses.values("edition"))
    kind = Correction.Kind.CREDIT
    stories = shown.order_by("article").values_list("article", flat=True).distinct()
    rows = [Correction(article_id=key, kind=kind, at=at, text=text, by=by) for key in stories]
    return len(Correction.objects.bulk_create(rows, batch_size=500))
