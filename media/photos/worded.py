"""What a photo says of itself: its captions, and the verbs that change credit, caption and alt text in every live use."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import models, transaction

from ..audience import ask
from ..credits.agency import Agency
from ..credits.credit import PhotoCredit
from ..listed import rows_of
from ..permissions import Actor, require
from .caption import Caption
from .finding import note
from .keywords import tidy_keywords, validate_keywords


class WordedQuerySet(models.QuerySet[Any]):
    @transaction.atomic
    def reword(self, *, by: Actor | None, **words: Any) -> list[str]:
        """Change what these photos say; `words` as in `Worded.reword`. Return the fields that changed in one of them."""
        if line := str(words.get("credit") or "").strip():
            require(by, "media.change_photo", to="change the words of photos")
            words["credit"] = PhotoCredit.objects.read(line, Agency.objects.vocabulary())
        held = self.order_by("pk").select_for_update()
        changed = [name for photo in held for name in photo.reword(by=by, **words)]
        return list(dict.fromkeys(changed))

    @staticmethod
    def live_stories(photos: Iterable["Worded"], at: datetime) -> dict[UUID, int]:
        """Return by photo how many live stories show it, for those that some story shows."""
        uses = ask().live_uses(at).filter(photo__in=[photo.pk for photo in photos])
        return dict(uses.order_by().values_list("photo").annotate(models.Count("story", distinct=True)))


class Worded(models.Model):
    """The part of a Photo that knows its words."""

    credit: Any
    keywords: list[str] | None
    save: Any
    objects: Any

    class Meta:
        abstract = True

    def caption(self, kind: str) -> Caption | None:
        """Return the caption row of this kind, or None; reads the prefetched rows where there are any."""
        return next((row for row in rows_of(self, "captions") if row.kind == kind), None)

    @property
    def house_caption(self) -> Caption | None:
        """Return the caption readers see unless a use has its own: the house caption, or else the supplied one."""
        return self.caption("house") or self.caption("supplied")

    @property
    def credit_line(self) -> str:
        """Return the credit in the words it was received in, as one edits it."""
        return (self.credit.supplied_line or self.credit.line()) if self.credit else ""

    # Verbs

    @transaction.atomic
    def reword(
        self,
        *,
        by: Actor | None,
        credit: str | PhotoCredit | None = None,
        caption: str | None = None,
        alt: str | None = None,
        decorative: bool | None = None,
    ) -> list[str]:
        """Set the credit, as a line or as it was read, the house caption or its alt text, in every live use at once; what is None stays.

        Return the fields that changed. Raises ValidationError, PermissionDenied.
        """
        require(by, "media.change_photo", to="change the words of photos")
        changed = [] if credit is None else self._credit_to(credit)
        return changed + self._say(text=caption, alt=alt, decorative=decorative)

    @transaction.atomic
    def set_keywords(self, words: Iterable[str], *, by: Actor | None) -> bool:
        """Set what it can be found by; return False if it is that already. Nothing that readers see changes.

        Raises ValidationError, PermissionDenied.
        """
        require(by, "media.change_photo", to="change keywords")
        found = tidy_keywords(words)
        validate_keywords(found)
        if found == self.keywords:
            return False
        self.keywords = found
        own = type(self).objects.filter(pk=self.pk)
        own.update(keywords=found)
        note(own)
        return True

    @transaction.atomic
    def correct(self, *, by: Actor | None, caption: str = "", credit: str = "", public_note: str = "") -> None:
        """Correct the house caption or the credit in every live use at once; `public_note` is the note to readers."""
        self.reword(by=by, credit=credit or None, caption=caption or None)
        own = type(self).objects.filter(pk=self.pk)
        own.tell_readers(public_note, by=by, of_caption=not credit)

    def _credit_to(self, credit: str | PhotoCredit) -> list[str]:
        line = credit.supplied_line if isinstance(credit, PhotoCredit) else credit.strip()
        if line == self.credit_line:
            return []
        if line and isinstance(credit, str):
            credit = PhotoCredit.objects.read(line, Agency.objects.vocabulary())
        self.credit = credit or None
        self.save()
        return ["credit"]

    def _say(self, **given: Any) -> list[str]:
        row = self._house_row()
        if given["decorative"]:
            given["alt"] = ""
        elif given["alt"]:
            given["decorative"] = False
        words = {name: value for name, value in given.items() if value is not None and value != getattr(row, name)}
        if not words:
            return []
        for name, value in words.items():
            setattr(row, name, value)
        row.full_clean(exclude=["photo"])
        row.save()
        self._prefetched_objects_cache: dict[str, Any] = {}
        return ["caption" if name == "text" else name for name in words]

    def _house_row(self) -> Caption:
        """Return the house caption; a new one begins with the words as received, which readers saw so far."""
        supplied = self.caption("supplied")
        return self.caption("house") or Caption(photo=self, kind="house", text=supplied.text if supplied else "")  # type: ignore[misc]  # The part of a Photo.
