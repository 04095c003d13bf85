"""Crops set by a person: one rectangle a shape, seen by every use of it, under a new address; and where nobody set anything."""

import io
import json

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from articles.models import LiveDocument
from media.files import imaging
from media.models import Photo, Rendition

from . import newsroom
from .test_desk_clock import posted

TIGHT = [0.5, 0.1, 0.4, 0.3375]


def halves(width=4000, height=2667) -> bytes:
    """Return a picture whose left half is red and whose right half is blue."""
    image = Image.new("RGB", (width, height), (200, 0, 0))
    image.paste((0, 0, 200), (width // 2, 0, width, height))
    buffer = io.BytesIO()
    image.save(buffer, "JPEG")
    return buffer.getvalue()


def a_photo(data=None, **fields):
    made = newsroom.photo(slot=True, **fields)
    made.receive(data or halves(), name="a.jpg")
    return made


def rectangle(left, top, width, photo, crop="ratio_16_9"):
    across, down = imaging.CROPS[crop].ratio
    return [left, top, width, width * photo.width * down / across / photo.height]


def pixels(photo, crop, width=1280):
    row = Rendition.objects.prepare(photo, photo.original(), crops=(crop,), widths=(width,), formats=("jpg",))[0]
    return Image.open(io.BytesIO(row[1])).convert("RGB")


@pytest.mark.django_db
def test_readers_get_the_rectangle_in_the_same_sizes_as_before():
    photo = a_photo()
    before = imaging.rendition_sizes(photo.width, photo.height, "ratio_16_9")
    photo.crop({"ratio_16_9": rectangle(0.5, 0.1, 0.5, photo)})
    made = Rendition.objects.prepare(photo, photo.original(), crops=("ratio_16_9",), formats=("jpg",))
    assert [(row.width, row.height) for row, _ in made][::-1] == before
    seen = pixels(photo, "ratio_16_9")
    assert all(blue > 150 > red for red, _, blue in (seen.getpixel((x, 300)) for x in (8, 640, 1270)))
    whole = pixels(photo, "ratio_4_3")
    assert whole.getpixel((8, 300))[0] > 150


@pytest.mark.django_db
def test_a_tight_crop_is_as_sharp_as_its_pixels():
    lines = Image.new("L", (4000, 2667), 255)
    for x in range(0, 4000, 8):
        lines.paste(0, (x, 0, x + 4, 2667))
    buffer = io.BytesIO()
    lines.convert("RGB").save(buffer, "PNG")
    photo = a_photo(buffer.getvalue())
    photo.crop({"ratio_16_9": rectangle(0.2, 0.1, 0.48, photo)})
    low, high = pixels(photo, "ratio_16_9", 1920).convert("L").getextrema()
    assert high - low > 200


@pytest.mark.django_db
def test_a_changed_crop_has_new_addresses_and_marks_live_stories():
    photo = a_photo()
    newsroom.article(lead=photo).publish()
    before = photo.version
    photo.crop({"ratio_1_1": rectangle(0.1, 0.1, 0.5, photo, "ratio_1_1")})
    assert photo.version != before
    assert LiveDocument.objects.stale(timezone.now()).count() == 1
    photo.crop({})
    assert photo.version == before


@pytest.mark.django_db
@pytest.mark.parametrize(
    "crops, said",
    [
        ({"square": [0, 0, 1, 1]}, "Enter crops by name"),
        ({"full": [0, 0, 1, 1]}, "Enter crops by name"),
        ([], "Enter crops by name"),
        ({"ratio_16_9": [0, 0, 1, 1]}, "does not have that shape"),
        ({"ratio_16_9": [0.9, 0, 0.5, 0.42]}, "inside the picture"),
        ({"ratio_16_9": "wide"}, "inside the picture"),
        ({"ratio_16_9": [0, 0, 0.2, 0.2 * 4000 * 9 / 16 / 2667]}, "at least 1,920 pixels wide"),
    ],
)
def test_a_rectangle_that_cannot_be_is_refused_in_a_sentence(crops, said):
    with pytest.raises(ValidationError, match=said):
        a_photo().crop(crops)


@pytest.mark.django_db
def test_only_who_may_change_photos_crops():
    from django.contrib.auth import get_user_model

    with pytest.raises(PermissionDenied):
        a_photo().crop({}, by=get_user_model().objects.create_user("nobody"))


@pytest.mark.django_db
def test_another_file_of_another_size_forgets_the_crops():
    photo = a_photo()
    photo.crop({"ratio_16_9": rectangle(0.5, 0.1, 0.5, photo)})
    photo.receive(halves(3000, 2000), name="b.jpg")
    assert photo.crops == {}


@given(
    width=st.integers(400, 9000), height=st.integers(400, 9000), crop=st.sampled_from([*imaging.CROPS][1:]),
    size=st.floats(0, 1), left=st.floats(0, 1), top=st.floats(0, 1),
)  # fmt: skip
def test_every_rectangle_of_the_page_is_cut_within_the_picture_and_never_enlarged(width, height, crop, size, left, top):
    across, down = imaging.CROPS[crop].ratio
    most, least = min(width, height * across / down), imaging.least_width(width, height, crop)
    wide = min(most, least + size * max(0, most - least)) / width
    high = wide * width * down / across / height
    box = (left * max(0, 1 - wide), top * max(0, 1 - high), wide, high)
    assert imaging.is_of_shape(width, height, crop, box)
    x, y, right, bottom = imaging._box(width, height, imaging.CROPS[crop], (0.5, 0.5), {crop: box})
    assert 0 <= x < right <= width and 0 <= y < bottom <= height
    assert right - x >= least - 1


# The focal point that nobody set


@pytest.mark.django_db
@pytest.mark.parametrize(
    "size, point", [((800, 1200), (0.5, 0.33)), ((1200, 800), (0.5, 0.5)), ((900, 900), (0.5, 0.5))]
)
def test_an_upright_picture_keeps_its_upper_third_in_view(size, point):
    photo = a_photo(newsroom.jpeg(*size))
    assert (photo.focal_point, photo.has_focal_point) == (point, False)


@pytest.mark.django_db
def test_a_point_that_was_set_stays_with_every_file(client, editor):
    client.force_login(editor)
    photo = a_photo(newsroom.jpeg(800, 1200))
    assert "Never set: crops keep the upper third." in client.get(photo.get_absolute_url()).content.decode()
    photo.focus(0.5, 0.5)
    photo.receive(newsroom.jpeg(800, 1200, seed=3), name="b.jpg")
    assert photo.focal_point == (0.5, 0.5)
    assert "Never set" not in client.get(photo.get_absolute_url()).content.decode()


@pytest.mark.django_db
def test_a_refused_crop_is_said_on_the_page(client, editor):
    client.force_login(editor)
    photo = a_photo()
    data = posted(client.get(photo.get_absolute_url())) | {"crops": json.dumps({"ratio_16_9": [0, 0, 1, 1]})}
    answer = client.post(reverse("admin:media_photo_change", args=[photo.pk]), data)
    assert "does not have that shape" in answer.content.decode()
    assert Photo.objects.get(pk=photo.pk).crops == {}
