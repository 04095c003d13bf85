"""What a picture file says about itself, in whatever state it arrives."""

import io
import json
import random
import struct
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, features

from media.files import iim, xmp, xmp_packet
from media.files.metadata import Metadata, read, read_sidecar
from media.files.metadata_blocks import MAX_BLOCK, find

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
SPACES = (
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" '
    'xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" xmlns:plus="http://ns.useplus.org/ldf/xmp/1.0/" '
    'xmlns:GettyImagesGIFT="http://xmp.gettyimages.com/gift/1.0/"'
)
HEADER = b"http://ns.adobe.com/xap/1.0/\0"


def described(inner, attributes=""):
    return (
        f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="{RDF}"><rdf:Description rdf:about="" {SPACES} '
        f"{attributes}>{inner}</rdf:Description></rdf:RDF></x:xmpmeta>"
    )


def jpeg(*segments):
    file = io.BytesIO()
    Image.new("RGB", (8, 8)).save(file, "JPEG")
    head = b"".join(struct.pack(">BBH", 0xFF, marker, len(payload) + 2) + payload for marker, payload in segments)
    return b"\xff\xd8" + head + file.getvalue()[2:]


def with_xmp(inner, attributes="", header=HEADER):
    return jpeg((0xE1, header + described(inner, attributes).encode()))


def photoshop(block):
    return b"Photoshop 3.0\x008BIM\x04\x04\0\0" + struct.pack(">I", len(block)) + block + b"\0" * (len(block) % 2)


def with_iim(block):
    return jpeg((0xED, photoshop(block)))


def tiff_exif(description, order="<"):
    mark = b"II*\0" if order == "<" else b"MM\0*"
    entry = struct.pack(order + "HHII", 270, 2, len(description), 26)
    return mark + struct.pack(order + "IH", 8, 1) + entry + struct.pack(order + "I", 0) + description


# Which form speaks


def test_each_field_comes_from_xmp_else_iim_else_exif():
    block = iim.build({"Credit": "IIM credit", "Headline": "IIM headline"})
    data = jpeg(
        (0xE1, b"Exif\0\0" + tiff_exif(b"EXIF caption\0")),
        (0xE1, HEADER + described("<photoshop:Credit>XMP credit</photoshop:Credit>").encode()),
        (0xED, photoshop(block)),
    )
    seen = read(data)
    assert (seen.credit_line, seen.headline, seen.caption) == ("XMP credit", "IIM headline", "EXIF caption")


def test_an_empty_xmp_value_does_not_hide_what_iim_holds():
    data = jpeg(
        (0xE1, HEADER + described("<photoshop:Credit></photoshop:Credit>").encode()),
        (0xED, photoshop(iim.build({"Credit": "Nordlys"}))),
    )
    assert read(data).credit_line == "Nordlys"


@pytest.mark.parametrize("whole_in", ["xmp", "iim"])
def test_a_value_cut_at_32_bytes_gives_way_to_its_longer_twin(whole_in):
    whole, cut = "Jordan Strauss/Invision for the Television Academy", "Jordan Strauss/Invision for the "
    in_xmp, in_iim = (whole, cut) if whole_in == "xmp" else (cut, whole)
    block = b"\x1c\x02\x6e" + struct.pack(">H", len(in_iim)) + in_iim.encode()
    data = jpeg(
        (0xE1, HEADER + described(f"<photoshop:Credit>{in_xmp}</photoshop:Credit>").encode()), (0xED, photoshop(block))
    )
    assert read(data).credit_line == whole


def test_a_short_value_is_never_replaced_by_a_longer_one():
    data = jpeg(
        (0xE1, HEADER + described("<photoshop:Credit>AP</photoshop:Credit>").encode()),
        (0xED, photoshop(iim.build({"Credit": "AP Photo/Pool"}))),
    )
    assert read(data).credit_line == "AP"


def test_cut_creators_are_completed_one_by_one():
    names = ["Bartholomew Featherstonehaugh-Smythe", "Ana Lund"]
    cut = [name.encode()[:32].decode() for name in names]
    inner = "".join(f"<rdf:li>{name}</rdf:li>" for name in cut)
    block = b"".join(b"\x1c\x02\x50" + struct.pack(">H", len(name)) + name.encode() for name in names)
    data = jpeg(
        (0xE1, HEADER + described(f"<dc:creator><rdf:Seq>{inner}</rdf:Seq></dc:creator>").encode()),
        (0xED, photoshop(block)),
    )
    assert read(data).creators == names


