import secrets
from base64 import b64encode

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone

from media.ids import new_id

# Every event there is, with the sentence that docs/publishing.md and the admin show.
EVENTS = {
    "article.published": "A story went live for the first time, or again after a withdrawal.",
    "article.updated": "A live story was updated; minor changes included.",
    "article.corrected": "A live story was corrected, with a text for readers.",
    "article.refreshed": "Facts a live story shows changed: a credit, a name, a right that began or ended.",
    "article.withdrawn": "A story is no longer live: withdrawn, or at its end.",
    "article.moved": "A live story changed its address.",
    "photo.killed": "A photo was killed or withheld and has left every story.",
    "photo.changed": "A photo's facts changed: credit, caption, rights, people, file.",
    "person.changed": "A person's name or address changed.",
    "work.changed": "A work's title or address changed.",
    "section.changed": "A section's name or address changed.",
    "tag.changed": "A tag's name or address changed.",
    "author.changed": "An author's name or address changed.",
}


def make_secret() -> str:
    """Return a signing secret in the form of Standard Webhooks: whsec_ and 24 random bytes in base64."""
    return "whsec_" + b64encode(secrets.token_bytes(24)).decode()


def validate_events(value):
    if not isinstance(value, list):
        raise ValidationError("Write a list, such as [“article.published”]. An empty list means every event.")
    for event in value:
        if event not in EVENTS:
            raise ValidationError(f"“{event}” is not an event. Events are: {', '.join(EVENTS)}.")


class EndpointQuerySet(models.QuerySet):
    def listening(self, event: str):
        return [endpoint for endpoint in self.filter(disabled_at__isnull=True) if endpoint.wants(event)]


class Endpoint(models.Model):
    """Where events are sent: an address, its secret and the events it chose."""

    name = models.CharField(max_length=100)
    url = models.URLField("address", max_length=500)
    secret = models.CharField(max_length=100, default=make_secret, editable=False)
    events = models.JSONField(default=list, blank=True, validators=[validate_events], help_text="Empty: every event.")
    disabled_at = models.DateTimeField(null=True, blank=True, help_text="Set when deliveries kept failing, or by hand.")
    disabled_reason = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = EndpointQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = "webhook endpoint"

    def __str__(self):
        return self.name

    def wants(self, event: str) -> bool:
        return not self.events or event in self.events


class Delivery(models.Model):
    """One event on its way to one endpoint: request, response and time of every try."""

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
    created_at = models.DateTimeField()
    due_at = models.DateTimeField(help_text="When it is sent, or tried again.")
    claimed_until = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    log = models.JSONField(
        default=list, blank=True, help_text="Every try: at, status, seconds, the answer's beginning or the fault."
    )
    delivered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        verbose_name_plural = "deliveries"
        indexes = [
            models.Index(fields=["due_at"], name="delivery_due", condition=models.Q(state="pending")),
            models.Index(fields=["endpoint", "article", "created_at"], name="delivery_order"),
        ]

    def __str__(self):
        return f"{self.event} to {self.endpoint}"

    @classmethod
    def queue(
        cls, verb: str, *, at, article=None, subject="", immediate=False, entry=None, due_at=None, **about
    ) -> int:
        """Write one delivery per listening endpoint, inside the transaction whose event it is."""
        event = event_of(verb)
        if event is None:
            return 0
        payload = {
            "type": event,
            "timestamp": at.isoformat(),
            "data": {
                "verb": verb,
                "subject": subject,
                "immediate": immediate,
                "audit": entry.pk if entry else None,
                "article": str(article.pk) if article else None,
                **about,
            },
        }
        rows = [
            cls(
                endpoint=endpoint,
                event=event,
                article=article.pk if article else None,
                payload=payload,
                created_at=at,
                due_at=due_at or at,
            )
            for endpoint in Endpoint.objects.listening(event)
        ]
        return len(cls.objects.bulk_create(rows))


def event_of(verb: str) -> str | None:
    """Return the event a logged verb is announced as, or None for what concerns nobody outside."""
    if verb in EVENTS:
        return verb
    if verb in ("photo.withheld",):
        return "photo.killed"
    if verb.partition(".")[0] in ("photo", "caption", "credit", "right", "agency", "photographer"):
        return "photo.changed"
    return None
