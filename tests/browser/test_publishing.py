"""Publishing in a hurry, in a real browser: at ten to midnight, and on a phone."""

import re

import pytest
from playwright.sync_api import expect

from articles.models import Task
from tests import newsroom

from .test_story import a_story, change, open_story

pytestmark = pytest.mark.django_db(transaction=True)


def test_at_ten_to_midnight_it_goes_live_without_the_photos_that_fail(desk, live_server, chief):
    story = a_story(chief, photos=[newsroom.photo(), newsroom.photo(slot=True)])
    open_story(desk, live_server, story)
    expect(desk.locator(".checklist .blocks")).to_contain_text("is an empty slot")
    desk.get_by_role("button", name="Publish without the photo that fails").click()
    expect(desk.locator("[data-panel-said]")).to_have_text("Published. 1 photo was left out.")
    document = desk.request.get(f"{live_server.url}/api/v1/articles/{story.slug}/").json()
    assert [block["type"] for block in document["body"]].count("photo") == 1
    assert Task.objects.get(desk="photo").article == story


def test_a_phone_is_enough_for_a_correction(desk, live_server, chief):
    story = a_story(chief)
    story.publish(by=chief)
    desk.set_viewport_size({"width": 390, "height": 844})
    desk.goto(change(live_server, story))
    desk.get_by_label("Headline", exact=True).fill("An evening in the snow")
    desk.get_by_text("Correction or update with a note").click()
    desk.get_by_label(re.compile("^Note to readers")).first.fill("An earlier version said it rained.")
    desk.get_by_role("button", name="Publish correction").click()
    expect(desk.locator("[data-panel-said]")).to_have_text("Correction published.")
    document = desk.request.get(f"{live_server.url}/api/v1/articles/{story.slug}/").json()
    assert document["headline"] == "An evening in the snow"
    assert document["corrections"][0]["text"] == "An earlier version said it rained."
