"""Copies of killed pictures are held for a person, whatever door they come by; similar photos are found, and never held."""

import io
import os

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from articles.management import housekeeping
from articles.models import AuditEntry
from media.files.perceptual_hash import distance, hashes_of_crops, neighbors, perceptual_hash, quarters
from media.models import KilledHash, Notice, PerceptualHash, Photo, Site
from media.photos import alike
from media.photos.alike import LooksKilled

from . import newsroom
from .pictures import copied, saved, scenery
from .test_write_api import Script

pytestmark = pytest.mark.django_db

BITS = st.integers(-(1 << 63), (1 << 63) - 1)


def taken(picture, name="a.jpg", **fields) -> Photo:
    return Photo.objects.take(picture if isinstance(picture, bytes) else saved(picture, "jpeg"), name, **fields)


@pytest.fixture
def kill(django_capture_on_commit_callbacks, editor):
    def act(photo, **fields):
        with django_capture_on_commit_callbacks(execute=True):
            return photo.kill(by=editor, reason="wrong person", **fields)

    return act


@pytest.fixture
def killed(kill):
    photo = taken(scenery(1))
    kill(photo)
    return Photo.objects.get(pk=photo.pk)


@pytest.fixture
def held(killed):
    return taken(copied(scenery(1), 5), "b.jpg")


# ---- the hash --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("format", ["jpeg", "webp", "png", "avif", "tiff"])
def test_a_picture_keeps_its_hash_in_another_size_and_format(format):
    picture = scenery(3)
    again = Image.open(io.BytesIO(saved(picture.resize((317, 211)), format))).convert("RGB")
    assert distance(perceptual_hash(picture), perceptual_hash(again)) <= 2


@pytest.mark.parametrize(
    "flat",
    [
        Image.new("RGB", (300, 200), (200, 16, 46)),
        Image.linear_gradient("L").resize((300, 200)),
        Image.effect_noise((300, 200), 6),
        Image.new("RGB", (2, 2)),
    ],
)
def test_a_picture_of_one_color_has_no_hash(flat):
    assert perceptual_hash(flat) is None
    assert hashes_of_crops(flat) == []


def test_a_logo_on_a_plain_ground_has_no_hash():
    logo = Image.new("RGB", (600, 400), "white")
    logo.paste((200, 16, 46), (200, 150, 400, 250))
    logo.paste((255, 255, 255), (230, 180, 300, 220))
    assert perceptual_hash(logo) is None


def test_twenty_five_crops_are_kept_of_a_picture():
    assert len(set(hashes_of_crops(scenery(4)))) >= 20


@given(BITS, st.sets(st.integers(0, 63), max_size=11))
def test_of_any_hash_within_the_reach_one_quarter_is_a_neighbor(bits, flipped):
    """Distances up to 4·radius+3 are complete: radius 1 finds all up to 7 bits, radius 2 all up to 11."""
    other = bits
    for bit in flipped:
        other ^= (1 << bit) if bit < 63 else -(1 << 63)
    assert -(1 << 63) <= other < 1 << 63
    assert distance(bits, other) == len(flipped)
    radius = len(flipped) // 4
    assert any(b in neighbors(a, radius) for a, b in zip(quarters(bits), quarters(other), strict=True))


@pytest.mark.parametrize("bits", [0, -1, 1 << 62, -(1 << 63), -0x123456789ABCDEF])
def test_the_database_cuts_a_hash_into_the_same_quarters(bits):
    photo = newsroom.photo(slot=True)
    PerceptualHash.objects.create(photo=photo, bits=bits)
    row = PerceptualHash.objects.get()
    assert (row.first, row.second, row.third, row.fourth) == quarters(bits)
    assert PerceptualHash.objects.near(bits ^ 0b1011, 6) == [(3, photo.pk)]
    assert PerceptualHash.objects.near(bits ^ 0x7F, 6) == []


# ---- copies of killed pictures ---------------------------------------------------------------------------------------


