"""What somebody typed into a search box of the desk."""

MOST_WORDS = 10
"""So many words narrow a search to what can be looked at; each more costs a look at every row."""


def typed_words(text: str) -> list[str]:
    """Return the first words of a search, each once."""
    return list(dict.fromkeys(text.split()))[:MOST_WORDS]
