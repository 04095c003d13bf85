"""Small walls around every request: who may load what, which host is believed, how much is told of what is wrong."""

import csv
import io
import json
import subprocess
import sys
import time

import pytest
from django.db import IntegrityError, connection
from django.urls import reverse
from django.utils import timezone

from articles.models import ApiToken, Article
from cms.bodies import Slots
from cms.serving import MOST_DEATHS, Respawns
from media.models import Usage

from . import newsroom
from .own_house import ROOT, environment

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client, editor):
    client.force_login(editor)
    return client


@pytest.fixture
def write(client, editor):
    token = ApiToken.objects.issue(editor, name="tests")[1]

    def post(data, path="drafts", **more):
        headers = {"authorization": f"Bearer {token}"}
        return client.post(f"/api/v1/{path}/", data, content_type="application/json", headers=headers, **more)

    return post


@pytest.mark.parametrize(
    "path", ["/api/v1/", "/api/v1/articles/", "/api/v1/articles/nowhere/", "/api/schema/", "/feeds/rss.xml", "/sitemap.xml", "/healthz", "/nowhere"]
)  # fmt: skip
def test_answers_for_programs_let_a_browser_load_nothing(client, path):
    rule = client.get(path)["Content-Security-Policy"]
    assert rule.startswith("default-src 'none'") and "frame-ancestors 'none'" in rule
    assert "script-src" not in rule


def test_the_pages_outside_the_admin_run_no_script_but_our_own(client):
    for path in ("/", "/api/docs/"):
        rule = client.get(path)["Content-Security-Policy"]
        assert "default-src 'none'" in rule
        assert "script-src 'self'" in rule or "script-src" not in rule


def test_what_the_picker_answers_is_kept_by_no_cache(desk, client):
    newsroom.photo()
    assert desk.get(reverse("picker"))["Cache-Control"] == "no-store"
    desk.logout()
    assert desk.get(reverse("picker"))["Cache-Control"] == "no-store"


def test_login_without_a_page_to_return_to_leads_to_the_desk(client, editor):
    answer = client.post("/admin/login/", {"username": "editor", "password": "a long password"})
    assert (answer.status_code, answer["Location"]) == (302, "/admin/")


def test_empty_cells_of_the_ledger_are_empty(desk):
    Usage.objects.create(photo=newsroom.photo().pk, channel="print", live_from=timezone.now(), headline="=1+1")
    text = b"".join(desk.get(reverse("admin:media_usage_csv")).streaming_content).decode("utf-8-sig")
    row = next(csv.DictReader(io.StringIO(text)))
    assert row["headline"] == "'=1+1"
    assert "" in row.values() and "'" not in row.values()


def test_a_restricted_story_is_not_told_of_by_its_slug(client, outsider, editor):
    from django.contrib.auth.models import Permission

    outsider.user_permissions.set(Permission.objects.filter(codename__in=["view_article", "change_article"]))
    hidden, plain = (
        newsroom.article("A secret wedding", owner=editor),
        newsroom.article("A known wedding", owner=editor),
    )
    hidden.restricted_to.add(editor)
    client.force_login(outsider)
    free = {slug: client.get(reverse("admin:articles_article_slug"), {"slug": slug}).json()["free"] for slug in
            (hidden.slug, plain.slug, "no-wedding-at-all")}  # fmt: skip
    assert free == {hidden.slug: True, plain.slug: False, "no-wedding-at-all": True}


def test_who_meets_a_restricted_address_is_told_at_the_field_and_keeps_what_was_typed(client, outsider, editor):
    outsider.is_superuser = True
    outsider.save()
    hidden = newsroom.article("A secret wedding", owner=editor)
    hidden.restricted_to.add(editor)
    client.force_login(outsider)
    typed = {"headline": "My own wedding", "standfirst": "Kept standfirst", "body": "<p>Kept words.</p>", "slug": hidden.slug,
             "site": hidden.site_id, "kind": "news", "lead_layout": "wide", "review_scale": 5}  # fmt: skip
    answer = client.post(reverse("admin:articles_article_add"), typed)
    assert answer.status_code == 200
    assert answer.context["adminform"].form.errors == {"slug": ["Another story already has this address."]}
    page = answer.content.decode()
    assert all(words in page for words in ("My own wedding", "Kept standfirst", "Kept words.", hidden.slug))
    assert "secret wedding" not in page and str(hidden.pk) not in page


