"""Our reader beside exiftool's, field by field, on small files in the states real agency files arrive in."""

import hashlib
import json
import random
import re
import shutil
import struct
import subprocess

import pytest
from PIL import Image, features

from media.files.metadata import read

FIELDS = {
    "XMP-dc:Creator": ["Ana Lund", "Bo Øst"],
    "XMP-photoshop:Credit": "Ana Lund/Nordlys Pictures via Getty Images for Netflix",
    "XMP-photoshop:Source": "Nordlys Pictures ",
    "XMP-dc:Rights": "© 2026 Nordlys “Pictures”",
    "XMP-dc:Description": "Ana Lund & Bo Øst arrive at the première <on> 3 March.\n(Photo by Ana Lund/Nordlys)",
    "XMP-photoshop:Headline": "The première of “Havn”",
    "XMP-dc:Title": "536991815",
    "XMP-dc:Subject": ["arts", "film", "første"],
    "XMP-photoshop:City": "OSLO",
    "XMP-photoshop:Country": "NORWAY",
    "XMP-photoshop:Instructions": "GERMANY OUT; NO ARCHIVE",
    "XMP-photoshop:TransmissionReference": "775000001",
    "XMP-photoshop:DateCreated": "2026:03:03 22:15:00+01:00",
    "XMP-xmpRights:UsageTerms": "Editorial use only",
    "XMP-xmpRights:WebStatement": "https://licences.example/terms?a=1&b=2",
    "XMP-plus:LicensorURL": "https://licences.example/buy/42",
    "XMP-plus:ImageSupplierImageID": "NP-000042",
    "XMP-iptcExt:Event": "Première of Havn",
    "XMP-iptcExt:PersonInImage": ["Ana Lund", "Bo Øst"],
    "XMP-iptcExt:PersonInImageName": ["Bo Øst", "Cai Dahl"],
    "XMP-iptcExt:DigitalSourceType": "http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture",
    "XMP-iptcCore:AltTextAccessibility": "Two people on a red carpet",
    "XMP-getty:Personality": ["Dag Eide"],
    "IPTC:By-line": ["Ana Lund", "Bo Øst"],
    "IPTC:Credit": "Nordlys/Getty Images",
    "IPTC:Source": "Nordlys",
    "IPTC:CopyrightNotice": "© Nordlys",
    "IPTC:Caption-Abstract": "Ana Lund arrives — at last. (Photo by Ana Lund/Nordlys)",
    "IPTC:Headline": "Première",
    "IPTC:ObjectName": "NP42",
    "IPTC:Keywords": ["arts", "film"],
    "IPTC:City": "Oslo",
    "IPTC:Country-PrimaryLocationName": "Norway",
    "IPTC:SpecialInstructions": "NO SALES",
    "IPTC:OriginalTransmissionReference": "NP-JOB-1",
    "IPTC:DateCreated": "2026:03:04",
    "IPTC:TimeCreated": "08:09:10+00:00",
    "EXIF:Artist": "Ana Lund",
    "EXIF:Copyright": "© Nordlys EXIF",
    "EXIF:ImageDescription": "EXIF caption, première",
    "EXIF:DateTimeOriginal": "2026:03:05 11:12:13",
    "EXIF:OffsetTimeOriginal": "+02:00",
}
EXPECTED = {
    "credit_line": ["XMP-photoshop:Credit", "IPTC:Credit"],
    "source": ["XMP-photoshop:Source", "IPTC:Source"],
    "copyright_notice": ["XMP-dc:Rights", "IPTC:CopyrightNotice", "IFD0:Copyright"],
    "caption": ["XMP-dc:Description", "IPTC:Caption-Abstract", "IFD0:ImageDescription"],
    "headline": ["XMP-photoshop:Headline", "IPTC:Headline"],
    "title": ["XMP-dc:Title", "IPTC:ObjectName"],
    "event": ["XMP-iptcExt:Event"],
    "city": ["XMP-photoshop:City", "IPTC:City"],
    "country": ["XMP-photoshop:Country", "IPTC:Country-PrimaryLocationName"],
    "instructions": ["XMP-photoshop:Instructions", "IPTC:SpecialInstructions"],
    "usage_terms": ["XMP-xmpRights:UsageTerms"],
    "web_statement": ["XMP-xmpRights:WebStatement"],
    "alt_text": ["XMP-iptcCore:AltTextAccessibility"],
    "digital_source_type": ["XMP-iptcExt:DigitalSourceType"],
    "job_id": ["XMP-photoshop:TransmissionReference", "IPTC:OriginalTransmissionReference"],
    "supplier_image_id": ["XMP-plus:ImageSupplierImageID"],
}
LISTS = {
    "creators": ["XMP-dc:Creator", "IPTC:By-line", "IFD0:Artist"],
    "keywords": ["XMP-dc:Subject", "IPTC:Keywords"],
}
XMP = b"http://ns.adobe.com/xap/1.0/\0"
PHOTOSHOP, IIM = b"Photoshop 3.0\0", b"8BIM\x04\x04\0\0"
BASES = ["jpg", "png", "webp", "tif"] + (["avif"] if features.check("avif") else [])


