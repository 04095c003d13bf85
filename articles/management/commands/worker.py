"""The one background process: everything it does may stop at any instant and is taken up by the next one."""

import contextlib
import ctypes
import logging
import os
import signal
import socket
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import close_old_connections, connection
from django.utils import timezone

from articles.live import announce
from articles.management import housekeeping
from articles.management.task_runner import TaskRunner
from articles.models import Endpoint, Heartbeat
from articles.outbox import purging, webhooks

log = logging.getLogger(__name__)

TICK = 0.25
BEAT = timedelta(seconds=5)
SWEEP_EVERY = 15.0


class Command(BaseCommand):
    help = (
        "Announce what goes live, warm documents, make renditions, send webhooks and purges. Several may run; "
        "readers see everything on time without any."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="Do everything that is due, then stop.")
        parser.add_argument(
            "--no-tasks", action="store_true", help="Leave renditions and other tasks to another worker."
        )

    def handle(self, *, once: bool, no_tasks: bool, **options: Any) -> None:
        worker = Worker(run_tasks=not no_tasks)
        if once:
            worker.run_once()
            return
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: worker.stopping.set())
        self.stdout.write("The worker runs. Stop it with Ctrl-C.")
        worker.run()
        # Every job has ended, or had ten seconds to. The interpreter's last garbage collection took minutes at full
        # load while a delivery was under way; nothing of it is needed.
        self.stdout.flush()
        logging.shutdown()
        os._exit(0)


class Worker:
    """Runs each job in a thread of its own, so that a slow receiver or a large picture delays nothing else."""

    def __init__(self, *, run_tasks: bool = True) -> None:
        self.name = f"worker {socket.gethostname()} {os.getpid()}"[:100]
        self.run_tasks = run_tasks
        self.stopping = threading.Event()
        self.couriers: dict[int, threading.Thread] = {}

    def run_once(self) -> None:
        """Do everything that is due, in the order in which it matters to readers."""
        self.beat()
        while announce.begin_due(timezone.now()):
            pass
        self.work_off()
        self.sweep()
        # Sweeping queues tasks, and what they change is to be warmed and told.
        self.work_off()

    def work_off(self) -> None:
        if self.run_tasks:
            self.task_runner(batch=True).run()
        while housekeeping.warm():
            pass
        webhooks.deliver_all(timezone.now())
        while purging.drain(timezone.now()):
            pass

    def run(self) -> None:
        duties = [
            threading.Thread(target=self.repeat, args=(duty, pause), name=duty.__name__, daemon=True)
            for duty, pause in (
                (self.begin, TICK), (self.purge, TICK), (self.warm, TICK), (self.call_couriers, TICK),
                (self.beat, BEAT.total_seconds()), (self.sweep, SWEEP_EVERY),
            )
        ]  # fmt: skip
        runner = self.task_runner(batch=False)
        if self.run_tasks:
            duties.append(threading.Thread(target=self.repeat, args=(runner.run, TICK), name="tasks", daemon=True))
        for thread in duties:
            thread.start()
        self.stopping.wait()
        runner.running = False
        deadline = time.monotonic() + 10
        for thread in [*duties, *self.couriers.values()]:
            thread.join(max(0.0, deadline - time.monotonic()))
        Heartbeat.objects.filter(name=self.name).delete()

    def repeat(self, duty: Callable[[], object], pause: float) -> None:
        """Do a job over and over: at once while there is more of it, and again after a failure."""
        while not self.stopping.is_set():
            try:
                is_more = duty()
            except Exception:
                log.exception("The worker's duty “%s” failed and is tried again.", getattr(duty, "__name__", duty))
                connection.close()
                is_more = False
                self.stopping.wait(1)
            close_old_connections()
            if not is_more:
                self.stopping.wait(pause)
        connection.close()

    # Jobs

    def begin(self) -> int:
        return announce.begin_due(timezone.now())

    def purge(self) -> int:
        return purging.drain(timezone.now())

    def warm(self) -> int:
        return housekeeping.warm()

    def call_couriers(self) -> None:
        """Let every endpoint that has something due be served by a thread of its own."""
        self.couriers = {key: thread for key, thread in self.couriers.items() if thread.is_alive()}
        for endpoint in Endpoint.objects.busy(timezone.now()):
            if endpoint.pk not in self.couriers:
                thread = threading.Thread(target=self.serve, args=(endpoint,), name=f"courier {endpoint}", daemon=True)
                self.couriers[endpoint.pk] = thread
                thread.start()

    def serve(self, endpoint: Endpoint) -> None:
        try:
            while not self.stopping.is_set() and webhooks.deliver(endpoint, timezone.now()):
                pass
        except Exception:
            log.exception("Deliveries to %s failed and are tried again.", endpoint)
        finally:
            connection.close()

    def beat(self) -> None:
        Heartbeat.objects.update_or_create(name=self.name, defaults={"at": timezone.now(), "doing": "running"})

    def sweep(self) -> None:
        now = timezone.now()
        housekeeping.sweep(now)
        give_memory_back()

    def task_runner(self, *, batch: bool) -> TaskRunner:
        return TaskRunner(
            queue_names=["*"], interval=0.5, batch=batch, backend_name="default", startup_delay=False, max_tasks=None,
            worker_id=f"{os.getpid()}-{time.monotonic_ns()}", excluded_queue_names=[],
        )  # fmt: skip


def give_memory_back() -> None:
    """Return to the system what encoding pictures needed; the C library would keep most of it for the next one."""
    with contextlib.suppress(OSError, AttributeError):  # Only glibc keeps so much, and only it can be asked.
        ctypes.CDLL(None).malloc_trim(0)
