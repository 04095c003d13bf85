"""The query string of a public address: read, checked, and named back to the client where it is wrong."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from functools import partial
from itertools import islice
from typing import Any
from uuid import UUID

from django.http import QueryDict
from django.utils.dateparse import parse_date, parse_datetime
from rest_framework.exceptions import APIException

from ..history.kinds import Kind
from ..text.slugs import is_slug
from .cursors import Place, read_cursor

FACETS = ("section", "tag", "person", "work", "author", "kind")
PAGING = ("cursor", "page_size")
LIST = (
    "q",
    *FACETS,
    "locale",
    "photo",
    "id",
    "published_after",
    "published_before",
    "updated_after",
    "channel",
    *PAGING,
)
MOST_VALUES, MOST_IDS, MOST_UNKNOWN = 20, 100, 20
PER_PAGE, MOST_PER_PAGE = 20, 100
KINDS = tuple(Kind.values)


class BadParameter(APIException):
    """A 400 that names every parameter in error, its value and what is allowed."""

    status_code = 400
    kind = "bad-parameter"

    def __init__(self, errors: list[dict]) -> None:
        self.errors = errors
        super().__init__(" ".join(error["detail"] for error in errors))


@dataclass(frozen=True)
class Selection:
    """Which articles a list shows: several values of one filter mean any of them, several filters mean all."""

    facets: dict[str, tuple[str, ...]] = field(default_factory=dict)
    locales: tuple[str, ...] = ()
    photos: tuple[UUID, ...] = ()
    ids: tuple[UUID, ...] = ()
    words: str = ""
    channel: str = ""
    sites: tuple[int, ...] = ()
    published_from: datetime | None = None
    published_after: datetime | None = None
    published_before: datetime | None = None
    updated_after: datetime | None = None

    def __hash__(self) -> int:
        return hash((
            *self.facets.items(), self.locales, self.photos, self.ids, self.words, self.updated_after, self.channel, self.sites,
        ))  # fmt: skip

    @property
    def is_browsing(self) -> bool:
        """Whether facets and dates alone narrow the list, as sections and people are paged through."""
        return not (self.locales or self.photos or self.ids or self.words or self.updated_after)

    def with_values(self, put: Callable) -> "Selection":
        """Return the same selection with `put(value)` for each value but those that shape the statement.

        When it was published is left out.
        """
        facets = {name: values if name == "kind" else tuple(map(put, values)) for name, values in self.facets.items()}
        locales, photos, ids = (tuple(map(put, values)) for values in (self.locales, self.photos, self.ids))
        return Selection(
            facets, locales, photos, ids, self.words, self.channel, self.sites, updated_after=put(self.updated_after)
        )


@dataclass(frozen=True)
class Page:
    """Which part of a list: `place` is where it begins or, going back, ends; None is the first page."""

    size: int = PER_PAGE
    place: Place | None = None


class Query:
    """Reads parameters one by one and collects what is wrong with them; `check` raises it all at once."""

    def __init__(self, given: QueryDict, allowed: tuple[str, ...]) -> None:
        self.given, self.allowed = given, allowed
        self.errors: list[dict[str, Any]] = []
        for name in islice((name for name in given if name not in allowed), MOST_UNKNOWN):
            self.refuse(name, ", ".join(given.getlist(name)), f"“{short(name)}” is not a parameter here.", allowed)

    def refuse(self, parameter: str, value: str, detail: str, allowed: Iterable[str] | None = None) -> None:
        error = {"parameter": short(parameter), "value": short(value), "detail": detail}
        self.errors.append(error | ({"allowed": list(allowed)} if allowed is not None else {}))

    def check(self) -> None:
        if self.errors:
            raise BadParameter(self.errors)

    def many(
        self, name: str, read: Callable, *, most: int = MOST_VALUES, allowed: Iterable[str] | None = None
    ) -> tuple:
        """Return every value of a parameter that may be repeated or hold several with commas between them."""
        values = dict.fromkeys(value for given in self.given.getlist(name) for value in given.split(","))
        if len(values) > most:
            self.refuse(name, ",".join(values), f"At most {most} values of “{name}” at once.")
            return ()
        return tuple(found for value in values if (found := self._read(name, value, read, allowed)) is not None)

    def one(self, name: str, read: Callable, default: Any = None) -> Any:
        """Return the value of a parameter that may be given once."""
        values = self.given.getlist(name)
        if len(values) > 1:
            self.refuse(name, ", ".join(values), f"“{name}” may be given once only.")
        return self._read(name, values[0], read) if len(values) == 1 else default

    def _read(self, name: str, value: str, read: Callable, allowed: Iterable[str] | None = None) -> Any:
        try:
            return read(value)
        except (ValueError, OverflowError) as error:
            self.refuse(name, value, str(error), allowed)


def selection(query: Query) -> Selection:
    """Read the filters of a list; most lists have none."""
    if not query.given:
        return Selection()
    facets = {name: query.many(name, read_slug) for name in FACETS[:-1] if name in query.given}
    if "kind" in query.given:
        facets["kind"] = query.many("kind", read_kind, allowed=KINDS)
    return Selection(
        facets=facets,
        locales=query.many("locale", read_locale),
        photos=query.many("photo", read_uuid),
        ids=query.many("id", read_uuid, most=MOST_IDS),
        words=query.one("q", str, ""),
        published_after=query.one("published_after", read_instant),
        published_before=query.one("published_before", read_instant),
        updated_after=query.one("updated_after", read_instant),
    )


def page(query: Query, key: Callable = UUID) -> Page:
    return Page(query.one("page_size", read_size, PER_PAGE), query.one("cursor", partial(read_cursor, key=key)))


def read_slug(value: str) -> str:
    if is_slug(value):
        return value
    raise ValueError("Give a slug: small letters, digits and single hyphens.")


def read_kind(value: str) -> str:
    if value in KINDS:
        return value
    raise ValueError(f"“{short(value)}” is not a kind of article.")


def read_locale(value: str) -> str:
    if re.fullmatch(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}", value) and len(value) <= 20:
        return value
    raise ValueError("Give a language and region, such as en-US.")


def read_uuid(value: str) -> UUID:
    if re.fullmatch(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", value):
        return UUID(value)
    raise ValueError("Give a UUID, such as 01980c2e-7b1a-7c3d-9e4f-5a6b7c8d9e0f.")


def read_size(value: str) -> int:
    if re.fullmatch(r"[1-9][0-9]{0,2}", value) and int(value) <= MOST_PER_PAGE:
        return int(value)
    raise ValueError(f"Give a number from 1 to {MOST_PER_PAGE}.")


def read_instant(value: str) -> datetime:
    """Read a date or an instant of ISO 8601; UTC where it names no zone. A plus sign may have become a space."""
    try:
        text = value.replace(" ", "+") if "T" in value else value
        if found := parse_datetime(text) if len(text) > 10 else None:
            return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
        if day := parse_date(text):
            return datetime.combine(day, time(), UTC)
    except (ValueError, OverflowError):
        pass
    raise ValueError("Give a date or an instant, such as 2026-03-01 or 2026-03-01T18:00:00Z.")


def read_text(value: str) -> str:
    """Read free text; control characters are refused, since databases refuse them too."""
    if value.strip() and value.isprintable() and len(value) <= 1000:
        return value
    raise ValueError("Give a text of at most 1,000 characters.")


def month(year: int, number: int) -> Selection | None:
    """Return the articles of one month (UTC), or None where there is no such month."""
    try:
        first = date(year, number, 1)
        following = date(year + number // 12, number % 12 + 1, 1)
    except (ValueError, OverflowError):
        return None
    begin, end = (datetime.combine(day, time(), UTC) for day in (first, following))
    return Selection(published_from=begin, published_before=end)


def short(text: str) -> str:
    return text if len(text) <= 100 else f"{text[:99]}…"
