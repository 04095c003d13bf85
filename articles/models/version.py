import hashlib
import json
from decimal import Decimal
from uuid import UUID

from django.conf import settings
from django.db import models

from media.insert_only import InsertOnlyModel

from .. import body
from ..reading_time import reading_time

# Fields of the working copy that are kept as they are; relations and photos follow in `snapshot`.
PLAIN_FIELDS = (
    "kind", "label", "headline", "headline_short", "headline_search", "headline_social", "standfirst", "body",
    "lead_caption", "lead_alt", "lead_decorative", "lead_layout", "byline", "review_scale", "review_verdict",
    "seo_title", "seo_description", "canonical_url", "noindex", "breaking", "sensitive", "sponsored", "locale",
)  # fmt: skip
KEY_FIELDS = ("site", "section", "source", "lead_photo", "social_photo", "stand_in_photo", "review_work")


class Version(InsertOnlyModel):
    """What the working copy was at a save that changed something. Written once."""

    article = models.ForeignKey("Article", on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    content = models.JSONField(help_text="The editorial content, with references by id.")
    content_hash = models.CharField(max_length=64)
    word_count = models.PositiveIntegerField()
    reading_time_minutes = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["article", "number"], name="version_number_once")]

    def __str__(self):
        return f"version {self.number}"


def snapshot(article) -> dict:
    """Return all that an editor decided about a story, as plain JSON values with references by id."""
    return contents(article, {
        "authors": [[link.author_id, link.role] for link in article.articleauthor_set.all()],
        "people": [[link.person_id, link.role] for link in article.articleperson_set.all()],
        "works": [link.work_id for link in article.articlework_set.all()],
        "tags": sorted(tag.pk for tag in article.tags.all()) if article.pk else [],
        "related": sorted(str(story.pk) for story in article.related.all()),
    })  # fmt: skip


def contents(article, links: dict) -> dict:
    """Return what `snapshot` does, the references given: authors, people, works, tags, related."""
    content = {name: getattr(article, name) for name in PLAIN_FIELDS}
    content |= {name: _key(getattr(article, f"{name}_id")) for name in KEY_FIELDS}
    content["review_rating"] = (
        None if article.review_rating is None else str(Decimal(article.review_rating).normalize())
    )
    words = body.word_count(article.headline, article.blocks(), [article.lead_caption or ""])
    return content | links | {"word_count": words, "reading_time_minutes": reading_time(words)}


def content_hash(content: dict) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def links_of(content: dict) -> frozenset[UUID]:
    """Return the stories that a version leads to, in its text and below it."""
    return frozenset({*body.article_links(content["body"]), *(UUID(key) for key in content["related"])})


def apply(article, content: dict) -> None:
    """Put a version's content back into the working copy. Rows that are gone since are left out."""
    from .article import ArticleAuthor, ArticlePerson, ArticleWork
    from .author import Author
    from .merging import Merger
    from .person import Person, Work
    from .section import Tag

    for name in PLAIN_FIELDS:
        setattr(article, name, content[name])
    people = Merger.objects.present("person", [key for key, _ in content["people"]])
    works = Merger.objects.present("work", [*content["works"], content["review_work"] or 0])
    keys = content | {"review_work": works.get(content["review_work"], content["review_work"])}
    for name in KEY_FIELDS:
        setattr(article, name, _present(article, name, keys[name]))
    article.review_rating = None if content["review_rating"] is None else Decimal(content["review_rating"])
    article.save()
    article.tags.set(Tag.objects.filter(pk__in=content["tags"]))
    article.related.set(type(article).objects.filter(pk__in=content["related"]))
    _relink(ArticleAuthor, article, "author", Author, content["authors"])
    _relink(ArticlePerson, article, "person", Person, [[people.get(key, key), role] for key, role in content["people"]])
    _relink(ArticleWork, article, "work", Work, [[works.get(key, key), None] for key in content["works"]])


def _present(article, name: str, key):
    """Return the row a version names, or None where it is gone."""
    model = article._meta.get_field(name).remote_field.model
    return model._default_manager.filter(pk=key).first() if key else None


def _relink(through, article, name: str, target, rows) -> None:
    through.objects.filter(article=article).delete()
    present = set(target.objects.filter(pk__in=[key for key, _ in rows]).values_list("pk", flat=True))
    for position, (key, role) in enumerate(rows):
        if key in present:
            present.discard(key)
            extra = {} if role is None else {"role": role}
            through.objects.create(article=article, position=position, **{f"{name}_id": key}, **extra)


def _key(value):
    return str(value) if isinstance(value, UUID) else value
