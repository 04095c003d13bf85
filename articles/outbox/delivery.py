"""Webhook endpoints, events and their deliveries."""

import secrets
from base64 import b64encode
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Self
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import CharField, Exists, OuterRef, Q, Value
from django.db.models.functions import Cast
from django.utils import timezone

from media.ids import new_id
from media.one_line import LineField
from media.permissions import Actor, require

from .secret_field import CLEAR, SecretField, is_sealed_today

# Every event there is, with the sentence that docs/engine.md and the admin show.
EVENTS = {
    "article.published": "A story went live for the first time, or again after a withdrawal.",
    "article.updated": "A live story was updated; minor changes included.",
    "article.corrected": "A live story was corrected, with a text for readers.",
    "article.refreshed": "Something a live story shows changed: a credit, a name, a right that began or ended.",
    "article.withdrawn": "A story is no longer live: withdrawn, or at its end.",
    "article.moved": "A live story changed its address.",
    "photo.killed": "A photo was killed or withheld and has left every story.",
    "photo.changed": "A photo changed: credit, caption, rights, people, file.",
    "person.appeared": "A person’s page is there: a story that shows it went live, the first for now.",
    "person.changed": "A person’s name or address changed.",
    "person.vanished": "A person’s page is gone: no live story shows it any more.",
    "work.appeared": "A work’s page is there: a story that shows it went live, the first for now.",
    "work.changed": "A work’s title or address changed.",
    "work.vanished": "A work’s page is gone: no live story shows it any more.",
    "section.appeared": "A section’s page is there: a story that shows it went live, the first for now.",
    "section.changed": "A section’s name or address changed.",
    "section.vanished": "A section’s page is gone: no live story shows it any more.",
    "tag.appeared": "A tag’s page is there: a story that shows it went live, the first for now.",
    "tag.changed": "A tag’s name or address changed.",
    "tag.vanished": "A tag’s page is gone: no live story shows it any more.",
    "author.appeared": "An author’s page is there: a story that shows it went live, the first for now.",
    "author.changed": "An author’s name or address changed.",
    "author.vanished": "An author’s page is gone: no live story shows it any more.",
}


def make_secret() -> str:
    """Return a signing secret in the form of Standard Webhooks: whsec_ and 24 random bytes in base64."""
    return "whsec_" + b64encode(secrets.token_bytes(24)).decode()


def validate_events(value: object) -> None:
    if not isinstance(value, list):
        raise ValidationError("Write a list, such as [“article.published”]. An empty list means every event.")
    for event in value:
        if event not in EVENTS:
            raise ValidationError(f"“{event}” is not an event. Events are: {', '.join(EVENTS)}.")


# An endpoint that failed is asked again with one delivery at a time, and seldom; the others wait for the first success.
SHORTEST_PAUSE, LONGEST_PAUSE = timedelta(seconds=4), timedelta(minutes=5)
# Longer than any attempt can take. If a worker dies, others take its deliveries after that.
CLAIM = timedelta(seconds=30)


_log: list[Callable[..., object]] = []


def logged_by(record: Callable[..., object]) -> None:
    """Say what writes the audit log, which is of a room above this one. articles.apps does."""
    _log[:] = [record]


# An event of these says that something is to be looked up again. Of several that wait, the newest says it for all.
SAID_ONCE = tuple(name for name in EVENTS if name.endswith(".changed"))
# So many of those that wait are looked through for what is said again.
LOOKED_BACK = 50


@dataclass(frozen=True)
class Event:
    """Something to announce: its name, when it took effect, its data, and the story whose events are kept in order.

    `kinds` and `sections` (keys, with those above) are what a story's event is chosen by; None where nobody can say.
    """

    name: str
    at: datetime
    data: dict[str, Any] = field(default_factory=dict)
    article: UUID | None = None
    kinds: frozenset[str] | None = None
    sections: frozenset[int] | None = None

    def payload(self) -> dict[str, Any]:
        at = self.at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        return {"type": self.name, "timestamp": at, "data": self.data}


