"""Health checks: is the process alive, and is it ready for readers?"""

from tempfile import TemporaryFile

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse

from media.methods import reads_only

from . import __version__


@reads_only
def healthz(request: HttpRequest) -> HttpResponse:
    """Answer 200 as long as the process answers at all; no other service is asked."""
    return _uncached(HttpResponse("ok\n", content_type="text/plain"))


@reads_only
def readyz(request: HttpRequest) -> HttpResponse:
    """Answer 200 when readers can be served, else 503, with what was found either way."""
    checks = {"database": _database()}
    checks["migrations"] = _migrations() if checks["database"] == "ok" else "unknown"
    checks["disk"] = _disk()
    is_ready = set(checks.values()) == {"ok"}
    return _uncached(
        JsonResponse({"ready": is_ready, "version": __version__, "checks": checks}, status=200 if is_ready else 503)
    )


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return "The database does not answer."
    return "ok"


def _migrations() -> str:
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return f"{len(missing)} migrations are missing: run manage.py migrate." if missing else "ok"


def _disk() -> str:
    """Try a write: on a full or read-only disk no editor could save and no photo arrive."""
    try:
        with TemporaryFile(dir=settings.VAR_DIR) as file:
            file.write(bytes(4096))
            file.flush()
    except OSError as error:
        return f"VAR_DIR cannot be written: {error.strerror}."
    return "ok"


def _uncached(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    return response
