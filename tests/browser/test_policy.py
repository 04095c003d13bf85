"""Every page of the admin in a real Chromium, in a newsroom full of attacks: nothing runs, nothing is refused."""

import re

import pytest
from django.urls import reverse

from articles.models import Article
from tests import hostile, newsroom

pytestmark = pytest.mark.django_db(transaction=True)

TRIPWIRE = "window.tripped = () => { window.wasTripped = true }"


@pytest.fixture
def watched(desk, live_server):
    """Return the desk's page and what its console and its network complained of."""
    complaints = []
    watch(desk, complaints, live_server)
    desk.on(
        "console", lambda message: complaints.append(f"{desk.url}: {message.text}") if is_serious(message) else None
    )
    yield desk, complaints
    desk.goto("about:blank")
    desk.wait_for_timeout(200)


@pytest.fixture
def unguarded(browser, log_in, chief, live_server):
    """Return the same for a browser that knows no policy: what holds here holds by itself."""
    complaints = []
    context = browser.new_context(bypass_csp=True)
    page = log_in(context.new_page(), chief)
    page.set_default_timeout(10_000)
    watch(page, complaints, live_server)
    yield page, complaints
    page.goto("about:blank")
    page.wait_for_timeout(200)
    context.close()


def watch(page, complaints, live_server):
    def told(dialog):
        if dialog.type != "beforeunload":
            complaints.append(f"dialog: {dialog.message}")
        dialog.accept()

    page.add_init_script(TRIPWIRE)
    page.on("dialog", told)
    page.on(
        "request", lambda request: complaints.append(request.url) if is_foreign(request.url, live_server.url) else None
    )
    page.route("**/autosave/", lambda route: route.abort())


def is_serious(message) -> bool:
    refused = re.search("Content.Security.Policy|Refused to", message.text)
    return bool(refused) or (message.type == "error" and "Failed to load resource" not in message.text)


def is_foreign(address: str, ours: str) -> bool:
    return not re.match(rf"{re.escape(ours)}/|data:|blob:|about:|chrome", address)


def was_tripped(page) -> bool:
    return page.evaluate("Boolean(window.wasTripped) || document.querySelector('x-trip') !== null")


def test_a_walk_over_every_page_runs_no_attack_and_breaks_no_rule(watched, chief, live_server):
    page, complaints = watched
    story = hostile.newsroom_under_attack(chief)
    for name, address in hostile.admin_pages(story).items():
        answer = page.goto(live_server.url + address, wait_until="load")
        assert answer.status < 500, name
        assert not was_tripped(page), name
    assert complaints == []


@pytest.mark.parametrize("desk_of", ["watched", "unguarded"])
def test_the_editor_shows_attacks_as_words(request, desk_of, chief, live_server):
    """The editor builds its nodes in the browser: captions, credits, quotes, embeds, and what an autosave kept."""
    page, complaints = request.getfixturevalue(desk_of)
    story = hostile.newsroom_under_attack(chief)
    for query in ("", "?restore=1"):
        page.goto(live_server.url + reverse("admin:articles_article_change", args=[story.pk]) + query)
        page.locator(".tiptap .mq-photo__credit").first.wait_for()
        page.locator(".panel").wait_for()
        assert "tripped()" in page.locator(".tiptap").inner_text()
        for link in page.locator(".tiptap a").all():
            assert not (link.get_attribute("href") or "").startswith("javascript:")
        page.locator(".tiptap p").first.click()
        page.keyboard.press("Control+Alt+p")
        page.locator(".mq-tile").first.wait_for()
        page.wait_for_timeout(300)
        assert not was_tripped(page)
        page.keyboard.press("Escape")
    assert complaints == []


def test_a_conflict_and_an_import_show_attacks_as_words(watched, chief, live_server):
    page, complaints = watched
    story = hostile.newsroom_under_attack(chief)
    page.goto(live_server.url + reverse("admin:articles_article_change", args=[story.pk]))
    page.locator(".tiptap").wait_for()
    Article.objects.filter(pk=story.pk).update(revision=story.revision + 1)
    page.keyboard.press("Control+s")
    page.get_by_role("button", name="See both texts").click()
    page.get_by_role("heading", name="Someone saved this story while you were writing").wait_for()
    assert not was_tripped(page)
    page.goto(live_server.url + reverse("admin:articles_article_import"))
    text = (
        f"A headline {hostile.POISON}\nBy {hostile.POISON}\n\n{hostile.POISON}\n\nMara. (Photo by {hostile.POISON}/AP)"
    )
    page.get_by_label("Story", exact=True).fill(text)
    page.get_by_role("button", name="Read the story").click()
    page.locator(".lines").wait_for()
    assert not was_tripped(page)
    assert complaints == []


def test_a_pasted_attack_is_words_or_nothing(unguarded, chief, live_server):
    page, complaints = unguarded
    story = newsroom.article(body="<p>Before.</p>", owner=chief)
    photo = newsroom.photo()
    page.goto(live_server.url + reverse("admin:articles_article_change", args=[story.pk]))
    page.locator(".tiptap").wait_for()
    for html in (hostile.body(photo), f'<p data-pm-slice="0 0 []">x</p>{hostile.body(photo)}'):
        page.locator(".tiptap p").first.click()
        page.evaluate(
            """(html) => {
                const clipboardData = new DataTransfer()
                clipboardData.setData("text/html", html)
                const event = new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true })
                document.querySelector(".tiptap").dispatchEvent(event)
            }""",
            html,
        )
        page.wait_for_timeout(1500)
        assert not was_tripped(page)
        for link in page.locator(".tiptap a").all():
            assert not (link.get_attribute("href") or "").startswith("javascript:")
    assert complaints == []
