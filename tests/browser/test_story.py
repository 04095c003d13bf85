"""A whole story in a real browser: log in, import, edit, fill the slots, publish, read the JSON."""

import re

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

from articles.demo import story_text
from articles.models import Article, TabAutosave
from tests import newsroom


def change(live_server, story):
    return live_server.url + reverse("admin:articles_article_change", args=[story.pk])


def a_story(chief, **fields):
    story = newsroom.article("An evening in the rain", owner=chief, **fields)
    story.record(by=chief)
    return story


def open_story(page, live_server, story):
    page.goto(change(live_server, story))
    expect(page.locator(".tiptap")).to_be_visible()
    expect(page.locator(".panel")).to_be_visible()
    # TabAutosave watches once the editor has settled.
    expect(page.locator("[data-counts]")).to_contain_text("words")


def second(browser, live_server):
    """Return the page of a second editor, in a browser of their own."""
    user = get_user_model().objects.create_superuser("second", "second@example.com", "a long password")
    client = Client()
    client.force_login(user)
    context = browser.new_context()
    context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}])
    page = context.new_page()
    page.set_default_timeout(15_000)
    return page


def test_a_story_goes_from_pasted_text_to_what_readers_get(page, live_server, chief):
    newsroom.section()
    page.goto(live_server.url + "/admin/")
    page.get_by_label("Username").fill("chief")
    page.get_by_label("Password").fill("a long password")
    page.get_by_role("button", name="Log in").click()
    page.get_by_role("link", name="Import story").click()
    page.get_by_label("Story", exact=True).fill(story_text("salt-meridian-premiere"))
    page.get_by_role("button", name="Read the story").click()
    expect(page.locator(".lines")).to_contain_text("Mirela Kanashiro")
    page.get_by_label("Headline").fill("The sea comes to London")
    page.get_by_label("Section").select_option(label="Film")
    page.get_by_role("button", name="Create the draft").click()
    expect(page.locator(".messagelist")).to_contain_text("Draft created. 3 photo slots to fill.")
    expect(page.locator(".panel .checklist")).to_contain_text("is an empty slot")

    for number, photo in enumerate(photo for photo in newsroom.Photo.objects.slots()):
        photo.receive(newsroom.jpeg(seed=number), name="filled.jpg")
    page.get_by_label("Headline", exact=True).fill("The sea comes to London, and stays")
    page.keyboard.press("Control+s")
    expect(page.locator("[data-saved]")).to_contain_text("Saved as version 2")
    expect(page.locator(".panel .checklist")).not_to_contain_text("is an empty slot")
    page.get_by_role("button", name="Publish now").click()
    expect(page.locator("[data-panel-said]")).to_have_text("Published.")
    expect(page.get_by_role("link", name="View in the example site")).to_be_visible()
    document = page.request.get(f"{live_server.url}/api/v1/articles/the-sea-comes-to-london-and-stays/").json()
    assert document["headline"] == "The sea comes to London, and stays"
    assert [block["type"] for block in document["body"]].count("photo") == 3
    assert document["slug"] == "the-sea-comes-to-london-and-stays", "The address of a draft follows its headline."


def test_what_is_typed_survives_a_closed_tab(desk, live_server, chief):
    story = a_story(chief)
    open_story(desk, live_server, story)
    desk.get_by_label("Headline", exact=True).fill("Typed, never saved")
    expect(desk.locator("[data-saved]")).to_contain_text("Unsaved text kept")
    assert TabAutosave.objects.get().fields["headline"] == "Typed, never saved"
    desk.goto("about:blank")
    desk.goto(change(live_server, story))
    expect(desk.locator("[data-kept]")).to_contain_text("unsaved text from")
    desk.get_by_role("link", name="Restore it").click()
    expect(desk.get_by_label("Headline", exact=True)).to_have_value("Typed, never saved")
    desk.get_by_role("button", name="Save", exact=True).click()
    expect(desk.locator("[data-saved]")).to_contain_text("Saved as version 2")
    assert not TabAutosave.objects.exists()