def test_copies_of_killed_pictures_are_held_and_other_pictures_are_not(kill):
    """Ten pictures with ten copies each, against eighty others; the figures of real pictures are in docs/performance.md."""
    for seed in range(10):
        kill(taken(scenery(seed)))
    asked = KilledHash.objects.nearest
    copies = [perceptual_hash(_seen(copied(scenery(seed), number))) for seed in range(10) for number in range(10)]
    assert sum(asked(bits) is not None for bits in copies) >= 95
    assert not any(asked(perceptual_hash(scenery(seed))) for seed in range(100, 180))


def _seen(data):
    return Image.open(io.BytesIO(data)).convert("RGB")


def test_a_held_photo_can_be_used_nowhere_and_says_why(held):
    held = Photo.objects.get(pk=held.pk)
    assert held.state == "withheld" and held.is_to_compare
    decision = held.usable(Site.objects.default().use(timezone.now()))
    assert not decision and "looks like one that was killed" in decision.reason
    assert list(Photo.objects.ready()) == []
    assert AuditEntry.objects.filter(verb="photo.held", subject=str(held.pk)).exists()


def test_a_flat_picture_is_never_held(kill):
    gradient = Image.linear_gradient("L")
    kill(taken(gradient.resize((300, 200))))
    assert taken(gradient.resize((310, 200))).state == "ready"
    assert not KilledHash.objects.exists()


@pytest.mark.parametrize("door", ["desk", "api", "command", "folder", "slot"])
def test_every_door_holds_a_copy(killed, door, admin_client, client, editor, tmp_path):
    data = copied(scenery(1), 7)
    file = io.BytesIO(data)
    file.name = "copy.jpg"
    if door == "desk":
        answer = admin_client.post(reverse("admin:media_photo_upload"), {"file": file}).json()
        assert "looks like one that was killed" in answer["note"]
    elif door == "api":
        answer = Script(client, editor).upload(data)
        assert answer.json()["state"] == "withheld"
        assert "looks like one that was killed" in answer.json()["usable"]["reason"]
    elif door == "slot":
        slot = newsroom.photo(slot=True)
        address = reverse("admin:media_photo_file", args=[slot.pk])
        assert "looks like one that was killed" in admin_client.post(address, {"file": file}).json()["note"]
    else:
        (tmp_path / "in").mkdir()
        (tmp_path / "in" / "copy.jpg").write_bytes(data)
        said = io.StringIO()
        if door == "command":
            call_command("import_photos", str(tmp_path / "in"), stdout=said)
        else:
            call_command("watch_photos", str(tmp_path / "in"), once=True, stdout=said)
        assert "looks like one that was killed" in said.getvalue()
    photo = Photo.objects.to_compare().get()
    assert photo.state == "withheld" and photo.looks_like == Notice.objects.get()


def test_a_file_that_would_replace_a_live_photo_is_refused_and_the_photo_stays(killed, editor):
    photo = newsroom.photo()
    newsroom.article(lead=photo).publish()
    before = Photo.objects.get(pk=photo.pk)
    with pytest.raises(LooksKilled, match=r"wrong person.*Upload it as a new photo"):
        photo.replace_file(copied(scenery(1), 5), name="b.jpg", by=editor)
    after = Photo.objects.get(pk=photo.pk)
    assert (after.state, after.sha256, after.file.name) == ("ready", before.sha256, before.file.name)
    assert after.original()


# ---- the desk's word -------------------------------------------------------------------------------------------------


def test_another_picture_can_be_used_at_once(held, editor):
    held.tell_apart(by=editor)
    held = Photo.objects.get(pk=held.pk)
    assert held.state == "ready" and not held.is_to_compare
    assert held.usable(Site.objects.default().use(timezone.now()))
    assert AuditEntry.objects.filter(verb="photo.told_apart", by=editor).exists()


def test_the_killed_one_joins_the_notice(held, killed, editor):
    held.join_kill(by=editor)
    held = Photo.objects.get(pk=held.pk)
    assert held.state == "killed" and not held.is_to_compare
    assert set(Notice.objects.get().photos.all()) == {held, killed}
    assert AuditEntry.objects.filter(verb="photo.killed", subject=str(held.pk)).exists()


def test_a_withheld_picture_withholds_its_copy(kill, editor):
    kill(taken(scenery(1)), withhold=True)
    copy = taken(copied(scenery(1), 5))
    copy.join_kill(by=editor)
    assert Photo.objects.get(pk=copy.pk).state == "withheld"
    assert list(Photo.objects.to_compare()) == []


