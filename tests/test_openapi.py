"""The schema tells the truth: it is valid, and what is delivered fits it."""

import json
import re
import shutil
import subprocess
from datetime import timedelta

import jsonschema
import pytest
from django.core.management import call_command
from django.utils import timezone
from openapi_spec_validator import validate
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from articles.api.openapi_readers import MORE
from articles.models import LiveDocument
from cms import api

from . import newsroom

BLOCKS = """
<p>A <strong>paragraph</strong> with a <a href="https://www.example.com/">link</a>.</p>
<h2>A heading</h2><h3>Another</h3>
<ul><li>One<ol><li>Below</li></ol></li><li>Two</li></ul>
<blockquote><p>Somebody said so.</p></blockquote>
<aside data-pull-quote=""><p>A line to remember.</p></aside>
<div data-embed="https://www.youtube.com/watch?v=abcdefghijk"></div>
<hr>
"""


@pytest.fixture(scope="module")
def schema() -> dict:
    return json.loads(api.schema())


def validator(schema: dict, name: str):
    registry = Registry().with_resource("urn:api", Resource(contents=schema, specification=DRAFT202012))
    return jsonschema.Draft202012Validator({"$ref": f"urn:api#/components/schemas/{name}"}, registry=registry)


def varied_stories() -> None:
    """Publish stories that use what there is: blocks, galleries, reviews, corrections, sources, ends, no photo at all."""
    now = timezone.now() - timedelta(minutes=1)
    photos = [newsroom.photo(line=line) for line in (None, "REUTERS/Tom Vale", "Courtesy of StreamCo")]
    gallery = "".join(f'<figure data-photo="{photo.pk}"></figure>' for photo in photos[1:])
    full = newsroom.article(
        "Everything at once", lead=photos[0], people=[newsroom.person()], works=[newsroom.work()], tags=[newsroom.tag()],
        body=BLOCKS + newsroom.body(photos[1]) + f'<div data-gallery="" data-title="Looks">{gallery}</div>',
        kind="review", review_rating="3.5", review_verdict="Worth it.", review_work=newsroom.work(), label="Review",
    )  # fmt: skip
    full.publish(now=now)
    full.standfirst += " Corrected."
    full.save()
    full.publish(now=now + timedelta(seconds=1), kind="correction", public_note="An earlier version misspelt a name.")
    plain = newsroom.article(
        "Nothing but words", section=newsroom.section("Music"), canonical_url="https://www.example.com/x"
    )
    plain.related.add(full)
    plain.publish(now=now, ends=now + timedelta(days=1))
    killed = newsroom.article("With a notice", photos=[photos[2]])
    killed.publish(now=now)


@pytest.mark.django_db
def test_every_stored_document_and_card_fits_the_schema(schema):
    varied_stories()
    documents = list(LiveDocument.objects.filter(status=200).select_related("bytes"))
    assert len(documents) >= 3
    types = set()
    for document in documents:
        whole = json.loads(document.bytes.document_json)
        types |= {block["type"] for block in whole["body"]}
        validator(schema, "Article").validate(whole)
        validator(schema, "Card").validate(json.loads(document.bytes.card))
        validator(schema, "Card").validate(json.loads(document.bytes.bare_card))
    assert {"paragraph", "heading", "list", "quote", "pull_quote", "divider", "photo", "gallery", "embed"} <= types


@pytest.mark.django_db
def test_a_document_that_lacks_a_field_or_has_a_wrong_block_does_not_fit(schema):
    varied_stories()
    whole = json.loads(LiveDocument.objects.filter(status=200).first().bytes.document_json)
    lacking = {name: value for name, value in whole.items() if name != "headline"}
    wrong = whole | {"body": [{"id": "a", "type": "heading", "level": 9, "html": "", "text": ""}]}
    for document in (lacking, wrong):
        assert not validator(schema, "Article").is_valid(document)


