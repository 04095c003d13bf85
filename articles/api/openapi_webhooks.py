"""What the schema says of webhooks: each event, and the payload that a receiver gets."""

from typing import Any

from drf_spectacular.utils import OpenApiResponse, OpenApiWebhook, extend_schema, inline_serializer
from rest_framework import serializers

from ..live.directory_pages import NOUNS
from ..live.serializers import instant
from ..models import EVENTS

IMMEDIATE = "Whether what it is about must leave every page at once."
CACHE_TAGS = "Names of all that a front end keeps of it: drop what is kept under any of them."


class EventSectionSerializer(serializers.Serializer):
    """The section of a story."""

    slug = serializers.CharField(help_text="Names it in addresses of the API.")
    name = serializers.CharField(help_text="As readers see it.")
    path = serializers.CharField(help_text="Its page in the front end.")


class EventRefSerializer(serializers.Serializer):
    """A person or tag of a story."""

    slug = serializers.CharField(help_text="Names it in addresses of the API.")
    name = serializers.CharField(help_text="As readers see it.")


class EventStorySerializer(serializers.Serializer):
    """The story that an event is about. Of one that is gone nothing but its address is said."""

    id = serializers.UUIDField(help_text="Stays the same when the address changes.")
    slug = serializers.CharField(help_text="Names it in addresses of the API.")
    path = serializers.CharField(help_text="Its page in the front end.")
    status = serializers.IntegerField(help_text="What its address answers now: 200, 301 or 410.")
    previous_paths = serializers.ListField(child=serializers.CharField(), help_text="Where it was before.")
    kind = serializers.CharField(allow_null=True, help_text="What sort of story it is; null when it is gone.")
    section = EventSectionSerializer(allow_null=True, help_text="Null when it is in none, or gone.")
    headline = serializers.CharField(allow_null=True, help_text="Null when it is gone.")
    people = EventRefSerializer(many=True, help_text="Whom it is about.")
    tags = EventRefSerializer(many=True, help_text="Its tags.")


class EventStoryRefSerializer(serializers.Serializer):
    """A live story by name."""

    id = serializers.UUIDField(help_text="Of the story.")
    path = serializers.CharField(help_text="Its page in the front end.")


class AffectedSerializer(serializers.Serializer):
    """The live stories that show what changed."""

    count = serializers.IntegerField(help_text="How many, up to a thousand and one.")
    count_is_exact = serializers.BooleanField(help_text="False where there are more than a thousand.")
    articles = EventStoryRefSerializer(many=True, help_text="The first hundred.")
    next = serializers.CharField(
        allow_null=True, help_text="Where the others can be followed; null where none are left."
    )


class GonePageSerializer(serializers.Serializer):
    """A page of the directory that is gone."""

    slug = serializers.CharField(help_text="Named it in addresses of the API.")
    path = serializers.CharField(help_text="Where it was in the front end.")
    previous_paths = serializers.ListField(child=serializers.CharField(), help_text="Where it was before that.")


class EventPageSerializer(serializers.Serializer):
    """A page of the directory."""

    slug = serializers.CharField(help_text="Names it in addresses of the API.")
    name = serializers.CharField(help_text="As readers see it.")
    path = serializers.CharField(help_text="Its page in the front end.")
    previous_paths = serializers.ListField(child=serializers.CharField(), help_text="Where it was before.")


def made(name: str, said: str, fields: dict[str, Any], **options: Any) -> serializers.Serializer:
    found = inline_serializer(name, fields, **options)
    type(found).__doc__ = said
    return found


def data(name: str) -> serializers.Serializer:
    """Return what an event tells of its subject."""
    noun, _, verb = name.partition(".")
    fields: dict[str, Any] = {"immediate": serializers.BooleanField(help_text=IMMEDIATE)}
    if noun == "article":
        fields["article"] = EventStorySerializer(help_text="The story.")
    elif noun == "photo":
        fields["verb"] = serializers.CharField(help_text="What happened to them, such as `photo.killed`.")
        fields["photos"] = serializers.ListField(
            child=serializers.UUIDField(), help_text="Their ids, the first hundred."
        )
    else:
        page = GonePageSerializer if verb == "vanished" else EventPageSerializer
        fields[f"{noun}s"] = page(many=True, help_text="The pages, at most a hundred.")
    if noun == "photo" or verb == "changed":
        fields["affected"] = AffectedSerializer(help_text="The live stories that show what changed.")
    fields["cache_tags"] = serializers.ListField(child=serializers.CharField(), help_text=CACHE_TAGS)
    return made(f"{shape(name)}Data", "What an event tells.", fields, help_text="What an event tells.")


def shape(name: str) -> str:
    """Return the name of an event’s payload: one for all of stories and for all of photos, which are told alike."""
    noun, _, verb = name.partition(".")
    return f"{noun.title()}{verb.title() if noun in NOUNS else ''}Event"


SHAPES: dict[str, serializers.Serializer] = {}
"""Payloads by name: each is one to the schema, however many events have it."""


def payload(name: str) -> serializers.Serializer:
    if shape(name) not in SHAPES:
        SHAPES[shape(name)] = made(shape(name), "What a webhook posts.", {
            "type": serializers.CharField(help_text="The name of the event."),
            "timestamp": instant(help_text="When it took effect."),
            "data": data(name),
        })  # fmt: skip
    return SHAPES[shape(name)]


def webhook(name: str) -> OpenApiWebhook:
    noun, _, verb = name.partition(".")
    return OpenApiWebhook(name, extend_schema(
        operation_id=f"on{noun.title()}{verb.title()}", tags=["webhooks"], summary=EVENTS[name],
        description="Signed as Standard Webhooks say: docs/engine.md. A delivery that fails is repeated under the same `webhook-id`.",
        request=payload(name), responses={
            204: OpenApiResponse(None, "Received. Any other 2xx says so as well."),
            410: OpenApiResponse(None, "Not wanted any more: the endpoint is switched off."),
        },
    ))  # fmt: skip


WEBHOOKS = [webhook(name) for name in EVENTS]
