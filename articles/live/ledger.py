"""Writes the usage ledger: which photo readers saw where, from when until when, under which credit."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from media.ledger.usage import credited
from media.models import Clearance, Photo, Right, Usage

from ..text.body import plain
from .bulk_insert import insert
from .document import LiveDocument

KEYS = ("photo", "role", "credit", "caption")


@dataclass(frozen=True)
class Seen:
    """What readers see of a story from an instant on; `shown` has the results of `line`, and is empty if the story is gone."""

    article: UUID
    headline: str
    url: str
    edition: int | None
    shown: list[dict]
    since: datetime


def line(photo: Photo, role: str, delivered: dict) -> dict:
    """Return one photo as shown, as plain data to store with the document."""
    return {
        "photo": delivered["id"], "role": role, "caption": plain(delivered["caption_html"]),
        "supplier_image_id": photo.supplier_image_id,
    } | credited(photo, delivered["credit"], delivered["credits"])  # fmt: skip


def enter(seen: Iterable[Seen]) -> None:
    """End the uses that are over and start the new ones. A changed credit or caption is a new use.

    Each story can be given once. Entering the same again changes nothing.
    """
    seen = list(seen)
    running = defaultdict(list)
    articles = [each.article for each in seen]
    for usage in Usage.objects.filter(article__in=articles, live_until__isnull=True, channel="web"):
        running[usage.article].append(usage)
    began = [usage for each in seen for usage in _turn_over(each, running[each.article])]
    _bill(began)
    insert(began)
    _count_days_from(began)


def _bill(began: list[Usage]) -> None:
    """Record who cleared each use, and the fee if one is owed: once per clearance, however often the words change."""
    about = {"article__in": {usage.article for usage in began}, "photo__in": {usage.photo for usage in began}}
    clearances = Clearance.objects.filter(**about).select_related("by") if began else ()
    if not clearances:
        return
    billed = set(Usage.objects.filter(**about, fee__isnull=False).values_list("article", "photo", "clearance"))
    for usage in began:
        row = next(
            (each for each in clearances if each.photo_id == usage.photo and each.allows(usage.article, usage.role)),
            None,
        )
        if row is None:
            continue
        usage.clearance = row.terms[:500]
        key = (usage.article, usage.photo, usage.clearance)
        if key not in billed:
            usage.fee = row.fee
            billed.add(key)


def _count_days_from(began: list[Usage]) -> None:
    """Mark stale what shows a photo whose right ends some days after first use: that end is only known now."""
    counted = Right.objects.filter(photo__in={usage.photo for usage in began}, days_from__in=("first_live", "each_use"))
    photos = Photo.objects.filter(pk__in=list(counted.values_list("photo", flat=True))) if began else None
    if photos:
        LiveDocument.objects.showing_photos(photos).mark_stale(max(usage.live_from for usage in began))


def _turn_over(seen: Seen, running: list[Usage]) -> list[Usage]:
    rows = {tuple(row[name] for name in KEYS): row for row in seen.shown}
    known, over = set(), []
    for usage in running:
        key = (str(usage.photo), usage.role, usage.credit, usage.caption)
        if key in rows and key not in known:
            known.add(key)
        else:
            over.append(usage)
    if over:
        ended = max(seen.since, *(usage.live_from for usage in over))
        Usage.objects.filter(pk__in=[usage.pk for usage in over]).end(ended)
    return [_usage(seen, row) for key, row in rows.items() if key not in known]


def _usage(seen: Seen, row: dict) -> Usage:
    return Usage(
        **row | {"photo": UUID(row["photo"])}, article=seen.article, headline=seen.headline, url=seen.url,
        edition=seen.edition, channel="web", live_from=seen.since,
    )  # fmt: skip
