"""The newsroom's side of the admin, a file per noun."""

from . import article, failed_tasks, integrations, log, photo, topics

__all__ = ["article", "failed_tasks", "integrations", "log", "photo", "topics"]
