"""The body editor in a real Chromium: what a writer does with photos, galleries, embeds, quotes, links and pastes."""

import re

import pytest

from articles.body import Divider, Embed, Gallery, Heading, ListBlock, Paragraph, PhotoBlock, PullQuote, Quote, split
from media.models import Photo
from tests import newsroom
from tests.test_pasted import docs, docs_li, docs_p, docs_span, word, word_item
from tests.test_picker import STORY, bare

pytestmark = pytest.mark.django_db(transaction=True)

PASTE = """(element, [html, text]) => {
    const clipboardData = new DataTransfer()
    if (html) clipboardData.setData("text/html", html)
    clipboardData.setData("text/plain", text)
    element.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }))
}"""
# The editor gives itself its old selection back a moment after it got the focus, and reads a new one a moment later.
MARK = """async (root, [words, start, end]) => {
    const moment = () => new Promise((done) => setTimeout(done, 60))
    root.focus()
    await moment()
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT)
    while (walker.nextNode() && !walker.currentNode.data.includes(words));
    const at = walker.currentNode.data.indexOf(words)
    getSelection().setBaseAndExtent(walker.currentNode, at + start, walker.currentNode, at + end)
    await moment()
}"""
DROP = """async ([selector, name, base64]) => {
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))
    const dataTransfer = new DataTransfer()
    dataTransfer.items.add(new File([bytes], name, { type: "image/jpeg" }))
    const target = document.querySelector(selector)
    const { left, top } = target.getBoundingClientRect()
    const where = { clientX: left + 20, clientY: top + 20, bubbles: true, cancelable: true, dataTransfer }
    target.dispatchEvent(new DragEvent("drop", where))
}"""


class Writer:
    """A story open in the editor."""

    def __init__(self, page, address):
        self.page, self.keys, self.address = page, page.keyboard, address
        self.text = page.locator(".tiptap")
        self.picker = page.locator(".mq-picker")

    def open(self, story):
        self.page.goto(f"{self.address}/admin/articles/article/{story.pk}/change/")
        self.text.wait_for()
        return self

    def press(self, *keys):
        for key in keys:
            self.keys.press(key)
        return self

    def type(self, words):
        self.keys.type(words)
        return self

    def start_of(self, words):
        """Put the caret before these words of the text."""
        return self._mark(words, 0, 0)

    def end_of(self, words):
        return self._mark(words, len(words), len(words))

    def select(self, words):
        return self._mark(words, 0, len(words))

    def _mark(self, words, start, end):
        self.text.evaluate(MARK, [words, start, end])
        return self

    def paste(self, html="", text=""):
        self.text.evaluate(PASTE, [html, text])
        return self

    @property
    def html(self):
        return self.page.locator("#id_body").input_value()

    def blocks(self):
        return split(self.html)

    def shape(self):
        """Return what the body holds, block by block: words for texts, a name for the rest."""
        return [re.sub(r"<[^>]+>", "", getattr(block, "html", "")) or type(block).__name__ for block in self.blocks()]

    def wait(self, condition):
        """Wait until the body is so; it changes when the server has answered."""
        for _ in range(100):
            if condition(self):
                return
            self.page.wait_for_timeout(50)
        raise AssertionError(f"The body never became so: {self.html}")


@pytest.fixture
def writer(desk, live_server):
    # Autosave writes while the test database is emptied; it has tests of its own.
    desk.route("**/autosave/", lambda route: route.abort())
    yield Writer(desk, live_server.url)
    desk.goto("about:blank")
    desk.wait_for_timeout(200)


def story(body, **fields):
    return newsroom.article(body=body, **fields)


def figure(photo, inside="", **attributes):
    own = "".join(f' data-{name}="{value}"' for name, value in attributes.items())
    return f'<figure data-photo="{photo.pk}" data-layout="wide"{own}>{inside}</figure>'


def photo_between(photo):
    return story(f"<p>Above.</p>{figure(photo)}<p>Below.</p>")


# ---- photos ----------------------------------------------------------------------------------------------------------


