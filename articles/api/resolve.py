"""What a path of the front end stands for: an article, an entry of the directory, or a redirect."""

from datetime import datetime
from typing import Any

from django.db.models import BigIntegerField, Q, Subquery
from django.db.models.functions import Cast
from django.http import Http404, HttpResponse
from django.urls import reverse
from rest_framework.request import Request

from ..live.render import dumps
from ..models import Address, Section, Work
from . import directory, openapi, queries, query_string
from .public import Gone, PublicView

PREFIXES = {"person": directory.PEOPLE, "tag": directory.TAGS, "author": directory.AUTHORS} | dict.fromkeys(
    Work.Kind.values, directory.WORKS
)


class ResolveView(PublicView):
    @openapi.resolve
    def get(self, request: Request) -> HttpResponse:
        query = query_string.Query(request.GET, ("path",))
        path = query.one("path", read_path)
        if path is None and not query.errors:
            query.refuse("path", "", "Say which path, such as ?path=/film/the-glass-orchard/.")
        query.check()
        return self.answer(dumps(self.resolve(path)), seconds=0, tags=["list"])

    def resolve(self, path: str) -> dict:
        """Return what stands at this path; an article whose last part it is comes before any other redirect."""
        row = queries.fresh_detail(slug_of(path), self.now)
        if row and row["status"] == 200 and row["path"] == path:
            return _known("article", slug_of(path), path)
        found = entry_at(path, self.now) or former_article(row, path, self.now) or section_at(path, self.now)
        if found is None:
            raise Http404
        return found


def slug_of(path: str) -> str:
    return path.rstrip("/").rpartition("/")[2]


def read_path(value: str) -> str:
    """Read a path; a missing last slash is added."""
    value = query_string.read_text(value)
    if not value.startswith("/") or value.startswith("//"):
        raise ValueError("Give a path that begins with one slash, such as /film/the-glass-orchard/.")
    return value if value.endswith("/") else f"{value}/"


def former_article(row: dict | None, path: str, now: datetime) -> dict | None:
    """Lead an article's earlier path to its present one. Raises Gone where the article is withdrawn."""
    if row is None or path.split("/")[1] in ("person", "tag", "author"):
        return None
    if row["status"] == 410:
        raise Gone(silent=queries.remains(row["pk"], now)["edition__silent"] is not False)
    if row["status"] == 200:
        return redirect(row["path"])
    target = queries.fresh_detail(row["location"], now)
    if target and target["status"] == 410:
        raise Gone
    return redirect(target["path"] if target and target["status"] == 200 else row["location"])


def entry_at(path: str, now: datetime) -> dict | None:
    """Return the person, work, tag or author at this path, or a redirect from an earlier slug."""
    prefix, _, slug = path.strip("/").partition("/")
    noun = PREFIXES.get(prefix)
    if noun is None or not slug:
        return None
    row = _addressed(noun, slug, now)
    if row is None:
        return None
    return _known(noun.name, row.slug, row.path) if row.path == path else redirect(row.path)


def section_at(path: str, now: datetime) -> dict | None:
    row = _addressed(directory.SECTIONS, slug_of(path), now)
    if row is None:
        return None
    present = directory.path_of(directory.line_of(row.pk, Section.objects.in_bulk()))
    return _known("section", row.slug, present) if present == path else redirect(present)


def _addressed(noun: directory.Noun, slug: str, now: datetime) -> Any:
    earlier = Address.objects.filter(kind=noun.name, slug=slug, retired=False)
    target = Subquery(earlier.values_list(Cast("target", BigIntegerField())))
    return noun.public(now).filter(Q(slug=slug) | Q(pk=target)).first()


def _known(kind: str, slug: str, path: str) -> dict:
    return {"type": kind, "slug": slug, "path": path, "location": None, "api": reverse(kind, args=[slug])}


def redirect(location: str) -> dict:
    return {"type": "redirect", "slug": None, "path": None, "location": location, "api": None}
