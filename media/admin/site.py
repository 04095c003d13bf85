"""Sites in the admin."""

from django import forms
from django.contrib import admin

from ..models import Site
from ..rights.decision import DELIVERED_CHANNELS
from ..rights.validators import validate_site_channels, validate_territories
from .fields import AddressesField, ChoicesField, WordsField
from .lists import SearchedList


class SiteForm(forms.ModelForm):
    territories = WordsField(upper=True, help_text="Country codes, such as US, CA. Leave empty for the whole world.")
    channels = ChoicesField(DELIVERED_CHANNELS, help_text=Site._meta.get_field("channels").help_text)
    social_profiles = AddressesField(
        label="Social profiles",
        help_text="One address per line. Given to search engines as the title’s own profiles (schema.org sameAs).",
    )

    class Meta:
        model = Site
        fields = [
            "name", "is_default", "locale", "time_zone", "url_template", "preview_url_template", "media_base",
            "territories", "channels", "credit_prefix", "credit_separator", "credit_agency_first", "credit_upper_case",
            "publisher_name", "logo_url", "logo_width", "logo_height", "social_profiles", "footer", "stand_in_photo",
        ]  # fmt: skip

    def clean_territories(self) -> list[str]:
        validate_territories(self.cleaned_data["territories"])
        return self.cleaned_data["territories"]

    def clean_channels(self) -> list[str]:
        """Ask here too: nobody asks the validators of the table about an empty list."""
        validate_site_channels(self.cleaned_data["channels"])
        return self.cleaned_data["channels"]


@admin.register(Site)
class SiteAdmin(SearchedList):
    form = SiteForm
    list_display = ["name", "locale", "url_template", "is_default"]
    search_fields = ["name"]
    autocomplete_fields = ["stand_in_photo"]
    fieldsets = [
        (None, {"fields": ["name", "is_default", "locale", "time_zone", "territories", "channels"]}),
        ("Addresses", {"fields": ["url_template", "preview_url_template", "media_base"]}),
        ("Credits", {"fields": ["credit_prefix", "credit_separator", "credit_agency_first", "credit_upper_case"]}),
        ("Publisher", {
            "fields": [
                "publisher_name", "logo_url", ("logo_width", "logo_height"), "social_profiles", "footer", "stand_in_photo",
            ],
        }),
    ]  # fmt: skip
