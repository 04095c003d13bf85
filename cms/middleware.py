"""Middleware that only the desk needs, skipped on readers' paths."""

import re
from typing import Any

from django.contrib.auth import middleware as auth
from django.contrib.messages import middleware as messages
from django.contrib.sessions import middleware as sessions
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware import common, csrf

READERS = re.compile(r"/(api|photos|feeds|sitemap|healthz|readyz|metrics)")

PROBES = re.compile(r"/(healthz|readyz)$")


class DeskOnly:
    """Mixed into a middleware to skip it for readers' requests, which carry no session, user or message."""

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request) if READERS.match(request.path_info) else super().__call__(request)


class SessionMiddleware(DeskOnly, sessions.SessionMiddleware):
    pass


class CsrfViewMiddleware(DeskOnly, csrf.CsrfViewMiddleware):
    def process_view(self, request: HttpRequest, *view: Any) -> HttpResponseBase | None:
        # Django calls this even where __call__ skipped. Readers' paths use no cookies: there is nothing to forge.
        return None if READERS.match(request.path_info) else super().process_view(request, *view)


class AuthenticationMiddleware(DeskOnly, auth.AuthenticationMiddleware):
    pass


class MessageMiddleware(DeskOnly, messages.MessageMiddleware):
    pass


class CommonMiddleware(common.CommonMiddleware):
    def process_request(self, request: HttpRequest) -> HttpResponseBase | None:
        """Let this machine ask itself whether it is ready, by whatever name."""
        return None if PROBES.match(request.path_info) else super().process_request(request)

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponseBase:
        """Remove the length of a 304: caches take it for the length of the answer they keep (RFC 9110, 8.6)."""
        response = super().process_response(request, response)
        if response.status_code == 304:
            del response["Content-Length"]
        return response
