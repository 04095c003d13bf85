"""Words corrected in many live stories at once, and stories that begin as another one, as an editor does it."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from articles.models import Article, Template
from tests import newsroom

from .test_story import a_story, open_story

pytestmark = pytest.mark.django_db(transaction=True)


def live(chief, headline, body):
    story = newsroom.article(headline, owner=chief, body=body)
    story.record(by=chief)
    story.publish(by=chief)
    return story


def test_a_name_is_corrected_in_the_live_stories_that_were_ticked(desk, live_server, chief):
    right = live(chief, "One evening", "<p>Then <em>Jon</em> Smith sang.</p>")
    left = live(chief, "Another evening", "<p>That other Jon Smith was late.</p>")
    live(chief, "A third evening", "<p>Nobody sang.</p>")
    desk.goto(live_server.url + reverse("admin:articles_article_changelist"))
    desk.get_by_role("link", name="Correct everywhere").click()
    desk.get_by_label("Find", exact=True).fill("Jon Smith")
    desk.get_by_role("button", name="Find in live stories").click()
    expect(desk.get_by_role("heading", name="In 2 live stories")).to_be_visible()
    expect(desk.locator(".everywhere-stories mark")).to_have_text(["Jon Smith"] * 2)
    desk.get_by_role("checkbox", name="Another evening").uncheck()
    desk.get_by_label("Replace with").fill("John Smith")
    desk.locator("select[name=kind]").select_option("correction")
    desk.get_by_role("button", name="Correct the selected stories").click()
    expect(desk.get_by_text("Enter the text of the correction")).to_be_visible()
    expect(desk.get_by_role("checkbox", name="Another evening")).not_to_be_checked()
    desk.get_by_label("Note to readers").fill("We misspelt a name.")
    desk.get_by_role("button", name="Correct the selected stories").click()
    expect(desk.get_by_role("heading", name="Corrected: 1")).to_be_visible()
    document = desk.request.get(f"{live_server.url}/api/v1/articles/{right.slug}/").json()
    assert document["body"][0]["html"] == "Then <em>John Smith</em> sang."
    assert document["corrections"][0]["text"] == "We misspelt a name."
    desk.get_by_role("link", name="Look for “Jon Smith” again").click()
    expect(desk.get_by_role("heading", name="In 1 live story")).to_be_visible()
    assert "Jon Smith" in desk.request.get(f"{live_server.url}/api/v1/articles/{left.slug}/").text()


def test_a_story_is_begun_from_another_one_and_from_a_template(desk, live_server, chief):
    story = a_story(chief, kind="review", people=[newsroom.person()])
    open_story(desk, live_server, story)
    desk.locator("#story-aside summary", has_text="Duplicate").click()
    desk.get_by_role("button", name="Duplicate").click()
    expect(desk.locator(".messagelist")).to_contain_text("This is a copy of “An evening in the rain”")
    expect(desk.get_by_label("Headline", exact=True)).to_have_value("An evening in the rain")
    twin = Article.objects.exclude(pk=story.pk).get()
    assert desk.url.endswith(reverse("admin:articles_article_change", args=[twin.pk])) and twin.slug != story.slug
    expect(desk.locator(".panel")).to_be_visible()
    desk.locator("#story-aside summary", has_text="Duplicate").click()
    desk.get_by_label("Template name").fill("Rainy review")
    desk.get_by_role("button", name="Save as template").click()
    expect(desk.locator("[data-panel-said]")).to_contain_text("is now a template")
    desk.goto(live_server.url + reverse("admin:index"))
    desk.get_by_role("link", name="From a template").click()
    desk.get_by_role("button", name="Start a story from Rainy review").click()
    expect(desk.locator(".messagelist")).to_contain_text("This draft follows the template")
    desk.get_by_label("Headline", exact=True).fill("A dry evening")
    desk.get_by_role("button", name="Save", exact=True).click()
    expect(desk.locator("[data-saved]")).to_contain_text("Saved as version")
    made = Article.objects.get(headline="A dry evening")
    assert made.kind == "review" and not made.people.exists()
    desk.goto(live_server.url + reverse("admin:articles_article_templates"))
    desk.get_by_role("button", name="Remove Rainy review").click()
    expect(desk.locator(".messagelist")).to_contain_text("was removed")
    assert not Template.objects.exists()
