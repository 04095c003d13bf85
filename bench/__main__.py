"""Builds the data, serves it by the production command beside the yardsticks, measures, prints and keeps the figures."""

import argparse
import http.client
import json
import os
import statistics
import subprocess
import sys
import time
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

HERE = Path(__file__).resolve().parent
MARQUEE_PORT, YARDSTICK_PORT = 8971, 8972


def main() -> None:
    options = _arguments()
    use(options.database, options.articles)
    import django

    django.setup()
    from django.core.management import call_command

    from . import copies

    call_command("migrate", verbosity=0)
    began = time.perf_counter()
    copies.grow(options.articles)
    print(f"{options.articles:,} articles stand after {time.perf_counter() - began:.0f} s")
    if options.build_only:
        return
    asked = workloads(options.articles)
    _keep_answers(asked)
    figures = _measure(options, asked)
    _print(figures)
    path = HERE / "results" / f"{options.database}-{options.articles}.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(
        json.dumps({"at": datetime.now(UTC).isoformat(), "articles": options.articles, "figures": figures}, indent=1)
    )
    _plot(options.database)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench")
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--database", choices=["sqlite", "postgres"], default="sqlite")
    parser.add_argument("--duration", type=float, default=4, help="seconds for each measurement")
    parser.add_argument("--rounds", type=int, default=5, help="interleaved rounds; the median counts")
    parser.add_argument("--readers", type=int, nargs="+", default=[1], help="concurrency, such as 1 8 32")
    parser.add_argument("--build-only", action="store_true")
    return parser.parse_args()


def use(database: str, articles: int) -> None:
    folder = HERE / "data" / f"{database}-{articles}"
    os.environ["VAR_DIR"] = str(folder)
    if database == "postgres":
        name = f"marquee_bench_{articles}"
        subprocess.run(["createdb", name], stderr=subprocess.DEVNULL, check=False)
        os.environ["DATABASE_URL"] = f"postgres:///{name}"
    else:
        os.environ.pop("DATABASE_URL", None)
    os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"


