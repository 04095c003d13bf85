"""The editorial fields of a story, a row each: what versions, the API, corrections, templates and seals do with them.

A new field of Article gets a row here, and everything that uses the table follows. A column that editors do not
write is in `NOT_EDITORIAL`, with the reason. Pure.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

SEALED = "[sealed]"
STAYS = object()
"""The field is left as it is."""


@dataclass(frozen=True)
class Field:
    """One field, and what happens to it.

    `kept` is how a version keeps it: "plain", by the "key" of a row, as a "decimal", as "links", or not at all.
    `written` is how the API takes it: "plain", as a "body", a "photo", a "row" or as "links".
    `compared` is its place in a comparison of versions; 0 is after those, without the label.
    `searched` says whether “correct everywhere” looks for words in it.
    `emptied` is what a template has instead.
    `sealed` is what the working copy has once the story is sealed; `blanked` what its versions have, if they had
    anything.
    """

    name: str
    label: str = ""
    kept: str = ""
    written: str = ""
    compared: int = 0
    searched: bool = False
    emptied: Any = STAYS
    sealed: Any = STAYS
    blanked: Any = STAYS


def _words(name: str, label: str, compared: int = 0, **more: Any) -> Field:
    """Return a field of words that readers or search engines get."""
    return Field(name, label, "plain", "plain", compared, searched=True, **{"sealed": "", "blanked": ""} | more)


def _setting(name: str, **more: Any) -> Field:
    return Field(name, kept="plain", written="plain", **more)


def _photo(name: str, label: str, compared: int) -> Field:
    return Field(name, label, "key", "photo", compared, emptied=None, sealed=None, blanked=None)


def _links(name: str, label: str, compared: int, **more: Any) -> Field:
    return Field(name, label, "links", "links", compared, **{"sealed": [], "blanked": []} | more)


# In the order of the API, and of the places that “correct everywhere” lists.
FIELDS = (
    _words("headline", "Headline", 1, sealed=SEALED, blanked=SEALED),
    _words("headline_short", "Short headline", 4, emptied=""),
    _words("headline_search", "Search headline", 5, emptied=""),
    _words("headline_social", "Social headline", 6, emptied=""),
    _words("label", "Label"),
    _words("standfirst", "Standfirst", 2),
    Field("body", "Text", "plain", "body", 3, sealed="", blanked=""),
    Field("kind", "Kind", "plain", "plain", 18),
    Field("slug", written="plain"),
    _words("byline", "Byline", 19, emptied=""),
    _words("lead_caption", "Lead caption", 8, emptied=None, sealed=None),
    _words("lead_alt", "Lead alt text", 9, emptied=None, sealed=None),
    _setting("lead_decorative", emptied=False),
    _setting("lead_layout", blanked=""),
    Field("review_rating", kept="decimal", written="plain", emptied=None, sealed=None, blanked=None),
    _setting("review_scale"),
    _words("review_verdict", "Verdict", emptied=""),
    _words("seo_title", "Search title", 10, emptied=""),
    _words("seo_description", "Search description", 11, emptied=""),
    _setting("canonical_url", emptied="", sealed="", blanked=""),
    _setting("noindex"),
    _setting("breaking", emptied=False),
    _setting("sensitive"),
    _words("sponsored", "Sponsored label", emptied=""),
    _setting("locale", sealed="", blanked=""),
    Field("embargo_until", written="plain", sealed=None),
    Field("embargo_reason", written="plain", sealed=""),
    Field("original_published_at", written="plain"),
    Field("site", kept="key"),
    Field("section", "Section", "key", "row", 17),
    Field("source", kept="key", written="row", emptied=None, sealed=None, blanked=None),
    _photo("lead_photo", "Lead photo", 7),
    _photo("social_photo", "Social photo", 20),
    _photo("stand_in_photo", "Stand-in photo", 21),
    Field("translation_of", "Translation of", "key", "row", 22, emptied=None, sealed=None, blanked=None),
    Field("review_work", kept="key", written="row", emptied=None, sealed=None, blanked=None),
    _links("authors", "Authors", 14, emptied=[]),
    _links("people", "People", 12, emptied=[]),
    _links("works", "Works", 13, emptied=[]),
    _links("tags", "Tags", 15),
    _links("related", "Related stories", 16, emptied=[]),
)
NOT_EDITORIAL = {
    "id": "Made once.",
    "restricted_to": "Who may know of the story is no part of it: it must not come back with a version.",
    "stage": "Moved by the verbs of the workflow.",
    "owner": "Handed over by a verb.",
    "import_fingerprint": "Set by imports, to know a text again.",
    "revision": "Counted by every save.",
    "discarded_at": "Set by discarding and sealing.",
    "created_at": "Set once.",
    "saved_at": "Set by every save.",
}


def is_sealed(headline: str, discarded_at: datetime | None) -> bool:
    """Return True if a story in this state was sealed."""
    return headline == SEALED and discarded_at is not None


def names(which: Callable[[Field], object]) -> tuple[str, ...]:
    """Return the names of the fields for which this is true."""
    return tuple(field.name for field in FIELDS if which(field))


def values(column: str) -> dict[str, Any]:
    """Return the values of a column of this table, such as "sealed", by field, without the fields that stay."""
    return {field.name: value for field in FIELDS if (value := getattr(field, column)) is not STAYS}


KEPT = names(lambda field: field.kept)
PLAIN = names(lambda field: field.kept == "plain")
KEYS = names(lambda field: field.kept == "key")
LINKS = names(lambda field: field.kept == "links")
PHOTOS = names(lambda field: field.written == "photo")
