"""Lists and details: what is found, in how many statements, page by page."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from articles.api import queries, query_string
from articles.models import DocumentPhoto, Facet, LiveDocument

from . import newsroom

pytestmark = pytest.mark.django_db
LIST = "/api/v1/articles/"


def get(client, url, **options):
    return client.get(url, **options)


def slugs(response):
    assert response.status_code == 200, response.content
    return [card["slug"] for card in response.json()["results"]]


def publish_many(count, start=0, **fields):
    """Publish small stories a minute apart, the last one newest."""
    now = timezone.now()
    found = []
    for number in range(start, start + count):
        story = newsroom.article(
            f"Story {number}", original_published_at=now - timedelta(minutes=1000 - number), **fields
        )
        story.publish(now=now)
        found.append(story)
    return found


@pytest.fixture
def desk(db):
    """Two sections, two people, two works, two photos: six stories that share them in known ways, one of them updated."""
    film, music = newsroom.section("Film"), newsroom.section("Music")
    reviews = newsroom.section("Reviews", parent=film)
    mara, teo = newsroom.person(), newsroom.person("Teo Varga")
    orchard, tide = newsroom.work(), newsroom.work("Low Tide", kind="album")
    festival = newsroom.tag()
    now, photos = timezone.now(), [newsroom.photo(), newsroom.photo()]
    plan = [
        ("one", film, [mara], [orchard], [], "news", "en-US"),
        ("two", film, [mara, teo], [], [festival], "news", "en-US"),
        ("three", music, [teo], [tide], [festival], "review", "en-GB"),
        ("four", reviews, [mara], [orchard], [], "review", "en-US"),
        ("five", music, [], [tide], [], "feature", "de-DE"),
        ("six", reviews, [teo], [orchard, tide], [festival], "interview", "en-US"),
    ]
    for minutes, (slug, section, people, works, tags, kind, locale) in enumerate(plan):
        story = newsroom.article(
            f"Story {slug}",
            slug=slug,
            section=section,
            people=people,
            works=works,
            tags=tags,
            kind=kind,
            locale=locale,
            lead=photos[minutes % 2],
            original_published_at=now - timedelta(hours=1) + timedelta(minutes=minutes),
        )
        story.publish(now=now)
    story.headline = "Story six, updated"
    story.save()
    story.publish(kind="update")
    return now


CASES = {
    "": "six five four three two one",
    "section=film": "six four two one",
    "section=reviews": "six four",
    "section=reviews,music": "six five four three",
    "section=reviews&section=music": "six five four three",
    "person=mara-okonjo": "four two one",
    "person=mara-okonjo,teo-varga": "six four three two one",
    "person=mara-okonjo&section=film&kind=news": "two one",
    "person=mara-okonjo,teo-varga&work=the-glass-orchard": "six four one",
    "work=low-tide&tag=festival-season": "six three",
    "tag=festival-season&kind=review,interview": "six three",
    "kind=review": "four three",
    "author=june-castellane": "six five four three two one",
    "author=nobody-at-all": "",
    "person=mara-okonjo&work=low-tide": "",
    "locale=en-GB,de-DE": "five three",
    "locale=en-GB&section=film": "",
    "page_size=2": "six five",
}


@pytest.mark.parametrize("query", CASES)
def test_filters_mean_any_of_their_values_and_all_of_each_other(client, desk, query):
    assert slugs(get(client, f"{LIST}?{query}")) == CASES[query].split()


def test_dates_bound_a_list(client, desk):
    third = LiveDocument.objects.get(slug="three").published_at.isoformat()
    assert slugs(client.get(LIST, {"published_after": third})) == ["six", "five", "four"]
    assert slugs(client.get(LIST, {"published_before": third})) == ["two", "one"]
    assert slugs(client.get(LIST, {"published_before": third, "person": "mara-okonjo"})) == ["two", "one"]
    assert slugs(client.get(LIST, {"updated_after": "2020-01-01"})) == ["six"]


def test_updated_after_finds_what_was_updated(client):
    (story,) = publish_many(1)
    story.headline = "Another headline"
    story.save()
    story.publish(now=timezone.now())
    assert slugs(client.get(LIST, {"updated_after": "2020-01-01"})) == [story.slug]


def test_articles_are_found_by_id_and_by_photo(client):
    photo = newsroom.photo()
    stories = publish_many(2)
    shown = newsroom.article("With a picture", lead=photo)
    shown.publish(now=timezone.now())
    assert slugs(client.get(LIST, {"photo": str(photo.pk)})) == [shown.slug]
    ids = f"{stories[0].pk},{shown.pk}"
    assert slugs(client.get(LIST, {"id": ids})) == [shown.slug, stories[0].slug]
    assert slugs(client.get(LIST, {"id": ids, "photo": str(photo.pk)})) == [shown.slug]


def test_an_earlier_slug_still_filters(client):
    mara = newsroom.person()
    newsroom.article(people=[mara]).publish(now=timezone.now())
    mara.slug = "mara-okonjo-lund"
    mara.save()
    assert len(slugs(client.get(LIST, {"person": "mara-okonjo"}))) == 1
    assert len(slugs(client.get(LIST, {"person": "mara-okonjo-lund"}))) == 1


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_the_statement_of_a_list_answers_as_the_plain_queryset_does(desk, data):
    shown = list(DocumentPhoto.objects.order_by("photo").values_list("photo", flat=True).distinct())
    values = {
        "section": ["film", "music", "reviews", "nowhere"],
        "person": ["mara-okonjo", "teo-varga"],
        "work": ["the-glass-orchard", "low-tide"],
        "tag": ["festival-season"],
        "author": ["june-castellane"],
        "kind": ["news", "review", "feature"],
    }
    facets = {
        name: tuple(data.draw(st.lists(st.sampled_from(values[name]), min_size=1, max_size=3, unique=True), label=name))
        for name in data.draw(st.lists(st.sampled_from(sorted(values)), unique=True, max_size=3))
    }
    locales = tuple(data.draw(st.lists(st.sampled_from(["en-US", "de-DE"]), unique=True)))
    photos = tuple(data.draw(st.lists(st.sampled_from(shown), unique=True)))
    now = timezone.now()
    updated_after = data.draw(st.sampled_from([None, now - timedelta(days=1), now + timedelta(days=1)]))
    chosen = query_string.Selection(facets=facets, locales=locales, photos=photos, updated_after=updated_after)
    found = queries.page(chosen, query_string.Page(size=100), now).rows
    plain = LiveDocument.objects.live(now)
    for name, given_values in facets.items():
        keys = [
            queries.kind_number(value)
            if name == "kind"
            else queries.NOUNS[name].objects.filter(slug=value).values_list("pk", flat=True).first()
            for value in given_values
        ]
        plain = plain.filter(
            pk__in=Facet.objects.filter(kind=queries.FACET_KINDS[name], key__in=[key for key in keys if key]).values(
                "document"
            )
        )
    if locales:
        plain = plain.filter(locale__in=locales)
    if photos:
        plain = plain.filter(pk__in=DocumentPhoto.objects.filter(photo__in=photos).values("document"))
    if updated_after:
        plain = plain.filter(updated_at__gt=updated_after)
    assert [row.key for row in found] == list(
        plain.order_by("-published_at", "-article_id").values_list("pk", flat=True)
    )


# Pages


def flat(pages):
    return [slug for page in pages for slug in page]


def walk(client, url):
    found = []
    while url:
        page = client.get(url).json()
        found.append([card["slug"] for card in page["results"]])
        url = page["next"]
    return found


@pytest.mark.parametrize(
    "query",
    [
        "page_size=3", "page_size=3&section=film", "page_size=3&kind=news,review&section=film", "page_size=3&photo=PHOTO",
        "page_size=3&photo=PHOTO,OTHER&section=film",
    ],
)  # fmt: skip
def test_pages_lead_forward_and_back_again(client, query):
    photo, other = newsroom.photo(), newsroom.photo()
    publish_many(8, lead=photo, photos=[other])
    query = query.replace("PHOTO", str(photo.pk)).replace("OTHER", str(other.pk))
    pages = walk(client, f"{LIST}?{query}")
    assert [len(page) for page in pages] == [3, 3, 2]
    assert flat(pages) == [f"story-{number}" for number in range(7, -1, -1)]
    url, back = f"{LIST}?{query}", []
    while following := client.get(url).json()["next"]:
        url = following
    while url:
        page = client.get(url).json()
        back.insert(0, [card["slug"] for card in page["results"]])
        url = page["previous"]
    assert back == pages


def test_articles_of_one_instant_are_paged_without_loss(client):
    at = timezone.now() - timedelta(days=1)
    for number in range(5):
        newsroom.article(f"Same {number}", original_published_at=at).publish(now=timezone.now())
    pages = walk(client, f"{LIST}?page_size=2")
    assert sorted(flat(pages)) == [f"same-{number}" for number in range(5)]


def test_an_empty_page_leads_back_to_what_is_left(client):
    stories = publish_many(3)
    second = client.get(f"{LIST}?page_size=2").json()["next"]
    stories[0].withdraw(reason="test")
    page = client.get(second).json()
    assert page["results"] == [] and page["next"] is None
    assert slugs(client.get(page["previous"])) == ["story-2", "story-1"]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    moves=st.lists(st.tuples(st.sampled_from(["publish", "withdraw", "update"]), st.integers(0, 5)), max_size=6),
    size=st.integers(1, 4),
)
def test_a_walk_sees_each_steady_article_once_whatever_comes_and_goes(client, db, moves, size):
    LiveDocument.objects.all().delete()
    steady = publish_many(6)
    passing = publish_many(6, start=100)
    for story in passing:
        LiveDocument.objects.filter(article=story).update(
            published_at=timezone.now() - timedelta(minutes=990 + passing.index(story))
        )
    seen, url, moves = [], f"{LIST}?page_size={size}", list(moves)
    while url:
        page = client.get(url).json()
        seen += [card["id"] for card in page["results"]]
        url = page["next"]
        if moves:
            kind, number = moves.pop()
            now = timezone.now()
            if kind == "publish":
                newsroom.article(f"Fresh {number}").publish(now=now)
            elif kind == "withdraw" and passing:
                passing.pop(number % len(passing)).withdraw(reason="test", now=now)
            else:
                steady[number].headline += " again"
                steady[number].save()
                steady[number].publish(now=now)
    for story in steady:
        assert seen.count(str(story.pk)) == 1
    assert len(seen) == len(set(seen))


# Staleness


def test_a_stale_document_is_never_served_whole(client):
    photo = newsroom.photo()
    story = newsroom.article(lead=photo)
    story.publish(now=timezone.now())
    assert client.get(f"{LIST}{story.slug}/").json()["lead"]
    photo.kill(by=None, reason="test", at=timezone.now())
    assert client.get(LIST).json()["results"][0]["lead"] is None
    assert client.get(f"{LIST}{story.slug}/").json()["lead"] is None


def test_a_list_renders_twenty_five_stale_cards_and_gives_the_rest_without_photos(client):
    photo = newsroom.photo()
    publish_many(28, lead=photo)
    LiveDocument.objects.all().mark_stale(timezone.now())
    page = client.get(f"{LIST}?page_size=100")
    assert [card["lead"] is not None for card in page.json()["results"]] == [True] * 25 + [False] * 3
    assert "s-maxage=0" in page["Cache-Control"]
    assert all(card["lead"] for card in client.get(f"{LIST}?page_size=100").json()["results"])


def test_what_cannot_be_rendered_is_left_out_of_lists_and_its_detail_says_503(client):
    first, second = publish_many(2)
    broken = LiveDocument.objects.get(article=first)
    type(broken.edition.version).objects.none()
    LiveDocument.objects.filter(pk=broken.pk).mark_stale(timezone.now())
    LiveDocument.objects.filter(pk=broken.pk).update(site=newsroom.site())
    spoil(broken)
    assert slugs(client.get(LIST)) == [second.slug]
    answer = client.get(f"{LIST}{first.slug}/")
    assert answer.status_code == 503 and answer["Retry-After"] and answer["Content-Type"] == "application/problem+json"


def spoil(document):
    """Let a document's edition carry content of a shape that no renderer reads."""
    from articles.models import Version
    from media.models import Pause

    pause = Pause.objects.create(reason="test")
    Version.objects.filter(pk=document.edition.version_id).change_sealed(content={"body": 7})
    pause.delete()


