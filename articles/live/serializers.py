"""What readers get. Documents are built through these, and the OpenAPI schema is made from them."""

from datetime import UTC
from typing import Any

from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema_field
from rest_framework import serializers

from media.photos.serializers import PhotoSerializer

from ..directory.person import Work
from ..history.edition import Correction
from ..history.kinds import Kind
from .fast_serializer import writer


def instant(**options: Any) -> serializers.DateTimeField:
    return serializers.DateTimeField(default_timezone=UTC, **options)


class HeadlinesSerializer(serializers.Serializer):
    short = serializers.CharField()
    search = serializers.CharField()
    social = serializers.CharField()


class SectionRefSerializer(serializers.Serializer):
    slug = serializers.CharField()
    name = serializers.CharField()
    path = serializers.CharField()


class BreadcrumbSerializer(serializers.Serializer):
    name = serializers.CharField()
    path = serializers.CharField()


class AuthorRefSerializer(serializers.Serializer):
    slug = serializers.CharField()
    name = serializers.CharField()
    path = serializers.CharField()
    role = serializers.CharField(allow_blank=True)
    job_title = serializers.CharField(allow_blank=True)


class SourceRefSerializer(serializers.Serializer):
    name = serializers.CharField()
    url = serializers.CharField(allow_null=True)


class TagRefSerializer(serializers.Serializer):
    slug = serializers.CharField()
    name = serializers.CharField()
    path = serializers.CharField()


class PersonRefSerializer(serializers.Serializer):
    slug = serializers.CharField()
    name = serializers.CharField()
    path = serializers.CharField()
    role = serializers.ChoiceField(choices=["main", "mentioned"])
    same_as = serializers.ListField(child=serializers.CharField())


class WorkRefSerializer(serializers.Serializer):
    slug = serializers.CharField()
    title = serializers.CharField()
    kind = serializers.ChoiceField(choices=Work.Kind.choices)
    path = serializers.CharField()
    release_date = serializers.DateField(allow_null=True)


class RelatedSerializer(serializers.Serializer):
    slug = serializers.CharField()
    headline = serializers.CharField()
    path = serializers.CharField()


class AlternateSerializer(serializers.Serializer):
    """The same story in one language."""

    locale = serializers.CharField(help_text="For hreflang.")
    slug = serializers.CharField()
    path = serializers.CharField()
    url = serializers.CharField()


class FlagsSerializer(serializers.Serializer):
    breaking = serializers.BooleanField()
    sensitive = serializers.BooleanField()
    sponsored = serializers.CharField(allow_null=True, help_text="The label readers must see, or null.")
    noindex = serializers.BooleanField()


class CorrectionSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=Correction.Kind.choices)
    at = instant()
    text = serializers.CharField()


class ReviewSerializer(serializers.Serializer):
    work = WorkRefSerializer(allow_null=True)
    rating = serializers.FloatField(allow_null=True)
    scale = serializers.IntegerField()
    verdict = serializers.CharField(allow_blank=True)


class TocSerializer(serializers.Serializer):
    id = serializers.CharField()
    level = serializers.IntegerField()
    text = serializers.CharField()


class ParagraphBlockSerializer(serializers.Serializer):
    id = serializers.CharField()
    type = serializers.ChoiceField(choices=["paragraph"])
    html = serializers.CharField()


class HeadingBlockSerializer(serializers.Serializer):
    id = serializers.CharField()
    type = serializers.ChoiceField(choices=["heading"])
    level = serializers.IntegerField(min_value=2, max_value=4)
    html = serializers.CharField()
    text = serializers.CharField()


class QuoteBlockSerializer(serializers.Serializer):
    id = serializers.CharField()
    type = serializers.ChoiceField(choices=["quote"])
    html = serializers.CharField()
    cite = serializers.CharField(allow_null=True)


class PullQuoteBlockSerializer(QuoteBlockSerializer):
    type = serializers.ChoiceField(choices=["pull_quote"])


class ListItemSerializer(serializers.Serializer):
    html = serializers.CharField(allow_blank=True)
    ordered = serializers.BooleanField(help_text="Whether the items below are numbered.")
    items = serializers.SerializerMethodField(help_text="The items below, of the same shape.")

    @extend_schema_field({"type": "array", "items": {"$ref": "#/components/schemas/ListItem"}})
    def get_items(self, item: dict) -> list:
        return [self.to_representation(below) for below in item["items"]]


class ListBlockSerializer(serializers.Serializer):
    id = serializers.CharField()
    type = serializers.ChoiceField(choices=["list"])
    ordered = serializers.BooleanField()
    items = ListItemSerializer(many=True)


