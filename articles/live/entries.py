"""Entries of the directory: public as long as one live article shows them, and so are their pictures."""

from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet, Subquery
from django.db.models.expressions import Combinable

from media.models import Photo, Site

from ..directory.author import Author
from ..directory.person import Work
from ..directory.section import Section, Tag
from .document import Facet, LiveDocument

PICTURES: dict[str, tuple[Any, str]] = {
    "author": (Author, "photo"), "section": (Section, "photo"), "tag": (Tag, "photo"), "work": (Work, "poster"),
}  # fmt: skip
"""Which entries have a picture of their own, and under which name."""


def public(kind: str, model: Any, now: datetime) -> QuerySet:
    """Return the rows of this kind that at least one live article shows now.

    Each row is asked for its first such article, one look into an index: PostgreSQL turns an EXISTS here into a join
    with every live article, and cannot turn a value.
    """
    shown = Facet.objects.filter(
        Exists(LiveDocument.objects.live(now).filter(pk=OuterRef("document"))),
        kind__in=Facet.kinds_of(kind), key=OuterRef("pk"),
    )  # fmt: skip
    return model.objects.alias(shown_by=Subquery(shown.order_by().values("document")[:1])).filter(
        shown_by__isnull=False
    )


def picture_of(photo: Any, now: datetime) -> Combinable:
    """Return the condition that readers see a photo as the picture of an entry; `photo` may refer to an outer query."""
    return reduce(
        or_, (Exists(public(kind, model, now).filter(**{name: photo})) for kind, (model, name) in PICTURES.items())
    )


def sites_showing(photo: Any, now: datetime) -> list[int]:
    """Return the sites whose rights are asked before a photo is shown as the picture of an entry."""
    default, *others = [
        public(kind, model, now).filter(**{name: photo}).order_by().annotate(of=site_of(kind)).values_list("of")
        for kind, (model, name) in PICTURES.items()
    ]
    return sorted(key for (key,) in default.union(*others))


def site_of(kind: str) -> Any:
    """Return whose rights are asked for an entry: those of a section's own site, of the default site for all else."""
    return F("site") if kind == "section" else Site.objects.filter(is_default=True).values("pk")[:1]


def held_by(photos: QuerySet[Photo]) -> bool:
    """Return True if any of these photos is the picture of an entry, public or not."""
    held = (Exists(model.objects.filter(**{name: OuterRef("pk")})) for model, name in PICTURES.values())
    return photos.filter(reduce(or_, held)).exists()


def holders(photo: Any) -> list[tuple[str, Any]]:
    """Return each entry whose picture this photo is, with the name of its field."""
    return [(name, row) for model, name in PICTURES.values() for row in model.objects.filter(**{name: photo})[:100]]
