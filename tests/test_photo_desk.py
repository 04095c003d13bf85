"""The photo desk's pages: what colleagues see and may do."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from articles.models import Appearance, LiveDocument
from media.models import Agency, Caption, Licence, Notice, Photo, PhotoCredit, Right, Usage

from . import newsroom

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client, editor):
    client.force_login(editor)
    return client


def change(photo):
    return reverse("admin:media_photo_change", args=[photo.pk])


PAGES = [
    "media_photo_changelist", "media_photo_add", "media_agency_changelist", "media_agency_add",
    "media_photographer_changelist", "media_photocredit_changelist", "media_licence_changelist",
    "media_licence_add", "media_clearance_changelist", "media_usage_changelist", "media_usage_add",
    "media_folderrule_changelist", "media_folderrule_add", "media_untakenfile_changelist",
    "media_notice_changelist", "media_site_changelist", "media_photo_notice", "media_photo_sheet",
]  # fmt: skip


@pytest.mark.parametrize("name", PAGES)
def test_every_page_of_the_desk_opens(desk, name):
    newsroom.photo()
    assert desk.get(reverse(f"admin:{name}")).status_code == 200


@pytest.mark.parametrize("name", ["expiring", "killed", "restrictions", "credits", "slots"])
def test_every_board_opens(desk, name):
    newsroom.photo(slot=True)
    assert desk.get(reverse("admin:media_photo_board", args=[name])).status_code == 200


@pytest.mark.parametrize(
    "query", ["usable=yes", "usable=no", "expiring=7", "credit=check", "credit=none", "added=me", "q=Lindqvist"]
)
def test_the_list_filters(desk, query):
    newsroom.photo()
    assert desk.get(reverse("admin:media_photo_changelist") + "?" + query).status_code == 200


def test_the_photo_page_says_whether_and_why_it_may_be_used(desk):
    photo = newsroom.photo()
    Right.objects.create(photo=photo, effect="deny", note="contract over")
    page = desk.get(change(photo)).content.decode()
    assert "no.</strong> This photo’s license denies this use (contract over)." in page
    assert "Photo by Petra Lindqvist/Getty Images for StreamCo" in page


def test_the_photo_page_says_how_far_a_change_reaches_before_it_is_saved(desk):
    photo = newsroom.photo()
    newsroom.article(lead=photo).publish()
    assert "Saving changes 1 photo and 1 live story immediately" in desk.get(change(photo)).content.decode()
    agency = Agency.objects.get(name="Getty Images")
    page = desk.get(reverse("admin:media_agency_change", args=[agency.pk])).content.decode()
    assert "Saving changes 1 photo and 1 live story immediately" in page


def test_saving_the_photo_page_keeps_caption_credit_and_rights(desk):
    photo = newsroom.photo()
    page = desk.get(change(photo))
    data = posted(page) | {
        "credit_line": "Ida Brandt/AP", "captions-0-text": "Mara Okonjo arrives.", "event": "A premiere",
        "rights-TOTAL_FORMS": "1", "rights-0-effect": "deny", "rights-0-standing": "confirmed", "rights-0-cost": "free",
        "rights-0-territories": "de, fr", "rights-0-note": "not there",
    }  # fmt: skip
    answer = desk.post(change(photo), data)
    assert answer.status_code == 302, answer.context["errors"]
    photo = Photo.objects.get(pk=photo.pk)
    assert photo.credit.parts.photographers == ("Ida Brandt",)
    assert photo.house_caption.text == "Mara Okonjo arrives."
    assert photo.event == "A premiere"
    assert photo.rights.get().territories == ["DE", "FR"]


def test_the_list_asks_as_often_for_many_photos_as_for_few(desk):
    def statements(photos):
        for seed in range(photos):
            newsroom.photo(seed=100 + photos + seed)
        with CaptureQueriesContext(connection) as asked:
            assert desk.get(reverse("admin:media_photo_changelist")).status_code == 200
        return len(asked)

    statements(1)
    assert statements(2) == statements(6)


def posted(page) -> dict:
    """Return what a browser would send of the page's form."""
    form = page.context["adminform"].form
    data = {name: form[name].value() for name in form.fields}
    for each in page.context["inline_admin_formsets"]:
        formset = each.formset
        data |= {f"{formset.prefix}-{key}": value for key, value in formset.management_form.initial.items()}
        for row in formset.forms:
            data |= {row.add_prefix(name): row[name].value() for name in row.fields}
    taken = data.pop("taken_at", None)
    if taken:
        data |= {"taken_at_0": f"{taken:%Y-%m-%d}", "taken_at_1": f"{taken:%H:%M:%S}"}
    data["people_named"] = ", ".join(data["people_named"] or [])
    data["redactions"] = "[]"
    return {key: value for key, value in data.items() if value is not None}


