"""One person sends the worst body, story and search there is; nobody else meets an error.

An error is any answer but the one wanted: a 503 too, though it says when to come again, for nobody here asks twice.
"""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import pytest

from cms import serving

from .crowd import PEOPLE_AND_STORIES, Crowd, Neighbour, Person
from .own_house import ROOT, manage, run
from .production_load import Figures

pytestmark = pytest.mark.django_db(transaction=True)
PORT = int(os.environ.get("MARQUEE_CROWD_PORT", "8953"))
LONG = bool(os.environ.get("MARQUEE_LONG"))
WRITERS, READERS, SECONDS, PAUSE = (20, 10, 180, 0.5) if LONG else (4, 3, 6, 0.1)


@pytest.fixture(scope="module")
def crowd(own_house):
    """A real server and worker, and everybody who will ask."""
    size = (
        {"names": 3000, "stories": 60, "colleagues": WRITERS + 1}
        if LONG
        else {"names": 200, "stories": 12, "colleagues": WRITERS + 1}
    )
    colleagues, slugs, photo, stories = json.loads(run(own_house, PEOPLE_AND_STORIES.format(**size)).splitlines()[-1])
    manage(own_house, "collectstatic", "--noinput", "-v0")
    house = own_house | {"TRUSTED_PROXIES": "1", "ALLOWED_HOSTS": "127.0.0.1"}
    commands = [serving.command(host="127.0.0.1", port=PORT), ["manage.py", "worker"]]
    processes = [subprocess.Popen([sys.executable, *command], cwd=ROOT, env=house) for command in commands]
    wait_until_ready()
    people = [Person(PORT, f"192.0.2.{number}", *row) for number, row in enumerate(colleagues, 1)]
    readers = [Person(PORT, f"198.51.100.{number}") for number in range(1, READERS + 1)]
    yield Crowd(PORT, people[:-1], readers, Neighbour(people[-1], photo, stories)), slugs
    for process in processes:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def wait_until_ready() -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{PORT}/healthz", timeout=5)
            return
        except OSError:
            time.sleep(0.2)
    raise AssertionError("The server did not start.")


@pytest.mark.slow
def test_of_those_who_choose_one_address_one_gets_it_and_nobody_loses_words(crowd):
    people = crowd[0].writers
    with ThreadPoolExecutor(len(people)) as pool:
        pages = list(pool.map(lambda person: person.add("the-same-address"), people))
    assert not [said for person in people for said in person.figures.failed]
    refused = [(person, page) for person, page in zip(people, pages, strict=True) if page]
    assert len(refused) == len(people) - 1
    for person, page in refused:
        assert "Another story already has this address." in page
        assert f"By {person.address}" in page and f"Words of {person.address}." in page


@pytest.mark.slow
def test_the_worst_that_one_person_sends_is_an_error_for_nobody_else(crowd):
    everybody, slugs = crowd
    began = time.monotonic()
    everybody.work(SECONDS, slugs, PAUSE)
    whole = time.monotonic() - began
    failed = [
        told(name, people, whole) for name, people in (("writers", everybody.writers), ("readers", everybody.readers))
    ]
    mine = everybody.neighbour.person
    print(f"the neighbour: {mine.figures}\n{json.dumps(dict(sorted(mine.answers.items())), indent=1)}")
    assert failed == [[], []]
    assert not [said for said in mine.answers if ": 500" in said]


def told(name: str, people: list[Person], whole: float) -> list[str]:
    """Print what these people met, and return what failed."""
    figures = [each.figures for each in people]
    failed = [said for each in figures for said in each.failed]
    print(f"{name}: {Figures([s for each in figures for s in each.seconds], failed, whole=whole)}")
    return failed
