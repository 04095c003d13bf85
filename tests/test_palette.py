"""What the palette finds: for each colleague what they may open, in few statements, whatever is typed."""

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.models import SavedFilter

from . import newsroom

pytestmark = pytest.mark.django_db

FIND = "/admin/picker/find/"


def member(name, role):
    user = get_user_model().objects.create_user(name, is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    return user


def found(client, words="", **more):
    answer = client.get(FIND, {"q": words, **more})
    assert answer.status_code == 200, answer.content
    return {group["name"]: [item["label"] for item in group["items"]] for group in answer.json()["groups"]}


@pytest.fixture
def writer():
    return member("june", "writer")


@pytest.fixture
def desk(client, writer):
    client.force_login(writer)
    return client


def test_stories_people_works_sections_and_photos_are_found(desk):
    newsroom.article("A gala opens").record()
    newsroom.article("Unlike", body="<p>About the gala.</p>").record()
    newsroom.person("Gala Dali"), newsroom.work("Gala Night"), newsroom.section("Gala season")
    newsroom.photo(caption="At the gala.")
    assert found(desk, "gala") == {
        "Stories": ["A gala opens", "Unlike"], "People": ["Gala Dali"], "Works": ["Gala Night"], "Sections": ["Gala season"],
    }  # fmt: skip
    assert found(desk, "gala", part="photos") == {"Photos": ["At the gala."]}
    assert found(desk, "zzz") == {} == found(desk, "zzz", part="photos") == found(desk, "", part="photos")


def test_every_result_opens(desk):
    newsroom.article("A gala opens").record()
    newsroom.person("Gala Dali"), newsroom.photo(caption="At the gala.")
    for asked in ({"q": "gala"}, {"q": "gala", "part": "photos"}, {"q": ""}):
        for group in desk.get(FIND, asked).json()["groups"]:
            for item in group["items"]:
                assert desk.get(item["url"]).status_code == 200, item


def test_with_nothing_typed_ones_last_stories_come_first(desk, writer):
    for name in ("First", "Second", "Third"):
        newsroom.article(name, owner=writer).record(by=writer)
    other = newsroom.article("By somebody else")
    other.record()
    gone = newsroom.article("Discarded", owner=writer)
    gone.record(by=writer)
    gone.discard(by=writer)
    SavedFilter.keep("Film, mine", {"whose": "mine"}, by=writer)
    groups = found(desk)
    assert list(groups) == ["Recent", "Go to"] and groups["Recent"] == ["Third", "Second", "First"]
    assert {"New story", "Import story", "Expiring rights", "My stories", "Film, mine"} <= set(groups["Go to"])


@pytest.mark.parametrize("role", ["writer", "editor", "photo desk", "publisher"])
def test_nobody_is_shown_what_they_may_not_open(client, role):
    secret = newsroom.article("Gala obituary")
    secret.record()
    secret.restricted_to.add(member("named", "editor"))
    client.force_login(member("asking", role))
    assert "Stories" not in found(client, "gala obituary")
    for item in next(group for group in client.get(FIND).json()["groups"] if group["name"] == "Go to")["items"]:
        assert client.get(item["url"]).status_code == 200, item


def test_whoever_has_no_part_in_the_newsroom_finds_the_front_page_alone(client, outsider):
    newsroom.article("A gala opens").record()
    newsroom.person("Gala Dali")
    client.force_login(outsider)
    assert found(client, "gala") == {} and found(client) == {"Go to": ["Front page"]}
    client.logout()
    assert client.get(FIND, {"q": "gala"}).status_code == 401


def test_it_takes_few_statements_and_gives_few_results(desk, writer):
    for number in range(12):
        newsroom.article(f"Gala {number}", owner=writer).record(by=writer)
        newsroom.person(f"Gala {number}"), newsroom.work(f"Gala {number}")
        newsroom.photo(slot=True, caption=f"Gala {number}")
        SavedFilter.keep(f"Gala {number}", {"q": str(number)}, by=writer)
    found(desk, "gala")
    found(desk, "gala", part="photos")
    for asked in ({"q": "gala"}, {"q": ""}, {"q": "gala", "part": "photos"}):
        with CaptureQueriesContext(connection) as captured:
            groups = found(desk, **{"words": asked["q"]} | ({"part": "photos"} if "part" in asked else {}))
        assert len(captured) < 10, [each["sql"][:100] for each in captured]
        assert all(len(items) <= 7 for name, items in groups.items() if asked["q"])


@pytest.mark.parametrize("words", ["'", '"', "%", "-", "\0", "a" * 5000, "🦊", "x OR y", "(", "*"])
def test_nothing_that_is_typed_is_an_error(desk, words):
    newsroom.article("A gala opens").record()
    found(desk, words)
    found(desk, words, part="photos")
