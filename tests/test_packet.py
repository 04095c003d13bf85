"""The XMP packet in renditions: read back by exiftool before and after a credit change, pixels untouched."""

import io
import json
import shutil
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, features

from media.files import xmp_packet
from media.files.boilerplate import is_nobody
from media.files.metadata import read, read_sidecar

FORMATS = [
    "JPEG",
    "WEBP",
    pytest.param("AVIF", marks=pytest.mark.skipif(not features.check("avif"), reason="This Pillow writes no AVIF.")),
]
FIELDS = {
    "creators": ["Zoë O’Néill-Smith Jr.", "Ana & Bo <Lund>"],
    "credit_line": "Zoë O’Néill-Smith/Nordlys Pictures via Getty Images",
    "copyright_notice": "© 2026 Nordlys “Pictures”",
    "usage_terms": "Editorial use only.",
    "web_statement": "https://licences.example/terms?a=1&b=2",
    "licensor_url": "https://licences.example/buy/42",
    "supplier_image_id": "NP-000042",
    "data_mining": "http://ns.useplus.org/ldf/vocab/DMI-PROHIBITED",
    "digital_source_type": "http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture",
}
TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=60).filter(
    lambda text: text == text.strip()
)


def picture(form, xmp):
    image = Image.radial_gradient("L").resize((48, 32)).convert("RGB")
    file = io.BytesIO()
    image.save(file, form, xmp=xmp, quality=80)
    return file.getvalue()


def pixels(data):
    with Image.open(io.BytesIO(data)) as image:
        return image.convert("RGB").tobytes()


def by_exiftool(path):
    if not shutil.which("exiftool"):
        pytest.skip("exiftool is not installed, so no second opinion on what was written can be had.")
    done = subprocess.run(["exiftool", "-j", "-G1", "-struct", "-n", str(path)], capture_output=True, check=True)
    return json.loads(done.stdout)[0]


@pytest.mark.parametrize("form", FORMATS)
def test_exiftool_reads_the_credit_before_and_after_a_change_and_pixels_stay(form, tmp_path):
    path = tmp_path / f"rendition.{form.lower()}"
    path.write_bytes(picture(form, xmp_packet.build(FIELDS)))
    before, size = pixels(path.read_bytes()), path.stat().st_size
    for fields in (
        FIELDS,
        {**FIELDS, "creators": ["Bo Lund"], "credit_line": "Bo Lund/Øst", "copyright_notice": "© Øst"},
    ):
        xmp_packet.overwrite(path, xmp_packet.build(fields))
        seen = by_exiftool(path)
        assert seen["XMP-dc:Creator"] == fields["creators"]
        assert seen["XMP-photoshop:Credit"] == fields["credit_line"]
        assert seen["XMP-dc:Rights"] == fields["copyright_notice"]
        assert seen["XMP-xmpRights:WebStatement"] == fields["web_statement"]
        assert seen["XMP-xmpRights:UsageTerms"] == fields["usage_terms"]
        assert seen["XMP-xmpRights:Marked"] is True
        assert seen["XMP-plus:Licensor"] == [{"LicensorURL": fields["licensor_url"]}]
        assert seen["XMP-plus:ImageSupplierImageID"] == fields["supplier_image_id"]
        assert seen["XMP-plus:DataMining"] == fields["data_mining"]
        assert seen["XMP-iptcExt:DigitalSourceType"] == fields["digital_source_type"]
        assert not [key for key in seen if "GPS" in key or "Warning" in key]
        assert (pixels(path.read_bytes()), path.stat().st_size) == (before, size)


@pytest.mark.parametrize("form", FORMATS)
def test_overwriting_changes_nothing_but_the_packet_and_twice_is_once(form):
    data = picture(form, xmp_packet.build(FIELDS))
    changed = xmp_packet.replaced(data, xmp_packet.build({"credit_line": "Øst"}))
    start, end = data.find(b"<?xpacket begin"), data.find(b'<?xpacket end="w"?>')
    assert (changed[:start], changed[end:]) == (data[:start], data[end:])
    assert read(changed).credit_line == "Øst" and read(changed).creators == []
    assert xmp_packet.replaced(changed, xmp_packet.build({"credit_line": "Øst"})) == changed


@pytest.mark.parametrize("form", FORMATS)
def test_a_packet_is_overwritten_at_the_place_noted_for_it_or_looked_for_where_that_is_wrong(form, tmp_path):
    data, new = picture(form, xmp_packet.build(FIELDS)), xmp_packet.build({"credit_line": "Øst"})
    for at in (xmp_packet.place(data), 5, len(data) + 10, None):
        path = tmp_path / "rendition"
        path.write_bytes(data)
        xmp_packet.overwrite(path, new, at)
        assert path.read_bytes() == xmp_packet.replaced(data, new)
    assert xmp_packet.place(picture(form, b"")) is None


def test_a_packet_that_outgrew_the_usual_size_is_overwritten_whole(tmp_path):
    path = tmp_path / "rendition.jpg"
    data = picture("JPEG", xmp_packet.build({**FIELDS, "usage_terms": "No use. " * 1500}))
    path.write_bytes(data)
    xmp_packet.overwrite(path, xmp_packet.build(FIELDS), xmp_packet.place(data))
    assert (read(path.read_bytes()).usage_terms, path.stat().st_size) == (FIELDS["usage_terms"], len(data))


