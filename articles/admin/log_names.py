"""What the log shows where its entries hold ids: captions of photos, headlines of stories, names of the directory."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django.urls import reverse
from django.utils.html import format_html_join

from media.models import Photo

from ..models import Article, AuditEntry, Author, Person, Section, Source, Tag, Work
from .requests import StaffRequest

ID = re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b")
NUMBERS = re.compile(r"\d+(?:,\d+)*")
NOUNS = {model._meta.model_name: model for model in (Person, Work, Tag, Author, Section, Source)}


class Names:
    """The names behind the ids of some entries, as far as this colleague may see them; a query a kind."""

    def __init__(self, request: StaffRequest, entries: Iterable[AuditEntry]) -> None:
        rows = list(entries)
        found = {key for row in rows for key in ID.findall(f"{row.subject} {row.note}")}
        self.ids: dict[str, Any] = {}
        if found and request.user.has_perm("media.view_photo"):
            photos = Photo.objects.filter(pk__in=found).prefetch_related("captions")
            self.ids |= {str(photo.pk): photo for photo in photos}
        if left := found - set(self.ids):
            stories = Article.objects.visible_to(request.user).filter(pk__in=left)
            self.ids |= {str(story.pk): story for story in stories}
        self.numbers = {noun: self._rows(noun, rows) for noun in {_noun(row) for row in rows} & set(NOUNS)}

    @staticmethod
    def _rows(noun: str, entries: Iterable[AuditEntry]) -> Mapping[int, Any]:
        keys = {key for row in entries if _noun(row) == noun for key in _numbers(row)}
        return NOUNS[noun].objects.in_bulk(keys)  # type: ignore[attr-defined]

    def subject(self, entry: AuditEntry) -> str:
        """Return the subject with a link to each row it names."""
        links = [(_page(row), str(row)) for row in self._named(entry)]
        return format_html_join(", ", '<a href="{}">{}</a>', links) if links else entry.subject

    def note(self, entry: AuditEntry) -> str:
        return ID.sub(lambda id: f"“{self.ids[id[0]]}”" if id[0] in self.ids else id[0], entry.note)

    def subject_of_file(self, entry: AuditEntry) -> str:
        """Return the subject as text: its ids stay, for names may change."""
        names = ", ".join(f"“{row}”" for row in self._named(entry))
        return f"{names} ({entry.subject})" if names else entry.subject

    def _named(self, entry: AuditEntry) -> list[Any]:
        rows = self.numbers.get(_noun(entry), {})
        found = [rows.get(key) for key in _numbers(entry)] or [self.ids.get(key) for key in ID.findall(entry.subject)]
        return [row for row in found if row is not None]


def _noun(entry: AuditEntry) -> str:
    return entry.verb.partition(".")[0]


def _numbers(entry: AuditEntry) -> list[int]:
    return [int(key) for key in entry.subject.split(",")] if NUMBERS.fullmatch(entry.subject) else []


def _page(row: Any) -> str:
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])
