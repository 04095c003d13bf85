"""What colleagues do with stories and names before anything is published: hand in, return, merge, hold, compare."""

import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from articles.demo import story_text
from articles.history.log_words import DEEDS, ENDINGS
from articles.models import (
    Address,
    Appearance,
    Article,
    AuditEntry,
    Comment,
    LiveDocument,
    Person,
    Task,
)
from articles.stories import diff
from articles.stories.holds import hold_all
from media.local_time import NoSuchTime, elsewhere, happens_twice, instant

from . import newsroom

db = pytest.mark.django_db


# The way of a story


@pytest.fixture
def writer(db):
    user = get_user_model().objects.create_user("writer", is_staff=True)
    user.groups.add(Group.objects.get(name="writer"))
    return user


@db
def test_a_story_goes_from_draft_to_review_and_back_with_a_note_and_a_task(writer, editor):
    story = newsroom.article(owner=writer)
    story.submit(by=writer, note="Please check at the third paragraph")
    assert story.stage == "in_review"
    assert Task.objects.get(done_at=None).text.startswith("Review")
    with pytest.raises(ValidationError):
        story.return_(by=editor, note=" ")
    story.return_(by=editor, note="Who said this?")
    task = Task.objects.get(done_at=None)
    assert (story.stage, task.text, task.assignee) == ("draft", "Who said this?", writer)
    assert [comment.text for comment in Comment.objects.all()] == [
        "Please check at the third paragraph",
        "Who said this?",
    ]
    story.submit(by=writer)
    story.accept(by=editor)
    assert story.stage == "ready"
    assert not Task.objects.filter(done_at=None, desk="editors").exists()
    assert list(AuditEntry.objects.filter(article=story.pk).values_list("verb", flat=True))[::-1] == [
        "article.submitted", "article.returned", "article.submitted", "article.accepted",
    ]  # fmt: skip


@db
def test_a_published_story_leaves_the_desk_as_ready(editor):
    story = newsroom.article()
    story.submit(by=editor)
    story.publish(by=editor)
    assert Article.objects.get(pk=story.pk).stage == "ready"
    assert not story.tasks.filter(done_at=None).exists()


@db
def test_a_restricted_story_is_assigned_to_those_alone_who_know_of_it(editor, writer):
    story = newsroom.article(owner=editor)
    story.restricted_to.add(editor)
    with pytest.raises(ValidationError, match="Restricted to"):
        story.assign(writer, by=editor)


@db
def test_the_front_page_shows_what_waits(client, editor):
    client.force_login(editor)
    slot = newsroom.photo(slot=True, caption="A slot to fill.")
    draft = newsroom.article("My own draft", owner=editor, photos=[slot])
    newsroom.article("Coming soon").publish(at=timezone.now() + timedelta(hours=3))
    newsroom.article("Handed in").submit(by=editor)
    draft.assign(editor, by=editor, text="Call the label")
    page = client.get(reverse("admin:index")).content.decode()
    for shown in ("My own draft", "Coming soon", "Handed in", "Call the label", "A slot to fill."):
        assert shown in page, shown


# Import


@db
def test_a_pasted_story_is_shown_corrected_and_made_into_a_draft(client, editor):
    client.force_login(editor)
    page_url = reverse("admin:articles_article_import")
    text = story_text("salt-meridian-premiere")
    section = newsroom.section()
    known = newsroom.person("Teodor Brakspear")
    page = client.post(page_url, {"text": text}).content.decode()
    assert "Isaura Vantongeren attends" in page and "Mirela Kanashiro" in page and "Halcyon Pictures" in page
    assert not Article.objects.exists()
    data = {
        "text": text, "create": "1", "headline": "A better headline", "section": section.pk, "people": [known.pk],
        "new_people": ["Isaura Vantongeren"], "type-0": "standfirst", "type-1": "quote",
    }  # fmt: skip
    answer = client.post(page_url, data)
    story = Article.objects.get()
    assert answer.url == story.get_absolute_url()
    assert (story.headline, story.section, story.owner) == ("A better headline", section, editor)
    assert story.standfirst.startswith("It rained, of course.")
    assert story.body.startswith("<blockquote")
    assert {link.person.name for link in story.articleperson_set.all()} == {"Teodor Brakspear", "Isaura Vantongeren"}
    again = client.post(page_url, {"text": data["text"]}).content.decode()
    assert "imported before" in again and story.get_absolute_url() in again
    assert client.post(page_url, data)["Location"] == story.get_absolute_url()
    assert Article.objects.count() == 1


