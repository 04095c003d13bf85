"""A working copy as JSON, both ways: what scripts send, and what they get back."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from drf_spectacular.extensions import OpenApiSerializerFieldExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import Direction, PolymorphicProxySerializer, extend_schema_field
from rest_framework import serializers

from media.models import Photo, Site
from media.permissions import Actor
from media.photos import delivered
from media.photos.serializers import ChainSerializer

from ..history.timeline import FOREVER
from ..live.serializers import instant
from ..models import (
    Article,
    ArticleAuthor,
    ArticlePerson,
    Author,
    Edition,
    Person,
    Section,
    Source,
    Tag,
    Work,
)
from ..stories import fields
from ..stories.links import relink
from ..text import block_json, body, limits, slugs
from . import responses

MOST_LINKS = 100
LATEST = datetime(9000, 1, 1, tzinfo=UTC)
PLAIN = fields.names(lambda field: field.written == "plain")
ROWS = fields.names(lambda field: field.written == "row")


# Blocks, as block_json takes and gives them


FOLLOWS = "Follows from the others: read it, and send it back or not."


class BlockType(serializers.ChoiceField):
    """The word that tells a block's shape."""


class BlockTypeSchema(OpenApiSerializerFieldExtension):
    """Says it as a constant: the delivered blocks have the same words, and clients name a type by each enumeration."""

    target_class = BlockType

    def map_serializer_field(self, auto_schema: AutoSchema, direction: Direction) -> dict[str, Any]:
        return {"type": "string", "const": next(iter(self.target.choices))}


class TextBlockSerializer(serializers.Serializer):
    """A paragraph."""

    id = serializers.CharField(required=False, help_text="Keep it, so that the block stays the same block.")
    type = BlockType(choices=["paragraph"], help_text="Tells this block from the others.")
    html = serializers.CharField(help_text="Text with strong, em, a and br.")


class DraftHeadingSerializer(TextBlockSerializer):
    """A heading inside the text."""

    type = BlockType(choices=["heading"], help_text="Tells this block from the others.")
    level = serializers.IntegerField(min_value=2, max_value=4, help_text="From 2 to 4: the headline is 1.")
    text = serializers.CharField(required=False, help_text=FOLLOWS)


class DraftQuoteSerializer(TextBlockSerializer):
    """What somebody said."""

    type = BlockType(choices=["quote"], help_text="Tells this block from the others.")
    cite = serializers.CharField(required=False, allow_null=True, help_text="Who said it.")


class DraftPullQuoteSerializer(DraftQuoteSerializer):
    """A line of the text, shown large."""

    type = BlockType(choices=["pull_quote"], help_text="Tells this block from the others.")


class DraftListItemSerializer(serializers.Serializer):
    """An item of a list, with the list below it, if any."""

    html = serializers.CharField(help_text="Text with `strong`, `em`, `a` and `br`.")
    ordered = serializers.BooleanField(required=False, help_text="Whether the items below are numbered.")
    items = serializers.ListField(child=serializers.JSONField(), required=False, help_text="Of the same shape.")


class DraftListSerializer(serializers.Serializer):
    """A list."""

    id = serializers.CharField(required=False, help_text="Keep it, so that the block stays the same block.")
    type = BlockType(choices=["list"], help_text="Tells this block from the others.")
    ordered = serializers.BooleanField(required=False, help_text="Whether its items are numbered.")
    items = DraftListItemSerializer(many=True, help_text="Its items, in order.")


class DraftPhotoSerializer(serializers.Serializer):
    """A photo in the text."""

    id = serializers.CharField(required=False, help_text="Keep it, so that the block stays the same block.")
    type = BlockType(choices=["photo"], help_text="Tells this block from the others.")
    photo = serializers.UUIDField(help_text="The id of a photo.")
    layout = serializers.ChoiceField(
        choices=["wide", "inset", "full", "portrait"], required=False, help_text="How wide it stands."
    )
    caption_html = serializers.CharField(
        required=False, allow_null=True, allow_blank=True, help_text="Null: the photo’s own."
    )
    alt = serializers.CharField(required=False, allow_null=True, allow_blank=True, help_text="Null: the photo’s own.")
    decorative = serializers.BooleanField(required=False, help_text="Screen readers skip it.")


class DraftGallerySerializer(serializers.Serializer):
    """Several photos that belong together."""

    id = serializers.CharField(required=False, help_text="Keep it, so that the block stays the same block.")
    type = BlockType(choices=["gallery"], help_text="Tells this block from the others.")
    title = serializers.CharField(required=False, allow_null=True, help_text="Above the photos.")
    count = serializers.IntegerField(required=False, help_text=FOLLOWS)
    photos = DraftPhotoSerializer(many=True, help_text="In order.")


