"""The one signal of the system: facts that live documents show have changed."""

from django.dispatch import Signal

# Sent synchronously, inside the transaction that changes the facts, with `photos` (a queryset of Photo), `sites`
# (ids), `at` (the instant), `by` (a user or None), `verb` (a word for the log), `note` and `immediate` (a take-down).
# articles marks every document that shows one of them as stale, and writes the audit entry.
facts_changed = Signal()


def announce(photos, *, at, by=None, verb="changed", note="", immediate=False, sites=()):
    facts_changed.send(
        sender=photos.model, photos=photos, sites=tuple(sites), at=at, by=by, verb=verb, note=note, immediate=immediate
    )


def relabel_later(**scope):
    """Leave it to a worker to write changed facts into the files of the photos that this filter names."""
    from .tasks import relabel

    relabel.enqueue(scope)
