"""The verbs that decide what readers get."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from articles.models import Address, Article, AuditEntry, LiveDocument
from articles.stories.edition_steps import GateClosed
from media.models import Usage

from . import newsroom

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
# A first publication begins uses of photos, an address and names to search by; an update has less to write. One asks who
# translates it. Where pages of the directory appear or vanish, they are compared, named and announced, whatever their number.
MOST_STATEMENTS, MOST_OF_AN_UPDATE, MOST_OF_A_WITHDRAWAL = 78, 72, 34
MOST_WITH_PAGES = 8


@pytest.fixture
def story():
    return newsroom.article()


def live(story, at):
    """Return what readers get of the story at that instant: its headline, or a status, or None."""
    row = LiveDocument.objects.answering(at).filter(article=story, slug=story.slug).first()
    if row is None:
        return None
    return json.loads(row.bytes.document_json)["headline"] if row.status == 200 else row.status


def edit(story, headline):
    story.headline = headline
    story.save()


def test_draft_is_not_there(story):
    assert live(story, NOON) is None
    assert not Address.objects.filter(kind="article").exists()


def test_published_story_is_live_from_its_instant_on(story):
    edition = story.publish(now=NOON)
    assert (edition.number, edition.kind) == (1, "first")
    assert live(story, NOON - timedelta(microseconds=1)) is None
    assert live(story, NOON) == story.headline
    assert Address.objects.get(kind="article").slug == story.slug


def test_publishing_the_live_version_again_changes_nothing(story):
    edition = story.publish(now=NOON)
    entries = AuditEntry.objects.count()
    assert story.publish(now=NOON + HOUR) == edition
    assert story.editions.count() == 1
    assert AuditEntry.objects.count() == entries


def test_edits_reach_readers_only_by_publishing_again(story):
    story.publish(now=NOON)
    edit(story, "A second thought")
    assert live(story, NOON + HOUR) != "A second thought"
    assert story.publish(now=NOON + HOUR).kind == "update"
    assert live(story, NOON + HOUR) == "A second thought"


def test_minor_edition_leaves_the_dates_and_a_correction_sets_them(story):
    story.publish(now=NOON)
    edit(story, "A typo mended")
    story.publish(now=NOON + HOUR, kind="minor")
    row = LiveDocument.objects.live(NOON + HOUR).get()
    assert (row.published_at, row.updated_at) == (NOON, None)
    edit(story, "A fact mended")
    story.publish(now=NOON + 2 * HOUR, kind="correction", public_note="An earlier version named the wrong film.")
    row = LiveDocument.objects.live(NOON + 2 * HOUR).get()
    assert (row.published_at, row.updated_at) == (NOON, NOON + 2 * HOUR)
    assert json.loads(row.bytes.document_json)["corrections"][0]["text"].startswith("An earlier version")


def test_imported_date_is_the_date_readers_see(story):
    Article.objects.filter(pk=story.pk).update(original_published_at=NOON - 400 * HOUR)
    story.refresh_from_db()
    story.publish(now=NOON)
    assert LiveDocument.objects.live(NOON).get().published_at == NOON - 400 * HOUR


def test_scheduled_story_goes_live_by_itself(story):
    story.publish(now=NOON, at=NOON + 5 * HOUR)
    assert live(story, NOON + 5 * HOUR - timedelta(microseconds=1)) is None
    assert live(story, NOON + 5 * HOUR) == story.headline
    assert not LiveDocument.objects.live(NOON).exists()


def test_story_with_an_end_is_gone_from_that_instant_on(story):
    story.publish(now=NOON, ends=NOON + HOUR)
    assert live(story, NOON + HOUR - timedelta(microseconds=1)) == story.headline
    assert live(story, NOON + HOUR) == 410


def test_story_cannot_go_live_in_the_past(story):
    with pytest.raises(ValidationError, match="in the past"):
        story.publish(now=NOON, at=NOON - HOUR)
    assert story.versions.count() == 0


def test_coming_update_replaces_the_live_edition_at_its_instant(story):
    story.publish(now=NOON)
    edit(story, "What we know now")
    story.publish(now=NOON, at=NOON + HOUR)
    assert live(story, NOON) != "What we know now"
    assert live(story, NOON + HOUR) == "What we know now"


def test_cancelled_edition_never_goes_live(story):
    edition = story.publish(now=NOON, at=NOON + HOUR)
    story.cancel(edition, now=NOON)
    assert live(story, NOON + HOUR) is None
    assert not story.coming_editions(NOON).exists()


def test_cancelling_twice_is_one_cancellation(story):
    edition = story.publish(now=NOON, at=NOON + HOUR)
    assert story.cancel(edition, now=NOON) == story.cancel(edition, now=NOON)


def test_edition_that_went_live_cannot_be_cancelled(story):
    edition = story.publish(now=NOON)
    with pytest.raises(ValidationError, match="already live"):
        story.cancel(edition, now=NOON + HOUR)
    assert live(story, NOON + HOUR) == story.headline


def test_rescheduled_story_keeps_its_version_and_changes_its_instant(story):
    edition = story.publish(now=NOON, at=NOON + HOUR)
    edit(story, "Still being written")
    moved = story.reschedule(edition, at=NOON + 3 * HOUR, now=NOON)
    assert moved.version == edition.version
    assert live(story, NOON + 2 * HOUR) is None
    assert live(story, NOON + 3 * HOUR) != "Still being written"


def test_withdrawn_story_answers_410_and_takes_what_was_to_come_along(story):
    story.publish(now=NOON)
    edit(story, "To come")
    story.publish(now=NOON, at=NOON + 5 * HOUR)
    story.withdraw(reason="a mistake", now=NOON + HOUR)
    assert [live(story, NOON + hours * HOUR) for hours in (0, 1, 5, 99)][1:] == [410, 410, 410]


def test_withdrawn_story_may_lead_elsewhere(story):
    story.publish(now=NOON)
    story.withdraw(reason="merged", redirect_to="the-other-story", now=NOON + HOUR)
    row = LiveDocument.objects.answering(NOON + HOUR).get(slug=story.slug)
    assert (row.status, row.location) == (301, "the-other-story")


def test_silently_withdrawn_story_leads_nowhere_from_any_address_it_ever_had(story):
    first = story.slug
    story.publish(now=NOON)
    story.move(slug="second-address", now=NOON)
    story.withdraw(reason="court order", silent=True, redirect_to="elsewhere", now=NOON + HOUR)
    rows = LiveDocument.objects.answering(NOON + HOUR).filter(article=story)
    assert {(row.slug, row.status, row.location) for row in rows} == {(first, 410, ""), ("second-address", 410, "")}


def test_withdrawn_story_can_be_published_again_under_its_first_date(story):
    story.publish(now=NOON)
    story.withdraw(reason="a mistake", now=NOON + HOUR)
    story.publish(now=NOON + 2 * HOUR)
    assert live(story, NOON + 2 * HOUR) == story.headline
    assert LiveDocument.objects.live(NOON + 2 * HOUR).get().published_at == NOON


def test_story_that_never_was_published_cannot_be_withdrawn(story):
    with pytest.raises(ValidationError, match="was never published"):
        story.withdraw(reason="why not", now=NOON)


def test_moved_story_is_reached_by_its_old_address(story):
    first = story.slug
    story.publish(now=NOON)
    story.move(slug="a-better-address", now=NOON + HOUR)
    assert live(story, NOON + HOUR) == story.headline
    row = LiveDocument.objects.answering(NOON + HOUR).get(slug=first)
    assert (row.status, row.location) == (301, "a-better-address")
    assert LiveDocument.objects.live(NOON + HOUR).count() == 1


def test_old_address_is_never_given_to_another_story(story):
    first = story.slug
    story.publish(now=NOON)
    story.move(slug="a-better-address", now=NOON)
    assert newsroom.article(story.headline).slug != first
    other = newsroom.article("Something else")
    other.publish(now=NOON)
    with pytest.raises(ValidationError, match="used before"):
        other.move(slug=first, now=NOON)


def test_moving_back_makes_the_first_address_current_again(story):
    first = story.slug
    story.publish(now=NOON)
    story.move(slug="a-better-address", now=NOON)
    story.move(slug=first, now=NOON + HOUR)
    assert live(story, NOON + HOUR) == story.headline
    assert LiveDocument.objects.answering(NOON + HOUR).get(slug="a-better-address").location == first


def test_embargo_stops_even_publish_now(story):
    story.embargo_until, story.embargo_reason = NOON + 5 * HOUR, "set by the studio"
    story.save()
    with pytest.raises(ValidationError, match="Under embargo until June 1, 2026, 5:00 PM UTC: set by the studio"):
        story.publish(now=NOON)
    assert live(story, NOON) is None
    story.publish(now=NOON, at=NOON + 5 * HOUR)
    assert live(story, NOON + 5 * HOUR) == story.headline


def test_breaking_an_embargo_takes_a_permission_and_a_reason(story, editor, outsider):
    story.embargo_until, story.embargo_reason = NOON + 5 * HOUR, "set by the studio"
    story.save()
    with pytest.raises(PermissionDenied):
        story.publish(by=outsider, now=NOON, override="everybody has it")
    edition = story.publish(by=editor, now=NOON, override="everybody has it")
    assert edition.override == "everybody has it"


@pytest.mark.parametrize(
    "verb",
    [
        lambda story, by: story.publish(by=by),
        lambda story, by: story.withdraw(by=by, reason="x"),
        lambda story, by: story.move(slug="elsewhere", by=by),
        lambda story, by: story.seal(by=by, reason="x"),
    ],
)
def test_verbs_refuse_a_colleague_without_the_permission(story, outsider, verb):
    with pytest.raises(PermissionDenied, match="You can’t"):
        verb(story, outsider)
    assert not LiveDocument.objects.exists()


def test_story_with_an_empty_slot_stays_a_draft_and_the_slot_is_named(story):
    slot = newsroom.photo(slot=True, caption="Mara Okonjo waves.")
    edited = newsroom.article("With a slot", photos=[slot])
    with pytest.raises(GateClosed, match="Mara Okonjo waves"):
        edited.publish(now=NOON)
    assert live(edited, NOON) is None
    assert not edited.versions.exists()


def test_photos_that_fail_can_be_left_out_at_the_editors_word():
    slot = newsroom.photo(slot=True)
    edited = newsroom.article("With a slot", photos=[slot])
    edition = edited.publish(now=NOON, without_failing_photos=True)
    assert edition.without_photos == [str(slot.pk)]
    document = json.loads(LiveDocument.objects.live(NOON).get().bytes.document_json)
    assert "photo" not in [block["type"] for block in document["body"]]
    assert edited.tasks.get().photo == slot


def test_restored_version_is_a_draft_not_a_publication(story):
    first = story.publish(now=NOON).version
    edit(story, "A worse headline")
    story.publish(now=NOON + HOUR)
    version = story.restore(first, by=None, at=NOON + 2 * HOUR)
    assert (version.number, story.headline) == (3, first.content["headline"])
    assert live(story, NOON + 2 * HOUR) == "A worse headline"


def test_saving_without_a_change_makes_no_version(story):
    version = story.record(at=NOON)
    story.save()
    assert story.record(at=NOON + HOUR) == version
    assert story.versions.count() == 1


def test_sealed_story_keeps_its_hashes_and_none_of_its_words(story):
    story.publish(now=NOON, note="because of Mara")
    hashes = list(story.versions.values_list("content_hash", flat=True))
    words = story.headline
    story.seal(reason="court order", now=NOON + HOUR)
    story.refresh_from_db()
    assert list(story.versions.values_list("content_hash", flat=True)) == hashes
    assert all(words not in json.dumps(version.content) for version in story.versions.all())
    assert (story.headline, story.body) == ("[sealed]", "")
    assert live(story, NOON + HOUR) == 410
    assert story.editions.get(number=1).note == ""


def test_only_a_story_that_never_was_live_can_be_discarded(story, editor):
    story.record(at=NOON)
    story.discard(by=None, at=NOON)
    assert not Article.objects.visible_to(editor).filter(pk=story.pk).exists()
    other = newsroom.article("Was live")
    other.publish(now=NOON)
    with pytest.raises(ValidationError, match="Withdraw it instead"):
        other.discard(by=None, at=NOON)


def test_ledger_says_which_photo_was_seen_from_when_until_when():
    photo = newsroom.photo()
    story = newsroom.article(lead=photo)
    story.publish(now=NOON)
    story.withdraw(reason="a mistake", now=NOON + HOUR)
    usage = Usage.objects.get(photo=photo.pk, role="lead")
    assert (usage.live_from, usage.live_until) == (NOON, NOON + HOUR)
    assert usage.credit == "Photo by Petra Lindqvist/Getty Images for StreamCo"


def test_failing_verb_changes_nothing(story):
    story.publish(now=NOON)
    edit(story, "Half a thought")
    before = (story.versions.count(), story.editions.count(), AuditEntry.objects.count())
    story.section = None
    story.save()
    with pytest.raises(GateClosed):
        story.publish(now=NOON + HOUR)
    assert (story.versions.count(), story.editions.count(), AuditEntry.objects.count()) == before


def test_publishing_asks_few_questions_however_many_photos_a_story_shows(django_assert_max_num_queries):
    for photos, pages in ((2, MOST_WITH_PAGES), (8, 0)):
        story = newsroom.article(
            f"Premiere in {photos} pictures", lead=newsroom.photo(), photos=[newsroom.photo() for _ in range(photos)],
            people=[newsroom.person("Mara Okonjo"), newsroom.person("Ida Strand")], works=[newsroom.work()],
            tags=[newsroom.tag(), newsroom.tag("Awards")],
        )  # fmt: skip
        with django_assert_max_num_queries(MOST_STATEMENTS + pages):
            story.publish()
        edit(story, f"{story.headline}, updated")
        with django_assert_max_num_queries(MOST_OF_AN_UPDATE):
            story.publish()
        assert live(story, datetime.now(UTC)) == story.headline
    with django_assert_max_num_queries(MOST_OF_A_WITHDRAWAL):
        story.withdraw(reason="test")
    for story in LiveDocument.objects.live(datetime.now(UTC)).select_related("article"):
        with django_assert_max_num_queries(MOST_OF_A_WITHDRAWAL + MOST_WITH_PAGES):
            story.article.withdraw(reason="test")
