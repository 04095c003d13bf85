"""A real Chromium against a live server, for every browser test of the house."""

from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from playwright.sync_api import expect

from .writer import Writer

CHROMIUM = Path("/usr/bin/chromium")
PHONE = {"width": 390, "height": 844}
# What is awaited comes at once, or late because the machine has other things to do.
expect.set_options(timeout=15_000)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    here = Path(__file__).parent
    # Playwright keeps an event loop running in its process, so what runs loops of its own goes first.
    items.sort(key=lambda item: here in item.path.parents)
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if not CHROMIUM.exists():
                item.add_marker(pytest.mark.skip(reason="No Chromium stands at /usr/bin/chromium."))


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-dev-shm-usage"]
    return {**browser_type_launch_args, "executable_path": str(CHROMIUM), "args": flags}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    return {**browser_context_args, "viewport": {"width": 1280, "height": 900}, "locale": "en-US"}


@pytest.fixture(autouse=True)
def own_address(live_server, settings):
    """Pictures are fetched from where the tests' server is."""
    settings.PUBLIC_URL = live_server.url


@pytest.fixture
def log_in(live_server, client):
    """Return a function that gives a page's context the session of a user, without the login form."""

    def enter(page, user):
        client.force_login(user)
        cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
        page.context.add_cookies([cookie])
        return page

    return enter


@pytest.fixture
def chief(transactional_db):
    """Return a user who may do everything; made for tests against the live server."""
    return get_user_model().objects.create_superuser("chief", "chief@example.com", "a long password")


@pytest.fixture
def desk(page, live_server, log_in, chief):
    """Return a page that is logged in as chief; errors of its scripts fail the test."""
    faults = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.set_default_timeout(15_000)
    yield log_in(page, chief)
    assert not faults, f"Scripts failed in the browser: {faults}"


@pytest.fixture
def writer(desk, live_server):
    """Return a writer at the desk. Autosave writes while the test database is emptied; it has tests of its own."""
    desk.route("**/autosave/", lambda route: route.abort())
    yield Writer(desk, live_server.url)
    desk.goto("about:blank")
    desk.wait_for_timeout(200)
