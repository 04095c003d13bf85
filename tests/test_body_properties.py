"""What holds for every body: no string is refused, nothing is lost, and reading what was written gives the same again."""

import re
from html import unescape
from string import ascii_lowercase, digits
from uuid import UUID

import nh3
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from articles.text.block_json import from_typed, to_typed
from articles.text.body import (
    LAYOUTS,
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
    prose,
    sanitize,
    split,
    with_ids,
)
from articles.text.clipboard import clean_pasted
from articles.text.embeds import identify

ADDRESSES = [
    "https://www.youtube.com/watch?v=dQw4w9WgXcQ",
    "https://vimeo.com/76979871/8272103f6e",
    "https://www.tiktok.com/@ada.quill/video/7301234567890123456",
    "https://music.apple.com/gb/album/1440857781?i=1440857907",
]
TEXT = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cn")), max_size=30)
ids = st.text(ascii_lowercase + digits, min_size=6, max_size=16)
some_id = st.just("") | ids
uuids = st.uuids()
labels = TEXT.map(
    lambda text: " ".join(
        unescape(re.sub(r"[\x00-\x1f\x7f-\x9f\ufeff\ufffe\uffff\u2028\u2029]", "", text)).split(" ")
    ).strip()
)
layouts = st.sampled_from(LAYOUTS)

# Markup is made of these pieces in any order, well formed or not, so that every rule of the reader meets every other.
PIECES = [
    *(
        f"<{slash}{tag}>"
        for tag in re.findall(
            r"\w+", "p h1 h2 h5 ul ol li blockquote aside figure figcaption div a b strong em i td section"
        )
        for slash in ("", "/")
    ),
    "<br>",
    "<hr>",
    "<p data-id='abcdef'>",
    "<aside data-pull-quote data-cite='Bo'>",
    "<blockquote data-id='quote1' data-cite=' Ada &quot;Q&quot; '>",
    "<div data-gallery data-title='Tour'>",
    "<div data-embed='https://youtu.be/dQw4w9WgXcQ'>",
    "<div data-embed='https://example.com/x'>",
    "<figure data-photo='0190b5a2-7c1e-7f00-8000-00000000abcd' data-layout=full data-alt=''>",
    "<figure data-photo='1 onload=x' data-decorative>",
    "<a href='https://example.com/?a=1&amp;b=\"2\"'>",
    "<a href='article:0190B5A2-7C1E-7F00-8000-00000000ABCD'>",
    "<a href='javascript:alert(1)'>",
    "<script>alert(1)</script>",
    "<!--",
    "-->",
    "&nbsp;",
    "&amp;lt;",
    " ",
    "\n",
    "word",
    "<",
    '"',
    "\u200b",
]
markup = st.lists(st.sampled_from(PIECES) | TEXT, max_size=25).map("".join)
styled = st.lists(
    st.sampled_from(
        [
            *PIECES,
            "<p class=MsoQuote>",
            "<p class=MsoListParagraph style='mso-list:l0 level2 lfo1'>",
            "<p style='mso-list:l1 level1'><span style='mso-list:Ignore'>1.</span>",
            "<span style='font-weight:700'>",
            "<b style='font-weight:normal'>",
            "<div class=ListContainerWrapper><ul><li data-aria-level=3>",
        ]
    ),
    max_size=25,
).map("".join)


def lines_of(html: str) -> list[str]:
    return [line for line in inline(html).split("<br><br>") if line]


one_line = markup.map(lines_of).filter(bool).map(lambda lines: lines[0])
some_lines = markup.map(inline).filter(bool)
captions = st.none() | markup.map(lambda html: inline("<br>".join(lines_of(html))))
photos = st.builds(PhotoBlock, some_id, uuids, layouts, captions, st.none() | labels, st.booleans())
leaves = st.builds(ListItem, some_lines)
# An item without items below has nothing to number.
branches = st.recursive(
    leaves,
    lambda below: st.builds(ListItem, some_lines, st.lists(below, min_size=1, max_size=3).map(tuple), st.booleans()),
    max_leaves=4,
)
cites = st.none() | labels.filter(bool)
blocks = st.lists(
    st.builds(Paragraph, some_id, one_line)
    | st.builds(Heading, some_id, st.sampled_from([2, 3, 4]), one_line)
    | st.builds(ListBlock, some_id, st.booleans(), st.lists(branches, min_size=1, max_size=3).map(tuple))
    | st.builds(Quote, some_id, some_lines, cites)
    | st.builds(PullQuote, some_id, some_lines, cites)
    | st.builds(Divider, some_id)
    | photos
    | st.builds(Gallery, some_id, cites, st.lists(photos, min_size=1, max_size=3).map(tuple))
    | st.builds(Embed, some_id, st.sampled_from(ADDRESSES).map(identify), st.none() | one_line),
    max_size=5,
).map(tuple)


