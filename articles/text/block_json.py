"""The blocks of a body as JSON, and back: what the API delivers for a block before the facts of its photo are added.

`from_typed` takes what `to_typed` gives. It ignores fields that follow from others (`text`, `count`, `provider`, …), so
that a client may send back what it has read; other unknown fields are refused, since what they say would be lost.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, NoReturn
from uuid import UUID

from articles.text import embeds, limits
from articles.text.body import (
    LAYOUTS,
    PARAGRAPH_BREAK,
    Block,
    Divider,
    Embed,
    Gallery,
    Heading,
    ListBlock,
    ListItem,
    Paragraph,
    PhotoBlock,
    PullQuote,
    Quote,
    join,
    plain,
    sanitize,
    split,
)
from articles.text.sanitizer import uuid

MAX_LIST_DEPTH = 8


class BodyError(ValueError):
    """What is wrong with a body, as a sentence that begins with the place, such as `body[2].layout`."""


# ---- blocks to JSON --------------------------------------------------------------------------------------------------


def to_typed(blocks: Iterable[Block]) -> list[dict[str, Any]]:
    """Return one JSON object per block: `id`, `type` and the fields of that type."""
    return [_typed(block) for block in blocks]


def _typed(block: Block) -> dict[str, Any]:
    name, fields = _TO_JSON[type(block)]
    return {"id": block.id, "type": name, **fields(block)}


def _heading_fields(block: Heading) -> dict[str, Any]:
    return {"level": block.level, "html": block.html, "text": plain(block.html)}


def _quote_fields(block: Quote | PullQuote) -> dict[str, Any]:
    return {"html": block.html, "cite": block.cite}


def _item(item: ListItem) -> dict[str, Any]:
    return {"html": item.html, "ordered": item.ordered, "items": [_item(below) for below in item.items]}


def _photo_fields(block: PhotoBlock) -> dict[str, Any]:
    return {
        "photo": str(block.photo),
        "layout": block.layout,
        "caption_html": block.caption,
        "alt": block.alt,
        "decorative": block.decorative,
    }


def _embed_fields(block: Embed) -> dict[str, Any]:
    return {
        "provider": block.address.provider,
        "url": block.address.url,
        "embed_id": block.address.embed_id,
        "aspect_ratio": block.address.aspect_ratio,
        "start": block.address.start,
        "caption_html": block.caption,
        "fallback_text": embeds.fallback_text(block.address.provider, block.address.url),
    }


_TO_JSON: dict[type, tuple[str, Callable[[Any], dict[str, Any]]]] = {
    Paragraph: ("paragraph", lambda block: {"html": block.html}),
    Heading: ("heading", _heading_fields),
    ListBlock: ("list", lambda block: {"ordered": block.ordered, "items": [_item(item) for item in block.items]}),
    Quote: ("quote", _quote_fields),
    PullQuote: ("pull_quote", _quote_fields),
    Divider: ("divider", lambda block: {}),
    PhotoBlock: ("photo", _photo_fields),
    Gallery: (
        "gallery",
        lambda block: {"title": block.title, "count": len(block.photos), "photos": to_typed(block.photos)},
    ),
    Embed: ("embed", _embed_fields),
}


# ---- JSON to blocks --------------------------------------------------------------------------------------------------


def from_typed(body: object) -> str:
    """Return the stored HTML of a list of JSON blocks. Raise BodyError at the first fault."""
    try:
        limits.check_blocks(body if isinstance(body, list) else ())
        html = sanitize(join(_block(fields) for fields in _each("body", body)))
        limits.check_html(html)
    except limits.TooLarge as error:
        raise BodyError(str(error)) from error
    return html


@dataclass(frozen=True, slots=True)
class _Fields:
    """The fields of one JSON object. Each method returns a checked value or raises BodyError."""

    path: str
    values: dict[str, Any]

    def refuse(self, name: str, problem: str) -> NoReturn:
        raise BodyError(f"{self.path}.{name} {problem}.")

    def only(self, known: frozenset[str]) -> None:
        for name in self.values:
            if name not in known:
                self.refuse(name[:60], "is not a field here")

    def text(self, name: str) -> str | None:
        value = self.values.get(name)
        if value is not None and not isinstance(value, str):
            self.refuse(name, "must be text or null")
        return value

    def flag(self, name: str) -> bool:
        value = self.values.get(name, False)
        if not isinstance(value, bool):
            self.refuse(name, "must be true or false")
        return value

    def choice(self, name: str, choices: tuple[Any, ...], default: object = None) -> Any:
        value = self.values.get(name, default)
        if isinstance(value, bool) or value not in choices:
            self.refuse(name, f"must be one of {', '.join(map(str, choices))}")
        return value

    def paragraphs(self, name: str) -> list[str]:
        blocks = split(self.text(name) or "")
        if not all(isinstance(block, Paragraph) for block in blocks):
            self.refuse(name, "may hold text, strong, em, a and br only")
        return [block.html for block in blocks if isinstance(block, Paragraph)]

    def html(self, name: str) -> str:
        """Return inline HTML that is not empty; two breaks separate paragraphs."""
        return PARAGRAPH_BREAK.join(self.paragraphs(name)) or self.refuse(name, "must not be empty")

    def line(self, name: str) -> str:
        """Return inline HTML of exactly one paragraph."""
        html = self.html(name)
        return self.refuse(name, "must be one paragraph") if PARAGRAPH_BREAK in html else html

    def each(self, name: str) -> list["_Fields"]:
        return _each(f"{self.path}.{name}", self.values.get(name, []))

    @property
    def id(self) -> str:
        value = self.text("id") or ""
        return (
            value if re.fullmatch(r"(?:[a-z0-9]{6,16})?", value) else self.refuse("id", "must be 6 to 16 of a-z, 0-9")
        )


def _each(path: str, values: object) -> list[_Fields]:
    if not isinstance(values, list):
        raise BodyError(f"{path} must be a list.")
    for index, value in enumerate(values):
        if not isinstance(value, dict):
            raise BodyError(f"{path}[{index}] must be an object.")
    return [_Fields(f"{path}[{index}]", value) for index, value in enumerate(values)]


def _block(fields: _Fields) -> Block:
    type = fields.choice("type", tuple(_FROM_JSON))
    fields.only(_KNOWN[type])
    return _FROM_JSON[type](fields)


def _heading(fields: _Fields) -> Heading:
    return Heading(fields.id, fields.choice("level", (2, 3, 4)), fields.line("html"))


def _list(fields: _Fields) -> ListBlock:
    items = _items(fields, 1)
    return ListBlock(fields.id, fields.flag("ordered"), items) if items else fields.refuse("items", "must not be empty")


def _items(fields: _Fields, depth: int) -> tuple[ListItem, ...]:
    if depth > MAX_LIST_DEPTH:
        fields.refuse("items", f"may not be nested deeper than {MAX_LIST_DEPTH} lists")
    return tuple(_list_item(item, depth) for item in fields.each("items"))


def _list_item(fields: _Fields, depth: int) -> ListItem:
    fields.only(_ITEM)
    return ListItem(fields.html("html"), _items(fields, depth + 1), fields.flag("ordered"))


def _photo(fields: _Fields) -> PhotoBlock:
    fields.only(_KNOWN["photo"])
    layout = fields.choice("layout", LAYOUTS, LAYOUTS[0])
    return PhotoBlock(
        fields.id, _photo_id(fields), layout, _caption(fields), fields.text("alt"), fields.flag("decorative")
    )


def _caption(fields: _Fields) -> str | None:
    return None if fields.text("caption_html") is None else "<br>".join(fields.paragraphs("caption_html"))


def _photo_id(fields: _Fields) -> UUID:
    return uuid(fields.text("photo") or "") or fields.refuse("photo", "must be the UUID of a photo")


def _gallery(fields: _Fields) -> Gallery:
    photos = tuple(_photo(photo) for photo in fields.each("photos"))
    return Gallery(fields.id, fields.text("title"), photos) if photos else fields.refuse("photos", "must not be empty")


def _embed(fields: _Fields) -> Embed:
    url = fields.text("url") or ""
    address = embeds.identify(url)
    if address is None:
        fields.refuse("url", f"cannot be embedded. {embeds.refusal(url).rstrip('.')}")
    return Embed(fields.id, address, _caption(fields) or None)


_ITEM = frozenset(("html", "ordered", "items"))
_KNOWN = {
    type: frozenset(("id", "type", *names))
    for type, names in {
        "paragraph": ("html",), "heading": ("level", "html", "text"), "list": ("ordered", "items"),
        "quote": ("html", "cite"), "pull_quote": ("html", "cite"), "divider": (), "gallery": ("title", "count", "photos"),
        "photo": ("photo", "layout", "caption_html", "alt", "decorative"),
        "embed": ("url", "provider", "embed_id", "aspect_ratio", "start", "caption_html", "fallback_text"),
    }.items()
}  # fmt: skip
_FROM_JSON: dict[str, Callable[[_Fields], Block]] = {
    "paragraph": lambda fields: Paragraph(fields.id, fields.line("html")),
    "heading": _heading,
    "list": _list,
    "quote": lambda fields: Quote(fields.id, fields.html("html"), fields.text("cite")),
    "pull_quote": lambda fields: PullQuote(fields.id, fields.html("html"), fields.text("cite")),
    "divider": lambda fields: Divider(fields.id),
    "photo": _photo,
    "gallery": _gallery,
    "embed": _embed,
}
