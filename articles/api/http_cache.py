"""How readers' answers travel: validators, lifetimes, cache keys and compression.

No cache may keep an answer past the first instant at which it changes by itself (docs/api.md, "Caching").
"""

import gzip
import hashlib
import json
import math
import re
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.http import http_date, parse_http_date_safe

from media import cache_tags

# In seconds. What a browser may show after an unplanned kill is BROWSER + REVALIDATE, thirty seconds in all.
BROWSER, SHARED, REVALIDATE, ON_ERROR = 20, 300, 10, 600
SMALLEST_TO_COMPRESS = 860
_TAGS = '"cache_tags":['


def room(now: datetime, *edges: datetime | None) -> int:
    """Return the whole seconds until the first of these instants; 0 when it has come."""
    left = min(((edge - now).total_seconds() for edge in edges if edge is not None), default=math.inf)
    return max(0, math.floor(min(left, 10 * SHARED)))


def lifetime(seconds: int) -> str:
    """Return the Cache-Control of an answer that stays true for this many seconds."""
    shared = min(SHARED, seconds)
    left = seconds - shared
    return (
        f"public, max-age={min(BROWSER, seconds)}, s-maxage={shared}, "
        f"stale-while-revalidate={min(REVALIDATE, left)}, stale-if-error={min(ON_ERROR, left)}"
    )


def tags_of(text: str) -> list[str]:
    """Return the cache tags of a stored document or card without parsing the rest of it.

    A quotation mark inside a JSON string is escaped, so the key cannot occur inside a text.
    """
    start = text.find(_TAGS)
    return json.loads(text[start + len(_TAGS) - 1 : text.index("]", start) + 1]) if start >= 0 else []


def etag_of(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=12).hexdigest()


def known(request: HttpRequest) -> frozenset[str]:
    """Return the etags the client has, as we store them: without quotes, the weak mark and the suffix of gzip."""
    found = re.findall(r'(?:W/)?"([!#-~]*)"|(\*)', request.headers.get("If-None-Match", "")[:2000])
    return frozenset(star or etag.removesuffix("-gzip") for etag, star in found)


def is_unchanged(request: HttpRequest, etag: str, modified: datetime | None) -> bool:
    """Return True if the client's copy is current; a date counts only where no etag is given (RFC 9110)."""
    if "If-None-Match" in request.headers:
        return bool({etag, "*"} & known(request))
    since = parse_http_date_safe(request.headers.get("If-Modified-Since", ""))
    return bool(since is not None and modified is not None and math.floor(modified.timestamp()) <= since)


def answer(
    request: HttpRequest, text: str | None, *, now: datetime, seconds: int, etag: str, tags: Iterable[str] = (),
    modified: datetime | None = None, media_type: str = "application/json",
) -> HttpResponse:  # fmt: skip
    """Return stored JSON, or 304 where the client has it already (then `text` may be None)."""
    modified = settled(modified, now)
    if is_unchanged(request, etag, modified):
        response: HttpResponse = HttpResponseNotModified()
        quoted = f'"{etag}-gzip"' if accepts_gzip(request) else f'"{etag}"'
    else:
        data, coding = compressed(request, text.encode())  # type: ignore[union-attr]
        response = HttpResponse(data, content_type=media_type)
        response["Content-Length"] = str(len(data))
        quoted = f'"{etag}-gzip"' if coding else f'"{etag}"'
        if coding:
            response["Content-Encoding"] = coding
        mark(response, tags)
    response["ETag"] = quoted
    response["Vary"] = "Accept-Encoding"
    response["Cache-Control"] = lifetime(seconds)
    if modified:
        response["Last-Modified"] = http_date(modified.timestamp())
    return without_body(request, response)


def mark(response: HttpResponse, tags: Iterable[str]) -> None:
    """Name what the answer shows, for purges."""
    for name, value in cache_tags.headers(tags).items():
        response[name] = value


def settled(modified: datetime | None, now: datetime) -> datetime | None:
    """Return a date only once its second is over: within it the document may change again under the same date."""
    return modified if modified and now >= modified.replace(microsecond=0) + timedelta(seconds=1) else None


def accepts_gzip(request: HttpRequest) -> bool:
    found = re.search(r"(?:^|[,\s])(?:gzip|\*)\s*(?:;\s*q=([0-9.]+))?", request.headers.get("Accept-Encoding", ""))
    return bool(found) and (found[1] is None or found[1].strip("0.") != "")  # type: ignore[index]


def compressed(request: HttpRequest, data: bytes) -> tuple[bytes, str]:
    if len(data) < SMALLEST_TO_COMPRESS or not accepts_gzip(request):
        return data, ""
    return gzip.compress(data, compresslevel=5, mtime=0), "gzip"


def without_body(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Let HEAD answer as GET would, with the length but without the bytes."""
    if request.method == "HEAD":
        response.content = b""
    return response
