"""Agencies, photographers and credits in the admin."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.options import InlineModelAdmin
from django.contrib.admin.widgets import AdminTextInputWidget
from django.db.models import Count, QuerySet
from django.forms import BaseInlineFormSet
from django.http import HttpRequest
from django.utils.html import format_html

from ..credits import line as credit_line
from ..credits.composites import Chain, chains
from ..models import (
    Agency,
    AgencyAlias,
    CreditAgency,
    CreditChain,
    CreditPhotographer,
    PhotoCredit,
    Photographer,
    PhotographerAlias,
    Right,
    Site,
)
from .affected import Affecting
from .fields import WordsField
from .lists import SearchedChoices, SearchedList
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
    list_display = ["name", "kind", "parent", "min_parts", "spellings"]
    list_filter = ["kind", "min_parts", "house_spelling"]
    list_select_related = ["parent"]
    autocomplete_fields = ["parent"]
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


SAYS = [("on_behalf_of", "courtesy_of", "handle"), ("copyright_year", "copyright_holder"), ("status", "license_url")]


class OfChain(BaseInlineFormSet):
    """The names of one chain of a credit."""

    number = 0

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        return super().get_form_kwargs(index) | {"initial": {"chain": self.number}}


class NameForm(forms.ModelForm):
    # Not for anybody to change: it lets the form see that a name stands in this chain already.
    chain = forms.IntegerField(disabled=True, widget=forms.HiddenInput)


class ChainInline:
    """An inline of one chain of a credit; PhotoCreditAdmin makes one for each."""

    number = 0

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        field = "number" if self.model is CreditChain else "chain"
        return super().get_queryset(request).filter(**{field: self.number})


class NameInline(SearchedChoices, ChainInline, admin.TabularInline):
    form = NameForm
    extra = 0
    fields = ["chain", "position"]

    def get_formset(self, request: HttpRequest, obj: Any | None = None, **kwargs: Any) -> type[BaseInlineFormSet]:
        formset = super().get_formset(request, obj, formset=OfChain, **kwargs)
        formset.number = self.number
        return formset


class CreditPhotographerInline(NameInline):
    model = CreditPhotographer
    fields = ["photographer", "position", "chain"]
    autocomplete_fields = ["photographer"]
    verbose_name = "photographer"
    verbose_name_plural = "photographers"


class CreditAgencyInline(NameInline):
    model = CreditAgency
    fields = ["agency", "spelling", "position", "chain"]
    autocomplete_fields = ["agency"]
    verbose_name = "agency"
    verbose_name_plural = "agencies, as written; the last one distributes"


class CreditChainForm(forms.ModelForm):
    order = forms.IntegerField(
        required=False,
        min_value=1,
        max_value=99,
        help_text="Its place in the line, 1 for the first. Leave empty to keep the order.",
    )
    status = WordsField(help_text="Status words, such as File, Handout, Pool.")

    class Meta:
        model = CreditChain
        fields = [
            "place", "order", "on_behalf_of", "courtesy_of", "handle", "copyright_year", "copyright_holder", "status",
            "license_url",
        ]  # fmt: skip


class CreditChainInline(ChainInline, admin.StackedInline):
    """What a further chain says besides its names; deleting it deletes them too."""

    model = CreditChain
    form = CreditChainForm
    extra = max_num = 0
    fields = [("place", "order"), *SAYS]
    verbose_name = "as received"
    verbose_name_plural = "what it says; deleting it deletes its names"


class PhotoCreditForm(forms.ModelForm):
    line = forms.CharField(
        label="Read a line",
        required=False,
        max_length=500,
        widget=AdminTextInputWidget,
        help_text="Enter the credit as it would be printed, such as “Ida Brandt/AP for StreamCo”. Its parts are read from it.",
    )
    another = forms.CharField(
        label="Add a credit",
        required=False,
        max_length=500,
        widget=AdminTextInputWidget,
        help_text="For a composite picture: the credit of one more photo in it, such as “Ida Brandt/AP”.",
    )
    another_place = forms.CharField(
        label="Its place", required=False, max_length=100, help_text="Such as “right”. Leave empty if none is printed."
    )
    remove_first = forms.BooleanField(
        label="Remove the first credit", required=False, help_text="The second credit becomes the first."
    )
    status = WordsField(help_text="Status words, such as File, Handout, Pool.")

    class Meta:
        model = PhotoCredit
        fields = [
            "line", "required_line", "place", "on_behalf_of", "courtesy_of", "handle", "copyright_year",
            "copyright_holder", "status", "license_url", "needs_check", "another", "another_place", "remove_first",
        ]  # fmt: skip

    def clean_line(self) -> str:
        self.read = chains(self.cleaned_data["line"], Agency.objects.vocabulary())
        if any(chain.parts is None for chain in self.read):
            raise forms.ValidationError(
                "This line was not understood. Choose photographers and agencies below, or add another spelling to an agency."
            )
        return self.cleaned_data["line"].strip()

    def clean_another(self) -> str:
        text = self.cleaned_data["another"].strip()
        if text and credit_line.parse(text, Agency.objects.vocabulary()) is None:
            raise forms.ValidationError(
                "This was not understood as a single credit. Enter one credit, or add its agency first."
            )
        return text

    def clean(self) -> dict[str, Any] | None:
        data = super().clean()
        if self.cleaned_data.get("another_place") and not self.cleaned_data.get("another"):
            self.add_error("another_place", "Enter the credit for this place, too.")
        return data

    def rearrange(self, orders: dict[int, int]) -> None:
        """Do to the chains what the form says; `orders` are the places asked for, by the numbers of the chains."""
        credit = self.instance
        if self.cleaned_data.get("line"):
            return credit.set_chains(self.read)
        if text := self.cleaned_data.get("another"):
            parts = credit_line.parse(text, Agency.objects.vocabulary())
            credit.add_chain(Chain(text, parts, self.cleaned_data["another_place"]))
        numbers = [0, *credit.creditchain_set.values_list("number", flat=True)]
        if self.cleaned_data.get("remove_first") and len(numbers) > 1:
            numbers.remove(0)
        credit.arrange(sorted(numbers, key=lambda number: (orders.get(number, number + 1), number not in orders)))


@admin.register(PhotoCredit)
class PhotoCreditAdmin(Affecting, SearchedList):
    form = PhotoCreditForm
    list_display = ["__str__", "supplied_line", "doubt", "photo_count"]
    list_filter = ["needs_check", "agencies__kind"]
    search_fields = [
        "supplied_line", "required_line", "photographers__name", "agencies__name", "on_behalf_of",
        "creditchain__on_behalf_of", "creditchain__courtesy_of",
    ]  # fmt: skip
    inlines = [CreditPhotographerInline, CreditAgencyInline]
    readonly_fields = ["supplied_line", "shown"]

    def get_fieldsets(self, request: HttpRequest, obj: PhotoCredit | None = None) -> Any:
        several = obj is not None and obj.is_composite
        more = {"fields": [("another", "another_place")], "classes": [] if several else ["collapse"]}
        return [
            (None, {"fields": ["supplied_line", "shown", "line", "needs_check"]}),
            ("Contract", {"fields": ["required_line"]}),
            ("Composite picture", more),
            ("What credit 1 says", {"fields": ["place", *SAYS, "remove_first"]})
            if several
            else ("Parts", {"fields": SAYS}),
        ]

    def get_inline_instances(self, request: HttpRequest, obj: PhotoCredit | None = None) -> list[InlineModelAdmin]:
        """Return the names of the first chain, then what each further one says and its names."""
        found = super().get_inline_instances(request, obj)
        further = obj.creditchain_set.all() if obj is not None else ()
        for chain in further:
            for kind in (CreditChainInline, CreditPhotographerInline, CreditAgencyInline):
                inline = kind(self.model, self.admin_site)
                inline.number = chain.number
                found.append(inline)
        if further:
            for inline in found:
                inline.verbose_name_plural = f"Credit {inline.number + 1}: {inline.verbose_name_plural}"
        return found

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).with_parts().annotate(number=Count("photos", distinct=True))

    @admin.display(description="needs check", ordering="needs_check")
    def doubt(self, credit: PhotoCredit) -> str:
        return format_html('<span class="badge badge-warn">{}</span>', "To check") if credit.needs_check else ""

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
        rows = [row for formset in formsets if formset.model is CreditChain for row in formset]
        form.rearrange(
            {row.instance.number: row.cleaned_data["order"] for row in rows if row.cleaned_data.get("order")}
        )
