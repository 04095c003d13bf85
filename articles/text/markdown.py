"""Markdown as HTML, read by markdown-it-py: of pasted notes, and of files.

Writers paste notes more often than Markdown: there a sign counts only where prose has none. One line that begins with a
dash is no list, and neither is a date such as “5. November”; each line is a paragraph, unless a program broke it.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from html import escape
from itertools import pairwise
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

# Longer texts are taken as they are: so long a text is no note, and reading marks takes its time.
MOST = 200_000
# No paragraph that somebody wrote is longer, or has more marks; what is read letter by letter has to end.
_MOST_IN_A_LINE = 20_000
_NEAR = 12

_ITEM = re.compile(r"[ \t]*(?:[-*+]|(\d{1,3})[.)])[ \t]+\S.*")
_RULE_OF_DASHES = re.compile(r"^(?= {0,3}-{3,}[ \t]*$)", re.MULTILINE)
_SIGN_OF_ITEM = re.compile(r"[-*+.)]")
_PICTURE = re.compile(r"!\[[^\]\n]{0,500}\]\([^)\n]{1,2000}\)")
_ADDRESS = re.compile(r"(?:https?://|mailto:)[^\s<>]{1,2000}", re.IGNORECASE)
_BARE = re.compile(r"https?://[^\s<>()\[\]\"'*]+[^\s<>()\[\]\"'*.,;:!?]")
_SIGNS = re.compile(
    r"^ {0,3}#{1,6}[ \t]+\S|^ {0,3}```|^ {0,3}>[ \t]\S|\*\*\S[^*\n]{0,300}\*\*|\]\(<?(?:https?://|mailto:)\S",
    re.MULTILINE,
)
_TAG = re.compile(
    r"<(?!/?(?:a|b|i|u|s|em|strong|br|p|div|span|h[1-6]|ul|ol|li|hr|img|figure|figcaption|blockquote|cite|sup|sub|del|ins"
    r"|iframe|table|thead|tbody|tr|td|th|section|article|aside|details|summary|center|mark|small|code|pre)(?:\s[^<>]*)?/?>"
    r"|!--|https?://|mailto:)", re.IGNORECASE,
)  # fmt: skip


def is_markdown(text: str) -> bool:
    """Return True if a text has signs that only Markdown has, or a list of at least two items."""
    if len(text) > MOST:
        return False
    lines = text.splitlines()
    return bool(_SIGNS.search(text)) or any(_begins_list(lines, number) for number in range(len(lines)))


def of_note(text: str) -> str:
    """Return the HTML of a pasted text; what is no Markdown stays as it is, line by line. Never raises."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    lines = text.split("\n")
    if not is_markdown(text) or _is_endless(lines):
        return "".join(f"<p>{escape(part, quote=False)}</p>" for part in _parted(lines) if part.strip())
    read = _PICTURE.sub("", _RULE_OF_DASHES.sub("\n", "\n".join(_without_lone_items(lines))))
    return _rendered(_of_notes(), read)


