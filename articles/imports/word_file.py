"""A Word file (.docx) as HTML and its pictures, by mammoth (decision 17). Pure.

Deleted text and comments stay behind, inserted text counts. A footnote’s mark stays in brackets, and the notes stand at
the end, each after its mark.
"""

import io
import re
from itertools import count

import mammoth

from articles.imports.packed import Packed, Unopened

TEXT = "word/document.xml"
_PARTS = re.compile(r"(?:\[Content_Types\]\.xml|_rels/\.rels|word/(?:\w+\.xml|_rels/\w+\.xml\.rels|media/[^/]+))")
_STYLES = """
p[style-name='Title'] => h1.title:fresh
p[style-name='Subtitle'] => p.subtitle:fresh
p[style-name='caption'] => p.caption:fresh
p[style-name='Caption'] => p.caption:fresh
p[style-name='Quote'] => blockquote > p:fresh
p[style-name='Intense Quote'] => blockquote > p:fresh
p[style-name='Quotations'] => blockquote > p:fresh
p[style-name='Block Text'] => blockquote > p:fresh
r[style-name='Emphasis'] => em
r[style-name='Intense Emphasis'] => em
"""
_NOTES = re.compile(r'<ol>(<li id="(?:foot|end)note-.*)</ol>\s*\Z', re.DOTALL)
_NOTE = re.compile(r'<li id="(?:foot|end)note-[^"]*">(.*?)</li>', re.DOTALL)
_BACK = re.compile(r' ?<a href="#(?:foot|end)note-ref-[^"]*">↑</a>')


def read(packed: Packed) -> tuple[str, dict[str, bytes]]:
    """Return the HTML of a Word file, and its pictures by the source they have in it. Raises Unopened with a sentence."""
    pictures: dict[str, bytes] = {}

    def keep(image) -> dict[str, str]:
        source = f"picture-{len(pictures) + 1}.{(image.content_type or '').rpartition('/')[2]}"
        try:
            with image.open() as file:
                pictures[source] = file.read()
        except (OSError, KeyError, ValueError):
            # A picture outside the file is never fetched; its place stays.
            return {"src": ""}
        return {"src": source}

    data = packed.repacked(name for name in packed.names if _PARTS.fullmatch(name))
    try:
        found = mammoth.convert_to_html(
            io.BytesIO(data), style_map=_STYLES, convert_image=mammoth.images.img_element(keep)
        )
    except Exception as error:
        # Whatever a foreign library stumbles over, the sentence is the same.
        raise Unopened("This Word file cannot be read. Save it again as .docx, or paste the text.") from error
    return _NOTES.sub(lambda notes: _noted(notes[1]), found.value), pictures


def _noted(items: str) -> str:
    numbers = count(1)
    return "".join(_marked(_BACK.sub("", note), next(numbers)) for note in _NOTE.findall(items))


def _marked(note: str, number: int) -> str:
    return re.sub(r"(<p[^>]*>)?\s*", lambda begin: f"{begin[1] or '<p>'}[{number}] ", note, count=1)
