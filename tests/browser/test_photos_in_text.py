"""Photos in the text: where they go in, what their node shows, and every key that meets one."""

import re
from base64 import b64encode

import pytest
from playwright.sync_api import expect

from articles.text.body import PhotoBlock
from media.models import Photo
from tests import newsroom
from tests.test_picker import bare

from .writer import DROP, figure, photo_between, story

pytestmark = pytest.mark.django_db(transaction=True)


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
    assert "needs a license" in node.locator(".mq-photo__warning").inner_text()


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
    expect(writer.page.locator(".mq-photo.mq-selected")).to_have_count(1)
    writer.press("Delete")
    assert writer.shape() == ["Above.", "Below."]
    writer.press("Control+z")
    assert writer.shape() == ["Above.", "PhotoBlock", "Below."]


def test_backspace_below_a_photo_selects_it_before_it_deletes(writer):
    writer.open(photo_between(bare())).start_of("Below.").press("Backspace")
    assert writer.shape() == ["Above.", "PhotoBlock", "Below."]
    expect(writer.page.locator(".mq-photo.mq-selected")).to_have_count(1)
    writer.press("Backspace")
    assert writer.shape() == ["Above.", "Below."]


def test_fast_backspaces_never_turn_text_into_a_photo(writer):
    writer.open(photo_between(bare())).end_of("Below.").press(*["Backspace"] * 7)
    assert writer.shape() == ["Above.", "PhotoBlock"]
    expect(writer.page.locator(".mq-photo.mq-selected")).to_have_count(1)


def test_delete_above_a_photo_selects_it_before_it_deletes(writer):
    writer.open(photo_between(bare())).end_of("Above.").press("Delete")
    expect(writer.page.locator(".mq-photo.mq-selected")).to_have_count(1)
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
    writer.page.locator(".mq-photo img").wait_for()
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
    writer.page.get_by_role("button", name="Use the new photo’s").click()
    writer.wait(lambda now: now.blocks()[0].photo == new.pk)
    assert writer.blocks()[0].caption is None


# ---- a slot gets its photo -------------------------------------------------------------------------------------------


def slot(caption="Mara Okonjo & the boat.", line="Photo by Ines Abreu/WireImage"):
    return newsroom.photo(slot=True, caption=caption, line=line)


def by_picker(writer, photo):
    writer.page.get_by_role("button", name="Choose another photo").click()
    writer.picker.locator(".mq-tile").first.dblclick()


def by_upload(writer, photo):
    writer.page.get_by_role("button", name="Choose another photo").click()
    writer.picker.locator("input[type=file]").set_input_files(
        {"name": "premiere.jpg", "mimeType": "image/jpeg", "buffer": newsroom.jpeg()}
    )
    writer.picker.locator("[aria-selected=true]").wait_for()
    writer.picker.get_by_role("button", name="Choose", exact=True).click()


def by_drop(writer, photo):
    writer.page.evaluate(DROP, [".mq-photo__picture", "premiere.jpg", b64encode(newsroom.jpeg()).decode()])


@pytest.mark.parametrize("fill", [by_picker, by_upload, by_drop])
def test_a_slot_that_is_filled_keeps_its_caption_and_tells_the_desk_its_credit(writer, fill):
    wanted = slot()
    photo = bare("Another caption.", line="Photo by Pia Lund/Getty Images") if fill is by_picker else None
    writer.open(photo_between(wanted)).page.get_by_text("Waits for its file").wait_for()
    fill(writer, photo)
    writer.wait(lambda now: now.blocks()[1].photo != wanted.pk)
    _, block, _ = writer.blocks()
    assert block.caption == "Mara Okonjo &amp; the boat."
    filled = Photo.objects.get(pk=block.photo)
    assert filled.pk != wanted.pk and "Ines Abreu/WireImage" in filled.doubts
    assert filled in Photo.objects.to_check()
    assert str(filled.credit) == ("Photo by Pia Lund/Getty Images" if photo else "Photo by Ines Abreu/WireImage")
    writer.page.locator(".mq-photo__credit").get_by_text(str(filled.credit)).wait_for()


def test_words_written_for_a_slot_stay_when_it_is_filled(writer):
    bare("Another caption.")
    writer.open(story(f"<p>One.</p>{figure(slot(), '<figcaption>My <em>own</em> words.</figcaption>', alt='A boat.')}"))
    writer.page.get_by_text("Waits for its file").wait_for()
    by_picker(writer, None)
    writer.wait(lambda now: now.blocks()[1].caption == "My <em>own</em> words.")
    assert writer.blocks()[1].alt == "A boat."
