"""The body of an article: stored as clean HTML, read as typed blocks, and back without loss.

`split` reads any string and `join` writes the stored form, so `sanitize(html) == join(split(html))` and every block is
safe to deliver as it is. Fields named `html` and `caption` hold inline HTML: text, `<strong>`, `<em>`, `<a href>`,
`<br>`; in quotes and list items `<br><br>` separates two paragraphs. The `id` of a block is "" until `assign_ids`.
"""

import re
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from hashlib import sha256
from html import unescape
from itertools import chain, count, groupby, repeat
from typing import Any, Literal, NamedTuple
from uuid import UUID

from articles.text import embeds
from articles.text.remembered import Remembered
from articles.text.sanitizer import BREAK, PLAIN, Marks, Node, Nodes, attribute, marked, paragraphs, parse, uuid

LAYOUTS = ("wide", "inset", "full", "portrait")
PARAGRAPH_BREAK = "<br><br>"


# ---- the blocks ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Paragraph:
    id: str
    html: str


@dataclass(frozen=True, slots=True)
class Heading:
    """`level` is 2, 3 or 4; the headline of the article is the only level 1."""

    id: str
    level: int
    html: str


@dataclass(frozen=True, slots=True)
class ListItem:
    """`ordered` says whether the items below this one are numbered."""

    html: str
    items: tuple["ListItem", ...] = ()
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class ListBlock:
    id: str
    ordered: bool
    items: tuple[ListItem, ...]


@dataclass(frozen=True, slots=True)
class Quote:
    """`cite` is plain text: who said it."""

    id: str
    html: str
    cite: str | None = None


@dataclass(frozen=True, slots=True)
class PullQuote:
    id: str
    html: str
    cite: str | None = None


@dataclass(frozen=True, slots=True)
class Divider:
    id: str


@dataclass(frozen=True, slots=True)
class PhotoBlock:
    """`caption` (inline HTML) and `alt` (plain text): None inherits the photo's own, "" is deliberately none."""

    id: str
    photo: UUID
    layout: str = "wide"
    caption: str | None = None
    alt: str | None = None
    decorative: bool = False


@dataclass(frozen=True, slots=True)
class Gallery:
    id: str
    title: str | None
    photos: tuple[PhotoBlock, ...]


@dataclass(frozen=True, slots=True)
class Embed:
    """`address` is its provider's own; `caption` is inline HTML, None for none."""

    id: str
    address: embeds.EmbedAddress
    caption: str | None = None


Block = Paragraph | Heading | ListBlock | Quote | PullQuote | Divider | PhotoBlock | Gallery | Embed
Prose = Paragraph | Heading | ListBlock | Quote | PullQuote


class PhotoPlace(NamedTuple):
    """A photo in the body; `role` is "body" or "gallery"."""

    role: Literal["body", "gallery"]
    block: PhotoBlock


# ---- HTML to blocks --------------------------------------------------------------------------------------------------


def sanitize(html: str) -> str:
    """Return the stored form of any HTML. Unknown elements lose their tags, never their words. Idempotent, never raises."""
    return join(split(html))


# One save splits the same text several times, to count words, find photos and list links; a bulk
# import does so in several steps.
@Remembered
def split(html: str) -> tuple[Block, ...]:
    """Return the typed blocks of any HTML, in order, safe to deliver. Never raises."""
    return blocks_of(parse(html))


def blocks_of(nodes: Nodes) -> tuple[Block, ...]:
    """Return the typed blocks of a parsed tree."""
    return tuple(_flow(nodes, PLAIN))


def _flow(nodes: Nodes, marks: Marks) -> Iterator[Block]:
    for inline, group in groupby(nodes, key=_is_inline):
        if inline:
            yield from (Paragraph("", html) for html in paragraphs(list(group), marks))
            continue
        for node in group:
            assert isinstance(node, Node)
            yield from _READERS.get(node.tag, _container)(node, marks)


def _is_inline(node: Node | str) -> bool:
    return isinstance(node, str) or node.inline


