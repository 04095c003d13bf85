"""Filters above the list of stories: everybody's, one's own and those that colleagues share."""

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.models import SavedFilter
from articles.stories.erasing import Named
from articles.stories.saved_filter import MOST

from . import newsroom

pytestmark = pytest.mark.django_db

LIST = "/admin/articles/article/"


def member(name, role="editor"):
    user = get_user_model().objects.create_user(name, is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    return user


@pytest.fixture
def colleague():
    return member("june")


@pytest.fixture
def desk(client, colleague):
    client.force_login(colleague)
    return client


def keep(desk, name="Film, ready, mine", asked="stage__exact=ready&whose=mine&q=red+carpet", **more):
    return desk.post(f"{LIST}filters/keep/", {"name": name, "asked": asked, **more}, follow=True)


def names(desk, query=""):
    """Return what the bar shows and which of it is open."""
    filters = desk.get(f"{LIST}?{query}").context["filters"]
    return [each.name for each in filters], [each.name for each in filters if each.is_here]


def test_everybody_has_the_usual_ones_and_sees_which_is_open(desk, colleague):
    newsroom.article("Mine", owner=colleague).record()
    newsroom.article("Waiting", stage="in_review").record()
    newsroom.article("Done", stage="ready").record()
    live = newsroom.article("Live")
    live.publish()
    shown, here = names(desk)
    assert (shown, here) == (["All", "Mine", "To review", "Ready", "Live today"], ["All"])
    for name, stories in {
        "Mine": {"Mine"},
        "To review": {"Waiting"},
        "Ready": {"Done", "Live"},
        "Live today": {"Live"},
    }.items():
        query = next(each.query for each in desk.get(LIST).context["filters"] if each.name == name)
        page = desk.get(f"{LIST}?{query}")
        assert {story.headline for story in page.context["cl"].result_list} == stories
        assert names(desk, query)[1] == [name]


def test_a_search_is_kept_under_a_name_and_opens_again(desk):
    page = keep(desk)
    assert "Filter “Film, ready, mine” saved." in page.content.decode()
    kept = SavedFilter.objects.get()
    assert kept.asked == {"q": "red carpet", "whose": "mine", "stage__exact": "ready"}
    assert names(desk, kept.query) == (
        ["All", "Mine", "To review", "Ready", "Live today", "Film, ready, mine"], ["Film, ready, mine"],
    )  # fmt: skip
    assert page.redirect_chain[-1][0] == f"{LIST}?{kept.query}"
    assert page.context["cl"].query == "red carpet"


def test_only_a_search_that_is_not_kept_yet_is_offered_to_be(desk):
    keep(desk)
    for query, offered in {
        "": False,
        "p=1": False,
        "whose=mine": False,
        SavedFilter.objects.get().query: False,
        "q=x": True,
    }.items():
        assert ("Save this search" in desk.get(f"{LIST}?{query}").content.decode()) == offered, query


def test_nothing_but_words_and_filters_is_kept(desk):
    keep(desk, asked="q=" + "x" * 900 + "&next=https://evil.example/&_popup=1&p=4&e=1&all=1")
    assert SavedFilter.objects.get().asked == {"q": "x" * 200}


@pytest.mark.parametrize(("name", "asked", "sentence"), [
    ("", "q=x", "Give the filter a name"),
    ("   ", "q=x", "Give the filter a name"),
    ("n" * 61, "q=x", "at most 60"),
    ("Nothing", "", "Search or choose a filter first"),
    ("Nothing", "p=2", "Search or choose a filter first"),
    ("Taken", "q=x", "You have a filter of this name already"),
])  # fmt: skip
def test_what_is_wrong_is_said_and_nothing_is_lost(desk, name, asked, sentence):
    keep(desk, name="Taken", asked="q=taken")
    page = desk.post(f"{LIST}filters/keep/", {"name": name, "asked": asked})
    assert sentence in page.content.decode() and SavedFilter.objects.count() == 1
    if asked == "q=x":
        assert page.status_code == 422 and f'value="{name}"' in page.content.decode()


def test_fifty_are_the_most(desk, colleague):
    SavedFilter.objects.bulk_create(SavedFilter(owner=colleague, name=str(n), asked={"q": str(n)}) for n in range(MOST))
    assert "You have 50 filters, which is the most. Delete one first." in keep(desk).content.decode()
    assert SavedFilter.objects.count() == MOST


def test_one_shares_a_filter_renames_it_and_deletes_it(desk, client):
    keep(desk, is_shared="on")
    kept = SavedFilter.objects.get()
    client.force_login(member("ada", "writer"))
    page = client.get(LIST).content.decode()
    assert "Film, ready, mine" in page and "by june" in page and "Edit my filters" not in page
    assert client.post(f"{LIST}filters/{kept.pk}/", {"_delete": "1"}).status_code == 404

    client.force_login(kept.owner)
    client.post(f"{LIST}filters/{kept.pk}/", {"name": "Film today"}, follow=True)
    kept.refresh_from_db()
    assert (kept.name, kept.is_shared) == ("Film today", False)
    client.force_login(get_user_model().objects.get(username="ada"))
    assert "Film today" not in client.get(LIST).content.decode()

    client.force_login(kept.owner)
    page = client.post(f"{LIST}filters/{kept.pk}/", {"name": ""})
    assert (page.status_code, SavedFilter.objects.get().name) == (422, "Film today")
    assert (
        "Filter “Film today” deleted."
        in client.post(f"{LIST}filters/{kept.pk}/", {"_delete": "1"}, follow=True).content.decode()
    )
    assert not SavedFilter.objects.exists()


def test_a_shared_filter_shows_everybody_their_own_stories_only(desk, client, colleague):
    secret = newsroom.article("Sharedword kept quiet", owner=colleague)
    secret.record()
    secret.restricted_to.add(colleague)
    keep(desk, asked="q=sharedword", is_shared="on")
    query = SavedFilter.objects.get().query
    assert len(desk.get(f"{LIST}?{query}").context["cl"].result_list) == 1
    client.force_login(member("ada"))
    assert len(client.get(f"{LIST}?{query}").context["cl"].result_list) == 0


def test_the_bar_takes_one_statement_however_many_there_are(desk, colleague):
    def statements():
        with CaptureQueriesContext(connection) as captured:
            desk.get(LIST)
        return len(captured)

    statements()
    before = statements()
    SavedFilter.objects.bulk_create(SavedFilter(owner=colleague, name=str(n), asked={"q": str(n)}) for n in range(20))
    assert statements() == before


def test_whoever_sees_no_stories_keeps_no_filters(client, outsider):
    client.force_login(outsider)
    assert client.post(f"{LIST}filters/keep/", {"name": "x", "asked": "q=x"}).status_code == 403
    assert not SavedFilter.objects.exists()


def test_a_filter_that_names_a_sealed_story_or_an_erased_name_is_gone(desk, colleague):
    story = newsroom.article("A headline that nobody may know")
    story.record()
    keep(desk, name="One", asked="q=A+headline+that+nobody+may+know")
    keep(desk, name="Mara Okonjo", asked="q=carpet")
    keep(desk, name="Another", asked="q=premiere")
    story.seal(reason="Court order 7")
    Named.called("Mara Okonjo").erase(by=None, reason="Request 12")
    assert [each.name for each in SavedFilter.objects.all()] == ["Another"]