@pytest.mark.parametrize("verb", ["tell_apart", "join_kill"])
def test_only_who_may_kill_decides_and_only_once(held, editor, outsider, verb):
    with pytest.raises(PermissionDenied):
        getattr(held, verb)(by=outsider)
    held.tell_apart(by=editor)
    with pytest.raises(ValidationError, match="already compared"):
        getattr(held, verb)(by=editor)


def test_reinstating_the_killed_one_lifts_its_hashes_and_releases_what_was_held_for_it(held, killed, editor):
    killed.reinstate(by=editor)
    assert not KilledHash.objects.exists()
    assert Photo.objects.get(pk=held.pk).state == "ready"
    assert taken(copied(scenery(1), 9)).state == "ready"


def test_a_photo_that_looks_like_two_killed_ones_stays_held_for_the_other(kill, editor):
    first, second = taken(scenery(1)), taken(copied(scenery(1), 2))
    kill(first)
    other = kill(second)
    copy = taken(copied(scenery(1), 5))
    for photo in (first, second):
        assert Photo.objects.get(pk=copy.pk).is_to_compare
        Photo.objects.get(pk=photo.pk).reinstate(by=editor)
    assert other.hashes.count() == 0
    assert Photo.objects.get(pk=copy.pk).state == "ready"


def test_a_deleted_photo_stays_killed_by_its_looks(killed):
    Photo.objects.get(pk=killed.pk).delete()
    copy = taken(copied(scenery(1), 5))
    assert copy.is_to_compare and copy.killed_twin is None


# ---- the kill --------------------------------------------------------------------------------------------------------


def test_a_kill_without_its_file_uses_what_there_is(kill):
    photo = taken(scenery(1))
    os.unlink(photo.file.path)
    kill(photo)
    assert KilledHash.objects.count() >= 20
    assert taken(copied(scenery(1), 5)).is_to_compare


def test_a_kill_without_any_file_uses_the_one_hash(kill):
    photo = taken(scenery(1))
    for file in (photo.file, *(row.file for row in photo.renditions.all())):
        os.unlink(file.path)
    kill(photo)
    assert KilledHash.objects.get().bits == photo.looks.bits
    assert taken(copied(scenery(1), 5, trim=0)).is_to_compare


def test_a_failure_never_stops_a_kill(kill, monkeypatch):
    def broken(picture):
        raise RuntimeError("no memory")

    photo = taken(scenery(1))
    monkeypatch.setattr(alike, "hashes_of_crops", broken)
    kill(photo)
    assert Photo.objects.get(pk=photo.pk).state == "killed"


# ---- the pages -------------------------------------------------------------------------------------------------------


@pytest.fixture
def desk(admin_client):
    return admin_client


def test_the_board_shows_both_and_takes_the_verdict(held, killed, desk):
    page = desk.get(reverse("admin:media_photo_board", args=["look-alikes"])).content.decode()
    assert reverse("admin:media_photo_thumb_width", args=[held.pk, 640]) in page
    assert reverse("admin:media_photo_thumb_width", args=[killed.pk, 640]) in page
    assert "wrong person" in page
    address = reverse("admin:media_photo_compare", args=[held.pk])
    said = desk.post(address, {"verb": "another"}, follow=True).context["messages"]
    assert "another picture and can be used now" in str(next(iter(said)))
    again = desk.post(address, {"verb": "same"}, follow=True).context["messages"]
    assert "already compared" in str(next(iter(again)))
    assert Photo.objects.get(pk=held.pk).state == "ready"
    assert desk.post(address, {"verb": "whatever"}).status_code == 404


def test_a_held_photo_is_on_its_own_board_not_among_the_killed(held, killed, desk):
    def board(name):
        rows = desk.get(reverse("admin:media_photo_board", args=[name])).context["rows"]
        return {row["photo"].pk for row in rows}

    assert board("killed") == {killed.pk}
    assert board("look-alikes") == {held.pk}
    assert "Look-alikes to compare" in desk.get(reverse("admin:index")).content.decode()


