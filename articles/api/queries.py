"""The statements behind lists and details: one each, whatever is asked and however many articles there are.

A list is driven by heads: the newest rows of one facet value, read off its index. Several values of a filter are the
union of their heads; the rarest filter drives, the others are looked up row by row.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from operator import itemgetter
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connections
from django.db.models import BigIntegerField, Case, F, OuterRef, Q, QuerySet, Subquery, TextField, Value, When
from django.db.models.expressions import Combinable, RawSQL
from django.db.models.functions import Cast, Coalesce
from django.db.models.lookups import Exact, IsNull

from ..history.kinds import kind_number
from ..live import search
from ..live.document import LAST_CHANGE, TITLE, live_at
from ..live.refresh import RenderFailed, StillRendering, refresh
from ..models import Address, Author, DocumentPhoto, Facet, LiveDocument, LiveDocumentBody, Person, Section, Tag, Work
from . import channels
from .cursors import FIRST_INSTANT, LAST_INSTANT, MICROSECOND, Place
from .prepared_statements import Prepared, StandIns, fetched
from .query_string import Page, Selection

NOUNS: dict[str, Any] = {"section": Section, "person": Person, "work": Work, "tag": Tag, "author": Author}
PHOTO = "photo"
LOCALE = "locale"
FACET_KINDS = {name: kind for name, (kind, *_) in Facet.KINDS.items()} | {
    "kind": Facet.Kind.KIND, "lead": Facet.Kind.LEAD,
}  # fmt: skip
RENDERED_PER_REQUEST = 25
COUNTED = 5000


@dataclass(frozen=True, slots=True)
class Listed:
    """One row of a list: stored JSON, the instant until which it stays true, and the etag of its whole document."""

    key: int
    refresh_at: datetime
    text: str
    etag: str = ""


@dataclass(frozen=True)
class Slice:
    """One page of a list. `upcoming` is the next instant at which anything goes live; None if nothing will."""

    rows: list[Listed]
    following: Place | None
    preceding: Place | None
    upcoming: datetime | None


# Detail

DETAIL = (
    "pk", "article_id", "status", "location", "path", "etag", "changed_at", "live_until", "text", "refresh_at",
)  # fmt: skip
MOST_KNOWN = 3
"""Whoever knows more etags than this gets the text compared in the view: each number is a shape of its own."""


def detail(slug: str | UUID, now: datetime, known: Iterable[str] = (), channel: str = "") -> dict | None:
    """Return what stands at this address now, or what the article of this id is: a document, or what is left of one.

    `text` is None where the client's copy (one of the etags in `known`) is the present one.
    """
    known = tuple(known)
    stand_ins = StandIns()
    compared = ("*",) if "*" in known else tuple(map(stand_ins, known)) if len(known) <= MOST_KNOWN else ()
    statement = _detail(stand_ins(slug), stand_ins(now), compared, len(stand_ins.values), channel)
    using = LiveDocument.objects.db
    rows = statement.converted(statement.rows(stand_ins.values, using), using)
    return dict(zip((*DETAIL, "site_id"), rows[0], strict=False)) if rows else None


@lru_cache(maxsize=32)
def _detail(slug: str | UUID, now: datetime, known: tuple[str, ...], count: int, channel: str) -> Prepared:
    text = channels.column(channel, "document_json", "bytes__document_json")
    found = LiveDocument.objects.answering(now).filter(
        Q(published_at__lte=now) | ~Q(status=200), **{"article" if isinstance(slug, UUID) else "slug": slug}
    )
    columns: list[Any] = [*DETAIL[:-1], "best_before__refresh_at"]
    if channel:
        found = channels.joined(found, channel).annotate(
            told=channels.column(channel, "etag", "etag"), until=channels.best_before(channel, now)
        )
        columns = [{"etag": "told"}.get(name, name) for name in DETAIL[:-1]] + ["until", "site_id"]
    if known:
        fresh = ~channels.due(channel, now) if channel else Q(best_before__refresh_at__gt=now)
        named = Q(**{"told__in" if channel else "etag__in": known})
        unchanged = fresh if "*" in known else fresh & named
        text = Case(When(unchanged, then=Value(None)), default=text, output_field=TextField())
    return Prepared(
        found.annotate(text=text).order_by("status").values_list(*columns)[:1],
        count,
        one_plan=True,
    )


def remains(key: int, now: datetime) -> dict:
    """Return what a tombstone may tell: of the edition that withdrew it, and whether it leads to something."""
    rows = LiveDocument.objects.filter(pk=key).annotate(leads_on=leads_on(now))
    return rows.values("leads_on", "edition__kind", "edition__public_note", "edition__silent").get()  # type: ignore[return-value]


def leads_on(now: datetime) -> IsNull:
    """Answer whether a row leads to something that is there: the new slug of a story that is gone stays unsaid.

    Row by row: for EXISTS PostgreSQL would read all documents first.
    """
    target = LiveDocument.objects.answering(now).filter(slug=OuterRef("location")).exclude(status=410).order_by()
    return IsNull(Subquery(target.values("pk")[:1]), False)


def fresh_detail(slug: str | UUID, now: datetime, known: Iterable[str] = (), channel: str = "") -> dict | None:
    """Return `detail`, rendered anew where it is past its best-before instant.

    Raises StillRendering and RenderFailed.
    """
    row = detail(slug, now, known, channel)
    if row and row["status"] == 200 and row["refresh_at"] <= now:
        refresh(row["pk"], now)
        row = detail(slug, now, known, channel)
        if row and row["status"] == 200 and row["refresh_at"] <= now:
            raise StillRendering
    return row


# Lists


def page(chosen: Selection, asked: Page, now: datetime) -> Slice:
    """Return one page of cards in the order that was chosen: one statement."""
    place, size, put = asked.place, asked.size, StandIns()
    question = Question(
        chosen.with_values(put), place and replace(place, at=put(place.at), key=put(place.key)), size + 1,
        put(now), span(chosen, now, place).with_values(put), _driver(chosen), len(put.values),
    )  # fmt: skip
    statement, using = _page(question), LiveDocument.objects.db
    found = statement.rows(put.values, using)
    rows, more = statement.converted(found[:size], using, REFRESH_AT), len(found) > size
    if place and place.back:
        rows.reverse()
    # The first page has nothing before it, so that its last row alone says where it ends.
    ends = statement.converted(rows[:1] + rows[-1:] if place else rows[-1:], using, *ENDS)
    around = [Place(at, article) for *_, at, article, _ in ends]
    following, preceding = _around(around, place, more, chosen.is_ascending)
    return Slice([Listed(*row[:4]) for row in rows], following, preceding, ends[0][-1] if ends else now)


REFRESH_AT, *ENDS = 1, 4, 5, 6
"""Among the columns of a page, the one of that name, and those that matter for the rows at its ends only."""


def _around(ends: list[Place], place: Place | None, more: bool, ascending: bool) -> tuple[Place | None, Place | None]:
    """Return where the next and the previous page begin, or None where there is none."""
    back = bool(place and place.back)
    if not ends:
        other = place.turned(ascending=ascending) if place else None
        return (other, None) if back else (None, other)
    first, last = replace(ends[0], back=True), ends[-1]
    return last if more or back else None, first if (more if back else place) else None


class Span(NamedTuple):
    """The first publications that a list spans, both ends included: one range of an index."""

    first: datetime | None
    last: datetime

    def with_values(self, put: Callable) -> "Span":
        return Span(put(self.first), put(self.last))


def span(chosen: Selection, now: datetime, place: Place | None = None) -> Span:
    after, before = chosen.published_after, chosen.published_before
    later, earlier = (
        after and min(after, LAST_INSTANT) + MICROSECOND,
        before and max(before, FIRST_INSTANT) - MICROSECOND,
    )
    at = place.at if place and chosen.by == "published" else None
    going_up = upward(chosen, place)
    firsts: list[Any] = [chosen.published_from, later, at if going_up else None]
    lasts: list[Any] = [now, earlier, None if going_up else at]
    return Span(max(filter(None, firsts), default=None), min(filter(None, lasts)))


def upward(chosen: Selection, place: Place | None) -> bool:
    """Return True if rows are read from small to large: an ascending list, or a descending one going back."""
    return bool(place and place.back) is not chosen.is_ascending


@dataclass(frozen=True)
class Question:
    """What is asked of a list, with stand-ins for `count` values."""

    chosen: Selection
    place: Place | None
    size: int
    now: datetime
    span: Span
    driver: int | str | None
    count: int

    @property
    def upward(self) -> bool:
        return upward(self.chosen, self.place)


def question(chosen: Selection, now: datetime) -> Question:
    """Return what a whole list asks, with its own values in place of stand-ins."""
    return Question(chosen, None, 0, now, span(chosen, now), _driver(chosen), 0)


@lru_cache(maxsize=512)
def _page(asked: Question) -> Prepared:
    """Return the statement of a page, compiled for this shape of question."""
    heads = _heads(asked)
    if len(heads) > 1:
        keys = _merged([_keys(head, asked.upward)[: asked.size] for head in heads], asked.size, asked.upward)
        heads = [LiveDocument.objects.filter(pk__in=keys)]
    found = _cards(heads[0], asked)
    return Prepared(found[: asked.size], asked.count, asked.chosen.is_browsing)


_HEAD = {
    LiveDocument: ("pk", "published_at", "article_id"), Facet: ("document", "published_at", "article"),
    DocumentPhoto: ("document", "published_at", "document__article_id"),
}  # fmt: skip


def _keys(head: QuerySet, going_up: bool) -> QuerySet:
    key, at, article = _HEAD[head.model]
    return in_order(head, going_up).annotate(found=F(key)).values_list("found", at, article)


def in_order(head: QuerySet, going_up: bool = False) -> QuerySet:
    _, at, article = _HEAD[head.model]
    return head.order_by(*_order(going_up, at, article))


def key_of(head: QuerySet) -> str:
    """Return the column of a head that is the key of the document."""
    return _HEAD[head.model][0]


def _cards(rows: QuerySet, asked: Question) -> QuerySet:
    _, at, article = _HEAD[rows.model]
    if asked.chosen.by != "published":
        rows, at = rows.annotate(place=_ordered_by(asked.chosen)), "place"
    found = rows.order_by(*_order(asked.upward, at, article))
    return cards_of(found, asked.now, asked.chosen.channel, at, article)


def cards_of(rows: QuerySet, now: datetime, channel: str, *more: str) -> QuerySet:
    """Return the columns of `Listed` for the documents of these rows, more columns, and when anything goes live next."""
    of, (key, *_) = _of(rows), _HEAD[rows.model]
    text = Case(
        When(channels.due(channel, now, of), then=f"{of}bytes__bare_card"),
        default=channels.column(channel, "card", f"{of}bytes__card"),
    )
    until, etag = f"{of}best_before__refresh_at", f"{of}etag"
    if channel:
        rows = channels.joined(rows, channel, of).annotate(
            until=channels.best_before(channel, now, of), told=channels.column(channel, "etag", etag)
        )
        until, etag = "until", "told"
    found = rows.annotate(text=text, upcoming=next_to_go_live(now))
    return found.values_list(key, until, "text", etag, *more, "upcoming")


def cards_by_slug(slugs: list[str], now: datetime, channel: channels.Channel) -> dict[str, Listed]:
    """Return the fresh cards of those of these stories that are live and of a title that has the channel."""
    live = LiveDocument.objects.live(now).filter(slug__in=slugs)
    found = list(cards_of(live.of_sites(channel.sites) if channel.sites else live, now, channel.name, "slug"))
    slug_of = {row[0]: row[4] for row in found}
    return {slug_of[row.key]: row for row in fresh_cards([Listed(*row[:4]) for row in found], now, channel.name)}


def _of(rows: QuerySet) -> str:
    """Return how a live document's columns are reached from these rows."""
    return "" if rows.model is LiveDocument else "document__"