@db
def test_nobody_is_recorded_who_was_not_ticked(client, writer):
    client.force_login(writer)
    text = story_text("salt-meridian-premiere")
    data = {"text": text, "create": "1", "headline": "H", "new_people": ["Isaura Vantongeren"]}
    client.post(reverse("admin:articles_article_import"), data)
    assert Article.objects.get().owner == writer
    assert not Person.objects.exists(), "A writer may not record people."


# Names


@db
def test_merging_two_people_takes_over_stories_photos_names_and_the_address(editor):
    kept, double = newsroom.person("Mara Okonjo"), newsroom.person("Mara Okonyo")
    double.aliases.create(name="M. Okonjo")
    photo = newsroom.photo()
    Appearance.objects.create(person=double, photo=photo)
    both, one = newsroom.article("Both", people=[kept, double]), newsroom.article("One", people=[double])
    one.publish()
    old = double.slug
    kept.absorb(double, by=editor)
    assert [link.person for link in both.articleperson_set.all()] == [kept]
    assert [link.person for link in one.articleperson_set.all()] == [kept]
    assert photo.people.get().person == kept
    assert {alias.name for alias in kept.aliases.all()} == {"Mara Okonyo", "M. Okonjo"}
    assert Address.objects.get(kind="person", slug=old).target == str(kept.pk)
    assert LiveDocument.objects.stale(timezone.now()).filter(article=one).exists()
    assert not Person.objects.filter(name="Mara Okonyo").exists()


@db
def test_two_works_merge_through_their_page(client, editor):
    client.force_login(editor)
    kept, double = newsroom.work("The Glass Orchard"), newsroom.work("Glass Orchard")
    story = newsroom.article(works=[double], review_work=double)
    page = client.get(reverse("admin:articles_work_merge", args=[kept.pk]) + "?q=orchard")
    assert "Glass Orchard" in page.content.decode()
    client.post(reverse("admin:articles_work_merge", args=[kept.pk]), {"double": double.pk})
    story.refresh_from_db()
    assert story.review_work == kept
    assert [link.work for link in story.articlework_set.all()] == [kept]


@db
def test_hold_all_takes_back_what_is_scheduled_and_leaves_what_is_live(client, editor):
    client.force_login(editor)
    person = newsroom.person()
    live, coming = newsroom.article("Live", people=[person]), newsroom.article("Coming {soon}", people=[person])
    live.publish()
    coming.publish(at=timezone.now() + timedelta(hours=2))
    page = client.get(reverse("admin:articles_person_change", args=[person.pk])).content.decode()
    assert "Hold all" in page and "Coming {soon}" in page and "pill-live" in page
    client.post(reverse("admin:articles_person_hold", args=[person.pk]), {"reason": "She was charged"})
    assert not coming.coming_editions().exists()
    assert live.live_edition() is not None
    assert coming.editions.get().cancellation.reason == "Held: She was charged"


