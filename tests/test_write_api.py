"""Feeds and scripts write through the desk's own verbs: same permissions, same gate, nothing twice, nothing lost."""

import inspect
import json
import re
import shutil
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from articles.access.token import digest_of
from articles.api import openapi_writes, writes
from articles.models import ApiToken, Article, AuditEntry, Edition, KeptAnswer, LiveDocument
from media.models import Photo

from . import newsroom

PAGE = Path(__file__).resolve().parent.parent / "docs" / "api.md"
DRAFTS, PHOTOS = "/api/v1/drafts/", "/api/v1/photos/"
pytestmark = pytest.mark.django_db


def colleague(name: str, role: str):
    user = get_user_model().objects.create_user(name, f"{name}@example.com", "a long password", is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    return user


class Script:
    """What a feed or a script does with its token."""

    def __init__(self, client, user, **options):
        self.client = client
        self.token, self.words = ApiToken.objects.issue(user, name="Wire import", **options)

    def ask(self, method: str, path: str, data=None, key: str | None = None, match: str | None = None, **more):
        given = {"Authorization": f"Bearer {self.words}", "Idempotency-Key": key, "If-Match": match}
        headers = {name: value for name, value in given.items() if value is not None}
        body = data if isinstance(data, bytes | str) else json.dumps(data if data is not None else {})
        return self.client.generic(method, path, body, content_type="application/json", headers=headers, **more)

    def post(self, path, data=None, **more):
        return self.ask("POST", path, data, **more)

    def upload(self, file: bytes, key=None, **fields):
        headers = {"Authorization": f"Bearer {self.words}"} | ({"Idempotency-Key": key} if key else {})
        data = fields | {"file": SimpleUploadedFile("premiere.jpg", file, "image/jpeg")}
        return self.client.post(PHOTOS, data, headers=headers)


@pytest.fixture(autouse=True)
def stage(db):
    newsroom.section()
    newsroom.author()
    newsroom.person()
    newsroom.tag()


@pytest.fixture
def publisher(client):
    return Script(client, colleague("publisher", "publisher"))


@pytest.fixture
def writer(client):
    return Script(client, colleague("writer", "writer"))


def a_draft(script: Script, **fields) -> dict:
    answer = script.post(DRAFTS, openapi_writes.DRAFT | fields)
    assert answer.status_code == 201, answer.content
    return answer.json()


# Drafts


def test_draft_keeps_everything_that_was_sent(writer):
    answer = writer.post(DRAFTS, openapi_writes.DRAFT)
    story = Article.objects.get()
    assert answer.status_code == 201
    assert answer["Location"] == f"{DRAFTS}{story.pk}/" and answer["ETag"] == '"1"'
    assert answer["Cache-Control"] == "no-store"
    assert story.owner == writer.token.user and story.section.slug == "film"
    assert [link.author.slug for link in story.articleauthor_set.all()] == ["june-castellane"]
    assert [link.role for link in story.articleperson_set.all()] == ["main"]
    assert story.versions.count() == 1 and "<h2" in story.body and "<strong>Friday</strong>" in story.body
    read = writer.ask("GET", answer["Location"]).json()
    assert read == answer.json()
    assert [block["type"] for block in read["body"]] == ["paragraph", "heading", "list"]
    assert read["live"] is None and read["coming"] == [] and read["tags"] == ["festival-season"]


def test_what_was_read_can_be_sent_back_and_changes_nothing(writer):
    draft = a_draft(writer, works=[newsroom.work().slug], related=[newsroom.article("Another").slug])
    readonly = ("id", "revision", "stage", "desk", "live", "coming", "problems")
    again = {name: value for name, value in draft.items() if name not in readonly}
    answer = writer.ask("PATCH", f"{DRAFTS}{draft['id']}/", again, match='"1"')
    assert answer.status_code == 200, answer.content
    assert answer.json() == draft and Article.objects.get(pk=draft["id"]).versions.count() == 1


def test_draft_says_which_story_it_translates(writer):
    original = newsroom.article("Another")
    draft = a_draft(writer, translation_of=original.slug, locale="de-DE")
    story = Article.objects.get(pk=draft["id"])
    assert draft["translation_of"] == original.slug and story.translation_of == original
    wrong = writer.ask("PATCH", f"{DRAFTS}{draft['id']}/", {"translation_of": draft["slug"]}, match='"1"')
    assert wrong.status_code == 422 and "translation of itself" in wrong.content.decode()
    gone = writer.ask("PATCH", f"{DRAFTS}{draft['id']}/", {"translation_of": None}, match='"1"')
    assert gone.json()["translation_of"] is None


def test_html_is_cleaned_on_the_way_in(writer):
    html = '<p onclick="x()">Hello <script>alert(1)</script><b>there</b></p>'
    fields = {name: value for name, value in openapi_writes.DRAFT.items() if name != "body"}
    draft = writer.post(DRAFTS, fields | {"body_html": html}).json()
    assert "script" not in json.dumps(draft["body"]) and "onclick" not in json.dumps(draft["body"])
    assert draft["body"][0]["html"].startswith("Hello")


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"headlin": "Typo"}, "headlin"),
        ({"headline": ""}, "headline"),
        ({"section": "nowhere"}, "section"),
        ({"people": [{"slug": "nobody"}]}, "people[0].slug"),
        ({"body": [{"type": "sonnet"}]}, "body"),
        ({"body": [], "body_html": ""}, "body_html"),
        ({"lead_photo": "01980c2e-7b1a-7c3d-9e4f-5a6b7c8d9e0f"}, "lead_photo"),
        ({"slug": "Not A Slug"}, "slug"),
    ],
)
def test_wrong_field_is_named(writer, fields, name):
    answer = writer.post(DRAFTS, openapi_writes.DRAFT | fields)
    assert answer.status_code == 400 and answer["Content-Type"] == "application/problem+json"
    assert name in [error["parameter"] for error in answer.json()["errors"]]
    assert not Article.objects.exists()


