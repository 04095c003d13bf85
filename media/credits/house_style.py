"""How a title writes its credits: the line readers see, and the case of names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from media.credits.grammar import CreditParts
from media.credits.name_shapes import is_initials

NO_PHOTO = ("AI-generated", "Photo illustration", "Illustration", "Artwork", "Screengrab")


@dataclass(frozen=True)
class HouseStyle:
    """How a title writes its credits. `prefix` is put before names only if it ends in "by "."""

    prefix: str = "Photo by "
    separator: str = "/"
    agency_first: bool = False
    upper_case: bool = False
    photographer: bool = True
    agencies: bool = True


def render(parts: CreditParts, style: HouseStyle | None = None) -> str:
    """Return the line readers see, such as "Photo by Mike Coppola/Getty Images for Netflix"; "" for empty parts."""
    style = style or HouseStyle()
    names = _listed(parts.photographers) if style.photographer or not parts.agencies else ""
    line = _chain(parts, names, style)
    if parts.copyright_year or parts.copyright_holder:
        words = ("©", str(parts.copyright_year or ""), parts.copyright_holder or "")
        line = f"{line} {' '.join(filter(None, words))}".strip()
    made = next((made for made in parts.status if made in NO_PHOTO), None) if style.prefix and line else None
    line = ", ".join(filter(None, (line, *(status for status in parts.status if status != made))))
    if made:
        return _cased(f"{made} by {line}" if names and _is_by(style.prefix) else f"{made}: {line}", style)
    if line and (names or (style.prefix and not _is_by(style.prefix))):
        line = style.prefix + line
    return _cased(line, style)


def _is_by(prefix: str) -> bool:
    return prefix.rstrip().lower().endswith("by")


def _cased(line: str, style: HouseStyle) -> str:
    return line.upper() if style.upper_case else line


class Placed(Protocol):
    """One chain of a credit and which picture of several it credits."""

    @property
    def parts(self) -> CreditParts | None: ...

    @property
    def place(self) -> str | None: ...


def render_all(chains: Sequence[Placed], style: HouseStyle | None = None) -> str:
    """Return the line of all chains, such as "Photo by Ann Lee/AP (left); Bo Ray/WireImage (right)".

    It is empty where one of them has nothing to say: no word of such a line is guessed.
    """
    style = style or HouseStyle()
    if len(chains) == 1:
        return render(chains[0].parts or CreditParts(), style)
    styles = [style, *[replace(style, prefix="")] * (len(chains) - 1)]
    lines = [render(chain.parts or CreditParts(), each) for chain, each in zip(chains, styles, strict=True)]
    return "; ".join(map(_placed, lines, chains)) if all(lines) else ""


def understood(chains: Sequence[Placed]) -> str:
    """Return the parts for whoever typed the line, such as "Ann Lee · Getty Images, for Netflix".

    It is empty where one of the chains was not understood.
    """
    if not all(chain.parts for chain in chains):
        return ""
    return "; ".join(_placed(_told(chain.parts), chain) for chain in chains if chain.parts)


def _told(parts: CreditParts) -> str:
    names = " · ".join(filter(None, (_listed(parts.photographers), " / ".join(parts.agencies))))
    holder = " ".join(filter(None, (str(parts.copyright_year or ""), parts.copyright_holder or "")))
    more = (
        f"@{parts.handle}" if parts.handle else "",
        f"for {parts.on_behalf_of}" if parts.on_behalf_of else "",
        f"courtesy of {parts.courtesy_of}" if parts.courtesy_of else "",
        f"© {holder}" if holder else "",
        *parts.status,
    )
    return ", ".join(filter(None, (names, *more)))


def _placed(line: str, chain: Placed) -> str:
    return f"{line} ({chain.place})" if chain.place else line


def _listed(names: tuple[str, ...]) -> str:
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


def _chain(parts: CreditParts, names: str, style: HouseStyle) -> str:
    agencies = list(parts.agencies) if style.agencies or not names else []
    handle = f"@{parts.handle}" if parts.handle and parts.handle != parts.courtesy_of else ""
    chain = style.separator.join(filter(None, (*([] if style.agency_first else [names]), *agencies, handle)))
    if parts.on_behalf_of:
        chain = f"{chain} for {parts.on_behalf_of}".strip()
    courtesy = f"Courtesy of {parts.courtesy_of}" if parts.courtesy_of else ""
    return style.separator.join(filter(None, (chain, names if style.agency_first else "", courtesy)))


_NAME_PART = re.compile(r"[^\W\d_]+")
_LOWER = frozenset({"da", "das", "de", "del", "della", "den", "der", "di", "dos", "du", "van", "vom", "von", "y", "zu"})
_KEEP_UPPER = frozenset({"ii", "iii", "iv"})
_JUNIOR = re.compile(r"(?:jr|sr)\b")


def name_case(name: str) -> str:
    """Return a name in capitals in ordinary case: "ANNA MCGEE JR." is "Anna McGee Jr."; other names unchanged."""
    if not name.isupper():
        return name
    words = [_word_case(word, first=index == 0) for index, word in enumerate(name.split())]
    return " ".join(words)


def _word_case(word: str, *, first: bool) -> str:
    low = word.lower()
    if low in _LOWER and not first:
        return low
    if low in _KEEP_UPPER or (is_initials(word) and len(word.replace(".", "")) <= 2 and not _JUNIOR.match(low)):
        return word
    return _NAME_PART.sub(lambda part: _part_case(part[0], word, part.start()), word)


def _part_case(part: str, word: str, at: int) -> str:
    if at and word[at - 1] in "'’" and len(part) == 1:
        return part.lower()
    if part.startswith("MC") and len(part) > 3:
        return "Mc" + part[2:].capitalize()
    return part.capitalize()
