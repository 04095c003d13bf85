"""Import story in a real browser: a formatted paste, a file with a picture, words that stay on errors."""

import re

import pytest

from articles.models import Article
from media.models import Photo
from tests import documents
from tests.documents import LINK, OTHER, TITLE

from .writer import PASTE, story

pytestmark = pytest.mark.django_db(transaction=True)


def opened(writer):
    writer.page.goto(f"{writer.address}/admin/articles/article/import/")
    return writer.page


def click(page, name):
    page.get_by_role("button", name=name).click()


def links(html):
    return sorted(re.findall(r'<a href="([^"]*)"', html.replace("&amp;", "&")))


def test_a_formatted_paste_is_shown_corrected_and_imported_with_its_format(writer):
    page = opened(writer)
    page.locator("#id_text").evaluate(PASTE, [documents.PASTES["Word"](), "The words alone"])
    page.get_by_text("The formatting is kept").wait_for()
    click(page, "Read the story")
    found = page.locator(".import-found")
    found.get_by_role("link", name="Mara Okonjo").first.wait_for()
    assert not Article.objects.exists()
    page.get_by_label("Headline").fill("")
    page.evaluate("document.querySelector('form.import').noValidate = true")
    click(page, "Create the draft")
    page.get_by_text("This field is required").wait_for()
    page.get_by_label("Headline").fill("My own headline")
    click(page, "Create the draft")
    page.wait_for_url("**/change/")
    made = Article.objects.get()
    assert (made.headline, links(made.body)) == ("My own headline", sorted([LINK, LINK, OTHER]))
    assert "<em>expected</em>" in made.body and "<ol" in made.body


def test_a_file_stays_chosen_until_its_picture_is_a_photo(writer):
    page = opened(writer)
    file = {"name": "story.docx", "mimeType": "application/octet-stream", "buffer": documents.FILES["pictures.docx"]()}
    page.locator("#id_file").set_input_files(file)
    click(page, "Read the story")
    page.get_by_text("1 photo slot, to be filled").wait_for()
    page.get_by_role("button", name="Create the draft").dblclick()
    page.wait_for_url("**/change/")
    assert Photo.objects.get().state == "ready" and Article.objects.get().headline == TITLE


def test_a_file_that_is_refused_leaves_the_words_that_were_typed(writer):
    page = opened(writer)
    page.locator("#id_text").fill("My own words.")
    page.locator("#id_file").set_input_files(
        {"name": "x.docx", "mimeType": "application/octet-stream", "buffer": b"PK\x03\x04x"}
    )
    click(page, "Read the story")
    page.get_by_text("damaged or was cut off").wait_for()
    assert page.locator("#id_text").input_value() == "My own words."


def test_the_structure_of_a_formatted_paste_keeps_its_format(writer):
    writer.open(story("")).text.click()
    words = f"{TITLE}\n\nBy June Castellane\n\nWords.\n\nMore.\n"
    writer.paste(documents.PASTES["Google Docs"](), words)
    writer.page.get_by_role("button", name="Import structure").click()
    writer.wait(lambda now: "PhotoBlock" in now.shape())
    assert links(writer.html) == sorted([LINK, LINK, OTHER])
    assert [type(block).__name__ for block in writer.blocks()] == [
        "Paragraph", "Paragraph", "PhotoBlock", "Heading", "Paragraph", "ListBlock", "ListBlock", "Quote", "Heading", "Paragraph",
    ]  # fmt: skip
    assert "<em>expected</em>" in writer.html
