"""A photo in a form: shown with its thumbnail, credit and rights, and chosen in the picker."""

from typing import Any

from django import forms
from django.db.models import ForeignKey
from django.http import HttpRequest
from django.urls import reverse
from django.utils.text import capfirst
from js_asset import Script

from media.models import Photo

from ..stories.editor import editor_media


class PhotoPickerWidget(forms.TextInput):
    """Holds the photo's id. `placement` (lead, body, gallery, card) is the use that the rights badge is about."""

    def __init__(self, placement: str = "lead", attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.placement = placement

    @property
    def media(self) -> forms.Media:
        return editor_media(Script("articles/editor/photo-field.js", type="module"))

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["attrs"] |= {
            "data-photo-field": self.placement,
            "data-picker-url": reverse("picker"),
            "class": "mq-photo-id vTextField",
        }
        return context


class PhotoChoice(forms.ModelChoiceField):
    """One photo. A row the form knows already is not asked for again."""

    def __init__(self, relation: ForeignKey, *, placement: str = "lead", **kwargs: Any) -> None:
        kwargs = {
            "required": not relation.blank,
            "help_text": relation.help_text,
            "label": capfirst(relation.verbose_name),
        } | kwargs
        super().__init__(Photo.objects.all(), widget=PhotoPickerWidget(placement), **kwargs)
        self.known: Photo | None = None

    def know(self, row: Photo | None) -> None:
        self.known = row

    def to_python(self, value: Any) -> Photo | None:
        return self.known if self.known and str(value) == str(self.known.pk) else super().to_python(value)


class PhotoFields:
    """ModelAdmin mixin: photos are chosen in the picker; `photo_placements` says where a use is not the lead."""

    photo_placements: dict[str, str] = {}

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> forms.Field | None:
        if db_field.is_relation and db_field.many_to_one and db_field.related_model is Photo:
            return PhotoChoice(db_field, placement=self.photo_placements.get(db_field.name, "lead"))
        return super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]  # The mixin is used with a ModelAdmin.
