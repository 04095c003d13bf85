"""The statements behind lists and details: one each, whatever is asked and however many articles there are.

A list is driven by heads: the newest rows of one facet value, read off its index. Several values of a filter are the
union of their heads; the rarest filter drives, the others are looked up row by row.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db import connection, connections
from django.db.models import BigIntegerField, Case, Exists, F, OuterRef, Q, QuerySet, Subquery, TextField, Value, When
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast, Coalesce

from . import documents, search
from .cursors import Place
from .filters import Page, Selection
from .models import Address, Author, DocumentPhoto, Facet, LiveDocument, LiveDocumentBody, Person, Section, Tag, Work
from .rendering import kind_number

NOUNS = {"section": Section, "person": Person, "work": Work, "tag": Tag, "author": Author}
FACET_KINDS = {name: kind for name, (kind, *_) in Facet.KINDS.items()} | {"kind": Facet.Kind.KIND}
RENDERED_PER_REQUEST = 25
COUNTED = 1000


@dataclass(frozen=True)
class Listed:
    """One row of a list: stored JSON and the instant until which it stays true."""

    key: int
    article: UUID
    published_at: datetime
    refresh_at: datetime
    text: str


@dataclass(frozen=True)
class Slice:
    """One page of a list. `upcoming` is the next instant at which anything goes live; None if nothing will."""

    rows: list[Listed]
    following: Place | None
    preceding: Place | None
    upcoming: datetime | None


# Detail


def detail(slug: str, now: datetime, known: Iterable[str] = ()) -> dict | None:
    """Return what stands at this address now: a document, or what is left of one. `text` is None where the
    client's copy (one of the etags in `known`) is the present one."""
    text = F("bytes__document_json")
    if known:
        unchanged = Q(refresh_at__gt=now) if "*" in known else Q(refresh_at__gt=now, etag__in=list(known))
        text = Case(When(unchanged, then=Value(None)), default=text, output_field=TextField())
    found = LiveDocument.objects.answering(now).filter(Q(published_at__lte=now) | ~Q(status=200), slug=slug)
    return found.annotate(text=text, leads_on=leads_on(now)).order_by("status").values(
        "pk", "article_id", "status", "location", "leads_on", "path", "etag", "changed_at", "refresh_at", "live_until",
        "text", "edition__kind", "edition__public_note", "edition__silent",
    ).first()  # fmt: skip


def leads_on(now: datetime) -> Exists:
    """Answer whether a row leads to something that is there: the new slug of a story that is gone stays unsaid."""
    target = LiveDocument.objects.answering(now).filter(slug=OuterRef("location")).exclude(status=410)
    return Exists(target)


def fresh_detail(slug: str, now: datetime, known: Iterable[str] = ()) -> dict | None:
    """Return `detail`, rendered anew where it is past its best-before instant.

    Raises documents.StillRendering and documents.RenderFailed.
    """
    row = detail(slug, now, known)
    if row and row["status"] == 200 and row["refresh_at"] <= now:
        documents.refresh(row["pk"], now)
        row = detail(slug, now, known)
        if row and row["status"] == 200 and row["refresh_at"] <= now:
            raise documents.StillRendering
    return row


# Lists


def page(chosen: Selection, asked: Page, now: datetime) -> Slice:
    """Return one page of cards, newest first. One statement; two where several facets are given."""
    place, size = asked.place, asked.size
    heads = _heads(chosen, place, now, size + 1)
    found = list(_cards(heads, now, size + 1, back=bool(place and place.back)))
    more = len(found) > size
    found = found[:size]
    if place and place.back:
        found.reverse()
    upcoming = found[0][5] if found else now
    rows = [Listed(*values[:5]) for values in found]
    following, preceding = _around(rows, place, more)
    return Slice(rows, following, preceding, upcoming)


