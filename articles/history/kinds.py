"""What kind of story it is. Facets store a kind by its number, so that new kinds go to the end."""

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
    """Return a kind's place in the list of kinds, as facets store it."""
    return list(Kind.values).index(kind) + 1
