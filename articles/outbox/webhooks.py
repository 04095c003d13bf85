"""Sends events to other systems, as Standard Webhooks describe (https://www.standardwebhooks.com).

Deliveries are written with the change (articles.live.announce). The worker claims them here, sends them in parallel
without a database connection, then records the results. A receiver may get the same webhook-id twice, but never a later
event of a story before an earlier one.
"""

import asyncio
import hashlib
import hmac
import json
import logging
import random
import time
from base64 import b64decode, b64encode
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import httpx
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.mail import send_mail
from django.db import transaction

from .delivery import Delivery, Endpoint
from .public_address import Refused, pinned
from .secret_field import CLEAR

log = logging.getLogger(__name__)

SECONDS = 7.0
MOST_BYTES = 100_000
KEPT_BYTES = 2_000
AT_ONCE = 50
# Seconds to wait after each failure: eleven tries in about twenty-four hours.
WAITS = (5, 30, 120, 600, 1800, 3600, 7200, 14_400, 21_600, 36_000)
JITTER = 0.2
# An endpoint that fails for this long is switched off.
LASTING = timedelta(days=2)


@dataclass
class Attempt:
    """What happened when a delivery was sent; `status` is None if no response came."""

    at: datetime
    headers: dict[str, str] = field(default_factory=dict)
    status: int | None = None
    seconds: float = 0.0
    answer: str = ""
    fault: str = ""

    @property
    def succeeded(self) -> bool:
        return self.status is not None and 200 <= self.status < 300

    def to_json(self) -> dict[str, Any]:
        return {**vars(self), "at": self.at.isoformat(), "seconds": round(self.seconds, 3)}


# The request