def test_a_credit_too_long_for_its_field_is_left_to_the_caption():
    seen = read(
        with_iim(iim.build({"Credit": "(Credit too long, see caption)", "Caption-Abstract": "A. (Photo by B/C)"}))
    )
    assert seen.credit_line is None and seen.caption == "A. (Photo by B/C)"
    assert seen.warnings == ["The credit was too long for its field, so it was taken from the caption."]


def test_a_sidecar_speaks_before_the_file():
    sidecar = described("<photoshop:Credit>From the sidecar</photoshop:Credit>").encode()
    data = with_xmp("<photoshop:Credit>In the file</photoshop:Credit><photoshop:City>Oslo</photoshop:City>")
    seen = read(data, "a.jpg", sidecar)
    assert (seen.credit_line, seen.city) == ("From the sidecar", "Oslo")
    assert read_sidecar(sidecar).credit_line == "From the sidecar"
    assert read(sidecar).credit_line == "From the sidecar"


# Text


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("© Zoë O’Néill".encode(), "© Zoë O’Néill"),
        ("© Zoë O’Néill".encode("cp1252"), "© Zoë O’Néill"),
        (b"Caf\xe9 \x81", "Café \x81"),
        (b"Nordlys\0\0\0", "Nordlys"),
        (b"  Nordlys  ", "Nordlys"),
        ("ééé".encode()[:5], "éé"),
    ],
)
def test_iim_text_is_utf_8_or_else_windows_1252(raw, text):
    assert read(with_iim(b"\x1c\x02\x74" + struct.pack(">H", len(raw)) + raw)).copyright_notice == text


def test_exif_copyright_of_photographer_and_editor_are_both_kept():
    entry = struct.pack("<HHII", 33432, 2, 12, 26)
    data = b"II*\0" + struct.pack("<IH", 8, 1) + entry + struct.pack("<I", 0) + b"Ana\0Nordlys\0"
    assert read(jpeg((0xE1, b"Exif\0\0" + data))).copyright_notice == "Ana\nNordlys"


@pytest.mark.parametrize("order", ["<", ">"])
def test_exif_is_read_in_both_byte_orders(order):
    assert read(jpeg((0xE1, b"Exif\0\0" + tiff_exif(b"Caf\xe9\0rest", order)))).caption == "Café"


# Dialects of XMP


def test_attributes_and_elements_mean_the_same():
    as_elements = read(with_xmp("<photoshop:Credit>AP &amp; Co</photoshop:Credit>"))
    as_attributes = read(with_xmp("", "photoshop:Credit='AP &amp; Co'"))
    assert as_elements.credit_line == as_attributes.credit_line == "AP & Co"


@pytest.mark.parametrize("container", ["Seq", "Bag", "Alt"])
def test_lists_are_read_in_any_container(container):
    seen = read(with_xmp(f"<dc:creator><rdf:{container}><rdf:li>Ana Lund</rdf:li></rdf:{container}></dc:creator>"))
    assert seen.creators == ["Ana Lund"]


def test_the_default_language_is_taken_wherever_it_stands():
    inner = '<rdf:li xml:lang="de">Eine</rdf:li><rdf:li xml:lang="x-default">One</rdf:li>'
    assert read(with_xmp(f"<dc:description><rdf:Alt>{inner}</rdf:Alt></dc:description>")).caption == "One"
    only = '<rdf:li xml:lang="de">Eine</rdf:li>'
    assert read(with_xmp(f"<dc:description><rdf:Alt>{only}</rdf:Alt></dc:description>")).caption == "Eine"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be", "utf-16", "utf-8-sig"]
)
@pytest.mark.parametrize("tag", ["xmpmeta", "xapmeta"])
def test_packets_are_read_in_every_unicode_encoding(encoding, tag):
    text = described("<photoshop:Credit>Zoë — 日本</photoshop:Credit>").replace("xmpmeta", tag)
    text = f'<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>{text}<?xpacket end="w"?>'
    seen = read(jpeg((0xE1, HEADER + text.encode(encoding))))
    assert (seen.credit_line, seen.warnings) == ("Zoë — 日本", [])


