"""Readers while the house works: `python -m bench.mixed --articles 10000 --database postgres`.

First a quiet run, then the same readers while five stories a second go live, credits are corrected and photos killed by
the verbs that the desk uses. Every answer is held against what was committed before it was asked for: an answer with an
earlier credit, or with a photo killed before, is stale, and there may be none.
"""

import argparse
import http.client
import json
import multiprocessing
import random
import statistics
import threading
import time
from collections import defaultdict
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from . import __main__ as bench

PUBLISHED_PER_SECOND, SECONDS_BETWEEN_CORRECTIONS, SECONDS_BETWEEN_KILLS = 5, 2.0, 3.0
MOST_DOCUMENTS = 500
WATCHED = 60
EDITORS = 3


class Facts:
    """What is committed: per story the credits as corrected last and the photos killed, with the clock's time of each."""

    def __init__(self):
        self.corrected: dict[str, list[tuple[float, str, str]]] = defaultdict(list)
        self.killed: dict[str, list[tuple[float, str]]] = defaultdict(list)

    def stale(self, slug: str, asked: float, shown: dict[str, str]) -> str | None:
        """Say which credits by photo an answer asked for at this time should not have shown, or None."""
        for at, photo in list(self.killed[slug]):
            if at < asked and photo in shown:
                return f"{slug} shows {photo}, killed {asked - at:.3f} s before"
        for photo, line in shown.items():
            lines = [(at, new) for at, about, new in list(self.corrected[slug]) if about == photo]
            before = [new for at, new in lines if at < asked]
            if before and line not in {before[-1], *(new for at, new in lines if at >= asked)}:
                return f"{slug} credits “{line}”, not “{before[-1]}”"
        return None


def credits_in(document: dict) -> dict[str, str]:
    blocks = (document["lead"], *document.get("body", ()))
    return {block["id"]: block["credit"]["line"] for block in blocks if block and block["type"] == "photo"}


class House:
    """The house at work until `stop` is set: editors in processes of their own, the photo desk in threads."""

    def __init__(self, facts: Facts, seed: int):
        self.facts, self.chance, self.stop = facts, random.Random(seed), multiprocessing.Event()
        self.done, self.seconds, self.errors = defaultdict(int), defaultdict(list), []
        self.told: multiprocessing.Queue = multiprocessing.Queue()
        self.new: multiprocessing.Queue = multiprocessing.Queue()

    def watched(self) -> list[str]:
        """Return the stories whose photos are about to change, and choose those photos."""
        from articles.models import DocumentPhoto, LiveDocument
        from media.models import Photo

        stories = LiveDocument.objects.filter(status=200).order_by("-published_at")[:WATCHED]
        self.slugs = {row.pk: row.slug for row in stories}
        photos = DocumentPhoto.objects.filter(document__in=self.slugs).values_list("photo", flat=True).distinct()
        self.photos = list(Photo.objects.filter(pk__in=list(photos), state="ready").select_related("credit"))
        return list(self.slugs.values())

    @contextmanager
    def working(self):
        from django.db import connections

        connections.close_all()
        pause = EDITORS / PUBLISHED_PER_SECOND
        workers = [multiprocessing.Process(target=self.edit, args=(number, pause)) for number in range(EDITORS)]
        for worker in workers:
            worker.start()
        duties = [(self.correct, SECONDS_BETWEEN_CORRECTIONS), (self.kill, SECONDS_BETWEEN_KILLS)]
        threads = [threading.Thread(target=self.repeat, args=duty) for duty in duties]
        for thread in threads:
            thread.start()
        yield
        self.stop.set()
        for _ in workers:
            done, seconds, errors = self.told.get()
            self.done["publish"] += done
            self.seconds["publish"] += seconds
            self.errors += errors
        for each in [*workers, *threads]:
            each.join()

    def edit(self, number: int, pause: float) -> None:
        self.chance = random.Random(time.time_ns() + number)
        self.repeat(self.publish, pause)
        self.told.put((self.done["publish"], self.seconds["publish"], self.errors))

    def repeat(self, duty, pause: float) -> None:
        from django.db import connection

        due = time.monotonic()
        while not self.stop.wait(max(0, due - time.monotonic())):
            due, began = due + pause, time.perf_counter()
            try:
                duty()
                self.done[duty.__name__] += 1
                self.seconds[duty.__name__].append(time.perf_counter() - began)
            except Exception as error:
                self.errors.append(f"{duty.__name__}: {error!r}")
        connection.close()

    def publish(self) -> None:
        """Publish one more story like one whose photos may all be shown still: the checklist refuses others."""
        from django.utils import timezone

        from articles.models import Article, DocumentPhoto

        killed = DocumentPhoto.objects.filter(photo__state="killed").values("document__article")
        slug = self.chance.choice(list(self.slugs.values()))
        likes = Article.objects.filter(slug__startswith="story").exclude(pk__in=killed).order_by("slug")
        like = likes.filter(slug__gte=slug).first() or likes.first()
        story = Article(
            site=like.site, section=like.section, headline=f"Breaking {time.monotonic_ns()}", body=like.body,
            standfirst=like.standfirst, lead_photo=None,
        )  # fmt: skip
        story.save()
        story.publish(now=timezone.now())
        self.new.put(story.slug)

    def correct(self) -> None:
        credit = self.chance.choice(self.photos).credit
        if not 0 < self.documents(credit=credit) <= MOST_DOCUMENTS:
            return
        credit.required_line = f"Photo by Correction {time.monotonic_ns()}/Bench"
        credit.save()
        self.note(
            {"photo__credit": credit},
            lambda slug, photo, at: self.facts.corrected[slug].append((at, photo, credit.required_line)),
        )

    def kill(self) -> None:
        photo = self.chance.choice(self.photos)
        if photo.state != "ready" or not 0 < self.documents(pk=photo.pk) <= MOST_DOCUMENTS:
            return
        photo.kill(by=None, reason="The bench asks for it.")
        self.note({"photo": photo}, lambda slug, key, at: self.facts.killed[slug].append((at, key)))

    def documents(self, **scope) -> int:
        from articles.models import DocumentPhoto
        from media.models import Photo

        return (
            DocumentPhoto.objects.filter(photo__in=Photo.objects.filter(**scope)).values("document").distinct().count()
        )

    def note(self, scope: dict, write) -> None:
        """Write down for every watched story what was committed, as of now: what is asked from now on must show it."""
        from articles.models import DocumentPhoto

        at = time.perf_counter()
        for document, photo in DocumentPhoto.objects.filter(**scope, document__in=self.slugs).values_list(
            "document", "photo"
        ):
            write(self.slugs[document], str(photo), at)


