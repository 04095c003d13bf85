"""What is typed stays on the computer until the server has it: offered again, and never to somebody else."""

import os
import signal
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

from articles.models import Article, TabAutosave

from .test_story import a_story, open_story, second

KEPT = """async () => {
    const found = []
    for (const { name } of await indexedDB.databases()) {
        if (!name.startsWith("marquee-kept-")) continue
        const opened = await new Promise((done) => {
            const request = indexedDB.open(name)
            request.onsuccess = () => done(request.result)
        })
        if (opened.objectStoreNames.contains("words")) {
            const all = opened.transaction("words").objectStore("words").getAll()
            await new Promise((done) => { all.onsuccess = done })
            found.push(...all.result.map((record) => record.text))
        }
        opened.close()
    }
    return found.join("")
}"""
LOST = "that did not reach the server"


def write(page, words):
    page.locator(".tiptap p").last.click()
    page.keyboard.press("End")
    page.keyboard.type(words)


def kept(page, *, words, there=True):
    """Wait until this computer keeps these words, or does not."""
    for _ in range(100):
        if (words in page.evaluate(KEPT)) == there:
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"{words!r} {'never came' if there else 'stayed'}.")


def offline(page):
    """Let nothing of this page reach the server any more, not even what a browser sends for a page that is closed."""
    page.evaluate("() => { window.fetch = () => Promise.reject(new TypeError('offline')) }")


def abandoned(page, live_server, story, words):
    """Open a story, type while there is no connection, and close the page without a word to the server."""
    open_story(page, live_server, story)
    page.wait_for_timeout(1300)
    offline(page)
    write(page, words)
    kept(page, words=words.strip())
    page.close()


@pytest.fixture
def tab(desk):
    """Return a function that opens another tab of the same browser."""
    return lambda: desk.context.new_page()


def test_words_typed_without_a_connection_are_offered_and_taken(desk, live_server, chief, tab):
    story = a_story(chief)
    abandoned(tab(), live_server, story, " Typed in a tunnel.")
    open_story(desk, live_server, story)
    expect(desk.locator("[data-recovered]")).to_contain_text(LOST)
    assert "Typed in a tunnel" not in desk.locator(".tiptap").inner_text(), "Nothing is put in silently."
    desk.get_by_text("Show the text").click()
    expect(desk.locator(".recovered-words")).to_contain_text("Typed in a tunnel.")
    desk.get_by_role("button", name="Restore it").click()
    expect(desk.locator(".tiptap")).to_contain_text("Typed in a tunnel.")
    desk.get_by_role("button", name="Save", exact=True).click()
    expect(desk.locator("[data-saved]")).to_contain_text("Saved as version 2")
    assert "Typed in a tunnel." in Article.objects.get().body
    kept(desk, words="tunnel", there=False)


def test_words_that_met_a_colleagues_save_are_put_together_with_it(desk, live_server, chief, tab):
    story = a_story(chief, body='<p data-id="blockaa">One.</p><p data-id="blockbb">Two.</p>')
    abandoned(tab(), live_server, story, " Mine.")
    story.body = story.body.replace("One.", "One, theirs.")
    story.save()
    story.record()
    open_story(desk, live_server, story)
    desk.get_by_role("button", name="Restore it").click()
    desk.get_by_role("button", name="Save both").click()
    expect(desk.locator(".tiptap")).to_contain_text("Two. Mine.")
    assert "One, theirs." in Article.objects.get().body


def test_words_left_are_gone_and_words_that_arrived_are_not_offered(desk, live_server, chief, tab):
    story = a_story(chief)
    abandoned(tab(), live_server, story, " Unwanted.")
    open_story(desk, live_server, story)
    desk.get_by_role("button", name="Discard it").click()
    kept(desk, words="Unwanted", there=False)
    write(desk, " Wanted.")
    expect(desk.locator("[data-saved]")).to_contain_text("Unsaved text kept")
    kept(desk, words="Wanted", there=False)
    open_story(desk, live_server, story)
    expect(desk.locator("[data-kept]")).to_contain_text("unsaved text")
    desk.wait_for_timeout(1500)
    expect(desk.locator("[data-recovered]")).to_have_count(0)


