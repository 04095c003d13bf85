"""How much one text may hold: more is no story, and reading it would keep all others waiting."""

from collections.abc import Iterable, Sequence

from .body import PARAGRAPH_BREAK, Block, Gallery, ListBlock, ListItem, PullQuote, Quote, split
from .sanitizer import MAX_OPEN, is_too_deep

MOST_BLOCKS = 5000


class TooLarge(ValueError):
    """What is too much about a text, as a sentence for whoever wrote it."""


def check_html(html: str) -> None:
    """Raise TooLarge for a body with too many blocks or too deeply nested elements."""
    if is_too_deep(html):
        raise TooLarge(
            f"The text has elements nested more than {MAX_OPEN} deep. Paste it as plain text, or mend whatever made it."
        )
    check_count(sum(map(_size, split(html))))


def check_blocks(blocks: Sequence[object]) -> None:
    """Raise TooLarge for a list with too many blocks, whatever they are."""
    check_count(len(blocks))


def check_count(count: int) -> None:
    if count > MOST_BLOCKS:
        raise TooLarge(
            f"The text has {count:,} blocks (paragraphs, list items, photos and the like); at most {MOST_BLOCKS:,} make "
            "a story. Divide it into several."
        )


def _size(block: Block) -> int:
    if isinstance(block, ListBlock):
        return 1 + _items(block.items)
    if isinstance(block, Quote | PullQuote):
        return 1 + block.html.count(PARAGRAPH_BREAK)
    return 1 + len(block.photos) if isinstance(block, Gallery) else 1


def _items(items: Iterable[ListItem]) -> int:
    return sum(1 + item.html.count(PARAGRAPH_BREAK) + _items(item.items) for item in items)
