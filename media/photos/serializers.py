"""A photo as delivered. Documents are built through these, and the OpenAPI schema is made from them."""

from datetime import UTC

from rest_framework import serializers

from ..files import imaging
from .photo import Photo


class PersonShownSerializer(serializers.Serializer):
    """Who is in the picture."""

    slug = serializers.CharField(help_text="Names it in addresses of the API.")
    name = serializers.CharField(help_text="As readers see it.")
    path = serializers.CharField(help_text="Its page in the front end, such as `/person/mara-okonjo/`.")


class CreditSerializer(serializers.Serializer):
    """Who must be named: the line to show, and its parts."""

    line = serializers.CharField(help_text="Show this line, as it is.")
    photographers = serializers.ListField(child=serializers.CharField(), help_text="Their names, in order.")
    agencies = serializers.ListField(
        child=serializers.CharField(), help_text="As written; the last is the distributor."
    )
    on_behalf_of = serializers.CharField(allow_null=True, help_text="The client after “for”.")
    courtesy_of = serializers.CharField(allow_null=True, help_text="Who lent it, after “Courtesy of”.")
    handle = serializers.CharField(allow_null=True, help_text="An account on a social network, without its @.")
    copyright_notice = serializers.CharField(allow_null=True, help_text="Such as “© 2026 StreamCo”.")
    license_url = serializers.CharField(allow_null=True, help_text="The terms it is used under, for search engines.")
    acquire_url = serializers.CharField(allow_null=True, help_text="Where others may license it, for search engines.")


class ChainSerializer(serializers.Serializer):
    """One chain of a credit: who must be named for one of the pictures of a composite, or for the whole of a photo."""

    position = serializers.CharField(allow_null=True, help_text="Which picture of several, such as “left”.")
    line = serializers.CharField(allow_blank=True, help_text="This chain alone, as under its own picture.")
    photographers = serializers.ListField(child=serializers.CharField(), help_text="Their names, in order.")
    agencies = serializers.ListField(
        child=serializers.CharField(), help_text="As written; the last is this chain’s distributor."
    )
    on_behalf_of = serializers.CharField(allow_null=True, help_text="The client after “for”.")
    courtesy_of = serializers.CharField(allow_null=True, help_text="Who lent it, after “Courtesy of”.")
    handle = serializers.CharField(allow_null=True, help_text="An account on a social network, without its @.")
    license_url = serializers.CharField(allow_null=True, help_text="The terms it is used under.")


class ImageSerializer(serializers.Serializer):
    """Where the picture is, in every size there is."""

    src = serializers.CharField(help_text="A JPEG of moderate width, for clients that want one address.")
    width = serializers.IntegerField(help_text="Of the whole picture, in pixels.")
    height = serializers.IntegerField(help_text="Of the whole picture, in pixels.")
    url_template = serializers.CharField(help_text="Put in a crop, a width and a format of the lists below.")
    version = serializers.CharField(help_text="Changes with the picture: addresses never change what they show.")
    widths = serializers.ListField(child=serializers.IntegerField(), help_text="In pixels, the smallest first.")
    formats = serializers.ListField(
        child=serializers.ChoiceField(choices=imaging.FORMATS), help_text="Endings of `url_template`."
    )
    crops = serializers.ListField(
        child=serializers.ChoiceField(choices=list(imaging.CROPS)),
        help_text="Shapes of `url_template`; `full` is the whole picture.",
    )
    srcset = serializers.CharField(help_text="Ready for `img`: the whole picture in each width.")
    focal_point = serializers.ListField(
        child=serializers.FloatField(min_value=0, max_value=1), min_length=2, max_length=2,
        help_text="What a crop must keep: a pair, the parts of the width from the left and of the height from the top.",
    )  # fmt: skip
    blur_data_url = serializers.CharField(allow_null=True, help_text="A tiny picture to show while it loads.")
    dominant_color = serializers.CharField(allow_null=True, help_text="Such as `#a03c2b`, to show while it loads.")


class PhotoSerializer(serializers.Serializer):
    """One use of a photo."""

    type = serializers.ChoiceField(choices=["photo"], help_text="As a block of the text: tells it from the others.")
    id = serializers.UUIDField(help_text="Of the photo; the same wherever it is used.")
    use_id = serializers.CharField(help_text="Of this use: its anchor. `lead` above the text.")
    layout = serializers.ChoiceField(
        choices=["wide", "inset", "full", "portrait"], help_text="How wide it stands in the text."
    )
    alt = serializers.CharField(allow_blank=True, help_text="For who cannot see it; empty where it is decorative.")
    decorative = serializers.BooleanField(help_text="Screen readers skip it.")
    caption_html = serializers.CharField(
        allow_blank=True, help_text="The caption of this use, with `strong`, `em`, `a` and `br`."
    )
    kind = serializers.ChoiceField(choices=Photo.Kind.choices, help_text="Where it comes from.")
    taken_at = serializers.DateTimeField(allow_null=True, default_timezone=UTC, help_text="When it was taken.")
    digital_source_type = serializers.CharField(
        allow_null=True, help_text="The term of the IPTC for how it was made, such as `trainedAlgorithmicMedia`."
    )
    people = PersonShownSerializer(many=True, help_text="Who is in the picture.")
    credit = CreditSerializer(
        allow_null=True, help_text="Show its line wherever the photo is shown; null: none is owed."
    )
    credits = ChainSerializer(
        many=True, help_text="Each chain of the credit: one, several for a composite, none without a credit."
    )
    image = ImageSerializer(allow_null=True, help_text="Null: rights allow no picture here now.")
