"""Which pages of the directory came, went or changed, for who follows updates.

They share one order with the stories: by instant, then by key, and a page's key counts as negative.
"""

from datetime import datetime
from typing import Any

from django.db.models import Q

from ..live import directory_pages
from ..models import DirectoryPage
from .cursors import Place

# Before every page and story of an instant.
FIRST = -(10**15)
NOTHING: dict[str, Any] = {"slug": None, "name": None, "path": None, "previous_paths": []}


def pages(since: Place | None, settled: datetime, most: int) -> list[DirectoryPage]:
    """Return the pages that changed after a place, up to an instant, the oldest change first."""
    found = DirectoryPage.objects.filter(changed_at__lte=settled)
    if since:
        later = Q(changed_at__gt=since.at)
        same = Q(changed_at=since.at, pk__lt=-int(since.key)) if int(since.key) < 0 else Q(pk__in=())  # type: ignore[arg-type]
        found = found.filter(later | same, changed_at__gte=since.at)
    return list(found.order_by("changed_at", "-pk")[:most])


def items(rows: list[DirectoryPage], now: datetime) -> list[dict]:
    """Return what became of each page; of what is gone nothing but its id (docs/decisions/0009).

    A page may have ended with its last story although no worker has come by to tell.
    """
    told = DirectoryPage.objects.filter(pk__in=[page.pk for page in rows if page.is_live])
    live = told.shown(now).values_list("kind", "key") if rows else ()
    named = directory_pages.rows_of(list(live))
    former = directory_pages.slugs_of(named)
    found = []
    for page in rows:
        row = named.get((page.kind, page.key))
        about = directory_pages.page(row, former[page.kind, page.key]) if row else NOTHING
        change = {"id": page.public_id, "kind": page.kind, "change": "live" if row else "gone"}
        found.append(change | {"changed_at": page.changed_at} | about)
    return found
