"""The side column of a story's page: the fields beside the text, in folds that say what is in them."""

from typing import Any

from django.contrib.admin.utils import flatten
from django.utils.text import slugify

FORM = "article_form"
OPEN_AT_FIRST = {"lead-photo", "section"}


class Fold:
    """One of the admin's fieldsets as a fold: open where something in it is wrong."""

    def __init__(self, fieldset: Any) -> None:
        self.name: str = fieldset.name
        self.key = slugify(self.name)
        # The fold's own heading stands in its summary line.
        fieldset.name = None
        self.fieldset = fieldset
        self.has_errors = bool({*flatten(fieldset.fields)} & {*fieldset.form.errors})
        self.is_open = self.has_errors or self.key in OPEN_AT_FIRST


def divided(adminform: Any) -> tuple[Any, list[Fold]]:
    """Return the fieldset with the text, and the folds beside it, whose fields belong to the form from outside of it."""
    writing, *beside = adminform
    for fieldset in beside:
        _send_along(fieldset.form, flatten(fieldset.fields))
    return writing, [Fold(fieldset) for fieldset in beside]


def _send_along(form: Any, names: list[str]) -> None:
    for name in names:
        if name in form.fields:
            widget = form.fields[name].widget
            getattr(widget, "widget", widget).attrs["form"] = FORM