def next_to_go_live(now: datetime) -> Subquery:
    coming = LiveDocument.objects.filter(status=200, live_from__gt=now).order_by("live_from")
    return Subquery(coming.values("live_from")[:1])


def _ordered_by(chosen: Selection) -> Combinable:
    """Return what orders a list other than the first publication, as an index has it."""
    if chosen.by == "title":
        return TITLE
    return F("updated_at") if chosen.updated_after else LAST_CHANGE


def _merged(heads: list[QuerySet], size: int, going_up: bool) -> RawSQL:
    """Return the keys of the first documents of all heads together, each once."""
    parts, params = [], []
    for head in heads:
        sql, values = head.query.get_compiler(using=head.db).as_sql()
        parts.append(f"SELECT * FROM ({sql}) AS head")  # noqa: S608
        params += values
    way = "ASC" if going_up else "DESC"
    union = f"{' UNION '.join(parts)} ORDER BY 2 {way}, 3 {way} LIMIT {int(size)}"
    return RawSQL(f"SELECT found FROM ({union}) AS hits", params)  # noqa: S608, S611


def _order(going_up: bool, at: str, article: str) -> tuple[str, str]:
    return (at, article) if going_up else (f"-{at}", f"-{article}")


def _heads(asked: Question) -> list[QuerySet]:
    """Return the rows of each value of the driving filter; without one, all live documents.

    A photo drives: it is in few stories, next to a section.
    """
    narrowing = conditions(asked)
    return [_from_place(head.filter(*narrowing), asked) for head in drivers(asked)]


