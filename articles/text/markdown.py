"""Markdown in a pasted text, as HTML: headings, lists, quotes, rules, emphasis and links.

Writers paste notes more often than Markdown: a sign counts only where prose has none. One line that begins with a dash is
no list, and neither is a date such as “5. November”. What is not Markdown keeps every sign, one paragraph for each line.
"""

import re
from collections.abc import Iterator
from html import escape

# Longer texts are taken as they are: so long a text is no note, and reading marks takes its time.
MOST = 200_000
_DEEPEST = 6
_TAB = 4

_HEADING = re.compile(r" {0,3}(#{1,6})[ \t]+(\S.*)")
_RULE = re.compile(r" {0,3}([-*_])(?:[ \t]*\1){2,}[ \t]*")
_UNDERLINE = re.compile(r" {0,3}={3,}[ \t]*")
_FENCE = re.compile(r" {0,3}(?:```|~~~)[\w+-]*[ \t]*")
_QUOTED = re.compile(r" {0,3}> ?(.*)")
_ITEM = re.compile(r"([ \t]*)([-*+]|(\d{1,3})[.)])[ \t]+(\S.*)")
_DEFINITION = re.compile(r" {0,3}\[([^\]\n]{1,200})\]:[ \t]*<?(\S{1,2000}?)>?(?:[ \t]+[\"'(].*)?[ \t]*")

_ADDRESS = r"(?:https?://|mailto:)[^\s<>()]{1,2000}(?:\([^\s<>()]{0,200}\)[^\s<>()]{0,500})?"
_MARKS = re.compile(
    r"\\(?P<plain>[\\`*_{}\[\]()#+\-.!~>|])"
    r"|`(?P<code>[^`\n]{1,500})`"
    rf"|!\[[^\]\n]{{0,500}}\]\([^)\n]{{1,2000}}\)"
    rf"|\[(?P<words>[^\[\]\n]{{1,500}})\](?:\(<?(?P<href>{_ADDRESS})>?(?:[ \t]+[\"'][^\"'\n]{{0,200}}[\"'])?\)|\[(?P<name>[^\]\n]{{0,200}})\])"
    rf"|<(?P<bare>{_ADDRESS})>"
    r"|(?P<both>\*\*\*|___)(?=\S)(?P<of_both>[^\n]{1,500}?)(?<=\S)(?P=both)"
    r"|(?P<strong>\*\*|(?<!\w)__)(?=\S)(?P<of_strong>[^\n]{1,500}?)(?<=\S)(?P=strong)(?!\w(?<=_\w))"
    r"|(?P<em>\*|(?<!\w)_)(?=\S)(?P<of_em>[^*_\n]{1,500}?)(?<=\S)(?P=em)(?!\w)"
    r"|~~(?P<struck>[^~\n]{1,500})~~"
)
_SIGNS = re.compile(
    rf"^ {{0,3}}#{{1,6}}[ \t]+\S|^ {{0,3}}```|^ {{0,3}}>[ \t]\S|\*\*\S[^*\n]{{0,300}}\*\*|\]\(<?{_ADDRESS}",
    re.MULTILINE,
)

Definitions = dict[str, str]


def is_markdown(text: str) -> bool:
    """Return True if a text has signs that only Markdown has, or a list of at least two items."""
    if len(text) > MOST:
        return False
    if _SIGNS.search(text):
        return True
    lines = text.splitlines()
    return any(_begins_list(lines, number) for number in range(len(lines)))


def to_html(text: str) -> str:
    """Return the HTML of a text in Markdown; what is none stays as it is, line by line. Never raises."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if len(text) > MOST:
        return "".join(f"<p>{escape(line)}</p>" for line in lines if line.strip())
    defined = {found[1].lower(): found[2] for line in lines if (found := _DEFINITION.fullmatch(line))}
    return "".join(_blocks([line for line in lines if not _DEFINITION.fullmatch(line)], defined, 0))


def _blocks(lines: list[str], defined: Definitions, depth: int) -> Iterator[str]:
    at = 0
    while at < len(lines):
        end, html = _block(lines, at, defined, depth)
        yield html
        at = end


def _block(lines: list[str], at: int, defined: Definitions, depth: int) -> tuple[int, str]:
    """Return one block's HTML and the line after it."""
    line = lines[at]
    if (html := _of_line(line, defined)) is not None:
        return at + 1, html
    if _FENCE.fullmatch(line):
        return _fenced(lines, at)
    if _QUOTED.fullmatch(line) and depth < _DEEPEST:
        end = _while(lines, at, _QUOTED)
        inside = [found[1] for each in lines[at:end] if (found := _QUOTED.fullmatch(each))]
        return end, f"<blockquote>{''.join(_blocks(inside, defined, depth + 1))}</blockquote>"
    if _begins_list(lines, at):
        return _list(lines, at, defined)
    return _paragraph(lines, at, defined)


def _of_line(line: str, defined: Definitions) -> str | None:
    """Return the HTML of a block that is always one line: nothing, a rule or a heading; None for any other line."""
    if found := _HEADING.fullmatch(line):
        return f"<h{len(found[1])}>{_inline(_unclosed(found[2]), defined)}</h{len(found[1])}>"
    return "<hr>" if _RULE.fullmatch(line) else None if line.strip() else ""