def test_a_lost_connection_is_shown_and_text_kept_once_it_is_back(desk, live_server, chief):
    story = a_story(chief)
    open_story(desk, live_server, story)
    desk.route("**/autosave/", lambda route: route.abort())
    desk.get_by_label("Headline", exact=True).fill("Written in a tunnel")
    expect(desk.locator("[data-trouble]")).to_contain_text("No connection since")
    desk.unroute("**/autosave/")
    expect(desk.locator("[data-saved]")).to_contain_text("Unsaved text kept")
    expect(desk.locator("[data-trouble]")).to_be_hidden()


def test_an_expired_login_loses_nothing(desk, live_server, chief, log_in):
    story = a_story(chief)
    open_story(desk, live_server, story)
    desk.context.clear_cookies(name="sessionid")
    desk.get_by_label("Headline", exact=True).fill("Still here")
    expect(desk.get_by_role("link", name="Log in in a new tab")).to_be_visible(timeout=12_000)
    log_in(desk, chief)
    expect(desk.locator("[data-saved]")).to_contain_text("Unsaved text kept")
    assert TabAutosave.objects.get().fields["headline"] == "Still here"


def test_a_restored_version_is_a_draft(desk, live_server, chief):
    story = a_story(chief)
    story.publish(by=chief)
    story.headline = "A worse headline"
    story.save()
    story.record(by=chief)
    desk.goto(live_server.url + reverse("admin:articles_article_versions", args=[story.pk]))
    desk.get_by_role("link", name="Compare").first.click()
    expect(desk.locator(".compare ins").first).to_be_visible()
    desk.get_by_role("button", name="Restore as draft").click()
    expect(desk.locator(".messagelist")).to_contain_text("Readers see no change")
    assert Article.objects.get().headline == "An evening in the rain"
    assert story.editions.count() == 1


def test_a_preview_link_that_is_revoked_leads_nowhere(desk, live_server, chief):
    story = a_story(chief)
    desk.goto(live_server.url + reverse("admin:articles_article_publishing", args=[story.pk]))
    desk.get_by_text("New link", exact=True).click()
    desk.get_by_label("For whom").fill("Legal")
    desk.get_by_role("button", name="Create link").click()
    address = desk.locator("[data-address]").first.input_value()
    reader = desk.context.new_page()
    reader.goto(address)
    expect(reader.get_by_text("You see this story through a preview link.")).to_be_visible()
    expect(reader.get_by_role("heading", name=story.headline)).to_be_visible()
    desk.get_by_role("button", name="Revoke").click()
    expect(desk.get_by_text("Link revoked")).to_be_visible()
    reader.reload()
    expect(reader.locator("main")).to_contain_text("This preview link has expired or was revoked.")
    expect(reader.get_by_role("heading", name=story.headline)).to_have_count(0)


@pytest.mark.parametrize("page_name", ["index", "articles_article_changelist", "articles_article_import"])
def test_no_page_is_wider_than_a_phone(desk, live_server, chief, page_name):
    desk.set_viewport_size({"width": 390, "height": 844})
    a_story(chief)
    desk.goto(live_server.url + reverse(f"admin:{page_name}"))
    assert desk.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_page_of_a_story_fits_a_phone_and_asks_no_other_host(desk, live_server, chief):
    asked = []
    desk.on("request", lambda request: asked.append(request.url))
    refused = []
    desk.on(
        "console", lambda message: refused.append(message.text) if "Content Security Policy" in message.text else None
    )
    desk.set_viewport_size({"width": 390, "height": 844})
    open_story(desk, live_server, a_story(chief, lead=newsroom.photo(), people=[newsroom.person()]))
    assert desk.evaluate("document.documentElement.scrollWidth") <= 390
    assert all(re.match(rf"{live_server.url}/|data:|blob:", url) for url in asked)
    assert not refused
