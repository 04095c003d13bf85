"""Sealing: a marker word in every text a story can hold or leave is found afterwards only where the page said."""

import json
import re
from datetime import timedelta
from itertools import chain

import pytest
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from django.db import connection, models, transaction
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from articles.imports.story import understand
from articles.live import announce
from articles.management import housekeeping
from articles.models import (
    Article,
    Autosave,
    Edition,
    Endpoint,
    KeptAnswer,
    LiveDocument,
    PreviewLink,
    SavedFilter,
    TabAutosave,
    Task,
    Template,
    Version,
)
from articles.outbox.delivery import Delivery
from articles.stories.sealing import PLACES
from media.models import Clearance, Pause, Right, Usage

from . import newsroom

pytestmark = pytest.mark.django_db
MARK = "quillfeather"
# Columns that the program fills with words of its own, with keys, or with what a photo says of itself.
IDS = {"id", "article", "content_hash", "etag", "import_fingerprint", "request_digest"}
NO_WORDS = {
    "verb",
    "event",
    "time_zone",
    "role",
    "channel",
    "without_photos",
    "save_key",
    "token",
    "key",
    "path",
    "slug",
    "content",
}
# Tables whose words are the story's own, as readers got them, or that know it by the text of an address or an answer.
UNMARKED = {
    "articles_article", "articles_address", "articles_channelbytes", "articles_keptanswer", "articles_livedocument",
    "articles_livedocumentbody", "articles_savedfilter", "articles_storyentry", "articles_version",
    "django_admin_log", "django_tasks_database_dbtaskresult",
}  # fmt: skip
OF_PHOTOS = {
    "agency",
    "photographer",
    "credit",
    "supplier_image_id",
    "territories",
    "channels",
    "placements",
    "days_from",
}


def marked(model, row):
    """Return the columns of a row that take a word, each with the marker."""
    found = {}
    for field in model._meta.concrete_fields:
        if field.is_relation or field.choices or field.primary_key or field.name in IDS | NO_WORDS | OF_PHOTOS:
            continue
        if isinstance(field, models.JSONField):
            found[field.name] = {"words": MARK}
        elif isinstance(field, models.URLField):
            found[field.name] = f"https://example.com/{MARK}/"
        elif isinstance(field, models.TextField | models.CharField) and (field.max_length or 99) >= len(MARK):
            found[field.name] = MARK
    return found


def rows_about(story):
    """Yield (model, rows) of every table that can refer to the story, by key or by plain id."""
    for model in chain(apps.get_app_config("articles").get_models(), apps.get_app_config("media").get_models()):
        for field in model._meta.concrete_fields:
            if field.related_model is Article or (field.name == "article" and isinstance(field, models.UUIDField)):
                yield model, model._base_manager.filter(**{field.name: story.pk})
            elif field.related_model in (Edition, Version):
                yield model, model._base_manager.filter(**{f"{field.name}__article": story.pk})


def mark_everything(story):
    """Overwrite the texts of every row about the story, and return the tables in which there was one."""
    seen = set()
    with transaction.atomic():
        pause = Pause.objects.create(reason="the test marks rows")
        for model, rows in rows_about(story):
            values = marked(model, story)
            # What a link is made of, and the document as readers got it, are marked by the story's own words.
            if rows.exists() and values and model is not LiveDocument:
                models.QuerySet(model).filter(pk__in=list(rows.values_list("pk", flat=True))).update(**values)
                seen.add(model._meta.db_table)
        for version in story.versions.all():
            former = {"a_former_field": MARK, "another": [MARK]}
            Version.objects.filter(pk=version.pk).change_sealed(content=version.content | former)
        pause.delete()
    return seen


def found(marker=MARK):
    """Return every table.column of the whole database, the search index included, in which the marker is."""
    with connection.cursor() as cursor:
        places = set()
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            names = [column[0] for column in cursor.description]
            for row in cursor.fetchall():
                places |= {f"{table}.{name}" for name, value in zip(names, row, strict=True) if marker in words(value)}
    return places


def words(value):
    value = bytes(value) if isinstance(value, memoryview) else value
    return (value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)).casefold()


def kept():
    return {column for place in PLACES for column in place.keeps}


