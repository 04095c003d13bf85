"""People, works, sections, tags and authors: public as long as one live article shows them."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from typing import Any

from django.db.models import BigIntegerField, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Cast
from django.http import Http404, HttpResponse
from django.urls import reverse
from rest_framework.request import Request

from media.models import Site
from media.words.search_terms import words

from ..directory import handles
from ..directory.section import lineage
from ..directory.sort_key import sort_key
from ..history.timeline import FOREVER
from ..live import entries, structured_data
from ..live.render import dumps
from ..models import Address, Author, Facet, LiveDocument, LiveDocumentBody, Person, Section, Tag, Work
from . import channels, http_cache, openapi, pictures, queries, query_string
from .cursors import EPOCH, Place
from .pictures import Pictures
from .public import ENTRY_SECONDS, Moved, PublicView
from .sparse_fields import sound

PHOTO_DOCUMENTS, MOST_PHOTOS = 20, 24


@dataclass(frozen=True)
class Noun:
    """One part of the directory: its rows and the fields of theirs that readers get."""

    name: str
    plural: str
    model: Any
    fields: tuple[str, ...]
    orders: dict[str, str] = field(default_factory=lambda: {"slug": "slug"})
    """What a list may be ordered by, each the column of an index."""

    @property
    def picture(self) -> str:
        """Return the name of the field with the picture of an entry; empty where there is none."""
        return entries.PICTURES[self.name][1] if self.name in entries.PICTURES else ""

    def whole(self, now: datetime) -> QuerySet:
        """Return the public rows, each with the form of the addresses of its title: what its own page needs."""
        own = {"pk": OuterRef("site")} if self.name == "section" else {"is_default": True}
        return self.public(now).annotate(
            url_template=Subquery(Site.objects.filter(**own).order_by().values("url_template")[:1])
        )

    def public(self, now: datetime) -> QuerySet:
        """Return the rows that at least one live article shows now, with the next instant at which that may change."""
        ending = LiveDocument.objects.filter(live_until__gt=now, live_until__lt=FOREVER).order_by("live_until")
        return entries.public(self.name, self.model, now).annotate(
            upcoming=queries.next_to_go_live(now), ending=Subquery(ending.values("live_until")[:1])
        )

    def entry(self, row: Any, shown: Pictures, path: str | None = None) -> dict:
        more: dict[str, Any] = {"articles": f"{reverse('articles')}?{self.name}={row.slug}"}
        if self.picture:
            more[self.picture] = shown.shown[row.pk]
        facts = sound({name: getattr(row, name) for name in self.fields})
        return {"slug": row.slug, **facts, "path": path or row.path} | more

    def tags(self, row: Any) -> tuple[str, str]:
        return "list", f"{self.name}:{row.slug}"


BY_NAME = {"slug": "slug", "name": "sort_key"}
BY_TITLE = {"slug": "slug", "title": "sort_key", "release_date": "release_date"}
PEOPLE = Noun("person", "people", Person, ("name", "description", "born", "died", "same_as"), BY_NAME)
WORKS = Noun("work", "works", Work, ("title", "kind", "release_date", "description", "same_as"), BY_TITLE)
SECTIONS = Noun("section", "sections", Section, ("name", "description", "text", "position"))
TAGS = Noun("tag", "tags", Tag, ("name", "description", "text"))
AUTHORS = Noun("author", "authors", Author, ("name", "job_title", "biography", "handles", "same_as"))


@dataclass(frozen=True)
class Order:
    """The order of a page of the directory: a column, with the slug where that says no more; `begins` narrows it."""

    column: str = "slug"
    ascending: bool = True
    begins: bytes = b""

    @property
    def by_text(self) -> bool:
        return self.column == "sort_key"

    def page(self, rows: QuerySet, asked: query_string.Page) -> list:
        """Return the rows of a page and, if there is more, one more, in the order in which they are read."""
        place = asked.place
        going_up = bool(place and place.back) is not self.ascending
        if self.column == "release_date":
            rows = rows.filter(release_date__isnull=False)
        if self.by_text:
            rows = rows.filter(sort_key__isnull=False)
        if self.begins:
            rows = rows.filter(sort_key__gte=self.begins, sort_key__lt=self.begins + b"\xff")
        if place:
            rows = rows.filter(self.beyond(place, "gt" if going_up else "lt"))
        sign = "" if going_up else "-"
        return list(rows.order_by(*dict.fromkeys((f"{sign}{self.column}", f"{sign}slug")))[: asked.size + 1])

    def beyond(self, place: Place, way: str) -> Q:
        if self.column == "slug":
            return Q(**{f"slug__{way}": place.key})
        at = place.at.encode() if isinstance(place.at, str) else place.at.date()
        further = Q(**{f"{self.column}__{way}": at}) | Q(**{f"slug__{way}": place.key})
        return Q(**{f"{self.column}__{way}e": at}) & further

    def place(self, row: Any, *, back: bool = False) -> Place:
        """Return where a page begins after this row, or ends before it."""
        at: datetime | str = EPOCH
        if self.column == "release_date":
            at = datetime.combine(row.release_date, time(), UTC)
        elif self.by_text:
            at = bytes(row.sort_key).decode()
        return Place(at, row.slug, back)


class DirectoryView(PublicView):
    """Shows entries with their pictures, as a channel's rights allow."""

    noun: Noun
    channel = channels.WEB

    def pictures(self, rows: list) -> Pictures:
        """Return the pictures of these entries; a title that lacks the channel shows none."""
        return pictures.of(self.noun.name, rows, self.now, self.channel.name) if self.noun.picture else Pictures()


