"""Readers in a closed loop, and the CPU time that servers and database spend on them."""

import http.client
import os
import statistics
import threading
import time
from dataclasses import dataclass
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Result:
    """One measurement: CPU milliseconds per request, latencies in milliseconds."""

    requests: int
    errors: int
    cpu_ms: float
    database_ms: float
    p50: float
    p99: float
    bytes: int


def measure(port: int, paths: list[str], *, seconds: float, readers: int, pids, headers=None) -> Result:
    """Let `readers` ask for the paths in turn for so many seconds."""
    times: list[float] = []
    sizes: list[int] = []
    errors = [0]
    stop = time.perf_counter() + seconds
    before, before_database = cpu(pids), each_cpu(postgres())
    threads = [
        threading.Thread(
            target=_read, args=(port, paths[n::readers] or paths, stop, times, sizes, errors, headers or {})
        )
        for n in range(readers)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    spent, database = cpu(pids) - before, postgres_cpu_since(before_database)
    count = max(len(times), 1)
    ordered = sorted(times) or [0]
    return Result(
        len(times), errors[0], (spent + database) / count * 1000, database / count * 1000,
        statistics.median(ordered) * 1000, ordered[min(int(count * 0.99), count - 1)] * 1000, max(sizes, default=0),
    )  # fmt: skip


def _read(port, paths, stop, times, sizes, errors, headers) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    number = 0
    while time.perf_counter() < stop:
        began = time.perf_counter()
        try:
            connection.request("GET", paths[number % len(paths)], headers=headers)
            response = connection.getresponse()
            body = response.read()
            if response.status not in (200, 304):
                errors[0] += 1
            times.append(time.perf_counter() - began)
            sizes.append(len(body))
        except (OSError, http.client.HTTPException):
            errors[0] += 1
            connection.close()
        number += 1


def cpu(pids) -> float:
    """Return the CPU seconds these processes and their ended children have used."""
    return sum(each_cpu(pids).values())


def each_cpu(pids) -> dict[int, float]:
    found = {}
    for pid in pids:
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        found[pid] = sum(map(int, fields[11:15])) / TICK
    return found


def postgres_cpu_since(before: dict[int, float]) -> float:
    """Return what the database spent since `each_cpu(postgres())` was `before`; what ended meanwhile is not known."""
    return sum(used - before.get(pid, 0) for pid, used in each_cpu(postgres()).items())


def family(pid: int) -> list[int]:
    """Return a process and all its descendants."""
    children: dict[int, list[int]] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        children.setdefault(int(fields[1]), []).append(int(path.parent.name))
    found, open_ = [], [pid]
    while open_:
        found.append(open_[-1])
        open_ = open_[:-1] + children.get(open_[-1], [])
    return found


def postgres() -> list[int]:
    """Return the database server's processes that serve this run's database; none where it is SQLite."""
    found: list[int] = []
    name = os.environ.get("DATABASE_URL", "").rpartition("/")[2]
    for path in Path("/proc").glob("[0-9]*/cmdline") if name else ():
        try:
            title = path.read_text().split("\0")[0]
        except OSError:
            continue
        if title.startswith("postgres:") and f" {name} " in title:
            found.append(int(path.parent.name))
    return found


def memory(pids) -> int:
    """Return the proportional set size of these processes in MB."""
    total = 0
    for pid in pids:
        try:
            rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
        except OSError:
            continue
        total += sum(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))
    return total // 1024