@pytest.mark.parametrize(
    ("fields", "place"),
    [
        ({"authors": [{"slug": "june-castellane", "rank": 1}]}, "authors[0].rank"),
        ({"body": [{"type": "paragraph", "html": "Words.", "colour": "red"}]}, "body[0].colour"),
        ({"body": [{"type": "list", "items": [{"html": "One", "mark": "*"}]}]}, "body[0].items[0].mark"),
    ],
)
def test_unknown_field_further_down_is_refused_too(writer, fields, place):
    answer = writer.post(DRAFTS, openapi_writes.DRAFT | fields)
    assert answer.status_code == 400 and place in answer.json()["detail"]
    assert not Article.objects.exists()


def test_contradiction_is_refused_with_a_sentence(writer):
    answer = writer.post(DRAFTS, openapi_writes.DRAFT | {"review_rating": "9.0", "review_scale": 5})
    assert answer.status_code == 422
    assert answer.json()["detail"] == "The rating is outside its scale."


def test_change_needs_the_etag_that_was_read(writer):
    path = f"{DRAFTS}{a_draft(writer)['id']}/"
    assert writer.ask("PATCH", path, {"label": "Exclusive"}).status_code == 428
    first = writer.ask("PATCH", path, {"headline": "Mine"}, match='"1"')
    second = writer.ask("PATCH", path, {"headline": "Theirs"}, match='"1"')
    assert (first.status_code, second.status_code) == (200, 412)
    assert first["ETag"] == second["ETag"] == '"2"'
    assert Article.objects.get().headline == "Mine"


def test_change_leaves_other_fields_alone(writer):
    draft = a_draft(writer)
    changed = writer.ask("PATCH", f"{DRAFTS}{draft['id']}/", {"label": "Exclusive"}, match='"1"').json()
    assert changed == draft | {"label": "Exclusive", "revision": 2}


# Who may


