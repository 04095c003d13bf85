"""Fields of what scripts send: links to other rows by slug or id, words of a list, instants."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from ..models import ArticleAuthor, ArticlePerson, Author, Person

LATEST = datetime(9000, 1, 1, tzinfo=UTC)
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


class Moment(serializers.DateTimeField):
    """An instant that databases and calendars can still add to."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(default_timezone=UTC, required=False, allow_null=True, **kwargs)

    def to_internal_value(self, value: Any) -> datetime:
        found = super().to_internal_value(value)
        if found > LATEST:
            raise serializers.ValidationError("Choose an earlier moment.")
        return found