ANSWERS = {
    "/api/v1/articles/": 200, "/api/v1/articles/?expand=people,works": 200,
    "/api/v1/articles/everything-at-once/": 200, "/api/v1/articles/nothing/": 404, "/api/v1/articles/?x=1": 400,
    "/api/v1/articles/gone-for-good/": 410, "/api/v1/articles/before-the-move/": 301,
    "/api/v1/archive/": 200, "/api/v1/archive/2026/1/": 200, "/api/v1/articles/?count=true": 200,
    "/api/v1/related/?for=everything-at-once": 200, "/api/v1/related/": 400, "/api/v1/related/?for=gone-for-good": 410,
    "/api/v1/articles/everything-at-once/?expand=related,authors": 200, "/api/v1/people/?ordering=name": 200,
     "/api/v1/updates/?since=2020-01-01": 200,
    "/api/v1/people/": 200, "/api/v1/people/mara-okonjo/": 200, "/api/v1/works/": 200,
    "/api/v1/works/the-glass-orchard/": 200, "/api/v1/sections/": 200, "/api/v1/sections/film/": 200,
    "/api/v1/tags/": 200, "/api/v1/tags/festival-season/": 200, "/api/v1/authors/": 200,
    "/api/v1/authors/june-castellane/": 200, "/api/v1/resolve/?path=/film/": 200, "/api/v1/resolve/": 400,
    "/api/v1/preview/none/": 404,
}  # fmt: skip


@pytest.mark.django_db
def test_every_answer_fits_what_the_schema_says_of_it(schema, client):
    varied_stories()
    gone, moved = newsroom.article("Gone for good"), newsroom.article("Before the move")
    for story in (gone, moved):
        story.publish(now=timezone.now())
    gone.withdraw(reason="test")
    moved.move(slug="after-the-move")
    for url, status in ANSWERS.items():
        answer = client.get(url)
        assert answer.status_code == status, url
        content = operation_of(schema, url)["responses"][str(status)]["content"]
        assert answer["Content-Type"] in content, url
        shape = content[answer["Content-Type"]]["schema"]
        if "$ref" in shape:
            validator(schema, shape["$ref"].rpartition("/")[2]).validate(answer.json())


def operation_of(schema: dict, url: str) -> dict:
    path = url.partition("?")[0]
    for template, item in schema["paths"].items():
        if re.fullmatch(re.sub(r"\{[a-z_]+\}", "[^/]+", template), path):
            return item["get"]
    raise AssertionError(f"{path} is not in the schema.")


def test_the_schema_is_valid_openapi_3_1_without_a_warning(tmp_path):
    path = tmp_path / "schema.json"
    call_command("spectacular", validate=True, fail_on_warn=True, format="openapi-json", file=str(path))
    found = json.loads(path.read_text())
    assert found["openapi"].startswith("3.1")
    validate(found)


def test_every_operation_has_a_name_fit_for_clients_and_says_how_it_fails(schema):
    operations = [operation for item in schema["paths"].values() for operation in item.values()]
    names = [operation["operationId"] for operation in operations]
    assert len(names) == len(set(names)) and all(re.fullmatch(r"[a-z]+[A-Za-z]+", name) for name in names)
    for operation in operations:
        assert operation["summary"] and "400" in operation["responses"]
        assert all(
            parameter.get("description") or parameter["in"] == "path" for parameter in operation.get("parameters", [])
        )


def test_blocks_are_told_apart_by_their_type(schema):
    block = schema["components"]["schemas"]["Block"]
    assert block["discriminator"]["propertyName"] == "type"
    for name, reference in block["discriminator"]["mapping"].items():
        shape = schema["components"]["schemas"][reference.rpartition("/")[2]]
        kind = shape["properties"]["type"]
        kind = schema["components"]["schemas"][kind["$ref"].rpartition("/")[2]] if "$ref" in kind else kind
        assert kind["enum"] == [name] and "type" in shape["required"]


def test_every_answer_has_one_media_type(schema):
    for path, item in schema["paths"].items():
        for operation in item.values():
            for status, answer in operation["responses"].items():
                assert len(answer.get("content", {"": None})) == 1, (path, status)


@pytest.mark.django_db
def test_kinds_and_blocks_of_tomorrow_fit_the_schema_of_today(schema):
    varied_stories()
    whole = json.loads(LiveDocument.objects.filter(status=200).first().bytes.document_json)
    poll = {"id": "p", "type": "poll", "question": "Who wore it best?", "options": ["Left", "Right"]}
    validator(schema, "Article").validate(whole | {"kind": "podcast", "body": [*whole["body"], poll]})
    # What is sent is held to the words there are.
    assert schema["components"]["schemas"]["ArticleKind"]["enum"]
    request = schema["components"]["schemas"]["DraftRequest"]
    assert not validator(schema, "DraftRequest").is_valid({"headline": "x", "kind": "podcast"}), request


