"""Twenty shapes of one story: every link, emphasis, list, heading and word of them is kept. And files meant to harm."""

import re
import time
from collections import Counter
from html import unescape

import pytest

from articles.imports import documents as reading
from articles.imports import plain_text
from articles.imports.packed import Unopened
from articles.imports.story import Slot, to_html
from articles.text import body
from media.credits.line import Vocabulary

from . import documents
from .documents import BULLETS, BYLINE, CAPTION, END, HEADING, LINK, OTHER, STEPS, STORY, TITLE

VOCABULARY = Vocabulary.seed()
SHAPES = {
    **{name: ("paste", make) for name, make in documents.PASTES.items()},
    **{name: ("file", make) for name, make in documents.FILES.items()},
}
MORE = {
    "edited.docx": "The mayor of Lisbon always waves at every boat that comes into the harbor.[1] [1] Harbor office, 2024.",
    "Teams": "🙂",
}


def read(name):
    kind, make = SHAPES[name]
    document = reading.of_html(make()) if kind == "paste" else reading.of_file(make(), name)
    story = plain_text.read_lines(document.lines, VOCABULARY)
    slots = [Slot.of(line, VOCABULARY).photo for line in story.photos]
    return story, body.sanitize(to_html(story, slots))


def words(parts):
    for kind, *given in parts:
        if kind == "photo":
            continue
        runs = [run for item in given[0] for run in item] if kind in {"ul", "ol"} else given[0]
        yield from " ".join(
            "".join(run.text for run in item) for item in (given[0] if kind in {"ul", "ol"} else [runs])
        ).split()


def set_as(html, tag):
    return Counter(word for found in re.findall(rf"<{tag}>(.*?)</{tag}>", html) for word in body.plain(found).split())


@pytest.mark.parametrize("name", SHAPES)
def test_every_word_link_emphasis_list_and_heading_is_kept(name):
    story, html = read(name)
    blocks = body.split(html)
    assert (story.title, story.title_proposed, story.byline) == (TITLE, False, "June Castellane")
    expected = Counter([*words(STORY[2:]), *MORE.get(name, "").split()])
    assert Counter(body.prose(block for block in blocks if not isinstance(block, body.PhotoBlock)).split()) == expected
    assert Counter(map(unescape, re.findall(r'<a href="([^"]*)"', html))) == Counter([LINK, OTHER, LINK])
    assert set_as(html, "em") == Counter(["expected", "very", "wet", "flood", "twice"])
    assert set_as(html, "strong") == Counter(["on", "time", "three"])
    assert [body.plain(block.html) for block in blocks if isinstance(block, body.Heading)] == [HEADING, END]
    lists = [
        (block.ordered, [body.plain(item.html) for item in block.items])
        for block in blocks
        if isinstance(block, body.ListBlock)
    ]
    assert lists == [
        (flag, ["".join(run.text for run in item) for item in items])
        for flag, items in ((False, BULLETS), (True, STEPS))
    ]
    assert [body.plain(block.html) for block in blocks if isinstance(block, body.Quote)] == [documents.QUOTE[0].text]


@pytest.mark.parametrize("name", SHAPES)
def test_the_caption_becomes_one_slot_with_caption_and_credit(name):
    story, html = read(name)
    (photo,) = story.photos
    assert (photo.caption, photo.credit.credit_line) == (CAPTION, "Petra Lindqvist/Getty Images")
    kinds = [type(block).__name__ for block in body.split(html)]
    assert kinds.index("PhotoBlock") == 2
    assert bool(photo.picture and photo.picture.alt) == (
        name in {"WordPress", "Gutenberg", "Ghost", "notes.md", "front.md", "docs.zip", "pictures.docx"}
    )


def test_a_reader_of_plain_text_reads_the_words_as_it_did():
    text = f"{TITLE}\n\n{BYLINE}\n\nNobody expected her.\n\n- One\n- Two\n"
    assert plain_text.read(text, VOCABULARY) == plain_text.read_lines(reading.of_text(text).lines, VOCABULARY)


def test_a_story_is_the_same_whatever_its_format():
    stories = [read(name)[0] for name in ("Google Docs", "Gutenberg", "Notion", "word.docx")]
    assert len({story.fingerprint for story in stories}) == 1


def test_nested_lists_stay_nested():
    html = '<ul class="lst-kix_a-0 start"><li>One</li></ul><ol class="lst-kix_a-1 start"><li><b>Two</b></li></ol><ul class="lst-kix_a-0"><li>Three</li></ul>'
    story = plain_text.read_lines(reading.of_html(f"<h1>A Title</h1><p>Words that go on.</p>{html}").lines, VOCABULARY)
    assert to_html(story, []).endswith(
        "<ul><li><p>One</p><ol><li><p><strong>Two</strong></p></li></ol></li><li><p>Three</p></li></ul>"
    )


def test_links_and_emphasis_of_a_caption_are_kept_in_it():
    html = f'<h1>A Title</h1><figure><img src="a.jpg"><figcaption>Renn in <em>Tide</em>, <a href="{LINK}">at sea</a>. (Photo by Ines Abreu/WireImage)</figcaption></figure>'
    story = plain_text.read_lines(reading.of_html(html).lines, VOCABULARY)
    assert story.photos[0].html == f'Renn in <em>Tide</em>, <a href="{LINK.replace("&", "&amp;")}">at sea</a>.'


