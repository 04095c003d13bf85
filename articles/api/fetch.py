"""Fetches a file that somebody named by its address, from the public internet only.

Every address on the way, redirects included, is resolved once, checked and then connected to as checked, so that a
name cannot lead into the local network when it is looked up a second time.
"""

import asyncio

import httpx

from ..outbox.public_address import Refused, followed

SECONDS = 20.0


class FetchFailed(Exception):
    """The file cannot be had from there; the message says why, in a sentence."""


def fetch(url: str, most_bytes: int) -> tuple[bytes, str]:
    """Return the file at an address and the name it has there. Raises FetchFailed."""
    try:
        return asyncio.run(_within(url, most_bytes))
    except Refused as error:
        raise FetchFailed(str(error)) from error
    except TimeoutError as error:
        raise FetchFailed(f"The file did not arrive within {SECONDS:g} seconds.") from error
    except (httpx.HTTPError, OSError, ValueError) as error:
        raise FetchFailed(f"The file cannot be fetched: {error or type(error).__name__}.") from error


async def _within(url: str, most_bytes: int) -> tuple[bytes, str]:
    async with asyncio.timeout(SECONDS), httpx.AsyncClient(trust_env=False, timeout=SECONDS) as client:
        response, named = await followed(client, url)
        try:
            return await _read(response, most_bytes), named.path.rpartition("/")[2]
        finally:
            await response.aclose()


async def _read(response: httpx.Response, most_bytes: int) -> bytes:
    if response.status_code != 200:
        raise FetchFailed(f"The address answers {response.status_code}, not 200.")
    received = bytearray()
    async for chunk in response.aiter_bytes():
        received += chunk
        if len(received) > most_bytes:
            raise FetchFailed(f"The file is larger than {most_bytes:,} bytes.")
    return bytes(received)
