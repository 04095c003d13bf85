"""Notices: read as text, acted on in one step, remembered."""

import pytest
from django.core.exceptions import ValidationError

from media.models import Notice, NoticeMark, Photo
from media.photos import notice_text
from media.photos.intake import Blocked

from . import newsroom

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("text", "kind", "labelled"),
    [
        ("KILL KILL KILL: image ID 1538441300", "kill", ["1538441300"]),
        ("Mandatory kill\nPhotos: NYET101, LAXE2203 and LAXE2204", "kill", []),
        (
            "PHOTO ELIMINATION. The image no. LAX20260301-17 of 2026-03-01 must be eliminated.",
            "elimination",
            ["LAX20260301-17"],
        ),
        ("ADVISORY: please withhold picture 88123456.jpg until further notice", "withhold", ["88123456.jpg"]),
        ("CORRECTION: photo 88123456, the caption should read", "correction", ["88123456"]),
        ("Editorial #: 1538441300, 1538441301 & 1538441302", "kill", ["1538441300", "1538441301", "1538441302"]),
        ("Nothing of a number here, call 2026-03-01.", "kill", []),
    ],
)
def test_a_notice_is_read_for_its_kind_and_ids(text, kind, labelled):
    found = notice_text.read(text)
    assert found.kind == kind
    assert list(found.labelled) == labelled


def test_dates_and_mail_addresses_are_no_ids():
    text = "Sent 2026-03-01 20260301 14:30 by desk2024@example.com, https://example.com/a/12345678 at 1430GMT"
    assert notice_text.read(text).ids == ()


def test_photos_are_found_by_supplier_id_job_id_and_file_name():
    photos = [newsroom.photo(supplier_image_id="1538441300"), newsroom.photo(job_id="775012345")]
    named = newsroom.photo()
    Photo.objects.filter(pk=named.pk).update(original_name="LAXE2203.jpg")
    found = Photo.objects.matching(["1538441300", "775012345", "laxe2203"])
    assert set(found) == {*photos, named}
    assert Photo.objects.unknown(["1538441300", "999999"]) == ["999999"]


def test_all_photos_of_a_notice_are_killed_or_none(editor):
    photos = [newsroom.photo(), newsroom.photo(slot=True)]
    Notice.objects.act("kill", by=editor, reason="wrong person", photos=photos[:1], ids=["555000111"])
    assert [Photo.objects.get(pk=photo.pk).state for photo in photos] == ["killed", "awaiting"]
    assert Notice.objects.get().by == editor
    with pytest.raises(ValidationError):
        Notice.objects.act("replace", by=editor, reason="x", photos=photos, file=(newsroom.jpeg(64, 64), "a.jpg"))
    assert Notice.objects.count() == 1


def test_a_killed_picture_cannot_come_back_by_file_or_id(editor):
    data = newsroom.jpeg(300, 200, seed=9)
    photo = Photo.objects.take(data, "a.jpg")
    photo.kill(by=editor, reason="wrong person")
    with pytest.raises(Blocked, match="wrong person"):
        Photo.objects.take(data, "b.jpg")
    Notice.objects.act("kill", by=editor, reason="fake", ids=["1538441300"])
    from media.files import imaging, xmp_packet

    xmp = xmp_packet.build({"supplier_image_id": "1538441300"})
    from PIL import Image

    with pytest.raises(Blocked, match="fake"):
        Photo.objects.take(imaging.encode(Image.new("RGB", (200, 200)), "jpg", xmp=xmp), "c.jpg")


def test_reinstating_one_photo_of_a_notice_leaves_the_others_killed_and_blocked(editor):
    photos = [newsroom.photo(supplier_image_id=f"77000{number}") for number in range(2)]
    notice = Notice.objects.act("kill", by=editor, reason="x", photos=photos)
    photos[0].reinstate(by=editor)
    notice.refresh_from_db()
    assert notice.lifted_at is None
    assert Notice.objects.blocking(supplier_image_id="770000") is None
    assert Notice.objects.blocking(supplier_image_id="770001") == notice
    Photo.objects.get(pk=photos[1].pk).reinstate(by=editor)
    notice.refresh_from_db()
    assert notice.lifted_at is not None
    assert not NoticeMark.objects.exists()


def test_a_correction_changes_caption_and_credit_and_is_kept(editor):
    photo = newsroom.photo()
    Notice.objects.act(
        "correction", by=editor, reason="name", photos=[photo], caption="Ada Okonjo.", credit="Ida Brandt/AP"
    )
    photo = Photo.objects.get(pk=photo.pk)
    assert (photo.house_caption.text, str(photo.credit), photo.state) == (
        "Ada Okonjo.",
        "Photo by Ida Brandt/AP",
        "ready",
    )
    assert photo.notices.get().kind == "correction"


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("KILL: photos AB101-AB104", ["AB101", "AB102", "AB103", "AB104"]),
        ("KILL AB101 thru 103, please", ["AB101", "AB102", "AB103"]),
        ("Kill LAX098 to LAX101", ["LAX098", "LAX099", "LAX100", "LAX101"]),
        ("MANDATORY KILL RC2ABC1DEFGH", ["RC2ABC1DEFGH"]),
        ("Kill 1538441300 – 1538441302", ["1538441300", "1538441301", "1538441302"]),
    ],
)
def test_ranges_and_reuters_ids_are_ids(text, ids):
    assert list(notice_text.read(text).labelled) == ids


@pytest.mark.parametrize(
    "text", ["Kill it, sent 2026-03-01, pages 10-12", "AB109-AB101 kill", "AB1-AB99999 kill", "X101-Y109"]
)
def test_what_may_be_a_date_or_no_range_is_none(text):
    assert not any(word.startswith(("AB10", "X10")) or "-" in word for word in notice_text.read(text).labelled)


def test_a_second_record_of_a_killed_picture_is_killed_with_it(editor):
    first, second = (
        newsroom.photo(supplier_image_id="RC2ABC1DEFGH"),
        newsroom.photo(seed=2, supplier_image_id="rc2abc1defgh"),
    )
    other = newsroom.photo(seed=3)
    first.kill(by=editor, reason="wrong person")
    assert [Photo.objects.get(pk=photo.pk).state for photo in (first, second, other)] == ["killed", "killed", "ready"]
    assert set(Notice.objects.get().photos.all()) == {first, second}