def test_what_a_field_cannot_hold_is_said():
    html = f'<h1>A Title of Words</h1><p>By <a href="{OTHER}">June Castellane</a></p><p>Words that go on and on.</p>'
    story = plain_text.read_lines(reading.of_html(html).lines, VOCABULARY)
    assert [note.sentence for note in story.notes] == [
        f"The link to {OTHER} can’t be kept in this field and was left out."
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_texts_are_read_in_the_encoding_they_have(encoding):
    text = "A Café Opens in Town\r\n\r\nThe “Café” opened – and everybody came to it.\r\n"
    assert reading.of_file(text.encode(encoding), "story.txt").text == text


# ---- files meant to harm ---------------------------------------------------------------------------------------------


def entity(declared):
    return documents.docx(
        parts={
            "word/document.xml": f"<!DOCTYPE w:document [{declared}]><w:document {documents.W}><w:body><w:p><w:r><w:t>&x;</w:t></w:r></w:p></w:body></w:document>"
        }
    )


def deep(depth):
    return f"<w:document {documents.W}><w:body>{'<w:tbl><w:tr><w:tc>' * depth}{'</w:tc></w:tr></w:tbl>' * depth}</w:body></w:document>"


def encrypted():
    data = bytearray(documents.docx())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(signature)
        while at >= 0:
            data[at + offset] |= 1
            at = data.find(signature, at + 4)
    return bytes(data)


HARM = {
    "bomb": (lambda: documents.docx(parts={"word/media/x.png": b"\0" * 80_000_000}), "unpacks to far more"),
    "10,000 members": (lambda: documents.docx(parts={f"word/{n}.xml": "" for n in range(10_000)}), "at most 1,000 are opened"),
    "a path out": (lambda: documents.docx(parts={"../../etc/cron.d/x": "x"}), "names that no word processor writes"),
    "an absolute path": (lambda: documents.docx(parts={"/etc/passwd": "x"}), "names that no word processor writes"),
    "a drive": (lambda: documents.docx(parts={"C:\\x": "x"}), "names that no word processor writes"),
    "a DTD": (lambda: entity('<!ENTITY x "y">'), "code that no word processor writes"),
    "an external entity": (lambda: entity('<!ENTITY x SYSTEM "file:///etc/passwd">'), "code that no word processor writes"),
    "billion laughs": (lambda: entity('<!ENTITY a "ha">' + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 9))), "code that no word processor writes"),
    "a DTD in UTF-16": (lambda: documents.docx(parts={"word/document.xml": '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE x><x/>'.encode("utf-16")}), "code that no word processor writes"),
    "deep tables": (lambda: documents.docx(parts={"word/document.xml": deep(2_000)}), "too deeply"),
    "much XML": (lambda: documents.docx(parts={"word/document.xml": f"<x>{' '.join(map(str, range(2_000_000)))}</x>"}), "too long to read"),
    "broken XML": (lambda: documents.docx(parts={"word/document.xml": "<w:document>"}), "damaged"),
    "no Word in it": (lambda: documents.zipped({"readme.txt": "x"}), "not a Word file"),
    "a zip in a zip": (lambda: documents.zipped({"inner.docx": documents.docx()}), "not a Word file"),
    "a password": (encrypted, "password"),
    "cut off": (lambda: documents.docx()[:-200], "damaged or was cut off"),
    "cut off early": (lambda: documents.docx()[:50], "damaged or was cut off"),
    "flipped bits": (lambda: documents.docx().replace(b"word/document.xml", b"word/document.xm\0"), ""),
    "an old Word file": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 2000, "old Word file"),
    "a PDF": (lambda: b"%PDF-1.7 x", "PDF"),
    "RTF": (lambda: b"{\\rtf1 x}", "RTF"),
    "a picture": (lambda: b"\xff\xd8\xff\xe0" + bytes(range(256)) * 20, "no text"),
    "nothing": (lambda: b"  \n", "empty"),
    "too many letters": (lambda: b"word " * 200_000, "at most 500,000"),
}  # fmt: skip


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("name", HARM)
def test_files_meant_to_harm_are_refused_with_a_sentence(name):
    make, sentence = HARM[name]
    with pytest.raises(Unopened, match=sentence) as refused:
        reading.of_file(make(), "story.docx" if name != "too many letters" else "story.txt")
    assert re.fullmatch(r"[A-Z].*[.]", str(refused.value))


def test_a_picture_outside_the_file_is_never_fetched():
    drawing = documents.DRAWING.replace("r:embed", "r:link")
    rels = f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rIdP" Type="{documents.RELATED}/image" Target="file:///etc/passwd" TargetMode="External"/></Relationships>'
    parts = {
        "word/document.xml": f"<w:document {documents.W}><w:body>{drawing}<w:p><w:r><w:t>Words.</w:t></w:r></w:p></w:body></w:document>",
        "word/_rels/document.xml.rels": rels,
    }
    document = reading.of_file(documents.docx(parts=parts), "x.docx")
    assert not document.pictures and "root:" not in document.html


@pytest.mark.parametrize(
    "text", ["<!---->" * 3_000 + "x", "---\nab: " + " " * 100_000 + "x\n---\nWords.", "\u00a0" * 100_000 + "x"]
)
def test_a_file_of_nothing_but_signs_is_known_in_no_time(text):
    began = time.process_time()
    for name in ("story.txt", "story.md"):
        plain_text.read_lines(reading.of_file(text.encode(), name).lines, VOCABULARY)
    assert time.process_time() - began < 5