@given(blocks)
def test_blocks_written_and_read_are_the_same_blocks(blocks):
    assert split(join(blocks)) == blocks


@given(blocks)
def test_written_blocks_are_already_in_the_stored_form(blocks):
    assert sanitize(join(blocks)) == join(blocks)


@given(blocks)
def test_json_of_blocks_gives_the_same_html(blocks):
    assert from_typed(to_typed(blocks)) == join(blocks)


@given(st.text() | markup)
@settings(max_examples=300)
def test_cleaning_twice_is_cleaning_once(html):
    clean = sanitize(html)
    assert sanitize(clean) == clean and split(clean) == split(html)
    assert join(split(clean)) == clean


@given(st.text(st.characters(), max_size=60))
def test_any_string_even_of_lone_surrogates_is_read(html):
    assert isinstance(split(html), tuple)
    assert isinstance(clean_pasted(html), str)
    assert isinstance(inline(html), str)
    assert article_links(html) == ()
    assert photo_ids(html) == ()


@given(markup)
@settings(max_examples=300)
def test_every_tag_and_attribute_of_the_stored_form_is_one_we_know(html):
    tag = (
        r"</?(?:p|h[234]|ul|ol|li|blockquote|aside|figure|figcaption|div|hr|br|strong|em|a)"
        r'(?: (?:data-(?:id|cite|pull-quote|photo|layout|alt|decorative|gallery|title|embed)|href)="[^"<>]*")*>'
    )
    assert "<" not in re.sub(tag, "", sanitize(html))


def visible_characters(text: str) -> str:
    return re.sub(r"[\s\xad\u200b-\u200f\u2060\ufeff\x00-\x1f\x7f-\x9f\ufffe\uffff]", "", text)


@given(
    st.lists(
        st.sampled_from(
            [
                piece
                for piece in PIECES
                if "script" not in piece and "embed" not in piece and "--" not in piece and piece != "<"
            ]
        )
        | st.text("ab 9", max_size=5),
        max_size=25,
    ).map("".join)
)
@settings(max_examples=300)
def test_no_word_is_lost_or_moved_unless_a_picture_or_list_stands_between(html):
    read = unescape(nh3.clean(html, tags=set()))
    kept = unescape(nh3.clean(sanitize(html), tags=set()))
    assert sorted(visible_characters(kept)) == sorted(visible_characters(read))
    if "<figure" not in html and "<div" not in html:
        assert visible_characters(kept) == visible_characters(read)


@given(blocks, st.sets(ids, max_size=3))
def test_every_block_gets_an_id_of_its_own_and_keeps_it(blocks, taken):
    named = with_ids(blocks, taken)
    found = [block.id for block in named]
    assert all(found)
    assert len(set(found)) == len(found)
    assert all(
        new.id == old.id
        for new, old in zip(named, blocks, strict=True)
        if [b.id for b in blocks].count(old.id) == 1 and old.id
    )
    assert not {block.id for block in named} - {block.id for block in blocks} & taken
    assert assign_ids(join(named), taken) == join(named)


@given(markup)
def test_ids_change_no_word(html):
    assert prose(split(assign_ids(html))) == prose(split(html))


@given(styled)
@settings(max_examples=200)
def test_any_paste_comes_out_in_the_stored_form(html):
    clean = clean_pasted(html)
    assert sanitize(clean) == clean


@given(st.sampled_from(PIECES), st.sampled_from(PIECES), st.integers(0, 3000))
@settings(max_examples=40, deadline=None)
def test_deep_nesting_is_flattened_not_fatal(first, second, count):
    assume("<" in first)
    clean = sanitize((first + second) * count)
    assert sanitize(clean) == clean


@given(st.lists(uuids, max_size=4))
def test_photos_are_found_in_order_with_repeats(photos):
    photos = photos + photos[:1]
    html = "".join(f'<figure data-photo="{photo}"></figure>' for photo in photos)
    assert photo_ids(html) == tuple(UUID(str(photo)) for photo in photos)
