"""The query string of a public address: read, checked, and named back to the client where it is wrong."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, tzinfo
from functools import partial
from itertools import islice
from typing import Any
from uuid import UUID

from django.http import QueryDict
from django.utils.dateparse import parse_date, parse_datetime
from rest_framework.exceptions import APIException

from media.local_time import day_begins

from ..history.kinds import Kind
from ..text.slugs import is_slug
from .cursors import Place, read_cursor

SLUGS = ("section", "tag", "person", "work", "author")
FACETS = (*SLUGS, "kind", "lead")
PAGING = ("cursor", "page_size")
SELECTING = (
    "q", *FACETS, "match", "locale", "photo", "id", "exclude_id", "published_after", "published_before",
    "updated_after", "channel",
)  # fmt: skip
LIST = (*SELECTING, "ordering", "count", *PAGING)
UUID_SHAPE = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
MOST_VALUES, MOST_IDS, MOST_UNKNOWN = 20, 100, 20
PER_PAGE, MOST_PER_PAGE = 20, 100
UNORDERED = {
    "updated": ("q", *FACETS, "locale", "photo", "published_after", "published_before"),
    "title": ("q", *FACETS, "locale", "photo", "published_after", "published_before", "updated_after"),
}
"""What has no index in these orders."""
KINDS, LEADS, MATCHES = tuple(Kind.values), ("any", "none"), ("any", "all")
PUBLISHED, ORDERINGS = "-published", ("-published", "published", "-updated", "updated", "title", "-title")


class BadParameter(APIException):
    """A 400 that names every parameter in error, its value and what is allowed."""

    status_code = 400
    kind = "bad-parameter"

    def __init__(self, errors: list[dict]) -> None:
        self.errors = errors
        super().__init__(" ".join(error["detail"] for error in errors))


@dataclass(frozen=True)
class Selection:
    """Which articles a list shows, and in which order.

    Several values of one filter mean any of them, those of `match_all` all of them; several filters mean all.
    """

    facets: dict[str, tuple[str, ...]] = field(default_factory=dict)
    match_all: bool = False
    locales: tuple[str, ...] = ()
    photos: tuple[UUID, ...] = ()
    ids: tuple[UUID, ...] = ()
    excluded: tuple[UUID, ...] = ()
    words: str = ""
    channel: str = ""
    sites: tuple[int, ...] = ()
    published_from: datetime | None = None
    published_after: datetime | None = None
    published_before: datetime | None = None
    updated_after: datetime | None = None
    ordering: str = PUBLISHED

    def __hash__(self) -> int:
        return hash((
            *self.facets.items(), self.match_all, self.locales, self.photos, self.ids, self.excluded, self.words,
            self.updated_after, self.channel, self.sites, self.ordering,
        ))  # fmt: skip

    @property
    def is_browsing(self) -> bool:
        """Whether facets and dates alone narrow the list, as sections and people are paged through."""
        narrowed = self.locales or self.photos or self.ids or self.excluded or self.words or self.updated_after
        return not narrowed and self.by == "published"

    @property
    def by(self) -> str:
        return self.ordering.removeprefix("-")

    @property
    def is_ascending(self) -> bool:
        return not self.ordering.startswith("-")

    @property
    def groups(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Return (facet, values): an article is under any value of each group."""
        if not self.match_all:
            return tuple(self.facets.items())
        apart = [(name, (value,)) for name, values in self.facets.items() if name in SLUGS for value in values]
        return (*apart, *((name, values) for name, values in self.facets.items() if name not in SLUGS))

    def with_values(self, put: Callable) -> "Selection":
        """Return the same selection with `put(value)` for each value but those that shape the statement.

        When it was published is left out.
        """
        facets = {name: tuple(map(put, values)) if name in SLUGS else values for name, values in self.facets.items()}
        many: dict[str, Any] = {
            name: tuple(map(put, getattr(self, name))) for name in ("locales", "photos", "ids", "excluded")
        }
        at_any_time: dict[str, Any] = dict.fromkeys(("published_from", "published_after", "published_before"))
        return replace(self, facets=facets, **many, updated_after=put(self.updated_after), **at_any_time)


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

    def word(self, name: str, allowed: tuple[str, ...], default: Any = None) -> Any:
        """Return the value of a parameter that takes one of these words."""
        values = self.given.getlist(name)
        if len(values) == 1 and values[0] not in allowed:
            self.refuse(name, values[0], f"“{name}” is one of {', '.join(allowed)}.", allowed)
            return default
        return self.one(name, str, default)

    def _read(self, name: str, value: str, read: Callable, allowed: Iterable[str] | None = None) -> Any:
        try:
            return read(value)
        except (ValueError, OverflowError) as error:
            self.refuse(name, value, str(error), allowed)


