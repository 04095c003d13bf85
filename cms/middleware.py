"""What only the desk needs, kept off the readers' paths."""

import re

from django.contrib.auth import middleware as auth
from django.contrib.messages import middleware as messages
from django.contrib.sessions import middleware as sessions
from django.middleware import common, csrf

READERS = re.compile(r"/(api|photos|feeds|sitemap|healthz|readyz|metrics)")

PROBES = re.compile(r"/(healthz|readyz)$")


class DeskOnly:
    """Mixed into a middleware: readers' requests pass it by, so that they carry no session, user or message."""

    def __call__(self, request):
        return self.get_response(request) if READERS.match(request.path_info) else super().__call__(request)


class SessionMiddleware(DeskOnly, sessions.SessionMiddleware):
    pass


class CsrfViewMiddleware(DeskOnly, csrf.CsrfViewMiddleware):
    def process_view(self, request, *view):
        # Django calls this by itself, whatever __call__ passed by. Readers' paths know no cookies, so nothing to forge.
        return None if READERS.match(request.path_info) else super().process_view(request, *view)


class AuthenticationMiddleware(DeskOnly, auth.AuthenticationMiddleware):
    pass


class MessageMiddleware(DeskOnly, messages.MessageMiddleware):
    pass


class CommonMiddleware(common.CommonMiddleware):
    def process_request(self, request):
        """Let this machine ask itself whether it is ready, by whatever name."""
        return None if PROBES.match(request.path_info) else super().process_request(request)

    def process_response(self, request, response):
        """Say no length of a 304: caches take it for the length of the answer they keep (RFC 9110, 8.6)."""
        response = super().process_response(request, response)
        if response.status_code == 304:
            del response["Content-Length"]
        return response
