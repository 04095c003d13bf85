"""The vocabulary as a process keeps it, until a name changes here or in another process.

At 20,000 photographers loading it costs a hundred times what asking for its state does. A photographer nobody has heard
of is the usual change, since credits bring them; these are put beside the others.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any

from django.db.models import QuerySet

from .revised import Revised, States, states
from .vocabulary import Vocabulary


@dataclass(frozen=True)
class Kept:
    states: States
    vocabulary: Vocabulary


class KeptVocabulary:
    """One vocabulary for every thread of the process."""

    def __init__(self) -> None:
        self._lock, self._kept = Lock(), Kept({}, Vocabulary.build([]))

    def current(
        self, tables: Sequence[type[Revised]], people: type[Revised], load: Callable[[], Vocabulary]
    ) -> Vocabulary:
        """Return the vocabulary of these tables as they are now, by `load` where what is kept does not suffice.

        `people` is the one of them that mostly grows.
        """
        now = states(tables)
        kept = self._kept
        if kept.states == now:
            return kept.vocabulary
        with self._lock:
            # The states were read before the rows: what changes in between is seen as a change the next time.
            if self._kept.states != now:
                self._kept = Kept(now, _with_newcomers(self._kept, now, people) or load())
            return self._kept.vocabulary


def _with_newcomers(kept: Kept, now: States, people: type[Revised]) -> Vocabulary | None:
    """Return the kept vocabulary with the people who were added since; None if anything else is another than it was."""
    name = people.__name__
    if not kept.states or _others(kept.states, name) != _others(now, name):
        return None
    rows, revisions, last = kept.states[name]
    newcomers: QuerySet[Any] = people._base_manager.filter(pk__gt=last)
    added = list(newcomers.values_list("pk", "revision", "name"))
    found = (rows + len(added), revisions + sum(row[1] for row in added), max((row[0] for row in added), default=last))
    return kept.vocabulary.with_photographers([row[2] for row in added]) if found == now[name] else None


def _others(found: States, name: str) -> States:
    return {key: value for key, value in found.items() if key != name}
