"""Form fields for the short lists that rights are written in."""

import re

from django import forms
from django.contrib.admin.widgets import AdminTextInputWidget


class WordsField(forms.CharField):
    """A JSON list, written as words with commas between them."""

    def __init__(self, *, upper=False, **kwargs):
        kwargs.pop("encoder", None), kwargs.pop("decoder", None)
        super().__init__(**{"required": False, "empty_value": "", "widget": AdminTextInputWidget} | kwargs)
        self.upper = upper

    def prepare_value(self, value):
        return ", ".join(map(str, value)) if isinstance(value, list) else value

    def to_python(self, value):
        words = [word.strip() for word in re.split(r"[,;\n]", super().to_python(value)) if word.strip()]
        return [word.upper() for word in words] if self.upper else words

    def has_changed(self, initial, data):
        return (initial or []) != self.to_python(data or "")


class ChoicesField(forms.MultipleChoiceField):
    """A JSON list of known words, ticked."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, words, **kwargs):
        super().__init__(choices=[(word, word) for word in words], required=False, **kwargs)

    def has_changed(self, initial, data):
        return sorted(initial or []) != sorted(data or [])
