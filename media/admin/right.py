"""Rights, licenses and clearances in the admin."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest
from django.urls import path, reverse
from django.utils.html import format_html
from django.views.decorators.http import require_GET

from ..models import Clearance, Licence, Right
from ..rights.decision import CHANNELS, DEFAULTS, PLACEMENTS
from ..rights.meaning import CONDITIONS
from ..rights.validators import validate_territories
from .fees import Fees
from .fields import BeginningField, ChoicesField, EndField, StoryField, WordsField
from .lists import SearchedChoices, SearchedList

PERIOD = {"starts": BeginningField, "until": EndField}
PERIOD_HELP = {
    "starts": "A date without a time means the start of that day. Leave empty if there is no start date.",
    "until": "A date without a time means the end of that day. Leave empty if there is no end date.",
}


class RightForm(forms.ModelForm):
    territories = WordsField(upper=True, help_text="Country codes, such as US, CA. Leave empty for everywhere.")
    channels = ChoicesField(CHANNELS, help_text="Leave all unchecked to include all.")
    placements = ChoicesField(PLACEMENTS, help_text="Leave all unchecked to include all.")
    conditions = ChoicesField(CONDITIONS)
    article = StoryField(label="Story", help_text="Paste the address of the story’s page. Leave empty for any story.")

    class Meta:
        model = Right
        fields = [
            "effect", "standing", "starts", "until", "days", "days_from", "territories", "channels", "placements",
            "article", "conditions", "max_width", "quota", "quota_period", "cost", "fee", "fee_basis", "licence", "note",
        ]  # fmt: skip
        field_classes = PERIOD
        help_texts = PERIOD_HELP

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["conditions"].keep(self.instance.conditions)  # type: ignore[attr-defined]

    def clean_territories(self) -> list[str]:
        validate_territories(self.cleaned_data["territories"])
        return self.cleaned_data["territories"]


class RightInline(Fees, admin.StackedInline):
    model = Right
    form = RightForm
    extra = 0
    verbose_name_plural = "rights"
    fieldsets = [
        ("Effect and dates", {"classes": ["collapse"], "fields": [("effect", "standing"), "note", ("starts", "until"), ("days", "days_from")]}),
        ("Where", {"classes": ["collapse"], "fields": ["territories", "channels", "placements", "article"]}),
        ("Terms", {
            "classes": ["collapse"],
            "fields": ["conditions", "max_width", ("quota", "quota_period"), ("cost", "fee", "fee_basis"), "licence"],
        }),
    ]  # fmt: skip


def default_sentence(kind: str) -> str:
    return DEFAULTS[kind].sentence


class LicenceRightForm(forms.ModelForm):
    class Meta:
        model = Right
        fields = ["photo", "effect", "starts", "until", "cost", "fee"]
        field_classes = PERIOD
        help_texts = PERIOD_HELP


class LicenceRightInline(Fees, SearchedChoices, admin.StackedInline):
    model = Right
    fields = [("photo", "effect"), ("starts", "until"), ("cost", "fee")]
    form = LicenceRightForm
    autocomplete_fields = ["photo"]
    extra = 1
    verbose_name_plural = "photos this license covers"


class LicenceForm(forms.ModelForm):
    class Meta:
        model = Licence
        fields = ["agency", "reference", "bought_on", "document", "note"]
        # Django's own widget links to a public address; licenses have none.
        widgets = {"document": forms.FileInput}


@admin.register(Licence)
class LicenceAdmin(SearchedList):
    list_display = ["reference", "agency", "bought_on", "note"]
    # Only agencies that sold something: the other thousand would bury them.
    list_filter = [("agency", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["reference", "note", "agency__name"]
    autocomplete_fields = ["agency"]
    form = LicenceForm
    fields = ["agency", "reference", "bought_on", "document", "on_file", "note"]
    readonly_fields = ["on_file"]
    inlines = [LicenceRightInline]

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(require_GET(self.document))
        return [path("<int:key>/document/", view, name="media_licence_document"), *super().get_urls()]

    @admin.display(description="on file")
    def on_file(self, licence: Licence) -> str:
        if not (licence.pk and licence.document):
            return "No file yet."
        address = reverse("admin:media_licence_document", args=[licence.pk])
        return format_html('<a href="{}">{}</a>', address, licence.document.name.rsplit("/", 1)[-1])

    def document(self, request: HttpRequest, key: int) -> FileResponse:
        """Return the license as a file to those who may read licenses."""
        licence = self.get_object(request, str(key))
        if licence is None or not licence.document:
            raise Http404
        if not self.has_view_permission(request, licence):
            raise PermissionDenied
        name = licence.document.name.rsplit("/", 1)[-1]
        return FileResponse(licence.document.open("rb"), as_attachment=True, filename=name)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        for row in formset.save(commit=False):
            row.by = row.by or request.user
            row.save()
        for row in formset.deleted_objects:
            row.delete()

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        obj.by = obj.by or request.user
        super().save_model(request, obj, form, change)


@admin.register(Clearance)
class ClearanceAdmin(Fees, SearchedList):
    """Who said yes to which paid use. Clearances are given on the photo's page and never changed."""

    list_display = ["photo", "article", "fee", "by", "at", "note"]
    date_hierarchy = "at"
    search_fields = ["note", "article"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any | None = None) -> bool:
        return False
