"""Signing in: guessing gets slower and slower, and no stranger keeps a colleague out by it."""

import json
import re
from datetime import timedelta

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.urls import reverse
from django.utils import timezone

from articles.management import housekeeping
from articles.models import KnownAddress, LoginFailure

from .own_house import run

LOGIN = "/admin/login/"
RIGHT = "a long password"


@pytest.fixture
def clock():
    with time_machine.travel(timezone.now(), tick=False) as traveller:
        yield traveller


def log_in(client, password, name="editor", address="192.0.2.1"):
    return client.post(LOGIN, {"username": name, "password": password}, REMOTE_ADDR=address)


def guess(client, times, name="editor", address="192.0.2.1"):
    return [log_in(client, "wrong", name, address).status_code for _ in range(times)]


def test_after_five_wrong_passwords_the_wait_doubles_each_time(client, editor, clock):
    assert guess(client, 6) == [200] * 5 + [429]
    answer = log_in(client, RIGHT)
    assert answer.status_code == 429 and answer["Retry-After"] == "10"
    assert "Too many wrong passwords. Try again in 10 seconds" in answer.content.decode()
    for wait in (10, 20, 40, 80, 160, 320, 640, 900, 900):
        assert log_in(client, "wrong")["Retry-After"] == str(wait)
        clock.shift(wait - 1)
        assert log_in(client, "wrong").status_code == 429
        clock.shift(1)
        assert log_in(client, "wrong").status_code == 200


def test_a_right_password_after_the_wait_gets_in_and_begins_anew(client, editor, clock):
    guess(client, 6)
    clock.shift(10)
    assert log_in(client, RIGHT).status_code == 302
    client.logout()
    assert guess(client, 6) == [200] * 5 + [429]


def test_strangers_elsewhere_do_not_keep_a_colleague_out(client, editor, clock):
    assert log_in(client, RIGHT, address="198.51.100.7").status_code == 302
    client.logout()
    for number in range(60):
        guess(client, 1, address=f"203.0.113.{number}")
    assert log_in(client, RIGHT, address="192.0.2.200").status_code == 429, "a place nobody knows"
    assert log_in(client, RIGHT, address="198.51.100.7").status_code == 302


def test_one_address_does_not_try_all_names(client, db, clock):
    answers = [guess(client, 1, name=f"name-{number}")[0] for number in range(25)]
    assert answers == [200] * 20 + [429] * 5
    assert guess(client, 1, name="name-99", address="192.0.2.77") == [200]


def test_unknown_and_known_names_are_answered_alike(client, editor, outsider, clock):
    outsider.is_active = False
    outsider.save()
    answers = []
    for name in ("editor", "nobody", "outsider"):
        pages = [log_in(client, "wrong", name, f"192.0.2.{len(name)}") for _ in range(7)]
        answers.append([(page.status_code, page.get("Retry-After"), words_of(page, name)) for page in pages])
    assert answers[0] == answers[1] == answers[2]


def words_of(page, name: str) -> str:
    text = page.content.decode().replace(name, "NAME")
    return re.sub(r'name="(csrfmiddlewaretoken|form_key)" value="[^"]+"', "", text)


def test_names_are_counted_however_they_are_written(client, editor, clock):
    for name in ("Editor", "EDITOR", "editor", "eDitor", "edItor"):
        guess(client, 1, name=name)
    assert guess(client, 1) == [429]
    assert guess(client, 1, name="ß" * 150, address="192.0.2.8") == [200]


def test_the_address_is_the_one_a_trusted_proxy_tells(client, editor, settings, clock):
    settings.TRUSTED_PROXIES = 1
    proxied = {"REMOTE_ADDR": "10.0.0.1", "HTTP_X_FORWARDED_FOR": "203.0.113.9"}
    for _ in range(6):
        client.post(LOGIN, {"username": "editor", "password": "wrong"}, **proxied)
    colleague = proxied | {"HTTP_X_FORWARDED_FOR": "203.0.113.10"}
    assert client.post(LOGIN, {"username": "editor", "password": RIGHT}, **proxied).status_code == 429
    assert client.post(LOGIN, {"username": "editor", "password": RIGHT}, **colleague).status_code == 302


