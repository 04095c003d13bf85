"""The model field for the body of a story."""

from typing import Any

from django.forms import Field
from django_prose_editor.fields import ProseEditorField

from ..text.body import sanitize
from .editor import EXTENSIONS, BodyWidget


class BodyField(ProseEditorField):
    """The body as clean HTML: sanitized on every write path (save, bulk_create, update), not only in forms."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("extensions", EXTENSIONS)
        kwargs.setdefault("sanitize", sanitize)
        super().__init__(*args, **kwargs)

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)
        return sanitize(value) if value else value

    def formfield(self, **kwargs: Any) -> Field | None:
        # The admin passes a plain text area for every long text; this field has its own widget.
        return super().formfield(**kwargs | {"widget": BodyWidget})