def conditions(asked: Question) -> list:
    """Return what is asked of the rows that drive a list: that they are live, and under all other filters."""
    of = "document__" if _drives_from_afar(asked.driver) else ""
    document = OuterRef("document" if of else "pk")
    others: list[Any] = [
        _under(name, [_key(name, value) for value in values], document)
        for number, (name, values) in enumerate(asked.chosen.groups)
        if number != asked.driver
    ]
    if asked.chosen.photos and asked.driver != PHOTO:
        shown = DocumentPhoto.objects.filter(document=document, photo__in=asked.chosen.photos).order_by()
        others.append(IsNull(Subquery(shown.values("pk")[:1]), False))
    narrowed = replace(asked.chosen, locales=()) if asked.driver == LOCALE else asked.chosen
    live = _live(asked.now, asked.span, of)
    return [*([within(asked.span), nearly_all(live)] if of else [live]), _narrower(narrowed, of), *others]


def _drives_from_afar(driver: int | str | None) -> bool:
    """Return True if a list is read off facets or photos, which know of their documents."""
    return driver is not None and driver != LOCALE


def drivers(asked: Question) -> list[QuerySet]:
    """Return all rows of each value of the driving filter, in whatever state; without one, all documents."""
    chosen, driver = asked.chosen, asked.driver
    if driver is None:
        return [LiveDocument.objects.all()]
    if driver == LOCALE:
        return [LiveDocument.objects.filter(locale=locale) for locale in chosen.locales]
    if driver == PHOTO:
        return [DocumentPhoto.objects.filter(photo=photo) for photo in chosen.photos]
    name, values = chosen.groups[int(driver)]
    return [Facet.objects.filter(kind=FACET_KINDS[name], key=_key(name, value)) for value in values]


