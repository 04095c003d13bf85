"""Sizes that no reader asked for yet: offered from the start, made at the first request, once, and never of what may not be seen."""

import io
import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from PIL import Image

from articles.models import LiveDocument
from media import tasks
from media.files import imaging
from media.models import Photo, Right
from media.photos import on_demand

from . import newsroom, pictures
from .test_renditions import address, document

pytestmark = pytest.mark.django_db


@pytest.fixture
def live():
    """A photo in a live story, as it is right after its upload: two JPEGs and nothing else."""
    photo = newsroom.photo()
    newsroom.article(lead=photo).publish()
    return Photo.objects.get(pk=photo.pk)


def bytes_of(answer) -> bytes:
    return b"".join(answer.streaming_content)


def made(photo) -> set[str]:
    return {row.name for row in photo.renditions.all()}


FIRST = {"full-640.jpg", "full-1280.jpg"}


def test_every_size_is_offered_from_the_start_and_every_address_answers(client, live):
    image = document(live)["lead"]["image"]
    assert (image["formats"], image["crops"]) == (["avif", "webp", "jpg"], list(imaging.CROPS))
    assert image["widths"] == [320, 640, 960, 1280]
    assert made(live) == FIRST
    for crop in ("full", "ratio_9_16"):
        for format in image["formats"]:
            answer = client.get(image["url_template"].format(crop=crop, width=960, format=format))
            assert (answer.status_code, answer["Content-Type"]) == (200, imaging.CONTENT_TYPES[format])
            assert answer["Cache-Control"] == "public, max-age=86400, s-maxage=86400"
    assert client.get(document(live)["social"]["image"]["url"]).status_code == 200


def test_size_is_made_at_its_first_request_and_handed_over_at_the_next(client, live):
    answer = client.get(address(live, "ratio_16_9", 640, "webp"))
    assert Image.open(io.BytesIO(bytes_of(answer))).size == (640, 360)
    assert made(live) == FIRST | {"ratio_16_9-640.webp"}
    with CaptureQueriesContext(connection) as asked:
        again = client.get(address(live, "ratio_16_9", 640, "webp"))
    assert (again["ETag"], len(asked)) == (answer["ETag"], 2)
    unchanged = client.get(address(live, "ratio_16_9", 640, "webp"), headers={"if-none-match": answer["ETag"]})
    assert unchanged.status_code == 304


@pytest.mark.parametrize("size", [(700, 500), (1733, 1155), (900, 2201), (2600, 1950)])
@pytest.mark.parametrize("format", ["jpeg", "png"])
def test_bytes_are_the_same_alone_and_with_all_others(size, format):
    data = pictures.saved(pictures.scene(*size), format)
    crops = ("full", "ratio_4_3", "ratio_9_16")
    together = {
        (each.crop, each.width): each.data for each in imaging.renditions(data, (0.3, 0.6), crops, formats=["jpg"])
    }
    for (crop, width), content in together.items():
        (alone,) = imaging.renditions(data, (0.3, 0.6), [crop], [width], ["jpg"])
        assert alone.data == content, (crop, width)
    taken_in = imaging.take_in(data, imaging.Limits())
    for each in imaging.renditions(data, (0.3, 0.6), ["full"], [640, 1280], ["jpg"], taken_in=taken_in):
        assert each.data == together["full", each.width]


def test_what_a_reader_had_made_is_what_the_worker_makes(client, live):
    for crop, width, format in (("full", 320, "jpg"), ("ratio_1_1", 640, "webp"), ("full", 960, "avif")):
        for_reader = bytes_of(client.get(address(live, crop, width, format)))
        row = live.renditions.get(crop=crop, width=width, format=format)
        row.file.delete(save=False)
        row.delete()
        (tasks.make_avif if format == "avif" else tasks.make_renditions).call(str(live.pk))
        with live.renditions.get(crop=crop, width=width, format=format).file.open("rb") as file:
            assert file.read() == for_reader


def test_next_size_stands_in_where_none_is_made_now_and_no_cache_keeps_it(client, live, settings):
    settings.PHOTO_MAKES_AT_ONCE = 0
    for crop, format in (("full", "avif"), ("ratio_16_9", "jpg")):
        answer = client.get(address(live, crop, 960, format))
        assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
        assert (answer["Cache-Control"], "ETag" in answer) == ("private, no-store", False)
        assert Image.open(io.BytesIO(bytes_of(answer))).width in {640, 1280}
    assert made(live) == FIRST
    settings.PHOTO_MAKES_AT_ONCE = 2
    assert client.get(address(live, "full", 960, "avif"))["Content-Type"] == "image/avif"


def test_nothing_is_made_while_another_of_the_photo_is_made(client, live):
    with on_demand.turn(live.pk) as is_ours:
        assert is_ours
        answers = []
        other = threading.Thread(target=lambda: answers.append(turn_elsewhere(live.pk)))
        other.start()
        other.join()
        assert answers == [False]


def turn_elsewhere(key) -> bool:
    try:
        with on_demand.turn(key) as is_ours:
            return is_ours
    finally:
        connection.close()