# Choice of fields


def test_fields_and_expansions_are_chosen(client):
    mara = newsroom.person(description="An actor.")
    newsroom.article(lead=newsroom.photo(), people=[mara]).publish(now=timezone.now())
    card = client.get(f"{LIST}?fields=headline,lead(credit(line),alt),people(name)").json()["results"][0]
    assert list(card) == ["headline", "lead", "people"]
    assert list(card["lead"]) == ["credit", "alt"] and list(card["lead"]["credit"]) == ["line"]
    assert card["people"] == [{"name": "Mara Okonjo"}]
    card = client.get(f"{LIST}?expand=people").json()["results"][0]
    assert card["people"][0]["description"] == "An actor." and card["people"][0]["role"] == "main"
    card = client.get(f"{LIST}?expand=people&fields=people(description)").json()["results"][0]
    assert card == {"people": [{"description": "An actor."}]}


def test_the_detail_is_the_stored_document(client):
    (story,) = publish_many(1)
    stored = LiveDocument.objects.get(article=story).bytes.document_json
    assert client.get(f"{LIST}{story.slug}/").content.decode() == stored
    assert json.loads(client.get(f"{LIST}{story.slug}/?fields=toc").content) == {"toc": json.loads(stored)["toc"]}


def test_the_archive_holds_the_articles_of_a_month(client):
    from datetime import UTC, datetime

    for day in (
        datetime(2024, 1, 31, 23, 59, 59, tzinfo=UTC),
        datetime(2024, 2, 1, tzinfo=UTC),
        datetime(2024, 2, 29, 12, tzinfo=UTC),
        datetime(2024, 3, 1, tzinfo=UTC),
    ):
        newsroom.article(f"Of {day:%B %d}", original_published_at=day).publish(now=timezone.now())
    assert slugs(client.get("/api/v1/archive/2024/02/")) == ["of-february-29", "of-february-01"]
    assert slugs(client.get("/api/v1/archive/2024/12/")) == []
    assert client.get("/api/v1/archive/2024/13/").status_code == 404
    assert client.get("/api/v1/archive/0000/01/").status_code == 404
    assert client.get("/api/v1/archive/9999/12/").status_code in (200, 404)