def exiftool(*arguments):
    return subprocess.run(["exiftool", *map(str, arguments)], capture_output=True, check=False).stdout


def text(value):
    value = value[0] if isinstance(value, list) else value
    return str(value).strip() or None if value is not None else None


def texts(value):
    values = value if isinstance(value, list) else [value]
    return list(dict.fromkeys(found for found in map(text, values) if found))


def first(seen, names, reading=text):
    return next((found for name in names if (found := reading(seen.get(name)))), None)


def expected(seen):
    """exiftool's answer under our names, by our order: XMP, IIM, EXIF."""
    answer = {field: first(seen, names) for field, names in EXPECTED.items()}
    answer |= {field: first(seen, names, texts) or [] for field, names in LISTS.items()}
    details = [text(person.get("PersonName")) for person in seen.get("XMP-iptcExt:PersonInImageWDetails", [])]
    answer["people"] = texts(
        [*texts(seen.get("XMP-iptcExt:PersonInImage")), *details, *texts(seen.get("XMP-getty:Personality"))]
    )
    answer["licensor_url"] = first((seen.get("XMP-plus:Licensor") or [{}])[0], ["LicensorURL"])
    in_iim = " ".join(filter(None, [text(seen.get("IPTC:DateCreated")), text(seen.get("IPTC:TimeCreated"))]))
    in_exif = "".join(
        filter(None, [text(seen.get("ExifIFD:DateTimeOriginal")), text(seen.get("ExifIFD:OffsetTimeOriginal"))])
    )
    date = text(seen.get("XMP-photoshop:DateCreated")) or in_iim or in_exif
    answer["date_created"] = re.sub(r"^(\d{4}):(\d\d):(\d\d) ?", r"\1-\2-\3T", date).rstrip("T") if date else None
    return answer


# States of files, made by exiftool and by cutting bytes


def write_labels(folder):
    """One file for each container and each set of blocks, all written by one exiftool process."""
    names, batch = [], []
    sets = {"all": "", "xmp": "XMP", "iim": "IPTC", "exif": "EXIF", "both": "XMP|IPTC", "old": "IPTC|EXIF"}
    for extension in BASES:
        for label, groups in sets.items():
            if extension in {"webp", "avif"} and label in {"iim", "old"}:
                continue
            path = folder / f"{label}.{extension}"
            Image.new("RGB", (16, 12), (90, 20, 20)).save(path)
            names.append(path)
            batch += [
                "-overwrite_original",
                "-charset",
                "iptc=utf8",
                "-codedcharacterset=utf8",
                "-m",
                *arguments(groups),
                str(path),
                "-execute",
            ]
    (folder / "batch.args").write_text("\n".join(batch), encoding="utf-8")
    exiftool("-@", folder / "batch.args")
    return names


