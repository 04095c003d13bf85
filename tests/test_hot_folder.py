"""The hot folder: what arrives becomes photos by the rules of the desk, and what does not is told."""

import os
import time

import pytest
from django.contrib.auth.models import Group, User
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from media.files import xmp_packet
from media.models import Agency, FolderRule, Photo, UntakenFile
from media.photos.hot_folder import HotFolder
from tests import newsroom
from tests.heif_files import SCENE

pytestmark = pytest.mark.django_db


def arrive(folder, files):
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)


def watch(folder):
    call_command("watch_photos", str(folder), "--once")
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def labelled(seed, **fields):
    return xmp_packet.embed_iim(newsroom.jpeg(300, 200, seed=seed), fields)


@pytest.fixture
def hot(tmp_path):
    folder = tmp_path / "hot"
    folder.mkdir()
    return folder


@pytest.fixture
def agency():
    return Agency.objects.create(name="Nordlicht Press")


def test_every_file_is_taken_or_refused_with_a_sentence_where_the_desk_sees_it(hot, admin_client):
    arrive(
        hot,
        {
            "a.jpg": newsroom.jpeg(300, 200), "IMG_1.HEIC": SCENE, "b.CR3": b"\0\0\0\x18ftypcrx \0\0\0\1crx isom",
            "no suffix": b"words", "sent/by mail/c.docx": b"PK\3\4", "d.jxl": b"\xff\x0a\xfa",
        },
    )  # fmt: skip
    assert watch(hot) == [
        "refused/b.CR3", "refused/b.CR3.txt", "refused/d.jxl", "refused/d.jxl.txt", "refused/no suffix",
        "refused/no suffix.txt", "refused/sent/by mail/c.docx", "refused/sent/by mail/c.docx.txt", "taken/IMG_1.HEIC",
        "taken/a.jpg",
    ]  # fmt: skip
    assert Photo.objects.count() == 2
    assert (hot / "refused/b.CR3.txt").read_text() == ("The file is a camera raw file; export it as a JPEG or TIFF.\n")
    page = admin_client.get("/admin/media/untakenfile/").content.decode()
    assert "sent/by mail/c.docx" in page
    assert "The file is a JPEG XL picture; export it as a JPEG." in page
    assert watch(hot) and UntakenFile.objects.count() == 4


def test_folders_in_the_folder_are_looked_into_and_kept_apart(hot):
    arrive(hot, {f"{name}/a.jpg": newsroom.jpeg(300, 200, seed=seed) for seed, name in enumerate(["ap", "x/y"])})
    assert watch(hot) == ["taken/ap/a.jpg", "taken/x/y/a.jpg"]


def test_what_systems_leave_and_what_is_still_sent_stays(hot):
    left = {".DS_Store": b"x", "Thumbs.db": b"x", "a.jpg.part": b"x", "b.jpg.filepart": b"x", ".hidden/c.jpg": b"x"}
    arrive(hot, left)
    assert watch(hot) == sorted(left)


def test_labels_wait_for_their_picture_and_are_refused_when_none_comes(hot):
    arrive(hot, {"ap/a.xmp": xmp_packet.build({"credit_line": "Ida Brandt/AP"})})
    assert watch(hot) == ["ap/a.xmp"]
    arrive(hot, {"ap/a.jpg": newsroom.jpeg(300, 200)})
    assert watch(hot) == ["taken/ap/a.jpg", "taken/ap/a.xmp"]
    assert str(Photo.objects.get().credit) == "Photo by Ida Brandt/AP"


def test_labels_without_a_picture_are_told_after_ten_minutes(hot, monkeypatch):
    arrive(hot, {"a.xmp": xmp_packet.build({"credit_line": "Ida Brandt/AP"})})
    later = time.time() + 601
    monkeypatch.setattr(time, "time", lambda: later)
    assert watch(hot) == ["refused/a.xmp", "refused/a.xmp.txt"]


def test_a_second_file_of_a_name_never_takes_the_place_of_the_first(hot):
    for seed in (1, 2):
        arrive(hot, {"a.jpg": newsroom.jpeg(300, 200, seed=seed), "b.jpg": b"broken %d" % seed})
        watch(hot)
    assert {"taken/a.jpg", "taken/a (2).jpg", "refused/b.jpg", "refused/b (2).jpg"} <= set(watch(hot))
    assert (hot / "refused" / "b.jpg").read_bytes() == b"broken 1"


def test_links_and_huge_films_are_refused_without_being_read(hot, tmp_path):
    secret = tmp_path / "secret"
    secret.write_bytes(newsroom.jpeg(300, 200))
    (hot / "link.jpg").symlink_to(secret)
    with (hot / "film.mp4").open("wb") as film:
        film.write(b"\0\0\0\x18ftypmp42")
        film.truncate(50_000_000_000)
    began = time.process_time()
    watch(hot)
    assert time.process_time() - began < 2
    assert not Photo.objects.exists() and secret.exists()
    assert "a link" in (hot / "refused/link.jpg.txt").read_text()
    assert "a video" in (hot / "refused/film.mp4.txt").read_text()


def test_a_folder_that_cannot_be_written_is_told_before_anything_is_taken(hot):
    arrive(hot, {"a.jpg": newsroom.jpeg(300, 200)})
    if os.geteuid():
        hot.chmod(0o500)
    else:  # Root may write everywhere, but no folder is made where a file is.
        arrive(hot, {"taken": b"no folder"})
    with pytest.raises(CommandError, match=r"taken: .*readable and writable"):
        call_command("watch_photos", str(hot), "--once")
    assert not Photo.objects.exists()


