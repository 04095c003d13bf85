"""Tries to get in, counted to slow down guessing: after too many, each further one has to wait longer."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, models, transaction
from django.db.models import Count, Max

from media.counted import counted

KEPT = timedelta(days=1)
LONGEST_SECONDS = 900
# The first key of the advisory locks by which tries take turns on PostgreSQL.
ADVISORY = 7_305


@dataclass(frozen=True)
class Limit:
    """So many tries are free in a day; after them the wait doubles with each, up to a quarter of an hour."""

    free: int
    seconds: int

    def wait(self, tries: int, last: datetime | None, at: datetime) -> int:
        """Return the seconds from `at` until another try may be made."""
        if last is None or tries < self.free:
            return 0
        pause = min(self.seconds * 2 ** min(tries - self.free, 16), LONGEST_SECONDS)
        # A whole second is told at the least, so that whoever waits for it is not sent away again.
        return max(0, -(-(last + timedelta(seconds=pause) - at) // timedelta(seconds=1)))


class Kind(models.TextChoices):
    PASSWORD = "login", "wrong password"
    RESET = "reset", "password reset asked for"


# One name from one address; one address, whatever the name; one name, whatever the address.
PAIR, ADDRESS, NAME = ("name", "address"), ("address",), ("name",)
LIMITS = {
    Kind.PASSWORD: {PAIR: Limit(5, 10), ADDRESS: Limit(20, 10), NAME: Limit(20, 10)},
    Kind.RESET: {ADDRESS: Limit(10, 60), NAME: Limit(3, 60)},
}


class LoginFailureQuerySet(models.QuerySet):
    def reserve(self, kind: Kind, name: str, address: str, at: datetime, *, known: bool = False) -> int:
        """Count a try before it is made and return 0, or return the seconds to wait and count nothing.

        `known` says that this name signed in from this address before: what strangers do elsewhere is not held
        against it.
        """
        given = {"name": key_of(name), "address": address[:45]}
        with transaction.atomic():
            _take_turns(f"{kind} name {given['name']}", f"{kind} address {given['address']}")
            rows = self.filter(kind=kind, at__gt=at - KEPT)
            limits = {PAIR: LIMITS[kind][PAIR]} if known else LIMITS[kind]
            wait = max(limit.wait(*rows.tally(given, scope), at) for scope, limit in limits.items())
            if not wait:
                self.create(kind=kind, at=at, **given)
        return wait

    def tally(self, given: dict[str, str], scope: tuple[str, ...]) -> tuple[int, datetime | None]:
        """Return how many tries there were in this scope, and when the last one was."""
        found = self.filter(**{field: given[field] for field in scope}).aggregate(tries=Count("pk"), last=Max("at"))
        return found["tries"], found["last"]

    def forget(self, kind: Kind, name: str, address: str | None = None) -> None:
        """Delete the tries of a name, from one address or from all."""
        found = self.filter(kind=kind, name=key_of(name))
        (found if address is None else found.filter(address=address[:45])).delete()


class LoginFailure(models.Model):
    """A try to sign in that failed, or that is being checked at this moment; or a link asked for to reset a password.

    Kept for a day.
    """

    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.PASSWORD, db_default=Kind.PASSWORD)
    name = models.CharField(max_length=150, help_text="As typed, in lower case: a user name or an email address.")
    address = models.CharField(max_length=45, help_text="The client’s address; for IPv6, its first half.")
    at = models.DateTimeField()

    objects = LoginFailureQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["name", "address", "at"], name="login_failure_recent"),
            models.Index(fields=["address", "at"], name="login_failure_address"),
        ]

    def __str__(self) -> str:
        return f"{self.name} from {self.address}"


def key_of(name: str) -> str:
    """Return what a name is counted under."""
    return name.casefold()[:150]


def in_words(seconds: int) -> str:
    if seconds < 120:
        return counted(seconds, "second")
    return counted(-(-seconds // 60), "minute")


def _take_turns(*names: str) -> None:
    """PostgreSQL: let tries of one name or address be counted one after the other. On SQLite writers are alone anyway."""
    if connection.vendor != "postgresql":
        return
    keys = sorted(int.from_bytes(hashlib.sha256(name.encode()).digest()[:4], "big", signed=True) for name in names)
    with connection.cursor() as cursor:
        for key in keys:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [ADVISORY, key])
