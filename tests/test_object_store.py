"""Uploads in an object store: a real S3 server on its own port, from upload to the file readers get."""

import importlib.util
import io
import json
import urllib.error
import urllib.request
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from botocore.config import Config
from django.core.exceptions import ImproperlyConfigured
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult
from PIL import Image

from articles.models import ApiToken
from cms import settings as cms_settings
from media import tasks
from media.files import metadata
from media.models import Agency, Photo, Rendition, Right

from . import newsroom
from .object_store import object_store
from .test_photo_desk import posted

BUCKET = "newsroom"
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not importlib.util.find_spec("moto"), reason="moto is not installed: there is no S3 server."),
]


@pytest.fixture(scope="module")
def store():
    with object_store() as gate:
        yield gate


@pytest.fixture
def bucket(store, settings, monkeypatch):
    """The settings a newsroom would give, and its empty bucket."""
    for name, value in {
        "S3_BUCKET": BUCKET, "S3_ENDPOINT_URL": store.address, "S3_REGION": "eu-west-1", "S3_ADDRESSING": "path",
        "S3_PREFIX": "photos", "S3_ACCESS_KEY_ID": "desk", "S3_SECRET_ACCESS_KEY": "a secret of the tests",
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    settings.STORAGES = settings.STORAGES | {"default": cms_settings.uploads()}
    made = default_storage.connection.create_bucket(
        Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
    )
    settings.PHOTO_SERVING = "redirect"
    yield made
    made.objects.all().delete()
    made.delete()


@pytest.fixture
def live(bucket):
    """A photo in a live story, with its JPEG and WebP renditions."""
    photo = newsroom.photo(slot=True)
    photo.receive(newsroom.jpeg(700, 500), name="premiere.jpg")
    newsroom.article(lead=photo).publish()
    tasks.make_renditions.call(str(photo.pk))
    return Photo.objects.get(pk=photo.pk)


def address(photo, crop="full", width=640, format="jpg") -> str:
    return f"/photos/{photo.pk}/{photo.version}/{crop}-{width}.{format}"


def fetch(url: str):
    with urllib.request.urlopen(url, timeout=10) as answer:
        return answer.headers, answer.read()


def keys(bucket) -> list[str]:
    return sorted(each.key for each in bucket.objects.all())


def test_uploaded_file_and_its_renditions_lie_in_the_bucket_and_nowhere_else(bucket, client, editor, settings):
    client.force_login(editor)
    file = SimpleUploadedFile("premiere.jpg", newsroom.jpeg(700, 500), content_type="image/jpeg")
    answer = client.post(reverse("admin:media_photo_upload"), {"file": file})
    assert answer.status_code in (200, 201), answer.content
    photo = Photo.objects.get()
    tasks.make_renditions.call(str(photo.pk))
    found = keys(bucket)
    assert f"photos/{photo.file.name}" in found
    assert len([key for key in found if key.startswith("photos/renditions/")]) == photo.renditions.count() > 10
    assert not settings.MEDIA_ROOT.exists()
    original = client.get(reverse("admin:media_photo_original", args=[photo.pk]))
    assert original.getvalue() == newsroom.jpeg(700, 500)


@pytest.mark.parametrize("format", ["jpg", "webp"])
def test_readers_are_led_to_a_signed_address_that_answers(live, client, format):
    answer = client.get(address(live, format=format))
    assert answer.status_code == 302
    query = parse_qs(urlsplit(answer["Location"]).query)
    assert query["X-Amz-Signature"]
    assert query["X-Amz-Expires"] == ["60"]
    headers, data = fetch(answer["Location"])
    assert Image.open(io.BytesIO(data)).size == (640, 457)
    assert headers["Content-Type"] == {"jpg": "image/jpeg", "webp": "image/webp"}[format]


def test_no_cache_keeps_the_way_longer_than_the_signature_lasts(live, client):
    answer = client.get(address(live))
    assert answer["Cache-Control"] == "public, max-age=30, s-maxage=30"
    assert "ETag" not in answer
    again = client.get(address(live), headers={"if-none-match": '"anything"'})
    assert again.status_code == 302


def test_signature_ends_with_the_right(live, client):
    Right.objects.create(photo=live, effect="allow", until=timezone.now() + timedelta(seconds=20))
    answer = client.get(address(live))
    assert 0 < int(parse_qs(urlsplit(answer["Location"]).query)["X-Amz-Expires"][0]) <= 20
    assert int(answer["Cache-Control"].split("s-maxage=")[1]) <= 10


def test_objects_open_to_nobody_without_a_signature(live, bucket, store):
    for each in bucket.objects.all():
        grants = each.Acl().grants
        assert [grant["Grantee"]["Type"] for grant in grants] == ["CanonicalUser"], each.key
    plain = client_without_a_key(f"{store.address}/{BUCKET}/photos/{live.file.name}")
    assert plain == 403


def client_without_a_key(url: str) -> int:
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code


def test_killed_photo_is_gone_at_once(live, client):
    live.kill(by=None, reason="a notice")
    assert client.get(address(live)).status_code == 410


def test_server_hands_files_of_the_bucket_over_itself(live, client, settings):
    settings.PHOTO_SERVING = "file"
    answer = client.get(address(live, "ratio_16_9"))
    assert answer.status_code == 200
    assert Image.open(io.BytesIO(answer.getvalue())).size == (640, 360)


def test_corrected_credit_reaches_the_files_in_the_bucket(live, client):
    def credit_inside():
        return metadata.read(fetch(client.get(address(live))["Location"])[1]).credit_line

    assert "Getty Images" in credit_inside()
    before = {row.name: row.byte_size for row in live.renditions.all()}
    agency = Agency.objects.get(name="Getty Images")
    agency.name = "Gettie Pictures"
    agency.save()
    assert tasks.relabel.call({"pk": str(live.pk)}) == len(before)
    assert "Gettie Pictures" in credit_inside()
    stored = [default_storage.size(row.file.name) for row in Rendition.objects.filter(photo=live).order_by("pk")]
    assert stored == [row.byte_size for row in Rendition.objects.filter(photo=live).order_by("pk")]


def test_file_that_the_bucket_lost_is_made_anew(live, client):
    row = live.renditions.get(crop="full", width=640, format="jpg")
    default_storage.delete(row.file.name)
    row.photo = live
    from media.photos import file_labels

    row.relabel(file_labels.of(live))
    assert Image.open(io.BytesIO(fetch(client.get(address(live))["Location"])[1])).size == (640, 457)


def test_deleted_photo_takes_its_files_along(bucket, django_capture_on_commit_callbacks):
    photo = newsroom.photo()
    assert keys(bucket)
    with django_capture_on_commit_callbacks(execute=True):
        photo.delete()
    assert keys(bucket) == []


@pytest.mark.parametrize(("serving", "in_bucket"), [("redirect", False), ("accel", True)])
def test_wrong_pairs_of_settings_stop_the_start(monkeypatch, serving, in_bucket):
    monkeypatch.setenv("PHOTO_SERVING", serving)
    monkeypatch.setenv("S3_BUCKET", "newsroom" if in_bucket else "")
    spec = importlib.util.spec_from_file_location("cms.settings_anew", cms_settings.__file__)
    with pytest.raises(ImproperlyConfigured, match="needs S3_BUCKET"):
        spec.loader.exec_module(importlib.util.module_from_spec(spec))


# The store is away


@pytest.fixture(params=["expired"])
def away(request, bucket, store, settings):
    """The store as it is when its credentials ended, when it has too much to do and when it is not there."""
    default = cms_settings.uploads()
    # The pauses between tries are the library's own: one try tells what is made of a failure.
    once = Config(retries={"total_max_attempts": 1})
    default["OPTIONS"]["client_config"] = default["OPTIONS"]["client_config"].merge(once)
    settings.STORAGES, settings.PHOTO_SERVING = settings.STORAGES | {"default": default}, "file"
    return {"expired": lambda: store.refusing(403), "busy": lambda: store.refusing(503), "gone": store.gone}[
        request.param
    ]


def sent(client, path=reverse_lazy("admin:media_photo_upload"), **headers):
    file = SimpleUploadedFile("arrival.jpg", newsroom.jpeg(660, 440), content_type="image/jpeg")
    return client.post(path, {"file": file}, headers=headers)


@pytest.mark.parametrize("away", ["expired", "busy", "gone"], indirect=True)
def test_while_the_store_is_away_stories_are_read_and_uploads_refused_whole(live, bucket, away, client, editor):
    client.force_login(editor)
    _, words = ApiToken.objects.issue(editor, name="Wire photos")
    held = keys(bucket)
    with away():
        (card,) = client.get("/api/v1/articles/").json()["results"]
        assert "Getty Images" in json.dumps(card)
        assert client.get(reverse("admin:media_photo_changelist")).status_code == 200
        refused = [
            client.get(address(live)), client.get(reverse("admin:media_photo_original", args=[live.pk])),
            sent(client), sent(client, "/api/v1/photos/", authorization=f"Bearer {words}"),
        ]  # fmt: skip
        assert [answer.status_code for answer in refused] == [503] * 4
        assert all(
            "at the moment" in said or "is not responding" in said for said in (a.json()["detail"] for a in refused)
        )
    assert (Photo.objects.count(), keys(bucket)) == (1, held)
    assert client.get(address(live)).status_code == 200
    assert sent(client).status_code == 201


def test_a_face_is_not_hidden_by_half(live, away, client, editor):
    client.force_login(editor)
    page = reverse("admin:media_photo_change", args=[live.pk])
    data = posted(client.get(page)) | {"redactions": json.dumps([[0.1, 0.1, 0.4, 0.4]])}
    with away():
        answer = client.post(page, data, headers={"accept": "text/html"})
        assert (answer.status_code, answer["Retry-After"]) == (503, "60")
        assert "Photo storage is not responding. Nothing was saved" in answer.content.decode()
    assert Photo.objects.get().redactions == []
    assert client.post(page, data).status_code == 302
    assert Photo.objects.get().redactions == [[0.1, 0.1, 0.4, 0.4]]


def run_everything(rounds: int = 3) -> None:
    for _ in range(rounds):
        DBTaskResult.objects.filter(status=TaskResultStatus.READY, priority__gte=-20).exclude(
            task_path=tasks.sweep.module_path
        ).update(run_after=timezone.now())
        call_command("worker", "--once")


@pytest.mark.django_db(transaction=True)
def test_what_a_worker_could_not_do_meanwhile_is_done_later(bucket, away):
    photo, gone = newsroom.photo(slot=True), newsroom.photo(seed=3)
    photo.receive(newsroom.jpeg(700, 500), name="premiere.jpg")
    kept = gone.renditions.first()
    with away():
        run_everything(1)
        assert not DBTaskResult.objects.failed().exists()
        gone.delete()
    # Somebody uses one of the names again before its turn comes.
    kept.pk, kept.photo = None, photo
    kept.save()
    run_everything()
    assert not Rendition.objects.unfinished(Photo.objects.all())
    named = {f"photos/{row.file.name}" for row in (photo, *Rendition.objects.all())}
    assert set(keys(bucket)) == named


def test_a_picture_waits_in_its_folder(away, tmp_path):
    tmp_path = tmp_path / "hot"
    tmp_path.mkdir()
    (tmp_path / "arrival.jpg").write_bytes(newsroom.jpeg(660, 440))
    with away():
        for command, words in (("watch_photos", "It stays in the folder"), ("import_photos", "Run this again later")):
            with pytest.raises(CommandError, match=f"is full or not responding. {words}"):
                call_command(command, str(tmp_path), **({"once": True} if command == "watch_photos" else {}))
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["arrival.jpg"]
    assert (tmp_path / "arrival.jpg").exists()
    call_command("watch_photos", str(tmp_path), "--once")
    assert (tmp_path / "taken/arrival.jpg").exists()
    assert Photo.objects.get().renditions.exists()