class DraftEmbedSerializer(serializers.Serializer):
    """Something of another service, shown in place."""

    id = serializers.CharField(required=False, help_text="Keep it, so that the block stays the same block.")
    type = BlockType(choices=["embed"], help_text="Tells this block from the others.")
    url = serializers.CharField(help_text="A page of YouTube, Instagram, TikTok, Spotify and others.")
    provider = serializers.CharField(required=False, help_text=FOLLOWS)
    embed_id = serializers.CharField(required=False, help_text=FOLLOWS)
    aspect_ratio = serializers.CharField(required=False, allow_null=True, help_text=FOLLOWS)
    start = serializers.IntegerField(required=False, allow_null=True, help_text=FOLLOWS)
    caption_html = serializers.CharField(
        required=False, allow_null=True, allow_blank=True, help_text="What the story says of it, as inline HTML."
    )
    fallback_text = serializers.CharField(required=False, help_text=FOLLOWS)


class DraftDividerSerializer(serializers.Serializer):
    """A line between two parts."""

    id = serializers.CharField(required=False, help_text="Keep it, so that the block stays the same block.")
    type = BlockType(choices=["divider"], help_text="Tells this block from the others.")


BLOCKS = PolymorphicProxySerializer(
    component_name="DraftBlock", resource_type_field_name="type", many=True,
    serializers={
        "paragraph": TextBlockSerializer, "heading": DraftHeadingSerializer, "quote": DraftQuoteSerializer,
        "pull_quote": DraftPullQuoteSerializer, "list": DraftListSerializer, "photo": DraftPhotoSerializer,
        "gallery": DraftGallerySerializer, "embed": DraftEmbedSerializer, "divider": DraftDividerSerializer,
    },
)  # fmt: skip


class ReadBody(list):
    """A body as it was sent, read already: before the transaction that writes it."""

    def __init__(self, blocks: list) -> None:
        super().__init__(blocks)
        self.html, self.problem = "", ""
        try:
            self.html = block_json.from_typed(blocks)
            body.read_ahead(self.html)
        except block_json.BodyError as error:
            self.problem = str(error)


@extend_schema_field(BLOCKS)
class BodyField(serializers.Field):
    """The stored HTML as typed blocks."""

    def to_internal_value(self, data: Any) -> str:
        read = data if isinstance(data, ReadBody) else ReadBody(data) if isinstance(data, list) else None
        if read is None or read.problem:
            raise serializers.ValidationError(read.problem if read else "body must be a list.")
        return read.html

    def to_representation(self, value: str) -> list[dict]:
        return block_json.to_typed(body.split(value))


# Links to other rows, by slug


NO_LIST: Any = {"not_a_list": "Give a list."}


class BySlug(serializers.SlugRelatedField):
    default_error_messages = {"does_not_exist": "There is no “{value}” here.", "invalid": "Give text."}

    def run_validation(self, data: Any = serializers.empty) -> Any:
        """An empty name is no name, as the schema says: only null takes a link away."""
        if data == "":
            self.fail("does_not_exist", value=data)
        return super().run_validation(data)

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class ById(serializers.PrimaryKeyRelatedField):
    """A row by its UUID."""

    default_error_messages = {"does_not_exist": "There is nothing with this id.", "invalid": "Give an id: a UUID."}

    def to_internal_value(self, data: Any) -> Any:
        try:
            return super().to_internal_value(UUID(data))
        except (AttributeError, TypeError, ValueError):
            self.fail("invalid")


class Word(serializers.ChoiceField):
    """One word of a list. Anything else is refused with the list."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, str) and (data in self.choices or (data == "" and self.allow_blank)):
            return data
        raise serializers.ValidationError(f"Give one of these words: {', '.join(self.choices)}.")


@extend_schema_field({"type": "number", "minimum": 0, "maximum": 999.9})
class Rating(serializers.DecimalField):
    """A number both ways, as readers get it. Digits as text are read as well."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_digits=4, decimal_places=1, min_value=0, required=False, allow_null=True, **kwargs)

    def to_representation(self, value: Any) -> Any:
        return float(value)


class LinkSerializer(serializers.Serializer):
    """A link to another row. Unknown fields are errors: what they say would be lost."""

    default_error_messages = {"invalid": "Give an object with the field “slug”."}

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        unknown = [name for name in data if name not in self.fields] if isinstance(data, dict) else []
        if unknown:
            raise serializers.ValidationError({name: ["There is no such field."] for name in unknown})
        return super().to_internal_value(data)


