"""Saved versions of a story."""

import hashlib
import json
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import models

from media.insert_only import InsertOnlyModel

from ..text import body


class Version(InsertOnlyModel):
    """The working copy as it was after a save that changed something. Written once."""

    article = models.ForeignKey("Article", on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    revision = models.PositiveIntegerField(
        null=True,
        help_text="The revision of the working copy that held this; none where it never did, or nobody noted it.",
    )
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    content = models.JSONField(help_text="The editorial content, with references by id.")
    content_hash = models.CharField(max_length=64)
    word_count = models.PositiveIntegerField()
    reading_time_minutes = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["article", "number"], name="version_number_once")]

    def __str__(self) -> str:
        return f"version {self.number}"


def content_hash(content: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def links_of(content: dict[str, Any]) -> frozenset[UUID]:
    """Return the ids of the stories that a version links to, in its text, as related stories and as the original of a translation."""
    original = original_of(content)
    linked = {*body.article_links(content["body"]), *(UUID(key) for key in content["related"])}
    return frozenset(linked | ({original} if original else set()))


def original_of(content: dict[str, Any]) -> UUID | None:
    """Return the id of the story that a version tells in another language, or None."""
    # Versions from before translations say nothing of them.
    return UUID(content["translation_of"]) if content.get("translation_of") else None
