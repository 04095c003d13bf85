"""The day in a browser: dragging a story to another day, moving by keyboard, the month, filters, a phone."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests import newsroom

from .conftest import PHONE

ZONE = ZoneInfo("America/Los_Angeles")


@pytest.fixture
def site(transactional_db):
    return newsroom.site(time_zone="America/Los_Angeles")


def local(days, clock="18:00"):
    return datetime.combine(today() + timedelta(days=days), time.fromisoformat(clock), ZONE)


def today() -> date:
    return datetime.now(ZONE).date()


def day(page, days):
    return page.locator(f'section[data-day="{today() + timedelta(days=days)}"]')


@pytest.fixture
def at_the_day(desk, live_server, site):
    def go(**query):
        desk.goto(live_server.url + reverse("admin:articles_article_day"))
        return desk

    return go


def test_a_story_is_dragged_to_another_day_and_moved_once_that_is_confirmed(at_the_day):
    story, held = newsroom.article("On the move"), newsroom.article("Held back")
    story.publish(at=local(1))
    held.publish(at=local(4))
    type(held).objects.filter(pk=held.pk).update(embargo_until=local(3), embargo_reason="The studio asked")
    page = at_the_day()
    dialog = page.locator("dialog.move")

    page.locator("[data-move]", has_text="On the move").drag_to(day(page, 3).locator("h2"))
    expect(dialog).to_be_visible()
    expect(dialog.get_by_label("Goes live at")).to_have_value(f"{today() + timedelta(days=3)}T18:00")
    expect(dialog.locator(".move-times")).to_contain_text("6:00 PM Los Angeles")
    dialog.get_by_role("button", name="Keep as is").click()
    expect(dialog).to_be_hidden()
    assert story.coming_editions().get().live_from == local(1)

    page.locator("[data-move]", has_text="On the move").drag_to(day(page, 3).locator("h2"))
    dialog.get_by_label("Goes live at").fill(f"{today() + timedelta(days=3)}T09:30")
    dialog.get_by_role("button", name="Reschedule", exact=True).click()
    expect(day(page, 3)).to_contain_text("On the move")
    expect(page.locator(".messagelist")).to_contain_text("“On the move” now goes live")
    assert story.coming_editions().get().live_from == local(3, "09:30")

    page.locator("[data-move]", has_text="Held back").drag_to(day(page, 2).locator("h2"))
    expect(dialog.locator(".errorlist")).to_contain_text("Under embargo until")
    dialog.get_by_role("button", name="Reschedule", exact=True).click()
    expect(dialog.locator(".errorlist")).to_contain_text("The studio asked")
    assert held.coming_editions().get().live_from == local(4)


def test_the_same_is_done_by_keyboard_alone(at_the_day):
    story = newsroom.article("On the move")
    story.publish(at=local(1))
    page = at_the_day()
    button = page.get_by_role("button", name="Reschedule “On the move”")
    button.focus()
    page.keyboard.press("Enter")
    field = page.locator("dialog.move").get_by_label("Goes live at")
    expect(field).to_be_focused()
    page.keyboard.press("Escape")
    expect(button).to_be_focused()
    page.keyboard.press("Enter")
    field.fill(f"{today() + timedelta(days=2)}T07:45")
    page.keyboard.press("Enter")
    expect(day(page, 2)).to_contain_text("7:45 AM")
    assert story.coming_editions().get().live_from == local(2, "07:45")


def test_the_month_is_walked_with_the_keys_of_a_grid(at_the_day):
    page = at_the_day()

    def is_at(wanted):
        expect(page.locator(f'[data-month] td[data-day="{wanted}"] a:focus')).to_have_count(1)

    page.locator('[data-month] a[tabindex="0"]').focus()
    first = today().replace(day=15)
    for _ in range(abs((first - today()).days)):
        page.keyboard.press("ArrowRight" if first > today() else "ArrowLeft")
    is_at(first)
    page.keyboard.press("ArrowDown")
    is_at(first + timedelta(days=7))
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Home")
    sunday = first - timedelta(days=(first.weekday() + 1) % 7)
    is_at(sunday)
    page.keyboard.press("End")
    is_at(sunday + timedelta(days=6))
    before = (sunday + timedelta(days=6)).replace(day=1) - timedelta(days=1)
    page.keyboard.press("PageUp")
    is_at((sunday + timedelta(days=6)).replace(year=before.year, month=before.month))
    page.keyboard.press("PageDown")
    is_at(sunday + timedelta(days=6))
    page.keyboard.press("Enter")
    expect(page.locator(f'section[data-day="{sunday + timedelta(days=6)}"]')).to_be_visible()


def test_the_day_is_filtered_and_jumps_and_fits_a_phone(at_the_day):
    newsroom.article("In film").publish(at=local(1))
    newsroom.article("In music", section=newsroom.section("Music")).publish(at=local(1))
    page = at_the_day()
    page.get_by_label("Section").select_option("Music")
    page.get_by_role("button", name="Show").click()
    expect(day(page, 1)).to_contain_text("In music")
    expect(page.locator(".day-list")).not_to_contain_text("In film")
    page.get_by_label("Jump to").fill("2030-05-05")
    page.get_by_role("button", name="Show").click()
    expect(page.locator('section[data-day="2030-05-05"]')).to_be_visible()
    expect(page.get_by_label("Section")).to_have_value("music")

    page.set_viewport_size(PHONE)
    page = at_the_day()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.get_by_role("button", name="Reschedule “In film”").click()
    box = page.locator("dialog.move").bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= PHONE["width"]
