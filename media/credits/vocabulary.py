"""The names a photo desk knows, and the words by which an unknown name tells what it is."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from pathlib import Path

_SEED = Path(__file__).with_name("vocabulary.json")
PHOTO_KINDS = frozenset({"agency", "wire", "collection"})
_MIN_FUZZY = 9


@dataclass(frozen=True)
class Organisation:
    """Who can stand in a credit beside the photographer. `kind` is agency, wire, collection, studio, broadcaster,
    streamer, platform, publication or other; `parent` the house it is a part of, as Invision is of AP."""

    name: str
    kind: str
    parent: str | None = None


_SILENT = re.compile(r"[^\w!+]|_")


@lru_cache(maxsize=8192)
def fold(text: str) -> str:
    """Return the form in which names are compared: no case, accents, spaces or punctuation, so that "WIRE IMAGE" is
    "WireImage". "!" and "+" stay, because E! and Disney+ are not E and Disney."""
    return _folded(text)


def _folded(text: str) -> str:
    return _SILENT.sub("", unicodedata.normalize("NFKD", text.casefold().replace("&", "and")))


@lru_cache(maxsize=1)
def _seed() -> Mapping[str, list[object]]:
    seed: Mapping[str, list[object]] = json.loads(_SEED.read_text(encoding="utf-8"))
    return seed


@lru_cache(maxsize=4)
def words_of(key: str) -> frozenset[str]:
    return frozenset(fold(str(word)) for word in _seed()[key])


class Organisations(dict[str, Organisation]):
    """Organizations by the folded names they are known under; never changed once they are in a vocabulary."""

    @cached_property
    def one_letter_away(self) -> Mapping[str, Organisation]:
        long_names = {key: org for key, org in self.items() if len(key) >= _MIN_FUZZY}
        near = {short: org for key, org in long_names.items() for short in _without_a_letter(key)}
        return near | long_names


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """The names a desk knows. Lookups ignore case, spaces, accents and a leading "the"."""

    _organisations: Organisations
    _photographers: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def build(
        cls,
        organisations: Iterable[tuple[str, str, Iterable[str]]],
        photographers: Iterable[tuple[str, Iterable[str]]] = (),
        parents: Mapping[str, str] | None = None,
    ) -> Vocabulary:
        """From rows of (name, kind, aliases) and (name, aliases), and which house is a part of which.

        A name beats another row's alias.
        """
        known: dict[str, Organisation] = {}
        part_of = parents or {}
        rows = [
            (Organisation(name, kind, part_of.get(name)), list(spellings)) for name, kind, spellings in organisations
        ]
        for organisation, _ in rows:
            known.setdefault(_key(organisation.name), organisation)
        for organisation, aliases in rows:
            for alias in aliases:
                known.setdefault(_key(alias), organisation)
        known.pop("", None)
        people: dict[str, str] = {}
        for name, spellings in photographers:
            people.update({_folded(spelling): name for spelling in (*spellings, name)})
        return cls(Organisations(known), people)

    def with_photographers(self, names: Iterable[str]) -> Vocabulary | None:
        """Return this vocabulary and these people; None if one of them is known already by another spelling."""
        added = {_folded(name): name for name in names}
        return (
            None
            if added.keys() & self._photographers.keys()
            else replace(self, _photographers={**self._photographers, **added})
        )

    @classmethod
    def seed(cls) -> Vocabulary:
        """Return the vocabulary a new desk starts with, read from vocabulary.json."""
        return _seed_vocabulary()

    def organisation(self, text: str) -> Organisation | None:
        """Return the organization of this name. One of a single letter, "X", is known by its capital only."""
        found = self._organisations.get(_key(text))
        return found if found and (len(found.name) > 1 or text.strip() == found.name) else None

    def photographer(self, text: str) -> str | None:
        return self._photographers.get(fold(text))

    def misspelt(self, text: str) -> Organisation | None:
        """Return the organization whose long name differs from this text by one letter."""
        key = _key(text)
        if len(key) < _MIN_FUZZY:
            return None
        near = self._organisations.one_letter_away
        return next((near[short] for short in (key, *_without_a_letter(key)) if short in near), None)


@lru_cache(maxsize=1)
def _seed_vocabulary() -> Vocabulary:
    entries = [row for row in _seed()["organisations"] if isinstance(row, dict)]
    parents = {row["name"]: row["parent"] for row in entries if row.get("parent")}
    return Vocabulary.build([(row["name"], row["kind"], row["aliases"]) for row in entries], parents=parents)


def _key(text: str) -> str:
    key = fold(text)
    return key[3:] if key.startswith("the") and text.lower().startswith("the ") and len(key) > 3 else key


def _without_a_letter(key: str) -> Iterator[str]:
    return (key[:i] + key[i + 1 :] for i in range(len(key)))
