"""An archive as JSON lines, one story a line, in the words of the write API: read into stories that are ready to take.

Sections, people and all else are named by slug and must be there; photos by their id. Everything is looked up in
tables that are loaded once, so that a line costs no question to the database.
"""

import hashlib
import json
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.dateparse import parse_datetime

from media.ids import new_id
from media.models import Site

from ..api.drafts import PLAIN, ROWS
from ..directory.address import make_slug
from ..models import Article, Author, Person, Section, Source, Tag, Work
from ..stories.fields import LINKS as LINKED
from ..stories.fields import PHOTOS
from ..text import block_json, limits
from .archive import Finished

LINKS = tuple(name for name in LINKED if name != "related")
OWN = {"id", "published_at", "body", "body_html", *ROWS, *PHOTOS, *LINKS}
KNOWN = OWN | {*PLAIN} - {"embargo_until", "embargo_reason", "original_published_at"}


class Unreadable(ValueError):
    """A line that is no story: a sentence for whoever made it."""


class Reader:
    """What lines may name, by slug or name."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.rows = {
            "section": _keys(Section, "slug"), "source": _keys(Source, "name"), "review_work": _keys(Work, "slug"),
            "authors": _keys(Author, "slug"), "people": _keys(Person, "slug"), "works": _keys(Work, "slug"),
            "tags": _keys(Tag, "slug"),
        }  # fmt: skip

    def read(self, line: str, at: datetime) -> Finished:
        """Return the story of a line, dated as it says and live from `at`, or from its date. Raises Unreadable."""
        try:
            fields = json.loads(line)
            json.dumps(fields, ensure_ascii=False).encode()
        except (ValueError, RecursionError) as error:
            raise Unreadable(f"This is no JSON that can be kept: {error}.") from error
        if "\\u0000" in line:
            raise Unreadable("Texts must not hold the character NUL.")
        if not isinstance(fields, dict):
            raise Unreadable("This is no JSON object.")
        if unknown := sorted(set(fields) - KNOWN):
            raise Unreadable(f"There is no field “{unknown[0]}”.")
        article = self._article(fields, line)
        links = {name: self._links(name, fields.get(name) or []) for name in LINKS}
        return Finished(article, max(at, article.original_published_at or at), **links)

    def _article(self, fields: dict[str, Any], line: str) -> Article:
        article = Article(
            id=_uuid("id", fields["id"]) if fields.get("id") else new_id(), site=self.site, stage="ready",
            slug=fields.get("slug") or make_slug(str(fields.get("headline", ""))), body=_body(fields),
            original_published_at=_instant(fields), import_fingerprint=hashlib.sha256(line.encode()).hexdigest(),
        )  # fmt: skip
        for name in PLAIN:
            if name in fields and name != "slug":
                setattr(article, name, fields[name])
        for name in PHOTOS:
            setattr(article, f"{name}_id", _uuid(name, fields[name]) if fields.get(name) else None)
        for name in ROWS:
            setattr(article, f"{name}_id", self._key(name, fields[name]) if fields.get(name) else None)
        _check(article)
        return article

    def _links(self, name: str, rows: list) -> list:
        """Return the keys of what a line names, each once; authors and people with their role."""
        if not isinstance(rows, list):
            raise Unreadable(f"{name}: give a list.")
        if name in ("works", "tags"):
            return list(dict.fromkeys(self._key(name, row) for row in rows))
        usual = "main" if name == "people" else ""
        pairs = [row if isinstance(row, dict) else {"slug": row} for row in rows]
        return list({self._key(name, row.get("slug")): row.get("role") or usual for row in pairs}.items())

    def _key(self, name: str, value: object) -> int:
        try:
            return self.rows[name][value]
        except (KeyError, TypeError):
            raise Unreadable(f"{name}: there is no “{value}” here. Make it first.") from None


def _keys(model: Any, field: str) -> dict[object, int]:
    return dict(model.objects.values_list(field, "pk"))


def _uuid(name: str, value: object) -> UUID:
    try:
        return UUID(str(value))
    except ValueError:
        raise Unreadable(f"{name}: “{value}” is no UUID.") from None


def _instant(fields: dict) -> datetime:
    try:
        found = parse_datetime(str(fields.get("published_at", "")))
    except ValueError:
        found = None
    if found is None:
        raise Unreadable("published_at: give the instant of first publication, such as 2019-05-04T10:00:00Z.")
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _body(fields: dict) -> str:
    read: Callable[[], str] = partial(block_json.from_typed, fields["body"]) if "body" in fields else (
        lambda: fields.get("body_html") or ""
    )  # fmt: skip
    try:
        html = read()
    except block_json.BodyError as error:
        raise Unreadable(str(error)) from error
    if not isinstance(html, str):
        raise Unreadable("body_html: give a text.")
    try:
        limits.check_html(html)
    except limits.TooLarge as error:
        raise Unreadable(f"body_html: {error}") from error
    return html


# Rows are looked up already, and the caller's own fields need no check.
UNCHECKED = [*(field.name for field in Article._meta.fields if field.is_relation), "body", "id"]


def _check(article: Article) -> None:
    """Raise Unreadable with what forms and the database would refuse."""
    try:
        article.clean_fields(exclude=UNCHECKED)
    except ValidationError as error:
        sentences = [f"{name}: {' '.join(said)}" for name, said in error.message_dict.items()]
        raise Unreadable(" ".join(sentences)) from error
    if wrong := article.contradictions():
        raise Unreadable(" ".join(f"{name}: {sentence}" for name, sentence in wrong))