def test_request_without_a_good_token_is_told_how_to_come_back(client, writer):
    user = writer.token.user
    now = timezone.now()
    expired = Script(client, user, expires_at=now + timedelta(seconds=1))
    revoked = Script(client, user)
    revoked.token.revoke(by=user)
    with time_machine.travel(now + timedelta(minutes=1), tick=False):
        for words in (None, "", "mq_00000000_nothing", writer.words + "x", expired.words, revoked.words, "mq_ä_ö"):
            headers = {} if words is None else {"Authorization": f"Bearer {words}".encode().decode("latin-1")}
            answer = client.post(DRAFTS, "{}", content_type="application/json", headers=headers)
            assert answer.status_code == 401 and answer["WWW-Authenticate"] == 'Bearer realm="Marquee"', words
        assert writer.post(DRAFTS, openapi_writes.DRAFT).status_code == 201
    get_user_model().objects.filter(pk=user.pk).update(is_active=False)
    assert writer.post(DRAFTS, openapi_writes.DRAFT).status_code == 401


def test_session_of_the_admin_is_no_token(client, editor):
    client.force_login(editor)
    assert client.post(DRAFTS, "{}", content_type="application/json").status_code == 401


def test_only_a_digest_of_the_token_is_kept(writer):
    assert writer.words not in json.dumps(list(ApiToken.objects.values()), default=str)
    assert ApiToken.objects.get().digest == digest_of(writer.words)
    assert AuditEntry.objects.filter(verb="token.issued").exists()


def test_use_of_a_token_is_noted(writer):
    writer.post(DRAFTS, openapi_writes.DRAFT)
    assert ApiToken.objects.get().last_used_at is not None


def test_permissions_of_the_colleague_apply(writer, publisher, client):
    draft = a_draft(writer)
    assert writer.post(f"{DRAFTS}{draft['id']}/publish/").status_code == 403
    assert "publish" in writer.post(f"{DRAFTS}{draft['id']}/publish/").json()["detail"]
    desk = Script(client, colleague("desk", "photo desk"))
    assert desk.post(DRAFTS, openapi_writes.DRAFT).status_code == 403
    assert desk.ask("PATCH", f"{DRAFTS}{draft['id']}/", {"label": "x"}, match="*").status_code == 403
    other = Script(client, colleague("other", "writer"))
    assert other.ask("PATCH", f"{DRAFTS}{draft['id']}/", {"label": "x"}, match="*").status_code == 403
    assert publisher.ask("PATCH", f"{DRAFTS}{draft['id']}/", {"label": "x"}, match="*").status_code == 200


def test_restricted_story_exists_only_for_those_named(writer, publisher):
    draft = a_draft(writer)
    story = Article.objects.get(pk=draft["id"])
    story.restricted_to.add(writer.token.user)
    path = f"{DRAFTS}{draft['id']}/"
    for method, where in (("GET", path), ("PATCH", path), ("POST", f"{path}publish/"), ("POST", f"{path}withdraw/")):
        assert publisher.ask(method, where, {}, match="*").status_code == 404
    assert writer.ask("GET", path).status_code == 200
    other = a_draft(publisher)
    assert publisher.ask("PATCH", f"{DRAFTS}{other['id']}/", {"related": [story.slug]}, match="*").status_code == 400


def test_answers_say_which_methods_there_are(writer):
    assert writer.ask("GET", DRAFTS).status_code == 405
    assert writer.ask("GET", DRAFTS)["Allow"] == "POST, OPTIONS"
    assert (
        writer.client.post(
            DRAFTS, "a=b", content_type="text/plain", headers={"Authorization": f"Bearer {writer.words}"}
        ).status_code
        == 415
    )


# Publishing


def test_story_goes_live_and_away_by_script(publisher, client):
    draft = a_draft(publisher)
    answer = publisher.post(f"{DRAFTS}{draft['id']}/publish/", {"note": "From the wire."})
    assert answer.status_code == 200 and answer.json()["kind"] == "first" and answer.json()["ends"] is None
    assert client.get(f"/api/v1/articles/{draft['slug']}/").status_code == 200
    assert publisher.ask("GET", f"{DRAFTS}{draft['id']}/").json()["live"]["number"] == 1
    gone = publisher.post(f"{DRAFTS}{draft['id']}/withdraw/", openapi_writes.WITHDRAWAL)
    assert gone.status_code == 200 and gone.json()["kind"] == "withdrawal"
    assert client.get(f"/api/v1/articles/{draft['slug']}/").status_code == 410


