"""Validators, lifetimes, compression, refusals: the HTTP of the public API."""

import gzip
import json
import re
import resource
from datetime import timedelta

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from articles.api import http_cache
from articles.models import LiveDocument
from media.whole_files import WholeFiles

from . import newsroom

pytestmark = pytest.mark.django_db
LIST = "/api/v1/articles/"
PROBLEM = "application/problem+json"


@pytest.fixture
def story(db):
    made = newsroom.article(lead=newsroom.photo(), people=[newsroom.person()], works=[newsroom.work()])
    made.publish(now=timezone.now())
    return made


@pytest.fixture
def url(story):
    return f"{LIST}{story.slug}/"


def directives(response) -> dict[str, int]:
    return {name: int(value) for name, value in re.findall(r"([a-z-]+)=(\d+)", response["Cache-Control"])}


# Validators


def test_a_document_carries_its_own_strong_etag_and_answers_304_to_it(client, url, django_assert_num_queries):
    first = client.get(url)
    assert first["ETag"] == f'"{LiveDocument.objects.get().etag}"'
    with django_assert_num_queries(1):
        again = client.get(url, headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304 and again.content == b"" and again["ETag"] == first["ETag"]
    assert again["Cache-Control"] == first["Cache-Control"] and again["Vary"] == first["Vary"]
    for value in (f"W/{first['ETag']}", f'"other", {first["ETag"]}', "*"):
        assert client.get(url, headers={"If-None-Match": value}).status_code == 304
    for value in ('"other"', "", "rubbish", '"'):
        assert client.get(url, headers={"If-None-Match": value}).status_code == 200


def test_a_changed_fact_changes_the_etag(client, url, story):
    before = client.get(url)["ETag"]
    story.lead_photo.kill(by=None, reason="test")
    after = client.get(url, headers={"If-None-Match": before})
    assert after.status_code == 200 and after["ETag"] != before


def test_a_list_answers_304_until_something_changes(client, url, story):
    first = client.get(LIST)
    assert client.get(LIST, headers={"If-None-Match": first["ETag"]}).status_code == 304
    newsroom.article("Another story").publish(now=timezone.now())
    assert client.get(LIST, headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_a_chosen_part_has_an_etag_of_its_own(client, url):
    whole, part = client.get(url), client.get(f"{url}?fields=headline")
    assert whole["ETag"] != part["ETag"]
    assert client.get(f"{url}?fields=headline", headers={"If-None-Match": whole["ETag"]}).status_code == 200
    assert client.get(f"{url}?fields=headline", headers={"If-None-Match": part["ETag"]}).status_code == 304


def test_last_modified_is_given_once_its_second_is_over(client):
    moment = timezone.now().replace(microsecond=300_000)
    with time_machine.travel(moment, tick=False) as clock:
        made = newsroom.article()
        made.publish(now=timezone.now())
        assert "Last-Modified" not in client.get(f"{LIST}{made.slug}/")
        clock.shift(2)
        first = client.get(f"{LIST}{made.slug}/")
        stamp = first["Last-Modified"]
        assert client.get(f"{LIST}{made.slug}/", headers={"If-Modified-Since": stamp}).status_code == 304
        assert (
            client.get(f"{LIST}{made.slug}/", headers={"If-Modified-Since": stamp, "If-None-Match": '"x"'}).status_code
            == 200
        )
        made.headline += "!"
        made.save()
        made.publish(now=timezone.now())
        clock.shift(2)
        assert client.get(f"{LIST}{made.slug}/", headers={"If-Modified-Since": stamp}).status_code == 200


def test_head_answers_as_get_without_the_body(client, url):
    for address in (url, LIST, "/api/v1/people/", f"{LIST}nothing-here/", f"{LIST}?nonsense=1"):
        got, head = client.get(address), client.head(address)
        assert head.status_code == got.status_code and head.content == b""
        for name in ("ETag", "Cache-Control", "Content-Type", "Vary"):
            assert head.get(name) == got.get(name)
    assert client.head(url)["Content-Length"] == client.get(url)["Content-Length"]


def test_gzip_is_given_to_those_who_take_it_under_an_etag_of_its_own(client, url):
    plain = client.get(url)
    packed = client.get(url, headers={"Accept-Encoding": "br, gzip"})
    assert packed["Content-Encoding"] == "gzip" and gzip.decompress(packed.content) == plain.content
    assert (
        packed["ETag"] == plain["ETag"][:-1] + '-gzip"' and packed["Vary"] == "Accept-Encoding, Accept" == plain["Vary"]
    )
    assert client.get(url, headers={"Accept-Encoding": "gzip", "If-None-Match": packed["ETag"]}).status_code == 304
    assert client.get(url, headers={"If-None-Match": packed["ETag"]}).status_code == 304
    for refused in ("gzip;q=0", "identity", "br", ""):
        assert "Content-Encoding" not in client.get(url, headers={"Accept-Encoding": refused})


def test_answers_vary_by_origin_only_where_another_origin_may_read(client, url):
    assert client.get(url, headers={"Origin": "https://other.example"})["Vary"] == "Accept-Encoding, Accept"


@pytest.mark.parametrize("address", ["/api/v1/articles/", "/feeds/rss.xml"])
def test_no_304_says_a_length(client, story, address):
    etag = client.get(address)["ETag"]
    assert "Content-Length" not in client.get(address, headers={"If-None-Match": etag})


def test_other_origins_may_read_where_the_operator_names_them(client, url, settings):
    settings.CORS_ALLOWED_ORIGINS, settings.CORS_URLS_REGEX = ["https://site.example"], r"^/(api|feeds|photos)/"
    answer = client.get(url, headers={"Origin": "https://site.example"})
    assert answer["Access-Control-Allow-Origin"] == "https://site.example" and "origin" in answer["Vary"]
    assert "ETag" in answer["Access-Control-Expose-Headers"]
    assert "Access-Control-Allow-Origin" not in client.get(url, headers={"Origin": "https://other.example"})
    asked = {"Origin": "https://site.example", "Access-Control-Request-Method": "GET"}
    for header in ("if-none-match", "idempotency-key", "if-match"):
        asked["Access-Control-Request-Headers"] = header
        assert header in client.options(url, headers=asked)["Access-Control-Allow-Headers"]
    assert "Access-Control-Allow-Origin" not in client.get("/admin/login/", headers=asked)


# Lifetimes


@given(seconds=st.integers(0, 5000))
def test_no_lifetime_outlives_its_room(seconds):
    found = {name: int(value) for name, value in re.findall(r"([a-z-]+)=(\d+)", http_cache.lifetime(seconds))}
    assert found["max-age"] <= min(30, seconds) and found["s-maxage"] <= min(300, seconds)
    for extra in ("stale-while-revalidate", "stale-if-error"):
        assert found["s-maxage"] + found[extra] <= seconds
        assert found["max-age"] + found["stale-while-revalidate"] <= min(30, seconds)


def test_a_document_is_cached_no_longer_than_its_end(client):
    moment = timezone.now()
    with time_machine.travel(moment, tick=False) as clock:
        made = newsroom.article()
        made.publish(now=moment, ends=moment + timedelta(seconds=100.9))
        for address in (f"{LIST}{made.slug}/", LIST):
            found = directives(client.get(address))
            assert found["s-maxage"] == 100 and found["stale-while-revalidate"] == found["stale-if-error"] == 0
        clock.shift(90)
        assert directives(client.get(f"{LIST}{made.slug}/"))["max-age"] == 10


def test_a_list_is_cached_no_longer_than_the_next_story_is_away(client, story):
    moment = timezone.now()
    with time_machine.travel(moment, tick=False):
        assert directives(client.get(LIST))["s-maxage"] == 300
        newsroom.article("Coming soon").publish(now=moment, at=moment + timedelta(seconds=45.5))
        for query in ("", "?section=film", "?person=mara-okonjo&kind=news"):
            assert directives(client.get(LIST + query))["s-maxage"] == 45
        empty = directives(client.get(f"{LIST}?section=nowhere"))
        assert empty["s-maxage"] == empty["max-age"] == empty["stale-while-revalidate"] == 0
        assert directives(client.get("/api/v1/people/"))["s-maxage"] <= 45


def test_a_right_that_ends_bounds_what_shows_the_photo(client):
    moment = timezone.now()
    photo = newsroom.photo()
    photo.rights.create(effect="allow", until=moment + timedelta(seconds=70))
    made = newsroom.article(lead=photo)
    with time_machine.travel(moment, tick=False) as clock:
        made.publish(now=moment)
        assert directives(client.get(f"{LIST}{made.slug}/"))["s-maxage"] == 70
        clock.shift(71)
        assert client.get(f"{LIST}{made.slug}/").json()["lead"] is None


def test_answers_name_what_they_show_for_purges(client, url, story):
    keys = client.get(url)["Surrogate-Key"].split()
    assert {f"article:{story.pk}", f"photo:{story.lead_photo_id}", "section:film"} <= set(keys)
    assert client.get(url)["Cache-Tag"].split(",") == keys == client.get(url).json()["cache_tags"]
    assert client.get(f"{LIST}?section=film")["Surrogate-Key"].split() == ["list", "section:film"]


def test_refusals_are_not_kept_by_caches(client):
    for address in (f"{LIST}nothing-here/", f"{LIST}?nonsense=1", "/api/nowhere/"):
        assert client.get(address)["Cache-Control"] == "no-cache"


# Gone and moved


def test_a_withdrawn_story_answers_410_with_what_readers_are_told(client, story, url):
    story.withdraw(reason="legal", public_note="This story was withdrawn by the publisher.")
    answer = client.get(url)
    assert answer.status_code == 410 and answer["Content-Type"] == PROBLEM
    assert answer.json()["detail"] == "This story was withdrawn by the publisher."
    assert f"article:{story.pk}" in answer["Surrogate-Key"] and directives(answer)["s-maxage"] <= 30
    assert answer["Cache-Tag"] == answer["Surrogate-Key"]
    assert "legal" not in answer.content.decode()


def test_a_silent_withdrawal_says_nothing_at_any_of_its_addresses(client, story, url):
    story.move(slug="another-address")
    story.withdraw(reason="court order", public_note="never shown", silent=True)
    for address in (url, f"{LIST}another-address/"):
        answer = client.get(address)
        assert answer.status_code == 410 and set(answer.json()) == {"type", "title", "status", "request_id"}
        assert "Location" not in answer and "Surrogate-Key" not in answer


def test_a_moved_story_leads_to_its_present_address(client, story, url):
    story.move(slug="second-address")
    story.move(slug="third-address")
    for address in (url, f"{LIST}second-address/"):
        answer = client.get(address)
        assert answer.status_code == 301 and answer["Location"] == answer.json()["location"] == f"{LIST}third-address/"
    assert client.get(f"{LIST}third-address/").status_code == 200


def test_a_withdrawal_may_lead_elsewhere(client, story, url):
    story.withdraw(reason="merged", redirect_to="https://elsewhere.example/a story\r\nX-Evil: 1")
    answer = client.get(url)
    assert answer.status_code == 301 and answer["Location"].startswith("https://elsewhere.example/")
    assert "X-Evil" not in answer


def test_an_ended_story_is_gone_without_a_note(client):
    moment = timezone.now()
    made = newsroom.article()
    with time_machine.travel(moment, tick=False) as clock:
        made.publish(now=moment, ends=moment + timedelta(seconds=5), public_note="A line for readers.")
        clock.shift(5)
        answer = client.get(f"{LIST}{made.slug}/")
        assert answer.status_code == 410 and "A line for readers" not in answer.content.decode()


# Refusals


REFUSED = {
    "nonsense=1": ("nonsense", "1"),
    "kind=novel": ("kind", "novel"),
    "section=": ("section", ""),
    "section=Film%20Noir": ("section", "Film Noir"),
    "page_size=0": ("page_size", "0"),
    "page_size=101": ("page_size", "101"),
    "page_size=10&page_size=20": ("page_size", "10, 20"),
    "cursor=abc": ("cursor", "abc"),
    "id=1": ("id", "1"),
    "photo=x": ("photo", "x"),
    "locale=../etc": ("locale", "../etc"),
    "published_after=yesterday": ("published_after", "yesterday"),
    "published_after=0001-01-01T00:00:00%2B14:00": ("published_after", "0001-01-01T00:00:00+14:00"),
    "fields=fee": ("fields", "fee"),
    "fields=body": ("fields", "body"),
    "fields=lead(image": ("fields", "lead(image"),
    "fields=lead(image))": ("fields", "lead(image))"),
    "fields=": ("fields", ""),
    "expand=tags": ("expand", "tags"),
}


@pytest.mark.parametrize("query", REFUSED)
def test_a_wrong_parameter_is_named_with_its_value(client, db, query):
    answer = client.get(f"{LIST}?{query}")
    assert answer.status_code == 400 and answer["Content-Type"] == PROBLEM
    (error,) = answer.json()["errors"]
    assert (error["parameter"], error["value"]) == REFUSED[query]


def test_a_refusal_says_what_is_allowed(client, db):
    errors = client.get(f"{LIST}?kind=novel&sort=asc&fields=fee").json()["errors"]
    allowed = {error["parameter"]: error["allowed"] for error in errors}
    assert "news" in allowed["kind"] and "page_size" in allowed["sort"] and "headline" in allowed["fields"]


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
@pytest.mark.parametrize("address", [LIST, f"{LIST}any/", "/api/v1/people/", "/api/v1/updates/", "/api/v1/"])
def test_other_methods_are_refused(client, db, method, address):
    answer = getattr(client, method)(address)
    assert answer.status_code == 405 and answer["Content-Type"] == PROBLEM and "GET" in answer["Allow"]


@pytest.mark.parametrize(
    "address",
    ["/api/", "/api/v2/", "/api/v1/nothing/", "/api/v1/articles/a/b/", "/api/v1/articles/%00/", "/api/v1/articles/é/"],
)
def test_unknown_addresses_of_the_api_answer_with_a_problem(client, db, address):
    answer = client.get(address)
    assert answer.status_code == 404 and answer["Content-Type"] == PROBLEM and answer.json()["status"] == 404


def test_a_missing_last_slash_leads_to_the_address(client, db):
    answer = client.get("/api/v1/articles?kind=news")
    assert answer.status_code == 301 and answer["Location"] == "/api/v1/articles/?kind=news"


def test_any_accept_header_is_answered_with_json(client, url):
    for accept in ("text/html", "image/png", "*/*", "rubbish"):
        assert client.get(url, headers={"Accept": accept})["Content-Type"] == "application/json"


# Every answer


def test_every_answer_carries_the_id_of_its_request(client, url):
    for address in (url, LIST, "/api/nowhere/", "/healthz", "/admin/login/"):
        assert re.fullmatch(r"[0-9a-f]{32}", client.get(address)["X-Request-ID"])
    given = client.get("/api/nowhere/", headers={"X-Request-ID": "from-the-proxy-1"})
    assert given["X-Request-ID"] == given.json()["request_id"] == "from-the-proxy-1"
    assert client.get(url, headers={"X-Request-ID": "a b\tc"})["X-Request-ID"] != "a b\tc"


def test_log_lines_carry_the_id_of_the_request():
    import logging

    from cms.request_id import RequestIdFilter, request_id

    record = logging.LogRecord("x", logging.INFO, "f", 1, "m", (), None)
    token = request_id.set("abc")
    assert RequestIdFilter().filter(record) and record.request_id == "abc"
    request_id.reset(token)


def test_readers_requests_touch_no_session(client, editor, url, django_assert_num_queries):
    client.force_login(editor)
    with django_assert_num_queries(1):
        answer = client.get(url)
    assert not hasattr(answer.wsgi_request, "session") and not answer.cookies


def test_health_and_readiness(client, db, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert client.get("/healthz").content == b"ok\n"
    ready = client.get("/readyz")
    assert ready.status_code == 200 and ready.json()["ready"] is True
    from django.db.migrations.recorder import MigrationRecorder

    MigrationRecorder.Migration.objects.filter(app="articles").delete()
    late = client.get("/readyz")
    assert late.status_code == 503 and "migrations are missing" in late.json()["checks"]["migrations"]


def test_readiness_tries_a_write(client, db, settings, tmp_path):
    settings.VAR_DIR = tmp_path / "gone"
    late = client.get("/readyz")
    assert late.status_code == 503 and "cannot be written" in late.json()["checks"]["disk"]


def test_full_disk_leaves_no_torn_original(tmp_path):
    storage = WholeFiles(location=tmp_path)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2048, hard))
    try:
        with pytest.raises(OSError, match="File too large"):
            storage.save("original.jpg", ContentFile(bytes(100_000)))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert list(tmp_path.iterdir()) == []
    assert storage.save("original.jpg", ContentFile(bytes(100_000))) == "original.jpg"


def test_the_landing_page_names_the_desk_and_the_documentation(client, db):
    page = client.get("/").content.decode()
    assert 'href="/admin/"' in page and 'href="/api/docs/"' in page


def test_the_landing_page_names_the_example_front_end_while_it_is_served(client, db, settings):
    assert 'href="/reader/"' in client.get("/").content.decode()
    settings.READER_EXAMPLE = False
    assert "/reader/" not in client.get("/").content.decode()


def test_the_root_names_only_addresses_that_answer(client, db):
    for address in client.get("/api/v1/").json()["links"].values():
        assert client.get(address).status_code in (200, 400), address


def test_an_unforeseen_error_is_a_problem_too(client, url, monkeypatch):
    client.raise_request_exception = False
    LiveDocument.objects.update(etag="x")
    from articles.models import LiveDocumentBody

    LiveDocumentBody.objects.update(document_json="{broken")
    answer = client.get(f"{url}?fields=headline")
    assert answer.status_code == 500 and answer["Content-Type"] == PROBLEM
    assert json.loads(answer.content)["status"] == 500
