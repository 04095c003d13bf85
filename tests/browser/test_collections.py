"""A collection is filled in a real browser: by the list's action, by drag, from a photo's page; the picker shows it."""

import pytest
from playwright.sync_api import expect

from media.models import Collection

from .. import newsroom

pytestmark = pytest.mark.django_db(transaction=True)


def test_photos_are_ticked_then_dragged_and_found_again(desk, live_server, chief):
    first, second, third = [newsroom.photo(seed=seed, caption=f"Picture {seed}.") for seed in range(3)]
    desk.goto(f"{live_server.url}/admin/media/photo/")
    desk.locator(f"input.action-select[value='{first.pk}']").check()
    desk.locator("select[name=action]").select_option("add_to_collection")
    desk.get_by_role("button", name="Go", exact=True).click()
    desk.get_by_label("Or a new one").fill("Cannes")
    desk.get_by_role("button", name="Add to a collection").click()
    expect(desk.locator(".messagelist .success")).to_contain_text("1 photo added to “Cannes”.")
    for photo in (second, third):
        desk.locator(f"input.action-select[value='{photo.pk}']").check()
    row = desk.locator("#result_list tbody tr", has_text="Picture 1.")
    row.locator("strong").drag_to(desk.locator(".collection", has_text="Cannes"))
    expect(desk.locator(".collections-said")).to_have_text("2 photos added to “Cannes”.")
    assert Collection.objects.get().photos.count() == 3
    desk.locator(".collection", has_text="Cannes").click()
    expect(desk.locator("#result_list tbody tr")).to_have_count(3)


def test_a_photo_is_added_and_removed_on_its_own_page(desk, live_server, chief):
    photo, made = newsroom.photo(), Collection.objects.begin("Cannes", by=chief)
    desk.goto(f"{live_server.url}/admin/media/photo/{photo.pk}/change/")
    fold = desk.locator("[data-fold='photo-collections']")
    fold.locator("summary").click()
    fold.get_by_label("Collection", exact=False).first.select_option(label="Cannes")
    fold.get_by_role("button", name="Add", exact=True).click()
    expect(desk.locator(".messagelist .success")).to_contain_text("1 photo added")
    if fold.get_attribute("open") is None:
        fold.locator("summary").click()
    fold.get_by_role("button", name="Remove from Cannes").click()
    expect(desk.locator(".messagelist .success")).to_contain_text("1 photo removed")
    assert not made.photos.exists()
