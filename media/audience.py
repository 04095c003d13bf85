"""Where media asks who shows a photo. The app that shows photos answers; media never imports it."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from django.db.models import QuerySet
from django.db.models.expressions import Combinable


class Audience(Protocol):
    """What is known of photos where they are shown. `photo` is a photo, its key or a reference to an outer query."""

    def live_uses(self, at: datetime) -> QuerySet:
        """Return a row for each photo of each story that is live at this instant: `photo`, `story` and `site`."""

    def live_roles(self, photo: Any, at: datetime, *, by_story: bool) -> Iterable[tuple[int, str, UUID | None]]:
        """Return each site that shows a photo at this instant, in which role (lead, body, gallery, social, stand_in, entry).

        `by_story` tells the stories too, which are None otherwise, and always for an entry of the directory.
        """

    def picture_of(self, photo: Any, at: datetime) -> Combinable:
        """Return the condition that readers see the photo as the picture of an author, section, tag or work."""

    def portraits(self, photo: Any) -> QuerySet:
        """Return a row for each person whose portrait this is; readers may see it whatever is live."""

    def needs(self, photo: Any, at: datetime) -> bool:
        """Return True if a story, live or not, or an entry of the directory needs the photo."""

    def places_of(self, photo: Any) -> QuerySet:
        """Return a row for each place where a story that is not discarded shows the photo, live or not."""

    def drafts(self, photo: Any) -> int:
        """Return how many working copies show the photo."""

    def may_preview(self, photo: Any, token: str, at: datetime) -> bool:
        """Return True if an open preview link of this token shows a story that uses the photo."""

    def names_in(self, photos: Collection[UUID]) -> dict[UUID, list[str]]:
        """Return by photo every name of the people in the picture, the other names they have too; one statement."""


_answering: list[Audience] = []


def answered_by(audience: Audience) -> None:
    """Connect whoever shows photos, once all apps are loaded."""
    _answering[:] = [audience]


def ask() -> Audience:
    return _answering[0]
