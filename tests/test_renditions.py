"""What readers get of a photo: the file, the credit inside it, and an answer that changes with its rights."""

import io
import json
import shutil
import subprocess
from datetime import timedelta
from urllib.parse import urljoin

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from PIL import Image

from articles.models import LiveDocument, PreviewLink
from media import tasks
from media.files import imaging, metadata
from media.models import Agency, Photo, Rendition, Right

from . import newsroom

pytestmark = pytest.mark.django_db


def address(photo, crop="full", width=640, format="jpg", version=None) -> str:
    return f"/photos/{photo.pk}/{version or photo.version}/{crop}-{width}.{format}"


@pytest.fixture
def live():
    """A photo in a live story, with its JPEG and WebP renditions."""
    photo = newsroom.photo(slot=True, supplier_image_id="1538441300", usage_terms="Editorial use only")
    photo.receive(newsroom.jpeg(700, 500), name="premiere.jpg")
    newsroom.article(lead=photo).publish()
    tasks.make_renditions.call(str(photo.pk))
    return Photo.objects.get(pk=photo.pk)


@pytest.fixture
def whole(live):
    """The same, with its AVIF renditions too."""
    tasks.make_avif.call(str(live.pk))
    live.refresh_from_db()
    return live


def document(photo) -> dict:
    """Return the live document as a reader meets it now."""
    from articles.live import refresh

    row = LiveDocument.objects.get(photos__photo=photo)
    row = refresh.refresh(row.pk, timezone.now()) or row
    return json.loads(row.bytes.document_json)


def test_the_task_makes_every_crop_in_every_format(whole):
    assert whole.delivered["crops"] == list(imaging.CROPS)
    assert whole.delivered["formats"] == ["avif", "webp", "jpg"]
    assert whole.delivered["widths"] == [320, 640]
    image = document(whole)["lead"]["image"]
    assert image["formats"] == ["avif", "webp", "jpg"]


def test_a_task_that_runs_twice_changes_nothing(whole):
    before = set(Rendition.objects.values_list("pk", "file"))
    tasks.make_renditions.call(str(whole.pk))
    tasks.make_avif.call(str(whole.pk))
    assert set(Rendition.objects.values_list("pk", "file")) == before


@pytest.mark.parametrize("format", imaging.FORMATS)
def test_a_rendition_is_handed_over_with_its_type_and_tags(client, whole, format):
    answer = client.get(address(whole, "ratio_16_9", 640, format))
    assert answer.status_code == 200
    assert answer["Content-Type"] == imaging.CONTENT_TYPES[format]
    assert answer["Surrogate-Key"] == answer["Cache-Tag"] == f"photo:{whole.pk}"
    assert answer["Cache-Control"] == "public, max-age=86400, s-maxage=86400"
    assert Image.open(io.BytesIO(b"".join(answer.streaming_content))).size == (640, 360)
    assert (
        client.get(address(whole, "ratio_16_9", 640, format), headers={"if-none-match": answer["ETag"]}).status_code
        == 304
    )


def test_every_address_a_document_gives_answers(client, whole):
    found = document(whole)
    image = found["lead"]["image"]
    for crop in image["crops"]:
        for width in image["widths"]:
            for format in image["formats"]:
                place = image["url_template"].format(crop=crop, width=width, format=format)
                assert client.get(place).status_code == 200, place
    assert client.get(found["social"]["image"]["url"]).status_code == 200


def test_a_width_that_a_crop_does_not_reach_answers_its_largest(client, live):
    answer = client.get(address(live, "ratio_16_9", 1920))
    assert Image.open(io.BytesIO(b"".join(answer.streaming_content))).size == (640, 360)


@pytest.mark.parametrize("part", [{"width": 641}, {"crop": "ratio_7_3"}, {"format": "gif"}])
def test_what_was_never_offered_is_not_found(client, live, part):
    answer = client.get(address(live, **part))
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")


def test_two_statements_answer_however_many_stories_show_the_photo(client, live):
    for number in range(5):
        newsroom.article(f"Another story {number}", lead=live).publish()
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert client.get(address(live)).status_code == 200
    assert len(queries) == 2


def test_a_photo_of_no_live_story_is_not_found(client):
    photo = newsroom.photo()
    newsroom.article(lead=photo).record()
    assert client.get(address(photo)).status_code == 404


def test_a_scheduled_story_shows_its_photo_from_its_second_on(client, time_machine_at):
    photo = newsroom.photo()
    now = timezone.now()
    newsroom.article(lead=photo).publish(at=now + timedelta(hours=1))
    time_machine_at(now + timedelta(minutes=59))
    assert client.get(address(photo)).status_code == 404
    time_machine_at(now + timedelta(hours=1))
    assert client.get(address(photo)).status_code == 200