class EndpointQuerySet(models.QuerySet["Endpoint"]):
    def active(self) -> Self:
        return self.filter(disabled_at__isnull=True)

    def reachable(self, now: datetime) -> Self:
        """Return the active endpoints that are not left alone after a failure."""
        return self.active().filter(Q(paused_until__isnull=True) | Q(paused_until__lte=now))

    def busy(self, now: datetime) -> list["Endpoint"]:
        """Return the endpoints that can be asked now and have deliveries due.

        Each is asked for its first one: in one statement PostgreSQL compared all that waits, of those left alone too.
        """
        due = Delivery.objects.heads(now).order_by("pk").values("pk")
        return [endpoint for endpoint in self.reachable(now) if due.filter(endpoint=endpoint).first()]

    def seal(self) -> int:
        """Encrypt under today's key what is kept in clear or under an earlier key; return how many."""
        kept = self.annotate(kept=Cast("secret", CharField())).values_list("pk", "secret", "kept")
        old = [(pk, secret) for pk, secret, kept in kept if secret.startswith(CLEAR) and not is_sealed_today(kept)]
        return sum(self.filter(pk=pk).update(secret=secret) for pk, secret in old)


class Endpoint(models.Model):
    """Where events are sent: an address, its secret and the events it receives."""

    name = LineField(max_length=100)
    url = models.URLField("address", max_length=500)
    secret = SecretField(max_length=255, default=make_secret, editable=False)
    events = models.JSONField(
        default=list, blank=True, validators=[validate_events], help_text="Leave empty to receive every event."
    )
    kinds = models.JSONField(
        "kinds of story", default=list, db_default=Value([], models.JSONField()), blank=True,
        help_text="Only stories of these kinds. Leave empty for every kind. Events about people, photos and so on are always sent.",
    )  # fmt: skip
    sections = models.JSONField(
        default=list, db_default=Value([], models.JSONField()), blank=True,
        help_text="Only stories in these sections and the sections below them. Leave empty for every section.",
    )  # fmt: skip
    disabled_at = models.DateTimeField(
        "switched off at",
        null=True,
        blank=True,
        editable=False,
        help_text="Set when deliveries kept failing, or by hand.",
    )
    disabled_reason = LineField("switched off because", max_length=300, blank=True, editable=False)
    failing_since = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="The first failure since the last success."
    )
    paused_until = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="After a failure, nothing is sent before this instant."
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = EndpointQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = "webhook endpoint"

    def __str__(self) -> str:
        return self.name

    def wants(self, event: Event) -> bool:
        if self.events and event.name not in self.events:
            return False
        chosen = ((self.kinds, event.kinds), (self.sections, event.sections))
        return all(not wanted or given is None or not given.isdisjoint(wanted) for wanted, given in chosen)

    def note_failure(self, now: datetime) -> None:
        """Leave the endpoint alone for as long as it has failed already, within bounds."""
        Endpoint.objects.filter(pk=self.pk, failing_since__isnull=True).update(failing_since=now)
        self.refresh_from_db()
        pause = min(max(now - (self.failing_since or now), SHORTEST_PAUSE), LONGEST_PAUSE)
        Endpoint.objects.filter(pk=self.pk).update(paused_until=now + pause)
        self.paused_until = now + pause

    def note_success(self) -> None:
        failing = Q(failing_since__isnull=False) | Q(paused_until__isnull=False)
        Endpoint.objects.filter(failing, pk=self.pk).update(failing_since=None, paused_until=None)
        self.failing_since = self.paused_until = None

    @transaction.atomic
    def switch_off(self, *, reason: str, now: datetime, by: Actor | None = None) -> bool:
        """Stop sending until somebody switches it on again, and log it. Return True if it was on. Raises PermissionDenied."""
        require(by, "articles.change_endpoint", to="switch endpoints off")
        changed = Endpoint.objects.active().filter(pk=self.pk).update(disabled_at=now, disabled_reason=reason[:300])
        if changed:
            self._note("endpoint.switched_off", now, by, "" if by else reason)
        self.refresh_from_db()
        return bool(changed)

    @transaction.atomic
    def switch_on(self, *, now: datetime | None = None, by: Actor | None = None) -> bool:
        """Send again, at once what waits, as if it had never failed, and log it. Return True if it was off. Raises PermissionDenied."""
        require(by, "articles.change_endpoint", to="switch endpoints on")
        now = now or timezone.now()
        changed = Endpoint.objects.filter(pk=self.pk, disabled_at__isnull=False).update(
            disabled_at=None, disabled_reason="", failing_since=None, paused_until=None
        )
        if changed:
            self.deliveries.filter(state=Delivery.State.PENDING, due_at__gt=now).update(due_at=now)
            self._note("endpoint.switched_on", now, by)
        self.refresh_from_db()
        return bool(changed)

    def _note(self, verb: str, at: datetime, by: Actor | None, note: str = "") -> None:
        for record in _log:
            record(verb, at=at, by=by, subject=self.name, note=note)


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def pending(self, now: datetime) -> Self:
        free = Q(claimed_until__isnull=True) | Q(claimed_until__lte=now)
        return self.filter(free, state=Delivery.State.PENDING, due_at__lte=now)

    def heads(self, now: datetime) -> Self:
        """Return the deliveries that can be sent now: due, unclaimed, and with no earlier one of the same story pending."""
        earlier = Delivery.objects.filter(
            endpoint=OuterRef("endpoint"), article=OuterRef("article"), state=Delivery.State.PENDING, pk__lt=OuterRef("pk")
        )  # fmt: skip
        return self.pending(now).filter(~Exists(earlier))

    @transaction.atomic
    def claim(self, endpoint: Endpoint, now: datetime, most: int) -> list["Delivery"]:
        """Claim the next deliveries of an endpoint for this process, for at most 30 seconds.

        Nothing of one that was switched off or is left alone meanwhile; of one that fails, a single delivery.
        """
        known = Endpoint.objects.reachable(now).filter(pk=endpoint.pk).values("failing_since").first()
        if known is None:
            return []
        most = 1 if known["failing_since"] else most
        heads = self.filter(endpoint=endpoint).heads(now).order_by("pk")
        rows = list(heads.select_for_update(skip_locked=True, no_key=True)[:most])
        self.filter(pk__in=[row.pk for row in rows]).update(claimed_until=now + CLAIM)
        return rows

    def _drop_said_again(self, event: Event, endpoints: Iterable[Endpoint]) -> None:
        """Drop what was queued and not tried yet, in this transaction or before, if this event says all of it again."""
        tags = set(event.data["cache_tags"])
        waiting = Delivery.objects.filter(
            event=event.name, article=event.article, state=Delivery.State.PENDING, tries=0, claimed_until__isnull=True
        ).order_by("-pk")  # fmt: skip
        for endpoint in endpoints:
            rows = waiting.filter(endpoint=endpoint).select_for_update(skip_locked=True)[:LOOKED_BACK]
            told = [row.pk for row in rows if tags >= set(row.payload["data"]["cache_tags"])]
            if told:
                Delivery.objects.filter(pk__in=told).delete()

    def queue(self, events: Iterable[Event]) -> int:
        """Write one delivery for each event and endpoint that wants it. Call it in the transaction that causes the events."""
        events, endpoints = list(events), list(Endpoint.objects.active())
        for event in events:
            if event.name in SAID_ONCE:
                self._drop_said_again(event, endpoints)
        rows = [
            Delivery(
                endpoint=endpoint, event=event.name, article=event.article, payload=event.payload(),
                created_at=event.at, due_at=event.at,
            )
            for event in events for endpoint in endpoints if endpoint.wants(event)
        ]  # fmt: skip
        return len(self.bulk_create(rows, batch_size=500))