class GalleryBlockSerializer(serializers.Serializer):
    id = serializers.CharField()
    type = serializers.ChoiceField(choices=["gallery"])
    title = serializers.CharField(allow_null=True)
    count = serializers.IntegerField()
    photos = PhotoSerializer(many=True)


class EmbedBlockSerializer(serializers.Serializer):
    id = serializers.CharField()
    type = serializers.ChoiceField(choices=["embed"])
    provider = serializers.CharField()
    url = serializers.CharField()
    embed_id = serializers.CharField()
    aspect_ratio = serializers.CharField(allow_null=True)
    fallback_text = serializers.CharField()


class DividerBlockSerializer(serializers.Serializer):
    id = serializers.CharField()
    type = serializers.ChoiceField(choices=["divider"])


class NoticeBlockSerializer(serializers.Serializer):
    """Stands where a photo was that a notice took away, when readers must be told."""

    id = serializers.CharField()
    type = serializers.ChoiceField(choices=["notice"])
    text = serializers.CharField()


BLOCKS: Any = {
    "paragraph": ParagraphBlockSerializer,
    "heading": HeadingBlockSerializer,
    "quote": QuoteBlockSerializer,
    "pull_quote": PullQuoteBlockSerializer,
    "list": ListBlockSerializer,
    "photo": PhotoSerializer,
    "gallery": GalleryBlockSerializer,
    "embed": EmbedBlockSerializer,
    "divider": DividerBlockSerializer,
    "notice": NoticeBlockSerializer,
}
BLOCK = PolymorphicProxySerializer(
    component_name="Block", serializers=BLOCKS, resource_type_field_name="type", many=False
)


@extend_schema_field(BLOCK)
class BlockField(serializers.Field):
    """One typed block. Clients ignore types they do not know."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.writers = {name: writer(serializer()) for name, serializer in BLOCKS.items()}

    def to_representation(self, block: dict) -> dict:
        return self.writers[block["type"]](block)


class SeoSerializer(serializers.Serializer):
    title = serializers.CharField()
    description = serializers.CharField(allow_blank=True)
    robots = serializers.ListField(child=serializers.CharField())


class SocialImageSerializer(serializers.Serializer):
    """What is shown with a shared link, for og:image and its kin."""

    url = serializers.CharField()
    width = serializers.IntegerField(help_text="Of the file, in pixels.")
    height = serializers.IntegerField()
    alt = serializers.CharField(allow_blank=True)
    type = serializers.CharField(help_text="The media type, such as image/jpeg.")


class SocialSerializer(serializers.Serializer):
    title = serializers.CharField()
    description = serializers.CharField(allow_blank=True)
    image = SocialImageSerializer(allow_null=True)


class CardSerializer(serializers.Serializer):
    """An article in a list: everything but its text."""

    id = serializers.UUIDField()
    slug = serializers.CharField()
    path = serializers.CharField()
    url = serializers.CharField()
    canonical_url = serializers.CharField(allow_null=True)
    kind = serializers.ChoiceField(choices=Kind.choices)
    label = serializers.CharField(allow_null=True)  # type: ignore[assignment]  # DRF gives its own fields the same name.
    headline = serializers.CharField()
    headlines = HeadlinesSerializer()
    standfirst = serializers.CharField(allow_blank=True)
    locale = serializers.CharField()
    section = SectionRefSerializer(allow_null=True)
    breadcrumbs = BreadcrumbSerializer(many=True)
    byline = serializers.CharField(allow_blank=True)
    authors = AuthorRefSerializer(many=True)
    source = SourceRefSerializer(allow_null=True)  # type: ignore[assignment]
    tags = TagRefSerializer(many=True)
    people = PersonRefSerializer(many=True)
    works = WorkRefSerializer(many=True)
    published_at = instant()
    updated_at = instant(allow_null=True)
    modified_at = instant()
    ends_at = instant(allow_null=True)
    fresh_until = instant(allow_null=True, help_text="Nothing in the document changes by itself before this instant.")
    edition = serializers.IntegerField()
    cache_tags = serializers.ListField(child=serializers.CharField())
    word_count = serializers.IntegerField()
    reading_time_minutes = serializers.IntegerField()
    flags = FlagsSerializer()
    corrections = CorrectionSerializer(many=True)
    review = ReviewSerializer(allow_null=True)
    lead = PhotoSerializer(allow_null=True)


class ArticleSerializer(CardSerializer):
    """A whole article."""

    toc = TocSerializer(many=True)
    body = serializers.ListField(child=BlockField())
    related = RelatedSerializer(many=True)
    alternates = AlternateSerializer(
        many=True,
        help_text="The story in each language it is live in, itself included; empty if it is told in one only.",
    )
    seo = SeoSerializer()
    social = SocialSerializer()
    structured_data = serializers.JSONField(help_text="schema.org JSON-LD, ready for the page.")