def of_file(text: str) -> str:
    """Return the HTML of a Markdown file, with the HTML in it for the sanitizer to judge. Never raises."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if len(text) > MOST or _is_endless(text.split("\n")):
        return "".join(f"<p>{escape(line, quote=False)}</p>" for line in text.split("\n") if line.strip())
    return _rendered(_of_files(), _TAG.sub("&lt;", text))


def _is_endless(lines: Iterable[str]) -> bool:
    return any(len(line) > _MOST_IN_A_LINE for line in lines)


def _rendered(reader: MarkdownIt, text: str) -> str:
    html: str = reader.render(text)
    return html.strip()


# ---- what only looks like a list ---------------------------------------------------------------------------------------


def _begins_list(lines: Sequence[str], at: int) -> bool:
    """Return True if an item begins here and another of its kind follows."""
    first = _ITEM.fullmatch(lines[at])
    if not first or (first[1] and first[1] != "1"):
        return False
    return _has_item(lines[at + 1 : at + _NEAR], bool(first[1]))


def _has_item(lines: Iterable[str], numbered: bool) -> bool:
    return any((item := _ITEM.fullmatch(line)) and bool(item[1]) == numbered for line in lines)


def _without_lone_items(lines: Sequence[str]) -> Iterator[str]:
    """Yield the lines; a sign that begins no list and goes on with none is taken as written."""
    for at, line in enumerate(lines):
        item = _ITEM.fullmatch(line)
        goes_on = item and _has_item(lines[max(0, at - _NEAR) : at], bool(item[1]))
        yield (
            _SIGN_OF_ITEM.sub(r"\\\g<0>", line, count=1)
            if item and not goes_on and not _begins_list(lines, at)
            else line
        )


def _parted(lines: Sequence[str]) -> list[str]:
    """Return lines that stand together as one paragraph each, or as one if a program broke them at its margin."""
    own = [line.strip() for line in lines]
    is_wrapped = len(own) > 1 and all(55 <= len(line) <= 110 for line in own[:-1])
    return [" ".join(own)] if is_wrapped else own


# ---- reading and writing -----------------------------------------------------------------------------------------------


class _Notes(RendererHTML):
    """Writes HTML without code, which our texts do not have; its words stay."""

    def code_inline(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        return escape(tokens[idx].content, quote=False)

    def fence(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        return "".join(
            f"<p>{escape(line, quote=False)}</p>" for line in tokens[idx].content.split("\n") if line.strip()
        )

    def s_open(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        return ""

    s_close = s_open


class _Files(_Notes):
    def image(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        source, title = (escape(str(tokens[idx].attrGet(name) or "")) for name in ("src", "title"))
        caption = f"<figcaption>{title}</figcaption>" if title else ""
        return f'</p><figure><img alt="{escape(tokens[idx].content)}" src="{source}">{caption}</figure><p>'


@cache
def _of_notes() -> MarkdownIt:
    reader = MarkdownIt("commonmark", {"html": False}, renderer_cls=_Notes).enable("strikethrough").disable("code")
    reader.validateLink = lambda url: bool(_ADDRESS.fullmatch(url))  # type: ignore[method-assign]
    reader.core.ruler.push("lines", _part_lines)
    return reader


@cache
def _of_files() -> MarkdownIt:
    reader = MarkdownIt("commonmark", {"html": True}, renderer_cls=_Files).enable(["strikethrough", "table"])
    reader.disable("code")
    reader.core.ruler.push("addresses", _link_addresses)
    return reader


def _part_lines(state: Any) -> None:
    """Make a paragraph of each line, outside of lists."""
    if state.inlineMode:
        return
    tokens: list[Token] = []
    depth = 0
    for token in state.tokens:
        depth += (token.type == "list_item_open") - (token.type == "list_item_close")
        tokens += _as_paragraphs(token, state) if token.type == "inline" and not depth else [token]
    state.tokens = tokens


def _as_paragraphs(inline: Token, state: Any) -> list[Token]:
    parted = [state.md.parseInline(part, state.env)[0] for part in _parted(inline.content.split("\n"))]
    between = [Token("paragraph_close", "p", -1, block=True), Token("paragraph_open", "p", 1, block=True)]
    return [parted[0], *(token for _, part in pairwise(parted) for token in (*between, part))]


def _link_addresses(state: Any) -> None:
    """Link the addresses that stand in a text as they are."""
    for token in state.tokens:
        linked, depth = [], 0
        for child in token.children or ():
            depth += (child.type == "link_open") - (child.type == "link_close")
            linked += [child] if depth or child.type != "text" else list(_linked(child))
        token.children = linked if token.children is not None else None


def _linked(token: Token) -> Iterator[Token]:
    last = 0
    for found in _BARE.finditer(token.content):
        yield Token("text", "", 0, content=token.content[last : found.start()])
        yield Token("link_open", "a", 1, attrs={"href": found[0]})
        yield Token("text", "", 0, content=found[0])
        yield Token("link_close", "a", -1)
        last = found.end()
    yield Token("text", "", 0, content=token.content[last:])
