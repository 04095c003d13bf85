"""The examples of the schema: real answers of an invented newsroom, none missing, each true of what is answered today.

They are kept in articles/api/examples.json. RECORD_EXAMPLES=1 with this file alone records them anew; ids and instants
come out otherwise each time, so record them only when a test here says that they are old.
"""

import json
import os
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jsonschema
import pytest
import time_machine
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError
from django.test import Client
from django.utils import timezone
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012
from rest_framework.exceptions import Throttled

from articles.api import openapi_examples, openapi_writes, writes
from articles.api.public import Unavailable
from articles.models import EVENTS, ApiToken, Appearance, Delivery, Endpoint, PreviewLink
from cms import api
from media import problem_json

from . import newsroom

pytestmark = pytest.mark.django_db
KEPT = Path(openapi_examples.__file__).with_name("examples.json")
NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
V1 = "/api/v1"
# What a front end would ask: the operation and the address, in the words of the house below.
READ = {
    "listArticles": "/articles/?section=film&page_size=1&count=true", "getArticle": "/articles/the-glass-orchard-opens/",
    "getArticleAsNinjs": "/articles/the-glass-orchard-opens/ninjs/", "listMonths": "/archive/",
    "listArchive": "/archive/2026/5/?page_size=1", "listRelated": "/related/?for=the-glass-orchard-opens&page_size=1",
    "listUpdates": "/updates/?since=2026-05-01", "resolvePath": "/resolve/?path=/person/mara-okonjo/",
    "getPreview": "/preview/{token}/", "searchArticles": "/search/?q=orchard&page_size=1", "suggest": "/suggest/?q=mar",
    "listPeople": "/people/", "getPerson": "/people/mara-okonjo/", "listWorks": "/works/", "getWork": "/works/the-glass-orchard/",
    "listSections": "/sections/", "getSection": "/sections/film/", "listTags": "/tags/", "getTag": "/tags/festival-season/",
    "listAuthors": "/authors/", "getAuthor": "/authors/june-castellane/",
}  # fmt: skip
KNOWN_HOSTS = {
    "cms.example.com",
    "www.example.com",
    "schema.org",
    "www.iptc.org",
    "cv.iptc.org",
    "www.wikidata.org",
    "www.instagram.com",
}
TOKEN, REQUEST = "an-example-of-a-token", "0f8fad5b-d9cb-469f-a165-70867728950e"


class House:
    """A newsroom with two stories that show all there is, one that moved and one that is gone."""

    def __init__(self) -> None:
        self.chief = get_user_model().objects.create_superuser("chief-of-all", "chief@example.com", "a long password")
        writer = get_user_model().objects.create_user("a-writer", is_staff=True)
        writer.groups.add(Group.objects.get(name="writer"))
        self.bearer, self.writer = (ApiToken.objects.issue(user, name="Wire")[1] for user in (self.chief, writer))
        site = newsroom.site()
        site.channels = ["web", "app", "newsletter", "feed", "syndication", "social"]
        site.save()
        self.lead, self.other = (
            newsroom.photo(kind="staff", seed=seed, line="Photo by Petra Lindqvist") for seed in (1, 2)
        )
        self.mara = newsroom.person(description="Actor and director.", portrait=self.lead)
        for photo in (self.lead, self.other):
            Appearance.objects.create(photo=photo, person=self.mara)
        newsroom.section(
            description="Premieres, reviews and the people who make films.", text="Everything on the big screen."
        )
        newsroom.author(biography="Writes about film.", handles={"instagram": "june.castellane"})
        newsroom.work(kind="film", release_date="2026-05-29", description="A family drama.", poster=self.other)
        self.publish()

    def publish(self) -> None:
        about = {"people": [self.mara], "works": [newsroom.work()], "tags": [newsroom.tag()]}
        first = newsroom.article(lead=self.other, **about)
        first.publish(by=self.chief, now=NOON - timedelta(days=3))
        first.move(slug="mara-okonjo-is-back", by=self.chief, now=NOON - timedelta(days=2))
        self.story = newsroom.article(
            "The Glass Orchard opens", lead=self.lead, kind="review", review_rating=4, review_work=newsroom.work(),
            review_verdict="Worth the wait.", body=newsroom.body(self.other), **about,
        )  # fmt: skip
        self.story.related.add(first)
        self.story.publish(by=self.chief, now=NOON - timedelta(days=1))
        self.gone = newsroom.article("A story that went", slug="a-story-that-went")
        self.gone.publish(by=self.chief, now=NOON - timedelta(days=2))
        self.gone.withdraw(by=self.chief, reason="wrong", public_note="This story rested on a mistake.")
        self.link = PreviewLink.objects.share(self.story, by=self.chief, expires_at=NOON + timedelta(days=1))

    def ask(self, method: str, path: str, body: Any = None, *, bearer: str | None = None, **headers: str):
        """Ask the API, with a token where the address is a script's."""
        said = {"X-Request-ID": REQUEST} | {name.replace("_", "-"): value for name, value in headers.items()}
        if bearer := self.bearer if bearer is None else bearer:
            said["Authorization"] = f"Bearer {bearer}"
        if isinstance(body, dict) and "file" in body:
            return Client().post(V1 + path, body, headers=said)
        text = body if isinstance(body, str) else json.dumps(body)
        kind = said.pop("Type", "application/json")
        return Client().generic(method, V1 + path, "" if method == "GET" else text, kind, headers=said)


