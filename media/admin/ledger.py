"""The usage ledger in the admin, and its CSV export."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import path
from django.utils import timezone
from django.utils.html import format_html

from ..ledger.report import COLUMNS, OF_FEES, columns, rows
from ..ledger.usage import credited
from ..models import Agency, Photo, Site, Usage
from ..permissions import Actor
from ..photos import delivered
from ..rights.decision import CHANNELS, PLACEMENTS
from ..spreadsheet import download
from .fees import Fees, sees_fees
from .fields import BeginningField, EndField
from .lists import QuickList, WordFilter

# A page for people shows no keys.
SHOWN = ["shown", *(name for name, _ in COLUMNS if name not in ("photo", "article"))]


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
class UsageAdmin(Fees, QuickList):
    """The ledger: read, filtered, exported; only uses outside the CMS are added by hand."""

    form = UsageForm
    of_fees = OF_FEES
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
        return [] if obj is None else self.get_fields(request, obj)

    @admin.display(description="photo")
    def shown(self, usage: Usage) -> str:
        photo = Photo.objects.prefetch_related("captions").filter(pk=usage.photo).first()
        if photo is None:
            return "This photo was deleted."
        return format_html('<a href="{}">{}</a>', photo.get_absolute_url(), photo)

    def has_change_permission(self, request: HttpRequest, obj: Any | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        form.fill_in(obj, request.user)
        super().save_model(request, obj, form, change)

    def csv(self, request: HttpRequest) -> StreamingHttpResponse:
        """Return the filtered rows as a CSV file, on the site's clock."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        found = self.get_changelist_instance(request).get_queryset(request)
        fees, zone = sees_fees(request), Site.objects.zone()
        head = [f"{title} ({zone})" if name.startswith("live_") else title for name, title in columns(fees=fees)]
        cells = (row.values() for row in rows(found, fees=fees))
        return download(f"usage-{timezone.localtime():%Y-%m-%d}", head, cells, zone)
