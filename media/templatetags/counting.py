"""The filter that counts in templates: `{{ rows|counted:"story,stories" }}`."""

from collections.abc import Sized

from django import template

from .. import counted as words

register = template.Library()


@register.filter
def counted(number: int | Sized, nouns: str) -> str:
    """Return “1 story” or “1,200 stories” of a number, or of a list's length; the plural may be left out if it ends in “s”."""
    return words.counted(number if isinstance(number, int) else len(number), *nouns.split(","))
