"""The story as it stands in the form, saved or not: what the checklist is asked about while somebody types."""

from copy import copy
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError

from media.admin.lists import is_key
from media.models import Site
from media.permissions import Actor

from ..models import Article
from ..stories import fields
from ..stories.checklist import Named, Problem
from ..text.body import sanitize
from .article_form import LINKS, own_words

MOST_NAMED = 500
"""So many names of one box are looked at."""
READ = ("site", "translation_of")
"""Of these the checklist reads more than the key."""
OWN = {"lead_caption": own_words, "lead_alt": own_words, "body": sanitize}


def problems(story: Article, typed: dict[str, Any], by: Actor, at: datetime) -> list[Problem]:
    """Return the checklist's problems with the story as it is typed, without storing anything.

    `typed` holds the fields by their names in the form, as autosave keeps them. What cannot be read counts as it was saved.
    """
    found = copy(story)
    for name in (*fields.PLAIN, *fields.KEYS, "review_rating"):
        if isinstance(value := typed.get(name), str):
            _put(found, name, value, by)
    if "body" in typed:
        found.lead_decorative = typed.get("lead_decorative") == "on"
    return found.problems(at, named=_named(found, typed))


def _put(story: Article, name: str, value: str, by: Actor) -> None:
    field: Any = Article._meta.get_field(name)
    try:
        if field.is_relation:
            _choose(story, field, value, by)
        elif name in OWN:
            setattr(story, name, OWN[name](value))
        else:
            setattr(story, name, field.to_python(value or None if field.null else value))
    except ValidationError:
        return


def _choose(story: Article, field: Any, value: str, by: Actor) -> None:
    """Choose the row of this key. A story that this colleague may not know of is named to nobody."""
    key = field.target_field.to_python(value) if value else None
    if key == getattr(story, field.attname) or (value and not is_key(field.related_model, value)):
        return
    if field.name in READ:
        rows: Any = (
            Article.objects.visible_to(by).select_related("site") if field.related_model is Article else Site.objects
        )
        row = rows.filter(pk=key).first()
        if row or field.null:
            setattr(story, field.name, row)
    elif key is not None or field.null:
        setattr(story, field.attname, key)


def _named(story: Article, typed: dict[str, Any]) -> Named:
    named, chosen = Named(story), dict[str, set[int]]()
    for box, (kind, *_) in LINKS.items():
        if isinstance(keys := typed.get(box), list):
            chosen.setdefault(kind, set()).update(int(key) for key in keys[:MOST_NAMED] if _is_number(key))
    for kind, keys in chosen.items():
        setattr(named, kind, keys)
    return named


def _is_number(key: Any) -> bool:
    return isinstance(key, str) and key.isascii() and key.isdecimal() and len(key) < 19
