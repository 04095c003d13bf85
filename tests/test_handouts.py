"""Copies for print and partners: asked of the rights, labeled, entered in the ledger; and who may see what photos cost."""

import csv
import io
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from articles.models import AuditEntry, Person
from media.files.metadata import read
from media.models import Photo, Right, Usage
from media.spreadsheet import cell

from . import newsroom

pytestmark = pytest.mark.django_db


def member(role="photo desk", *, without=()):
    user = get_user_model().objects.create_user("pat", is_staff=True)
    if without:
        held = Permission.objects.filter(group__name=role).exclude(codename__in=without)
        user.user_permissions.set(held)
    else:
        user.groups.add(Group.objects.get(name=role))
    return user


@pytest.fixture
def desk(client, db):
    client.force_login(member())
    return client


def a_photo(**fields):
    terms = {"usage_terms": "One issue only.", "city": "Cannes", "supplier_image_id": "NP/42"}
    return newsroom.photo(**{"kind": "staff"} | terms | fields)


def ask(client, photo, **data):
    given = {"channel": "print", "to": "Marquee Monthly, June"} | data
    return client.post(reverse("admin:media_photo_handout", args=[photo.pk]), given)


def test_a_copy_says_who_is_credited_what_is_seen_and_on_which_terms(desk):
    photo = a_photo()
    photo.redact([[0.5, 0.5, 0.2, 0.2]])
    answer = desk.get(ask(desk, photo)["Location"])
    assert answer["Content-Disposition"] == 'attachment; filename="np42.jpg"'
    said = read(answer.content)
    assert said.credit_line == "Photo by Petra Lindqvist/Getty Images for StreamCo"
    assert (said.caption, said.usage_terms) == ("Mara Okonjo at the premiere.", "One issue only.")
    assert (list(said.creators), said.city) == (["Petra Lindqvist"], "Cannes")
    with Image.open(io.BytesIO(answer.content)) as copy, Image.open(io.BytesIO(photo.original())) as original:
        assert copy.size == original.size
        spot = (int(copy.width * 0.69), int(copy.height * 0.69))
        assert copy.convert("RGB").getpixel(spot) != original.convert("RGB").getpixel(spot)


def test_each_download_is_in_the_ledger_and_the_log(desk):
    photo = a_photo()
    ask(desk, photo, channel="syndication", to="Nordlys Weekly")
    usage, entry = Usage.objects.get(), AuditEntry.objects.get(verb="photo.downloaded")
    assert (usage.channel, usage.headline, usage.photo) == ("syndication", "Nordlys Weekly", photo.pk)
    assert usage.credit and usage.caption and usage.entered_by.username == "pat"
    assert (entry.subject, entry.note) == (str(photo.pk), "syndication: Nordlys Weekly")


def test_what_the_rights_refuse_is_not_handed_out(desk):
    photo = a_photo(kind="agency")
    page = ask(desk, photo)
    assert page.status_code == 422
    assert "Agency photos may be shown to our readers, but not syndicated or printed." in page.content.decode()
    assert 'value="Marquee Monthly, June"' in page.content.decode()
    assert not Usage.objects.exists()
    Right.objects.create(photo=photo, effect="allow", channels=["print"], territories=["US"])
    refused = ask(desk, photo, territories="US, DE")
    assert "covers the United States only" in refused.content.decode() or refused.status_code == 422
    assert ask(desk, photo, territories="US").status_code == 302
    assert ask(desk, photo, channel="syndication").status_code == 422


@pytest.mark.parametrize("data", [{"to": ""}, {"channel": "web"}, {"territories": "Mars"}, {"to": "x" * 400}])
def test_what_cannot_be_meant_is_refused_in_a_sentence(desk, data):
    assert ask(desk, a_photo(), **data).status_code == 422
    assert not Usage.objects.exists()


def test_a_photo_without_a_credit_is_not_handed_out(desk):
    photo = a_photo()
    Photo.objects.filter(pk=photo.pk).update(credit=None)
    assert "Nobody is credited." in ask(desk, photo).content.decode()


def test_a_paid_use_waits_for_the_desks_yes_which_the_ledger_keeps(desk):
    photo = a_photo(kind="rights_managed")
    Right.objects.create(photo=photo, effect="allow", channels=["print"], cost="pay", fee="120.00")
    assert "the photo desk must clear this use first" in ask(desk, photo).content.decode()
    assert ask(desk, photo, fee="120", agreed="Order 77").status_code == 302
    usage = Usage.objects.get()
    assert (usage.fee, usage.clearance) == (120, "Cleared by pat: Order 77")


def test_the_address_of_a_copy_is_its_askers_and_ends_with_the_right(desk, client):
    photo = a_photo()
    address = ask(desk, photo)["Location"]
    assert desk.get(address)["Content-Type"] == "image/jpeg"
    photo.kill(by=None, reason="wrong person")
    assert desk.get(address).status_code == 302
    photo.reinstate(by=None)
    other = get_user_model().objects.create_superuser("other")
    client.force_login(other)
    assert client.get(address).status_code == 404
    assert client.get(reverse("admin:media_photo_copy", args=[photo.pk, "made-up"])).status_code == 302
    assert Usage.objects.count() == 1


