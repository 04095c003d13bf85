from django import template

from media.models import Photo

from ..admin.pictures import thumbnail
from ..text.block_html import html_of

register = template.Library()


@register.simple_tag
def thumb(photo, size="small"):
    return thumbnail(photo, size)


@register.filter
def as_html(block):
    """A delivered block as feeds give it: made of clean HTML and of text that is escaped there."""
    return html_of([block])


@register.simple_tag
def thumb_of(key):
    """The picture of a photo by its id, for pages that read a document."""
    return thumbnail(Photo.objects.filter(pk=key).first(), "wide")