@pytest.fixture
def story(editor):
    """A story that has been everywhere: live, moved, corrected, withdrawn, scheduled, shared, discussed, copied."""
    now = timezone.now()
    Endpoint.objects.create(name="Front end", url="https://example.com/hook", events=[])
    photo = newsroom.photo()
    texts = {
        column.name: f"<p>{MARK} said.</p>" if column.name == "body" else f"{MARK.title()} {column.name}"
        for column in Article._meta.concrete_fields
        if isinstance(column, models.CharField | models.TextField)
        and not column.choices
        and column.name not in IDS | {"slug", "locale"}
    }
    texts |= {"canonical_url": f"https://example.com/{MARK}/", "slug": f"{MARK}-in-court"}
    made = newsroom.article(
        **texts, lead=photo, people=[newsroom.person()], works=[newsroom.work()], tags=[newsroom.tag()],
        embargo_until=now - timedelta(days=1),
    )  # fmt: skip
    made.publish(by=editor, note=MARK, override="because", now=now - timedelta(hours=3))
    made.move(slug=f"{MARK}-moved", by=editor, now=now - timedelta(hours=2))
    made.standfirst = f"{MARK} again"
    made.save()
    made.publish(by=editor, kind="correction", public_note=f"{MARK} was wrong.", now=now - timedelta(hours=1))
    coming = made.publish(by=editor, ends=now + timedelta(days=2), at=now + timedelta(days=1), note=MARK)
    made.cancel(coming, by=editor, reason=MARK)
    SavedFilter.objects.create(owner=editor, name=f"“{made}”", asked={"q": made.slug})
    made.comment(MARK, by=editor)
    TabAutosave.keep(made, editor, {"body": MARK}, made.revision, now)
    Autosave.objects.create(article=made, user=editor, fields={"body": MARK}, revision=made.revision, at=now)
    Task.objects.create(article=made, text=MARK, by=editor)
    made.presences.create(user=editor, tab=MARK)
    PreviewLink.objects.share(made, by=editor, expires_at=now + timedelta(days=1), note=MARK)
    Clearance.objects.create(photo=photo, article=made.pk, placement="lead", note=MARK, by=editor)
    Right.objects.create(photo=photo, article=made.pk, note=MARK, by=editor)
    LogEntry.objects.create(user=editor, object_repr=f"preview of {made}", change_message=made.slug, action_flag=2)
    # Work on photos is left to a worker, whose errors quote what it read.
    DBTaskResult.objects.update(traceback=f"ValueError: {made.headline}")
    return made


def test_marker_is_in_every_kind_of_row_and_afterwards_only_where_the_page_said(story, editor, client, settings):
    client.force_login(editor)
    other = newsroom.article("Another story", slug="another-story")
    other.related.add(story)
    other.publish(now=timezone.now())
    assert MARK in found_in_pages(other)
    assert mark_everything(story) >= {each.split(".")[0] for place in PLACES for each in place.columns} - UNMARKED
    before = found()
    listed = {column for place in PLACES for column in place.columns}
    tables = {column.split(".")[0] for column in listed}
    unlisted = {
        place for place in before if place.split(".")[0] not in tables and not re.search("search|storywords", place)
    }
    assert unlisted <= {"articles_livedocumentbody.shown", "articles_livedocumentbody.drops"}
    story.refresh_from_db()
    response = seal(client, story, reason="Order 7 of the court")
    assert response.redirect_chain
    assert found() <= kept()
    assert not [
        path for path in settings.VAR_DIR.rglob("*") if path.is_file() and MARK.encode() in path.read_bytes().lower()
    ]


def found_in_pages(story):
    return str(list(story.live_documents.values_list("bytes__document_json", flat=True))).casefold()


def seal(client, story, **data):
    page = reverse("admin:articles_article_seal", args=[story.pk])
    return client.post(page, {"reason": "Order 7", "confirm": story.slug} | data, follow=True)


def test_page_lists_places_first_and_the_certificate_says_who_when_why(story, editor, client):
    client.force_login(editor)
    hashes = list(story.versions.values_list("content_hash", flat=True))
    page = client.get(reverse("admin:articles_article_seal", args=[story.pk])).content.decode()
    assert all(place.name in page for place in PLACES)
    assert "Type the address" not in page
    certificate = seal(client, story, reason="Order 7 of the court").content.decode()
    assert "Order 7 of the court" in certificate
    assert all(each in certificate for each in [*hashes, "editor", "Versions: "])


