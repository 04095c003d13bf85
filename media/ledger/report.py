"""The ledger as a table: what an agency is told about the uses of its photos."""

from collections.abc import Iterator
from datetime import datetime, tzinfo
from typing import Any

from ..local_time import local
from .usage import UsageQuerySet

COLUMNS = [
    ("agency", "agency"), ("photographer", "photographer"), ("photo", "photo id"), ("supplier_image_id", "supplier’s ID"),
    ("credit", "credit as shown"), ("caption", "caption as shown"), ("article", "article id"), ("headline", "headline"),
    ("url", "address"), ("role", "role"), ("channel", "channel"), ("live_from", "live from"),
    ("live_until", "live until"), ("fee", "fee"), ("clearance", "cleared by"),
]  # fmt: skip


def rows(usages: UsageQuerySet, zone: tzinfo) -> Iterator[dict[str, str | None]]:
    """Yield each use as a dictionary of texts, None where there is nothing; instants are ISO 8601 in this zone."""
    for usage in usages.iterator(chunk_size=1000):
        yield {name: _text(getattr(usage, name), zone) for name, _ in COLUMNS}


def _text(value: Any, zone: tzinfo) -> str | None:
    if isinstance(value, datetime):
        return local(value, zone).isoformat().replace("+00:00", "Z")
    return None if value is None or value == "" else str(value)
