"""Addresses, query strings, forms and JSON that no page sends: every route answers them, and never with a 500."""

import json
import re
from datetime import timedelta
from functools import cache
from pathlib import Path

import pytest
from django.contrib import admin
from django.urls import URLResolver, get_resolver, reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from articles.api import query_string
from articles.models import ApiToken, PreviewLink

from . import newsroom
from .own_house import ROOT

pytestmark = pytest.mark.django_db(transaction=True)
HUGE = "9" * 23
VALUES = [
    "", "0", "-1", "1", HUGE, "9" * 5000, "10000", "2147483648", "9223372036854775807", "1e400", "nan", "²", "٣", "zz", "a\0b",
    "\ud800", "%", "_", "'", '"', "(", "[" * 3000, "{}", "null", "true", "2026-02-30", "9999-12-31", "0001-01-01T00:00:00Z",
    "00000000-0000-0000-0000-000000000000", "zz,zz", ",", "~", "a" * 20_000, "1,2,3", "é",
]  # fmt: skip
LOOKUPS = ("", "__exact", "__year", "__gte", "__lt", "__isnull", "__id__exact", "__in", "__pk", "__date")
OF_DJANGO = (
    "q", "p", "o", "e", "all", "_facets", "_to_field", "_popup", "_changelist_filters", "next", "app_label", "model_name",
    "field_name", "term", "page", "action", "_selected_action", "select_across", "index", "_save", "post", "_continue",
)  # fmt: skip
DEEP = [
    b"[" * 100_000,
    b'{"a":' * 50_000,
    b'{"revision": 1e400, "fields": {}}',
    b'{"revision": "\xc2\xb2", "fields": {}}',
]
DEEP += [b"", b"null", b"[]", b"1", b"\xff", b'"\\ud800"', b'{"tab": "\\ud800"}', b'{"tab": "\\u0000"}', b"9" * 5000]
ODD = [None, True, -1, 10**30, 1.5, [], {}, [[]], "\ud800", "\0", "", HUGE, {"a": [None]}, ["\0"]]


@cache
def names_read() -> list[str]:
    """Return every name our own views read of a request."""
    found = {*query_string.LIST, "since", "path", "full", "format", "preview", "fields", "revision", "tab", "do"}
    found |= {"title", "texts", "others", "html", "text", "headline", "body", "people", "at", "url", "kind", "credit"}
    for path in [*Path(ROOT, "articles").rglob("*.py"), *Path(ROOT, "media").rglob("*.py")]:
        source = path.read_text()
        found |= set(re.findall(r'(?:GET|POST)(?:\.get(?:list)?\(|\[)"(\w+)"', source))
        found |= set(re.findall(r'"(\w+)" (?:not )?in request\.(?:GET|POST)', source))
    return sorted(found)


@cache
def lookups() -> dict[str, list[str]]:
    """Return what each list of the admin may be filtered by, by its address."""
    found = {}
    for model, options in admin.site._registry.items():
        filters = [
            each[0] if isinstance(each, tuple) else each for each in [*options.list_filter, options.date_hierarchy]
        ]
        names = {getattr(each, "parameter_name", each) for each in filters if each}
        address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        found[address] = [f"{name}{lookup}" for name in sorted(names) for lookup in LOOKUPS]
    return found


def routes(patterns=None, before="/") -> list[str]:
    found = []
    for each in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(each, URLResolver):
            found += routes(each.url_patterns, before + str(each.pattern))
        elif "^" not in str(each.pattern) and each.name not in ("logout", "password_change"):
            found.append(before + str(each.pattern))
    return found


