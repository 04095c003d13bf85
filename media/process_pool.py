"""Work for several processes, with results in order, so that noted progress never runs ahead of what is done."""

import gc
import multiprocessing
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from typing import Any

import django


def in_order(work: Callable[[Any], Any], pieces: Iterable[Any], workers: int) -> Iterator[tuple[Any, Any]]:
    """Yield (piece, result) in the order of the pieces; with one worker all is done here.

    `work` is a function of a module, and at most three pieces a worker are under way.
    """
    if workers == 1:
        yield from ((piece, _undisturbed(work, piece)) for piece in pieces)
        return
    # Never forked: two processes must not share a connection to the database.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=context, initializer=django.setup) as pool:
        waiting: deque[tuple[Any, Future]] = deque()
        for piece in pieces:
            waiting.append((piece, pool.submit(_undisturbed, work, piece)))
            if len(waiting) == 3 * workers:
                first, future = waiting.popleft()
                yield first, future.result()
        yield from ((piece, future.result()) for piece, future in waiting)


def _undisturbed(work: Callable[[Any], Any], piece: Any) -> Any:
    """Collect a piece's garbage once, when it is done: looking through its rows while they grow costs a fifth of the work."""
    gc.freeze()
    gc.disable()
    try:
        return work(piece)
    finally:
        gc.collect()
        gc.unfreeze()
        gc.enable()
