"""A crop is set in a real browser: by mouse, by finger and by keys, seen at once in its small picture."""

import pytest
from playwright.sync_api import expect

from media.files import imaging
from media.models import Photo

from .. import newsroom
from ..test_crops import halves

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def photo(transactional_db):
    made = newsroom.photo(slot=True)
    made.receive(halves(), name="a.jpg")
    return made


def opened(desk, live_server, photo, name="16:9"):
    desk.goto(f"{live_server.url}/admin/media/photo/{photo.pk}/change/")
    desk.get_by_role("button", name=f"Set the crop {name}", exact=True).click()
    return desk.locator(".crop-box")


def saved(desk, photo):
    desk.get_by_role("button", name="Save", exact=True).click()
    desk.locator(".messagelist .success").wait_for()
    return Photo.objects.get(pk=photo.pk).crops


def test_a_crop_is_set_by_keys_and_taken_back(desk, live_server, photo):
    box = opened(desk, live_server, photo)
    expect(box).to_be_focused()
    state = desk.locator("[data-key=ratio_16_9] .crop-state")
    expect(state).to_have_text("by focal point")
    for key in ("-", "-", "-", "Shift+ArrowRight", "ArrowUp"):
        desk.keyboard.press(key)
    expect(state).to_have_text("set")
    expect(desk.locator("[data-crops] output")).to_contain_text("3400 pixels wide")
    desk.keyboard.press("Escape")
    expect(desk.get_by_role("button", name="Set the crop 16:9", exact=True)).to_be_focused()
    crops = saved(desk, photo)
    x, _, width, _ = crops["ratio_16_9"]
    assert (round(width, 2), round(x, 3)) == (0.85, 0.125)
    assert imaging.is_of_shape(photo.width, photo.height, "ratio_16_9", crops["ratio_16_9"])
    box = opened(desk, live_server, photo)
    desk.keyboard.press("Delete")
    assert saved(desk, photo) == {}


def test_a_crop_is_sized_at_its_corner_and_moved_by_mouse(desk, live_server, photo):
    opened(desk, live_server, photo, "1:1")
    handle = desk.locator(".crop-handle").bounding_box()
    desk.mouse.move(handle["x"] + 13, handle["y"] + 13)
    desk.mouse.down()
    desk.mouse.move(handle["x"] - 60, handle["y"] - 60, steps=4)
    desk.mouse.up()
    box = desk.locator(".crop-box").bounding_box()
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    desk.mouse.move(*middle)
    desk.mouse.down()
    desk.mouse.move(middle[0] - 40, middle[1], steps=4)
    desk.mouse.up()
    crops = saved(desk, photo)
    assert crops["ratio_1_1"][2] < 0.6
    assert imaging.is_of_shape(photo.width, photo.height, "ratio_1_1", crops["ratio_1_1"])


def test_a_crop_is_set_by_finger_on_a_phone(desk, live_server, photo):
    desk.set_viewport_size({"width": 390, "height": 844})
    box = opened(desk, live_server, photo)
    desk.get_by_role("button", name="Smaller", exact=True).click()
    desk.get_by_role("button", name="Smaller", exact=True).click()
    desk.get_by_role("button", name="Smaller", exact=True).click()
    box.evaluate("each => each.scrollIntoView({ block: 'center' })")
    place = box.bounding_box()
    cdp = desk.context.new_cdp_session(desk)
    x, y = place["x"] + place["width"] / 2, place["y"] + place["height"] / 2
    cdp.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    cdp.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [{"x": x + 20, "y": y}]})
    cdp.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    crops = saved(desk, photo)
    assert crops["ratio_16_9"][0] > 0.08
