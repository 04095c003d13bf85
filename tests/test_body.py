"""How a body is stored, read as blocks, named, searched and exchanged as JSON."""

from uuid import UUID

import pytest

from articles.text.block_json import BodyError, from_typed, to_typed
from articles.text.body import (
    Divider,
    Embed,
    Gallery,
    Heading,
    ListBlock,
    ListItem,
    Paragraph,
    PhotoBlock,
    PullQuote,
    Quote,
    article_links,
    assign_ids,
    inline,
    join,
    photo_ids,
    photo_places,
    plain,
    prose,
    sanitize,
    split,
    topic_links,
    word_count,
)
from articles.text.embeds import EmbedAddress, refusal
from articles.text.own_links import Target, replace_links, unmarked

ONE = UUID("0190b5a2-7c1e-7f00-8000-00000000abcd")
TWO = UUID("0190b5a2-7c1e-7f00-8000-00000000beef")

STORED = (
    '<p data-id="aaaaaa">Ada <strong>Quill <em>sails</em></strong> to <a href="https://example.com/?a=1&amp;b=2">Rome</a>,<br>'
    f'by <a href="article:{ONE}">night &amp; day</a>.</p>'
    '<h2 data-id="bbbbbb">The Cast</h2><h3>Crew</h3><h4>Thanks</h4>'
    '<ul data-id="cccccc"><li><p>Film</p><ol><li><p>Drama</p><p>and more</p></li></ol></li><li><p>Music</p></li></ul>'
    "<ol><li><p>First</p></li></ol>"
    '<blockquote data-id="dddddd" data-cite="Ada &quot;Q&quot;"><p>I never</p><p>swam.</p></blockquote>'
    "<blockquote><p>Nobody said this.</p></blockquote>"
    '<aside data-id="eeeeee" data-pull-quote="" data-cite="Bo"><p>Not once.</p></aside>'
    '<hr data-id="ffffff">'
    f'<figure data-id="gggggg" data-photo="{ONE}" data-layout="full" data-alt="Ada on deck"><figcaption>Ada, <em>at sea</em></figcaption></figure>'
    f'<figure data-photo="{ONE}" data-layout="inset" data-alt="" data-decorative=""><figcaption></figcaption></figure>'
    f'<figure data-photo="{TWO}" data-layout="wide"></figure>'
    f'<div data-id="hhhhhh" data-gallery="" data-title="On tour"><figure data-photo="{TWO}" data-layout="portrait">'
    f'<figcaption>Bo</figcaption></figure><figure data-photo="{ONE}" data-layout="wide"></figure></div>'
    '<div data-id="iiiiii" data-embed="https://www.youtube.com/watch?v=dQw4w9WgXcQ"></div>'
)

BLOCKS = (
    Paragraph(
        "aaaaaa",
        'Ada <strong>Quill <em>sails</em></strong> to <a href="https://example.com/?a=1&amp;b=2">Rome</a>,<br>'
        f'by <a href="article:{ONE}">night &amp; day</a>.',
    ),
    Heading("bbbbbb", 2, "The Cast"),
    Heading("", 3, "Crew"),
    Heading("", 4, "Thanks"),
    ListBlock("cccccc", False, (ListItem("Film", (ListItem("Drama<br><br>and more"),), True), ListItem("Music"))),
    ListBlock("", True, (ListItem("First"),)),
    Quote("dddddd", "I never<br><br>swam.", 'Ada "Q"'),
    Quote("", "Nobody said this."),
    PullQuote("eeeeee", "Not once.", "Bo"),
    Divider("ffffff"),
    PhotoBlock("gggggg", ONE, "full", "Ada, <em>at sea</em>", "Ada on deck"),
    PhotoBlock("", ONE, "inset", "", "", True),
    PhotoBlock("", TWO),
    Gallery("hhhhhh", "On tour", (PhotoBlock("", TWO, "portrait", "Bo"), PhotoBlock("", ONE))),
    Embed("iiiiii", EmbedAddress("youtube", "https://www.youtube.com/watch?v=dQw4w9WgXcQ", "dQw4w9WgXcQ", "16:9")),
)