def test_story_is_scheduled_and_corrected(publisher):
    draft = a_draft(publisher)
    path = f"{DRAFTS}{draft['id']}/"
    at = (timezone.now() + timedelta(days=1)).replace(microsecond=0)
    assert publisher.post(f"{path}publish/", {"at": at.isoformat()}).json()["number"] == 1
    shown = publisher.ask("GET", path).json()
    assert shown["live"] is None and [each["number"] for each in shown["coming"]] == [1]
    with time_machine.travel(at + timedelta(hours=1), tick=False):
        etag = publisher.ask("PATCH", path, {"headline": "Corrected"}, match="*")["ETag"]
        correction = {"kind": "correction", "public_note": "The name was wrong."}
        assert publisher.post(f"{path}publish/", correction, match='"1"').status_code == 412
        assert publisher.post(f"{path}publish/", correction, match=etag).json()["kind"] == "correction"


def test_gate_answers_with_the_list_of_problems(publisher):
    slot = newsroom.photo(slot=True)
    draft = a_draft(publisher, section=None, lead_photo=str(slot.pk))
    answer = publisher.post(f"{DRAFTS}{draft['id']}/publish/")
    problem = answer.json()
    assert answer.status_code == 422 and problem["type"] == "urn:marquee:problem:gate-closed"
    assert {each["code"]: each["photo"] for each in problem["problems"]} == {
        "section_missing": None, "slot_empty": str(slot.pk),
    }  # fmt: skip
    assert not Edition.objects.exists()


@pytest.mark.parametrize("wrong", [{"at": "2001-01-01T00:00:00Z"}, {"ends": "2001-01-01T00:00:00Z"}])
def test_past_moment_is_refused(publisher, wrong):
    assert publisher.post(f"{DRAFTS}{a_draft(publisher)['id']}/publish/", wrong).status_code == 422


@pytest.mark.parametrize(
    "place", ["javascript:alert(1)", "//evil.example", "a b", "https://x.example/\n", "https://[\x95"]
)
def test_withdrawal_leads_nowhere_odd(publisher, place):
    draft = a_draft(publisher)
    publisher.post(f"{DRAFTS}{draft['id']}/publish/")
    answer = publisher.post(f"{DRAFTS}{draft['id']}/withdraw/", {"reason": "x", "redirect_to": place})
    assert answer.status_code in (400, 422) or "\n" not in Edition.objects.latest("number").redirect_to


# Nothing twice


def test_same_key_gives_the_same_answer_and_one_draft(writer):
    first, second = (writer.post(DRAFTS, openapi_writes.DRAFT, key="wire-4711") for _ in range(2))
    assert first.status_code == second.status_code == 201
    assert (
        first.content == second.content and first["Location"] == second["Location"] and first["ETag"] == second["ETag"]
    )
    assert second["Idempotency-Replayed"] == "true" and "Idempotency-Replayed" not in first
    assert Article.objects.count() == 1


def test_same_key_with_another_body_is_refused(writer):
    writer.post(DRAFTS, openapi_writes.DRAFT, key="wire-4711")
    answer = writer.post(DRAFTS, openapi_writes.DRAFT | {"label": "Other"}, key="wire-4711")
    assert answer.status_code == 422 and answer.json()["type"] == "urn:marquee:problem:key-reused"
    assert Article.objects.count() == 1


def test_key_belongs_to_its_token_and_ends_after_a_day(writer, publisher):
    writer.post(DRAFTS, openapi_writes.DRAFT, key="k")
    assert publisher.post(DRAFTS, openapi_writes.DRAFT, key="k").status_code == 201
    with time_machine.travel(timezone.now() + timedelta(hours=24, seconds=1)):
        writer.post(DRAFTS, openapi_writes.DRAFT, key="k")
    assert Article.objects.count() == 3


