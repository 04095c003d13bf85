"""The one signal of the system: facts that live documents show have changed."""

from dataclasses import dataclass

from django.dispatch import Signal

# Sent synchronously, inside the transaction that changes the facts, with `photos` (a queryset of Photo), `sites`
# (ids), `at` (the instant), `by` (a user or None), `verb` (a word for the log), `note`, `immediate` (a take-down) and
# `told` (a ReadersTold or None). articles marks every document that shows one of them as stale, adds the correction to
# the stories and writes the audit entry.
facts_changed = Signal()


@dataclass(frozen=True)
class ReadersTold:
    """A correction for readers; `of_caption` leaves out the stories that show the photos under captions of their own."""

    text: str
    of_caption: bool = False


def announce(photos, *, at, by=None, verb="changed", note="", immediate=False, sites=(), through=None, told=None):
    """Tell, inside the transaction that changes them, that facts of these photos are no longer what they were.

    Renderers hold the rows they read facts through FOR SHARE. `through` names those rows (default: the photos); they
    are held here before any document is looked for, so that a document rendered from the old facts is always found.
    """
    hold(photos if through is None else through)
    facts_changed.send(
        sender=photos.model, photos=photos, sites=tuple(sites), at=at, by=by, verb=verb, note=note,
        immediate=immediate, told=told,
    )  # fmt: skip


def hold(rows) -> None:
    """Hold these rows against renderers, in the order of their keys, until the transaction ends."""
    locked = rows.model.objects.filter(pk__in=rows.order_by().values("pk")).order_by("pk")
    list(locked.select_for_update(no_key=True).values_list("pk", flat=True))


def relabel_later(**scope):
    """Leave it to a worker to write changed facts into the files of the photos that this filter names."""
    from .tasks import relabel

    relabel.enqueue(scope)
