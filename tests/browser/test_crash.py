"""The server is killed while somebody writes, and so is the browser: what was typed is there afterwards."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from playwright.sync_api import expect

from cms import serving

ROOT = Path(__file__).resolve().parents[2]
MAKE = """
from django.contrib.auth import get_user_model
from articles.models import Article, Section
from media.models import Site
user = get_user_model().objects.create_superuser("chief", "chief@example.com", "a long password")
site = Site.objects.create(name="Marquee Daily", is_default=True, url_template="https://www.example.com{path}")
section = Section.objects.create(name="Film", site=site)
story = Article(headline="An evening in the rain", body="<p>It rained.</p>", section=section, site=site, owner=user)
story.save()
story.record(by=user)
print(story.pk)
"""


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
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return
            except OSError:
                time.sleep(0.1)
        raise AssertionError("The server never came up.")

    def kill(self):
        if self.process:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None


@pytest.fixture
def server(tmp_path):
    made = Server(tmp_path / "var")
    made.manage("migrate", "-v0")
    made.manage("collectstatic", "-v0", "--noinput")
    made.story = made.manage("shell", "-v0", "-c", MAKE).splitlines()[-1]
    made.start()
    yield made
    made.kill()


def open_story(browser, server):
    page = browser.new_context().new_page()
    page.set_default_timeout(30_000)
    page.goto(f"{server.address}/admin/login/?next=/admin/articles/article/{server.story}/change/")
    page.get_by_label("Username").fill("chief")
    page.get_by_label("Password").fill("a long password")
    page.get_by_role("button", name="Log in").click()
    expect(page.locator("[data-counts]")).to_contain_text("words", timeout=30_000)
    return page


def write(page, words):
    page.locator(".tiptap p").last.click()
    page.keyboard.press("End")
    page.keyboard.type(words)


def test_no_word_is_lost_when_the_server_is_killed(browser, server):
    page = open_story(browser, server)
    write(page, " Kept before.")
    expect(page.locator("[data-saved]")).to_contain_text("Typed text kept", timeout=30_000)
    write(page, " Typed as it died.")
    server.kill()
    expect(page.locator("[data-trouble]")).to_contain_text("connection is lost", timeout=30_000)
    write(page, " Typed while it was down.")
    server.start()
    expect(page.locator("[data-trouble]")).to_be_hidden(timeout=30_000)
    # The browser goes, too, without a word to the server.
    page.context.close()
    again = open_story(browser, server)
    expect(again.locator(".tiptap")).not_to_contain_text("Kept before")
    again.get_by_role("link", name="Restore it").click()
    text = "It rained. Kept before. Typed as it died. Typed while it was down."
    expect(again.locator(".tiptap")).to_contain_text(text)
    again.get_by_role("button", name="Save", exact=True).click()
    expect(again.locator("[data-saved]")).to_contain_text("Saved as version 2", timeout=30_000)
    expect(again.locator(".tiptap")).to_contain_text(text)
    again.context.close()
