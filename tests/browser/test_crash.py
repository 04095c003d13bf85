"""The server is killed while somebody writes, and so is the browser: what was typed is there afterwards."""

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from random import Random
from urllib.request import urlopen

import pytest
from playwright.sync_api import expect

from cms import serving

from .conftest import CHROMIUM
from .writer import PASTE

ROOT = Path(__file__).resolve().parents[2]
MAKE = """
from django.contrib.auth import get_user_model
from articles.models import Article, Section
from media.models import Site
user = get_user_model().objects.create_superuser("chief", "chief@example.com", "a long password")
site = Site.objects.create(name="Marquee Daily", is_default=True, url_template="https://www.example.com{{path}}")
section = Section.objects.create(name="Film", site=site)
for number, (blocks, letters) in enumerate({sizes}):
    body = "<p>It rained.</p>" + ("<p>" + "It went on to rain. " * (letters // 20) + "</p>") * blocks + "<p>It ended.</p>"
    story = Article(headline=f"An evening in the rain {{number}}", body=body, section=section, site=site, owner=user)
    story.save()
    story.record(by=user)
    print(story.pk)
"""
# Paragraphs between the first and the last, and letters of each.
SIZES = {"short": (0, 0), "300 blocks": (300, 100), "1 MB": (480, 2000)}
LONG = bool(os.environ.get("MARQUEE_LONG"))
CASES = [(is_new, size) for is_new in (False, True) for size in SIZES]
PROMISED = 5
"""Seconds after which what was typed is there, whatever happens."""