def test_refused_request_may_be_repeated_under_its_key(publisher):
    draft = a_draft(publisher, section=None)
    path = f"{DRAFTS}{draft['id']}/"
    assert publisher.post(f"{path}publish/", key="k").status_code == 422
    assert not KeptAnswer.objects.exists()
    publisher.ask("PATCH", path, {"section": "film"}, match="*")
    assert publisher.post(f"{path}publish/", key="k").status_code == 200


def test_writes_are_throttled_for_each_token(writer, publisher, monkeypatch):
    from django.core.cache import cache

    from articles.api.token_auth import WriteThrottle

    cache.clear()
    monkeypatch.setattr(WriteThrottle, "THROTTLE_RATES", {"write": "2/min"})
    answers = [writer.post(DRAFTS, openapi_writes.DRAFT) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [201, 201, 429] and answers[2]["Retry-After"]
    assert publisher.post(DRAFTS, openapi_writes.DRAFT).status_code == 201
    cache.clear()


# Photos


def test_picture_comes_in_by_the_desks_own_way(writer):
    answer = writer.upload(newsroom.jpeg(), caption="Mara Okonjo.", alt="A carpet.", credit="REUTERS/Tom Vale")
    assert answer.status_code == 201, answer.content
    taken, photo = answer.json(), Photo.objects.get()
    assert taken["id"] == str(photo.pk) and taken["state"] == "ready" and taken["width"] == 1400
    assert (taken["caption"], taken["alt"]) == ("Mara Okonjo.", "A carpet.")
    assert taken["credit"] == "Photo by Tom Vale/REUTERS"
    assert taken["usable"]["allowed"] is True and photo.uploaded_by == writer.token.user
    block = {"type": "photo", "photo": taken["id"]}
    assert a_draft(writer, body=[block])["body"][0]["photo"] == taken["id"]


def test_picture_that_is_here_already_is_named(writer):
    first = writer.upload(newsroom.jpeg()).json()
    again = writer.upload(newsroom.jpeg())
    assert again.status_code == 409 and again.json()["photo"] == first["id"]


def test_picture_is_taken_once_under_its_key(writer):
    first, second = (writer.upload(newsroom.jpeg(), key="p1") for _ in range(2))
    assert first.status_code == second.status_code == 201 and first.content == second.content
    assert writer.upload(newsroom.jpeg(seed=9), key="p1").status_code == 422
    assert Photo.objects.count() == 1


@pytest.mark.parametrize("file", [b"", b"GIF89a", b"<svg/>", b"\xff\xd8\xff" + b"\0" * 99])
def test_file_that_is_no_picture_is_refused(writer, file):
    assert writer.upload(file or b" ").status_code in (400, 422)
    assert not Photo.objects.exists()


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:1/x.jpg", "http://localhost/x.jpg", "http://[::1]/x.jpg", "http://169.254.169.254/latest/",
        "http://10.0.0.1/x.jpg", "http://0x7f000001/x.jpg", "file:///etc/passwd", "gopher://127.0.0.1/",
        "http://[::ffff:127.0.0.1]/x.jpg", "http://user:pw@example.com/x.jpg",
    ],
)  # fmt: skip
def test_address_inside_the_house_is_never_fetched(writer, url):
    answer = writer.post(PHOTOS, {"url": url})
    assert answer.status_code in (400, 422), answer.content
    assert not Photo.objects.exists()


def test_picture_is_fetched_by_its_address(writer, settings, httpserver_of_pictures):
    settings.WEBHOOK_ALLOW_PRIVATE = True
    address = httpserver_of_pictures
    answer = writer.post(PHOTOS, {"url": f"{address}/moved"})
    assert answer.status_code == 201, answer.content
    assert Photo.objects.get().original_name == "premiere.jpg"
    assert writer.post(PHOTOS, {"url": f"{address}/round"}).json()["detail"].startswith("The address leads on")
    assert "404" in writer.post(PHOTOS, {"url": f"{address}/none"}).json()["detail"]
    settings.PHOTO_LIMITS = type(settings.PHOTO_LIMITS)(max_bytes=1000, max_pixels=10**8)
    assert "larger" in writer.post(PHOTOS, {"url": f"{address}/premiere.jpg"}).json()["detail"]


