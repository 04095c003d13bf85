"""Facts about people, works, sections, tags, authors and sources have changed: the signal that says so."""

from collections.abc import Iterable
from datetime import datetime

from media.permissions import Actor
from media.signals import facts_changed


def changed(kind: str, keys: Iterable[int], *, at: datetime, by: Actor | None = None, note: str = "") -> None:
    """Announce, inside the transaction that changes them and after their rows are held, that these are no longer so."""
    facts_changed.send(sender=None, kind=kind, keys=list(keys), at=at, by=by, note=note)


def merged(kind: str, former: int, present: int, *, at: datetime) -> None:
    """Announce that what was listed under one row is listed under another from now on."""
    facts_changed.send(sender=None, kind=kind, keys=[present], at=at, former=former)
