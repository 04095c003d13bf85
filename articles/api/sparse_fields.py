"""`?fields=headline,lead(image,credit)` and `?expand=people`: less of a document, or more of what it refers to."""

import json
import re
from typing import Any

from rest_framework import serializers

from ..live.render import dumps
from ..models import Person, Work
from .query_string import Query

EXPANSIONS: dict[str, tuple[Any, tuple[str, ...]]] = {
    "people": (Person, ("description", "born", "died")),
    "works": (Work, ("description", "same_as")),
}


class Choice:
    """What a client asked to see of each document; falsy where it wants the stored JSON as it is."""

    def __init__(self, tree: dict | None, expand: tuple[str, ...] = ()) -> None:
        self.tree, self.expand = tree, expand

    def __bool__(self) -> bool:
        return self.tree is not None or bool(self.expand)

    def apply(self, texts: list[str]) -> list[str]:
        """Return the stored documents as asked for; one statement for each expansion."""
        values = [json.loads(text) for text in texts]
        for name in self.expand:
            _expand(values, name)
        return [dumps(value if self.tree is None else prune(value, self.tree)) for value in values]


def choice(query: Query, serializer: type[serializers.Serializer]) -> Choice:
    """Read `fields` and `expand`; every name is checked against what the serializer writes."""
    expand = query.many("expand", _expansion, allowed=EXPANSIONS)
    text = query.one("fields", str)
    if text is None:
        return Choice(None, expand)
    shape = dict(shape_of(serializer()))
    for name in expand:
        shape[name] = shape[name] | {key: {} for key in EXPANSIONS[name][1]}
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


def _expansion(value: str) -> str:
    if value in EXPANSIONS:
        return value
    raise ValueError("Only people and works can be expanded.")


def _expand(values: list[dict], name: str) -> None:
    model, names = EXPANSIONS[name]
    slugs = {ref["slug"] for value in values for ref in value[name]}
    rows = {row["slug"]: row for row in model.objects.filter(slug__in=slugs).values("slug", *names)}
    for value in values:
        for ref in value[name]:
            row = rows.get(ref["slug"], {})
            ref.update({key: row.get(key) for key in names})
