"""What readers are promised beyond today's schema: new kinds and new types of blocks may come, and break no client.

Kinds are plain strings in answers and lists of words in requests. The text of an article is made of the blocks there are,
told apart by their type, or of an open one, whose type is any other word.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from drf_spectacular.generators import SchemaGenerator
from rest_framework.request import Request

PREFIX = "#/components/schemas/"
OPEN = "OpenBlock"
TOLD = {
    "Block": "A part of the text, told apart by `type`.", "DraftBlock": "A part of the text, told apart by `type`.",
    "DraftBlockRequest": "A part of the text, told apart by `type`.", "NullEnum": "Nothing.",
}  # fmt: skip
MORE = "There may be others one day."


def open_for_readers(result: dict, generator: SchemaGenerator, request: Request | None, public: bool) -> dict:
    """Open the kinds and the blocks of everything that is answered, and drop what nothing names any more."""
    shapes = result["components"]["schemas"]
    operations = [operation for item in result["paths"].values() for operation in item.values()]
    told = [operation for item in result["webhooks"].values() for operation in item.values()]
    sent = _reached(shapes, ([operation.get("requestBody"), operation.get("parameters")] for operation in operations))
    answered = _reached(shapes, [*(operation["responses"] for operation in operations), *told]) - sent
    # One word alone is no kind: it tells a block from the others.
    kinds = {name: shape["enum"] for name, shape in shapes.items() if len(shape.get("enum", ())) > 1}
    block = shapes["Block"]
    for name in answered:
        if "properties" in shapes[name]:
            shapes[name]["properties"] = _opened(shapes[name]["properties"], kinds)
    shapes[OPEN] = _open_block(list(block["discriminator"]["mapping"]))
    for name in set(TOLD) & set(shapes):
        shapes[name]["description"] = TOLD[name]
    used = _reached(shapes, [*operations, *told])
    result["components"]["schemas"] = {name: shape for name, shape in sorted(shapes.items()) if name in used}
    return result


def _open_block(known: list[str]) -> dict:
    return {
        "type": "object", "required": ["type", "id"], "additionalProperties": {},
        "description": "A block of a type that came later. Leave it out, or show its `html` if it has any.",
        "properties": {
            "type": {"type": "string", "not": {"enum": known}, "description": "None of those that are known."},
            "id": {"type": "string", "description": "Its anchor: it stays while the block does."},
        },
    }  # fmt: skip


def _opened(shape: Any, kinds: dict[str, list]) -> Any:
    """Return a shape with words in place of kinds, and an open block beside the ones there are."""
    if isinstance(shape, list):
        return [_opened(each, kinds) for each in shape]
    if not isinstance(shape, dict):
        return shape
    if len(shape.get("allOf", ())) == 1:
        shape = shape["allOf"][0] | {key: value for key, value in shape.items() if key != "allOf"}
    name = str(shape.get("$ref", "")).removeprefix(PREFIX)
    if name == "Block":
        return {"anyOf": [shape, {"$ref": PREFIX + OPEN}]}
    known = kinds.get(name) or (shape.get("enum", []) if shape.get("type") == "string" else [])
    if len(known) > 1:
        return _word(known, shape)
    return {key: _opened(value, kinds) for key, value in shape.items()}


def _word(known: list[str], shape: dict) -> dict:
    """Return the words there are, or any other: generators make a type of the former that front ends can go by."""
    words = {key: value for key, value in shape.items() if key in ("$ref", "type", "enum")}
    told = {key: value for key, value in shape.items() if key not in words}
    told["description"] = "\n\n".join(filter(None, (told.get("description"), MORE)))
    return {"anyOf": [words, {"type": "string"}], "examples": known[:1]} | told


def _reached(shapes: dict, parts: Iterable[Any]) -> set[str]:
    """Return the names of all shapes that these parts name, directly or through others."""
    found: set[str] = set()
    waiting = {name for part in parts for name in _named(part)}
    while waiting:
        found |= waiting
        waiting = {name for each in waiting for name in _named(shapes[each])} - found
    return found


def _named(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        if isinstance(part.get("$ref"), str):
            yield part["$ref"].removeprefix(PREFIX)
        part = list(part.values())
    if isinstance(part, list):
        for each in part:
            yield from _named(each)
