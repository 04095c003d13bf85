"""The text of a working copy as typed blocks, as block_json takes and gives them."""

from typing import Any

from drf_spectacular.extensions import OpenApiSerializerFieldExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import Direction, PolymorphicProxySerializer, extend_schema_field
from rest_framework import serializers

from ..text import block_json, body

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
