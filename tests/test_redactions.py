"""Parts of a picture are hidden for good: in every file readers can get, in the placeholder, in every version left."""

import io
import json

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import timezone
from PIL import Image, ImageStat

from articles.live import refresh
from articles.models import LiveDocument
from media.files import imaging
from media.models import Photo, Rendition

from . import newsroom
from .test_photo_desk import change, posted

pytestmark = pytest.mark.django_db

FACE = [0.25, 0.25, 0.5, 0.5]


def checkered() -> bytes:
    """A grey picture whose middle is a fine pattern: whoever can still see it has seen the face."""
    image = Image.new("RGB", (1400, 1000), (128, 128, 128))
    pattern = Image.new("L", (2, 2))
    pattern.putdata([0, 255, 255, 0])
    tiles = pattern.resize((40, 40), Image.Resampling.NEAREST)
    for x in range(350, 1050, 40):
        for y in range(250, 750, 40):
            image.paste(tiles.convert("RGB"), (x, y))
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=92)
    return buffer.getvalue()


def contrast(data: bytes) -> float:
    """Return how much the middle of a picture varies."""
    with Image.open(io.BytesIO(data)) as image:
        width, height = image.size
        middle = image.convert("L").crop((width * 2 // 5, height * 2 // 5, width * 3 // 5, height * 3 // 5))
    return ImageStat.Stat(middle).stddev[0]


def files(photo) -> dict[str, bytes]:
    found = {}
    for row in Rendition.objects.filter(photo=photo):
        with row.file.open("rb") as file:
            found[f"{row.version}/{row.name}"] = file.read()
    return found


@pytest.fixture
def photo(db):
    made = newsroom.photo(slot=True)
    made.receive(checkered(), name="minor.jpg")
    made.make_renditions(formats=("jpg", "webp", "avif"))
    return made


def test_every_rendition_hides_the_part_and_no_file_that_shows_it_is_left(photo, django_capture_on_commit_callbacks):
    before = files(photo)
    assert min(contrast(data) for data in before.values()) > 60
    with django_capture_on_commit_callbacks(execute=True):
        photo.redact([FACE])
    photo.make_renditions(formats=("jpg", "webp", "avif"))
    after = files(photo)
    assert {name.rsplit(".", 1)[1] for name in after} == {"jpg", "webp", "avif"}
    assert {name.split("/")[0] for name in after} == {photo.version}
    assert len(after) == len(before)
    assert max(contrast(data) for data in after.values()) < 12
    stored = {f"{folder}/{name}" for folder, name in walk(f"renditions/{photo.pk.hex[-2:]}/{photo.pk}")}
    assert {name.split("/")[-2] for name in stored} == {photo.version}


def walk(folder):
    folders, names = default_storage.listdir(folder)
    yield from ((folder, name) for name in names)
    for each in folders:
        yield from walk(f"{folder}/{each}")


def test_readers_who_ask_for_the_version_from_before_get_the_covered_one(client, photo):
    newsroom.article(lead=photo).publish()
    address = f"/photos/{photo.pk}/{photo.version}/full-640.jpg"
    assert contrast(b"".join(client.get(address).streaming_content)) > 60
    photo.redact([FACE])
    answer = client.get(address, follow=True)
    assert answer.redirect_chain
    assert contrast(b"".join(answer.streaming_content)) < 12


def test_the_document_shows_the_covered_version_and_its_own_placeholder(photo):
    story = newsroom.article(lead=photo)
    story.publish()
    photo.redact([FACE])
    row = LiveDocument.objects.live(timezone.now()).get(article=story)
    document = json.loads(refresh.refresh(row.pk, timezone.now()).bytes.document_json)
    assert document["lead"]["image"]["version"] == photo.version
    covered = imaging.open_master(photo.original(), longest=320, redactions=[FACE])
    assert document["lead"]["image"]["blur_data_url"] == imaging.placeholder(covered)


def test_the_original_stays_whole_and_reaches_only_who_may_change_photos(client, photo, outsider, editor):
    photo.redact([FACE])
    assert contrast(photo.original()) > 60
    places = [
        reverse("admin:media_photo_original", args=[photo.pk]), reverse("admin:media_photo_uncovered", args=[photo.pk, 640]),
    ]  # fmt: skip
    for user, status in ((None, 302), (outsider, 403), (editor, 200)):
        client.logout()
        if user:
            client.force_login(user)
        assert [client.get(place).status_code for place in places] == [status, status]
    assert "no-store" in client.get(places[1])["Cache-Control"]
    for path in (f"/{photo.file.name}", f"/media/{photo.file.name}", f"/uploads/{photo.file.name}"):
        assert client.get(path).status_code == 404
    shown = client.get(reverse("admin:media_photo_thumb", args=[photo.pk]))
    assert contrast(b"".join(shown.streaming_content)) < 12


def test_saving_the_photo_page_bakes_the_rectangles_in(client, editor, photo):
    client.force_login(editor)
    data = posted(client.get(change(photo))) | {"redactions": json.dumps([FACE])}
    answer = client.post(change(photo), data)
    assert answer.status_code == 302, answer.context["errors"]
    assert Photo.objects.get().redactions == [FACE]
    assert max(contrast(data) for data in files(photo).values()) < 12


@pytest.mark.parametrize(
    "wrong", ["x", [[0, 0, 1]], [[0.9, 0, 0.2, 0.1]], [[0, 0, 0, 0.1]], [["a", 0, 1, 1]], [[-0.1, 0, 0.2, 0.2]]]
)
def test_rectangles_outside_the_picture_are_refused_in_a_sentence(photo, wrong):
    with pytest.raises(ValidationError, match="inside the picture"):
        photo.redact(wrong)
