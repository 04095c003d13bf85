"""Who and what a story is about. All code that writes a story's links does it here: forms, the API, imports, restores."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import models

from media.one_line import LineField

from ..live.bulk_insert import insert_values

if TYPE_CHECKING:
    from .article import Article


class ArticleAuthor(models.Model):
    """An author in the byline."""

    article = models.ForeignKey("Article", on_delete=models.CASCADE)
    author = models.ForeignKey("Author", on_delete=models.PROTECT)
    role = LineField(max_length=60, blank=True, help_text="Such as “additional reporting”. Leave empty for the writer.")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["article", "author"],
                name="article_author_once",
                violation_error_message="This author is already named.",
            )
        ]

    def __str__(self) -> str:
        return str(self.author)


class ArticlePerson(models.Model):
    """A person a story is about, or mentions."""

    class Role(models.TextChoices):
        MAIN = "main", "main"
        MENTIONED = "mentioned", "mentioned"

    article = models.ForeignKey("Article", on_delete=models.CASCADE)
    person = models.ForeignKey("Person", on_delete=models.PROTECT)
    role = models.CharField(max_length=10, choices=Role.choices, default=Role.MAIN)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        verbose_name_plural = "article people"
        constraints = [
            models.UniqueConstraint(
                fields=["article", "person"],
                name="article_person_once",
                violation_error_message="This person is already tagged.",
            )
        ]

    def __str__(self) -> str:
        return str(self.person)


class ArticleWork(models.Model):
    """A work a story is about."""

    article = models.ForeignKey("Article", on_delete=models.CASCADE)
    work = models.ForeignKey("Work", on_delete=models.PROTECT)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["article", "work"],
                name="article_work_once",
                violation_error_message="This work is already tagged.",
            )
        ]

    def __str__(self) -> str:
        return str(self.work)


ROWS = {
    "authors": (ArticleAuthor, ("author_id", "role", "position")),
    "people": (ArticlePerson, ("person_id", "role", "position")),
    "works": (ArticleWork, ("work_id", "position")),
}
SETS = ("tags", "related")


def link(article: "Article", **links: Iterable) -> None:
    """Write links of a story that has none of these kinds yet.

    They are given as in a version: `authors` and `people` as pairs of key and role, `works`, `tags` and
    `related` as keys. The order is kept; duplicates after the first are ignored.
    """
    for name, (model, columns) in ROWS.items():
        rows = (dict(zip(columns, values, strict=True)) for values in _values(links.get(name, ())))
        model.objects.bulk_create(model(article=article, **row) for row in rows)
    for name in SETS:
        if name in links:
            getattr(article, name).add(*links[name])


def relink(article: "Article", **links: Iterable) -> None:
    """Replace the story's links of these kinds; other kinds stay. They are given as in `link`."""
    for name, (model, _) in ROWS.items():
        if name in links:
            model.objects.filter(article=article).delete()
            getattr(article, "_prefetched_objects_cache", {}).pop(f"{model._meta.model_name}_set", None)
    link(article, **{name: rows for name, rows in links.items() if name in ROWS})
    for name in SETS:
        if name in links:
            getattr(article, name).set(links[name])


def link_all(stories: Sequence[tuple[UUID, Mapping[str, Any]]]) -> None:
    """Write the links of many new stories, by story id, in one statement for each kind; `related` is not supported."""
    for name, (model, columns) in ROWS.items():
        rows = ((key, *values) for key, links in stories for values in _values(links[name]))
        insert_values(model, ("article_id", *columns), rows)
    tagged = ArticleAuthor._meta.get_field("article").related_model.tags.through
    insert_values(tagged, ("article_id", "tag_id"), ((key, tag) for key, links in stories for tag in links["tags"]))


def _values(given: Iterable) -> Iterator[tuple]:
    """Yield the column values of each link, the position last."""
    pairs = [tuple(each) if isinstance(each, list | tuple) else (each,) for each in given]
    once = {key: more for key, *more in reversed(pairs)}
    for position, key in enumerate(dict.fromkeys(key for key, *_ in pairs)):
        yield key, *once[key], position
