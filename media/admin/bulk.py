"""Bulk changes to photos: a form per change, the same verbs as for one photo, all or nothing."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from ..counted import counted
from ..credits.composites import chains
from ..models import Agency, Caption, Photo, PhotoCredit, Right
from ..permissions import Actor
from ..photos.photo import PhotoQuerySet
from ..rights.decision import CHANNELS
from .affected import affected
from .fields import BeginningField, ChoicesField, WordsField
from .right import PERIOD, PERIOD_HELP

MOST = 1000
SHOWN = 100


class TellingForm(forms.Form):
    """A change that readers can be told of, as a correction in every live story it reaches."""

    of_caption = False
    tell_readers = forms.CharField(
        label="Tell readers",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="A correction, added to every live story that shows one of these photos. Leave empty for none.",
    )
    field_order = ["line", "text", "find", "replace", "tell_readers"]


class CreditForm(TellingForm):
    """Gives all the same credit."""

    line = forms.CharField(label="Credit line", max_length=500, help_text="Such as “Ida Brandt/AP for StreamCo”.")

    @staticmethod
    def refuses(photos: PhotoQuerySet) -> str:
        """Return why these cannot all get one credit: nobody means to take the second picture's away unseen."""
        number = photos.filter(credit__in=PhotoCredit.objects.composites()).count()
        if not number:
            return ""
        have, them = ("has", "it") if number == 1 else ("have", "them one by one")
        return f"{counted(number, 'photo')} {have} several credits; open {them}."

    def clean_line(self) -> str:
        read = chains(self.cleaned_data["line"], Agency.objects.vocabulary())
        if any(chain.parts is None for chain in read):
            raise forms.ValidationError(
                "This line was not understood. Add its agency, or another spelling of the agency, first."
            )
        return self.cleaned_data["line"]

    def change(self, photo: Photo, by: Actor) -> None:
        if not hasattr(self, "credit"):
            self.credit = PhotoCredit.objects.read(self.cleaned_data["line"], Agency.objects.vocabulary())
        photo.credit = self.credit
        photo.save()


NOTHING_GIVEN = "Fill in at least one field. Empty fields change nothing."


class EventForm(forms.Form):
    """Says where and when all were taken, and their kind; empty fields change nothing."""

    event = forms.CharField(max_length=300, required=False)
    city = forms.CharField(max_length=100, required=False)
    country = forms.CharField(max_length=100, required=False)
    taken_at = BeginningField(required=False, help_text="Such as 2026-03-01 and 20:00, in the site’s time zone.")
    kind = forms.ChoiceField(
        choices=[("", "Leave as it is"), *Photo.Kind.choices],
        required=False,
        help_text="Decides what applies where no right is recorded.",
    )

    def clean(self) -> dict[str, Any]:
        given = {name: value for name, value in super().clean().items() if value}
        if not given and not self.errors:
            raise forms.ValidationError(NOTHING_GIVEN)
        return given

    def change(self, photo: Photo, by: Actor) -> bool:
        changed = {name: value for name, value in self.cleaned_data.items() if value != getattr(photo, name)}
        for name, value in changed.items():
            setattr(photo, name, value)
        if changed:
            photo.save()
        return bool(changed)


class CaptionForm(TellingForm):
    """Gives all the same house caption, or the same alt text; an empty field changes nothing."""

    of_caption = True
    text = forms.CharField(label="House caption", required=False, widget=forms.Textarea(attrs={"rows": 4}))
    alt = forms.CharField(
        label="Alt text",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Describe the pictures for people who cannot see them.",
    )
    field_order = ["text", "alt", "tell_readers"]

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        if not (given.get("text") or given.get("alt") or self.errors):
            raise forms.ValidationError(NOTHING_GIVEN)
        return given

    def change(self, photo: Photo, by: Actor) -> bool:
        given = self.cleaned_data
        return bool(photo.reword(by=by, caption=given["text"] or None, alt=given["alt"] or None))


class KeywordsForm(forms.Form):
    """Adds keywords to all, and removes others."""

    reaches_readers = False
    add = WordsField(widget=forms.Textarea(attrs={"rows": 2}), help_text="With commas between them.")
    remove = WordsField(widget=forms.Textarea(attrs={"rows": 2}), help_text="In capitals or not.")

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        if not (given.get("add") or given.get("remove") or self.errors):
            raise forms.ValidationError("Enter a keyword to add or to remove.")
        return given

    def change(self, photo: Photo, by: Actor) -> bool:
        gone = {word.casefold() for word in self.cleaned_data["remove"]}
        kept = [word for word in photo.known_keywords if word.casefold() not in gone]
        return photo.set_keywords([*kept, *self.cleaned_data["add"]], by=by)


class RightForm(forms.ModelForm):
    """Records the same right on all."""

    territories = WordsField(upper=True, help_text="Country codes, such as US, CA. Leave empty for everywhere.")
    channels = ChoicesField(CHANNELS, help_text="Leave all unchecked to include all.")

    class Meta:
        model = Right
        fields = ["effect", "note", "starts", "until", "territories", "channels", "licence"]
        field_classes = PERIOD
        help_texts = PERIOD_HELP

    def _post_clean(self) -> None:
        # A right needs its photo to be valid; `change` checks each one.
        pass

    def change(self, photo: Photo, by: Actor) -> None:
        right = Right(photo=photo, by=by, **self.cleaned_data)
        right.full_clean()
        right.save()


