"""HEIC, AVIF as Lightroom writes it, motion photos: what phones and programs send, and what only looks like it."""

import io
import struct
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from media.files import metadata, xmp_packet
from media.files.imaging import UnusableImage, inspect, open_master
from media.models import Photo
from media.photos.intake import AlreadyHere
from tests import newsroom
from tests.heif_files import (
    DATA,
    SCENE,
    Item,
    box,
    colors,
    exif,
    full,
    grid,
    heic,
    scene_item,
    size,
    xmp,
)  # fmt: skip
from tests.pictures import BLUE, GREEN, GREY, RED, corners, is_near, saved, scene

FILM = box(b"ftyp", b"mp42", bytes(4), b"isom") + box(b"mdat", bytes(range(256)) * 2000)


def refusal(data, within=1.0):
    """The sentence a file is refused with, had in a bounded time."""
    began = time.process_time()
    with pytest.raises(UnusableImage) as refused:
        inspect(data)
    assert time.process_time() - began < within
    return str(refused.value)


def looks_like(data, *expected):
    found = corners(open_master(data))
    assert all(is_near(one, other, 12) for one, other in zip(found, expected, strict=True)), found


# --- HEIC -------------------------------------------------------------------------------------------------------------


def test_heic_is_taken_in_its_colors():
    found = inspect(SCENE)
    assert (found.format, found.width, found.height, found.mode, found.left_out) == ("heic", 160, 120, "RGB", "")
    looks_like(SCENE, RED, GREEN, BLUE, GREY)


TURNS = {
    "as stored": ([], (RED, GREEN, BLUE, GREY)),
    "a quarter to the left": ([box(b"irot", b"\1")], (GREEN, GREY, RED, BLUE)),
    "upside down": ([box(b"irot", b"\2")], (GREY, BLUE, GREEN, RED)),
    "a quarter to the right": ([box(b"irot", b"\3")], (BLUE, RED, GREY, GREEN)),
    "top to bottom": ([box(b"imir", b"\0")], (BLUE, GREY, RED, GREEN)),
    "left to right": ([box(b"imir", b"\1")], (GREEN, RED, GREY, BLUE)),
    "turned, then mirrored": ([box(b"irot", b"\1"), box(b"imir", b"\1")], (GREY, GREEN, BLUE, RED)),
}


@pytest.mark.parametrize(("properties", "expected"), TURNS.values(), ids=TURNS)
@pytest.mark.parametrize("orientation", [None, 6])
def test_heic_is_turned_once_by_its_own_properties_whatever_its_exif_says(properties, expected, orientation):
    labels = Image.Exif()
    labels[0x0112] = orientation or 1
    items = [exif(labels.tobytes().removeprefix(b"Exif\0\0"))] if orientation else []
    data = heic(scene_item(*properties), *items)
    looks_like(data, *expected)
    upright = (160, 120) if expected[:2] in {(RED, GREEN), (GREY, BLUE), (BLUE, GREY), (GREEN, RED)} else (120, 160)
    found = inspect(data)
    assert (found.width, found.height) == upright == open_master(data).size


def test_heic_of_tiles_is_one_picture_cut_to_its_size():
    data = heic(grid(2, 2, 300, 200), *(scene_item() for _ in range(4)), parts=[(1, [2, 3, 4, 5])])
    found = inspect(data)
    assert (found.width, found.height) == (300, 200)
    assert is_near(open_master(data).getpixel((10, 10)), RED, 12)


def test_labels_of_a_heic_are_read_and_its_credit_is_in_every_rendition(db):
    labels = Image.Exif()
    labels[0x010E] = "Mara Okonjo arrives at the premiere."
    packet = xmp_packet.build({"credit_line": "Ida Brandt/AP"})
    data = heic(scene_item(), exif(labels.tobytes().removeprefix(b"Exif\0\0")), xmp(packet))
    assert metadata.read(data, "IMG_1.HEIC").credit_line == "Ida Brandt/AP"
    photo = Photo.objects.take(data, "IMG_1.HEIC")
    assert (photo.format, str(photo.credit)) == ("heic", "Photo by Ida Brandt/AP")
    assert photo.caption("supplied").text == "Mara Okonjo arrives at the premiere."
    photo.make_renditions()
    made = list(photo.renditions.all())
    assert made
    assert all(metadata.read(row.file.read(), "x").credit_line == "Photo by Ida Brandt/AP" for row in made)


@pytest.mark.parametrize("transfer", [16, 18])
def test_hdr_heic_is_refused_with_what_to_do(transfer):
    assert refusal(heic(scene_item(colors(9, transfer)))) == (
        "The picture is HDR. Export it in standard dynamic range (sRGB)."
    )


def test_wide_gamut_heic_keeps_its_colors():
    plain, wide = (open_master(heic(scene_item(colors(code, 13)))) for code in (1, 12))
    assert corners(wide)[1][1] > corners(plain)[1][1]


