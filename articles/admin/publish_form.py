"""When and how a story goes live or leaves: wall-clock times in the site's zone or another, and what readers are told."""

from datetime import datetime
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.core.exceptions import ValidationError

from media.local_time import ZONES, NoSuchTime, happens_twice, instant

from ..models import Article


class WhenField(forms.DateTimeField):
    """A wall-clock time without a zone, as the browser's own control writes it."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            required=False, input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"], **kwargs
        )

    def to_python(self, value: Any) -> datetime | None:
        # Django would read the time in the server's zone; the form knows the editor's.
        for written in self.input_formats or () if isinstance(value, str) and value.strip() else ():
            try:
                return self.strptime(value.strip(), written)
            except ValueError:
                continue
        if value in self.empty_values:
            return None
        raise ValidationError("Enter a date and a time, such as 2026-12-03 18:00.")


class MomentForm(forms.Form):
    """A moment and the zone it is written in; any zone there is, the usual ones listed. Cleaned: `when_at`, an instant."""

    when = WhenField(label="When", help_text="Leave empty for now.")
    zone = forms.CharField(label="Time zone", required=False, widget=forms.Select)
    which = forms.ChoiceField(
        required=False,
        label="If clocks go back that night",
        choices=[
            ("", "(the hour happens once)"),
            ("first", "the first of the two"),
            ("second", "the second of the two"),
        ],
    )

    moments: tuple[str, ...] = ("when",)

    def __init__(self, story: Article, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.site_zone = story.site.time_zone
        self.is_twice = False
        zones = dict.fromkeys([self.site_zone, *ZONES])
        self.fields["zone"].widget.choices = [(zone, zone.replace("_", " ")) for zone in zones]
        self.fields["zone"].initial = self.site_zone

    def clean_zone(self) -> str:
        zone = self.cleaned_data["zone"] or self.site_zone
        if zone not in available_timezones():
            raise ValidationError(f"“{zone}” is not a time zone. Choose one, such as “America/New_York”.")
        return zone

    def clean(self) -> dict[str, Any]:
        super().clean()
        data = self.cleaned_data
        for name in self.moments if data.get("zone") else ():
            if local := data.get(name):
                try:
                    data[f"{name}_at"] = instant(local, data["zone"], second=data.get("which") == "second")
                except NoSuchTime as error:
                    self.add_error(name, str(error))
                    continue
                is_twice = happens_twice(local, data["zone"])
                self.is_twice = self.is_twice or is_twice
                if is_twice and not data.get("which"):
                    self.add_error(
                        name,
                        f"{local:%H:%M} happens twice in {data['zone']} that night. Choose the first or the second.",
                    )
        return data


class PublishForm(MomentForm):
    """How a story goes live: when, until when, as what."""

    when = WhenField(label="Go live at")
    ends = WhenField(label="Take down at", help_text="Leave empty to keep it live.")
    kind = forms.ChoiceField(
        required=False,
        label="Publish as",
        choices=[("", "Update"), ("minor", "Minor change (keeps the dates)"), ("correction", "Correction")],
    )
    public_note = forms.CharField(
        required=False,
        label="Note to readers",
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Shown with the story. A correction needs one; an update may have one.",
    )
    note = forms.CharField(required=False, label="Note for colleagues", max_length=300)
    without_failing_photos = forms.BooleanField(required=False, label="Leave out the photos that fail the checklist")
    override = forms.CharField(required=False, label="Reason", max_length=300)

    moments = ("when", "ends")

    def clean(self) -> dict[str, Any]:
        super().clean()
        data = self.cleaned_data
        if data.get("kind") == "correction" and not data.get("public_note", "").strip():
            self.add_error("public_note", "Enter the correction. Readers see it.")
        return data
