"""Readers' queries go to a read replica while it keeps up; everything else, and every doubt, goes to the primary.

A replica may only repeat what stays true for a while: documents before their best-before instant, which it tells by
itself, and never what the primary wrote more than a second ago. Rendering, writing, editing and
pictures use the primary, and a request that used it once stays there.
"""

import logging
import re
import threading
import time
from collections import deque
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

from django.db import DatabaseError, connections
from django.db.models import Model
from django.http import HttpRequest, HttpResponse

log = logging.getLogger(__name__)

PRIMARY, REPLICA = "default", "replica"
# What is made of live documents alone. Directory entries, paths and pictures carry no best-before instant.
READ = re.compile(r"/(api/v1/(articles|archive|search|suggest)/|feeds/|sitemap)")
# Answers that no database would give otherwise: what is there, and what was asked wrongly or too often.
SETTLED = (200, 304, 400, 405, 406, 429)
MOST_LAG = 1.0
CHECK_EVERY = 0.25
PAUSE_AFTER_FAILURE = 5.0

_chosen: ContextVar[str] = ContextVar("database of public reads", default=PRIMARY)


class Router:
    """Where each statement goes. `LiveDocument.objects.db` names the database for public reads to raw SQL."""

    def db_for_read(self, model: type[Model], **hints: Any) -> str:
        # Within a transaction of the primary, and from then on in this request, only the primary knows what was done.
        if _chosen.get() == REPLICA and connections[PRIMARY].in_atomic_block:
            _chosen.set(PRIMARY)
        return _chosen.get()

    def db_for_write(self, model: type[Model], **hints: Any) -> str:
        _chosen.set(PRIMARY)
        return PRIMARY

    def allow_relation(self, *rows: Any, **hints: Any) -> bool:
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        return db == PRIMARY


class PublicReads:
    """Middleware, the innermost one: lets a reader's request ask the replica, and the primary again where that failed.

    What the replica does not have, or has as stale, gone or moved, may have changed a moment ago.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in ("GET", "HEAD") or not READ.match(request.path_info) or not LAG.is_small():
            return self.get_response(request)
        token = _chosen.set(REPLICA)
        try:
            response = self.get_response(request)
            if response.status_code not in SETTLED:
                _chosen.set(PRIMARY)
                response = self.get_response(request)
            return response
        finally:
            _chosen.reset(token)


class Lag:
    """How far the replica is behind, asked of both at most four times a second by each process.

    What the primary had written at an instant is remembered until the replica has replayed it. So an idle system
    does not look late, a replica that lost its primary does not look current, and clocks need not agree.
    """

    def __init__(self) -> None:
        self.written: deque[tuple[float, int]] = deque(maxlen=16)
        self.caught_up = self.next_check = float("-inf")
        self.turn = threading.Lock()

    def is_small(self) -> bool:
        return self.seconds() <= MOST_LAG

    def seconds(self) -> float:
        """Return how old the newest state is that the replica is known to have; infinite where it does not answer."""
        now = time.monotonic()
        if now >= self.next_check and self.turn.acquire(blocking=False):
            try:
                self.check(now)
            finally:
                self.turn.release()
        return now - self.caught_up

    def check(self, now: float) -> None:
        self.next_check = now + CHECK_EVERY
        try:
            self.written.append((now, position(PRIMARY, "pg_current_wal_flush_lsn()")))
            replayed = position(REPLICA, "pg_last_wal_replay_lsn()")
        except DatabaseError as error:
            log.warning("The replica is left alone for %d seconds: %s", PAUSE_AFTER_FAILURE, error)
            connections[REPLICA].close()
            self.caught_up, self.next_check = float("-inf"), now + PAUSE_AFTER_FAILURE
            return
        self.caught_up = max((at for at, written in self.written if written <= replayed), default=self.caught_up)


LAG = Lag()


def position(alias: str, function: str) -> int:
    """Return how far a server's log is written or replayed, in bytes."""
    with connections[alias].cursor() as cursor:
        cursor.execute(f"SELECT pg_wal_lsn_diff({function}, '0/0')")
        found = cursor.fetchone()[0]
    if found is None:
        raise DatabaseError("DATABASE_REPLICA_URL names a server that replays no log of a primary.")
    return int(found)
