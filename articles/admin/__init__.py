"""The newsroom's side of the admin, a file per noun."""

from .. import photo_desk
from . import article, log, outside, topics

__all__ = ["article", "log", "outside", "photo_desk", "topics"]