@db
def test_hold_all_gives_back_what_waits_and_keeps_withdrawals(editor, writer):
    person, photo = newsroom.person(), newsroom.photo()
    Appearance.objects.create(person=person, photo=photo)
    soon = timezone.now() + timedelta(hours=2)
    review = newsroom.article("In review", people=[person], owner=writer)
    review.submit(by=writer)
    pictured = newsroom.article("Shows her", lead=photo)
    pictured.publish(at=soon)
    leaving = newsroom.article("Leaves", people=[person])
    leaving.publish()
    leaving.withdraw(reason="A court order", at=soon)
    secret = newsroom.article("Secret", people=[person], owner=writer)
    secret.publish(at=soon)
    secret.restricted_to.add(writer)
    held = hold_all(person, by=editor, reason="She died")
    assert [edition.article for edition in held.editions] == [pictured]
    assert {story.headline for story in held.returned} == {"In review", "Shows her"}
    assert held.asked == [secret]
    assert Task.objects.get(article=secret).assignee == writer
    review.refresh_from_db()
    assert (review.stage, review.comments.last().text) == ("draft", "Held: She died")
    assert leaving.coming_editions().get().is_withdrawal


@db
def test_the_page_of_a_person_lists_scheduled_waiting_live_and_drafts(client, editor, writer):
    client.force_login(editor)
    person = newsroom.person()
    for headline in ("Alive", "Later", "Handed in", "Just begun", "Not for you"):
        story = newsroom.article(headline, people=[person], owner=writer)
        if headline in ("Alive", "Later"):
            story.publish(at=timezone.now() + timedelta(hours=2) if headline == "Later" else None)
        elif headline == "Handed in":
            story.submit(by=writer)
        elif headline == "Not for you":
            story.restricted_to.add(writer)
    page = client.get(reverse("admin:articles_person_change", args=[person.pk])).content.decode()
    order = [
        page.index(word)
        for word in (
            "Scheduled</h3>",
            "Later",
            "In review",
            "Handed in",
            "Live</h3>",
            "Alive",
            "Drafts</h3>",
            "Just begun",
        )
    ]
    assert order == sorted(order)
    assert "Not for you" not in page
    listed = client.get(reverse("admin:articles_article_changelist"), {"about": f"person-{person.pk}"}).content.decode()
    assert "Handed in" in listed and "Just begun" in listed


@db
def test_names_are_found_by_their_aliases(client, editor):
    client.force_login(editor)
    newsroom.person("Mara Okonjo").aliases.create(name="Lady M")
    page = client.get(reverse("admin:articles_person_changelist") + "?q=lady").content.decode()
    assert "Mara Okonjo" in page
    found = client.get(
        reverse("admin:autocomplete"),
        {"app_label": "articles", "model_name": "article", "field_name": "people", "term": "lady"},
    )
    assert [row["text"] for row in found.json()["results"]] == ["Mara Okonjo"]


@db
def test_the_log_leaves_as_a_table_no_spreadsheet_executes(client, editor):
    client.force_login(editor)
    entry = AuditEntry.record("test.entry", at=timezone.now(), by=editor, note="=HYPERLINK(1)")
    data = {"action": "export", "_selected_action": [entry.pk]}
    answer = client.post(reverse("admin:articles_auditentry_changelist"), data)
    text = b"".join(answer.streaming_content).decode()
    assert text.splitlines()[0] == "\ufeffat (UTC),verb,by,article,subject,note,documents"
    assert "'=HYPERLINK(1)" in text


@db
def test_the_log_and_the_history_say_in_words_what_was_done(client, editor):
    client.force_login(editor)
    story = newsroom.article(owner=editor)
    story.publish(by=editor)
    AuditEntry.record("article.handed_over", at=timezone.now(), by=editor, article=story)
    AuditEntry.record("person.merged", at=timezone.now(), by=editor, subject="Ada")
    log = client.get(reverse("admin:articles_auditentry_changelist")).content.decode()
    history = client.get(reverse("admin:articles_article_versions", args=[story.pk])).content.decode()
    for words in ("Published", "Owner changed"):
        assert f">{words}<" in log and f"{words} · editor" in history
    assert "Person merged with another" in log
    assert ">article.published<" not in log and "article.published" not in history
    found = client.get(reverse("admin:articles_auditentry_changelist") + "?verb=article.handed_over").content.decode()
    assert "1 audit entry" in found and "Owner changed" in found


