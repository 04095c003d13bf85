"""A working copy as JSON, both ways: what scripts send, and what they get back."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from media.permissions import Actor

from ..history.timeline import FOREVER
from ..live.serializers import instant
from ..models import Article, Edition, Section, Source, Tag, Work
from ..stories import fields
from ..stories.links import relink
from ..text import limits, slugs
from . import responses
from .draft_blocks import BodyField
from .draft_fields import (
    NO_LIST,
    AuthorLinkSerializer,
    ById,
    BySlug,
    Moment,
    PersonLinkSerializer,
    Rating,
    Word,
    WorkLinkField,
)

MOST_LINKS = 100
PLAIN = fields.names(lambda field: field.written == "plain")
ROWS = fields.names(lambda field: field.written == "row")


class EditionSerializer(serializers.Serializer):
    """One decision about when the story is live, and until when."""

    number = serializers.IntegerField(help_text="Counts the publications of this story.")
    kind = serializers.ChoiceField(choices=Edition.Kind.choices, help_text="What was decided.")
    live_from = instant(help_text="When it begins.")
    ends = serializers.SerializerMethodField(help_text="Null: for ever.")

    def get_ends(self, edition: Edition) -> datetime | None:
        return edition.ends if edition.ends < FOREVER else None


TOLD = {
    "id": "Stays the same.", "revision": "Counts how often it was saved; it is the ETag.", "stage": "How far it is.",
    "kind": "What sort of article it is.", "lead_layout": "How wide the lead photo stands.",
    "lead_photo": "By its id; null: none.", "review_verdict": "In a line.", "seo_title": "Empty: the search headline.",
    "seo_description": "Empty: the standfirst.", "noindex": "Search engines shall not list it.",
    "breaking": "News of this hour.",
}  # fmt: skip
"""What the form needs not to be told."""


class DraftSerializer(serializers.ModelSerializer):
    """A working copy: what editors change, and what publishing would give."""

    serializer_choice_field = Word
    serializer_related_field = ById
    body = BodyField(required=False, help_text="Typed blocks; or give `body_html` instead.")
    body_html = serializers.CharField(
        write_only=True, required=False, allow_blank=True, max_length=limits.MOST_CHARACTERS, trim_whitespace=False,
        help_text="Instead of `body`: HTML, cleaned on the way in.",
    )  # fmt: skip
    section = BySlug(
        "slug", queryset=Section.objects.all(), required=False, allow_null=True, help_text="By its slug; null: in none."
    )
    source = BySlug("name", queryset=Source.objects.all(), required=False, allow_null=True, help_text="By its name.")  # type: ignore[assignment]
    review_rating = Rating(help_text="Of a review, with one decimal at most; null: none is given.")
    review_work = BySlug(
        "slug", queryset=Work.objects.all(), required=False, allow_null=True, help_text="What is judged, by its slug."
    )
    translation_of = BySlug(
        "slug", queryset=Article.objects.none(), required=False, allow_null=True,
        help_text="The story that this one tells in another language.",
    )  # fmt: skip
    authors: Any = serializers.ListSerializer(
        child=AuthorLinkSerializer(),
        required=False,
        source="articleauthor_set",
        max_length=MOST_LINKS,
        error_messages=NO_LIST,
        help_text="In the order of the byline.",
    )
    people: Any = serializers.ListSerializer(
        child=PersonLinkSerializer(),
        required=False,
        source="articleperson_set",
        max_length=MOST_LINKS,
        error_messages=NO_LIST,
        help_text="Whom it is about.",
    )
    works = WorkLinkField(
        "slug",
        queryset=Work.objects.all(),
        many=True,
        required=False,
        source="articlework_set",
        error_messages=NO_LIST,
        help_text="What it is about, by their slugs.",
    )
    tags = BySlug(
        "slug",
        queryset=Tag.objects.all(),
        many=True,
        required=False,
        error_messages=NO_LIST,
        help_text="By their slugs.",
    )
    related = BySlug(
        "slug",
        queryset=Article.objects.none(),
        many=True,
        required=False,
        error_messages=NO_LIST,
        help_text="Stories beside it, by their slugs.",
    )
    live = serializers.SerializerMethodField(help_text="What readers see now; null where they see nothing.")
    coming = serializers.SerializerMethodField(help_text="What is scheduled.")
    problems = serializers.SerializerMethodField(help_text="What the checklist finds, were it published now.")
    desk = serializers.CharField(source="get_absolute_url", read_only=True, help_text="Its page in the admin.")

    class Meta:
        model = Article
        fields = [
            "id", "revision", "stage", "desk", *PLAIN, "body", "body_html", *fields.PHOTOS, *ROWS, *fields.LINKS,
            "live", "coming", "problems",
        ]  # fmt: skip
        read_only_fields = ["id", "revision", "stage"]
        extra_kwargs: dict[str, dict[str, Any]] = {name: {"help_text": text} for name, text in TOLD.items()}
        extra_kwargs |= {"slug": {"validators": Article._meta.get_field("slug").validators[:1]}}
        # What PostgreSQL's column holds, whatever the database is: the schema is one.
        extra_kwargs["review_scale"] = {"max_value": 32_767} | extra_kwargs.get("review_scale", {})

    def __init__(self, *args: Any, by: Actor | None = None, **kwargs: Any) -> None:
        self.by = by
        super().__init__(*args, **kwargs)
        if by is not None and "related" in self.fields:
            self.fields["related"].child_relation.queryset = Article.objects.visible_to(by)  # type: ignore[attr-defined]
            self.fields["translation_of"].queryset = Article.objects.visible_to(by)  # type: ignore[attr-defined]

    def validate_body_html(self, html: str) -> str:
        try:
            limits.check_html(html)
        except limits.TooLarge as error:
            raise serializers.ValidationError(str(error)) from error
        return html

    def validate(self, data: dict[str, Any]) -> dict[str, Any]:
        if "body" in data and "body_html" in data:
            raise serializers.ValidationError({"body_html": "Give “body” or “body_html”, not both."})
        return data

    @extend_schema_field(EditionSerializer(allow_null=True))
    def get_live(self, article: Article) -> dict[str, Any] | None:
        edition = article.live_edition()
        return EditionSerializer(edition).data if edition else None

    @extend_schema_field(EditionSerializer(many=True))
    def get_coming(self, article: Article) -> Any:
        return EditionSerializer(article.coming_editions(), many=True).data

    @extend_schema_field(responses.FindingSerializer(many=True))
    def get_problems(self, article: Article) -> Any:
        return responses.FindingSerializer(article.problems(), many=True).data

    def create(self, data: dict[str, Any]) -> Article:
        return self.update(Article(owner=self.by), data)  # type: ignore[misc]

    def update(self, article: Article, data: dict[str, Any]) -> Article:
        """Put the fields on the working copy and store it; the caller records the version."""
        links = _links(article, data)
        article.body = data.pop("body_html", article.body)
        for name, value in data.items():
            setattr(article, name, value)
        check(article)
        article.save()
        relink(article, **links)
        return article


# By where a story has them.
ROLED = ("authors", "people")
LINKS = {f"article{noun}_set": name for noun, name in (("author", "authors"), ("person", "people"), ("work", "works"))}
LINKS |= {name: name for name in ("tags", "related")}


def check(article: Article) -> None:
    """Raise ValidationError with everything the database would refuse, by field."""
    article.clean()
    if found := article.contradictions():
        raise ValidationError(dict(found))


def _links(article: Article, data: dict) -> dict:
    """Take the links off what was sent; of two that name the same row, the later says its role."""
    given = {name: data.pop(source) for source, name in LINKS.items() if source in data}
    for name in set(ROLED) & set(given):
        given[name] = {row["slug"].pk: row["role"] for row in given[name]}.items()
    keys = {name: [row.pk for row in rows if row != article] for name, rows in given.items() if name not in ROLED}
    return given | keys


# The verbs


class PublishSerializer(serializers.Serializer):
    """When and how the working copy goes live. Everything may be left out: then it does now, for ever."""

    at = Moment(help_text="When it goes live. Null: now.")
    ends = Moment(help_text="The first instant at which it is gone again. Null: never.")
    kind = Word(
        choices=["minor", "update", "correction"], required=False, allow_null=True,
        help_text="Null: the first publication, or an update.",
    )  # fmt: skip
    note = serializers.CharField(required=False, allow_blank=True, default="", help_text="Why, for colleagues.")
    public_note = serializers.CharField(
        required=False, allow_blank=True, default="", help_text="What readers are told: the correction, the update."
    )
    override = serializers.CharField(
        required=False, allow_blank=True, default="", help_text="Why it goes live although the checklist says no."
    )
    without_failing_photos = serializers.BooleanField(
        required=False, default=False, help_text="Leave out the photos that fail the checklist."
    )


class WithdrawSerializer(serializers.Serializer):
    """Why and when a story is taken away from readers."""

    reason = serializers.CharField(help_text="Why, for colleagues.")
    public_note = serializers.CharField(
        required=False, allow_blank=True, default="", help_text="What readers are told."
    )
    at = Moment(help_text="When it leaves. Null: now.")
    silent = serializers.BooleanField(
        required=False, default=False, help_text="Say nothing and lead nowhere, for a court order."
    )
    redirect_to = serializers.RegexField(
        rf'^(?:https?://[^\s<>"]+|/(?!/)[^\s<>"]*|{slugs.PATTERN})?$',
        required=False, allow_blank=True, default="", max_length=500,
        help_text="Where readers are led: a web address, a path, or the slug of another story.",
    )  # fmt: skip
