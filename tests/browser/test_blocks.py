"""Blocks of the text in a real Chromium: ids, galleries, embeds, quotes, dividers."""

import re

import pytest

from articles.body import Embed, Gallery, PullQuote, Quote, split
from tests.test_picker import bare

from .writer import figure, story

pytestmark = pytest.mark.django_db(transaction=True)


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
