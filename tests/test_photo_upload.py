"""Files come in: what a photo becomes of what its file says, and what is refused."""

import io
import json

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse
from PIL import Image

from articles.models import PersonAlias
from media.files import xmp_packet
from media.files.unusable import UnusableImage
from media.models import Caption, Photo, PhotoCredit, Rendition, Right
from media.photos.intake import AlreadyHere

from . import newsroom

pytestmark = pytest.mark.django_db

CAPTION = (
    "LOS ANGELES, CALIFORNIA - MARCH 01: Mara Okonjo attends the premiere of “The Glass Orchard” on March 01, 2026 in Los "
    "Angeles, California. (Photo by Petra Lindqvist/Getty Images for StreamCo)"
)


def labelled(seed=0, **fields) -> bytes:
    return xmp_packet.embed_iim(newsroom.jpeg(700, 500, seed=seed), fields)


def take(data=None, **fields) -> Photo:
    return Photo.objects.take(data or labelled(**fields), "1538441300.jpg")


def test_a_photo_takes_credit_and_captions_from_its_file():
    photo = take(caption=CAPTION, creators=["Petra Lindqvist"], credit_line="Getty Images", date_created="2026-03-01")
    assert str(photo.credit) == "Photo by Petra Lindqvist/Getty Images for StreamCo"
    assert photo.caption("supplied").text == CAPTION
    assert photo.caption("house").text == (
        "Mara Okonjo attends the premiere of “The Glass Orchard” on March 01, 2026 in Los Angeles, California."
    )
    assert photo.caption("house").alt == ""
    assert (photo.kind, photo.taken_at.date().isoformat()) == ("agency", "2026-03-01")


def test_a_credit_too_long_for_its_field_is_read_from_the_caption():
    photo = take(caption=CAPTION, credit_line="(Credit too long, see caption)")
    assert photo.credit.parts.on_behalf_of == "StreamCo"


def test_creators_join_a_credit_that_names_only_the_agency():
    photo = take(creators=["Ida Brandt"], credit_line="Invision/AP", caption="Mara Okonjo arrives.")
    assert (photo.credit.parts.photographers, photo.credit.parts.agencies) == (("Ida Brandt",), ("Invision", "AP"))


def test_photos_of_one_credit_share_its_row():
    photos = [take(seed=seed, credit_line="Ida Brandt/AP") for seed in (1, 2)]
    assert photos[0].credit == photos[1].credit
    assert PhotoCredit.objects.count() == 1


def test_an_unknown_credit_is_kept_raw_and_queued():
    photo = take(credit_line="xx 77 // ??")
    assert photo.credit.needs_check
    assert photo.credit.line() == "xx 77 // ??"


def test_instructions_hold_until_the_desk_dismisses_them():
    photo = take(instructions="GERMANY OUT; NO ARCHIVE", date_created="2026-03-01", credit_line="Ida Brandt/AP")
    deny = photo.rights.get(effect="deny")
    assert (deny.standing, deny.territories) == ("provisional", ["DE"])
    site = newsroom.site(territories=["DE"])
    now = photo.created_at
    assert "GERMANY OUT" in photo.usable(site.use(now)).reason
    deny.standing = Right.Standing.DISMISSED
    deny.save()
    assert Photo.objects.get(pk=photo.pk).usable(site.use(now))


def test_people_are_matched_by_name_and_alias_and_the_others_offered(client, editor):
    PersonAlias.objects.create(person=newsroom.person(), name="M. Okonjo")
    photo = Photo(people_named=["M. Okonjo", "Somebody Unknown"])
    photo.receive(newsroom.jpeg(700, 500))
    assert [str(link.person) for link in photo.people.all()] == ["Mara Okonjo"]
    client.force_login(editor)
    page = client.get(reverse("admin:media_photo_change", args=[photo.pk]))
    names = [context for template, context in page.context["panels"] if "names" in template]
    assert names == [{"names": ["Somebody Unknown"]}]


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"credit_line": "Courtesy of StreamCo"}, "handout"),
        ({"credit_line": "Netflix"}, "handout"),
        ({"credit_line": "Instagram/@maraokonjo"}, "social"),
        ({"credit_line": "Ida Brandt/AP"}, "agency"),
        ({}, "agency"),
    ],
)
def test_the_kind_is_guessed_from_the_credit(fields, kind):
    assert take(**fields).kind == kind