@pytest.mark.parametrize(
    "header", [b"XMP\0://ns.adobe.com/xap/1.0/\0", b"http://ns.adobe.com/xap/1.0/", b"", b"\0\xff junk"]
)
def test_a_damaged_header_does_not_hide_the_packet(header):
    seen = read(with_xmp("<photoshop:Credit>AP</photoshop:Credit>", header=header))
    assert seen.credit_line == "AP"
    assert "damaged header" in seen.warnings[0]


def test_other_prefixes_and_undeclared_ones_are_understood():
    text = described("<ps:Credit xmlns:ps='http://ns.adobe.com/photoshop/1.0/'>AP</ps:Credit>").encode()
    assert read(jpeg((0xE1, HEADER + text))).credit_line == "AP"
    bare = "<rdf:RDF><rdf:Description><photoshop:Credit>AP</photoshop:Credit></rdf:Description></rdf:RDF>"
    assert read(jpeg((0xE1, HEADER + bare.encode()))).credit_line == "AP"


def test_extended_xmp_is_put_together_in_the_order_of_its_offsets():
    whole = described("<photoshop:Instructions>GERMANY OUT</photoshop:Instructions>").encode()
    parts = [(at, whole[at : at + 100]) for at in range(0, len(whole), 100)]
    extension = b"http://ns.adobe.com/xmp/extension/\0" + b"A" * 32 + struct.pack(">I", len(whole))
    segments = [(0xE1, extension + struct.pack(">I", at) + piece) for at, piece in reversed(parts)]
    assert read(jpeg(*segments)).instructions == "GERMANY OUT"


def test_broken_xml_is_read_up_to_the_break_and_iim_fills_the_rest():
    whole = described("<photoshop:Credit>AP</photoshop:Credit><photoshop:City>Oslo and some").encode()
    cut = whole[: whole.index(b" and some") + 4]
    seen = read(jpeg((0xE1, HEADER + cut), (0xED, photoshop(iim.build({"City": "Bergen", "Headline": "H"})))))
    assert (seen.credit_line, seen.city, seen.headline) == ("AP", "Bergen", "H")
    assert seen.warnings == ["The XMP is damaged and was read as far as possible."]


@pytest.mark.parametrize("inner", ["AT&T", "AT&#0;T", "AT\x01T", "AT&nbsp;T"])
def test_careless_characters_do_not_cost_the_packet(inner):
    seen = read(with_xmp(f"<photoshop:Credit>{inner}</photoshop:Credit><photoshop:City>Oslo</photoshop:City>"))
    assert seen.credit_line.startswith("AT") and seen.city == "Oslo" and seen.warnings == []


def test_windows_bytes_inside_utf_8_become_letters():
    text = described("<photoshop:Credit>Zo@ Ø</photoshop:Credit>").encode().replace(b"@", b"\xeb")
    assert read(jpeg((0xE1, HEADER + text))).credit_line == "Zoë Ø"


def test_entities_are_refused_and_iim_speaks():
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>' + described(
        "<photoshop:Credit>&b;</photoshop:Credit>"
    )
    seen = read(jpeg((0xE1, HEADER + b"<?xpacket?>" + bomb.encode()), (0xED, photoshop(iim.build({"Credit": "AP"})))))
    assert seen.credit_line == "AP" and seen.warnings == ["The XMP contains entity declarations and was not read."]


# Fields with a shape of their own


def test_people_come_from_all_three_lists_in_order_and_once():
    seen = read(
        with_xmp(
            "<Iptc4xmpExt:PersonInImage><rdf:Bag><rdf:li>Ana Lund</rdf:li><rdf:li>Bo Øst</rdf:li></rdf:Bag></Iptc4xmpExt:PersonInImage>"
            "<Iptc4xmpExt:PersonInImageWDetails><rdf:Bag><rdf:li rdf:parseType='Resource'><Iptc4xmpExt:PersonName><rdf:Alt>"
            "<rdf:li xml:lang='x-default'>Cai Dahl</rdf:li></rdf:Alt></Iptc4xmpExt:PersonName></rdf:li>"
            "<rdf:li><rdf:Description Iptc4xmpExt:PersonName='Bo Øst'/></rdf:li></rdf:Bag></Iptc4xmpExt:PersonInImageWDetails>"
            "<GettyImagesGIFT:Personality><rdf:Bag><rdf:li>Dag Eide</rdf:li><rdf:li>Ana Lund</rdf:li></rdf:Bag></GettyImagesGIFT:Personality>"
        )
    )
    assert seen.people == ["Ana Lund", "Bo Øst", "Cai Dahl", "Dag Eide"]


