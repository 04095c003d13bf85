"""The kinds of story. Facets store a kind by its number, so new kinds must be added at the end."""

from django.db import models


class Kind(models.TextChoices):
    NEWS = "news", "news"
    FEATURE = "feature", "feature"
    INTERVIEW = "interview", "interview"
    REVIEW = "review", "review"
    OBITUARY = "obituary", "obituary"
    GALLERY = "gallery", "gallery"
    LIST = "list", "list"
    OPINION = "opinion", "opinion"


def kind_number(kind: str) -> int:
    """Return the number that facets store for a kind: its place in the list."""
    return list(Kind.values).index(kind) + 1


def kind_of(number: int) -> str:
    """Return the kind that facets store as this number."""
    return Kind.values[number - 1]
