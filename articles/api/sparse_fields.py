"""`?fields=headline,lead(image,credit)` and `?expand=people`: less of a document, or more of what it refers to."""

import json
import re
from functools import partial
from typing import Any

from rest_framework import serializers

from media.photos.delivered import web_address

from ..directory import handles
from ..live.render import dumps
from ..live.serializers import CardSerializer
from ..models import Author, Person, Work
from .query_string import Query

EXPANSIONS: dict[str, tuple[Any, tuple[str, ...]]] = {
    "people": (Person, ("description", "born", "died")),
    "works": (Work, ("description", "same_as")),
    "authors": (Author, ("biography", "handles", "same_as")),
}
RELATED = "related"
"""Expanded by what knows the channel and the moment: cards, which have their own best-before instants."""


class Choice:
    """What a client asked to see of each document; falsy where it wants the stored JSON as it is."""

    def __init__(self, tree: dict | None, expand: tuple[str, ...] = ()) -> None:
        self.tree, self.expand = tree, expand

    def __bool__(self) -> bool:
        return self.tree is not None or bool(self.expand)

    def apply(self, texts: list[str], cards: dict[str, dict] | None = None) -> list[str]:
        """Return the stored documents as asked for; one statement for each expansion.

        `cards` are those of related articles by slug.
        """
        values = [json.loads(text) for text in texts]
        for name in self.expand:
            if name == RELATED:
                _with_cards(values, cards or {})
            else:
                _expand(values, name)
        return [dumps(value if self.tree is None else prune(value, self.tree)) for value in values]


def choice(query: Query, serializer: type[serializers.Serializer]) -> Choice:
    """Read `fields` and `expand`; every name is checked against what the serializer writes."""
    allowed = tuple(name for name in (*EXPANSIONS, RELATED) if name in serializer._declared_fields)
    expand = query.many("expand", partial(_expansion, allowed), allowed=allowed)
    text = query.one("fields", str)
    if text is None:
        return Choice(None, expand)
    shape = dict(shape_of(serializer()))
    for name in expand:
        more = shape_of(CardSerializer()) if name == RELATED else {key: {} for key in EXPANSIONS[name][1]}
        shape[name] = shape[name] | more
    return Choice(_parse(query, text, shape), expand)


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


def _expand(values: list[dict], name: str) -> None:
    model, names = EXPANSIONS[name]
    slugs = {ref["slug"] for value in values for ref in value[name]}
    rows = {row["slug"]: row for row in model.objects.filter(slug__in=slugs).values("slug", *names)}
    for value in values:
        for ref in value[name]:
            row = rows.get(ref["slug"], {})
            ref.update(sound({key: row.get(key) for key in names}))


def sound(facts: dict) -> dict:
    """Return facts of an entry with those addresses and names on networks alone that may be shown."""
    if facts.get("same_as"):
        facts["same_as"] = list(filter(web_address, facts["same_as"]))
    if facts.get("handles"):
        facts["handles"] = handles.sound(facts["handles"])
    return facts
