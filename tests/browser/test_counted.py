"""What a day's work at a story costs, counted in the browser: clicks, page loads, scrolls and presses of Tab."""

import pytest
from playwright.sync_api import expect

from articles.models import Article
from media.models import Photo
from tests import newsroom

from .test_photo_words import phone_pictures
from .test_story import a_story
from .writer import Writer, figure

pytestmark = pytest.mark.django_db(transaction=True)

# What a hand does, told by the browser itself: presses of the pointer, of Tab, and how far the page was ever scrolled.
COUNT = """() => {
    const count = (name, by = 1) => sessionStorage.setItem(name, Number(sessionStorage.getItem(name) ?? 0) + by)
    addEventListener("pointerdown", (event) => event.isTrusted && count("clicks"), true)
    addEventListener("keydown", (event) => event.isTrusted && event.key === "Tab" && count("tabs"), true)
    // A list that opens may push the page for the blink in which it finds its place; what stays is a scroll.
    const stayed = () => {
        if (!scrollY) return
        count("scrolled", scrollY)
        sessionStorage.setItem("where", `${location.pathname}: ${scrollY} of ${document.documentElement.scrollHeight - innerHeight}`)
    }
    addEventListener("scroll", (event) => event.target === document && setTimeout(stayed, 250), true)
}"""
FIELDS = "#id_headline, #id_standfirst, .tiptap, [data-publish-open], [name=_continue]"
UNSEEN = """() => {
    const { activeElement: stop } = document
    const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(stop)
    const isText = stop.isContentEditable
    return isText || (outlineStyle !== "none" && outlineWidth !== "0px") || boxShadow !== "none" ? null : stop.outerHTML.slice(0, 120)
}"""


class Hands:
    """A page that counts what is done on it."""

    def __init__(self, page):
        self.page, self.loads = page, 0
        page.add_init_script(f"({COUNT})()")
        page.on("load", lambda _: self._loaded())

    def _loaded(self):
        self.loads += 1

    def begin(self):
        self.page.evaluate("sessionStorage.clear()")
        self.loads = 0

    def count(self, what):
        return int(self.page.evaluate("(name) => sessionStorage.getItem(name)", what) or 0)


@pytest.fixture
def hands(desk):
    return Hands(desk)


def test_from_the_front_page_to_a_live_story_by_keyboard(desk, hands, live_server):
    section = newsroom.section()
    desk.set_viewport_size({"width": 1280, "height": 800})
    desk.goto(live_server.url + "/admin/")
    hands.begin()
    tab_to(desk, "Skip to main content")
    desk.keyboard.press("Enter")
    tab_to(desk, "New story")
    desk.keyboard.press("Enter")
    expect(desk.locator(".tiptap")).to_be_visible()
    expect(desk.locator("#id_headline")).to_be_focused()
    desk.keyboard.type("Snow in the afternoon")
    desk.keyboard.press("Enter")
    desk.keyboard.type("It fell on everyone.")
    desk.keyboard.press("Enter")
    expect(desk.locator(".tiptap")).to_be_focused()
    desk.keyboard.type("The first paragraph.")
    desk.keyboard.press("Enter")
    desk.keyboard.type("The second one.")
    desk.keyboard.press("Control+Shift+Comma")
    for _ in range(20):
        if "section" in desk.evaluate(
            "document.activeElement.getAttribute('aria-labelledby') ?? document.activeElement.id"
        ):
            break
        desk.keyboard.press("Tab")
    desk.keyboard.press("Enter")
    expect(desk.locator(".select2-results__option", has_text=section.name)).to_be_visible()
    desk.keyboard.press("Enter")
    everything_in_view(desk)
    desk.keyboard.press("Control+Shift+Enter")
    expect(desk.locator("[data-panel]")).to_contain_text("Live since")
    story = Article.objects.get()
    assert story.editions.exists() and story.section == section and story.standfirst == "It fell on everyone."
    assert hands.count("tabs") <= 25
    assert hands.count("scrolled") == 0, desk.evaluate("sessionStorage.where")
    assert hands.loads == 1


def tab_to(page, words):
    for _ in range(25):
        page.keyboard.press("Tab")
        assert page.evaluate(UNSEEN) is None
        if page.evaluate("document.activeElement.textContent.trim()") == words:
            return
    raise AssertionError(f"Tab never came to “{words}”.")


