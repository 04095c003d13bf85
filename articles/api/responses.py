"""What the API answers around the stored documents: pages, directory entries, updates, problems."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from media.photos.serializers import PhotoSerializer

from ..live.serializers import (
    ArticleSerializer,
    AuthorRefSerializer,
    CardSerializer,
    PersonRefSerializer,
    RelatedSerializer,
    WorkRefSerializer,
    instant,
)
from ..models import Work


class ErrorSerializer(serializers.Serializer):
    """One parameter or field in error."""

    parameter = serializers.CharField(
        help_text="Its name; of a field inside others its path, such as `people[0].slug`."
    )
    value = serializers.CharField(allow_blank=True, help_text="What was sent, shortened.")
    detail = serializers.CharField(help_text="A sentence for people: what is wrong, and what to do.")
    allowed = serializers.ListField(
        child=serializers.CharField(), required=False, help_text="What it may be, where there is a list."
    )


class FindingSerializer(serializers.Serializer):
    """What the checklist finds in a working copy."""

    code = serializers.CharField(help_text="For machines, such as photo_not_usable.")
    sentence = serializers.CharField(help_text="For people.")
    blocks = serializers.BooleanField(help_text="Whether it keeps the story from being published.")
    photo = serializers.UUIDField(allow_null=True, help_text="The photo it is about; null: the story.")


class ProblemSerializer(serializers.Serializer):
    """An error, as RFC 9457 writes it."""

    type = serializers.CharField(help_text="urn:marquee:problem:… or about:blank.")
    title = serializers.CharField(help_text="The name of the status.")
    status = serializers.IntegerField(help_text="The HTTP status.")
    detail = serializers.CharField(required=False, help_text="A sentence for people.")
    errors = ErrorSerializer(many=True, required=False, help_text="Every parameter in error.")  # type: ignore[assignment]
    location = serializers.CharField(required=False, help_text="Where it went.")
    problems = FindingSerializer(many=True, required=False, help_text="What keeps a story from being published.")
    photo = serializers.UUIDField(required=False, help_text="The photo that this picture is already.")
    request_id = serializers.CharField(help_text="Also in the header X-Request-ID: it finds the request in our logs.")


class PageSerializer(serializers.Serializer):
    """A page of a list."""

    next = serializers.CharField(allow_null=True, help_text="The address of the next page, relative to this host.")
    previous = serializers.CharField(
        allow_null=True, help_text="The address of the page before, relative to this host; null on the first."
    )


COUNT = {
    "oneOf": [
        {"type": "integer", "minimum": 0, "maximum": 1000},
        {"type": "string", "enum": ["1000+"]},
        {"type": "null"},
    ]
}


@extend_schema_field(COUNT)
class CountField(serializers.Field):
    """How many there are, as far as they are counted."""


class ExpandedPersonRefSerializer(PersonRefSerializer):
    description = serializers.CharField(required=False, allow_blank=True, help_text="With expand=people.")
    born = serializers.DateField(required=False, allow_null=True, help_text="With expand=people.")
    died = serializers.DateField(required=False, allow_null=True, help_text="With expand=people.")


class ExpandedWorkRefSerializer(WorkRefSerializer):
    description = serializers.CharField(required=False, allow_blank=True, help_text="With expand=works.")
    same_as = serializers.ListField(child=serializers.CharField(), required=False, help_text="With expand=works.")
    poster = PhotoSerializer(required=False, allow_null=True, help_text="With expand=works.")


class ExpandedAuthorRefSerializer(AuthorRefSerializer):
    biography = serializers.CharField(required=False, allow_blank=True, help_text="With expand=authors.")
    handles = serializers.DictField(child=serializers.CharField(), required=False, help_text="With expand=authors.")
    same_as = serializers.ListField(child=serializers.CharField(), required=False, help_text="With expand=authors.")
    photo = PhotoSerializer(required=False, allow_null=True, help_text="With expand=authors.")


class DeliveredCardSerializer(CardSerializer):
    """An article in a list: everything but its text."""

    people = ExpandedPersonRefSerializer(many=True, help_text="Whom it is about, in the desk’s order.")
    works = ExpandedWorkRefSerializer(many=True, help_text="What it is about, in the desk’s order.")
    authors = ExpandedAuthorRefSerializer(many=True, help_text="In the order of the byline.")

    class Meta:
        ref_name = "Card"


class ExpandedRelatedSerializer(DeliveredCardSerializer):
    """A related article: slug, headline and path; with expand=related its whole card, while it is live."""

    def get_fields(self) -> dict:
        fields = super().get_fields()
        for name, field in fields.items():
            field.required = name in RelatedSerializer().fields
        return fields

    class Meta:
        ref_name = "Related"


class DeliveredArticleSerializer(ArticleSerializer):
    """A whole article."""

    people = ExpandedPersonRefSerializer(many=True, help_text="Whom it is about, in the desk’s order.")
    works = ExpandedWorkRefSerializer(many=True, help_text="What it is about, in the desk’s order.")
    authors = ExpandedAuthorRefSerializer(many=True, help_text="In the order of the byline.")
    related = ExpandedRelatedSerializer(many=True, help_text="Articles that the desk put beside it.")  # type: ignore[assignment]

    class Meta:
        ref_name = "Article"


class ArticlePageSerializer(PageSerializer):
    """A page of articles."""

    count = CountField(
        required=False,
        help_text="With count=true: how many articles the list holds, “1000+” for more than a thousand, null where too "
        "many would have to be looked through to say.",
    )
    results = DeliveredCardSerializer(many=True, help_text="The articles of this page.")


class RelatedPageSerializer(PageSerializer):
    """Articles that share people, works or tags with another."""

    results = DeliveredCardSerializer(many=True, help_text="The closest first.")


class MonthSerializer(serializers.Serializer):
    """A month in which articles that are live were first published."""

    year = serializers.IntegerField(help_text="In the site’s time zone.")
    month = serializers.IntegerField(min_value=1, max_value=12, help_text="From 1 to 12.")
    articles = serializers.CharField(help_text="Where its articles are listed.")


class MonthsSerializer(serializers.Serializer):
    """The months of the archive."""

    results = MonthSerializer(many=True, help_text="The newest first.")


LANDING_TEXT = "For the top of its page. Plain text; an empty line starts a new paragraph."
LANDING_PHOTO = "For the top of its page; null without one, or while rights deny it."


class DescribedSerializer(serializers.Serializer):
    """An entry with what search engines read of its own page."""

    structured_data = serializers.JSONField(help_text="schema.org JSON-LD, ready for the page.")


class SectionSerializer(serializers.Serializer):
    """A section in a list."""

    slug = serializers.CharField(help_text="Names it in addresses of the API.")
    name = serializers.CharField(help_text="As readers see it.")
    path = serializers.CharField(help_text="Its page in the front end.")
    description = serializers.CharField(allow_blank=True, help_text="For search engines and lists; may be empty.")
    text = serializers.CharField(allow_blank=True, help_text=LANDING_TEXT)
    photo = PhotoSerializer(allow_null=True, help_text=LANDING_PHOTO)
    parent = serializers.CharField(allow_null=True, help_text="The slug of the section above.")  # type: ignore[assignment]
    position = serializers.IntegerField(help_text="Among its siblings, lower numbers come first.")
    articles = serializers.CharField(help_text="Where its articles are listed, those of the sections below included.")


class EntrySerializer(serializers.Serializer):
    slug = serializers.CharField(help_text="Names it in addresses of the API.")
    name = serializers.CharField(help_text="As readers see it.")
    path = serializers.CharField(help_text="Its page in the front end.")
    articles = serializers.CharField(help_text="Where its articles are listed.")


class TagSerializer(EntrySerializer):
    """A tag in a list."""

    description = serializers.CharField(allow_blank=True, help_text="For search engines and lists; may be empty.")
    text = serializers.CharField(allow_blank=True, help_text=LANDING_TEXT)
    photo = PhotoSerializer(allow_null=True, help_text=LANDING_PHOTO)


class PersonSerializer(EntrySerializer):
    """A person in a list."""

    description = serializers.CharField(allow_blank=True, help_text="Who it is, in a line; may be empty.")
    born = serializers.DateField(allow_null=True, help_text="Null: not known.")
    died = serializers.DateField(allow_null=True, help_text="Null: alive, or not known.")
    same_as = serializers.ListField(
        child=serializers.CharField(), help_text="Web pages that are surely about the same person, such as Wikidata’s."
    )


class ArticleRefSerializer(serializers.Serializer):
    """An article by name."""

    slug = serializers.CharField(help_text="Names it in addresses of the API.")
    headline = serializers.CharField(help_text="As readers see it.")
    path = serializers.CharField(help_text="Its page in the front end.")


class ShownPhotoSerializer(PhotoSerializer):
    """A photo of a person, as a live article shows it."""

    article = ArticleRefSerializer(help_text="The live article that shows it.")


class PersonDetailSerializer(DescribedSerializer, PersonSerializer):
    portrait = ShownPhotoSerializer(allow_null=True, help_text="The desk’s choice, while a live article shows it.")
    photos = ShownPhotoSerializer(many=True, help_text="From the newest articles that show the person.")


class WorkSerializer(serializers.Serializer):
    """A work in a list."""

    slug = serializers.CharField(help_text="Names it in addresses of the API.")
    title = serializers.CharField(help_text="As readers see it.")
    kind = serializers.ChoiceField(choices=Work.Kind.choices, help_text="What it is.")
    path = serializers.CharField(help_text="Its page in the front end.")
    release_date = serializers.DateField(allow_null=True, help_text="When it comes or came out; null: not known.")
    description = serializers.CharField(allow_blank=True, help_text="What it is, in a line; may be empty.")
    same_as = serializers.ListField(
        child=serializers.CharField(), help_text="Web pages that are surely about the same work, such as Wikidata’s."
    )
    poster = PhotoSerializer(
        allow_null=True, help_text="The poster, cover or box; null without one, or while rights deny it."
    )
    articles = serializers.CharField(help_text="Where its articles are listed.")


class AuthorSerializer(EntrySerializer):
    """An author in a list."""

    job_title = serializers.CharField(allow_blank=True, help_text="Such as “Film critic”; may be empty.")
    biography = serializers.CharField(allow_blank=True, help_text="For the author’s page; may be empty.")
    photo = PhotoSerializer(allow_null=True, help_text="Null without one, or while rights deny it.")
    handles = serializers.DictField(
        child=serializers.CharField(),
        help_text="Names on social networks by network, such as `instagram`, without the @.",
    )
    same_as = serializers.ListField(
        child=serializers.CharField(), help_text="Web pages that are surely the author’s own."
    )


class UpdateSerializer(serializers.Serializer):
    """What became of one article. Drop your copy when `change` is not “live”."""

    id = serializers.UUIDField(help_text="Of the article.")
    change = serializers.ChoiceField(
        choices=["live", "gone", "moved"],
        help_text="`live`: it is there, new or changed; `gone`: drop it; `moved`: `location` says where to.",
    )
    changed_at = instant(help_text="When it changed.")
    slug = serializers.CharField(allow_null=True, help_text="Null when it is not live.")
    path = serializers.CharField(allow_null=True, help_text="Its page in the front end; null when it is not live.")
    url = serializers.CharField(allow_null=True, help_text="The whole address of that page; null when it is not live.")
    headline = serializers.CharField(allow_null=True, help_text="Null when it is not live.")
    etag = serializers.CharField(allow_null=True, help_text="Differs whenever the document differs.")
    location = serializers.CharField(allow_null=True, help_text="Where those are led who ask for a moved article.")


class PageUpdateSerializer(serializers.Serializer):
    """What became of one page of the directory. Drop your copy when `change` is “gone”, and those at `previous_paths` always."""

    id = serializers.UUIDField(help_text="The same for a page whatever it is called; of what is gone all that is said.")
    kind = serializers.CharField(help_text="`person`, `work`, `section`, `tag` or `author`.")
    change = serializers.CharField(
        help_text="`live`: it is there, new or changed; `gone`: no live story shows it any more."
    )
    changed_at = instant(help_text="When it changed.")
    slug = serializers.CharField(allow_null=True, help_text="Null when it is gone.")
    name = serializers.CharField(allow_null=True, help_text="Null when it is gone.")
    path = serializers.CharField(allow_null=True, help_text="Null when it is gone.")
    previous_paths = serializers.ListField(child=serializers.CharField(), help_text="Where it was before.")


class UpdatePageSerializer(serializers.Serializer):
    """What changed, and where to go on."""

    since = serializers.CharField(help_text="Give this back the next time.")
    more = serializers.BooleanField(help_text="Whether to ask again at once.")
    results = UpdateSerializer(many=True, help_text="Articles, the oldest change first.")
    pages = PageUpdateSerializer(
        many=True, help_text="Pages of people, works, sections, tags and authors, in the same order."
    )


class ResolutionSerializer(serializers.Serializer):
    """What a path of the front end stands for."""

    type = serializers.ChoiceField(
        choices=["article", "person", "work", "section", "tag", "author", "redirect"], help_text="What stands there."
    )
    slug = serializers.CharField(allow_null=True, help_text="Null for a redirect.")
    path = serializers.CharField(allow_null=True, help_text="The present path; null for a redirect.")
    location = serializers.CharField(
        allow_null=True, help_text="Where a redirect leads: a path of ours, or an address."
    )
    api = serializers.CharField(allow_null=True, help_text="Where the API describes it.")


class SectionDetailSerializer(DescribedSerializer, SectionSerializer):
    """A section on its own page."""


class TagDetailSerializer(DescribedSerializer, TagSerializer):
    """A tag on its own page."""


class WorkDetailSerializer(DescribedSerializer, WorkSerializer):
    """A work on its own page."""


class AuthorDetailSerializer(DescribedSerializer, AuthorSerializer):
    """An author on its own page."""
