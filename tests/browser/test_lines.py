"""A headline is one line: Enter goes on to the standfirst, and pasted lines are joined."""

import pytest
from django.urls import reverse

from tests import newsroom

from .writer import PASTE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_enter_goes_on_and_pasted_lines_are_joined(desk, live_server):
    story = newsroom.article("One")
    story.record()
    desk.goto(live_server.url + reverse("admin:articles_article_change", args=[story.pk]))
    headline = desk.locator("textarea[name=headline]")
    headline.fill("")
    headline.evaluate(PASTE, ["", "Two\nlines"])
    headline.press("End")
    headline.press("Enter")
    assert headline.input_value() == "Two lines"
    assert desk.evaluate("document.activeElement.name") == "standfirst"