def test_every_kind_of_block_is_read_from_the_stored_form():
    assert split(STORED) == BLOCKS


def test_every_kind_of_block_is_written_in_the_stored_form():
    assert join(BLOCKS) == STORED
    assert sanitize(STORED) == STORED


FIGURE = f'<figure data-photo="{ONE}" data-layout="wide">'


@pytest.mark.parametrize(
    ("given", "stored"),
    [
        ("", ""),
        ("stray text", "<p>stray text</p>"),
        ("one<p>two</p>three", "<p>one</p><p>two</p><p>three</p>"),
        ("<h1>a</h1><h5>b</h5><h6>c</h6>", "<h2>a</h2><h4>b</h4><h4>c</h4>"),
        ("<p> a \n b&nbsp;c </p><p>&nbsp;</p><p><br></p><p>\u200b</p><h2></h2>", "<p>a b&nbsp;c</p>"),
        ("<p><b>a</b> <i>b</i></p>", "<p><strong>a</strong> <em>b</em></p>"),
        ("<p><em><strong>a</strong></em><strong>b</strong></p>", "<p><strong><em>a</em>b</strong></p>"),
        ("<p><strong>a</strong><br><strong>b</strong><em></em></p>", "<p><strong>a<br>b</strong></p>"),
        ("<p><br>a <br> b<br></p>", "<p>a<br>b</p>"),
        ("<p>a<br><br>b</p>", "<p>a</p><p>b</p>"),
        ("<p data-id='abcdef'>a<br>&nbsp;<br>b</p>", '<p data-id="abcdef">a</p><p>b</p>'),
        ("<p>a <a href='https://example.com/'> </a>b</p>", "<p>a b</p>"),
        ("<p><a href='/relative'>words</a></p>", "<p>words</p>"),
        ("<a href='https://example.com/'><h2>Head</h2></a>", '<h2><a href="https://example.com/">Head</a></h2>'),
        ("<u>a</u><font color=red>b</font><script>c</script><style>d</style>", "<p>ab</p>"),
        ("<table><tr><td>a</td><td>b</td></tr></table>", "<p>a</p><p>b</p>"),
        ("<ul><li>a<ul><li>b</li></ul></li></ul>", "<ul><li><p>a</p><ul><li><p>b</p></li></ul></li></ul>"),
        ("<ul><li>a</li><ul><li>b</li></ul></ul>", "<ul><li><p>a</p><ul><li><p>b</p></li></ul></li></ul>"),
        ("<ul><ul><li>b</li></ul></ul>", "<ul><li><p>b</p></li></ul>"),
        ("<ul><li></li><li> </li></ul>", ""),
        ("<ul>a <b>b</b><li>c</li></ul>", "<ul><li><p>a <strong>b</strong></p></li><li><p>c</p></li></ul>"),
        (
            "<ul><li>a<ol><li>b</li></ol>c</li></ul>",
            "<ul><li><p>a</p><ol><li><p>b</p></li></ol></li><li><p>c</p></li></ul>",
        ),
        ("<li>loose</li>", "<p>loose</p>"),
        (
            "<blockquote>a<ul><li>b</li></ul><h2>c</h2></blockquote>",
            "<blockquote><p>a</p><p>b</p><p>c</p></blockquote>",
        ),
        ("<blockquote data-cite=' '><blockquote>a</blockquote></blockquote>", "<blockquote><p>a</p></blockquote>"),
        ("<blockquote data-cite='Bo'></blockquote>", ""),
        ("<aside>a</aside>", "<p>a</p>"),
        (
            f"<blockquote data-id='abcdef'>a<figure data-photo='{ONE}'></figure>b</blockquote>",
            f'<blockquote data-id="abcdef"><p>a</p></blockquote>{FIGURE}</figure><blockquote><p>b</p></blockquote>',
        ),
        (
            f"<ul><li>a<figure data-photo='{ONE}'></figure></li><li>b</li></ul>",
            f"<ul><li><p>a</p></li><li><p>b</p></li></ul>{FIGURE}</figure>",
        ),
        (f"<figure data-photo='{str(ONE).upper()}' data-layout='huge'></figure>", f"{FIGURE}</figure>"),
        (
            "<figure data-photo='7'><img src=x><figcaption>Ada <b>here</b></figcaption></figure>",
            "<p>Ada <strong>here</strong></p>",
        ),
        (
            f"<figure data-photo='{ONE}'><figcaption><p>a</p><p>b</p></figcaption>c</figure>",
            f"{FIGURE}<figcaption>a<br>b</figcaption></figure><p>c</p>",
        ),
        ("<div data-gallery></div>", ""),
        ("<div data-gallery data-title='Soon'></div>", '<div data-gallery="" data-title="Soon"></div>'),
        ("<div data-gallery><p>words</p></div>", "<p>words</p>"),
        (
            "<div data-embed='https://youtu.be/dQw4w9WgXcQ?si=1'></div>",
            '<div data-embed="https://www.youtube.com/watch?v=dQw4w9WgXcQ"></div>',
        ),
        (
            "<div data-embed='https://example.com/v'></div>",
            '<p><a href="https://example.com/v">https://example.com/v</a></p>',
        ),
        ("<div data-embed='javascript:x'>words</div>", "<p>words</p>"),
        ("<p data-id='TOO-BAD'>a</p><p data-id='short'>b</p>", "<p>a</p><p>b</p>"),
    ],
)
def test_foreign_html_becomes_the_stored_form(given, stored):
    assert sanitize(given) == stored
    assert sanitize(stored) == stored