def nearly_all(found: Q) -> IsNull:
    """Ask the same so that a planner expects few rows to be lost by it.

    PostgreSQL takes every comparison with a value it does not know for one that two thirds of the rows fail. It would
    then read and sort all rows of a head where the first of them, in the order of its index, are the answer.
    """
    return IsNull(Case(When(found, then=Value(1))), False)


def within(between: Span, of: str = "") -> Q:
    found = Q(**{f"{of}published_at__lte": between.last})
    return found & Q(**{f"{of}published_at__gte": between.first}) if between.first else found


def _from_place(rows: QuerySet, asked: Question) -> QuerySet:
    """Leave out the rows of the very instant, or text, where a page begins that were on the page before it."""
    place, way = asked.place, "gt" if asked.upward else "lt"
    if place is None:
        return rows
    _, at, article = _HEAD[rows.model]
    if asked.chosen.by != "published":
        rows, at = rows.alias(place=_ordered_by(asked.chosen)), "place"
        rows = rows.filter(**{f"{at}__{way}e": place.at})
    return rows.filter(Q(**{f"{at}__{way}": place.at}) | Q(**{f"{article}__{way}": place.key}))


def _under(name: str, keys: list, document: Combinable) -> Exact:
    """Return the condition that a document is listed under any of these keys, checked row by row.

    PostgreSQL would turn EXISTS into a join of all rows of both filters.
    """
    rows = Facet.objects.filter(document=document, kind=FACET_KINDS[name], key__in=keys).order_by()
    return Exact(Subquery(rows.values("kind")[:1]), FACET_KINDS[name])