class WordsForm(TellingForm):
    """Finds words in house captions and replaces them."""

    of_caption = True
    find = forms.CharField(max_length=300, help_text="Case-sensitive.")
    replace = forms.CharField(max_length=300, required=False, label="Replace with")

    def preview(self, photos: PhotoQuerySet) -> list[dict]:
        """Return the captions that hold the words, as they are and as they would be."""
        found = Caption.objects.filter(photo__in=photos, kind="house", text__contains=self.cleaned_data["find"])
        rows = [row for row in found.select_related("photo")[:SHOWN] if self.cleaned_data["find"] in row.text]
        return [{"photo": row.photo, "before": row.text, "after": self._replaced(row.text)} for row in rows]

    def change(self, photo: Photo, by: Actor) -> bool:
        row = photo.caption("house")
        if row is None or self.cleaned_data["find"] not in row.text:
            return False
        row.text = self._replaced(row.text)
        row.save()
        return True

    def _replaced(self, text: str) -> str:
        return text.replace(self.cleaned_data["find"], self.cleaned_data["replace"])


class Bulk:
    """The actions of PhotoAdmin."""

    @admin.action(description="Apply a credit…", permissions=["change"])
    def apply_credit(self, request: HttpRequest, queryset: PhotoQuerySet) -> TemplateResponse | None:
        return self.ask(request, queryset, CreditForm, "apply_credit", "Apply a credit")

    @admin.action(description="Apply event, place, date, kind…", permissions=["change"])
    def apply_event(self, request: HttpRequest, queryset: PhotoQuerySet) -> TemplateResponse | None:
        return self.ask(request, queryset, EventForm, "apply_event", "Apply event, place, date and kind")

    @admin.action(description="Apply a caption or alt text…", permissions=["change"])
    def apply_caption(self, request: HttpRequest, queryset: PhotoQuerySet) -> TemplateResponse | None:
        return self.ask(request, queryset, CaptionForm, "apply_caption", "Apply a caption or alt text")

    @admin.action(description="Add or remove keywords…", permissions=["change"])
    def apply_keywords(self, request: HttpRequest, queryset: PhotoQuerySet) -> TemplateResponse | None:
        return self.ask(request, queryset, KeywordsForm, "apply_keywords", "Add or remove keywords")

    @admin.action(description="Record a right…", permissions=["change"])
    def apply_right(self, request: HttpRequest, queryset: PhotoQuerySet) -> TemplateResponse | None:
        return self.ask(request, queryset, RightForm, "apply_right", "Record a right")

    @admin.action(description="Find and replace in captions…", permissions=["change"])
    def replace_words(self, request: HttpRequest, queryset: PhotoQuerySet) -> TemplateResponse | None:
        return self.ask(request, queryset, WordsForm, "replace_words", "Find and replace in captions")

    @admin.action(description="Contact sheet to print", permissions=["view"])
    def contact_sheet(self, request: HttpRequest, queryset: PhotoQuerySet) -> HttpResponseRedirect:
        keys = ",".join(str(key) for key in queryset.values_list("pk", flat=True)[:400])
        return HttpResponseRedirect(f"{reverse('admin:media_photo_sheet')}?ids={keys}")

    def ask(
        self, request: HttpRequest, queryset: PhotoQuerySet, form_class: type[forms.BaseForm], action: str, title: str
    ) -> TemplateResponse | None:
        """Show the form with how far the change reaches; apply it when it comes back."""
        if queryset.count() > MOST:
            messages.error(request, f"Choose at most {MOST:,} photos at once.")
            return None
        refuses = getattr(form_class, "refuses", None)
        if refuses and (sentence := refuses(queryset)):
            messages.error(request, sentence)
            return None
        can_preview = hasattr(form_class, "preview")
        asked = {"apply", "preview"} & set(request.POST)
        form = form_class(request.POST if asked else None)
        preview = form.preview(queryset) if can_preview and "preview" in asked and form.is_valid() else None
        if "apply" in asked and form.is_valid():
            photos = Photo.objects.filter(pk__in=list(queryset.values_list("pk", flat=True)))
            try:
                number = change(photos, form, request.user)
            except ValidationError as error:
                form.add_error(None, error)
            else:
                messages.success(request, f"{counted(number, 'photo')} changed.")
                return None
        context = self.admin_site.each_context(request) | {
            "title": title, "form": form, "photos": queryset[:24], "action": action, "checkbox": ACTION_CHECKBOX_NAME,
            "keys": queryset.values_list("pk", flat=True), "more": max(0, queryset.count() - 24), "opts": self.opts,
            "affected": reach(queryset, form), "can_preview": can_preview, "preview": preview,
        }  # fmt: skip
        return TemplateResponse(request, "admin/media/desk/bulk.html", context)


def reach(photos: PhotoQuerySet, form: Any) -> str:
    """Return how far a change reaches, live stories included where readers see it."""
    if getattr(form, "reaches_readers", True):
        return affected(photos)
    return f"Saving changes {counted(photos.count(), 'photo')} and no live story: readers never see this."


@transaction.atomic
def change(photos: PhotoQuerySet, form: Any, by: Actor) -> int:
    """Apply a form to every photo, in the order of their ids, in which all locks are taken; return how many changed.

    A form's `change` returns False where it left the photo as it was.
    """
    rows = list(photos.order_by("pk").select_for_update())
    changed = [photo.pk for photo in rows if form.change(photo, by) is not False]
    if text := form.cleaned_data.get("tell_readers"):
        photos.filter(pk__in=changed).tell_readers(text, by=by, of_caption=form.of_caption)
    return len(changed)
