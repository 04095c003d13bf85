"""How much there is: lists counted up to a bound, the months of the archive, the regions of a language."""

# Statements are built from our own querysets; what readers send is always a parameter.
# ruff: noqa: S608

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, tzinfo

from django.db import connections
from django.db.models import QuerySet, Subquery
from django.db.models.expressions import RawSQL

from media.local_time import day_begins, local

from ..history.timeline import FOREVER
from ..models import LiveDocument
from . import queries
from .prepared_statements import adapted, fetched
from .query_string import Selection

MOST_COUNTED, MORE = 1000, "1000+"
MOST_EXAMINED = 20_000
"""So many rows of the filter that drives a list are looked at; where the others leave few of them, nobody can tell."""
MONTHS_AT_ONCE = 1200
MOST_REGIONS = 50


# Counts


def count(chosen: Selection, now: datetime) -> int | str | None:
    """Return how many articles a list holds: up to 1,000, else “1000+”. None where too many would have to be examined."""
    asked = queries.question(chosen, now)
    conditions = queries.conditions(asked)
    parts = [_matching(head, _examined(head, asked), conditions) for head in queries.drivers(asked)]
    found = _number(" UNION ".join(sql for sql, _ in parts), [value for _, given in parts for value in given])
    if found > MOST_COUNTED:
        return MORE
    return found if all(_is_whole(_examined(head, asked)) for head in queries.drivers(asked)) else None


def _examined(head: QuerySet, asked: queries.Question) -> QuerySet | None:
    """Return the rows of a head to look at, as far as that goes; None where ids or words bound it already."""
    chosen = asked.chosen
    if asked.driver is not None:
        return head.filter(queries.within(asked.span)).order_by()[:MOST_EXAMINED]
    if chosen.ids or chosen.words:
        return None
    listed = head.filter(queries.within(asked.span), status=200)
    if chosen.updated_after:
        return listed.filter(updated_at__gt=chosen.updated_after).order_by("updated_at")[:MOST_EXAMINED]
    # In an order that an index has: PostgreSQL would read the table through for any rows.
    return queries.in_order(listed)[:MOST_EXAMINED]


def _matching(head: QuerySet, examined: QuerySet | None, conditions: list) -> tuple[str, list]:
    """Return SQL for the keys of those examined rows that a list would show, at most one more than is counted."""
    key, table = queries.key_of(head), head.model._meta.db_table
    sql, params = _compiled(head.filter(*conditions).order_by().values(key)[: MOST_COUNTED + 1])
    if examined is not None:
        inner, given = _compiled(examined)
        sql = sql.replace(f'"{table}".', "examined.").replace(f'FROM "{table}"', f"FROM ({inner}) examined", 1)
        params = [*given, *params]
    return f"SELECT * FROM ({sql}) AS head", params


def _is_whole(examined: QuerySet | None) -> bool:
    """Return True if that was all there is."""
    return examined is None or _number(*_compiled(examined.values("pk"))) < MOST_EXAMINED


def _number(sql: str, params: list) -> int:
    ((found,),) = fetched(connections[LiveDocument.objects.db], f"SELECT COUNT(*) FROM ({sql}) AS counted", params)
    return found


def _compiled(rows: QuerySet) -> tuple[str, list]:
    sql, params = rows.query.get_compiler(using=LiveDocument.objects.db).as_sql()
    return sql, list(params)


# Months


Month = tuple[int, int]


def months(chosen: Selection, now: datetime, zone: tzinfo) -> tuple[list[Month], datetime]:
    """Return the (year, month) in which anything that is live was first published, newest first, and when more goes live.

    Two statements for each century that has any: its edges, and a look into each month of it.
    """
    live = LiveDocument.objects.live(now)
    if chosen.sites:
        live = live.of_sites(chosen.sites)
    found: list[Month] = []
    upcoming, rest = now, live
    while ends := _ends(rest, now):
        oldest, newest, coming = ends
        spans = list(_months_back(oldest, newest, zone))
        found += _with_any(live, spans)
        upcoming, begins = coming or FOREVER, spans[-1][1]
        if begins <= oldest:
            break
        rest = live.filter(published_at__lt=begins)
    return found, upcoming


def _ends(live: QuerySet, now: datetime) -> tuple[datetime, datetime, datetime | None] | None:
    oldest = live.order_by("published_at", "article_id").values("published_at")[:1]
    newest = live.order_by("-published_at", "-article_id")
    found = newest.annotate(oldest=Subquery(oldest), upcoming=queries.next_to_go_live(now))
    return found.values_list("oldest", "published_at", "upcoming").first()


def _months_back(oldest: datetime, newest: datetime, zone: tzinfo) -> Iterator[tuple[Month, datetime, datetime]]:
    """Give ((year, month), first instant, first instant after it), from the newest back to the oldest."""
    there = local(newest, zone)
    number, ends = there.year * 12 + there.month - 1, datetime.max.replace(tzinfo=UTC)
    for back in range(MONTHS_AT_ONCE):
        year, month = divmod(number - back, 12)
        begins = day_begins(date(year, month + 1, 1), zone)
        yield (year, month + 1), begins, ends
        if begins <= oldest or year <= 1:
            return
        ends = begins


def _with_any(live: QuerySet, spans: list[tuple[Month, datetime, datetime]]) -> list[Month]:
    """Return the months in which any of these documents was published, in one statement."""
    connection = connections[live.db]
    within = live.order_by().filter(
        published_at__gte=RawSQL("month.begins", ()), published_at__lt=RawSQL("month.ends", ())
    )
    sql, given = _compiled(within.values("pk")[:1])
    rows = ", ".join(["(%s, %s, %s)"] * len(spans))
    values = [
        value
        for number, (_, *edges) in enumerate(spans)
        for value in (number, *(adapted(edge, connection) for edge in edges))
    ]
    statement = f"WITH month (number, begins, ends) AS (VALUES {rows}) SELECT number FROM month WHERE EXISTS ({sql}) ORDER BY number"
    return [spans[number][0] for (number,) in fetched(connection, statement, [*values, *given])]


# Regions


def with_regions(chosen: Selection) -> Selection:
    """Return a selection in which a language alone, such as “en”, stands for all its regions that have articles."""
    if all("-" in locale for locale in chosen.locales):
        return chosen
    used = _locales()
    found = dict.fromkeys(each for locale in chosen.locales for each in _meant(locale, used))
    return replace(chosen, locales=tuple(found))


def _meant(locale: str, used: list[str]) -> list[str]:
    if "-" in locale:
        return [locale]
    found = [each for each in used if each.partition("-")[0].lower() == locale.lower()]
    return found[:MOST_REGIONS] or [locale]


def _locales() -> list[str]:
    """Return every locale that has articles, from one place of the index to the next."""
    return [locale for (locale,) in fetched(connections[LiveDocument.objects.db], LOCALES, [])]


LOCALES = """
WITH RECURSIVE used (locale) AS (
    SELECT min(locale) FROM articles_livedocument WHERE status = 200
    UNION ALL
    SELECT (SELECT min(locale) FROM articles_livedocument WHERE status = 200 AND locale > used.locale)
    FROM used WHERE used.locale IS NOT NULL)
SELECT locale FROM used WHERE locale IS NOT NULL LIMIT 500"""
