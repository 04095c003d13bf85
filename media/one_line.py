"""Words of one line: names, titles, headlines. Whatever they are pasted from, no line break or control character stays."""

import re
from typing import Any

from django.db import models
from django.db.models.query_utils import DeferredAttribute

BREAKS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


def one_line(text: str) -> str:
    """Return the text with a space for each break in it, and none at its ends."""
    if text.isprintable() or not BREAKS.search(text):
        return text
    return " ".join(filter(None, (part.strip() for part in BREAKS.split(text))))


def _cleaned(value: Any) -> Any:
    return one_line(value) if isinstance(value, str) else value


class _Cleaned(DeferredAttribute):
    """The attribute itself cleans: forms, the API, imports and what was stored before all go through it."""

    field: Any

    def __set__(self, instance: models.Model, value: Any) -> None:
        instance.__dict__[self.field.attname] = _cleaned(value)


class LineField(models.CharField):  # type: ignore[type-arg]  # At run time the field takes no parameters.
    """A CharField of one line; migrations see a plain one, since the column is none other."""

    descriptor_class = _Cleaned

    def get_prep_value(self, value: Any) -> Any:
        return _cleaned(super().get_prep_value(value))

    def deconstruct(self) -> Any:
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs


class LineTextField(models.TextField):  # type: ignore[type-arg]
    """A TextField of one line, however long."""

    descriptor_class = _Cleaned

    def get_prep_value(self, value: Any) -> Any:
        return _cleaned(super().get_prep_value(value))

    def deconstruct(self) -> Any:
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.TextField", args, kwargs