def types_of(schema: dict, shape: dict) -> set[str]:
    """Return the JSON types that a shape lets through."""
    if "$ref" in shape:
        return types_of(schema, schema["components"]["schemas"][shape["$ref"].rpartition("/")[2]])
    if below := shape.get("anyOf") or shape.get("oneOf") or shape.get("allOf"):
        return {name for each in below for name in types_of(schema, each)}
    named = shape.get("type", "string" if "const" in shape else [])
    return {named} if isinstance(named, str) else set(named)


def test_what_is_written_and_read_has_one_type(schema):
    shapes, compared = schema["components"]["schemas"], 0
    for name in (name for name in shapes if f"{name}Request" in shapes):
        read, written = (shapes[each].get("properties", {}) for each in (name, f"{name}Request"))
        for field in set(read) & set(written):
            assert types_of(schema, read[field]) == types_of(schema, written[field]), f"{name}.{field}"
            compared += 1
    assert compared > 60
    rating = shapes["DraftRequest"]["properties"]["review_rating"]
    assert types_of(schema, rating) == types_of(schema, shapes["Review"]["properties"]["rating"]) == {"number", "null"}


def test_what_is_sent_is_held_to_words_and_what_is_read_is_not(schema):
    shapes = schema["components"]["schemas"]
    assert shapes["DraftRequest"]["properties"]["kind"]["allOf"] == [{"$ref": "#/components/schemas/ArticleKind"}]
    for name in ("Article", "Draft"):
        first, second = shapes[name]["properties"]["kind"]["anyOf"]
        assert (first, second) == ({"$ref": "#/components/schemas/ArticleKind"}, {"type": "string"})
    image = shapes["Image"]["properties"]
    for name in ("crops", "formats"):
        assert types_of(schema, image[name]["items"]) == {"string"} and "$ref" in image[name]["items"]["anyOf"][0]
    # Not as `prefixItems`: openapi-fetch reads such a pair as a list again, and its own types then contradict each other.
    assert image["focal_point"]["minItems"] == image["focal_point"]["maxItems"] == 2
    assert types_of(schema, image["focal_point"]["items"]) == {"number"}


def test_every_pattern_is_one_that_browsers_read(schema):
    """JSON Schema's patterns are ECMA-262 with the flag u: nothing may be escaped there that needs it not."""
    patterns = {each["pattern"] for each in parts_of(schema) if isinstance(each.get("pattern"), str)}
    assert patterns
    for pattern in patterns:
        assert not re.search(r"\\[^dDsSwWbBnrtfv0-9^$\\.*+?()\[\]{}|/xu-]", pattern), pattern
    if node := shutil.which("node"):
        code = "for (const each of JSON.parse(process.argv[1])) new RegExp(each, 'u')"
        subprocess.run([node, "-e", code, json.dumps(sorted(patterns))], check=True)


def parts_of(value):
    """Return every object of a schema."""
    if isinstance(value, dict):
        yield value
        value = list(value.values())
    for each in value if isinstance(value, list) else ():
        yield from parts_of(each)


def test_every_shape_and_every_field_says_what_it_is(schema):
    silent = []
    for name, shape in schema["components"]["schemas"].items():
        fields = shape.get("properties", {}).items()
        silent += [name] if not shape.get("description") else []
        silent += [
            f"{name}.{field}" for field, part in fields if part.get("description", "").split("\n\n")[0] in ("", MORE)
        ]
    assert silent == []
    for path, item in schema["paths"].items():
        for method, operation in item.items():
            assert operation["summary"], (path, method)


@pytest.mark.django_db
def test_every_parameter_of_the_schema_is_accepted_and_no_other(schema, client):
    from articles.api import query_string

    listed = {parameter["name"] for parameter in schema["paths"]["/api/v1/articles/"]["get"]["parameters"]}
    assert listed == {*query_string.LIST, "expand"}


@pytest.mark.django_db
def test_the_documentation_loads_nothing_from_elsewhere_and_runs_no_inline_script(client):
    page = client.get("/api/docs/").content.decode()
    assert not re.search(r'(?:src|href)="(?:https?:)?//', page)
    assert "swagger-ui-bundle.js" in page and not re.search(r"<script(?![^>]*\bsrc=)[^>]*>", page)
