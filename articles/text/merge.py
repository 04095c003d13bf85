"""Two texts that began as one become one again, block by block.

What only one of the two changed, moved, wrote or deleted is taken. What both changed is a clash, and somebody decides.
Pure.
"""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from .body import Block, Prose, join, split, with_ids

Side = Literal["mine", "theirs", "both"]
SIDES: tuple[Side, ...] = ("both", "mine", "theirs")
Rows = dict[str, Block]
"""The blocks of a text by their ids, in order."""


@dataclass(frozen=True)
class Clash:
    """A block both changed; None stands for one that was deleted, or was not there.

    `has_moved` says that both moved it; then `after` is the block that mine stands after, None at the start.
    """

    id: str
    mine: Block | None
    theirs: Block | None
    has_moved: bool = False
    after: str | None = None

    @property
    def choices(self) -> tuple[Side, ...]:
        """Return what can become of it, first what loses no word."""
        if self.mine is None:
            return ("theirs", "mine")
        both_wrote = isinstance(self.mine, Prose) and isinstance(self.theirs, Prose) and self.mine != self.theirs
        return SIDES if both_wrote else ("mine", "theirs")

    def settled(self, choice: str | None) -> list[Block]:
        """Return the blocks that take its place. Their words stand first where both stay."""
        choice = choice if choice in self.choices else self.choices[0]
        theirs = [self.theirs] if self.theirs and choice != "mine" else []
        mine = [replace(self.mine, id="") if theirs else self.mine] if self.mine and choice != "theirs" else []
        return [*theirs, *mine]


@dataclass(frozen=True)
class Merged:
    """The blocks of both texts in one order."""

    blocks: tuple[Block | Clash, ...]

    @property
    def clashes(self) -> tuple[Clash, ...]:
        return tuple(block for block in self.blocks if isinstance(block, Clash))

    def html(self, choices: Mapping[str, str] | None = None) -> str:
        """Return the body, its clashes settled by these choices, by the id of the block, or so that no word is lost."""
        choices = choices or {}
        order = {block.id: block for block in self.blocks}
        for clash in self.clashes:
            if clash.has_moved and choices.get(clash.id, clash.choices[0]) == "mine":
                order = _after(order, clash)
        blocks = (
            block.settled(choices.get(block.id)) if isinstance(block, Clash) else [block] for block in order.values()
        )
        return join(with_ids([block for group in blocks for block in group]))


def merge(base: str, mine: str, theirs: str) -> Merged:
    """Return what becomes of two bodies that both began as `base`."""
    was, here, there = (_rows(html) for html in (base, mine, theirs))
    twice = _moved_twice(was, here, there)
    blocks = (_merged(id, was.get(id), here.get(id), there.get(id), twice.get(id)) for id in _order(was, here, there))
    return Merged(tuple(block for block in blocks if block is not None))


def side(base: Any, mine: Any, theirs: Any) -> Literal["mine", "theirs"] | None:
    """Return whose value is taken, or None where both changed it to different ones."""
    if mine in (theirs, base):
        return "theirs"
    return "mine" if theirs == base else None


def rising(places: Sequence[int]) -> list[int]:
    """Return where the longest row of rising numbers stands among these."""
    ends: list[int] = []
    last: list[int] = []
    before: list[int | None] = []
    for at, place in enumerate(places):
        length = bisect_left(ends, place)
        before.append(last[length - 1] if length else None)
        ends[length : length + 1], last[length : length + 1] = [place], [at]
    return list(_followed(last[-1] if last else None, before))[::-1]


def _followed(at: int | None, before: list[int | None]) -> Iterator[int]:
    while at is not None:
        yield at
        at = before[at]


def _rows(html: str) -> Rows:
    return {block.id: block for block in with_ids(split(html))}


def _merged(
    id: str, base: Block | None, mine: Block | None, theirs: Block | None, moved: tuple[str | None] | None
) -> Block | Clash | None:
    taken = side(base, mine, theirs)
    block = mine if taken == "mine" else theirs
    if moved is not None and (taken is None or block is not None):
        return Clash(id, mine if taken is None else block, theirs if taken is None else block, True, *moved)
    return Clash(id, mine, theirs) if taken is None else block


# ---- the order -------------------------------------------------------------------------------------------------------


def _moved(was: Rows, now: Rows) -> set[str]:
    """Return the fewest blocks that must have moved."""
    places = {id: place for place, id in enumerate(was)}
    common = [id for id in now if id in was]
    stayed = {common[at] for at in rising([places[id] for id in common])}
    return {id for id in common if id not in stayed}


def _before(rows: Rows) -> dict[str, str | None]:
    """Return which block each one stands after."""
    ids = list(rows)
    return dict(zip(ids, [None, *ids], strict=False))


def _moved_twice(was: Rows, mine: Rows, theirs: Rows) -> dict[str, tuple[str | None]]:
    """Return the blocks that both moved to different places, with what mine stands after."""
    here, there = _before(mine), _before(theirs)
    both = _moved(was, mine) & _moved(was, theirs)
    return {id: (here[id],) for id in both if here[id] != there[id]}


def _order(was: Rows, mine: Rows, theirs: Rows) -> list[str]:
    """Return the ids of both in their order, with what I moved or wrote put after what it stands after in mine."""
    own = _moved(was, mine) - _moved(was, theirs)
    kept = [id for id in theirs if id not in own]
    following: dict[str | None, str | None] = dict(zip([None, *kept], [*kept, None], strict=True))
    for id, before in _before(mine).items():
        if id in following:
            continue
        place = before
        # What both wrote in one place stands one after the other, theirs first.
        while (new := following[place]) is not None and new not in was and new not in mine:
            place = new
        following[id], following[place] = following[place], id
    return list(_linked(following))


def _linked(following: Mapping[str | None, str | None]) -> Iterator[str]:
    at = following[None]
    while at is not None:
        yield at
        at = following[at]


def _after(order: dict[str, Block | Clash], clash: Clash) -> dict[str, Block | Clash]:
    """Return the order with a block where mine has it; where that is gone, it stays."""
    if clash.after is not None and clash.after not in order:
        return order
    rest = [each for each in order.values() if each.id != clash.id]
    at = 0 if clash.after is None else 1 + [each.id for each in rest].index(clash.after)
    return {each.id: each for each in [*rest[:at], clash, *rest[at:]]}
