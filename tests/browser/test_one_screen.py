"""One screen for a story: what stays, what folds, what is in reach of a thumb."""

import pytest
from playwright.sync_api import expect

from tests import newsroom

from .conftest import PHONE
from .test_story import a_story, change
from .writer import Writer, figure

pytestmark = pytest.mark.django_db(transaction=True)

# The boxes that would cover each other: of all that stays while the page is scrolled.
COVERED = """() => {
    const boxes = [".story-bar", ".mq-toolbar", "#story-aside"].map((each) => [each, document.querySelector(each).getBoundingClientRect()])
    const meet = ([, one], [, other]) => one.left < other.right - 1 && other.left < one.right - 1 && one.top < other.bottom - 1 && other.top < one.bottom - 1
    return boxes.flatMap((one, at) => boxes.slice(at + 1).filter((other) => meet(one, other)).map(([name]) => `${one[0]} and ${name}`))
}"""


def test_the_bar_and_the_tools_stay_and_nothing_covers_anything(desk, live_server, chief):
    paragraphs = "".join(f"<p>Paragraph {number} of a long evening.</p>" for number in range(150))
    story = a_story(chief, body=paragraphs)
    for width, height in ((1280, 800), (1600, 900), (390, 844)):
        desk.set_viewport_size({"width": width, "height": height})
        desk.goto(change(live_server, story))
        expect(desk.locator(".mq-toolbar")).to_be_visible()
        desk.evaluate("scrollTo(0, 3000)")
        assert desk.evaluate("scrollY") > 2000
        for stays in (".mq-toolbar", "[name=_continue]", "[data-publish-open]"):
            assert desk.locator(stays).evaluate(
                "(box) => box.getBoundingClientRect().top >= 0 && box.getBoundingClientRect().bottom < 160"
            ), (stays, width)
        assert desk.evaluate(COVERED) == []
        assert desk.evaluate("document.documentElement.scrollWidth <= innerWidth"), width
    assert desk.locator(".mq-toolbar").evaluate("(bar) => bar.scrollWidth > bar.clientWidth")


def test_the_headings_of_the_text_stand_in_line_with_it(desk, live_server, chief):
    story = a_story(chief, body="<h2>One</h2><p>Words.</p><h3>Two</h3>")
    Writer(desk, live_server.url).open(story)
    lefts = "(blocks) => blocks.map((each) => each.getBoundingClientRect().left + parseFloat(getComputedStyle(each).paddingLeft))"
    assert len(set(desk.locator(".tiptap > *").evaluate_all(lefts))) == 1


def test_folds_say_what_is_in_them_and_stay_as_they_were_left(desk, live_server, chief):
    story = a_story(chief, section=newsroom.section(), people=[newsroom.person()], tags=[newsroom.tag()])
    Writer(desk, live_server.url).open(story)
    assert folds_open(desk) == ["lead-photo", "section"]
    section, people = fold(desk, "section"), fold(desk, "tags-and-people")
    expect(people.locator("summary")).to_contain_text("1 person · 1 tag")
    section.locator("summary").click()
    expect(section.locator("summary")).to_contain_text("Film · ")
    people.locator("summary").click()
    desk.reload()
    expect(desk.locator(".tiptap")).to_be_visible()
    assert folds_open(desk) == ["lead-photo", "tags-and-people"]
    desk.locator("#id_tags").evaluate("(box) => { box.options.length = 0; django.jQuery(box).trigger('change') }")
    people.locator("summary").click()
    expect(people.locator("summary")).to_contain_text("1 person")
    expect(people.locator("summary")).not_to_contain_text("tag")


def fold(page, key):
    return page.locator(f"[data-fold={key}]")


def folds_open(page):
    return page.locator(".story-folds [data-fold][open]").evaluate_all(
        "(found) => found.map((each) => each.dataset.fold)"
    )


@pytest.mark.parametrize("has_scripts", [True, False])
def test_what_is_wrong_in_a_fold_opens_it(browser, live_server, log_in, chief, has_scripts):
    story = a_story(chief)
    context = browser.new_context(java_script_enabled=has_scripts)
    page = log_in(context.new_page(), chief)
    page.goto(change(live_server, story))
    if has_scripts:
        expect(page.locator("[data-counts]")).to_contain_text("words")
    fold(page, "search-and-social").locator("summary").click()
    page.locator("#id_canonical_url").fill("not an address")
    fold(page, "search-and-social").locator("summary").click()
    page.get_by_role("button", name="Save", exact=True).click()
    wrong = fold(page, "search-and-social")
    expect(wrong.locator(".errorlist")).to_be_visible()
    expect(page.locator("#id_canonical_url")).to_have_value("not an address")
    page.locator("#id_canonical_url").fill("https://example.com/snow")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("[data-saved]" if has_scripts else ".messagelist")).to_contain_text("Saved as version 2")
    story.refresh_from_db()
    assert story.canonical_url == "https://example.com/snow"
    context.close()


def test_a_key_leads_to_the_column_and_back_to_the_text(desk, live_server, chief):
    writer = Writer(desk, live_server.url).open(a_story(chief, body="<p>Words of a kind.</p>"))
    expect(desk.locator(".panel").first).to_be_visible()
    writer.end_of("Words").press("Control+Shift+Comma")
    assert desk.evaluate("document.querySelector('#story-aside').contains(document.activeElement)")
    writer.press("Control+Shift+Comma").type(" here")
    writer.wait(lambda now: now.shape() == ["Words here of a kind."])
    desk.locator("body").press("?")
    expect(desk.locator("[data-shortcuts]")).not_to_be_visible()
    desk.get_by_role("button", name="Shortcuts", exact=True).click()
    expect(desk.locator("[data-shortcuts]")).to_contain_text("Publish, or submit for review")


def test_on_a_phone_a_thumb_reaches_everything(desk, live_server, chief):
    photo = newsroom.photo()
    story = a_story(chief, body=f"<p>Words.</p>{figure(photo)}")
    desk.set_viewport_size(PHONE)
    desk.goto(change(live_server, story))
    desk.locator(".tiptap .mq-photo__credit").first.wait_for()
    small = """() => [...document.querySelectorAll(".story-bar button, .story-bar .to-aside, .mq-toolbar button, .fold > summary, .tiptap button, .panel button")]
        .filter((each) => each.checkVisibility()).filter((each) => each.getBoundingClientRect().height < 40 && !each.closest(".quiet, li")).map((each) => each.outerHTML.slice(0, 90))"""
    assert desk.evaluate(small) == []
    desk.get_by_role("link", name="Details").click()
    expect(desk.locator("[data-panel]")).to_be_in_viewport()
    expect(desk.get_by_role("button", name="Save", exact=True)).to_be_in_viewport()


def test_there_is_one_filled_button(desk, live_server, chief):
    story = a_story(chief)
    filled = """() => [...document.querySelectorAll("button, .button, input[type=submit]")].filter((each) => each.checkVisibility())
        .filter((each) => getComputedStyle(each).backgroundColor === getComputedStyle(document.querySelector("[data-publish-open]")).backgroundColor).map((each) => each.textContent)"""
    Writer(desk, live_server.url).open(story)
    expect(desk.locator(".panel").first).to_be_visible()
    assert len(desk.evaluate(filled)) == 1
