"""A finished story in any form it arrives in (Word, Google Docs, HTML, Markdown, plain text) as lines to be read. Pure.

What a file is, its first bytes say; its name decides only between texts.
"""

import codecs
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from urllib.parse import unquote

from articles.imports import plain_text, rich, word_file
from articles.imports.packed import MOST_BYTES, Packed, Unopened
from articles.imports.story_head import Line
from articles.text import markdown

KINDS = ".docx,.html,.htm,.zip,.md,.markdown,.txt"
MOST_CHARACTERS = 500_000
MOST_HTML = 2_000_000

_SAVE_AS = "Save it as .docx and choose that file, or paste the text."
_FOREIGN = (
    (b"%PDF", f"This is a PDF, which has no text to edit. {_SAVE_AS}"),
    (b"\xd0\xcf\x11\xe0", f"This is an old Word file, or one with a password. {_SAVE_AS}"),
    (b"{\\rtf", f"This is an RTF file. {_SAVE_AS}"),
    (b"bplist", f"This is a web archive. {_SAVE_AS}"),
)
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_FRONT = re.compile(r"\A---[ \t]*\n(.*?\n)---[ \t]*(?:\n|\Z)", re.DOTALL)
_FIELD = re.compile(r"""([A-Za-z_ -]{2,30}):\s*["']?(.*?)["']?\s*""")
_HTML = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--(?:(?!-->).)*-->\s*)*<(?:!doctype html|html|head|body|meta|p|div|h[1-6]|article)\b",
    re.I | re.S,
)
_CHARSET = re.compile(rb"""<meta[^>]{0,200}charset=["']?([\w-]{2,30})""", re.IGNORECASE)


@dataclass(frozen=True)
class Document:
    """What was given: the lines to read, the HTML they were made of ("" for plain text), and the pictures of the file."""

    lines: Sequence[Line]
    text: str = ""
    html: str = ""
    pictures: Mapping[str, bytes] = field(default_factory=dict)


def of_text(text: str) -> Document:
    _check(text, MOST_CHARACTERS)
    return Document(plain_text.lines_in(text), text)


def of_html(html: str, pictures: Mapping[str, bytes] | None = None) -> Document:
    _check(html, MOST_HTML)
    lines = rich.read(html)
    return Document(lines, "\n\n".join(line.text for line in lines if line.text), html, pictures or {})


def of_file(data: bytes, name: str = "") -> Document:
    """Read a file. Raises Unopened with a sentence."""
    if not data.strip():
        raise Unopened("The file is empty. Choose another one.")
    for begin, sentence in _FOREIGN:
        if data.startswith(begin):
            raise Unopened(sentence)
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _of_zip(data)
    text = decoded(data)
    if "\0" in text:
        raise Unopened(f"This file has no text that can be read. {_SAVE_AS}")
    ending = name.lower().rpartition(".")[2]
    if ending in {"html", "htm", "xhtml"} or (ending not in {"md", "markdown"} and _HTML.match(text)):
        return of_html(text)
    if ending in {"md", "markdown"}:
        _check(text, markdown.MOST)
        return of_html(_of_markdown(text))
    return of_text(text)


def _of_markdown(text: str) -> str:
    """Return the HTML of a Markdown file. Fields in front of the text (“title: …”) become lines, which the reader knows."""
    text = text.replace("\r\n", "\n")
    front = _FRONT.match(text)
    lines = [line.strip() for line in front[1].split("\n") if line.strip()] if front else []
    said = (f"{found[1]}: {found[2]}" if (found := _FIELD.fullmatch(line)) else line for line in lines)
    return "".join(f"<p>{escape(line, quote=False)}</p>" for line in said) + markdown.of_file(
        text[front.end() :] if front else text
    )


def _check(text: str, most: int) -> None:
    if len(text) > most:
        raise Unopened(
            f"The text has {len(text):,} characters; at most {most:,} are read. Split it into several stories."
        )


def _of_zip(data: bytes) -> Document:
    if len(data) > MOST_BYTES:
        raise Unopened("The file is too large. Take its pictures out and add them later.")
    packed = Packed(data)
    if word_file.TEXT in packed.names:
        return of_html(*word_file.read(packed))
    pages = [
        name for name in packed.names if name.lower().endswith((".html", ".htm")) and not name.startswith("__MACOSX")
    ]
    if len(pages) != 1:
        raise Unopened(f"This is not a Word file or a Google Docs page. {_SAVE_AS}")
    html = decoded(packed.read(pages[0]))
    pictures = {name: packed.read(name) for name in packed.names if f'"{name}"' in unquote(html)}
    return of_html(html, pictures)


def decoded(data: bytes) -> str:
    """Return the words of a file in the encoding that it says, or that it must be in."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, errors="replace")
    if encoding := _wide(data):
        return data.decode(encoding, errors="replace")
    said = _CHARSET.search(data[:4096])
    for encoding in ("utf-8", *([said[1].decode("ascii")] if said else [])):
        try:
            return data.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    return data.decode("cp1252", errors="replace")


def _wide(data: bytes) -> str:
    """Return UTF-16 in the order of its bytes if every other one of a text without a mark is zero, as in Latin letters."""
    start = data[:400]
    for offset, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        half = start[offset::2]
        if len(start) >= 4 and half.count(0) * 10 >= len(half) * 7:
            return encoding
    return ""