def everything_in_view(page):
    seen = page.locator(FIELDS).evaluate_all(
        "(found) => found.map((each) => each.getBoundingClientRect()).map(({ top, bottom }) => top >= 0 && bottom <= innerHeight)"
    )
    assert len(seen) == 5 and all(seen)
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight"), "The page can scroll."


def test_a_typo_in_a_live_story_is_two_clicks_and_no_load(desk, hands, live_server, chief):
    story = a_story(chief, body="<p>The frist of them.</p><p>Another.</p>")
    story.publish(by=chief)
    writer = Writer(desk, live_server.url).open(story)
    expect(desk.locator("[data-publish-open]")).to_have_text("Update")
    hands.begin()
    desk.locator(".tiptap p").first.click()
    writer.start_of("frist").press("Delete", "Delete", "Delete", "Delete", "Delete").type("first")
    desk.locator("[data-publish-open]").click()
    expect(desk.locator("[data-saved]")).to_contain_text("Saved as version 2")
    expect(desk.locator("[data-panel-said]")).to_have_text("Update published.")
    assert "The first of them." in desk.request.get(f"{live_server.url}/api/v1/articles/{story.slug}/").text()
    assert (hands.count("clicks"), hands.loads) == (2, 0)


def test_three_pictures_from_a_phone_go_live_in_fourteen_clicks(desk, hands, live_server):
    section = newsroom.section()
    desk.set_viewport_size({"width": 1280, "height": 800})
    desk.goto(f"{live_server.url}/admin/")
    hands.begin()
    desk.get_by_role("link", name="New story").first.click()
    expect(desk.locator("#id_headline")).to_be_focused()
    desk.keyboard.type("Snow in the afternoon")
    desk.keyboard.press("Enter")
    desk.keyboard.type("It fell on everyone.")
    desk.keyboard.press("Enter")
    desk.keyboard.type("The only paragraph.")
    desk.locator(".mq-toolbar").get_by_role("button", name="Photo (").click()
    picker = desk.locator(".mq-picker")
    with desk.expect_file_chooser() as chooser:
        picker.get_by_role("button", name="Upload…").click()
    chooser.value.set_files(phone_pictures())
    rows = picker.locator(".mq-detail__row")
    expect(rows.nth(0).get_by_label("Credit")).to_be_focused()
    desk.keyboard.type("Ann Lee/Getty Images for Netflix")
    rows.nth(0).get_by_role("button", name="Same credit for all 3").click()
    expect(rows.nth(2).get_by_label("Credit")).to_have_value("Ann Lee/Getty Images for Netflix")
    for number in range(3):
        rows.nth(number).get_by_role("textbox", name="Alt text").click()
        desk.keyboard.type(f"A door {number}.")
    picker.get_by_role("button", name="Choose 3 photos").click()
    expect(desk.locator(".tiptap .mq-photo")).to_have_count(3)
    desk.locator("[data-field-of=lead]").get_by_role("button", name="Choose a photo…").click()
    picker.locator(".mq-tile").first.dblclick()
    desk.locator(".field-section .select2-selection").first.click()
    desk.locator(".select2-results__option", has_text=section.name).click()
    desk.locator("[data-publish-open]").click()
    expect(desk.locator("[data-panel]")).to_contain_text("Live since")
    story = Article.objects.get()
    assert {str(photo.credit) for photo in Photo.objects.all()} == {"Photo by Ann Lee/Getty Images for Netflix"}
    assert story.editions.exists() and story.lead_photo in Photo.objects.all() and story.body.count("<figure") == 3
    assert hands.count("clicks") <= 14 and hands.loads == 1


def test_a_photo_is_swapped_in_four_clicks(desk, hands, live_server, chief):
    shown, other = newsroom.photo(), newsroom.photo(seed=9)
    story = a_story(chief, body=f"<p>Above.</p>{figure(shown)}<p>Below.</p>")
    story.publish(by=chief)
    Writer(desk, live_server.url).open(story)
    hands.begin()
    card = desk.locator(".tiptap .mq-photo")
    card.get_by_role("button", name="Choose another photo").click()
    desk.locator(f".mq-picker .mq-tile[data-id='{other.pk}']").dblclick()
    expect(card).to_have_attribute("data-photo", str(other.pk))
    desk.locator("[data-publish-open]").click()
    expect(desk.locator("[data-panel-said]")).to_have_text("Update published.")
    assert str(other.pk) in Article.objects.get().body
    assert hands.count("clicks") <= 4 and hands.loads == 0
