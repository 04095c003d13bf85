import hashlib
import io
import random
import struct
import zipfile

import pytest
from PIL import Image

from media.files.imaging import Limits, UnusableImage, inspect, open_master
from tests.pictures import FORMATS, chunk, claiming, saved, scene


def zipped(name="shell.php", content=b"<?= 1 ?>"):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(name, content)
    return buffer.getvalue()


def refusal(data, limits=Limits()):
    with pytest.raises(UnusableImage) as refused:
        inspect(data, limits)
    return str(refused.value)


@pytest.mark.parametrize("format", FORMATS)
def test_every_format_we_take_is_recognised_by_its_content(format):
    data = saved(scene(), format)
    found = inspect(data)
    assert (found.format, found.width, found.height, found.mode) == (format, 120, 80, "RGB")
    assert (found.byte_size, found.sha256, found.animated) == (len(data), hashlib.sha256(data).hexdigest(), False)


@pytest.mark.parametrize("format", FORMATS)
def test_size_is_told_as_people_see_the_picture(format):
    exif = Image.Exif()
    exif[0x0112] = 6
    found = inspect(saved(scene(120, 80), format, exif=exif.tobytes()))
    assert (found.width, found.height) == (80, 120)


def test_png_whose_exif_follows_its_pixels_is_turned_too():
    exif = Image.Exif()
    exif[0x0112] = 8
    data = saved(scene(120, 80), "png")
    late = data[:-12] + chunk(b"eXIf", exif.tobytes().removeprefix(b"Exif\0\0")) + data[-12:]
    found = inspect(late)
    assert (found.width, found.height) == (80, 120) == open_master(late).size


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("left", [0.999, 0.9, 0.5, 0.1])
def test_truncated_file_is_refused(format, left):
    noise = Image.frombytes("RGB", (160, 120), random.Random(1).randbytes(160 * 120 * 3))
    data = saved(noise, format)
    assert refusal(data[: int(len(data) * left)])


def test_truncated_jpeg_is_told_to_be_fetched_again():
    data = saved(scene(), "jpeg")
    assert refusal(data[:-2]) == "The file stops before the picture does; fetch it again from its source."


def test_progressive_jpeg_cut_short_but_properly_ended_in_its_header_is_refused():
    data = saved(scene(), "jpeg", progressive=True)
    assert refusal(data[: data.find(b"\xff\xda")] + b"\xff\xd9")


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize(
    "tail",
    [
        zipped(),
        b"<html><script>alert(1)</script></html>",
        b"%PDF-1.7\n1 0 obj\n<<>>\nendobj",
        b"*/;alert(document.cookie);//",
    ],
    ids=["zip", "html", "pdf", "script"],
)
def test_anything_behind_the_picture_is_refused(format, tail):
    assert refusal(saved(scene(), format) + tail)


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("head", [zipped(), b"<html>", b"%PDF-1.7\n", b"GIF89a/*"], ids=["zip", "html", "pdf", "gif"])
def test_anything_before_the_picture_is_refused(format, head):
    assert refusal(head + saved(scene(), format))


@pytest.mark.parametrize(
    "hidden", [zipped(), b"%PDF-1.4 ", b"<?php system($_GET[0]); ?>", b"<script>alert(1)</script>"]
)
def test_another_file_inside_a_jpeg_comment_is_refused(hidden):
    assert "something else at once" in refusal(saved(scene(), "jpeg", comment=hidden))


def test_jpeg_that_is_also_a_script_is_refused():
    data = saved(scene(), "jpeg")
    length = int.from_bytes(b"/*")
    segment = b"\xff\xe0/*" + b"*/=1;alert(1);/*".ljust(length - 2, b"\0")
    assert "something else at once" in refusal(b"\xff\xd8" + segment + data[2:])


@pytest.mark.parametrize("tail", [b"\0" * 4096, b"\r\n", b"\xff\xff"])
@pytest.mark.parametrize("format", FORMATS)
def test_padding_of_cameras_and_transfers_is_let_through(format, tail):
    assert inspect(saved(scene(), format) + tail).width == 120


def test_tail_of_a_telephone_that_begins_with_an_archive_is_refused():
    trailer = b"\0\0\x01\x0a\x0e\0\0\0Image_UTC_Data1700000000000SEFHk\0\0\0\x01\0\0\0$\0\0\0SEFT"
    assert refusal(saved(scene(), "jpeg") + b"PK\x03\x04" + trailer)


def test_animations_are_refused():
    frames = [scene(), scene().rotate(180)]
    for format in ("png", "webp", "avif"):
        data = saved(frames[0], format, save_all=True, append_images=frames[1:], duration=100)
        assert "animation" in refusal(data), format


