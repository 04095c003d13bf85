"""The plans PostgreSQL makes for every endpoint: `python -m bench.plans --articles 1000000` writes docs/performance.md.

tests/test_plans.py asserts the same of 100,000 rows that it makes itself.
"""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from psycopg import adapters
from psycopg._queries import PostgresQuery
from psycopg.adapt import Transformer

PAGE = Path(__file__).resolve().parent.parent / "docs" / "performance.md"
MOST_READ = 1000
"""So many rows may be read through or sorted: PostgreSQL does so with small tables, and with a page."""
BEGIN, END = "<!-- plans -->", "<!-- end of plans -->"


@dataclass(frozen=True)
class Plan:
    """One statement as PostgreSQL ran it: `nodes` are its steps from the top down, each with its depth."""

    sql: str
    nodes: list[tuple[int, dict]]
    milliseconds: float

    def faults(self) -> list[str]:
        """Return what would grow with the house: many rows read through, many rows sorted."""
        found = []
        for _, node in self.nodes:
            rows = node["Actual Rows"] * node["Actual Loops"]
            if node["Node Type"] == "Seq Scan" and rows + node.get("Rows Removed by Filter", 0) > MOST_READ:
                found.append(f"reads {node['Relation Name']} through")
            if "Sort" in node["Node Type"] and rows > MOST_READ:
                found.append(f"sorts {rows} rows")
        return found

    def lines(self) -> Iterator[str]:
        for depth, node in self.nodes:
            name = " ".join(filter(None, [node["Node Type"], node.get("Index Name") or node.get("Relation Name")]))
            yield f"{'  ' * depth}{name} ({node['Actual Rows']} rows × {node['Actual Loops']})"


@contextmanager
def explained(connection):
    """Collect the plans of all statements that only read, as they are run."""
    found: list[Plan] = []

    def run(execute, sql, params, many, context):
        if sql.lstrip().startswith(("SELECT", "WITH")):
            with connection.connection.cursor() as cursor:
                top = explanation(cursor, sql, params)
            found.append(Plan(sql, list(nodes(top["Plan"])), top["Execution Time"]))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(run):
        yield found


def explanation(cursor, sql: str, params: list | dict) -> dict:
    """Return what PostgreSQL says of a statement; one whose values have names is planned for all values alike."""
    if not isinstance(params, dict):
        return cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}", params).fetchone()[0][0]
    query = PostgresQuery(Transformer(cursor))
    query.convert(sql, params)
    kinds = ", ".join(adapters.types[oid].name if oid else "unknown" for oid in query.types)
    cursor.execute(f"PREPARE explained ({kinds}) AS {query.query.decode()}".replace(" ()", ""))
    given = ", ".join(f"%({name})s" for name in query._order)
    answer = cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) EXECUTE explained ({given})".replace(" ()", ""), params)
    top = answer.fetchone()[0][0]
    cursor.execute("DEALLOCATE explained")
    return top


def nodes(node: dict, depth: int = 0) -> Iterator[tuple[int, dict]]:
    yield depth, node
    for below in node.get("Plans", ()):
        yield from nodes(below, depth + 1)


def endpoints(slug: str, article: UUID, cursor: str, person: str, section: str, month: str) -> dict[str, str]:
    """Return what readers ask for: name -> address."""
    return {
        "list": "/api/v1/articles/",
        "deep list": f"/api/v1/articles/?cursor={cursor}",
        "by person": f"/api/v1/articles/?person={person}",
        "by section": f"/api/v1/articles/?section={section}",
        "by person and section": f"/api/v1/articles/?person={person}&section={section}",
        "by two kinds": "/api/v1/articles/?kind=news,review",
        "oldest first": f"/api/v1/articles/?section={section}&ordering=published",
        "by last change": "/api/v1/articles/?ordering=-updated",
        "by title": "/api/v1/articles/?ordering=title",
        "by language": "/api/v1/articles/?locale=en",
        "without a photo": "/api/v1/articles/?lead=none",
        "all of several": f"/api/v1/articles/?person={person}&section={section}&match=all",
        "but for one": "/api/v1/articles/?exclude_id=01980c2e-7b1a-7c3d-9e4f-5a6b7c8d9e0f",
        "counted": f"/api/v1/articles/?person={person}&section={section}&count=true",
        "all counted": "/api/v1/articles/?count=true",
        "related": f"/api/v1/related/?for={slug}",
        "related cards": f"/api/v1/articles/{slug}/?expand=related,authors",
        "by id": f"/api/v1/articles/{article}/",
        "people by name": "/api/v1/people/?ordering=name",
        "people who begin so": f"/api/v1/people/?starts_with={person[:2]}",
        "works by title": "/api/v1/works/?ordering=title",
        "works by release": "/api/v1/works/?ordering=-release_date",
        "months": "/api/v1/archive/",
        "archive": f"/api/v1/archive/{month}/",
        "article": f"/api/v1/articles/{slug}/",
        "updates": "/api/v1/updates/?since=2020-01-01",
        "feed": "/feeds/rss.xml",
        "search": "/api/v1/search/?q=singer+carpet",
        "misspelled search": "/api/v1/search/?q=okonjoo+carpt",
    }


def plans_of(client, connection, addresses: dict[str, str]) -> dict[str, list[Plan]]:
    """Ask for every address once to warm up and once to explain it."""
    found = {}
    for name, address in addresses.items():
        answer = client.get(address, headers={"Host": "127.0.0.1"})
        if answer.status_code != 200:
            raise RuntimeError(f"{address} answers {answer.status_code}")
        with explained(connection) as plans:
            client.get(address, headers={"Host": "127.0.0.1"})
        found[name] = plans
    return found


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.plans")
    parser.add_argument("--articles", type=int, default=10_000)
    articles = parser.parse_args().articles
    from . import __main__ as bench

    bench.use("postgres", articles)
    import django

    django.setup()
    from django.db import connection
    from django.test import Client

    from articles.models import LiveDocument

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    workloads = bench.workloads(articles)
    cursor = workloads["deep list"][0].partition("cursor=")[2]
    addresses = endpoints(
        "story-5",
        LiveDocument.objects.get(slug="story-5", status=200).article_id,
        cursor,
        "person-0",
        "section-3",
        "2016/1",
    )
    write(plans_of(Client(), connection, addresses), articles)


def write(found: dict[str, list[Plan]], articles: int) -> None:
    """Replace the plans in docs/performance.md by these."""
    parts = [f"Taken at {articles:,} articles.\n"]
    for name, plans in found.items():
        parts.append(f"### {name}\n")
        for plan in plans:
            faults = f" **{', '.join(plan.faults())}**" if plan.faults() else ""
            parts.append("\n".join(["```", *plan.lines(), "```", f"{plan.milliseconds:.2f} ms{faults}\n"]))
    text = PAGE.read_text()
    head, rest = text.split(BEGIN)
    PAGE.write_text(f"{head}{BEGIN}\n\n" + "\n".join(parts) + f"\n{END}{rest.partition(END)[2]}")


if __name__ == "__main__":
    main()
