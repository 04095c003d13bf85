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
    """The headline for where it is shown; each is the headline itself unless the desk wrote another."""

    short = serializers.CharField(help_text="For cards and menus.")
    search = serializers.CharField(help_text="For the results of search engines.")
    social = serializers.CharField(help_text="For shared links.")


class SectionRefSerializer(serializers.Serializer):
    """The section of an article."""

    slug = serializers.CharField(help_text="Names it in addresses of the API.")
    name = serializers.CharField(help_text="As readers see it.")
    path = serializers.CharField(help_text="Its page in the front end.")


class BreadcrumbSerializer(serializers.Serializer):
    """A step on the way from the front page to the article."""

    name = serializers.CharField(help_text="As readers see it.")
    path = serializers.CharField(help_text="Where it leads.")


class AuthorRefSerializer(serializers.Serializer):
    """Who wrote an article."""

    slug = serializers.CharField(help_text="Names it in addresses of the API.")
    name = serializers.CharField(help_text="As in the byline.")
    path = serializers.CharField(help_text="Its page in the front end.")
    role = serializers.CharField(
        allow_blank=True, help_text="What was done for this article, such as “Photographs”; empty for the writer."
    )
    job_title = serializers.CharField(allow_blank=True, help_text="Such as “Film critic”; empty if none is given.")


class SourceRefSerializer(serializers.Serializer):
    """Where an article comes from, if not from us."""

    name = serializers.CharField(help_text="Such as a news agency.")
    url = serializers.CharField(allow_null=True, help_text="Its web page.")


class TagRefSerializer(serializers.Serializer):
    """A tag of an article."""

    slug = serializers.CharField(help_text="Names it in addresses of the API.")
    name = serializers.CharField(help_text="As readers see it.")
    path = serializers.CharField(help_text="Its page in the front end.")


class PersonRefSerializer(serializers.Serializer):
    """A person an article is about."""

    slug = serializers.CharField(help_text="Names it in addresses of the API.")
    name = serializers.CharField(help_text="As readers see it.")
    path = serializers.CharField(help_text="Its page in the front end, such as `/person/mara-okonjo/`.")
    role = serializers.ChoiceField(
        choices=["main", "mentioned"],
        help_text="Whether the article is mainly about the person, or only mentions the person.",
    )
    same_as = serializers.ListField(
        child=serializers.CharField(), help_text="Web pages that are surely about the same person, such as Wikidata’s."
    )


class WorkRefSerializer(serializers.Serializer):
    """A film, series, album, song, game or show."""

    slug = serializers.CharField(help_text="Names it in addresses of the API.")
    title = serializers.CharField(help_text="As readers see it.")
    kind = serializers.ChoiceField(choices=Work.Kind.choices, help_text="What it is.")
    path = serializers.CharField(help_text="Its page in the front end.")
    release_date = serializers.DateField(
        allow_null=True, help_text="When it comes or came out; null if that is not known."
    )


class RelatedSerializer(serializers.Serializer):
    slug = serializers.CharField(help_text="Names it in addresses of the API.")
    headline = serializers.CharField(help_text="As readers see it.")
    path = serializers.CharField(help_text="Its page in the front end.")


class AlternateSerializer(serializers.Serializer):
    """The same story in one language."""

    locale = serializers.CharField(help_text="For hreflang.")
    slug = serializers.CharField(help_text="Names it in addresses of the API.")
    path = serializers.CharField(help_text="Its page in the front end.")
    url = serializers.CharField(help_text="The whole address of that page.")


class FlagsSerializer(serializers.Serializer):
    """What front ends treat otherwise."""

    breaking = serializers.BooleanField(help_text="News of this hour.")
    sensitive = serializers.BooleanField(help_text="Readers may want to be warned, and no advertisements beside it.")
    sponsored = serializers.CharField(allow_null=True, help_text="The label readers must see, or null.")
    noindex = serializers.BooleanField(help_text="Search engines shall not list it.")


class CorrectionSerializer(serializers.Serializer):
    """What readers are told of a change."""

    id = serializers.UUIDField(help_text="Stays the same.")
    kind = serializers.ChoiceField(choices=Correction.Kind.choices, help_text="What sort of change it was.")
    at = instant(help_text="When it was published.")
    text = serializers.CharField(help_text="To show with the article.")


class ReviewSerializer(serializers.Serializer):
    """What a review judges, and how."""

    work = WorkRefSerializer(allow_null=True, help_text="What is judged; null if it is not in the directory.")
    rating = serializers.FloatField(allow_null=True, help_text="Null: none is given.")
    scale = serializers.IntegerField(help_text="The highest rating possible.")
    verdict = serializers.CharField(allow_blank=True, help_text="In a line.")