def test_a_killed_photo_leaves_by_the_button_and_comes_back(desk):
    photo = newsroom.photo()
    newsroom.article(lead=photo).publish()
    act = reverse("admin:media_photo_act", args=[photo.pk])
    assert "removed from 1 live story" in str(
        next(iter(desk.post(act, {"verb": "kill", "reason": "wrong person"}, follow=True).context["messages"]))
    )
    photo.refresh_from_db()
    assert photo.state == "killed"
    desk.post(act, {"verb": "reinstate"})
    photo.refresh_from_db()
    assert photo.state == "ready"


def test_killing_asks_for_a_reason(desk):
    photo = newsroom.photo()
    desk.post(reverse("admin:media_photo_act", args=[photo.pk]), {"verb": "kill", "reason": " "})
    photo.refresh_from_db()
    assert photo.state == "ready"


def test_nobody_acts_on_photos_without_the_permission(client, outsider):
    photo = newsroom.photo()
    client.force_login(outsider)
    assert (
        client.post(reverse("admin:media_photo_act", args=[photo.pk]), {"verb": "kill", "reason": "x"}).status_code
        == 403
    )
    assert client.get(reverse("admin:media_photo_thumb", args=[photo.pk])).status_code == 403
    assert client.post(reverse("admin:media_photo_upload")).status_code == 403
    assert client.get(reverse("admin:media_photo_notice")).status_code == 403
    assert client.get(reverse("admin:media_photo_board", args=["killed"])).status_code == 403


def test_a_used_photo_cannot_be_deleted(desk):
    photo, unused = newsroom.photo(), newsroom.photo()
    newsroom.article(lead=photo).record()
    assert desk.post(reverse("admin:media_photo_delete", args=[photo.pk]), {"post": "yes"}).status_code == 403
    assert desk.post(reverse("admin:media_photo_delete", args=[unused.pk]), {"post": "yes"}).status_code == 302
    assert list(Photo.objects.all()) == [photo]


def test_a_flagged_credit_is_mended_by_writing_its_line(desk):
    credit = PhotoCredit.objects.create(supplied_line="phot. I.Brandt (!!) AP??", needs_check=True)
    photo = newsroom.photo()
    Photo.objects.filter(pk=photo.pk).update(credit=credit)
    address = reverse("admin:media_photocredit_change", args=[credit.pk])
    page = desk.get(address)
    data = {
        "line": "Ida Brandt/AP", "status": "",
        **{f"{prefix}-{key}": value for prefix in ("creditphotographer_set", "creditagency_set") for key, value in
           {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0}.items()},
    }  # fmt: skip
    assert page.status_code == 200
    assert desk.post(address, data).status_code == 302
    credit.refresh_from_db()
    assert (credit.needs_check, str(credit)) == (False, "Photo by Ida Brandt/AP")
    assert credit.supplied_line == "phot. I.Brandt (!!) AP??"


@pytest.mark.parametrize(
    ("action", "data", "holds"),
    [
        ("apply_credit", {"line": "Ida Brandt/AP"}, lambda photo: photo.credit.parts.photographers == ("Ida Brandt",)),
        ("apply_event", {"event": "A gala"}, lambda photo: photo.event == "A gala"),
        ("apply_event", {"kind": "handout"}, lambda photo: photo.kind == "handout" and not photo.event),
        ("apply_caption", {"text": "Guests arrive."}, lambda photo: photo.house_caption.text == "Guests arrive."),
        ("apply_caption", {"alt": "A red carpet."}, lambda photo: photo.house_caption.alt == "A red carpet."),
        ("apply_right", {"effect": "deny", "note": "paid"}, lambda photo: photo.rights.get().note == "paid"),
        ("replace_words", {"find": "premiere", "replace": "gala"}, lambda photo: "gala" in photo.house_caption.text),
    ],
)
def test_a_change_is_applied_to_a_selection_in_one_step(desk, action, data, holds):
    photos = [newsroom.photo() for _ in range(2)]
    asked = {"action": action, "_selected_action": [str(photo.pk) for photo in photos]}
    first = desk.post(reverse("admin:media_photo_changelist"), asked)
    assert first.status_code == 200
    assert "Saving changes 2 photos. No live story shows them." in first.content.decode()
    assert desk.post(reverse("admin:media_photo_changelist"), asked | data | {"apply": "yes"}).status_code == 302
    assert all(holds(Photo.objects.get(pk=photo.pk)) for photo in photos)


