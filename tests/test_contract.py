"""Clients written for the last release go on working: its schema against today's, by the rules of tests/contract.py."""

import json
from copy import deepcopy

import pytest

import cms
from cms import api

from . import releases
from .contract import broken

SHAPES = {
    "Story": {
        "type": "object", "required": ["slug", "kind", "score"],
        "properties": {
            "slug": {"type": "string"}, "kind": {"type": "string"}, "score": {"type": "number"},
            "parts": {"type": "array", "items": {"$ref": "#/components/schemas/Part"}},
        },
    },
    "Part": {"oneOf": [{"$ref": "#/components/schemas/Words"}, {"$ref": "#/components/schemas/Picture"}]},
    "Words": {"type": "object", "required": ["text"], "properties": {"text": {"type": "string"}}},
    "Picture": {"type": "object", "properties": {"src": {"type": "string"}, "parts": {"type": "array", "items": {"$ref": "#/components/schemas/Part"}}}},
    "StoryRequest": {
        "type": "object", "required": ["slug"], "additionalProperties": False,
        "properties": {"slug": {"type": "string", "maxLength": 80}, "kind": {"type": "string", "enum": ["news", "review"]}, "score": {"type": ["number", "null"]}},
    },
}  # fmt: skip
STORY = {"application/json": {"schema": {"$ref": "#/components/schemas/Story"}}}
OLD = {
    "paths": {
        "/stories/": {
            "get": {
                "parameters": [{"in": "query", "name": "kind", "schema": {"type": "string", "enum": ["news", "review"]}}],
                "responses": {"200": {"content": STORY}, "404": {}},
            },
            "post": {
                "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/StoryRequest"}}}},
                "responses": {"201": {"content": STORY}},
            },
        }
    },
    "components": {"schemas": SHAPES},
}  # fmt: skip


def changed(place: str, value=None) -> dict:
    """Return the schema with another value at this place, or without it."""
    new = deepcopy(OLD)
    *way, last = place.split("|")
    at = new
    for step in way:
        at = at[int(step) if isinstance(at, list) else step]
    if value is None:
        del at[last]
    elif isinstance(at, list):
        at.append(value)
    else:
        at[last] = value
    return new


GET, SENT, READ = "paths|/stories/|get", "components|schemas|StoryRequest", "components|schemas|Story"


@pytest.mark.parametrize(
    "new, sentence",
    [
        (changed("paths|/stories/"), "GET /stories/ is gone"),
        (changed("paths|/stories/|post"), "POST /stories/ is gone"),
        (changed(f"{GET}|parameters", []), "the parameter kind is gone"),
        (changed(f"{GET}|parameters|-", {"in": "query", "name": "site", "required": True, "schema": {}}), "site is required now"),
        (changed(f"{GET}|parameters|0|schema|enum", ["news"]), "the value review is taken no more"),
        (changed(f"{GET}|responses|404"), "the answer 404 is gone"),
        (changed(f"{GET}|responses|200|content", {"text/html": {"schema": {}}}), "200 is no longer application/json"),
        (changed(f"{READ}|properties|slug"), "200: slug is gone"),
        (changed(f"{READ}|required", ["slug", "kind"]), "score may be missing now"),
        (changed(f"{READ}|properties|score|type", ["number", "null"]), "score: may be null now"),
        (changed(f"{READ}|properties|score|type", "string"), "score: may be string now"),
        (changed("components|schemas|Words|properties|text"), "<Words>: text is gone"),
        (changed("components|schemas|Part|oneOf", [{"$ref": "#/components/schemas/Words"}]), "Picture is gone"),
        (changed(f"{SENT}|required", ["slug", "kind"]), "body: kind is required now"),
        (changed(f"{SENT}|properties|kind"), "body: kind is taken no more"),
        (changed(f"{SENT}|properties|kind|enum", ["news"]), "the value review is taken no more"),
        (changed(f"{SENT}|properties|score|type", "number"), "score: null is taken no more"),
        (changed(f"{SENT}|properties|slug|maxLength", 40), "slug: maxLength is narrower"),
        (changed(f"{SENT}|properties|slug|pattern", "^a"), "slug: pattern is narrower"),
        (changed("paths|/stories/|post|requestBody|required", True), "a body is required now"),
    ],
)  # fmt: skip
def test_what_hurts_a_client_is_named(new, sentence):
    found = broken(OLD, new)
    assert any(each.endswith(sentence) for each in found), found


@pytest.mark.parametrize(
    "new",
    [
        OLD,
        changed("paths|/photos/", {"get": {"responses": {}}}),
        changed(f"{GET}|parameters|-", {"in": "query", "name": "site", "schema": {}}),
        changed(f"{GET}|parameters|0|schema|enum", ["news", "review", "list"]),
        changed(f"{READ}|properties|label", {"type": "string"}),
        changed(f"{READ}|properties|score|type", "integer"),
        changed(f"{SENT}|properties|label", {"type": "string"}),
        changed(f"{SENT}|properties|slug|maxLength", 100),
        changed("components|schemas|Part|oneOf|-", {"$ref": "#/components/schemas/Story"}),
    ],
)
def test_what_is_only_more_hurts_nobody(new):
    assert broken(OLD, new) == []


def test_clients_of_the_last_release_go_on_working():
    """Before 1.0 a minor version may break the contract, a patch may not; from 1.0 on only a major one."""
    last, now = ([int(part) for part in version.split(".")] for version in (releases.newest().name, cms.__version__))
    found = broken(releases.read("schema.json"), json.loads(api.schema()))
    may_break = now[0] > last[0] or (last[0] == 0 and now[:2] > last[:2])
    assert may_break or not found, "\n".join(found)
