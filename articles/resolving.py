"""What a path of the front end stands for: an article, an entry of the directory, or a redirect."""

from datetime import datetime

from django.db.models import BigIntegerField, F, Q, Subquery
from django.db.models.functions import Cast
from django.http import Http404
from django.urls import reverse

from . import directory, filters, openapi
from .models import Address, LiveDocument, Section, Work
from .public import Gone, PublicView
from .rendering import dumps

PREFIXES = {"person": directory.PEOPLE, "tag": directory.TAGS, "author": directory.AUTHORS} | dict.fromkeys(
    Work.Kind.values, directory.WORKS
)
SECONDS = 30


class ResolveView(PublicView):
    @openapi.resolve
    def get(self, request):
        query = filters.Query(request.GET, ("path",))
        path = query.one("path", read_path)
        if path is None and not query.errors:
            query.refuse("path", "", "Say which path, such as ?path=/film/the-glass-orchard/.")
        query.check()
        found = article_at(path, self.now) or entry_at(path, self.now) or section_at(path, self.now)
        if found is None:
            raise Http404
        return self.answer(dumps(found), seconds=0, tags=["list"])


def read_path(value: str) -> str:
    """Read a path; a missing last slash is added."""
    value = filters.read_text(value)
    if not value.startswith("/") or value.startswith("//"):
        raise ValueError("Give a path that begins with one slash, such as /film/the-glass-orchard/.")
    return value if value.endswith("/") else f"{value}/"


def article_at(path: str, now: datetime) -> dict | None:
    """Return the article at this path, or where its story has gone. Raises Gone where it is withdrawn."""
    slug = path.rstrip("/").rpartition("/")[2]
    rows = LiveDocument.objects.answering(now).filter(Q(published_at__lte=now) | ~Q(status=200))
    known = rows.annotate(silent=F("edition__silent"))
    row = known.filter(slug=slug).order_by("status").first()
    if row is None:
        return None
    if row.status == 410:
        raise Gone(silent=row.silent is not False)
    if row.status == 301:
        target = rows.filter(slug=row.location, status=200).first()
        return redirect(target.path if target else row.location)
    return _known("article", row.slug, row.path) if row.path == path else _astray(row, path)


def _astray(row: LiveDocument, path: str) -> dict | None:
    """Lead an article's former path to its present one, unless the path is somebody else's."""
    prefix = path.strip("/").partition("/")[0]
    return None if prefix in PREFIXES and prefix not in row.path.split("/") else redirect(row.path)


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
    row = _addressed(directory.SECTIONS, path.strip("/").rpartition("/")[2], now)
    if row is None:
        return None
    present = directory.SectionEntries().section_entry(row, Section.objects.in_bulk())["path"]
    return _known("section", row.slug, present) if present == path else redirect(present)


def _addressed(noun: directory.Noun, slug: str, now: datetime):
    earlier = Address.objects.filter(kind=noun.name, slug=slug, retired=False)
    target = Subquery(earlier.values_list(Cast("target", BigIntegerField())))
    return noun.public(now).filter(Q(slug=slug) | Q(pk=target)).first()


def _known(kind: str, slug: str, path: str) -> dict:
    return {"type": kind, "slug": slug, "path": path, "location": None, "api": reverse(kind, args=[slug])}


def redirect(location: str) -> dict:
    return {"type": "redirect", "slug": None, "path": None, "location": location, "api": None}
