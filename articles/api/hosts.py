"""Under whose host feeds and sitemaps are asked for: a title's own, through a proxy, or this server's.

sitemaps.org wants every address of a sitemap on the host that serves it, or the sitemap named in that host's robots.txt.
A proxy says which host it serves by passing the `Host` header on, or by `?host=`, which is part of any cache's key.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from rest_framework.request import Request

from media.models import Site

from .query_string import Query


@dataclass(frozen=True)
class Under:
    """Where addresses of this server begin; `title` and `titles` (its key) are set where a title's own host asks."""

    origin: str
    title: Site | None = None
    titles: tuple[int, ...] = ()

    @property
    def key(self) -> int:
        return self.titles[0] if self.titles else 0


def path_of(request: Request, path: str = "") -> str:
    """Return `path`, else the path that was asked, with the query as readers of the host know it."""
    query = request.GET.copy()
    query.pop("host", None)
    return f"{path or request.path}{'?' if query else ''}{query.urlencode()}"


def asked(request: Request, query: Query, sites: Sequence[Site] | None = None) -> Under:
    """Return under which host this is asked; a `?host=` that no title has is refused, with those there are.

    Reads the titles, unless they are given, where the host is not the one that PUBLIC_URL names.
    """
    given = query.one("host", str.lower)
    host = given or request.get_host().lower()
    if given is None and host == urlsplit(settings.PUBLIC_URL).netloc.lower():
        return Under(settings.PUBLIC_URL)
    sites = list(Site.objects.order_by("pk")) if sites is None else sites
    title = next((site for site in sites if urlsplit(site.origin).netloc.lower() == host), None)
    if title is not None:
        return Under(title.origin, title, (title.pk,) if len(sites) > 1 else ())
    if given is not None:
        query.refuse("host", given, "No title has this host.", [urlsplit(site.origin).netloc for site in sites])
    return Under(settings.PUBLIC_URL)
