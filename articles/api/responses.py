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
    parameter = serializers.CharField()
    value = serializers.CharField(allow_blank=True)
    detail = serializers.CharField()
    allowed = serializers.ListField(child=serializers.CharField(), required=False)


class FindingSerializer(serializers.Serializer):
    """What the checklist finds in a working copy."""

    code = serializers.CharField(help_text="For machines, such as photo_not_usable.")
    sentence = serializers.CharField(help_text="For people.")
    blocks = serializers.BooleanField(help_text="Whether it keeps the story from being published.")
    photo = serializers.UUIDField(allow_null=True)


class ProblemSerializer(serializers.Serializer):
    """An error, as RFC 9457 writes it."""

    type = serializers.CharField(help_text="urn:marquee:problem:… or about:blank.")
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField(required=False, help_text="A sentence for people.")
    errors = ErrorSerializer(many=True, required=False, help_text="Every parameter in error.")  # type: ignore[assignment]
    location = serializers.CharField(required=False, help_text="Where it went.")
    problems = FindingSerializer(many=True, required=False, help_text="What keeps a story from being published.")
    photo = serializers.UUIDField(required=False, help_text="The photo that this picture is already.")
    request_id = serializers.CharField()


class PageSerializer(serializers.Serializer):
    next = serializers.CharField(allow_null=True, help_text="The address of the next page, relative to this host.")
    previous = serializers.CharField(allow_null=True)


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

    people = ExpandedPersonRefSerializer(many=True)
    works = ExpandedWorkRefSerializer(many=True)
    authors = ExpandedAuthorRefSerializer(many=True)

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

    people = ExpandedPersonRefSerializer(many=True)
    works = ExpandedWorkRefSerializer(many=True)
    authors = ExpandedAuthorRefSerializer(many=True)
    related = ExpandedRelatedSerializer(many=True)  # type: ignore[assignment]

    class Meta:
        ref_name = "Article"


class ArticlePageSerializer(PageSerializer):
    count = CountField(
        required=False,
        help_text="With count=true: how many articles the list holds, “1000+” for more than a thousand, null where too "
        "many would have to be looked through to say.",
    )
    results = DeliveredCardSerializer(many=True)


class RelatedPageSerializer(PageSerializer):
    results = DeliveredCardSerializer(many=True)


class MonthSerializer(serializers.Serializer):
    """A month in which articles that are live were first published."""

    year = serializers.IntegerField(help_text="In the site’s time zone.")
    month = serializers.IntegerField(min_value=1, max_value=12, help_text="From 1 to 12.")
    articles = serializers.CharField(help_text="Where its articles are listed.")


class MonthsSerializer(serializers.Serializer):
    results = MonthSerializer(many=True, help_text="The newest first.")


LANDING_TEXT = "For the top of its page. Plain text; an empty line begins a paragraph."
LANDING_PHOTO = "For the top of its page; null without one, or while rights deny it."


class DescribedSerializer(serializers.Serializer):
    """An entry with what search engines read of its own page."""

    structured_data = serializers.JSONField(help_text="schema.org JSON-LD, ready for the page.")


class SectionSerializer(serializers.Serializer):
    slug = serializers.CharField()
    name = serializers.CharField()
    path = serializers.CharField()
    description = serializers.CharField(allow_blank=True)
    text = serializers.CharField(allow_blank=True, help_text=LANDING_TEXT)
    photo = PhotoSerializer(allow_null=True, help_text=LANDING_PHOTO)
    parent = serializers.CharField(allow_null=True, help_text="The slug of the section above.")  # type: ignore[assignment]
    position = serializers.IntegerField(help_text="Among its siblings, lower numbers come first.")
    articles = serializers.CharField(help_text="Where its articles are listed, those of the sections below included.")


class EntrySerializer(serializers.Serializer):
    slug = serializers.CharField()
    name = serializers.CharField()
    path = serializers.CharField()
    articles = serializers.CharField(help_text="Where its articles are listed.")


class TagSerializer(EntrySerializer):
    description = serializers.CharField(allow_blank=True)
    text = serializers.CharField(allow_blank=True, help_text=LANDING_TEXT)
    photo = PhotoSerializer(allow_null=True, help_text=LANDING_PHOTO)