class TocSerializer(serializers.Serializer):
    """A heading of the text, for a table of contents."""

    id = serializers.CharField(help_text="The id of the heading’s block: an anchor.")
    level = serializers.IntegerField(help_text="From 2 to 4.")
    text = serializers.CharField(help_text="Without markup.")


class ParagraphBlockSerializer(serializers.Serializer):
    """A paragraph."""

    id = serializers.CharField(help_text="Its anchor: it stays while the block does.")
    type = serializers.ChoiceField(choices=["paragraph"], help_text="Tells this block from the others.")
    html = serializers.CharField(help_text="Text with `strong`, `em`, `a` and `br`.")


class HeadingBlockSerializer(serializers.Serializer):
    """A heading inside the text."""

    id = serializers.CharField(help_text="Its anchor: it stays while the block does.")
    type = serializers.ChoiceField(choices=["heading"], help_text="Tells this block from the others.")
    level = serializers.IntegerField(min_value=2, max_value=4, help_text="From 2 to 4: the article’s headline is 1.")
    html = serializers.CharField(help_text="Text with `strong`, `em`, `a` and `br`.")
    text = serializers.CharField(help_text="Without markup.")


class QuoteBlockSerializer(serializers.Serializer):
    """What somebody said."""

    id = serializers.CharField(help_text="Its anchor: it stays while the block does.")
    type = serializers.ChoiceField(choices=["quote"], help_text="Tells this block from the others.")
    html = serializers.CharField(help_text="Text with `strong`, `em`, `a` and `br`.")
    cite = serializers.CharField(allow_null=True, help_text="Who said it.")


class PullQuoteBlockSerializer(QuoteBlockSerializer):
    """A line of the text, shown large."""

    type = serializers.ChoiceField(choices=["pull_quote"], help_text="Tells this block from the others.")


class ListItemSerializer(serializers.Serializer):
    """An item of a list, with the list below it, if any."""

    html = serializers.CharField(allow_blank=True, help_text="Text with `strong`, `em`, `a` and `br`.")
    ordered = serializers.BooleanField(help_text="Whether the items below are numbered.")
    items = serializers.SerializerMethodField(help_text="The items below, of the same shape.")

    @extend_schema_field({"type": "array", "items": {"$ref": "#/components/schemas/ListItem"}})
    def get_items(self, item: dict) -> list:
        return [self.to_representation(below) for below in item["items"]]


class ListBlockSerializer(serializers.Serializer):
    """A list."""

    id = serializers.CharField(help_text="Its anchor: it stays while the block does.")
    type = serializers.ChoiceField(choices=["list"], help_text="Tells this block from the others.")
    ordered = serializers.BooleanField(help_text="Whether its items are numbered.")
    items = ListItemSerializer(many=True, help_text="Its items, in order.")


class GalleryBlockSerializer(serializers.Serializer):
    """Several photos that belong together."""

    id = serializers.CharField(help_text="Its anchor: it stays while the block does.")
    type = serializers.ChoiceField(choices=["gallery"], help_text="Tells this block from the others.")
    title = serializers.CharField(allow_null=True, help_text="Above the photos.")
    count = serializers.IntegerField(help_text="How many photos it has now.")
    photos = PhotoSerializer(many=True, help_text="In order. Those that rights deny are left out.")


class EmbedBlockSerializer(serializers.Serializer):
    """Something of another service, shown in place."""

    id = serializers.CharField(help_text="Its anchor: it stays while the block does.")
    type = serializers.ChoiceField(choices=["embed"], help_text="Tells this block from the others.")
    provider = serializers.CharField(help_text="The service, such as `youtube`.")
    url = serializers.CharField(help_text="The page that is shown: what the fallback links to.")
    embed_id = serializers.CharField(help_text="What the service calls it.")
    aspect_ratio = serializers.CharField(
        allow_null=True, help_text="Width to height, such as `16:9`; null where the height depends on what it shows."
    )
    start = serializers.IntegerField(
        allow_null=True, help_text="Seconds after which a video is to begin; null for its beginning. `url` says it too."
    )
    caption_html = serializers.CharField(
        allow_null=True, help_text="What the story says of it, as inline HTML; or null."
    )
    fallback_text = serializers.CharField(help_text="For a link where the embed is not loaded.")


class DividerBlockSerializer(serializers.Serializer):
    """A line between two parts."""

    id = serializers.CharField(help_text="Its anchor: it stays while the block does.")
    type = serializers.ChoiceField(choices=["divider"], help_text="Tells this block from the others.")


class NoticeBlockSerializer(serializers.Serializer):
    """Stands where a photo was that a notice took away, when readers must be told."""

    id = serializers.CharField(help_text="Its anchor: it stays while the block does.")
    type = serializers.ChoiceField(choices=["notice"], help_text="Tells this block from the others.")
    text = serializers.CharField(help_text="To show in the photo’s place.")


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
    """For the head of the page."""

    title = serializers.CharField(help_text="For `<title>`.")
    description = serializers.CharField(allow_blank=True, help_text="For the meta description.")
    robots = serializers.ListField(child=serializers.CharField(), help_text="Words for the meta tag `robots`.")