def test_a_new_story_that_never_reached_the_server_is_found_again(desk, live_server, chief, tab):
    address = live_server.url + reverse("admin:articles_article_add")
    page = tab()
    page.goto(address)
    expect(page.locator(".tiptap")).to_be_visible()
    page.wait_for_timeout(1500)
    offline(page)
    page.get_by_label("Headline", exact=True).fill("Begun on a train")
    write(page, "Its first words.")
    kept(page, words="Its first words.")
    page.close()
    desk.goto(address)
    expect(desk.locator("[data-recovered]")).to_contain_text("You were writing a story until")
    desk.get_by_role("button", name="Continue").click()
    expect(desk.locator(".tiptap")).to_contain_text("Its first words.")
    story = Article.objects.get()
    assert story.headline == "Begun on a train"
    desk.wait_for_timeout(2000)
    expect(desk.locator("[data-recovered]")).to_have_count(0)
    kept(desk, words="first words", there=False)


def test_whoever_signs_out_leaves_nothing(desk, live_server, chief, tab):
    abandoned(tab(), live_server, a_story(chief), " Mine alone.")
    desk.goto(live_server.url + reverse("admin:index"))
    kept(desk, words="Mine alone.")
    desk.get_by_role("button", name="Log out").click()
    kept(desk, words="Mine alone.", there=False)


def test_nobody_else_finds_the_words(desk, browser, live_server, chief, tab, log_in):
    story = a_story(chief)
    abandoned(tab(), live_server, story, " Mine alone.")
    desk.context.clear_cookies()
    desk.goto(live_server.url + "/admin/")
    kept(desk, words="Mine alone.")
    other = second(browser, live_server)
    desk.context.add_cookies(other.context.cookies())
    other.context.close()
    open_story(desk, live_server, story)
    kept(desk, words="Mine alone.", there=False)
    expect(desk.locator("[data-recovered]")).to_have_count(0)


@pytest.mark.parametrize("kind", ["restricted", "embargo typed", "restricted meanwhile"])
def test_a_restricted_story_or_one_under_embargo_leaves_nothing(desk, live_server, chief, kind):
    story = a_story(chief)
    if kind == "restricted":
        story.restricted_to.add(chief)
    open_story(desk, live_server, story)
    desk.wait_for_timeout(1300)
    offline(desk)
    if kind == "embargo typed":
        desk.get_by_text("Rights and embargo").click()
        desk.locator("#id_embargo_until_0").fill("2099-01-01")
    write(desk, " A secret.")
    if kind == "restricted meanwhile":
        kept(desk, words="A secret.")
        story.restricted_to.add(chief)
        desk.evaluate("document.dispatchEvent(new CustomEvent('marquee:confidential', { detail: true }))")
        kept(desk, words="secret", there=False)
        write(desk, " Another secret.")
    desk.wait_for_timeout(1500)
    assert "secret" not in desk.evaluate(KEPT)
    expect(desk.locator("[data-not-kept]")).to_contain_text("never on this computer")


def test_a_browser_that_keeps_nothing_works_without_a_word(desk, live_server, chief):
    desk.add_init_script("IDBFactory.prototype.open = () => { throw new Error('private') }")
    open_story(desk, live_server, a_story(chief))
    write(desk, " Typed in private.")
    expect(desk.locator("[data-saved]")).to_contain_text("Unsaved text kept")
    expect(desk.locator("[data-trouble]")).to_be_hidden()


def processes(folder) -> list[int]:
    """Return the processes of the browser that keeps its files in this folder."""
    found = []
    for each in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if str(folder).encode() in each.read_bytes():
                found.append(int(each.parent.name))
        except OSError:
            continue
    return found


def test_a_browser_that_is_killed_has_the_words_afterwards(
    browser_type, browser_type_launch_args, tmp_path, live_server, chief
):
    story = a_story(chief)
    client = Client()
    client.force_login(chief)
    session = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}

    def opened():
        context = browser_type.launch_persistent_context(tmp_path / "profile", **browser_type_launch_args)
        context.add_cookies([session])
        page = context.new_page()
        page.set_default_timeout(30_000)
        open_story(page, live_server, story)
        return page

    page = opened()
    page.wait_for_timeout(1300)
    offline(page)
    write(page, " Typed before the lights went out.")
    page.wait_for_timeout(5000)
    for process in processes(tmp_path / "profile"):
        os.kill(process, signal.SIGKILL)
    page = opened()
    expect(page.locator("[data-recovered]")).to_contain_text(LOST)
    page.get_by_role("button", name="Restore it").click()
    expect(page.locator(".tiptap")).to_contain_text("Typed before the lights went out.")
    assert TabAutosave.objects.filter(article=story).exists()
    page.context.close()