PARALLEL = """
import json, threading
import time_machine
from django.conf import settings
settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.utils import timezone
from articles.models import LoginFailure
get_user_model().objects.get_or_create(username="chief", defaults={"is_staff": True, "is_active": True})
LoginFailure.objects.all().delete()
def wave():
    gate, answers = threading.Barrier(16), []
    def one(number):
        client = Client(SERVER_NAME="localhost", REMOTE_ADDR="192.0.2.1")
        gate.wait()
        answers.append(client.post("/admin/login/", {"username": "chief", "password": str(number)}).status_code)
        connection.close()
    threads = [threading.Thread(target=one, args=(number,)) for number in range(16)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    return answers.count(200), answers.count(429), LoginFailure.objects.count()
with time_machine.travel(timezone.now(), tick=False) as clock:
    found = [wave(), wave()]
    for seconds in (10, 20, 40):
        clock.shift(seconds)
        found.append(wave())
print(json.dumps(found))
"""


def test_many_tries_at_once_gain_nothing_on_one_after_the_other(own_house):
    """Whoever is sent away while others are checked is not counted, nor is one who comes too early alone.

    So waves of sixteen get five passwords looked at, then one after each wait, which doubles all the same.
    """
    found = json.loads(run(own_house, PARALLEL).splitlines()[-1])
    assert found == [[5, 11, 5], [0, 16, 5], [1, 15, 6], [1, 15, 7], [1, 15, 8]]


# A forgotten password


def reset(client, email="editor@example.com", address="192.0.2.1"):
    return client.post(reverse("admin_password_reset"), {"email": email}, REMOTE_ADDR=address)


def link_in(mail) -> str:
    return re.search(r"http://localhost:8000(/\S+)", mail.body)[1]


def test_a_completed_reset_ends_the_wait(client, editor, mailoutbox, clock):
    for number in range(30):
        guess(client, 1, address=f"203.0.113.{number}")
    guess(client, 8)
    assert log_in(client, RIGHT).status_code == 429
    reset(client)
    form = client.get(link_in(mailoutbox[0]), follow=True)
    new = {"new_password1": "an even longer one 7", "new_password2": "an even longer one 7"}
    client.post(form.request["PATH_INFO"], new, REMOTE_ADDR="192.0.2.1")
    for number in range(30):
        guess(client, 1, address=f"203.0.113.{number}")
    assert log_in(client, "an even longer one 7").status_code == 302


def test_links_are_limited_for_one_address_of_mail(client, editor, mailoutbox, clock):
    answers = [reset(client, email, f"203.0.113.{number}") for number, email in enumerate(["editor@example.com"] * 5)]
    assert [answer.status_code for answer in answers] == [302, 302, 302, 429, 429]
    assert len(mailoutbox) == 3
    assert answers[-1]["Retry-After"] == "60" and "Look for the newest one" in answers[-1].content.decode()
    unknown = [reset(client, "nobody@example.com", f"198.51.100.{number}").status_code for number in range(5)]
    assert unknown == [answer.status_code for answer in answers]
    clock.shift(60)
    assert reset(client, "Editor@Example.com").status_code == 302


def test_links_are_limited_for_one_client(client, db, clock):
    assert [reset(client, f"{number}@example.com").status_code for number in range(12)] == [302] * 10 + [429] * 2
    assert reset(client, "one@example.com", "192.0.2.2").status_code == 302


# Housekeeping


def test_what_is_over_is_swept(client, editor, clock):
    guess(client, 3)
    log_in(client, RIGHT, address="192.0.2.2")
    for days, failures, places, sessions in ((0, 3, 1, 1), (2, 0, 1, 1), (15, 0, 1, 0), (91, 0, 0, 0)):
        housekeeping.sweep(timezone.now() + timedelta(days=days))
        found = (LoginFailure.objects.count(), KnownAddress.objects.count(), Session.objects.count())
        assert found == (failures, places, sessions), days
