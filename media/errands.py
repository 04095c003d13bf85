"""Work the photo desk leaves to a background worker. media.tasks registers here once all apps are loaded."""

from typing import Any, Protocol
from uuid import UUID

# Below everything somebody waits for, above what only saves space.
IDLE = -10


class Tasks(Protocol):
    """The tasks by name; each has the `enqueue` of django_tasks."""

    make_renditions: Any
    relabel: Any
    discard: Any


_taking: list[Tasks] = []


def taken_by(tasks: Tasks) -> None:
    _taking[:] = [tasks]


def make_renditions_later(photo: UUID, *, idle: bool = False) -> None:
    """Leave it to a worker to make every file of a photo that does not exist yet; an idle one where none is waited for."""
    task = _taking[0].make_renditions
    (task.using(priority=IDLE) if idle else task).enqueue(str(photo))


def relabel_later(**scope: Any) -> None:
    """Leave it to a worker to write changed facts into the files of the photos that this filter names."""
    _taking[0].relabel.enqueue(scope)


def discard_later(names: list[str]) -> None:
    """Leave it to a worker to delete files that nothing shows any more."""
    _taking[0].discard.enqueue(names)