def test_ai_pictures_are_known_by_their_digital_source_type():
    from media.files import imaging

    xmp = xmp_packet.build(
        {"digital_source_type": "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"}
    )
    photo = take(imaging.encode(Image.new("RGB", (400, 300)), "jpg", xmp=xmp))
    assert photo.kind == "ai_generated"


def test_an_upload_can_go_live_with_no_worker():
    photo = take(labelled(credit_line="Ida Brandt/AP"))
    assert photo.delivered["formats"] == ["avif", "webp", "jpg"]
    assert photo.delivered["widths"] == [320, 640]
    assert {row.name for row in photo.renditions.all()} == {"full-640.jpg"}
    assert photo.blur_data_url.startswith("data:image/webp")


def test_the_same_file_is_offered_instead_of_taken_twice():
    photo = take()
    with pytest.raises(AlreadyHere) as caught:
        take()
    assert caught.value.photo == photo
    assert Photo.objects.count() == 1


def stored() -> list[str]:
    return [name for folder in ("originals", "renditions") for name in walk(folder)]


def walk(folder):
    if not default_storage.exists(folder):
        return
    folders, files = default_storage.listdir(folder)
    yield from (f"{folder}/{name}" for name in files)
    for name in folders:
        yield from walk(f"{folder}/{name}")


@pytest.mark.parametrize(
    "data",
    [b"", b"GIF89a", b"<svg></svg>", newsroom.jpeg(700, 500)[:3000], newsroom.jpeg(700, 500) + b"PK\x03\x04 more"],
)
def test_a_refused_file_leaves_nothing_behind(data):
    with pytest.raises(UnusableImage, match=r"[.]$"):
        Photo.objects.take(data, "picture.jpg")
    assert not Photo.objects.exists()
    assert stored() == []


def test_a_failing_store_leaves_no_file_behind():
    photo = Photo(kind="x" * 30, focal_x=0.5)
    photo.credit_id = 999_999
    with pytest.raises(Exception, match=r".+"):
        photo.receive(newsroom.jpeg(700, 500))
        from django.db import connection

        connection.check_constraints()
    assert photo.pk


def test_an_upload_answers_with_the_photo_or_a_sentence(client, editor):
    client.force_login(editor)
    address = reverse("admin:media_photo_upload")
    good = client.post(address, {"file": SimpleUploadedFile("a.jpg", labelled(credit_line="Ida Brandt/AP"))})
    assert (good.status_code, good.json()["credit"], good.json()["needs_check"]) == (
        201,
        "Photo by Ida Brandt/AP",
        False,
    )
    again = client.post(address, {"file": SimpleUploadedFile("b.jpg", labelled(credit_line="Ida Brandt/AP"))})
    assert (again.status_code, again.json()["existing"]["id"]) == (409, good.json()["id"])
    bad = client.post(address, {"file": SimpleUploadedFile("c.jpg", b"not a picture")})
    assert bad.status_code == 422
    assert bad.json()["detail"].endswith(".")
    assert client.post(address).status_code == 400


