"""The ledger tells agencies what was shown, and outlives what it tells of."""

import csv
import io
import json
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from media.models import Photo, Usage

from . import newsroom

pytestmark = pytest.mark.django_db


def report(capsys, *arguments) -> str:
    call_command("usage_report", *arguments)
    return capsys.readouterr().out


def test_a_use_is_reported_with_the_words_it_was_shown_under(capsys):
    photo = newsroom.photo(supplier_image_id="1538441300")
    newsroom.article("Mara Okonjo returns", lead=photo).publish()
    day = f"{timezone.now():%Y-%m-%d}"
    found = json.loads(report(capsys, "--from", day, "--to", day, "--format", "json"))
    assert found["credit"] == "Photo by Petra Lindqvist/Getty Images for StreamCo"
    assert found["caption"] == "Mara Okonjo at the premiere."
    assert (found["agency"], found["photographer"], found["supplier_image_id"]) == (
        "Getty Images",
        "Petra Lindqvist",
        "1538441300",
    )
    assert (found["role"], found["headline"], found["live_until"]) == ("lead", "Mara Okonjo returns", None)
    assert found["url"].startswith("https://www.example.com/")


def use(start, end=None, **fields):
    return Usage.objects.create(photo=newsroom.site and Photo().pk, live_from=start, live_until=end, **fields)


def test_the_period_counts_whole_days_and_whatever_was_live_in_them(capsys):
    march = datetime(2026, 3, 1, tzinfo=UTC)
    use(march - timedelta(days=9), march, credit="over")
    use(march - timedelta(days=9), march + timedelta(seconds=1), credit="running")
    use(march + timedelta(days=1, hours=23), credit="last evening")
    use(march + timedelta(days=2), credit="too late")
    rows = list(csv.DictReader(io.StringIO(report(capsys, "--from", "2026-03-01", "--to", "2026-03-02"))))
    assert [row["credit"] for row in rows] == ["running", "last evening"]


@pytest.mark.parametrize(
    "name, found",
    [
        ("éclair 100%", 2), ("Éclair 100%", 2), ("AP", 2), ("ap", 2), ("APA", 1), ("P", 0), ("A_", 0), ("%", 0), ("", 1),
        ("AP; Éclair 100%", 0),
    ],
)  # fmt: skip
def test_uses_of_an_agency_are_those_under_its_whole_name(name, found):
    for agency in ("ÉCLAIR 100%", "AP; Éclair 100%", "AP", "APA", ""):
        use(datetime(2026, 3, 1, tzinfo=UTC), agency=agency)
    assert Usage.objects.of_agency(name).count() == found


def test_the_report_is_for_one_agency_or_all(capsys):
    march = datetime(2026, 3, 1, tzinfo=UTC)
    for agency in ("AP", "Getty Images"):
        use(march, agency=agency)
    assert report(capsys, "--from", "2026-03-01", "--to", "2026-03-01", "--agency", "ap").count("\n") == 2


def test_a_wrong_day_is_told_in_a_sentence():
    with pytest.raises(CommandError, match="is no day"):
        call_command("usage_report", "--from", "March", "--to", "2026-03-01")


def test_the_ledger_outlives_the_photo():
    photo = newsroom.photo()
    Usage.objects.create(photo=photo.pk, credit="Ida Brandt/AP", live_from=timezone.now())
    photo.delete()
    assert Usage.objects.get().credit == "Ida Brandt/AP"


def test_the_digest_tells_the_desk_what_to_do(settings, mailoutbox, capsys):
    call_command("photo_desk_digest")
    assert not mailoutbox
    settings.PHOTO_DESK_EMAIL = ["desk@example.com"]
    newsroom.photo(slot=True, caption="Mara Okonjo on stage.")
    call_command("photo_desk_digest")
    assert "Slots to fill (1)\n- Mara Okonjo on stage." in mailoutbox[0].body
