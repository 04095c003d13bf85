"""Finds what makes a story hard for readers who use a screen reader or keyboard. Pure: blocks in, sentences out."""

import re
from collections.abc import Iterable, Iterator

from .body import Block, Heading, ListBlock, ListItem, Paragraph, PullQuote, Quote, plain

_LINK = re.compile(r'<a href="([^"]*)">(.*?)</a>', re.DOTALL)
# In a list of links, these do not say where they lead.
_SAYS_NOTHING = {
    "click", "click here", "details", "find out more", "here", "learn more", "link", "more", "more here", "read",
    "read here", "read more", "read on", "see here", "see more", "source", "this", "this link", "tap here", "via",
    "watch", "watch here",
}  # fmt: skip
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_FILE = re.compile(r"\S+\.(?:jpe?g|png|webp|avif|tiff?|gif|heic)|(?:img|dsc|image)[-_ ]?\d+", re.IGNORECASE)
_ANNOUNCES = re.compile(r"(?:an? )?(?:image|picture|photo|photograph|graphic) (?:of|showing)\b", re.IGNORECASE)

Finding = tuple[str, str, str]
"""A code for machines, a sentence for the editor, and the id of the block."""


def findings(blocks: Iterable[Block]) -> list[Finding]:
    """Return what is hard to follow without seeing the page: the order of headings, the words of links."""
    blocks = list(blocks)
    return [*_headings(blocks), *_links(blocks)]


def _headings(blocks: list[Block]) -> Iterator[Finding]:
    above = 1
    for block in blocks:
        if not isinstance(block, Heading):
            continue
        if block.level > above + 1:
            yield (
                "heading_skips",
                (
                    f"The heading “{plain(block.html)}” is of level {block.level}, under one of level {above}: "
                    f"make it a level {above + 1}, so that no level is skipped."
                ),
                block.id,
            )
        above = block.level


def _links(blocks: list[Block]) -> Iterator[Finding]:
    for key, html in _texts(blocks):
        for _, words in _LINK.findall(html):
            text = plain(words).strip()
            if text.lower().strip(" .!:…→>»") in _SAYS_NOTHING:
                yield (
                    "link_says_nothing",
                    f"The link “{text}” does not say where it leads. Link words that do.",
                    key,
                )
            elif _ADDRESS.fullmatch(text):
                yield (
                    "link_is_an_address",
                    f"The link “{text[:60]}” is read out letter by letter. Link words instead.",
                    key,
                )


def _texts(blocks: list[Block]) -> Iterator[tuple[str, str]]:
    """Yield the id of each block and its texts."""
    for block in blocks:
        if isinstance(block, Paragraph | Heading | Quote | PullQuote):
            yield block.id, block.html
        elif isinstance(block, ListBlock):
            yield from ((block.id, html) for html in _item_texts(block.items))


def _item_texts(items: Iterable[ListItem]) -> Iterator[str]:
    for item in items:
        yield item.html
        yield from _item_texts(item.items)


def of_alt(alt: str, caption: str) -> tuple[str, str] | None:
    """Return what is wrong with an alt text that is not empty, or None. Both arguments are plain text."""
    text = alt.strip()
    if _FILE.fullmatch(text):
        return "alt_is_a_file_name", f"has the name of a file as its alt text (“{text[:60]}”). Describe what it shows."
    if text and text.lower() == caption.strip().lower():
        return "alt_repeats_caption", "says the same in alt text and caption: readers who listen hear it twice."
    if _ANNOUNCES.match(text):
        return "alt_announces", "has an alt text that begins with what it is: say at once what it shows."
    return None
