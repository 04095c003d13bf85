"""What a search of the photo list costs: ten words among a hundred thousand photos, rare, frequent and none.

    .venv/bin/python -m bench.photo_search [--photos 100000] [--rounds 10]

The photos go into a fresh SQLite database, or into an empty one that DATABASE_URL names. Printed are medians of the
CPU a page of the picker took, PostgreSQL's too, of the time of its statements, and their number; at the end PostgreSQL's
plan of the words' own statement.
"""

import argparse
import os
import random
import statistics
import tempfile
import time

from .finding import _asked, _ready

ASKED = {
    "nothing": "",
    "1 frequent": "premiere",
    "10 frequent": "word1 word2 word3 word4 word5 arrives at the premiere lena",
    "10 rare": "word4001 word4002 word4003 word4004 word4005 word4006 word4007 word4008 word4009 word4010",
    "10, one found": "word1 word2 word3 arrives at the premiere lena 2025 onlyhere",
    "a name reversed": "vale, lena premiere 2025",
    "a job's id": "JOB77050000",
    "two slips": "leena premeire",
}
PLACE = "/admin/picker/"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.photo_search", description=__doc__.split("\n", 1)[0])
    parser.add_argument("--photos", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=10)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"VAR_DIR": folder, "DJANGO_SETTINGS_MODULE": "bench.settings"}
        client = _ready()
        began = time.process_time()
        _fill(options.photos)
        print(f"{options.photos} photos written and read in {time.process_time() - began:.0f} s of CPU")
        print(f"{'':16}{'CPU ms':>10}{'in SQL ms':>12}{'SQL':>6}")
        for name, words in ASKED.items():
            figures = [_asked(client, words, PLACE) for _ in range(options.rounds + 1)][1:]
            cpu, sql, count = (statistics.median(each[which] for each in figures) for which in range(3))
            print(f"{name:16}{cpu * 1000:>10.0f}{sql * 1000:>12.0f}{count:>6.0f}")
        _explain(ASKED["10 frequent"])


def _fill(count: int) -> None:
    """Write photos with captions of thirty words, as frequent as words are, and read them as the worker does."""
    from datetime import datetime, timedelta

    from django.db import connection
    from django.utils import timezone

    from articles.models import Appearance, Person
    from media.models import Agency, Caption, Photo, PhotoCredit, Site
    from media.photos import finding

    Site.objects.create(name="Bench", is_default=True, url_template="https://www.example.com{path}")
    vocabulary, now = Agency.objects.vocabulary(), timezone.now()
    people = [Person.objects.create(name=name, slug=name.lower().replace(" ", "-")) for name in _names()]
    credits = [PhotoCredit.objects.read(f"{name}/{house}", vocabulary)
               for name in ("Petra Lindqvist", "Bo Ray", "Ida Brandt") for house in ("Getty Images", "AP", "Reuters")]  # fmt: skip
    chance = random.Random(1)
    words = [f"word{number}" for number in range(20_000)]
    weights = [1 / (number + 1) for number in range(len(words))]
    for start in range(0, count, 1000):
        photos, captions, shown = [], [], []
        for number in range(start, min(start + 1000, count)):
            at: datetime = now - timedelta(minutes=10 * (count - number))
            person = chance.choice(people)
            some = " ".join(chance.choices(words, weights, k=25))
            last = " onlyhere word1 word2 word3 lena 2025" if number == count // 2 else ""
            photo = Photo(
                state="ready", width=1400, height=1000, kind="agency", credit=chance.choice(credits), taken_at=at, created_at=at,
                event=f"Premiere {number % 400}", city="Los Angeles", country="United States", keywords=["red carpet", "gown"],
                job_id=f"JOB77{number:06d}", supplier_image_id=f"SUP-{number}", original_name=f"GettyImages-{number:08d}.jpg",
            )  # fmt: skip
            photos.append(photo)
            captions.append(Caption(photo=photo, kind="house", text=f"{person} arrives at the premiere. {some}{last}"))
            shown.append(Appearance(photo=photo, person=person))
        Photo.objects.bulk_create(photos)
        Caption.objects.bulk_create(captions)
        Appearance.objects.bulk_create(shown)
        finding.note(Photo.objects.filter(pk__in=[photo.pk for photo in photos]))
        while finding.read_some(Photo.objects, 1000):
            pass
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _names() -> list[str]:
    return [
        f"{first} {last}"
        for first in ("Lena", "Tomas", "Ilse", "Zoe")
        for last in ("Vale", "Iriarte", "Quandt", *_letters())
    ]


def _letters() -> list[str]:
    return [f"Family{letter}{other}" for letter in "abcdefghij" for other in "abcdefghij"]


def _explain(words: str) -> None:
    from django.db import connection

    from media.photos.finding import asked
    from media.words.match import tsquery

    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute("SET enable_seqscan = off")
        statement = """EXPLAIN ANALYZE SELECT found.photo_id FROM media_photowords found
            WHERE found.vector @@ to_tsquery('marquee_photos', %s) ORDER BY found.key + 0 DESC LIMIT 10000"""
        cursor.execute(statement, [tsquery(asked(words))])
        print("\n".join(line for (line,) in cursor.fetchall()))


if __name__ == "__main__":
    main()