def test_a_half_written_packet_leaves_the_pixels_whole_and_is_mended_by_writing_again():
    data, new = picture("WEBP", xmp_packet.build(FIELDS)), xmp_packet.build({"credit_line": "Øst"})
    start = data.find(b"<?xpacket begin")
    torn = data[:start] + new[:500] + data[start + 500 :]
    assert pixels(torn) == pixels(data)
    assert xmp_packet.replaced(torn, new) == xmp_packet.replaced(data, new)


def test_labels_that_outgrow_the_file_are_refused_with_a_sentence_and_the_file_stays():
    data = picture("JPEG", xmp_packet.build(FIELDS))
    longer = xmp_packet.build({**FIELDS, "usage_terms": "No use. " * 1500})
    with pytest.raises(xmp_packet.PacketTooLong, match="bytes too long for this file"):
        xmp_packet.replaced(data, longer)
    with pytest.raises(xmp_packet.PacketTooLong, match="more than a JPEG can hold"):
        xmp_packet.build({"usage_terms": "x" * 70_000})


def test_a_file_without_our_packet_is_refused(tmp_path):
    path = tmp_path / "plain.jpg"
    Image.new("RGB", (8, 8)).save(path)
    with pytest.raises(xmp_packet.PacketMissing, match="make the rendition again"):
        xmp_packet.overwrite(path, xmp_packet.build(FIELDS))


def test_every_packet_leaves_two_kilobytes_for_later_changes():
    for words in range(0, 20_000, 1777):
        built = xmp_packet.build({"usage_terms": "x" * words})
        assert len(built) >= xmp_packet.PACKET_SIZE and len(built) % 4096 == 0
        assert len(built.partition(b"</x:xmpmeta>")[2]) > xmp_packet.LEAST_PADDING


@given(TEXT, st.lists(TEXT.filter(lambda name: not is_nobody(name)), max_size=3, unique=True), TEXT)
def test_whatever_is_written_is_read_back(credit, creators, notice):
    seen = read_sidecar(xmp_packet.build({"credit_line": credit, "creators": creators, "copyright_notice": notice}))
    assert (seen.credit_line, seen.creators, seen.copyright_notice, seen.warnings) == (credit, creators, notice, [])


def test_control_characters_never_break_a_packet():
    seen = read_sidecar(xmp_packet.build({"credit_line": "Ana\x00\x0b Lund\ud800"}))
    assert seen.credit_line == "Ana Lund" and seen.warnings == []


AGENCY = {
    "title": "536991815",
    "creators": ["Ana Lund", "Bo Øst"],
    "credit_line": "Nordlys/Getty Images",
    "source": "Nordlys",
    "caption": "Ana Lund arrives at the première. (Photo by Bo Øst/Nordlys/Getty Images)",
    "headline": "Première",
    "city": "OSLO",
    "country": "NORWAY",
    "date_created": "2026-03-03T22:15:00+01:00",
    "copyright_notice": "2026 Nordlys",
    "instructions": "GERMANY OUT",
    "job_id": "775000001",
    "keywords": ["arts", "film"],
}


def test_an_embedded_iim_block_is_read_by_exiftool_and_by_us(tmp_path):
    path = tmp_path / "agency.jpg"
    data = xmp_packet.embed_iim(picture("JPEG", xmp_packet.build({"web_statement": "https://x.example"})), AGENCY)
    path.write_bytes(data)
    seen = by_exiftool(path)
    assert seen["IPTC:CodedCharacterSet"] in {"UTF8", "\x1b%G"}
    assert seen["IPTC:By-line"] == AGENCY["creators"] and seen["IPTC:Keywords"] == AGENCY["keywords"]
    assert (seen["IPTC:DateCreated"], seen["IPTC:TimeCreated"]) == ("2026:03:03", "22:15:00+01:00")
    assert seen["IPTC:Caption-Abstract"] == AGENCY["caption"]
    assert "ExifTool:Warning" not in seen
    assert {name: getattr(read(data), name) for name in AGENCY} == AGENCY
    assert read(data).web_statement == "https://x.example"
    assert pixels(data) == pixels(picture("JPEG", b""))


def test_embedding_again_replaces_the_earlier_block():
    once = xmp_packet.embed_iim(picture("JPEG", b""), AGENCY)
    twice = xmp_packet.embed_iim(once, {"credit_line": "Øst"})
    assert read(twice).credit_line == "Øst" and read(twice).caption is None
    assert xmp_packet.embed_iim(twice, AGENCY) == once


def test_long_credits_are_cut_between_letters_as_iim_demands():
    data = xmp_packet.embed_iim(picture("JPEG", b""), {"credit_line": "Ø" * 20 + "x"})
    assert read(data).credit_line == "Ø" * 16


def test_iim_is_written_into_jpegs_only():
    with pytest.raises(ValueError, match="only be written into a JPEG"):
        xmp_packet.embed_iim(picture("WEBP", b""), AGENCY)