@dataclass
class Found:
    """What readers met: seconds per answer, what failed, and (slug, when asked, credits by photo) of watched stories."""

    times: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    seen: list[tuple[str, float, dict[str, str]]] = field(default_factory=list)

    def figures(self, facts: Facts) -> dict:
        ordered = sorted(self.times) or [0]
        return {
            "requests": len(self.times), "errors": len(self.errors), "stale": len(self.stale(facts)),
            "p50_ms": round(statistics.median(ordered) * 1000, 1),
            "p99_ms": round(ordered[int(len(ordered) * 0.99)] * 1000, 1),
        }  # fmt: skip

    def stale(self, facts: Facts) -> list[str]:
        return [said for each in self.seen if (said := facts.stale(*each))]


@dataclass
class Readers:
    """Thirty-two readers in a closed loop: of lists, of articles, of those articles that change under them."""

    port: int
    watched: list[str]
    others: list[str]
    news: multiprocessing.Queue
    found: Found = field(default_factory=Found)

    @contextmanager
    def reading(self, seconds: float, count: int):
        """Read in a process of their own, so that neither side waits for the other's interpreter; fills `found`."""
        ours, theirs = multiprocessing.Pipe(duplex=False)
        process = multiprocessing.Process(target=self.run, args=(seconds, count, theirs))
        process.start()
        yield
        self.found = ours.recv()
        process.join()

    def run(self, seconds: float, count: int, answer) -> None:
        until = time.perf_counter() + seconds
        threads = [threading.Thread(target=self.read, args=(random.Random(n), until)) for n in range(count)]
        for thread in threads:
            thread.start()
        while time.perf_counter() < until:
            time.sleep(0.1)
            while not self.news.empty():
                self.others[random.randrange(len(self.others))] = self.news.get()
        for thread in threads:
            thread.join()
        answer.send(self.found)

    def read(self, chance: random.Random, until: float) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        while time.perf_counter() < until:
            slug = chance.choice(chance.choice([self.watched, self.others]))
            path = "/api/v1/articles/" if chance.random() < 0.3 else f"/api/v1/articles/{slug}/"
            asked = time.perf_counter()
            try:
                connection.request("GET", path)
                answer = connection.getresponse()
                body = answer.read()
            except (OSError, http.client.HTTPException) as error:
                self.found.errors.append(repr(error))
                connection.close()
                continue
            self.found.times.append(time.perf_counter() - asked)
            if answer.status != 200:
                self.found.errors.append(f"{path}: {answer.status}")
            elif slug in self.watched:
                self.note(asked, json.loads(body))

    def note(self, asked: float, answer: dict) -> None:
        for document in answer.get("results", [answer]):
            if document["slug"] in self.watched:
                self.found.seen.append((document["slug"], asked, credits_in(document)))


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.mixed")
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--database", choices=["sqlite", "postgres"], default="postgres")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--readers", type=int, default=32)
    options = parser.parse_args()
    bench.use(options.database, options.articles)
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    facts = Facts()
    house = House(facts, seed=time.time_ns())
    watched = house.watched()
    others = [f"story-{number}" for number in range(0, options.articles, max(options.articles // 200, 1))]
    with bench.server(bench.MARQUEE_PORT, bench.production()):
        quiet = Readers(bench.MARQUEE_PORT, watched, others, house.new)
        with quiet.reading(options.seconds, options.readers):
            pass
        busy = Readers(bench.MARQUEE_PORT, watched, others, house.new)
        with busy.reading(options.seconds, options.readers), house.working():
            time.sleep(options.seconds)
    report(options, house, quiet.found, busy.found)


def report(options, house: House, quiet: Found, busy: Found) -> None:
    before, beside = quiet.figures(house.facts), busy.figures(house.facts)
    found = {
        "quiet": before, "busy": beside, "done": dict(house.done), "failed": house.errors[:5],
        "verb_ms": {name: round(statistics.median(all_) * 1000, 1) for name, all_ in house.seconds.items()},
        "p99_ratio": round(beside["p99_ms"] / max(before["p99_ms"], 0.1), 2),
        "first_errors": (quiet.errors + busy.errors)[:5], "first_stale": busy.stale(house.facts)[:5],
    }  # fmt: skip
    print(json.dumps(found, indent=1))
    path = Path(bench.HERE) / "results" / f"mixed-{options.database}-{options.articles}.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
