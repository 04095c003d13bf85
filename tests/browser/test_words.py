"""Words of the text: menu, toolbar, links, quotes on demand, find and replace."""

import pytest
from playwright.sync_api import expect

from articles.text.body import Divider, Heading, Paragraph
from tests import newsroom
from tests.test_picker import bare

from .writer import figure, story

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_slash_menu_inserts_by_keyboard_alone(writer):
    writer.open(story("<p>One.</p>")).end_of("One.").press("Enter").type("/div")
    option = writer.page.get_by_role("option", name="Divider")
    expect(option).to_have_attribute("aria-selected", "true")
    assert writer.text.get_attribute("aria-activedescendant") == option.get_attribute("id")
    writer.press("Enter")
    assert [type(block) for block in writer.blocks()] == [Paragraph, Divider]
    writer.type("/")
    writer.page.get_by_role("listbox", name="Insert").wait_for()
    writer.press("Escape")
    expect(writer.page.get_by_role("listbox", name="Insert")).to_have_count(0)
    writer.press("Backspace").type("/head").press("ArrowDown", "Enter").type("Title")
    assert isinstance(writer.blocks()[-1], Heading) and writer.blocks()[-1].level == 3


def test_the_toolbar_is_one_stop_with_arrows_inside(writer):
    writer.open(story("<p>One.</p>")).select("One").press("Alt+F10")
    focused = writer.page.locator(":focus")
    expect(focused).to_have_attribute("aria-label", "Paragraph style")
    writer.press("ArrowRight")
    expect(focused).to_have_attribute("aria-label", "Bold (Ctrl+B)")
    expect(focused).to_have_attribute("aria-pressed", "false")
    writer.press("Enter")
    assert writer.blocks()[0].html == "<strong>One</strong>."
    unnamed = writer.page.eval_on_selector_all(
        ".mq-toolbar button, .mq-photo button",
        "all => all.filter((each) => !each.getAttribute('aria-label') && !each.innerText.trim()).length",
    )
    assert unnamed == 0
    writer.press("Control+/")
    writer.page.get_by_role("dialog", name="Shortcuts").wait_for()
    writer.press("Escape")
    expect(writer.page.get_by_role("dialog")).to_have_count(0)


def test_a_link_to_a_story_is_found_by_its_headline_and_kept_by_its_id(writer):
    other = newsroom.article("The Glass Orchard opens")
    writer.open(story("<p>Read more here.</p>")).select("more").press("Control+k").type("glass orch")
    writer.page.get_by_role("option", name="The Glass Orchard opens").wait_for()
    writer.press("ArrowDown", "Enter")
    assert writer.blocks()[0].html == f'Read <a href="article:{other.pk}">more</a> here.'
    writer.press("Control+k")
    writer.page.get_by_role("option", name="The Glass Orchard opens").wait_for()
    writer.page.get_by_role("button", name="Remove the link").click()
    assert writer.blocks()[0].html == "Read more here."


def test_a_link_to_an_address_is_completed_and_nonsense_is_refused(writer):
    writer.open(story("<p>Read more here.</p>")).select("more").press("Control+k").type("javascript:alert(1)")
    writer.press("Enter")
    writer.page.get_by_text("Enter a web address").wait_for()
    writer.press("Control+a").type("example.com/page").press("Enter")
    assert writer.blocks()[0].html == 'Read <a href="https://example.com/page">more</a> here.'


def test_straight_quotes_become_curly_on_demand(writer):
    photo = bare()
    body = (
        "<p>\"It's <em>'so'</em>,\" she said in the '90s.</p>"
        + figure(photo, '<figcaption>"Own" words</figcaption>')
        + "<p>('a' \"b\")</p>"
    )
    writer.open(story(body)).end_of("said")
    writer.page.get_by_role("button", name="Curly quotes").click()
    first, picture, last = writer.blocks()
    assert first.html == "“It’s <em>‘so’</em>,” she said in the ’90s."
    assert picture.caption == "“Own” words" and last.html == "(‘a’ “b”)"
    writer.press("Control+z")
    assert writer.blocks()[2].html == "('a' \"b\")"


def test_find_and_replace_keeps_marks_and_is_undone_at_once(writer):
    writer.open(story("<p>The ferry and the <strong>Ferry</strong>.</p><ul><li><p>ferry</p></li></ul>")).end_of("and")
    writer.press("Control+f").type("ferry")
    bar = writer.page.get_by_role("search", name="Find and replace")
    expect(bar.get_by_role("status")).to_have_text("1 of 3")
    writer.press("Enter")
    expect(bar.get_by_role("status")).to_have_text("2 of 3")
    bar.get_by_label("Match case").check()
    expect(bar.get_by_role("status")).to_have_text("1 of 2")
    bar.get_by_label("Match case").uncheck()
    bar.get_by_label("Replace with").fill("boat")
    bar.get_by_role("button", name="Replace all").click()
    expect(bar.get_by_role("status")).to_have_text("Not found")
    assert writer.blocks()[0].html == "The boat and the <strong>boat</strong>."
    writer.press("Escape", "Control+z")
    assert writer.blocks()[0].html == "The ferry and the <strong>Ferry</strong>."


def test_what_has_the_focus_shows_it(writer):
    bare()
    writer.open(story("<p>One.</p>")).end_of("One.").press("Alt+F10", "ArrowRight")
    outline = "(element) => { const { outlineStyle, boxShadow } = getComputedStyle(element); return outlineStyle !== 'none' || boxShadow !== 'none' }"
    assert writer.page.locator(":focus").evaluate(outline)
    writer.press("Escape", "Control+Alt+p")
    writer.page.locator(".mq-tile").first.wait_for()
    for key in ("Tab", "Tab", "Tab", "Tab", "Tab", "Tab"):
        writer.press(key)
        focused = writer.page.locator(":focus")
        assert focused.evaluate(outline), focused.evaluate("(element) => element.outerHTML")
    writer.press("Escape").press("Control+s")
    writer.page.get_by_text("Saved as version").wait_for()