class EntriesView(DirectoryView):
    """A page of the directory, by slug or in an order that has an index."""

    def get(self, request: Request) -> HttpResponse:
        channel = ("channel",) if self.noun.picture else ()
        query = query_string.Query(request.GET, (*self.choosing, *query_string.PAGING, *channel))
        order = self.order(query)
        asked = query_string.page(query, str, by_text=order.by_text)
        self.channel = channels.asked(query) if self.noun.picture else channels.WEB
        query.check()
        found = order.page(self.noun.public(self.now), asked)
        more, rows = len(found) > asked.size, found[: asked.size]
        place = asked.place
        back = bool(place and place.back)
        if back:
            rows.reverse()
        following = order.place(rows[-1]) if rows and (more or back) else None
        preceding = order.place(rows[0], back=True) if rows and (more if back else place) else None
        shown = self.pictures(rows)
        text = self.envelope((dumps(entry) for entry in self.entries(rows, shown)), self.ends(following, preceding))
        seconds = http_cache.room(self.now, rows[0].upcoming, rows[0].ending, *shown.edges) if rows else 0
        return self.answer(text, seconds=min(seconds, ENTRY_SECONDS), tags=["list", *shown.tags])

    @property
    def choosing(self) -> tuple[str, ...]:
        return ("ordering", "starts_with") if len(self.noun.orders) > 1 else ()

    def order(self, query: query_string.Query) -> Order:
        """Read `ordering` and `starts_with`, which goes with the order of names alone."""
        if not self.choosing:
            return Order()
        begins, orders = query.one("starts_with", read_beginning, b""), self.noun.orders
        by_name = next(name for name, column in orders.items() if column == "sort_key")
        allowed = tuple(sign + name for name in orders for sign in ("", "-"))
        ordering = query.word("ordering", allowed, by_name if begins else "slug")
        order = Order(orders[ordering.removeprefix("-")], not ordering.startswith("-"), begins)
        if begins and not order.by_text:
            query.refuse(
                "ordering", ordering, f"“starts_with” goes with the order of {by_name}s.", (by_name, f"-{by_name}")
            )
        return order

    def entries(self, rows: list, shown: Pictures) -> list[dict]:
        return [self.noun.entry(row, shown) for row in rows]


class EntryView(DirectoryView):
    """One entry of the directory; an earlier slug leads to the present one."""

    def get(self, request: Request, slug: str) -> HttpResponse:
        query = query_string.Query(request.GET, ("channel",))
        self.channel = channels.asked(query)
        query.check()
        row = self.row(slug)
        shown = self.pictures([row])
        edges = [row.upcoming, row.ending, *shown.edges]
        entry = self.entry(row, shown, edges)
        template = row.url_template or "{path}"
        entry["structured_data"] = self.described(entry, lambda path: template.replace("{path}", path))
        seconds = min(http_cache.room(self.now, *edges), ENTRY_SECONDS)
        return self.answer(dumps(entry), seconds=seconds, tags=[*self.noun.tags(row), *shown.tags])

    def row(self, slug: str) -> Any:
        earlier = Address.objects.filter(kind=self.noun.name, slug=slug, retired=False)
        target = Subquery(earlier.values_list(Cast("target", BigIntegerField())))
        found = list(self.noun.whole(self.now).filter(Q(slug=slug) | Q(pk=target)))
        if not found:
            raise Http404
        row = next((row for row in found if row.slug == slug), None)
        if row is None:
            raise Moved(reverse(self.noun.name, args=[found[0].slug]))
        return row

    def entry(self, row: Any, shown: Pictures, edges: list) -> dict:
        return self.noun.entry(row, shown)

    def described(self, entry: dict, url: Callable[[str], str]) -> dict:
        """Return the JSON-LD of the entry's page; `url` makes the front end's address of a path."""
        return structured_data.profile(entry, url, handles.profiles(entry.get("handles")))