def bulk(desk, action, photos, **data):
    asked = {"action": action, "_selected_action": [str(photo.pk) for photo in photos], **data}
    return desk.post(reverse("admin:media_photo_changelist"), asked)


def test_keywords_are_added_and_removed_for_a_selection_and_no_story_changes(desk):
    photos = [newsroom.photo(keywords=["gown", "Night"]), newsroom.photo(keywords=["train"])]
    newsroom.article(lead=photos[0]).publish()
    assert "and no live story: readers never see this." in bulk(desk, "apply_keywords", photos).content.decode()
    assert "Enter a keyword to add" in bulk(desk, "apply_keywords", photos, apply="yes").content.decode()
    refused = bulk(desk, "apply_keywords", photos, apply="yes", add="x" * 101, remove="gown")
    assert "is longer than 100 characters" in refused.content.decode() and "gown" in refused.content.decode()
    before = LiveDocument.objects.stale(timezone.now()).count()
    answer = bulk(desk, "apply_keywords", photos, apply="yes", add="red carpet, Train", remove="night")
    assert answer.status_code == 302 and LiveDocument.objects.stale(timezone.now()).count() == before
    assert [Photo.objects.get(pk=photo.pk).keywords for photo in photos] == [
        ["gown", "red carpet", "Train"], ["train", "red carpet"],
    ]  # fmt: skip


def test_people_are_added_and_removed_for_a_selection_and_live_stories_are_counted(desk):
    ada, bo, cy = (newsroom.person(name) for name in ("Ada Quill", "Bo Ray", "Cy Noor"))
    photos = [newsroom.photo(), newsroom.photo(), newsroom.photo()]
    for photo in photos[:2]:
        Appearance.objects.create(photo=photo, person=ada)
    newsroom.article(lead=photos[0]).publish()
    page = bulk(desk, "apply_people", photos).content.decode()
    assert "Saving changes 3 photos and 1 live story immediately" in page
    assert "Choose somebody" in bulk(desk, "apply_people", photos, apply="yes").content.decode()
    bulk(desk, "apply_people", photos, apply="yes", add=[cy.pk, bo.pk], remove=[ada.pk])
    assert [[str(link) for link in photo.people.all()] for photo in photos] == [["Cy Noor", "Bo Ray"]] * 3
    assert "3 photos changed" in desk.get(reverse("admin:media_photo_changelist")).content.decode()
    again = bulk(desk, "apply_people", photos, apply="yes", add=[cy.pk])
    assert again.status_code == 302
    assert "0 photos changed" in desk.get(reverse("admin:media_photo_changelist")).content.decode()


def test_an_empty_batch_says_so(desk):
    photo = newsroom.photo()
    for action in ("apply_event", "apply_caption"):
        assert "Fill in at least one field" in bulk(desk, action, [photo], apply="yes").content.decode()


def test_the_expiring_board_shows_what_ends_and_where_it_is_live(desk):
    photo, lasting = newsroom.photo(caption="Ends soon."), newsroom.photo(caption="Stays.")
    Right.objects.create(photo=photo, effect="allow", until=timezone.now() + timedelta(days=3))
    Right.objects.create(photo=lasting, effect="allow", until=timezone.now() + timedelta(days=60))
    newsroom.article(lead=photo).publish()
    page = desk.get(reverse("admin:media_photo_board", args=["expiring"]) + "?days=7").content.decode()
    assert "Ends soon." in page
    assert "1 live story" in page
    assert "Stays." not in page


def test_where_used_counts_but_never_names_restricted_stories(client, outsider):
    from django.contrib.auth.models import Permission

    photo = newsroom.photo()
    story = newsroom.article("A secret wedding", lead=photo)
    story.record()
    story.restricted_to.add(newsroom_user())
    outsider.user_permissions.set(
        Permission.objects.filter(codename__in=["view_photo", "change_photo", "view_article"])
    )
    client.force_login(outsider)
    page = client.get(change(photo)).content.decode()
    assert "A secret wedding" not in page
    assert "1 story you don’t have access to" in page


def newsroom_user():
    from django.contrib.auth import get_user_model

    return get_user_model().objects.create_user("named", "named@example.com", "a long password")


def test_the_usage_report_is_exported_with_its_filters(desk):
    now = timezone.now()
    for agency in ("AP", "Getty Images"):
        Usage.objects.create(photo=newsroom.photo().pk, agency=agency, credit=f"={agency}", live_from=now)
    text = b"".join(desk.get(reverse("admin:media_usage_csv") + "?agency=AP").streaming_content).decode()
    assert "'=AP" in text
    assert "Getty" not in text