def test_opening_and_saving_changes_nothing(writer):
    one, two = bare(), bare()
    kept = story(
        '<p data-id="aaaaaa1">One <strong>bold <em>both</em></strong> <a href="https://example.com/">link</a></p>'
        f"<h2>Title</h2>{figure(one, '<figcaption>Own <em>words</em></figcaption>', alt='Own alt')}"
        f'{figure(two, "<figcaption></figcaption>", decorative="")}<blockquote data-cite="Ada"><p>One</p><p>Two</p></blockquote>'
        '<aside data-pull-quote="" data-cite="Tom"><p>Pulled</p></aside><hr>'
        '<div data-embed="https://www.youtube.com/watch?v=dQw4w9WgXcQ"></div>'
        f'<div data-gallery="" data-title="The night">{figure(one)}{figure(two, "<figcaption>Second</figcaption>")}</div>'
        "<ol><li><p>a</p><ul><li><p>b</p></li></ul></li></ol><p>End</p>"
    )
    before = split(kept.body)
    writer.open(kept).end_of("End").type("!").press("Backspace")
    assert writer.blocks() == before


def test_a_photo_goes_where_the_caret_was_before_the_dialog_opened(writer):
    photo = bare()
    writer.open(story("<p>One.</p><p>Two.</p><p>Three.</p>")).end_of("Two.").press("Control+Alt+p")
    writer.page.locator(".mq-tile").first.wait_for()
    writer.press("ArrowDown", "Enter")
    writer.wait(lambda now: now.shape() == ["One.", "Two.", "PhotoBlock", "Three."])
    assert writer.blocks()[2].photo == photo.pk
    writer.press("Control+z")
    assert writer.shape() == ["One.", "Two.", "Three."]
    writer.press("Control+Shift+z")
    assert writer.shape() == ["One.", "Two.", "PhotoBlock", "Three."]


def test_a_photo_takes_the_place_of_an_empty_line_and_leaves_a_line_to_go_on(writer):
    bare()
    writer.open(story("<p>One.</p>")).end_of("One.").press("Enter", "Control+Alt+p")
    writer.page.locator(".mq-tile").first.dblclick()
    writer.wait(lambda now: now.shape() == ["One.", "PhotoBlock"])
    writer.press("ArrowDown").type("Go on.")
    assert writer.shape() == ["One.", "PhotoBlock", "Go on."]


def test_several_photos_go_in_in_the_order_of_choosing(writer):
    first, second = bare("First"), bare("Second")
    writer.open(story("<p>One.</p>")).end_of("One.").press("Control+Alt+p")
    writer.picker.get_by_role("option", name="First").click()
    writer.picker.get_by_role("option", name="Second").click()
    writer.page.get_by_role("button", name="Choose 2 photos").click()
    writer.wait(lambda now: len(now.blocks()) == 3)
    assert [block.photo for block in writer.blocks()[1:]] == [first.pk, second.pk]


def test_the_node_shows_credit_caption_and_why_a_photo_may_not_be_used(writer):
    photo = bare("An unlicensed picture.", kind="rights_managed")
    writer.open(photo_between(photo))
    node = writer.page.locator(".mq-photo")
    node.get_by_text("Photo by Petra Lindqvist/Getty Images for StreamCo").wait_for()
    assert node.get_by_role("textbox", name="Caption for this use").inner_text() == "An unlicensed picture."
    assert node.locator(".mq-badge").inner_text() == "Not usable"
    assert "needs a licence" in node.locator(".mq-photo__warning").inner_text()


def test_caption_and_alt_are_inherited_own_or_none(writer):
    writer.open(photo_between(bare()))
    node = writer.page.locator(".mq-photo")
    caption = node.get_by_role("textbox", name="Caption for this use")
    writer.page.locator(".mq-inherited", has_text="Mara").wait_for()
    caption.click()
    writer.press("End").type(" Yes <now>")
    assert writer.blocks()[1].caption == "Mara Okonjo at the premiere. Yes &lt;now&gt;"
    node.get_by_role("combobox", name="Caption").select_option("none")
    assert writer.blocks()[1].caption == "" and not caption.is_visible()
    node.get_by_role("combobox", name="Caption").select_option("inherit")
    assert writer.blocks()[1].caption is None and caption.inner_text() == "Mara Okonjo at the premiere."
    node.get_by_label("Alt text", exact=True).first.fill("A dress.")
    assert writer.blocks()[1].alt == "A dress."
    node.get_by_role("combobox", name="Alt text").select_option("decorative")
    block = writer.blocks()[1]
    assert block.decorative and block.alt is None
    node.get_by_role("combobox", name="Size").select_option("portrait")
    assert writer.blocks()[1].layout == "portrait"


