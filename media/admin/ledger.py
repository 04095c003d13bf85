"""The usage ledger in the admin, and its CSV export."""

import csv
from collections.abc import Iterator
from datetime import tzinfo
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from ..ledger.report import COLUMNS, rows
from ..ledger.usage import UsageQuerySet, credited
from ..models import Agency, Photo, Site, Usage
from ..permissions import Actor
from ..photos import delivered
from ..rights.decision import CHANNELS, PLACEMENTS
from .fields import BeginningField, EndField
from .lists import QuickList, WordFilter

# A page for people shows no keys.
SHOWN = ["picture", *(name for name, _ in COLUMNS if name not in ("photo", "article", "caption"))]


class UsageForm(forms.ModelForm):
    """A use outside the CMS, noted by hand."""

    photo = forms.CharField(label="Photo", help_text="The address of the photo’s page in Marquee.")
    channel = forms.ChoiceField(choices=[(word, word) for word in CHANNELS])

    class Meta:
        model = Usage
        fields = ["photo", "channel", "headline", "url", "live_from", "live_until", "fee"]
        labels = {"headline": "Where", "url": "Address", "live_from": "From", "live_until": "Until"}
        field_classes = {"live_from": BeginningField, "live_until": EndField}

    def clean_photo(self) -> UUID:
        key = self.cleaned_data["photo"].strip().rstrip("/").removesuffix("/change").rsplit("/", 1)[-1]
        try:
            self.shown = Photo.objects.with_facts().get(pk=key)
        except (Photo.DoesNotExist, ValueError, forms.ValidationError) as error:
            raise forms.ValidationError("No photo found. Paste the address of its page.") from error
        return self.shown.pk

    def fill_in(self, usage: Usage, by: Actor) -> None:
        """Copy the photo's credit into the row, as plain data."""
        photo = self.shown
        usage.entered_by, usage.supplier_image_id = by, photo.supplier_image_id
        usage.caption = photo.house_caption.text if photo.house_caption else ""
        for name, value in credited(photo, delivered.credit(photo, None), delivered.credits(photo, None)).items():
            setattr(usage, name, value)


class LiveFilter(admin.SimpleListFilter):
    title = "when"
    parameter_name = "when"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin) -> list[tuple[str, str]]:
        return [("now", "live now"), ("past", "over")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        now = timezone.now()
        if self.value() == "now":
            return queryset.live(now)
        return queryset.filter(live_until__lte=now) if self.value() == "past" else queryset


class AgencyNameFilter(admin.SimpleListFilter):
    title = "agency"
    parameter_name = "agency"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin) -> list[tuple[str, str]]:
        names = Agency.objects.filter(credits__isnull=False).order_by("name").values_list("name", flat=True).distinct()
        return [(name, name) for name in names[:60]]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.of_agency(self.value()) if self.value() else queryset


class ChannelFilter(WordFilter):
    title = parameter_name = "channel"
    words = CHANNELS


class RoleFilter(WordFilter):
    title = parameter_name = "role"
    words = PLACEMENTS


@admin.register(Usage)
class UsageAdmin(QuickList):
    """The ledger: read, filtered, exported; only uses outside the CMS are added by hand."""

    form = UsageForm
    list_display = ["credit", "agency", "headline", "role", "channel", "live_from", "live_until", "fee"]
    list_filter = [LiveFilter, "live_from", ChannelFilter, RoleFilter, AgencyNameFilter]
    search_fields = ["credit", "photographer", "agency", "headline", "supplier_image_id", "caption"]
    change_list_template = "admin/media/usage/change_list.html"

    def get_urls(self) -> list[Any]:
        return [path("csv/", self.admin_site.admin_view(self.csv), name="media_usage_csv"), *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super().changelist_view(request, {"title": "Usage ledger"} | (extra_context or {}))

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return super().add_view(request, form_url, {"title": "Add use outside Marquee"} | (extra_context or {}))

    def get_form(self, request: HttpRequest, obj: Any | None = None, **kwargs: Any) -> type[forms.ModelForm]:
        return super().get_form(request, obj, **kwargs) if obj is None else forms.modelform_factory(Usage, fields=[])

    def get_fields(self, request: HttpRequest, obj: Any | None = None) -> list[str]:
        return UsageForm.Meta.fields if obj is None else SHOWN

    def get_readonly_fields(self, request: HttpRequest, obj: Any | None = None) -> list[str]:
        return [] if obj is None else SHOWN

    @admin.display(description="photo")
    def picture(self, usage: Usage) -> SafeString:
        page = reverse("admin:media_photo_change", args=[usage.photo])
        return format_html('<a href="{}">{}</a>', page, usage.caption or "Open the photo")

    def has_change_permission(self, request: HttpRequest, obj: Any | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        form.fill_in(obj, request.user)
        super().save_model(request, obj, form, change)

    def csv(self, request: HttpRequest) -> StreamingHttpResponse:
        """Return the filtered rows as a CSV file."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        found = self.get_changelist_instance(request).get_queryset(request)
        response = StreamingHttpResponse(csv_lines(found, Site.objects.zone()), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = 'attachment; filename="usage.csv"'
        return response


class Echo:
    def write(self, value: str) -> str:
        return value


def csv_lines(found: UsageQuerySet, zone: tzinfo) -> Iterator[str]:
    writer = csv.writer(Echo())
    yield "\ufeff" + writer.writerow([title for _, title in COLUMNS])
    for row in rows(found, zone):
        yield writer.writerow([safe(value) for value in row.values()])


def safe(value: str | None) -> str:
    """Return the value as a cell that no spreadsheet takes for a formula."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
