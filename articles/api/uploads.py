"""A picture that a script sends, and what it gets back: the photo as the desk keeps it."""

from typing import Any

from django.urls import reverse
from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from media.models import Photo, Site
from media.photos import delivered
from media.photos.keywords import LONGEST_KEYWORD, MOST_KEYWORDS
from media.photos.serializers import ChainSerializer

from .draft_fields import Word


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
    keywords = serializers.ListField(
        child=serializers.CharField(max_length=LONGEST_KEYWORD),
        max_length=MOST_KEYWORDS,
        required=False,
        help_text="What the desk finds it by, instead of the file’s; readers never see them.",
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
    keywords = serializers.ListField(
        source="known_keywords", child=serializers.CharField(), help_text="What the desk finds it by."
    )
    usable = serializers.SerializerMethodField(help_text="Whether the default site may show it now, and why.")
    desk = serializers.SerializerMethodField(help_text="Its page in the admin.")

    class Meta:
        model = Photo
        fields = [
            "id", "kind", "state", "width", "height", "caption", "alt", "credit", "credits",
            "credit_to_check", "keywords", "usable", "desk",
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
