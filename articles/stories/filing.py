"""Moves a story to another section and changes its tags, without opening it."""

from collections.abc import Collection
from datetime import datetime

from django.db import models, transaction

from media.permissions import Actor

from ..directory.section import Section, Tag
from ..history.version import Version


class Filing(models.Model):
    """The part of an Article that files the working copy under other heads. Readers see it with the next publishing."""

    class Meta:
        abstract = True

    @transaction.atomic
    def file_under(self, section: Section, *, by: Actor | None, at: datetime | None = None) -> Version:
        """Put the story in another section, if this colleague may edit it here and there. Return the new version."""
        self.section = section
        self.require_editable(by)
        self.save(update_fields=["section"])
        return self.record(by=by, at=at)

    @transaction.atomic
    def retag(
        self, *, add: Collection[Tag] = (), remove: Collection[Tag] = (), by: Actor | None, at: datetime | None = None
    ) -> Version:
        """Add tags to the story and take others away. Return the new version."""
        self.require_editable(by)
        self.require_unsealed()
        self.tags.remove(*remove)
        self.tags.add(*add)
        return self.record(by=by, at=at)
