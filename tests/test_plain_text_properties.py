"""Whatever is pasted: nothing raises, no word is lost, and the order stays."""

import json

from hypothesis import given
from hypothesis import strategies as st

from articles.imports.plain_text import read, to_json, words_in
from media.credits.line import Vocabulary

VOCABULARY = Vocabulary.seed()

PIECES = st.sampled_from(
    [
        " date 2025-03-17 Reading Time: 3 minutes",
        "By Alma Roe and Tom Vale | March 17, 2025",
        "Updated: 17.03.2025",
        "Nora Quist Comes Home",
        "MOVIES",
        "What the choir said",
        "Nora Quist attends the Awards on March 12, 2023 in Bern. (Photo by Paul Rivers/Getty Images for Netflix)",
        "Our Alma Roe with Dina Argent",
        "Courtesy of Zillow",
        "Paul Rivers/WireImage",
        "She sang all day, and then she sang all night, until the town was awake again and sang as well.",
        "It was so.",
        "> It was so.",
        "- a raft",
        "•",
        "### A Raft",
        "**Bold Words**",
        "***",
        "AV Sorry!",
        "AV Yes.",
        "Advertisement",
        "https://example.com/",
        "(",
        "“",
        "this line goes on and on for more than forty-five columns, and",
    ]
)
BREAKS = st.sampled_from(["\n", "\n\n", "\r\n", "\r\n\r\n", "\u2028", " ", "\u00a0"])
STORIES = st.lists(st.tuples(st.one_of(PIECES, st.text(max_size=20)), BREAKS)).map(
    lambda parts: "".join(map("".join, parts))
)
ANY_TEXT = st.text(st.characters(codec=None))


def letters(text: str) -> str:
    return "".join(char for char in text if char.isalnum())


@given(st.one_of(ANY_TEXT, STORIES))
def test_the_words_of_the_story_are_the_words_of_the_text(text):
    assert read(text, VOCABULARY).words() == words_in(text)


@given(STORIES)
def test_every_letter_stands_in_the_head_or_in_a_block(text):
    story = read(text, VOCABULARY)
    pieces = [*story.head, *((block.source_lines[0], block.text) for block in story.blocks)]
    assert letters("".join(piece for _, piece in sorted(pieces))) == letters(text)


@given(st.one_of(ANY_TEXT, STORIES))
def test_any_text_becomes_json_that_can_be_stored(text):
    stored = json.dumps(to_json(read(text, VOCABULARY)), ensure_ascii=False).encode()
    assert b"\\u0000" not in stored


@given(STORIES)
def test_lines_are_used_once_and_in_order(text):
    story = read(text, VOCABULARY)
    spans = [block.source_lines for block in story.blocks]
    assert spans == sorted(spans)
    assert len({line for line, _ in [*story.head, *spans]}) == len(story.head) + len(spans)


@given(STORIES)
def test_reading_the_same_text_twice_gives_the_same_story(text):
    assert read(text, VOCABULARY) == read(text, VOCABULARY)
    assert words_in(text) == words_in(text.replace("\r\n", "\n"))
