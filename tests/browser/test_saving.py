"""Saving while one writes: typed on, clicked twice, offline, logged out, in two tabs; and a story that begins by itself."""

import re
from itertools import chain

from django.urls import reverse
from playwright.sync_api import expect

from articles.models import Article, TabAutosave
from articles.text import body
from articles.text.reading_time import reading_time
from tests import newsroom

from .test_story import a_story, change, open_story
from .writer import Writer, figure

MANY = "".join(f"<p>Paragraph {number} of a long evening in the rain.</p>" for number in range(60))
CYRILLIC = "".join(f"<p>{'Длинная история о дожде. ' * 40}</p>" for _ in range(60))


def headline(page):
    return page.get_by_label("Headline", exact=True)


def is_saved(page, version):
    expect(page.locator("[data-saved]")).to_contain_text(f"Saved as version {version} at")


def is_kept(page):
    expect(page.locator("[data-saved]")).to_contain_text("Unsaved text kept at")


def wait(page, condition):
    for _ in range(200):
        if condition():
            return
        page.wait_for_timeout(50)
    raise AssertionError("It never became so.")


def test_what_is_typed_during_a_save_is_not_taken_for_saved(desk, live_server, chief):
    story = a_story(chief)
    open_story(desk, live_server, story)
    held = []
    desk.route("**/change/", lambda route: held.append(route) if route.request.method == "POST" else route.continue_())
    headline(desk).fill("Sent")
    desk.keyboard.press("Control+s")
    wait(desk, lambda: held)
    headline(desk).press("End")
    desk.keyboard.type(" and typed on")
    # Twice more, while the first is on its way: one save is asked for.
    desk.keyboard.press("Control+s")
    desk.keyboard.press("Control+s")
    held.pop(0).continue_()
    wait(desk, lambda: held)
    assert story.latest_version.content["headline"] == "Sent"
    expect(headline(desk)).to_have_value("Sent and typed on")
    held.pop(0).continue_()
    is_saved(desk, 3)
    assert Article.objects.get().headline == "Sent and typed on"
    desk.wait_for_timeout(600)
    assert not held and story.versions.count() == 3


def test_a_story_begins_by_itself_is_one_story_and_goes_on_in_place(desk, live_server, chief):
    newsroom.site()
    desk.goto(live_server.url + reverse("admin:articles_article_add"))
    writer = Writer(desk, live_server.url)
    writer.text.click()
    desk.wait_for_timeout(3000)
    assert not Article.objects.exists(), "Nothing is made until there are words."
    writer.type("It began to rain.")
    expect(desk).to_have_url(re.compile(r"/change/$"))
    expect(desk.locator("[data-saved]")).to_contain_text("Kept as a draft at")
    expect(desk.locator(".panel")).to_be_visible()
    expect(desk.get_by_role("link", name="History")).to_be_visible()
    story = Article.objects.get()
    assert story.headline == "Untitled" and "It began" in story.body
    writer.type(" Then it stopped.")
    headline(desk).fill("Rain")
    # As somebody who is not sure that it was clicked.
    desk.get_by_role("button", name="Save", exact=True).dblclick()
    is_saved(desk, 2)
    story = Article.objects.get()
    assert (story.headline, story.slug) == ("Rain", "rain")
    assert "Then it stopped." in story.body
    desk.reload()
    expect(writer.text).to_contain_text("It began to rain. Then it stopped.")


def test_a_new_story_is_there_after_its_tab_was_closed(desk, live_server, chief):
    newsroom.site()
    desk.goto(live_server.url + reverse("admin:articles_article_add"))
    Writer(desk, live_server.url).text.click()
    desk.keyboard.type("Typed in a hurry.")
    desk.wait_for_timeout(6000)
    desk.goto("about:blank")
    story = Article.objects.get()
    desk.goto(change(live_server, story))
    expect(desk.locator(".tiptap")).to_contain_text("Typed in a hurry.")