def _around(rows: list[Listed], place: Place | None, more: bool) -> tuple[Place | None, Place | None]:
    """Return where the next and the previous page begin, or None where there is none."""
    back = bool(place and place.back)
    if not rows:
        other = place.turned() if place else None
        return (other, None) if back else (None, other)
    first, last = Place(rows[0].published_at, rows[0].article, True), Place(rows[-1].published_at, rows[-1].article)
    return last if more or back else None, first if (more if back else place) else None


def _cards(heads: list[QuerySet], now: datetime, size: int, back: bool) -> QuerySet:
    stale = When(refresh_at__lte=now, then="bytes__bare_card")
    return (
        LiveDocument.objects.filter(pk__in=_merged(heads, size, back))
        .annotate(text=Case(stale, default="bytes__card"), upcoming=next_to_go_live(now))
        .order_by(*_order(back, "article_id"))
        .values_list("pk", "article_id", "published_at", "refresh_at", "text", "upcoming")
    )


def next_to_go_live(now: datetime) -> Subquery:
    coming = LiveDocument.objects.filter(status=200, live_from__gt=now).order_by("live_from")
    return Subquery(coming.values("live_from")[:1])


def _merged(heads: list[QuerySet], size: int, back: bool) -> RawSQL:
    """Return the keys of the first documents of all heads together, each once."""
    parts, params = [], []
    for head in heads:
        sql, values = head.query.get_compiler(connection=connection).as_sql()
        parts.append(f"SELECT * FROM ({sql}) AS head")  # noqa: S608
        params += values
    way = "ASC" if back else "DESC"
    union = f"{' UNION '.join(parts)} ORDER BY 2 {way}, 3 {way} LIMIT {int(size)}"
    return RawSQL(f"SELECT found FROM ({union}) AS hits", params)  # noqa: S608, S611


def _order(back: bool, article: str) -> tuple[str, str]:
    return ("published_at", article) if back else ("-published_at", f"-{article}")


def _heads(chosen: Selection, place: Place | None, now: datetime, size: int) -> list[QuerySet]:
    """Return for each value of the driving filter its first rows: (document, published_at, article)."""
    if not chosen.facets:
        return [_head(matching(chosen, now), "pk", "article_id", place, size)]
    keys = {name: [_key(name, value) for value in values] for name, values in chosen.facets.items()}
    driver = _rarest(keys) if len(keys) > 1 else next(iter(keys))
    rows = Facet.objects.filter(
        Exists(matching(chosen, now).filter(pk=OuterRef("document"))),
        *(_under(name, values, OuterRef("document")) for name, values in keys.items() if name != driver),
        kind=FACET_KINDS[driver], published_at__lte=now,
    )  # fmt: skip
    return [_head(rows.filter(key=key), "document", "article", place, size) for key in keys[driver]]


def _head(rows: QuerySet, found: str, article: str, place: Place | None, size: int) -> QuerySet:
    rows = _from_place(rows, place, article).order_by(*_order(bool(place and place.back), article))
    return rows.annotate(found=F(found)).values_list("found", "published_at", article)[:size]


def _from_place(rows: QuerySet, place: Place | None, article: str) -> QuerySet:
    if place is None:
        return rows
    way = "gt" if place.back else "lt"
    later = Q(**{f"published_at__{way}": place.at}) | Q(**{f"{article}__{way}": place.key})
    return rows.filter(later, **{f"published_at__{way}e": place.at})


def _under(name: str, keys: list, document) -> Exists:
    return Exists(Facet.objects.filter(document=document, kind=FACET_KINDS[name], key__in=keys))


def _key(name: str, value: str):
    """Return the key of a slug, present or earlier, as an expression; a kind has its number."""
    if name == "kind":
        return kind_number(value)
    present = NOUNS[name].objects.filter(slug=value).order_by().values("pk")
    earlier = Address.objects.filter(kind=name, slug=value).values_list(Cast("target", BigIntegerField()))
    return Coalesce(Subquery(present), Subquery(earlier))


