"""The day: what went live, what will, what is due from whom, what ends; and moving what is coming."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
import time_machine
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from articles.models import Article, Cancellation, Edition, SectionScope, Task
from media.models import Agency, Right

from . import newsroom

pytestmark = pytest.mark.django_db


# Tasks


def assigned(client, story, colleague, **more):
    data = {"to": colleague.username, "note": "Call the label", "back": "publishing"} | more
    return client.post(reverse("admin:articles_article_assign", args=[story.pk]), data, follow=True).content.decode()


def test_a_task_is_due_when_it_was_said_on_the_clock_of_the_site(client, editor):
    newsroom.site(time_zone="America/Los_Angeles")
    client.force_login(editor)
    page = assigned(client, newsroom.article(), editor, due="2099-07-01T09:30")
    task = Task.objects.get()
    assert task.due_at == datetime(2099, 7, 1, 16, 30, tzinfo=UTC)
    assert "Assigned to editor, due Jul 1, 2099, 9:30 AM PT." in page


@pytest.mark.parametrize(
    ("due", "said"),
    [
        ("2001-01-01T09:30", "The due date is in the past. Choose a later one, or leave it empty."),
        ("2099-03-08T02:30", "02:30 does not exist in America/Los_Angeles on March 8, 2099"),
        ("tomorrow", "Enter a date and a time, such as 2026-12-03 18:00."),
    ],
)
def test_a_due_date_that_cannot_be_is_said_and_nothing_typed_is_lost(client, editor, due, said):
    newsroom.site(time_zone="America/Los_Angeles")
    client.force_login(editor)
    page = assigned(client, newsroom.article(), editor, due=due)
    assert said in page
    assert not Task.objects.exists()


def test_a_task_without_a_due_date_comes_after_those_that_have_one(editor):
    story, now = newsroom.article(), timezone.now()
    for text, days in (("whenever", None), ("late", 9), ("soon", 1)):
        story.assign(editor, by=editor, text=text, due_at=now + timedelta(days=days) if days else None)
    assert [task.text for task in Task.objects.unfinished().by_urgency()] == ["soon", "late", "whenever"]
    with pytest.raises(ValidationError, match="in the past"):
        story.assign(editor, by=editor, due_at=now - timedelta(minutes=1))


# The page

NOW = datetime(2026, 12, 3, 18, 0, tzinfo=UTC)  # 10:00 in Los Angeles


@pytest.fixture
def site():
    return newsroom.site(time_zone="America/Los_Angeles")


@pytest.fixture
def morning(site):
    """It is ten in the morning, on a Thursday."""
    with time_machine.travel(NOW, tick=False):
        yield NOW


def colleague(name, role):
    user = get_user_model().objects.create_user(name, is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    return user


def day_page(client, **query):
    return client.get(reverse("admin:articles_article_day"), query)


def words(html):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def shown(client, **query):
    html = day_page(client, **query).content.decode()
    return words(html.split('class="day-list"')[1].split("<dialog")[0])


def part(client, day, **query):
    """Return the words of one day of the page."""
    html = day_page(client, **query).content.decode()
    section = html.split(f'data-day="{day}" aria-labelledby', 1)[1].split("</section>")[0]
    return words(section.split(">", 1)[1])


def test_the_day_shows_what_went_live_what_will_what_ends_and_what_is_due(client, editor, morning):
    newsroom.article("Went out early").publish(now=morning - timedelta(hours=3))
    newsroom.article("Comes tonight").publish(at=morning + timedelta(hours=5), ends=morning + timedelta(days=2))
    newsroom.article("Comes next week").publish(at=morning + timedelta(days=6))
    newsroom.article("Comes in a month").publish(at=morning + timedelta(days=30))
    newsroom.article("Held", embargo_until=morning + timedelta(days=1), embargo_reason="The studio asked")
    newsroom.article("Wants a quote").assign(
        editor, by=editor, text="Call the label", due_at=morning + timedelta(days=3)
    )
    client.force_login(editor)
    assert part(client, "2026-12-03") == (
        "Today, Thursday, December 3 Earlier today: 1 7:00 AM Went live Went out early Film "
        "3:00 PM Goes live Comes tonight Film Reschedule…"
    )
    assert "10:00 AM Embargo ends Held The studio asked · Film" in part(client, "2026-12-04")
    assert "10:00 AM Comes off the site Comes tonight" in part(client, "2026-12-05")
    assert "10:00 AM Due Call the label Wants a quote · from editor · Film" in part(client, "2026-12-06")
    assert "10:00 AM Goes live Comes next week" in part(client, "2026-12-09")
    assert "Nothing planned." in part(client, "2026-12-08")
    assert "Comes in a month" not in shown(client)
    assert "Comes in a month" in part(client, "2027-01-02", date="2027-01-02")


def test_an_empty_day_says_so(client, editor, morning):
    client.force_login(editor)
    assert shown(client).count("Nothing planned.") == 8


def test_a_day_is_that_of_the_site_also_where_clocks_change(client, editor, site):
    """On March 14, 2027 the day in Los Angeles has 23 hours, on November 7, 2027 it has 25."""
    with time_machine.travel(datetime(2027, 3, 1, tzinfo=UTC), tick=False):
        for headline, moment in (
            ("Before midnight", datetime(2027, 3, 14, 7, 59, tzinfo=UTC)), ("First of it", datetime(2027, 3, 14, 8, 0, tzinfo=UTC)),
            ("Last of it", datetime(2027, 3, 15, 6, 59, tzinfo=UTC)), ("After it", datetime(2027, 3, 15, 7, 0, tzinfo=UTC)),
            ("One of two", datetime(2027, 11, 7, 8, 30, tzinfo=UTC)), ("Two of two", datetime(2027, 11, 7, 9, 30, tzinfo=UTC)),
            ("End of the long day", datetime(2027, 11, 8, 7, 59, tzinfo=UTC)),
        ):  # fmt: skip
            newsroom.article(headline).publish(at=moment)
        client.force_login(editor)
        short = part(client, "2027-03-14", date="2027-03-14")
        assert re.findall(r"\d+:\d\d [AP]M Goes live ([A-Z]\w+ \w+ \w+)", short) == ["First of it", "Last of it"]
        assert "Before midnight" in part(client, "2027-03-13", date="2027-03-13")
        assert "After it" in part(client, "2027-03-15", date="2027-03-14")
        long = part(client, "2027-11-07", date="2027-11-07")
        assert [
            each in long for each in ("1:30 AM Goes live One", "1:30 AM Goes live Two", "11:59 PM Goes live End")
        ] == [True] * 3


def test_what_was_moved_or_cancelled_is_shown_where_it_is_now(client, editor, morning):
    moved, gone, cut = (newsroom.article(headline) for headline in ("Moved on", "Called off", "Ends no more"))
    edition = moved.publish(at=morning + timedelta(days=1))
    moved.reschedule(edition, at=morning + timedelta(days=3))
    gone.cancel(gone.publish(at=morning + timedelta(days=1)))
    cut.publish(ends=morning + timedelta(days=2))
    cut.publish(ends=morning + timedelta(days=5), public_note="It runs longer")
    client.force_login(editor)
    page = shown(client)
    assert "Moved on" not in part(client, "2026-12-04") and "Moved on" in part(client, "2026-12-06")
    assert "Called off" not in page
    assert "Ends no more" not in part(client, "2026-12-05") and "Comes off the site Ends no more" in part(
        client, "2026-12-08"
    )


def test_rights_that_end_are_shown_of_photos_that_readers_see_or_will_see(client, editor, morning):
    agency = Agency.objects.create(name="Halcyon Pictures")
    seen, coming, unseen, barred = (newsroom.photo(caption=each) for each in ("Seen", "Coming", "Unseen", "Barred"))
    for photo in (seen, coming, unseen):
        Right.objects.create(photo=photo, until=morning + timedelta(days=2))
    Right.objects.create(photo=barred, effect="deny", starts=morning + timedelta(days=2))
    newsroom.article("One", lead=seen, photos=[barred]).publish()
    newsroom.article("Two", lead=coming).publish(at=morning + timedelta(days=1))
    client.force_login(editor)
    day = part(client, "2026-12-05")
    assert sorted(re.findall(r"Photo rights end (\w+)", day)) == ["Barred", "Coming", "Seen"]
    Right.objects.create(agency=agency, until=morning + timedelta(days=3))
    assert "Halcyon" not in shown(client)
    seen.credit.creditagency_set.create(agency=agency, position=9)
    assert "Photo rights end Photos from Halcyon Pictures" in part(client, "2026-12-06")


@pytest.mark.parametrize("role", ["writer", "editor", "photo desk", "publisher"])
def test_everybody_sees_what_they_may_and_moves_what_they_may(client, role, morning):
    user, owner = colleague("user", role), colleague("owner", "writer")
    film, music = newsroom.section(), newsroom.section("Music")
    secret = newsroom.article(
        "Obituary written ahead", owner=owner, embargo_until=morning + timedelta(days=2), embargo_reason="Secret deal"
    )
    secret.restricted_to.add(owner)
    secret.publish(at=morning + timedelta(days=3), ends=morning + timedelta(days=4))
    secret.assign(owner, by=None, text="Secret task", due_at=morning + timedelta(days=1))
    secret.assign(owner, by=None, text="Secret task", due_at=morning + timedelta(minutes=1))
    photo = newsroom.photo(caption="A plain photo")
    Right.objects.create(photo=photo, until=morning + timedelta(days=2))
    newsroom.article("In film", lead=photo, section=film).publish(at=morning + timedelta(days=1))
    newsroom.article("In music", section=music).publish(at=morning + timedelta(days=1))
    scope = SectionScope.objects.create(user=user)
    scope.sections.add(film)
    client.force_login(user)
    page = shown(client)
    assert "In film" in page and "In music" in page
    assert "Obituary" not in page and "Secret" not in page
    assert ("A plain photo" in page) is user.has_perm("media.view_right")
    assert [
        each.headline for each in Article.objects.all() if f"Reschedule “{each}”" in day_page(client).content.decode()
    ] == (["In film"] if role == "publisher" else [])
    secret.restricted_to.add(user)
    assert "Obituary" in shown(client)


def test_the_page_is_for_those_who_may_see_stories(client, outsider):
    client.force_login(outsider)
    assert day_page(client).status_code == 403


def test_one_section_with_all_below_it_or_one_person(client, editor, morning):
    film = newsroom.section()
    festivals = newsroom.section("Festivals", parent=film)
    writer = colleague("rosa", "writer")
    soon = morning + timedelta(days=1)
    newsroom.article("Below film", section=festivals).publish(at=soon)
    newsroom.article("In music", section=newsroom.section("Music"), owner=writer).publish(at=soon)
    newsroom.article("To write", section=film).assign(writer, by=editor, text="Call Mara", due_at=soon)
    client.force_login(editor)
    of_film, of_rosa = shown(client, section="film"), shown(client, person="rosa")
    assert ["Below film" in of_film, "In music" in of_film, "Call Mara" in of_film] == [True, False, True]
    assert ["Below film" in of_rosa, "In music" in of_rosa, "Call Mara" in of_rosa] == [False, True, True]
    assert "section=film&amp;person=rosa" in day_page(client, section="film", person="rosa").content.decode()


@pytest.mark.parametrize(
    "query", [{"date": "soon"}, {"date": "9999-12-31"}, {"month": "2026-99"}, {"section": "none", "person": "nobody"}, {"date": "0001-01-01"}]
)  # fmt: skip
def test_what_cannot_be_asked_for_is_left_out(client, editor, morning, query):
    client.force_login(editor)
    answer = day_page(client, **query)
    assert answer.status_code == 200 and "Today, Thursday, December 3" in answer.content.decode()


def test_a_thousand_things_cost_as_many_statements_as_ten_and_the_rest_is_counted(client, editor, morning):
    def plan(number, days):
        story = newsroom.article(f"Story {number}")
        edition = story.publish(at=morning + timedelta(days=days, minutes=number))
        rows = [
            Edition(
                article=story, version=edition.version, number=each + 2, kind="update", at=morning,
                live_from=morning + timedelta(days=days, seconds=each + 60 * number),
            ) for each in range(37)
        ]  # fmt: skip
        Edition.objects.bulk_create(rows)
        story.assign(editor, by=editor, due_at=morning + timedelta(days=days, hours=1))

    client.force_login(editor)
    for days in range(1, 8):
        plan(days, days)
    day_page(client)
    with CaptureQueriesContext(connection) as few:
        day_page(client)
    for number in range(20):
        plan(10 + number, 2)
    with CaptureQueriesContext(connection) as many:
        html = day_page(client).content.decode()
    assert len(many) == len(few) <= 22, [each["sql"][:200] for each in many]
    assert html.count("happening kind-live") < 8 * 16
    assert "And 24" in part(client, "2026-12-04") and "And more than 1" in part(client, "2026-12-05")
    assert "And" not in part(client, "2026-12-04", date="2026-12-04", alone="1")


def test_what_is_overdue_comes_first(client, editor, morning):
    story = newsroom.article()
    with time_machine.travel(morning - timedelta(days=5)):
        story.assign(editor, by=editor, text="Long ago", due_at=morning - timedelta(days=3))
    story.assign(editor, by=editor, text="Soon", due_at=morning + timedelta(hours=1))
    client.force_login(editor)
    assert (
        shown(client).index("Overdue Mon, Nov 30, 10:00 AM")
        < shown(client).index("Long ago")
        < shown(client).index("Soon")
    )
    Task.objects.get(text="Long ago").finish(by=editor)
    assert "Overdue" not in shown(client)


def test_the_month_counts_what_happens_on_each_day(client, editor, morning):
    for number in range(3):
        newsroom.article(f"Story {number}").publish(at=morning + timedelta(days=20, hours=number))
    client.force_login(editor)
    html = day_page(client).content.decode()
    assert 'aria-label="Wednesday, December 23: 3 entries"' in html
    assert 'aria-label="Thursday, December 24: nothing"' in html
    assert "December 2026" in html and "January 2027" in day_page(client, month="2027-01").content.decode()


# Moving


def moved(client, story, number=1, **data):
    url = reverse("admin:articles_article_move_edition", args=[story.pk, number])
    zone = {"publish-zone": "America/Los_Angeles"}
    return client.post(
        url,
        zone
        | {f"publish-{name}": value for name, value in data.items() if name != "check"}
        | ({"check": "1"} if "check" in data else {}),
    )


def test_a_coming_story_is_moved_once_it_is_confirmed(client, editor, morning):
    story = newsroom.article()
    story.publish(at=morning + timedelta(days=1))
    client.force_login(editor)
    answer = moved(client, story, when="2026-12-06T09:15", check=1).json()
    assert answer["problems"] == [] and "Sun, Dec 6, 2026, 9:15 AM Los Angeles" in answer["times"]
    assert story.coming_editions().get().number == 1 and not Cancellation.objects.exists()
    assert moved(client, story, when="2026-12-06T09:15").status_code == 200
    assert story.coming_editions().get().live_from == datetime(2026, 12, 6, 17, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("when", "said"),
    [
        ("2026-12-01T09:00", "A story can’t go live in the past."),
        ("2026-12-04T09:00", "Under embargo until December 5, 2026, 10:00 AM PST: The studio asked."),
        ("2027-03-14T02:30", "02:30 does not exist in America/Los_Angeles on March 14, 2027"),
        ("2027-11-07T01:30", "01:30 happens twice"),
        ("", "Choose a new time."),
        ("whenever", "Enter a date and a time"),
    ],
)
def test_what_speaks_against_a_moment_is_said_before_and_nothing_is_moved(client, editor, morning, when, said):
    story = newsroom.article(embargo_until=morning + timedelta(days=2), embargo_reason="The studio asked")
    story.publish(at=morning + timedelta(days=3))
    client.force_login(editor)
    for check in ({"check": 1}, {}):
        answer = moved(client, story, when=when, **check)
        assert said in " ".join(answer.json()["problems"])
        assert answer.status_code == (200 if check else 422)
        assert answer.json()["twice"] is ("happens twice" in said)
    assert story.coming_editions().get().live_from == morning + timedelta(days=3)
    if "twice" in said:
        assert moved(client, story, when=when, which="second").status_code == 200
        assert story.coming_editions().get().live_from == datetime(2027, 11, 7, 9, 30, tzinfo=UTC)


def test_what_is_live_by_now_or_out_of_reach_is_not_moved(client, morning):
    story = newsroom.article()
    story.publish()
    newsroom_publisher, writer = colleague("nadia", "publisher"), colleague("rosa", "writer")
    client.force_login(newsroom_publisher)
    assert "This is no longer scheduled" in " ".join(moved(client, story, when="2026-12-09T09:00").json()["problems"])
    story.publish(at=morning + timedelta(days=3), public_note="More")
    client.force_login(writer)
    answer = moved(client, story, 2, when="2026-12-09T09:00")
    assert answer.status_code == 403 and "You can’t reschedule a story" in answer.json()["problems"][0]
    story.restricted_to.add(newsroom_publisher)
    assert moved(client, story, 2, when="2026-12-09T09:00").status_code == 404
