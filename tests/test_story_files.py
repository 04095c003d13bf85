"""Import story: files and formatted pastes, through the admin, the body editor’s requests and the command."""

import json
import re
from html import unescape
from io import StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from articles.imports import archive_lines
from articles.imports.story import understand
from articles.models import Article
from articles.text import body
from media.models import Photo, Site

from . import documents, newsroom
from .documents import BULLETS, CAPTION, LINK, OTHER, QUOTE, TITLE

pytestmark = pytest.mark.django_db
PAGE = reverse("admin:articles_article_import")


@pytest.fixture
def desk(client, editor):
    client.force_login(editor)
    return client


def file(name):
    return SimpleUploadedFile(name, documents.FILES[name]())


def create(client, **data):
    return client.post(PAGE, {"text": "", "html": "", "create": "1", "headline": TITLE} | data)


def links(html):
    return sorted(map(unescape, re.findall(r'<a href="([^"]*)"', html)))


@pytest.mark.parametrize("name", documents.FILES)
def test_a_file_becomes_a_draft_with_its_formatting(desk, name):
    seen = desk.post(PAGE, {"file": file(name)}).content.decode()
    assert TITLE in seen and CAPTION in seen and f'<a href="{OTHER}">' in seen
    assert not Article.objects.exists() and not Photo.objects.exists()
    assert create(desk, file=file(name)).status_code == 302
    story = Article.objects.get()
    assert links(story.body) == sorted([LINK, LINK, OTHER])
    assert "<em>expected</em>" in story.body and "<strong>on time</strong>" in story.body
    assert [len(block.items) for block in story.blocks() if isinstance(block, body.ListBlock)] == [len(BULLETS), 2]
    assert len(story.photo_ids()) == 1


@pytest.mark.parametrize("name", documents.PASTES)
def test_a_formatted_paste_becomes_a_draft(desk, name):
    html = documents.PASTES[name]()
    seen = desk.post(PAGE, {"text": "whatever the clipboard says in plain words", "html": html})
    assert f'<a href="{OTHER}">' in seen.content.decode() and not Article.objects.exists()
    create(desk, text="whatever", html=html)
    story = Article.objects.get()
    assert links(story.body) == sorted([LINK, LINK, OTHER]) and "<em>expected</em>" in story.body


def test_a_picture_in_a_word_file_becomes_a_photo_to_check(desk):
    create(desk, file=file("pictures.docx"))
    (photo,) = Photo.objects.all()
    assert (photo.state, str(photo.credit)) == ("ready", "Photo by Petra Lindqvist/Getty Images")
    assert "Petra Lindqvist/Getty Images" in photo.doubts and "rights are unknown" in photo.doubts
    assert photo in Photo.objects.to_check()
    (block,) = [block for block in Article.objects.get().blocks() if isinstance(block, body.PhotoBlock)]
    assert (block.photo, block.caption, block.alt) == (photo.pk, CAPTION, "A boat in the harbor")


def test_a_picture_that_is_here_already_is_not_added_again(desk):
    here = Photo.objects.take(newsroom.jpeg(seed=6), "boat.jpg", by=None)
    create(desk, file=file("pictures.docx"))
    assert Photo.objects.get() == here and Article.objects.get().photo_ids() == [here.pk]


def test_a_picture_that_is_refused_leaves_a_slot_with_its_caption(desk):
    create(desk, file=SimpleUploadedFile("x.docx", documents.docx(picture=b"no picture at all")))
    (slot,) = Photo.objects.all()
    assert slot.is_slot and slot.house_caption.text == CAPTION and slot.house_caption.alt == "A boat in the harbor"


def test_the_page_without_its_script_carries_the_formatting_of_a_file_along(desk):
    seen = desk.post(PAGE, {"file": file("word.docx")}).context["document"]
    create(desk, text=seen.text, html=seen.html)
    assert links(Article.objects.get().body) == sorted([LINK, LINK, OTHER])