def test_bold_and_links_of_a_caption_survive_typing_in_it(writer):
    photo = bare()
    inside = '<figcaption><em>The Glass Orchard</em> and <a href="https://example.com/">more</a></figcaption>'
    writer.open(story(f"<p>Above.</p>{figure(photo, inside)}"))
    writer.page.get_by_role("textbox", name="Caption for this use").click()
    writer.press("Home").type("On ")
    assert re.sub("&nbsp;", " ", writer.blocks()[1].caption) in {
        'On <em>The Glass Orchard</em> and <a href="https://example.com/">more</a>',
        '<em>On The Glass Orchard</em> and <a href="https://example.com/">more</a>',
    }


def test_enter_in_a_caption_makes_a_paragraph_after_the_photo(writer):
    writer.open(photo_between(bare()))
    writer.page.get_by_role("textbox", name="Caption for this use").click()
    writer.press("Enter").type("Between.")
    assert writer.shape() == ["Above.", "PhotoBlock", "Between.", "Below."]


def test_clicking_a_photo_selects_it_and_delete_removes_it(writer):
    writer.open(photo_between(bare()))
    writer.page.locator(".mq-photo__picture").click()
    assert writer.page.locator(".mq-photo.mq-selected").count() == 1
    writer.press("Delete")
    assert writer.shape() == ["Above.", "Below."]
    writer.press("Control+z")
    assert writer.shape() == ["Above.", "PhotoBlock", "Below."]


def test_backspace_below_a_photo_selects_it_before_it_deletes(writer):
    writer.open(photo_between(bare())).start_of("Below.").press("Backspace")
    assert writer.shape() == ["Above.", "PhotoBlock", "Below."]
    assert writer.page.locator(".mq-photo.mq-selected").count() == 1
    writer.press("Backspace")
    assert writer.shape() == ["Above.", "Below."]


def test_fast_backspaces_never_turn_text_into_a_photo(writer):
    writer.open(photo_between(bare())).end_of("Below.").press(*["Backspace"] * 7)
    assert writer.shape() == ["Above.", "PhotoBlock"]
    assert writer.page.locator(".mq-photo.mq-selected").count() == 1


def test_delete_above_a_photo_selects_it_before_it_deletes(writer):
    writer.open(photo_between(bare())).end_of("Above.").press("Delete")
    assert writer.page.locator(".mq-photo.mq-selected").count() == 1
    assert writer.shape() == ["Above.", "PhotoBlock", "Below."]


def test_enter_on_a_selected_photo_makes_a_paragraph_after_it(writer):
    writer.open(photo_between(bare()))
    writer.page.locator(".mq-photo__picture").click()
    writer.press("Enter").type("Between.")
    assert writer.shape() == ["Above.", "PhotoBlock", "Between.", "Below."]


def test_alt_and_arrows_move_photos_and_paragraphs(writer):
    writer.open(photo_between(bare()))
    writer.page.locator(".mq-photo__picture").click()
    writer.press("Alt+ArrowUp")
    assert writer.shape() == ["PhotoBlock", "Above.", "Below."]
    writer.press("Alt+ArrowUp")
    assert writer.shape() == ["PhotoBlock", "Above.", "Below."]
    writer.press("Alt+ArrowDown", "Alt+ArrowDown")
    assert writer.shape() == ["Above.", "Below.", "PhotoBlock"]
    writer.start_of("Below.").press("Alt+ArrowUp").type("Now ")
    assert writer.shape() == ["Now Below.", "Above.", "PhotoBlock"]


