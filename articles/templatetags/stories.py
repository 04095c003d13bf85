"""Template tags and filters of the pages in the admin: thumbnails, and delivered blocks as HTML."""

from typing import Any

from django import template
from django.utils.safestring import SafeString

from media.models import Photo

from ..admin.pictures import thumbnail
from ..text.block_html import html_of

register = template.Library()


@register.simple_tag
def thumb(photo: Photo | None, size: str = "small") -> SafeString:
    return thumbnail(photo, size)


@register.filter
def as_html(block: dict) -> str:
    """A delivered block as feeds give it: made of clean HTML and of text that is escaped there."""
    return html_of([block])


@register.simple_tag
def thumb_of(key: Any) -> SafeString:
    """The picture of a photo by its id, for pages that read a document."""
    return thumbnail(Photo.objects.filter(pk=key).first(), "wide")
