"""Finding stories: one table of cases, the same on both databases."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from articles.api.cursors import EPOCH, Place, write_cursor
from articles.live import refresh, search
from articles.models import Article, LiveDocument, SearchEntry, SearchName
from media.words import search_terms

from . import newsroom

pytestmark = pytest.mark.django_db


def names_of(results):
    return {hit.document.slug for hit in results.hits}


def find(text, **options):
    return search.search(text, at=options.pop("at", timezone.now()), **options)


@pytest.fixture
def stories(db):
    """Publish the stories that the table of cases searches."""
    now = timezone.now() - timedelta(minutes=1)
    anya = newsroom.person("Añya de Ormas")
    anya.aliases.create(name="The Lantern Girl")
    orchard = newsroom.work("The Glass Orchard")

    def publish(slug, headline, text, **fields):
        newsroom.article(headline, slug=slug, body=f"<p>{text}</p>", **{"standfirst": ""} | fields).publish(now=now)

    publish("anya", "Añya de Ormas walks the carpet", "She wore green.", people=[anya])
    publish("orchard", "The Glass Orchard opens", "A premiere with rain.", works=[orchard])
    publish("blonde", "Blonde ambition at The Glass Orchard", "Everybody dyed their hair.", works=[orchard])
    publish("noelle", "Noëllé announces two tours", "Tickets for the touring show sell on Friday.")
    publish("bjorn", "Bjørn Strøm sings", "At the Straße hall, O’Malley’s band played.")
    publish("arabic", "مهرجان السينما يفتتح الليلة", "حضر الجميع العرض الأول.")
    publish("korean", "봉하늘은 새 영화를 찍는다", "감독은 서울에 있다.")
    publish("japanese", "新作映画の発表", "東京で撮影が始まった。")
    publish("cpp", "A film about C++ and quote marks", "Programmers like it.")
    publish("who", "The Who at the Hall", "It was loud.")
    return now


CASES = [
    ('c++ "quote', {"cpp"}),
    ("noelle", {"noelle"}),
    ("Noëllé", {"noelle"}),
    ("NOËLLE", {"noelle"}),
    ("noelle's tour", {"noelle"}),
    ("touring", {"noelle"}),
    ("tours", {"noelle"}),
    ("anya de orm", {"anya"}),
    ("anya de ormas", {"anya"}),
    ("lantern girl", {"anya"}),
    ("annya de ormaz", {"anya"}),
    ("ormaz", {"anya"}),
    ("glas orchad", {"orchard", "blonde"}),
    ("glass orchard", {"orchard", "blonde"}),
    ('"glass orchard" -blonde', {"orchard"}),
    ('"orchard glass"', {"orchard", "blonde"}),  # No such phrase, but a name very like it.
    ("“glass orchard” –blonde", {"orchard"}),
    ("orchard rain", {"orchard"}),
    ("the who", {"who"}),
    ("it was loud", {"who"}),
    ("bjorn strom", {"bjorn"}),
    ("Bjørn", {"bjorn"}),
    ("strasse", {"bjorn"}),
    ("omalley", {"bjorn"}),
    ("O'Malley", {"bjorn"}),
    ("السينما", {"arabic"}),
    ("봉하늘", {"korean"}),
    ("봉하늘 영화", {"korean"}),
    ("映画", {"japanese"}),
    ("🎬", set()),
    ("🎬 noelle", {"noelle"}),
    ("", set()),
    ("   ", set()),
    ('"', set()),
    ("-", set()),
    ("-blonde", set()),
    ("' OR 1=1 --", set()),
    ("'; DROP TABLE articles_livedocument; --", set()),
    ("headline:noelle", set()),
    ("noelle*", {"noelle"}),
    ("^noelle", {"noelle"}),
    ("noelle AND", set()),
    ("NEAR(noelle tours, 3)", set()),
    ("noelle & !tours | (", {"noelle"}),
    ("noelle:*", {"noelle"}),
    ("{headline}: noelle", set()),
    ("\x00noelle\x00", {"noelle"}),
    ("\ud800".encode("utf-8", "replace").decode() + "noelle", {"noelle"}),
    ("xkcd " * 2048, set()),
    ("a" * 10_240, set()),
    ('"' * 10_240, set()),
    ("%_\\" * 3000, set()),
]


@pytest.mark.parametrize(("text", "expected"), CASES, ids=[repr(text)[:40] for text, _ in CASES])
def test_one_table_of_cases_holds_on_both_databases(stories, text, expected):
    assert names_of(find(text)) == expected


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=300) | st.text(alphabet="ab\"-*:()^{}'&|!<> \\%é한", max_size=60))
def test_nothing_that_is_typed_fails(db, text):
    find(text)
    search.suggest(text, at=timezone.now())
    list(search.narrow(LiveDocument.objects.all(), text))


def test_headline_weighs_more_than_names_standfirst_and_text():
    now = timezone.now() - timedelta(minutes=1)
    zephyr = newsroom.person("Zephyr Quill")
    fill = "<p>Nothing else happened in the long and quiet town that day.</p>"
    for slug, fields in {
        "body": {"body": "<p>Then zephyr came by, in the long and quiet town that day.</p>"},
        "standfirst": {"standfirst": "A night with zephyr and friends.", "body": fill},
        "names": {"people": [zephyr], "body": fill},
        "headline": {"headline": "The zephyr tour begins", "body": fill},
        **{f"other-{number}": {"body": fill} for number in range(6)},
    }.items():
        newsroom.article(**{"headline": "An evening in town", "slug": slug, "standfirst": ""} | fields).publish(now=now)
    assert [hit.document.slug for hit in find("zephyr").hits] == ["headline", "names", "standfirst", "body"]


def test_a_newer_story_comes_before_an_older_one_that_matches_as_well():
    now = timezone.now()
    for slug, days in (("older", 900), ("newer", 2)):
        newsroom.article("Lanterns on the river", slug=slug).publish(now=now - timedelta(days=days))
    assert [hit.document.slug for hit in find("lanterns").hits] == ["newer", "older"]


def test_drafts_scheduled_ended_and_withdrawn_stories_are_never_found(editor):
    now = timezone.now()
    headline = "Quixotic gala"
    newsroom.article(headline, slug="draft")
    newsroom.article(headline, slug="coming").publish(now=now, at=now + timedelta(hours=1))
    newsroom.article(headline, slug="ended").publish(now=now - timedelta(hours=2), ends=now - timedelta(hours=1))
    gone = newsroom.article(headline, slug="gone")
    gone.publish(now=now - timedelta(hours=2))
    gone.withdraw(by=editor, reason="wrong", now=now)
    newsroom.article(headline, slug="live").publish(now=now)
    assert names_of(find("quixotic", at=now)) == {"live"}
    assert names_of(find("quixotic", at=now + timedelta(hours=1))) == {"live", "coming"}
    assert {row["slug"] for row in search.suggest("quix", at=now)} == {"live"}


def test_a_search_takes_one_statement_and_a_misspelt_name_two(
    stories, django_assert_num_queries, django_assert_max_num_queries
):
    with django_assert_num_queries(1):
        assert find("noelle").hits[0].document.bytes.card
    # On PostgreSQL one more tells, every five minutes, whether several words are rare together.
    with django_assert_max_num_queries(3):
        assert find("annya de ormaz").did_you_mean == "Añya de Ormas"
    with django_assert_num_queries(0):
        assert not find("  ").hits


def test_filters_narrow_a_search(stories):
    film = newsroom.section("Film")
    music = newsroom.section("Music")
    newsroom.article("Noelle at the opera", slug="opera", section=music).publish(now=stories)
    assert names_of(find("noelle")) == {"noelle", "opera"}
    for section, slug in ((film, "noelle"), (music, "opera")):
        inside = LiveDocument.objects.live(timezone.now()).filter(facets__kind=1, facets__key=section.pk)
        assert names_of(find("noelle", within=inside)) == {slug}
        assert [row.slug for row in search.narrow(inside, "noelle")] == [slug]


def test_pages_of_a_search_follow_one_another(stories):
    for number in range(7):
        newsroom.article(f"Carousel number {number}", slug=f"carousel-{number}").publish(now=stories)
    pages = [find("carousel", limit=3, offset=offset) for offset in (0, 3, 6)]
    assert [page.more for page in pages] == [True, True, False]
    assert len(set().union(*map(names_of, pages))) == 7
    assert not find("carousel", limit=3, offset=9).hits
    similar = [find("annya de ormaz", limit=1, offset=offset, nearly=True) for offset in (0, 1)]
    assert [names_of(page) for page in similar] == [{"anya"}, set()]


def test_a_republished_story_is_found_by_its_new_words_only(stories):
    story = newsroom.article("Periwinkle evening", slug="flower")
    story.publish(now=stories)
    story.headline = "Marigold evening"
    story.save()
    story.publish(now=timezone.now(), kind="update")
    assert not find("periwinkle").hits
    assert names_of(find("marigold")) == {"flower"}


def test_entries_go_with_their_document_and_come_back_with_a_rebuild(stories):
    rows = list(LiveDocument.objects.filter(status=200))
    assert SearchEntry.objects.count() == len(rows)
    articles = [row.article for row in LiveDocument.objects.filter(status=200).select_related("article")]
    LiveDocument.objects.all().delete()
    assert not SearchEntry.objects.exists()
    assert not find("noelle").hits
    assert words_kept() == 0
    Article.objects.rebuild(articles, timezone.now())
    assert names_of(find("noelle")) == {"noelle"}


def words_kept() -> int:
    table = "articles_search" if connection.vendor == "sqlite" else "articles_searchentry"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        return cursor.fetchone()[0]


def test_a_renamed_person_is_found_by_the_new_name_once_the_document_is_fresh(stories):
    person = newsroom.person("Añya de Ormas")
    person.name = "Inez Calloway"
    person.save()
    for document in LiveDocument.objects.stale(timezone.now()):
        refresh.refresh(document.pk, timezone.now())
    assert find("ines callaway").did_you_mean == "Inez Calloway"
    assert not SearchName.objects.filter(folded="ormas").exists()


def test_snippets_mark_the_words_and_escape_the_rest(stories):
    text = "Long before. " * 40 + "He said <b>&amp; Periwinkles</b> bloom at 3 < 4 tonight. " + "Long after. " * 40
    newsroom.article("A & B <quietly>", slug="marks", body=f"<p>{text}</p>").publish(now=stories)
    hit = find("periwinkle").hits[0]
    assert "<mark>Periwinkles</mark> bloom at 3 &lt; 4" in hit.snippet_html
    assert hit.snippet_html.startswith("… ") and hit.snippet_html.endswith(" …")
    assert hit.headline_html == "A &amp; B &lt;quietly&gt;"
    assert find("noelle").hits[0].headline_html == "<mark>Noëllé</mark> announces two tours"
    assert "<mark>Añya de Ormas</mark>" in find("annya de ormaz").hits[0].headline_html.replace("</mark> <mark>", " ")


def test_suggestions_come_as_one_types(stories, django_assert_max_num_queries):
    with django_assert_max_num_queries(3):
        found = search.suggest("orm", at=timezone.now())
    assert found[0] == {
        "type": "person",
        "name": "Añya de Ormas",
        "slug": "anya-de-ormas",
        "path": "/person/anya-de-ormas/",
    }
    assert {
        "type": "work",
        "name": "The Glass Orchard",
        "slug": "the-glass-orchard",
        "path": "/film/the-glass-orchard/",
    } in (search.suggest("glass orch", at=timezone.now()))
    assert search.suggest("annya de or", at=timezone.now())[0]["name"] == "Añya de Ormas"
    assert "noelle" in {row["slug"] for row in search.suggest("two to", at=timezone.now())}
    assert search.suggest("🎬", at=timezone.now()) == []


def test_people_without_a_live_story_are_not_suggested(stories):
    newsroom.article("A draft", people=[newsroom.person("Hidden Figure")])
    newsroom.article("A plan", people=[newsroom.person("Hidden Planner")]).publish(
        now=timezone.now(), at=timezone.now() + timedelta(days=1)
    )
    assert not [row for row in search.suggest("hidden", at=timezone.now()) if row["type"] != "article"]


def test_similarity_is_that_of_the_database():
    if connection.vendor != "postgresql":
        pytest.skip("Compares with pg_trgm, which only PostgreSQL has.")
    pairs = [
        ("ana de armas", "anna de armaz"),
        ("zendaya", "zendeya"),
        ("bong", "bond"),
        ("봉하늘", "봉하늘은"),
        ("a", "b"),
    ]
    with connection.cursor() as cursor:
        for one, other in pairs:
            cursor.execute("SELECT similarity(%s, %s)", [one, other])
            assert search_terms.similarity(one, other) == pytest.approx(cursor.fetchone()[0], abs=1e-6)


# Through the API


def test_the_api_answers_hits_with_highlights_filters_and_pages(stories, client, django_assert_max_num_queries):
    with django_assert_max_num_queries(3):
        found = client.get("/api/v1/search/", {"q": "glass orchard", "section": "film", "page_size": 1}).json()
    assert found["did_you_mean"] is None and found["previous"] is None
    assert found["results"][0]["highlight"]["headline_html"].count("<mark>Glass Orchard</mark>") or (
        "<mark>" in found["results"][0]["highlight"]["headline_html"]
    )
    following = client.get(found["next"]).json()
    assert {found["results"][0]["slug"], following["results"][0]["slug"]} == {"orchard", "blonde"}
    assert following["next"] is None
    assert client.get(following["previous"]).json()["results"] == found["results"]
    assert client.get("/api/v1/search/", {"q": "glass orchard", "section": "nowhere"}).json()["results"] == []


def test_the_api_says_whom_it_took_a_misspelt_name_for(stories, client, django_assert_max_num_queries):
    with django_assert_max_num_queries(3):
        found = client.get("/api/v1/search/?q=annya+de+ormaz").json()
    assert found["did_you_mean"] == "Añya de Ormas"
    assert [hit["slug"] for hit in found["results"]] == ["anya"]


@pytest.mark.parametrize("text", [text for text, _ in CASES], ids=lambda text: repr(text)[:30])
def test_no_query_is_an_error(db, client, text):
    for address in ("/api/v1/search/", "/api/v1/suggest/", "/api/v1/articles/"):
        assert client.get(address, {"q": text}).status_code == 200


def test_an_unknown_parameter_of_a_search_is_named(db, client):
    answer = client.get("/api/v1/search/?q=a&colour=red")
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["parameter"] == "colour"


@pytest.mark.parametrize("offset", [-5, 0, 999, 10**17])
def test_a_forged_cursor_is_no_error(stories, client, offset):
    cursor = write_cursor(Place(EPOCH, offset))
    assert client.get("/api/v1/search/", {"q": "noelle", "cursor": cursor}).status_code in (200, 400)


def test_the_list_of_articles_takes_words_too(stories, client, django_assert_max_num_queries):
    with django_assert_max_num_queries(3):
        found = client.get("/api/v1/articles/?q=glass+orchard&section=film").json()
    assert {card["slug"] for card in found["results"]} == {"orchard", "blonde"}
    assert client.get("/api/v1/articles/?q=%20").json()["results"] == []


def test_a_killed_photo_shows_in_no_hit(client, db):
    now = timezone.now() - timedelta(minutes=1)
    lead = newsroom.photo(caption="The tangerine gown.")
    newsroom.article("Tangerine night", slug="gown", lead=lead, photos=[lead]).publish(now=now)
    found = client.get("/api/v1/search/?q=tangerine").json()["results"][0]
    lead.kill(by=None, reason="test", at=timezone.now())
    after = client.get("/api/v1/search/?q=tangerine").json()["results"][0]
    assert found["slug"] == after["slug"] and after["lead"] is None
    assert "gown." not in after["highlight"]["snippet_html"]


def test_suggestions_of_the_api(stories, client):
    answer = client.get("/api/v1/suggest/?q=ormas")
    assert answer.json()["results"][0]["slug"] == "anya-de-ormas"
    assert answer["Cache-Control"].startswith("public, max-age=0")


@pytest.mark.parametrize("year", [7656, 100])
def test_a_story_of_any_year_can_be_published(db, year):
    now = timezone.now()
    when = now.replace(year=year, month=3, day=1)
    story = newsroom.article(f"Year {year}", original_published_at=when if when < now else None)
    story.publish(at=max(when, now), now=now)
    assert story.live_documents.get().published_at == when