def body_of(payload: dict[str, Any]) -> bytes:
    return json.dumps(payload, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def sign(secret: str, identifier: str, timestamp: int, body: bytes) -> str:
    """Return the webhook-signature: v1 and the HMAC-SHA256 of "id.timestamp.body" in base64."""
    if not secret.startswith(CLEAR):
        raise Refused(
            "The secret cannot be read: SECRET_KEY has changed, and SECRET_KEY_FALLBACKS lacks the earlier one."
        )
    key = b64decode(secret.removeprefix(CLEAR))
    signed = f"{identifier}.{timestamp}.".encode() + body
    return "v1," + b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def headers_of(delivery: Delivery, body: bytes, now: datetime) -> dict[str, str]:
    timestamp = int(now.timestamp())
    return {
        "content-type": "application/json",
        "user-agent": "Marquee-Webhooks/1",
        "webhook-id": str(delivery.pk),
        "webhook-timestamp": str(timestamp),
        "webhook-signature": sign(delivery.endpoint.secret, str(delivery.pk), timestamp, body),
    }


# Sending


async def attempt(client: httpx.AsyncClient, delivery: Delivery, now: datetime) -> Attempt:
    """Send one delivery and return what happened. Never raises."""
    body = body_of(delivery.payload)
    made = Attempt(at=now)
    started = time.monotonic()
    try:
        made.headers = headers_of(delivery, body, now)
        if len(body) > MOST_BYTES:
            raise Refused(f"The event is larger than {MOST_BYTES} bytes.")
        async with asyncio.timeout(SECONDS):
            made.status, made.answer = await _post(client, delivery.endpoint.url, body, made.headers)
    except TimeoutError:
        made.fault = f"No whole answer within {SECONDS:g} seconds."
    except Refused as error:
        made.fault = str(error)
    except (httpx.HTTPError, OSError, ValueError) as error:
        made.fault = f"{type(error).__name__}: {error}"[:KEPT_BYTES]
    made.seconds = time.monotonic() - started
    return made


async def _post(client: httpx.AsyncClient, url: str, body: bytes, headers: dict[str, str]) -> tuple[int, str]:
    named, target = await pinned(url)
    request = client.build_request("POST", target, content=body, headers={"host": named.netloc.decode(), **headers})
    request.extensions["sni_hostname"] = named.raw_host.decode()
    response = await client.send(request, stream=True, follow_redirects=False)
    try:
        received = b""
        async for chunk in response.aiter_raw():
            received += chunk
            if len(received) > MOST_BYTES:
                raise Refused(f"The answer is longer than {MOST_BYTES} bytes.")
        return response.status_code, received[:KEPT_BYTES].decode(errors="replace")
    finally:
        await response.aclose()


async def send_all(deliveries: list[Delivery], now: datetime) -> list[Attempt]:
    """Send deliveries in parallel. Each gets a new connection, so that none outlives the check of its address."""
    limits = httpx.Limits(max_keepalive_connections=0, max_connections=AT_ONCE)
    async with httpx.AsyncClient(trust_env=False, timeout=SECONDS, limits=limits) as client:
        return list(await asyncio.gather(*(attempt(client, delivery, now) for delivery in deliveries)))


# Recording


def deliver(endpoint: Endpoint, now: datetime, *, most: int = AT_ONCE) -> int:
    """Send the next deliveries of an endpoint and record the results. Return how many were sent."""
    deliveries = Delivery.objects.claim(endpoint, now, most)
    if not deliveries:
        return 0
    for delivery in deliveries:
        delivery.endpoint = endpoint
    attempts = asyncio.run(send_all(deliveries, now))
    with transaction.atomic():
        for delivery, made in zip(deliveries, attempts, strict=True):
            _note(delivery, made, now)
        Delivery.objects.bulk_update(
            deliveries, ["state", "due_at", "claimed_until", "tries", "log", "delivered_at"], batch_size=AT_ONCE
        )
    _judge(endpoint, attempts, now)
    return len(deliveries)


def _note(delivery: Delivery, made: Attempt, now: datetime) -> None:
    delivery.claimed_until = None
    delivery.log = [*delivery.log, made.to_json()][-30:]
    if made.succeeded:
        delivery.state, delivery.delivered_at = Delivery.State.DELIVERED, now
    elif delivery.tries >= len(WAITS):
        delivery.state = Delivery.State.FAILED
    else:
        wait = WAITS[delivery.tries] * random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311
        delivery.due_at = now + timedelta(seconds=wait)
    delivery.tries += 1


def _judge(endpoint: Endpoint, attempts: list[Attempt], now: datetime) -> None:
    """Record since when an endpoint has failed, and leave it alone for a while. Switch it off if that lasts, or if it answers 410."""
    if any(made.succeeded for made in attempts):
        endpoint.note_success()
        return
    endpoint.note_failure(now)
    if any(made.status == 410 for made in attempts):
        _switch_off(endpoint, "The receiver answered 410: it is gone.", now)
    elif endpoint.failing_since and now - endpoint.failing_since >= LASTING:
        last = attempts[-1].fault or f"it answered {attempts[-1].status}"
        _switch_off(endpoint, f"Nothing was received for two days; at last: {last}", now)


def _switch_off(endpoint: Endpoint, reason: str, now: datetime) -> None:
    """Switch an endpoint off and email the people who can switch it on again."""
    if not endpoint.switch_off(reason=reason, now=now):
        return
    log.warning("Webhook endpoint %s was switched off: %s", endpoint, reason)
    users = get_user_model().objects.with_perm("articles.change_endpoint", backend=settings.AUTHENTICATION_BACKENDS[0])
    addresses = sorted(set(users.filter(is_active=True).exclude(email="").values_list("email", flat=True)))
    if addresses:
        send_mail(
            f"Webhook endpoint “{endpoint}” was switched off",
            f"{reason}\n\nEvents for {endpoint.url} are kept. Switch the endpoint on again once it works.",
            None, addresses, fail_silently=True,
        )  # fmt: skip


def deliver_all(now: datetime) -> int:
    """Send everything that is due, endpoint by endpoint. Return how many deliveries were sent."""
    total = 0
    for endpoint in Endpoint.objects.busy(now):
        while sent := deliver(endpoint, now):
            total += sent
    return total
