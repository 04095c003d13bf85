"""A photo that costs money waits for the photo desk's named yes: in the checklist, on both pages, in the ledger."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone

from articles.models import AuditEntry
from articles.stories.edition_steps import GateClosed
from articles.stories.photo_swap import swap
from media.models import Clearance, Photo, Right, Usage

from . import newsroom

pytestmark = pytest.mark.django_db


def colleague(role):
    user = get_user_model().objects.create_user(role.replace(" ", "."), password="a long password", is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    return user


@pytest.fixture
def desk(db):
    return colleague("photo desk")


@pytest.fixture
def publisher(db):
    return colleague("publisher")


def paid(**right):
    photo = newsroom.photo(kind="rights_managed")
    Right.objects.create(photo=photo, effect="allow", cost="paid", fee=120, fee_basis="per use, USD", **right)
    return photo


def test_a_paid_photo_goes_live_only_with_a_yes_and_nobody_overrides_that(publisher, desk):
    story = newsroom.article(lead=paid())
    with pytest.raises(GateClosed, match=r"needs the photo desk’s approval.*costs money"):
        story.publish(by=publisher, override="We need it")
    story.clear_photo(story.lead_photo, by=desk, fee=Decimal(120), fee_basis="per use, USD", note="Ann at the agency")
    assert story.publish(by=publisher).number == 1


@pytest.mark.parametrize("role", ["writer", "editor", "publisher"])
def test_only_the_desk_says_yes(role):
    story = newsroom.article(lead=paid())
    with pytest.raises(PermissionDenied, match="clear paid uses"):
        story.clear_photo(story.lead_photo, by=colleague(role))


def test_a_yes_holds_for_its_story_and_its_place(desk):
    photo = paid()
    story, other = newsroom.article(lead=photo), newsroom.article("Another", lead=photo)
    story.clear_photo(photo, by=desk, placement="lead")
    assert not [each for each in story.problems() if each.is_owed]
    assert [each.placement for each in other.problems() if each.is_owed] == ["lead"]
    story.publish()
    story.body = newsroom.body(photo)
    story.save()
    assert [each.placement for each in story.problems() if each.is_owed] == ["body"]


def test_a_yes_is_no_way_around_a_quota(desk):
    photo = paid(quota=1)
    story, late = newsroom.article(lead=photo), newsroom.article("Late", lead=photo)
    for each in (story, late):
        each.clear_photo(photo, by=desk)
    story.publish()
    with pytest.raises(GateClosed, match=r"quota .* is used up"):
        late.publish()
    story.body = newsroom.body(photo)
    story.save()
    story.publish()


def test_the_ledger_names_the_yes_and_counts_its_fee_once(desk):
    photo = paid()
    story = newsroom.article(lead=photo, photos=[photo])
    story.clear_photo(photo, by=desk, fee=Decimal(120), fee_basis="per use, USD", note="order 77")
    now = timezone.now()
    story.publish(now=now)
    story.lead_caption = "Another caption."
    story.save()
    story.publish(now=now + timedelta(minutes=1))
    rows = Usage.objects.filter(photo=photo.pk)
    assert rows.count() == 3
    assert {row.clearance for row in rows} == {Clearance.objects.get().terms}
    assert "Cleared by photo.desk" in rows[0].clearance and "order 77" in rows[0].clearance
    assert [row.fee for row in rows if row.fee is not None] == [Decimal(120)]


def test_a_second_yes_to_the_same_use_is_refused_in_a_sentence(desk):
    story = newsroom.article(lead=paid())
    story.clear_photo(story.lead_photo, by=desk)
    with pytest.raises(ValidationError, match="already cleared"):
        story.clear_photo(story.lead_photo, by=desk)


def test_a_paid_photo_is_not_swapped_into_live_stories_without_a_yes(desk, editor):
    old, new = newsroom.photo(), paid()
    story = newsroom.article(lead=old)
    story.publish()
    with pytest.raises(ValidationError, match=r"may not be shown in “Mara Okonjo returns.*must clear"):
        swap(old, new, by=editor)
    story.clear_photo(new, by=desk)
    assert swap(old, new, by=editor) == 1


def test_a_writer_asks_from_the_story_and_the_desk_answers_on_the_photo(client, desk):
    writer, photo = colleague("writer"), paid()
    story = newsroom.article(lead=photo, owner=writer)
    story.record()
    client.force_login(writer)
    panel = client.get(reverse("admin:articles_article_panel", args=[story.pk])).content.decode()
    assert "Ask the photo desk" in panel and "Clear this use" not in panel
    ask = reverse("admin:articles_article_ask_clearance", args=[story.pk, photo.pk])
    for _ in range(2):
        client.post(ask, {"note": "for the obituary"})
    assert client.post(reverse("admin:articles_article_clear_photo", args=[story.pk, photo.pk])).status_code == 403
    assert not Clearance.objects.exists()

    client.force_login(desk)
    assert "for the obituary" in client.get(reverse("admin:index")).content.decode()
    page = client.get(reverse("admin:media_photo_change", args=[photo.pk])).content.decode()
    assert "for the obituary" in page and "Clear this use" in page
    here = reverse("admin:articles_article_clear_photo_here", args=[story.pk, photo.pk])
    client.post(here, {"placement": "", "fee": "a lot", "fee_basis": "", "note": ""})
    assert not Clearance.objects.exists()
    client.post(here, {"placement": "", "fee": "99.50", "fee_basis": "per use, USD", "note": "Ann agreed"})
    given = Clearance.objects.get()
    assert (given.article, given.fee, given.note, given.by) == (story.pk, Decimal("99.50"), "Ann agreed", desk)
    assert story.tasks.get().done_at is not None
    assert AuditEntry.objects.filter(verb="photo.cleared", by=desk).exists()
    page = client.get(reverse("admin:media_photo_change", args=[photo.pk])).content.decode()
    assert "Ann agreed" in page and story.headline in page
    assert story.headline in client.get(reverse("admin:media_clearance_changelist")).content.decode()


def test_the_panel_says_what_is_left_of_a_quota(client, editor):
    photo = newsroom.photo()
    Right.objects.create(photo=photo, effect="allow", quota=5, quota_period="month")
    newsroom.article("First", lead=photo).publish()
    story = newsroom.article(lead=Photo.objects.get())
    client.force_login(editor)
    panel = client.get(reverse("admin:articles_article_panel", args=[story.pk])).content.decode()
    assert "5 uses a month, 4 left; this story takes one." in panel


def take_back(client, story, photo, reason="The agency wants three times as much"):
    address = reverse("admin:articles_article_take_clearance_back", args=[story.pk, photo.pk])
    given = Clearance.objects.filter(photo=photo, article=story.pk).first()
    return client.post(address, {"clearance": given.pk if given else "77", "reason": reason}, follow=True)


def delivered(client, story):
    return client.get(f"/api/v1/articles/{story.slug}/").json()


def live_with_a_yes(photo, desk, **terms):
    story = newsroom.article(lead=photo)
    story.clear_photo(photo, by=desk, **terms)
    story.publish()
    return story


def test_a_clearance_taken_back_takes_the_photo_out_of_the_live_story_at_once(client, desk):
    photo = paid()
    story, other = live_with_a_yes(photo, desk), live_with_a_yes(photo, desk)
    client.force_login(desk)
    page = client.get(reverse("admin:media_photo_change", args=[photo.pk])).content.decode()
    assert "The story is live and loses this photo immediately." in page
    said = take_back(client, story, photo).content.decode()
    assert "Clearance withdrawn." in said and "clearance taken back: The agency wants three times as much" in said
    assert delivered(client, story)["lead"] is None
    assert delivered(client, other)["lead"]["id"] == str(photo.pk)
    entry = AuditEntry.objects.get(verb="photo.clearance_taken_back")
    assert (entry.by, entry.article, entry.subject) == (desk, story.pk, str(photo.pk))
    assert "three times" in entry.note and "Cleared by photo.desk" in entry.note
    assert Usage.objects.get(article=story.pk, photo=photo.pk).live_until is not None


def test_a_new_yes_brings_the_photo_back(client, desk):
    photo = paid()
    story = live_with_a_yes(photo, desk)
    client.force_login(desk)
    take_back(client, story, photo)
    story.clear_photo(photo, by=desk, placement="body")
    assert delivered(client, story)["lead"] is None
    story.clear_photo(photo, by=desk, placement="lead")
    assert delivered(client, story)["lead"]["id"] == str(photo.pk)


def test_what_another_yes_covers_stays(client, desk):
    photo = paid()
    story = live_with_a_yes(photo, desk, placement="lead")
    whole = story.clear_photo(photo, by=desk)
    story.take_clearance_back(whole, by=desk, reason="Only the lead was meant")
    assert delivered(client, story)["lead"]["id"] == str(photo.pk)
    assert Right.objects.get(effect="deny").placements == ["body", "gallery", "card"]


def test_taking_back_needs_a_reason_and_the_desk(client, desk):
    photo = paid()
    story = live_with_a_yes(photo, desk)
    client.force_login(desk)
    assert "Enter why the clearance is withdrawn" in take_back(client, story, photo, reason=" ").content.decode()
    assert (
        client.get(reverse("admin:articles_article_take_clearance_back", args=[story.pk, photo.pk])).status_code == 405
    )
    client.force_login(colleague("publisher"))
    assert "Withdraw the clearance" not in client.get(photo.get_absolute_url()).content.decode()
    assert "can’t take clearances back" in take_back(client, story, photo).content.decode()
    assert Clearance.objects.count() == 1
    client.force_login(desk)
    take_back(client, story, photo)
    assert "was already withdrawn" in take_back(client, story, photo).content.decode()
    assert Right.objects.filter(effect="deny").count() == 1
