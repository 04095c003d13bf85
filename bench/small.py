"""What a small machine needs: `python -m bench.small` starts Marquee as `make run` does and prints figures as JSON.

Start-up is measured twice, because the first one loads the demo. `--box` puts everything on one core with 1 GB of
memory (by a control group where this user may make one) and lets readers ask for the demo meanwhile.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from urllib.request import urlopen

from . import load

HERE = Path(__file__).resolve().parent
PORT = 8973
CONTROL = Path("/sys/fs/cgroup")
BOX_MB = 1024


def main() -> None:
    options = _arguments()
    options.var.mkdir(parents=True, exist_ok=True)
    with _box(options.box) as group:
        figures: dict = {"core": "one" if options.box else "all", "memory": "1 GB" if group else "not limited"}
        server, figures["first_start"] = _start(options, group)
        _stop(server)
        server, figures["second_start"] = _start(options, group)
        try:
            time.sleep(options.idle)
            figures["idle_mb"] = _memory(server.pid)
            figures["readers"] = _read(server.pid, options)
            figures["read_mb"] = _memory(server.pid)
        finally:
            _stop(server)
        figures["box"] = _held(group)
    print(json.dumps(figures, indent=1))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.small")
    parser.add_argument("--var", type=Path, default=HERE / "data" / "small", help="where the demo is kept")
    parser.add_argument("--idle", type=float, default=10, help="seconds to wait before memory is read")
    parser.add_argument("--duration", type=float, default=10, help="seconds of readers")
    parser.add_argument("--readers", type=int, default=8)
    parser.add_argument("--box", action="store_true", help="one core, 1 GB")
    return parser.parse_args()


def _start(options, group: Path | None):
    """Start Marquee; return it, and seconds of clock and of CPU until it says that it runs and a reader is answered."""

    def enter():
        os.setsid()
        if options.box:
            os.sched_setaffinity(0, {0})
        if group:
            (group / "cgroup.procs").write_text(str(os.getpid()))

    env = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    began = time.perf_counter()
    server = subprocess.Popen(
        [sys.executable, "-m", "cms.launch", "--port", str(PORT)], cwd=HERE.parent, stdout=subprocess.PIPE,
        env=env | {"VAR_DIR": str(options.var)}, preexec_fn=enter,
    )  # fmt: skip
    for line in server.stdout:
        if b"Marquee is running" in line:
            break
    urlopen(f"http://127.0.0.1:{PORT}/api/v1/articles/").read()
    spent = load.cpu(load.family(server.pid))
    return server, {"seconds": round(time.perf_counter() - began, 2), "cpu_seconds": round(spent, 2)}


def _stop(server) -> None:
    server.send_signal(signal.SIGTERM)
    server.communicate()


def _memory(pid: int) -> dict:
    """Return the proportional set size of launcher, web server and worker, in MB."""
    names = {}
    for each in load.family(pid):
        words = Path(f"/proc/{each}/cmdline").read_bytes().decode().split("\0")
        names[f"{each} {' '.join(words)[:60]}"] = load.memory([each])
    return {"all": load.memory(load.family(pid)), "processes": sorted(names.values(), reverse=True)}


def _read(pid: int, options) -> dict:
    """Let readers ask for lists, articles, feeds and pictures of the demo."""
    found = json.loads(urlopen(f"http://127.0.0.1:{PORT}/api/v1/articles/?page_size=50").read())["results"]
    paths = ["/api/v1/articles/", "/api/v1/people/", "/feeds/rss.xml", "/sitemap.xml"]
    paths += [f"/api/v1/articles/{card['slug']}/" for card in found]
    paths += [
        card["lead"]["image"]["url_template"].format(crop="full", width=640, format="jpg")
        for card in found
        if card["lead"]
    ]
    return asdict(load.measure(PORT, paths, seconds=options.duration, readers=options.readers, pids=load.family(pid)))


@contextmanager
def _box(wanted: bool):
    """Give a control group with 1 GB of memory, of the first or second kind; None where there may be none."""
    memory = CONTROL if (CONTROL / "cgroup.controllers").exists() else CONTROL / "memory"
    group = memory / f"marquee-small-{os.getpid()}"
    limit = "memory.max" if memory == CONTROL else "memory.limit_in_bytes"
    try:
        if wanted:
            group.mkdir()
            (group / limit).write_text(str(BOX_MB << 20))
    except OSError:
        wanted = False
    try:
        yield group if wanted else None
    finally:
        if wanted:
            group.rmdir()


def _held(group: Path | None) -> dict:
    """Return the most memory the group ever held, page cache included, in MB, and how often it met its limit."""
    if group is None:
        return {}
    first = (group / "memory.failcnt").exists()
    most = int((group / ("memory.max_usage_in_bytes" if first else "memory.peak")).read_text()) >> 20
    events = group / ("memory.oom_control" if first else "memory.events")
    killed = [line.split()[1] for line in events.read_text().splitlines() if line.startswith("oom_kill ")]
    return {"most_mb": most, "killed": int(killed[0]) if killed else 0}


if __name__ == "__main__":
    main()
