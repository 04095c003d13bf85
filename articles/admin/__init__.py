"""The newsroom's side of the admin, a file per noun."""

from . import article, integrations, log, photo, topics

__all__ = ["article", "integrations", "log", "photo", "topics"]