class Server:
    """The production server in a process group of its own, on a database file of its own."""

    def __init__(self, folder):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        own = {"VAR_DIR": str(folder), "PUBLIC_URL": self.address, "LOG_LEVEL": "ERROR"}
        self.environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"} | own
        self.environment["DJANGO_SETTINGS_MODULE"] = "cms.settings"
        self.process = None

    def manage(self, *command) -> str:
        told = subprocess.run(
            [sys.executable, "manage.py", *command], cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert told.returncode == 0, told.stderr
        return told.stdout.strip()

    def start(self):
        command = [sys.executable, *serving.command(host="127.0.0.1", port=self.port)]
        self.process = subprocess.Popen(command, cwd=ROOT, env=self.environment, start_new_session=True)
        for _ in range(600):
            try:
                # A process that is being killed may still take a connection, but answers none.
                with urlopen(f"{self.address}/healthz", timeout=5):
                    return
            except OSError:
                time.sleep(0.1)
        raise AssertionError("The server never came up.")

    def kill(self):
        if self.process:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    made = Server(tmp_path_factory.mktemp("crash") / "var")
    made.manage("migrate", "-v0")
    made.manage("collectstatic", "-v0", "--noinput")
    stories = made.manage("shell", "-v0", "-c", MAKE.format(sizes=list(SIZES.values()))).splitlines()
    made.stories = dict(zip(SIZES, stories[-len(SIZES) :], strict=True))
    made.start()
    yield made
    made.kill()


def open_story(browser, server):
    page = log_in(browser.new_context().new_page(), server, f"{server.stories['short']}/change/")
    return settled(page)


def settled(page):
    expect(page.locator("[data-counts]")).to_contain_text("word", timeout=60_000)
    return page


def log_in(page, server, path):
    page.set_default_timeout(60_000)
    page.goto(f"{server.address}/admin/login/?next=/admin/articles/article/{path}")
    page.get_by_label("Username").fill("chief")
    page.get_by_label("Password").fill("a long password")
    page.get_by_role("button", name="Log in").click()
    return page


def write(page, words):
    page.locator(".tiptap p").last.click()
    page.keyboard.press("End")
    page.keyboard.type(words)


def test_no_word_is_lost_when_the_server_is_killed(browser, server):
    page = open_story(browser, server)
    write(page, " Kept before.")
    expect(page.locator("[data-saved]")).to_contain_text("Unsaved text kept", timeout=30_000)
    write(page, " Typed as it died.")
    server.kill()
    expect(page.locator("[data-trouble]")).to_contain_text("No connection since", timeout=30_000)
    write(page, " Typed while it was down.")
    server.start()
    expect(page.locator("[data-trouble]")).to_be_hidden(timeout=30_000)
    # The browser goes, too, without a word to the server.
    page.context.close()
    again = open_story(browser, server)
    expect(again.locator(".tiptap")).not_to_contain_text("Kept before")
    again.get_by_role("link", name="Restore it").click()
    text = "It ended. Kept before. Typed as it died. Typed while it was down."
    expect(again.locator(".tiptap")).to_contain_text(text)
    again.get_by_role("button", name="Save", exact=True).click()
    expect(again.locator("[data-saved]")).to_contain_text("Saved as version", timeout=30_000)
    expect(again.locator(".tiptap")).to_contain_text(text)
    again.context.close()


class Window:
    """A browser of its own, with a profile on disk, that can be killed like any program."""

    def __init__(self, playwright, folder):
        self.folder = str(folder)
        flags = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        self.context = playwright.chromium.launch_persistent_context(
            self.folder,
            executable_path=str(CHROMIUM),
            args=flags,
            headless=True,
            viewport={"width": 1280, "height": 900},
        )
        self.page = self.context.pages[0]

    def kill(self):
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit() and self.folder in _command_of(entry):
                with suppress(ProcessLookupError):
                    os.kill(int(entry.name), signal.SIGKILL)
        with suppress(Exception):
            self.context.close()


def _command_of(process: Path) -> str:
    try:
        return (process / "cmdline").read_text()
    except OSError:
        return ""


def type_until(page, seconds: float) -> list[tuple[float, str]]:
    """Type numbered words without a pause; return each with the moment it stood in the text."""
    typed, end = [], time.monotonic() + seconds
    while time.monotonic() < end:
        word = f"word{len(typed)}x"
        page.keyboard.type(f" {word}")
        typed.append((time.monotonic(), word))
        page.wait_for_timeout(150)
    return typed


def begin(page, server, is_new, size):
    """Open a story of this size, or begin one by pasting as much, with the caret at its end."""
    settled(log_in(page, server, "add/" if is_new else f"{server.stories[size]}/change/"))
    page.locator(".tiptap").click()
    page.keyboard.press("Control+End")
    if is_new and SIZES[size][0]:
        blocks, letters = SIZES[size]
        html = ("<p>" + "It went on to rain. " * (letters // 20) + "</p>") * blocks
        page.locator(".tiptap").evaluate(PASTE, [html, ""])
        expect(page.locator(".tiptap p").nth(10)).to_be_attached(timeout=60_000)


def words_found(browser, server, is_new, size) -> str:
    """Return the text as its editor finds it again."""
    page = browser.new_context().new_page()
    try:
        if is_new:
            log_in(page, server, "")
            page.get_by_role("link", name="Untitled").first.click()
        else:
            log_in(page, server, f"{server.stories[size]}/change/")
        expect(page.locator(".tiptap")).to_be_visible(timeout=60_000)
        if page.get_by_role("link", name="Restore it").count():
            page.get_by_role("link", name="Restore it").first.click()
            expect(page.locator("[data-restored]")).to_be_visible()
            expect(page.locator(".tiptap")).to_be_visible(timeout=60_000)
        return settled(page).locator("#id_body").input_value()
    finally:
        page.context.close()


@pytest.mark.parametrize("number", range(50 if LONG else len(CASES)))
def test_what_was_typed_five_seconds_before_everything_died_is_there(browser, playwright, server, number, tmp_path):
    is_new, size = CASES[number % len(CASES)]
    chance = Random(number if LONG else None)
    window = Window(playwright, tmp_path / "profile")
    begin(window.page, server, is_new, size)
    typed = type_until(window.page, PROMISED + chance.uniform(1, 6))
    died = time.monotonic()
    victims = [server.kill, window.kill]
    chance.shuffle(victims)
    for victim in victims:
        victim()
    server.start()
    found = words_found(browser, server, is_new, size)
    promised = [word for moment, word in typed if moment < died - PROMISED]
    assert promised, "Nothing was typed early enough to be promised."
    assert [word for word in promised if word not in found] == [], (is_new, size, typed[-1])
