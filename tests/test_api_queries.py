"""What front ends ask of lists: orders, exclusions, all of several, counts, months, related stories, expanded references."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from articles.api import extents, queries, query_string
from articles.models import Facet, LiveDocument, Person, Work
from media.models import Right

from . import newsroom
from .test_api_articles import desk, publish_many, slugs  # noqa: F401  `desk` is a fixture.

pytestmark = pytest.mark.django_db
LIST, ARCHIVE, RELATED = "/api/v1/articles/", "/api/v1/archive/", "/api/v1/related/"


def walked(client, url: str, between=lambda: None) -> list[dict]:
    """Return the entries of all pages, going forward; then go back again and find the same ones."""
    pages, address = [], url
    while address:
        page = client.get(address).json()
        pages.append(page["results"])
        between()
        address = page["next"]
    return [entry for page in pages for entry in page]


def went_back(client, url: str) -> list[dict]:
    """Go to the last page, and return the entries of all pages on the way back, in the order of the list."""
    page = client.get(url).json()
    while page["next"]:
        page = client.get(page["next"]).json()
    found = page["results"]
    while page["previous"]:
        page = client.get(page["previous"]).json()
        found = page["results"] + found
    return found


def refused(answer, parameter: str) -> dict:
    assert answer.status_code == 400, answer.content
    (error,) = [error for error in answer.json()["errors"] if error["parameter"] == parameter]
    return error


# Orders


@pytest.mark.parametrize("ordering", query_string.ORDERINGS)
@pytest.mark.parametrize("size", [1, 2, 5, 100])
def test_every_order_is_walked_forth_and_back(client, desk, ordering, size):  # noqa: F811
    newsroom.article("ONE of equals", slug="equal-1").publish(now=timezone.now())
    newsroom.article("one of equals", slug="equal-2").publish(now=timezone.now())
    keys = {
        "published": lambda row: (row.published_at, row.article_id),
        "updated": lambda row: (row.updated_at or row.published_at, row.article_id),
        "title": lambda row: (row.headline.lower(), row.article_id),
    }
    rows = sorted(LiveDocument.objects.live(timezone.now()), key=keys[ordering.strip("-")], reverse=ordering[0] == "-")
    url = f"{LIST}?ordering={ordering}&page_size={size}&fields=slug"
    assert [card["slug"] for card in walked(client, url)] == [row.slug for row in rows]
    assert [card["slug"] for card in went_back(client, url)] == [row.slug for row in rows]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    ordering=st.sampled_from(query_string.ORDERINGS),
    size=st.integers(1, 4),
    new=st.lists(st.text("abz", min_size=1, max_size=2), max_size=6),
)
def test_a_walk_while_others_publish_loses_and_repeats_nothing(client, desk, ordering, size, new):  # noqa: F811
    there = {row.slug for row in LiveDocument.objects.live(timezone.now())}
    titles = iter(new)

    def publish():
        if title := next(titles, None):
            newsroom.article(f"{title} arrives").publish(now=timezone.now())

    found = [card["slug"] for card in walked(client, f"{LIST}?ordering={ordering}&page_size={size}", publish)]
    assert len(found) == len(set(found)) and there <= set(found)


def test_an_ascending_list_works_under_facets_and_dates(client, desk):  # noqa: F811
    newest = slugs(client.get(f"{LIST}?person=mara-okonjo,teo-varga"))
    assert slugs(client.get(f"{LIST}?person=mara-okonjo,teo-varga&ordering=published")) == newest[::-1]
    since = f"{timezone.now() - timedelta(days=1):%Y-%m-%d}"
    found = slugs(client.get(f"{LIST}?updated_after={since}&ordering=-updated"))
    assert found and set(found) == set(slugs(client.get(f"{LIST}?updated_after={since}")))


@pytest.mark.parametrize("ordering", ["title", "-title", "updated", "-updated"])
def test_an_order_without_an_index_is_refused_with_what_to_leave_out(client, desk, ordering):  # noqa: F811
    for given_filter in (
        "section=film",
        "kind=news",
        "q=carpet",
        "locale=en",
        "published_after=2020-01-01",
        "lead=any",
    ):
        error = refused(client.get(f"{LIST}?ordering={ordering}&{given_filter}"), "ordering")
        assert given_filter.partition("=")[0] in error["detail"] and error["allowed"] == ["-published", "published"]
    story = LiveDocument.objects.live(timezone.now()).first()
    assert slugs(client.get(f"{LIST}?ordering={ordering}&id={story.article_id}")) == [story.slug]
    assert client.get(f"{LIST}?ordering={ordering}&exclude_id={story.article_id}&channel=web").status_code == 200
    assert refused(client.get(f"{LIST}?ordering=random"), "ordering")["allowed"] == list(query_string.ORDERINGS)


def test_a_cursor_of_another_order_is_refused(client, desk):  # noqa: F811
    cursor = client.get(f"{LIST}?ordering=title&page_size=2").json()["next"].partition("cursor=")[2]
    assert "another order" in refused(client.get(f"{LIST}?cursor={cursor}"), "cursor")["detail"]
    cursor = client.get(f"{LIST}?page_size=2").json()["next"].partition("cursor=")[2]
    assert "another order" in refused(client.get(f"{LIST}?ordering=title&cursor={cursor}"), "cursor")["detail"]
    assert client.get(f"/api/v1/people/?ordering=name&cursor={cursor}").status_code == 400


@pytest.fixture
def directory(db):
    people = [
        newsroom.person("Zoë Okafor-Lindqvist", sort_name="Okafor-Lindqvist, Zoë"), newsroom.person("Ágnes Varga"),
        newsroom.person("agnes adeyemi"), newsroom.person("Ana de Armas", sort_name="Armas, Ana de"), newsroom.person("王菲"),
    ]  # fmt: skip
    works = [
        newsroom.work("Élan", release_date=date(2024, 5, 1)), newsroom.work("Eland"), newsroom.work("The Glass Orchard", release_date=date(2026, 1, 2)),
        newsroom.work("elan vital", release_date=date(2024, 5, 1)),
    ]  # fmt: skip
    newsroom.article(people=people, works=works).publish(now=timezone.now())


@pytest.mark.parametrize("size", [1, 2, 100])
def test_people_and_works_are_sorted_as_people_sort_them(client, directory, size):
    def names(plural, query):
        url, key = f"/api/v1/{plural}/?page_size={size}&{query}", "name" if plural == "people" else "title"
        found = [entry[key] for entry in walked(client, url)]
        assert [entry[key] for entry in went_back(client, url)] == found
        return found

    by_name = ["agnes adeyemi", "Ágnes Varga", "Ana de Armas", "Zoë Okafor-Lindqvist", "王菲"]
    assert names("people", "ordering=name") == by_name
    assert names("people", "ordering=-name") == by_name[::-1]
    assert names("people", "starts_with=ag") == names("people", "starts_with=ÁG") == by_name[:2]
    assert names("people", "starts_with=okafor") == ["Zoë Okafor-Lindqvist"]
    assert names("people", "starts_with=a&ordering=-name") == by_name[2::-1]
    assert names("people", "starts_with=x") == []
    assert names("works", "ordering=title") == ["Élan", "elan vital", "Eland", "The Glass Orchard"]
    assert names("works", "starts_with=elan") == ["Élan", "elan vital", "Eland"]
    assert names("works", "ordering=release_date") == ["Élan", "elan vital", "The Glass Orchard"]
    assert names("works", "ordering=-release_date") == ["The Glass Orchard", "elan vital", "Élan"]
    assert names("people", "ordering=-slug") == names("people", "")[::-1]


def test_beginnings_go_with_the_order_of_names_and_with_nouns_that_have_one(client, directory):
    refused(client.get("/api/v1/people/?starts_with=a&ordering=slug"), "ordering")
    refused(client.get("/api/v1/works/?starts_with=a&ordering=release_date"), "ordering")
    refused(client.get("/api/v1/people/?starts_with="), "starts_with")
    refused(client.get("/api/v1/people/?starts_with=%00"), "starts_with")
    refused(client.get(f"/api/v1/people/?starts_with={'a' * 51}"), "starts_with")
    refused(client.get("/api/v1/people/?ordering=release_date"), "ordering")
    refused(client.get("/api/v1/tags/?ordering=name"), "ordering")


def test_a_new_name_is_sorted_anew_and_rows_of_the_release_before_are_filled(client, directory):
    mara = Person.objects.get(name="Ágnes Varga")
    mara.name = "Mara Varga"
    mara.save()
    assert bytes(Person.objects.get(pk=mara.pk).sort_key) == b"mara varga"
    Work.objects.update(sort_key=None)
    assert client.get("/api/v1/works/?ordering=title").json()["results"] == []
    assert Work.objects.fill_sort_keys() == 4
    assert len(client.get("/api/v1/works/?ordering=title").json()["results"]) == 4


# Filters


def test_stories_that_are_on_the_page_already_are_left_out(client, desk):  # noqa: F811
    rows = list(LiveDocument.objects.live(timezone.now()))
    left_out = f"exclude_id={rows[0].article_id},{rows[2].article_id}"
    assert slugs(client.get(f"{LIST}?{left_out}")) == [row.slug for row in rows[1:2] + rows[3:]]
    assert slugs(client.get(f"{LIST}?{left_out}&id={rows[0].article_id},{rows[1].article_id}")) == [rows[1].slug]
    assert rows[0].slug not in slugs(client.get(f"/api/v1/search/?q=story&{left_out}"))
    many = ",".join(f"01980c2e-7b1a-7c3d-9e4f-{number:012d}" for number in range(101))
    assert "100" in refused(client.get(f"{LIST}?exclude_id={many}"), "exclude_id")["detail"]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_all_of_several_means_every_one(desk, data):  # noqa: F811
    values = {
        "person": ["mara-okonjo", "teo-varga"],
        "work": ["the-glass-orchard", "low-tide"],
        "tag": ["festival-season"],
        "section": ["film", "reviews", "music"],
    }
    facets = {
        name: tuple(data.draw(st.lists(st.sampled_from(values[name]), min_size=1, max_size=2, unique=True)))
        for name in data.draw(st.lists(st.sampled_from(sorted(values)), unique=True, min_size=1, max_size=3))
    }
    now = timezone.now()
    chosen = query_string.Selection(
        facets=facets, match_all=True, ordering=data.draw(st.sampled_from(["-published", "published"]))
    )
    found = {row.key for row in queries.page(chosen, query_string.Page(100), now).rows}
    expected = set(LiveDocument.objects.live(now).values_list("pk", flat=True))
    for name, wanted in facets.items():
        for value in wanted:
            key = queries.NOUNS[name].objects.get(slug=value).pk
            expected &= set(
                Facet.objects.filter(kind=queries.FACET_KINDS[name], key=key).values_list("document", flat=True)
            )
    assert found == expected == set(queries.selected(chosen, now).values_list("pk", flat=True))
    assert extents.count(chosen, now) == len(expected)


def test_match_is_any_or_all(client, desk):  # noqa: F811
    both = f"{LIST}?person=mara-okonjo,teo-varga"
    assert slugs(client.get(f"{both}&match=all")) == ["two"]
    assert slugs(client.get(f"{both}&match=any")) == slugs(client.get(both))
    assert slugs(client.get(f"{both}&match=all&kind=news,review")) == ["two"]
    assert refused(client.get(f"{both}&match=both"), "match")["allowed"] == ["any", "all"]


def test_stories_with_and_without_a_photo_above_them(client):
    photo = newsroom.photo()
    newsroom.article("With one", lead=photo).publish(now=timezone.now())
    newsroom.article("Without one").publish(now=timezone.now())
    assert slugs(client.get(f"{LIST}?lead=any")) == ["with-one"]
    assert slugs(client.get(f"{LIST}?lead=none")) == ["without-one"]
    assert set(slugs(client.get("/api/v1/search/?q=one&lead=none"))) == {"without-one"}
    photo.kill(reason="test", by=None)
    assert slugs(client.get(f"{LIST}?lead=any")) == []
    assert set(slugs(client.get(f"{LIST}?lead=none"))) == {"with-one", "without-one"}
    assert refused(client.get(f"{LIST}?lead=some"), "lead")["allowed"] == ["any", "none"]


def test_lead_asks_what_web_pages_show(client):
    site = newsroom.site()
    site.channels = ["web", "app"]
    site.save()
    assert "web pages" in refused(client.get(f"{LIST}?lead=any&channel=app"), "lead")["detail"]


def test_a_language_alone_is_all_its_regions(client, desk):  # noqa: F811
    assert slugs(client.get(f"{LIST}?locale=en")) == slugs(client.get(f"{LIST}?locale=en-US,en-GB"))
    assert slugs(client.get(f"{LIST}?locale=EN,de")) == slugs(client.get(LIST))
    assert slugs(client.get(f"{LIST}?locale=en-GB")) == ["three"]
    assert slugs(client.get(f"{LIST}?locale=fr")) == slugs(client.get(f"{LIST}?locale=fr-FR")) == []
    assert client.get(f"{LIST}?locale=e").status_code == 400
    assert slugs(client.get("/api/v1/search/?q=story&locale=en")) == slugs(
        client.get("/api/v1/search/?q=story&locale=en-US,en-GB")
    )


# Counts


def test_a_list_is_counted_whatever_page_is_asked_for(client, desk):  # noqa: F811
    for query in (
        "",
        "person=mara-okonjo",
        "person=mara-okonjo,teo-varga&section=film",
        "locale=en",
        "kind=news&tag=festival-season",
        "q=story",
        "updated_after=2020-01-01",
        "lead=none",
        "ordering=title",
    ):
        whole = slugs(client.get(f"{LIST}?page_size=100&{query}"))
        page = client.get(f"{LIST}?page_size=1&count=true&{query}").json()
        assert page["count"] == len(whole), query
        if page["next"]:
            assert client.get(page["next"]).json()["count"] == len(whole)
    assert "count" not in client.get(LIST).json() and "count" not in client.get(f"{LIST}?count=false").json()
    refused(client.get(f"{LIST}?count=yes"), "count")


def test_counting_stops_at_a_thousand_and_says_so_where_it_cannot_tell(client, desk, monkeypatch):  # noqa: F811
    monkeypatch.setattr(extents, "MOST_COUNTED", 3)
    assert client.get(f"{LIST}?count=true").json()["count"] == "1000+"
    assert client.get(f"{LIST}?count=true&kind=review").json()["count"] == 2
    monkeypatch.setattr(extents, "MOST_EXAMINED", 2)
    assert client.get(f"{LIST}?count=true&kind=review,news&person=teo-varga").json()["count"] is None


def test_a_changed_count_is_another_answer(client, desk):  # noqa: F811
    first = client.get(f"{LIST}?count=true&page_size=1")
    newsroom.article("Older than all", original_published_at=datetime(2020, 1, 1, tzinfo=UTC)).publish(
        now=timezone.now()
    )
    second = client.get(f"{LIST}?count=true&page_size=1", headers={"If-None-Match": first["ETag"]})
    assert second.status_code == 200 and second.json()["count"] == first.json()["count"] + 1


# The archive


@pytest.mark.parametrize("zone", ["UTC", "America/Los_Angeles", "Pacific/Auckland", "Asia/Kolkata"])
def test_months_are_those_of_the_sites_clock_to_the_microsecond(client, zone):
    newsroom.site(time_zone=zone)
    begins = datetime(2024, 11, 1, tzinfo=ZoneInfo(zone)).astimezone(UTC)
    ends = datetime(2024, 12, 1, tzinfo=ZoneInfo(zone)).astimezone(UTC)
    step = timedelta(microseconds=1)
    for name, at in (("Before", begins - step), ("First", begins), ("Last", ends - step), ("After", ends)):
        newsroom.article(f"{name}", original_published_at=at).publish(now=timezone.now())
    assert slugs(client.get(f"{ARCHIVE}2024/11/")) == ["last", "first"]
    assert slugs(client.get(f"{ARCHIVE}2024/11/?ordering=published")) == ["first", "last"]
    assert client.get(f"{ARCHIVE}2024/11/?count=true").json()["count"] == 2
    months = client.get(ARCHIVE).json()["results"]
    assert [(month["year"], month["month"]) for month in months] == [(2024, 12), (2024, 11), (2024, 10)]
    assert slugs(client.get(months[1]["articles"])) == ["last", "first"]
    refused(client.get(f"{ARCHIVE}2024/11/?ordering=title"), "ordering")


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    instants=st.lists(
        st.datetimes(datetime(1700, 1, 2), datetime(2026, 1, 1), timezones=st.just(UTC)), min_size=1, max_size=5
    ),
    zone=st.sampled_from(["UTC", "Asia/Tokyo", "America/Sao_Paulo"]),
)
def test_every_story_is_in_one_month_of_the_index(client, instants, zone):
    LiveDocument.objects.all().delete()
    site = newsroom.site()
    site.time_zone = zone
    site.save()
    for at in instants:
        newsroom.article(original_published_at=at).publish(now=timezone.now())
    months = client.get(ARCHIVE).json()["results"]
    expected = {(at.astimezone(ZoneInfo(zone)).year, at.astimezone(ZoneInfo(zone)).month) for at in instants}
    assert [(month["year"], month["month"]) for month in months] == sorted(expected, reverse=True)
    assert sum(len(slugs(client.get(month["articles"]))) for month in months) == len(instants)
    LiveDocument.objects.all().delete()


def test_an_archive_without_stories_has_no_months(client):
    assert client.get(ARCHIVE).json() == {"results": []}
    refused(client.get(f"{ARCHIVE}?page_size=3"), "page_size")


# Related stories


@pytest.fixture
def related(db):
    mara, teo, orchard, festival = newsroom.person(), newsroom.person("Teo Varga"), newsroom.work(), newsroom.tag()
    plan = {
        "asked": ([mara], [orchard], [festival]), "same-work": ([], [orchard], []), "all-the-same": ([mara], [orchard], [festival]),
        "same-tag": ([], [], [festival]), "same-person": ([mara], [], []), "other": ([teo], [], []), "nobody": ([], [], []),
    }  # fmt: skip
    now = timezone.now()
    return {
        slug: publish_one(slug, *topics, at=now - timedelta(days=number)) for number, (slug, topics) in enumerate(plan.items())
    }  # fmt: skip


def publish_one(slug, people, works, tags, at):
    story = newsroom.article(
        slug.replace("-", " "), slug=slug, people=people, works=works, tags=tags, original_published_at=at
    )
    story.publish(now=timezone.now())
    return story


def test_related_stories_share_people_works_and_tags_the_closest_first(client, related):
    assert slugs(client.get(f"{RELATED}?for=asked")) == ["all-the-same", "same-work", "same-person", "same-tag"]
    assert slugs(client.get(f"{RELATED}?for={related['asked'].pk}&page_size=2")) == ["all-the-same", "same-work"]
    left = slugs(client.get(f"{RELATED}?for=asked&exclude_id={related['same-work'].pk}"))
    assert left == ["all-the-same", "same-person", "same-tag"]
    assert slugs(client.get(f"{RELATED}?for=nobody")) == slugs(client.get(f"{RELATED}?for=other")) == []
    assert client.get(f"{RELATED}?for=asked&fields=slug").json()["results"][0] == {"slug": "all-the-same"}
    assert client.get(f"{RELATED}?for=asked&expand=people").json()["results"][0]["people"][0]["description"] == ""


def test_related_stories_of_what_is_not_live_are_refused_as_it_is(client, related):
    related["same-work"].withdraw(reason="test")
    related["same-tag"].move(slug="moved-tag")
    assert "same-work" not in slugs(client.get(f"{RELATED}?for=asked"))
    gone = client.get(f"{RELATED}?for=same-work")
    assert gone.status_code == 410
    moved = client.get(f"{RELATED}?for=same-tag")
    assert (moved.status_code, moved["Location"]) == (301, f"{RELATED}?for=moved-tag")
    assert client.get(f"{RELATED}?for=no-such-story").status_code == 404
    assert "slug or its id" in refused(client.get(RELATED), "for")["detail"]
    assert newsroom.article("Draft", slug="draft") and client.get(f"{RELATED}?for=draft").status_code == 404


# Expanded references


def test_related_stories_and_authors_come_whole_when_asked(client):
    june = newsroom.author(biography="Writes about film.", same_as=["https://example.com/june", "javascript:alert(1)"])
    other = newsroom.article("The other one", lead=newsroom.photo())
    other.publish(now=timezone.now())
    gone = newsroom.article("Soon gone")
    gone.publish(now=timezone.now())
    story = newsroom.article("The story")
    story.related.set([other, gone])
    story.publish(now=timezone.now())
    url = f"{LIST}{story.slug}/"
    assert set(client.get(url).json()["related"][0]) == {"slug", "headline", "path"}
    answer = client.get(f"{url}?expand=related,authors")
    card = client.get(f"{LIST}?id={other.pk}").json()["results"][0]
    assert card in answer.json()["related"] and len(answer.json()["related"]) == 2
    assert answer.json()["authors"][0]["biography"] == june.biography
    assert answer.json()["authors"][0]["same_as"] == ["https://example.com/june"]
    assert f"article:{other.pk}" in answer["Surrogate-Key"] and f"article:{story.pk}" in answer["Surrogate-Key"]
    small = client.get(f"{url}?expand=related&fields=related(slug,lead(alt))").json()
    assert {"slug": other.slug, "lead": {"alt": card["lead"]["alt"]}} in small["related"]
    gone.withdraw(reason="test")
    assert [each["slug"] for each in client.get(f"{url}?expand=related").json()["related"]] == [other.slug]
    error = refused(client.get(f"{LIST}?expand=related"), "expand")
    assert error["allowed"] == ["people", "works", "authors"]


def test_cards_of_related_stories_hold_the_channels_rights(client):
    site = newsroom.site()
    site.channels = ["web", "app"]
    site.save()
    photo = newsroom.photo()
    Right.objects.create(photo=photo, effect="deny", channels=["app"])
    other = newsroom.article("The other one", lead=photo)
    other.publish(now=timezone.now())
    story = newsroom.article("The story")
    story.related.set([other])
    story.publish(now=timezone.now())
    url = f"{LIST}{story.slug}/?expand=related"
    assert client.get(url).json()["related"][0]["lead"]["id"] == str(photo.pk)
    assert client.get(f"{url}&channel=app").json()["related"][0]["lead"] is None


# Articles by id


def test_an_article_is_found_by_its_id_as_by_its_slug(client, django_assert_num_queries):
    story = newsroom.article("Found by id", slug="found-by-id")
    assert client.get(f"{LIST}{story.pk}/").status_code == 404
    story.publish(now=timezone.now())
    by_slug = client.get(f"{LIST}found-by-id/")
    with django_assert_num_queries(1):
        by_id = client.get(f"{LIST}{story.pk}/")
    assert by_id.content == by_slug.content
    assert all(by_id[name] == by_slug[name] for name in ("ETag", "Surrogate-Key", "Cache-Control"))
    assert client.get(f"{LIST}{str(story.pk).upper()}/").content == by_slug.content
    assert client.get(f"{LIST}{story.pk}/", headers={"If-None-Match": by_slug["ETag"]}).status_code == 304
    assert client.get(f"{LIST}{story.pk}/?format=ninjs").status_code == 200
    story.move(slug="found-elsewhere")
    assert client.get(f"{LIST}{story.pk}/").json()["slug"] == "found-elsewhere"
    story.withdraw(reason="test")
    assert client.get(f"{LIST}{story.pk}/").status_code in (301, 410)
    assert client.get(f"{LIST}01980c2e-7b1a-7c3d-9e4f-5a6b7c8d9e0f/").status_code == 404


def test_a_slug_that_looks_like_an_id_is_still_found(client):
    slug = "01980c2e-7b1a-7c3d-9e4f-5a6b7c8d9e0f"
    newsroom.article("Odd", slug=slug).publish(now=timezone.now())
    assert client.get(f"{LIST}{slug}/").json()["slug"] == slug
