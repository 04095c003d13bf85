"""Mail: a forgotten password by a real mail server, and what happens without one."""

import re
import socketserver
import threading
from base64 import b64decode

import pytest
from django.contrib.auth import get_user_model
from django.core.mail import send_mail
from django.urls import reverse

from .test_settings import start  # noqa: F401 - a fixture

PAGE = "/admin/password_reset/"
EMAIL = ("BACKEND", "HOST", "PORT", "HOST_USER", "HOST_PASSWORD", "USE_TLS", "USE_SSL", "TIMEOUT")


class Session(socketserver.StreamRequestHandler):
    """As much of SMTP as a client needs who signs in and sends mail."""

    def handle(self):
        self.say("220 catcher")
        while line := self.rfile.readline().decode().strip():
            verb = line.split()[0].upper()
            if verb == "EHLO":
                self.say("250-catcher\r\n250 AUTH PLAIN")
            elif verb == "AUTH":
                self.server.logins.append(b64decode(line.split()[2]).decode().split("\0")[1:])
                self.say("235 welcome")
            elif verb == "DATA":
                self.say("354 go on")
                self.server.mails.append("".join(iter(lambda: self.rfile.readline().decode(), ".\r\n")))
                self.say("250 taken")
            else:
                self.say("221 bye" if verb == "QUIT" else "250 fine")

    def say(self, line: str):
        self.wfile.write(f"{line}\r\n".encode())


@pytest.fixture
def catcher():
    """A mail server on this machine that keeps what it is given."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Session) as server:
        server.mails, server.logins = [], []
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def through(start, settings):  # noqa: F811
    """Send mail as these settings of the environment say."""

    def use(**given):
        made = start(PUBLIC_URL="https://cms.example.com", **given)
        for name in (*(f"EMAIL_{name}" for name in EMAIL), "PUBLIC_URL", "DEFAULT_FROM_EMAIL"):
            setattr(settings, name, getattr(made, name))

    return use


@pytest.fixture
def colleague(db):
    return get_user_model().objects.create_user(
        "nadia", "nadia@example.com", "the one I forgot", is_staff=True, is_superuser=True
    )


def test_a_new_password_comes_by_mail_with_a_link_to_our_own_address(client, settings, through, catcher, colleague):
    port = catcher.server_address[1]
    through(EMAIL_URL=f"smtp://desk:se%40cret@127.0.0.1:{port}", DEFAULT_FROM_EMAIL="The Desk <desk@example.com>")
    settings.ALLOWED_HOSTS = ["*"]
    assert "administrator" not in client.get(PAGE).content.decode()
    answer = client.post(PAGE, {"email": "nadia@example.com"}, HTTP_HOST="evil.example", follow=True)
    assert "emailed" in answer.content.decode()
    assert catcher.logins == [["desk", "se@cret"]]
    (mail,) = catcher.mails
    assert "From: The Desk <desk@example.com>\r\n" in mail
    assert "To: nadia@example.com\r\n" in mail
    assert "evil" not in mail
    (link,) = re.findall(r"https?://\S+/admin/reset/\S+", mail)
    assert link.startswith("https://cms.example.com/admin/reset/")
    form = client.get(link.removeprefix("https://cms.example.com"), follow=True)
    words = {"new_password1": "an even longer one 7", "new_password2": "an even longer one 7"}
    client.post(form.request["PATH_INFO"], words)
    assert client.login(username="nadia", password="an even longer one 7")


def test_nobody_learns_who_has_an_account(client, through, catcher, colleague):
    through(EMAIL_URL=f"smtp://127.0.0.1:{catcher.server_address[1]}")
    known = client.post(PAGE, {"email": "nadia@example.com"}, follow=True)
    unknown = client.post(PAGE, {"email": "nobody@example.com"}, follow=True)
    assert known.redirect_chain == unknown.redirect_chain
    assert len(catcher.mails) == 1


def test_a_mail_server_that_is_gone_breaks_no_page(client, through, catcher, colleague):
    through(EMAIL_URL="smtp://127.0.0.1:1")
    assert client.post(PAGE, {"email": "nadia@example.com"}, follow=True).status_code == 200


def test_without_a_mail_server_the_page_sends_people_to_their_administrator(client, through, colleague, caplog, capfd):
    through()
    for answer in (client.get(PAGE), client.post(PAGE, {"email": "nadia@example.com"})):
        page = answer.content.decode()
        assert answer.status_code == 200
        assert "Ask your administrator for a new one." in page
        assert 'name="email"' not in page
    assert PAGE in client.get(reverse("admin:login")).content.decode()
    told = caplog.text + "".join(capfd.readouterr())
    assert "/admin/reset/" not in told


def test_other_mail_without_a_server_is_a_warning_that_keeps_its_words_to_itself(through, caplog):
    through()
    assert send_mail("Photo desk, 3 December", "Who may see what", None, ["desk@example.com"]) == 0
    assert "“Photo desk, 3 December” was not sent" in caplog.text
    assert "Set EMAIL_URL." in caplog.text
    assert "Who may see" not in caplog.text
    assert "desk@example.com" not in caplog.text
