"""Inline HTML as we store it, cut where a line or a phrase of its plain words begins and ends."""

import re
from html import unescape

from articles.text.body import PARAGRAPH_BREAK, inline, plain
from articles.text.sanitizer import escape

_PIECE = re.compile(r"<[^<>]*>|[^<]+")
_BOLD = re.compile(r"</?strong>")
_LINK = re.compile(r'<a href="([^"]*)"')


def lines(html: str) -> list[str]:
    """Return each line by itself, with marks that run over a break closed and opened again."""
    return inline(html.replace("<br>", PARAGRAPH_BREAK)).split(PARAGRAPH_BREAK)


def cut(html: str, start: int, end: int) -> str:
    """Return what stands between two characters of the plain words, with its marks."""
    out: list[str] = []
    at = 0
    for piece in _PIECE.findall(html):
        is_break = piece == "<br>"
        if piece.startswith("<") and not is_break:
            out.append(piece)
            continue
        words = "\n" if is_break else unescape(piece)
        kept = words[max(0, start - at) : max(0, end - at)]
        out.append(kept and ("<br>" if is_break else escape(kept)))
        at += len(words)
    return inline("".join(out))


def phrase(html: str, words: str) -> str | None:
    """Return these words as they are set in `html`, or None if they do not stand there in one piece."""
    pieces = words.split()
    found = re.search(r"\s+".join(map(re.escape, pieces)), plain(html)) if pieces else None
    return cut(html, *found.span()) if found else None


def after(html: str, sign: str) -> str | None:
    """Return the rest of a line that begins with this sign, or None if the sign is not plain text."""
    begin = escape(sign)
    return inline(html[len(begin) :]) if html.startswith(begin) else None


def is_bold(html: str) -> bool:
    """Return True if every word of the line is bold."""
    outside = re.sub(r"<strong>.*?</strong>", "", html)
    return "<strong>" in html and not plain(outside).strip()


def unbolded(html: str) -> str:
    return _BOLD.sub("", html)


def links(html: str) -> list[str]:
    """Return the addresses that the line links to, in order."""
    return [unescape(href) for href in _LINK.findall(html)]
