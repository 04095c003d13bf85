"""A photo is downloaded for print in a real browser, and a refusal stays where it was typed."""

import io

import pytest
from PIL import Image
from playwright.sync_api import expect

from media.files.metadata import read
from media.models import Usage

from .. import newsroom

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_photo_is_downloaded_for_print_once_however_often_it_is_clicked(desk, live_server, tmp_path):
    photo = newsroom.photo(kind="staff", usage_terms="One issue only.")
    desk.goto(f"{live_server.url}/admin/media/photo/{photo.pk}/change/")
    fold = desk.locator("[data-fold='photo-handout']")
    fold.locator("summary").click()
    fold.get_by_label("Who gets it").fill("Marquee Monthly, June")
    with desk.expect_download() as found:
        fold.get_by_role("button", name="Download").click()
    data = (found.value.path()).read_bytes()
    assert (read(data).usage_terms, read(data).caption) == ("One issue only.", "Mara Okonjo at the premiere.")
    assert Image.open(io.BytesIO(data)).width == photo.width
    with desk.expect_download():
        fold.get_by_role("button", name="Download").click()
    assert Usage.objects.count() == 1


def test_a_refused_download_says_why_and_keeps_what_was_typed(desk, live_server):
    photo = newsroom.photo()
    desk.goto(f"{live_server.url}/admin/media/photo/{photo.pk}/change/")
    fold = desk.locator("[data-fold='photo-handout']")
    fold.locator("summary").click()
    fold.get_by_label("Who gets it").fill("Nordlys Weekly")
    fold.get_by_role("button", name="Download").click()
    expect(fold.get_by_role("alert")).to_contain_text("not syndicated or printed")
    expect(fold.get_by_label("Who gets it")).to_have_value("Nordlys Weekly")