def _key(name: str, value: str) -> Any:
    """Return the key of a slug, present or earlier, as an expression; words have their number."""
    if name == "kind":
        return kind_number(value)
    if name == "lead":
        return Facet.LEADS[value]
    present = NOUNS[name].objects.filter(slug=value).order_by().values("pk")
    earlier = Address.objects.filter(kind=name, slug=value).values_list(Cast("target", BigIntegerField()))
    return Coalesce(Subquery(present), Subquery(earlier))


def _driver(chosen: Selection) -> int | str | None:
    """Return the filter that drives a list: the one with the fewest rows, as far as they are counted.

    A number is one of the groups of the selection. A few ids are looked up, whatever else is asked of them.
    """
    if chosen.ids or chosen.by != "published":
        return None
    if chosen.photos:
        return PHOTO
    narrowed = chosen.facets or chosen.locales
    if chosen.updated_after and narrowed and _few_updated(chosen.updated_after, search.hint_age()):
        return None
    groups = (*chosen.groups, *([(LOCALE, chosen.locales)] if chosen.locales else []))
    if not groups:
        return None
    number = _rarest(groups)[0] if len(groups) > 1 else 0
    return LOCALE if groups[number][0] == LOCALE else number


@lru_cache(maxsize=512)
def _few_updated(after: datetime, bucket: int) -> bool:
    """Return True if few documents were updated since: a hint, as the counts of facets are."""
    return LiveDocument.objects.filter(status=200, updated_at__gt=after).order_by()[:COUNTED].count() < COUNTED


Groups = tuple[tuple[str, tuple[str, ...]], ...]


def _rarest(groups: Groups) -> tuple[int, int]:
    """Return the number of the group with the fewest rows, and how many those are."""
    return min(enumerate(_counted(groups, search.hint_age())), key=itemgetter(1))


@lru_cache(maxsize=4096)
def _counted(groups: Groups, bucket: int) -> list[int]:
    """Count the rows of every value up to a bound, in one statement. A hint only: it may be old without any harm."""
    counts, params, of, using = [], [], [], LiveDocument.objects.db
    for number, (name, values) in enumerate(groups):
        for value in values:
            sql, given = _rows_under(name, value).query.get_compiler(using=using).as_sql()
            counts.append(f"(SELECT COUNT(*) FROM ({sql}) AS counted)")  # noqa: S608
            params += given
            of.append(number)
    (found,) = fetched(connections[using], f"SELECT {', '.join(counts)}", params)
    totals = [0] * len(groups)
    for number, count in zip(of, found, strict=True):
        totals[number] += count
    return totals


def _rows_under(name: str, value: str) -> QuerySet:
    if name == LOCALE:
        return LiveDocument.objects.filter(status=200, locale=value).order_by().values("pk")[:COUNTED]
    return Facet.objects.filter(kind=FACET_KINDS[name], key=_key(name, value)).order_by().values("pk")[:COUNTED]


def _live(now: datetime, between: Span, of: str = "") -> Q:
    return live_at(now, of, until=between.last) & within(between, of)


def _narrower(chosen: Selection, of: str = "") -> Q:
    """Return what a selection asks of a live document beside its facets, its photos and when it was published."""
    others = {
        "updated_at__gt": chosen.updated_after, "locale__in": chosen.locales, "article__in": chosen.ids,
        "site__in": chosen.sites,
    }  # fmt: skip
    found = Q(**{f"{of}{name}": value for name, value in others.items() if value})
    if chosen.excluded:
        found &= ~Q(**{f"{of}article__in": chosen.excluded})
    if chosen.words:
        found &= Q(**{f"{of}pk__in": search.narrow(LiveDocument.objects.all(), chosen.words).values("pk")})
    return found