def _container(node: Node, marks: Marks) -> Iterator[Block]:
    return _flow(node.children, marked(marks, node))


def _paragraph(node: Node, marks: Marks) -> Iterator[Block]:
    return _retyped(node, marks, Paragraph)


def _heading(level: int, node: Node, marks: Marks) -> Iterator[Block]:
    return _retyped(node, marks, lambda id, html: Heading(id, level, html))


def _retyped(node: Node, marks: Marks, make: Callable[[str, str], Block]) -> Iterator[Block]:
    """Return the words of `node` as `make` blocks; anything else inside keeps its place."""
    ids = _ids(node)
    for block in _flow(node.children, marks):
        yield make(next(ids), block.html) if isinstance(block, Paragraph) else block


def _quote(make: type[Quote] | type[PullQuote], node: Node, marks: Marks) -> Iterator[Block]:
    ids = _ids(node)
    cite = node.attrs.get("data-cite") or None
    for is_prose, group in groupby(_flow(node.children, marks), key=lambda block: isinstance(block, Prose)):
        if is_prose:
            yield make(next(ids), PARAGRAPH_BREAK.join(_texts(group)), cite)
        else:
            yield from group


def _texts(blocks: Iterable[Block]) -> Iterator[str]:
    """Return the inline HTML of each paragraph of prose, flat."""
    for block in blocks:
        match block:
            case ListBlock():
                yield from _item_texts(block.items)
            case Paragraph() | Heading() | Quote() | PullQuote():
                yield from block.html.split(PARAGRAPH_BREAK)


def _item_texts(items: Iterable[ListItem]) -> Iterator[str]:
    for item in items:
        yield from item.html.split(PARAGRAPH_BREAK)
        yield from _item_texts(item.items)


@dataclass(slots=True)
class _OpenItem:
    """A list item that is still being read."""

    texts: list[str]
    items: list[ListItem] = field(default_factory=list)
    ordered: bool = False

    def closed(self) -> ListItem:
        return ListItem(PARAGRAPH_BREAK.join(self.texts), tuple(self.items), self.ordered)


def _list(node: Node, marks: Marks) -> Iterator[Block]:
    items: list[_OpenItem] = []
    strays: list[Block] = []
    for content in _item_contents(node.children):
        is_new = True
        for block in _flow(content, marks):
            if isinstance(block, ListBlock):
                _nest(items, block)
            elif isinstance(block, Prose):
                _write(items, block.html, is_new or bool(items[-1].items))
                is_new = False
            else:
                strays.append(block)
    if items:
        yield ListBlock(next(_ids(node)), node.tag == "ol", tuple(item.closed() for item in items))
    yield from strays


def _item_contents(nodes: Nodes) -> Iterator[Nodes]:
    """Yield the contents of each item. Text and lists directly in a list, without `<li>`, become items."""
    for inline, group in groupby(nodes, key=_is_inline):
        if inline:
            yield list(group)
        else:
            yield from (node.children if isinstance(node, Node) and node.tag == "li" else [node] for node in group)


def _nest(items: list[_OpenItem], nested: ListBlock) -> None:
    """Put a list below the last item. If there is no item yet, its items move up."""
    if not items:
        items.extend(_OpenItem([item.html], list(item.items), item.ordered) for item in nested.items)
        return
    last = items[-1]
    last.ordered = last.ordered if last.items else nested.ordered
    last.items.extend(nested.items)


def _write(items: list[_OpenItem], html: str, is_new: bool) -> None:
    if is_new:
        items.append(_OpenItem([html]))
    else:
        items[-1].texts.append(html)


def _figure(node: Node, marks: Marks) -> Iterator[Block]:
    photo = uuid(node.attrs.get("data-photo", ""))
    if photo is None:
        return _flow(node.children, marks)
    return _photo(photo, node, marks)


