"""The palette: whatever the desk has is opened by keyboard, from every page, and what is not saved is not lost."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from articles.models import Article
from tests import newsroom

from .test_accessibility import findings


@pytest.fixture
def things(chief):
    story = newsroom.article(
        "Okonjo opens the gala", owner=chief, people=[newsroom.person()], works=[newsroom.work("Gala Night")]
    )
    story.record(by=chief)
    newsroom.section("Gala season")
    newsroom.photo(caption="Mara at the gala.")
    return story


@pytest.fixture
def box(desk):
    return desk.get_by_role("combobox", name="Search Marquee")


def marked(desk, words):
    expect(desk.locator(".palette [role=option][aria-selected=true]")).to_contain_text(words)


def test_anything_is_opened_by_keyboard(desk, box, live_server, things):
    desk.goto(live_server.url + reverse("admin:index"))
    desk.keyboard.press("Control+k")
    expect(box).to_be_focused()
    groups = desk.locator(".palette [role=group]")
    expect(groups.first).to_contain_text("Okonjo opens the gala")
    expect(desk.get_by_role("group", name="Go to")).to_contain_text("New story")
    desk.keyboard.type("gala")
    for name, words in {
        "Stories": "Okonjo opens",
        "Works": "Gala Night",
        "Sections": "Gala season",
        "Photos": "Mara at the gala.",
    }.items():
        expect(desk.get_by_role("group", name=name, exact=True)).to_contain_text(words)
    marked(desk, "Okonjo opens the gala")
    expect(box).to_have_attribute("aria-activedescendant", re.compile("palette-option-0"))
    assert findings(desk) == []
    desk.keyboard.press("ArrowDown")
    marked(desk, "Gala")
    desk.keyboard.press("ArrowUp")
    desk.keyboard.press("ArrowUp")
    marked(desk, "Mara at the gala.")
    desk.keyboard.press("Enter")
    desk.wait_for_url("**/media/photo/*/change/")
    desk.keyboard.press("Control+k")
    desk.keyboard.type("import")
    marked(desk, "Import story")
    desk.keyboard.press("Enter")
    desk.wait_for_url("**/import/")
    desk.keyboard.press("Control+k")
    desk.keyboard.type("okonjo")
    marked(desk, "Okonjo opens the gala")
    with desk.context.expect_page() as opened:
        desk.keyboard.press("Control+Enter")
    assert str(things.pk) in opened.value.url and "import" in desk.url
    opened.value.close()


def test_who_types_and_presses_enter_at_once_opens_what_was_typed(desk, box, live_server, things):
    desk.goto(live_server.url + reverse("admin:articles_article_changelist"))
    desk.keyboard.press("Control+k")
    desk.keyboard.type("okonjo")
    desk.keyboard.press("Enter")
    desk.wait_for_url(f"**/{things.pk}/change/")


def test_it_closes_and_the_focus_comes_back(desk, box, live_server, things):
    desk.goto(live_server.url + reverse("admin:articles_article_changelist"))
    search = desk.locator("#searchbar")
    search.focus()
    desk.keyboard.press("Control+k")
    expect(box).to_be_focused()
    desk.keyboard.press("Escape")
    expect(desk.locator(".palette")).to_be_hidden()
    expect(search).to_be_focused()
    button = desk.get_by_role("button", name="Search Ctrl K")
    button.click()
    expect(box).to_be_focused()
    desk.get_by_role("button", name="Close").click()
    expect(button).to_be_focused()
    desk.keyboard.press("/")
    expect(desk.locator(".palette")).to_be_hidden()


def test_a_late_answer_is_never_shown_and_a_refusal_is_said(desk, box, live_server, things):
    desk.goto(live_server.url + reverse("admin:index"))

    def slow(route):
        if "q=late" in route.request.url:
            desk.wait_for_timeout(600)
        route.continue_()

    desk.route("**/picker/find/?q=late*", slow)
    desk.keyboard.press("Control+k")
    box.fill("late")
    desk.wait_for_timeout(300)
    box.fill("gala")
    marked(desk, "Okonjo opens the gala")
    desk.wait_for_timeout(700)
    marked(desk, "Okonjo opens the gala")
    box.fill("zzzz")
    expect(desk.locator(".palette__status")).to_have_text("Nothing found for “zzzz”.")
    desk.keyboard.press("Enter")
    expect(desk.locator(".palette")).to_be_visible()
    desk.route("**/picker/find/**", lambda route: route.abort())
    box.fill("more")
    expect(desk.locator(".palette__status")).to_contain_text("The server is not responding.")


def test_in_a_text_selected_words_become_a_link_and_all_else_searches(writer, box, things):
    writer.open(newsroom.article(body="<p>Read more here.</p>"))
    writer.select("more").press("Control+k")
    expect(writer.page.get_by_role("dialog", name="Link")).to_be_visible()
    writer.press("Escape")
    writer.end_of("here").press("Control+k")
    expect(box).to_be_focused()
    writer.press("Escape")
    expect(writer.text).to_be_focused()
    writer.type("X")
    writer.wait(lambda each: "hereX" in each.html)


def test_what_is_not_saved_is_asked_about_as_on_any_way_out(writer, box, things):
    story = newsroom.article("Being written", body="<p>Before.</p>")
    writer.open(story)
    writer.end_of("Before.").type(" Not saved yet")
    asked = []
    writer.page.once("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    writer.press("Control+k")
    box.fill("okonjo")
    marked(writer.page, "Okonjo opens the gala")
    writer.press("Enter")
    writer.page.wait_for_timeout(500)
    assert asked == ["beforeunload"] and str(story.pk) in writer.page.url
    assert "Not saved yet" in writer.html and "Not saved yet" not in Article.objects.get(pk=story.pk).body