class SocialImageSerializer(serializers.Serializer):
    """What is shown with a shared link, for og:image and its kin."""

    url = serializers.CharField(help_text="The whole address.")
    width = serializers.IntegerField(help_text="Of the file, in pixels.")
    height = serializers.IntegerField(help_text="Of the file, in pixels.")
    alt = serializers.CharField(allow_blank=True, help_text="What it shows, for `og:image:alt`.")
    type = serializers.CharField(help_text="The media type, such as image/jpeg.")


class SocialSerializer(serializers.Serializer):
    """How a shared link looks: for Open Graph and its kin."""

    title = serializers.CharField(help_text="For `og:title`.")
    description = serializers.CharField(allow_blank=True, help_text="For `og:description`.")
    image = SocialImageSerializer(allow_null=True, help_text="Null: no photo may be shown there.")


class CardSerializer(serializers.Serializer):
    """An article in a list: everything but its text."""

    id = serializers.UUIDField(help_text="Stays the same when the address changes.")
    slug = serializers.CharField(help_text="Names it in addresses of the API.")
    path = serializers.CharField(help_text="Its page in the front end.")
    url = serializers.CharField(help_text="The whole address of that page.")
    canonical_url = serializers.CharField(
        allow_null=True, help_text="Where the original stands, if this is a copy; else null, and `url` is canonical."
    )
    kind = serializers.ChoiceField(choices=Kind.choices, help_text="What sort of article it is.")
    label = serializers.CharField(allow_null=True, help_text="A word above the headline, such as “Exclusive”.")  # type: ignore[assignment]  # DRF gives its own fields the same name.
    headline = serializers.CharField(help_text="As readers see it, without markup.")
    headlines = HeadlinesSerializer(help_text="The headline for other places.")
    standfirst = serializers.CharField(allow_blank=True, help_text="One or two sentences under the headline.")
    locale = serializers.CharField(help_text="Its language and region, such as `en-US`.")
    section = SectionRefSerializer(allow_null=True, help_text="Null: it is in none.")
    breadcrumbs = BreadcrumbSerializer(many=True, help_text="The way from the front page, the outermost section first.")
    byline = serializers.CharField(allow_blank=True, help_text="To show as it is, such as “By June Castellane”.")
    authors = AuthorRefSerializer(many=True, help_text="In the order of the byline.")
    source = SourceRefSerializer(allow_null=True, help_text="Where it comes from; null: from us.")  # type: ignore[assignment]
    tags = TagRefSerializer(many=True, help_text="In the desk’s order.")
    people = PersonRefSerializer(many=True, help_text="Whom it is about, in the desk’s order.")
    works = WorkRefSerializer(many=True, help_text="What it is about, in the desk’s order.")
    published_at = instant(help_text="When it first went live.")
    updated_at = instant(allow_null=True, help_text="When readers were last told of an update; null: never.")
    modified_at = instant(help_text="When its present edition went live, small changes included.")
    ends_at = instant(allow_null=True, help_text="The first instant at which it is gone again; null: none is planned.")
    fresh_until = instant(allow_null=True, help_text="Nothing in the document changes by itself before this instant.")
    edition = serializers.IntegerField(help_text="Counts its publications.")
    cache_tags = serializers.ListField(
        child=serializers.CharField(), help_text="Names of all that it shows: an event names those that changed."
    )
    word_count = serializers.IntegerField(help_text="Of the text.")
    reading_time_minutes = serializers.IntegerField(help_text="How long most readers need.")
    flags = FlagsSerializer(help_text="What front ends treat otherwise.")
    corrections = CorrectionSerializer(many=True, help_text="What readers are told of changes.")
    review = ReviewSerializer(allow_null=True, help_text="Null: it is none.")
    lead = PhotoSerializer(
        allow_null=True, help_text="The photo above the text; null: none, or none that rights allow."
    )


class ArticleSerializer(CardSerializer):
    """A whole article."""

    toc = TocSerializer(many=True, help_text="The headings of the text, in order.")
    body = serializers.ListField(
        child=BlockField(), help_text="The text, block by block. Leave out types of blocks that you do not know."
    )
    related = RelatedSerializer(many=True, help_text="Articles that the desk put beside it.")
    alternates = AlternateSerializer(
        many=True,
        help_text="The story in each language it is live in, itself included; empty if it is told in one only.",
    )
    seo = SeoSerializer(help_text="For the head of the page.")
    social = SocialSerializer(help_text="How a shared link looks.")
    structured_data = serializers.JSONField(help_text="schema.org JSON-LD, ready for the page.")