# --- AVIF -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("tail", [b"", FILM])
def test_box_of_size_zero_runs_to_the_end_of_the_file(tail):
    data = saved(scene(), "avif")
    at = data.find(b"mdat") - 4
    as_lightroom = data[:at] + bytes(4) + data[at + 4 :] + tail
    found = inspect(as_lightroom)
    assert (found.width, found.height, found.byte_size) == (120, 80, len(data))
    looks_like(as_lightroom[: found.byte_size], RED, GREEN, BLUE, GREY)
    assert inspect(heic(scene_item(), open_end=True)).width == 160


@pytest.mark.parametrize("left", [0.99, 0.9, 0.5])
def test_box_of_size_zero_hides_no_cut(left):
    data = saved(scene(), "avif")
    at = data.find(b"mdat") - 4
    data = data[:at] + bytes(4) + data[at + 4 :]
    assert refusal(data[: int(len(data) * left)])


def test_ten_bits_a_channel_are_taken():
    looks_like((DATA / "ten_bit.avif").read_bytes(), RED, GREEN, BLUE, GREY)


def test_hdr_is_seen_in_the_container_and_in_the_stream():
    data = (DATA / "hdr.avif").read_bytes()
    assert "HDR" in refusal(data)
    assert "HDR" in refusal(data.replace(b"colrnclx", b"freenclx"))


# --- more than a picture ----------------------------------------------------------------------------------------------

SAMSUNG = b"\0\0\x01\x0a\x0e\0\0\0Image_UTC_Data1700000000000SEFHk\0\0\0\x01\0\0\0$\0\0\0SEFT"
TAILS = {
    "a motion photo": (FILM, "a film, as motion photos have (0.5 MB)"),
    "an HDR gain map": (saved(scene(60, 40), "jpeg"), "another picture, such as a preview or an HDR gain map (1 KB)"),
    "a gain map and a film": (saved(scene(60, 40), "jpeg") + FILM, "a film, as motion photos have (0.5 MB)"),
    "a Samsung trailer": (SAMSUNG, "data of a camera or a program (1 KB)"),
    "a trailer of Photo Mechanic": (b"\x89\0\1\2" * 2000 + b"cbipcbbl", "data of a camera or a program (8 KB)"),
}  # fmt: skip


@pytest.mark.parametrize(("tail", "said"), TAILS.values(), ids=TAILS)
@pytest.mark.parametrize("format", ["jpeg", "heic"])
def test_what_follows_the_picture_is_dropped_and_told(format, tail, said):
    picture = SCENE if format == "heic" else saved(scene(), "jpeg")
    tail = box(b"mpvd", tail) if format == "heic" else tail
    found = inspect(picture + tail)
    assert found.byte_size == len(picture)
    assert found.sha256 == inspect(picture).sha256 != found.received_sha256
    if format == "jpeg":
        assert found.left_out == f"The file also held {said}. Only the picture was kept."


def test_motion_photo_is_kept_without_its_film_and_its_page_and_upload_say_so(admin_client):
    picture = newsroom.jpeg(300, 200)
    file = io.BytesIO(picture + FILM)
    file.name = "PXL_1.MP.jpg"
    answer = admin_client.post("/admin/media/photo/upload/", {"file": file}).json()
    sentence = "The file also held a film, as motion photos have (0.5 MB). Only the picture was kept."
    assert answer["left_out"] == sentence
    photo = Photo.objects.get()
    assert (photo.original(), photo.byte_size) == (picture, len(picture))
    assert sentence in admin_client.get(answer["url"]).content.decode()
    for again in (picture, picture + FILM):
        with pytest.raises(AlreadyHere):
            Photo.objects.take(again, "again.jpg")


def test_picture_killed_with_its_film_does_not_return_with_it(db):
    data = newsroom.jpeg(300, 200) + FILM
    photo = Photo.objects.take(data, "a.jpg")
    photo.kill(by=None, reason="Do not use.")
    with pytest.raises(UnusableImage, match="forbids"):
        Photo.objects.take(data, "b.jpg")


# --- files that lie ---------------------------------------------------------------------------------------------------


def nested(depth):
    inner = b""
    for _ in range(depth):
        inner = box(b"iprp", inner)
    return inner