def test_its_own_page_asks_the_question_instead_of_offering_to_reinstate(held, desk):
    page = desk.get(held.get_absolute_url()).content.decode()
    assert "Is it the killed picture?" in page and "It is another picture" in page
    assert "Reinstate" not in page


def test_similar_photos_are_told_at_the_upload_and_listed(desk):
    first = taken(scenery(1))
    for number in range(3):
        taken(copied(scenery(1), number, trim=0))
    taken(scenery(2))
    file = io.BytesIO(copied(scenery(1), 9, trim=0))
    file.name = "again.jpg"
    answer = desk.post(reverse("admin:media_photo_upload"), {"file": file}).json()
    assert answer["similar"] == "4 similar photos" and not answer["note"]
    rows = desk.get(answer["similar_url"]).context["cl"].result_list
    assert len(rows) == 4 and first in rows
    assert "Similar photos" in desk.get(first.get_absolute_url()).content.decode()


def test_a_list_of_what_is_similar_to_nonsense_is_empty(desk):
    taken(scenery(1))
    page = desk.get(reverse("admin:media_photo_changelist"), {"like": "nonsense"})
    assert page.status_code == 200 and not page.context["cl"].result_list


def test_the_picker_counts_and_lists_what_is_similar(desk):
    first, second = taken(scenery(1)), taken(copied(scenery(1), 1, trim=0))
    taken(scenery(2))
    assert desk.get(f"/admin/picker/similar/{first.pk}/").json() == {"count": 1}
    found = desk.get("/admin/picker/", {"like": str(first.pk)}).json()["photos"]
    assert [each["id"] for each in found] == [str(second.pk)]


def test_a_kill_says_how_many_similar_photos_can_still_be_used(desk):
    photo = taken(scenery(1))
    taken(copied(scenery(1), 1, trim=0))
    act = reverse("admin:media_photo_act", args=[photo.pk])
    said = desk.post(act, {"verb": "kill", "reason": "wrong person"}, follow=True).context["messages"]
    assert "1 similar photo</a> can still be used" in str(next(iter(said)))


def test_an_upload_asks_two_things_more(killed):
    data = copied(scenery(2), 1)
    with CaptureQueriesContext(connection) as queries:
        taken(data)
    ours = [each["sql"] for each in queries if "hash" in each["sql"] and "SAVEPOINT" not in each["sql"]]
    assert len(ours) <= 4


# ---- what came before ------------------------------------------------------------------------------------------------


def test_photos_that_came_before_get_their_hash_and_killed_ones_all_of_theirs(killed):
    first, flat = taken(scenery(2)), taken(newsroom.jpeg(300, 200, seed=3))
    PerceptualHash.objects.all().delete()
    KilledHash.objects.all().delete()
    assert set(Photo.objects.unseen()) == {killed, first, flat}
    said = io.StringIO()
    call_command("find_looks", stdout=said)
    assert "3 photos done." in said.getvalue()
    assert not Photo.objects.unseen().exists()
    assert taken(copied(scenery(1), 5)).is_to_compare


def test_the_worker_does_the_same_part_by_part(killed, settings, monkeypatch):
    from media import tasks

    taken(scenery(2)), taken(scenery(3))
    PerceptualHash.objects.all().delete()
    KilledHash.objects.all().delete()
    monkeypatch.setattr(tasks, "LOOKED_AT_ONCE", 2)
    housekeeping.sweep(timezone.now())
    from django_tasks_db.models import DBTaskResult

    path = tasks.find_looks.module_path
    assert DBTaskResult.objects.filter(task_path=path).count() == 1
    assert tasks.find_looks.call() == 2
    after = DBTaskResult.objects.filter(task_path=path).latest("enqueued_at").args_kwargs["args"][0]
    assert tasks.find_looks.call(after) == 1
    assert not Photo.objects.unseen().exists() and KilledHash.objects.exists()


def test_a_photo_without_its_file_is_named_and_left(killed, capsys):
    photo = taken(scenery(2))
    for file in (photo.file, *(row.file for row in photo.renditions.all())):
        os.unlink(file.path)
    photo.looks.delete()
    with pytest.raises(CommandError, match="1 photo could not be read"):
        call_command("find_looks")
    assert list(Photo.objects.unseen()) == [photo]
