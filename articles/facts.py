"""Facts that live documents show have changed: mark the documents stale, in the same transaction.

Whatever changes a fact calls `changed` before its transaction ends; media announces changes of photos by its signal,
which lands in `photos_changed`. Neither waits for the commit: a fact and the staleness it causes become visible
together (design.md section 3, "No lost invalidation").
"""

from media.signals import facts_changed


def connect() -> None:
    facts_changed.connect(photos_changed, dispatch_uid="articles.facts")


def changed(kind: str, keys, *, at, by=None, note: str = "") -> int:
    """Mark every document that shows one of these rows; return how many there are."""
    from .models import AuditEntry, LiveDocument

    documents = LiveDocument.objects.showing(kind, keys)
    marked = documents.mark_stale(at)
    AuditEntry.record(
        f"{kind}.changed", at=at, by=by, note=note, documents=marked, subject=",".join(map(str, keys))[:200]
    )
    return marked


def photos_changed(sender, *, photos, sites, at, by, verb, note, immediate, **_) -> int:
    from .models import AuditEntry, LiveDocument

    documents = LiveDocument.objects.of_sites(sites) if sites else LiveDocument.objects.showing_photos(photos)
    marked = documents.mark_stale(at)
    AuditEntry.record(verb, at=at, by=by, note=note, documents=marked, immediate=immediate, photos=photos)
    return marked
