"""Template tags and filters of the pages in the admin: thumbnails, and delivered blocks as HTML."""

from datetime import datetime

from django import template
from django.utils import timezone
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


@register.filter
def day_of(instant: str) -> str:
    """The day of an instant in a document, on the clock of the page."""
    return f"{timezone.localtime(datetime.fromisoformat(instant)):%B %-d, %Y}"
