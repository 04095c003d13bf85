"""`?fields=headline,lead(image,credit)` and `?expand=people`: less of a document, or more of what it refers to."""

import json
import re
from datetime import datetime
from functools import partial
from typing import Any

from rest_framework import serializers

from media.photos.delivered import web_address
from media.photos.serializers import PhotoSerializer

from ..directory import handles
from ..live.entries import PICTURES
from ..live.render import dumps
from ..live.serializers import CardSerializer
from ..models import Author, Person, Work
from . import pictures
from .query_string import Query

EXPANSIONS: dict[str, tuple[Any, tuple[str, ...]]] = {
    "people": (Person, ("description", "born", "died")),
    "works": (Work, ("description", "same_as")),
    "authors": (Author, ("biography", "handles", "same_as")),
}
RELATED = "related"
"""Expanded by what knows the channel and the moment: cards, which have their own best-before instants."""


class Choice:
    """What a client asked to see of each document; falsy where it wants the stored JSON as it is.

    `edges` and `tags` are those of the pictures that were added: instants at which rights begin or end, names for caches.
    """

    def __init__(self, tree: dict | None, expand: tuple[str, ...] = ()) -> None:
        self.tree, self.expand = tree, expand
        self.edges: list[datetime] = []
        self.tags: list[str] = []

    def __bool__(self) -> bool:
        return self.tree is not None or bool(self.expand)

    def apply(
        self, texts: list[str], now: datetime, channel: str = "", cards: dict[str, dict] | None = None
    ) -> list[str]:
        """Return the stored documents as asked for; one statement for each expansion, and those of its pictures.

        `cards` are those of related articles by slug.
        """
        values = [json.loads(text) for text in texts]
        for name in self.expand:
            if name == RELATED:
                _with_cards(values, cards or {})
            else:
                self._expand(values, name, now, channel)
        return [dumps(value if self.tree is None else prune(value, self.tree)) for value in values]

    def _expand(self, values: list[dict], name: str, now: datetime, channel: str) -> None:
        model, names = EXPANSIONS[name]
        kind, picture = model.address_kind, PICTURES.get(model.address_kind, (model, ""))[1]
        slugs = {ref["slug"] for value in values for ref in value[name]}
        columns = [each for each in (*names, picture) if each]
        rows = {row.slug: row for row in model.objects.filter(slug__in=slugs).only("slug", *columns)}
        shown = pictures.of(kind, [*rows.values()], now, channel) if picture else pictures.Pictures()
        self.edges += shown.edges
        self.tags += shown.tags
        for value in values:
            for ref in value[name]:
                row = rows.get(ref["slug"])
                ref.update(sound({key: getattr(row, key, None) for key in names}))
                if picture:
                    ref[picture] = shown.shown[row.pk] if row else None


def choice(query: Query, serializer: type[serializers.Serializer]) -> Choice:
    """Read `fields` and `expand`; every name is checked against what the serializer writes."""
    allowed = tuple(name for name in (*EXPANSIONS, RELATED) if name in serializer._declared_fields)
    expand = query.many("expand", partial(_expansion, allowed), allowed=allowed)
    text = query.one("fields", str)
    if text is None:
        return Choice(None, expand)
    shape = dict(shape_of(serializer()))
    for name in expand:
        more = shape_of(CardSerializer()) if name == RELATED else added(name)
        shape[name] = shape[name] | more
    return Choice(_parse(query, text, shape), expand)


def added(name: str) -> dict:
    """Return the names of what an expansion adds, each with the names below it."""
    model, names = EXPANSIONS[name]
    picture = PICTURES.get(model.address_kind, (model, ""))[1]
    return {key: {} for key in names} | ({picture: shape_of(PhotoSerializer())} if picture else {})


def shape_of(field: Any) -> dict:
    """Return the names below a serializer's field, each with the names below it."""
    field = getattr(field, "child", field)
    return {name: shape_of(below) for name, below in field.fields.items()} if hasattr(field, "fields") else {}


def prune(value: Any, tree: dict) -> Any:
    if isinstance(value, list):
        return [prune(item, tree) for item in value]
    if not tree or not isinstance(value, dict):
        return value
    return {name: prune(value[name], below) for name, below in tree.items() if name in value}


def _parse(query: Query, text: str, shape: dict) -> dict | None:
    tokens = re.findall(r"[a-z_]+|[^a-z_]", text[:2000])
    tree, rest = _names(query, tokens, shape)
    if rest and not query.errors:
        query.refuse("fields", text, "Write names with commas between them, such as headline,lead(image,credit).")
    return tree


def _names(query: Query, tokens: list[str], shape: dict) -> tuple[dict, list[str]]:
    """Read `name[(names)][,…]`; return what was read and the tokens left over."""
    tree: dict = {}
    while True:
        name, tokens = (tokens[0], tokens[1:]) if tokens else ("", [])
        if name not in shape:
            query.refuse("fields", name, f"“{name}” is not a field here.", shape)
            return tree, []
        below: dict = {}
        if tokens[:1] == ["("]:
            below, tokens = _names(query, tokens[1:], shape[name])
            if tokens[:1] != [")"]:
                return tree, ["("]
            tokens = tokens[1:]
        tree[name] = below
        if tokens[:1] != [","]:
            return tree, tokens
        tokens = tokens[1:]


def _expansion(allowed: tuple[str, ...], value: str) -> str:
    if value in allowed:
        return value
    raise ValueError(f"Only {', '.join(allowed[:-1])} and {allowed[-1]} can be expanded here.")


def _with_cards(values: list[dict], cards: dict[str, dict]) -> None:
    """Put cards in the place of references; what is not live any more stays a reference."""
    for value in values:
        value[RELATED] = [cards.get(ref["slug"], ref) for ref in value[RELATED]]


def sound(facts: dict) -> dict:
    """Return facts of an entry with those addresses and names on networks alone that may be shown."""
    if facts.get("same_as"):
        facts["same_as"] = list(filter(web_address, facts["same_as"]))
    if facts.get("handles"):
        facts["handles"] = handles.sound(facts["handles"])
    return facts