def test_a_use_outside_the_cms_is_noted_by_hand(desk, editor):
    photo = newsroom.photo()
    data = {
        "photo": str(photo.pk),
        "channel": "print",
        "headline": "Weekend issue, p. 4",
        "live_from_0": "2026-03-01",
        "live_from_1": "00:00",
    }
    assert desk.post(reverse("admin:media_usage_add"), data).status_code == 302
    usage = Usage.objects.get(channel="print")
    assert (usage.photo, usage.entered_by, usage.agency) == (photo.pk, editor, "Getty Images")
    assert desk.get(reverse("admin:media_usage_change", args=[usage.pk])).status_code == 200


def test_the_evidence_sheet_names_rights_notices_and_uses(desk, editor):
    photo = newsroom.photo()
    newsroom.article("The story it was in", lead=photo).publish()
    Right.objects.create(photo=photo, effect="allow", note="Order 4711", by=editor)
    photo.kill(by=editor, reason="wrong person")
    page = desk.get(reverse("admin:media_photo_evidence", args=[photo.pk])).content.decode()
    assert all(words in page for words in ("The story it was in", "Order 4711", "wrong person", photo.sha256))


def test_a_notice_is_acted_on_in_one_step(desk):
    photos = [newsroom.photo(supplier_image_id=f"15384413{number}") for number in range(2)]
    text = "KILL NOTICE\nPlease kill image IDs 153844130, 153844131 and 153844199 transmitted on 2026-03-01."
    address = reverse("admin:media_photo_notice")
    page = desk.post(address, {"text": text})
    assert set(page.context["found"]) == set(photos)
    assert page.context["unknown"] == ["153844199"]
    assert page.context["form"].initial["kind"] == "kill"
    desk.post(address, {
        "text": text, "act": "yes", "kind": "kill", "reason": "wrong person", "ids": ["153844199"],
        "photos": [str(photo.pk) for photo in photos],
    })  # fmt: skip
    assert set(Photo.objects.values_list("state", flat=True)) == {"killed"}
    notice = Notice.objects.get()
    assert notice.text == text
    assert Notice.objects.blocking(supplier_image_id="153844199") == notice


def test_a_caption_says_nothing_of_the_house_where_a_slot_is_filled_by_another_photo(desk):
    slot, photo = newsroom.photo(slot=True), newsroom.photo(caption="The real one.")
    story = newsroom.article(lead=slot, photos=[slot])
    story.record()
    desk.post(
        reverse("admin:media_photo_exchange", args=[slot.pk]), {"photo": f"/admin/media/photo/{photo.pk}/change/"}
    )
    story.refresh_from_db()
    assert story.photo_ids() == [photo.pk]
    assert not Photo.objects.slots().exists()
    assert Caption.objects.filter(photo=photo).count() == 1


def test_boards_name_the_live_and_ready_stories_that_show_a_photo(desk):
    photo = newsroom.photo()
    Right.objects.create(photo=photo, effect="allow", until=timezone.now() + timedelta(days=3))
    newsroom.article("Live with it", lead=photo).publish()
    for stage in ("ready", "draft"):
        newsroom.article(f"A {stage} one", lead=photo, stage=stage).record()
    page = desk.get(reverse("admin:media_photo_board", args=["expiring"]))
    assert [(headline, state) for headline, _, state in page.context["rows"][0]["stories"]] == [
        ("Live with it", "live"),
        ("A ready one", "ready"),
    ]


def test_what_changes_first_is_on_top_of_the_expiring_board(desk):
    later, sooner = newsroom.photo(), newsroom.photo(line="Photo by Ida Brandt/AP")
    now = timezone.now()
    Right.objects.create(photo=later, effect="allow", until=now + timedelta(days=5))
    Right.objects.create(agency=Agency.objects.get(name="AP"), effect="deny", starts=now + timedelta(days=2))
    page = desk.get(reverse("admin:media_photo_board", args=["expiring"]))
    assert [row["photo"] for row in page.context["rows"]] == [sooner, later]


def test_a_restriction_of_the_file_is_confirmed_or_dismissed_by_a_button(desk, editor):
    photo = newsroom.photo()
    rights = [Right.objects.create(photo=photo, effect="deny", standing="provisional", note=note) for note in "ab"]
    assert "Restrictions read from the file" in desk.get(change(photo)).content.decode()
    act = reverse("admin:media_photo_act", args=[photo.pk])
    for right, verb in zip(rights, ("confirmed", "dismissed"), strict=True):
        desk.post(act, {"verb": verb, "right": right.pk})
    assert list(photo.rights.order_by("pk").values_list("standing", "by")) == [
        ("confirmed", editor.pk),
        ("dismissed", editor.pk),
    ]
    assert "Restrictions read from the file" not in desk.get(change(photo)).content.decode()


