"""Blocks of the text in a real Chromium: ids, galleries, embeds, quotes, dividers."""

import re

import pytest
from playwright.sync_api import expect

from articles.text.body import Embed, Gallery, Paragraph, PullQuote, Quote, split
from media.models import Photo
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
    writer.page.get_by_role("button", name="Remove from the gallery").first.click()
    writer.page.get_by_role("button", name="Add photos…").click()
    writer.picker.get_by_role("option", name="Second").dblclick()
    writer.wait(lambda now: [each.photo for each in now.blocks()[1].photos] == [first.pk, second.pk])
    captions.first.click()
    writer.press("Enter", "Enter").type("After.")
    assert writer.shape() == ["One.", "Gallery", "After."]


def test_photos_of_a_gallery_are_dragged_into_another_order(writer):
    photos = [bare(name) for name in ("First", "Second", "Third")]
    body = f'<p>Above.</p><div data-gallery="">{"".join(map(figure, photos))}</div><p>Below.</p>'
    writer.open(story(body))
    rows = writer.page.locator(".mq-gallery__item")
    for row in rows.all():
        row.locator("img").wait_for()

    def order(now):
        return [photos.index(Photo.objects.get(pk=each.photo)) for each in now.blocks()[1].photos]

    # A page that scrolls under the pointer would have the photo dropped elsewhere.
    writer.page.set_viewport_size({"width": 1280, "height": 2000})
    writer.page.locator(".mq-gallery").evaluate("gallery => gallery.scrollIntoView({ block: 'center' })")

    def drag(start, end, y):
        rows.nth(start).locator(".mq-photo__picture").drag_to(rows.nth(end), target_position={"x": 200, "y": y})

    drag(0, 2, 60)
    writer.wait(lambda now: order(now) == [1, 0, 2])
    height = rows.nth(2).bounding_box()["height"]
    drag(0, 2, height - 20)
    writer.wait(lambda now: order(now) == [0, 2, 1])
    drag(2, 0, 20)
    writer.wait(lambda now: order(now) == [1, 0, 2])
    expect(writer.page.locator("[class*=mq-gallery__item--]")).to_have_count(0)
    # Outside of its gallery a photo goes nowhere.
    rows.nth(0).locator(".mq-photo__picture").drag_to(writer.page.locator(".tiptap > p").last)
    assert order(writer) == [1, 0, 2] and writer.shape() == ["Above.", "Gallery", "Below."]
    writer.end_of("Above.").press("Control+z")
    assert order(writer) == [0, 2, 1]


def test_a_pasted_address_becomes_an_embed_or_a_link(writer):
    writer.open(story("<p>One.</p>")).end_of("One.").press("Enter").paste(text="https://youtu.be/dQw4w9WgXcQ?si=x")
    writer.wait(lambda now: len(now.blocks()) == 2)
    assert writer.blocks()[1].address.url == "https://www.youtube.com/watch?v=dQw4w9WgXcQ"
    writer.page.get_by_text("Video on YouTube").wait_for()
    writer.end_of("One.").press("Enter").paste(text="https://example.com/page")
    writer.wait(lambda now: len(now.blocks()) == 3)
    assert writer.blocks()[1].html == '<a href="https://example.com/page">https://example.com/page</a>'
    writer.select("One").paste(text="https://youtu.be/dQw4w9WgXcQ")
    assert writer.blocks()[0].html == '<a href="https://youtu.be/dQw4w9WgXcQ">One</a>.'


def test_an_embed_gets_a_caption_in_its_card(writer):
    writer.open(story('<p>Above.</p><div data-embed="https://youtu.be/dQw4w9WgXcQ?t=90"></div><p>Below.</p>'))
    writer.page.get_by_label("Caption of this embed").click()
    writer.type("The trailer of Night Ferry")
    embed = writer.blocks()[1]
    assert (embed.caption, embed.address.start) == ("The trailer of Night Ferry", 90)
    writer.press("Enter").type("More.")
    assert writer.shape() == ["Above.", "Embed", "More.", "Below."]
    assert writer.blocks()[1].caption == "The trailer of Night Ferry"


