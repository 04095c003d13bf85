"""How a request says on whose behalf it writes: `Authorization: Bearer mq_…`."""

from django.utils import timezone
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle
from rest_framework.views import APIView

from media.permissions import Actor

from ..models import ApiToken


class TokenAuthentication(BaseAuthentication):
    """`request.user` is the token's colleague, `request.auth` the token."""

    def authenticate(self, request: Request) -> tuple[Actor, ApiToken] | None:
        given = get_authorization_header(request).decode("latin-1")
        scheme, _, words = given.strip().partition(" ")
        if scheme.lower() != "bearer":
            return None
        now = timezone.now()
        token = ApiToken.objects.bearer(words.strip(), now)
        if token is None:
            raise AuthenticationFailed("This token is unknown, expired or revoked, or its colleague has left.")
        token.note_use(now)
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="Marquee"'


class TokenScheme(OpenApiAuthenticationExtension):
    """What the OpenAPI description says of it."""

    target_class = TokenAuthentication
    name = "token"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "description": "A token of a colleague, made in the admin."}


class WriteThrottle(SimpleRateThrottle):
    """So many writes for each token."""

    scope = "write"

    def get_cache_key(self, request: Request, view: APIView) -> str:
        return self.cache_format % {"scope": self.scope, "ident": request.auth.pk}
