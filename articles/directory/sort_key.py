"""How names are sorted: folded, and compared byte by byte, so that both databases put them in one order."""

from typing import Any

from django.db import models

from media.words.search_terms import fold, words

LONGEST = 200


def sort_key(name: str) -> bytes:
    """Return what a name is sorted by: its words in small letters without accents, “agnes varda” for “Ágnes Varda”."""
    return (" ".join(words(name)) or fold(name).replace("\0", ""))[:LONGEST].encode()


class SortKeyField(models.BinaryField):
    """Keeps the sort key of the row's `name_to_sort`. Empty in rows that the release before wrote; see `fill_sort_keys`."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options | {"null": True, "editable": False})

    def pre_save(self, row: Any, add: bool) -> bytes | None:
        # Tables of a migration know their columns alone.
        key = sort_key(row.name_to_sort) if hasattr(row, "name_to_sort") else getattr(row, self.attname)
        setattr(row, self.attname, key)
        return key


class SortedQuerySet(models.QuerySet):
    def fill_sort_keys(self, at_once: int = 1000) -> int:
        """Give every row that lacks its sort key one. Return how many did."""
        filled = 0
        while rows := list(self.filter(sort_key=None)[:at_once]):
            for row in rows:
                row.sort_key = sort_key(row.name_to_sort)
            filled += self.model._base_manager.bulk_update(rows, ["sort_key"], batch_size=100)
        return filled
