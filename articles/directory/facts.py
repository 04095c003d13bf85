"""Sends the signal that facts about people, works, sections, tags, authors or sources have changed."""

from collections.abc import Iterable
from datetime import datetime

from media.permissions import Actor
from media.signals import facts_changed


def changed(kind: str, keys: Iterable[int], *, at: datetime, by: Actor | None = None, note: str = "") -> None:
    """Announce that these rows changed. Call it in the transaction that changes them, after their rows are locked."""
    facts_changed.send(sender=None, kind=kind, keys=list(keys), at=at, by=by, note=note)


def merged(kind: str, former: int, present: int, *, at: datetime) -> None:
    """Announce that one row was merged into another: what was listed under `former` is now listed under `present`."""
    facts_changed.send(sender=None, kind=kind, keys=[present], at=at, former=former)