class PersonSerializer(EntrySerializer):
    description = serializers.CharField(allow_blank=True)
    born = serializers.DateField(allow_null=True)
    died = serializers.DateField(allow_null=True)
    same_as = serializers.ListField(child=serializers.CharField())


class ArticleRefSerializer(serializers.Serializer):
    slug = serializers.CharField()
    headline = serializers.CharField()
    path = serializers.CharField()


class ShownPhotoSerializer(PhotoSerializer):
    """A photo of a person, as a live article shows it."""

    article = ArticleRefSerializer()


class PersonDetailSerializer(DescribedSerializer, PersonSerializer):
    portrait = ShownPhotoSerializer(allow_null=True, help_text="The desk’s choice, while a live article shows it.")
    photos = ShownPhotoSerializer(many=True, help_text="From the newest articles that show the person.")


class WorkSerializer(serializers.Serializer):
    slug = serializers.CharField()
    title = serializers.CharField()
    kind = serializers.ChoiceField(choices=Work.Kind.choices)
    path = serializers.CharField()
    release_date = serializers.DateField(allow_null=True)
    description = serializers.CharField(allow_blank=True)
    same_as = serializers.ListField(child=serializers.CharField())
    poster = PhotoSerializer(
        allow_null=True, help_text="The poster, cover or box; null without one, or while rights deny it."
    )
    articles = serializers.CharField(help_text="Where its articles are listed.")


class AuthorSerializer(EntrySerializer):
    job_title = serializers.CharField(allow_blank=True)
    biography = serializers.CharField(allow_blank=True)
    photo = PhotoSerializer(allow_null=True, help_text="Null without one, or while rights deny it.")
    handles = serializers.DictField(
        child=serializers.CharField(),
        help_text="Names on social networks by network, such as `instagram`, without the @.",
    )
    same_as = serializers.ListField(child=serializers.CharField())


class UpdateSerializer(serializers.Serializer):
    """What became of one article. Drop your copy when `change` is not “live”."""

    id = serializers.UUIDField()
    change = serializers.ChoiceField(choices=["live", "gone", "moved"])
    changed_at = instant()
    slug = serializers.CharField(allow_null=True)
    path = serializers.CharField(allow_null=True)
    url = serializers.CharField(allow_null=True)
    headline = serializers.CharField(allow_null=True)
    etag = serializers.CharField(allow_null=True, help_text="Differs whenever the document differs.")
    location = serializers.CharField(allow_null=True, help_text="Where those are led who ask for a moved article.")


class PageUpdateSerializer(serializers.Serializer):
    """What became of one page of the directory. Drop your copy when `change` is “gone”, and those at `previous_paths` always."""

    id = serializers.UUIDField(help_text="The same for a page whatever it is called; of what is gone all that is said.")
    kind = serializers.CharField(help_text="`person`, `work`, `section`, `tag` or `author`.")
    change = serializers.CharField(
        help_text="`live`: it is there, new or changed; `gone`: no live story shows it any more."
    )
    changed_at = instant()
    slug = serializers.CharField(allow_null=True, help_text="Null when it is gone.")
    name = serializers.CharField(allow_null=True, help_text="Null when it is gone.")
    path = serializers.CharField(allow_null=True, help_text="Null when it is gone.")
    previous_paths = serializers.ListField(child=serializers.CharField(), help_text="Where it was before.")


class UpdatePageSerializer(serializers.Serializer):
    since = serializers.CharField(help_text="Give this back the next time.")
    more = serializers.BooleanField(help_text="Whether to ask again at once.")
    results = UpdateSerializer(many=True)
    pages = PageUpdateSerializer(
        many=True, help_text="Pages of people, works, sections, tags and authors, in the same order."
    )


class ResolutionSerializer(serializers.Serializer):
    """What a path of the front end stands for."""

    type = serializers.ChoiceField(choices=["article", "person", "work", "section", "tag", "author", "redirect"])
    slug = serializers.CharField(allow_null=True)
    path = serializers.CharField(allow_null=True)
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