def test_a_photo_can_be_dragged(writer):
    writer.open(photo_between(bare()))
    picture, below = writer.page.locator(".mq-photo__picture"), writer.page.locator(".tiptap p").last
    picture.drag_to(below, source_position={"x": 60, "y": 100}, target_position={"x": 200, "y": 12})
    writer.wait(lambda now: now.shape() == ["Above.", "Below.", "PhotoBlock"])


def test_undo_goes_back_through_typing_caption_move_and_removal(writer):
    writer.open(photo_between(bare())).end_of("Above.").type(" More.")
    writer.page.locator(".mq-inherited", has_text="Mara").click()
    writer.press("End").type(" Own.")
    writer.page.locator(".mq-photo__picture").click()
    writer.press("Alt+ArrowUp", "Delete")
    assert writer.shape() == ["Above. More.", "Below."]
    seen = set()
    for _ in range(30):
        writer.press("Control+z")
        caption = next((block.caption for block in writer.blocks() if isinstance(block, PhotoBlock)), "gone")
        seen.add((tuple(writer.shape()), caption))
    own = "Mara Okonjo at the premiere. Own."
    assert (("PhotoBlock", "Above. More.", "Below."), own) in seen
    assert (("Above. More.", "PhotoBlock", "Below."), own) in seen
    assert (tuple(writer.shape()), writer.blocks()[1].caption) == (("Above.", "PhotoBlock", "Below."), None)


def test_undo_in_a_caption_takes_back_what_was_typed_there(writer):
    writer.open(photo_between(bare()))
    caption = writer.page.locator(".mq-inherited", has_text="Mara")
    caption.click()
    writer.press("End").type(" Own.").press("Control+z")
    assert writer.blocks()[1].caption is None
    assert caption.inner_text() == "Mara Okonjo at the premiere."


def test_another_photo_can_take_the_place_of_one(writer):
    old, new = bare("Old"), bare("New")
    writer.open(story(figure(old, "<figcaption>About the old one</figcaption>")))
    writer.page.get_by_role("button", name="Choose another photo").click()
    writer.picker.get_by_role("option", name="New").dblclick()
    writer.wait(lambda now: now.blocks()[0].photo == new.pk)
    assert writer.blocks()[0].caption is None


# ---- ids -------------------------------------------------------------------------------------------------------------


def test_ids_stay_with_their_blocks_and_are_never_doubled(writer):
    writer.open(story('<p data-id="aaaaaa1">One two.</p><p data-id="bbbbbb2">Three.</p>'))
    writer.end_of("One").press("Enter").end_of("Three.").type(" More.")
    found = [block.id for block in writer.blocks()]
    assert found[0] == "aaaaaa1" and found[2] == "bbbbbb2"
    writer.press("Enter").paste(
        '<p data-pm-slice="0 0 []" data-id="aaaaaa1">Copied.</p><p data-id="cccccc3">Moved.</p>'
    )
    assert writer.shape()[-2:] == ["Copied.", "Moved."]
    found = [block.id for block in writer.blocks()]
    assert len(set(found)) == len(found) and all(found)
    assert found[0] == "aaaaaa1" and found[-1] == "cccccc3"


def test_paragraphs_of_quotes_and_lists_carry_no_ids(writer):
    writer.open(story('<p data-id="aaaaaa1">One.</p>')).end_of("One.").press("Control+Shift+b").type("!")
    assert re.fullmatch(r'<blockquote data-id="[a-z0-9]{6,16}"><p>One\.!</p></blockquote>', writer.html)


# ---- galleries, embeds, quotes, dividers -----------------------------------------------------------------------------


