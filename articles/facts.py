"""Facts that live documents show have changed: mark the documents stale, in the same transaction.

Whatever changes a fact calls `changed` before its transaction ends, and holds the row renderers read it through (its
own UPDATE does; media.signals.hold does for rows that hang on another). media announces changes of photos by its
signal, which lands in `photos_changed`. Neither waits for the commit: a fact and the staleness it causes become
visible together (design.md section 3, "No lost invalidation").
"""

from media.models import Photo
from media.signals import facts_changed, hold


def connect() -> None:
    facts_changed.connect(photos_changed, dispatch_uid="articles.facts")


def changed(kind: str, keys, *, at, by=None, note: str = "") -> int:
    """Mark every document that shows one of these rows; return how many there are."""
    from . import announcing
    from .models import AuditEntry, BestBefore, LiveDocument

    marked = BestBefore.objects.showing(kind, keys).mark_stale(at)
    subject = ",".join(map(str, keys))
    AuditEntry.record(f"{kind}.changed", at=at, by=by, note=note, documents=marked, subject=subject)
    if marked:
        announcing.noun_changed(kind, keys, LiveDocument.objects.showing(kind, keys), at)
    return marked


def photos_changed(sender, *, scope, held, sites, at, by, verb, note, immediate, told=None, **_) -> int:
    from . import announcing, appearances
    from .models import AuditEntry, BestBefore, Correction, LiveDocument

    photos = Photo.objects.none() if scope is None else Photo.objects.filter(**scope)
    if not held:
        hold(photos)
    if told:
        Correction.objects.tell(photos, told.text, of_caption=told.of_caption, at=at, by=by)
    documents = LiveDocument.objects.of_sites(sites) if sites else LiveDocument.objects.showing_photos(photos)
    marked = (documents if sites else BestBefore.objects.showing_photos(photos)).mark_stale(at)
    if verb == "photo.received":
        appearances.match(photos)
    subject = ",".join(str(key) for key in photos.order_by("pk").values_list("pk", flat=True)[:5])
    AuditEntry.record(verb, at=at, by=by, note=note, documents=marked, subject=subject)
    if marked or immediate:
        announcing.photos_changed(verb, photos, documents, at, immediate=immediate)
    return marked