def kill(photo):
    photo.kill(by=None, reason="wrong person")


def withhold(photo):
    photo.kill(by=None, reason="to check", withhold=True)


def expire(photo):
    Right.objects.create(photo=photo, effect="allow", until=timezone.now() - timedelta(seconds=1))


def deny(photo):
    Right.objects.create(photo=photo, effect="deny", note="not for us")


def withdraw(photo):
    photo.uses.get(edition__isnull=False).article.withdraw(reason="wrong")


@pytest.mark.parametrize("end", [kill, withhold, expire, deny, withdraw])
def test_nothing_is_made_of_what_readers_may_not_see(client, live, end):
    end(live)
    for crop, format in (("full", "webp"), ("ratio_16_9", "jpg"), ("ratio_1_1", "avif")):
        answer = client.get(address(live, crop, 960, format))
        assert answer.status_code == 410
    assert made(live) == FIRST


def test_nothing_is_made_of_a_photo_that_is_in_no_live_story(client):
    photo = newsroom.photo()
    assert client.get(address(photo, "ratio_16_9", 640, "webp")).status_code == 404
    assert made(photo) == FIRST


def test_photo_that_is_killed_while_a_size_is_made_gets_none(client, live, monkeypatch):
    make = imaging.renditions

    def meanwhile(*args, **how):
        kill(Photo.objects.get(pk=live.pk))
        return make(*args, **how)

    monkeypatch.setattr(imaging, "renditions", meanwhile)
    assert client.get(address(live, "ratio_16_9", 640, "webp")).status_code in {404, 410}
    assert made(live) == FIRST


def test_right_bounds_what_is_made(client, live):
    Right.objects.create(photo=live, effect="condition", max_width=640)
    answer = client.get(address(live, "ratio_4_3", 1280, "webp"))
    assert Image.open(io.BytesIO(bytes_of(answer))).width == 640
    assert made(live) == FIRST | {"ratio_4_3-640.webp"}
    Right.objects.create(photo=live, effect="condition", conditions=["no_crop"])
    assert client.get(address(live, "ratio_1_1", 640, "webp")).status_code == 404
    assert made(live) == FIRST | {"ratio_4_3-640.webp"}


def test_lost_original_costs_readers_nothing_and_is_not_tried_at_every_request(client, live, caplog):
    live.file.storage.delete(live.file.name)
    for _ in range(2):
        answer = client.get(address(live, "full", 960, "webp"))
        assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
        assert answer["Cache-Control"] == "private, no-store"
    assert caplog.text.count("could not be made") == 1


def test_very_large_pictures_are_left_to_the_worker(client, live, monkeypatch):
    monkeypatch.setattr(on_demand, "MOST_PIXELS", 1_000_000)
    assert client.get(address(live, "full", 960, "webp"))["Content-Type"] == "image/jpeg"
    tasks.make_renditions.call(str(live.pk))
    assert client.get(address(live, "full", 960, "webp"))["Content-Type"] == "image/webp"


def test_preview_makes_what_it_shows_and_keeps_it_out_of_caches(client):
    from articles.models import PreviewLink

    photo = newsroom.photo()
    story = newsroom.article(lead=photo)
    story.record()
    link = PreviewLink.objects.create(article=story, expires_at=timezone.now() + timedelta(days=1))
    answer = client.get(address(photo, "ratio_16_9", 640, "webp"), {"preview": link.token})
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/webp")
    assert answer["Cache-Control"] == "private, no-store"


def test_earlier_version_is_never_made_and_still_answers(client, live):
    old = live.version
    live.focus(0.1, 0.9, by=None)
    answer = client.get(address(live, "ratio_16_9", 640, "webp", version=old))
    assert (answer.status_code, answer["Cache-Control"]) == (200, "private, no-store")
    assert made(live) == FIRST


@pytest.mark.django_db(transaction=True)
def test_fifty_readers_who_ask_at_once_have_it_made_once(monkeypatch):
    photo = newsroom.photo()
    newsroom.article(lead=photo).publish()
    assert LiveDocument.objects.exists()
    make, calls = imaging.renditions, []
    monkeypatch.setattr(imaging, "renditions", lambda *args, **how: calls.append(args) or make(*args, **how))
    start, answers = threading.Barrier(50), []

    def read():
        try:
            start.wait()
            answer = Client().get(address(photo, "ratio_16_9", 1280, "avif"))
            answers.append((answer.status_code, answer["Content-Type"], answer["Cache-Control"], len(bytes_of(answer))))
        finally:
            connection.close()

    readers = [threading.Thread(target=read) for _ in range(50)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    assert len(calls) == 1
    assert photo.renditions.filter(crop="ratio_16_9").count() == 1
    assert len(answers) == 50 and {status for status, *_ in answers} == {200}
    kept = {answer for answer in answers if answer[2].startswith("public")}
    assert {form for _, form, _, _ in kept} == {"image/avif"} and len(kept) == 1
    assert {answer[2] for answer in answers} <= {"private, no-store", next(iter(kept))[2]}
