"""The caret is where the writer put it, however busy the page."""

import pytest

from .writer import story

pytestmark = pytest.mark.django_db(transaction=True)

# A browser tells of a moved caret with its next frame. The frame of this page never comes.
NO_FRAME = 'addEventListener("selectionchange", (event) => event.isTrusted && event.stopImmediatePropagation(), true)'


@pytest.fixture
def busy(writer):
    writer.open(story("<p>First.</p><p>Last.</p>")).page.evaluate(NO_FRAME)
    return writer


def test_keys_act_where_the_writer_clicked(busy):
    busy.text.locator("p").first.click()
    busy.text.locator("p").last.click()
    busy.press("End", "Enter").type("/")
    busy.page.get_by_role("listbox", name="Insert").wait_for()
    busy.press("Escape", "Backspace").type("New.")
    assert busy.shape() == ["First.", "Last.", "New."]


def test_a_click_from_another_field_puts_the_caret_where_it_was_made(busy):
    busy.text.locator("p").last.click()
    busy.press("End").page.locator("#id_headline").click()
    busy.text.locator("p").first.click()
    # The editor minds its own caret a moment after it got the focus.
    busy.page.wait_for_timeout(100)
    busy.press("End", "Enter").type("New.")
    assert busy.shape() == ["First.", "New.", "Last."]
