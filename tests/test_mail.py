"""Mail: a forgotten password by a real mail server, and what happens without one."""

import pytest
from django.contrib.auth import get_user_model
from django.core.mail import send_mail
from django.core.management import CommandError, call_command
from django.urls import reverse

from . import newsroom
from .mail_catcher import mail_catcher, make_certificate
from .test_settings import start  # noqa: F401 - a fixture

PAGE = "/admin/password_reset/"
EMAIL = ("BACKEND", "HOST", "PORT", "HOST_USER", "HOST_PASSWORD", "USE_TLS", "USE_SSL", "TIMEOUT")


@pytest.fixture
def catcher():
    with mail_catcher() as server:
        yield server


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    return make_certificate(tmp_path_factory.mktemp("mail") / "certificate.pem")


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
    through(
        EMAIL_URL=f"smtp://desk:se%40cret@127.0.0.1:{catcher.port}", DEFAULT_FROM_EMAIL="The Desk <desk@example.com>"
    )
    settings.ALLOWED_HOSTS = ["*"]
    assert "administrator" not in client.get(PAGE).content.decode()
    answer = client.post(PAGE, {"email": "nadia@example.com"}, HTTP_HOST="evil.example", follow=True)
    assert "a link to choose a new password is on its way" in answer.content.decode()
    assert ["desk", "se@cret"] in catcher.logins
    (mail,) = catcher.mails
    assert (mail["From"], mail["To"]) == ("The Desk <desk@example.com>", "nadia@example.com")
    assert "evil" not in mail.as_string()
    (link,) = catcher.links()
    assert link.startswith("https://cms.example.com/admin/reset/")
    form = client.get(link.removeprefix("https://cms.example.com"), follow=True)
    words = {"new_password1": "an even longer one 7", "new_password2": "an even longer one 7"}
    client.post(form.request["PATH_INFO"], words)
    assert client.login(username="nadia", password="an even longer one 7")


def test_nobody_learns_who_has_an_account(client, through, catcher, colleague):
    through(EMAIL_URL=f"smtp://127.0.0.1:{catcher.port}")
    known = client.post(PAGE, {"email": "nadia@example.com"}, follow=True)
    unknown = client.post(PAGE, {"email": "nobody@example.com"}, follow=True)
    assert known.redirect_chain == unknown.redirect_chain
    assert len(catcher.mails) == 1


@pytest.mark.parametrize(
    ("tls", "url"), [("starttls", "smtp://127.0.0.1:{}?tls"), ("implicit", "smtps://127.0.0.1:{}")]
)
def test_mail_travels_by_tls_to_a_server_whose_authority_is_known(
    client, monkeypatch, through, certificate, colleague, tls, url
):
    with mail_catcher(tls, certificate) as catcher:
        through(EMAIL_URL=url.format(catcher.port))
        unknown = client.post(PAGE, {"email": "nadia@example.com"})
        assert (unknown.status_code, catcher.mails) == (503, [])
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        assert client.post(PAGE, {"email": "nadia@example.com"}).status_code == 302
        assert catcher.links()


@pytest.mark.parametrize("email", ["nadia@example.com", "nobody@example.com"])
@pytest.mark.parametrize("refuses", ["everything", "login"])
def test_a_mail_server_that_is_gone_or_refuses_us_is_a_sentence_to_everybody(
    client, through, catcher, colleague, refuses, email
):
    catcher.refuses = refuses
    through(EMAIL_URL=f"smtp://desk:wrong@127.0.0.1:{1 if refuses == 'everything' else catcher.port}")
    answer = client.post(PAGE, {"email": email})
    assert (answer.status_code, answer["Retry-After"]) == (503, "60")
    assert "No email can be sent at the moment. Try again in a few minutes" in answer.content.decode()


def test_a_mail_that_is_refused_tells_nobody_who_has_an_account(client, through, catcher, colleague, caplog):
    catcher.refuses = "mail"
    through(EMAIL_URL=f"smtp://127.0.0.1:{catcher.port}")
    assert client.post(PAGE, {"email": "nadia@example.com"}, follow=True).status_code == 200
    assert "Failed to send password reset email" in caplog.text
    assert "Come back later" in caplog.text


def test_the_digest_comes_by_mail_or_says_why_not(db, settings, through, catcher, capsys):
    newsroom.photo(slot=True)
    through(EMAIL_URL=f"smtp://127.0.0.1:{catcher.port}")
    settings.PHOTO_DESK_EMAIL = ["desk@example.com"]
    call_command("photo_desk_digest")
    (mail,) = catcher.mails
    assert mail["Subject"].startswith("Photo desk, ")
    assert mail.get_content().split() == capsys.readouterr().out.split()
    catcher.refuses = "mail"
    with pytest.raises(CommandError, match=r"not mailed: the mail server answered “.*Come back later"):
        call_command("photo_desk_digest")


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
