"""The board “Restrictions to confirm”: words, meanings, verdicts, and colleagues who are faster."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from articles.stories.checklist import check
from media.models import Photo, Right, Site

from . import newsroom
from .test_photo_desk import posted

pytestmark = pytest.mark.django_db

BOARD = "admin:media_photo_board"


@pytest.fixture
def desk(admin_client):
    return admin_client


def instructed(text, seed=1):
    """Return a photo on file with these instructions, read as at its arrival."""
    photo = newsroom.photo(seed=seed)
    photo.instructions = text
    photo.save()
    photo.read_again(apply=True)
    return Photo.objects.get(pk=photo.pk)


def board(desk):
    return desk.get(reverse(BOARD, args=["restrictions"])).content.decode()


def settle(desk, **data):
    page = desk.post(reverse("admin:media_photo_settle"), data, follow=True)
    return [str(message) for message in page.context["messages"]]


def token(photo):
    photo = Photo.objects.get(pk=photo.pk)
    return f"{photo.pk}:{photo.waiting}"


def test_the_board_marks_what_was_understood_and_what_was_not(desk):
    instructed("GERMANY OUT EXCEPT CANNES. NO CROPPING")
    page = board(desk)
    assert '<mark title="not in Germany">GERMANY</mark>' in page
    assert '<mark class="unread" title="Not understood">EXCEPT CANNES</mark>' in page
    assert "not to be cropped" in page


def test_instructions_mended_by_hand_are_read_and_hold_at_once(desk):
    photo = instructed("Sparkle gently.")
    page = desk.get(photo.get_absolute_url())
    answer = desk.post(photo.get_absolute_url(), posted(page) | {"instructions": "GERMANY OUT"}, follow=True)
    assert [right.territories for right in Photo.objects.get(pk=photo.pk).rights.all()] == [["DE"]]
    assert "were read again" in " ".join(map(str, answer.context["messages"]))


def test_a_photo_without_restrictions_is_not_on_the_board(desk):
    newsroom.photo()
    assert "Nothing here" in board(desk)


def test_one_restriction_is_confirmed_and_a_second_click_changes_nothing(desk):
    right = instructed("GERMANY OUT").rights.get()
    assert "confirmed" in settle(desk, one=f"{right.pk}:confirmed")[0]
    right.refresh_from_db()
    assert right.standing == "confirmed"
    assert settle(desk, one=f"{right.pk}:dismissed") == ["That restriction was already settled. Nothing was changed."]
    right.refresh_from_db()
    assert right.standing == "confirmed" and "Nothing here" in board(desk)


def test_chosen_photos_are_settled_together_with_their_unread_words(desk):
    first, second = instructed("GERMANY OUT. MIND THE STEP"), instructed("BEWARE OF THE DOG", seed=2)
    said = settle(desk, do="confirmed", photo=[token(first), token(second)])
    assert said == ["1 restriction of 2 photos confirmed."]
    assert not Photo.objects.to_confirm().exists()
    assert Photo.objects.get(pk=second.pk).unread == "BEWARE OF THE DOG"


def test_all_on_the_page_takes_those_that_were_shown(desk):
    shown = instructed("GERMANY OUT")
    later = instructed("FRANCE OUT", seed=2)
    settle(desk, do="dismissed", all="1", shown=[token(shown)])
    assert [photo.pk for photo in Photo.objects.to_confirm()] == [later.pk]
    assert Right.objects.get(photo=shown).standing == "dismissed"


def test_what_a_person_did_not_see_is_not_confirmed(desk):
    photo = instructed("GERMANY OUT")
    seen = token(photo)
    Right.objects.create(photo=photo, effect="deny", standing="provisional", note="another file")
    assert "Look again" in settle(desk, do="confirmed", photo=[seen])[0]
    assert Right.objects.filter(standing="provisional").count() == 2


@pytest.mark.parametrize(
    "data", [{}, {"do": "burn", "photo": "x"}, {"one": "x:y"}, {"one": "9" * 40}, {"do": "confirmed", "photo": "x:1"}]
)
def test_nonsense_is_answered_with_the_board(desk, data):
    assert desk.post(reverse("admin:media_photo_settle"), data).status_code == 302


def test_lists_filter_by_instructions(desk):
    photo, other = instructed("BEWARE OF THE DOG"), instructed("GERMANY OUT", seed=2)
    newsroom.photo(seed=3)
    page = reverse("admin:media_photo_changelist")
    found = {
        value: set(desk.get(page, {"instructions": value}).context["cl"].queryset) for value in ("confirm", "unread")
    }
    assert found == {"confirm": {photo, other}, "unread": {photo}}


def test_the_front_page_and_the_digest_count_them(desk):
    for number in range(7):
        instructed("BEWARE OF THE DOG", seed=number)
    page = desk.get(reverse("admin:index")).content.decode()
    assert 'Restrictions to confirm</a> <span class="count">7</span>' in page
    out = StringIO()
    call_command("photo_desk_digest", stdout=out)
    assert "Restrictions to confirm (7)" in out.getvalue()


def test_unread_words_are_a_warning_before_publishing_until_somebody_looked(desk):
    photo = instructed("BEWARE OF THE DOG")
    story = newsroom.article(lead=photo)
    found = [problem for problem in check(story, timezone.now()) if problem.code == "instructions_to_check"]
    assert [problem.blocks for problem in found] == [False] and "“BEWARE OF THE DOG”" in found[0].sentence
    settle(desk, do="confirmed", photo=[token(photo)])
    assert not [problem for problem in check(story, timezone.now()) if problem.code == "instructions_to_check"]


def test_another_publishers_photo_may_not_be_used_until_the_desk_has_looked(desk):
    photo = instructed("EXCLUSIVE TO THE EVENING LANTERN")
    use = Site.objects.default().use(timezone.now())
    assert not Photo.objects.get(pk=photo.pk).usable(use)
    settle(desk, one=f"{photo.rights.get().pk}:dismissed")
    assert Photo.objects.get(pk=photo.pk).usable(use)


def test_photos_on_file_are_read_again_and_verdicts_stay(desk):
    photo = instructed("GERMANY OUT. FRANCE OUT")
    dismissed = photo.rights.get(territories=["FR"])
    settle(desk, one=f"{dismissed.pk}:dismissed")
    photo.rights.filter(territories=["DE"]).update(territories=["AT"])
    out = StringIO()
    call_command("read_instructions", "--photos", stdout=out)
    assert "not in Germany" in out.getvalue() and "1 photo would change" in out.getvalue()
    call_command("read_instructions", "--photos", "--apply", stdout=out)
    assert sorted(photo.rights.values_list("standing", flat=True)) == ["dismissed", "provisional"]
    assert photo.rights.get(standing="provisional").territories == ["DE"]
    again = StringIO()
    call_command("read_instructions", "--photos", stdout=again)
    assert again.getvalue() == "0 photos would change; run again with --apply to change them.\n"
