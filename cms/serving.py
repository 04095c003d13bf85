"""The production command, in one place: `python -m cms.serving`, by which `make run`, the bench and the container start.

Granian reads requests and writes answers outside Python; why it is this server: docs/decisions.
"""

import argparse
import gc
import multiprocessing
import sys
from collections import deque
from typing import TYPE_CHECKING

from .environment import WrongSetting

if TYPE_CHECKING:
    from django.core.handlers.wsgi import WSGIHandler

# Two processes use two cores; threads let one slow client or editor not hold up the readers behind it.
WORKERS, THREADS = 2, 4
GRACE_SECONDS = 5
MOST_DEATHS = 10
KEPT_ALIVE = {"keep_alive": True, "header_read_timeout": 15_000}


def command(*, host: str, port: int, workers: int = WORKERS, threads: int = THREADS) -> list[str]:
    """Return the arguments after `python` that serve Marquee."""
    return [
        "-m", "cms.serving", "--host", host, "--port", str(port),
        "--workers", str(workers), "--threads", str(threads),
    ]  # fmt: skip


def main() -> None:
    options = read_arguments()
    try:
        serve(options.host, options.port, options.workers, options.threads)
    except WrongSetting as error:
        sys.exit(str(error))


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m cms.serving", description="Serve Marquee.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--workers", type=int, default=WORKERS, help="processes; as many as there are cores")
    parser.add_argument("--threads", type=int, default=THREADS, help="in each process")
    return parser.parse_args()


def serve(host: str, port: int, workers: int = WORKERS, threads: int = THREADS) -> None:
    """Load everything once, then let the workers fork from it; returns when somebody asks to stop."""
    from django.conf import settings
    from granian import Granian
    from granian.constants import HTTPModes, Interfaces
    from granian.http import HTTP1Settings
    from granian.log import LogLevels

    multiprocessing.set_start_method("fork", force=True)
    application = load(threads)
    server = Granian(
        "cms.wsgi:application", address=host, port=port, interface=Interfaces.WSGI, workers=workers,
        blocking_threads=threads, http=HTTPModes.http1, http1_settings=HTTP1Settings(**KEPT_ALIVE), websockets=False,
        respawn_failed_workers=True, workers_kill_timeout=GRACE_SECONDS, log_level=LogLevels.warning,
        log_dictconfig=settings.LOGGING,
    )  # fmt: skip
    server.respawned_wrks = Respawns()
    server.serve(target_loader=lambda: application, wrap_loader=False)


class Respawns(dict[int, float]):
    """When each worker was begun again. Granian asks this whether one dies too soon, and then ends all the others.

    Two that die early are replaced like any other; so many deaths a minute are a fault that no new worker mends.
    """

    def __init__(self) -> None:
        self.recent: deque[float] = deque(maxlen=MOST_DEATHS)

    def __setitem__(self, worker: int, at: float) -> None:
        self.recent.append(at)
        super().__setitem__(worker, at)

    def get(self, worker: int, default: float = 0) -> float:  # type: ignore[override]
        is_hopeless = len(self.recent) == MOST_DEATHS and self.recent[-1] - self.recent[0] < 60
        return super().get(worker, default) if is_hopeless else float("-inf")


def load(threads: int) -> "WSGIHandler":
    """Return the application, with all it has loaded kept out of every later garbage collection: it halves the p99."""
    from django import urls
    from django.db import connections

    # Late, so that only the process that serves loads the application.
    from .wsgi import application  # isort: skip - sets everything up, which what follows needs
    from . import bodies, metrics

    metrics.begin()
    bodies.share_out(threads)
    urls.get_resolver().url_patterns  # noqa: B018
    connections.close_all()
    gc.collect()
    gc.freeze()
    return application


if __name__ == "__main__":
    main()