class Delivery(models.Model):
    """One event to be sent to one endpoint, with the request, response and time of each try."""

    class State(models.TextChoices):
        PENDING = "pending", "waiting"
        DELIVERED = "delivered", "delivered"
        FAILED = "failed", "given up"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    endpoint = models.ForeignKey(Endpoint, on_delete=models.CASCADE, related_name="deliveries")
    event = models.CharField(max_length=40, db_index=True)
    article = models.UUIDField("article id", null=True, blank=True)
    payload = models.JSONField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.PENDING)
    created_at = models.DateTimeField(db_index=True)
    due_at = models.DateTimeField(help_text="When it is sent, or tried again.")
    claimed_until = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    log = models.JSONField(
        default=list,
        blank=True,
        help_text="Every try: at, headers, status, seconds, the answer’s beginning or the fault.",
    )
    delivered_at = models.DateTimeField(null=True, blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        verbose_name_plural = "deliveries"
        indexes = [
            models.Index(fields=["endpoint", "id"], name="delivery_due", condition=Q(state="pending")),
            models.Index(fields=["endpoint", "article", "id"], name="delivery_order", condition=Q(state="pending")),
        ]

    def __str__(self) -> str:
        return f"{self.event} to {self.endpoint}"

    @transaction.atomic
    def redeliver(self, *, now: datetime | None = None) -> None:
        """Send it again under the same webhook-id, so the receiver can tell that it is the same event."""
        now = now or timezone.now()
        Delivery.objects.filter(pk=self.pk).update(
            state=self.State.PENDING, due_at=now, claimed_until=None, tries=0, delivered_at=None
        )
        Endpoint.objects.filter(pk=self.endpoint_id).update(paused_until=None)
        self.refresh_from_db()