def test_inline_html_parts_paragraphs_by_two_breaks():
    assert inline("<p>a <b>b</b></p><p>c</p>") == "a <strong>b</strong><br><br>c"
    assert inline("") == ""


# ---- ids -------------------------------------------------------------------------------------------------------------


def test_missing_ids_are_assigned_and_good_ones_kept():
    named = split(assign_ids("<p data-id='abcdef'>a</p><p>b</p><hr>"))
    assert named[0].id == "abcdef"
    assert len({block.id for block in named} - {""}) == 3


def test_the_first_of_two_equal_ids_stays():
    named = split(assign_ids("<p data-id='abcdef'>a</p><p data-id='abcdef'>b</p>"))
    assert named[0].id == "abcdef"
    assert named[1].id not in {"", "abcdef"}


def test_same_text_gets_the_same_ids_again():
    html = "<p>a</p><p>a</p><hr><hr>"
    assert assign_ids(html) == assign_ids(html)
    assert len({block.id for block in split(assign_ids(html))}) == 4


def test_a_new_id_avoids_those_taken_and_those_further_down():
    (first,) = split(assign_ids("<p>a</p>"))
    (second,) = split(assign_ids("<p>a</p>", taken={first.id}))
    assert second.id != first.id
    named = split(assign_ids(f"<p>a</p><p data-id='{first.id}'>b</p>"))
    assert named[0].id != first.id == named[1].id


# ---- questions -------------------------------------------------------------------------------------------------------


def test_photos_are_listed_in_order_with_repeats_and_roles():
    assert photo_ids(STORED) == (ONE, ONE, TWO, TWO, ONE)
    assert [place.role for place in photo_places(split(STORED))] == ["body", "body", "body", "gallery", "gallery"]


def test_linked_articles_are_listed_once_each():
    html = f"<p><a href='article:{TWO}'>b</a> <a href='article:{ONE}'>a</a></p><ul><li><a href='article:{TWO}'>b</a></li></ul>"
    assert article_links(html) == (TWO, ONE)
    assert article_links(f'<p>&lt;a href="article:{ONE}"&gt;</p>') == ()


