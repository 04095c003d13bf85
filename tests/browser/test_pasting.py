"""What is pasted: from other programs, from other pages, a whole story."""

import base64
import re

import pytest

from articles.text.body import Heading, ListBlock, Paragraph, PhotoBlock, Quote
from media.models import Photo
from tests import newsroom
from tests.test_pasted import docs, docs_li, docs_p, docs_span, word, word_item
from tests.test_picker import STORY

from .writer import story

pytestmark = pytest.mark.django_db(transaction=True)


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
    "tables and smart tags": (
        word(
            "<p class=MsoNormal><st1:City w:st=on><st1:place>Paris</st1:place></st1:City> dates<o:p></o:p></p><table><tr><td>"
            "<p class=MsoNormal>Rome<o:p></o:p></p></td><td><p class=MsoNormal><b>4 July</b></p></td></tr></table>"
            "<div style='mso-element:footnote-list'><br clear=all><hr width=\"33%\"><div style='mso-element:footnote'>"
            "<p class=MsoFootnoteText>[1] The note.</p></div></div>"
        ),
        [Paragraph, Paragraph, Paragraph],
        "<p>Paris dates</p><p>Rome · <strong>4 July</strong></p><p>[1] The note.</p>",
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


PASTE_FILE = """(element, [html, name, base64]) => {
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))
    const clipboardData = new DataTransfer()
    clipboardData.items.add(new File([bytes], name, { type: "image/png" }))
    if (html) clipboardData.setData("text/html", html)
    element.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }))
}"""


def paste_picture(writer, html, seed):
    data = base64.b64encode(newsroom.jpeg(seed=seed)).decode()
    writer.text.evaluate(PASTE_FILE, [html, "image.png", data])


def test_a_picture_copied_in_a_browser_is_uploaded_once(writer):
    copied = '<meta charset="utf-8"><img src="https://example.com/gala.jpg" alt="A gala"/>'
    writer.open(story("<p>One.</p>")).end_of("One.").press("Enter")
    paste_picture(writer, copied, seed=21)
    writer.type("Go on")
    writer.wait(lambda now: "PhotoBlock" in now.shape())
    writer.type(" and on.")
    assert writer.shape() == ["One.", "PhotoBlock", "Go on and on."]
    assert writer.blocks()[1].photo == Photo.objects.get().pk


def test_a_picture_of_copied_words_is_no_upload(writer):
    writer.open(story("<p>One.</p>")).end_of("One.").press("Enter")
    paste_picture(writer, "<p>Words of a <b>sheet</b></p>", seed=22)
    writer.wait(lambda now: now.shape() == ["One.", "Words of a sheet"])
    assert not Photo.objects.exists()


def test_markdown_pasted_as_text_becomes_what_it_means(writer):
    text = "# The tour\n\nAda plays **ten** [nights](https://example.com/).\n\n- Rome\n- Oslo\n\n> Never again."
    writer.open(story("<p>One.</p>")).end_of("One.").press("Enter").paste(text=text)
    writer.wait(lambda now: len(now.blocks()) == 5)
    assert [type(block) for block in writer.blocks()[1:]] == [Heading, Paragraph, ListBlock, Quote]
    assert writer.blocks()[2].html == 'Ada plays <strong>ten</strong> <a href="https://example.com/">nights</a>.'
    writer.press("Control+z")
    assert writer.shape() == ["One."]


@pytest.mark.parametrize("tag", ["ul", "ol"])
def test_lines_pasted_into_a_list_become_items(writer, tag):
    writer.open(story(f"<{tag}><li><p>One</p></li><li><p>Last</p></li></{tag}>"))
    writer.end_of("One").press("Enter").paste(text="Two\nThree\nFour")
    items = [item.html for item in writer.blocks()[0].items]
    assert items == ["One", "Two", "Three", "Four", "Last"]
    writer.type(" more").end_of("Last").press("Enter").paste("<p>Five <b>b</b></p><p>Six</p>", "Five b\nSix")
    writer.wait(lambda now: "Six" in now.html)
    items = [item.html for item in writer.blocks()[0].items]
    assert items == ["One", "Two", "Three", "Four more", "Last", "Five <strong>b</strong>", "Six"]
    assert writer.blocks()[0].ordered == (tag == "ol")


def test_what_is_typed_while_a_paste_is_cleaned_stays(writer):
    held = []
    writer.page.route("**/picker/clean/", lambda route: held.append(route))
    writer.open(story("<p>One two three.</p>")).select("two").paste("<i>2</i>", "2").type("+1")
    writer.page.wait_for_timeout(100)
    held[0].continue_()
    writer.wait(lambda now: "<em>" in now.html)
    assert writer.blocks()[0].html == "One <em>2</em>+1 three."


CODES = {
    "frame": (
        '<iframe width="560" height="315" src="https://www.youtube.com/embed/dQw4w9WgXcQ?si=x" allowfullscreen></iframe>',
        "https://www.youtube.com/watch?v=dQw4w9WgXcQ",
    ),
    "quote": (
        '<blockquote class="twitter-tweet"><p lang="en" dir="ltr">Words <a href="https://t.co/x">t.co/x</a></p>&mdash; Ada '
        '(@ada) <a href="https://twitter.com/ada/status/1712345678901234567?ref_src=x">May 1</a></blockquote> '
        '<script async src="https://platform.twitter.com/widgets.js" charset="utf-8"></script>',
        "https://x.com/ada/status/1712345678901234567",
    ),
}


def test_embed_code_becomes_the_embed_it_is_of(writer):
    writer.open(story("<p>One.</p>")).end_of("One.")
    for number, (code, address) in enumerate(CODES.values(), 1):
        writer.press("Enter").paste(text=code)
        writer.wait(lambda now, number=number: now.shape().count("Embed") == number)
        assert writer.blocks()[-1].address.url == address
    writer.paste(CODES["frame"][0], "")
    writer.wait(lambda now: now.shape().count("Embed") == 3)
    writer.type("After.")
    assert writer.shape() == ["One.", "Embed", "Embed", "Embed", "After."]


def test_embed_code_of_nobody_we_know_stays_as_its_words(writer):
    writer.open(story("<p>One.</p>")).end_of("One.").press("Enter")
    writer.paste(text='<iframe src="https://example.com/frame"></iframe>')
    writer.wait(lambda now: len(now.blocks()) == 2)
    assert "example.com/frame" in writer.shape()[1]