def test_a_folder_that_holds_the_store_of_photos_is_refused(tmp_path, settings):
    for folder in (tmp_path, tmp_path / "uploads" / "x"):
        folder.mkdir(parents=True, exist_ok=True)
        with pytest.raises(CommandError, match="where photos are stored"):
            call_command("watch_photos", str(folder), "--once")


# --- rules ------------------------------------------------------------------------------------------------------------


def test_the_rule_of_a_folder_gives_agency_kind_and_rights_that_a_file_does_not_name(hot, agency):
    FolderRule.objects.create(
        folder="agencies/nordlicht", agency=agency, kind="rights_managed",
        instructions="Not for use in Germany. No use after December 31, 2026.",
    )  # fmt: skip
    arrive(hot, {
        "agencies/nordlicht/none.jpg": newsroom.jpeg(300, 200, seed=1),
        "Agencies/Nordlicht/2026/who.jpg": labelled(2, creators=["Ida Brandt"], instructions="No cropping."),
        "agencies/nordlicht/other.jpg": labelled(3, credit_line="Ida Brandt/AP"),
        "elsewhere/plain.jpg": newsroom.jpeg(300, 200, seed=4),
    })  # fmt: skip
    watch(hot)
    photos = {photo.original_name: photo for photo in Photo.objects.all()}
    assert {name: str(photo.credit or "") for name, photo in photos.items()} == {
        "none.jpg": "Nordlicht Press", "who.jpg": "Photo by Ida Brandt/Nordlicht Press",
        "other.jpg": "Photo by Ida Brandt/AP", "plain.jpg": "",
    }  # fmt: skip
    assert [photos[name].kind for name in ("none.jpg", "plain.jpg")] == ["rights_managed", "agency"]
    rights = photos["none.jpg"].rights.all()
    assert {right.standing for right in rights} == {"provisional"}
    assert ["DE"] in [right.territories for right in rights] and any(right.starts for right in rights)
    assert photos["who.jpg"].instructions.startswith("No cropping.\nNot for use in Germany.")
    assert any("no_crop" in right.conditions for right in photos["who.jpg"].rights.all())
    assert "Germany" not in str(photos["none.jpg"].supplied)
    assert photos["none.jpg"].read_again(apply=False) == []


def test_the_nearest_folder_with_a_rule_counts_and_one_rule_holds_for_the_rest(hot, agency):
    FolderRule.objects.create(folder="", kind="handout")
    FolderRule.objects.create(folder="staff", kind="staff")
    arrive(hot, {f"{name}.jpg": newsroom.jpeg(300, 200, seed=seed) for seed, name in enumerate(["a", "staff/x/b"])})
    watch(hot)
    assert set(Photo.objects.values_list("original_name", "kind")) == {("a.jpg", "handout"), ("b.jpg", "staff")}


@pytest.mark.parametrize(("folder", "said"), [("../etc", "inside"), ("taken/x", "put away"), ("Refused", "put away")])
def test_a_rule_names_a_folder_inside(folder, said):
    with pytest.raises(ValidationError, match=said):
        FolderRule(folder=folder, kind="staff").full_clean()


def test_a_rule_is_written_once_and_says_something(agency):
    rule = FolderRule(folder="/AP \\ Wire/", kind="staff")
    rule.full_clean()
    rule.save()
    assert rule.folder == "AP/Wire"
    with pytest.raises(ValidationError, match="has a rule already"):
        FolderRule(folder="ap/wire", agency=agency).full_clean()
    with pytest.raises(ValidationError, match="in common"):
        FolderRule(folder="x").full_clean()
    for wrong in (FolderRule(folder="ap/wire", agency=agency), FolderRule(folder="x")):
        with pytest.raises(IntegrityError), transaction.atomic():
            wrong.save()


def test_the_photo_desk_sets_a_rule_and_reads_what_it_forbids(client, agency):
    desk = User.objects.create_user("desk", is_staff=True)
    desk.groups.add(Group.objects.get(name="photo desk"))
    client.force_login(desk)
    form = {
        "folder": "nordlicht",
        "agency": agency.pk,
        "kind": "",
        "instructions": "Not for use in Germany. Xyzzy plugh.",
    }
    assert client.post("/admin/media/folderrule/add/", form).status_code == 302
    page = client.get(f"/admin/media/folderrule/{FolderRule.objects.get().pk}/change/").content.decode()
    assert "Germany" in page and "not understood" in page
    assert client.get("/admin/media/untakenfile/").status_code == 200
    writer = User.objects.create_user("writer", is_staff=True)
    writer.groups.add(Group.objects.get(name="writer"))
    client.force_login(writer)
    assert client.get("/admin/media/folderrule/").status_code == 403


def test_two_agencies_that_become_one_keep_the_rule(agency):
    other = Agency.objects.create(name="Nordlicht")
    rule = FolderRule.objects.create(folder="n", agency=other)
    agency.absorb(other)
    rule.refresh_from_db()
    assert rule.agency == agency


def test_a_thousand_files_that_were_not_taken_are_remembered(monkeypatch):
    monkeypatch.setattr(UntakenFile, "KEPT", 3)
    for number in range(5):
        UntakenFile.objects.note(f"{number}.txt", "The file is not a picture.")
    assert list(UntakenFile.objects.values_list("path", flat=True)) == ["4.txt", "3.txt", "2.txt"]


def test_rules_are_read_once_a_look(hot, django_assert_num_queries):
    FolderRule.objects.create(folder="staff", kind="staff")
    arrive(hot, {f"staff/{number}.jpg": b"x" for number in range(3)})
    with django_assert_num_queries(1):
        assert list(HotFolder(hot).look()) == []
