"""A zip from outside, looked at before anything in it is opened: how many files, how large, under which names. Pure."""

import io
import zipfile
from collections.abc import Iterable
from xml.parsers import expat

MOST_FILES = 1_000
MOST_BYTES = 150_000_000
MOST_XML_BYTES = 12_000_000
"""Of all XML together: it is read element by element, which takes seconds per ten million characters."""
MOST_RATIO = 300
_SMALL = 100_000
DEEPEST = 150


class Unopened(ValueError):
    """A file that is not opened; the sentence says why and what to do."""


class Packed:
    """A zip whose entries were checked. Raises Unopened with a sentence."""

    def __init__(self, data: bytes) -> None:
        try:
            self.zip = zipfile.ZipFile(io.BytesIO(data))
            entries = self.zip.infolist()
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
            raise Unopened("The file is damaged or was cut off. Save it again and choose the new one.") from error
        _check(entries)
        self.names = [entry.filename for entry in entries if not entry.is_dir()]

    def read(self, name: str) -> bytes:
        try:
            return self.zip.read(name)
        except Exception as error:
            # zlib, bz2, lzma and zipfile each have errors of their own for bytes that are not theirs.
            raise Unopened("A part of the file is damaged. Save it again and choose the new one.") from error

    def repacked(self, names: Iterable[str]) -> bytes:
        """Return a zip of these parts alone, uncompressed, after a look into every XML among them."""
        parts = {name: self.read(name) for name in names}
        xml = [data for name, data in parts.items() if name.endswith((".xml", ".rels"))]
        if sum(map(len, xml)) > MOST_XML_BYTES:
            raise Unopened("The text of this file is too long to read. Split it into several files.")
        for data in xml:
            check_xml(data)
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as packed:
            for name, data in parts.items():
                packed.writestr(name, data)
        return out.getvalue()


def _check(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > MOST_FILES:
        raise Unopened(
            f"The file holds {len(entries):,} files; at most {MOST_FILES:,} are opened. Save it again as .docx."
        )
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise Unopened("The file is protected by a password. Save it without one and choose it again.")
    if any(map(_leads_out, entries)) or len({entry.filename for entry in entries}) < len(entries):
        raise Unopened(
            "The file contains names that no word processor writes, so it was not opened. Save it again as .docx."
        )
    total = sum(entry.file_size for entry in entries)
    if total > MOST_BYTES or any(map(_is_bomb, entries)):
        raise Unopened(
            "The file unpacks to far more than its size suggests, so it was not opened. Save it again as .docx."
        )


def _leads_out(entry: zipfile.ZipInfo) -> bool:
    name = entry.filename
    return name.startswith("/") or "\\" in name or ":" in name or "\0" in name or ".." in name.split("/")


def _is_bomb(entry: zipfile.ZipInfo) -> bool:
    return entry.file_size > _SMALL and entry.file_size > MOST_RATIO * max(1, entry.compress_size)


def check_xml(data: bytes) -> None:
    """Raise Unopened for XML that is malformed, too deep, or declares a document type: entities are declared there."""
    depth = 0

    def refuse(*_: object) -> None:
        raise Unopened(
            "The file contains code that no word processor writes, so it was not opened. Save it again as .docx."
        )

    def open_one(*_: object) -> None:
        nonlocal depth
        depth += 1
        if depth > DEEPEST:
            raise Unopened("The text in this file is nested too deeply. Paste the text instead.")

    def close_one(*_: object) -> None:
        nonlocal depth
        depth -= 1

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler, parser.EntityDeclHandler = refuse, refuse
    parser.StartElementHandler, parser.EndElementHandler = open_one, close_one
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        if isinstance(error, Unopened):
            raise
        raise Unopened("A part of the file is damaged. Save it again and choose the new one.") from error
