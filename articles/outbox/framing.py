"""Whether a page elsewhere lets itself be shown in a frame of ours: its own headers say so, as a browser reads them."""

import asyncio
import re
from urllib.parse import urlsplit

import httpx

from .public_address import Refused, followed

SECONDS = 2.5
USUAL = {"http": 80, "https": 443}
SOURCE = re.compile(r"(?:([a-z]+)://)?([^:/\s]+)(?::([0-9]+|\*))?/?")


def may_frame(address: str, by: str) -> bool | None:
    """Return whether the page at this address may be framed by a page of `by`, or None if that cannot be found out.

    Addresses that are not public are not asked, unless WEBHOOK_ALLOW_PRIVATE allows them.
    """
    try:
        headers, at = asyncio.run(_headers(address))
    except (Refused, TimeoutError, httpx.HTTPError, httpx.InvalidURL, OSError, ValueError):
        return None
    return allows(headers, at, by)


def allows(headers: httpx.Headers, address: str, by: str) -> bool:
    """Return whether these headers of a page let a page of `by` frame it. `frame-ancestors` counts before the older header."""
    policies = [policy for line in headers.get_list("content-security-policy") for policy in line.split(",")]
    lists = [found for policy in policies if (found := _ancestors(policy)) is not None]
    if lists:
        return all(any(_matches(source, address, by) for source in sources) for sources in lists)
    said = {word.strip().lower() for word in headers.get("x-frame-options", "").split(",")}
    return "deny" not in said and not ("sameorigin" in said and _origin(address) != _origin(by))


def _ancestors(policy: str) -> list[str] | None:
    for directive in policy.split(";"):
        name, *sources = directive.split() or [""]
        if name.lower() == "frame-ancestors":
            return [source.lower() for source in sources]
    return None


def _matches(source: str, address: str, by: str) -> bool:
    """Return whether a source of `frame-ancestors` means the origin of `by`; where it says no scheme, that of the page counts."""
    scheme, host, port = _origin(by)
    if source == "'self'":
        return _origin(address) == _origin(by)
    if source in ("*", f"{scheme}:"):
        return True
    if not (said := SOURCE.fullmatch(source)):
        return False
    wanted, name, at = said[1] or _origin(address)[0], said[2], said[3]
    is_scheme = wanted == scheme or (wanted, scheme) == ("http", "https")
    is_host = host.endswith(name[1:]) if name.startswith("*.") else host == name
    return is_scheme and is_host and (at in ("*", str(port)) or (at is None and port == USUAL[scheme]))


def _origin(address: str) -> tuple[str, str, int]:
    parts = urlsplit(address)
    return parts.scheme, parts.hostname or "", parts.port or USUAL.get(parts.scheme, 0)


async def _headers(url: str) -> tuple[httpx.Headers, str]:
    """Return the headers of a page and the address it has in the end."""
    async with asyncio.timeout(SECONDS), httpx.AsyncClient(trust_env=False, timeout=SECONDS) as client:
        response, named = await followed(client, url)
        await response.aclose()
        return response.headers, str(named)
