"""Text that somebody made to keep us busy: whatever reads words of strangers is done with it at once."""

import signal
from collections.abc import Callable

import pytest

from articles.imports import plain_text, rich
from articles.text import clipboard, embeds, markdown
from articles.text.body import sanitize
from media.credits import composites, grammar, house_caption, line
from media.credits.vocabulary import Vocabulary
from media.files import boilerplate
from media.photos import notice_text
from media.rights import lexemes, restrictions
from media.words import search_terms

LETTERS = 12_000
MOST_SECONDS = 2.0
"""CPU of our process. The slowest takes a fifth of it; what grows with the square or worse takes far more."""
REPEATED = [
    "a", "A", " ", "\t", "-", ".", ",", "/", "(", "\"", "’", "“", "<", "<!--", "&", "0", "1 ", "Aa ", "Aa, ", "a.", "A.B.",
    "Aa. ", "(Aa) ", "a) ", "by ", "for ", "and ", "of the ", "Photo by A/", "Photo: Aa Bb/", "@a ", "#", "*", "_", "`", "[",
    "![a](", "| ", "> ", "1. ", "\xa0", "via ", "Getty Images/", "© ", "=", "a\n", "\n\n", "Mr. ", "FILE - ", "left: ",
    "Courtesy of ", "source ", "Aa Bb and ", "12:", " -- ", "US only ", "no use in ", "until 1 May ", "<a ", "</", "<p>",
]  # fmt: skip
VOCABULARY = Vocabulary.seed()
CREDIT = 500
"""A credit line is cut to this before it is read."""
READERS: dict[str, Callable[[str], object]] = {
    "a caption with its credit": lambda text: line.split(text, VOCABULARY),
    "a credit": lambda text: grammar.read(text[:CREDIT], VOCABULARY),
    "a credit of several": lambda text: composites.chains(text[:CREDIT], VOCABULARY),
    "a caption in our style": lambda text: house_caption.house_caption(text, VOCABULARY),
    "instructions": restrictions.read,
    "a kill notice": notice_text.read,
    "what a camera wrote": lambda text: (boilerplate.is_no_caption(text), boilerplate.is_nobody(text)),
    "a story as text": lambda text: plain_text.read(text, VOCABULARY),
    "a story as HTML": rich.read,
    "a story in Markdown": markdown.of_file,
    "a paste": lambda text: clipboard.clean_pasted("", text),
    "a formatted paste": lambda text: clipboard.clean_pasted(text),
    "a body": sanitize,
    "an embed code": embeds.marked,
    "a search": search_terms.parse,
}


class TooLong(Exception):
    pass


@pytest.fixture
def clock():
    def ring(number, frame):
        raise TooLong

    before = signal.signal(signal.SIGVTALRM, ring)
    yield lambda seconds: signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    signal.signal(signal.SIGVTALRM, before)


@pytest.mark.parametrize("reader", READERS)
def test_the_same_few_letters_again_and_again_are_read_at_once(reader, clock):
    slow = []
    for letters in REPEATED:
        long = (letters * LETTERS)[:LETTERS]
        for text in (long, f"Ida Brandt stands at the gate. {long}!"):
            try:
                clock(MOST_SECONDS)
                READERS[reader](text)
            except TooLong:
                slow.append(letters)
            finally:
                clock(0)
    assert slow == []


def test_what_is_too_long_of_instructions_is_left_to_a_person():
    text = "No use in print. " + "Ask. " * lexemes.MOST
    assert text[lexemes.MOST :][:200] in restrictions.read(text).unread
