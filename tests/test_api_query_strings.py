"""Whatever stands behind the question mark of whatever address: an answer, or a refusal that names what is wrong."""

from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.urls import get_resolver, resolve
from django.utils import timezone
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from articles.api import query_string
from articles.models import PreviewLink

from . import newsroom

pytestmark = pytest.mark.django_db
LIST, PROBLEM = "/api/v1/articles/", "application/problem+json"
SLUGS = {
    "article": "mara-okonjo-returns-to-the-red-carpet", "person": "mara-okonjo", "work": "the-glass-orchard",
    "section": "film", "tag": "festival-season", "author": "june-castellane",
}  # fmt: skip
PLURALS = {"person": "people"}
ADDRESSES = [
    *(f"/api/v1/{PLURALS.get(noun, f'{noun}s')}/" for noun in SLUGS),
    *(f"/api/v1/{PLURALS.get(noun, f'{noun}s')}/{slug}/" for noun, slug in SLUGS.items()),
    f"/api/v1/articles/{SLUGS['article']}/ninjs/", "/api/v1/archive/", "/api/v1/archive/2026/1/", "/api/v1/related/", "/api/v1/updates/", "/api/v1/search/", "/api/v1/suggest/", "/api/v1/resolve/",
    "/api/v1/preview/TOKEN/", "/feeds/rss.xml", "/feeds/atom.xml", "/feeds/feed.json", "/feeds/section/film/rss.xml",
    "/sitemap.xml", "/sitemap-articles.xml", "/sitemap-news.xml", "/sitemap-people.xml",
]  # fmt: skip
NAMES = st.sampled_from(
    [
        *query_string.LIST,
        "fields",
        "expand",
        "since",
        "path",
        "format",
        "full",
        "for",
        "starts_with",
        "x",
        "",
        "page_size[]",
        "q\x00",
    ]
)
PLAUSIBLE = [
    "film", "news", "mara-okonjo", "en-US", "2026-02-01", "2026-02-30", "2026-02-01T10:00:00+02:00", "0001-01-01",
    "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "01980c2e-7b1a-7c3d-9e4f-5a6b7c8d9e0f", "1", "100", "101", "-0",
    "1e9", "٣", "9" * 5000, "headline", "lead(image,credit)", "lead(", "lead(image),", "people(name)", "(" * 3000,
    "people,works", "ninjs", "1", "/film/", "//", "/film/\x00/", "/" + "a/" * 400, "bjE.", "a," * 500, ",", "\x00", "\ud7ff",
    '"glass orchard" -blonde', 'c++ "quote', "🎬", "NEAR(a b)", "' OR 1=1 --", "%", "_", "xkcd " * 2048,
    "title", "-updated", "published", "name", "release_date", "true", "any", "all", "none", "en", "EN", "É", "cWEuYQ", "cmEuYQ",
    "bi02MDAwMDAwMDAwMDAwMDAwMDAuYWFh", "bjA.OTk5OTk5OTk5OTk5OTk5OTk5", "bjE3NzIzMjMyMDAwMDAwMDAuMQ",
]  # fmt: skip
VALUES = (
    st.sampled_from(PLAUSIBLE) | st.text(max_size=40) | st.binary(max_size=20).map(lambda raw: raw.decode("latin-1"))
)


@pytest.fixture
def addresses(db, settings, monkeypatch) -> list[str]:
    """Publish a story that every address has something of, and share a draft."""
    for scope in ("preview", "search"):
        monkeypatch.setitem(settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"], scope, None)
    made = newsroom.article(
        lead=newsroom.photo(), people=[newsroom.person()], works=[newsroom.work()], tags=[newsroom.tag()]
    )
    made.publish(now=timezone.now())
    link = PreviewLink.objects.share(made, by=None, expires_at=timezone.now() + timedelta(days=1))
    return [address.replace("TOKEN", link.token) for address in ADDRESSES]


def check(answer, address: str, query) -> None:
    assert answer.status_code in (200, 301, 400, 404, 410), (address, query, answer.content)
    if answer.status_code < 400:
        return
    found = answer.json()
    assert answer["Content-Type"] == PROBLEM and found["status"] == answer.status_code and found["request_id"]
    if answer.status_code == 400:
        given = dict(query)
        for error in found["errors"]:
            assert error["detail"] and len(error["parameter"]) <= 100 and len(error["value"]) <= 100
            assert error["parameter"].rstrip("…") in "\n".join([*given, "path", "for"]) or error["parameter"] in given
            if error["detail"].endswith("is not a parameter here."):
                assert error["allowed"] is not None


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.integers(0, len(ADDRESSES) - 1), query=st.lists(st.tuples(NAMES, VALUES), max_size=4))
@example(place=0, query=[("cursor", "bi02MDAwMDAwMDAwMDAwMDAwMDAuYWFh")])
@example(place=ADDRESSES.index("/api/v1/updates/"), query=[("since", "bjA.OTk5OTk5OTk5OTk5OTk5OTk5")])
def test_no_query_string_of_any_address_is_answered_with_a_server_error(client, addresses, place, query):
    address = addresses[place]
    check(client.get(f"{address}?{urlencode(query)}"), address, query)


def test_every_plausible_value_of_every_parameter_is_answered_or_named(client, addresses):
    lists = [address for address in addresses if address in (LIST, "/api/v1/search/", "/api/v1/updates/")]
    for address in lists:
        for name in (*query_string.LIST, "fields", "expand", "since", "for"):
            for value in PLAUSIBLE:
                check(client.get(f"{address}?{urlencode([(name, value)])}"), address, [(name, value)])


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.integers(0, len(ADDRESSES) - 1), raw=st.binary(max_size=60))
def test_no_raw_query_is_answered_with_a_server_error(client, addresses, place, raw):
    answer = client.get(addresses[place], QUERY_STRING=raw.decode("latin-1"))
    assert answer.status_code in (200, 400)


def test_no_address_is_forgotten():
    """Every public route of cms/urls.py that reads has an address above."""
    names = {pattern.name for pattern in get_resolver("cms.urls").url_patterns if getattr(pattern, "name", None)}
    api = {name for name in names if name and not name.startswith(("admin", "password", "draft", "api-"))}
    elsewhere = {"landing", "calendar", "rendition", "healthz", "readyz", "metrics", "reader", "schema", "photos"}
    assert {resolve(address).url_name for address in ADDRESSES} == api - elsewhere
