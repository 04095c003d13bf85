"""No statement of a desk request runs for longer than DESK_STATEMENT_SECONDS: it would outlive whoever asked for it."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse

from .middleware import READERS

# SQLite asks after so many steps of its machine whether to go on: some thousand times a second.
STEPS = 20_000

Execute = Callable[[str, Any, bool, dict[str, Any]], Any]


class DeskPatience:
    """Middleware. Readers' statements are few and known, so only the desk's are limited."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if READERS.match(request.path_info):
            return self.get_response(request)
        with limited(settings.DESK_STATEMENT_SECONDS):
            return self.get_response(request)


@contextmanager
def limited(seconds: float) -> Iterator[None]:
    """End each statement that takes longer, with an OperationalError."""
    limit = _SQLite(seconds) if connection.vendor == "sqlite" else _PostgreSQL(seconds)
    with connection.execute_wrapper(limit):
        try:
            yield
        finally:
            limit.end()


class _SQLite:
    def __init__(self, seconds: float) -> None:
        self.seconds, self.deadline, self.raw = seconds, 0.0, None

    def __call__(self, execute: Execute, sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        self.deadline = time.monotonic() + self.seconds
        if self.raw is not connection.connection:
            self.raw = connection.connection
            self.raw.set_progress_handler(self.is_over, STEPS)
        return execute(sql, params, many, context)

    def is_over(self) -> bool:
        return time.monotonic() > self.deadline

    def end(self) -> None:
        if self.raw is not None and self.raw is connection.connection:
            self.raw.set_progress_handler(None, 0)


class _PostgreSQL:
    """Says the limit once for each transaction, so that a pooler hands nobody else a connection with it."""

    def __init__(self, seconds: float) -> None:
        self.say, self.is_said = f"SET LOCAL statement_timeout = {round(seconds * 1000)}", False

    def __call__(self, execute: Execute, sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        raw = connection.connection
        is_first = raw.info.transaction_status == raw.info.transaction_status.IDLE
        with raw.transaction() if is_first and raw.autocommit else nullcontext():
            if is_first or not self.is_said:
                raw.execute(self.say)
                self.is_said = True
            return execute(sql, params, many, context)

    def end(self) -> None:
        """Do nothing: the limit has ended with its transaction."""
