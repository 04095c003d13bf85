"""A block that was just put in or is selected: what is typed, pasted, dropped or arrives late never takes its place."""

import base64
import re

import pytest
from playwright.sync_api import TimeoutError

from tests import newsroom
from tests.test_picker import bare

from .writer import DROP, figure, story

pytestmark = pytest.mark.django_db(transaction=True)

VIDEO = "https://www.youtube.com/watch?v=dQw4w9WgXcQ"
BLOCKS = {
    "PhotoBlock": figure,
    "Gallery": lambda photo: f'<div data-gallery="">{figure(photo)}</div>',
    "Embed": lambda photo: f'<div data-embed="{VIDEO}"></div>',
    "Divider": lambda photo: "<hr>",
}
CLICKED = {
    "PhotoBlock": ".mq-photo__picture",
    "Gallery": ".mq-gallery__handle",
    "Embed": ".mq-embed > .mq-icon",
}
KINDS = list(BLOCKS)
# A divider is too thin to be clicked on with certainty.
HANDS = [(kind, hand) for kind in KINDS for hand in ("mouse", "keyboard") if (kind, hand) != ("Divider", "mouse")]
DROP_WORDS = """([selector, words]) => {
    const dataTransfer = new DataTransfer()
    dataTransfer.setData("text/plain", words)
    const target = document.querySelector(selector)
    const { left, top } = target.getBoundingClientRect()
    const where = { clientX: left + 3, clientY: top + 1, bubbles: true, cancelable: true, dataTransfer }
    target.dispatchEvent(new DragEvent("drop", where))
}"""


def compose(writer, words):
    """Type words as an input method does for Japanese or Korean."""
    session = writer.page.context.new_cdp_session(writer.page)
    session.send("Input.imeSetComposition", {"text": words, "selectionStart": len(words), "selectionEnd": len(words)})
    session.send("Input.insertText", {"text": words})


@pytest.fixture
def photo(transactional_db):
    return bare("The premiere.")


def choose(writer, kind):
    """Put a block in at the caret as a writer does, by keyboard."""
    if kind == "Embed":
        writer.press("Alt+F10")
        writer.page.get_by_role("button", name="Embed", exact=True).focus()
        writer.press("Enter").type(VIDEO).press("Enter")
    elif kind == "Divider":
        writer.press("Enter").type("---")
        return
    else:
        writer.press({"PhotoBlock": "Control+Alt+p", "Gallery": "Control+Alt+g"}[kind])
        writer.page.locator(".mq-tile").first.wait_for()
        writer.press("ArrowDown", "Enter")
    writer.picker.wait_for(state="detached")
    writer.wait(lambda now: kind in now.shape())


@pytest.mark.parametrize("kind", KINDS)
def test_who_puts_a_block_in_goes_on_writing_below_it(writer, photo, kind):
    writer.open(story("<p>One.</p>")).end_of("One.")
    choose(writer, kind)
    writer.type("Go on.").press("Enter").type("And on.")
    assert writer.shape() == ["One.", kind, "Go on.", "And on."]
    writer.start_of("One.")
    choose(writer, kind) if kind != "Divider" else None
    writer.paste("<p>Pasted <b>words</b>.</p>", "Pasted words.")
    writer.wait(lambda now: "Pasted" in now.html)
    above = [] if kind == "Divider" else [kind]
    assert writer.shape() == [*above, "Pasted words.One.", kind, "Go on.", "And on."]


def select(writer, kind, hand):
    """Select the block: by a click, or with the arrows from the line above. Who sees it not selected does so again."""
    chosen = writer.page.locator(".mq-selected, .ProseMirror-selectednode")
    for _ in range(3):
        if hand == "mouse":
            writer.page.locator(CLICKED[kind]).first.click()
        else:
            writer.end_of("Above.").press("Delete")
        try:
            chosen.wait_for(timeout=4000)
            return writer
        except TimeoutError:
            continue
    raise AssertionError("The block was never selected.")


def undone(writer, shape):
    """Take back until the text is again as it was, without an empty line."""
    for _ in range(8):
        if writer.shape() == shape and "></p>" not in writer.html:
            return
        writer.press("Control+z")
    assert writer.shape() == shape