@pytest.mark.parametrize("data", [{"confirm": "yes"}, {"reason": "  "}, {"also": "zz"}])
def test_nothing_is_sealed_without_a_reason_and_the_typed_address(story, editor, client, data):
    client.force_login(editor)
    assert seal(client, story, **data).status_code == 422
    assert Article.objects.filter(pk=story.pk, discarded_at=None).exists()


def test_without_the_permission_page_certificate_and_verb_are_closed(story, outsider, client):
    outsider.user_permissions.add(*Permission.objects.filter(codename__in=["view_article", "publish_article"]))
    outsider = type(outsider).objects.get(pk=outsider.pk)
    client.force_login(outsider)
    for name in ("seal", "sealed"):
        url = reverse(f"admin:articles_article_{name}", args=[story.pk])
        assert client.get(url).status_code == 403
        assert client.post(url, {"reason": "x", "confirm": story.slug}).status_code == 403
    with pytest.raises(PermissionDenied, match="seal stories"):
        story.seal(by=outsider, reason="x")
    panel = client.get(reverse("admin:articles_article_publishing", args=[story.pk])).content.decode()
    assert "Seal for a court order" not in panel


def test_every_address_a_sealed_story_had_answers_410(story, client):
    addresses = [story.slug, f"{MARK}-in-court"]
    story.seal(reason="Order 7")
    assert [client.get(f"/api/v1/articles/{slug}/").status_code for slug in addresses] == [410, 410]
    with pytest.raises(ValidationError, match="belonged to another story"):
        Article(headline="New", slug=addresses[1], site=story.site).clean()


def test_copies_are_offered_and_sealed_only_when_chosen(story, editor, client):
    client.force_login(editor)
    kept, gone = story.duplicate(by=editor), story.duplicate(by=editor)
    template = story.keep_as_template("Trial report", by=editor)
    page = client.get(reverse("admin:articles_article_seal", args=[story.pk])).content.decode()
    assert all(f'value="{each.pk}"' in page for each in (kept, gone, template))
    seal(client, story, also=[str(gone.pk), str(template.pk)])
    kept.refresh_from_db()
    gone.refresh_from_db()
    assert MARK in kept.headline.casefold()
    assert (gone.headline, gone.body) == ("[sealed]", "")
    assert not Template.objects.exists()


def test_answers_kept_for_repeated_requests_lose_the_words_but_not_their_key(story, editor):
    token, _ = editor.api_tokens.issue(editor, name="Wire")
    row = KeptAnswer.objects.create(
        token=token, key="1", request_digest="0", status=201, at=timezone.now(),
        body=json.dumps({"id": str(story.pk), "headline": MARK}),
    )  # fmt: skip
    story.seal(reason="Order 7")
    row.refresh_from_db()
    assert (row.status, MARK in row.body) == (410, False)


def test_receivers_still_hear_of_the_withdrawal_and_of_nothing_else(story):
    story.seal(reason="Order 7")
    waiting = Delivery.objects.filter(article=story.pk, state="pending")
    assert [each.event for each in waiting] == ["article.withdrawn"]
    assert Usage.objects.filter(article=story.pk).exists()


# What comes after


LEFT_OPEN = {
    "save": lambda story, by: story.save(),
    "record": lambda story, by: (setattr(story, "label", MARK), story.record(by=None)),
    "publish": lambda story, by: story.publish(by=None),
    "schedule": lambda story, by: story.publish(by=None, at=timezone.now() + timedelta(hours=1)),
    "withdraw": lambda story, by: story.withdraw(by=None, reason=MARK),
    "move": lambda story, by: story.move(by=None, slug=f"{MARK}-again"),
    "correct": lambda story, by: story.replace_words("[sealed]", MARK, by=None),
    "restore": lambda story, by: story.restore(story.kept_version, by=None),
    "autosave": lambda story, by: TabAutosave.keep(story, by, {"body": MARK}, 0, timezone.now()),
    "comment": lambda story, by: story.comment(MARK, by=by),
    "assign": lambda story, by: story.assign(by, by=None, text=MARK),
    "ask for a clearance": lambda story, by: story.ask_clearance(newsroom.photo(), by=None, note=MARK),
    "submit": lambda story, by: story.submit(by=None, note=MARK),
    "return": lambda story, by: story.return_(by=None, note=MARK),
    "share": lambda story, by: PreviewLink.objects.share(story, by=None, expires_at=timezone.now() + timedelta(days=1), note=MARK),
    "duplicate": lambda story, by: story.duplicate(by=None),
    "keep as template": lambda story, by: story.keep_as_template("Again", by=None),
}  # fmt: skip


