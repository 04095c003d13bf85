"""A photo as delivered. Documents are built through these, and the OpenAPI schema is made from them."""

from datetime import UTC

from rest_framework import serializers

from ..files import imaging
from .photo import Photo


class PersonShownSerializer(serializers.Serializer):
    """Who is in the picture."""

    slug = serializers.CharField()
    name = serializers.CharField()
    path = serializers.CharField()


class CreditSerializer(serializers.Serializer):
    """Who must be named: the line to show, and its parts."""

    line = serializers.CharField(help_text="Show this line, as it is.")
    photographers = serializers.ListField(child=serializers.CharField())
    agencies = serializers.ListField(
        child=serializers.CharField(), help_text="As written; the last is the distributor."
    )
    on_behalf_of = serializers.CharField(allow_null=True, help_text="The client after “for”.")
    courtesy_of = serializers.CharField(allow_null=True)
    handle = serializers.CharField(allow_null=True)
    copyright_notice = serializers.CharField(allow_null=True)
    license_url = serializers.CharField(allow_null=True)
    acquire_url = serializers.CharField(allow_null=True)


class ChainSerializer(serializers.Serializer):
    """One chain of a credit: who must be named for one of the pictures of a composite, or for the whole of a photo."""

    position = serializers.CharField(allow_null=True, help_text="Which picture of several, such as “left”.")
    line = serializers.CharField(allow_blank=True, help_text="This chain alone, as under its own picture.")
    photographers = serializers.ListField(child=serializers.CharField())
    agencies = serializers.ListField(
        child=serializers.CharField(), help_text="As written; the last is this chain’s distributor."
    )
    on_behalf_of = serializers.CharField(allow_null=True, help_text="The client after “for”.")
    courtesy_of = serializers.CharField(allow_null=True)
    handle = serializers.CharField(allow_null=True)
    license_url = serializers.CharField(allow_null=True)


class ImageSerializer(serializers.Serializer):
    """Where the picture is, in every size there is."""

    src = serializers.CharField(help_text="A JPEG of moderate width, for clients that want one address.")
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    url_template = serializers.CharField(help_text="Put in a crop, a width and a format of the lists below.")
    version = serializers.CharField()
    widths = serializers.ListField(child=serializers.IntegerField())
    formats = serializers.ListField(child=serializers.ChoiceField(choices=imaging.FORMATS))
    crops = serializers.ListField(child=serializers.ChoiceField(choices=list(imaging.CROPS)))
    srcset = serializers.CharField()
    focal_point = serializers.ListField(
        child=serializers.FloatField(min_value=0, max_value=1), min_length=2, max_length=2,
        help_text="What a crop must keep: a pair, the parts of the width from the left and of the height from the top.",
    )  # fmt: skip
    blur_data_url = serializers.CharField(allow_null=True)
    dominant_color = serializers.CharField(allow_null=True)


class PhotoSerializer(serializers.Serializer):
    """One use of a photo."""

    type = serializers.ChoiceField(choices=["photo"])
    id = serializers.UUIDField()
    use_id = serializers.CharField()
    layout = serializers.ChoiceField(choices=["wide", "inset", "full", "portrait"])
    alt = serializers.CharField(allow_blank=True)
    decorative = serializers.BooleanField()
    caption_html = serializers.CharField(allow_blank=True)
    kind = serializers.ChoiceField(choices=Photo.Kind.choices)
    taken_at = serializers.DateTimeField(allow_null=True, default_timezone=UTC)
    digital_source_type = serializers.CharField(allow_null=True)
    people = PersonShownSerializer(many=True)
    credit = CreditSerializer(allow_null=True)
    credits = ChainSerializer(
        many=True, help_text="Each chain of the credit: one, several for a composite, none without a credit."
    )
    image = ImageSerializer(allow_null=True)
