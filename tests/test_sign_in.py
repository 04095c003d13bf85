"""What docs/security.md says of passwords, sessions and cookies and leaves to Django: asked of the pages themselves."""

import re

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.urls import reverse

from .test_settings import start  # noqa: F401 - a fixture

LOGIN, CHANGE = reverse("admin:login"), reverse("admin:password_change")
OLD = "the one I chose first"


@pytest.fixture
def colleague(db):
    return get_user_model().objects.create_user("nadia", "nadia@example.com", OLD, is_staff=True)


def sign_in(client, password=OLD):
    return client.post(LOGIN, {"username": "nadia", "password": password})


def choose(client, new, old=OLD):
    return client.post(CHANGE, {"old_password": old, "new_password1": new, "new_password2": new})


@pytest.mark.parametrize("new", ["slow green river", "Ωμέγα 🎬 пароль", "wrtzplmvqd", "7302918465", "x" * 69 + "y"])
def test_any_signs_make_a_password_and_all_of_them_count(client, colleague, new):
    sign_in(client)
    assert choose(client, new).status_code == 302
    client.logout()
    assert sign_in(client, new[:-1]).status_code == 200
    assert sign_in(client, new).status_code == 302


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [("not it", "slow green river", "old password was entered incorrectly"), (OLD, "password123", "too common"), (OLD, "short one", "too short")],
)  # fmt: skip
def test_a_new_password_needs_the_old_one_and_is_not_a_common_one(client, colleague, old, new, sentence):
    sign_in(client)
    assert sentence in choose(client, new, old).content.decode()
    assert get_user_model().objects.get().check_password(OLD)


def test_passwords_are_kept_as_slow_salted_hashes(colleague, settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
    kept = []
    for _ in range(2):
        colleague.set_password(OLD)
        kept.append(colleague.password.split("$"))
    assert [(name, int(rounds) >= 100_000, len(salt) >= 22) for name, rounds, salt, _ in kept] == [("pbkdf2_sha256", True, True)] * 2  # fmt: skip
    assert kept[0][2:] != kept[1][2:]


def test_a_session_is_a_cookie_of_its_own_from_sign_in_to_sign_out(client, colleague):
    client.get(LOGIN)
    client.session["before"] = 1
    answer = sign_in(client)
    first = client.cookies["sessionid"].value
    assert len(first) == 32
    assert first not in answer["Location"]
    assert "no-store" in client.get(reverse("admin:index"))["Cache-Control"]
    assert client.post(reverse("admin:logout"))["Clear-Site-Data"] == '"storage"', "Words kept in the browser go, too."
    client.cookies["sessionid"] = first
    assert client.get(reverse("admin:index")).status_code == 302
    sign_in(client)
    assert client.cookies["sessionid"].value != first


def test_a_new_password_ends_all_other_sessions(client, colleague):
    other = client.__class__()
    assert sign_in(other).status_code == sign_in(client).status_code == 302
    choose(client, "slow green river")
    assert client.get(reverse("admin:index")).status_code == 200
    assert other.get(reverse("admin:index")).status_code == 302


def test_cookies_under_tls_stay_with_this_host(client, colleague, settings, start):  # noqa: F811
    made = start(HTTPS="true", SECRET_KEY="long enough to be a key of production")
    for name in ("SESSION_COOKIE_NAME", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_SSL_REDIRECT"):
        setattr(settings, name, getattr(made, name))
    client.post(LOGIN, {"username": "nadia", "password": OLD}, secure=True)
    cookie = client.cookies["__Host-sessionid"]
    assert (cookie["secure"], cookie["httponly"], cookie["samesite"], cookie["path"], cookie["domain"]) == (True, True, "Lax", "/", "")  # fmt: skip


def test_no_folder_is_listed_and_refusals_are_logged(client, colleague, caplog):
    for place in ("/static/", "/static/admin/", "/uploads/", "/.git/config", "/.env", "/var/"):
        assert client.get(place).status_code == 404, place
    colleague.groups.add(Group.objects.get(name="writer"))
    sign_in(client)
    assert client.get(reverse("admin:auth_user_changelist")).status_code == 403
    assert re.search(r"Forbidden.*/admin/auth/user/", caplog.text)
