"""Template tags and filters of the pages in the admin: thumbnails, and delivered blocks as HTML."""

from datetime import datetime

from django import template
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.timesince import timesince

from media.models import Photo
from media.permissions import Actor

from ..admin.colleagues import name_of
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
def name(user: Actor | None) -> str:
    """A colleague by name; what nobody did, the system did."""
    return name_of(user) if user else "the system"


@register.filter
def since(at: datetime) -> str:
    """How long ago that was, in one unit: “3 days”."""
    return timesince(at, depth=1)


@register.filter
def day_of(instant: str) -> str:
    """The day of an instant in a document, on the clock of the page."""
    return f"{timezone.localtime(datetime.fromisoformat(instant)):%B %-d, %Y}"
