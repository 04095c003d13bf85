"""The words of live stories, to find what a misspelled one was to be.

They are kept apart from the stories, and one may stay when its last story is gone. So none is ever named to a reader
unless an article that was found, and is live, has it as it is spelled (`as_found`).
"""

# Statements are built from constants of this file; words are always parameters.
# ruff: noqa: S608

import json
from collections.abc import Iterable
from dataclasses import replace
from itertools import islice
from typing import Any

from django.db import connection, connections

from ..text import search_terms, spelling
from ..text.search_terms import Query, words
from .search_entry import SearchVariant, SearchWord

MOST_CANDIDATES = 400
MOST_TRIED = 2
AT_ONCE = 500
SWEPT = 500


# Keeping


def learn(texts: Iterable[str]) -> None:
    """Keep the words of these folded texts: one statement, and two more if a word is new."""
    found = sorted({word for text in texts for word in text.split(" ") if spelling.is_spelled(word)})
    if not found:
        return
    with connection.cursor() as cursor:
        cursor.execute(LEARN[connection.vendor], [_many(found)])
        new = sorted(word for (word,) in cursor.fetchall())
    rows = [SearchVariant(variant=variant, word=word) for word in new for variant in spelling.variants(word)]
    SearchVariant.objects.bulk_create(rows, ignore_conflicts=True, batch_size=2000)


def forget(found: Iterable[str]) -> int:
    """Remove those of these folded words that no story in the index has any more. Return how many."""
    rest, gone = iter(sorted(set(filter(spelling.is_spelled, found)))), 0
    while some := list(islice(rest, AT_ONCE)):
        with connection.cursor() as cursor:
            cursor.execute(NOWHERE[connection.vendor], [_many(some)])
            lost = [word for (word,) in cursor.fetchall()]
        keys = {variant for word in lost for variant in spelling.variants(word)}
        SearchVariant.objects.filter(variant__in=keys, word__in=lost).delete()
        gone += SearchWord.objects.filter(word__in=lost).delete()[0]
    return gone


def sweep(after: int) -> int:
    """Forget what is nowhere any more among the next words after this key; return the last one, 0 at the end."""
    some = list(SearchWord.objects.filter(pk__gt=after).order_by("pk").values_list("pk", "word")[:SWEPT])
    forget(word for _, word in some)
    return some[-1][0] if len(some) == SWEPT else 0


def _many(found: list[str]) -> Any:
    return found if connection.vendor == "postgresql" else json.dumps(found)


# Finding


def corrected(query: Query) -> list[Query]:
    """Return what may have been meant by a query that found nothing, the likeliest first; one statement."""
    asked = [word for term in query.wanted for word in term.words if spelling.is_spelled(word)]
    if not asked:
        return []
    with connections[SearchWord.objects.db].cursor() as cursor:
        keys = sorted({variant for word in asked for variant in spelling.variants(word)})
        cursor.execute(CANDIDATES.format(", ".join(["%s"] * len(keys))), keys)
        known = [word for (word,) in cursor.fetchall()]
    wrong = [word for word in asked if word not in known] or (asked if len(asked) == 1 else [])
    choices = {word: spelling.meant(word, known)[:MOST_TRIED] for word in wrong}
    if not wrong or not all(choices.values()):
        return []
    tries = max(map(len, choices.values()))
    return [
        _with(query, {word: found[min(number, len(found) - 1)] for word, found in choices.items()})
        for number in range(tries)
    ]


def _with(query: Query, instead: dict[str, str]) -> Query:
    """Return a query with other words, all of them finished."""
    return Query(tuple(
        term if term.excluded else replace(
            term, words=tuple(instead.get(word, word) for word in term.words),
            prefix=term.prefix and term.words[-1] not in instead,
        )
        for term in query.terms
    ))  # fmt: skip


def as_found(query: Query, meant: Query, documents: Iterable[dict]) -> Query | None:
    """Return what was meant with each corrected word as these documents spell it; None if none of them does."""
    there: set[str] | None = None
    instead = {}
    for word, other in _changed(query, meant):
        there = set().union(*map(_words_of, documents)) if there is None else there
        near = [other] if other in there else spelling.meant(word, sorted(there))
        if not near:
            return None
        instead[other] = near[0]
    return _with(meant, instead)


def _changed(query: Query, meant: Query) -> list[tuple[str, str]]:
    pairs = zip(query.wanted, meant.wanted, strict=True)
    return [
        (word, other) for one, two in pairs for word, other in zip(one.words, two.words, strict=True) if word != other
    ]


def _words_of(document: dict) -> set[str]:
    """Return the folded words a reader of a delivered document sees."""
    named = [each.get("name") or each.get("title") for each in (*document["people"], *document["works"])]
    texts = [document["headline"], *document["headlines"].values(), document["standfirst"], *named]
    return {word for text in (*texts, search_terms.prose(document["body"])) for word in words(text)}


LEARN = {
    vendor: f"""
    INSERT INTO articles_searchword (word) SELECT given.word FROM {given}
    WHERE NOT EXISTS (SELECT 1 FROM articles_searchword known WHERE known.word = given.word)
    ON CONFLICT DO NOTHING RETURNING word"""
    for vendor, given in {
        "postgresql": "unnest(%s::text[]) AS given (word)",
        "sqlite": "(SELECT value AS word FROM json_each(%s)) AS given",
    }.items()
}
# Frequent words are in the newest stories: to look for those everywhere would take their whole list.
NOWHERE = {
    "postgresql": """
    SELECT known.word FROM articles_searchword known WHERE known.word = ANY(%s::text[]) AND NOT EXISTS (
        SELECT 1 FROM (SELECT vector FROM articles_searchentry ORDER BY key DESC LIMIT 200) newest
        WHERE newest.vector @@ plainto_tsquery('marquee', known.word)
    ) AND NOT EXISTS (
        SELECT 1 FROM articles_searchentry entry WHERE entry.vector @@ plainto_tsquery('marquee', known.word))""",
    "sqlite": """
    SELECT known.word FROM articles_searchword known WHERE known.word IN (SELECT value FROM json_each(%s))
    AND NOT EXISTS (SELECT 1 FROM articles_search WHERE articles_search MATCH '"' || known.word || '"')""",
}
# Those met first are the frequent ones, more often than not.
CANDIDATES = f"""
    SELECT word FROM articles_searchword WHERE word IN (
        SELECT word FROM articles_searchvariant WHERE variant IN ({{}})) ORDER BY id LIMIT {MOST_CANDIDATES}"""