def test_internal_links_lead_to_the_current_address_or_lose_their_tag():
    html = f'<a href="article:{ONE}">a <strong>b</strong></a> <a href="article:{TWO}">c</a> <a href="https://example.com/">d</a>'
    addresses = {("article", str(ONE)): Target('https://www.example.com/?a=1&b="2"', "a", "/film/a/")}
    delivered = replace_links(html, lambda *link: addresses.get(link))
    assert delivered == (
        '<a href="https://www.example.com/?a=1&amp;b=&quot;2&quot;" data-kind="article" data-slug="a" data-path="/film/a/">'
        'a <strong>b</strong></a> c <a href="https://example.com/">d</a>'
    )
    plain_links = (
        '<a href="https://www.example.com/?a=1&amp;b=&quot;2&quot;">a <strong>b</strong></a> c '
        '<a href="https://example.com/">d</a>'
    )
    assert unmarked(delivered) == sanitize(f"<p>{delivered}</p>")[3:-4] == plain_links


def test_links_to_people_and_works_are_kept_by_their_slug():
    html = '<p><a href="Person:mara-okonjo">Mara</a> in <a href="work:the-glass-orchard">it</a>, <a href="person:a b">b</a></p>'
    stored = '<p><a href="person:mara-okonjo">Mara</a> in <a href="work:the-glass-orchard">it</a>, b</p>'
    assert sanitize(html) == stored
    assert topic_links(stored) == (("person", "mara-okonjo"), ("work", "the-glass-orchard"))
    assert article_links(stored) == ()


def test_plain_text_has_no_markup_and_no_entities():
    assert plain('a<br>b &lt;b&gt; <a href="https://example.com/">c&nbsp;d</a> &amp;amp;') == "a b <b> c\xa0d &amp;"


def test_prose_is_what_a_reader_reads():
    assert prose(BLOCKS).splitlines() == [
        "Ada Quill sails to Rome, by night & day.",
        "The Cast",
        "Crew",
        "Thanks",
        "Film",
        "Drama",
        "and more",
        "Music",
        "First",
        "I never",
        "swam.",
        "Nobody said this.",
        "Not once.",
        "Ada, at sea",
        "Bo",
    ]


def test_words_are_counted_in_headline_prose_and_captions():
    assert (
        word_count("Night Ferry", split("<h2>The Cast</h2><p>Ada – aged 40 – doesn’t swim.</p>"), ["Ada on deck"]) == 12
    )


# ---- JSON ------------------------------------------------------------------------------------------------------------


def test_blocks_go_out_as_json():
    typed = to_typed(BLOCKS)
    assert [block["type"] for block in typed] == (
        "paragraph heading heading heading list list quote quote pull_quote divider photo photo photo gallery embed".split()  # noqa: SIM905
    )
    assert typed[1] == {"id": "bbbbbb", "type": "heading", "level": 2, "html": "The Cast", "text": "The Cast"}
    assert typed[4]["items"][0] == {
        "html": "Film",
        "ordered": True,
        "items": [{"html": "Drama<br><br>and more", "ordered": False, "items": []}],
    }
    assert typed[6] == {"id": "dddddd", "type": "quote", "html": "I never<br><br>swam.", "cite": 'Ada "Q"'}
    assert typed[12] == {
        "id": "",
        "type": "photo",
        "photo": str(TWO),
        "layout": "wide",
        "caption_html": None,
        "alt": None,
        "decorative": False,
    }
    assert (typed[13]["title"], typed[13]["count"]) == ("On tour", 2)
    assert typed[14] == {
        "id": "iiiiii",
        "type": "embed",
        "provider": "youtube",
        "url": "https://www.youtube.com/watch?v=dQw4w9WgXcQ",
        "embed_id": "dQw4w9WgXcQ",
        "aspect_ratio": "16:9",
        "start": None,
        "caption_html": None,
        "fallback_text": "Video on YouTube: https://www.youtube.com/watch?v=dQw4w9WgXcQ",
    }


