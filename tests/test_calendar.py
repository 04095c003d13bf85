"""A colleague's calendar, by its private address: read back by a parser that is not ours."""

from datetime import UTC, datetime, timedelta

import icalendar
import pytest
import time_machine
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.db import connection
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.models import AuditEntry, CalendarLink
from articles.text.ical import Event, calendar
from media.models import Right

from . import newsroom

db = pytest.mark.django_db
NOW = datetime(2026, 12, 3, 18, 0, tzinfo=UTC)
SOON = NOW + timedelta(days=1)


@pytest.fixture
def clock(db):
    newsroom.site(time_zone="America/Los_Angeles")
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


def colleague(name, role):
    user = get_user_model().objects.create_user(name, is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    return user


@pytest.fixture
def writer(db):
    return colleague("rosa", "writer")


def address(user):
    link = CalendarLink.objects.filter(user=user, revoked_at=None).first() or CalendarLink.objects.give(user)
    return reverse("calendar", args=[link.token])


def text_of(client, user):
    """Return the calendar with its folded lines whole."""
    return client.get(address(user)).content.decode().replace("\r\n ", "")


def events(client, user):
    """Return the events of a user's calendar by their summaries."""
    answer = client.get(address(user))
    assert answer.status_code == 200, answer.content
    found = icalendar.Calendar.from_ical(answer.content).walk("VEVENT")
    return {str(event["SUMMARY"]): event for event in found}


@db
def test_the_calendar_holds_what_is_coming_what_ends_and_what_is_due_from_its_owner(client, writer, clock):
    newsroom.article("Comes soon").publish(at=SOON, ends=NOW + timedelta(days=9))
    newsroom.article("Far away").publish(at=NOW + timedelta(days=90))
    other = colleague("omar", "writer")
    story = newsroom.article("A profile, with commas; and more")
    story.assign(writer, by=None, text="Call the label", due_at=SOON)
    story.assign(other, by=None, text="Not yours", due_at=SOON)
    found = events(client, writer)
    assert set(found) == {"Live: Comes soon", "Comes off the site: Comes soon", "Due: Call the label"}
    assert found["Live: Comes soon"].decoded("DTSTART") == SOON
    assert found["Due: Call the label"]["DESCRIPTION"] == "A profile, with commas; and more"
    assert found["Live: Comes soon"]["URL"].endswith("/publishing/")


@db
def test_what_is_moved_stays_the_same_event_and_what_is_called_off_says_so(client, writer, clock):
    story = newsroom.article("On the move")
    edition = story.publish(at=SOON)
    first = events(client, writer)["Live: On the move"]
    for days in (3, 5):
        clock.shift(timedelta(minutes=1))
        edition = story.reschedule(edition, at=NOW + timedelta(days=days))
    moved = events(client, writer)["Live: On the move"]
    assert (moved["UID"], moved["SEQUENCE"], moved.decoded("DTSTART")) == (first["UID"], 2, NOW + timedelta(days=5))
    assert moved.decoded("DTSTAMP") > first.decoded("DTSTAMP")
    clock.shift(timedelta(minutes=1))
    story.cancel(edition)
    off = events(client, writer)["Live: On the move"]
    assert (off["UID"], off["STATUS"], off["SEQUENCE"]) == (first["UID"], "CANCELLED", 3)
    clock.shift(timedelta(minutes=1))
    story.publish(at=NOW + timedelta(days=6))
    again = icalendar.Calendar.from_ical(client.get(address(writer)).content).walk("VEVENT")
    assert sorted(event["STATUS"] for event in again) == ["CANCELLED", "CONFIRMED"]
    assert len({event["UID"] for event in again}) == 2


@db
def test_confidential_stories_are_not_named_and_those_of_others_do_not_exist(client, writer, clock):
    story = newsroom.article("Obituary written ahead")
    story.restricted_to.add(writer)
    story.publish(at=SOON)
    story.assign(writer, by=None, text="Call the widow", due_at=SOON)
    held = newsroom.article("The trailer", embargo_until=SOON, embargo_reason="The studio asked")
    held.publish(at=NOW + timedelta(days=2))
    found = events(client, writer)
    text = text_of(client, writer)
    assert not any(word in text for word in ("Obituary", "widow", "trailer", "studio"))
    assert {"Live: a confidential story in Film", "Due: a task on a confidential story in Film"} <= set(found)
    assert "Embargo ends: a confidential story in Film" in found
    other = colleague("omar", "publisher")
    assert f"{story.pk}" in text and f"{story.pk}" not in text_of(client, other)
    story.restricted_to.set([other])
    assert f"{story.pk}" not in text_of(client, writer)
    clock.shift(timedelta(days=1, minutes=1))
    assert "Live: The trailer" in events(client, writer)


@db
def test_rights_stand_in_the_calendars_of_those_who_may_see_them(client, writer, clock):
    photo = newsroom.photo(caption="On the carpet")
    Right.objects.create(photo=photo, until=SOON)
    newsroom.article(lead=photo).publish()
    desk = colleague("pia", "photo desk")
    assert "Photo rights end: On the carpet" in events(client, desk)
    assert "Photo rights end: On the carpet" not in events(client, writer)


@db
def test_an_address_opens_as_long_as_its_owner_is_here_and_has_not_revoked_it(client, writer, clock):
    old = address(writer)
    client.force_login(writer)
    client.post(reverse("admin:articles_article_subscribe"))
    new = address(writer)
    assert new in client.get(reverse("admin:articles_article_day")).content.decode()
    client.logout()
    assert (client.get(old).status_code, client.get(new).status_code) == (404, 200)
    writer.is_active = False
    writer.save()
    assert client.get(new).status_code == 404
    writer.is_active = True
    writer.save()
    client.force_login(writer)
    client.post(reverse("admin:articles_article_unsubscribe"))
    assert client.get(new).status_code == 404
    assert list(AuditEntry.objects.filter(verb__startswith="calendar.").values_list("verb", flat=True)) == [
        "calendar.revoked", "calendar.shared", "calendar.shared",
    ]  # fmt: skip


@db
def test_who_may_see_no_stories_subscribes_to_none(client, outsider, clock):
    newsroom.article("Comes soon").publish(at=SOON)
    client.force_login(outsider)
    assert client.post(reverse("admin:articles_article_subscribe")).status_code in (302, 403)
    assert not CalendarLink.objects.exists()
    kept = CalendarLink.objects.create(user=outsider)
    assert b"VEVENT" not in client.get(reverse("calendar", args=[kept.token])).content


@db
def test_the_answer_is_kept_by_nobody_and_asked_for_again_cheaply(client, writer, clock):
    newsroom.article("Comes soon").publish(at=SOON)
    answer = client.get(address(writer))
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer["Cache-Control"] == "private, no-store"
    assert "Set-Cookie" not in answer and answer["Referrer-Policy"] == "no-referrer"
    clock.shift(timedelta(minutes=5))
    assert client.get(address(writer), headers={"If-None-Match": answer["ETag"]}).status_code == 304
    assert client.get(address(writer), {"x": "1"}).status_code == 400


@db
def test_guessing_is_slowed_down_and_the_database_alone_opens_nothing(client, writer, clock):
    mine = address(writer)
    with connection.cursor() as cursor:
        cursor.execute("SELECT token FROM articles_calendarlink")
        kept = cursor.fetchone()[0]
    assert client.get(f"/api/v1/calendar/{kept.strip('~#')}.ics").status_code == 404
    answers = [client.get(f"/api/v1/calendar/guess{number}.ics").status_code for number in range(200)]
    opened = client.get(mine).status_code
    cache.clear()
    assert 429 in answers and opened == 200


@db
def test_a_thousand_stories_cost_as_many_statements_as_one(client, writer, clock, django_assert_max_num_queries):
    story = newsroom.article("Again and again")
    edition = story.publish(at=SOON)
    type(edition).objects.bulk_create(
        type(edition)(
            article=story, version=edition.version, number=number + 2, kind="update", at=NOW,
            live_from=SOON + timedelta(minutes=number),
        ) for number in range(1000)
    )  # fmt: skip
    mine = address(writer)
    with django_assert_max_num_queries(14):
        answer = client.get(mine)
    assert answer.content.count(b"BEGIN:VEVENT") > 500


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=200)


@settings(deadline=None)
@given(TEXTS, TEXTS)
def test_whatever_is_written_is_read_back_the_same(summary, details):
    text = calendar("Desk", [Event("one@marquee", NOW, summary, NOW, details=details)])
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    event = icalendar.Calendar.from_ical(text).walk("VEVENT")[0]
    as_kept = [
        "".join(letter if letter == "\n" or letter.isprintable() else " " for letter in each)
        for each in (summary, details)
    ]
    assert [str(event["SUMMARY"]), str(event["DESCRIPTION"])] == as_kept
