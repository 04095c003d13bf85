"""Words that may be misspelled, and the words that may have been meant. Pure.

Two words are one slip apart (a letter too many, too few, wrong, or two exchanged) if taking at most one letter out of
each makes them the same. So every word is kept under its variants, itself and itself without each of its letters, and
what was meant is found by looking a few of them up: the same on every database, with no extension.
"""

from collections.abc import Iterable

SHORTEST, LONGEST = 4, 40
KEYED = 7
"""Of a longer word the first letters alone make its variants: eight rows for a word, whatever its length."""
MUCH = 6
"""A word of so many letters may have two slips in it, a shorter one."""


def is_spelled(word: str) -> bool:
    """Return True for a folded word that is kept: of letters alone, neither short nor endless."""
    return SHORTEST <= len(word) <= LONGEST and word.isalpha()


def variants(word: str) -> list[str]:
    """Return what a word is looked up by."""
    begins = word[:KEYED]
    return sorted({begins, *(begins[:at] + begins[at + 1 :] for at in range(len(begins)))})


def slips(one: str, other: str, most: int) -> int | None:
    """Return how many slips lie between two words, or None if more than `most`."""
    if abs(len(one) - len(other)) > most:
        return None
    before: list[int] = []
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one, 1):
        earlier, before, row = before, row, [at]
        for place, another in enumerate(other, 1):
            cost = min(before[place] + 1, row[place - 1] + 1, before[place - 1] + (letter != another))
            if at > 1 and place > 1 and letter == other[place - 2] and one[at - 2] == another:
                cost = min(cost, earlier[place - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return None
    return row[-1] if row[-1] <= most else None


def meant(word: str, known: Iterable[str]) -> list[str]:
    """Return the known words that may have been meant, the likeliest first; of equals those that come first."""
    most = 2 if len(word) >= MUCH else 1
    found = []
    for place, each in enumerate(known):
        count = slips(word, each, most)
        if count:
            found.append((count, each[0] != word[0], place, each))
    return [each for *_, each in sorted(found)]
