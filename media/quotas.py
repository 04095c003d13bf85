"""How much of each quota is used, counted for many photos at once."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Q

from .models import Photo, Usage

SPANS = {"day": 1, "month": 30, "year": 365}


def count_uses(photos: Iterable[Photo], at: datetime, article: UUID | None = None) -> None:
    """Tell the rights of these photos and of their agencies how many stories used them, in two queries.

    A story that is asked for is not counted: what it shows already it may show again. The photos must come from
    `with_facts`: their rights are read from what was prefetched.
    """
    rights = [right for photo in photos for right in rights_of(photo) if right.quota is not None]
    by_photo = _counts("photo", {right.photo_id for right in rights if right.photo_id}, at, article)
    by_agency = _counts("agency", {right.agency.name for right in rights if not right.photo_id}, at, article)
    for right in rights:
        counts = by_photo.get(right.photo_id) if right.photo_id else by_agency.get(right.agency.name)
        right.used = counts[right.quota_period if right.quota_period in SPANS else "ever"] if counts else 0


def rights_of(photo: Photo) -> list:
    """Return the rights on a photo and on every agency its credit names, without those the desk dismissed."""
    rows = list(photo.rights.all())
    if photo.credit:
        rows += [right for link in photo.credit.creditagency_set.all() for right in link.agency.rights.all()]
    return [right for right in rows if right.standing != "dismissed"]


def _counts(field: str, keys: set, at: datetime, article: UUID | None) -> dict:
    """Return by key how many stories used it in the last day, month, year and ever."""
    stories = {"ever": Count("article", distinct=True)}
    for name, days in SPANS.items():
        since = Q(live_from__gt=at - timedelta(days=days))
        stories[name] = Count("article", distinct=True, filter=since)
    others = Usage.objects.filter(**{f"{field}__in": keys}).exclude(article=article)
    rows = others.order_by().values(field).annotate(**stories)
    return {row[field]: row for row in rows}
