"""Boxes to choose rows in: found by typing, shown in their order, and validated only when they changed.

Otherwise a page with thirty tagged people would query the database once per name; here what the form already knows
is neither read nor checked again.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple
from django.db.models import ForeignKey, ManyToManyField, Model

from media.admin.lists import is_key


class KnownOptions:
    """Widget mixin: labels of rows in `known` cost no query."""

    known: dict
    choices: Any
    is_required: bool
    allow_multiple_selected: bool
    create_option: Callable[..., dict[str, Any]]

    def optgroups(
        self, name: str, value: Sequence[Any], attr: dict[str, Any] | None = None
    ) -> list[tuple[None, list[dict[str, Any]], int]]:
        wanted = [str(key) for key in value if str(key)]
        rows = [self.known[key] for key in wanted if key in self.known]
        missing = [key for key in wanted if key not in self.known and is_key(self.choices.queryset.model, key)]
        if missing:
            rows += self.choices.queryset.filter(pk__in=missing)
        by_key = {str(row.pk): row for row in rows}
        blank = [] if self.is_required or self.allow_multiple_selected else [self._blank(name)]
        options = [
            self.create_option(name, key, self.choices.field.label_from_instance(by_key[key]), True, position)
            for position, key in enumerate(wanted)
            if key in by_key
        ]
        return [(None, blank + options, 0)]

    def _blank(self, name: str) -> dict[str, Any]:
        return self.create_option(name, "", "", False, 0)


# The stubs of Django have three mixins disagree about a method that this one replaces.
class BoxWidget(KnownOptions, AutocompleteSelectMultiple):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = {}

    def build_attrs(self, base_attrs: dict[str, Any], extra_attrs: dict[str, Any] | None = None) -> dict[str, Any]:
        """Offer no cross that empties the whole box: it would cover the list of names, and nobody wants it."""
        return super().build_attrs(base_attrs, extra_attrs) | {"data-allow-clear": "false"}


class ChoiceWidget(KnownOptions, AutocompleteSelect):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = {}


class Box(forms.ModelMultipleChoiceField):
    """Several rows in the order the editor gave them. `relation` is the model field that the search belongs to."""

    widget_class = BoxWidget

    def __init__(self, relation: ManyToManyField, **kwargs: Any) -> None:
        widget = self.widget_class(relation, admin.site, attrs={"data-width": "100%"})
        super().__init__(relation.remote_field.model._default_manager.all(), widget=widget, required=False, **kwargs)

    def know(self, rows: Sequence[Model]) -> None:
        self.initial = [row.pk for row in rows]
        self.widget.known = {str(row.pk): row for row in rows}

    def clean(self, value: Iterable[Any] | None) -> list[Model]:
        keys = list(dict.fromkeys(str(key) for key in value or ()))
        missing = [key for key in keys if key not in self.widget.known]
        if missing:
            self.widget.known |= {str(row.pk): row for row in super().clean(missing)}
        return [self.widget.known[key] for key in keys]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return [str(key) for key in self.prepare_value(initial) or ()] != [str(key) for key in data or ()]


class Choice(forms.ModelChoiceField):
    """One row."""

    widget_class = ChoiceWidget

    def __init__(self, relation: ForeignKey, **kwargs: Any) -> None:
        widget = self.widget_class(relation, admin.site, attrs={"data-width": "100%"})
        rows = relation.remote_field.model._default_manager.all()
        kwargs = {"required": False} | kwargs
        super().__init__(rows, widget=widget, help_text=kwargs.pop("help_text", relation.help_text), **kwargs)

    def know(self, row: Model | None) -> None:
        self.widget.known = {str(row.pk): row} if row else {}

    def to_python(self, value: Any) -> Model | None:
        return self.widget.known.get(str(value)) or super().to_python(value)
