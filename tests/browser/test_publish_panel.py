"""The panel beside the text: one press saves and publishes, a finding leads to its field, nothing leaves the page."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.utils import timezone
from playwright.sync_api import expect

from articles.models import Article, Edition, Task
from tests import newsroom

from .test_story import a_story, change, open_story

pytestmark = pytest.mark.django_db(transaction=True)
SAID = "[data-panel-said]"


@pytest.fixture
def stays(desk):
    """Return a check that the page was loaded once."""

    def check():
        assert desk.evaluate("performance.getEntriesByType('navigation').length") == 1
        assert desk.evaluate("window.loadedHere") is True

    return check


def opened(desk, live_server, story):
    open_story(desk, live_server, story)
    expect(desk.locator("[data-primary]")).to_be_visible()
    desk.evaluate("window.loadedHere = true")


def headline(desk):
    return desk.locator("#id_headline")


def press(desk, name):
    desk.locator("#story-aside").get_by_role("button", name=name, exact=True).click()


def test_one_press_saves_and_publishes(desk, live_server, chief, stays):
    story = a_story(chief)
    opened(desk, live_server, story)
    headline(desk).fill("Words nobody has saved")
    desk.locator("[data-primary]").dblclick()
    expect(desk.locator(SAID)).to_have_text("Published.")
    expect(desk.locator(".panel-state h2")).to_contain_text("Live since")
    stays()
    assert (story.editions.count(), Article.objects.get().headline) == (1, "Words nobody has saved")
    # The text is saved, and the page knows it: a further save is no conflict.
    headline(desk).fill("Words nobody has saed")
    press(desk, "Publish minor change")
    expect(desk.locator(SAID)).to_have_text("Minor change published.")
    assert [edition.kind for edition in Edition.objects.order_by("number")] == ["first", "minor"]
    expect(desk.locator("[data-publish-open]")).to_have_text("Update")
    site = desk.get_by_role("link", name="View in the example site")
    assert site.get_attribute("href") == "/reader/film/words-nobody-has-saved/"
    desk.context.grant_permissions(["clipboard-read", "clipboard-write"])
    desk.locator(".on-site").get_by_role("button", name="Copy link").click()
    expect(desk.locator(SAID)).to_have_text("Link copied.")
    assert desk.evaluate("navigator.clipboard.readText()") == f"{live_server.url}/reader/film/words-nobody-has-saved/"
    stays()


def test_what_blocks_is_shown_and_only_then_may_be_overridden(desk, live_server, chief, stays):
    story = a_story(chief, photos=[newsroom.photo(slot=True, caption="The empty chair.")])
    opened(desk, live_server, story)
    expect(desk.locator("[data-override]")).to_have_count(0)
    desk.locator("[data-publish-open]").click()
    expect(desk.locator(SAID)).to_have_text("Not published: fix 1 thing in the checklist first.")
    expect(desk.locator(".checklist .blocks a")).to_be_focused()
    override = desk.locator("[data-override]")
    assert override.bounding_box()["y"] > desk.locator("[data-checklist]").bounding_box()["y"]
    press(desk, "Publish anyway")
    expect(override.locator(".errorlist")).to_contain_text("Write why it is published anyway")
    override.get_by_role("textbox").fill("The chair is the story")
    press(desk, "Publish anyway")
    expect(desk.locator(SAID)).to_have_text("Published.")
    assert story.editions.get().override == "The chair is the story"
    stays()


def test_a_finding_leads_to_its_field(desk, live_server, chief):
    untold = newsroom.photo(alt="", caption="", seed=7)
    story = a_story(chief, photos=[untold])
    Article.objects.filter(pk=story.pk).update(section=None, standfirst="")
    opened(desk, live_server, story)
    desk.evaluate("document.querySelectorAll('details.fold').forEach((fold) => { fold.open = false })")
    finding = lambda words: desk.locator("[data-goto]", has_text=words)  # noqa: E731
    finding("Choose a section").click()
    row = desk.locator(".fieldBox.field-section")
    assert row.evaluate("(row) => row.contains(document.activeElement) && row.closest('details').open")
    finding("Write a standfirst").click()
    expect(desk.locator("#id_standfirst")).to_be_focused()
    # The list follows what is typed.
    desk.keyboard.type("A night of long dresses.")
    expect(finding("Write a standfirst")).to_have_count(0)
    assert Article.objects.get().standfirst == ""
    finding("has no alt text").click()
    card = desk.locator("figure.mq-photo")
    expect(card.get_by_role("textbox", name="Alt text")).to_be_focused()
    # From another page, too.
    desk.goto(f"{change(live_server, story)}#at=standfirst")
    expect(desk.locator("#id_standfirst")).to_be_focused()


def test_a_finding_leads_to_its_photo_in_a_gallery(desk, live_server, chief):
    told, untold = newsroom.photo(seed=5), newsroom.photo(alt="", seed=7)
    figures = "".join(f'<figure data-photo="{photo.pk}"></figure>' for photo in (told, untold))
    story = newsroom.article("Two pictures", owner=chief, body=f'<p>It rained.</p><div data-gallery="">{figures}</div>')
    story.record(by=chief)
    opened(desk, live_server, story)
    desk.locator("[data-goto]", has_text="has no alt text").click()
    second = desk.locator(".mq-gallery__item").nth(1)
    expect(second.get_by_role("textbox", name="Alt text")).to_be_focused()


def test_a_story_is_scheduled_corrected_and_withdrawn_beside_its_text(desk, live_server, chief, stays):
    story = a_story(chief)
    opened(desk, live_server, story)
    desk.locator(".publish-form summary", has_text="Schedule").click()
    press(desk, "Schedule")
    expect(desk.locator(".publish-form .errorlist")).to_have_text("Choose when the story goes live.")
    when = timezone.now() + timedelta(days=2)
    desk.locator("[name=publish-when]").first.fill(f"{when:%Y-%m-%d}T09:30")
    desk.locator(".publish-form [name=publish-zone]").select_option("Europe/London")
    press(desk, "Schedule")
    expect(desk.locator(SAID)).to_contain_text("Scheduled for ")
    assert story.editions.get().time_zone == "Europe/London"
    press(desk, "Cancel")
    expect(desk.locator(SAID)).to_contain_text("Canceled.")
    press(desk, "Publish now")
    expect(desk.locator(SAID)).to_have_text("Published.")
    headline(desk).fill("A name spelled right")
    desk.get_by_text("Correction or update with a note").click()
    press(desk, "Publish correction")
    expect(desk.locator(".publish-form .errorlist")).to_contain_text("Readers see it")
    desk.get_by_label(re.compile("^Note to readers")).first.fill("An earlier version misspelled a name.")
    press(desk, "Publish correction")
    expect(desk.locator(SAID)).to_have_text("Correction published.")
    assert story.corrections.get().text == "An earlier version misspelled a name."
    desk.locator("summary", has_text=re.compile("^Withdraw$")).click()
    desk.get_by_label(re.compile("^Reason")).fill("A court order")
    desk.locator("[name=how][value=silent]").check()
    press(desk, "Withdraw")
    desk.locator("dialog").get_by_role("button", name="Cancel").click()
    assert story.live_edition()
    press(desk, "Withdraw")
    desk.locator("dialog").get_by_role("button", name="Withdraw").click()
    expect(desk.locator(SAID)).to_contain_text("Withdrawn.")
    assert story.live_edition() is None
    stays()


def test_a_network_that_fails_says_so_and_pressing_again_does_it_once(desk, live_server, chief, stays):
    story = a_story(chief)
    opened(desk, live_server, story)
    lost = []

    def lose_the_answer(route):
        lost.append(route.fetch())
        route.abort()

    desk.route("**/publish/", lose_the_answer, times=1)
    desk.locator("[data-primary]").click()
    expect(desk.locator(SAID)).to_contain_text("The connection was lost")
    assert lost and story.editions.count() == 1
    desk.locator("[data-primary]").click()
    expect(desk.locator(SAID)).to_have_text("Published.")
    assert story.editions.count() == 1
    stays()


def test_a_moment_is_chosen_in_the_sites_zone(desk, live_server, chief):
    story = a_story(chief)
    story.site.time_zone = "Asia/Kathmandu"
    story.site.save()
    opened(desk, live_server, story)
    desk.locator("#story-aside summary", has_text="Schedule").first.click()
    expect(desk.locator("#story-aside select[name=publish-zone]")).to_have_value("Asia/Kathmandu")


def test_nobody_publishes_what_a_colleague_saved_unseen(desk, live_server, chief):
    story = a_story(chief)
    opened(desk, live_server, story)
    other = Article.objects.get(pk=story.pk)
    other.headline = "Somebody else’s words"
    other.save()
    other.record(by=get_user_model().objects.create_user("june", first_name="June", is_superuser=True))
    desk.locator("[data-primary]").click()
    expect(desk.locator(SAID)).to_contain_text("june saved this story since you opened it")
    assert not story.editions.exists()


def test_who_may_only_read_reads_the_story_as_readers_do(page, live_server, log_in, chief):
    """And not its stored text; the page says why nothing can be typed, and claims nothing of a save."""
    story = a_story(chief)
    reader = get_user_model().objects.create_user("reader", is_staff=True)
    reader.groups.add(Group.objects.get(name="writer"))
    log_in(page, reader).goto(change(live_server, story))
    shown = page.frame_locator(".as-readers")
    expect(shown.get_by_role("heading", name=story.headline)).to_be_visible()
    main = page.locator("#content-main")
    expect(main).to_contain_text("You can read this story but not change it.")
    assert "<p" not in main.inner_text()
    expect(page.locator("[data-panel] .checklist")).to_be_visible()
    expect(page.locator("[data-presence]")).to_be_hidden()


def test_a_writer_submits_from_the_bar_which_says_how_far_the_story_has_come(
    page, live_server, log_in, transactional_db
):
    writer = get_user_model().objects.create_user("writer", is_staff=True)
    writer.groups.add(Group.objects.get(name="writer"))
    story = a_story(writer)
    log_in(page, writer).goto(change(live_server, story))
    bar = page.locator(".page-bar")
    expect(bar.locator("[data-bar-state]")).to_have_text("draft")
    expect(page.locator(".panel")).to_be_visible()
    assert page.locator(".button.default:visible").all_inner_texts() == ["Submit"]
    bar.get_by_role("button", name="Submit").click()
    expect(page.locator(SAID)).to_contain_text("review")
    expect(bar.locator("[data-bar-state]")).to_have_text("in review")
    expect(page.locator(".button.default:visible")).to_have_count(0)


def test_a_colleague_who_may_only_read_sees_no_button_that_refuses(page, live_server, log_in, chief):
    story = a_story(chief)
    Task.objects.create(article=story, text="Call the label", by=chief)
    reader = get_user_model().objects.create_user("reader", is_staff=True)
    reader.groups.add(Group.objects.get(name="writer"))
    log_in(page, reader).goto(change(live_server, story))
    aside = page.locator("#story-aside")
    expect(aside.locator(".checklist")).to_be_visible()
    shown = aside.locator(".panel-part button:visible, .panel-part summary:visible").all_inner_texts()
    assert shown == ["New link", "Add comment", "Duplicate"]
    aside.get_by_label("Comment").fill("Seen.")
    aside.get_by_role("button", name="Add comment").click()
    expect(page.locator(SAID)).to_have_text("Comment added.")
    expect(aside.locator(".comments")).to_contain_text("Seen.")
