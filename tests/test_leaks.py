"""What is not public shows nowhere: every URL of the system, every state an article can be hidden in.

A new URL needs a verdict in VERDICTS, by its route's name:

    "name": Reads(urls)   fetched as a reader. `urls` is a list, or takes the World and returns one. No answer may hold
                          a hidden word, and each must be 200 with the visible story in one of them (`shows=False`: need not).
    "name": Refuses(urls) fetched as a reader; each must answer 401, 403, 404 or 410, or lead to the login.
    "name": [Reads(…), Refuses(…)]  where some of its addresses are public and others are not.
    "name": Plain()       shows nothing of any article; fetched all the same where it takes no argument.
"""

import re
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
import time_machine
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import URLResolver, get_resolver
from django.utils import timezone

from articles.models import Appearance, Article, Author, Person, Section, Tag, Work
from media.models import Photo

from . import newsroom

SECRET, VISIBLE = "zorblax", "Wexcombe"
API = "/api/v1"


@dataclass
class Hidden:
    """One article nobody may see, and everything that appears only in it."""

    state: str
    article: Article
    photo: Photo
    person: Person
    work: Work
    tag: Tag
    author: Author
    section: Section
    earlier_slug: str = ""


@dataclass
class World:
    hidden: list[Hidden] = field(default_factory=list)
    visible: Article = None

    def slugs(self) -> list[str]:
        return [slug for each in self.hidden for slug in (each.article.slug, each.earlier_slug) if slug]


@dataclass
class Reads:
    urls: object
    shows: bool = True


@dataclass
class Refuses:
    urls: object


@dataclass
class Plain:
    pass


def filters_of(each: Hidden) -> list[str]:
    return [
        f"section={each.section.slug}", f"person={each.person.slug}", f"work={each.work.slug}", f"tag={each.tag.slug}",
        f"author={each.author.slug}", f"photo={each.photo.pk}", f"id={each.article.pk}",
    ]  # fmt: skip


def article_lists(world: World) -> list[str]:
    """Return every way of asking a list for the hidden stories, and for all."""
    queries = [
        "",
        "?page_size=100",
        "?expand=people,works",
        "?fields=headline,standfirst,slug,people",
        "?kind=news,review&section=film",
    ]
    return [f"{API}/articles/{query}" for query in queries] + [
        f"{API}/articles/?{query}" for each in world.hidden for query in filters_of(each)
    ]


def archives(world: World) -> list[str]:
    month = timezone.now()
    following = month + timedelta(days=31)
    return [
        f"{API}/archive/{at.year}/{at.month}/?page_size=100" for at in (month - timedelta(days=1), month, following)
    ]


def searches(world: World) -> list[str]:
    words = [SECRET, VISIBLE, f"{SECRET}draft", "premiere", "red carpet"]
    return [f"{API}/{place}/?q={word}" for place in ("search", "suggest") for word in words]


def paths(world: World) -> list[str]:
    own = [f"/film/{slug}/" for slug in world.slugs()]
    for each in world.hidden:
        own += [each.person.path, each.work.path, each.tag.path, each.author.path, each.section.path]
        own.append(f"{each.section.path}{each.article.slug}/")
    return [f"{API}/resolve/?path={path}" for path in own]


def entries(plural: str, name: str):
    return Refuses(lambda world: [f"{API}/{plural}/{getattr(each, name).slug}/" for each in world.hidden])


def renditions(world: World) -> list[str]:
    found = []
    for each in world.hidden:
        made = Photo.objects.get(pk=each.photo.pk).delivered
        found += [
            f"/photos/{each.photo.pk}/{made['version']}/full-{made['widths'][0]}.{kind}" for kind in made["formats"]
        ]
    return found


def feeds(world: World) -> list[str]:
    return [
        f"/feeds/{noun}/{getattr(each, noun).slug}/{name}"
        for each in world.hidden for noun in ("section", "person", "work", "author") for name in ("rss.xml", "feed.json")
    ]  # fmt: skip


def sitemap_parts(world: World) -> list[str]:
    """Return the parts that the index names."""
    index = Client().get("/sitemap.xml").content.decode()
    return [urlsplit(url).path for url in re.findall(r"<loc>([^<]+)</loc>", index)]