# What a hurried person does to a selected block, and what the text holds below it then.
DEEDS = {
    "letter": (lambda writer: writer.type("x"), ["xBelow."]),
    "words": (lambda writer: writer.type("Some words. "), ["Some words. Below."]),
    "enter": (lambda writer: writer.press("Enter").type("New."), ["New.", "Below."]),
    "shift enter": (lambda writer: writer.press("Shift+Enter").type("New."), ["New.", "Below."]),
    "space": (lambda writer: writer.press("Space").type("x"), ["xBelow."]),
    # Text without a key, as from a telephone's keyboard or an emoji table.
    "spoken": (lambda writer: writer.keys.insert_text("Said. "), ["Said. Below."]),
    "composed": (lambda writer: compose(writer, "日本"), ["日本Below."]),
    "paste": (lambda writer: writer.paste("<p>Pasted.</p>", "Pasted."), ["Pasted.", "Below."]),
    "paste lines": (lambda writer: writer.paste(text="One.\nTwo."), ["One.", "Two.", "Below."]),
    "paste words": (lambda writer: writer.paste(text="Few words"), ["Few words", "Below."]),
    "paste address": (lambda writer: writer.paste(text=VIDEO), ["Embed", "Below."]),
    "paste own": (lambda writer: writer.paste('<p data-pm-slice="0 0 []">Own.</p>', "Own."), ["Own.", "Below."]),
    "link": (lambda writer: writer.press("Control+k").type("https://example.com/").press("Enter"), None),
}


@pytest.mark.parametrize(("kind", "hand"), HANDS)
def test_nothing_takes_the_place_of_a_selected_block(writer, photo, kind, hand):
    """One page for all deeds: each is undone before the next."""
    before = ["Above.", kind, "Below."]
    writer.open(story(f"<p>Above.</p>{BLOCKS[kind](photo)}<p>Below.</p>"))
    for deed, (do, below) in DEEDS.items():
        do(select(writer, kind, hand))
        wanted = ["Above.", kind, *(below or ["https://example.com/Below."])]
        writer.wait(lambda now, wanted=wanted: now.shape() == wanted)
        undone(writer, before)
        assert writer.shape() == before, deed


@pytest.mark.parametrize(("kind", "hand"), HANDS)
def test_a_selected_block_at_the_end_gets_a_line_to_write_in(writer, photo, kind, hand):
    writer.open(story(f"<p>Above.</p>{BLOCKS[kind](photo)}"))
    select(writer, kind, hand).type("Go on.")
    assert writer.shape() == ["Above.", kind, "Go on."]
    undone(writer, ["Above.", kind])
    select(writer, kind, hand).press("Backspace")
    assert writer.shape() == ["Above."]
    writer.press("Control+z")
    assert writer.shape() == ["Above.", kind]


@pytest.mark.parametrize("kind", CLICKED)
def test_enter_on_the_first_block_of_a_story_makes_a_line_below(writer, photo, kind):
    writer.open(story(f"{BLOCKS[kind](photo)}<p>Below.</p>"))
    writer.page.locator(CLICKED[kind]).first.click()
    writer.press("Enter").type("New.")
    assert writer.shape() == [kind, "New.", "Below."]


@pytest.mark.parametrize("kind", CLICKED)
def test_words_and_pictures_dropped_on_a_block_go_below_it(writer, photo, kind):
    writer.open(story(f"<p>Above.</p>{BLOCKS[kind](photo)}<p>Below.</p>"))
    writer.page.locator(CLICKED[kind]).first.click()
    writer.page.evaluate(DROP_WORDS, [CLICKED[kind], "Dropped words."])
    assert writer.shape() == ["Above.", kind, "Dropped words.", "Below."]
    undone(writer, ["Above.", kind, "Below."])
    data = base64.b64encode(newsroom.jpeg(seed=9)).decode()
    writer.page.evaluate(DROP, [CLICKED[kind], "gala.jpg", data])
    writer.wait(lambda now: now.shape() == ["Above.", kind, "PhotoBlock", "Below."])


@pytest.mark.parametrize("kind", ["PhotoBlock", "Gallery"])
def test_the_fields_inside_of_a_block_are_still_written_in(writer, photo, kind):
    writer.open(story(f"<p>Above.</p>{BLOCKS[kind](photo)}<p>Below.</p>"))
    select(writer, kind, "mouse")
    writer.page.locator(".mq-inherited", has_text="The premiere.").click()
    writer.press("End").type(" Own.")
    block = writer.blocks()[1]
    assert (block.photos[0] if kind == "Gallery" else block).caption == "The premiere. Own."
    assert writer.shape() == ["Above.", kind, "Below."]


class Held:
    """Requests to an address wait until they are let go."""

    def __init__(self, page, address):
        self.routes = []
        page.route(address, lambda route: self.routes.append(route))

    def let_go(self, answer=None):
        for route in self.routes:
            route.fulfill(**answer) if answer else route.continue_()
        self.routes.clear()


LATE = {
    "upload": ("**/photo/upload/", "PhotoBlock"),
    "embed": ("**/picker/embed/**", "Embed"),
    "paste": ("**/picker/clean/", "Pasted words."),
}


