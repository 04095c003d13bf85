"""Answers the questions of media.audience: which stories show a photo to readers, now or soon."""

from datetime import datetime

from django.db.models import F, Q, QuerySet

from media.models import Photo

from ..directory.person import Appearance, Person
from ..history.photo_use import PhotoUse
from ..live.document import DocumentPhoto
from .preview_link import PreviewLink


def live_uses(at: datetime) -> QuerySet:
    rows = DocumentPhoto.objects.filter(
        document__status=200,
        document__live_from__lte=at,
        document__live_until__gt=at,
        document__published_at__lte=at,
    )
    return rows.annotate(story=F("document__article"), site=F("document__site"))


def portraits(photo: Photo) -> QuerySet:
    return Person.objects.filter(portrait=photo)


def needs(photo: Photo, at: datetime) -> bool:
    return (
        PhotoUse.objects.filter(photo=photo).exists()
        or portraits(photo).exists()
        or live_uses(at).filter(photo=photo).exists()
    )


def drafts(photo: Photo) -> int:
    return PhotoUse.objects.of_working_copies().filter(photo=photo).values("article").distinct().count()


def may_preview(photo: Photo, token: str, at: datetime) -> bool:
    return PreviewLink.objects.open(at).shared_as(token).filter(article__photo_uses__photo=photo).exists()


def with_person(word: str) -> Q:
    return Q(pk__in=Appearance.objects.filter(person__name__icontains=word).values("photo"))
