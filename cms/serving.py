"""The production command, in one place: `make run`, the bench and the container start the web server by it."""

import gc

# Two processes use two cores; threads let one slow client or editor not hold up the readers behind it.
WORKERS, THREADS = 2, 4


def command(*, host: str, port: int, workers: int = WORKERS, threads: int = THREADS) -> list[str]:
    """Return the arguments after `python` that serve Marquee."""
    return [
        "-m", "gunicorn", "cms.wsgi", "--config", "python:cms.serving", "--bind", f"{host}:{port}",
        "--workers", str(workers), "--threads", str(threads), "--preload", "--log-level", "warning",
        "--graceful-timeout", "5", "--limit-request-line", "8190", "--keep-alive", "15", "--no-control-socket",
    ]  # fmt: skip


def on_starting(server) -> None:
    """Begin counting anew, before any worker counts."""
    from . import metrics

    metrics.begin()


def when_ready(server) -> None:
    """Keep what was loaded before the workers fork out of every later garbage collection: it halves the p99."""
    gc.collect()
    gc.freeze()
