"""The production command, in one place: `python -m cms.serving`, `make run` and the bench start the web server by it."""

import argparse
import gc
import os
import sys

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


def main() -> None:
    """Become the web server."""
    parser = argparse.ArgumentParser(prog="python -m cms.serving")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--workers", type=int, default=WORKERS, help="processes; one for each core")
    parser.add_argument("--threads", type=int, default=THREADS, help="requests a process answers side by side")
    arguments = command(**vars(parser.parse_args()))
    os.execv(sys.executable, [sys.executable, *arguments])  # noqa: S606


if __name__ == "__main__":
    main()
