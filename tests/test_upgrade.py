"""A house that was at work with the last release goes on where it stopped: what it queued, began, shared and served.

tests/data/releases holds its rows as older versions' own verbs made them, what it answered, and the files of its photos;
the words to search by lie in each database's own index, which `rebuild_live` fills.
"""

import re
from datetime import datetime, timedelta

import pytest
import time_machine
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Value
from django.db.models.functions import Replace
from django.test import Client
from django.utils.dateparse import parse_datetime
from django_tasks_db.models import DBTaskResult
from standardwebhooks.webhooks import Webhook

from articles.models import (
    ApiToken,
    Article,
    Delivery,
    Endpoint,
    LiveDocumentBody,
    PreviewLink,
    Purge,
    Section,
    SectionScope,
    Template,
)
from media.models import Photo, Rendition

from . import releases, test_webhooks
from .releases import ONE, STORY, move_in

HOUSE = releases.read("answers.json")
STOPPED = parse_datetime(HOUSE["recorded_at"])
DUE = "/api/v1/articles/the-lights-go-down/"

receiver = test_webhooks.receiver
pytestmark = pytest.mark.django_db


@pytest.fixture
def clock():
    with time_machine.travel(STOPPED, tick=False) as traveller:
        yield traveller


@pytest.fixture
def house(settings, clock):
    settings.SECRET_KEY, settings.PUBLIC_URL = HOUSE["secret_key"], "https://cms.example.com"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
    move_in()


def visitor(**options) -> Client:
    return Client(SERVER_NAME="localhost", **options)


def chief() -> Client:
    """Return a visitor with the cookie that was set then."""
    made = visitor()
    made.cookies["sessionid"] = HOUSE["session"]
    return made


def differences(answers: dict) -> dict:
    """Return by address what is answered now where it is not what was recorded."""
    found = {}
    for path, was in answers.items():
        answer = visitor().get(path)
        now = {name: answer.headers.get(name.capitalize()) for name in ("location", "etag")}
        now |= {"status": answer.status_code, "body": answer.content.decode()}
        if comparable(now) != comparable(was):
            found[path] = now
    return found


def comparable(answer: dict) -> dict:
    """Return an answer without what says nothing: the id of its request, and the sealed `since` with the ETag over it."""
    body = re.sub(r'"request_id": "\w+"|"since":"[^"]+"', "", answer["body"])
    return answer | {"body": body, "etag": None if '"since":"' in answer["body"] else answer["etag"]}


# Readers


def test_every_answer_is_the_same_bytes_as_before(house):
    assert {answer["status"] for answer in HOUSE["answers"].values()} == {200, 301, 404, 410}
    assert differences(HOUSE["answers"]) == {}


def test_what_is_rendered_anew_is_the_same_bytes_or_the_changes_say_so(house):
    mangled = {name: Replace(name, Value("carpet"), Value("floor")) for name in ("document_json", "card", "bare_card")}
    LiveDocumentBody.objects.update(**mangled)
    assert STORY in differences(HOUSE["answers"])
    call_command("rebuild_live", "--all", verbosity=0)
    # What is built anew has changed now, and the list of updates tells that a little later.
    changed = {*differences(HOUSE["answers"])} - {"/api/v1/updates/?since=2026-06-01"}
    assert not changed or "`rebuild_live --all`" in releases.unreleased(), (
        f"Other bytes than before: {sorted(changed)}. Say in CHANGELOG.md that `rebuild_live --all` follows the upgrade."
    )
    found = visitor().get("/api/v1/search/?q=carpet").json()["results"]
    assert [each["slug"] for each in found] == HOUSE["found"] != []


def test_an_etag_from_before_still_answers_304(house):
    for path in ("/api/v1/articles/", STORY):
        given = {"If-None-Match": HOUSE["answers"][path]["etag"]}
        assert visitor().get(path, headers=given).status_code == 304, path


def test_a_story_scheduled_before_goes_live_at_its_instant(house, clock):
    clock.move_to(ONE - timedelta(microseconds=1))
    assert visitor().get(DUE).status_code == 404
    clock.move_to(ONE)
    assert HOUSE["answers_at_one"][DUE]["status"] == 200
    assert differences(HOUSE["answers_at_one"]) == {}


def test_preview_links_from_before_open_until_they_end(house, clock):
    links = PreviewLink.objects.order_by("pk")
    shown = [visitor().get(f"/api/v1/preview/{link.token}/") for link in links]
    assert [answer.json()["headline"] for answer in shown] == [
        "A draft somebody shares, as it is now",
        "A draft somebody shares",
    ]
    clock.move_to(STOPPED + timedelta(days=7))
    assert [visitor().get(f"/api/v1/preview/{link.token}/").status_code for link in links] == [410, 410]


# Colleagues


def test_a_session_begun_before_goes_on(house):
    page = chief().get("/admin/")
    assert page.status_code == 200 and page.context["user"].username == "chief"


def test_another_key_would_have_ended_it(house, settings):
    settings.SECRET_KEY = "some other key"
    assert chief().get("/admin/").status_code == 302


def test_passwords_and_links_to_set_one_anew_still_serve(house):
    assert visitor().login(username="writer", password=HOUSE["password"])
    assert not visitor().login(username="writer", password="another password")
    answer = visitor().get(HOUSE["reset"])
    assert answer.status_code == 302 and answer["Location"].endswith("/set-password/")