def test_a_licence_for_a_set_of_photos_keeps_its_document_for_colleagues_only(desk, client, outsider):
    photos, agency = [newsroom.photo(kind="rights_managed") for _ in range(2)], Agency.objects.named("Getty Images")
    rows = {f"rights-{n}-{key}": value for n, photo in enumerate(photos) for key, value in
            {"photo": photo.pk, "effect": "allow", "cost": "free"}.items()}  # fmt: skip
    data = {
        "agency": agency.pk, "reference": "A-77", "note": "", "rights-TOTAL_FORMS": 2, "rights-INITIAL_FORMS": 0,
        "document": SimpleUploadedFile("order.pdf", b"%PDF-1.4 the licence"),
    }  # fmt: skip
    answer = desk.post(reverse("admin:media_licence_add"), data | rows)
    assert answer.status_code == 302, answer.context["errors"]
    licence = Licence.objects.get()
    assert {right.photo_id for right in licence.rights.all()} == {photo.pk for photo in photos}
    assert all(Photo.objects.get(pk=photo.pk).usable(newsroom.site().use(timezone.now())) for photo in photos)
    document = reverse("admin:media_licence_document", args=[licence.pk])
    page = desk.get(reverse("admin:media_licence_change", args=[licence.pk])).content.decode()
    assert document in page and licence.document.url not in page
    assert b"".join(desk.get(document).streaming_content) == b"%PDF-1.4 the licence"
    client.force_login(outsider)
    assert client.get(document).status_code == 403


def test_find_and_replace_shows_what_it_would_change_before_it_does(desk):
    photo, other = newsroom.photo(), newsroom.photo(caption="Somebody else.")
    asked = {
        "action": "replace_words",
        "_selected_action": [str(photo.pk), str(other.pk)],
        "find": "Mara",
        "replace": "Ada",
    }
    page = desk.post(reverse("admin:media_photo_changelist"), asked | {"preview": "yes"})
    assert [(row["before"], row["after"]) for row in page.context["preview"]] == [
        ("Mara Okonjo at the premiere.", "Ada Okonjo at the premiere.")
    ]
    assert "1 caption would change" in page.content.decode()
    assert Caption.objects.filter(text__startswith="Mara").exists()


def imported_slot(caption="Tobias Renn in Porto.", line="Photo by Ines Abreu/WireImage"):
    slot = newsroom.photo(slot=True, caption=caption, line=line)
    Caption.objects.create(photo=slot, kind="supplied", text=caption)
    return slot


def test_a_slot_that_is_gone_from_the_text_is_gone_from_the_boards(desk):
    slot, by_hand = imported_slot(), newsroom.photo(slot=True, caption="", line="Photo by Pia Lund/WireImage")
    story = newsroom.article(photos=[slot])
    story.record()
    board = reverse("admin:media_photo_board", args=["slots"])
    page = desk.get(board).content.decode()
    assert "Tobias Renn in Porto." in page and "Photo without a caption" in page and f">{by_hand.pk}" not in page
    story.body = "<p>Without it.</p>"
    story.save()
    story.record()
    page = desk.get(board).content.decode()
    assert "Tobias Renn in Porto." not in page and "Photo without a caption" in page
    assert "Tobias Renn" not in desk.get(reverse("admin:index")).content.decode()


def test_a_photo_put_for_a_slot_takes_its_words_where_it_has_none_and_never_instead_of_its_own(desk):
    bare = newsroom.photo(caption="")
    Photo.objects.filter(pk=bare.pk).update(credit=None)
    own = newsroom.photo(caption="The real one.", line="Photo by Pia Lund/Getty Images")
    for photo in (bare, own):
        slot = imported_slot()
        newsroom.article(photos=[slot]).record()
        desk.post(reverse("admin:media_photo_exchange", args=[slot.pk]), {"photo": str(photo.pk)})
        photo.refresh_from_db()
        assert "Ines Abreu/WireImage" in photo.doubts and photo in Photo.objects.to_check()
    assert (str(bare.credit), str(bare)) == ("Photo by Ines Abreu/WireImage", "Tobias Renn in Porto.")
    assert (str(own.credit), str(own)) == ("Photo by Pia Lund/Getty Images", "The real one.")


def test_the_same_credit_in_other_words_is_no_question():
    photo = newsroom.photo(line="Photo by Ines Abreu/WireImage")
    photo.hear_credit(newsroom.credit("Ines Abreu / WireImage"))
    assert photo.doubts == ""