def test_a_gallery_is_chosen_captioned_reordered_and_extended(writer):
    first, second = bare("First"), bare("Second")
    writer.open(story("<p>One.</p>")).end_of("One.").press("Control+Alt+g")
    writer.picker.get_by_role("option", name="First").click()
    writer.picker.get_by_role("option", name="Second").click()
    writer.page.get_by_role("button", name="Choose 2 photos").click()
    writer.page.get_by_label("Title of the gallery").fill("The night")
    captions = writer.page.locator(".mq-gallery .mq-photo__caption")
    captions.nth(1).click()
    writer.press("End").type(" one.")
    writer.page.get_by_role("button", name="Move earlier").nth(1).click()
    gallery = writer.blocks()[1]
    assert isinstance(gallery, Gallery) and gallery.title == "The night"
    assert [(each.photo, each.caption) for each in gallery.photos] == [(second.pk, "Second one."), (first.pk, None)]
    writer.page.get_by_role("button", name="Take out of the gallery").first.click()
    writer.page.get_by_role("button", name="Add photos …").click()
    writer.picker.get_by_role("option", name="Second").dblclick()
    writer.wait(lambda now: [each.photo for each in now.blocks()[1].photos] == [first.pk, second.pk])
    captions.first.click()
    writer.press("Enter", "Enter").type("After.")
    assert writer.shape() == ["One.", "Gallery", "After."]


def test_a_pasted_address_becomes_an_embed_or_a_link(writer):
    writer.open(story("<p>One.</p>")).end_of("One.").press("Enter").paste(text="https://youtu.be/dQw4w9WgXcQ?si=x")
    writer.wait(lambda now: len(now.blocks()) == 2)
    assert writer.blocks()[1].url == "https://www.youtube.com/watch?v=dQw4w9WgXcQ"
    writer.page.get_by_text("Video on YouTube").wait_for()
    writer.end_of("One.").press("Enter").paste(text="https://example.com/page")
    writer.wait(lambda now: len(now.blocks()) == 3)
    assert writer.blocks()[1].html == '<a href="https://example.com/page">https://example.com/page</a>'
    writer.select("One").paste(text="https://youtu.be/dQw4w9WgXcQ")
    assert writer.blocks()[0].html == '<a href="https://youtu.be/dQw4w9WgXcQ">One</a>.'


def test_the_embed_dialog_says_why_an_address_is_none(writer):
    writer.open(story("<p>One.</p>")).end_of("One.")
    writer.page.get_by_role("button", name="Embed").click()
    writer.type("https://example.com/clip").press("Enter")
    writer.page.get_by_text("No provider we can embed has this address").wait_for()
    writer.press("Control+a").type("https://vimeo.com/76979871").press("Enter")
    writer.wait(lambda now: any(isinstance(block, Embed) for block in now.blocks()))


def test_quotes_say_who_and_pull_quotes_stand_apart(writer):
    writer.open(story("<p>One.</p><p>Two.</p>")).end_of("One.")
    writer.page.get_by_role("button", name=re.compile(r"^Quote")).click()
    writer.page.get_by_label("Quote: who said it").fill("Ada Quill")
    writer.start_of("Two.")
    writer.page.get_by_role("button", name="Pull quote").click()
    quote, pulled = writer.blocks()
    assert isinstance(quote, Quote) and (quote.html, quote.cite) == ("One.", "Ada Quill")
    assert isinstance(pulled, PullQuote) and pulled.html == "Two."
    writer.page.get_by_label("Pull quote: who said it").press("Enter")
    writer.type("After.")
    assert writer.shape() == ["One.", "Two.", "After."]


# ---- keyboard --------------------------------------------------------------------------------------------------------


def test_the_slash_menu_inserts_by_keyboard_alone(writer):
    writer.open(story("<p>One.</p>")).end_of("One.").press("Enter").type("/div")
    option = writer.page.get_by_role("option", name="Divider")
    assert option.get_attribute("aria-selected") == "true"
    assert writer.text.get_attribute("aria-activedescendant") == option.get_attribute("id")
    writer.press("Enter")
    assert [type(block) for block in writer.blocks()] == [Paragraph, Divider]
    writer.type("/")
    writer.page.get_by_role("listbox", name="Insert").wait_for()
    writer.press("Escape")
    assert writer.page.get_by_role("listbox", name="Insert").count() == 0
    writer.press("Backspace").type("/head").press("ArrowDown", "Enter").type("Title")
    assert isinstance(writer.blocks()[-1], Heading) and writer.blocks()[-1].level == 3


