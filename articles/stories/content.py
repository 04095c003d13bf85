"""Turns a story into the content of a version, and back."""

from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Model

from ..directory.author import Author
from ..directory.merge import Merger
from ..directory.person import Person, Work
from ..directory.section import Tag
from ..text.reading_time import counted
from . import fields
from .links import relink

if TYPE_CHECKING:
    from .article import Article


def snapshot(article: "Article") -> dict:
    """Return everything editors enter in a story, as plain JSON values with references by id."""
    return contents(article, {
        "authors": [[link.author_id, link.role] for link in article.articleauthor_set.all()],
        "people": [[link.person_id, link.role] for link in article.articleperson_set.all()],
        "works": [link.work_id for link in article.articlework_set.all()],
        "tags": sorted(tag.pk for tag in article.tags.all()) if article.pk else [],
        "related": sorted(str(story.pk) for story in article.related.all()),
    })  # fmt: skip


def contents(article: "Article", links: dict) -> dict:
    """Return what `snapshot` does, with the links given: authors, people, works, tags, related."""
    content = {name: getattr(article, name) for name in fields.PLAIN}
    content |= {name: _key(getattr(article, f"{name}_id")) for name in fields.KEYS}
    content["review_rating"] = (
        None if article.review_rating is None else str(Decimal(article.review_rating).normalize())
    )
    return counted(content | links)


def apply(article: "Article", content: dict) -> None:
    """Put a version's content back into the working copy. Rows that no longer exist are left out."""
    people = Merger.objects.present("person", [key for key, _ in content["people"]])
    works = Merger.objects.present("work", [*content["works"], content["review_work"] or 0])
    keys = content | {"review_work": works.get(content["review_work"], content["review_work"])}
    for name in fields.PLAIN:
        setattr(article, name, content[name])
    for name in fields.KEYS:
        setattr(article, name, _present(article, name, keys.get(name)))
    article.review_rating = None if content["review_rating"] is None else Decimal(content["review_rating"])
    article.save()
    relink(
        article,
        authors=_existing(Author, content["authors"]),
        people=_existing(Person, [(people.get(key, key), role) for key, role in content["people"]]),
        works=[key for (key,) in _existing(Work, [(works.get(key, key),) for key in content["works"]])],
        tags=Tag.objects.filter(pk__in=content["tags"]),
        related=type(article).objects.filter(pk__in=content["related"]),
    )


def sealed(content: dict) -> dict:
    """Return a version's content with every word blanked and every link dropped."""
    blank = fields.values("blanked") | {"word_count": 0, "reading_time_minutes": 0}
    # Fields that no longer exist may still hold words.
    blank |= {
        name: type(value)()
        for name, value in content.items()
        if name not in fields.KEPT and isinstance(value, str | list | dict)
    }
    return {name: None if value is None else blank.get(name, value) for name, value in content.items()}


def _present(article: "Article", name: str, key: object) -> Model | None:
    """Return the row a version names, or None if it no longer exists."""
    model = article._meta.get_field(name).remote_field.model
    return model._default_manager.filter(pk=key).first() if key else None


def _existing(model: type[Model], rows: list) -> list:
    """Return the rows whose id, the first value, still exists."""
    present = set(model.objects.filter(pk__in=[key for key, *_ in rows]).values_list("pk", flat=True))
    return [row for row in rows if row[0] in present]


def _key(value: object) -> object:
    return str(value) if isinstance(value, UUID) else value
