"""Cache purges that wait for their commit."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models, transaction

EVERYTHING = "*"
MOST_TAGS = 1000
CLAIM = timedelta(seconds=30)
# A response in flight during the commit may reach a cache after the first purge, so there is a second one.
AGAIN_AFTER = timedelta(seconds=3)


class PurgeQuerySet(models.QuerySet["Purge"]):
    def ask(self, tags: Iterable[str], *, at: datetime) -> None:
        """Queue a purge of these tags, to be sent after the current transaction commits."""
        tags = sorted(set(tags))
        if settings.PURGE_BACKEND != "none" and tags:
            self.create(tags=tags if len(tags) <= MOST_TAGS else [EVERYTHING], at=at, due_at=at)

    def claim(self, now: datetime) -> list["Purge"]:
        """Claim the purges that are due. If this worker dies, others take them 30 seconds later."""
        due = self.filter(due_at__lte=now)
        if not due.exists():
            return []
        with transaction.atomic():
            rows = list(due.order_by("due_at", "pk").select_for_update(skip_locked=True, no_key=True)[:500])
            self.filter(pk__in=[row.pk for row in rows]).update(due_at=now + CLAIM)
        return rows

    @transaction.atomic
    def done(self, rows: Sequence["Purge"], now: datetime) -> None:
        first = [row.pk for row in rows if not row.is_second]
        self.filter(pk__in=[row.pk for row in rows if row.is_second]).delete()
        self.filter(pk__in=first).update(is_second=True, tries=0, due_at=now + AGAIN_AFTER)

    def failed(self, rows: Sequence["Purge"], now: datetime) -> None:
        """Schedule another try after one second, then two, four and so on, at most a minute."""
        for row in rows:
            wait = timedelta(seconds=min(60, 2**row.tries))
            self.filter(pk=row.pk).update(tries=models.F("tries") + 1, due_at=now + wait)


class Purge(models.Model):
    """Cache tags to purge. Written with the change, sent after the commit, and deleted after the second purge."""

    tags = models.JSONField()
    at = models.DateTimeField()
    due_at = models.DateTimeField(db_index=True)
    is_second = models.BooleanField(default=False)
    tries = models.PositiveSmallIntegerField(default=0)

    objects = PurgeQuerySet.as_manager()

    def __str__(self) -> str:
        return " ".join(self.tags)[:100]
