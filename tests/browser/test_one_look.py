"""The photo desk, the directory and the settings, in the light, in the dark and on a phone: readable, named, not cut off."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from django.utils import timezone

from media.models import Agency, Licence, PhotoCredit, Right, Site

from .. import newsroom
from .conftest import PHONE
from .test_accessibility import findings

pytestmark = pytest.mark.django_db(transaction=True)

LISTS = (
    "media_photo", "media_photocredit", "media_agency", "media_licence", "media_notice", "media_usage", "articles_work",
    "articles_section", "articles_endpoint", "articles_apitoken", "auth_user",
)  # fmt: skip


@pytest.fixture
def addresses(chief):
    """Every kind of page of the photo desk and the settings, with something on each."""
    newsroom.site()
    killed, restricted = newsroom.photo(seed=1), newsroom.photo(seed=2, instructions="NO SALES. Not for use in France.")
    restricted.read_again(apply=True)
    killed.kill(by=chief, reason="wrong person named")
    ending = newsroom.photo(seed=3, line="Photo by Ida Brandt/AP (left); Kwame Osei/Getty Images (right)")
    Right.objects.create(photo=ending, effect="allow", until=timezone.now() + timedelta(days=2))
    agency = Agency.objects.filter(aliases__isnull=False).first()
    licence = Licence.objects.create(agency=agency, reference="A-1")
    Right.objects.create(photo=ending, effect="allow", licence=licence)
    PhotoCredit.objects.create(supplied_line="xx 77 // ??", needs_check=True)
    newsroom.photo(slot=True)
    changed = {
        "media_photo": [killed.pk, restricted.pk], "media_photocredit": [ending.credit_id], "media_agency": [agency.pk],
        "media_licence": [licence.pk], "media_site": [Site.objects.default().pk], "articles_person": [newsroom.person().pk],
        "articles_section": [newsroom.section().pk], "auth_user": [User.objects.get(username="chief").pk],
        "media_notice": [killed.notices.first().pk],
    }  # fmt: skip
    boards = ("expiring", "killed", "restrictions", "credits", "slots")
    return [
        *(reverse(f"admin:{name}_changelist") for name in LISTS),
        *(reverse(f"admin:{name}_change", args=[key]) for name, keys in changed.items() for key in keys),
        *(reverse("admin:media_photo_board", args=[name]) for name in boards),
        *(reverse(f"admin:{name}") for name in ("media_photo_notice", "media_photo_add", "password_change")),
        reverse("admin:media_photo_delete", args=[restricted.pk]),
        reverse("admin:media_photo_board", args=["nowhere"]),
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_is_readable_and_named_and_has_one_thing_it_is_for(desk, live_server, addresses, scheme):
    desk.emulate_media(color_scheme=scheme)
    wrong = {}
    for address in addresses:
        desk.goto(live_server.url + address)
        filled = desk.locator(":is(.button, [type=submit]).default:visible, .addlink.default:visible").count()
        if found := findings(desk) + ([f"{filled} filled buttons"] if filled > 1 else []):
            wrong[address] = found
    assert not wrong, "\n".join(f"{address}\n  " + "\n  ".join(found) for address, found in wrong.items())


def test_no_page_is_wider_than_a_phone(desk, live_server, addresses):
    desk.set_viewport_size(PHONE)
    wide = {}
    for address in addresses:
        desk.goto(live_server.url + address)
        width = desk.evaluate("document.documentElement.scrollWidth")
        if width > PHONE["width"]:
            wide[address] = width
    assert not wide


def test_a_list_of_photos_on_a_phone_shows_what_may_be_used_without_scrolling_aside(desk, live_server):
    newsroom.photo()
    desk.set_viewport_size(PHONE)
    desk.goto(f"{live_server.url}/admin/media/photo/")
    box = desk.locator("#result_list .badge").first.bounding_box()
    assert box["x"] + box["width"] <= PHONE["width"]


def test_at_a_desk_the_caption_of_a_photo_is_reached_without_scrolling(desk, live_server):
    photo = newsroom.photo()
    desk.goto(f"{live_server.url}/admin/media/photo/{photo.pk}/change/")
    box = desk.get_by_label("Text", exact=False).first.bounding_box()
    assert box["y"] + 20 <= 900


def test_a_right_that_is_added_is_open_and_one_that_is_there_is_folded(desk, live_server):
    photo = newsroom.photo()
    Right.objects.create(photo=photo, effect="deny", note="contract over")
    desk.goto(f"{live_server.url}/admin/media/photo/{photo.pk}/change/")
    assert not desk.locator("#id_rights-0-note").is_visible()
    desk.get_by_text("Add another Right").click()
    assert desk.locator("#id_rights-1-note").is_visible()