def test_the_toolbar_is_one_stop_with_arrows_inside(writer):
    writer.open(story("<p>One.</p>")).select("One").press("Alt+F10")
    focused = writer.page.locator(":focus")
    assert focused.get_attribute("aria-label") == "Paragraph style"
    writer.press("ArrowRight")
    assert focused.get_attribute("aria-label") == "Bold (Ctrl+B)"
    assert focused.get_attribute("aria-pressed") == "false"
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
    assert writer.page.get_by_role("dialog").count() == 0


# ---- links -----------------------------------------------------------------------------------------------------------


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
    writer.page.get_by_text("Write a web address").wait_for()
    writer.press("Control+a").type("example.com/page").press("Enter")
    assert writer.blocks()[0].html == 'Read <a href="https://example.com/page">more</a> here.'


# ---- paste -----------------------------------------------------------------------------------------------------------

PASTES = {
    "word": (
        word(
            "<h2>The Cast<o:p></o:p></h2><p class=MsoNormal>Ada <b>Quill</b> and <a href='https://example.com/'>more</a>."
            "<o:p></o:p></p><p class=MsoNormal><o:p>&nbsp;</o:p></p>"
            + word_item("Film", place="First")
            + word_item("Drama", level=2, marker="o", place="Last")
            + "<p class=MsoQuote>So she said.</p><p class=MsoNormal><img src='file:///C:/x.png'></p>"
        ),
        [Heading, Paragraph, ListBlock, Quote],
        "<ul><li><p>Film</p><ul><li><p>Drama</p></li></ul></li></ul>",
    ),
    "google docs": (
        docs(
            '<h2 dir="ltr">' + docs_span("The Cast") + "</h2>" + docs_p(docs_span("Ada ") + docs_span("Quill", 700)) + "<br>"
            "<ul>" + docs_li("Film") + "</ul>" + docs_p('<img src="https://lh7-rt.googleusercontent.com/x">')
            + docs_p(docs_span("slanted", slant="italic", colour="#ff0000"))
        ),
        [Heading, Paragraph, ListBlock, Paragraph],
        "<p>Ada <strong>Quill</strong></p>",
    ),
    "web page": (
        '<div style="color:red" onclick="alert(1)"><h1>Title</h1><p>One</p><p></p><script>alert(1)</script>'
        '<p><a href="javascript:alert(1)">Two</a></p><img src=x onerror=alert(1)></div>',
        [Heading, Paragraph, Paragraph],
        "<p>Two</p>",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", PASTES)
def test_pastes_of_other_programs_arrive_clean(writer, name):
    html, kinds, part = PASTES[name]
    writer.open(story("<p>Before.</p>")).end_of("Before.").press("Enter").paste(html, "plain")
    writer.wait(lambda now: len(now.blocks()) > 1)
    blocks = writer.blocks()
    assert [type(block) for block in blocks[1:]] == kinds
    assert part in re.sub(r' data-id="[^"]*"', "", writer.html)
    assert "style" not in writer.html and "<img" not in writer.html and "<p></p>" not in writer.html
    writer.press("Control+z")
    assert writer.shape() == ["Before."]


def test_a_few_pasted_words_join_the_line_they_are_pasted_into(writer):
    html = '<meta charset="utf-8"><span style="color:red">and <b>bold</b> </span>'
    writer.open(story("<p>One two.</p>")).start_of("two").paste(html, "and bold ")
    writer.wait(lambda now: "bold" in now.html)
    assert re.sub("&nbsp;", " ", writer.blocks()[0].html) == "One and <strong>bold</strong> two."


def test_a_paste_lands_where_it_was_asked_for_however_the_writer_goes_on(writer):
    writer.page.route("**/picker/clean/", lambda route: (writer.type("more. "), route.continue_())[1])
    writer.open(story("<p>One.</p><p>Two.</p>")).end_of("Two.").paste("<p>Pasted <i>words</i>.</p>", "x")
    writer.start_of("One.")
    writer.wait(lambda now: "Pasted" in now.html)
    assert writer.shape()[1].startswith("Two.Pasted words.")


def test_a_paste_without_the_server_still_brings_no_pictures(writer):
    writer.page.route("**/picker/clean/", lambda route: route.abort())
    html = '<p>One <b>bold</b></p><p>&nbsp;</p><p><img src="https://example.com/x.png"></p><p>Two</p>'
    writer.open(story("<p>Before.</p>")).end_of("Before.").press("Enter").paste(html, "x")
    writer.wait(lambda now: now.shape() == ["Before.", "One bold", "Two"])


def test_a_whole_story_offers_its_structure(writer):
    newsroom.credit()
    writer.open(story("")).text.click()
    writer.paste(text=STORY)
    writer.page.get_by_role("region", name="Import structure").get_by_text("headline, byline").wait_for()
    assert "PhotoBlock" not in writer.shape()
    writer.page.get_by_role("button", name="Import structure").click()
    writer.wait(lambda now: "PhotoBlock" in now.shape())
    slot = Photo.objects.get()
    assert slot.is_slot and [block.photo for block in writer.blocks() if isinstance(block, PhotoBlock)] == [slot.pk]
    assert not any("By June" in words for words in writer.shape())
    writer.page.get_by_text("Waits for its file").wait_for()


def test_an_offer_that_is_declined_leaves_the_text_as_it_is(writer):
    newsroom.credit()
    writer.open(story("")).text.click()
    writer.paste(text=STORY)
    writer.page.get_by_role("button", name="Keep it as it is").click()
    assert writer.shape()[1] == "By June Castellane" and not Photo.objects.exists()


# ---- typography, find and replace ------------------------------------------------------------------------------------


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
    assert bar.get_by_role("status").inner_text() == "1 of 3"
    writer.press("Enter")
    assert bar.get_by_role("status").inner_text() == "2 of 3"
    bar.get_by_label("Match case").check()
    assert bar.get_by_role("status").inner_text() == "1 of 2"
    bar.get_by_label("Match case").uncheck()
    bar.get_by_label("Replace with").fill("boat")
    bar.get_by_role("button", name="Replace all").click()
    assert bar.get_by_role("status").inner_text() == "Not found"
    assert writer.blocks()[0].html == "The boat and the <strong>boat</strong>."
    writer.press("Escape", "Control+z")
    assert writer.blocks()[0].html == "The ferry and the <strong>Ferry</strong>."


# ---- the picker ------------------------------------------------------------------------------------------------------


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
    import base64

    writer.open(story("<p>One.</p>")).end_of("One.").press("Control+Alt+p")
    writer.page.get_by_text("No photo is found").wait_for()
    data = base64.b64encode(newsroom.jpeg(seed=7)).decode()
    writer.page.evaluate(DROP, [".mq-picker", "gala.jpg", data])
    writer.picker.get_by_role("option", selected=True).wait_for()
    writer.page.get_by_role("button", name="Choose", exact=True).click()
    writer.wait(lambda now: len(now.blocks()) == 2)
    assert writer.blocks()[1].photo == Photo.objects.get().pk


def test_a_picture_dropped_on_the_text_is_uploaded_in_its_place(writer):
    import base64

    writer.open(story("<p>One.</p><p>Two.</p>"))
    data = base64.b64encode(newsroom.jpeg(seed=8)).decode()
    writer.page.evaluate(DROP, [".tiptap p", "gala.jpg", data])
    writer.wait(lambda now: "PhotoBlock" in now.shape())
    assert writer.shape()[-1] == "Two."


def test_the_photo_of_a_form_is_chosen_in_the_same_picker(writer):
    photo = bare()
    writer.open(story("<p>One.</p>"))
    field = writer.page.locator("#id_lead_photo + .mq-field")
    field.get_by_role("button", name="Choose a photo …").click()
    writer.page.locator(".mq-tile").first.wait_for()
    writer.press("ArrowDown", "Enter")
    field.get_by_text("Photo by Petra Lindqvist").wait_for()
    assert writer.page.locator("#id_lead_photo").input_value() == str(photo.pk)
    field.get_by_role("button", name="Remove").click()
    assert writer.page.locator("#id_lead_photo").input_value() == ""
