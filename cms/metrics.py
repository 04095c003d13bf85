"""What an operator's Prometheus asks for: how readers are served, and what work is waiting.

Requests are counted by each process in files that it alone writes (var/metrics, a folder for each server), and added
up when Prometheus asks.
Waiting work is counted in the database at that moment. Nothing is counted unless METRICS_TOKEN is set.
"""

import os
import shutil
import socket
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db.models import Count, Min, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django_tasks_db.models import DBTaskResult
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector

from articles.models import Delivery, Endpoint, Heartbeat, LiveDocument, Purge
from media.methods import reads_only

from . import replica

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
REQUESTS = Counter("marquee_requests", "Requests answered.", ["route", "method", "status"], registry=None)
SECONDS = Histogram("marquee_request_seconds", "Time to answer.", ["route"], buckets=BUCKETS, registry=None)


class CountRequests:
    """The outermost middleware: counts every answer under its route's name, never under the path that was typed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        response = self.get_response(request)
        route = route_of(request)
        REQUESTS.labels(route, request.method if request.method in METHODS else "other", response.status_code).inc()
        SECONDS.labels(route).observe(time.perf_counter() - began)
        return response


METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def route_of(request: HttpRequest) -> str:
    match = getattr(request, "resolver_match", None)
    if match is None:
        return "static" if request.path_info.startswith(settings.STATIC_URL) else "none"
    return match.namespaces[0] if match.namespaces else match.url_name or "none"


def begin() -> None:
    """Start counting from zero; what servers of this machine left that are gone is deleted, what others count stays."""
    if not (name := os.environ.get(FOLDER)):
        return
    own = Path(name)
    for folder in [own, *(each for each in own.parent.glob(f"{socket.gethostname()}-*") if not _is_served(each))]:
        shutil.rmtree(folder, ignore_errors=True)
    own.mkdir(parents=True, exist_ok=True)


def _is_served(folder: Path) -> bool:
    """Return True if the server that counts in this folder is still running."""
    try:
        os.kill(int(folder.name.rpartition("-")[2]), 0)
    except (ValueError, ProcessLookupError):
        return False
    except PermissionError:
        return True
    return True


@reads_only
def metrics(request: HttpRequest) -> HttpResponse:
    """Return the metrics to a caller that sends METRICS_TOKEN; 404 where no token is set."""
    if not settings.METRICS_TOKEN:
        raise Http404
    if not constant_time_compare(request.headers.get("Authorization", ""), f"Bearer {settings.METRICS_TOKEN}"):
        return HttpResponse("Give METRICS_TOKEN as a bearer token.\n", status=401, content_type="text/plain",
                            headers={"WWW-Authenticate": "Bearer"})  # fmt: skip
    registry = CollectorRegistry()
    registry.register(MarqueeCollector(timezone.now()))
    if FOLDER in os.environ:
        MultiProcessCollector(registry)
    else:
        registry.register(REQUESTS)
        registry.register(SECONDS)
    response = HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)
    response["Cache-Control"] = "no-store"
    return response


class MarqueeCollector:
    """What is waiting at an instant, and how long the oldest of it has waited, in seconds."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def collect(self) -> Iterator[GaugeMetricFamily]:
        yield from self.documents()
        yield from self.tasks()
        yield from self.outgoing()
        yield self.heartbeats()
        if replica.REPLICA in settings.DATABASES:
            yield gauge("replica_lag_seconds", "The age of what the replica is known to have", replica.LAG.seconds())

    def documents(self) -> Iterator[GaugeMetricFamily]:
        stale = LiveDocument.objects.stale(self.now)
        yield from self.waiting(
            "stale_documents", "Documents past their best-before instant", stale, "best_before__refresh_at"
        )
        failed = stale.exclude(failed="").count()
        yield gauge("failed_documents", "Documents that could not be rendered", failed)
        due = LiveDocument.objects.unannounced(self.now)
        yield from self.waiting("due_documents", "Documents live but not announced yet", due, "live_from")

    def tasks(self) -> Iterator[GaugeMetricFamily]:
        states = GaugeMetricFamily("marquee_tasks", "Background tasks by state.", labels=["state"])
        for state, number in DBTaskResult.objects.values_list("status").annotate(Count("pk")).order_by("status"):
            states.add_metric([state.lower()], number)
        yield states
        ready = DBTaskResult.objects.ready()
        yield gauge("ready_task_age_seconds", "The age of the oldest task that may run", self.age(ready, "enqueued_at"))

    def outgoing(self) -> Iterator[GaugeMetricFamily]:
        pending = Delivery.objects.filter(state=Delivery.State.PENDING, due_at__lte=self.now)
        yield from self.waiting("due_deliveries", "Webhook deliveries due", pending, "due_at")
        failed = Delivery.objects.filter(state=Delivery.State.FAILED).count()
        yield gauge("failed_deliveries", "Webhook deliveries given up in the last 30 days", failed)
        failing = Endpoint.objects.active().filter(failing_since__isnull=False).count()
        yield gauge("failing_endpoints", "Webhook endpoints whose last attempt failed", failing)
        switched_off = Endpoint.objects.filter(disabled_at__isnull=False).count()
        yield gauge("disabled_endpoints", "Webhook endpoints switched off", switched_off)
        purges = Purge.objects.filter(due_at__lte=self.now)
        yield from self.waiting("due_purges", "Cache purges due", purges, "due_at")

    def heartbeats(self) -> GaugeMetricFamily:
        beats = GaugeMetricFamily("marquee_worker_heartbeat_age_seconds", "Since a worker was seen.", labels=["worker"])
        for name, at in Heartbeat.objects.filter(name__startswith="worker ").values_list("name", "at"):
            beats.add_metric([name.removeprefix("worker ")], (self.now - at).total_seconds())
        return beats

    def waiting(self, name: str, sentence: str, rows: QuerySet, since: str) -> Iterator[GaugeMetricFamily]:
        yield gauge(name, sentence, rows.count())
        yield gauge(f"{name}_age_seconds", f"{sentence}: the age of the oldest", self.age(rows, since))

    def age(self, rows: QuerySet, since: str) -> float:
        first = rows.order_by().aggregate(first=Min(since))["first"]
        return max(0.0, (self.now - first).total_seconds()) if first else 0.0


def gauge(name: str, sentence: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"marquee_{name}", f"{sentence}.", value=value)
