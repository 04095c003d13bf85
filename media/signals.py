"""The one signal of the system: facts shown in live documents have changed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.dispatch import Signal

from .permissions import Actor

# Sent synchronously, inside the transaction that changes the facts, with `scope` (a filter that names the photos, or
# None), `held` (whether the rows renderers read the facts through are held already), `sites` (ids), `at` (the instant),
# `by` (a user or None), `verb` (a word for the log), `note`, `immediate` (a take-down), `unseen` (nobody can
# have shown them yet: they are new) and `told` (a ReadersTold or None). articles marks every document that shows one of them as stale, adds the correction to the stories and writes
# the audit entry.
facts_changed = Signal()


@dataclass(frozen=True)
class ReadersTold:
    """A correction for readers; `of_caption` leaves out the stories that show the photos under captions of their own."""

    text: str
    of_caption: bool = False


def announce(
    scope: dict[str, Any] | None = None,
    *,
    at: datetime,
    by: Actor | None = None,
    verb: str = "changed",
    note: str = "",
    immediate: bool = False,
    unseen: bool = False,
    sites: Iterable[int] = (),
    through: QuerySet | None = None,
    told: ReadersTold | None = None,
) -> None:
    """Tell, inside the transaction that changes them, that facts of these photos are no longer what they were.

    `scope` is a filter of Photo, such as {"credit": 5}: the rows that facts hang on know no photos. Renderers hold the
    rows they read facts through FOR SHARE. `through` names those rows, which are held here; without it they are the
    photos, and the listener holds them. Both happen before any document is looked for, so that a document rendered
    from the old facts is always found.
    """
    if through is not None:
        hold(through)
    facts_changed.send(
        sender=None, scope=scope, held=through is not None, sites=tuple(sites), at=at, by=by, verb=verb, note=note,
        immediate=immediate, unseen=unseen, told=told,
    )  # fmt: skip


def hold(rows: QuerySet) -> None:
    """Hold these rows against renderers, in the order of their keys, until the transaction ends."""
    locked = rows.model.objects.filter(pk__in=rows.order_by().values("pk")).order_by("pk")
    list(locked.select_for_update(no_key=True).values_list("pk", flat=True))
