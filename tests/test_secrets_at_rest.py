"""What the database keeps of secrets: nothing that opens or signs without SECRET_KEY, and a new key silences nobody."""

import os
import stat
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.utils import timezone
from standardwebhooks.webhooks import Webhook

from articles.management import housekeeping
from articles.models import Delivery, Endpoint, PreviewLink
from articles.outbox import webhooks

from . import newsroom, test_webhooks
from .own_house import ROOT, manage, run
from .test_settings import start  # noqa: F401 - a fixture

receiver = test_webhooks.receiver
pytestmark = pytest.mark.django_db
OLD, NEW = "the key of before, long enough", "the key of today, long enough as well"


def kept(table: str, column: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {table}")
        ((value,),) = cursor.fetchall()
    return value


def keep(table: str, column: str, value: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET {column} = %s", [value])


def share() -> PreviewLink:
    return PreviewLink.objects.share(newsroom.article(), by=None, expires_at=timezone.now() + timedelta(days=1))


def opens(client, token: str) -> int:
    return client.get(f"/api/v1/preview/{token}/").status_code


def test_the_database_alone_opens_no_preview(client):
    token = share().token
    assert opens(client, token) == 200
    stored = kept("articles_previewlink", "token")
    assert stored.startswith("~") and token not in stored
    for guess in (
        stored[1:],
        stored,
        token[:-1],
        token[:-1] + ("A" if token[-1] != "A" else "B"),
        stored[1:] + "A" * 32,
    ):
        assert opens(client, guess) == 404, guess
    assert PreviewLink.objects.get().token == token, "a colleague can be shown it again"


def test_a_preview_link_outlives_its_key_for_as_long_as_the_key_is_named(client, settings):
    settings.SECRET_KEY = OLD
    token = share().token
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = NEW, [OLD]
    assert opens(client, token) == opens(client, PreviewLink.objects.get().token) == 200
    assert PreviewLink.objects.get().token != token
    settings.SECRET_KEY_FALLBACKS = []
    assert opens(client, token) == 404


def test_a_link_from_before_opens_and_leaves_only_a_digest(client, settings):
    share()
    old = "Jle1GAUk3ROz6f30VNwATRclv4C8Myv-L441JvuRCjc"
    keep("articles_previewlink", "token", old)
    assert opens(client, old) == 200
    housekeeping.seal(timezone.now())
    stored = kept("articles_previewlink", "token")
    assert old not in stored and stored.startswith("#")
    assert opens(client, old) == 200
    assert opens(client, stored[1:]) == 404
    settings.SECRET_KEY = NEW
    assert opens(client, old) == 200
    assert not PreviewLink.objects.get().can_be_shown


def test_valid_links_never_meet_429(client, settings):
    cache.clear()
    token = share().token
    assert {opens(client, token) for _ in range(130)} == {200}
    assert [opens(client, "guess") for _ in range(121)][-2:] == [404, 429]
    assert opens(client, token) == 200
    cache.clear()


def endpoint(receiver=None) -> Endpoint:
    return Endpoint.objects.create(name="builder", url=receiver.url if receiver else "https://example.com/", events=[])


def test_the_database_alone_signs_nothing(settings):
    secret = endpoint().secret
    stored = kept("articles_endpoint", "secret")
    assert secret.startswith("whsec_") and secret not in stored and "whsec" not in stored
    assert Endpoint.objects.get().secret == secret


def test_a_secret_from_before_signs_and_is_encrypted_by_the_worker():
    made = endpoint()
    keep("articles_endpoint", "secret", made.secret)
    assert Endpoint.objects.get().secret == made.secret
    assert Endpoint.objects.seal() == 1
    assert "whsec" not in kept("articles_endpoint", "secret")
    assert Endpoint.objects.get().secret == made.secret
    assert Endpoint.objects.seal() == 0


@pytest.mark.django_db(transaction=True)
def test_a_new_key_silences_no_receiver(receiver, settings):
    settings.SECRET_KEY = OLD
    made = endpoint(receiver)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = NEW, [OLD]
    newsroom.article("Before").publish()
    webhooks.deliver_all(timezone.now())
    housekeeping.seal(timezone.now())
    settings.SECRET_KEY_FALLBACKS = []
    newsroom.article("After").publish()
    webhooks.deliver_all(timezone.now())
    told = [Webhook(made.secret).verify(body, headers)["type"] for _, headers, body in receiver.requests]
    assert told.count("article.published") == 2


@pytest.mark.django_db(transaction=True)
def test_a_lost_key_is_told_and_nothing_is_sent_unsigned(receiver, settings):
    settings.SECRET_KEY = OLD
    made = endpoint(receiver)
    settings.SECRET_KEY = NEW
    newsroom.article().publish()
    webhooks.deliver_all(timezone.now())
    assert receiver.requests == []
    assert "SECRET_KEY_FALLBACKS" in Delivery.objects.first().log[0]["fault"]
    Endpoint.objects.get().save()
    settings.SECRET_KEY_FALLBACKS = [OLD]
    assert Endpoint.objects.get().secret == made.secret, "saving the form did not lose it"


MAKE = """
from datetime import timedelta
from django.utils import timezone
from articles.models import Endpoint, PreviewLink
from tests import newsroom
link = PreviewLink.objects.share(newsroom.article(), by=None, expires_at=timezone.now() + timedelta(days=1))
print(Endpoint.objects.create(name="builder", url="https://example.com/").secret, link.token)
"""
READ = """
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("SELECT secret, token FROM articles_endpoint, articles_previewlink")
    print(*cursor.fetchone())
"""


def test_going_back_uncovers_what_the_release_before_reads(own_house):
    names = sorted(path.stem for path in (ROOT / "articles" / "migrations").glob("0*.py"))
    (sealing,) = [name for name in names if name.endswith("_nothing_in_clear")]
    clear = run(own_house, MAKE)
    assert run(own_house, READ) != clear
    manage(own_house, "migrate", "articles", names[names.index(sealing) - 1], "-v0")
    assert run(own_house, READ) == clear
    manage(own_house, "migrate", "-v0")
    assert run(own_house, READ) == clear, "until the worker comes by"


def test_what_we_make_is_for_our_user_alone(start, tmp_path):  # noqa: F811
    folder = tmp_path / "new" / "var"
    start(VAR_DIR=str(folder))
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir() if path.is_file()} == {0o600}
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir() if path.is_dir()} == {0o700}
    assert (folder / "marquee.sqlite3").exists()
    theirs = tmp_path / "theirs"
    theirs.mkdir(mode=0o750)
    os.chmod(theirs, 0o750)
    start(VAR_DIR=str(theirs))
    assert stat.S_IMODE(theirs.stat().st_mode) == 0o750
