"""The data of a run: deterministic, made in bulk, rendered by the same code that publishing uses."""

import json
import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.db import connection
from django.utils import timezone

from articles.imports import archive
from articles.models import Article, Author, Delivery, Endpoint, Person, Section, Tag, Work
from media.ids import new_id
from media.models import Agency, Caption, CreditAgency, CreditPhotographer, Photo, PhotoCredit, Photographer, Site

START = datetime(2016, 1, 1, tzinfo=UTC)
NOW = datetime(2026, 11, 1, tzinfo=UTC)
REPEAT = 10_000
PEOPLE, WORKS, SECTIONS, TAGS, PHOTOS, AUTHORS = 500, 200, 12, 300, 2000, 40
WORDS = [
    "the",
    "premiere",
    "crowd",
    "waited",
    "while",
    "a",
    "quiet",
    "singer",
    "crossed",
    "carpet",
    "under",
    "bright",
    "lamps",
    "and",
    "critics",
    "spoke",
    "of",
    "another",
    "season",
    "when",
    "films",
    "albums",
    "tours",
    "scandals",
    "romances",
    "and",
    "awards",
    "would",
    "fill",
    "every",
    "page",
    "with",
    "names",
    "rumours",
    "and",
    "praise",
]
NAMES = [
    "Ada",
    "Bram",
    "Cleo",
    "Dov",
    "Esme",
    "Finn",
    "Gwen",
    "Hugo",
    "Ines",
    "Joss",
    "Kaia",
    "Lorn",
    "Mina",
    "Nico",
    "Opal",
    "Pax",
    "Quill",
    "Rhea",
    "Sven",
    "Tova",
]
HOUSES = [
    "Ashgrove",
    "Belcourt",
    "Carrow",
    "Dunmere",
    "Elmsworth",
    "Farrow",
    "Galloway",
    "Hartwick",
    "Ilverton",
    "Jessop",
    "Kestrel",
    "Lowell",
]


def grow(count: int, batch: int = 250, first: int = 0, step: int = 1) -> int:
    """Make stories until there are `count`, every `step`-th batch from the `first`; what is there stays. Returns how many."""
    rows, made = Rows(), 0
    for begins in range(first * batch, count, step * batch):
        numbers = range(begins, min(begins + batch, count))
        present = set(
            Article.objects.filter(pk__in=[_uuid(number, 1) for number in numbers]).values_list("pk", flat=True)
        )
        missing = [number for number in numbers if _uuid(number, 1) not in present]
        _articles(missing, rows)
        made += len(missing)
    return made


class Rows:
    """Everything articles refer to, made once."""

    def __init__(self):
        self.site = Site.objects.filter(is_default=True).first() or Site.objects.create(name="Bench", is_default=True)
        if not Section.objects.exists():
            _directory(self.site)
            _photos()
        self.sections, self.tags, self.people = _keys(Section), _keys(Tag), _keys(Person)
        self.works, self.authors, self.photos = _keys(Work), _keys(Author), _keys(Photo)


def _keys(model) -> list:
    return list(model.objects.order_by("pk").values_list("pk", flat=True))


def name(number: int) -> str:
    return f"{NAMES[number % 20]} {HOUSES[number // 20 % 12]} {number}"


def _directory(site) -> None:
    Section.objects.bulk_create(Section(site=site, name=f"Section {n}", slug=f"section-{n}") for n in range(SECTIONS))
    Tag.objects.bulk_create(Tag(name=f"Tag {n}", slug=f"tag-{n}") for n in range(TAGS))
    Person.objects.bulk_create(Person(name=name(n), slug=f"person-{n}") for n in range(PEOPLE))
    Work.objects.bulk_create(Work(title=f"The {HOUSES[n % 12]} Story {n}", slug=f"work-{n}") for n in range(WORKS))
    Author.objects.bulk_create(Author(name=f"Writer {n}", slug=f"writer-{n}") for n in range(AUTHORS))


def _photos() -> None:
    photographers = Photographer.objects.bulk_create(Photographer(name=f"{name(n)} Lens") for n in range(100))
    agencies = list(Agency.objects.filter(kind="agency").order_by("pk")[:8])
    credits = PhotoCredit.objects.bulk_create(PhotoCredit(supplied_line=f"bench {n}") for n in range(400))
    CreditPhotographer.objects.bulk_create(
        CreditPhotographer(credit=credit, photographer=photographers[n % 100]) for n, credit in enumerate(credits)
    )
    CreditAgency.objects.bulk_create(
        CreditAgency(credit=credit, agency=agencies[n % 8]) for n, credit in enumerate(credits)
    )
    photos = Photo.objects.bulk_create(_photo(n, credits[n % 400]) for n in range(PHOTOS))
    Caption.objects.bulk_create(
        Caption(photo=photo, kind="house", text=f"{name(n % PEOPLE)} at the premiere.", alt="A person on a red carpet.")
        for n, photo in enumerate(photos)
    )


