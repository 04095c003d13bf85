"""A house in which whatever readers can be shown is shown once, and every address at which they can ask for it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import connection, models
from django.urls import get_resolver
from django.utils import timezone

from articles.models import ApiToken, Appearance, Article, Endpoint, PreviewLink, Source
from media.models import Photo

from . import newsroom

# What begins so is asked by colleagues, or by machines that are no readers.
NOT_FOR_READERS = ("admin", "metrics")
SLUGS = {
    "section": "film", "person": "mara-okonjo", "work": "the-glass-orchard", "tag": "festival-season",
    "author": "june-castellane",
}  # fmt: skip
FORMATS = ("rss.xml", "atom.xml", "feed.json")


@dataclass
class House:
    """The story that shows everything, and what a reader needs to know to ask for it."""

    story: Article
    other: Article
    gone: Article
    photo: Photo
    token: str
    bearer: str


def build() -> House:
    """Publish a story with photos, links, people and a correction; move another one, withdraw a third."""
    chief = get_user_model().objects.create_superuser("chief-of-all", "chief@example.com", "a long password")
    site = newsroom.site()
    site.channels = ["web", "app", "newsletter", "feed", "syndication", "social"]
    site.save()
    Endpoint.objects.create(name="Front end", url="https://front.example.com/hook")
    lead, inside, shown, shared = photos = [newsroom.photo(seed=number, kind="staff") for number in range(4)]
    mara, before = newsroom.person(portrait=lead), timezone.now() - timedelta(hours=1)
    for photo in photos:
        photo.make_renditions()
        Appearance.objects.create(photo=photo, person=mara)
    other = newsroom.article("Another night out", slug="another-night", lead=inside, people=[mara])
    other.publish(by=chief, now=before)
    other.move(slug="another-night-out", by=chief)
    gone = newsroom.article("A story that went", slug="gone")
    gone.publish(by=chief, now=before)
    gone.withdraw(by=chief, reason="wrong", public_note="This was wrong.")
    story = newsroom.article(
        "The whole story", slug="whole", lead=lead, social_photo=shared, people=[mara], works=[newsroom.work()],
        tags=[newsroom.tag()], source=Source.objects.create(name="A partner"), kind="review", review_rating=4,
        review_work=newsroom.work(), body=text(other, inside, shown),
    )  # fmt: skip
    story.related.add(other)
    story.publish(by=chief, now=before)
    story.standfirst = "A night of longer dresses."
    story.save()
    story.publish(by=chief, kind="correction", public_note="A name was misspelled.")
    link = PreviewLink.objects.share(story, by=chief, expires_at=timezone.now() + timedelta(days=1))
    _, bearer = ApiToken.objects.issue(chief, name="Feed")
    return House(story, other, gone, lead, link.token, bearer)


def text(other: Article, inside: Photo, shown: Photo) -> str:
    """Return a body with a link of each kind, in a paragraph and in a caption, a photo and a gallery."""
    links = (
        f'<p>See <a href="article:{other.pk}">that</a>, <a href="person:mara-okonjo">Mara</a>, '
        '<a href="work:the-glass-orchard">it</a> and <a href="https://elsewhere.example.com/?a=1&amp;b=2">this</a>.</p>'
    )
    caption = '<figcaption><a href="person:mara-okonjo">Mara</a> there.</figcaption>'
    figure = f'<figure data-photo="{inside.pk}" data-layout="wide">{caption}</figure>'
    gallery = f'<div data-gallery="" data-title="Looks"><figure data-photo="{shown.pk}"></figure></div>'
    return links + newsroom.body() + figure + gallery


# Every address


def addresses(house: House, client) -> Iterator[str]:
    """Yield every address of every route that readers, feeds and scripts may ask, in every form of its answer."""
    for pattern in get_resolver().url_patterns:
        for path in filled(pattern, house):
            if not path.startswith(NOT_FOR_READERS):
                yield from (f"/{path}{query}" for query in queries(path))
    yield from (f"/api/v1/articles/{each}/" for each in (house.gone.slug, house.other.slug, house.story.pk))
    yield "/api/v1/articles/another-night/"
    yield "/api/v1/articles/nothing/"
    yield from (
        f"/api/v1/resolve/?path={path}"
        for path in ("/film/whole/", "/film/another-night/", "/film/", "/person/mara-okonjo/")
    )
    yield from (
        urlsplit(place).path for place in re.findall("<loc>(.*?)</loc>", client.get("/sitemap.xml").content.decode())
    )


def filled(pattern, house: House) -> Iterator[str]:
    """Yield the paths of a route; a part of a path that nobody named here is an error."""
    route = str(pattern.pattern)
    if route.startswith("^"):
        yield re.sub(r"\(.*", "nothing/", route.removeprefix("^"))
        return
    if (name := getattr(pattern, "name", "") or "") == "feed-of":
        yield from (f"feeds/{noun}/{slug}/{format}" for noun, slug in SLUGS.items() for format in FORMATS)
        return
    month, delivered = timezone.now(), Photo.objects.get(pk=house.photo.pk).delivered
    known = {
        "year": month.year, "month": month.month, "token": house.token, "id": house.story.pk, "part": "articles",
        "slug": SLUGS.get(name, house.story.slug), "photo": house.photo.pk, "version": delivered.get("version"),
        "crop": "full", "width": 320, "format": "jpg", "uidb64": "x",
    }  # fmt: skip
    yield re.sub(r"<(?:\w+:)?(\w+)>", lambda match: str(known[match[1]]), route)


def queries(path: str) -> list[str]:
    if path.startswith("feeds/"):
        return ["", "?full=1", "?host=www.example.com"]
    if path == "api/v1/related/":
        return ["?for=whole"]
    if path in ("api/v1/search/", "api/v1/suggest/"):
        return ["?q=mara", "?q=story"]
    if path == "api/v1/articles/":
        return [
            "",
            "?expand=people,works,authors,related",
            "?channel=feed",
            "?fields=id,cache_tags,corrections",
            "?page_size=1",
        ]
    if path == "api/v1/articles/whole/":
        return ["", "?expand=people,works", "?channel=app", "?format=ninjs"]
    return ["?since=2020-01-01", "?since=2020-01-01&page_size=1"] if path == "api/v1/updates/" else [""]


# Numbers in the database

DISTINCTIVE = 987_650_000


def number_distinctively() -> None:
    """Let every table count its rows from a number that occurs nowhere else."""
    with connection.cursor() as cursor:
        for place, model in enumerate(
            each for each in apps.get_models() if isinstance(each._meta.pk, models.AutoField)
        ):
            start = DISTINCTIVE + 100 * place
            if connection.vendor == "sqlite":
                cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [model._meta.db_table])
                cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [model._meta.db_table, start])
            else:
                sequence = "pg_get_serial_sequence(%s, %s)"
                cursor.execute(f"SELECT setval({sequence}, %s)", [model._meta.db_table, model._meta.pk.column, start])
