"""Serves docs/examples/reader at /reader/, as an example of a front end only: switch it off by READER_EXAMPLE."""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest
from django.views.generic import TemplateView

from media.methods import reads_only
from media.models import Site

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "examples" / "reader"
TYPES = {".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
# Players that a reader may load with a click; no other outside host is ever contacted.
PLAYERS = (
    "www.youtube-nocookie.com", "player.vimeo.com", "www.instagram.com", "www.tiktok.com", "open.spotify.com",
    "embed.music.apple.com",
)  # fmt: skip


def policy(ancestors: str = "'none'") -> str:
    """Return what the example may load: its own files, the photos from where each title has them, and players."""
    photos = {"{0.scheme}://{0.netloc}".format(urlsplit(site.media_address)) for site in Site.objects.all()}
    return "; ".join(
        [
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            " ".join(["img-src 'self' data:", *sorted(photos)]),
            "connect-src 'self'",
            f"frame-src {' '.join(f'https://{host}' for host in PLAYERS)}",
            "base-uri 'none'",
            "form-action 'self'",
            f"frame-ancestors {ancestors}",
        ]
    )


class LandingView(TemplateView):
    """The front page: where to go from here."""

    template_name = "landing.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(reader_example=settings.READER_EXAMPLE, **kwargs)


@reads_only
def reader(request: HttpRequest, path: str) -> FileResponse:
    """Answer with a file of the example; every other path is a page that the example's script builds."""
    if not settings.READER_EXAMPLE:
        raise Http404
    response = FileResponse(file_at(path).open("rb"), content_type=TYPES[file_at(path).suffix])
    # A preview may stand in the frame beside the text.
    is_preview = "preview" in request.GET
    response["Content-Security-Policy"] = policy("'self'" if is_preview else "'none'")
    response["X-Frame-Options"] = "SAMEORIGIN" if is_preview else "DENY"
    response["Cache-Control"] = "no-cache"
    # A preview's address is a secret, and the example is not meant for search engines.
    response["Referrer-Policy"] = "strict-origin"
    response["X-Robots-Tag"] = "noindex"
    return response


def file_at(path: str) -> Path:
    """Return the file of that name in the example's one folder, or its page."""
    names = {found.name: found for found in FOLDER.iterdir() if found.suffix in TYPES}
    return names.get(path, FOLDER / "index.html")
