"""A writer who goes through a tunnel, or closes the lid: what was typed is there when they are back."""

import os

from playwright.sync_api import expect

from articles.models import Article, TabAutosave

from .test_saving import is_kept, wait
from .test_story import a_story
from .writer import Writer

TUNNEL_S = 300 if os.environ.get("MARQUEE_LONG") else 12
LID_S = 120 if os.environ.get("MARQUEE_LONG") else 8


def kept_words():
    row = TabAutosave.objects.first()
    return row.fields["body"] if row else ""


def test_minutes_without_a_connection_lose_no_word(desk, live_server, chief):
    writer = Writer(desk, live_server.url).open(a_story(chief, body="<p>Before the tunnel.</p>"))
    writer.end_of("tunnel.")
    desk.context.set_offline(True)
    sentences = [f" Sentence {number} was typed in the dark." for number in range(TUNNEL_S // 4)]
    for sentence in sentences:
        writer.type(sentence)
        desk.wait_for_timeout(4000)
    expect(desk.locator("[data-trouble]")).to_contain_text("No connection since")
    desk.context.set_offline(False)
    wait(desk, lambda: all(sentence in kept_words() for sentence in sentences))
    expect(desk.locator("[data-trouble]")).to_be_hidden()
    desk.keyboard.press("Control+s")
    expect(desk.locator("[data-saved]")).to_contain_text("Saved as version 2")
    assert all(sentence in Article.objects.get().body for sentence in sentences)


def test_a_closed_lid_keeps_what_was_typed_and_goes_on(desk, live_server, chief):
    """A laptop that sleeps stops the page without a word to it; awake, it has no connection for a moment."""
    writer = Writer(desk, live_server.url).open(a_story(chief, body="<p>Before the lid.</p>"))
    writer.end_of("lid.").type(" Typed as it closed.")
    lid = desk.context.new_cdp_session(desk)
    lid.send("Page.setWebLifecycleState", {"state": "frozen"})
    desk.context.set_offline(True)
    # Nothing may be asked of a frozen page, so another tab of the browser waits.
    other = desk.context.new_page()
    other.wait_for_timeout(LID_S * 1000)
    lid.send("Page.setWebLifecycleState", {"state": "active"})
    other.close()
    desk.bring_to_front()
    writer.type(" Typed when it opened.")
    desk.wait_for_timeout(1000)
    desk.context.set_offline(False)
    wait(desk, lambda: "Typed as it closed. Typed when it opened." in kept_words())
    is_kept(desk)
    expect(desk.locator("[data-trouble]")).to_be_hidden()
