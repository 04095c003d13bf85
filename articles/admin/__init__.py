"""The newsroom's side of the admin, a file per noun."""

from . import article, log, outside, topics

__all__ = ["article", "log", "outside", "topics"]