@pytest.mark.parametrize("deed", LEFT_OPEN)
def test_a_copy_of_the_story_loaded_before_writes_nothing_afterwards(story, editor, deed):
    held = Article.objects.get(pk=story.pk)
    held.kept_version = held.versions.first()
    held.stage = "draft" if deed == "submit" else "ready"
    story.seal(reason="Order 7")
    with pytest.raises(ValidationError, match="This story was sealed"), transaction.atomic():
        LEFT_OPEN[deed](held, editor)
    assert found() <= kept()
    assert Article.objects.sealed().filter(pk=story.pk).exists()


def test_a_tab_left_open_keeps_nothing_and_saves_nothing(story, editor, client):
    client.force_login(editor)
    url = reverse("admin:articles_article_change", args=[story.pk])
    form = client.get(url).context["adminform"].form
    typed = {name: value for name, value in form.initial.items() if isinstance(value, str | int)} | {"body": MARK}
    story.seal(reason="Order 7")
    autosave = reverse("admin:articles_article_autosave", args=[story.pk])
    sent = json.dumps({"revision": story.revision, "fields": {"body": MARK}})
    assert client.post(autosave, sent, content_type="application/json").status_code == 404
    assert client.post(url, typed | {"based_on": story.revision}, follow=True).status_code in (200, 404)
    for name, args in (("publish", []), ("comment", []), ("restore", [1])):
        verb = reverse(f"admin:articles_article_{name}", args=[story.pk, *args])
        assert client.post(verb, {"text": MARK, "now": "1"}).status_code == 404
    assert found() <= kept()


def test_scripts_with_the_old_revision_are_refused(story, editor, client):
    _, token = editor.api_tokens.issue(editor, name="Wire")
    headers = {"Authorization": f"Bearer {token}", "If-Match": f'"{story.revision}"', "Idempotency-Key": "1"}
    story.seal(reason="Order 7")
    url = reverse("draft", args=[story.pk])
    answers = [
        client.patch(url, {"headline": MARK}, "application/json", headers=headers),
        client.get(url, headers=headers),
    ]
    answers += [client.post(f"{url}publish/", {}, "application/json", headers=headers)]
    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert found() <= kept()


def test_the_same_text_is_not_imported_again(editor, client, tmp_path):
    text = f"{MARK.title()} in court\n\nThe hearing began on Monday. {MARK.title()} said nothing.\n\nIt goes on."
    made = understand(text).draft(by=editor)
    made.seal(reason="Order 7")
    client.force_login(editor)
    page = client.post(reverse("admin:articles_article_import"), {"text": text, "create": "1", "headline": "x"})
    assert "was sealed. The text cannot be imported again." in page.content.decode()
    file = tmp_path / "story.txt"
    file.write_text(text)
    with pytest.raises(CommandError, match="Not imported: 1 of 1 file"):
        call_command("import_articles", str(file))
    assert found() <= kept()


def test_work_left_to_a_worker_brings_nothing_back(story):
    story.seal(reason="Order 7")
    now = timezone.now()
    for task in DBTaskResult.objects.ready():
        task.task.call(*task.args_kwargs["args"], **task.args_kwargs["kwargs"])
    announce.begin_due(now)
    housekeeping.warm()
    housekeeping.sweep(now)
    assert found() <= kept()


def test_the_reason_must_not_repeat_the_title(story):
    with pytest.raises(ValidationError, match="The reason repeats the title"):
        story.seal(reason=f"Because of {story.headline}")


def test_a_sealed_story_can_be_sealed_again_for_another_order(story, editor):
    story.seal(reason="Order 7")
    Article.objects.get(pk=story.pk).seal(by=editor, reason="Order 8")
    assert story.certificate().note.startswith("Order 8")
    assert found() <= kept()
