"""What Marquee is measured against: a constant, one stored row, and the same answers the usual good DRF way."""

from functools import cache
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.http import HttpResponse
from rest_framework import generics, pagination, serializers

from articles.models import Article
from media.models import Photo


@cache
def answer(name: str) -> bytes:
    """Return the bytes that the workload of this name answered; the bench wrote them there beforehand."""
    return (Path(settings.VAR_DIR) / "bench-answers" / name).read_bytes()


def constant(request, name):
    return HttpResponse(answer(name), content_type="application/json")


def stored_row(request, slug):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT b.document_json FROM articles_livedocument d JOIN articles_livedocumentbody b ON b.document_id = d.id"
            " WHERE d.slug = %s AND d.status = 200",
            [slug],
        )
        return HttpResponse(cursor.fetchone()[0], content_type="application/json")


class PlainPhoto(serializers.ModelSerializer):
    credit = serializers.SerializerMethodField()
    caption = serializers.SerializerMethodField()

    class Meta:
        model = Photo
        fields = ["id", "width", "height", "kind", "credit", "caption", "delivered"]

    def get_credit(self, photo):
        return photo.credit.line() if photo.credit else None

    def get_caption(self, photo):
        caption = photo.house_caption
        return {"text": caption.text, "alt": caption.alt} if caption else None


class PlainCard(serializers.ModelSerializer):
    section = serializers.SlugRelatedField(slug_field="name", read_only=True)
    people = serializers.SlugRelatedField(slug_field="name", many=True, read_only=True)
    tags = serializers.SlugRelatedField(slug_field="name", many=True, read_only=True)
    authors = serializers.SlugRelatedField(slug_field="name", many=True, read_only=True)
    lead_photo = PlainPhoto(read_only=True)

    class Meta:
        model = Article
        fields = ["id", "slug", "headline", "standfirst", "kind", "section", "people", "tags", "authors", "lead_photo"]


class PlainDocument(PlainCard):
    class Meta(PlainCard.Meta):
        fields = [*PlainCard.Meta.fields, "body", "seo_title", "seo_description", "saved_at"]


class PlainPage(pagination.CursorPagination):
    page_size = 20
    ordering = ("-saved_at", "-id")


def plain_articles():
    return Article.objects.filter(discarded_at__isnull=True).select_related("section", "lead_photo__credit").prefetch_related(
        "people", "tags", "authors", "lead_photo__captions",
        "lead_photo__credit__creditphotographer_set__photographer", "lead_photo__credit__creditagency_set__agency",
    )  # fmt: skip


class PlainList(generics.ListAPIView):
    serializer_class = PlainCard
    pagination_class = PlainPage
    queryset = plain_articles()


class PlainDetail(generics.RetrieveAPIView):
    serializer_class = PlainDocument
    lookup_field = "slug"
    queryset = plain_articles()
