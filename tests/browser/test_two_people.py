"""Two people in one story: one writes, the other reads, and what either typed comes together."""

from playwright.sync_api import expect

from articles.models import Article, Presence

from .test_story import a_story, change, open_story, second

BODY = '<p data-id="blockaa">One.</p><p data-id="blockbb">Two.</p><p data-id="blockcc">Three.</p>'


def headline(page):
    return page.get_by_label("Headline", exact=True)


def reads(page, name="chief"):
    expect(page.locator("[data-presence]")).to_contain_text(f"{name} is writing. You can read along.")
    expect(page.locator(".tiptap")).to_have_attribute("contenteditable", "false")
    expect(headline(page)).to_have_js_property("readOnly", True)


def writes(page):
    expect(page.locator(".tiptap")).to_have_attribute("contenteditable", "true")
    expect(headline(page)).to_have_js_property("readOnly", False)


def add(page, words, to):
    """Type words at the end of a paragraph."""
    page.locator(".tiptap p", has_text=to).click()
    page.keyboard.press("End")
    page.keyboard.type(words)


def test_who_comes_second_reads_until_the_story_is_taken_over_and_no_word_is_lost(desk, browser, live_server, chief):
    story = a_story(chief, body=BODY)
    open_story(desk, live_server, story)
    other = second(browser, live_server)
    open_story(other, live_server, story)
    reads(other)
    other.locator(".tiptap p").first.click()
    other.keyboard.type("Not typed. ")
    other.keyboard.press("Control+s")
    assert "Not typed" not in other.locator(".tiptap").inner_text()
    expect(other.get_by_role("button", name="Save", exact=True)).to_be_disabled()

    add(desk, " By the chief.", to="One.")
    expect(desk.locator("[data-saved]")).to_contain_text("Unsaved text kept")
    other.get_by_role("button", name="Take over").click()
    writes(other)
    add(desk, " As it was taken.", to="One.")
    reads(desk, "second")
    assert "By the chief. As it was taken." in desk.locator(".tiptap").inner_text()
    expect(desk.locator("[data-presence]")).to_contain_text("What you typed last is still here")

    # Who took over finds what was left unsaved, and goes on without it.
    expect(other.locator("[data-presence]")).to_contain_text("chief typed until")
    add(other, " By the second.", to="Three.")
    other.get_by_role("button", name="Save", exact=True).click()
    expect(other.locator("[data-saved]")).to_contain_text("Saved as version 2")
    other.context.close()

    # The first takes the story back, with all that both typed.
    Presence.objects.filter(user__username="second").delete()
    desk.get_by_role("button", name="Take over").click()
    desk.get_by_role("link", name="Merge both texts").click()
    expect(desk.locator(".lead-in")).to_contain_text("second saved version 2")
    desk.get_by_role("button", name="Save both").click()
    expect(desk.locator(".tiptap")).to_contain_text("By the second.")
    text = Article.objects.get().body
    assert "One. By the chief. As it was taken." in text
    assert "Three. By the second." in text


def test_a_second_tab_reads_and_a_tab_that_crashed_holds_nothing(desk, live_server, chief):
    story = a_story(chief)
    open_story(desk, live_server, story)
    tab = desk.context.new_page()
    open_story(tab, live_server, story)
    expect(tab.locator("[data-presence]")).to_contain_text("You are writing in another tab. You can read along.")
    tab.close()
    # A tab that is gone without a word has still a row on the server.
    Presence.objects.create(article=story, user=chief, tab="crashed-tab")
    desk.goto("about:blank")
    Presence.objects.update(is_writing=False)
    Presence.objects.filter(tab="crashed-tab").update(is_writing=True)
    open_story(desk, live_server, story)
    writes(desk)
    assert not Presence.objects.get(tab="crashed-tab").is_writing


def test_who_is_handed_the_story_goes_on_from_what_was_typed(desk, browser, live_server, chief):
    story = a_story(chief)
    desk.goto(change(live_server, story))
    open_story(desk, live_server, story)
    other = second(browser, live_server)
    open_story(other, live_server, story)
    other.get_by_role("button", name="Ask to write").click()
    headline(desk).fill("Typed before it was handed over")
    desk.evaluate("document.dispatchEvent(new Event('marquee:held'))")
    desk.get_by_role("button", name="Save and hand over").click()
    reads(desk, "second")
    other.evaluate("document.dispatchEvent(new Event('marquee:held'))")
    expect(headline(other)).to_have_value("Typed before it was handed over")
    writes(other)
    other.context.close()
