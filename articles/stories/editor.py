"""The body editor: its nodes and tools, and the files it loads."""

from typing import Any

from django.urls import reverse_lazy
from django_prose_editor.config import html_tags
from django_prose_editor.widgets import AdminProseEditorWidget
from js_asset import ImportMap, Media, static_lazy

# What index.js exports to the editor. Some of these replace a node of the editor's own with a narrower one.
OURS = (
    "Document",
    "Caret",
    "SelectedBlock",
    "BlockIds",
    "BlockKeys",
    "FormField",
    "Language",
    "Far",
    "Typing",
    "Photo",
    "Gallery",
    "Embed",
    "PullQuote",
    "Blockquote",
    "HorizontalRule",
    "ListItem",
    "Link",
    "Paste",
    "Uploads",
    "Find",
    "Names",
    "SlashMenu",
    "Toolbar",
)

# Module names. The import map gives the address of each file, which changes with every release.
MODULES = (
    "dom",
    "counted",
    "inline",
    "photos",
    "picker",
    "upload",
    "place",
    "blocks",
    "form-field",
    "language",
    "far",
    "caret",
    "selected",
    "caption-field",
    "words-saving",
    "credit-field",
    "photo-words",
    "slot-tools",
    "photo-card",
    "picker-detail",
    "swap",
    "goto",
    "photo",
    "gallery-order",
    "gallery",
    "embed",
    "quotes",
    "link",
    "uploads",
    "paste",
    "story",
    "find",
    "names",
    "typography",
    "typing",
    "commands",
    "slash",
    "toolbar",
)

REGISTRATION = [
    {
        "js": [static_lazy("articles/editor/index.js")],
        "extensions": {name: html_tags([]) for name in OURS},
    }
]

EXTENSIONS = {
    "Bold": True,
    "Italic": True,
    "Heading": {"levels": [2, 3, 4]},
    "BulletList": True,
    "OrderedList": True,
    "HardBreak": True,
    "History": True,
    "Menu": False,
    "NoSpellCheck": False,
    "Placeholder": {"placeholder": "Write, paste a story, or type / for photos and more"},
    **dict.fromkeys(OURS, True),
    "Link": {
        "enableTarget": False,
        "defaultProtocol": "https",
        "protocols": ["http", "https", "mailto", "article", "person", "work"],
    },
}


def editor_media(*js: object) -> Media:
    """Return our modules and styles, with `js` as the scripts to start."""
    importmap = ImportMap({f"marquee/{name}": f"articles/editor/{name}.js" for name in MODULES})
    return Media(
        importmap=importmap,
        css={"all": [f"articles/editor/{name}.css" for name in ("picker", "editor", "photo-words")]},
        js=list(js),
    )


class BodyWidget(AdminProseEditorWidget):
    """The body editor, with the addresses of the photo picker and the paste cleaner."""

    @property
    def media(self) -> Media:
        return super().media + editor_media()

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["attrs"]["data-picker-url"] = str(reverse_lazy("picker"))
        return context
