"""How likely words are a person's name, by the letters they are made of: for names that no list knows.

A logistic regression over runs of two to five letters and their place in the name, trained by bench/names.py. It only
speaks where the vocabulary and the shape of the words are silent (docs/decisions/0016).
"""

from __future__ import annotations

import json
import math
import unicodedata
from base64 import b64decode
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from zlib import crc32

MODEL = Path(__file__).with_name("name_model.json")
BUCKETS = 1 << 15
LONGEST = 5


@lru_cache(maxsize=4096)
def person_chance(text: str) -> float:
    """Return the chance, 0 to 1, that these words are a person's name and no company's, place's or title's."""
    weights, scale, bias = _weights()
    found = features(text)
    total = sum(weights[bucket] for bucket in found)
    return 1 / (1 + math.exp(-(bias + scale * total / math.sqrt(len(found) or 1))))


def features(text: str) -> list[int]:
    """Return the buckets that a name's letters fall into; case and accents count for nothing."""
    words = _plain(text).split()[:8]
    last = len(words) - 1
    found = [crc32(f"n{len(words)}".encode()) % BUCKETS]
    for index, word in enumerate(words):
        place = "1" if not last else "F" if not index else "L" if index == last else "M"
        found += [crc32(f"{place}{run}".encode()) % BUCKETS for run in _runs(f"<{word}>")]
    return found


def _runs(word: str) -> Iterator[str]:
    yield word
    for length in range(2, LONGEST + 1):
        for start in range(len(word) - length + 1):
            yield word[start : start + length]


def _plain(text: str) -> str:
    bare = "".join(char for char in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(char))
    return bare.translate(_SPOKEN)


_SPOKEN = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ı": "i", "æ": "ae", "’": "'", "-": " ", ".": " "})


@lru_cache(maxsize=1)
def _weights() -> tuple[list[int], float, float]:
    stored = json.loads(MODEL.read_text(encoding="ascii"))
    signed = memoryview(b64decode(stored["weights"])).cast("b")
    return signed.tolist(), stored["scale"], stored["bias"]