# What is asked


def reading(house: House) -> dict[str, dict]:
    found = {}
    for name, path in READ.items():
        answer = house.ask("GET", path.replace("{token}", house.link.token), bearer="")
        assert answer.status_code == 200, (name, answer.content)
        found[name] = {"request": f"GET {V1}{path.replace('{token}', TOKEN)}", "value": answer.json()}
    return found


def writing(house: House) -> dict[str, dict]:
    made = house.ask("POST", "/drafts/", openapi_writes.DRAFT)
    path = f"/drafts/{made.json()['id']}/"
    steps = [
        ("createDraft", "POST", "/drafts/", made), ("getDraft", "GET", path, house.ask("GET", path)),
        ("updateDraft", "PATCH", path, house.ask("PATCH", path, openapi_writes.CHANGE, If_Match='"1"')),
        ("publishDraft", "POST", f"{path}publish/", house.ask("POST", f"{path}publish/", openapi_writes.PUBLICATION)),
        ("withdrawDraft", "POST", f"{path}withdraw/", house.ask("POST", f"{path}withdraw/", openapi_writes.WITHDRAWAL)),
        ("uploadPhoto", "POST", "/photos/", house.ask("POST", "/photos/", upload(3))),
    ]  # fmt: skip
    for name, _, _, answer in steps:
        assert answer.status_code < 300, (name, answer.content)
    return {name: {"request": f"{method} {V1}{at}", "value": answer.json()} for name, method, at, answer in steps}


def upload(seed: int) -> dict:
    file = SimpleUploadedFile("premiere.jpg", newsroom.jpeg(seed=seed), "image/jpeg")
    return {"file": file, "credit": openapi_writes.UPLOAD["credit"], "alt": openapi_writes.UPLOAD["alt"]}


def refusing(house: House) -> dict[str, dict]:
    """Return every way to be refused, by name."""
    draft = house.ask("POST", "/drafts/", openapi_writes.DRAFT | {"headline": "Another one"}).json()
    photo = newsroom.photo(slot=True)
    bad = house.ask("POST", "/drafts/", {"headline": "A slot", "section": "film", "lead_photo": str(photo.pk)}).json()
    path, key = f"/drafts/{draft['id']}/", {"Idempotency_Key": "wire-4711"}
    house.ask("POST", "/drafts/", {"headline": "A wire story"}, **key)
    house.ask("POST", "/photos/", upload(4))
    ask = house.ask
    reads = {
        "moved": ask("GET", "/articles/mara-okonjo-returns-to-the-red-carpet/"), "bad-parameter": ask("GET", "/articles/?kind=novel"),
        "not-found": ask("GET", "/articles/nothing/"), "gone": ask("GET", "/articles/a-story-that-went/"),
        "too-many-requests": raised(Throttled(wait=12)), "not-rendered": raised(Unavailable(2)),
    }  # fmt: skip
    writes_ = {
        "bad-fields": ask("POST", "/drafts/", {"headlin": "A slip", "people": [{"slug": "nobody"}]}),
        "not-json": ask("POST", "/drafts/", "{"), "no-token-sent": ask("POST", "/drafts/", {}, bearer=""),
        "no-token": ask("POST", "/drafts/", {}, bearer="mq_unknown"),
        "not-allowed": ask("POST", f"{path}publish/", {}, bearer=house.writer),
        "no-such-story": ask("GET", "/drafts/0197f4a0-0000-7000-8000-000000000000/"),
        "conflict": raised(writes.refusal_of(IntegrityError())), "already-here": ask("POST", "/photos/", upload(4)),
        "changed-meanwhile": ask("PATCH", path, openapi_writes.CHANGE, If_Match='"7"'),
        "too-large": ask("POST", "/drafts/", f'{{"headline": "{"x" * writes.MOST_BYTES}"}}'),
        "no-such-type": ask("POST", "/drafts/", "headline=x", Type="text/plain"),
        "gate-closed": ask("POST", f"/drafts/{bad['id']}/publish/", {}),
        "refused": ask("POST", f"{path}withdraw/", {"reason": "Not live."}),
        "key-reused": ask("POST", "/drafts/", {"headline": "Another story"}, **key),
        "unusable-file": ask("POST", "/photos/", {"file": SimpleUploadedFile("notes.jpg", b"no picture", "image/jpeg")}),
        "if-match-missing": ask("PATCH", path, openapi_writes.CHANGE), "too-many-writes": raised(Throttled(wait=12)),
    }  # fmt: skip
    return {
        name: {"summary": SAID[name], "writing": group is writes_, "operations": ONLY.get(name, []), "value": answer.json()}
        for group in (reads, writes_) for name, answer in group.items()
    }  # fmt: skip


