"""Credit, caption and alt text saved where a photo is shown, and the badge that says what the checklist says."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from articles.models import Article, AuditEntry, Task
from articles.stories.checklist import check
from media.models import Caption, Photo, Right
from media.photos.findings import SILENT, badges, findings

from . import newsroom
from .test_picker import bare

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture
def tell(client, editor):
    client.force_login(editor)
    return lambda path, **data: client.post(f"/admin/picker/{path}", data, content_type="application/json")


@pytest.fixture
def reporter(django_user_model):
    made = django_user_model.objects.create_user("reporter", password="a long password", is_staff=True)
    made.groups.add(Group.objects.get(name="writer"))
    return made


def credit_of(photo) -> str:
    return Photo.objects.get(pk=photo.pk).credit_line


# ---- what is saved ---------------------------------------------------------------------------------------------------


def test_words_are_saved_to_the_photo_and_noted_in_its_history(tell, editor):
    photo = bare("Old caption.", line="Photo by Pia Lund/AP")
    answer = tell(
        "words/",
        photos=[str(photo.pk)],
        credit=" Ann Lee/Getty Images  for Netflix ",
        caption="New\ncaption.",
        alt="A hall.",
    )
    assert answer.status_code == 200 and answer.json()["changed"] == ["credit", "caption", "alt"]
    photo = Photo.objects.get(pk=photo.pk)
    assert str(photo.credit) == "Photo by Ann Lee/Getty Images for Netflix" and not photo.credit.needs_check
    assert (photo.house_caption.text, photo.house_caption.alt) == ("New caption.", "A hall.")
    entry = LogEntry.objects.get(object_id=str(photo.pk))
    assert entry.user == editor and entry.get_change_message() == "Changed credit, caption and alt."
    assert AuditEntry.objects.filter(verb="photo.changed", subject=str(photo.pk)).exists()
    assert tell("words/", photos=[str(photo.pk)], caption="New caption.").json()["changed"] == []


def test_an_alt_text_beside_a_supplied_caption_keeps_the_caption(tell):
    photo = bare()
    photo.captions.all().delete()
    Caption.objects.create(photo=photo, kind="supplied", text="As received.")
    tell("words/", photos=[str(photo.pk)], alt="A hall.")
    assert (photo.house_caption.text, photo.house_caption.alt) == ("As received.", "A hall.")
    tell("words/", photos=[str(photo.pk)], decorative=True)
    row = Photo.objects.get(pk=photo.pk).house_caption
    assert row.decorative and row.alt == ""
    tell("words/", photos=[str(photo.pk)], alt="A hall after all.")
    assert not Photo.objects.get(pk=photo.pk).house_caption.decorative


def test_a_line_nobody_understands_waits_for_a_person_and_is_never_guessed(tell, client):
    photo = bare()
    tell("words/", photos=[str(photo.pk)], credit="Xq 7 zz/unknown, ??")
    photo = Photo.objects.get(pk=photo.pk)
    assert (
        photo.credit.needs_check and photo.credit.line() == "Xq 7 zz/unknown, ??" and photo in Photo.objects.to_check()
    )
    read = client.get("/admin/picker/credit/", {"line": "Ann Lee/Getty Images for Netflix"}).json()
    assert read == {
        "understood": "Ann Lee · Getty Images, for Netflix",
        "line": "Photo by Ann Lee/Getty Images for Netflix",
    }
    unread = client.get("/admin/picker/credit/", {"line": "Xq 7 zz/unknown, ??"}).json()
    assert unread == {"understood": "", "line": "Xq 7 zz/unknown, ??"}
    two = client.get("/admin/picker/credit/", {"line": "Ann Lee/AP (left); Bo Ray/WireImage (right)"}).json()
    assert two["understood"] == "Ann Lee · AP (left); Bo Ray · WireImage (right)"


def test_live_stories_change_only_after_a_yes_to_as_many(tell):
    photo, other = bare(), bare()
    newsroom.article("One", photos=[photo, other]).publish(now=NOW)
    newsroom.article("Two", photos=[photo]).publish(now=NOW)
    both = [str(photo.pk), str(other.pk)]
    asked = tell("words/", photos=both, credit="Ann Lee/AP")
    assert asked.status_code == 409
    assert asked.json() == {
        "detail": "Saving changes 2 photos and 2 live stories immediately.",
        "affected": "Saving changes 2 photos and 2 live stories immediately.",
        "stories": 2,
    }
    assert tell("words/", photos=both, credit="Ann Lee/AP", agreed=1).status_code == 409
    assert credit_of(photo) != "Ann Lee/AP"
    assert tell("words/", photos=both, credit="Ann Lee/AP", agreed=2).status_code == 200
    assert {credit_of(photo), credit_of(other)} == {"Ann Lee/AP"}


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"photos": []}, "Choose between 1 and 100 photos."),
        ({"photos": "all"}, "Choose between 1 and 100 photos."),
        ({"photos": ["nonsense"]}, "This photo no longer exists."),
        ({"credit": "x" * 501}, "The credit has 501 characters; the limit is 500."),
        ({"caption": "x" * 5_001}, "the limit is 5,000"),
        ({"alt": "x" * 1_001}, "the limit is 1,000"),
        ({"alt": 7}, "The alt text contains a character that can’t be saved."),
    ],
)
def test_what_cannot_be_saved_is_refused_in_a_sentence(tell, data, said):
    photo = bare()
    answer = tell("words/", **{"photos": [str(photo.pk)], "credit": "Ann Lee"} | data)
    assert answer.status_code == 400 and said in answer.json()["detail"]
    assert credit_of(photo) != "Ann Lee"


# ---- who may ---------------------------------------------------------------------------------------------------------


def test_a_writer_cannot_change_photos_and_leaves_a_task_instead(client, tell, reporter, editor):
    photo = bare(uploaded_by=reporter)
    story = newsroom.article(photos=[photo], owner=reporter)
    client.force_login(reporter)
    assert not client.get("/admin/picker/", {"ids": str(photo.pk)}).json()["may_change"]
    refused = tell("words/", photos=[str(photo.pk)], credit="Me")
    assert (
        refused.status_code == 403 and refused.json()["detail"] == "Your role can’t change photos. Ask the photo desk."
    )
    with pytest.raises(PermissionDenied):
        photo.reword(by=reporter, caption="Mine.")
    for _ in range(2):
        assert tell("ask/", photo=str(photo.pk), article=str(story.pk), credit="Ann Lee").status_code == 200
    task = Task.objects.get(article=story)
    assert (task.photo, task.desk, task.by) == (photo, "photo", reporter) and task.text.endswith(
        "it should be “Ann Lee”"
    )
    assert tell("ask/", photo=str(photo.pk), article="").json()["detail"].startswith("Save the story first")


def test_a_question_about_a_credit_is_no_question_about_a_use(editor, admin_user):
    photo, story = bare(), newsroom.article()
    Right.objects.create(photo=photo, effect="allow", cost="paid")
    asked = story.ask_for_credit(photo, by=editor)
    clearance = story.ask_clearance(photo, by=editor)
    assert clearance != asked and clearance.text.startswith("Clear")
    story.clear_photo(photo, by=admin_user)
    assert list(story.tasks.filter(done_at__isnull=True)) == [asked]


def test_a_restricted_story_is_not_told_of(client, tell, reporter, editor):
    photo, secret = bare(), newsroom.article("The secret wedding")
    secret.restricted_to.add(editor)
    client.force_login(reporter)
    assert tell("ask/", photo=str(photo.pk), article=str(secret.pk)).status_code == 404
    assert not Task.objects.exists()


# ---- the badge says what the checklist says --------------------------------------------------------------------------


def lacking(**fields):
    photo = bare(**fields)
    photo.captions.all().delete()
    Photo.objects.filter(pk=photo.pk).update(credit=None)
    return Photo.objects.get(pk=photo.pk)


def first_badge(photo, **use) -> str:
    asked = newsroom.site().use(NOW, new=True, **use)
    return badges(photo, asked, photo.usable(asked))[0].word


def test_the_first_badge_is_the_gravest_finding():
    photo = lacking()
    assert first_badge(photo) == "No credit yet"
    photo.reword(by=None, credit="Xq 7 zz/unknown, ??")
    assert first_badge(photo) == "Check the credit"
    photo.reword(by=None, credit="Ann Lee/AP")
    assert first_badge(photo) == "No alt text"
    photo.reword(by=None, alt="A hall.", caption="The hall.")
    assert first_badge(photo) == "Usable"
    assert first_badge(bare(kind="rights_managed")) == "Not usable"
    assert first_badge(bare(state="awaiting")) == "Waits for its file"
    assert first_badge(bare(state="killed")) == "Killed"


def test_a_badge_tells_the_last_day_and_the_channel_that_is_left_out(monkeypatch):
    ends, printed = bare(), bare()
    site = newsroom.site()
    at = datetime(2026, 11, 29, 12, tzinfo=UTC)
    Right.objects.create(photo=ends, effect="allow", until=datetime(2026, 12, 4, 0, tzinfo=UTC))
    Right.objects.create(photo=printed, effect="deny", channels=["web"])
    site.time_zone = "UTC"
    use = site.use(at, new=True)
    assert [badge.word for badge in badges(ends, use, ends.usable(use))] == ["Ends Dec 3"]
    assert [badge.level for badge in badges(ends, use, ends.usable(use))] == ["wait"]
    assert badges(printed, use, printed.usable(use))[0].word == "Not for web"


@pytest.mark.parametrize("kind", ["agency", "rights_managed", "social"])
def test_what_the_checklist_blocks_no_badge_calls_usable(kind):
    for photo in (bare(kind=kind), lacking(kind=kind)):
        story = newsroom.article(photos=[photo])
        blocked = {problem.code for problem in check(story, NOW) if problem.blocks and problem.photo}
        use = story.site.use(NOW, article=story.pk, new=True)
        found = badges(photo, use, photo.usable(use))
        assert {badge.code for badge in found if badge.level == "no"} == blocked
        assert (found[0].word == "Usable") == (not blocked and photo.credit is not None)


def test_a_use_with_words_of_its_own_lacks_none():
    photo = lacking()
    use = newsroom.site().use(NOW)
    codes = {each.code for each in findings(photo, photo.usable(use), SILENT)}
    assert {"alt_missing", "caption_missing", "credit_missing"} <= codes


def test_the_grid_tells_badges_the_line_as_typed_and_how_many_live_stories_show_it(client, editor):
    client.force_login(editor)
    photo = bare(line="Photo by Pia Lund/AP")
    newsroom.article(photos=[photo]).publish(now=NOW - timedelta(minutes=1))
    page = client.get("/admin/picker/").json()
    assert page["may_change"]
    told = page["photos"][0]
    assert (told["credit_line"], told["understood"], told["live"]) == ("Photo by Pia Lund/AP", "Pia Lund · AP", 1)
    assert [badge["word"] for badge in told["badges"]] == ["No alt text", "Usable"]


def test_the_list_of_photos_says_no_credit_where_the_checklist_would(client, admin_client):
    lacking()
    assert "No credit yet" in admin_client.get("/admin/media/photo/").content.decode()
    assert Article.objects.count() == 0
