"""Uploads in an object store: a real S3 server on its own port, from upload to the file readers get."""

import importlib.util
import io
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from cms import settings as cms_settings
from media import tasks
from media.files import metadata
from media.models import Agency, Photo, Rendition, Right

from . import newsroom

PORT, BUCKET = 8958, "newsroom"
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not importlib.util.find_spec("moto"), reason="moto is not installed: there is no S3 server."),
]


@pytest.fixture(scope="module")
def store():
    server = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(PORT)],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    for _ in range(600):
        try:
            socket.create_connection(("127.0.0.1", PORT), timeout=1).close()
            break
        except OSError:
            time.sleep(0.2)
    yield f"http://127.0.0.1:{PORT}"
    server.terminate()
    server.wait()


@pytest.fixture
def bucket(store, settings, monkeypatch):
    """The settings a newsroom would give, and its empty bucket."""
    for name, value in {
        "S3_BUCKET": BUCKET, "S3_ENDPOINT_URL": store, "S3_REGION": "eu-west-1", "S3_ADDRESSING": "path",
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


def test_objects_open_to_nobody_without_a_signature(live, bucket):
    for each in bucket.objects.all():
        grants = each.Acl().grants
        assert [grant["Grantee"]["Type"] for grant in grants] == ["CanonicalUser"], each.key
    plain = client_without_a_key(f"http://127.0.0.1:{PORT}/{BUCKET}/photos/{live.file.name}")
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