def test_embed_code_in_the_dialog_is_an_address(writer):
    writer.open(story("<p>Above.</p>")).end_of("Above.")
    writer.press("Enter").type("/embed").press("Enter")
    field = writer.page.get_by_label("Address of its page, or its embed code")
    field.fill('<iframe width="560" src="https://www.youtube.com/embed/dQw4w9WgXcQ?start=30"></iframe>')
    field.press("Enter")
    writer.wait(lambda writer: "Embed" in writer.shape())
    assert writer.blocks()[1].address.url == "https://www.youtube.com/watch?v=dQw4w9WgXcQ&t=30s"


def test_the_embed_dialog_says_why_an_address_is_none(writer):
    writer.open(story("<p>One.</p>")).end_of("One.")
    writer.page.get_by_role("button", name="Embed").click()
    writer.type("https://example.com/clip").press("Enter")
    writer.page.get_by_text("We can’t embed this address").wait_for()
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


EMBEDS = {
    "https://www.youtube.com/shorts/dQw4w9WgXcQ": "Video on YouTube",
    "https://vimeo.com/76979871": "Video on Vimeo",
    "https://www.instagram.com/p/CuZ1xYzAbCd/?igsh=x": "Post on Instagram",
    "https://www.tiktok.com/@someone/video/7301234567890123456": "Video on TikTok",
    "https://x.com/someone/status/1712345678901234567?s=20": "Post on X",
    "https://www.facebook.com/someone/posts/123456789012345": "Post on Facebook",
    "https://open.spotify.com/track/4uLU6hMCjMI75M1A2tKUQC": "Audio on Spotify",
    "https://music.apple.com/us/album/night-ferry/1440857781": "Audio on Apple Music",
    "https://soundcloud.com/someone/night-ferry": "Audio on SoundCloud",
    "https://www.reddit.com/r/movies/comments/17abcde/night_ferry/": "Post on Reddit",
}


def test_an_address_of_every_provider_becomes_a_card(writer):
    writer.open(story("<p>One.</p>")).end_of("One.")
    for number, (address, words) in enumerate(EMBEDS.items(), 1):
        writer.press("Enter").paste(text=address)
        writer.wait(lambda now, number=number: now.shape().count("Embed") == number)
        writer.page.locator(".mq-embed", has_text=words).wait_for()
        assert "<iframe" not in writer.html and "<script" not in writer.html
        writer.press("ArrowDown")
    assert all(block.address.url.startswith("https://") for block in writer.blocks() if isinstance(block, Embed))


def test_undo_takes_back_every_kind_of_block(writer):
    bare("First")
    writer.open(story("<p>One.</p><p>Two.</p>")).start_of("Two.")
    writer.page.get_by_role("button", name="Pull quote").click()
    writer.end_of("One.").press("Control+Alt+g")
    writer.picker.get_by_role("option", name="First").dblclick()
    writer.wait(lambda now: "Gallery" in now.shape())
    writer.end_of("One.").press("Enter").type("/div").press("Enter")
    writer.wait(lambda now: "Divider" in now.shape())
    writer.end_of("One.").press("Enter").paste(text="https://youtu.be/dQw4w9WgXcQ")
    writer.wait(lambda now: "Embed" in now.shape())
    made = writer.shape()
    assert {"Embed", "Divider", "Gallery"} <= set(made)
    for _ in range(20):
        writer.press("Control+z")
    assert writer.shape() == ["One.", "Two."] and isinstance(writer.blocks()[1], Paragraph)
    # However often: with nothing left to redo nothing happens.
    for presses in (20, 1):
        writer.press(*["Control+Shift+z"] * presses)
        assert writer.shape() == made


def test_embeds_dividers_and_galleries_are_selected_before_they_are_deleted(writer):
    photo = bare()
    for block in (
        '<div data-embed="https://www.youtube.com/watch?v=dQw4w9WgXcQ"></div>', "<hr>",
        f'<div data-gallery="">{figure(photo)}</div>',
    ):  # fmt: skip
        writer.open(story(f"<p>Above.</p>{block}<p>Below.</p>")).start_of("Below.").press("Backspace")
        assert len(writer.blocks()) == 3
        writer.press("Alt+ArrowUp")
        assert writer.shape()[1:] == ["Above.", "Below."]
        writer.press("Backspace")
        assert writer.shape() == ["Above.", "Below."]
        writer.press("Control+z", "Control+z")
        assert writer.shape()[0] == "Above." and len(writer.blocks()) == 3
        writer.page.evaluate("window.onbeforeunload = null")
