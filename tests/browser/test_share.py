"""The look of a story elsewhere, as it is typed: in search results and when it is shared."""

from django.urls import reverse
from playwright.sync_api import expect

from tests import newsroom

from .test_story import open_story


def test_search_result_and_social_card_follow_what_is_typed(desk, live_server, chief):
    lead = newsroom.photo()
    story = newsroom.article("An evening in the rain", owner=chief, lead=lead)
    story.record(by=chief)
    newsroom.article("Taken", slug="taken")
    open_story(desk, live_server, story)
    desk.get_by_text("Search and social").first.click()
    shown = desk.get_by_role("group", name="How search and social show the story")
    expect(shown.locator(".share__title")).to_have_text("An evening in the rain")
    expect(shown.locator(".share__place")).to_have_text("www.example.com › Film › an-evening-in-the-rain")
    expect(shown.locator(".share__search .share__words")).to_have_text("A night of long dresses.")
    expect(shown.locator(".share__image img")).to_be_visible()
    desk.get_by_label("Search headline").fill("Rain " * 15)
    expect(shown.locator(".share__title")).to_have_text("Rain " * 12 + "…")
    expect(desk.locator(".field-headline_search .meter")).to_have_class("meter over")
    desk.get_by_label("Social headline").fill("You will not believe this rain")
    expect(shown.locator(".share__headline")).to_have_text("You will not believe this rain")
    desk.get_by_label("Search description").fill("It rained.")
    expect(shown.locator(".share__card .share__words")).to_have_text("It rained.")
    desk.get_by_label("Address", exact=True).fill("taken")
    expect(desk.locator(".field-slug .meter")).to_have_text("“taken” belongs to another story.")
    desk.get_by_label("Keep out of search engines").check()
    expect(shown.locator(".share__search")).to_have_text("Kept out of search engines.")


def test_a_moment_is_chosen_in_the_zone_of_this_computer_and_shown_on_other_clocks(desk, live_server, chief):
    story = newsroom.article("An evening in the rain", owner=chief)
    story.record(by=chief)
    desk.goto(live_server.url + reverse("admin:articles_article_publishing", args=[story.pk]))
    desk.locator(".publish-form summary", has_text="Schedule").click()
    here = desk.evaluate("Intl.DateTimeFormat().resolvedOptions().timeZone")
    form = desk.locator(".publish-form")
    expect(form.get_by_label("Time zone")).to_have_value(here)
    form.get_by_label("Time zone").select_option("Asia/Tokyo")
    form.get_by_label("Go live at").fill("2031-07-04T18:30")
    expect(form.get_by_role("status")).to_contain_text("Fri, Jul 4, 2031, 6:30 PM Tokyo · ")
    form.get_by_role("button", name="Schedule").click()
    expect(desk.locator(".panel .coming")).to_contain_text("6:30 PM Tokyo")