def _unclosed(title: str) -> str:
    """Return a heading without the signs that may close it."""
    words = title.rstrip()
    bare = words.rstrip("#")
    return bare.rstrip() if bare.endswith((" ", "\t")) else words


def _while(lines: list[str], at: int, pattern: re.Pattern[str]) -> int:
    while at < len(lines) and pattern.fullmatch(lines[at]):
        at += 1
    return at


def _fenced(lines: list[str], at: int) -> tuple[int, str]:
    """Return what stands between two fences, untouched."""
    end = next((n for n in range(at + 1, len(lines)) if _FENCE.fullmatch(lines[n])), len(lines))
    return end + 1, "".join(f"<p>{escape(line)}</p>" for line in lines[at + 1 : end] if line.strip())


# ---- lists -----------------------------------------------------------------------------------------------------------


def _begins_list(lines: list[str], at: int) -> bool:
    """Return True if an item begins here and another of its kind follows."""
    first = _ITEM.fullmatch(lines[at])
    if not first or (first[3] and first[3] != "1"):
        return False
    below = (line for line in lines[at + 1 : at + 12] if line.strip())
    return any((item := _ITEM.fullmatch(line)) and bool(item[3]) == bool(first[3]) for line in below)


def _list(lines: list[str], at: int, defined: Definitions) -> tuple[int, str]:
    """Return nested lists; each is deeper than the one around it by its indent."""
    items: list[tuple[int, str, str]] = []
    while at < len(lines):
        line = lines[at]
        if found := _ITEM.fullmatch(line):
            items.append((_indent(found[1]), "ol" if found[3] else "ul", found[4]))
        elif line.strip() and line[0] in " \t" and items:
            items[-1] = (*items[-1][:2], f"{items[-1][2]} {line.strip()}")
        elif line.strip() or at + 1 == len(lines) or not _ITEM.fullmatch(lines[at + 1]):
            break
        at += 1
    return at, "".join(_nested(items, defined))


def _indent(space: str) -> int:
    return len(space.expandtabs(_TAB))


def _nested(items: list[tuple[int, str, str]], defined: Definitions) -> Iterator[str]:
    open_lists: list[tuple[int, str]] = []
    for indent, tag, words in items:
        while open_lists and (indent < open_lists[-1][0] or (indent == open_lists[-1][0] and tag != open_lists[-1][1])):
            yield f"</li></{open_lists.pop()[1]}>"
        if open_lists and indent == open_lists[-1][0]:
            yield "</li>"
        elif len(open_lists) < _DEEPEST:
            open_lists.append((indent, tag))
            yield f"<{tag}>"
        else:
            yield "</li>"
        yield f"<li>{_inline(words, defined)}"
    while open_lists:
        yield f"</li></{open_lists.pop()[1]}>"


# ---- lines -----------------------------------------------------------------------------------------------------------


def _paragraph(lines: list[str], at: int, defined: Definitions) -> tuple[int, str]:
    end = at + 1
    while end < len(lines) and lines[end].strip() and not _interrupts(lines, end):
        end += 1
    if end < len(lines) and _UNDERLINE.fullmatch(lines[end]):
        return end + 1, f"<h1>{_inline(' '.join(lines[at:end]), defined)}</h1>"
    own = lines[at:end]
    parts = [" ".join(own)] if _is_wrapped(own) else own
    return end, "".join(f"<p>{_inline(part.strip(), defined)}</p>" for part in parts)


def _interrupts(lines: list[str], at: int) -> bool:
    patterns = (_HEADING, _RULE, _UNDERLINE, _FENCE, _QUOTED)
    return any(pattern.fullmatch(lines[at]) for pattern in patterns) or _begins_list(lines, at)


def _is_wrapped(lines: list[str]) -> bool:
    """Return True if a program broke these lines at its margin; people break theirs where a paragraph ends."""
    return len(lines) > 1 and all(55 <= len(line) <= 110 for line in lines[:-1])


def _inline(text: str, defined: Definitions) -> str:
    """Return a line's HTML."""
    parts, last = [], 0
    for found in _MARKS.finditer(text):
        parts += [escape(text[last : found.start()], quote=False), _marked(found, defined)]
        last = found.end()
    return "".join([*parts, escape(text[last:], quote=False)])


def _marked(found: re.Match[str], defined: Definitions) -> str:
    given = found.groupdict()
    if given["words"]:
        href = given["href"] or defined.get((given["name"] or given["words"]).lower())
        return _linked(given["words"], href, defined) if href else escape(found[0], quote=False)
    if given["bare"]:
        return _linked(given["bare"].removeprefix("mailto:"), given["bare"], defined)
    for kind, opening, closing in (
        ("of_both", "<strong><em>", "</em></strong>"),
        ("of_strong", "<strong>", "</strong>"),
        ("of_em", "<em>", "</em>"),
        ("struck", "", ""),
    ):
        if given[kind]:
            return opening + _inline(given[kind], defined) + closing
    return escape(given["plain"] or given["code"] or "", quote=False)


def _linked(words: str, href: str, defined: Definitions) -> str:
    return f'<a href="{escape(href)}">{_inline(words, defined) if words != href else escape(words)}</a>'
