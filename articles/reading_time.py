"""How long a story takes to read."""

import math

WORDS_PER_MINUTE = 238


def reading_time(words: int) -> int:
    """Minutes to read so many words, rounded up, at least 1."""
    return max(1, math.ceil(words / WORDS_PER_MINUTE))