SAID = {
    "moved": "It has another address now.", "bad-parameter": "A value that is none of those there are.",
    "not-found": "There is nothing at this address.", "gone": "It was here, and readers are told why it is not.",
    "too-many-requests": "Come back after the seconds of Retry-After.", "not-rendered": "It is being prepared.",
    "bad-fields": "A field that does not exist, and a person who does not.", "not-json": "The body cannot be read.",
    "no-token-sent": "No token was sent.", "no-token": "The token is unknown, expired or revoked.", "not-allowed": "The token’s colleague may not publish.",
    "no-such-story": "There is no such story, or it is restricted to others.",
    "conflict": "Somebody changed something this rests on at the same moment.", "already-here": "The picture is here already.",
    "changed-meanwhile": "Somebody saved the story since it was read.", "too-large": "More than four million bytes of JSON.",
    "no-such-type": "The body is of a type that is not read here.", "gate-closed": "The checklist says no.",
    "refused": "It was understood and may not be done.", "key-reused": "This Idempotency-Key belongs to another request.",
    "unusable-file": "The file is no picture.", "if-match-missing": "If-Match was not sent.",
    "too-many-writes": "Too many writes with this token.",
}  # fmt: skip
ONLY = {
    "gate-closed": ["publishDraft"], "unusable-file": ["uploadPhoto"], "already-here": ["uploadPhoto"],
    "if-match-missing": ["updateDraft"], "refused": ["createDraft", "updateDraft", "publishDraft", "withdrawDraft"],
}  # fmt: skip


class Asked:
    method = "GET"


def raised(error: Exception):
    """Return what is answered to what no test can bring about by itself."""
    told = problem_json.request_id.set(REQUEST)
    try:
        return Raised(api.problem(error, {"request": Asked(), "view": None}).content)
    finally:
        problem_json.request_id.reset(told)


class Raised(bytes):
    def json(self) -> dict:
        return json.loads(self)


def announcing(house: House, clock) -> dict[str, dict]:
    """Let everything happen that is announced and return each event as it is sent."""
    Endpoint.objects.create(name="Front end", url="https://front.example.com/hook")
    story = newsroom.article(
        "Ida Lund at the gala", lead=house.lead, people=[newsroom.person("Ida Lund")], works=[newsroom.work("Night Train")],
        tags=[newsroom.tag("Galas")], section=newsroom.section("Music"),
    )  # fmt: skip
    story.articleauthor_set.all().delete()
    story.articleauthor_set.create(author=newsroom.author("Noor Vance"))
    story.publish()
    for kind in ("update", "correction"):
        clock.shift(60)
        story.standfirst += " More."
        story.save()
        story.publish(kind=kind, public_note="An earlier version misspelled a name.")
    clock.shift(60)
    story.move(slug="ida-lund-at-the-gala-night", by=house.chief)
    found = [newsroom.person("Ida Lund"), newsroom.work("Night Train"), newsroom.tag("Galas")]
    for row in (*found, newsroom.section("Music"), newsroom.author("Noor Vance")):
        row.slug += "-2"
        row.save()
    house.lead.announce("photo.changed", at=timezone.now())
    Client().get(f"{V1}/articles/{story.slug}/")
    house.lead.kill(by=None, reason="The agency took it back.")
    clock.shift(60)
    story.withdraw(by=house.chief, reason="wrong")
    sent = {row.event: row.payload for row in Delivery.objects.order_by("-pk")}
    assert set(sent) == set(EVENTS), set(EVENTS) - set(sent)
    return {name: sent[name] for name in EVENTS}


# Recorded now


