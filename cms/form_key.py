"""A one-time key in every form, written where `{% csrf_token %}` stands: no form can forget it."""

import secrets

from django import template
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest
from django.template import Context, Node
from django.template.base import Parser, Token
from django.template.defaulttags import CsrfTokenNode
from django.utils.html import format_html
from django.utils.safestring import SafeString

NAME = "form_key"
MOST = 200

register = template.Library()


class FormNode(CsrfTokenNode):
    def render(self, context: Context) -> SafeString:
        token, request = super().render(context), context.get("request")
        return token + hidden(request) if token and request else token


@register.tag
def csrf_token(parser: Parser, token: Token) -> Node:
    return FormNode()


def hidden(request: HttpRequest) -> SafeString:
    return format_html('<input type="hidden" name="{}" value="{}">', NAME, made_for(request))


def made_for(request: HttpRequest) -> str:
    """Return a new key, signed for whoever is shown the form."""
    return _signer().sign(f"{_who(request)}.{secrets.token_urlsafe(12)}")


def of(request: HttpRequest) -> str:
    """Return the key that came with a form, or nothing."""
    return request.POST.get(NAME, "")[:MOST]


def owner_of(key: str) -> int | None:
    """Return the id of the colleague a key was made for, 0 for nobody; None for a key that is not ours."""
    try:
        return int(_signer().unsign(key).partition(".")[0])
    except (BadSignature, ValueError):
        return None


def _who(request: HttpRequest) -> int:
    user = getattr(request, "user", None)
    return (user.pk or 0) if user is not None else 0


def _signer() -> Signer:
    return Signer(salt="cms.form_key")
