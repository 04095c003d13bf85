"""The publishing panel in a real browser: the gate, the button at ten to midnight, the schedule, unsaved words."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from articles.models import Article, Task
from tests import newsroom

from .test_story import a_story, change, open_story

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_gate_names_what_blocks_and_lets_nothing_through(desk, live_server, chief):
    story = a_story(chief, photos=[newsroom.photo(), newsroom.photo(slot=True, caption="The empty chair.")])
    open_story(desk, live_server, story)
    expect(desk.locator(".checklist .blocks")).to_contain_text("is an empty slot (“The empty chair.”)")
    desk.get_by_role("button", name="Publish now", exact=True).click()
    expect(desk.locator(".errorlist[role=alert]")).to_contain_text("Fill it or remove it")
    assert not story.editions.exists()
    assert desk.request.get(f"{live_server.url}/api/v1/articles/{story.slug}/").status == 404


def test_at_ten_to_midnight_it_goes_live_without_the_photos_that_fail(desk, live_server, chief):
    story = a_story(chief, photos=[newsroom.photo(), newsroom.photo(slot=True)])
    open_story(desk, live_server, story)
    desk.get_by_role("button", name="Publish now without the picture that fails").click()
    expect(desk.locator(".messagelist")).to_contain_text("1 photo was left out")
    document = desk.request.get(f"{live_server.url}/api/v1/articles/{story.slug}/").json()
    assert [block["type"] for block in document["body"]].count("photo") == 1
    assert Task.objects.get(desk="photo").article == story


def test_a_story_is_scheduled_in_a_zone_and_taken_back(desk, live_server, chief):
    story = a_story(chief)
    open_story(desk, live_server, story)
    desk.get_by_text("Publish later, or with an end").click()
    when = timezone.now() + timedelta(days=2)
    desk.get_by_label("Go live at").fill(f"{when:%Y-%m-%d}T09:30")
    desk.locator(".publish-form").get_by_label("Times are in").select_option("Europe/London")
    desk.get_by_role("button", name="Schedule").click()
    expect(desk.locator(".messagelist")).to_contain_text("Scheduled as edition 1")
    edition = story.editions.get()
    assert edition.time_zone == "Europe/London" and edition.live_from.minute == 30
    coming = desk.locator(".coming")
    expect(coming).to_contain_text("09:30")
    assert coming.inner_text().count(":30") >= 3
    assert desk.request.get(f"{live_server.url}/api/v1/articles/{story.slug}/").status == 404
    desk.get_by_role("button", name="Cancel").click()
    expect(desk.locator(".messagelist")).to_contain_text("will not go live")
    assert not story.coming_editions().exists()


def test_unsaved_words_are_saved_before_anything_is_published(desk, live_server, chief):
    story = a_story(chief)
    open_story(desk, live_server, story)
    desk.get_by_label("Headline", exact=True).fill("Words nobody has saved")
    desk.get_by_role("button", name="Publish now", exact=True).click()
    expect(desk.locator("[data-trouble]")).to_contain_text("You have unsaved changes")
    assert not story.editions.exists()
    desk.get_by_role("button", name="Save them first").click()
    expect(desk.locator("[data-saved]")).to_contain_text("Saved as version 2")
    desk.get_by_role("button", name="Publish now", exact=True).click()
    expect(desk.locator(".messagelist")).to_contain_text("Live now")
    assert Article.objects.get().headline == "Words nobody has saved"


def test_a_phone_is_enough_for_a_correction(desk, live_server, chief):
    story = a_story(chief)
    story.publish(by=chief)
    desk.set_viewport_size({"width": 390, "height": 844})
    desk.goto(change(live_server, story))
    desk.get_by_label("Headline", exact=True).fill("An evening in the snow")
    desk.get_by_role("button", name="Save", exact=True).click()
    expect(desk.locator("[data-saved]")).to_contain_text("Saved as version 2")
    expect(desk.locator(".panel")).to_contain_text("Changed since")
    desk.locator("select[name=publish-kind]").select_option("correction")
    desk.get_by_label(re.compile("^Note to readers")).fill("An earlier version said it rained.")
    desk.get_by_role("button", name="Publish now", exact=True).click()
    expect(desk.locator(".messagelist")).to_contain_text("Live now")
    document = desk.request.get(f"{live_server.url}/api/v1/articles/{story.slug}/").json()
    assert document["headline"] == "An evening in the snow"
    assert document["corrections"][0]["text"] == "An earlier version said it rained."
