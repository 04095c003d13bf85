"""Form fields for the short lists that rights are written in."""

import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminTextareaWidget, AdminTextInputWidget


class WordsField(forms.CharField):
    """A JSON list, written as words with commas between them."""

    def __init__(self, *, upper: bool = False, **kwargs: Any) -> None:
        kwargs.pop("encoder", None), kwargs.pop("decoder", None)
        super().__init__(**{"required": False, "empty_value": "", "widget": AdminTextInputWidget} | kwargs)
        self.upper = upper

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(map(str, value)) if isinstance(value, list) else value

    def to_python(self, value: Any) -> list[str]:
        words = [word.strip() for word in re.split(r"[,;\n]", super().to_python(value)) if word.strip()]
        return [word.upper() for word in words] if self.upper else words

    def has_changed(self, initial: Any, data: Any) -> bool:
        return (initial or []) != self.to_python(data or "")


class AddressesField(forms.CharField):
    """A JSON list of addresses, written one a line."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.pop("encoder", None), kwargs.pop("decoder", None)
        super().__init__(**{"required": False, "empty_value": "", "widget": AdminTextareaWidget({"rows": 4})} | kwargs)

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(map(str, value)) if isinstance(value, list) else value

    def to_python(self, value: Any) -> list[str]:
        return super().to_python(value).split()

    def has_changed(self, initial: Any, data: Any) -> bool:
        return (initial or []) != self.to_python(data or "")


class ChoicesField(forms.MultipleChoiceField):
    """A JSON list of known words, ticked."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, words: Iterable[str], **kwargs: Any) -> None:
        super().__init__(choices=[(word, word) for word in words], required=False, **kwargs)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return sorted(initial or []) != sorted(data or [])