def arguments(groups):
    for name, value in FIELDS.items():
        if re.match(groups, name):
            for item in value if isinstance(value, list) else [value]:
                yield f"-{name}={item}".replace("\n", " ")


def segments(data):
    at = 2
    while data[at + 1] != 0xDA:
        size = struct.unpack(">H", data[at + 2 : at + 4])[0]
        yield data[at + 1], data[at + 4 : at + 2 + size]
        at += 2 + size
    yield None, data[at:]


def rebuilt(data, change):
    """The JPEG with each segment put through `change(marker, payload)`, which may return several payloads."""
    out = data[:2]
    for marker, payload in segments(data):
        if marker is None:
            return out + payload
        for piece in change(marker, payload):
            out += struct.pack(">BBH", 0xFF, marker, len(piece) + 2) + piece
    return out


def on_xmp(change):
    return lambda data: rebuilt(
        data, lambda marker, payload: [change(payload)] if payload.startswith(XMP) else [payload]
    )


def encoded(encoding):
    return on_xmp(lambda payload: XMP + payload[len(XMP) :].decode().replace(" " * 100, "").encode(encoding))


def on_iim(change):
    """Changes the IIM block inside its Photoshop resource."""

    def inside(payload):
        head, _, rest = payload.partition(b"8BIM\x04\x04\0\0")
        size = struct.unpack(">I", rest[:4])[0]
        block = change(rest[4 : 4 + size])
        return head + b"8BIM\x04\x04\0\0" + struct.pack(">I", len(block)) + block + b"\0" * (len(block) % 2)

    return lambda data: rebuilt(data, lambda marker, payload: [inside(payload)] if marker == 0xED else [payload])


def datasets(block):
    at = 0
    while at < len(block):
        size = struct.unpack(">H", block[at + 3 : at + 5])[0]
        yield block[at : at + 3], block[at + 5 : at + 5 + size]
        at += 5 + size


def on_values(change):
    def every(block):
        return b"".join(
            head + struct.pack(">H", len(new)) + new
            for head, value in datasets(block)
            if (new := change(head, value)) is not None
        )

    return on_iim(every)


def windows(head, value):
    if head == b"\x1c\x01Z":
        return None
    return value.decode("utf-8").encode("cp1252") if head[1] == 2 and head[2] else value


def extended_sizes(block):
    return b"".join(head + b"\x80\x04" + struct.pack(">I", len(value)) + value for head, value in datasets(block))


def shorthand(payload):
    """Simple properties as attributes of the description, as Adobe's own writer does."""
    packet = payload.decode("utf-8")
    for name in ("City", "Country", "Credit", "Headline", "Instructions", "Source", "TransmissionReference"):
        match = re.search(rf"\s*<photoshop:{name}>([^<]*)</photoshop:{name}>", packet)
        packet = packet.replace(match[0], "").replace(
            "xmlns:photoshop=", f"photoshop:{name}='{match[1]}' xmlns:photoshop=", 1
        )
    return packet.encode()


