"""Purges the caches in front of Marquee, always after the commit.

A `Purge` row is written in the transaction of the change. The worker sends all that are due as one batch, and each
again three seconds later, for responses that were in flight during the commit.
"""

import logging
import re
from collections.abc import Callable
from datetime import datetime

import httpx
from django.conf import settings

from .purge import EVERYTHING, Purge

log = logging.getLogger(__name__)

SECONDS = 3.0
# Tags per request: Fastly takes 256, and Varnish a header of 8 KB.
AT_ONCE = 100


def drain(now: datetime) -> int:
    """Send the purges that are due. Return how many rows were sent."""
    rows = Purge.objects.claim(now)
    if not rows:
        return 0
    tags = {tag for row in rows for tag in row.tags}
    try:
        purge(tags)
    except httpx.HTTPError as error:
        log.warning("Caches could not be purged and are tried again: %s", error)
        Purge.objects.failed(rows, now)
        return 0
    Purge.objects.done(rows, now)
    return len(rows)


def purge(tags: set[str]) -> None:
    """Purge these tags, or everything, from every cache. Raise httpx.HTTPError if one does not confirm."""
    backend = BACKENDS[settings.PURGE_BACKEND]
    with httpx.Client(timeout=SECONDS, trust_env=False) as client:
        for url in settings.PURGE_URLS:
            if EVERYTHING in tags:
                backend(client, url, None)
                continue
            listed = sorted(tags)
            for start in range(0, len(listed), AT_ONCE):
                backend(client, url, listed[start : start + AT_ONCE])


def surrogate_key(client: httpx.Client, url: str, tags: list[str] | None) -> None:
    """Fastly's way: POST …/purge with the keys in a header, or …/purge_all. `url` ends in /service/ID."""
    headers = {"Fastly-Key": settings.PURGE_TOKEN, "Accept": "application/json"}
    if tags is None:
        client.post(f"{url.rstrip('/')}/purge_all", headers=headers).raise_for_status()
    else:
        client.post(f"{url.rstrip('/')}/purge", headers=headers | {"Surrogate-Key": " ".join(tags)}).raise_for_status()


def ban(client: httpx.Client, url: str, tags: list[str] | None) -> None:
    """Varnish's way: BAN with a pattern over the Surrogate-Key of stored answers (docs/engine.md has the VCL)."""
    pattern = "." if tags is None else rf"(^|\s)({'|'.join(map(re.escape, tags))})(\s|$)"
    headers = {"X-Ban-Surrogate-Key": pattern, "X-Ban-Token": settings.PURGE_TOKEN}
    client.request("BAN", url, headers=headers).raise_for_status()


BACKENDS: dict[str, Callable[[httpx.Client, str, list[str] | None], None]] = {
    "none": lambda client, url, tags: None,
    "surrogate-key": surrogate_key,
    "ban": ban,
}
