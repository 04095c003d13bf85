"""What a writer waits for: a story of 60 blocks and 12 photos, opened and saved, beside stock pages of the same admin.

    .venv/bin/python -m bench.desk [--rounds 15]

Each round opens and saves the story and, as yardstick, opens and saves a tag by the stock admin; rounds interleave, so
that a busy machine is as busy for all. Printed are medians of CPU and wall time, SQL statements and the ratio.
"""

import argparse
import io
import os
import statistics
import tempfile
import time
from collections.abc import Callable

SECONDS = {"open": 1.0, "save": 0.7}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.desk", description=__doc__.split("\n", 1)[0])
    parser.add_argument("--rounds", type=int, default=15)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"VAR_DIR": folder, "DJANGO_SETTINGS_MODULE": "bench.settings"}
        os.environ.pop("DATABASE_URL", None)
        jobs = _jobs()
        for prepare, act in jobs.values():
            act(prepare())
        figures: dict[str, list[tuple[float, float]]] = {name: [] for name in jobs}
        for _ in range(options.rounds):
            for name, job in jobs.items():
                figures[name].append(_timed(*job))
        _print(figures, {name: _statements(*job) for name, job in jobs.items()})


def _jobs() -> dict[str, tuple[Callable, Callable]]:
    """Return by name what is prepared and what is timed with it, on a fresh database."""
    import django

    django.setup()
    from django.contrib.auth import get_user_model
    from django.core.management import call_command
    from django.test import Client
    from django.urls import reverse

    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    user = get_user_model().objects.create_superuser("writer", "writer@example.com", "x")
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(user)
    story, tag = _story(user)
    change, stock = (
        reverse(f"admin:articles_{noun}_change", args=[row.pk]) for noun, row in (("article", story), ("tag", tag))
    )
    renamed = {"slug": tag.slug, "_continue": "1"}
    return {
        "open": (dict, lambda _: _answered(client.get(change), 200)),
        "save": (lambda: _typed(story), lambda typed: _answered(client.post(change, typed), 302)),
        "stock open": (dict, lambda _: _answered(client.get(stock), 200)),
        "stock save": (
            lambda: renamed | {"name": f"Tag {time.time()}"},
            lambda typed: _answered(client.post(stock, typed), 302),
        ),
    }


def _answered(response, status: int) -> None:
    if response.status_code != status:
        raise SystemExit(f"The page answered {response.status_code}, not {status}: {response.content[:400]!r}")
    len(response.content)


def _story(user):
    """Return a story of 60 blocks, twelve of them photos, with all that a story names, and a tag."""
    from articles.models import Article, Author, Person, Section, Tag, Work
    from media.models import Agency, Caption, Photo, PhotoCredit, Site

    site = Site.objects.create(name="Bench", is_default=True, url_template="https://www.example.com{path}")
    section = Section.objects.create(name="Film", site=site)
    credit = PhotoCredit.objects.read("Photo by Petra Lindqvist/Getty Images", Agency.objects.vocabulary())
    photos = [_photo(Photo(kind="agency", credit=credit), number) for number in range(12)]
    Caption.objects.bulk_create(
        Caption(photo=each, kind="house", text="At the gala.", alt="A red dress.") for each in photos
    )
    blocks = [f"<p>Paragraph {number} of a long evening, with <strong>bold</strong> words.</p>" for number in range(48)]
    for number, photo in enumerate(photos):
        blocks.insert(number * 5, f'<figure data-photo="{photo.pk}" data-layout="wide"></figure>')
    story = Article(
        headline="A long evening", section=section, site=site, owner=user, lead_photo=photos[0], body="".join(blocks)
    )
    story.save()
    story.articleauthor_set.create(author=Author.objects.create(name="June Castellane"))
    for position in range(3):
        story.articleperson_set.create(person=Person.objects.create(name=f"Person {position}"), position=position)
    story.articlework_set.create(work=Work.objects.create(title="Night Ferry"))
    tags = [Tag.objects.create(name=f"Tag {number}") for number in range(5)]
    story.tags.set(tags)
    story.record(by=user)
    return story, tags[0]


def _photo(photo, number: int):
    """Store a photo with a file of its own."""
    from PIL import Image

    buffer = io.BytesIO()
    Image.new("RGB", (1400, 1000), (number * 20, 40, 90)).save(buffer, "JPEG")
    photo.save()
    photo.receive(buffer.getvalue(), name=f"{number}.jpg")
    return photo


def _typed(story) -> dict:
    """Return what a browser sends after one more sentence was typed: the story as it stands, changed."""
    story.refresh_from_db()
    return {
        "headline": story.headline, "standfirst": f"Saved at {time.time()}", "kind": story.kind, "slug": story.slug,
        "body": f"{story.body}<p>And a last word.</p>" if story.revision % 2 else story.body.removesuffix("<p>And a last word.</p>"),
        "lead_layout": story.lead_layout, "review_scale": 5, "site": story.site_id, "section": story.section_id,
        "based_on": story.revision, "owner": story.owner_id, "lead_photo": story.lead_photo_id, "_continue": "1",
        "writers": [link.author_id for link in story.articleauthor_set.all()],
        "main_people": [link.person_id for link in story.articleperson_set.all()],
        "about_works": [link.work_id for link in story.articlework_set.all()],
        "tags": [tag.pk for tag in story.tags.all()],
    }  # fmt: skip


def _timed(prepare: Callable, job: Callable) -> tuple[float, float]:
    """Return CPU and wall seconds."""
    given = prepare()
    cpu, wall = time.process_time(), time.perf_counter()
    job(given)
    return time.process_time() - cpu, time.perf_counter() - wall


def _statements(prepare: Callable, job: Callable) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    given = prepare()
    with CaptureQueriesContext(connection) as captured:
        job(given)
    ours = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")
    return sum(not each["sql"].startswith(ours) for each in captured)


def _print(figures: dict[str, list[tuple[float, float]]], statements: dict[str, int]) -> None:
    print(f"{'':12}{'CPU ms':>10}{'wall ms':>10}{'SQL':>6}")
    cpu = {name: statistics.median(each for each, _ in times) for name, times in figures.items()}
    wall = {name: statistics.median(each for _, each in times) for name, times in figures.items()}
    for name in figures:
        print(f"{name:12}{cpu[name] * 1000:>10.0f}{wall[name] * 1000:>10.0f}{statements[name]:>6}")
    for name, allowed in SECONDS.items():
        ratio = cpu[name] / cpu[f"stock {name}"]
        held = "within" if wall[name] < allowed else "OVER"
        print(f"{name}: {held} {allowed} s of wall time; {ratio:.1f}× the CPU of the stock admin's page")


if __name__ == "__main__":
    main()
