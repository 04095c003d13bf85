from django import template

from media.models import Photo

from ..admin.pictures import thumbnail

register = template.Library()


@register.simple_tag
def thumb(photo, size="small"):
    return thumbnail(photo, size)


@register.simple_tag
def thumb_of(key):
    """The picture of a photo by its id, for pages that read a document."""
    return thumbnail(Photo.objects.filter(pk=key).first(), "wide")