HOSTILE = {
    "a grid of 50,000 a side": (heic(grid(2, 2, 50_000, 50_000), scene_item(), parts=[(1, [2] * 4)]), "50000 × 50000"),
    "a grid said to be small": (
        heic(Item(b"grid", grid(2, 2, 50_000, 50_000).content, [size(160, 120)]), scene_item(), parts=[(1, [2] * 4)]),
        "50000 × 50000",
    ),
    "one tile painted 65,000 times": (
        heic(grid(256, 256, 300, 200), scene_item(), parts=[(1, [2] * 65_000)]), "damaged",
    ),
    "one tile painted 2,000 times": (
        heic(grid(256, 256, 300, 200), scene_item(), parts=[(1, [2] * 2_000)]), "far too many parts",
    ),
    "made of itself": (heic(Item(b"iden", b"", [size(160, 120)]), parts=[(1, [1, 1])]), "damaged"),
    "made of what is not there": (heic(grid(2, 2, 300, 200), parts=[(1, [9] * 4)]), "damaged"),
    "a stream larger than it says": (heic(scene_item(width=1600, height=1200)), "holds 160 × 120"),
    "another kind of picture": (heic(Item(b"j2k1", b"\0" * 99, [size(160, 120)])), "can’t read this kind of HEIF"),
    "boxes in boxes": (box(b"ftyp", b"heic", bytes(4), b"mif1") + full(b"meta", 0, nested(6_000)), "damaged"),
    "a film": (box(b"ftyp", b"hevc", bytes(4), b"hevc") + box(b"moov"), "animation"),
    "nothing inside": (box(b"ftyp", b"heic", bytes(4), b"mif1"), "damaged"),
    "no configuration": (heic(Item(b"hvc1", b"\0" * 99, [size(160, 120)])), "damaged"),
}  # fmt: skip


@pytest.mark.parametrize(("data", "said"), HOSTILE.values(), ids=HOSTILE)
def test_hostile_heic_is_refused_at_once(data, said):
    assert said in refusal(data)


def test_stream_of_endless_parts_is_refused_at_once():
    item = scene_item()
    item.content += struct.pack(">IB", 1, 0x40) * 1_000_000
    assert "damaged" in refusal(heic(item))


@pytest.mark.parametrize("left", [0.999, 0.95, 0.7, 0.5, 0.2, 0.05])
def test_heic_cut_short_is_refused(left):
    assert refusal(SCENE[: int(len(SCENE) * left)])


@settings(max_examples=150, deadline=2000)
@given(st.lists(st.tuples(st.integers(0, len(SCENE) - 1), st.integers(0, 255)), min_size=1, max_size=6))
def test_damaged_heic_is_a_picture_or_a_sentence(changes):
    data = bytearray(SCENE)
    for at, value in changes:
        data[at] = value
    try:
        inspect(bytes(data))
    except UnusableImage as error:
        assert str(error).endswith(".")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"\xff\x0a\xfa\x1f", "JPEG XL picture; export it as a JPEG"),
        (b"\0\0\0\x0cJXL \r\n\x87\n", "JPEG XL picture; export it as a JPEG"),
        (b"\0\0\0\x0cjP  \r\n\x87\n", "JPEG 2000 picture; export it as a JPEG"),
        (b"\xff\x4f\xff\x51\0\x29", "JPEG 2000 picture; export it as a JPEG"),
        (b"II+\0\x08\0\0\0", "BigTIFF; save it as a standard TIFF or a JPEG"),
        (b"MM\0+\0\x08\0\0", "BigTIFF; save it as a standard TIFF or a JPEG"),
        (b"\0\0\0\x18ftypcrx \0\0\0\x01crx isom", "camera raw file; export it as a JPEG or TIFF"),
        (b"FUJIFILMCCD-RAW 0201", "camera raw file"),
        (b"IIU\0\x18\0\0\0", "camera raw file"),
        (b"IIRO\x08\0\0\0", "camera raw file"),
        (b"II*\0\x10\0\0\0CR\2\0", "camera raw file"),
        (b"FOVb\0\0\2\0", "camera raw file"),
        (b"\0\0\0\x14ftypqt  \0\0\0\0", "video; export the frame you need"),
        (b"\0\0\0\x08wide\0\0\0\0mdat", "video; export the frame you need"),
    ],
)  # fmt: skip
def test_what_we_do_not_take_is_named_with_what_to_do(data, said):
    assert said in refusal(data + bytes(200))


@pytest.mark.parametrize("tags", [{262: 32803}, {259: 34713}, {50706: b"\1\4\0\0"}])
def test_raw_file_in_the_dress_of_a_tiff_is_named(tags):
    buffer = io.BytesIO()
    scene().save(buffer, "TIFF", tiffinfo={50706: b"\1\4\0\0"} if 50706 in tags else {})
    data = bytearray(buffer.getvalue())
    (offset,) = struct.unpack_from("<I", data, 4)
    for at in range(offset + 2, offset + 2 + 12 * struct.unpack_from("<H", data, offset)[0], 12):
        tag = struct.unpack_from("<H", data, at)[0]
        if tag in tags and tag != 50706:
            struct.pack_into("<HHIHH", data, at, tag, 3, 1, tags[tag], 0)
    assert "camera raw" in refusal(bytes(data))