def parameters(schema: dict, name: str, request: str) -> dict[str, Any]:
    """Return the values that a recorded request gives to the parameters of its operation."""
    method, address = request.split(" ")
    template = next(
        path for path, item in schema["paths"].items() if name in [each["operationId"] for each in item.values()]
    )
    parts = urlsplit(address)
    path = re.fullmatch(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", template), parts.path)
    found = path.groupdict() | {key: ",".join(value) for key, value in parse_qs(parts.query).items()}
    told = schema["paths"][template][method.lower()].get("parameters", ())
    return {each["name"]: of_type(each["schema"], found[each["name"]]) for each in told if each["name"] in found}


def of_type(shape: dict, value: str) -> Any:
    kind = shape.get("type")
    return int(value) if kind == "integer" else value.split(",") if kind == "array" else value


@pytest.fixture
def recorded(db, settings) -> dict:
    """Everything asked and told, at noon of a day in June."""
    settings.PUBLIC_URL = "https://cms.example.com"
    with time_machine.travel(NOON, tick=False) as clock:
        house = House()
        clock.shift(60)
        problems, answers = refusing(house), reading(house) | writing(house)
        clock.shift(60)
        events = announcing(house, clock)
    schema = json.loads(api.schema())
    for name, answer in answers.items():
        answer["parameters"] = parameters(schema, name, answer["request"])
    found = json.loads(json.dumps({"problems": problems, "answers": answers, "events": events}))
    if os.environ.get("RECORD_EXAMPLES"):
        KEPT.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n")
        openapi_examples.kept.cache_clear()
        api.schema.cache_clear()
    return found


# What must hold


@pytest.fixture
def schema() -> dict:
    return json.loads(api.schema())


def shape(value: Any) -> Any:
    """Return the keys of a value and those of the first of each list: what is there today must be in the example."""
    if isinstance(value, dict):
        return {key: shape(each) for key, each in value.items()}
    return [shape(value[0])] if isinstance(value, list) and value else type(value).__name__


def test_every_example_is_shaped_as_what_is_answered_today(recorded):
    kept = openapi_examples.kept()
    for group in ("problems", "answers", "events"):
        assert set(kept[group]) == set(recorded[group])
        for name, found in recorded[group].items():
            assert shape(kept[group][name]) == shape(found), f"{name} is old: RECORD_EXAMPLES=1"


def content_of(operation: dict):
    """Yield (where, content) of all that an operation is sent and answers."""
    for kind, content in operation.get("requestBody", {}).get("content", {}).items():
        yield f"{operation['operationId']} sent {kind}", content
    for status, response in operation["responses"].items():
        for kind, content in response.get("content", {}).items():
            yield f"{operation['operationId']} {status} {kind}", content


def every_content(schema: dict):
    for item in (*schema["paths"].values(), *schema["webhooks"].values()):
        for operation in item.values():
            yield from content_of(operation)


def test_every_request_answer_refusal_and_event_has_an_example(schema):
    contents = list(every_content(schema))
    assert len(contents) > 150
    assert [where for where, content in contents if not content.get("examples")] == []


def test_every_example_fits_the_schema_of_its_place(schema):
    registry = Registry().with_resource("urn:api", Resource(contents=schema, specification=DRAFT202012))
    checked = 0
    for where, content in every_content(schema):
        rule = json.loads(json.dumps(content["schema"]).replace('"#/', '"urn:api#/'))
        validator = jsonschema.Draft202012Validator(rule, registry=registry, format_checker=jsonschema.FormatChecker())
        for name, example in content["examples"].items():
            if "$ref" in example:
                example = schema["components"]["examples"][example["$ref"].rpartition("/")[2]]
            faults = [
                f"{where} {name}: {error.json_path} {error.message}"
                for error in validator.iter_errors(example["value"])
            ]
            assert faults == []
            checked += 1
    assert checked > 150


def test_nothing_is_answered_that_the_schema_does_not_describe(schema):
    for shape_ in schema["components"]["schemas"].values():
        if "properties" in shape_:
            shape_.setdefault("additionalProperties", False)
    test_every_example_fits_the_schema_of_its_place(schema)


def test_every_example_of_a_parameter_fits_it(schema):
    registry = Registry().with_resource("urn:api", Resource(contents=schema, specification=DRAFT202012))
    for path, item in schema["paths"].items():
        for parameter in (each for operation in item.values() for each in operation.get("parameters", ())):
            if "example" in parameter:
                rule = json.loads(json.dumps(parameter["schema"]).replace('"#/', '"urn:api#/'))
                jsonschema.Draft202012Validator(rule, registry=registry).validate(parameter["example"])
            else:
                assert not parameter.get("required") or parameter["in"] == "header", (path, parameter["name"])


def test_every_type_of_problem_has_an_example(schema):
    shown = {example["value"]["type"].rpartition(":")[2] for example in schema["components"]["examples"].values()}
    page = (Path(settings.BASE_DIR) / "docs" / "model.md").read_text()
    named = set(re.findall(r"`urn:marquee:problem:([a-z-]+)`", page))
    # No answer of an operation: the database is away, for whoever asks.
    assert named - shown == {"unavailable"}
    used = json.dumps(schema["paths"])
    assert [name for name in schema["components"]["examples"] if f'"#/components/examples/{name}"' not in used] == []


def test_no_example_names_anybody_there_is():
    text = KEPT.read_text()
    assert "localhost" not in text and "testserver" not in text
    assert set(re.findall(r"https?://([a-z0-9.-]+)", text)) <= KNOWN_HOSTS
