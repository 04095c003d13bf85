"""What may not change in the API without saying so: the schema of one release against that of another.

Rules, by who is hurt. Whoever sends: a path, operation or parameter that is gone, a parameter or field that is newly
required, a value that is taken no more, a type that became narrower. Whoever reads: a field or answer that is gone, a field
that may now be missing or null, a type that became wider. New paths, fields and values hurt nobody: readers ignore what
they do not know.
"""

from collections.abc import Iterator
from typing import Any

METHODS = ("get", "head", "put", "post", "patch", "delete", "options")


def broken(old: dict, new: dict) -> list[str]:
    """Return a sentence for each thing that a client written against the old schema may fail at."""
    found = []
    for path, operations in old["paths"].items():
        for method in METHODS:
            if method in operations:
                now = new["paths"].get(path, {}).get(method)
                where = f"{method.upper()} {path}"
                found += [f"{where} is gone"] if now is None else _operation(where, operations[method], now, old, new)
    return list(dict.fromkeys(found))


def _operation(where: str, old: dict, new: dict, before: dict, after: dict) -> Iterator[str]:
    parameters = {(each["in"], each["name"]): each for each in new.get("parameters", ())}
    known = {(each["in"], each["name"]): each for each in old.get("parameters", ())}
    for key, each in known.items():
        if key not in parameters:
            yield f"{where}: the parameter {key[1]} is gone"
        else:
            yield from _sent(f"{where}: {key[1]}", each["schema"], parameters[key]["schema"], before, after)
    for key, each in parameters.items():
        if each.get("required") and not known.get(key, {}).get("required"):
            yield f"{where}: the parameter {key[1]} is required now"
    for status, answer in old["responses"].items():
        if status not in new["responses"]:
            yield f"{where}: the answer {status} is gone"
            continue
        now = new["responses"][status].get("content", {})
        for kind, each in answer.get("content", {}).items():
            if kind not in now:
                yield f"{where}: {status} is no longer {kind}"
            else:
                yield from _read(f"{where}: {status}", each["schema"], now[kind]["schema"], before, after)
    for kind, each in old.get("requestBody", {}).get("content", {}).items():
        now = new.get("requestBody", {}).get("content", {})
        if kind not in now:
            yield f"{where}: {kind} is taken no more"
        else:
            yield from _sent(f"{where}: body", each["schema"], now[kind]["schema"], before, after)
    if new.get("requestBody", {}).get("required") and not old.get("requestBody", {}).get("required"):
        yield f"{where}: a body is required now"


def _sent(where: str, old: Any, new: Any, before: dict, after: dict, seen: frozenset = frozenset()) -> Iterator[str]:
    """What the old schema let a client send, the new one must take."""
    pair = (_name(old), _name(new))
    if pair in seen:
        return
    seen = seen | {pair} if all(pair) else seen
    was, now = _resolved(old, before), _resolved(new, after)
    for kind in sorted(_types(was, before) - _types(now, after)):
        yield f"{where}: {kind} is taken no more"
    for value in [each for each in _values(was) or () if _values(now) is not None and each not in _values(now)]:
        yield f"{where}: the value {value} is taken no more"
    if _values(was) is None and _values(now) is not None:
        yield f"{where}: only some values are taken now"
    for limit, is_worse in LIMITS.items():
        if limit in now and (limit not in was or is_worse(was[limit], now[limit])):
            yield f"{where}: {limit} is narrower"
    for name in sorted(set(now.get("required", ())) - set(was.get("required", ()))):
        yield f"{where}: {name} is required now"
    for name, each in was.get("properties", {}).items():
        if name in now.get("properties", {}):
            yield from _sent(f"{where}.{name}", each, now["properties"][name], before, after, seen)
        elif now.get("additionalProperties") is False:
            yield f"{where}: {name} is taken no more"
    if "items" in was and "items" in now:
        yield from _sent(f"{where}[]", was["items"], now["items"], before, after, seen)


def _read(where: str, old: Any, new: Any, before: dict, after: dict, seen: frozenset = frozenset()) -> Iterator[str]:
    """What the new schema may deliver, a client of the old one must be able to read."""
    pair = (_name(old), _name(new))
    if pair in seen:
        return
    seen = seen | {pair} if all(pair) else seen
    was, now = _resolved(old, before), _resolved(new, after)
    for kind in sorted(_types(now, after) - _types(was, before)):
        yield f"{where}: may be {kind} now"
    if _values(was) is not None and (_values(now) is None or set(map(str, _values(now))) - set(map(str, _values(was)))):
        yield f"{where}: values that were not there before"
    for name, each in was.get("properties", {}).items():
        if name not in now.get("properties", {}):
            yield f"{where}: {name} is gone"
            continue
        if name in was.get("required", ()) and name not in now.get("required", ()):
            yield f"{where}: {name} may be missing now"
        yield from _read(f"{where}.{name}", each, now["properties"][name], before, after, seen)
    if "items" in was and "items" in now:
        yield from _read(f"{where}[]", was["items"], now["items"], before, after, seen)
    for name, member in _members(was).items():
        if name in _members(now):
            yield from _read(f"{where}<{name}>", member, _members(now)[name], before, after, seen)
        else:
            yield f"{where}: {name} is gone"


LIMITS = {
    "minimum": lambda was, now: now > was, "maximum": lambda was, now: now < was,
    "minLength": lambda was, now: now > was, "maxLength": lambda was, now: now < was,
    "minItems": lambda was, now: now > was, "maxItems": lambda was, now: now < was,
    "pattern": lambda was, now: now != was,
}  # fmt: skip


def _name(shape: Any) -> str:
    return shape.get("$ref", "") if isinstance(shape, dict) else ""


def _resolved(shape: Any, schema: dict) -> dict:
    while isinstance(shape, dict) and ("$ref" in shape or len(shape.get("allOf", ())) == 1):
        inner = (
            schema["components"]["schemas"][shape["$ref"].rpartition("/")[2]] if "$ref" in shape else shape["allOf"][0]
        )
        shape = {**inner, **{key: value for key, value in shape.items() if key not in ("$ref", "allOf")}}
    return shape if isinstance(shape, dict) else {}


def _members(shape: dict) -> dict[str, Any]:
    """Return the named members of a choice; those without a name are told apart by their types alone."""
    return {
        _name(each).rpartition("/")[2]: each
        for each in (*shape.get("oneOf", ()), *shape.get("anyOf", ()))
        if _name(each)
    }


def _types(shape: dict, schema: dict) -> set[str]:
    """Return the JSON types a shape allows; nothing said allows all."""
    choices = (*shape.get("oneOf", ()), *shape.get("anyOf", ()))
    if choices:
        return set().union(*(_types(_resolved(each, schema), schema) for each in choices))
    said = shape.get("type")
    if said is None:
        if _values(shape) is not None:
            return {_type_of(value) for value in _values(shape) or ()}
        return {"object", "array", "string", "number", "integer", "boolean", "null"}
    found = {said} if isinstance(said, str) else set(said)
    return found | {"integer"} if "number" in found else found


def _type_of(value: Any) -> str:
    names = {bool: "boolean", int: "integer", float: "number", str: "string", type(None): "null"}
    return names.get(type(value), "object")


def _values(shape: dict) -> list | None:
    return [shape["const"]] if "const" in shape else shape.get("enum")
