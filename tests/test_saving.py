"""A story saved without leaving its page: what is answered, a save that comes twice, and which of two saves counts."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.contrib.messages import get_messages
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from articles.models import Article, Autosave, TabAutosave, Version
from articles.text import limits
from media.ids import new_id

from . import newsroom
from .test_admin_story import form_of, long_story, statements
from .test_engine_races import on_postgresql

pytestmark = pytest.mark.django_db
JSON = {"HTTP_ACCEPT": "application/json"}
LONG = "Длинная история о дожде. "


@pytest.fixture
def chief(db):
    user = get_user_model().objects.create_user("chief", "chief@example.com", "a long password", is_staff=True)
    user.groups.add(Group.objects.get(name="publisher"))
    return user


@pytest.fixture
def desk(client, chief):
    client.force_login(chief)
    return client


def url(name, *args):
    return reverse(f"admin:articles_article_{name}", args=args)


class Page:
    """An open page of a story, which counts what it sends."""

    def __init__(self, desk, story=None):
        self.desk, self.story, self.tab, self.sent = desk, story, str(new_id()), 0
        self.id = str(story.pk if story else new_id())
        self.based_on = story.revision if story else 0

    def form(self, **changes):
        own = {"based_on": self.based_on, "story_id": self.id, "save_key": f"{self.tab}.{self.sent}"}
        if self.story:
            typed = form_of(self.story)
            return typed | {"section": typed["section"] or ""} | own | changes
        empty = {"kind": "news", "lead_layout": "wide", "review_scale": 5, "site": newsroom.site().pk, "headline": ""}
        return empty | own | changes

    def save(self, path=None, **changes):
        self.sent += 1
        path = path or (url("change", self.story.pk) if self.story else url("add"))
        return self.desk.post(path, self.form(**changes), **JSON)

    def autosave(self, number, **fields):
        given = {"revision": self.based_on, "key": f"{self.tab}.{number}", "fields": fields}
        return self.desk.post(url("autosave", self.id), given, content_type="application/json")


def a_story(**fields):
    story = newsroom.article("A long evening", body="<p>It rained.</p>", **fields)
    story.record()
    return story


# What is answered


def test_a_save_in_json_says_what_the_story_is_now_and_leaves_no_message(desk):
    page = Page(desk, a_story())
    answer = page.save(headline="A longer evening")
    said, story = answer.json(), Article.objects.get()
    assert answer.status_code == 200
    assert (said["id"], said["revision"], said["version"]) == (str(story.pk), story.revision, 2)
    assert (said["slug"], said["headline"], said["url"]) == (story.slug, "A longer evening", url("change", story.pk))
    assert said["word_count"] == story.latest_version.word_count
    assert not list(get_messages(answer.wsgi_request))
    assert "messagelist" not in desk.get(url("change", story.pk)).content.decode()


@pytest.mark.parametrize(
    ("name", "leads"), [("_continue", "change"), ("_save", "changelist"), ("_publish", "publishing")]
)
def test_the_answer_leads_where_the_button_would(desk, name, leads):
    story = a_story()
    said = Page(desk, story).save(**{name: "1"}).json()
    assert said["next"] == url(leads, *([] if leads == "changelist" else [story.pk]))


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"headline": ""}, "headline", "This field is required."),
        ({"embargo_until_0": "2030-01-01", "embargo_until_1": "10:00"}, "embargo_reason", "Enter who set the embargo"),
        ({"slug": "a-taken-address"}, "slug", "Another story already has this address."),
        ({"body": "<p>word</p>" * (limits.MOST_BLOCKS + 1)}, "body", "the limit is 5,000"),
    ],
)
def test_what_is_wrong_is_said_by_field(desk, changes, field, sentence):
    newsroom.article("Taken", slug="a-taken-address")
    answer = Page(desk, a_story()).save(**changes)
    assert answer.status_code == 422
    assert sentence in answer.json()["errors"][field][0]
    assert answer.json()["sentence"].startswith("Not saved.")


def test_somebody_else_s_save_is_told_and_neither_overwritten_nor_lost(desk, editor):
    story = a_story()
    page = Page(desk, story)
    story.headline = "Theirs"
    story.save()
    story.record(by=editor)
    answer = page.save(headline="Mine")
    assert answer.status_code == 409
    assert answer.json()["conflict"] == {
        "by": "editor", "version": 2, "at": answer.json()["conflict"]["at"], "revision": story.revision,
    }  # fmt: skip
    assert "editor saved this story while you were writing" in answer.json()["sentence"]
    assert Article.objects.get().headline == "Theirs"


def test_a_story_that_is_gone_or_out_of_reach_is_said_to_be(desk, chief, editor):
    gone, others = a_story(), newsroom.article("Others", slug="others", owner=editor)
    others.record(by=editor)
    pages = [Page(desk, gone), Page(desk, others)]
    gone.discard(by=editor)
    assert pages[0].save().status_code == 410
    assert "sealed or discarded" in pages[0].save().json()["sentence"]
    chief.groups.set([Group.objects.get(name="writer")])
    desk.force_login(get_user_model().objects.get(pk=chief.pk))
    answer = pages[1].save(headline="Mine")
    assert answer.status_code == 403
    assert "You can read this story but not change it." in answer.json()["sentence"]


def test_nothing_is_saved_in_the_name_of_who_logged_in_since(desk, chief, editor):
    story = a_story()
    page = Page(desk, story)
    desk.defaults["HTTP_X_TYPED_BY"] = str(chief.pk)
    assert page.save(headline="By the chief").status_code == 200
    desk.force_login(editor)
    page = Page(desk, Article.objects.get())
    for answer in (page.save(headline="By whom?"), page.autosave(9, headline="By whom?")):
        assert answer.status_code == 403
        assert "You are logged in as editor now" in answer.json()["sentence"]
    assert Article.objects.get().headline == "By the chief" and not TabAutosave.objects.exists()


def test_opening_and_saving_in_json_take_few_statements_each(desk):
    story = long_story()
    page = Page(desk, story)
    desk.get(url("change", story.pk))
    with CaptureQueriesContext(connection) as captured:
        assert desk.get(url("change", story.pk)).status_code == 200
    assert len(statements(captured)) < 20, "\n".join(statements(captured))
    form = page.form(body=story.body + "<p>And a last word.</p>", save_key=f"{page.tab}.1")
    with CaptureQueriesContext(connection) as captured:
        assert desk.post(url("change", story.pk), form, **JSON).status_code == 200
    # Six of them write what colleagues find the story by.
    assert len(statements(captured)) < 25, "\n".join(statements(captured))


# A first save


def test_a_first_save_that_comes_twice_makes_one_story(desk):
    page = Page(desk)
    first = page.save(headline="Brand new", body="<p>Words.</p>").json()
    again = page.save(headline="Brand new", body="<p>Words, and more.</p>")
    assert again.status_code == 200
    story = Article.objects.get()
    assert str(story.pk) == page.id == first["id"] == again.json()["id"]
    assert "and more" in story.body
    assert story.versions.count() == 2


def test_a_form_without_a_script_that_is_sent_twice_makes_one_story_too(desk):
    newsroom.site()
    opened = desk.get(url("add")).context["adminform"].form
    data = Page(desk).form(
        headline="Clicked twice",
        body="<p>Words.</p>",
        **{name: opened[name].value() for name in ("story_id", "save_key")},
    )
    answers = [desk.post(url("add"), data) for _ in range(2)]
    story = Article.objects.get()
    assert {answer.url for answer in answers} == {url("change", story.pk)}
    assert story.versions.count() == 1


def test_a_saved_form_without_a_script_that_is_sent_twice_is_no_conflict(desk):
    story = a_story()
    opened = desk.get(url("change", story.pk)).context["adminform"].form
    data = form_of(story, headline="Clicked twice", save_key=opened["save_key"].value())
    assert [desk.post(url("change", story.pk), data).status_code for _ in range(2)] == [302, 302]
    assert story.versions.count() == 2


@on_postgresql
@pytest.mark.django_db(transaction=True)
def test_two_first_saves_at_one_moment_make_one_story(chief):
    newsroom.site()
    page = Page(None)
    bodies = [f"<p>Words {number}.</p>" for number in range(4)]

    def send(number):
        client = Client()
        client.force_login(chief)
        try:
            form = page.form(headline="At once", body=bodies[number], save_key=f"{page.tab}.{number + 1}")
            return client.post(url("add"), form, **JSON).status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(send, range(4))) == {200}
    story = Article.objects.get()
    assert str(story.pk) == page.id
    assert bodies[3][3:10] in story.body, "What was sent last counts, in whatever order it came."


def test_the_first_words_make_a_draft_without_a_headline(desk):
    page = Page(desk)
    said = page.save(_draft="1", body="<p>It began to rain.</p>").json()
    story = Article.objects.get()
    assert (said["id"], story.headline, story.stage) == (page.id, "Untitled", "draft")
    page.story, page.based_on = story, said["revision"]
    assert page.save(headline="").status_code == 422, "A person who saves is asked for one."


@pytest.mark.parametrize("given", ["nonsense", "00000000-0000-4000-8000-000000000000"])
def test_an_id_that_no_page_was_given_is_refused_and_the_text_stays(desk, given):
    page = Page(desk)
    page.id = given
    assert page.save(headline="Hostile").status_code == 422
    answer = desk.post(url("add"), page.form(headline="Hostile", body="<p>All of it.</p>"))
    assert "Save again to start a new one" in answer.content.decode() and "All of it." in answer.content.decode()
    assert not Article.objects.exists()
    retry = answer.context["adminform"].form["story_id"].value()
    assert desk.post(url("add"), page.form(headline="Hostile", story_id=retry)).status_code == 302


def test_nobody_reaches_a_restricted_story_by_beginning_one_under_its_id(desk, editor):
    secret = newsroom.article("Nobody knows", owner=editor)
    secret.record(by=editor)
    secret.restricted_to.set([editor])
    page = Page(desk)
    page.id = str(secret.pk)
    answer = page.save(headline="Mine now", body="<p>x</p>")
    assert answer.status_code == 422
    assert "Nobody knows" not in answer.content.decode()
    assert Article.objects.get(pk=secret.pk).headline == "Nobody knows"


# Which save counts


def test_a_save_whose_answer_was_lost_is_no_conflict_with_oneself(desk):
    page = Page(desk, a_story())
    for number in range(3):
        # The page never learns of the new revision.
        assert page.save(headline=f"Try {number}").status_code == 200
    assert Article.objects.get().headline == "Try 2"
    assert Version.objects.count() == 4


def test_after_a_lost_answer_somebody_else_s_save_still_is_one(desk, editor):
    story = a_story()
    page = Page(desk, story)
    page.save(headline="Lost")
    theirs = Article.objects.get()
    theirs.headline = "Theirs"
    theirs.save()
    theirs.record(by=editor)
    assert page.save(headline="Lost, and more").status_code == 409
    assert Article.objects.get().headline == "Theirs"


def test_a_save_that_arrives_late_does_not_undo_the_one_sent_after_it(desk):
    story = a_story()
    page = Page(desk, story)
    late = page.form(headline="Sent first", save_key=f"{page.tab}.1")
    page.sent = 1
    assert page.save(headline="Sent last").status_code == 200
    answer = desk.post(url("change", story.pk), late, **JSON)
    assert (answer.status_code, answer.json()["revision"]) == (200, 2)
    assert Article.objects.get().headline == "Sent last"


def test_another_tab_of_the_same_person_is_told_too(desk):
    story = a_story()
    one, two = Page(desk, story), Page(desk, story)
    assert one.save(headline="One").status_code == 200
    assert two.save(headline="Two").status_code == 409
    assert Article.objects.get().headline == "One"


# Autosaves


def test_two_tabs_keep_what_was_typed_in_each(desk):
    story = a_story()
    one, two = Page(desk, story), Page(desk, story)
    assert one.autosave(1, headline="In the first tab").status_code == 200
    assert two.autosave(1, headline="In the second tab").status_code == 200
    page = desk.get(url("change", story.pk)).content.decode()
    assert page.count("You have unsaved text") == 2
    for row in TabAutosave.objects.all():
        restored = desk.get(url("change", story.pk), {"restore": row.pk}).content.decode()
        assert row.fields["headline"] in restored
    two.save(headline="In the second tab")
    assert TabAutosave.objects.get().fields == {"headline": "In the first tab"}


def test_restored_text_that_is_saved_is_no_longer_unsaved(desk):
    story = a_story()
    Page(desk, story).autosave(1, headline="Before the crash")
    row = TabAutosave.objects.get()
    form = desk.get(url("change", story.pk), {"restore": row.pk}).context["adminform"].form
    assert form["headline"].value() == "Before the crash"
    assert Page(desk, story).save(headline="Before the crash", restored=form["restored"].value()).status_code == 200
    assert not TabAutosave.objects.exists()


def test_an_autosave_that_arrives_late_changes_nothing(desk):
    story = a_story()
    page = Page(desk, story)
    page.autosave(3, headline="Third")
    page.autosave(2, headline="Second")
    assert TabAutosave.objects.get().fields == {"headline": "Third"}
    page.sent = 3
    page.save(headline="Saved")
    page.autosave(3, headline="Third")
    assert not TabAutosave.objects.exists()


def test_one_editor_s_tabs_are_kept_in_bounds(desk):
    story = a_story()
    for number in range(25):
        Page(desk, story).autosave(1, headline=f"Tab {number}")
    kept = {row.fields["headline"] for row in TabAutosave.objects.all()}
    assert len(kept) == 20 and "Tab 24" in kept and "Tab 0" not in kept


def test_what_the_last_release_kept_is_offered_and_discarded_without_a_script(desk, chief):
    story = a_story()
    Autosave.objects.create(article=story, user=chief, fields={"headline": "From 0.1.0"}, revision=1)
    assert "You have unsaved text" in desk.get(url("change", story.pk)).content.decode()
    row = TabAutosave.objects.get()
    assert "From 0.1.0" in desk.get(url("change", story.pk), {"restore": row.pk}).content.decode()
    answer = desk.post(url("autosave", story.pk), {"discard": row.pk})
    assert answer.url == url("change", story.pk)
    assert not TabAutosave.objects.exists() and not Autosave.objects.exists()


# Size


def test_a_million_letters_of_any_alphabet_are_kept_and_saved(desk):
    story = a_story()
    page = Page(desk, story)
    text = f"<p>{(LONG * 50_000)[: limits.MOST_CHARACTERS - 7]}</p>"
    assert len(text) == limits.MOST_CHARACTERS and len(text.encode()) > 1_500_000
    assert page.autosave(1, headline="Long", body=text).status_code == 200
    assert page.save(body=text).status_code == 200
    assert len(Article.objects.get().body) >= limits.MOST_CHARACTERS


def test_a_text_that_is_too_long_is_called_so_with_its_figure(desk):
    story = a_story()
    page = Page(desk, story)
    text = f"<p>{LONG * 60_000}</p>"
    for answer in (page.autosave(1, body=text), page.save(body=text)):
        assert f"{len(text):,} characters" in json.dumps(answer.json())
        assert answer.status_code in (413, 422)
    beside = page.autosave(2, standfirst="x" * 100_001)
    assert beside.status_code == 413 and "The fields beside the text" in beside.json()["sentence"]
