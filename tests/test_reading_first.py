"""Nothing a writer typed is read inside a transaction: on SQLite nobody else can write meanwhile."""

import json
from collections.abc import Callable
from contextlib import contextmanager

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.urls import reverse

from articles.models import ApiToken, Article, Template
from articles.text import body

from . import newsroom

pytestmark = pytest.mark.django_db(transaction=True)
WORDS = "".join(f"<p>The opening of <strong>night {number}</strong>.</p>" for number in range(50))


class Watch:
    """Finds the texts that are read between the statements of a transaction, and after the last."""

    def __init__(self) -> None:
        self.inside, self.found, self.seen = False, [], body.split.reads

    def __call__(self, execute: Callable, sql: str, *more: object) -> object:
        if not connection.in_atomic_block:
            self.inside = False
        elif self.inside:
            self.count()
        else:
            self.inside = True
            transaction.on_commit(self.end)
        self.seen = body.split.reads
        return execute(sql, *more)

    def count(self) -> None:
        self.found += [text[:60] for text in list(body.split.kept)[::-1][: body.split.reads - self.seen]]

    def end(self) -> None:
        self.count()
        self.inside = False


@contextmanager
def nothing_read_in_transactions():
    """Begin with nothing remembered; what is read has to be read outside of transactions."""
    body.split.cache_clear()
    watch, before = Watch(), body.split.reads
    with connection.execute_wrapper(watch):
        yield
    assert body.split.reads > before, "this reads nothing at all"
    assert not watch.found


@pytest.fixture
def desk(client, editor):
    client.force_login(editor)
    return client


@pytest.fixture
def write(client, editor):
    headers = {"authorization": f"Bearer {ApiToken.objects.issue(editor, name='tests')[1]}", "if-match": "*"}

    def send(method, path, data):
        answer = getattr(client, method)(
            f"/api/v1/drafts/{path}", data, content_type="application/json", headers=headers
        )
        assert answer.status_code in (200, 201), answer.content
        return answer

    return send


@pytest.fixture
def story(editor):
    return newsroom.article(body=WORDS, lead=newsroom.photo(), owner=editor)


def form(story, **more):
    return {"headline": "Other", "body": WORDS, "site": story.site_id, "kind": "news", "lead_layout": "wide",
            "review_scale": 5, "based_on": story.revision} | more  # fmt: skip


def test_forms(desk, story):
    change = reverse("admin:articles_article_change", args=[story.pk])
    for address in (change, reverse("admin:articles_article_add")):
        with nothing_read_in_transactions():
            assert desk.post(address, form(story)).status_code == 302


def test_scripts(write, story):
    blocks = [{"type": "paragraph", "html": f"Night {number}."} for number in range(50)]
    for method, path, data in (
        ("post", "", {"headline": "One", "body_html": WORDS}), ("post", "", {"headline": "Two", "body": blocks}),
        ("patch", f"{story.pk}/", {"body_html": f"{WORDS}<p>more</p>"}), ("patch", f"{story.pk}/", {"headline": "Three"}),
        ("post", f"{story.pk}/publish/", {}), ("post", f"{story.pk}/withdraw/", {"reason": "Tried."}),
    ):  # fmt: skip
        with nothing_read_in_transactions():
            write(method, path, data)


def test_verbs(story, editor):
    first = story.record()
    story.headline, story.body = "Other", "<p>Short.</p>"
    story.save()
    story.record()
    template = story.keep_as_template("Usual", by=editor)
    for verb in (
        story.publish,
        lambda: story.restore(first, by=editor),
        lambda: story.duplicate(by=editor),
        lambda: Article.start(template, by=editor),
        lambda: story.keep_as_template("Other", by=editor),
    ):
        with nothing_read_in_transactions():
            verb()
    assert Template.objects.count() == 2


def test_words_replaced_everywhere(desk, story):
    story.publish()
    story.standfirst = "A change of the draft."
    story.save()
    story.record()
    typed = {"words": "opening", "instead": "first", "kind": "minor", "story": f"{story.pk}:1"}
    with nothing_read_in_transactions():
        desk.post(reverse("admin:articles_article_everywhere"), typed)
    story.refresh_from_db()
    assert "opening" not in story.body and "opening" not in story.live_edition().version.content["body"]


def test_imports(desk, tmp_path):
    newsroom.site()
    lines = [f"A story for the evening, number {number}." for number in range(20)]
    (tmp_path / "one.txt").write_text("\n\n".join(["How it went", *lines]))
    with nothing_read_in_transactions():
        call_command("import_articles", str(tmp_path / "one.txt"))
    text = "\n\n".join(["How it went on", *lines])
    with nothing_read_in_transactions():
        answer = desk.post(reverse("admin:articles_article_import"), {"text": text, "headline": "On", "create": "1"})
        assert answer.status_code == 302
    archive = [{"headline": f"Story {number}", "published_at": "2019-05-04T10:00:00Z", "body_html": WORDS * 2 + f"<p>{number}</p>",
                "section": newsroom.section().slug} for number in range(3)]  # fmt: skip
    (tmp_path / "archive.jsonl").write_text("\n".join(map(json.dumps, archive)))
    with nothing_read_in_transactions():
        call_command("import_archive", str(tmp_path / "archive.jsonl"))
    assert Article.objects.count() == 5