def workloads(articles: int) -> dict[str, list[str]]:
    """Return what readers ask for: name -> paths. The deep list begins nine tenths in."""
    from articles.api.cursors import Place, write_cursor
    from articles.models import LiveDocument

    step = max(articles // 50, 1)
    details = [f"/api/v1/articles/story-{number}/" for number in range(0, articles, step)]
    deep = LiveDocument.objects.filter(slug=f"story-{articles // 10}").get()
    cursor = write_cursor(Place(deep.published_at, deep.article_id))
    return {
        "list": ["/api/v1/articles/"],
        "by person": ["/api/v1/articles/?person=person-0"],
        "by person and section": ["/api/v1/articles/?person=person-0&section=section-3"],
        "deep list": [f"/api/v1/articles/?cursor={cursor}"],
        "detail": details,
        "304": details[:1],
        "search": ["/api/v1/search/?q=season+premiere"],
    }


def _keep_answers(asked: dict[str, list[str]]) -> None:
    """Keep one answer of each workload for the constant view, so that both send the same bytes."""
    folder = Path(os.environ["VAR_DIR"]) / "bench-answers"
    folder.mkdir(exist_ok=True, parents=True)
    with server(MARQUEE_PORT, production()):
        for name, paths in asked.items():
            status, _, body = _get(MARQUEE_PORT, paths[0])
            if status != 200:
                raise SystemExit(f"{paths[0]} answers {status}: {body[:300]!r}")
            (folder / _file(name)).write_bytes(b"" if name == "304" else body)


def _measure(options, asked) -> list[dict]:
    from . import load

    figures = []
    with server(MARQUEE_PORT, production()) as ours, server(YARDSTICK_PORT, _bare(), BENCH_BARE="1") as bare:
        for readers in options.readers:
            for name, paths in asked.items():
                headers = {"If-None-Match": _get(MARQUEE_PORT, paths[0])[1]["ETag"]} if name == "304" else {}
                series = {"marquee": (MARQUEE_PORT, paths, ours, headers)}
                series["constant"] = (YARDSTICK_PORT, [f"/yardstick/constant/{_file(name)}"], bare, {})
                if name in ("list", "detail"):
                    series["plain DRF"] = (
                        YARDSTICK_PORT,
                        [path.replace("/api/v1", "/yardstick/drf") for path in paths],
                        bare,
                        {},
                    )
                if name == "detail":
                    series["stored row"] = (
                        YARDSTICK_PORT,
                        [path.replace("/api/v1/articles", "/yardstick/row").rstrip("/") for path in paths],
                        bare,
                        {},
                    )
                figures += _compare(load, name, readers, series, options)
        figures.append({"workload": "memory", "series": "marquee", "mb": load.memory(load.family(ours))})
    return figures


def _compare(load, name, readers, series, options) -> list[dict]:
    """Measure all series of one workload in interleaved rounds; the median of each counts."""
    rounds = {kind: [] for kind in series}
    for _ in range(options.rounds):
        for kind, (port, paths, pid, headers) in series.items():
            pids = load.family(pid)
            rounds[kind].append(
                load.measure(port, paths, seconds=options.duration, readers=readers, pids=pids, headers=headers)
            )
    yardstick = statistics.median(result.cpu_ms for result in rounds["constant"])
    return [
        {
            "workload": name, "readers": readers, "series": kind,
            "cpu_ms": round(statistics.median(each.cpu_ms for each in results), 3),
            "database_ms": round(statistics.median(each.database_ms for each in results), 3),
            "ratio": round(statistics.median(each.cpu_ms for each in results) / yardstick, 2),
            "p50": round(statistics.median(each.p50 for each in results), 2),
            "p99": round(statistics.median(each.p99 for each in results), 2),
            "bytes": results[0].bytes, "errors": sum(each.errors for each in results),
        }
        for kind, results in rounds.items()
    ]  # fmt: skip


def production() -> list[str]:
    """Return the documented production command, on the bench's port."""
    from cms.serving import command

    return [sys.executable, *command(host="127.0.0.1", port=MARQUEE_PORT)]


def _bare() -> list[str]:
    return [
        sys.executable,
        "-m",
        "gunicorn",
        "cms.wsgi",
        "--bind",
        f"127.0.0.1:{YARDSTICK_PORT}",
        "--workers",
        "2",
        "--no-control-socket",
    ]


@contextmanager
def server(port: int, command: list[str], **environment):
    process = subprocess.Popen(command, env=os.environ | environment, cwd=HERE.parent, stderr=subprocess.DEVNULL)
    try:
        until = time.monotonic() + 90
        while not _answers(port):
            if time.monotonic() > until or process.poll() is not None:
                raise SystemExit(f"{' '.join(command)} does not answer on port {port}.")
            time.sleep(0.1)
        time.sleep(1)
        yield process.pid
    finally:
        process.terminate()
        process.wait()


def _answers(port: int) -> bool:
    try:
        return bool(_get(port, "/healthz"))
    except OSError:
        return False


def _get(port: int, path: str):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("GET", path)
    response = connection.getresponse()
    found = response.status, response.headers, response.read()
    connection.close()
    return found


def _file(name: str) -> str:
    return name.replace(" ", "-") + ".json"


def _print(figures: list[dict]) -> None:
    print(
        f"{'workload':24}{'readers':>8}{'series':>12}{'CPU ms':>9}{'of it DB':>9}{'ratio':>7}{'p50':>8}{'p99':>8}{'bytes':>8}{'errors':>7}"
    )
    for row in figures:
        if row["workload"] == "memory":
            print(f"memory: {row['mb']} MB")
            continue
        print(
            f"{row['workload']:24}{row['readers']:8}{row['series']:>12}{row['cpu_ms']:9.2f}{row['database_ms']:9.2f}{row['ratio']:7.2f}"
            f"{row['p50']:8.1f}{row['p99']:8.1f}{row['bytes']:8}{row['errors']:7}"
        )


def _plot(database: str) -> None:
    """Draw cost against the number of articles from all results kept so far."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    points: dict[str, list[tuple[int, float]]] = {}
    for path in sorted((HERE / "results").glob(f"{database}-*.json")):
        result = json.loads(path.read_text())
        for row in result["figures"]:
            if row["series"] == "marquee" and row.get("readers") == 1:
                points.setdefault(row["workload"], []).append((result["articles"], row["cpu_ms"]))
    figure, axes = pyplot.subplots(figsize=(8, 5))
    for name, values in points.items():
        axes.plot(*zip(*sorted(values), strict=True), marker="o", label=name)
    axes.set(
        xscale="log", xlabel="articles", ylabel="CPU ms per request", title=f"Marquee on {database}", ylim=(0, None)
    )
    axes.legend(fontsize=8)
    figure.savefig(HERE / "results" / f"{database}.png", dpi=110)


if __name__ == "__main__":
    main()
