"""Answers the questions of media.audience: which stories show a photo to readers, now or soon."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet, UUIDField, Value
from django.db.models.expressions import Combinable

from media.models import Photo, Site

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


def with_person(word: str) -> Q:
    return Q(pk__in=Appearance.objects.filter(person__name__icontains=word).values("photo"))