def _photo(photo: UUID, node: Node, marks: Marks) -> Iterator[Block]:
    caption, others = _captioned(node, marks)
    layout, alt = _layout(node.attrs.get("data-layout", "")), node.attrs.get("data-alt")
    yield PhotoBlock(next(_ids(node)), photo, layout, caption, alt, "data-decorative" in node.attrs)
    yield from others


def _captioned(node: Node, marks: Marks) -> tuple[str | None, Iterator[Block]]:
    """Return an element's caption as one line, and what else stands in it."""
    first = next((child for child in node.children if isinstance(child, Node) and child.tag == "figcaption"), None)
    caption = tuple(_flow(first.children, marks)) if first else ()
    beside = (block for block in caption if not isinstance(block, Prose))
    rest = _flow([child for child in node.children if child is not first], marks)
    return _one_line(list(_texts(caption))) if first else None, chain(beside, rest)


def _one_line(texts: list[str]) -> str:
    """Return paragraphs joined by breaks. They are parsed again, because a link or bold may run over the break."""
    return texts[0] if len(texts) == 1 else "".join(paragraphs(parse("<br>".join(texts))))


def _layout(name: str) -> str:
    return name if name in LAYOUTS else LAYOUTS[0]


def _division(node: Node, marks: Marks) -> Iterator[Block]:
    if "data-gallery" in node.attrs:
        return _gallery(node, marks)
    if "data-embed" in node.attrs:
        return _embed(node, marks)
    return _flow(node.children, marks)


def _gallery(node: Node, marks: Marks) -> Iterator[Block]:
    blocks = list(_flow(node.children, marks))
    photos = tuple(block for block in blocks if isinstance(block, PhotoBlock))
    title = node.attrs.get("data-title") or None
    if photos or title:
        yield Gallery(next(_ids(node)), title, photos)
    yield from (block for block in blocks if not isinstance(block, PhotoBlock))


def _embed(node: Node, marks: Marks) -> Iterator[Block]:
    """Return an embed. An address that no provider knows stays as a link, so that nothing pasted is lost."""
    url = node.attrs["data-embed"]
    caption, others = _captioned(node, marks)
    if address := embeds.identify(url):
        yield Embed(next(_ids(node)), address, caption or None)
    else:
        link = [html for html in paragraphs([Node("a", {"href": url}, [url])]) if html.startswith("<a")]
        kept = [*link, *([caption] if caption else [])]
        yield from (Paragraph(id, html) for id, html in zip(_ids(node), kept, strict=False))
    yield from others


def _divider(node: Node, marks: Marks) -> Iterator[Block]:
    yield Divider(next(_ids(node)))


def _aside(node: Node, marks: Marks) -> Iterator[Block]:
    if "data-pull-quote" in node.attrs:
        return _quote(PullQuote, node, marks)
    return _flow(node.children, marks)


_GOOD_ID = re.compile(r"[a-z0-9]{6,16}")


def _ids(node: Node) -> Iterator[str]:
    """Yield the element's id for the first block it becomes, and none for the others."""
    id = node.attrs.get("data-id", "")
    return chain([id if _GOOD_ID.fullmatch(id) else ""], repeat(""))


_READERS: dict[str, Callable[[Node, Marks], Iterator[Block]]] = {
    "p": _paragraph,
    "h1": partial(_heading, 2),
    "h2": partial(_heading, 2),
    "h3": partial(_heading, 3),
    "h4": partial(_heading, 4),
    "h5": partial(_heading, 4),
    "h6": partial(_heading, 4),
    "ul": _list,
    "ol": _list,
    "blockquote": partial(_quote, Quote),
    "aside": _aside,
    "hr": _divider,
    "figure": _figure,
    "div": _division,
}


# ---- blocks to HTML --------------------------------------------------------------------------------------------------


def join(blocks: Iterable[Block]) -> str:
    """Return the stored HTML of blocks whose inline HTML is clean, as `split` and `inline` return it."""
    return "".join(map(_written, blocks))


def inline(html: str) -> str:
    """Return any HTML as one clean line of inline HTML; `<br><br>` separates paragraphs."""
    return PARAGRAPH_BREAK.join(_texts(split(html)))


