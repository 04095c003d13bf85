"""How many of something, in words: the one rule for every sentence."""


def counted(number: int, one: str, many: str = "") -> str:
    """Return “1 photo”, “1,200 photos”; `many` is the plural where it is no “s” at the end."""
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"