def test_the_licensor_is_found_in_its_structure():
    inner = "<plus:Licensor><rdf:Seq><rdf:li rdf:parseType='Resource'><plus:LicensorName>N</plus:LicensorName></rdf:li><rdf:li><rdf:Description plus:LicensorURL='https://n.example/7'/></rdf:li></rdf:Seq></plus:Licensor>"
    assert read(with_xmp(inner)).licensor_url == "https://n.example/7"


def test_plus_fields_are_read_for_the_desk():
    seen = read(
        with_xmp(
            "<plus:ImageAlterationConstraints><rdf:Bag><rdf:li>http://ns.useplus.org/ldf/vocab/AL-CRP</rdf:li></rdf:Bag></plus:ImageAlterationConstraints>"
            "<plus:LicenseEndDate>2026-12-31</plus:LicenseEndDate><plus:DataMining rdf:resource='http://ns.useplus.org/ldf/vocab/DMI-PROHIBITED'/>"
            "<plus:ImageSupplierImageId>77</plus:ImageSupplierImageId><GettyImagesGIFT:AssetID>123</GettyImagesGIFT:AssetID>"
        )
    )
    assert seen.alteration_constraints == ["http://ns.useplus.org/ldf/vocab/AL-CRP"]
    assert (seen.license_end, seen.supplier_image_id, seen.asset_id) == ("2026-12-31", "77", "123")
    assert seen.data_mining == "http://ns.useplus.org/ldf/vocab/DMI-PROHIBITED"


@pytest.mark.parametrize(
    ("written", "iso"),
    [
        ("2026", "2026"),
        ("2026-03", "2026-03"),
        ("2026-03-03", "2026-03-03"),
        ("2026-03-03T22:15Z", "2026-03-03T22:15Z"),
        ("2026-03-03T22:15:01.5+01:00", "2026-03-03T22:15:01.5+01:00"),
        ("2026:03:03 22:15:01", "2026-03-03T22:15:01"),
        ("0000-00-00", None),
        ("yesterday", None),
    ],
)
def test_dates_are_iso_and_as_exact_as_they_were_given(written, iso):
    assert read(with_xmp(f"<photoshop:DateCreated>{written}</photoshop:DateCreated>")).date_created == iso


@pytest.mark.parametrize(
    ("day", "clock", "iso"),
    [
        ("20260303", "221500+0100", "2026-03-03T22:15:00+01:00"),
        ("20260303", "", "2026-03-03"),
        ("20260300", "221500", "2026-03"),
        ("00000000", "000000", None),
    ],
)
def test_iim_dates_and_times_are_joined(day, clock, iso):
    assert read(with_iim(iim.build({"DateCreated": day, "TimeCreated": clock}))).date_created == iso


def test_what_was_received_is_kept_without_positions_and_editing_history():
    inner = "<photoshop:Credit>AP</photoshop:Credit><photoshop:History>cropped</photoshop:History><exif:GPSLatitude>59,55N</exif:GPSLatitude>"
    raw = read(with_xmp(inner, "xmlns:exif='http://ns.adobe.com/exif/1.0/'")).raw
    assert raw == {"xmp": {"photoshop:Credit": "AP"}, "iim": {}, "exif": {}}


# Containers


@pytest.mark.parametrize(
    "form",
    [
        "JPEG",
        "WEBP",
        pytest.param(
            "AVIF", marks=pytest.mark.skipif(not features.check("avif"), reason="This Pillow writes no AVIF.")
        ),
    ],
)
def test_packets_are_found_in_what_pillow_writes(form):
    file = io.BytesIO()
    Image.new("RGB", (16, 16)).save(file, form, xmp=xmp_packet.build({"credit_line": "Zoë/AP"}))
    assert read(file.getvalue()).credit_line == "Zoë/AP"