@pytest.fixture
def time_machine_at():
    import time_machine

    running = []

    def travel(instant):
        for each in running:
            each.stop()
        running[:] = [time_machine.travel(instant, tick=False)]
        running[0].start()

    yield travel
    for each in running:
        each.stop()


def test_a_preview_link_opens_the_photos_of_its_story_until_it_is_revoked(client):
    photo, other = newsroom.photo(), newsroom.photo()
    story = newsroom.article(lead=photo)
    story.record()
    link = PreviewLink.objects.create(article=story, expires_at=timezone.now() + timedelta(days=1))
    answer = client.get(address(photo), {"preview": link.token})
    assert (answer.status_code, answer["Cache-Control"]) == (200, "private, no-store")
    assert client.get(address(other), {"preview": link.token}).status_code == 404
    assert client.get(address(photo), {"preview": "x"}).status_code == 404
    link.revoke(by=None)
    assert client.get(address(photo), {"preview": link.token}).status_code == 404


def test_a_withdrawn_story_takes_its_photo_along(client, live):
    live.uses.get(edition__isnull=False).article.withdraw(reason="wrong")
    assert client.get(address(live)).status_code == 410


def test_a_killed_photo_is_gone_in_every_size_at_once(client, live):
    live.kill(by=None, reason="wrong person")
    for row in Rendition.objects.all():
        assert client.get(address(live, row.crop, row.width, row.format)).status_code == 410
    live.reinstate(by=None)
    assert client.get(address(live)).status_code == 200


def test_a_right_bounds_the_cache_and_ends_the_file_at_its_second(client, live, time_machine_at):
    now = timezone.now().replace(microsecond=0)
    Right.objects.create(photo=live, effect="allow", until=now + timedelta(seconds=90))
    time_machine_at(now + timedelta(seconds=30))
    assert client.get(address(live))["Cache-Control"] == "public, max-age=60, s-maxage=60"
    time_machine_at(now + timedelta(seconds=89))
    assert client.get(address(live)).status_code == 200
    time_machine_at(now + timedelta(seconds=90))
    assert client.get(address(live)).status_code == 410


def test_a_right_for_one_territory_serves_the_sites_of_that_territory(client, live):
    Right.objects.create(photo=live, effect="allow", territories=["US"])
    assert client.get(address(live)).status_code == 410
    site = newsroom.site()
    site.territories = ["US"]
    site.save()
    assert client.get(address(live)).status_code == 200


def test_a_right_for_one_story_serves_while_that_story_is_live(client, live):
    story = live.uses.get(edition__isnull=False).article
    Right.objects.create(photo=live, effect="deny", note="others")
    assert client.get(address(live)).status_code == 410
    Right.objects.all().delete()
    Photo.objects.filter(pk=live.pk).update(kind="rights_managed")
    assert client.get(address(live)).status_code == 410
    Right.objects.create(photo=live, effect="allow", article=story.pk)
    assert client.get(address(live)).status_code == 200


def test_no_crop_leaves_only_the_whole_picture(client, live):
    Right.objects.create(photo=live, effect="condition", conditions=["no_crop"])
    assert client.get(address(live, "ratio_16_9")).status_code == 404
    assert client.get(address(live)).status_code == 200
    assert document(live)["lead"]["image"]["crops"] == ["full"]
    fresh = newsroom.photo(seed=5)
    Right.objects.create(photo=fresh, effect="condition", conditions=["no_crop"])
    tasks.make_renditions.call(str(fresh.pk))
    assert {row.crop for row in fresh.renditions.all()} == {"full"}


def test_a_largest_width_is_never_exceeded(client, live):
    Right.objects.create(photo=live, effect="condition", max_width=320)
    answer = client.get(address(live, width=640))
    assert Image.open(io.BytesIO(b"".join(answer.streaming_content))).width == 320


def test_a_focal_point_makes_a_new_version_and_the_old_addresses_lead_to_it(client, live):
    old = live.version
    live.focus(0.1, 0.9, by=None)
    assert client.get(address(live, version=old)).status_code == 200
    assert document(live)["lead"]["image"]["version"] == old
    tasks.make_renditions.call(str(live.pk))
    live.refresh_from_db()
    assert document(live)["lead"]["image"]["version"] == live.version != old
    assert client.get(address(live, version=old)).status_code == 200
    call_command("sweep_renditions")
    answer = client.get(address(live, version=old))
    # Also where photos are fetched from a folder of another host.
    for before in ("", "https://cdn.example.com/titles/marquee"):
        asked, present = f"{before}{address(live, version=old)}", f"{before}{address(live)}"
        assert (answer.status_code, urljoin(asked, answer["Location"])) == (302, present)


