"""What writing costs: `python -m bench.writing SUBJECT --articles N`, one subject of those below, on a data set of the bench.

Every figure is given as wall time, CPU of this process and its children, and CPU of the database: where other work runs
on the machine, only the CPU compares. What a subject changes in the data set it changes back, or says so.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

from .load import each_cpu, family, memory, postgres, postgres_cpu_since


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.writing")
    parser.add_argument("subject", choices=sorted(SUBJECTS))
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--database", choices=["sqlite", "postgres"], default="postgres")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--documents", type=int, default=50_000, help="live articles a correction shall touch")
    options = parser.parse_args()
    from .__main__ import use

    use(options.database, options.articles)
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    print(f"{options.subject}: {options.articles:,} articles on {options.database}")
    SUBJECTS[options.subject](options)


class Spent:
    """What some work took: seconds of wall clock, of our processes and of the database; megabytes at most."""

    wall = own = database = 0.0
    peak = 0

    def __str__(self) -> str:
        return f"{self.wall:.2f} s wall; CPU {self.own:.2f} s ours, {self.database:.2f} s database"


@contextmanager
def spent():
    """Measure a stretch; what other sessions do to the same database at that time is counted too."""
    found = Spent()
    began, own, database = time.perf_counter(), _own(), each_cpu(postgres())
    yield found
    found.wall, found.own = time.perf_counter() - began, _own() - own
    found.database = postgres_cpu_since(database)


def _own() -> float:
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


# Subjects


def bulk_import(options) -> None:
    """Import that many stories from JSON lines into a database of their own, by the documented command."""
    name = "marquee_bench_import"
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {"VAR_DIR": folder}
        if options.database == "postgres":
            subprocess.run(["dropdb", "--if-exists", name], check=True)
            subprocess.run(["createdb", name], check=True)
            os.environ["DATABASE_URL"] = environment["DATABASE_URL"] = f"postgres:///{name}"
        lines = Path(folder) / "archive.jsonl"
        _child(environment, "from django.core.management import call_command; call_command('migrate', verbosity=0)"
                            "; from bench import dataset; dataset.Rows()")  # fmt: skip
        _child(environment, f"from bench import dataset; dataset.write_lines({str(lines)!r}, {options.articles})")
        began = time.perf_counter()
        report = _watched(["import_archive", str(lines), "--workers", str(options.workers)], environment)
        _rate(options.articles, time.perf_counter() - began, report, "stories")
        if options.database == "postgres":
            subprocess.run(["dropdb", name], check=True)


def rebuild(options) -> None:
    """Build every document anew by the documented command; the bytes stay what they were."""
    began = time.perf_counter()
    report = _watched(["rebuild_live", "--all", "--restart", "--workers", str(options.workers)], dict(os.environ))
    _rate(options.articles, time.perf_counter() - began, report, "documents")


def publish(options, times: int = 40) -> None:
    """Publish an update of so many stories, each changed and published as the editor does."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from articles.models import Article

    step = max(options.articles // (times + 5), 1)
    stories = [Article.objects.get(slug=f"story-{n * step}") for n in range(times + 5)]
    walls, owns, databases = [], [], []
    for number, story in enumerate(stories):
        story.standfirst = f"{story.standfirst} Updated {time.time_ns()}."
        story.save()
        with spent() as found, CaptureQueriesContext(connection) if number == 0 else _nothing() as queries:
            story.publish()
        if number == 0:
            print(f"{len(queries)} statements")
        if number >= 5:
            walls, owns, databases = [*walls, found.wall], [*owns, found.own], [*databases, found.database]
    print(f"one publication, median (and 95 %) of {times}: " + ", ".join(
        f"{name} {statistics.median(values) * 1000:.0f} ms ({sorted(values)[int(times * 0.95)] * 1000:.0f})"
        for name, values in (("wall", walls), ("our CPU", owns), ("database CPU", databases))
    ))  # fmt: skip


@contextmanager
def _nothing():
    yield []


def correct(options) -> None:
    """Correct the name of an agency shown in so many live articles, by the verb, and put it right again."""
    with _wide_agency(options.documents) as (agency, documents):
        for name in ("Corrected Agency", agency.name):
            agency.name = name
            with spent() as found:
                agency.save()
            print(f"{documents:,} live articles show the new name after {found}")


def desk(options) -> None:
    """Correct an agency's name in the admin with 10,000 live articles, then read: nobody sees the old one."""
    from django.urls import reverse

    from articles.models import DocumentPhoto, LiveDocument

    client = _editor()
    with _wide_agency(10_000) as (agency, documents):
        address, old = reverse("admin:media_agency_change", args=[agency.pk]), agency.name
        with spent() as found:
            page = client.get(address)
        assert page.status_code == 200
        print(f"the form, saying how far it reaches ({documents:,} live articles): {found}")
        fields = _fields(page.context["adminform"].form, page.context["inline_admin_formsets"])
        slugs = list(LiveDocument.objects.filter(
            pk__in=DocumentPhoto.objects.filter(photo__credit__agencies=agency).order_by("-published_at").values("document")[:200]
        ).values_list("slug", flat=True))  # fmt: skip
        with spent() as found:
            answer = client.post(address, fields | {"name": "Corrected Agency"})
        assert answer.status_code == 302, [
            answer.context["errors"],
            *(each.formset.errors for each in answer.context["inline_admin_formsets"]),
        ]
        print(f"the admin answers: {found}")
        pages = [client.get(f"/api/v1/articles/{slug}/") for slug in slugs[:50]]
        pages.append(client.get("/api/v1/articles/?page_size=50"))
        shown = [(old in page.content.decode(), "Corrected Agency" in page.content.decode()) for page in pages]
        print(
            f"{len(pages)} reads at once afterwards: {sum(was for was, _ in shown)} with the old name, {sum(new for _, new in shown)} with the new"
        )
        agency.save()


def admin(options) -> None:
    """Open every list of the admin, its first and its second page."""
    from django.contrib import admin as site

    client = _editor()
    rows = []
    for model, registered in sorted(site.site._registry.items(), key=lambda pair: str(pair[0]._meta)):
        if not registered.has_view_permission(_request(client)):
            continue
        address = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        for query in ("", "?p=2"):
            with spent() as found:
                status = client.get(address + query).status_code
            rows.append((found.wall, status, address + query, found))
    for _, status, address, found in sorted(rows, reverse=True, key=lambda row: row[0])[:25]:
        print(f"{status} {address:48} {found}")


def due(options) -> None:
    """Schedule so many stories for one second, see all of them in the API at that second, and let the worker tell."""
    from datetime import timedelta

    from django.utils import timezone

    from articles.live import announce
    from articles.models import Delivery, Endpoint, LiveDocument

    from . import dataset

    Endpoint.objects.get_or_create(name="bench", defaults={"url": "http://127.0.0.1:9/"})
    moment = timezone.now() + timedelta(days=400)
    with spent() as found:
        dataset.schedule(options.articles, moment)
    print(f"{options.articles:,} stories scheduled: {found}")
    before = LiveDocument.objects.live(moment - timedelta(seconds=1)).filter(published_at=moment).count()
    at = LiveDocument.objects.live(moment).filter(published_at=moment).count()
    print(f"a second before: {before} of them live; at the second: {at}")
    with spent() as found:
        told = 0
        while count := announce.begin_due(moment):
            told += count
    print(
        f"{told:,} announcements cleared at {told / found.wall:.0f} a second ({told / (found.own + found.database):.0f} per CPU second): {found}"
    )
    print(
        f"{Delivery.objects.count():,} deliveries wait; {LiveDocument.objects.unannounced(moment).count()} beginnings untold"
    )


def deaf(options) -> None:
    """Measure an idle worker, then the same one with so many deliveries to a receiver that is gone, in turn, twice each.

    Once each is about a story of its own, once all are about the same; in a database of its own.
    """
    name = "marquee_bench_deaf"
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {"VAR_DIR": folder, "WEBHOOK_ALLOW_PRIVATE": "true", "LOG_LEVEL": "ERROR"}
        environment.pop("DATABASE_URL", None)
        if options.database == "postgres":
            subprocess.run(["dropdb", "--if-exists", name], check=True)
            subprocess.run(["createdb", name], check=True)
            os.environ["DATABASE_URL"] = environment["DATABASE_URL"] = f"postgres:///{name}"
        _child(environment, "from django.core.management import call_command; call_command('migrate', verbosity=0)")
        for stories in (options.documents, 1):
            _child(
                environment, f"from bench import dataset; dataset.deliveries_to_nobody({options.documents}, {stories})"
            )
            shares = {is_on: [] for is_on in (False, True)}
            for is_on in (False, True) * 2:
                _child(environment, f"from bench import dataset; dataset.switch_nobody(on={is_on})")
                shares[is_on].append(_share_of_a_core(environment))
            idle, dead = (statistics.mean(shares[is_on]) for is_on in (False, True))
            print(
                f"{options.documents:,} deliveries about {stories:,} stories: idle {idle:.2%} of a core, with a deaf receiver"
                f" {dead:.2%}, {dead / idle:.2f} times as much"
            )


def _share_of_a_core(environment: dict, seconds: int = 40) -> float:
    """Run a worker and return what it and its database spend of a core, from its tenth second on."""
    worker = subprocess.Popen([sys.executable, "manage.py", "worker"], env=environment, stdout=subprocess.DEVNULL)
    try:
        time.sleep(10)
        before = each_cpu([*family(worker.pid), *postgres()])
        time.sleep(seconds)
        after = each_cpu([*family(worker.pid), *postgres()])
        return sum(used - before.get(pid, 0) for pid, used in after.items()) / seconds
    finally:
        worker.terminate()
        worker.wait()


SUBJECTS = {
    "import": bulk_import, "rebuild": rebuild, "publish": publish, "correct": correct, "desk": desk, "admin": admin, "due": due,
    "deaf": deaf,
}  # fmt: skip


# Steps


def _child(environment: dict, statement: str) -> None:
    subprocess.run([sys.executable, "-c", f"import django; django.setup(); {statement}"], env=environment, check=True)


def _watched(command: list[str], environment: dict) -> dict:
    """Run a command of manage.py; return its CPU, the database's, and its memory at most."""
    own = os.times()
    before, seen, peak = each_cpu(postgres()), {}, 0
    process = subprocess.Popen([sys.executable, "manage.py", *command], env=environment, stdout=subprocess.DEVNULL)
    while process.poll() is None:
        # A backend that has ended cannot be asked any more: its last figure counts.
        seen |= each_cpu(postgres())
        peak = max(peak, memory(family(process.pid)))
        time.sleep(0.5)
    if process.returncode:
        raise SystemExit(f"{command[0]} failed.")
    done = os.times()
    spent_here = done.children_user + done.children_system - own.children_user - own.children_system
    return {"own": spent_here, "database": sum(used - before.get(pid, 0) for pid, used in seen.items()), "peak": peak}


def _rate(count: int, wall: float, report: dict, noun: str) -> None:
    seconds = report["own"] + report["database"]
    print(
        f"{count / wall:.0f} {noun} a second of wall clock; {count / seconds:.0f} per CPU second of one core"
        f" ({report['own'] / count * 1000:.2f} ms ours, {report['database'] / count * 1000:.2f} ms database each);"
        f" {report['peak']} MB at most"
    )


@contextmanager
def _wide_agency(documents: int):
    """Give an agency of its own to as many credits as it takes to stand in so many live articles."""
    from articles.models import LiveDocument
    from media.models import Agency, CreditAgency, Photo, PhotoCredit

    agency = Agency.objects.filter(name="Bench Agency").first() or Agency.objects.create(
        name="Bench Agency", kind="agency"
    )
    links, reached = [], 0
    for credit in PhotoCredit.objects.filter(supplied_line__startswith="bench").order_by("pk"):
        if reached >= documents:
            break
        links.append(CreditAgency(credit=credit, agency=agency, position=9))
        if len(links) % 8 == 1 or reached > 0.8 * documents:
            keys = [link.credit.pk for link in links]
            reached = LiveDocument.objects.showing_photos(Photo.objects.filter(credit__in=keys)).count()
    CreditAgency.objects.bulk_create(links)
    try:
        yield agency, reached
    finally:
        CreditAgency.objects.filter(agency=agency).delete()
        Agency.objects.filter(pk=agency.pk).delete()


def _editor():
    from django.contrib.auth import get_user_model
    from django.core.management import call_command
    from django.test import Client
    from django.test.utils import setup_test_environment

    setup_test_environment()
    call_command("collectstatic", verbosity=0, interactive=False)
    user, _ = get_user_model().objects.get_or_create(
        username="bench", defaults={"is_staff": True, "is_superuser": True, "email": "bench@example.com"}
    )
    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(user)
    client.user = user
    client.get("/admin/")
    return client


def _request(client):
    from django.test import RequestFactory

    request = RequestFactory().get("/admin/")
    request.user = client.user
    return request


def _fields(form, formsets) -> dict:
    """Return what a browser would send of a change form that nobody has touched."""
    bound = [form, *(each.formset.management_form for each in formsets)]
    bound += [inner for each in formsets for inner in each.formset.initial_forms]
    found = {field.html_name: field.value() for one in bound for field in one}
    return {name: value for name, value in found.items() if value is not None and value is not False}


if __name__ == "__main__":
    main()