def selection(query: Query) -> Selection:
    """Read the filters of a list; most lists have none."""
    if not query.given:
        return Selection()
    facets = {name: query.many(name, read_slug) for name in SLUGS if name in query.given}
    if "kind" in query.given:
        facets["kind"] = query.many("kind", read_kind, allowed=KINDS)
    if "lead" in query.given:
        facets["lead"] = tuple(filter(None, [query.word("lead", LEADS)]))
    return Selection(
        facets=facets,
        match_all=query.word("match", MATCHES, "any") == "all",
        locales=query.many("locale", read_locale),
        photos=query.many("photo", read_uuid),
        ids=query.many("id", read_uuid, most=MOST_IDS),
        excluded=query.many("exclude_id", read_uuid, most=MOST_IDS),
        words=query.one("q", str, ""),
        published_after=query.one("published_after", read_instant),
        published_before=query.one("published_before", read_instant),
        updated_after=query.one("updated_after", read_instant),
    )


def ordered(query: Query, chosen: Selection, allowed: tuple[str, ...] = ORDERINGS) -> Selection:
    """Read `ordering`. What no index has in that order is refused: it would have to be sorted, however much there is."""
    chosen = replace(chosen, ordering=query.word("ordering", allowed, chosen.ordering))
    if chosen.by == "published" or chosen.ids:
        return chosen
    apart = [name for name in UNORDERED[chosen.by] if name in query.given]
    if apart:
        said = f"“{chosen.ordering}” orders all articles, or those of “id”. Leave out {', '.join(apart)}, or order by published."
        query.refuse("ordering", chosen.ordering, said, ORDERINGS[:2])
    return chosen


def with_lead(query: Query, chosen: Selection) -> Selection:
    """Refuse `lead` beside a channel: only what web pages show is indexed."""
    if chosen.channel and "lead" in chosen.facets:
        query.refuse("lead", "".join(chosen.facets["lead"]), "“lead” asks what web pages show. Leave the channel out.")
    return chosen


def counted(query: Query) -> bool:
    return query.word("count", ("true", "false"), "false") == "true"


def page(query: Query, key: Callable = UUID, *, by_text: bool = False) -> Page:
    """Read which part of a list is asked for; `by_text` says that its order is one of texts, not of instants."""
    place = query.one("cursor", partial(read_cursor, key=key))
    if place and isinstance(place.at, str) is not by_text:
        query.refuse("cursor", query.given.getlist("cursor")[0], "This cursor belongs to another order.")
    return Page(query.one("page_size", read_size, PER_PAGE), place)


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
    if UUID_SHAPE.fullmatch(value):
        return UUID(value)
    raise ValueError("Give a UUID, such as 01980c2e-7b1a-7c3d-9e4f-5a6b7c8d9e0f.")


def uuid_in(name: str) -> UUID | None:
    """Return the id that an address holds in place of a slug, if it does."""
    return UUID(name) if len(name) == 36 and UUID_SHAPE.fullmatch(name) else None


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


def month(year: int, number: int, zone: tzinfo) -> Selection | None:
    """Return the articles of one month in a zone, or None where there is no such month."""
    try:
        first = date(year, number, 1)
        following = date(year + number // 12, number % 12 + 1, 1)
    except (ValueError, OverflowError):
        return None
    return Selection(published_from=day_begins(first, zone), published_before=day_begins(following, zone))


def short(text: str) -> str:
    return text if len(text) <= 100 else f"{text[:99]}…"