def test_one_text_sent_twice_is_one_story_and_opens_it(desk):
    first, second = (create(desk, file=file("pictures.docx")) for _ in range(2))
    assert first["Location"] == second["Location"]
    assert (Article.objects.count(), Photo.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({}, "Paste a story or choose a file."),
        ({"file": SimpleUploadedFile("x.pdf", b"%PDF-1.7")}, "This is a PDF"),
        ({"file": SimpleUploadedFile("x.docx", documents.docx()[:-90])}, "damaged or was cut off"),
        ({"file": SimpleUploadedFile("x.txt", b"")}, "empty"),
        ({"html": "<p>x</p>" * 6000}, "the limit is 5,000"),
        ({"html": "x" * 2_000_001}, "at most 2000000 characters"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_sentence_and_kept(desk, given, sentence):
    page = desk.post(PAGE, {"text": "", "html": ""} | given)
    assert page.status_code == 200 and sentence in page.content.decode()
    assert not Article.objects.exists()
    kept = desk.post(PAGE, {"text": "My own words.", "file": SimpleUploadedFile("x.pdf", b"%PDF-1.7")})
    assert "My own words." in kept.content.decode()


def test_a_headline_that_is_refused_keeps_all_that_was_given(desk):
    page = create(desk, html=documents.PASTES["Gutenberg"](), headline="")
    assert "This field is required" in page.content.decode() and OTHER in page.context["document"].html


def test_a_story_is_read_as_dangerous_text_is_everywhere(desk):
    html = '<h1>A Title of Words</h1><p>One <img src=x onerror=alert(1)><a href="javascript:alert(1)">two</a><script>alert(1)</script> three.</p>'
    page = desk.post(PAGE, {"text": "x", "html": html}).content.decode()
    found = page[page.index('class="import-found"') :]
    assert "onerror" not in found and "javascript:" not in found and "alert(1)" not in found


def test_retyped_lines_keep_their_links(desk):
    html = f'<h1>A Title of Words</h1><ul><li>One <a href="{OTHER}">link</a></li><li><em>Two</em></li></ul><p>More words here.</p>'
    create(desk, html=html, **{"type-0": "paragraph", "type-1": "quote"})
    assert f'One <a href="{OTHER}">link</a><br><em>Two</em></p><blockquote' in re.sub(
        r' data-id="\w+"', "", Article.objects.get().body
    )


def test_two_standfirsts_are_one_and_a_paragraph(desk):
    create(
        desk,
        text="A Title of Words\n\nThe first line.\n\nThe second line.\n",
        **{"type-0": "standfirst", "type-1": "standfirst"},
    )
    story = Article.objects.get()
    assert story.standfirst == "The first line." and "The second line." in story.body


def test_the_structure_of_a_formatted_paste_keeps_its_format(desk):
    html = documents.PASTES["Google Docs"]()

    def tell(path):
        return desk.post(
            f"/admin/picker/{path}/", {"text": "plain", "html": html}, content_type="application/json"
        ).json()

    assert tell("structure")["found"] == "headline, byline, 2 headings, 1 photo caption"
    made = tell("build")
    assert links(made["html"]) == sorted([LINK, LINK, OTHER]) and "<ol>" in made["html"] and made["headline"] == TITLE
    assert f"<blockquote><p>{QUOTE[0].text}</p></blockquote>" in made["html"]


@pytest.mark.parametrize("name", documents.FILES)
def test_the_command_reads_the_same_files(tmp_path, name):
    (tmp_path / name).write_bytes(documents.FILES[name]())
    call_command("import_articles", str(tmp_path / name), stdout=StringIO())
    assert links(Article.objects.get().body) == sorted([LINK, LINK, OTHER])


def test_an_archive_keeps_links_emphasis_and_lists():
    html = f'<p>One <b>two</b> <i>three</i> <a href="{OTHER}">four</a></p><ul><li>five<ol><li>six</li></ol></li></ul><h3>Seven</h3>'
    line = json.dumps(
        {
            "headline": "From the archive",
            "body_html": html,
            "published_at": "2019-05-04T10:00:00Z",
            "section": newsroom.section().slug,
        }
    )
    story = archive_lines.Reader(Site.objects.default()).read(line, timezone.now()).article
    plain = re.sub(r' data-id="\w+"', "", story.body)
    assert (
        plain
        == f'<p>One <strong>two</strong> <em>three</em> <a href="{OTHER}">four</a></p><ul><li><p>five</p><ol><li><p>six</p></li></ol></li></ul><h3>Seven</h3>'
    )


def test_a_photo_chosen_for_a_caption_keeps_the_caption_and_hears_the_credit():
    photo = newsroom.photo(line="Photo by Pia Lund/Getty Images")
    story = understand(
        "A Title of Words\n\nSome words that go on.\n\nRenn attends the show on May 1, 2025. (Photo by Ines Abreu/WireImage)\n"
    ).draft(photos={0: photo})
    (block,) = [block for block in story.blocks() if isinstance(block, body.PhotoBlock)]
    photo.refresh_from_db()
    assert block.caption == "Renn attends the show on May 1, 2025." and "Ines Abreu" in photo.doubts
    assert str(photo.credit) == "Photo by Pia Lund/Getty Images"