STATES = {
    "damaged header": on_xmp(lambda payload: payload.replace(b"http://", b"XMP\0://", 1)),
    "no packet wrapper": on_xmp(
        lambda payload: XMP + payload[payload.index(b"<x:xmpmeta") : payload.index(b"</x:xmpmeta>") + 12]
    ),
    "old xapmeta": on_xmp(lambda payload: payload.replace(b"x:xmpmeta", b"x:xapmeta")),
    "attributes": on_xmp(shorthand),
    "utf-16 big": encoded("utf-16-be"),
    "utf-16 little": encoded("utf-16-le"),
    "utf-32 big": encoded("utf-32-be"),
    "other prefixes": on_xmp(
        lambda payload: payload.replace(b"photoshop:", b"ps:").replace(b"xmlns:photoshop", b"xmlns:ps")
    ),
    "without charset": on_values(windows),
    "NULs at the ends": on_values(
        lambda head, value: value + b"\0\0" if head[1] == 2 and head[2] in {110, 115, 120} else value
    ),
    "blanks at the ends": on_values(
        lambda head, value: value + b"   " if head[1] == 2 and head[2] in {90, 105, 120} else value
    ),
    "extended sizes": on_iim(extended_sizes),
    "cut IIM": on_iim(lambda block: block[:-10]),
    "padded IIM": on_iim(lambda block: block + b"\0" * 21),
    "swapped IIM": on_iim(
        lambda block: b"".join(block[at : at + 4].ljust(4, b"\0")[::-1] for at in range(0, len(block), 4))
    ),
    "photoshop in two segments": lambda data: rebuilt(
        data, lambda marker, payload: [payload[:99], payload[:14] + payload[99:]] if marker == 0xED else [payload]
    ),
    "no XMP": lambda data: rebuilt(data, lambda marker, payload: [] if payload.startswith(XMP) else [payload]),
    "no IIM": lambda data: rebuilt(data, lambda marker, payload: [] if marker == 0xED else [payload]),
    "fill bytes": lambda data: data[:2] + b"\xff\xff\xff" + data[2:],
    "cut in the pixels": lambda data: data[:-30],
    "newer packet behind": lambda data: rebuilt(
        data,
        lambda marker, payload: [payload, payload.replace(b"OSLO", b"BODO")] if payload.startswith(XMP) else [payload],
    ),
}


def extended(data):
    """The packet cut in two: a main one, and the rest in pieces as ExtendedXMP."""

    def pieces(marker, payload):
        if not payload.startswith(XMP):
            return [payload]
        packet = payload[len(XMP) :].decode()
        inner = re.search(r"<rdf:Description[^>]*photoshop[^>]*>.*?</rdf:Description>", packet, re.DOTALL)[0]
        rdf = '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        rest = f'<x:xmpmeta xmlns:x="adobe:ns:meta/">{rdf}{inner}</rdf:RDF></x:xmpmeta>'.encode()
        digest = hashlib.md5(rest).hexdigest().upper()
        note = (
            '<rdf:Description rdf:about="" xmlns:xmpNote="http://ns.adobe.com/xmp/note/"'
            f' xmpNote:HasExtendedXMP="{digest}"/><rdf:Description'
        )
        main = packet.replace(inner, "").replace("<rdf:Description", note, 1)
        head = b"http://ns.adobe.com/xmp/extension/\0" + digest.encode()
        chunks = [(at, rest[at : at + 500]) for at in range(0, len(rest), 500)]
        return [XMP + main.encode(), *(head + struct.pack(">II", len(rest), at) + chunk for at, chunk in chunks)]

    return rebuilt(data, pieces)


def in_app13(change):
    return lambda data: rebuilt(data, lambda marker, payload: change(payload) if marker == 0xED else [payload])


def of_size(size):
    """Makes the IIM resource claim another length than it has."""

    def change(payload):
        head, _, rest = payload.partition(IIM)
        return [head + IIM + struct.pack(">I", size) + rest[4:]]

    return in_app13(change)


def replaced(old, new):
    return on_xmp(lambda payload: payload.replace(old, new, 1))


def property_as(name, content):
    """Writes a property of the packet in other words."""
    return on_xmp(
        lambda payload: re.sub(
            f"<{name}>.*?</{name}>".encode(), lambda _: f"<{name}>{content}</{name}>".encode(), payload, flags=re.DOTALL
        )
    )


def in_exif(change):
    return lambda data: rebuilt(
        data, lambda marker, payload: [change(payload)] if payload.startswith(b"Exif\0") else [payload]
    )


def in_charset(encoding):
    def change(head, value):
        if head == b"\x1c\x01Z":
            return None
        return value.decode().encode(encoding, "replace") if head[1] == 2 and head[2] else value

    return on_values(change)