def _rarest(keys: dict[str, list]) -> str:
    """Return the filter with the fewest rows, counted up to a bound: one statement."""
    counts, params, names = [], [], []
    for name, values in keys.items():
        for key in values:
            rows = Facet.objects.filter(kind=FACET_KINDS[name], key=key).order_by().values("pk")[:COUNTED]
            sql, given = rows.query.get_compiler(connection=connection).as_sql()
            counts.append(f"(SELECT COUNT(*) FROM ({sql}) AS counted)")  # noqa: S608
            params += given
            names.append(name)
    with connections[LiveDocument.objects.db].cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(counts)}", params)
        found = cursor.fetchone()
    totals = dict.fromkeys(keys, 0)
    for name, count in zip(names, found, strict=True):
        totals[name] += count
    return min(totals, key=totals.__getitem__)


def matching(chosen: Selection, now: datetime) -> QuerySet[LiveDocument]:
    """Return the live documents that a selection means, its facets aside."""
    ranges = {
        "published_at__gte": chosen.published_from, "published_at__gt": chosen.published_after,
        "published_at__lt": chosen.published_before, "updated_at__gt": chosen.updated_after,
        "locale__in": chosen.locales, "article__in": chosen.ids,
    }  # fmt: skip
    found = LiveDocument.objects.live(now).filter(**{name: value for name, value in ranges.items() if value})
    if chosen.words:
        found = search.narrow(found, chosen.words)
    if chosen.photos:
        found = found.filter(pk__in=DocumentPhoto.objects.filter(photo__in=chosen.photos).values("document"))
    return found


def selected(chosen: Selection, now: datetime) -> QuerySet[LiveDocument]:
    """Return the live documents that a selection means, facets and all, for what brings an order of its own."""
    keys = {name: [_key(name, value) for value in values] for name, values in chosen.facets.items()}
    return matching(chosen, now).filter(*(_under(name, values, OuterRef("pk")) for name, values in keys.items()))


# Staleness


def fresh_cards(rows: list[Listed], now: datetime) -> list[Listed]:
    """Return the rows with nothing stale in them: at most 25 are rendered anew, the rest come without photos.

    What cannot be rendered is left out.
    """
    stale = [row.key for row in rows if row.refresh_at <= now]
    if not stale:
        return rows
    failed, rendered = _render(stale[:RENDERED_PER_REQUEST], now)
    anew = {
        key: (refresh_at, text)
        for key, refresh_at, text in LiveDocumentBody.objects.filter(
            document__in=rendered, document__refresh_at__gt=now
        ).values_list("pk", "document__refresh_at", "card")
    }
    return [
        Listed(row.key, row.article, row.published_at, *anew.get(row.key, (row.refresh_at, row.text)))
        for row in rows
        if row.key not in failed and (row.key in anew or row.text)
    ]


def fresh_documents(rows: list[Listed], now: datetime) -> list[Listed]:
    """Return whole documents with nothing stale among them: what is not rendered anew is left out."""
    stale = [row.key for row in rows if row.refresh_at <= now]
    if not stale:
        return rows
    _, rendered = _render(stale[:RENDERED_PER_REQUEST], now)
    anew = LiveDocumentBody.objects.filter(document__in=rendered, document__refresh_at__gt=now)
    found = {key: values for key, *values in anew.values_list("pk", "document__refresh_at", "document_json")}
    kept = [row for row in rows if row.key in found or row.refresh_at > now]
    return [
        replace(row, refresh_at=found[row.key][0], text=found[row.key][1]) if row.key in found else row for row in kept
    ]


def _render(keys: list[int], now: datetime) -> tuple[set[int], list[int]]:
    failed, rendered = set(), []
    for key in keys:
        try:
            if documents.refresh(key, now):
                rendered.append(key)
            else:
                failed.add(key)
        except documents.RenderFailed:
            failed.add(key)
        except documents.StillRendering:
            continue
    return failed, rendered