def test_files_go_only_once_their_rows_are_gone_and_a_later_sweep_finds_what_was_left(
    live, django_capture_on_commit_callbacks
):
    old = [row.file for row in live.renditions.all()]
    live.focus(0.1, 0.9, by=None)
    tasks.make_renditions.call(str(live.pk))
    # The worker dies between the commit and the files.
    with django_capture_on_commit_callbacks():
        tasks.sweep.call(str(live.pk))
    assert not live.renditions.filter(version=live.delivered["version"]).exists()
    assert all(file.storage.exists(file.name) for file in old)
    tasks.sweep.call(str(live.pk))
    assert all(file.storage.exists(file.name) for file in old), "what is being written is spared"
    with time_machine.travel(timezone.now() + tasks.KEEP_SUPERSEDED + timedelta(hours=1)):
        assert tasks.sweep.call(str(live.pk)) == len(old)
    assert not any(file.storage.exists(file.name) for file in old)
    present = Rendition.objects.filter(photo=live)
    assert present.exists() and all(row.file.storage.exists(row.file.name) for row in present)


def test_sweeping_spares_a_version_that_readers_still_get(live):
    live.focus(0.1, 0.9, by=None)
    call_command("sweep_renditions")
    assert Rendition.objects.filter(photo=live, version=live.delivered["version"]).exists()


def test_a_redaction_leaves_no_file_that_shows_what_it_hides(client, live):
    old = live.version
    live.redact([[0.0, 0.0, 0.5, 0.5]], by=None)
    assert not Rendition.objects.filter(version=old).exists()
    assert live.delivered["version"] == live.version
    tasks.make_renditions.call(str(live.pk))
    tasks.make_avif.call(str(live.pk))
    original = newsroom.jpeg(700, 500)
    for row in Rendition.objects.filter(photo=live, crop="full", width=640):
        hidden = Image.open(row.file.open("rb")).convert("L").resize((64, 64)).crop((0, 0, 32, 32))
        plain = Image.open(io.BytesIO(original)).convert("L").resize((64, 64)).crop((0, 0, 32, 32))
        assert len(set(hidden.tobytes())) < len(set(plain.tobytes()))


def test_the_credit_inside_every_file_follows_the_credit(whole):
    said = read_all(whole)
    assert {one["credit_line"] for one in said} == {"Photo by Petra Lindqvist/Getty Images for StreamCo"}
    assert {one["supplier_image_id"] for one in said} == {"1538441300"}
    sizes = {row.pk: row.file.size for row in Rendition.objects.all()}
    etags = {row.etag for row in Rendition.objects.all()}
    agency = Agency.objects.get(name="Getty Images")
    agency.name = "Getty Pictures"
    agency.save()
    tasks.relabel.call({"credit__agencies": agency.pk})
    assert {one["credit_line"] for one in read_all(whole)} == {"Photo by Petra Lindqvist/Getty Pictures for StreamCo"}
    assert {row.pk: row.file.size for row in Rendition.objects.all()} == sizes
    assert etags.isdisjoint(row.etag for row in Rendition.objects.all())
    assert tasks.relabel.call({"credit__agencies": agency.pk}) == 0


def test_many_photos_are_shared_out_over_tasks_that_each_finish_their_own(live, monkeypatch):
    other = newsroom.photo(slot=True)
    other.receive(newsroom.jpeg(400, 300, seed=8), name="other.jpg")
    other.make_renditions(formats=("jpg",))
    agency = Agency.objects.get(name="Getty Images")
    agency.name = "Getty Pictures"
    agency.save()
    monkeypatch.setattr(tasks, "RELABELLED_AT_ONCE", 1)
    DBTaskResult.objects.all().delete()
    assert tasks.relabel.call({"credit__agencies": agency.pk}) == 0
    waiting = [row.args_kwargs["args"] for row in DBTaskResult.objects.ready()]
    assert sorted(waiting, key=str) == sorted(([{"pk__in": [str(one.pk)]}] for one in (live, other)), key=str)
    assert all(tasks.relabel.call(*arguments) for arguments in waiting)
    for photo in (live, other):
        assert {one["credit_line"].partition("/")[2] for one in read_all(photo)} == {"Getty Pictures for StreamCo"}


