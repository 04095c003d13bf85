"""The frame beside the text, with a front end on another origin: it follows what is typed, and says why where it cannot."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.request import urlopen

import pytest
from playwright.sync_api import expect

from articles.models import PreviewFrame
from tests import newsroom

from .conftest import PHONE
from .writer import Writer

MOST_SECONDS = 1.0
LISTENS = """
const [api, desk] = [%s, %s]
async function show() {
    // The page may be left while it asks.
    const answer = await fetch("/draft" + location.pathname).catch(() => null)
    if (!answer) return
    const story = answer.ok ? await answer.json() : { headline: "Ended", body: [] }
    document.querySelector("h1").textContent = story.headline
    document.querySelector("main").innerHTML = story.body.map((block) => block.html ?? "").join("<br>")
    window.shown = (window.shown ?? 0) + 1
}
addEventListener("message", ({ origin, data }) => { if (origin === desk && data.type === "marquee:preview-changed") show() })
show().then(() => parent.postMessage({ type: "marquee:preview-ready" }, desk))
"""


class FrontEnd(BaseHTTPRequestHandler):
    """A front end of one page: /{token}/ shows the draft; what it is like is set on the server."""

    def do_GET(self):
        way = self.server
        token = self.path.strip("/").rpartition("/")[2]
        try:
            draft = urlopen(f"{way.marquee}/api/v1/preview/{token}/").read()
        except OSError:
            draft = None
        if self.path.startswith("/draft/"):
            return self.say(200 if draft else 410, "application/json", draft or b"{}")
        way.loads += self.headers.get("Sec-Fetch-Dest") == "iframe"
        story = json.loads(draft) if draft else {"headline": "Ended"}
        script = LISTENS % (json.dumps(way.marquee), json.dumps(way.marquee)) if way.listens else ""
        page = f"<!doctype html><h1>{story['headline']}</h1><main></main><script type=module>{script}</script>"
        return self.say(200, "text/html; charset=utf-8", page.encode(), **way.headers)

    def say(self, status, kind, data, **headers):
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(data)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *args):
        pass


@pytest.fixture
def front(live_server, settings):
    server = ThreadingHTTPServer(("127.0.0.1", 0), FrontEnd)
    server.marquee, server.listens, server.headers, server.loads = live_server.url, True, {}, 0
    threading.Thread(target=server.serve_forever, daemon=True).start()
    # Another host than the desk's, so that no cookie gets there.
    settings.PREVIEW_URL_TEMPLATE = f"http://127.0.0.1:{server.server_port}/{{token}}/"
    settings.WEBHOOK_ALLOW_PRIVATE = True
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def write(desk, live_server, transactional_db):
    desk.set_default_navigation_timeout(60_000)
    yield Writer(desk, live_server.url)
    desk.goto("about:blank")
    desk.wait_for_timeout(200)


def opened(write, story):
    write.open(story)
    write.page.wait_for_timeout(1500)
    write.page.locator("[data-preview-open]").click()
    return write.page.frame_locator("[data-preview] iframe:not(.is-coming)")


def seconds_until(page, frame, words, selector="h1"):
    started = time.monotonic()
    expect(frame.locator(selector)).to_contain_text(words)
    return time.monotonic() - started


@pytest.mark.parametrize("listens", [True, False], ids=["listens", "is loaded anew"])
def test_a_front_end_on_another_origin_follows_what_is_typed_within_a_second(write, front, listens):
    front.listens = listens
    story = newsroom.article("As saved", body="<p>Above.</p>")
    story.record()
    frame = opened(write, story)
    expect(frame.locator("h1")).to_have_text("As saved")
    took = []
    # The machine may have other things to do the first time.
    while len(took) < 3 or (min(took) >= MOST_SECONDS and len(took) < 8):
        words = f"Typed for the time {len(took)}"
        write.page.locator("#id_headline").fill(words)
        took.append(seconds_until(write.page, frame, words))
    print(f"{'listening' if listens else 'loaded anew'}: {', '.join(f'{each:.2f} s' for each in took)}")
    assert min(took) < MOST_SECONDS, took
    assert (front.loads == 1) is listens
    story.refresh_from_db()
    assert story.headline == "As saved" and story.versions.count() == 1
    said = write.page.locator("[data-preview-said]")
    expect(said).to_be_hidden() if listens else expect(said).to_contain_text("Reloads with every change")
    if listens:
        write.end_of("Above.").type(" Below.")
        seconds_until(write.page, frame, "Above. Below.", "main")


def test_the_newest_counts_and_one_is_asked_for_at_a_time(write, front):
    story = newsroom.article("As saved")
    story.record()
    frame = opened(write, story)
    expect(frame.locator("h1")).to_have_text("As saved")
    asked = []
    write.page.on("request", lambda each: asked.append(each) if each.url.endswith("/autosave/") else None)
    write.page.locator("#id_headline").press_sequentially(" and a headline that goes on and on", delay=40)
    expect(frame.locator("h1")).to_contain_text("on and on")
    assert len(asked) <= 6


def test_a_front_end_that_refuses_frames_opens_in_a_tab_and_the_page_says_so(write, front):
    front.headers = {"Content_Security_Policy": "frame-ancestors 'none'"}
    opened(write, newsroom.article("As saved"))
    said = write.page.locator("[data-preview-said]")
    expect(said).to_contain_text("does not allow previews inside this page")
    expect(said).to_contain_text("Content-Security-Policy: frame-ancestors http://")
    assert write.page.locator("[data-preview] iframe").count() == 0
    with write.page.expect_popup() as popup:
        said.get_by_role("link", name="Open it in a tab").click()
    expect(popup.value.locator("h1")).to_have_text("As saved")


def test_a_token_that_ended_is_replaced_when_somebody_comes_back(write, front):
    frame = opened(write, newsroom.article("As saved"))
    expect(frame.locator("h1")).to_have_text("As saved")
    first = PreviewFrame.objects.get()
    PreviewFrame.objects.all().delete()
    write.page.locator("#id_headline").fill("Typed meanwhile")
    expect(frame.locator("h1")).to_have_text("Ended")
    write.page.locator("[data-preview-reload]").click()
    expect(frame.locator("h1")).to_have_text("Typed meanwhile")
    assert PreviewFrame.objects.get().token != first.token


def test_a_restricted_story_says_who_gets_its_words_and_ends_when_it_is_no_longer_theirs(write, front, chief, editor):
    story = newsroom.article("A secret", owner=chief)
    story.restricted_to.add(chief)
    frame = opened(write, story)
    expect(frame.locator("h1")).to_have_text("A secret")
    expect(write.page.locator("[data-preview-said]")).to_contain_text("receives its text while the preview is open")
    type(story).objects.filter(pk=story.pk).update(owner=editor)
    story.restricted_to.set([editor])
    write.page.locator("[data-preview-reload]").click()
    expect(write.page.locator("[data-preview-said]")).to_contain_text("no longer open to you")
    assert write.page.locator("[data-preview] iframe").count() == 0


def test_without_a_front_end_our_own_page_follows_and_keeps_its_place(write, live_server):
    story = newsroom.article("As saved", body="".join(f"<p>Paragraph {each}.</p>" for each in range(60)))
    story.record()
    frame = opened(write, story)
    expect(frame.locator("h1")).to_have_text("As saved")
    box = frame.locator("html")
    box.evaluate("root => { root.scrollTop = 900; root.id = 'same' }")
    write.page.locator("#id_headline").fill("Typed")
    took = seconds_until(write.page, frame, "Typed")
    print(f"our own page: {took:.2f} s")
    assert frame.locator("html#same").evaluate("root => root.scrollTop") == 900
    # It is remembered, with its width; a phone does not begin with the text covered.
    write.page.locator("[data-preview-width=wide]").click()
    write.open(story)
    expect(frame.locator("h1")).to_have_text("As saved")
    expect(write.page.locator("[data-preview-width=wide]")).to_have_attribute("aria-pressed", "true")
    assert frame.locator("html").evaluate("() => innerWidth") == 1280
    write.page.keyboard.press("Escape")
    write.page.locator("[data-preview-close]").click()
    expect(write.page.locator("[data-preview]")).to_be_hidden()


def test_on_a_phone_the_preview_covers_the_screen_and_gives_it_back(write, front):
    write.page.set_viewport_size(PHONE)
    frame = opened(write, newsroom.article("As saved"))
    expect(frame.locator("h1")).to_have_text("As saved")
    box = write.page.locator("[data-preview]").bounding_box()
    assert (box["x"], box["y"], box["width"], box["height"]) == (0, 0, PHONE["width"], PHONE["height"])
    assert write.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    write.page.locator("[data-preview-close]").click()
    expect(write.page.locator("[data-preview]")).to_be_hidden()
    assert write.page.evaluate("document.activeElement.matches('[data-preview-open]')")