def test_a_new_story_is_not_left_without_a_warning(desk, live_server, chief):
    newsroom.site()
    desk.route("**/add/", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    desk.goto(live_server.url + reverse("admin:articles_article_add"))
    headline(desk).fill("Nobody has this")
    expect(desk.locator("[data-trouble]")).to_contain_text("No connection since")
    asked = []
    desk.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    desk.get_by_role("link", name="Stories").first.click()
    wait(desk, lambda: asked)
    assert asked == ["beforeunload"]


def test_saving_keeps_caret_undo_and_scroll(desk, live_server, chief):
    story = a_story(chief, body=MANY)
    open_story(desk, live_server, story)
    writer = Writer(desk, live_server.url)
    writer.end_of("Paragraph 40 of a long evening").type(" and night")
    line = writer.text.get_by_text("Paragraph 40 of")
    before = line.bounding_box()["y"]
    assert desk.evaluate("scrollY") > 500
    writer.press("Control+s")
    is_saved(desk, 2)
    assert abs(line.bounding_box()["y"] - before) < 5
    writer.type(" and morning")
    expect(writer.text).to_contain_text("Paragraph 40 of a long evening and night and morning in the rain.")
    for _ in range(12):
        writer.press("Control+z")
    expect(writer.text).to_contain_text("Paragraph 40 of a long evening in the rain.")


def test_what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(desk, live_server, chief):
    story = a_story(chief)
    open_story(desk, live_server, story)
    writer = Writer(desk, live_server.url)
    writer.text.click()
    writer.press("Control+End").type("More words.")
    headline(desk).fill("")
    label = desk.get_by_label("Label", exact=True)
    label.evaluate("field => { field.closest('details').open = false; field.value = 'x'.repeat(61) }")
    desk.get_by_role("button", name="Save", exact=True).click()
    row = desk.locator(".form-row.field-headline")
    expect(row.locator(".errorlist")).to_contain_text("This field is required.")
    expect(headline(desk)).to_be_focused()
    expect(headline(desk)).to_have_attribute("aria-invalid", "true")
    expect(desk.locator(".field-label .errorlist")).to_contain_text("at most 60 characters")
    expect(label).to_be_visible()
    expect(desk.locator("[data-trouble]")).to_contain_text("Not saved.")
    headline(desk).fill("A headline")
    label.fill("Exclusive")
    desk.keyboard.press("Control+s")
    is_saved(desk, 2)
    expect(desk.locator(".errorlist")).to_have_count(0)
    expect(desk.locator("[data-trouble]")).to_be_hidden()
    assert "More words." in Article.objects.get().body


def test_a_save_without_a_connection_is_made_up_for(desk, live_server, chief):
    story = a_story(chief)
    open_story(desk, live_server, story)
    desk.context.set_offline(True)
    headline(desk).fill("Saved in a tunnel")
    desk.keyboard.press("Control+s")
    expect(desk.locator("[data-trouble]")).to_contain_text("No connection since")
    desk.context.set_offline(False)
    is_saved(desk, 2)
    expect(desk.locator("[data-trouble]")).to_be_hidden()
    assert Article.objects.get().headline == "Saved in a tunnel"


def test_a_save_after_the_login_has_expired_is_made_up_for_with_a_fresh_token(desk, live_server, chief, log_in):
    story = a_story(chief)
    open_story(desk, live_server, story)
    desk.context.clear_cookies()
    headline(desk).fill("Saved after the night")
    desk.get_by_role("button", name="Save", exact=True).click()
    expect(desk.locator("[data-trouble]")).to_contain_text("You have been logged out.")
    log_in(desk, chief)
    # The login's own tab brings the cookie of a new token.
    other = desk.context.new_page()
    other.goto(live_server.url + reverse("admin:password_change"))
    is_saved(desk, 2)
    assert Article.objects.get().headline == "Saved after the night"


def test_a_long_story_in_cyrillic_is_kept_while_hidden_and_no_connection_is_called_lost(desk, live_server, chief):
    story = a_story(chief, body=CYRILLIC)
    open_story(desk, live_server, story)
    headline(desk).fill("Дождь")
    desk.evaluate(
        "() => { Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true });"
        " document.dispatchEvent(new Event('visibilitychange')) }"
    )
    is_kept(desk)
    expect(desk.locator("[data-trouble]")).to_be_hidden()
    kept = TabAutosave.objects.get().fields
    assert kept["headline"] == "Дождь" and len(kept["body"].encode()) > 64 * 1024


def test_two_tabs_of_one_person_never_overwrite_each_other(desk, live_server, chief):
    story = a_story(chief)
    open_story(desk, live_server, story)
    other = desk.context.new_page()
    open_story(other, live_server, story)
    headline(desk).fill("In the first tab")
    is_kept(desk)
    # One tab writes at a time; the other shows that it reads.
    expect(other.locator("[data-presence]")).to_contain_text("You are writing in another tab.")
    other.get_by_role("button", name="Take over").click()
    headline(other).fill("In the second tab")
    is_kept(other)
    assert {row.fields["headline"] for row in TabAutosave.objects.all()} == {"In the first tab", "In the second tab"}


def test_a_page_that_the_browser_had_put_away_shows_the_story_of_today(desk, live_server, chief):
    story = a_story(chief)
    open_story(desk, live_server, story)
    story.headline = "Of today"
    story.save()
    story.record(by=chief)
    desk.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    expect(headline(desk)).to_have_value("Of today")


def test_a_page_that_is_open_during_a_deploy_needs_no_file_of_its_release_any_more(desk, live_server, chief):
    story = a_story(chief)
    open_story(desk, live_server, story)
    desk.route("**/static/**", lambda route: route.abort())
    headline(desk).fill("")
    desk.keyboard.press("Control+s")
    expect(desk.locator(".field-headline .errorlist")).to_be_visible()
    headline(desk).fill("Of the old release")
    desk.keyboard.press("Control+s")
    is_saved(desk, 2)


BODIES = [
    "", "<p>One.</p>", "<p>Half<strong>way</strong> there</p><p>well-known o’clock 3.5 — …</p>",
    "<h2>A heading</h2><ul><li>one<p>two</p><ul><li>three</li></ul></li></ul>",
    '<blockquote data-cite="Mara Okonjo">Said so<br><br>and so</blockquote><aside data-pull-quote="">Pulled<br>out</aside>',
    '<div data-embed="https://www.youtube.com/watch?v=dQw4w9WgXcQ"></div><hr><p>Дождь идёт 雨が降る</p>',
    '<p>See <a href="https://example.com/a/b">this page</a>,&nbsp;a&amp;b</p>',
]  # fmt: skip


def test_words_are_counted_as_the_server_counts_them(desk, live_server, chief):
    photo = newsroom.photo()
    pictures = [
        figure(photo, "<figcaption>Five words in this caption</figcaption>") + "<p>x</p>",
        f'<div data-gallery="" data-title="Not counted">{figure(photo, "<figcaption>Two words</figcaption>")}{figure(photo)}</div>',
    ]
    story = a_story(chief, body="".join([*BODIES, *pictures]), lead=photo)
    open_story(desk, live_server, story)
    counted = desk.evaluate(
        "async (texts) => { const { count } = await import('marquee/desk/counts'); return texts.map((body) => count({ body })) }",
        [*BODIES, *pictures],
    )
    assert counted == [body.word_count("", body.split(html)) for html in chain(BODIES, pictures)]
    words = story.latest_version.word_count
    expect(desk.locator("[data-counts]")).to_have_text(f"· {words} words · {reading_time(words)} min")
    headline(desk).fill("Two words")
    desk.keyboard.press("Control+s")
    is_saved(desk, 2)
    words = story.latest_version.word_count
    expect(desk.locator("[data-counts]")).to_have_text(f"· {words} words · {reading_time(words)} min")


def test_the_button_that_leaves_saves_first(desk, live_server, chief):
    story = a_story(chief)
    open_story(desk, live_server, story)
    headline(desk).fill("Left behind")
    desk.locator("#story-aside summary", has_text="Duplicate").click()
    desk.locator("#story-aside").get_by_role("button", name="Duplicate").click()
    expect(desk.locator(".messagelist")).to_contain_text("This is a copy of “Left behind”")
    assert [each.headline for each in Article.objects.all()] == ["Left behind", "Left behind"]


def test_what_is_typed_in_the_panel_stays_when_the_story_is_saved(desk, live_server, chief):
    story = a_story(chief)
    open_story(desk, live_server, story)
    desk.get_by_label("Comment").fill("Ask Mara about the rain")
    headline(desk).fill("Saved meanwhile")
    with desk.expect_response("**/panel/"):
        desk.keyboard.press("Control+s")
    is_saved(desk, 2)
    expect(desk.get_by_label("Comment")).to_have_value("Ask Mara about the rain")
