"""How much one text may hold: more is no story, and reading it would keep all others waiting."""

from collections.abc import Iterable, Sequence
from contextlib import suppress

from . import body
from .body import PARAGRAPH_BREAK, Block, Gallery, ListBlock, ListItem, PullQuote, Quote, split
from .sanitizer import MAX_OPEN, is_too_deep

MOST_BLOCKS = 5000
MOST_CAPTIONS = 500
MOST_CHARACTERS = 1_000_000
"""With the markup."""


class TooLarge(ValueError):
    """What is too much about a text, as a sentence for whoever wrote it."""


def check_html(html: str) -> None:
    """Raise TooLarge for a body that is too long, has too many blocks or too deeply nested elements."""
    check_length(html)
    if is_too_deep(html):
        raise TooLarge(f"The text has formatting nested more than {MAX_OPEN} levels deep. Paste it as plain text.")
    check_count(sum(map(_size, split(html))))


def check_length(html: str) -> None:
    if len(html) > MOST_CHARACTERS:
        raise TooLarge(
            f"The text has {len(html):,} characters, formatting included; the limit is {MOST_CHARACTERS:,}. Split it "
            "into several stories."
        )


def read_ahead(html: str) -> None:
    """Read HTML that is about to be saved, before the transaction that saves it; too much of it will be refused anyway."""
    with suppress(TooLarge):
        check_html(html)
        body.read_ahead(html)


def check_blocks(blocks: Sequence[object]) -> None:
    """Raise TooLarge for a list with too many blocks, whatever they are."""
    check_count(len(blocks))


def check_captions(captions: Sequence[object]) -> None:
    """Raise TooLarge for more captions than photos can be made for at once."""
    if len(captions) > MOST_CAPTIONS:
        raise TooLarge(
            f"The text has {len(captions):,} captions; the limit is {MOST_CAPTIONS} photos a story. Split it into several "
            "stories."
        )


def check_count(count: int) -> None:
    if count > MOST_BLOCKS:
        raise TooLarge(
            f"The text has {count:,} blocks (paragraphs, list items, photos and the like); the limit is {MOST_BLOCKS:,}. "
            "Split it into several stories."
        )


def _size(block: Block) -> int:
    if isinstance(block, ListBlock):
        return 1 + _items(block.items)
    if isinstance(block, Quote | PullQuote):
        return 1 + block.html.count(PARAGRAPH_BREAK)
    return 1 + len(block.photos) if isinstance(block, Gallery) else 1


def _items(items: Iterable[ListItem]) -> int:
    return sum(1 + item.html.count(PARAGRAPH_BREAK) + _items(item.items) for item in items)