def _written(block: Block) -> str:
    return _WRITERS[type(block)](block)


def _written_heading(block: Heading) -> str:
    return f"<h{block.level}{_id(block.id)}>{block.html}</h{block.level}>"


def _written_quote(block: Quote) -> str:
    cite = _optional("data-cite", block.cite)
    return f"<blockquote{_id(block.id)}{cite}>{_written_paragraphs(block.html)}</blockquote>"


def _written_pull_quote(block: PullQuote) -> str:
    cite = _optional("data-cite", block.cite)
    return f'<aside{_id(block.id)} data-pull-quote=""{cite}>{_written_paragraphs(block.html)}</aside>'


def _written_gallery(block: Gallery) -> str:
    title = _optional("data-title", block.title)
    return f'<div{_id(block.id)} data-gallery=""{title}>{join(block.photos)}</div>'


def _written_list(items: Iterable[ListItem], ordered: bool, id: str = "") -> str:
    tag = "ol" if ordered else "ul"
    return f"<{tag}{_id(id)}>{''.join(map(_written_item, items))}</{tag}>"


def _written_item(item: ListItem) -> str:
    nested = _written_list(item.items, item.ordered) if item.items else ""
    return f"<li>{_written_paragraphs(item.html)}{nested}</li>"


def _written_paragraphs(html: str) -> str:
    return f"<p>{html.replace(PARAGRAPH_BREAK, '</p><p>')}</p>"


def _written_photo(block: PhotoBlock) -> str:
    decorative = ' data-decorative=""' if block.decorative else ""
    facts = f'data-photo="{block.photo}" data-layout="{block.layout}"{_optional("data-alt", block.alt)}{decorative}'
    return f"<figure{_id(block.id)} {facts}>{_written_caption(block.caption)}</figure>"


def _written_caption(caption: str | None) -> str:
    return "" if caption is None else f"<figcaption>{caption}</figcaption>"


def _written_embed(block: Embed) -> str:
    return f"<div{_id(block.id)}{attribute('data-embed', block.address.url)}>{_written_caption(block.caption)}</div>"


_WRITERS: dict[type, Callable[[Any], str]] = {
    Paragraph: lambda block: f"<p{_id(block.id)}>{block.html}</p>",
    Heading: _written_heading,
    ListBlock: lambda block: _written_list(block.items, block.ordered, block.id),
    Quote: _written_quote,
    PullQuote: _written_pull_quote,
    Divider: lambda block: f"<hr{_id(block.id)}>",
    PhotoBlock: _written_photo,
    Gallery: _written_gallery,
    Embed: _written_embed,
}


def _id(id: str) -> str:
    return f' data-id="{id}"' if id else ""


def _optional(name: str, value: str | None) -> str:
    return "" if value is None else attribute(name, value)


# ---- ids -------------------------------------------------------------------------------------------------------------


def assign_ids(html: str, taken: Container[str] = ()) -> str:
    """Return the stored form with a unique id on every top-level block.

    Valid ids stay; of two equal ones the first stays. New ids follow from a block's content and avoid `taken`, so the
    same text gets the same ids again.
    """
    return join(with_ids(split(html), taken))


def with_ids(blocks: Sequence[Block], taken: Container[str] = ()) -> tuple[Block, ...]:
    """Return blocks with unique ids, as `assign_ids` does for HTML."""
    used = {block.id for block in blocks}
    seen = {""}
    identified: list[Block] = []
    tried: dict[str, Iterator[str]] = {}
    for block in blocks:
        id = _new_id(block, lambda id: id in used or id in taken, tried) if block.id in seen else block.id
        identified.append(replace(block, id=id) if id != block.id else block)
        seen.add(id)
        used.add(id)
    return tuple(identified)


