"""A strict Content-Security-Policy for every answer: scripts come from our own files, and from nowhere else."""

import re
from base64 import b64encode
from collections.abc import Callable, Iterable
from hashlib import sha256

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

IMPORT_MAP = re.compile(r'<script type="importmap"[^>]*>(.*?)</script>', re.DOTALL)


# Answers for programs: a browser that opens one loads nothing and runs nothing.
NOTHING = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
# Our two pages outside the admin; their styles stand in them.
PAGES = {
    "/": f"{NOTHING}; style-src 'unsafe-inline'",
    "/api/docs/": f"{NOTHING}; script-src 'self'; connect-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'",
}


class AdminPolicy:
    """Middleware. The one inline script there is, the editor's import map, is allowed by its hash."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        found = policy(**getattr(request, "in_policy", {})) if request.path.startswith("/admin/") else None
        response.headers.setdefault("Content-Security-Policy", found or PAGES.get(request.path, NOTHING))
        return response

    def process_template_response(self, request: HttpRequest, response: TemplateResponse) -> TemplateResponse:
        """Hash the import map of the form's own media; no other inline script in the page is trusted.

        A page says itself which other origins it frames, and whether pages of ours may frame it.
        """
        context = response.context_data or {}
        request.in_policy = {
            "hashes": [hash_of(script) for script in IMPORT_MAP.findall(str(context.get("media", "")))],
            "frames": context.get("frame_origins", ()),
            "ancestors": "'self'" if context.get("is_framed_here") else "'none'",
        }
        return response


def hash_of(script: str) -> str:
    return f"'sha256-{b64encode(sha256(script.encode()).digest()).decode()}'"


def policy(hashes: Iterable[str] = (), frames: Iterable[str] = (), ancestors: str = "'none'") -> str:
    return "; ".join(
        [
            "default-src 'self'",
            " ".join(["script-src 'self'", *hashes]),
            "style-src 'self'",
            "img-src 'self' data: blob:",
            " ".join(["frame-src 'self'", *frames]),
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            f"frame-ancestors {ancestors}",
        ]
    )