def test_every_verb_the_code_writes_has_words():
    written = {
        "".join(found)
        for app in ("articles", "media")
        for path in (Path(__file__).parents[1] / app).rglob("*.py")
        for found in re.findall(
            r'(?:record|_pass_on|announce)\([^()]*?"([a-z_]+\.[a-z_]+)"|\bverb="([a-z_]+\.[a-z_]+)"', path.read_text()
        )
    }
    assert len(written) > 20
    assert sorted(verb for verb in written if verb not in DEEDS and verb.split(".")[1] not in ENDINGS) == []


# Comparing


@given(st.text(alphabet="ab \n.’é", max_size=60), st.text(alphabet="ab \n.’é", max_size=60))
def test_a_comparison_holds_both_texts_whole(old, new):
    pieces = list(diff.words(old, new))
    assert "".join(piece.text for piece in pieces if piece.kind != "added") == old
    assert "".join(piece.text for piece in pieces if piece.kind != "removed") == new


def test_words_are_compared_not_letters():
    pieces = [(piece.kind, piece.text) for piece in diff.words("The red carpet.", "The blue carpet.")]
    assert pieces == [("same", "The "), ("removed", "red "), ("added", "blue "), ("same", "carpet.")]


def test_photos_are_compared_by_their_captions():
    key = "01a20639-1478-7533-9c78-c84f01e4b78c"
    figure = f'<figure data-photo="{key}" data-layout="wide"></figure>'
    found = diff.changes({"body": "<p>One</p>"}, {"body": f"<p>One</p>{figure}"}, {key: "On the carpet"})
    assert [(change.name, [piece.text for piece in change.pieces if piece.kind == "added"]) for change in found] == [
        ("Text", ["\n\n[Photo: On the carpet]"])
    ]


# Clocks


@pytest.mark.parametrize(
    ("local", "zone", "utc"),
    [
        ("2031-07-04T18:30", "America/New_York", "2031-07-04T22:30:00+00:00"),
        ("2031-01-04T18:30", "America/New_York", "2031-01-04T23:30:00+00:00"),
        ("2031-07-04T18:30", "Asia/Kolkata", "2031-07-04T13:00:00+00:00"),
        ("2031-07-04T18:30", "UTC", "2031-07-04T18:30:00+00:00"),
    ],
)
def test_a_wall_clock_becomes_an_instant(local, zone, utc):
    assert instant(datetime.fromisoformat(local), zone).isoformat() == utc


def test_the_hour_clocks_skip_is_refused_with_the_next_one_there_is():
    with pytest.raises(NoSuchTime, match="Choose 03:30"):
        instant(datetime(2031, 3, 9, 2, 30), "America/New_York")
    with pytest.raises(NoSuchTime, match="not a time zone"):
        instant(datetime(2031, 3, 9, 2, 30), "Mars/Olympus")


def test_the_hour_that_happens_twice_is_two_instants():
    twice = datetime(2031, 11, 2, 1, 30)
    assert happens_twice(twice, "America/New_York")
    assert not happens_twice(datetime(2031, 11, 2, 3, 30), "America/New_York")
    assert instant(twice, "America/New_York", second=True) - instant(twice, "America/New_York") == timedelta(hours=1)


def test_an_instant_is_shown_in_the_editor_s_zone_the_site_s_and_two_more():
    shown = elsewhere(instant(datetime(2031, 7, 4, 18, 30), "Asia/Tokyo"), "Asia/Tokyo", "Europe/Paris")
    assert shown == [
        "Fri, Jul 4, 2031, 6:30 PM Tokyo", "Fri, Jul 4, 2031, 11:30 AM Paris", "Fri, Jul 4, 2031, 9:30 AM UTC",
        "Fri, Jul 4, 2031, 2:30 AM Los Angeles",
    ]  # fmt: skip
