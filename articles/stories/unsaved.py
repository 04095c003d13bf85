"""What one tab holds of a story, saved or not, as the content of a version: for previews. Nothing is written.

An autosave holds what the fields of the page held. It went through no form: what no story could keep, such as half an
address or a row that does not exist, gives way to what is saved.
"""

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models

from media.models import Site
from media.one_line import LineField, LineTextField, one_line

from ..text import limits
from ..text.body import assign_ids, photos_named, sanitize
from ..text.given import whole_number
from ..text.reading_time import counted
from . import fields
from .content import snapshot
from .desk import TabAutosave

if TYPE_CHECKING:
    from .article import Article

# Each box of the page: which links it holds, the noun they lead to, and the role it gives them.
BOXES: dict[str, tuple[str, str, str | None]] = {
    "writers": ("authors", "author", ""),
    "contributors": ("authors", "author", "additional reporting"),
    "main_people": ("people", "person", "main"),
    "mentioned_people": ("people", "person", "mentioned"),
    "about_works": ("works", "work", None),
}
OWN_WORDS = ("lead_caption", "lead_alt")
MOST_LINKS = 500


def box_of(role: str | None) -> str:
    """Return which box a role belongs in: any role of an author but the writer's is a contributor's."""
    return role if role in ("", "main", "mentioned") else "contributor"


def own_words(value: str) -> str | None:
    """Return None for what is inherited from the photo, and an empty text for a hyphen."""
    return None if not value.strip() else "" if value.strip() == "-" else value


def content_of(article: "Article", user: int, tab: str) -> dict[str, Any]:
    """Return the content of the story as this tab of this user has it: typed and kept, else as saved."""
    typed = TabAutosave.objects.filter(article=article, user=user, tab=tab).first() if tab else None
    return counted(content_with(article, typed.fields)) if typed else snapshot(article)


def content_with(article: "Article", typed: dict[str, Any]) -> dict[str, Any]:
    """Return the content of the story with these fields as they were typed. Its words are not counted."""
    saved = snapshot(article)
    return saved | _typed(article, saved, typed)


def photos_of(content: dict[str, Any]) -> set[str]:
    """Return the ids of all photos that a content names."""
    return {str(content[name]) for name in fields.PHOTOS if content[name]} | photos_named(content["body"])


def _typed(article: "Article", saved: dict[str, Any], typed: dict[str, Any]) -> dict[str, Any]:
    made = {name: _plain(article, name, typed) for name in fields.PLAIN}
    made |= {name: _key(article, name, typed[name], saved[name]) for name in fields.KEYS if name in typed}
    made["review_rating"] = _rating(article, typed.get("review_rating"), saved["review_rating"])
    for kind in ("authors", "people", "works"):
        if any(box in typed for box, (each, *_) in BOXES.items() if each == kind):
            made[kind] = list(_links(kind, typed, saved[kind]))
    if "tags" in typed:
        made["tags"] = sorted(_keys(typed["tags"]))
    if "related" in typed:
        made["related"] = sorted(_keys(typed["related"], _story_key))
    return made


def _plain(article: "Article", name: str, typed: dict[str, Any]) -> Any:
    field, saved, value = article._meta.get_field(name), getattr(article, name), typed.get(name)
    if isinstance(field, models.BooleanField):
        # A box that is not ticked is not sent.
        return bool(value)
    if value is None:
        return saved
    if name == "body":
        return _body(str(value), saved)
    if isinstance(field, models.CharField | models.TextField) and not (field.choices or name == "canonical_url"):
        text = one_line(str(value)) if isinstance(field, LineField | LineTextField) else str(value)
        text = text.strip()[: field.max_length or limits.MOST_CHARACTERS]
        return own_words(text) if name in OWN_WORDS else text
    return _valid(field, value, article, saved)


def _body(html: str, saved: str) -> str:
    try:
        limits.check_html(html)
    except limits.TooLarge:
        return saved
    clean = sanitize(html)
    return assign_ids(clean) if clean else ""


def _valid(field: Any, value: Any, article: "Article", saved: Any) -> Any:
    try:
        return field.clean(value, article)
    except (ValidationError, TypeError):
        return saved


def _rating(article: "Article", value: Any, saved: str | None) -> str | None:
    if not value:
        return None if value == "" else saved
    found = _valid(article._meta.get_field("review_rating"), str(value), article, None)
    return str(Decimal(found).normalize()) if found is not None else saved


def _key(article: "Article", name: str, value: Any, saved: Any) -> Any:
    target = article._meta.get_field(name).remote_field.model._meta.pk
    is_number = isinstance(target, models.AutoField)
    if not value:
        return saved if name == "site" else None
    found = whole_number(value) if is_number else _story_key(value)
    if found is None or (name == "site" and found != saved and not Site.objects.filter(pk=found).exists()):
        return saved
    return found


def _links(kind: str, typed: dict[str, Any], saved: list[Any]) -> Iterable[Any]:
    """Return the links that the boxes of this kind hold; a role that belongs in its box stays as it is saved."""
    roles = {link[0]: link[1] for link in saved if isinstance(link, list)}
    given: set[int] = set()
    for box, (each, _, role) in BOXES.items():
        for key in _keys(typed.get(box)) if each == kind else ():
            if key in given:
                continue
            given.add(key)
            kept = roles.get(key)
            yield key if role is None else [key, kept if kept and box_of(kept) == box_of(role) else role]


def _keys(values: Any, read: Callable[[Any], Any] = whole_number) -> list[Any]:
    listed = values if isinstance(values, list) else [values]
    found = [read(value) for value in listed[:MOST_LINKS]]
    return list(dict.fromkeys(key for key in found if key is not None))


def _story_key(value: Any) -> str | None:
    try:
        return str(models.UUIDField().to_python(str(value)))
    except ValidationError:
        return None
