"""The day: what went live, what will, what is due from whom, what ends; and moving what is coming."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from articles.models import Task

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
        ("2099-03-08T02:30", "02:30 does not exist in America/Los_Angeles on 8 March 2099"),
        ("tomorrow", "Write a date and a time, such as 2026-12-03 18:00."),
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