def test_redirect_cannot_lead_inside(writer, settings, httpserver_of_pictures, monkeypatch):
    """The first hop is let through as if it were public; the second is checked again."""
    from articles.outbox import public_address

    inside = public_address.is_public
    hops = []

    def first_is_public(address: str) -> bool:
        hops.append(address)
        return len(hops) == 1 or inside(address)

    monkeypatch.setattr(public_address, "is_public", first_is_public)
    answer = writer.post(PHOTOS, {"url": f"{httpserver_of_pictures}/moved"})
    assert answer.status_code == 422 and "no public address" in answer.json()["detail"]
    assert len(hops) == 2


@pytest.fixture
def httpserver_of_pictures():
    from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
    from threading import Thread

    class Pictures(BaseHTTPRequestHandler):
        def do_GET(self):
            found = {
                "/premiere.jpg": (200, newsroom.jpeg(), ""),
                "/moved": (302, b"", "/premiere.jpg"),
                "/round": (302, b"", "/round"),
            }
            status, data, location = found.get(self.path, (404, b"", ""))
            self.send_response(status)
            self.send_header("Content-Length", str(len(data)))
            if location:
                self.send_header("Location", location)
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Pictures)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


# Rubbish

texts = st.text(max_size=20) | st.sampled_from(
    ["\0", "\ud800", "film", "2030-01-01T00:00:00Z", "9999-12-31T23:59:59-12:00", "NaN", "x" * 5000]
)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | texts,
    lambda below: st.lists(below, max_size=3) | st.dictionaries(st.sampled_from(["slug", "type", "html", "items", "photo", "photos", "level", "id", "url"]) | texts, below, max_size=4),
    max_leaves=8,
)  # fmt: skip
FIELDS = [
    *openapi_writes.DRAFT, "body_html", "slug", "kind", "lead_photo", "works", "related", "source", "review_rating",
    "review_scale", "embargo_until", "original_published_at", "canonical_url", "locale", "lead_decorative", "noindex",
    "at", "ends", "note", "public_note", "override", "reason", "redirect_to", "silent", "url", "credit", "caption",
]  # fmt: skip
quiet = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@quiet
@given(
    where=st.sampled_from(["", "publish", "withdraw", "photos", "change"]),
    fields=st.dictionaries(st.sampled_from(FIELDS), values, max_size=6),
)
def test_no_rubbish_in_fields_becomes_an_error_of_ours(publisher, where, fields):
    from django.core.cache import cache

    cache.clear()
    draft = Article.objects.first() or newsroom.article(owner=publisher.token.user)
    path = {"": DRAFTS, "photos": PHOTOS, "change": f"{DRAFTS}{draft.pk}/"}.get(where, f"{DRAFTS}{draft.pk}/{where}/")
    body = json.dumps({"headline": "Rubbish"} | fields if where == "" else fields)
    answer = publisher.ask("PATCH" if where == "change" else "POST", path, body, match="*")
    assert answer.status_code < 500
    if answer.status_code >= 400:
        assert answer["Content-Type"] == "application/problem+json" and answer.json()["detail"]


@quiet
@given(
    body=st.binary(max_size=200)
    | st.sampled_from(
        [b"[" * 100_000, b'{"a":' * 50_000, b"9" * 10_000, b"NaN", b'{"headline": 1e999}', b'{"headline": Infinity}']
    )
)
def test_no_rubbish_in_bytes_becomes_an_error_of_ours(publisher, body):
    from django.core.cache import cache

    cache.clear()
    assert 400 <= publisher.post(DRAFTS, body).status_code < 500
    assert not Article.objects.exists()


def test_a_draft_with_too_many_blocks_is_refused_with_a_sentence(writer):
    blocks = [{"type": "paragraph", "html": "The same."}] * 5001
    answer = writer.post(DRAFTS, {"headline": "Long", "body": blocks})
    assert answer.status_code in (400, 422)
    assert "5,001 blocks" in answer.content.decode()