def _photo(number: int, credit: PhotoCredit) -> Photo:
    version = f"{number:012x}"
    made = {
        "crops": ["full", "ratio_16_9", "ratio_191_100"],
        "widths": [320, 640, 960, 1280],
        "formats": ["webp", "jpg"],
    }
    return Photo(
        id=_uuid(number, 2), state="ready", kind="agency", credit=credit, width=1600, height=1067, format="jpeg",
        sha256=f"{number:064x}", version=version, delivered={"version": version, **made}, dominant_color="#553344",
    )  # fmt: skip


def _uuid(number: int, noun: int) -> UUID:
    return UUID(int=(0x01900000_0000_7000_8000 << 48) | (noun << 40) | number)


def _articles(numbers: list[int], rows: Rows) -> None:
    if numbers:
        archive.take([_story(number, rows) for number in numbers], NOW)


def write_lines(path: str, count: int) -> None:
    """Write that many stories as JSON lines, as `import_archive` reads them."""
    rows = Rows()
    slugs = {model: dict(model.objects.values_list("pk", "slug")) for model in (Author, Person, Section, Tag, Work)}
    with open(path, "w") as file:
        for number in range(count):
            file.write(json.dumps(_line(_story(number, rows), slugs)) + "\n")


def _line(story: archive.Finished, slugs: dict) -> dict:
    article = story.article
    return {
        "slug": article.slug, "headline": article.headline, "standfirst": article.standfirst, "body_html": article.body,
        "section": slugs[Section][article.section_id], "lead_photo": str(article.lead_photo_id),
        "published_at": story.at.isoformat(), "tags": [slugs[Tag][key] for key in story.tags],
        "authors": [{"slug": slugs[Author][key]} for key, _ in story.authors], "works": [slugs[Work][key] for key in story.works],
        "people": [{"slug": slugs[Person][key], "role": role} for key, role in story.people],
    }  # fmt: skip


def schedule(count: int, moment: datetime, batch: int = 250) -> None:
    """Add so many stories that go live at one instant to come."""
    rows = Rows()
    for begins in range(0, count, batch):
        stories = [_story(number, rows) for number in range(begins, min(begins + batch, count))]
        for story in stories:
            story.article.id = new_id()
            story.article.slug = f"due-{story.article.id.hex}"
        archive.take([replace(story, at=moment) for story in stories], timezone.now())


def _story(number: int, rows: Rows) -> archive.Finished:
    """Return a story; number N and N + REPEAT differ in number, id, address and date only."""
    seed = number % REPEAT
    chance = random.Random(seed)
    # Spread over ten years, so that the newest is always the highest number.
    at = START + timedelta(seconds=number * 300)
    photos = chance.sample(rows.photos, 4)
    # A few people carry much of the news: the most covered one is in about 8 % of all stories.
    people = sorted({min(int(chance.paretovariate(0.6)) - 1, PEOPLE - 1) for _ in range(3)})
    article = Article(
        id=_uuid(number, 1), site=rows.site, headline=f"{name(people[0])} opens the season with story N{number}", slug=f"story-{number}",
        section_id=rows.sections[seed % SECTIONS], standfirst=" ".join(chance.choices(WORDS, k=24)).capitalize() + ".",
        body=_body(chance, photos[1:]), lead_photo_id=photos[0], created_at=at, saved_at=at, stage="ready",
    )  # fmt: skip
    return archive.Finished(
        article, at, authors=[(chance.choice(rows.authors), "")], people=[(rows.people[each], "main") for each in people],
        works=[chance.choice(rows.works)], tags=chance.sample(rows.tags, 4),
    )  # fmt: skip


def deliveries_to_nobody(count: int, stories: int) -> None:
    """Queue so many deliveries, about so many stories, for a receiver that does not listen."""
    Endpoint.objects.all().delete()
    endpoint = Endpoint.objects.create(name="nobody", url="http://127.0.0.1:9/")
    event = {"event": "article.updated", "payload": {"type": "article.updated"}, "created_at": NOW, "due_at": NOW}
    rows = (Delivery(endpoint=endpoint, article=_uuid(number % stories, 1), **event) for number in range(count))
    Delivery.objects.bulk_create(rows, batch_size=1000)


def switch_nobody(*, on: bool) -> None:
    """Switch that receiver on, as if it had never failed, or off."""
    disabled_at = None if on else timezone.now()
    Endpoint.objects.update(disabled_at=disabled_at, failing_since=None, paused_until=None)
    Delivery.objects.filter(tries__gt=0).update(tries=0, due_at=NOW, claimed_until=None, state=Delivery.State.PENDING)
    if connection.vendor == "postgresql":
        # As autovacuum does within a minute: what PostgreSQL knows of a table decides how it asks.
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE articles_delivery")


def _body(chance: random.Random, photos: list) -> str:
    blocks = [f'<p data-id="b{n:07d}">{" ".join(chance.choices(WORDS, k=60)).capitalize()}.</p>' for n in range(10)]
    blocks.insert(4, '<h2 data-id="h0000001">What happened next</h2>')
    for place, photo in zip((2, 6, 10), photos, strict=True):
        blocks.insert(place, f'<figure data-id="f{place:07d}" data-photo="{photo}" data-layout="wide"></figure>')
    return "".join(blocks)
