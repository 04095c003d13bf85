"""Saved versions of a story."""

import hashlib
import json
import re
from typing import Any, NamedTuple
from uuid import UUID

from django.conf import settings
from django.db import models

from media.insert_only import InsertOnlyModel

from ..text import body


class SaveKey(NamedTuple):
    """Which open page saves, and how many saves it sent before: "page.7". A page that says nothing has no key."""

    page: str = ""
    number: int = 0

    @classmethod
    def read(cls, text: str | None) -> "SaveKey":
        """Return the key that a request carries; none for any other text."""
        found = re.fullmatch(r"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:\.([0-9]{1,9}))?", text or "")
        return cls(found[1], int(found[2] or 0)) if found else cls()

    def __str__(self) -> str:
        return f"{self.page}.{self.number}" if self.page else ""


class Version(InsertOnlyModel):
    """The working copy as it was after a save that changed something. Written once."""

    article = models.ForeignKey("Article", on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    content = models.JSONField(help_text="The editorial content, with references by id.")
    content_hash = models.CharField(max_length=64)
    word_count = models.PositiveIntegerField()
    reading_time_minutes = models.PositiveSmallIntegerField()
    revision = models.PositiveIntegerField(
        null=True, help_text="The revision of the working copy it was saved as. Empty if it was never the working copy."
    )
    save_key = models.CharField(  # noqa: DJ001  A column that may be null is added without writing the table anew.
        max_length=60,
        null=True,
        help_text="The open page that saved it, and which of its saves this was. Empty if no page saved it.",
    )

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
