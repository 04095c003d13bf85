"""Markdown as HTML: headings, emphasis, links, lists, quotes, rules, pictures. Pure.

What it does not know stays as it is written. Fields in front of the text (“title: …”) become lines of their own, which the
reader of stories knows.
"""

import re
from collections.abc import Iterator, Sequence
from html import escape
from itertools import islice, takewhile

_FRONT = re.compile(r"\A---[ \t]*\n(.*?\n)---[ \t]*(?:\n|\Z)", re.DOTALL)
_FIELD = re.compile(r"""([A-Za-z_ -]{2,30}):\s*["']?(.*?)["']?\s*""")
_DEFINITION = re.compile(r"^ {0,3}\[([^\]\n]{1,200})\]:\s*<?(\S+?)>?(?:\s+[\"'(].*[\"')])?\s*$", re.MULTILINE)
_HEADING = re.compile(r" {0,3}(#{1,6})\s+(.*?)(?:\s+#+)?\s*")
_UNDERLINE = re.compile(r" {0,3}(=+|-{2,})\s*")
_RULE = re.compile(r" {0,3}(?:(?:\*\s*){3,}|(?:-\s*){3,}|(?:_\s*){3,})")
_ITEM = re.compile(r"( *)(?:([-*+])|(\d{1,9})[.)])\s+(.*)")
_QUOTED = re.compile(r" {0,3}> ?(.*)")
_FENCE = re.compile(r" {0,3}(```+|~~~+).*")
_PICTURE = re.compile(r'!\[([^\]\n]{0,200})\]\(<?([^\s)>]{1,500})>?(?:\s+"([^"\n]{0,1000})")?\)')

_INLINE = re.compile(
    r"""\\(?P<escaped>[!-/:-@\[-`{-~])
    | `(?P<code>[^`\n]+)`
    | <(?P<auto>(?:https?://|mailto:)[^\s<>]+)>
    | \[(?P<text>(?:[^\[\]\n\\]|\\.){1,500})\](?:\(<?(?P<href>[^\s()<>]{0,1000}(?:\([^\s()]{0,200}\)[^\s()<>]{0,200}){0,3})>?(?:\s+(?:"[^"\n]{0,300}"|'[^'\n]{0,300}'))?\)|\[(?P<ref>[^\]\n]{0,200})\])
    | (?P<both>\*\*\*|___)(?=\S)(?P<strong_em>.{1,800}?)(?<=\S)(?P=both)
    | (?P<two>\*\*|__)(?=\S)(?P<strong>.{1,800}?)(?<=\S)(?P=two)(?![*_]\w)
    | (?<![\w*])\*(?=[^\s*])(?P<star>[^*]{1,800}(?:\*\*[^*]{1,400}\*\*[^*]{0,400}){0,8}?)(?<=[^\s*])\*(?!\*)
    | (?<![\w_])_(?=[^\s_])(?P<line>[^_]{1,800}?)(?<=[^\s_])_(?![\w_])
    | (?P<url>https?://[^\s<>()\[\]"'*]+[^\s<>()\[\]"'*.,;:!?])
    """,
    re.VERBOSE | re.DOTALL,
)
_DEEPEST = 8
# No paragraph that somebody wrote is longer; what is read letter by letter has to end.
_LONGEST = 20_000
_TAG = re.compile(
    r"<(?!/?(?:a|b|i|u|s|em|strong|br|p|div|span|h[1-6]|ul|ol|li|hr|img|figure|figcaption|blockquote|cite|sup|sub|del|ins"
    r"|iframe|table|thead|tbody|tr|td|th|section|article|aside|details|summary|center|mark|small|code|pre)(?:\s[^<>]*)?/?>"
    r"|!--)", re.IGNORECASE,
)  # fmt: skip


