"""Agencies, photographers and credits in the admin."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminTextInputWidget
from django.db.models import Count, QuerySet
from django.http import HttpRequest

from ..credits import line as credit_line
from ..models import (
    Agency,
    AgencyAlias,
    CreditAgency,
    CreditPhotographer,
    PhotoCredit,
    Photographer,
    PhotographerAlias,
    Right,
    Site,
)
from .affected import Affecting
from .fields import WordsField
from .lists import SearchedList
from .right import RightForm


class AgencyAliasInline(admin.TabularInline):
    model = AgencyAlias
    extra = 1
    verbose_name = "other spelling"
    verbose_name_plural = "other spellings: the next line that uses one is understood"


class AgencyRightInline(admin.StackedInline):
    model = Right
    form = RightForm
    extra = 0
    exclude = ["photo", "standing", "by"]
    verbose_name_plural = "rights: what holds for every photo of this agency"


@admin.register(Agency)
class AgencyAdmin(Affecting, SearchedList):
    list_display = ["name", "kind", "min_parts", "spellings"]
    list_filter = ["kind", "min_parts"]
    search_fields = ["name", "aliases__name"]
    inlines = [AgencyAliasInline, AgencyRightInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).prefetch_related("aliases")

    @admin.display(description="other spellings")
    def spellings(self, agency: Agency) -> str:
        return ", ".join(alias.name for alias in agency.aliases.all()[:6])


class PhotographerAliasInline(admin.TabularInline):
    model = PhotographerAlias
    extra = 1
    verbose_name = "other spelling"
    verbose_name_plural = "other spellings: the next line that uses one is understood"


@admin.register(Photographer)
class PhotographerAdmin(Affecting, SearchedList):
    list_display = ["name", "shown_name", "tidy_capitals"]
    list_filter = ["tidy_capitals"]
    search_fields = ["name", "aliases__name"]
    inlines = [PhotographerAliasInline]


class CreditPhotographerInline(admin.TabularInline):
    model = CreditPhotographer
    extra = 0
    autocomplete_fields = ["photographer"]


class CreditAgencyInline(admin.TabularInline):
    model = CreditAgency
    extra = 0
    autocomplete_fields = ["agency"]
    verbose_name_plural = "agencies, as written; the last one distributes"


class PhotoCreditForm(forms.ModelForm):
    line = forms.CharField(
        label="Read a line",
        required=False,
        max_length=500,
        widget=AdminTextInputWidget,
        help_text="Write the credit as it would be printed, such as “Ida Brandt/AP for StreamCo”: its parts are read from it.",
    )
    status = WordsField(help_text="Status words, such as File, Handout, Pool.")

    class Meta:
        model = PhotoCredit
        fields = [
            "line", "required_line", "on_behalf_of", "courtesy_of", "handle", "copyright_year", "copyright_holder",
            "status", "needs_check",
        ]  # fmt: skip

    def clean_line(self) -> str:
        line = self.cleaned_data["line"].strip()
        if line and credit_line.parse(line, Agency.objects.vocabulary()) is None:
            raise forms.ValidationError(
                "This line is not understood. Choose photographers and agencies below, or add a spelling to an agency."
            )
        return line


@admin.register(PhotoCredit)
class PhotoCreditAdmin(Affecting, SearchedList):
    form = PhotoCreditForm
    list_display = ["__str__", "supplied_line", "needs_check", "photo_count"]
    list_filter = ["needs_check", "agencies__kind"]
    search_fields = ["supplied_line", "required_line", "photographers__name", "agencies__name", "on_behalf_of"]
    inlines = [CreditPhotographerInline, CreditAgencyInline]
    readonly_fields = ["supplied_line", "shown"]
    fieldsets = [
        (None, {"fields": ["supplied_line", "shown", "line", "needs_check"]}),
        (
            "Parts",
            {"fields": ["on_behalf_of", "courtesy_of", "handle", "copyright_year", "copyright_holder", "status"]},
        ),
        ("Contract", {"fields": ["required_line"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).with_parts().annotate(number=Count("photos", distinct=True))

    @admin.display(description="photos", ordering="number")
    def photo_count(self, credit: PhotoCredit) -> int:
        return credit.number

    @admin.display(description="what readers see")
    def shown(self, credit: PhotoCredit) -> str:
        if credit.pk is None:
            return "—"
        return "\n".join(f"{site.name}: {credit.line(site.house_style)}" for site in Site.objects.all())

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        form.instance.is_confirmed = (
            form.instance.is_confirmed or form.has_changed() or any(formset.has_changed() for formset in formsets)
        )
        if line := form.cleaned_data.get("line"):
            form.instance.set_parts(credit_line.parse(line, Agency.objects.vocabulary()))
        else:
            form.instance.save()
