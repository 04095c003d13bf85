"""Moments chosen in the panel: to go live, to leave, in any zone, on clocks that go back."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse
from django.utils import timezone

from articles.models import LiveDocument

from . import newsroom

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client, editor):
    client.force_login(editor)
    return client


def url(name, *args):
    return reverse(f"admin:articles_article_{name}", args=args)


def a_story(**fields):
    story = newsroom.article(**fields)
    story.record()
    return story


def test_one_button_publishes_without_the_pictures_that_fail_and_lists_them(desk, editor):
    slot = newsroom.photo(slot=True, caption="Still to come.")
    story = a_story(lead=newsroom.photo(), photos=[slot])
    panel = desk.get(url("panel", story.pk)).content.decode()
    assert "Publish without the photo that fails" in panel and "Still to come." in panel
    desk.post(url("publish", story.pk), {"without": "1", "publish-zone": "UTC"})
    task = story.tasks.get(desk="photo")
    assert (task.photo, task.by) == (slot, editor)
    document = json.loads(LiveDocument.objects.live(timezone.now()).get().bytes.document_json)
    assert "photo" not in [block["type"] for block in document["body"]]


def test_a_chosen_moment_is_never_taken_for_now(desk):
    story = a_story()
    data = {"now": "1", "publish-when": "2031-07-04T18:30", "publish-zone": "UTC"}
    assert "choose “Schedule”" in desk.post(url("publish", story.pk), data, follow=True).content.decode()
    assert not story.editions.exists()


@pytest.mark.parametrize(("which", "hour"), [("first", 5), ("second", 6)])
def test_either_of_two_hours_can_be_chosen_where_clocks_go_back(desk, which, hour):
    story = a_story()
    data = {
        "schedule": "1",
        "publish-when": "2031-11-02T01:30",
        "publish-zone": "America/New_York",
        "publish-which": which,
    }
    desk.post(url("publish", story.pk), data)
    assert story.editions.get().live_from == datetime(2031, 11, 2, hour, 30, tzinfo=UTC)


def test_any_zone_is_taken_and_nonsense_is_told(desk):
    story = a_story()
    data = {"schedule": "1", "publish-when": "2031-07-04T18:30", "publish-zone": "Asia/Kathmandu"}
    desk.post(url("publish", story.pk), data)
    edition = story.editions.get()
    assert (edition.time_zone, edition.live_from) == ("Asia/Kathmandu", datetime(2031, 7, 4, 12, 45, tzinfo=UTC))
    answer = desk.post(url("publish", story.pk), data | {"publish-zone": "Mars/Olympus"}, follow=True)
    assert "not a time zone" in answer.content.decode()


def test_other_clocks_are_shown_before_anything_is_scheduled(desk):
    story = a_story()
    ask = lambda **more: desk.get(url("when", story.pk), {"publish-zone": "Asia/Tokyo"} | more).json()  # noqa: E731
    shown = ask(**{"publish-when": "2031-07-04T18:30"})
    assert shown["times"][0][0] == "Fri, Jul 4, 2031, 6:30 PM Tokyo" and len(shown["times"][0]) >= 3
    assert "date and a time" in ask(**{"publish-when": "soon"})["problem"]
    assert "happens twice" in ask(**{"publish-when": "2031-11-02T01:30", "publish-zone": "America/New_York"})["problem"]
    assert ask() == {"times": [], "problem": "", "twice": False}


def test_the_end_of_a_live_story_is_scheduled_and_taken_back(desk):
    story = a_story()
    story.publish()
    data = {"how": "note", "reason": "The license ends", "withdraw-when": "2031-07-04T18:30", "withdraw-zone": "UTC"}
    answer = desk.post(url("withdraw", story.pk), data, follow=True).content.decode()
    assert "Readers see the story until Jul 4, 2031, 6:30 PM UTC." in answer
    end = datetime(2031, 7, 4, 18, 30, tzinfo=UTC)
    now = timezone.now()
    assert LiveDocument.objects.live(end - timedelta(seconds=1)).filter(article=story).exists()
    assert not LiveDocument.objects.live(end).filter(article=story).exists()
    assert LiveDocument.objects.live(now).filter(article=story).exists()
    desk.post(url("cancel", story.pk, story.coming_editions().get().number))
    assert LiveDocument.objects.live(end).filter(article=story).exists()


def test_colleagues_are_named_where_a_story_is_given_to_one(desk):
    get_user_model().objects.create_user("june", is_staff=True, first_name="June", last_name="Castellane")
    get_user_model().objects.create_user("gone", is_staff=True, is_active=False)
    panel = desk.get(url("panel", a_story().pk)).content.decode()
    assert '<option value="june">June Castellane</option>' in panel
    assert 'value="gone"' not in panel