def test_too_large_a_body_is_refused(publisher):
    assert publisher.post(DRAFTS, '{"headline": "' + "x" * 4_000_001 + '"}').status_code == 413


# The description


def test_examples_of_the_schema_are_taken(publisher, settings, monkeypatch):
    draft = a_draft(publisher)
    path = f"{DRAFTS}{draft['id']}/"
    assert publisher.ask("PATCH", path, openapi_writes.CHANGE, match=draft_etag(draft)).status_code == 200
    assert publisher.post(f"{path}publish/", openapi_writes.PUBLICATION).status_code == 200
    assert publisher.post(f"{path}withdraw/", openapi_writes.WITHDRAWAL).status_code == 200
    assert "pictures.example.com" in publisher.post(PHOTOS, openapi_writes.UPLOAD).json()["detail"]


@pytest.mark.django_db(transaction=True)
def test_examples_of_the_page_write_what_they_say(live_server, publisher, tmp_path):
    if not shutil.which("curl"):
        pytest.skip("curl is not installed.")
    (tmp_path / "premiere.jpg").write_bytes(newsroom.jpeg())
    examples = re.findall(r"```bash\n(.*?)```", PAGE.read_text(), re.DOTALL)
    for example in examples:
        script = (
            f"API={live_server.url}/api/v1\nTOKEN={publisher.words}\nset -e\n{example.replace('curl ', 'curl -sS ')}"
        )
        done = subprocess.run(["sh", "-c", script], capture_output=True, text=True, timeout=60, cwd=tmp_path)
        assert done.returncode == 0 and "urn:marquee:problem" not in done.stdout, (example, done)
    story, photo = Article.objects.get(), Photo.objects.get()
    assert story.label == "Exclusive" and story.coming_editions()[0].live_from.year == 2099
    assert "Ann Lee" in str(photo.credit) and photo.house_caption.alt == "A red carpet."


def test_the_page_names_every_way_to_be_refused():
    source = inspect.getsource(writes)
    kinds = set(re.findall(r'Refusal\(\d+, "([a-z-]+)"', source))
    assert len(kinds) >= 10 and kinds <= set(re.findall(r"\| `([a-z-]+)` \|", PAGE.read_text()))


@pytest.mark.parametrize("field", ["section", "source", "review_work"])
def test_an_empty_name_is_no_name_and_null_is_none(publisher, field):
    assert publisher.post(DRAFTS, {"headline": "A premiere", field: ""}).status_code == 400
    assert publisher.post(DRAFTS, {"headline": "A premiere", field: None}).status_code == 201


def draft_etag(draft: dict) -> str:
    return f'"{draft["revision"]}"'


def test_admin_shows_a_new_token_once(client, editor):
    client.force_login(editor)
    writer = colleague("writer", "writer")
    data = {"name": "Wire import", "user": writer.pk, "expires_at_0": "", "expires_at_1": ""}
    page = client.post("/admin/articles/apitoken/add/", data, follow=True).content.decode()
    token = ApiToken.objects.get()
    assert f"mq_{token.prefix}_" in page and token.user == writer
    assert "never shown again" not in client.get("/admin/articles/apitoken/").content.decode()


def test_nobody_makes_a_token_that_may_do_more_than_they_may(client, editor):
    from django.contrib.auth.models import Permission

    maker = colleague("maker", "writer")
    maker.user_permissions.add(*Permission.objects.filter(codename__in=["add_apitoken", "view_apitoken"]))
    client.force_login(maker)
    page = client.post("/admin/articles/apitoken/add/", {"name": "Mine", "user": editor.pk})
    assert "more permissions than you" in page.content.decode() and not ApiToken.objects.exists()


def test_nothing_written_by_script_is_public_before_it_is_published(publisher, client):
    draft = a_draft(publisher)
    assert not LiveDocument.objects.exists()
    assert client.get(f"/api/v1/articles/{draft['slug']}/").status_code == 404