def test_many_unknown_names_are_refused_quickly_and_shortly(client, write):
    began = time.process_time()
    answer = write(json.dumps({f"key-{number}": 1 for number in range(200_000)}))
    assert answer.status_code == 400
    assert len(answer.json()["errors"]) == 20
    assert time.process_time() - began < 3
    query = "&".join(f"k{number}=1" for number in range(4000))
    answer = client.get(f"/api/v1/articles/?{query}")
    assert (answer.status_code, len(answer.json()["errors"])) == (400, 20)
    query = "&".join(f"k{number}=1" for number in range(200_000))
    answer = client.get(f"/api/v1/articles/?{query}")
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")


@pytest.mark.parametrize(
    "body", ["[" * 100_000, '{"a":' * 50_000, '{"headline": "\\ud800"}', '{"headline": "\\u0000"}', '{"headline": 1e400}', "[]", "9" * 9000]
)  # fmt: skip
def test_json_that_cannot_be_kept_is_refused_in_a_sentence(write, desk, editor, body):
    answer = write(body)
    assert answer.status_code == 400 and answer.json()["detail"].startswith("This is no JSON that can be kept: ")
    story = newsroom.article(owner=editor)
    for page in ("autosave", "presence"):
        address = reverse(f"admin:articles_article_{page}", args=[story.pk])
        assert desk.post(address, body, content_type="application/json").status_code == 400


def test_hosts_of_this_machine_are_believed_only_where_readers_use_them(tmp_path):
    for public, found in (("http://127.0.0.1:8000", True), ("https://cms.example.com", False)):
        env = environment(tmp_path) | {"PUBLIC_URL": public, "ALLOWED_HOSTS": "cms.example.com"}
        code = "from django.conf import settings; print('localhost' in settings.ALLOWED_HOSTS)"
        done = subprocess.run([sys.executable, "-c", code], env=env, cwd=ROOT, capture_output=True, text=True)
        assert done.stdout.strip() == str(found), done.stderr


def test_this_machine_may_ask_whether_it_is_ready(client, settings):
    settings.ALLOWED_HOSTS = ["cms.example.com"]
    assert client.get("/healthz", headers={"host": "127.0.0.1"}).status_code == 200
    assert client.get("/readyz", headers={"host": "127.0.0.1"}).status_code == 200
    refused = client.get("/api/v1/", headers={"host": "localhost"})
    assert (refused.status_code, refused["Content-Type"]) == (400, "application/problem+json")


def test_an_error_that_no_other_slug_mends_is_raised():
    made = newsroom.article()
    with pytest.raises(IntegrityError):
        Article(pk=made.pk, headline="A wedding", site=newsroom.site()).save(force_insert=True)
    assert connection.is_usable()


def test_workers_that_die_early_are_replaced_and_a_dying_server_gives_up():
    respawns, now = Respawns(), 1000.0
    for number in range(MOST_DEATHS):
        assert now - respawns.get(0, 0) > 5.5, "Granian ends everything below 5.5 seconds"
        respawns[0] = now + number
    assert now + MOST_DEATHS - respawns.get(0, 0) < 5.5


def test_slots_are_refused_at_once_while_slow_bodies_hold_them():
    slots = Slots(1)
    held = slots.take()
    began = time.monotonic()
    assert slots.take() is None
    assert time.monotonic() - began < 0.5
    began = time.monotonic()
    assert slots.take() is None
    assert time.monotonic() - began < 0.05, "its holder is known to be slow by now"
    slots.give_back(held)
    assert slots.take()