@openapi.entry("person")
class PersonView(EntryView):
    noun = PEOPLE

    def entry(self, row: Any, shown: Pictures, edges: list) -> dict:
        """Add the photos that live articles show of this person: exactly those, under their credits of now."""
        photos: dict[str, dict] = {}
        for listed in self.documents(row):
            edges.append(listed.refresh_at)
            document = json.loads(listed.text)
            article = {name: document[name] for name in ("slug", "headline", "path")}
            for photo in photos_in(document):
                if any(person["slug"] == row.slug for person in photo["people"]):
                    photos.setdefault(photo["id"], photo | {"article": article})
        portrait = photos.get(str(row.portrait_id))
        return super().entry(row, shown, edges) | {"portrait": portrait, "photos": list(photos.values())[:MOST_PHOTOS]}

    def documents(self, row: Any) -> list[queries.Listed]:
        shown = Facet.objects.filter(
            Exists(LiveDocument.objects.live(self.now).filter(pk=OuterRef("document"))),
            kind=Facet.Kind.SHOWN_PERSON, key=row.pk, published_at__lte=self.now,
        ).order_by("-published_at", "-article")  # fmt: skip
        if self.channel.sites:
            shown = shown.filter(document__site__in=self.channel.sites)
        found = LiveDocumentBody.objects.filter(pk__in=shown.values("document")[:PHOTO_DOCUMENTS])
        rows = found.order_by("-document__published_at", "-document__article_id")
        stored = queries.documents(rows, self.now, self.channel.name)
        return queries.fresh_documents(stored, self.now, self.channel.name)


class SectionEntries:
    """Sections lie in a tree: paths and parents are read off all of them at once."""

    def tree(self) -> dict[int, Section]:
        return Section.objects.in_bulk()

    def section_entry(self, row: Any, shown: Pictures, tree: dict[int, Section]) -> dict:
        line = line_of(row.pk, tree)
        return SECTIONS.entry(row, shown, path_of(line)) | {"parent": line[-2].slug if len(line) > 1 else None}


@openapi.entry("section")
class SectionView(SectionEntries, EntryView):
    noun = SECTIONS

    def entry(self, row: Any, shown: Pictures, edges: list) -> dict:
        tree = self.tree()
        self.line = line_of(row.pk, tree)
        return self.section_entry(row, shown, tree)

    def described(self, entry: dict, url: Callable[[str], str]) -> dict:
        steps = [(section.name, path_of(self.line[:depth])) for depth, section in enumerate(self.line, 1)]
        return structured_data.collection(entry, url, steps)


@openapi.entries("section")
class SectionListView(SectionEntries, EntriesView):
    noun = SECTIONS

    def entries(self, rows: list, shown: Pictures) -> list[dict]:
        tree = self.tree()
        return [self.section_entry(row, shown, tree) for row in rows]


@openapi.entries("person")
class PersonListView(EntriesView):
    noun = PEOPLE


@openapi.entries("work")
class WorkListView(EntriesView):
    noun = WORKS


@openapi.entry("work")
class WorkView(EntryView):
    noun = WORKS

    def described(self, entry: dict, url: Callable[[str], str]) -> dict:
        return structured_data.work(entry, url)


@openapi.entries("tag")
class TagListView(EntriesView):
    noun = TAGS


@openapi.entry("tag")
class TagView(EntryView):
    noun = TAGS

    def described(self, entry: dict, url: Callable[[str], str]) -> dict:
        return structured_data.collection(entry, url)


@openapi.entries("author")
class AuthorListView(EntriesView):
    noun = AUTHORS


@openapi.entry("author")
class AuthorView(EntryView):
    noun = AUTHORS


def line_of(key: int, tree: dict[int, Section]) -> list[Section]:
    """Return the sections from the top level down to the one with this key."""
    return lineage(tree.get(key), lambda section: tree.get(section.parent_id))  # type: ignore[arg-type]


def path_of(line: list[Section]) -> str:
    return f"/{'/'.join(section.slug for section in line)}/"


def read_beginning(value: str) -> bytes:
    """Read how names begin; folded as they are sorted."""
    if 0 < len(value) <= 50 and words(value):
        return sort_key(value)
    raise ValueError("Give the letters that names begin with, at most 50.")


def photos_in(document: dict) -> list[dict]:
    """Return every photo a document shows, the lead first."""
    blocks = [document["lead"], *document["body"]]
    found = [block for block in blocks if block and block["type"] == "photo"]
    galleries = [block for block in document["body"] if block["type"] == "gallery"]
    return found + [photo for gallery in galleries for photo in gallery["photos"]]