def _new_id(block: Block, is_taken: Callable[[str], bool], tried: dict[str, Iterator[str]]) -> str:
    """Return a free id made from the block's words; equal blocks go on in `tried` where the one before stopped."""
    content = _written(replace(block, id=""))
    candidates = tried.setdefault(content, _candidates(content))
    return next(id for id in candidates if not is_taken(id))


def _candidates(content: str) -> Iterator[str]:
    return (sha256(f"{attempt}{content}".encode()).hexdigest()[:10] for attempt in count())


# ---- questions -------------------------------------------------------------------------------------------------------


def photo_places(blocks: Iterable[Block]) -> Iterator[PhotoPlace]:
    """Return every photo of the body in reading order, repeats kept."""
    for block in blocks:
        match block:
            case PhotoBlock():
                yield PhotoPlace("body", block)
            case Gallery():
                yield from (PhotoPlace("gallery", photo) for photo in block.photos)


@Remembered
def places_in(html: str) -> tuple[PhotoPlace, ...]:
    """Return every photo of a stored body in reading order: a publish asks many times and walks the blocks once."""
    return tuple(photo_places(split(html)))


def photo_ids(html: str) -> tuple[UUID, ...]:
    """Return the ids of the body's photos in reading order, repeats kept."""
    return tuple(place.block.photo for place in places_in(html))


_PHOTO = re.compile(r'data-photo="([0-9a-f-]{36})"')


def read_ahead(html: str) -> None:
    """Read any HTML once, so that neither saving nor publishing it has anything to read in its transaction.

    Its clean and its stored form are remembered too: they are read as the blocks that they are written from.
    """
    blocks = split(html)
    identified = with_ids(blocks)
    split.remember(join(blocks), blocks)
    stored = join(identified)
    split.remember(stored, identified)
    places_in(stored)
    article_links(stored)


def photos_named(html: str) -> set[str]:
    """Return the photos that stored HTML may show, found without parsing it: all that it shows, perhaps more."""
    return set(_PHOTO.findall(html))


OWN_LINK = re.compile(r'<a href="(article|person|work):([0-9a-z-]+)">(.*?)</a>')
_TAG = re.compile(r"<[^<>]*>")


@Remembered
def article_links(html: str) -> tuple[UUID, ...]:
    """Return the articles that the body links to, in order of first mention, each once."""
    return tuple(dict.fromkeys(UUID(key) for kind, key in _own_links(html) if kind == "article"))


def topic_links(html: str) -> tuple[tuple[str, str], ...]:
    """Return the people and works that the body links to, as ("person" or "work", slug), each once."""
    return tuple(dict.fromkeys((kind, key) for kind, key in _own_links(html) if kind != "article"))


def _own_links(html: str) -> Iterator[tuple[str, str]]:
    return ((match[1], match[2]) for match in OWN_LINK.finditer(sanitize(html) if "href" in html.lower() else ""))


def plain(html: str) -> str:
    """Return the words of clean inline HTML, with entities resolved and breaks as spaces."""
    return unescape(_TAG.sub("", html.replace(PARAGRAPH_BREAK, " ").replace("<br>", " ")))


def prose(blocks: Iterable[Block]) -> str:
    """Return what readers read, as plain text: headings, paragraphs, lists, quotes and own captions, one per line."""
    return BREAK.join(plain(html) for block in blocks for html in _readable(block))


def _readable(block: Block) -> Iterator[str]:
    match block:
        case PhotoBlock() | Embed():
            yield from [block.caption] if block.caption else []
        case Gallery():
            yield from chain.from_iterable(map(_readable, block.photos))
        case _:
            yield from _texts([block])


def word_count(headline: str, blocks: Iterable[Block], captions: Iterable[str] = ()) -> int:
    """Return the number of words in the headline, the body's prose and the inherited `captions` (plain text, no credits)."""
    return sum(len(words(text)) for text in (headline, prose(blocks), *captions))


def words(text: str) -> list[str]:
    """Return the words of plain text: whatever is between spaces and contains a letter or digit."""
    return [word for word in text.split() if word.isalnum() or any(map(str.isalnum, word))]