def to_html(text: str) -> str:
    """Return the HTML of a Markdown text. Never raises."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").expandtabs(4)
    front, text = _front(text)
    links = {name.lower(): href for name, href in _DEFINITION.findall(text)}
    lines = _DEFINITION.sub("", text).split("\n")
    return front + "".join(_Blocks(links).of(lines))


def _front(text: str) -> tuple[str, str]:
    found = _FRONT.match(text)
    if not found:
        return "", text
    fields = [_FIELD.fullmatch(line.strip()) for line in found[1].split("\n")]
    said = [
        f"{field[1]}: {field[2]}" if field else line.strip()
        for field, line in zip(fields, found[1].split("\n"), strict=True)
    ]
    return "".join(f"<p>{escape(line, quote=False)}</p>" for line in said if line), text[found.end() :]


class _Blocks:
    def __init__(self, links: dict[str, str], depth: int = 0) -> None:
        self.links, self.depth = links, depth

    def of(self, lines: Sequence[str]) -> Iterator[str]:
        at = 0
        while at < len(lines):
            taken, html = self.block(lines[at], (lines[n] for n in range(at, len(lines))))
            at += max(1, taken)
            yield html

    def block(self, line: str, lines: Iterator[str]) -> tuple[int, str]:
        """Return how many lines the first block takes, and its HTML. `line` is the first of them."""
        if found := _HEADING.fullmatch(line):
            level = len(found[1])
            return 1, f"<h{level}>{self.inline(found[2])}</h{level}>"
        if not line.strip() or _RULE.fullmatch(line):
            return 1, "<hr>" if line.strip() else ""
        if found := _FENCE.fullmatch(line):
            return self.fenced(lines, found[1])
        if self.depth < _DEEPEST and _QUOTED.fullmatch(line):
            return self.quoted(lines)
        if self.depth < _DEEPEST and _ITEM.fullmatch(line):
            return self.listed(lines)
        return self.paragraph(lines)

    @staticmethod
    def fenced(lines: Iterator[str], mark: str) -> tuple[int, str]:
        inner = list(takewhile(lambda line: not line.strip().startswith(mark), islice(lines, 1, None)))
        return len(inner) + 2, f"<p>{'<br>'.join(escape(line, quote=False) for line in inner)}</p>"

    def quoted(self, lines: Iterator[str]) -> tuple[int, str]:
        inner: list[str] = []
        for line in lines:
            found = _QUOTED.fullmatch(line)
            if not found and (not line.strip() or not inner or not inner[-1].strip() or _begins(line)):
                break
            inner.append(found[1] if found else line)
        return len(inner), f"<blockquote>{''.join(self.below(inner))}</blockquote>"

    def listed(self, lines: Iterator[str]) -> tuple[int, str]:
        taken, indent, tag, items = 0, 0, "", list[list[str]]()
        for line in lines:
            found = _ITEM.fullmatch(line)
            if found and not taken:
                indent, tag = len(found[1]), "ul" if found[2] else "ol"
            if found and len(found[1]) <= indent + 1:
                if len(found[1]) < indent or tag != ("ul" if found[2] else "ol"):
                    break
                items.append([found[4]])
            elif not self.belongs(line, items[-1], indent, is_item=bool(found)):
                break
            else:
                items[-1].append(line[min(len(line) - len(line.lstrip()), indent + 2) :])
            taken += 1
        return taken, f"<{tag}>{''.join(f'<li>{self.item(item)}</li>' for item in items)}</{tag}>"

    @staticmethod
    def belongs(line: str, item: list[str], indent: int, *, is_item: bool) -> bool:
        """Return True if a line goes on with an item: indented, empty, or right below its words."""
        if not line.strip():
            return True
        is_indented = len(line) - len(line.lstrip()) > indent + 1
        return is_indented or (not is_item and bool(item[-1].strip()) and not _begins(line))

    def item(self, lines: list[str]) -> str:
        return "".join(self.below(lines))

    def below(self, lines: list[str]) -> Iterator[str]:
        return _Blocks(self.links, self.depth + 1).of(lines)

    def paragraph(self, lines: Iterator[str]) -> tuple[int, str]:
        words: list[str] = []
        for n, line in enumerate(lines):
            if words and (found := _UNDERLINE.fullmatch(line)):
                level = 1 if found[1].startswith("=") else 2
                return n + 1, f"<h{level}>{self.inline(' '.join(map(str.strip, words)))}</h{level}>"
            if not line.strip() or (words and _begins(line)):
                break
            words.append(line)
        joined = "\n".join(f"{line.strip()}<br>" if line.endswith(("  ", "\\")) else line.strip() for line in words)
        pictures = _PICTURE.split(joined.replace("\\<br>", "<br>")) if len(joined) <= _LONGEST else [joined]
        return len(words), "".join(self.piece(pictures[n : n + 4]) for n in range(0, len(pictures), 4))

    def piece(self, piece: list[str]) -> str:
        """Return the HTML of words and of the picture that follows them: alt text, address and caption."""
        words = f"<p>{self.inline(piece[0].removesuffix('<br>'))}</p>" if piece[0].strip() else ""
        if len(piece) == 1:
            return words
        caption = f"<figcaption>{self.inline(piece[3])}</figcaption>" if piece[3] else ""
        return f'{words}<figure><img alt="{escape(piece[1])}" src="{escape(piece[2])}">{caption}</figure>'

    def inline(self, text: str, depth: int = 0) -> str:
        if len(text) > _LONGEST:
            return _plain(text)
        out, at = list[str](), 0
        for found in _INLINE.finditer(text):
            out += [_plain(text[at : found.start()]), self.marked(found, depth)]
            at = found.end()
        return "".join([*out, _plain(text[at:])])

    def marked(self, found: re.Match[str], depth: int) -> str:
        kind, given = found.lastgroup, found.groupdict()
        if depth > _DEEPEST:
            return _plain(found[0])
        for name, tags in _TAGS.items():
            if given[name] is not None:
                return f"{tags[0]}{self.inline(given[name], depth + 1)}{tags[1]}"
        if kind in {"escaped", "code"}:
            return escape(given[kind], quote=False)
        if kind in {"auto", "url"}:
            return f'<a href="{escape(given[kind])}">{escape(given[kind], quote=False)}</a>'
        href = given["href"] if given["href"] is not None else self.links.get((given["ref"] or given["text"]).lower())
        words = self.inline(given["text"], depth + 1)
        return f'<a href="{escape(href)}">{words}</a>' if href is not None else _plain(found[0])


_TAGS = {
    "strong_em": ("<strong><em>", "</em></strong>"), "strong": ("<strong>", "</strong>"),
    "star": ("<em>", "</em>"), "line": ("<em>", "</em>"),
}  # fmt: skip


def _begins(line: str) -> bool:
    """Return True for a line that begins another block right below a paragraph."""
    return any(shape.fullmatch(line) for shape in (_HEADING, _RULE, _FENCE, _QUOTED, _ITEM))


def _plain(text: str) -> str:
    """Return words with the HTML in them, for the sanitizer to judge; what only looks like a tag is a sign."""
    return _TAG.sub("&lt;", text)