def selected(chosen: Selection, now: datetime) -> QuerySet[LiveDocument]:
    """Return the live documents that a selection means, facets and all, for what brings an order of its own."""
    keys = [(name, [_key(name, value) for value in values]) for name, values in chosen.groups]
    rows = LiveDocument.objects.filter(_live(now, span(chosen, now)), _narrower(chosen))
    if chosen.photos:
        rows = rows.filter(pk__in=DocumentPhoto.objects.filter(photo__in=chosen.photos).values("document"))
    if keys:
        number, count = _rarest(chosen.groups)
        if count < COUNTED:
            name, values = keys.pop(number)
            facets = Facet.objects.filter(kind=FACET_KINDS[name], key__in=values).order_by()
            rows = rows.filter(pk__in=facets.values("document"))
    return rows.filter(*(_under(name, values, OuterRef("pk")) for name, values in keys))


# Staleness


def fresh_cards(rows: list[Listed], now: datetime, channel: str = "") -> list[Listed]:
    """Return the rows with nothing stale in them: at most 25 are rendered anew, the rest come without photos.

    What cannot be rendered is left out.
    """
    stale = [row.key for row in rows if row.refresh_at <= now]
    if not stale:
        return rows
    failed, rendered = _render(stale[:RENDERED_PER_REQUEST], now)
    anew = _anew(rendered, now, "card", channel)
    return [
        replace(row, **anew.get(row.key, {"etag": f"{row.etag}-bare"} if row.refresh_at <= now else {}))
        for row in rows
        if row.key not in failed and (row.key in anew or row.text)
    ]


def still_meant(rows: list[Listed], chosen: Selection) -> list[Listed]:
    """Return the rows without those whose lead came or went as they were rendered: the next time it is indexed."""
    if "lead" not in chosen.facets:
        return rows
    wanted = chosen.facets["lead"] == ("any",)
    return [row for row in rows if row.text.endswith('"lead":null}') is not wanted]


def fresh_documents(rows: list[Listed], now: datetime, channel: str = "") -> list[Listed]:
    """Return whole documents with nothing stale among them: what is not rendered anew is left out."""
    stale = [row.key for row in rows if row.refresh_at <= now]
    if not stale:
        return rows
    _, rendered = _render(stale[:RENDERED_PER_REQUEST], now)
    anew = _anew(rendered, now, "document_json", channel)
    return [replace(row, **anew.get(row.key, {})) for row in rows if row.key in anew or row.refresh_at > now]


def documents(rows: QuerySet[LiveDocumentBody], now: datetime, channel: str = "") -> list[Listed]:
    """Return whole documents as stored for a channel, each with the instant until which it is good."""
    found = channels.joined(rows, channel, "document__")
    columns: list[Any] = ["pk", "document__best_before__refresh_at", "document_json"]
    if channel:
        found = found.annotate(
            until=channels.best_before(channel, now, "document__"),
            text=channels.column(channel, "document_json", "document_json"),
        )
        columns = ["pk", "until", "text"]
    return [Listed(*values) for values in found.values_list(*columns)]


def _anew(keys: list[int], now: datetime, column: str, channel: str) -> dict[int, dict]:
    """Return what was rendered anew: key -> the fields of `Listed` that it changes."""
    rows = LiveDocumentBody.objects.filter(document__in=keys, document__best_before__refresh_at__gt=now)
    names: list[str] = [column, "document__etag"]
    if channel:
        rows = channels.joined(rows, channel, "document__").annotate(
            text=channels.column(channel, column, column), told=channels.column(channel, "etag", "document__etag")
        )
        names = ["text", "told"]
    return {
        key: {"refresh_at": refresh_at, "text": text, "etag": etag}
        for key, refresh_at, text, etag in rows.values_list("pk", "document__best_before__refresh_at", *names)
    }


def _render(keys: list[int], now: datetime) -> tuple[set[int], list[int]]:
    failed, rendered = set(), []
    for key in keys:
        try:
            if refresh(key, now):
                rendered.append(key)
            else:
                failed.add(key)
        except RenderFailed:
            failed.add(key)
        except StillRendering:
            continue
    return failed, rendered
