"""The picker: one for the text, for galleries and for the photos of a form."""

import base64

import pytest
from playwright.sync_api import expect

from media.models import Photo
from tests import newsroom
from tests.test_picker import bare

from .writer import DROP, story

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_picker_is_searched_and_walked_by_keyboard(writer):
    wanted = [bare(f"Wanted {n}") for n in range(3)]
    bare("Other")
    writer.open(story("<p>One.</p>")).end_of("One.").press("Control+Alt+p")
    writer.picker.get_by_role("option", name="Other").wait_for()
    writer.type("wanted")
    writer.page.get_by_text("3 photos").wait_for()
    writer.press("ArrowDown", "ArrowRight", "ArrowRight", "ArrowLeft", "Enter")
    writer.wait(lambda now: len(now.blocks()) == 2)
    assert writer.blocks()[1].photo == wanted[1].pk


def test_escape_closes_the_picker_and_gives_the_caret_back(writer):
    bare()
    writer.open(story("<p>One.</p>")).end_of("One.").press("Control+Alt+p")
    writer.page.locator(".mq-tile").wait_for()
    writer.press("Escape").type(" More.")
    assert writer.shape() == ["One. More."]


def test_filters_of_the_picker_narrow_it(writer):
    bare("Licensed"), bare("Unlicensed", kind="rights_managed")
    writer.open(story("<p>One.</p>")).end_of("One.").press("Control+Alt+p")
    writer.page.get_by_text("2 photos").wait_for()
    writer.page.get_by_label("Usable now").check()
    writer.page.get_by_text("1 photo", exact=True).wait_for()
    assert writer.picker.get_by_role("option", name="Licensed", exact=False).count() == 1


def test_a_picture_dropped_on_the_picker_is_uploaded_and_chosen(writer):
    writer.open(story("<p>One.</p>")).end_of("One.").press("Control+Alt+p")
    writer.page.get_by_text("No photos found").wait_for()
    data = base64.b64encode(newsroom.jpeg(seed=7)).decode()
    writer.page.evaluate(DROP, [".mq-picker", "gala.jpg", data])
    writer.page.locator(".mq-tile[aria-selected=true]").wait_for()
    writer.page.get_by_role("button", name="Choose", exact=True).click()
    writer.wait(lambda now: len(now.blocks()) == 2)
    assert writer.blocks()[1].photo == Photo.objects.get().pk


def test_a_picture_dropped_on_the_text_is_uploaded_in_its_place(writer):
    writer.open(story("<p>One.</p><p>Two.</p>"))
    data = base64.b64encode(newsroom.jpeg(seed=8)).decode()
    writer.page.evaluate(DROP, [".tiptap p", "gala.jpg", data])
    writer.wait(lambda now: "PhotoBlock" in now.shape())
    assert writer.shape()[-1] == "Two."


def test_the_photo_of_a_form_is_chosen_in_the_same_picker(writer):
    photo = bare()
    writer.open(story("<p>One.</p>"))
    field = writer.page.locator("#id_lead_photo + .mq-field")
    field.get_by_role("button", name="Choose a photo…").click()
    writer.page.locator(".mq-tile").first.wait_for()
    writer.press("ArrowDown", "Enter")
    field.get_by_text("Photo by Petra Lindqvist").wait_for()
    assert writer.page.locator("#id_lead_photo").input_value() == str(photo.pk)
    field.get_by_role("button", name="Remove").click()
    assert writer.page.locator("#id_lead_photo").input_value() == ""


def test_the_lead_photo_that_fills_a_slot_keeps_its_caption(writer):
    slot, photo = newsroom.photo(slot=True, caption="Renn & the boat.", line="Photo by Ines Abreu/WireImage"), bare()
    writer.open(story("<p>One.</p>", lead=slot))
    field = writer.page.locator("#id_lead_photo + .mq-field")
    expect(field.get_by_label("Caption for this use")).to_have_value("Renn & the boat.")
    field.get_by_role("button", name="Choose another…").click()
    writer.picker.locator(".mq-tile").first.dblclick()
    field.get_by_text("Photo by Petra Lindqvist").wait_for()
    assert writer.page.locator("#id_lead_photo").input_value() == str(photo.pk)
    assert writer.page.locator("#id_lead_caption").input_value() == "Renn & the boat."


def test_a_picture_that_is_uploaded_twice_is_listed_once(writer):
    bare("Another one")
    writer.open(story("<p>One.</p>")).end_of("One.").press("Control+Alt+p")
    writer.page.get_by_text("1 photo", exact=True).wait_for()
    data = base64.b64encode(newsroom.jpeg(seed=31)).decode()
    for _ in range(2):
        writer.page.evaluate(DROP, [".mq-picker", "gala.jpg", data])
        writer.page.get_by_text("1 uploaded.").wait_for()
        writer.page.locator(".mq-tile[aria-selected=true]").wait_for()
        expect(writer.page.locator(".mq-tile")).to_have_count(2)
        writer.picker.get_by_label("Search photos").fill("gala")
        writer.picker.get_by_label("Search photos").fill("")
        writer.page.get_by_text("2 photos", exact=True).wait_for()
    writer.page.get_by_role("button", name="Choose", exact=True).click()
    writer.wait(lambda now: len(now.blocks()) == 2)
