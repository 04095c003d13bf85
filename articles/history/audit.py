"""The audit log: who did what, and when."""

from collections.abc import Iterator
from datetime import datetime

from django.conf import settings
from django.db import models

from media.insert_only import InsertOnlyModel
from media.permissions import Actor

from .log_words import in_words


class AuditEntry(InsertOnlyModel):
    """One action or override: who did what, when and why. Written once."""

    verb = models.CharField(max_length=60, db_index=True)
    at = models.DateTimeField(db_index=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    article = models.UUIDField("article id", null=True, blank=True, db_index=True)
    subject = models.CharField(max_length=200, blank=True, help_text="What was acted on.")
    note = models.TextField(blank=True)
    documents = models.PositiveIntegerField("live stories", default=0, help_text="How many live stories it changed.")

    class Meta:
        ordering = ["-at", "-id"]
        verbose_name_plural = "audit log"
        indexes = [models.Index(fields=["-at", "-id"], name="audit_newest")]

    def __str__(self) -> str:
        return f"{self.deed}: {self.subject}" if self.subject else self.deed

    @property
    def deed(self) -> str:
        return in_words(self.verb)

    @classmethod
    def verbs(cls) -> Iterator[str]:
        """Yield each verb in use. Each is one look-up in the index, so a million entries are not scanned."""
        verb = cls.objects.order_by("verb").values_list("verb", flat=True).first()
        while verb is not None:
            yield verb
            verb = cls.objects.filter(verb__gt=verb).order_by("verb").values_list("verb", flat=True).first()

    @classmethod
    def record(
        cls,
        verb: str,
        *,
        at: datetime,
        by: Actor | None = None,
        article: models.Model | None = None,
        subject: str = "",
        note: str = "",
        documents: int = 0,
    ) -> "AuditEntry":
        """Write an entry and return it. Call it in the transaction of the action."""
        # The plugin knows the user model of today's settings; an Actor is any user model.
        return cls.objects.create(  # type: ignore[misc]
            verb=verb, at=at, by=by, article=article.pk if article else None,
            subject=(subject or (str(article) if article else ""))[:200], note=note, documents=documents,
        )  # fmt: skip