class AuthorLinkSerializer(LinkSerializer):
    slug = BySlug("slug", queryset=Author.objects.all(), help_text="Of the author.")
    role = serializers.CharField(
        max_length=60,
        required=False,
        allow_blank=True,
        default="",
        help_text="What the author did, such as “Photographs”; empty for the writer.",
    )

    def to_representation(self, link: ArticleAuthor) -> dict[str, str]:
        return {"slug": link.author.slug, "role": link.role}


class PersonLinkSerializer(LinkSerializer):
    slug = BySlug("slug", queryset=Person.objects.all(), help_text="Of the person.")
    role = Word(
        choices=["main", "mentioned"],
        required=False,
        default="main",
        help_text="Whether the story is mainly about the person, or only mentions the person.",
    )

    def to_representation(self, link: ArticlePerson) -> dict[str, str]:
        return {"slug": link.person.slug, "role": link.role}


class WorkLinkField(BySlug):
    def to_representation(self, link: Any) -> str:
        return link.work.slug


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


class Moment(serializers.DateTimeField):
    """An instant that databases and calendars can still add to."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(default_timezone=UTC, required=False, allow_null=True, **kwargs)

    def to_internal_value(self, value: Any) -> datetime:
        found = super().to_internal_value(value)
        if found > LATEST:
            raise serializers.ValidationError("Choose an earlier moment.")
        return found


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


# Photos


class PhotoUploadSerializer(serializers.Serializer):
    """A picture, as a file or by its address, and what is known of it. The file’s own labels are read first."""

    file = serializers.FileField(required=False, help_text="The file, in multipart/form-data.")
    url = serializers.URLField(required=False, max_length=2000, help_text="Instead of the file: where it is, publicly.")
    name = serializers.CharField(required=False, max_length=255, help_text="The file’s name, if the address has none.")
    kind = Word(choices=Photo.Kind.choices, required=False, help_text="Else as its labels say.")
    caption = serializers.CharField(
        required=False, allow_blank=True, max_length=5000, help_text="Instead of the file’s."
    )
    alt = serializers.CharField(required=False, allow_blank=True, max_length=1000, help_text="For who cannot see it.")
    credit = serializers.CharField(
        required=False,
        max_length=500,
        help_text="The credit line, such as “Photo by Ann Lee/Getty Images”, instead of the file’s.",
    )

    def validate(self, data: dict[str, Any]) -> dict[str, Any]:
        if ("file" in data) == ("url" in data):
            raise serializers.ValidationError("Give a file or an address, one of them.")
        return data


class UsabilitySerializer(serializers.Serializer):
    """Whether a photo may be shown."""

    allowed = serializers.BooleanField(help_text="Whether it may.")
    reason = serializers.CharField(help_text="Why, in a sentence.")


class TakenPhotoSerializer(serializers.ModelSerializer):
    """A photo as the desk keeps it."""

    caption = serializers.CharField(
        source="house_caption.text", default="", help_text="The house’s caption, without markup."
    )
    alt = serializers.CharField(source="house_caption.alt", default="", help_text="For who cannot see it.")
    credit = serializers.SerializerMethodField(help_text="As readers will see it.")
    credits = serializers.SerializerMethodField(
        help_text="Each chain of it: one, several for a composite, none without a credit."
    )
    credit_to_check = serializers.BooleanField(
        source="credit.needs_check", default=False, help_text="The line was not understood: a person must read it."
    )
    usable = serializers.SerializerMethodField(help_text="Whether the default site may show it now, and why.")
    desk = serializers.SerializerMethodField(help_text="Its page in the admin.")

    class Meta:
        model = Photo
        fields = [
            "id", "kind", "state", "width", "height", "caption", "alt", "credit", "credits",
            "credit_to_check", "usable", "desk",
        ]  # fmt: skip
        read_only_fields = fields
        extra_kwargs = {
            "id": {"help_text": "Stays the same."}, "state": {"help_text": "Whether it is ready, or why not."},
            "width": {"help_text": "In pixels."}, "height": {"help_text": "In pixels."},
            "kind": {"help_text": "Where it comes from: what holds where no right is recorded."},
        }  # fmt: skip

    def get_credit(self, photo: Photo) -> str | None:
        return photo.credit.line(Site.objects.default().house_style) if photo.credit else None

    @extend_schema_field(ChainSerializer(many=True))
    def get_credits(self, photo: Photo) -> list[dict[str, Any]]:
        return delivered.credits(photo, Site.objects.default())

    @extend_schema_field(UsabilitySerializer)
    def get_usable(self, photo: Photo) -> dict[str, Any]:
        decision = photo.usable(Site.objects.default().use(timezone.now(), placement="body"))
        return {"allowed": bool(decision), "reason": decision.reason}

    def get_desk(self, photo: Photo) -> str:
        return reverse("admin:media_photo_change", args=[photo.pk])