VERDICTS = {
    "landing": Plain(),
    "healthz": Plain(),
    "readyz": Plain(),
    "metrics": Refuses(["/metrics"]),
    "schema": Plain(),
    "api-docs": Plain(),
    "api-root": Plain(),
    "reader": Reads(["/reader/"], shows=False),
    "api-unknown": Refuses(["/api/articles/", f"{API}/drafts/", f"{API}/versions/", f"{API}/editions/"]),
    "admin/": Refuses(["/admin/", "/admin/articles/article/", "/admin/media/photo/", "/admin/articles/previewlink/"]),
    "admin/picker/": Refuses(["/admin/picker/", "/admin/picker/stories/", "/admin/picker/names/person/"]),
    "admin_password_reset": Reads(["/admin/password_reset/"], shows=False),
    "password_reset_done": Reads(["/admin/password_reset/done/"], shows=False),
    "password_reset_confirm": Reads(["/admin/reset/x/y/"], shows=False),
    "password_reset_complete": Reads(["/admin/reset/done/"], shows=False),
    "articles": Reads(article_lists),
    "article": Refuses(lambda world: [f"{API}/articles/{slug}/" for slug in world.slugs()]),
    "article-ninjs": Refuses(lambda world: [f"{API}/articles/{slug}/ninjs/" for slug in world.slugs()]),
    "archive": Reads(archives),
    "archive-index": Reads([f"{API}/archive/"], shows=False),
    "related": [
        Refuses(lambda world: [f"{API}/related/?for={slug}" for slug in world.slugs()]),
        Reads([f"{API}/related/?for=wexcombe-on-the-red-carpet&expand=authors"], shows=False),
    ],
    "updates": Reads([f"{API}/updates/", f"{API}/updates/?since=2020-01-01&page_size=100"]),
    "resolve": Refuses(paths),
    "preview": Refuses(lambda world: [f"{API}/preview/{slug}/" for slug in ("token", *world.slugs())]),
    "calendar": Refuses(lambda world: [f"{API}/calendar/{slug}.ics" for slug in ("token", *world.slugs())]),
    "search": Reads(lambda world: [url for url in searches(world) if "/search/" in url]),
    "suggest": Reads(lambda world: [url for url in searches(world) if "/suggest/" in url]),
    "drafts": Refuses([f"{API}/drafts/"]),
    "draft": Refuses(lambda world: [f"{API}/drafts/{each.article.pk}/" for each in world.hidden]),
    "draft-publish": Refuses(lambda world: [f"{API}/drafts/{each.article.pk}/publish/" for each in world.hidden]),
    "draft-withdraw": Refuses(lambda world: [f"{API}/drafts/{each.article.pk}/withdraw/" for each in world.hidden]),
    "photos": Refuses([f"{API}/photos/"]),
    "people": Reads([f"{API}/people/?page_size=100"], shows=False),
    "works": Reads([f"{API}/works/?page_size=100"], shows=False),
    "sections": Reads([f"{API}/sections/?page_size=100"], shows=False),
    "tags": Reads([f"{API}/tags/?page_size=100"], shows=False),
    "authors": Reads([f"{API}/authors/?page_size=100"], shows=False),
    "person": entries("people", "person"),
    "work": entries("works", "work"),
    "section": entries("sections", "section"),
    "tag": entries("tags", "tag"),
    "author": entries("authors", "author"),
    "rendition": Refuses(renditions),
    "feed-rss.xml": Reads(["/feeds/rss.xml"]),
    "feed-atom.xml": Reads(["/feeds/atom.xml"]),
    "feed-feed.json": Reads(["/feeds/feed.json"]),
    "feed-of": [Reads(["/feeds/section/film/rss.xml"]), Refuses(feeds)],
    "sitemap": Reads(["/sitemap.xml"], shows=False),
    "sitemap-part": Reads(sitemap_parts, shows=False),
}  # fmt: skip


def routes() -> dict[str, str]:
    """Return every route of cms/urls.py by name; those of an included module stand under its prefix."""
    return {
        str(each.pattern) if isinstance(each, URLResolver) else each.name or str(each.pattern): str(each.pattern)
        for each in get_resolver("cms.urls").url_patterns
    }


def hide(state: str, now) -> Hidden:
    """Make a story in which everything carries the secret word, live nowhere yet."""
    word = f"{SECRET}{state}"
    person, work, tag = newsroom.person(f"Ann {word}"), newsroom.work(f"Film {word}"), newsroom.tag(f"Tag {word}")
    section, author = newsroom.section(f"Section {word}"), newsroom.author(f"Bea {word}")
    photo = newsroom.photo(caption=f"A {word} on the carpet.", alt=f"An {word}.")
    Appearance.objects.create(person=person, photo=photo)
    made = newsroom.article(
        f"About {word}", lead=photo, photos=[photo], section=section, people=[person], works=[work], tags=[tag],
        body=newsroom.body(photo, words=f"The {word} words."), standfirst=f"The {word} line.",
    )  # fmt: skip
    made.articleauthor_set.all().delete()
    made.articleauthor_set.create(author=author)
    return Hidden(state, made, photo, person, work, tag, author, section)