def test_of_two_hundred_files_the_good_ones_stay_when_three_fail(client, editor):
    client.force_login(editor)
    broken = {7: b"", 119: newsroom.jpeg(64, 64)[:200], 130: b"<html>"}
    answers = []
    for number in range(200):
        data = broken.get(number) if number in broken else labelled(seed=number, credit_line="Ida Brandt/AP")
        file = SimpleUploadedFile(f"{number}.jpg", data, content_type="image/jpeg")
        answers.append(client.post(reverse("admin:media_photo_upload"), {"file": file}))
    sentences = [answer.json()["detail"] for answer in answers if answer.status_code >= 400]
    assert len(sentences) == 3
    assert all(sentence.endswith(".") for sentence in sentences)
    assert Photo.objects.ready().count() == Photo.objects.count() == 197
    assert PhotoCredit.objects.count() == 1


def test_a_slot_is_filled_and_keeps_what_the_desk_wrote(client, editor):
    slot = newsroom.photo(slot=True, caption="Mara Okonjo on stage.")
    client.force_login(editor)
    answer = client.post(
        reverse("admin:media_photo_file", args=[slot.pk]),
        {
            "file": SimpleUploadedFile(
                "a.jpg", labelled(caption=CAPTION, credit_line="Ida Brandt/AP", city="Los Angeles")
            )
        },
    )
    assert answer.status_code == 200
    slot = Photo.objects.get(pk=slot.pk)
    assert (slot.state, slot.city, slot.house_caption.text) == ("ready", "Los Angeles", "Mara Okonjo on stage.")
    assert str(slot.credit) == "Photo by Petra Lindqvist/Getty Images for StreamCo"


def test_another_file_replaces_the_pixels_everywhere_and_the_old_ones_are_gone(django_capture_on_commit_callbacks):
    photo = newsroom.photo()
    newsroom.article(lead=photo).publish()
    before = {row.file.name for row in Rendition.objects.all()} | {photo.file.name}
    with django_capture_on_commit_callbacks(execute=True):
        photo.replace_file(newsroom.jpeg(800, 900, seed=77), name="better.jpg")
    assert before.isdisjoint(stored())
    assert photo.delivered["version"] == photo.version
    assert Photo.objects.filter(pk=photo.pk).live_articles(photo.created_at.replace(year=2999)) == 1
    assert Caption.objects.get(photo=photo, kind="house").text == "Mara Okonjo at the premiere."


def test_a_png_with_letters_for_a_name_is_judged_by_its_bytes():
    buffer = io.BytesIO()
    Image.new("RGB", (300, 200), "navy").save(buffer, "PNG")
    photo = Photo.objects.take(buffer.getvalue(), "../../etc/passwd.svg")
    assert (photo.format, photo.width, photo.height) == ("png", 300, 200)
    assert ".." not in photo.file.name


def test_import_takes_folders_and_tells_what_it_refused(tmp_path, capsys):
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "a.jpg").write_bytes(labelled(credit_line="Ida Brandt/AP"))
    (tmp_path / "b.jpg").write_bytes(b"broken")
    with pytest.raises(CommandError, match="1 file refused"):
        call_command("import_photos", str(tmp_path))
    assert Photo.objects.get().original_name == "a.jpg"
    assert "b.jpg: The file" in capsys.readouterr().out


def test_a_hot_folder_is_emptied_and_reads_sidecars(tmp_path):
    tmp_path = tmp_path / "hot"
    tmp_path.mkdir()
    (tmp_path / "a.jpg").write_bytes(newsroom.jpeg(300, 200))
    (tmp_path / "a.xmp").write_bytes(xmp_packet.build({"credit_line": "Ida Brandt/AP"}))
    (tmp_path / "b.jpg").write_bytes(b"broken")
    call_command("watch_photos", str(tmp_path), "--once")
    assert str(Photo.objects.get().credit) == "Photo by Ida Brandt/AP"
    assert sorted(path.name for path in (tmp_path / "taken").iterdir()) == ["a.jpg", "a.xmp"]
    assert (tmp_path / "refused" / "b.jpg.txt").read_text().endswith(".\n")
    assert not list(tmp_path.glob("*.jpg"))


