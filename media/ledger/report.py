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
OF_FEES = ("fee", "clearance")
"""What is told only to those who may see what photos cost: a clearance names its price."""


def columns(*, fees: bool) -> list[tuple[str, str]]:
    """Return the name and title of each column."""
    return [each for each in COLUMNS if fees or each[0] not in OF_FEES]


def rows(usages: UsageQuerySet, *, fees: bool) -> Iterator[dict[str, Any]]:
    """Yield each use as a dictionary of its columns."""
    names = [name for name, _ in columns(fees=fees)]
    for usage in usages.iterator(chunk_size=1000):
        yield {name: getattr(usage, name) for name in names}


def texts(row: dict[str, Any], zone: tzinfo) -> dict[str, str | None]:
    """Return a row as texts, None where there is nothing; instants are ISO 8601 in this zone."""
    return {name: _text(value, zone) for name, value in row.items()}


def _text(value: Any, zone: tzinfo) -> str | None:
    if isinstance(value, datetime):
        return local(value, zone).isoformat().replace("+00:00", "Z")
    return None if value is None or value == "" else str(value)
