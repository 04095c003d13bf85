from django_prose_editor.fields import ProseEditorField

from ..body import sanitize

# What the toolbar offers; our own nodes (photo, gallery, embed, pull quote, block ids) are registered in settings.
EXTENSIONS = {
    "Bold": True,
    "Italic": True,
    "Heading": {"levels": [2, 3, 4]},
    "BulletList": True,
    "OrderedList": True,
    "ListItem": True,
    "Blockquote": True,
    "HorizontalRule": True,
    "HardBreak": True,
    "History": True,
    "Link": {"enableTarget": False, "protocols": ["http", "https", "mailto", "article"]},
}


class BodyField(ProseEditorField):
    """The body as clean HTML: sanitised on every write path (save, bulk_create, update), not only in forms."""

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("extensions", EXTENSIONS)
        kwargs.setdefault("sanitize", sanitize)
        super().__init__(*args, **kwargs)

    def get_prep_value(self, value):
        value = super().get_prep_value(value)
        return sanitize(value) if value else value
