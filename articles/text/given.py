"""What a request gives us besides forms: numbers and JSON, read so that nothing in them can break what comes after. Pure."""

import json
import math
import re
from typing import Any, NoReturn

DEEPEST = 100
LARGEST_KEY = 2**63 - 1
"""The largest key of a row, and of a whole number in JSON, that a database can compare with."""


def whole_number(text: object, most: int = LARGEST_KEY) -> int | None:
    """Return a number of plain digits from 0 to `most`; None for anything else."""
    if isinstance(text, int) and not isinstance(text, bool):
        return text if 0 <= text <= most else None
    if not isinstance(text, str) or not re.fullmatch(r"[0-9]{1,19}", text):
        return None
    return int(text) if int(text) <= most else None


def json_object(data: bytes) -> dict[str, Any]:
    """Return the object that JSON holds. Raises ValueError for any other JSON, and for what no database can keep."""
    try:
        found = json.loads(data.decode(), parse_constant=_no_constant, parse_float=_finite)
    except RecursionError:
        raise ValueError(_TOO_DEEP) from None
    if not isinstance(found, dict):
        raise ValueError("Send a JSON object.")
    _check(found)
    return found


_TOO_DEEP = f"lists and objects may be nested {DEEPEST} deep at most"


def _check(found: dict[str, Any]) -> None:
    below: list[Any] = [found]
    for _ in range(DEEPEST):
        for text in below:
            if isinstance(text, str):
                _check_text(text)
        below = [part for value in below for part in _parts(value)]
        if not below:
            return
    raise ValueError(_TOO_DEEP)


def _parts(value: object) -> list[Any]:
    if isinstance(value, dict):
        return [*value, *value.values()]
    return value if isinstance(value, list) else []


def _check_text(text: str) -> None:
    text.encode()
    if "\0" in text:
        raise ValueError("texts must not hold the character NUL")


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


def _finite(digits: str) -> float:
    number = float(digits)
    if math.isinf(number):
        raise ValueError(f"{digits[:40]} is too large a number")
    return number