def test_json_comes_back_as_the_same_html():
    assert from_typed(to_typed(BLOCKS)) == STORED


def test_short_json_takes_defaults():
    given = [
        {"type": "photo", "photo": str(ONE)},
        {"type": "list", "items": [{"html": "a"}]},
        {"type": "paragraph", "html": "<p>a<script>x</script></p>"},
    ]
    assert from_typed(given) == f"{FIGURE}</figure><ul><li><p>a</p></li></ul><p>a</p>"


def nested(depth: int) -> dict:
    return {"html": "a", "items": [nested(depth - 1)] if depth else []}


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ("text", "body must be a list."),
        (["text"], "body[0] must be an object."),
        (
            [{}],
            "body[0].type must be one of paragraph, heading, list, quote, pull_quote, divider, photo, gallery, embed.",
        ),
        (
            [{"type": "divider"}, {"type": ["x"]}],
            "body[1].type must be one of paragraph, heading, list, quote, pull_quote, divider, photo, gallery, embed.",
        ),
        ([{"type": "paragraph"}], "body[0].html must not be empty."),
        ([{"type": "paragraph", "html": 1}], "body[0].html must be text or null."),
        ([{"type": "paragraph", "html": "<h2>a</h2>"}], "body[0].html may hold text, strong, em, a and br only."),
        ([{"type": "paragraph", "html": "<p>a</p><p>b</p>"}], "body[0].html must be one paragraph."),
        ([{"type": "paragraph", "html": "a", "id": "NO"}], "body[0].id must be 6 to 16 of a-z, 0-9."),
        ([{"type": "heading", "html": "a", "level": 1}], "body[0].level must be one of 2, 3, 4."),
        ([{"type": "heading", "html": "a", "level": True}], "body[0].level must be one of 2, 3, 4."),
        ([{"type": "list", "ordered": 1, "items": [{"html": "a"}]}], "body[0].ordered must be true or false."),
        ([{"type": "list", "items": []}], "body[0].items must not be empty."),
        (
            [{"type": "list", "items": [{"html": "a", "items": [{}]}]}],
            "body[0].items[0].items[0].html must not be empty.",
        ),
        (
            [{"type": "list", "items": [nested(8)]}],
            "body[0]" + ".items[0]" * 8 + ".items may not be nested deeper than 8 lists.",
        ),
        ([{"type": "quote", "html": "a", "cite": 1}], "body[0].cite must be text or null."),
        ([{"type": "photo", "photo": "7"}], "body[0].photo must be the UUID of a photo."),
        (
            [{"type": "photo", "photo": str(ONE), "layout": "huge"}],
            "body[0].layout must be one of wide, inset, full, portrait.",
        ),
        ([{"type": "gallery", "photos": [{"photo": "7"}]}], "body[0].photos[0].photo must be the UUID of a photo."),
        ([{"type": "gallery", "photos": []}], "body[0].photos must not be empty."),
        (
            [{"type": "embed", "url": "https://example.com/"}],
            f"body[0].url cannot be embedded. {refusal('https://example.com/')}",
        ),
    ],
)
def test_faulty_json_is_refused_in_a_sentence_that_names_the_place(body, sentence):
    with pytest.raises(BodyError) as refused:
        from_typed(body)
    assert str(refused.value) == sentence


def test_lists_eight_deep_are_taken_and_kept():
    typed = [{"id": "", "type": "list", "ordered": False, "items": [nested(6)]}]
    (block,) = to_typed(split(from_typed(typed)))
    depth, items = 0, block["items"]
    while items:
        depth, items = depth + 1, items[0]["items"]
    assert depth == 7
