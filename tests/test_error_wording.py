"""No error shows how Python writes a value: whatever is sent wherever, it is refused in words for people."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse

from articles.api import openapi_writes
from articles.models import ApiToken
from cms import api

from . import newsroom

pytestmark = pytest.mark.django_db

# Lists, dicts and tuples as Python prints them, its names for nothing and truth, its types, its calls.
PYTHON = re.compile(
    r"""[\[({]\s*['"]|['"]\s*[\])}]|':|\[\]|\{\}|\b(?:None|NoneType|True|False|dict|str|int|float|bool|dictionary|object at)\b"""
    r"""|\b[A-Za-z]+\((?:'|"|\d|string=)|ErrorDetail|Traceback|<[a-z]+ ['"]|got type|but got|\bu'|\bb'"""
)
ODD: list[Any] = [
    None, True, 0, -1, 1.5, 1e300, "", "x", ["a"], [["a", 1]], [None], {"a": ["b"]}, [{"a": {"b": None}}], {}, [],
    "a" * 70_000, "2030-13-40", "[’a’]",
]  # fmt: skip


def bodies(example: Any) -> Iterator[Any]:
    """Yield an example with one of its parts replaced by something odd, or with a field too many."""
    if isinstance(example, dict):
        for name, value in example.items():
            yield from ({**example, name: below} for below in (*ODD, *bodies(value)))
        yield {**example, "x y": 1}
    elif isinstance(example, list):
        for index, value in enumerate(example):
            yield from ([*example[:index], below, *example[index + 1 :]] for below in (*ODD, *bodies(value)))


def said(answer: Any) -> str:
    """Return the words of a problem document; `value` is what was sent, as JSON."""
    problem = answer.json()
    sentences = [problem["title"], problem.get("detail", "")]
    sentences += [text for row in problem.get("errors", []) for text in (row["detail"], *row.get("allowed", []))]
    return "\n".join(sentences + [row["sentence"] for row in problem.get("problems", [])])


@pytest.fixture
def headers(settings) -> dict[str, str]:
    settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"] |= {"write": None}
    desk = get_user_model().objects.create_superuser("desk", "desk@example.com", "a long password")
    return {"Authorization": f"Bearer {ApiToken.objects.issue(desk, name='Test')[1]}", "If-Match": "*"}


DRAFT = openapi_writes.DRAFT | {
    "body": [*openapi_writes.DRAFT["body"], {"type": "photo", "photo": "x"}, {"type": "gallery", "photos": []}],
    "works": ["the-glass-orchard"], "related": ["x"], "kind": "news", "lead_photo": None, "review_rating": 3.5, "source": None,
    "review_scale": 5, "review_work": None, "lead_layout": "wide", "breaking": True, "slug": "x", "translation_of": None,
    "lead_caption": None,
}  # fmt: skip


def asked(client, headers) -> Iterator[Any]:
    newsroom.person(), newsroom.work(), newsroom.tag(), newsroom.section()
    story = newsroom.article("A story")
    at = {name: reverse(name, args=[story.pk]) for name in ("draft", "draft-publish", "draft-withdraw")}
    sent = [
        ("post", reverse("drafts"), DRAFT), ("patch", at["draft"], DRAFT | {"body_html": "<p>x"}),
        ("post", at["draft-publish"], openapi_writes.PUBLICATION | {"kind": "update", "ends": None, "override": ""}),
        ("post", at["draft-withdraw"], openapi_writes.WITHDRAWAL | {"silent": False, "redirect_to": "", "at": None}),
        ("post", reverse("photos"), openapi_writes.UPLOAD | {"url": "https://127.0.0.1/x.jpg", "kind": "staff", "name": "x"}),
    ]  # fmt: skip
    for method, address, example in sent:
        for body in (*ODD, *bodies(example)):
            text = json.dumps(body)
            yield getattr(client, method)(address, text, content_type="application/json", headers=headers)


def test_whatever_is_sent_is_refused_in_words(client, headers):
    found = [said(answer) for answer in asked(client, headers) if answer.status_code >= 400]
    assert len(found) > 300
    strange = {sentence for text in found for sentence in text.splitlines() if PYTHON.search(sentence)}
    assert sorted(strange) == []


def test_whatever_is_asked_is_refused_in_words(client):
    found: set[str] = set()
    for path, item in json.loads(api.schema())["paths"].items():
        if "get" not in item or "{id}" in path:
            continue
        address = re.sub(r"\{[a-z]+\}", "1", path)
        names = {row["name"] for row in item["get"].get("parameters", []) if row["in"] == "query"} | {
            "format",
            "fields",
        }
        for name in names:
            for value in ("", "['a']", "{'a': 1}", "a,b", "\x00", "9" * 400, "x" * 3000, "-1"):
                answer = client.get(address, {name: value})
                if answer.status_code >= 400:
                    found |= {line.replace(value or "\0", "") for line in said(answer).splitlines()}
    assert len(found) > 50
    assert sorted(filter(PYTHON.search, found)) == []


def test_no_refusal_is_in_the_words_of_the_framework(client, editor):
    _, words = ApiToken.objects.issue(editor, name="Wire")
    token = {"Authorization": f"Bearer {words}"}
    asked = {
        "Send a token": client.post("/api/v1/drafts/", {}, "application/json"),
        "Send application/json.": client.post("/api/v1/drafts/", "x", "text/plain", headers=token),
        "Send application/json or multipart/form-data.": client.post(
            "/api/v1/photos/", "x", "text/plain", headers=token
        ),
        "PUT is not answered here. Ask with GET, HEAD, OPTIONS.": client.put("/api/v1/articles/"),
        "DELETE is not answered here. Ask with POST, OPTIONS.": client.delete("/api/v1/drafts/", headers=token),
    }
    assert {answer.status_code for answer in asked.values()} == {401, 405, 415}
    for said, answer in asked.items():
        assert said in answer.json()["detail"], answer.json()