@pytest.mark.parametrize("what", LATE)
@pytest.mark.parametrize("where", ["same line", "other line", "headline"])
def test_what_arrives_late_touches_neither_caret_nor_words(writer, what, where):
    address, arrived = LATE[what]
    writer.open(story("<p>One.</p><p>Two.</p>"))
    held = Held(writer.page, address)
    writer.end_of("Two.").press("Enter")
    if what == "upload":
        files = [{"name": "gala.jpg", "mimeType": "image/jpeg", "buffer": newsroom.jpeg(seed=11)}]
        data = base64.b64encode(files[0]["buffer"]).decode()
        writer.page.evaluate(DROP, [".tiptap > p:last-child", "gala.jpg", data])
    elif what == "embed":
        writer.paste(text=VIDEO)
    else:
        writer.paste("<p>Pasted <i>words</i>.</p>", "Pasted words.")
    if where == "other line":
        writer.start_of("One.")
    if where == "headline":
        writer.page.locator("#id_headline").fill("A long ")
        writer.page.locator("#id_headline").press("End")
    writer.type("sen")
    writer.page.wait_for_timeout(150)
    held.let_go()
    writer.wait(lambda now: any(arrived in words for words in now.shape()))
    writer.type("tence")
    shape = writer.shape()
    if where == "same line":
        assert shape in (["One.", "Two.", arrived, "sentence"], ["One.", "Two.", arrived + "sentence"])
    elif where == "other line":
        assert shape == ["sentenceOne.", "Two.", arrived]
    else:
        assert shape == ["One.", "Two.", arrived]
        assert writer.page.locator("#id_headline").input_value() == "A long sentence"


def test_an_upload_that_arrives_in_the_middle_of_a_sentence_does_not_split_it(writer):
    writer.open(story("<p>One two.</p><p>Three.</p>"))
    held = Held(writer.page, "**/photo/upload/")
    writer.end_of("One")
    writer.page.evaluate(DROP, [".tiptap p", "gala.jpg", base64.b64encode(newsroom.jpeg(seed=12)).decode()])
    writer.type(" and a ha")
    held.let_go()
    writer.wait(lambda now: "PhotoBlock" in now.shape())
    writer.type("lf")
    assert writer.shape() == ["One and a half two.", "PhotoBlock", "Three."]


# ---- uploads are seen ------------------------------------------------------------------------------------------------


def test_a_running_upload_is_seen_where_it_was_dropped_and_never_saved(writer):
    writer.open(story("<p>One.</p><p>Two.</p>"))
    held = Held(writer.page, "**/photo/upload/")
    writer.page.evaluate(DROP, [".tiptap p", "gala.jpg", base64.b64encode(newsroom.jpeg(seed=13)).decode()])
    shown = writer.page.locator(".tiptap > p:first-child + .mq-upload")
    shown.get_by_text("gala.jpg").wait_for()
    shown.get_by_text("Uploading…").wait_for()
    writer.end_of("Two.").type(" More.")
    assert "upload" not in writer.html and writer.shape() == ["One.", "Two. More."]
    held.let_go()
    writer.wait(lambda now: now.shape() == ["One.", "PhotoBlock", "Two. More."])
    assert shown.count() == 0


def test_a_refused_upload_says_why_and_can_be_tried_again_or_dismissed(writer):
    writer.open(story("<p>One.</p><p>Two.</p>"))
    held = Held(writer.page, "**/photo/upload/")
    writer.page.evaluate(DROP, [".tiptap p", "broken.jpg", base64.b64encode(b"no picture").decode()])
    writer.page.evaluate(DROP, [".tiptap p", "lost.jpg", base64.b64encode(newsroom.jpeg(seed=14)).decode()])
    broken, lost = (writer.page.get_by_role("group", name=f"Upload of {name}.jpg") for name in ("broken", "lost"))
    lost.get_by_text("Uploading…").wait_for()
    first, second = held.routes
    first.continue_()
    second.abort()
    broken.get_by_role("button", name="Try again").wait_for()
    assert re.search(r"[a-z ]{9,}", broken.locator(".mq-upload__sentence").inner_text())
    lost.get_by_text("The server is not responding. Check the connection and try again.").wait_for()
    writer.end_of("Two.").type(" More.")
    broken.get_by_role("button", name="Dismiss broken.jpg").click()
    assert broken.count() == 0 and "jpg" not in writer.html
    writer.page.unroute("**/photo/upload/")
    lost.get_by_role("button", name="Try again").click()
    writer.wait(lambda now: now.shape() == ["One.", "PhotoBlock", "Two. More."])
    assert lost.count() == 0


def test_a_file_that_is_dropped_beside_the_text_does_not_take_the_place_of_the_page(writer):
    writer.open(story("<p>One.</p>")).end_of("One.").type(" More.")
    kept = """() => {
        const dataTransfer = new DataTransfer()
        dataTransfer.items.add(new File(["x"], "notes.pdf", { type: "application/pdf" }))
        const event = new DragEvent("drop", { bubbles: true, cancelable: true, dataTransfer })
        document.querySelector("#id_standfirst").dispatchEvent(event)
        return event.defaultPrevented
    }"""
    assert writer.page.evaluate(kept)