def test_only_who_may_downloads(client):
    user, photo = member("editor"), a_photo()
    client.force_login(user)
    assert ask(client, photo).status_code == 403
    assert "media_photo_handout" not in client.get(photo.get_absolute_url()).content.decode()
    with pytest.raises(PermissionDenied, match="download_photo"):
        photo.hand_out(by=user, channel="print", to="Marquee Monthly")


def test_a_narrow_right_gives_a_narrow_copy(desk):
    photo = a_photo()
    Right.objects.create(photo=photo, effect="allow", channels=["print"], max_width=600)
    with Image.open(io.BytesIO(desk.get(ask(desk, photo)["Location"]).content)) as copy:
        assert copy.width == 600


# Fees


def paid_use(photo):
    return Usage.objects.create(
        photo=photo.pk, channel="print", headline="Page 4", live_from=timezone.now(), fee="512.25",
        clearance="Cleared by pat, 1 March 2026; 512.25 flat",
    )  # fmt: skip


def pages_with_fees(photo, usage):
    return [
        photo.get_absolute_url(),
        reverse("admin:media_photo_evidence", args=[photo.pk]),
        reverse("admin:media_usage_changelist"),
        reverse("admin:media_usage_change", args=[usage.pk]),
        reverse("admin:media_usage_csv"),
    ]


def text_of(answer):
    assert answer.status_code == 200
    return (b"".join(answer.streaming_content) if answer.streaming else answer.content).decode()


@pytest.mark.parametrize("sees", [True, False])
def test_fees_are_told_to_those_who_may_see_them(client, sees):
    user = member(without=() if sees else ("view_fee",))
    client.force_login(user)
    photo = a_photo()
    Right.objects.create(photo=photo, effect="allow", channels=["print"], cost="pay", fee="512.25", fee_basis="flat")
    for address in pages_with_fees(photo, paid_use(photo)):
        assert ("512.25" in text_of(client.get(address))) is sees, address


def test_a_hidden_fee_cannot_be_filtered_by(client):
    client.force_login(member(without=("view_fee",)))
    paid_use(a_photo())
    answer = client.get(reverse("admin:media_usage_changelist") + "?fee__gte=500", follow=True)
    assert answer.request["QUERY_STRING"] == "e=1" or answer.status_code in (302, 400)


def test_the_report_tells_fees_when_asked_for_them(capsys):
    paid_use(a_photo())
    day = f"{timezone.now() - timedelta(days=1):%Y-%m-%d}", f"{timezone.now() + timedelta(days=1):%Y-%m-%d}"
    call_command("usage_report", "--from", day[0], "--to", day[1])
    assert "512.25" not in capsys.readouterr().out
    call_command("usage_report", "--from", day[0], "--to", day[1], "--fees")
    assert next(csv.DictReader(io.StringIO(capsys.readouterr().out)))["fee"] == "512.25"


# Files for spreadsheets


@pytest.mark.parametrize(
    "typed", ["=1+1", "+1", "-2", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "＝1", "=HYPERLINK(\"//x\",\"y\")"]
)  # fmt: skip
def test_no_cell_is_a_formula(typed):
    assert cell(typed) == f"'{typed}"


@pytest.mark.parametrize("typed", ["", "A = B", "Ana “Bo”, Lund", "12.50", "– none –"])
def test_other_cells_are_as_they_are(typed):
    assert cell(typed) == typed


def test_the_ledger_as_a_file_is_utf_8_with_quotes_and_times_on_the_sites_clock(desk):
    use = {"caption": "One “line”,\nand another", "agency": "Éclair"}
    Usage.objects.create(photo=a_photo().pk, live_from=timezone.now(), channel="print", **use)
    answer = desk.get(reverse("admin:media_usage_csv"))
    data = b"".join(answer.streaming_content)
    assert data.startswith(b"\xef\xbb\xbf")
    row = next(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert (row["caption as shown"], row["agency"]) == (use["caption"], "Éclair")
    assert len(row["live from (UTC)"]) == len("2026-03-01 20:00:00")


# The log


def test_the_log_names_photos_and_people_by_their_words(client):
    client.force_login(get_user_model().objects.create_superuser("root"))
    photo, other, person = a_photo(), a_photo(caption="Bo at sea.", seed=8), Person.objects.create(name="Ana Lund")
    AuditEntry.record("photo.swapped", at=timezone.now(), subject=str(photo.pk), note=f"for {other.pk}")
    AuditEntry.record("person.changed", at=timezone.now(), subject=str(person.pk))
    page = client.get(reverse("admin:articles_auditentry_changelist")).content.decode()
    assert f'href="{photo.get_absolute_url()}">Mara Okonjo at the premiere.</a>' in page
    assert "for “Bo at sea.”" in page
    assert "Ana Lund</a>" in page


def test_the_log_asks_for_names_in_a_fixed_number_of_queries(client, django_assert_max_num_queries):
    client.force_login(get_user_model().objects.create_superuser("root"))
    address = reverse("admin:articles_auditentry_changelist")
    for seed in range(12):
        photo = a_photo(seed=seed)
        AuditEntry.record("photo.evidence_printed", at=timezone.now(), subject=str(photo.pk))
    with django_assert_max_num_queries(18):
        client.get(address)


def test_a_use_elsewhere_picks_its_photo_with_the_picker(desk):
    page = desk.get(reverse("admin:media_usage_add")).content.decode()
    assert "data-photo-field" in page