def png(*chunks):
    file = io.BytesIO()
    Image.new("RGB", (4, 4)).save(file, "PNG")
    body = b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )
    return file.getvalue()[:33] + body + file.getvalue()[33:]


def test_png_text_chunks_carry_xmp_and_iim():
    text = described("<photoshop:Credit>AP</photoshop:Credit>").encode()
    block = iim.build({"City": "Oslo"})
    profile = b"\niptc\n%8d\n" % len(block) + block.hex().encode() + b"\n"
    plain = (b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + text)
    packed = (b"iTXt", b"XML:com.adobe.xmp\0\1\0\0\0" + zlib.compress(text))
    old = (b"zTXt", b"Raw profile type iptc\0\0" + zlib.compress(profile))
    for chunk in (plain, packed):
        seen = read(png(chunk, old))
        assert (seen.credit_line, seen.city) == ("AP", "Oslo")


def test_tiff_carries_iim_bare_and_inside_photoshop_resources():
    block = iim.build({"City": "Oslo"})
    for tag, value in ((33723, block), (34377, photoshop(block)[14:])):
        entry = struct.pack("<HHII", tag, 7, len(value), 26)
        assert read(b"II*\0" + struct.pack("<IH", 8, 1) + entry + struct.pack("<I", 0) + value).city == "Oslo"


def test_a_photoshop_block_may_run_over_two_segments():
    whole = photoshop(iim.build({"City": "Oslo", "Credit": "AP"}))
    data = jpeg((0xED, whole[:60]), (0xED, whole[:14] + whole[60:]))
    assert (read(data).city, read(data).credit_line) == ("Oslo", "AP")


def test_half_a_value_is_no_value():
    block = iim.build({"City": "Oslo", "Credit": "Ana Lund/Nordlys"})
    assert read(with_iim(block[:-4])).credit_line is None and read(with_iim(block[:-4])).city == "Oslo"


def test_a_file_cut_in_its_head_still_says_what_came_before():
    data = jpeg(
        (0xE1, b"Exif\0\0" + tiff_exif(b"A caption\0")), (0xED, photoshop(iim.build({"City": "Oslo", "Credit": "AP"})))
    )
    assert read(data[: data.index(b"AP") - 3]).caption == "A caption"


def test_what_is_no_picture_is_told():
    assert read(b"GIF89a").warnings == ["This is not a JPEG, PNG, WebP, AVIF, HEIF or TIFF file."]


def test_json_has_exactly_the_public_fields():
    names = (
        "file creators credit_line source copyright_notice caption headline people event date_created city country instructions "
        "usage_terms web_statement licensor_url alt_text digital_source_type job_id supplier_image_id warnings software ai "
        "ai_signs ai_system_used ai_system_version ai_prompt ai_prompt_writer ignored doubts"
    )
    assert list(read(jpeg(), "a.jpg").to_json()) == names.split()
    assert json.loads(json.dumps(read(jpeg(), "a.jpg").to_json()))["file"] == "a.jpg"
    assert read(jpeg()).to_json()["credit_line"] is None and read(jpeg()).to_json()["people"] == []


# Whatever comes


def richest():
    block = xmp_packet.embed_iim(
        jpeg(), {"credit_line": "AP", "caption": "Ünï", "creators": ["A", "B"], "keywords": ["x"]}
    )
    inner = "<dc:creator><rdf:Seq><rdf:li>A</rdf:li></rdf:Seq></dc:creator><plus:Licensor><rdf:Seq><rdf:li><rdf:Description plus:LicensorURL='u'/></rdf:li></rdf:Seq></plus:Licensor>"
    segment = HEADER + described(inner).encode()
    exif = b"Exif\0\0" + tiff_exif(b"Caption\0")
    added = b"".join(struct.pack(">BBH", 0xFF, 0xE1, len(each) + 2) + each for each in (exif, segment))
    return block[:2] + added + block[2:]


