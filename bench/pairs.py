"""Whether reads cost what they did at another commit: `python -m bench.pairs 0a1b2c3 [--database postgres]`.

Both commits build the same stories with their own code in folders of their own. Then one process of each asks the same
reads in turn, pair after pair, on the same machine within the same seconds; what counts is the CPU of the process in
each pair, this commit's over the other's. A difference within the spread of the pairs is none.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
READS = """
import json, sys, time
import django
django.setup()
from django.core.management import call_command
from bench import copies
call_command("migrate", verbosity=0)
copies.grow({articles})
from django.test import Client
client = Client(SERVER_NAME="127.0.0.1")
PATHS = {{
    "list": ("/api/v1/articles/", {{}}), "by person": ("/api/v1/articles/?person=person-0", {{}}),
    "detail": ("/api/v1/articles/story-7/", {{}}), "search": ("/api/v1/search/?q=season+premiere", {{}}),
}}
first = client.get("/api/v1/articles/story-7/")
assert first.status_code == 200, first.content
known = first.headers["ETag"]
PATHS["304"] = ("/api/v1/articles/story-7/", {{"If-None-Match": known}})
print("ready", flush=True)
for line in sys.stdin:
    figures = {{}}
    for name, (path, headers) in PATHS.items():
        began = time.process_time()
        for _ in range({requests}):
            answer = client.get(path, headers=headers)
        figures[name] = (time.process_time() - began) / {requests} * 1000
        assert answer.status_code == (304 if headers else 200), answer.content
    print(json.dumps(figures), flush=True)
"""


def main() -> None:
    options = _arguments()
    pairs = list(_pairs(options))
    for name in pairs[0][0]:
        ratios = sorted(after[name] / before[name] for before, after in pairs)
        middle, low, high = statistics.median(ratios), ratios[len(ratios) // 10], ratios[-1 - len(ratios) // 10]
        cost = statistics.median(after[name] for _, after in pairs)
        print(f"{name:10} {cost:6.2f} ms  {middle:5.3f} of before  ({low:5.3f} to {high:5.3f} in 8 of 10 pairs)")


def _pairs(options: argparse.Namespace):
    with (
        tempfile.TemporaryDirectory() as folder,
        _checkout(options.commit, Path(folder) / "before") as before,
        _house(before, options) as old,
        _house(ROOT, options) as new,
    ):
        for _ in range(options.pairs):
            yield _asked(old), _asked(new)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.pairs", description=__doc__.split("\n")[0])
    parser.add_argument("commit")
    parser.add_argument("--database", choices=["sqlite", "postgres"], default="sqlite")
    parser.add_argument("--articles", type=int, default=1_000)
    parser.add_argument("--pairs", type=int, default=15)
    parser.add_argument("--requests", type=int, default=100)
    return parser.parse_args()


@contextmanager
def _checkout(commit: str, place: Path):
    subprocess.run(["git", "worktree", "add", "-q", "--detach", str(place), commit], cwd=ROOT, check=True)
    try:
        yield place
    finally:
        subprocess.run(["git", "worktree", "remove", "--force", str(place)], cwd=ROOT, check=True)


@contextmanager
def _house(tree: Path, options: argparse.Namespace):
    """Lend a side that has built its stories and waits to be asked; what it built is gone afterwards."""
    name = f"marquee_pairs_{os.getpid()}_{tree.name}"
    with tempfile.TemporaryDirectory() as folder:
        env = os.environ | {"VAR_DIR": folder, "DJANGO_SETTINGS_MODULE": "bench.settings", "LOG_LEVEL": "ERROR"}
        env["SEARCH_RATE"] = "100000/min"
        env["DATABASE_URL"] = f"postgres:///{name}" if options.database == "postgres" else ""
        if options.database == "postgres":
            subprocess.run(["createdb", name], check=True)
        code = READS.format(articles=options.articles, requests=options.requests)
        side = subprocess.Popen(
            [sys.executable, "-c", code], cwd=tree, env=env, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        try:
            if not any(line == "ready\n" for line in side.stdout):
                raise SystemExit(f"{tree} could not be asked.")
            yield side
        finally:
            side.kill()
            side.wait()
            if options.database == "postgres":
                subprocess.run(["dropdb", "--force", name], check=True)


def _asked(side: subprocess.Popen) -> dict[str, float]:
    side.stdin.write("go\n")
    side.stdin.flush()
    return json.loads(side.stdout.readline())


if __name__ == "__main__":
    main()
