"""Answers the questions of media.audience: which stories show a photo to readers, now or soon."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, QuerySet, UUIDField, Value
from django.db.models.expressions import Combinable

from media.models import Photo, Site
from media.photos.finding import note
from media.signals import facts_changed

from ..directory.person import Appearance, Person
from ..history.photo_use import PhotoUse
from ..live import entries
from ..live.document import DocumentPhoto
from .preview_frame import PreviewFrame
from .preview_link import PreviewLink
from .unsaved import photos_of


def live_uses(at: datetime) -> QuerySet:
    rows = DocumentPhoto.objects.filter(
        document__status=200,
        document__live_from__lte=at,
        document__live_until__gt=at,
        document__published_at__lte=at,
    )
    return rows.annotate(story=F("document__article"), site=F("document__site"))


def live_roles(photo: UUID, at: datetime, *, by_story: bool) -> list[tuple[int, str, UUID | None]]:
    shown = live_uses(at).filter(photo=photo)
    placed = PhotoUse.objects.filter(edition=OuterRef("document__edition"), photo=photo)
    standing_in = shown.filter(~Exists(placed))
    used_as = "document__edition__photo_uses"
    story = F("document__article") if by_story else Value(None, UUIDField())
    roles = shown.filter(**{f"{used_as}__photo": photo}).annotate(of=story)
    found = list(roles.values_list("site", f"{used_as}__role", "of").distinct())
    found += [(site, "entry", None) for site in entries.sites_showing(photo, at)]
    if by_story:
        return found + [(site, "stand_in", of) for site, of in standing_in.values_list("site", "story")]
    sites = Site.objects.filter(Exists(standing_in.filter(document__site=OuterRef("pk"))))
    return found + [(site, "stand_in", None) for site in sites.values_list("pk", flat=True)]


def picture_of(photo: Any, at: datetime) -> Combinable:
    return entries.picture_of(photo, at)


def portraits(photo: Photo) -> QuerySet:
    return Person.objects.filter(portrait=photo)


def needs(photo: Photo, at: datetime) -> bool:
    return (
        PhotoUse.objects.filter(photo=photo).exists()
        or portraits(photo).exists()
        or entries.held_by(Photo.objects.filter(pk=photo))
        or live_uses(at).filter(photo=photo).exists()
    )


def places_of(photo: Any) -> QuerySet:
    return PhotoUse.objects.filter(photo=photo, article__discarded_at=None)


def drafts(photo: Photo) -> int:
    return PhotoUse.objects.of_working_copies().filter(photo=photo).values("article").distinct().count()


def may_preview(photo: Photo, token: str, at: datetime) -> bool:
    if PreviewLink.objects.open(at).shared_as(token).filter(article__photo_uses__photo=photo).exists():
        return True
    frame = PreviewFrame.objects.shown_by(token, at).first()
    return frame is not None and frame.reader() is not None and str(photo.pk) in photos_of(frame.content())


def names_in(photos: Collection[UUID]) -> dict[UUID, list[str]]:
    rows = Appearance.objects.filter(photo__in=photos).order_by()
    other = rows.filter(person__aliases__isnull=False).values_list("photo", "person__aliases__name")
    found: dict[UUID, list[str]] = defaultdict(list)
    for key, name in sorted(rows.values_list("photo", "person__name").union(other)):
        found[key].append(name)
    return found


def connect() -> None:
    facts_changed.connect(_people_changed, dispatch_uid="articles.stories.exposure")


def _people_changed(sender: object, *, kind: str = "photo", keys: Iterable[int] = (), **facts: Any) -> None:
    """Receive the signal that people's names changed: photos they are in are found by the present ones."""
    if kind == "person":
        note(Photo.objects.filter(people__person__in=list(keys)))
