"""The front page: what is next for whom, boards with something in them, and what is wrong, in words."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
import time_machine
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from articles.models import Article, Delivery, Endpoint, Heartbeat, LiveDocument
from media.models import Right

from . import newsroom

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 12, 3, 18, 0, tzinfo=UTC)  # 10:00 in Los Angeles
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def clock():
    newsroom.site(time_zone="America/Los_Angeles")
    with time_machine.travel(NOW, tick=False) as clock:
        Heartbeat.objects.create(name="worker vm 30839", at=NOW)
        yield clock


def colleague(name, role):
    user = get_user_model().objects.create_user(name, is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    return user


@pytest.fixture
def front(client, clock):
    def ask(user):
        client.force_login(user)
        html = client.get(reverse("admin:index")).content.decode()
        return html[html.index('id="content-main"') : html.index("all-lists")]

    return ask


def words(html):
    return re.sub(r" ([,.])", r"\1", " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split()))


def next_up(html):
    part = html[html.index('class="next"') : html.index("</ol>")]
    return [words(line) for line in re.findall(r"<li.*?</li>", part, re.DOTALL)]


def board(html, name):
    """Return the lines of a board, or nothing where it is not shown."""
    found = re.search(rf"<h2><a [^>]*>{re.escape(name)}</a>.*?</section>", html, re.DOTALL)
    return [words(line) for line in re.findall(r"<li.*?</li>", found[0], re.DOTALL)] if found else []


def test_a_writer_sees_drafts_what_came_back_and_tasks_by_their_due_dates(front):
    writer, editor = colleague("rosa", "writer"), colleague("evan", "editor")
    newsroom.article("My own draft", owner=writer)
    back = newsroom.article("Came back", owner=writer)
    back.submit(by=writer)
    back.return_(by=editor, note="Who said this?")
    story = newsroom.article("A profile", owner=editor)
    with time_machine.travel(NOW - DAY):
        story.assign(writer, by=editor, text="Late one", due_at=NOW - HOUR)
    for text, due in (("Someday", None), ("Next week", 6 * DAY), ("This evening", 8 * HOUR)):
        story.assign(writer, by=editor, text=text, due_at=NOW + due if due else None)
    html = front(writer)
    assert [re.match(r"Late one|This evening|Came back|Next week|Someday", line)[0] for line in next_up(html)] == [
        "Late one", "This evening", "Came back", "Next week", "Someday",
    ]  # fmt: skip
    assert "Overdue since 9:00 AM · A profile · from evan" in next_up(html)[0]
    assert "Due 6:00 PM" in next_up(html)[1]
    assert "Sent back at 10:00 AM: Who said this?" in next_up(html)[2]
    assert len(board(html, "Your drafts")) == len(board(html, "Returned to you")) == 1
    assert [line.split(" Overdue")[0].split(" Due")[0] for line in board(html, "Your tasks")][:2] == [
        "Late one",
        "This evening",
    ]
    assert "To review" not in html and "Credits to check" not in html


def test_what_came_back_and_was_published_since_is_no_longer_next(front):
    writer, editor = colleague("rosa", "writer"), colleague("evan", "editor")
    back = newsroom.article("Came back", owner=writer)
    back.submit(by=writer)
    back.return_(by=editor, note="Who said this?")
    assert len(board(front(writer), "Returned to you")) == 1
    back.publish(by=None)
    html = front(writer)
    assert not board(html, "Returned to you") and not any("Sent back" in line for line in next_up(html))


def test_an_editor_sees_what_waits_the_longest_first_and_what_comes_today(front, clock):
    editor, writer = colleague("evan", "editor"), colleague("rosa", "writer")
    for hours, headline in ((5, "Waits for hours"), (1, "Just in")):
        with time_machine.travel(NOW - hours * HOUR):
            newsroom.article(headline, owner=writer).submit(by=writer)
    newsroom.article("Was accepted", owner=writer).accept(by=editor)
    newsroom.article("Comes tonight").publish(at=NOW + 8 * HOUR)
    newsroom.article("Comes next week").publish(at=NOW + 6 * DAY)
    html = front(editor)
    assert next_up(html) == [
        "Waits for hours Review asked for at 5:00 AM · Film", "Just in Review asked for at 9:00 AM · Film",
    ]  # fmt: skip
    assert {line.split(" saved")[0] for line in board(html, "To review")} == {"Waits for hours", "Just in"}
    assert board(html, "Ready to publish")[0].startswith("Was accepted")
    assert board(html, "Coming in the next 24 hours") == ["Comes tonight 6:00 PM · first publication · Film"]


def test_the_photo_desk_sees_photos_by_their_captions(front):
    desk, writer = colleague("pia", "photo desk"), colleague("rosa", "writer")
    paid = newsroom.photo(caption="To be paid for", kind="rights_managed")
    story = newsroom.article(lead=paid, owner=writer)
    story.record()
    story.ask_clearance(paid, by=writer, note="For the obituary")
    Right.objects.create(photo=newsroom.photo(caption="A restriction"), effect="condition", standing="provisional")
    Right.objects.create(photo=newsroom.photo(caption="Ends soon"), until=NOW + 2 * DAY)
    newsroom.photo(caption="", line="???", original_name="DSC_0042.jpg")
    newsroom.photo(caption="A slot", slot=True)
    killed = newsroom.photo(caption="Was killed")
    newsroom.article("Shows it", lead=killed).record()
    killed.kill(by=None, reason="A lawsuit")
    unused = newsroom.photo(caption="Killed long ago")
    unused.kill(by=None, reason="A lawsuit")
    html = front(desk)
    assert "Clear “To be paid for”" in next_up(html)[0]
    assert board(html, "Photos to clear")[0].startswith("To be paid for")
    assert board(html, "Restrictions to confirm") == ["A restriction"]
    assert board(html, "Rights ending within two weeks") == ["Ends soon Sat, Dec 5, 10:00 AM"]
    assert any("slot A slot" in line for line in board(html, "Slots waiting for a photo"))
    assert board(html, "Killed, and still in a story") == ["Was killed"]
    assert "Killed long ago" not in html and "Your drafts" not in html


def test_an_empty_board_is_a_word_in_one_line(front):
    html = front(colleague("evan", "editor"))
    assert "Nothing to do right now." in html
    assert '<section class="module desk">' not in html
    assert (
        "Nothing in: Returned to you, Your drafts, Your tasks, To review, Ready to publish, Coming in the next 24 hours."
        in words(html)
    )


def test_what_goes_live_soon_and_is_blocked_comes_first_with_the_reason(front):
    editor = colleague("evan", "editor")
    killed, ends, fine = (newsroom.photo(caption=each) for each in ("Killed one", "Ends first", "Fine"))
    Right.objects.create(photo=ends, until=NOW + HOUR)
    for headline, photo in (("With a killed photo", killed), ("Rights end before", ends), ("As planned", fine)):
        newsroom.article(headline, lead=photo).publish(
            at=NOW + 3 * HOUR, override="It is late", without_failing_photos=False
        )
    killed.kill(by=None, reason="A lawsuit")
    lines = next_up(front(editor))
    assert "Goes live 1:00 PM without the photo “Killed one”. This photo was killed." in lines[1]
    assert "Goes live 1:00 PM without the photo “Ends first”. " in lines[0]
    assert len(lines) == 2


def test_an_embargo_that_ends_soon_is_said_to_those_who_can_act(front):
    writer = colleague("rosa", "writer")
    newsroom.article("My trailer", owner=writer, embargo_until=NOW + 2 * HOUR, embargo_reason="The studio")
    newsroom.article("Another’s", embargo_until=NOW + HOUR, embargo_reason="The studio")
    assert next_up(front(writer)) == ["My trailer Embargo ends 12:00 PM · Film"]
    assert len(next_up(front(colleague("pam", "publisher")))) == 2


def test_restricted_stories_are_not_there_for_others(front):
    owner = colleague("omar", "writer")
    photo = newsroom.photo(caption="Killed one")
    story = newsroom.article(
        "Obituary written ahead", owner=owner, lead=photo, embargo_until=NOW + HOUR, embargo_reason="x"
    )
    story.restricted_to.add(owner)
    story.publish(at=NOW + 2 * HOUR)
    photo.kill(by=None, reason="x")
    Article.objects.filter(pk=story.pk).update(stage="in_review")
    story.tasks.create(desk="photo", photo=photo, text=f"Clear “{photo}” for “{story}”")
    for role in ("writer", "editor", "photo desk", "publisher"):
        html = front(colleague(role.replace(" ", ""), role))
        assert "Obituary" not in html, role
    assert "Obituary" in front(owner)


def test_nothing_is_said_while_all_is_well_and_no_process_is_named_to_editors(front, clock, editor):
    evan = colleague("evan", "editor")
    assert "trouble" not in front(evan) and "30839" not in front(editor)
    clock.shift(timedelta(minutes=9))
    html = front(evan)
    assert "Scheduled stories are not being announced. Tell your administrator." in words(html)
    assert "30839" not in html
    assert "worker vm 30839: last seen 9" in words(front(editor))
    Heartbeat.objects.all().delete()
    assert "No worker has run yet." in words(front(editor))


def test_webhooks_that_never_arrived_are_counted_since_when(front, editor):
    endpoint = Endpoint.objects.create(name="Front", url="https://example.com/", events=[])
    for minutes, state in ((5, "failed"), (80, "failed"), (20, "failed"), (200, "delivered")):
        at = NOW - timedelta(minutes=minutes)
        Delivery.objects.create(
            endpoint=endpoint, event="article.published", payload={}, due_at=at, created_at=at, state=state
        )
    html = front(editor)
    assert "3 webhooks have not arrived since 8:40 AM." in words(html) and "?state__exact=failed" in html


def test_a_story_readers_cannot_get_is_named(front, editor):
    newsroom.article("Cannot be shown").publish()
    document = LiveDocument.objects.get()
    LiveDocument.objects.update(failed="KeyError: 'lead'")
    document.best_before.__class__.objects.update(refresh_at=NOW)
    assert "Readers can’t get “Cannot be shown” as it is now." in words(front(editor))
    assert "KeyError" not in front(colleague("evan", "editor"))


def test_a_thousand_drafts_are_counted_and_cost_no_more_statements(front, client):
    writer = colleague("rosa", "writer")
    site, section = newsroom.site(), newsroom.section()

    def drafts(number, since=0):
        rows = [
            Article(headline=f"Draft {each}", slug=f"draft-{each}", site=site, section=section, owner=writer)
            for each in range(since, number)
        ]
        Article.objects.bulk_create(rows)

    drafts(8)
    front(writer)
    with CaptureQueriesContext(connection) as few:
        assert "Show all 8" in front(writer)
    drafts(1000, since=8)
    with CaptureQueriesContext(connection) as many:
        assert "Show all 99+" in front(writer)
    assert len(many) == len(few) < 40