def sources():
    yield richest()
    for form in ("WEBP", "AVIF", "TIFF", "PNG"):
        if form == "AVIF" and not features.check("avif"):
            continue
        file = io.BytesIO()
        Image.new("RGB", (8, 8)).save(file, form, xmp=xmp_packet.build({"creators": ["Ana"], "licensor_url": "u"}))
        yield file.getvalue()
    yield png(
        (b"iTXt", b"XML:com.adobe.xmp\0\1\0\0\0" + zlib.compress(described("").encode())),
        (b"zTXt", b"Raw profile type iptc\0\0" + zlib.compress(b"\niptc\n 2\n1c02\n")),
    )


def sound(seen):
    """Every field has its type, is JSON, and holds no NUL, which PostgreSQL refuses."""
    assert isinstance(seen, Metadata)
    assert "\\u0000" not in json.dumps([seen.to_json(), seen.raw])
    assert all(isinstance(name, str) and name for name in [*seen.people, *seen.creators, *seen.keywords])


@settings(max_examples=300, deadline=None)
@given(
    st.binary(max_size=400),
    st.sampled_from(
        [
            b"",
            b"\xff\xd8\xff\xe1",
            b"\x89PNG\r\n\x1a\n",
            b"RIFF\0\0\0\0WEBP",
            b"\0\0\0\x18ftypavif",
            b"II*\0\x08\0\0\0",
            b"<x:xmpmeta ",
            b"\xff\xd8\xff\xed\0\xffPhotoshop 3.0\x008BIM",
        ]
    ),
)
def test_any_bytes_are_read_without_raising(data, start):
    sound(read(start + data))
    sound(read(b"", sidecar=start + data))


@settings(max_examples=300, deadline=None)
@given(st.integers(min_value=0))
def test_mutated_files_are_read_without_raising(seed):
    dice = random.Random(seed)
    data = bytearray(dice.choice(SOURCES))
    for _ in range(dice.choice([1, 4, 30])):
        at = dice.randrange(len(data))
        dice.choice(
            [
                lambda: data.__setitem__(at, dice.randrange(256)),
                lambda: data.__setitem__(slice(at, at + 2), b"\xff\xff"),
                lambda: data.__delitem__(slice(at, at + dice.randrange(40))),
            ]
        )()
        data = data or bytearray(b"\xff")
    sound(read(bytes(data[: dice.choice([len(data), dice.randrange(len(data) + 1)])])))


SOURCES = list(sources())


@pytest.mark.parametrize(
    "text",
    [
        "<rdf:Description>" * 50_000,
        "<rdf:RDF>" + "<rdf:Description/>" * 300_000,
        described("<dc:subject><rdf:Bag>" + "<rdf:li>a</rdf:li>" * 300_000 + "</rdf:Bag></dc:subject>"),
        described("", " ".join(f"a{number}='x'" for number in range(100_000))),
        "<rdf:RDF>" + "&" * 3_000_000,
        "<rdf:RDF " + "xmlns:a='b' " * 100_000,
        "<x:xmpmeta" * 300_000,
    ],
    ids=["deep", "wide", "long list", "attributes", "ampersands", "namespaces", "open tags"],
)
def test_hostile_packets_are_read_in_bounded_work(text):
    seen = xmp.parse(text.encode())
    assert sum(len(value) for value in seen.properties.values() if isinstance(value, list)) <= xmp.MAX_CHILDREN


def test_an_endless_list_does_not_hide_what_comes_after_it():
    ancestors = (
        "<photoshop:DocumentAncestors><rdf:Bag>"
        + "<rdf:li>a</rdf:li>" * 60_000
        + "</rdf:Bag></photoshop:DocumentAncestors>"
    )
    seen = xmp.parse(described(ancestors + "<photoshop:Credit>AP</photoshop:Credit>").encode())
    assert seen.properties["photoshop:Credit"] == "AP" and not seen.warnings


def test_a_compressed_bomb_in_a_png_is_stopped():
    bomb = (b"zTXt", b"Raw profile type iptc\0\0" + zlib.compress(b"\niptc\n 9\n" + b"00" * 20_000_000))
    blocks = find(png(*[bomb] * 4, (b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + described("").encode())))
    assert sum(map(len, [*blocks.iim, *blocks.exif, *blocks.xmp])) <= 3 * MAX_BLOCK
    assert blocks.room <= 0
