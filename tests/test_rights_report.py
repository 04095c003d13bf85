"""The report of photos that go dark: before documents are built anew, with story, place, channel and reason."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from articles.models import ChannelBytes, LiveDocument
from media.models import Photo, Right

from . import newsroom

pytestmark = pytest.mark.django_db


def report() -> list[dict]:
    out = StringIO()
    call_command("rights_report", "--json", stdout=out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def in_an_old_house(photo, **right) -> None:
    """Record a right past every form and signal, as if the documents had been rendered by the release before."""
    Right.objects.bulk_create([Right(photo=photo, **right)])


@pytest.fixture
def story(db):
    lead, inside = newsroom.photo(), newsroom.photo()
    made = newsroom.article(slug="premiere", lead=lead, photos=[inside])
    made.publish(now=timezone.now() - timedelta(minutes=1))
    return made


def test_nothing_goes_dark_where_no_license_names_a_channel(story, client):
    in_an_old_house(story.lead_photo, effect="allow", until=timezone.now() + timedelta(days=3))
    in_an_old_house(story.lead_photo, effect="allow", channels=["print"], until=timezone.now())
    assert report() == []
    out = StringIO()
    call_command("rights_report", stdout=out)
    assert out.getvalue() == "No live photo goes dark.\n"


def test_what_a_license_does_not_name_is_listed_with_its_reason(story, client):
    lead = story.lead_photo
    in_an_old_house(lead, effect="allow", channels=["web"], until=timezone.now() + timedelta(days=3))
    found = report()
    assert {(row["story"], row["photo"], row["place"]) for row in found} == {("premiere", str(lead.pk), "lead")}
    assert {(row["channel"], row["placement"]) for row in found} == {
        ("feed", "lead"),
        ("feed", "card"),
        ("social", "card"),
    }
    assert {row["why"] for row in found} == {"The right from this photo’s license is for web only."}
    out = StringIO()
    call_command("rights_report", stdout=out)
    assert "premiere/: lead photo" in out.getvalue()
    assert out.getvalue().endswith("To go dark: 1 photo in 1 story, 3 places in all.\n")


def test_it_tells_what_building_anew_then_does_and_nothing_afterwards(story, client):
    inside = Photo.objects.get(pk=story.photo_uses.filter(role="body").first().photo_id)
    in_an_old_house(inside, effect="allow", placements=["lead"])
    in_an_old_house(story.lead_photo, effect="deny", channels=["social"])
    dark = {(row["photo"], row["channel"], row["placement"]) for row in report()}
    assert dark == {
        (str(inside.pk), "web", "body"), (str(inside.pk), "feed", "body"), (str(story.lead_photo_id), "social", "card"),
    }  # fmt: skip
    before = client.get("/api/v1/articles/premiere/").json()
    assert "photo" in [block["type"] for block in before["body"]]
    assert before["social"]["image"]
    call_command("rebuild_live", "--all", stdout=StringIO())
    after = client.get("/api/v1/articles/premiere/").json()
    assert "photo" not in [block["type"] for block in after["body"]]
    assert after["social"]["image"] is None
    assert report() == []


def test_building_anew_gives_the_same_bytes_where_nothing_changed(story):
    def stored():
        rows = LiveDocument.objects.values_list("etag", "bytes__card", "bytes__document_json")
        return list(rows), sorted(ChannelBytes.objects.values_list("channel", "etag", "card", "document_json"))

    before = stored()
    assert [channel for channel, *_ in before[1]] == ["syndication"]
    call_command("rebuild_live", "--all", stdout=StringIO())
    assert stored() == before