def test_tiff_of_several_pages_is_refused_but_its_own_thumbnail_is_not_a_page():
    page, thumbnail = scene(), scene(30, 20)
    assert "several pages" in refusal(saved(page, "tiff", save_all=True, append_images=[thumbnail]))
    thumbnail.encoderinfo = {"tiffinfo": {254: 1}}
    assert inspect(saved(page, "tiff", save_all=True, append_images=[thumbnail])).width == 120


def test_camera_raw_files_are_not_taken_for_the_thumbnail_inside_them():
    assert "camera raw" in refusal(saved(scene(), "tiff", tiffinfo={50706: b"\x01\x04\x00\x00"}))


@pytest.mark.parametrize("format", FORMATS)
def test_picture_that_claims_fifty_thousand_pixels_a_side_is_refused_before_it_is_decoded(format):
    sentence = refusal(claiming(saved(scene(), format), format, 50_000, 50_000))
    assert "50000 × 50000" in sentence
    assert "the limit is 80 megapixels" in sentence or format == "avif"


def test_avif_that_hides_a_large_picture_behind_a_small_size_is_refused():
    assert "says it is 100 × 60 pixels but holds 1200 × 800" in refusal(
        claiming(saved(scene(1200, 800), "avif"), "avif", 100, 60)
    )


# A JPEG decoder fills what is missing, so there only the end mark tells.
@pytest.mark.parametrize("format", sorted(set(FORMATS) - {"jpeg"}))
def test_header_that_promises_more_pixels_than_there_are_is_refused(format):
    assert refusal(claiming(saved(scene(), format), format, 1200, 800))


def test_bomb_of_few_bytes_and_many_pixels_is_refused():
    bomb = saved(Image.new("1", (19_000, 19_000)), "png")
    assert len(bomb) < 100_000
    assert "19000 × 19000" in refusal(bomb)


def test_jpeg_that_paints_itself_a_thousand_times_is_refused():
    data = saved(scene(2000, 1500), "jpeg", progressive=True)
    last_scan = data.rfind(b"\xff\xda")
    assert "too many progressive scans" in refusal(data[:-2] + data[last_scan:-2] * 1000 + b"\xff\xd9")


def test_jpeg_of_endless_marks_is_refused_at_once():
    assert refusal(b"\xff\xd8\xff" + b"\xd8\xff" * 1_000_000)
    assert refusal(b"\xff\xd8" + b"\xff" * 5_000_000 + b"\0")


def test_tiff_whose_values_lie_over_each_other_is_refused():
    entry = struct.pack("<HHII", 700, 1, 60_000, 0)
    directory = struct.pack("<H", 2000) + entry * 2000 + bytes(4)
    assert refusal(b"II*\0" + struct.pack("<I", 8) + directory + bytes(40_000))


def test_limits_are_settings():
    data = saved(scene(), "png")
    assert "limit is 0 MB" in refusal(data, Limits(max_bytes=100))
    assert "save it at a smaller size" in refusal(data, Limits(max_pixels=9_599))
    assert "save it at a smaller size" in refusal(data, Limits(max_side=119))
    assert "at least 81" in refusal(data, Limits(min_side=81))
    assert inspect(data, Limits(max_pixels=9_600, max_side=120, min_side=80)).width == 120


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty"),
        (b"GIF89a\x10\0\x10\0", "GIF"),
        (b"\0\0\0\x18ftypavci\0\0\0\0mif1avci", "HEIF"),
        (b"\0\0\0\x18ftypisom\0\0\0\0isomavc1", "video"),
        (b"%PDF-1.7\n", "PDF"),
        (b"8BPS\0\x01", "Photoshop"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n", "PostScript"),
        (b"\xc5\xd0\xd3\xc6\x1e\0\0\0", "PostScript"),
        (b"PK\x03\x04\x14\0", "archive"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "SVG"),
        (b"<?xml version='1.0'?>\n<!DOCTYPE svg [<!ENTITY x 'y'>]>\n<svg>&x;</svg>", "SVG"),
        (b"push graphic-context\nviewbox 0 0 640 480\nfill 'url(https://x/\"|ls \"-la)'\npop graphic-context", "drawing script"),
        (b"<?xml version='1.0'?><image><read filename='caption:&lt;?php ?&gt;'/></image>", "drawing script"),
        (b"<!DOCTYPE html><title>Log in</title>", "web page"),
        (b"Not found", "send a JPEG, PNG, WebP, AVIF, HEIC or TIFF"),
    ],
)  # fmt: skip
def test_what_is_no_picture_is_named_in_a_sentence(data, said):
    sentence = refusal(data)
    assert said in sentence
    assert sentence.endswith(".")


def test_damaged_exif_is_no_reason_to_refuse_a_picture():
    for exif in (b"Exif\0\0II*\0\xff\xff\xff\xff", b"Exif\0\0", b"Exif\0\0MM\0*\0\0\0\x08\xff\xff" + b"\xff" * 40):
        assert inspect(saved(scene(), "jpeg", exif=exif)).width == 120
