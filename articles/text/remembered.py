"""Remembers what texts were read as: a save reads the same text several times, before and in its transaction."""

from collections import OrderedDict
from collections.abc import Callable
from functools import update_wrapper
from threading import Lock
from typing import Generic, TypeVar

Found = TypeVar("Found")

MOST_CHARACTERS = 8_000_000
"""Of all texts together that one function remembers: some of the largest, or some thousand of the usual ones."""


class Remembered(Generic[Found]):
    """A pure function of one text that remembers the texts it was asked last. `reads` counts those it had to read."""

    def __init__(self, read: Callable[[str], Found]) -> None:
        self.read, self.reads = read, 0
        self.cache_clear()
        update_wrapper(self, read)

    def cache_clear(self) -> None:
        self.kept: OrderedDict[str, Found] = OrderedDict()
        self.held, self.turn = 0, Lock()

    def __call__(self, text: str) -> Found:
        with self.turn:
            if text in self.kept:
                self.kept.move_to_end(text)
                return self.kept[text]
        self.reads += 1
        found = self.read(text)
        self.remember(text, found)
        return found

    def remember(self, text: str, found: Found) -> None:
        """Remember what a text is read as, for whoever asks next."""
        with self.turn:
            self.held += 0 if text in self.kept else len(text)
            self.kept[text] = found
            while self.held > MOST_CHARACTERS and len(self.kept) > 1:
                forgotten, _ = self.kept.popitem(last=False)
                self.held -= len(forgotten)
