"""Links in a text to stories, people and works of ours: they become addresses when the text is delivered."""

import re
from collections.abc import Callable
from typing import NamedTuple

from .body import OWN_LINK
from .sanitizer import attribute


class Target(NamedTuple):
    """Where an internal link leads: in the world, and within a front end."""

    url: str
    slug: str
    path: str


def replace_links(html: str, resolve: Callable[[str, str], Target | None]) -> str:
    """Return clean inline HTML with internal links replaced by the address from `resolve`. Without one, the words stay.

    `resolve` gets the kind ("article", "person", "work") and the UUID or slug. The link is marked with kind, slug and
    path, so that a front end can follow it by itself; nothing reads the marks back in.
    """

    def resolved(match: re.Match[str]) -> str:
        found = resolve(match[1], match[2])
        return (
            match[3] if found is None else f"<a{attribute('href', found.url)}{_marks(match[1], found)}>{match[3]}</a>"
        )

    return OWN_LINK.sub(resolved, html)


def _marks(kind: str, target: Target) -> str:
    said = {"data-kind": kind, "data-slug": target.slug, "data-path": target.path}
    return "".join(attribute(name, value) for name, value in said.items())


_MARKS = re.compile(r'(<a href="[^"]*") data-kind="[^"]*" data-slug="[^"]*" data-path="[^"]*">')


def unmarked(html: str) -> str:
    """Return delivered HTML with plain links, for those who have no front end of ours: feed readers and partners."""
    return _MARKS.sub(r"\1>", html) if "data-kind" in html else html
