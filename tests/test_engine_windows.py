"""Windows, verbs and tombstones, case by case; tests/test_engine_model.py takes them together at random."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction

from articles.history import timeline
from articles.history.timeline import FOREVER, Decision, Window
from articles.live import refresh
from articles.models import Address, Article, AuditEntry, LiveDocument, Version
from articles.stories.edition_steps import GateClosed
from media.models import Usage

from . import newsroom

pytestmark = pytest.mark.django_db
NOW = datetime(2031, 3, 1, 12, tzinfo=UTC)


def minutes(number):
    return NOW + timedelta(minutes=number)


def read(story, at):
    row = LiveDocument.objects.live(at).filter(article=story).first()
    if row is not None and row.refresh_at <= at:
        row = refresh.refresh(row.pk, at)
    return json.loads(row.bytes.document_json) if row else None


def test_what_is_gone_before_anything_was_live_is_no_window():
    withdrawal = Decision(2, minutes(1), withdrawal=True)
    assert timeline.windows([withdrawal]) == []
    assert timeline.windows([withdrawal, Decision(3, minutes(5))]) == [Window(minutes(5), FOREVER, 3, False)]


def test_ended_edition_brings_nothing_older_back():
    spans = timeline.windows([Decision(1, NOW), Decision(2, minutes(1), minutes(2))])
    assert [(span.number, span.gone) for span in spans] == [(1, False), (2, False), (2, True)]


def test_two_updates_and_a_correction_wait_and_follow_each_other():
    story = newsroom.article("Zero")
    story.publish(now=NOW)
    for number, kind in ((1, "update"), (2, "correction")):
        story.headline = f"At {number}"
        story.publish(at=minutes(number), kind=kind, public_note="We erred." if kind == "correction" else "", now=NOW)
    assert [read(story, minutes(number))["headline"] for number in range(3)] == ["Zero", "At 1", "At 2"]
    assert [len(read(story, minutes(number))["corrections"]) for number in range(3)] == [0, 0, 1]
    assert [edition.live_from for edition in story.coming_editions(NOW)] == [minutes(1), minutes(2)]


def test_link_of_a_coming_window_counts_what_is_live_then():
    target = newsroom.article("Target")
    target.publish(at=minutes(5), now=NOW)
    story = newsroom.article("Story", body=f'<p><a href="article:{target.pk}">there</a></p>')
    story.publish(now=NOW)
    story.headline = "Later"
    story.publish(at=minutes(10), now=NOW)
    assert "href" not in read(story, minutes(4))["body"][0]["html"]
    assert "href" in read(story, minutes(11))["body"][0]["html"]
    assert LiveDocument.objects.filter(article=story).earliest("live_from").refresh_at == minutes(5)


def test_imported_date_in_the_future_never_hides_what_is_live():
    story = newsroom.article(original_published_at=minutes(60))
    story.publish(now=NOW)
    assert read(story, NOW)["published_at"] == NOW.isoformat().replace("+00:00", "Z")


def test_imported_date_stays_what_it_was_when_the_document_is_rendered_again():
    story = newsroom.article(original_published_at=minutes(-600))
    story.publish(now=NOW)
    type(story).objects.filter(pk=story.pk).update(original_published_at=minutes(-900))
    LiveDocument.objects.filter(article=story).mark_stale(NOW)
    assert read(story, NOW)["published_at"] == minutes(-600).isoformat().replace("+00:00", "Z")


def test_every_earlier_address_leads_to_the_present_one_without_a_chain():
    story = newsroom.article(slug="one")
    story.publish(now=NOW)
    story.move(slug="two", now=minutes(1))
    story.move(slug="three", now=minutes(2))
    rows = {row.slug: (row.status, row.location) for row in LiveDocument.objects.answering(minutes(3))}
    assert rows == {"one": (301, "three"), "two": (301, "three"), "three": (200, "")}


def test_address_once_live_is_never_given_to_another_story():
    story = newsroom.article(slug="one")
    story.publish(now=NOW)
    story.move(slug="two", now=NOW)
    other = newsroom.article(slug="other")
    other.publish(now=NOW)
    with pytest.raises(ValidationError, match="used before"):
        other.move(slug="one", now=NOW)


def test_address_that_was_only_planned_is_free_again():
    story = newsroom.article(slug="planned")
    edition = story.publish(at=minutes(5), now=NOW)
    story.cancel(edition, now=NOW)
    assert not Address.objects.filter(kind="article", slug="planned").exists()


def test_silent_withdrawal_answers_410_everywhere_and_opens_a_checklist():
    story = newsroom.article(slug="one")
    story.publish(now=NOW)
    story.move(slug="two", now=NOW)
    story.withdraw(reason="court order", silent=True, redirect_to="https://example.com/", now=minutes(1))
    rows = {row.slug: (row.status, row.location) for row in LiveDocument.objects.answering(minutes(2))}
    assert rows == {"one": (410, ""), "two": (410, "")}
    assert story.tasks.filter(done_at=None).count() >= 4


def test_verbs_said_twice_do_one_thing():
    story = newsroom.article()
    edition = story.publish(now=NOW)
    assert story.publish(now=minutes(1)) == edition
    coming = story.publish(at=minutes(9), public_note="x", kind="update", now=minutes(1))
    assert story.cancel(coming, now=minutes(2)) == story.cancel(coming, now=minutes(2))
    gone = story.withdraw(reason="test", now=minutes(3))
    assert story.withdraw(reason="test", now=minutes(4)) == gone
    assert story.editions.count() == 3


def test_embargo_stops_publishing_and_an_override_is_named_and_logged(editor):
    story = newsroom.article(embargo_until=minutes(30), embargo_reason="the studio")
    with pytest.raises(ValidationError, match="the studio"):
        story.publish(by=editor, now=NOW)
    story.publish(by=editor, override="the editor in chief decided", now=NOW)
    entry = AuditEntry.objects.get(verb="embargo.overridden")
    assert entry.by == editor
    assert "the editor in chief decided" in entry.note


def test_closed_gate_changes_nothing():
    story = newsroom.article(body="")
    with pytest.raises(GateClosed):
        story.publish(now=NOW)
    assert not story.editions.exists()
    assert not LiveDocument.objects.exists()


def test_end_before_the_beginning_is_refused_in_a_sentence():
    with pytest.raises(ValidationError, match="ends before"):
        newsroom.article().publish(at=minutes(5), ends=minutes(5), now=NOW)


def test_decision_of_a_slower_clock_still_comes_after():
    story = newsroom.article("First")
    story.publish(now=minutes(1))
    story.headline = "Second"
    story.publish(now=NOW)
    assert read(story, minutes(1))["headline"] == "Second"


def test_sealed_story_never_goes_live_again_by_an_old_plan():
    story = newsroom.article("Secret words")
    story.publish(at=minutes(5), now=NOW)
    story.seal(reason="court order", now=NOW)
    assert read(story, minutes(6)) is None
    assert not any("Secret" in json.dumps(version.content) for version in Version.objects.filter(article=story))


def test_history_tells_words_and_credits_of_any_instant():
    photo = newsroom.photo()
    story = newsroom.article("First", lead=photo)
    story.publish(now=NOW)
    story.headline = "Second"
    story.publish(now=minutes(10))
    edition, uses = story.shown_at(minutes(5))
    assert edition.version.content["headline"] == "First"
    assert [use.credit for use in uses] == ["Photo by Petra Lindqvist/Getty Images for StreamCo"]


def test_rebuilding_from_nothing_gives_the_same_documents_and_announces_nothing():
    story = newsroom.article(lead=newsroom.photo())
    story.publish(now=NOW)
    before = LiveDocument.objects.get(article=story)
    LiveDocument.objects.all().delete()
    Article.objects.rebuild([story], minutes(1))
    after = LiveDocument.objects.get(article=story)
    assert (after.etag, after.announces) == (before.etag, "")


def test_both_databases_refuse_to_change_what_is_written_once():
    story = newsroom.article(lead=newsroom.photo())
    story.publish(now=NOW)
    tables = ["version", "edition", "auditentry"]
    for table in [f"articles_{name}" for name in tables] + ["media_usage"]:
        for statement in (f"DELETE FROM {table}", f"UPDATE {table} SET id = id + 1000"):
            with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement)
    assert Usage.objects.exists()


def test_every_insert_only_table_has_its_triggers():
    names = {"version", "edition", "cancellation", "correction", "auditentry"}
    tables = {f"articles_{name}" for name in names} | {"media_usage"}
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT tbl_name, name FROM sqlite_master WHERE type = 'trigger'")
            wanted = {(table, f"{table}_no_{verb}") for table in tables for verb in ("update", "delete")}
        else:
            cursor.execute("SELECT event_object_table, trigger_name FROM information_schema.triggers")
            wanted = {(table, f"{table}_insert_only") for table in tables}
        assert wanted <= set(cursor.fetchall())


def test_ten_thousand_stories_of_one_second_are_there_at_that_second(django_assert_num_queries):
    """Made in bulk around one real document: what is measured is the list, not the writing."""
    story = newsroom.article()
    story.publish(at=minutes(60), now=NOW)
    model, other = LiveDocument.objects.get(article=story), newsroom.article("Live already")
    other.publish(now=NOW)
    type(story).objects.bulk_create(
        [type(story)(headline=f"Story {n}", slug=f"story-{n}", site=story.site) for n in range(10_000)], batch_size=500
    )
    copies = []
    for copy in type(story).objects.filter(slug__startswith="story-"):
        row = LiveDocument.objects.get(pk=model.pk) if not copies else None
        fields = {name: getattr(row or model, name) for name in ("edition_id", "site_id", "status", "live_from", "published_at", "changed_at", "announces")}  # fmt: skip
        copies.append(LiveDocument(article=copy, slug=copy.slug, **fields))
    LiveDocument.objects.bulk_create(copies, batch_size=500)
    assert LiveDocument.objects.live(minutes(60) - timedelta(seconds=1)).count() == 1
    assert LiveDocument.objects.live(minutes(60)).count() == 10_002
    with django_assert_num_queries(1):
        page = list(LiveDocument.objects.live(NOW).order_by("-published_at", "-article_id")[:20])
    assert [row.article_id for row in page] == [other.pk]
    plan = LiveDocument.objects.live(NOW).order_by("-published_at", "-article_id")[:20].explain()
    assert "live_list" in plan


@pytest.mark.skipif(
    "connection.vendor != 'postgresql'", reason="On SQLite writers are alone and the verb keeps them apart."
)
def test_postgresql_refuses_windows_that_overlap():
    story = newsroom.article(slug="one")
    story.publish(now=NOW)
    row = LiveDocument.objects.get(article=story)
    with pytest.raises(DatabaseError, match="overlap"), transaction.atomic(), connection.cursor() as cursor:
        row.pk, row.live_from = None, minutes(5)
        row.save()
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_reader_who_asked_a_moment_before_a_verb_still_finds_the_old_document():
    story = newsroom.article("Old")
    story.publish(now=NOW)
    story.headline = "New"
    story.publish(now=minutes(1))
    story.withdraw(reason="test", now=minutes(2))
    just_before = timedelta(milliseconds=1)
    assert read(story, minutes(1) - just_before)["headline"] == "Old"
    assert read(story, minutes(2) - just_before)["headline"] == "New"
    assert read(story, minutes(2)) is None


def test_scheduled_silent_withdrawal_retires_addresses_at_its_instant_and_not_if_it_is_cancelled():
    story = newsroom.article(slug="before")
    story.publish(now=NOW)
    Address.objects.update(since=NOW)
    story.move(slug="after", now=minutes(1))
    withdrawal = story.withdraw(reason="court order", silent=True, at=minutes(5), now=minutes(2))

    def old_address(at):
        return LiveDocument.objects.answering(at).get(slug="before").status

    assert [old_address(minutes(number)) for number in (2, 4, 5, 9)] == [301, 301, 410, 410]
    story.cancel(withdrawal, now=minutes(3))
    assert old_address(minutes(9)) == 301
    story.withdraw(reason="court order", silent=True, at=minutes(5), now=minutes(4))
    story.publish(now=minutes(6))
    assert old_address(minutes(6)) == 410


def test_new_alias_of_a_person_marks_the_stories_about_them_stale():
    person = newsroom.person()
    story = newsroom.article(people=[person])
    story.publish()
    alias = person.aliases.create(name="Marisol Quint")
    document = LiveDocument.objects.get(article=story)
    assert document.refresh_at < FOREVER
    refresh.refresh(document.pk, document.refresh_at)
    alias.delete()
    assert LiveDocument.objects.get(article=story).refresh_at < FOREVER
