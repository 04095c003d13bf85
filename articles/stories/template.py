"""Starts stories from others: as duplicates, and from templates that keep a story's structure."""

from dataclasses import replace
from datetime import datetime
from typing import Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone

from media.one_line import LineField
from media.permissions import Actor, require

from ..access.section_scope import SectionScope
from ..history.audit import AuditEntry
from ..text import body, limits
from . import fields
from .content import apply, snapshot
from .edition_steps import reading_first


class Template(models.Model):
    """The structure of a story, such as a review or an obituary, to start new ones from."""

    name = LineField(max_length=80, help_text="Such as “Film review”.")
    content = models.JSONField(help_text="As a version holds it, without photos, people and works.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["name"],
                name="template_name_once",
                violation_error_message="There is already a template with this name. Choose another name.",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @transaction.atomic
    def drop(self, *, by: Actor | None, at: datetime | None = None) -> None:
        """Delete the template; stories started from it stay."""
        require(by, "articles.edit_others_articles", to="remove templates")
        AuditEntry.record("template.dropped", at=at or timezone.now(), by=by, subject=self.name)
        self.delete()


class Copying(models.Model):
    """The part of an Article that starts stories from others."""

    class Meta:
        abstract = True

    @classmethod
    def start(cls, template: Template, *, by: Actor | None, at: datetime | None = None) -> Self:
        """Start a story from a template. Return the draft."""
        content = _renewed(template.content)
        with transaction.atomic():
            return cls._begin(content, f"template “{template}”", by=by, at=at or timezone.now())

    def duplicate(self, *, by: Actor | None, at: datetime | None = None) -> Self:
        """Start a draft with the text, photos, people and works of this story, but not its dates and embargo.

        The duplicate is restricted to the same people. Return the draft.
        """
        self.require_visible(by)
        at, content = at or timezone.now(), _renewed(snapshot(self))
        with transaction.atomic():
            self.require_unsealed()
            made = self._begin(content, f"duplicate of “{self}”", by=by, at=at)
            made.restricted_to.set(self.restricted_to.all())
            # By id, so that sealing this story finds its copies whatever either is called by then.
            AuditEntry.record("article.duplicated", at=at, by=by, article=self, note=str(made.pk))
        return made

    @reading_first
    def keep_as_template(self, name: str, *, by: Actor | None, at: datetime | None = None) -> Template:
        """Save this story as a template: its text and settings without photos, people and works. Return the template."""
        require(by, "articles.edit_others_articles", to="make templates")
        self.require_visible(by)
        self.require_unsealed()
        if self.is_restricted:
            raise ValidationError("This story is restricted, and everyone could read it in the template.")
        content = snapshot(self)
        blocks = [
            block for block in body.split(content["body"]) if not isinstance(block, body.PhotoBlock | body.Gallery)
        ]
        template = Template(
            name=name.strip(),
            content=content | fields.values("emptied") | {"body": body.join(blocks)},
            by=by,
            at=at or timezone.now(),
        )
        template.full_clean()
        template.save()
        AuditEntry.record("template.kept", at=template.at, by=by, article=self, note=template.name)
        return template

    @classmethod
    def _begin(cls, content: dict, origin: str, *, by: Actor | None, at: datetime) -> Self:
        """Create a draft with this content and a new address, owned by the user who starts it."""
        require(by, "articles.add_article", to="begin stories")
        author = getattr(by, "author", None)
        made = cls(owner=by)
        if by is not None and not SectionScope.objects.allows(by, content["section"]):
            # Readable everywhere, but writing begins in one of their own sections: they choose it.
            content = content | {"section": None}
        apply(made, content | {"authors": [[author.pk, ""]] if author else []})
        made.record(by=by, at=at)
        AuditEntry.record("article.begun", at=at, by=by, article=made, note=origin)
        return made


def _renewed(content: dict) -> dict:
    """Return a content with new block ids, its text read ahead of the transaction that saves it."""
    blocks = body.split(content["body"])
    html = body.join(body.with_ids([replace(block, id="") for block in blocks], {block.id for block in blocks}))
    limits.read_ahead(html)
    return content | {"body": html}
