"""The words of indexed texts, to find what a misspelled one was to be. Each index has a dictionary of its own."""

# Statements are built from constants and names of tables; words are always parameters.
# ruff: noqa: S608

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from django.db import connection, connections, models

from . import spelling
from .search_terms import Query

MOST_CANDIDATES = 400
MOST_TRIED = 2
AT_ONCE = 500
SWEPT = 500


class KnownWord(models.Model):
    """A folded word of texts that are or were indexed."""

    word = models.CharField(max_length=spelling.LONGEST)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.word


class KnownVariant(models.Model):
    """What a word is looked up by: its beginning, and that without one of its letters."""

    variant = models.CharField(max_length=spelling.KEYED)
    word = models.CharField(max_length=spelling.LONGEST)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.variant} of {self.word}"


@dataclass(frozen=True)
class Dictionary:
    """The words of one index. They are kept apart from its texts, and one may stay when the last text with it is gone."""

    words: type[KnownWord]
    variants: type[KnownVariant]
    nowhere: Mapping[str, str]
    """For each database the condition that no indexed text has the word `known.word`."""

    def learn(self, texts: Iterable[str]) -> None:
        """Keep the words of these folded texts: one statement, and two more if a word is new."""
        found = sorted({word for text in texts for word in text.split(" ") if spelling.is_spelled(word)})
        if not found:
            return
        with connection.cursor() as cursor:
            cursor.execute(LEARN[connection.vendor].format(words=self.words._meta.db_table), [_many(found)])
            new = sorted(word for (word,) in cursor.fetchall())
        rows = [self.variants(variant=variant, word=word) for word in new for variant in spelling.variants(word)]
        self.variants._default_manager.bulk_create(rows, ignore_conflicts=True, batch_size=2000)

    def forget(self, found: Iterable[str]) -> int:
        """Remove those of these folded words that no text in the index has any more. Return how many."""
        rest, gone = iter(sorted(set(filter(spelling.is_spelled, found)))), 0
        while some := list(islice(rest, AT_ONCE)):
            with connection.cursor() as cursor:
                cursor.execute(self._lost(), [_many(some)])
                lost = [word for (word,) in cursor.fetchall()]
            keys = {variant for word in lost for variant in spelling.variants(word)}
            self.variants._default_manager.filter(variant__in=keys, word__in=lost).delete()
            gone += self.words._default_manager.filter(word__in=lost).delete()[0]
        return gone

    def _lost(self) -> str:
        known = f"SELECT known.word FROM {self.words._meta.db_table} known WHERE known.word {AMONG[connection.vendor]}"
        return f"{known} AND {self.nowhere[connection.vendor]}"

    def sweep(self, after: int) -> int:
        """Forget what is nowhere any more among the next words after this key; return the last one, 0 at the end."""
        rows = self.words._default_manager.filter(pk__gt=after).order_by("pk")
        some = list(rows.values_list("pk", "word")[:SWEPT])
        self.forget(word for _, word in some)
        return some[-1][0] if len(some) == SWEPT else 0

    def corrected(self, query: Query) -> list[Query]:
        """Return what may have been meant by a query that found nothing, the likeliest first; one statement."""
        asked = [word for term in query.wanted for word in term.words if spelling.is_spelled(word)]
        if not asked:
            return []
        keys = sorted({variant for word in asked for variant in spelling.variants(word)})
        tables = {"words": self.words._meta.db_table, "variants": self.variants._meta.db_table}
        with connections[self.words._default_manager.db].cursor() as cursor:
            cursor.execute(CANDIDATES.format(**tables, keys=", ".join(["%s"] * len(keys))), keys)
            known = [word for (word,) in cursor.fetchall()]
        wrong = [word for word in asked if word not in known] or (asked if len(asked) == 1 else [])
        choices = {word: spelling.meant(word, known)[:MOST_TRIED] for word in wrong}
        if not wrong or not all(choices.values()):
            return []
        tries = max(map(len, choices.values()))
        return [
            exchanged(query, {word: found[min(number, len(found) - 1)] for word, found in choices.items()})
            for number in range(tries)
        ]


def exchanged(query: Query, instead: Mapping[str, str]) -> Query:
    """Return a query with other words, all of them finished."""
    return Query(tuple(
        term if term.excluded else replace(
            term, words=tuple(instead.get(word, word) for word in term.words),
            prefix=term.prefix and term.words[-1] not in instead,
        )
        for term in query.terms
    ))  # fmt: skip


def _many(found: list[str]) -> Any:
    return found if connection.vendor == "postgresql" else json.dumps(found)


LEARN = {
    vendor: f"""
    INSERT INTO {{words}} (word) SELECT given.word FROM {given}
    WHERE NOT EXISTS (SELECT 1 FROM {{words}} known WHERE known.word = given.word)
    ON CONFLICT DO NOTHING RETURNING word"""
    for vendor, given in {
        "postgresql": "unnest(%s::text[]) AS given (word)",
        "sqlite": "(SELECT value AS word FROM json_each(%s)) AS given",
    }.items()
}
AMONG = {"postgresql": "= ANY(%s::text[])", "sqlite": "IN (SELECT value FROM json_each(%s))"}
# Those met first are the frequent ones, more often than not.
CANDIDATES = f"""
    SELECT word FROM {{words}} WHERE word IN (
        SELECT word FROM {{variants}} WHERE variant IN ({{keys}})) ORDER BY id LIMIT {MOST_CANDIDATES}"""