def in_alternatives(*texts):
    items = "".join(f"<rdf:li xml:lang='{language}'>{words}</rdf:li>" for language, words in texts)
    return f"<rdf:Alt>{items}</rdf:Alt>"


OTHER_RESOURCE = b"8BIM\x04\x0c\0\0" + struct.pack(">I", 4) + b"abcd"
MORE_STATES = {
    "extended XMP": extended,
    "two photoshop blocks": in_app13(lambda payload: [payload, payload]),
    "second photoshop block without IIM": in_app13(lambda payload: [payload, PHOTOSHOP + OTHER_RESOURCE]),
    "first photoshop block without IIM": in_app13(lambda payload: [PHOTOSHOP + OTHER_RESOURCE, payload]),
    "resource with a name": in_app13(
        lambda payload: [PHOTOSHOP + b"8BIM\x03\xed\x05names" + struct.pack(">I", 3) + b"abc\0" + payload[14:]]
    ),
    "resource of another house": in_app13(lambda payload: [PHOTOSHOP + b"PHUT" + OTHER_RESOURCE[4:] + payload[14:]]),
    "IIM resource too long": of_size(60_000),
    "IIM resource too short": of_size(180),
    "wrong digest of the IIM": in_app13(
        lambda payload: [payload + b"\0" * (len(payload) % 2) + b"8BIM\x04\x25\0\0" + struct.pack(">I", 16) + b"x" * 16]
    ),
    "Mac Roman": in_charset("mac_roman"),
    "Latin 1": in_charset("latin-1"),
    "cut inside a letter": on_values(
        lambda head, value: ("é".encode() * 20)[:31] if head[1] == 2 and head[2] in {110, 115} else value
    ),
    "records backwards": on_iim(
        lambda block: b"".join(
            head + struct.pack(">H", len(value)) + value
            for head, value in sorted(datasets(block), key=lambda each: (each[0][1], -each[0][2]))
        )
    ),
    "no record version": on_values(lambda head, value: None if head[1] == 2 and head[2] == 0 else value),
    "empty values": on_values(lambda head, value: b"" if head[1] == 2 and head[2] in {105, 110, 115} else value),
    "garbage behind the IIM": on_iim(lambda block: block + b"\xff\0garbage"),
    "byte order mark": on_xmp(lambda payload: XMP + b"\xef\xbb\xbf" + payload[len(XMP) :]),
    "numbered letters": replaced(b"OSLO", b"&#79;&#x53;LO"),
    "CDATA": replaced(b"OSLO", b"<![CDATA[OS<LO]]>"),
    "entity nobody declared": replaced(b"OSLO", b"OS&eacute;LO"),
    "bare ampersand": replaced(b"OSLO", b"OS & LO"),
    "XML declaration": on_xmp(
        lambda payload: XMP + b'<?xml version="1.0" encoding="UTF-8"?>' + payload[payload.index(b"<x:xmpmeta") :]
    ),
    "NULs behind the packet": on_xmp(lambda payload: payload + b"\0\0\0"),
    "header without its NUL": on_xmp(lambda payload: payload.replace(XMP, XMP[:-1], 1)),
    "header in other case": replaced(b"http://ns.adobe.com/xap/1.0/", b"http://ns.adobe.com/XAP/1.0/"),
    "EXIF header cut": in_exif(lambda payload: b"Exif\0" + payload[6:]),
    "EXIF pointing nowhere": in_exif(lambda payload: payload[:10] + b"\xff\xff\xff\x7f" + payload[14:]),
    "EXIF cut": in_exif(lambda payload: payload[: len(payload) // 2]),
    "bags for sequences": on_xmp(lambda payload: payload.replace(b"rdf:Seq", b"rdf:Bag")),
    "plain notice": property_as("dc:rights", "© plain"),
    "plain creator": property_as("dc:creator", "Ana Plain"),
    "default language last": property_as("dc:rights", in_alternatives(("de", "Deutsch"), ("x-default", "Default"))),
    "empty credit": property_as("photoshop:Credit", ""),
    "blank credit": property_as("photoshop:Credit", "  "),
    "two descriptions that disagree": replaced(
        b"</rdf:RDF>",
        b'<rdf:Description rdf:about="" xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/">'
        b"<photoshop:City>BERGEN</photoshop:City></rdf:Description></rdf:RDF>",
    ),
    "date in universal time": property_as("photoshop:DateCreated", "2026-03-03T22:15:00Z"),
    "date with hundredths": property_as("photoshop:DateCreated", "2026-03-03T22:15:00.25"),
    "garbage behind the picture": lambda data: data + b"\0" * 50 + b"garbage",
}


def random_labels(folder, count):
    """Files with random subsets of random values: accents, quotes, blanks, commas, numbers, 32-byte cuts."""
    dice = random.Random(42)
    words = [
        "Ána",
        "Bo",
        "O’Neill",
        "“Film”",
        "& Co",
        "<b>",
        "Jr.",
        "42",
        "007",
        "—",
        "a,b",
        "日本",
        "x" * 31,
        "Zoë/AP",
        "\\",
        "é" * 16,
    ]
    names, batch = [], []
    for number in range(count):
        path = folder / f"random{number}.{dice.choice(['jpg', 'jpg', 'jpg', 'tif', 'png'])}"
        Image.new("RGB", (8, 8)).save(path)
        names.append(path)
        batch += ["-overwrite_original", "-charset", "iptc=utf8", "-codedcharacterset=utf8", "-m"]
        for name in dice.sample([name for name in FIELDS if "Date" not in name and "Time" not in name], 15):
            for _ in range(dice.choice([1, 2]) if isinstance(FIELDS[name], list) else 1):
                batch.append(f"-{name}={' '.join(dice.choices(words, k=dice.randint(1, 5)))}")
        batch += [str(path), "-execute"]
    (folder / "random.args").write_text("\n".join(batch), encoding="utf-8")
    exiftool("-@", folder / "random.args")
    return names


@pytest.fixture(scope="module")
def seen_by_both(tmp_path_factory):
    """[(file name, exiftool's answer, ours)]."""
    if not shutil.which("exiftool"):
        pytest.skip("exiftool is not installed, so there is nothing to compare our reading with.")
    folder = tmp_path_factory.mktemp("agency")
    paths = [*write_labels(folder), *random_labels(folder, 60)]
    for name, change in {**STATES, **MORE_STATES}.items():
        paths.append(folder / f"{name}.jpg")
        paths[-1].write_bytes(change((folder / "all.jpg").read_bytes()))
    seen = json.loads(exiftool("-j", "-G1", "-struct", "-x", "System:all", *paths))
    return [
        (path.name, expected(answer), read(path.read_bytes(), path.name))
        for path, answer in zip(paths, seen, strict=True)
    ]


def differences(seen_by_both):
    for name, theirs, ours in seen_by_both:
        for field, value in theirs.items():
            if value != getattr(ours, field) and not is_longer_twin(value, getattr(ours, field)):
                yield f"{name}: {field}: exiftool {value!r}, ours {getattr(ours, field)!r}"


def is_longer_twin(theirs, ours):
    """We prefer the form that was not cut at 32 bytes; exiftool has no such rule."""
    return isinstance(ours, str) and ours.startswith(theirs or "?") and len(theirs.encode()) >= 29


def test_every_state_of_damage_is_read_as_exiftool_reads_it(seen_by_both):
    compared = sum(len(theirs) for _, theirs, _ in seen_by_both)
    wrong = list(differences(seen_by_both))
    assert compared > 2500
    assert len(wrong) <= compared * 0.005, "\n".join(wrong)


def test_the_comparison_is_about_values_not_about_silence(seen_by_both):
    full = [theirs for name, theirs, _ in seen_by_both if name in {"all.jpg", "all.tif", "all.png", "utf-16 big.jpg"}]
    assert len(full) == 4 and all(all(theirs.values()) for theirs in full)
