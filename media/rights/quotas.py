"""How much of each quota is used, counted for many photos at once or for one right."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Q, UUIDField, Value
from django.db.models.functions import Coalesce

from ..ledger.usage import Usage
from .bearing import rights_on

SPANS = {"day": 1, "month": 30, "year": 365}
# Uses outside the CMS have no story of ours; against a quota they count as one together.
ELSEWHERE = Value(UUID(int=0), output_field=UUIDField())


def count_uses(photos: Iterable, at: datetime, article: UUID | None = None) -> None:
    """Tell the rights that bear on these photos how many stories used them, in two queries.

    A story that is asked for is not counted: what it shows already it may show again. The photos must come from
    `with_facts`: their rights are read from what was prefetched.
    """
    rights = [right for photo in photos for right in rights_on(photo) if right.quota is not None]
    for right, used in zip(rights, uses_of(rights, at, article), strict=True):
        right.used = used


def uses_of(rights: list, at: datetime, article: UUID | None = None) -> list[int]:
    """Return for each of these rights how many stories but this one used it in the period of its quota."""
    by_photo = _counts("photo", {right.photo_id for right in rights if right.photo_id}, at, article)
    by_agency = _counts("agency", {right.agency.name for right in rights if not right.photo_id}, at, article)
    found = []
    for right in rights:
        counts = by_photo.get(right.photo_id) if right.photo_id else by_agency.get(right.agency.name)
        found.append(counts[right.quota_period if right.quota_period in SPANS else "ever"] if counts else 0)
    return found


def _counts(field: str, keys: set, at: datetime, article: UUID | None) -> dict:
    """Return by key how many stories used it in the last day, month, year and ever."""
    if not keys:
        return {}
    story = Coalesce("article", ELSEWHERE)
    stories = {"ever": Count(story, distinct=True)}
    for name, days in SPANS.items():
        since = Q(live_from__gt=at - timedelta(days=days))
        stories[name] = Count(story, distinct=True, filter=since)
    others = Usage.objects.filter(**{f"{field}__in": keys}).exclude(article=article)
    rows = others.order_by().values(field).annotate(**stories)
    return {row[field]: row for row in rows}