def test_what_was_typed_and_not_saved_is_offered_again(house):
    draft = Article.objects.get(slug="a-draft")
    page = chief().get(f"/admin/articles/article/{draft.pk}/change/")
    assert page.status_code == 200
    assert "data-discard-autosave" in page.content.decode()
    restored = chief().get(f"/admin/articles/article/{draft.pk}/change/?restore=1")
    assert "Typed and not saved" in restored.content.decode()


def test_a_colleague_confined_to_a_section_still_is(house):
    writer = get_user_model().objects.get(username="writer")
    allowed = {each.name: SectionScope.objects.allows(writer, each.pk) for each in Section.objects.all()}
    assert allowed == {"Film": False, "Music": True}


def test_a_template_kept_before_begins_a_story(house):
    by = get_user_model().objects.get(username="chief")
    begun = Article.start(Template.objects.get(name="Premiere"), by=by)
    assert begun.headline == "Mara Okonjo returns to the carpet" and begun.lead_photo is None


def test_a_draft_from_before_is_published_and_a_live_story_corrected(house):
    by, story = get_user_model().objects.get(username="chief"), Article.objects.get(slug="a-draft")
    story.publish(by=by)
    assert visitor().get("/api/v1/articles/a-draft/").json()["headline"] == story.headline
    live = Article.objects.get(slug="mara-okonjo-returns-to-the-red-carpet")
    live.headline = "Mara Okonjo returns"
    live.save()
    assert live.publish(by=by, kind="correction", public_note="It was no carpet.").number == 3
    shown = visitor().get(STORY).json()
    assert (shown["headline"], len(shown["corrections"])) == ("Mara Okonjo returns", 2)


# Scripts


def send(method: str, path: str, body: str, **headers):
    given = {"Authorization": f"Bearer {HOUSE['token']}"} | {
        name.replace("_", "-"): words for name, words in headers.items()
    }
    return visitor().generic(method, path, body, content_type="application/json", headers=given)


def test_a_token_from_before_writes_and_publishes(house):
    address = f"/api/v1/drafts/{HOUSE['draft']}/"
    answer = send("PATCH", address, '{"headline": "Written after the move"}', If_Match='"1"')
    assert answer.status_code == 200, answer.content
    assert send("POST", f"{address}publish/", "{}", Idempotency_Key="live").status_code == 200
    story = Article.objects.get(pk=HOUSE["draft"])
    assert visitor().get(f"/api/v1/articles/{story.slug}/").json()["headline"] == "Written after the move"
    ApiToken.objects.update(digest="0" * 64)
    assert send("PATCH", address, "{}").status_code == 401


def test_whoever_asks_again_under_the_same_key_gets_the_answer_kept(house):
    kept, before = HOUSE["kept"], Article.objects.count()
    answer = send("POST", "/api/v1/drafts/", kept["sent"], Idempotency_Key=kept["key"])
    assert (answer.status_code, answer["Idempotency-Replayed"]) == (201, "true")
    assert answer.content.decode() == kept["body"] and Article.objects.count() == before


# The worker


@pytest.mark.django_db(transaction=True)
def test_the_worker_ends_what_was_queued(receiver, settings):
    """Every task there is waits in the old queue, beside news for a receiver and for a cache."""
    settings.PURGE_BACKEND, settings.PURGE_URLS = "surrogate-key", [receiver.url]
    move_in()
    queued = {task.pk: task.task_path for task in DBTaskResult.objects.all()}
    assert set(queued.values()) == {
        f"media.tasks.{name}" for name in ("make_renditions", "make_avif", "relabel", "sweep")
    }
    Endpoint.objects.update(url=receiver.url)
    news = {str(row.pk): row.payload for row in Delivery.objects.all()}
    asked = {tag for row in Purge.objects.all() for tag in row.tags}
    assert len(news) > 3 and len(asked) > 3
    with time_machine.travel(STOPPED + timedelta(days=3)):
        call_command("worker", "--once")
        assert received(receiver) == news
    assert {*DBTaskResult.objects.filter(pk__in=queued).values_list("status", flat=True)} == {"SUCCESSFUL"}
    assert not DBTaskResult.objects.exclude(status="SUCCESSFUL").filter(task_path="media.tasks.relabel").exists()
    for photo in Photo.objects.all():
        assert photo.delivered["formats"] == ["avif", "webp", "jpg"] and len(photo.delivered["crops"]) > 1
    for row in Rendition.objects.filter(photo__credit__supplied_line="Photo by Petra Lindqvist/Getty Images"):
        assert b"StreamCo" not in row.file.read()
    assert {*Delivery.objects.filter(pk__in=news).values_list("state", flat=True)} == {"delivered"}
    told = {tag for _, headers, _ in receiver.requests for tag in headers.get("Surrogate-Key", "").split()}
    assert asked <= told


def received(receiver) -> dict:
    """Return by id what came for the old endpoint, signed with its secret of then; the scheduled story is news of its own."""
    sent = [(headers, body) for _, headers, body in receiver.requests if "webhook-id" in headers]
    checked = {
        headers["webhook-id"]: Webhook(Endpoint.objects.get().secret).verify(body, headers) for headers, body in sent
    }
    return {key: payload for key, payload in checked.items() if datetime.fromisoformat(payload["timestamp"]) <= STOPPED}


# The database


def test_migrations_begin_where_the_old_house_stands(db):
    """Each migration it has run is still there under its name, and nothing that is there stays to be run here."""
    executor = MigrationExecutor(connection)
    known = {f"{app}.{name}" for app, name in executor.loader.graph.nodes}
    assert set(HOUSE["migrations"]) <= known
    assert executor.migration_plan(executor.loader.graph.leaf_nodes()) == []
