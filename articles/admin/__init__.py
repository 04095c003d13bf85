"""The newsroom's side of the admin, a file per noun."""

from . import accounts, article, failed_tasks, integrations, log, logged, photo, topics

__all__ = ["accounts", "article", "failed_tasks", "integrations", "log", "logged", "photo", "topics"]