def test_a_credit_that_changes_while_its_files_are_written_is_written_again(live, monkeypatch):
    agency = Agency.objects.get(name="Getty Images")
    names, write = ["Getty Pictures"], Rendition.relabel

    def meanwhile(row, said):
        if names:
            Agency.objects.filter(pk=agency.pk).update(name=names.pop())
        write(row, said)

    live.usage_terms = "Once only"
    live.save()
    monkeypatch.setattr(Rendition, "relabel", meanwhile)
    tasks.relabel.call({"pk": str(live.pk)})
    assert {one["credit_line"] for one in read_all(live)} == {"Photo by Petra Lindqvist/Getty Pictures for StreamCo"}


def test_files_made_before_their_places_were_noted_are_relabelled_too(whole):
    Rendition.objects.update(packet_at=None)
    whole.usage_terms = "Once only"
    whole.save()
    assert tasks.relabel.call({"pk": str(whole.pk)}) == whole.renditions.count()
    assert {one["usage_terms"] for one in read_all(whole)} == {"Once only"}


def read_all(photo):
    return [metadata.read(row.file.open("rb").read()).to_json() for row in photo.renditions.all()]


def test_a_lost_file_is_made_again_with_the_new_credit(live):
    row = live.renditions.get(crop="full", width=320, format="webp")
    row.file.storage.delete(row.file.name)
    live.usage_terms = "Once only"
    live.save()
    tasks.relabel.call({"pk": str(live.pk)})
    fresh = live.renditions.get(crop="full", width=320, format="webp")
    assert metadata.read(fresh.file.open("rb").read()).usage_terms == "Once only"


@pytest.mark.skipif(not shutil.which("exiftool"), reason="exiftool is not installed.")
def test_exiftool_reads_what_the_json_ld_says_before_and_after_a_change(tmp_path):
    data = located(newsroom.jpeg(500, 400, seed=3))
    photo = Photo.objects.take(data, "gps.jpg")
    photo.credit = newsroom.credit("Petra Lindqvist/Getty Images © 2026 StreamCo")
    photo.save()
    newsroom.article(lead=photo).publish()
    for task in (tasks.make_renditions, tasks.make_avif):
        task.call(str(photo.pk))
    tasks.relabel.call({"pk": str(photo.pk)})
    compare(photo)
    photographer = photo.credit.photographers.get()
    photographer.name = "Petra Lindqvist-Ångström"
    photographer.save()
    tasks.relabel.call({"credit__photographers": photographer.pk})
    said = compare(photo)
    assert said["creator"] == ["Petra Lindqvist-Ångström"]


def located(data: bytes) -> bytes:
    """Return the picture with a position and a serial number in its EXIF."""
    image = Image.open(io.BytesIO(data))
    exif = Image.Exif()
    exif[0xA431] = "SN-4711"
    exif.get_ifd(0x8825).update({1: "N", 2: (34.0, 6.0, 0.0), 3: "W", 4: (118.0, 20.0, 0.0)})
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", exif=exif)
    assert b"SN-4711" in buffer.getvalue()
    return buffer.getvalue()


def compare(photo) -> dict:
    """Compare every file with the JSON-LD, field by field, as exiftool sees it."""
    ld = document(photo)["structured_data"]["image"][0]
    said = {
        "creator": [each["name"] for each in ld["creator"]],
        "credit": ld["creditText"],
        "rights": ld.get("copyrightNotice"),
    }
    formats = set()
    for row in photo.renditions.all():
        command = ["exiftool", "-j", "-G1", "-struct", "-a", row.file.path]
        found = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)[0]
        creator = found.get("XMP-dc:Creator")
        assert {
            "creator": creator if isinstance(creator, list) else [creator],
            "credit": found.get("XMP-photoshop:Credit"),
            "rights": found.get("XMP-dc:Rights"),
        } == said, row
        assert not any("GPS" in key or "Serial" in key for key in found)
        formats.add(row.format)
    assert formats == {"jpg", "webp", "avif"}
    assert said["rights"]
    return said


def test_the_server_in_front_may_send_the_file(client, live, settings):
    settings.PHOTO_SERVING = "accel"
    answer = client.get(address(live))
    row = live.renditions.get(crop="full", width=640, format="jpg")
    assert answer["X-Accel-Redirect"] == f"/uploads/{row.file.name}"
    assert answer.content == b""


def test_colleagues_see_what_readers_may_not(client, editor):
    photo = newsroom.photo()
    place = f"/admin/media/photo/{photo.pk}/thumb/"
    assert client.get(place).status_code == 302
    client.force_login(editor)
    answer = client.get(place)
    assert answer.status_code == 200
    assert "private" in answer["Cache-Control"]
