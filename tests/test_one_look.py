"""Pages of the desk that the stock admin would dress in its own way: their headings, refusals, passwords, long lists."""

import re
from collections import Counter
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

from media.models import Agency, Licence, Photo, PhotoCredit, Right

from . import newsroom

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).parent.parent
# A rule on one line, outside of any condition.
RULE = re.compile(r"[^@/{}\s][^{}]*\{.+\}$")


@pytest.fixture
def desk(admin_client):
    return admin_client


def page(desk, name, *args):
    return desk.get(reverse(f"admin:{name}", args=args)).content.decode()


def heading(html):
    return strip_tags(html.split("<h1", 1)[1].split(">", 1)[1].split("</h1>")[0])


def test_a_list_is_headed_by_what_it_lists_and_a_page_by_what_it_is_about(desk):
    person = newsroom.person("Ilse Varga")
    assert heading(page(desk, "articles_person_changelist")) == "People"
    assert heading(page(desk, "articles_person_change", person.pk)) == "Ilse Varga"
    assert heading(page(desk, "articles_person_add")) == "Add person"


def test_filters_are_named_without_the_stock_admins_by(desk):
    html = page(desk, "media_photo_changelist")
    assert "<summary>Uploaded by</summary>" in html and "<summary>Taken</summary>" in html


def test_licenses_are_filtered_by_the_agencies_that_sold_one(desk):
    sold, other = Agency.objects.create(name="Sold Once"), Agency.objects.create(name="Never Sold")
    Licence.objects.create(agency=sold, reference="A-1", bought_on=timezone.now().date())
    Licence.objects.create(agency=newsroom.credit().agencies.first(), reference="A-2")
    html = page(desk, "media_licence_changelist")
    assert "Sold Once" in html and other.name not in html


@pytest.mark.parametrize("path", ["/admin/media/photo/board/nowhere/", "/admin/media/photo/?p=%00"])
def test_a_page_that_is_not_there_wears_the_desks_look_and_leads_back(desk, path):
    answer = desk.get(path)
    html = answer.content.decode()
    assert answer.status_code in (400, 404) and "cms/marquee" in html
    assert "The requested resource" not in html and f'href="{reverse("admin:index")}"' in html


def test_who_may_not_open_a_page_is_told_whom_to_ask(client):
    writer = get_user_model().objects.create_user("writer", password="a long password", is_staff=True)
    writer.user_permissions.add(Permission.objects.get(codename="view_photo"))
    client.force_login(writer)
    answer = client.get(reverse("admin:media_photo_notice"))
    assert answer.status_code == 403
    assert "Ask an editor or an administrator." in answer.content.decode()


def test_the_pages_about_passwords_say_what_to_do_next(client):
    reset = reverse("admin_password_reset")
    assert "Forgot your password?" in client.get(reverse("admin:login")).content.decode()
    old_link = client.get(reverse("password_reset_confirm", args=["MQ", "set-password"])).content.decode()
    assert heading(old_link) == "This link no longer works" and f'href="{reset}"' in old_link
    assert f'href="{reset}"' in client.get(reverse("password_reset_done")).content.decode()


def test_a_password_that_is_too_weak_is_refused_beside_its_field(desk):
    answer = desk.post(
        reverse("admin:password_change"),
        {"old_password": "password", "new_password1": "short", "new_password2": "short"},
    )
    assert "at least 10 characters" in answer.content.decode().split("errorlist")[1]


def test_the_photos_page_wears_the_badge_of_the_list(desk):
    photo = newsroom.photo(line="Ida Brandt/AP")
    Photo.objects.filter(pk=photo.pk).update(credit=None)
    badge = '<span class="badge badge-bad"'
    for html in (page(desk, "media_photo_changelist"), page(desk, "media_photo_change", photo.pk)):
        assert badge in html and "No credit yet" in html


def test_a_killed_photos_page_says_why_and_what_reinstating_does(desk, admin_user):
    photo = newsroom.photo()
    photo.kill(by=admin_user, reason="wrong person named")
    html = page(desk, "media_photo_change", photo.pk)
    assert "Killed: wrong person named (admin)" in html and "Reinstating returns it" in html
    assert "It can no longer be used anywhere" not in html


def test_what_saving_changes_is_said_without_noughts(desk):
    photo = newsroom.photo()
    assert "Saving changes 1 photo. No live story shows it." in page(desk, "media_photo_change", photo.pk)
    unused = PhotoCredit.objects.create(supplied_line="Nobody/Nowhere")
    assert "saving changes no story" in page(desk, "media_photocredit_change", unused.pk)


def test_a_long_caption_is_cut_with_dots():
    said = str(
        newsroom.photo(caption="Teodor Brakspear and Isaura Vantongeren pose on the carpet at the premiere " * 2)
    )
    assert said.endswith("…") and len(said) == 80


def test_the_page_that_deletes_a_photo_does_not_list_its_sizes(desk):
    photo = newsroom.photo()
    Right.objects.create(photo=photo, effect="allow", note="A week")
    html = page(desk, "media_photo_delete", photo.pk)
    assert photo.renditions.exists() and "A week" in html
    assert "endition" not in html


def test_a_photos_history_is_what_the_log_says_of_it(desk, admin_user):
    photo = newsroom.photo()
    photo.kill(by=admin_user, reason="wrong person named")
    html = desk.get(reverse("admin:media_photo_history", args=[photo.pk]), follow=True).content.decode()
    assert "Photo killed" in html


def test_dates_are_written_the_same_way_on_every_page(desk):
    newsroom.work(title="The Glass Orchard")
    Licence.objects.create(agency=newsroom.credit().agencies.first(), reference="A-2", bought_on="2026-11-29")
    html = page(desk, "media_licence_changelist")
    assert "Nov 29, 2026" in html and "Nov. 29" not in html


def test_who_may_not_change_a_photo_is_offered_no_way_to(client):
    photo = newsroom.photo()
    reader = get_user_model().objects.create_user("reader", password="a long password", is_staff=True)
    reader.user_permissions.add(Permission.objects.get(codename="view_photo"))
    client.force_login(reader)
    html = client.get(reverse("admin:media_photo_change", args=[photo.pk])).content.decode()
    assert "photo-only" in html
    assert not any(words in html for words in ("Click the picture", "Saving changes", "Draw what to hide"))


def test_a_photos_page_says_a_reason_once(desk):
    html = page(desk, "media_photo_change", newsroom.photo().pk)
    assert "Agency photos may be shown" in html and "Where no right is recorded" not in html


def test_a_wrong_password_is_refused_in_plain_words(client):
    answer = client.post(reverse("admin:login"), {"username": "nobody", "password": "wrong wrong"})
    assert "No account here has this name and password." in answer.content.decode()


def test_no_stylesheet_says_a_rule_twice():
    """A merge of two branches once left half a stylesheet there a second time, and the older half won."""
    said_twice = []
    for path in sorted(ROOT.glob("*/static/**/*.css")):
        rules = [line for line in path.read_text().splitlines() if RULE.match(line)]
        said_twice += [f"{path.name}: {rule[:80]}" for rule, times in Counter(rules).items() if times > 1]
    assert said_twice == []
