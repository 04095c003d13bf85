"""What a search of the stories' list costs: ten words among a hundred thousand working copies, rare, frequent and none.

    .venv/bin/python -m bench.finding [--stories 100000] [--rounds 15]

The stories go into a fresh SQLite database, or into an empty one that DATABASE_URL names. Printed are medians of the
CPU it took, PostgreSQL's too, of the time its statements took, and their number.
"""

import argparse
import os
import random
import statistics
import tempfile
import time
from pathlib import Path

ASKED = {
    "nothing": "",
    "1 frequent": "evening",
    "10 frequent": "word1 word2 word3 word4 word5 the and of in evening",
    "a thousand ends": "evening the and of in word1 word2 word3 word4 word5",
    "10 rare": "word4001 word4002 word4003 word4004 word4005 word4006 word4007 word4008 word4009 word4010",
    "10, one found": "word1 word2 word3 word4 the and of in evening onlyhere",
    "a slip": "evenign premeire",
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.finding", description=__doc__.split("\n", 1)[0])
    parser.add_argument("--stories", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=15)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"VAR_DIR": folder, "DJANGO_SETTINGS_MODULE": "bench.settings"}
        client = _ready()
        began = time.process_time()
        _fill(options.stories)
        print(f"{options.stories} stories written and read in {time.process_time() - began:.0f} s of CPU")
        print(f"{'':16}{'CPU ms':>10}{'in SQL ms':>12}{'SQL':>6}")
        for name, words in ASKED.items():
            figures = [_asked(client, words) for _ in range(options.rounds + 1)][1:]
            cpu, sql, count = (statistics.median(each[which] for each in figures) for which in range(3))
            print(f"{name:16}{cpu * 1000:>10.0f}{sql * 1000:>12.0f}{count:>6.0f}")


def _ready():
    import django

    django.setup()
    from django.contrib.auth import get_user_model
    from django.core.management import call_command
    from django.test import Client

    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(get_user_model().objects.create_superuser(f"finder {time.time()}"))
    return client


def _fill(count: int) -> None:
    """Write stories of 300 words each, as frequent as words are."""
    from django.db import connection, transaction

    from articles.models import Article, Section
    from articles.stories import finding
    from media.models import Site

    site = Site.objects.create(name="Bench", is_default=True, url_template="https://www.example.com{path}")
    section = Section.objects.create(name="Film", site=site)
    chance = random.Random(1)
    ordinary = ["evening", "the", "and", "of", "in"]
    words = [f"word{number}" for number in range(20_000)]
    weights = [1 / (number + 1) for number in range(len(words))]
    for start in range(0, count, 1000):
        stories = []
        for number in range(start, min(start + 1000, count)):
            some = " ".join(chance.choices(words, weights, k=280) + ordinary * 4)
            last = " onlyhere word1 word2 word3 word4" if number == count // 2 else ""
            stories.append(Article(
                headline=f"An evening, {number}", slug=f"evening-{number}", site=site, section=section, body=f"<p>{some}{last}</p>", revision=1,
            ))  # fmt: skip
        with transaction.atomic():
            Article.objects.bulk_create(stories)
            finding.read(stories)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _asked(client, words: str, address: str = "/admin/articles/article/") -> tuple[float, float, int]:
    """Return the CPU seconds of a page of the list, the seconds of its statements and their number."""
    from django.db import connection

    took = []

    def noted(execute, sql, params, many, context):
        began = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            took.append(time.perf_counter() - began)

    began = time.process_time() + _cpu_of_server()
    with connection.execute_wrapper(noted):
        page = client.get(address, {"q": words})
    if page.status_code != 200:
        raise SystemExit(f"{address} answered {page.status_code}.")
    return time.process_time() + _cpu_of_server() - began, sum(took), len(took)


def _cpu_of_server() -> float:
    """Return the CPU seconds of the process that PostgreSQL answers us with, on this machine."""
    from django.db import connection

    if connection.vendor != "postgresql":
        return 0.0
    connection.ensure_connection()
    user, system = Path(f"/proc/{connection.connection.info.backend_pid}/stat").read_text().split()[13:15]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()
