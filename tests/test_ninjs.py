"""ninjs 3.1 for syndication partners: what it says, and what it must not pass on."""

import json
from pathlib import Path

import jsonschema
import pytest
import referencing
from django.utils import timezone

from articles.api.ninjs import MEDIA_TYPE
from articles.models import LiveDocument
from media.models import Right

from . import newsroom

pytestmark = pytest.mark.django_db
OFFICIAL = Path(__file__).parent / "data" / "standards" / "official" / "ninjs-schema_3.1.json"
ADDRESS = "/api/v1/articles/story/"


@pytest.fixture
def story(db):
    lead, inside = (
        newsroom.photo(caption="Mara & Co.", kind="staff"),
        newsroom.photo(line="REUTERS/Tom Vale", kind="staff"),
    )
    made = newsroom.article(
        "A story", slug="story", headline_short="Story", lead=lead, photos=[inside], people=[newsroom.person()],
        works=[newsroom.work()], tags=[newsroom.tag()],
    )  # fmt: skip
    made.publish(now=timezone.now())
    return made


def delivered(client) -> dict:
    return client.get(f"{ADDRESS}?format=ninjs").json()


def test_ninjs_says_what_the_document_says(client, story):
    found, document = delivered(client), client.get(ADDRESS).json()
    assert found["uri"] == f"urn:uuid:{story.pk}" and found["type"] == "text" and found["pubStatus"] == "usable"
    assert found["standard"]["version"] == "3.1"
    assert found["by"] == "June Castellane" and found["language"] == "en-US"
    assert {each["role"]: each["value"] for each in found["headlines"]} == {"main": "A story", "short": "Story"}
    assert found["firstCreated"] == document["published_at"]
    assert found["people"][0]["name"] == "Mara Okonjo" and found["objects"][0]["name"] == "The Glass Orchard"
    assert "lights went <strong>down</strong>" in found["bodies"][0]["value"]
    lead = found["associations"][0]
    said = {each["role"]: each["value"] for each in lead["descriptions"]}
    assert lead["name"] == "lead" and lead["by"] == "Petra Lindqvist"
    assert said["caption"] == "Mara & Co." and said["creditline"] == document["lead"]["credit"]["line"]
    assert [each["name"] for each in lead["infoSources"]] == document["lead"]["credit"]["agencies"]
    assert all(each["href"].startswith("http") for each in lead["renditions"])


@pytest.mark.parametrize("accept", [MEDIA_TYPE, f"{MEDIA_TYPE}, application/json;q=0.5"])
def test_ninjs_is_given_to_those_who_accept_it(client, story, accept):
    answer = client.get(ADDRESS, headers={"Accept": accept})
    assert answer["Content-Type"] == MEDIA_TYPE and answer.json()["standard"]["name"] == "ninjs"
    plain = client.get(ADDRESS, headers={"Accept": "application/json"})
    assert plain["Content-Type"] == "application/json"
    assert "Accept" in answer["Vary"].split(", ") and "Accept" in plain["Vary"].split(", ")
    assert answer["ETag"] != plain["ETag"]
    assert client.get(ADDRESS, headers={"Accept": accept, "If-None-Match": answer["ETag"]}).status_code == 304
    assert client.get(ADDRESS, headers={"Accept": accept, "If-None-Match": plain["ETag"]}).status_code == 200
    assert client.get(f"{ADDRESS}?format=json", headers={"Accept": accept})["Content-Type"] == "application/json"


def test_an_unknown_format_is_refused(client, story):
    answer = client.get(f"{ADDRESS}?format=xml")
    assert answer.status_code == 400 and answer.json()["errors"][0]["parameter"] == "format"


def test_photos_without_the_syndication_channel_are_not_passed_on(client, db):
    """Neither where a right denies it, nor where, as with agencies, nothing allows it."""
    lead, inside, free = (
        newsroom.photo(kind="staff"),
        newsroom.photo(line="REUTERS/Tom Vale"),
        newsroom.photo(line="Anna Free", kind="staff"),
    )
    Right.objects.create(photo=lead, effect="deny", channels=["syndication"])
    newsroom.article("A story", slug="story", lead=lead, photos=[inside, free]).publish(now=timezone.now())
    text = client.get(f"{ADDRESS}?format=ninjs").content.decode()
    assert client.get(ADDRESS).json()["lead"]
    assert str(lead.pk) not in text and str(inside.pk) not in text and "Tom Vale" not in text
    assert [each["uri"] for each in json.loads(text)["associations"]] == [f"urn:uuid:{free.pk}"]


def test_a_killed_photo_is_not_passed_on(client, story):
    story.lead_photo.kill(by=None, reason="test", at=timezone.now())
    assert str(story.lead_photo.pk) not in client.get(f"{ADDRESS}?format=ninjs").content.decode()


def test_drafts_and_withdrawn_stories_are_not_passed_on(client, story, editor):
    newsroom.article("A draft", slug="draft")
    assert client.get("/api/v1/articles/draft/?format=ninjs").status_code == 404
    story.withdraw(by=editor, reason="wrong", now=timezone.now())
    assert client.get(f"{ADDRESS}?format=ninjs").status_code == 410


def test_ninjs_takes_two_statements(client, story, django_assert_num_queries):
    with django_assert_num_queries(2):
        delivered(client)


def test_ninjs_is_valid_against_the_schema_of_the_iptc(client, story):
    if not OFFICIAL.exists():
        pytest.skip("The schema of the IPTC is not in tests/data/standards/official/.")
    anything = {"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object"}
    geography = referencing.Resource.from_contents(anything)
    registry = referencing.Registry().with_resource("https://geojson.org/schema/GeoJSON.json", geography)
    validator = jsonschema.Draft202012Validator(
        json.loads(OFFICIAL.read_text()), registry=registry, format_checker=jsonschema.FormatChecker()
    )
    bare = newsroom.article("Bare", slug="bare", standfirst="")
    bare.publish(now=timezone.now())
    for row in LiveDocument.objects.live(timezone.now()):
        validator.validate(client.get(f"/api/v1/articles/{row.slug}/?format=ninjs").json())