@pytest.fixture
def rows(editor):
    """A little of everything, so that routes have something to be about."""
    photo, person, work = newsroom.photo(), newsroom.person(), newsroom.work()
    story = newsroom.article(
        lead=photo, photos=[photo], people=[person], works=[work], tags=[newsroom.tag()], owner=editor
    )
    story.record(by=editor)
    story.publish(by=editor)
    PreviewLink.objects.share(story, by=editor, expires_at=timezone.now() + timedelta(days=1))
    keys = {str(model._base_manager.first().pk) for model in admin.site._registry if model._base_manager.exists()}
    return {
        "uuid": [str(story.pk), str(photo.pk), "00000000-0000-0000-0000-000000000000"],
        "int": ["1", "0", HUGE, "9223372036854775807", "9" * 5000, str(person.pk)],
        "slug": [story.slug, person.slug, "expiring", "slots", "killed", "zz", "9" * 300],
        "str": [*sorted(keys), "zz", HUGE, "²", "%00", "_ZZ"],
    }


def address(data, route: str, rows: dict) -> str:
    """Return the route with something in each of its places."""
    found = re.sub(
        r"<(?:(\w+):)?\w+>", lambda place: data.draw(st.sampled_from(rows.get(place[1], rows["str"]))), route
    )
    return found


def texts():
    return st.one_of(st.sampled_from(VALUES), st.text(max_size=30))


def fields(path: str):
    """Return one impossible lookup of a list; for our own views every name at once, so that each is read."""
    if found := lookups().get(path):
        one = st.dictionaries(st.sampled_from(found), texts(), min_size=1, max_size=1)
        return one | st.dictionaries(st.sampled_from(OF_DJANGO), texts(), max_size=3)
    few = st.dictionaries(st.sampled_from([*names_read(), *OF_DJANGO]), texts(), max_size=5)
    if path.startswith("/api/"):
        return few
    all_at_once = st.builds(dict.fromkeys, st.just(names_read()), texts())
    return few | st.builds(lambda every, some: every | some, all_at_once, few)


def documents():
    every = st.builds(dict.fromkeys, st.just(names_read()), st.sampled_from(ODD))
    some = st.dictionaries(st.sampled_from(names_read()), st.sampled_from(ODD), max_size=5)
    objects = st.builds(lambda every, some: every | some, every, some)
    return st.one_of(st.sampled_from(DEEP), objects.map(lambda found: json.dumps(found).encode()))


def encoded(given: dict) -> dict:
    return {name: value.encode("utf-8", "surrogatepass") for name, value in given.items()}


def ask(client, data, path: str, token: str):
    """Send one of three kinds of request, and return the answer."""
    kind = data.draw(st.sampled_from(("query", "form", "json")))
    if kind == "query":
        return client.get(path, encoded(data.draw(fields(path))))
    if kind == "form":
        return client.post(path, encoded(data.draw(fields(path))))
    method = data.draw(st.sampled_from(("POST", "PATCH"))) if path.startswith("/api/") else "POST"
    headers = {"authorization": f"Bearer {token}"} if path.startswith("/api/") else {}
    return client.generic(method, path, data.draw(documents()), "application/json", headers=headers)


@pytest.mark.slow
def test_no_route_answers_500(client, editor, rows):
    client.force_login(editor)
    token = ApiToken.objects.issue(editor, name="tests")[1]
    known = sorted(routes())
    assert len(known) > 150
    # Lists are where values meet columns: they get their share.
    known += [address for address, names in lookups().items() if names] * 4

    @settings(max_examples=400, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(st.data())
    def holds(data):
        path = address(data, data.draw(st.sampled_from(known)), rows)
        answer = ask(client, data, path, token)
        assert answer.status_code < 500 or answer.status_code == 503, path

    holds()


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("articles_article_changelist", f"section={HUGE}"),
        ("articles_article_changelist", f"section__id__exact={HUGE}"),
        ("articles_auditentry_changelist", "at__year=10000"),
        ("auth_user_changelist", f"groups__id__exact={HUGE}"),
        ("media_usage_changelist", "live_from__gte=zz"),
    ],
)
def test_a_list_asked_for_by_an_impossible_value_is_shown_without_it(client, editor, name, query):
    client.force_login(editor)
    answer = client.get(f"{reverse(f'admin:{name}')}?{query}", follow=True)
    assert answer.status_code == 200