def test_a_file_that_still_grows_waits_in_the_hot_folder(tmp_path):
    from media.photos.hot_folder import HotFolder

    hot, file = HotFolder(tmp_path), tmp_path / "a.jpg"
    file.write_bytes(newsroom.jpeg(300, 200)[:100])
    assert list(hot.look()) == []
    file.write_bytes(newsroom.jpeg(300, 200))
    assert list(hot.look()) == []
    assert [photo is not None for _, photo, _ in hot.look()] == [True]


def test_read_photo_prints_what_a_file_says(tmp_path, capsys):
    (tmp_path / "a.jpg").write_bytes(labelled(credit_line="Ida Brandt/AP", creators=["Ida Brandt"]))
    call_command("read_photo", str(tmp_path / "a.jpg"), str(tmp_path / "none.jpg"))
    found, missing = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert (found["credit_line"], found["creators"], found["caption"]) == ("Ida Brandt/AP", ["Ida Brandt"], None)
    assert missing["warnings"]


def test_a_new_spelling_is_data_and_the_next_reading_knows_it(capsys):
    credit = PhotoCredit.objects.read("Nordlicht/FilmMagic", newsroom.Agency.objects.vocabulary())
    by_hand = PhotoCredit.objects.read("Nordlicht/AP", newsroom.Agency.objects.vocabulary())
    PhotoCredit.objects.filter(pk=by_hand.pk).update(is_confirmed=True)
    newsroom.Agency.objects.create(name="Nordlicht Press").aliases.create(name="Nordlicht")
    newsroom.credit("Ida Brandt/Getty")
    call_command("parse_credits", "--reparse")
    assert capsys.readouterr().out.splitlines()[-1].startswith("1 credit would change")
    call_command("parse_credits", "--reparse")
    assert "  - photographers: ['Nordlicht']\n  + photographers: []" in capsys.readouterr().out
    assert PhotoCredit.objects.get(pk=credit.pk).parts.photographers == ("Nordlicht",)
    call_command("parse_credits", "--reparse", "--apply")
    fresh = PhotoCredit.objects.get(pk=credit.pk)
    assert (fresh.parts.photographers, fresh.parts.agencies) == ((), ("Nordlicht", "FilmMagic"))
    assert [agency.name for agency in fresh.agencies.all()] == ["FilmMagic", "Nordlicht Press"]
    assert PhotoCredit.objects.get(pk=by_hand.pk).parts.photographers == ("Nordlicht",)


def test_a_spelling_that_has_a_row_of_its_own_becomes_the_agency_it_belongs_to():
    photo = newsroom.photo(line="Ida Brandt/Glimpsewire Pictures Xq")
    agency = newsroom.Agency.objects.create(name="Glimpsewire")
    agency.aliases.create(name="Glimpsewire Pictures Xq")
    assert Photo.objects.get(pk=photo.pk).credit.parts.agencies == ("Glimpsewire",)
    assert not newsroom.Agency.objects.filter(name="Glimpsewire Pictures Xq").exists()


def test_parse_credits_answers_line_by_line(monkeypatch, capsys):
    lines = "Mara Okonjo arrives. (Photo by Ida Brandt/AP)\n" + json.dumps({"raw": "No credit here."}) + "\n"
    monkeypatch.setattr("sys.stdin", io.StringIO(lines))
    call_command("parse_credits")
    first, second = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert (first["credit_line"], first["photographers"], first["agencies"]) == (
        "Ida Brandt/AP",
        ["Ida Brandt"],
        ["AP"],
    )
    assert (first["needs_check"], second["credits"]) == (False, [])
    assert first["credits"] == [
        {
            "position": None, "line": "Ida Brandt/AP", "photographers": ["Ida Brandt"], "agencies": ["AP"],
            "on_behalf_of": None, "courtesy_of": None, "handle": None, "license_url": None,
        }
    ]  # fmt: skip
    assert (second["is_credited"], second["credit_line"], second["caption"]) == (False, None, "No credit here.")