def hide_in_every_state(now, clock) -> list[Hidden]:
    """Return one hidden story for each way in which a story is not public, now."""
    draft, restricted, embargoed, discarded, scheduled, ended, withdrawn, silent, replaced = (
        hide(state, now)
        for state in (
            "draft",
            "restricted",
            "embargoed",
            "discarded",
            "scheduled",
            "ended",
            "withdrawn",
            "silent",
            "replaced",
        )
    )
    draft.article.record()
    user = get_user_model().objects.create_user("obituarist", "o@example.com", "a long password")
    restricted.article.restricted_to.add(user)
    Article.objects.filter(pk=embargoed.article.pk).update(
        embargo_until=now + timedelta(days=1), embargo_reason="studio"
    )
    embargoed.article.refresh_from_db()
    embargoed.article.publish(now=now, at=now + timedelta(days=1))
    discarded.article.discard(by=None)
    scheduled.article.publish(now=now, at=now + timedelta(hours=1))
    for each in (ended, withdrawn, silent, replaced):
        each.article.publish(now=now, ends=now + timedelta(seconds=30) if each is ended else None)
        each.earlier_slug = each.article.slug
        each.article.move(slug=f"moved-{each.article.slug}", now=now)
    clock.shift(60)
    now = timezone.now()
    withdrawn.article.withdraw(reason=f"{SECRET} reason", public_note="Withdrawn.", now=now)
    withdrawn.article.move(slug=f"{SECRET}-settles-out-of-court", now=now)
    silent.article.withdraw(reason=f"{SECRET} reason", public_note=f"{SECRET} note", silent=True, now=now)
    replaced.article.withdraw(reason=f"{SECRET} reason", now=now)
    replaced.article.headline += " and back later"
    replaced.article.save()
    replaced.article.publish(now=now, at=now + timedelta(hours=2))
    return [draft, restricted, embargoed, discarded, scheduled, ended, withdrawn, silent, replaced]


@pytest.fixture
def world(db):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        now = timezone.now()
        found = World(hide_in_every_state(now, clock))
        found.visible = newsroom.article(
            f"{VISIBLE} on the red carpet", lead=newsroom.photo(), people=[newsroom.person()]
        )
        found.visible.publish(now=timezone.now())
        change_coming_versions(found)
        clock.shift(10)
        yield found


def change_coming_versions(world: World) -> None:
    """Give the visible story a draft change and a coming edition: both stay unseen too."""
    story = world.visible
    story.headline = f"{VISIBLE} {SECRET}coming"
    story.save()
    story.publish(now=timezone.now(), at=timezone.now() + timedelta(hours=3))
    story.headline = f"{VISIBLE} {SECRET}workingcopy"
    story.save()


def test_every_url_has_a_verdict():
    assert set(routes()) == set(VERDICTS), "Give every new URL a verdict in VERDICTS; drop those of URLs that are gone."


def text_of(answer) -> str:
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return f"{dict(answer.headers)} {body.decode('utf-8', 'replace')}"


def test_nothing_hidden_shows_at_any_url(client, world):
    found = {}
    for name, route in routes().items():
        for verdict in listed(VERDICTS.get(name, [])):
            try:
                hold(verdict, client, world, route)
            except AssertionError as error:
                found[name] = str(error)
    assert not found, "\n\n".join(f"{name}: {error}" for name, error in found.items())


def listed(verdicts) -> list:
    return verdicts if isinstance(verdicts, list) else [verdicts]


def hold(verdict: Reads | Refuses | Plain, client, world: World, route: str) -> None:
    if isinstance(verdict, Plain):
        assert "<" not in route, "A URL that takes an argument needs Reads or Refuses."
        verdict = Reads([f"/{route}"], shows=False)
    urls = verdict.urls(world) if callable(verdict.urls) else verdict.urls
    assert urls
    answers = [(url, client.get(url)) for url in urls]
    texts = [(url, answer.status_code, without(url, text_of(answer))) for url, answer in answers]
    for url, _, text in texts:
        assert SECRET not in text.lower(), url
    if isinstance(verdict, Refuses):
        assert all(is_refused(answer) for _, answer in answers), [(url, status) for url, status, _ in texts]
    else:
        assert {status for _, status, _ in texts} == {200}, [(url, status) for url, status, _ in texts]
        assert not verdict.shows or any(VISIBLE in text for _, _, text in texts), "The visible story is missing."


def without(url: str, text: str) -> str:
    """Take out what the client said itself: links to further pages and to the login repeat the address asked for."""
    query = url.partition("?")[2]
    for own in (url, query, query.partition("=")[2]):
        text = text.replace(own, "") if own else text
    return text


def is_refused(answer) -> bool:
    if answer.status_code in (301, 302):
        return "/login/" in answer["Location"]
    return answer.status_code in (401, 403, 404, 410)


def test_the_secret_would_be_seen(client, db):
    """The proof that the test above can fail: publish a hidden story, and it shows."""
    hidden = hide("draft", timezone.now())
    hidden.article.publish(now=timezone.now())
    with pytest.raises(AssertionError):
        hold(VERDICTS["articles"], client, World([hidden], hidden.article), "")
    with pytest.raises(AssertionError):
        hold(VERDICTS["person"], client, World([hidden]), "")
